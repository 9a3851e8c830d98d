"""A grid under the canonical columns of its table, and what becomes of it when its cells are understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.engine.ahead import ahead
from qjmap.errors import Fault
from qjmap.messages import Note
from qjmap.schema import ASKED, DERIVED, LOCATED, ORIGINAL, Table, fold
from qjmap.tables import angles, cells
from qjmap.tables import columns as cols
from qjmap.tables.grids import Grid, letter_of
from qjmap.tables.headers import Header, header
from qjmap.tables.hints import is_error
from qjmap.tables.limits import limit, variable

Texts = npt.NDArray[np.object_]

_CUT = 100
"""Characters that are left of a cell which is too long."""

ROW = "_row"
"""Column of row numbers in every frame."""


@dataclass(frozen=True)
class TableFrame:
    """A file's cells as typed.

    Attributes
    ----------
    frame : one row per data row, dtype object holding str, "" for empty: the canonical columns in the schema's order,
        then the columns that the table does not know, then `_row` (int64), the row's number in the file. In large files
        columns have one of the other `forms`: dtype str over Arrow, or category.
    header, cells : every column of the file in its own order, headers as typed, for giving rows back.
    typed : canonical column -> its header as typed.
    letters : column -> its letter in a spreadsheet.
    unknown : columns that were kept though the table does not know them.
    places : column -> where it stands in the file, counted from 0; the pair of coordinates as "lonlat".
    units : canonical column -> unit that its header names.
    datum : the datum that holds for rows that name none, from the header or the caller; "" for none.
    """

    table: Table
    file: str
    frame: pd.DataFrame
    faults: tuple[Fault, ...]
    header: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    cells: tuple[Texts, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    datum: str = ""
    sheet: str | None = None
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 1

    def fault(self, row: int | None, column: str | None, value: str | None, code: str, **params: object) -> Fault:
        """A fault of this file; `column` is the canonical name. `severity="warning"` makes it a warning."""
        severity = params.pop("severity", "fault")
        return Fault(
            self.file, row, self.typed.get(column, column) if column else None, value, code, params,
            "warning" if severity == "warning" else "fault", self.letters.get(column) if column else None, self.sheet,
        )  # fmt: skip


@dataclass(frozen=True)
class Parsed:
    """What the cells of a file mean.

    Attributes
    ----------
    frame : as `TableFrame.frame`, with typed columns: lists as tuple[str, ...], roles as tuple[tuple[id, role], ...],
        lon, lat and numbers as float64 (NaN when empty or bad; degrees in the row's own datum), vocabulary columns as canonical
        values, dates as ISO text, ids filled. Tables with positions also have `orig_lon`, `orig_lat`, `orig_datum`: the cells.
        `datum` is the one that holds for the row, "" when none was given anywhere.
    faults : of the cells and of the file.
    bad_rows : `_row` of the rows that a fault keeps out.
    raw : what was parsed.
    """

    frame: pd.DataFrame
    faults: tuple[Fault, ...]
    bad_rows: frozenset[int]
    raw: TableFrame

    @property
    def title(self) -> str:
        """The column that says what a row is called."""
        return next(name for name in ("name", "title", "id") if name in self.raw.table)

    @cached_property
    def keys(self) -> Any:
        """What each row is called, as comparisons see it: an object array, or over Arrow as the names are."""
        return cols.folded(cols.column(self.frame, self.title))

    @cached_property
    def shared_ids(self) -> cols.Mask:
        """Where a row's id is that of another row too."""
        return cols.repeated(cols.column(self.frame, "id"))

    @cached_property
    def shared_keys(self) -> cols.Mask:
        """Where a row is called as another row is."""
        return cols.repeated(self.keys)

    def ask_ahead(self) -> None:
        """Answer both at once, where the table is long: each is a pass of Arrow, which leaves Python's lock alone."""
        if len(self.frame) > cols.LONG:
            for _ in ahead(lambda name: getattr(self, name), ["shared_ids", "shared_keys"]):
                pass

    @property
    def good(self) -> pd.DataFrame:
        """The rows that nothing keeps out."""
        return self.frame[~self.frame[ROW].isin(list(self.bad_rows))] if self.bad_rows else self.frame


def empty_table(table: Table, shown: str) -> TableFrame:
    """A table with no rows, for a file that is not there."""
    return arrange(Grid(list(table.names), [], []), table, shown, "")


def arrange(grid: Grid, table: Table, shown: str, told_datum: str) -> TableFrame:
    """Put the columns of a grid under the canonical names of `table`."""
    count = len(grid.numbers)
    columns = _columns(grid)
    heads = [header(typed, table) for typed in grid.header]
    ours = _ours(grid.header, table)
    foreign = _other_ids(heads, grid.header, table)
    places: dict[str, int] = {}
    typed: dict[str, str] = {}
    letters: dict[str, str] = {}
    units: dict[str, str] = {}
    found: dict[str, Texts] = {}
    unknown: dict[str, Texts] = {}
    faults = [*grid.faults, *_broken_heads(grid, shown), *_error_cells(grid, columns, shown)]
    cells_as_typed = columns
    columns = _cut_short(grid, columns, shown, faults)
    header_datums: list[str] = []
    twins: list[str] = []  # columns that say again what another says
    for at, head in enumerate(heads):
        label, letter = grid.header[at], letter_of(at) if grid.letters else ""
        name = head.column
        if at in ours:
            name = ours[at]
            if not name:
                continue
        if at in foreign:
            name = None
        if name is not None and name in typed:
            if name in found and cols.same(found[name], columns[at]).all():
                twins.append(label)
                continue
            faults.append(
                Fault(
                    shown,
                    None,
                    label,
                    None,
                    "column-twice",
                    {"first": typed[name], "meaning": name},
                    "fault",
                    letter,
                    grid.sheet,
                )
            )
            name = None
        if name is None:
            kept = label.strip()
            while kept in unknown or kept in table or kept == ROW:
                kept += "_"
            unknown[kept], places[kept] = columns[at], at
            if letter:
                letters[kept] = letter
            continue
        typed[name], found[name], places[name] = label, columns[at], at
        if letter:
            letters[name] = letter
        if head.unit:
            units[name] = head.unit
        if head.datum and not cols.empty(columns[at]).all():
            header_datums.append(head.datum)
    if "lonlat" in found:
        _split_pairs(found, typed, letters, grid, faults, shown)
    if len(set(header_datums)) > 1:
        faults.append(
            Fault(shown, None, None, None, "datum-two", {"datums": sorted(set(header_datums))}, sheet=grid.sheet)
        )
    for column in table.columns:
        if column.required and column.name not in found and not (count == 0 and grid.faults):
            wanted = {"zh": f"{column.label}（{column.name}）", "en": f"{column.name} ({column.label})"}
            faults.append(
                Fault(
                    shown,
                    None,
                    None,
                    None,
                    "column-missing",
                    {"wanted": wanted, "headers": grid.header},
                    sheet=grid.sheet,
                )
            )
    blank = cols.filled(count, "")
    data: dict[str, Any] = {name: found.get(name, blank) for name in table.names}
    data |= unknown
    data[ROW] = _numbers(grid.numbers)
    notes = list(grid.notes)
    derived = [*(grid.header[at] for at, name in ours.items() if not name), *twins]
    if derived and count:
        notes.append(Note("note-derived-columns", {"columns": derived}))
    if unknown and count:
        notes.append(Note("note-unknown-columns", {"columns": list(unknown)}))
    datum = header_datums[0] if header_datums else _settled_datum(grid, told_datum, faults, shown)
    return TableFrame(
        table, shown, frame_of(data), tuple(faults), tuple(grid.header), tuple(notes), tuple(cells_as_typed), typed, letters,
        tuple(unknown), places, units, datum, grid.sheet, grid.encoding, grid.delimiter, grid.header_row,
    )  # fmt: skip


def _settled_datum(grid: Grid, told: str, faults: list[Fault], shown: str) -> str:
    """The datum for rows that name none, of what the file states and what the caller tells.

    Programs write WGS 84 into a file whatever its points are, and no code says GCJ-02 or BD-09: against WGS 84 the caller's
    word counts, with a warning. A file that states any other system knows what it says: its word counts, with a warning too.
    """
    same = ("wgs84", "cgcs2000")
    if not grid.datum or not told or grid.datum == told or (grid.datum in same and told in same):
        return grid.datum or told
    taken = told if grid.datum == "wgs84" else grid.datum
    params = {"told": told, "reference": grid.reference, "taken": taken}
    faults.append(Fault(shown, None, None, None, "crs-contradicts", params, "warning", sheet=grid.sheet))
    return taken


def _broken_heads(grid: Grid, shown: str) -> Iterator[Fault]:
    """Headers that hold what no text may hold: they would become names of columns in every file that is written."""
    for at, head in enumerate(grid.header):
        try:
            cells.check_characters(head)
        except cells.CellError as error:
            letter = letter_of(at) if grid.letters else None
            yield Fault(shown, None, head, None, error.code, error.params, "fault", letter, grid.sheet)


def _error_cells(grid: Grid, columns: Iterable[Any], shown: str) -> list[Fault]:
    """Cells that show an error (#N/A, #REF!) instead of a value, as a workbook or a table saved from one has them."""
    faults = []
    for at, column in enumerate(columns):
        if not cols.any_holds(column, "#", "Err:5"):
            continue
        for number, cell in zip(grid.numbers, column, strict=True):
            if is_error(cell):
                letter = letter_of(at) if grid.letters else None
                head = grid.header[at]
                faults.append(Fault(shown, number, head, cell, "cell-error", {}, "fault", letter, grid.sheet))
    return faults


def _cut_short(grid: Grid, columns: Sequence[Texts], shown: str, faults: list[Fault]) -> list[Texts]:
    """The columns, with cells beyond the limit cut, each a fault of its row: nothing that reads cells meets a longer one."""
    most = limit("cell_characters")
    short = []
    for at, column in enumerate(columns):
        if cols.longest(column) > most:
            column = cols.objects(column).copy()
            for here in [here for here, cell in enumerate(column) if len(cell) > most]:
                params = {"found": len(column[here]), "most": most, "variable": variable("cell_characters")}
                column[here] = column[here][:_CUT]
                letter = letter_of(at) if grid.letters else None
                number, head = int(grid.numbers[here]), grid.header[at]
                faults.append(Fault(shown, number, head, column[here], "cell-too-long", params, "fault", letter, grid.sheet))
        short.append(column)
    return short


def _numbers(numbers: Sequence[int]) -> npt.NDArray[np.int64]:
    if isinstance(numbers, range):  # as of a table without blank rows: a hundred times sooner
        return np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.int64)
    return np.array(numbers, dtype=np.int64)


def _other_ids(heads: Sequence[Header], labels: Sequence[str], table: Table) -> set[int]:
    """Columns that could be the ids but are columns of their own, since another is nearer: `id` before 编号, 编号 before 代码."""
    ranks = {fold(word): rank for rank, word in enumerate(("id", *table.column("id").headers))}
    found = [at for at, head in enumerate(heads) if head.column == "id"]
    first = min(found, key=lambda at: (ranks.get(fold(labels[at]), len(ranks)), at), default=None)
    return {at for at in found if at != first and fold(labels[at]) != fold(labels[first or 0])}


def _ours(heads: Sequence[str], table: Table) -> dict[int, str]:
    """Columns that this program wrote itself: index -> the column that they fill, "" for those that are worked out again."""
    plain = [head.strip() for head in heads]
    derived = DERIVED.get(table.name)
    if derived and {*derived} <= {*plain}:  # one of our exports; where it tells the cells as typed, these count
        again = {*derived, "wkt"} | ({*ORIGINAL.values()} if {*ORIGINAL} & {*plain} else set())
        return {at: ORIGINAL.get(name, "") for at, name in enumerate(plain) if name in again or name in ORIGINAL}
    if (
        "precision" in table
        and {*LOCATED} <= {*plain}
        and not any(header(head, table).column == "precision" for head in heads)
    ):
        ours = {**LOCATED, **ASKED}
        return {at: ours[name] for at, name in enumerate(plain) if name in ours}
    return {}


def _columns(grid: Grid) -> list[Texts]:
    if grid.columns is not None:
        return grid.columns
    if not grid.rows:
        return [np.empty(0, dtype=object) for _ in grid.header]
    columns = []
    for values in zip(*grid.rows, strict=True):
        column = np.empty(len(values), dtype=object)
        column[:] = values
        columns.append(column)
    return columns


def _split_pairs(
    found: dict[str, Texts], typed: dict[str, str], letters: dict[str, str], grid: Grid, faults: list[Fault], shown: str
) -> None:
    """One column of coordinates -> lon and lat, in the cells where these are empty."""
    pairs = found.pop("lonlat")
    label, letter = typed.pop("lonlat"), letters.pop("lonlat", None)
    order = _order_of(label)
    for name in ("lon", "lat"):
        if name not in found:
            found[name] = np.full(len(pairs), "", dtype=object)
            typed[name] = label
            if letter:
                letters[name] = letter
        else:
            found[name] = cols.objects(found[name]).copy()
    for at, cell in enumerate(pairs):
        if not cell.strip() or found["lon"][at].strip() or found["lat"][at].strip():
            continue
        pair = angles.read_pair(cell, order)
        if pair is None:
            faults.append(Fault(shown, grid.numbers[at], label, cell, "pair-form", {}, "fault", letter, grid.sheet))
        else:
            found["lon"][at], found["lat"][at] = (cells.plain_number(value) for value in pair)


def _order_of(label: str) -> Literal["lonlat", "latlon"] | None:
    """The order of a pair that its header tells: 经纬度, lnglat, latlon; None when it tells nothing."""
    plain = fold(label)
    for latitude, longitude in (("纬", "经"), ("lat", "lon"), ("lat", "lng")):
        if latitude in plain and longitude in plain:
            return "latlon" if plain.index(latitude) < plain.index(longitude) else "lonlat"
    return None


def frame_of(columns: Mapping[str, Any]) -> pd.DataFrame:
    """A frame whose texts are Python strings in object columns: pandas would make them its own string type, in which "" and lists
    next to them turn into something else."""
    # One index for all: pandas else makes one for each column, and compares them.
    index = pd.RangeIndex(len(next(iter(columns.values()), ())))
    series = {
        name: pd.Series(values, index=index, dtype=object if values.dtype == object else None, copy=False)
        for name, values in columns.items()
    }
    return pd.DataFrame(series, index=index, copy=False)


def with_columns(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """`frame` with some of its columns replaced, of the same kind as `frame_of` makes them."""
    return frame.assign(
        **{
            name: pd.Series(values, index=frame.index, dtype=object if isinstance(values, np.ndarray) else None, copy=False)
            for name, values in columns.items()
        }
    )


def order_of_fault(fault: Fault) -> tuple[Any, ...]:
    """Faults by file, then those of the whole file, then by row, then by column as a spreadsheet has them."""
    row = -1 if fault.row is None else fault.row
    letter = fault.letter or ""
    return fault.file, row, len(letter), letter, fault.column or "", fault.code, fault.value or "", repr(fault.params)
