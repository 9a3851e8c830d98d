"""Any file -> a checked frame and a list of faults, all of them at once.

`read_table` gives the cells as typed under canonical column names; `parse` gives what they mean. Bad rows stay in the
frame and are named in `bad_rows`, so that nothing vanishes and nobody takes them by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap import cells, datum, positions, slugs
from qjmap.cells import CellError
from qjmap.errors import Fault
from qjmap.messages import Note
from qjmap.project import shown_path
from qjmap.readers import Grid, read_grid
from qjmap.schema import Column, Table, header

Texts = npt.NDArray[np.object_]

ROW = "_row"
"""Column of row numbers in every frame."""


@dataclass(frozen=True)
class TableFrame:
    """A file's cells as typed.

    Attributes
    ----------
    frame : one row per data row, dtype object holding str, "" for empty: the canonical columns in the schema's order,
        then the columns that the table does not know, then `_row` (int64), the row's number in the file.
    header, cells : every column of the file in its own order, headers as typed, for giving rows back.
    typed, letters : canonical column -> its header as typed, its letter in a spreadsheet.
    unknown : columns that were kept though the table does not know them.
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
    def good(self) -> pd.DataFrame:
        """The rows that nothing keeps out."""
        return self.frame[~self.frame[ROW].isin(list(self.bad_rows))] if self.bad_rows else self.frame


def read_table(
    path: Path | str,
    table: Table,
    *,
    shown: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    datum: str | None = None,
) -> TableFrame:
    """Read any file as `table`.

    Parameters
    ----------
    shown : the file's name in faults; its path relative to the current folder when not given.
    encoding, sheet : override what would be found.
    datum : canonical datum for rows that name none.

    Raises
    ------
    UsageError : the file cannot be opened or is of no known kind.
    """
    path = Path(path)
    name = shown if shown is not None else shown_path(path)
    return arrange(read_grid(path, table, shown=name, encoding=encoding, sheet=sheet), table, name, datum or "")


def empty_table(table: Table, shown: str) -> TableFrame:
    """A table with no rows, for a file that is not there."""
    return arrange(Grid(list(table.names), [], []), table, shown, "")


def arrange(grid: Grid, table: Table, shown: str, told_datum: str) -> TableFrame:
    """Put the columns of a grid under the canonical names of `table`."""
    count = len(grid.rows)
    columns = _columns(grid)
    heads = [header(typed, table) for typed in grid.header]
    typed: dict[str, str] = {}
    letters: dict[str, str] = {}
    units: dict[str, str] = {}
    found: dict[str, Texts] = {}
    unknown: dict[str, Texts] = {}
    faults = list(grid.faults)
    header_datums: list[str] = []
    for at, head in enumerate(heads):
        label, letter = grid.header[at], letter_of(at) if grid.letters else ""
        name = head.column
        if name is not None and name in typed:
            same = bool(np.array_equal(found[name], columns[at])) if name in found else False
            if not same:
                faults.append(
                    Fault(shown, None, label, None, "column-twice", {"first": typed[name], "meaning": name}, "fault", letter, grid.sheet)
                )
            name = None
        if name is None:
            kept = label.strip()
            while kept in unknown or kept in table or kept == ROW:
                kept += "_"
            unknown[kept] = columns[at]
            continue
        typed[name], found[name] = label, columns[at]
        if letter:
            letters[name] = letter
        if head.unit:
            units[name] = head.unit
        if head.datum and np.any(columns[at] != ""):
            header_datums.append(head.datum)
    if "lonlat" in found:
        _split_pairs(found, typed, letters, grid, faults, shown)
    if len(set(header_datums)) > 1:
        faults.append(Fault(shown, None, None, None, "datum-two", {"datums": sorted(set(header_datums))}, sheet=grid.sheet))
    for column in table.columns:
        if column.required and column.name not in found and not (count == 0 and grid.faults):
            wanted = {"zh": f"{column.label}（{column.name}）", "en": f"{column.name} ({column.label})"}
            faults.append(Fault(shown, None, None, None, "column-missing", {"wanted": wanted, "headers": grid.header}, sheet=grid.sheet))
    blank = np.full(count, "", dtype=object)
    data: dict[str, Any] = {name: found.get(name, blank) for name in table.names}
    data |= unknown
    data[ROW] = np.array(grid.numbers, dtype=np.int64)
    notes = list(grid.notes)
    if unknown and count:
        notes.append(Note("note-unknown-columns", {"columns": list(unknown)}))
    return TableFrame(
        table, shown, pd.DataFrame(data, copy=False), tuple(faults), tuple(grid.header), tuple(notes), tuple(columns), typed, letters,
        tuple(unknown), units, header_datums[0] if header_datums else told_datum, grid.sheet, grid.encoding, grid.delimiter, grid.header_row,
    )  # fmt: skip


def _columns(grid: Grid) -> list[Texts]:
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
    order = positions.order_of(label)
    for name in ("lon", "lat"):
        if name not in found:
            found[name] = np.full(len(pairs), "", dtype=object)
            typed[name] = label
            if letter:
                letters[name] = letter
        else:
            found[name] = found[name].copy()
    for at, cell in enumerate(pairs):
        if not cell.strip() or found["lon"][at].strip() or found["lat"][at].strip():
            continue
        pair = datum.read_pair(cell, order)
        if pair is None:
            faults.append(Fault(shown, grid.numbers[at], label, cell, "pair-form", {}, "fault", letter, grid.sheet))
        else:
            found["lon"][at], found["lat"][at] = (cells.plain_number(value) for value in pair)


def letter_of(at: int) -> str:
    """The letter of a spreadsheet's column, counted from 0: A, B, ... Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def parse(tf: TableFrame, *, taken: Collection[str] = (), fill_ids: bool = True) -> Parsed:
    """What the cells mean.

    Parameters
    ----------
    taken : ids that other tables use; a slug made here avoids them.
    fill_ids : give rows without an id one; without it their id stays "".
    """
    faults = list(tf.faults)
    values: dict[str, Any] = {}
    for column in tf.table.columns:
        values[column.name] = _column(tf, column, faults)
    for name in tf.unknown:
        values[name] = tf.frame[name].to_numpy()
    rows = tf.frame[ROW].to_numpy()
    if "lon" in tf.table:
        positions.settle(tf, values, faults)
    if "value_qualifier" in tf.table or "qualifier" in tf.table:
        _qualify(tf, values, "value_cny" if "value_cny" in tf.table else "value")
    if "end" in tf.table:
        _in_order(tf, values, "start", "end", faults)
    if "valid_to" in tf.table:
        _in_order(tf, values, "valid_from", "valid_to", faults)
    if any(fault.row is None and fault.severity == "fault" for fault in faults):
        bad = frozenset(int(row) for row in rows)
    else:
        bad = frozenset(fault.row for fault in faults if fault.row is not None and fault.severity == "fault")
    if fill_ids:
        values["id"] = ids(tf, values, taken)
    values[ROW] = rows
    faults.sort(key=lambda fault: order_of_fault(fault))
    return Parsed(pd.DataFrame(values, copy=False), tuple(faults), bad, tf)


def order_of_fault(fault: Fault) -> tuple[Any, ...]:
    """Faults by file, then those of the whole file, then by row, then by column as a spreadsheet has them."""
    row = -1 if fault.row is None else fault.row
    letter = fault.letter or ""
    return fault.file, row, len(letter), letter, fault.column or "", fault.code, fault.value or "", repr(fault.params)


def _column(tf: TableFrame, column: Column, faults: list[Fault]) -> Any:
    raw: Texts = tf.frame[column.name].to_numpy()
    if column.type in ("lon", "lat"):
        return raw  # positions are read together
    if column.type in ("number", "integer"):
        unit, money = tf.units.get(column.name, ""), column.name == "value_cny"

        def number(text: str) -> float:
            value = cells.read_number(text, money=money, unit=unit)[0]
            if column.type == "integer" and value != int(value):
                raise CellError("integer-form")
            return value

        return _each(tf, column, raw, number, np.nan, faults).astype(np.float64)
    empty: Any = "" if column.type not in ("texts", "ids", "roles") else ()
    if not raw.any():
        if column.required and len(raw) and column.name in tf.typed:
            _required(tf, column, raw, faults)
        return _filled(len(raw), empty)
    if column.type in ("text", "id"):
        read: Callable[[str], Any] = cells.clean
    elif column.type in ("texts", "ids"):
        read = cells.read_list
    elif column.type == "roles":
        read = cells.read_roles
    elif column.type == "date":
        read = cells.read_date
    elif column.type == "url":
        read = cells.read_url
    else:
        vocabulary = column.vocab or ""

        def read(text: str) -> Any:
            return cells.read_vocab(text, vocabulary)

    values = _each(tf, column, raw, read, empty, faults)
    if column.required:
        _required(tf, column, values, faults)
    if column.name == "id":
        values = _ids_as_given(tf, values, faults)
    return values


def _required(tf: TableFrame, column: Column, values: Texts, faults: list[Fault]) -> None:
    rows = tf.frame[ROW].to_numpy()
    for at in np.flatnonzero(values == ""):
        faults.append(tf.fault(int(rows[at]), column.name, "", f"{column.name if column.name == 'name' else 'cell'}-missing"))


def _filled(count: int, value: Any) -> Texts:
    column = np.empty(count, dtype=object)
    column.fill(value)
    return column


def _each(tf: TableFrame, column: Column, raw: Texts, read: Callable[[str], Any], empty: Any, faults: list[Fault]) -> Texts:
    """Read every distinct cell once; a cell that cannot be read becomes `empty` and a fault in each row that has it."""
    codes, distinct = pd.factorize(raw)
    results = np.empty(len(distinct), dtype=object)
    wrong: dict[int, CellError] = {}
    for at, text in enumerate(distinct):
        results[at] = empty
        if cells.clean(text):
            try:
                if "\ufffd" in text or not text.isprintable():
                    cells.check_characters(text)
                results[at] = read(text)
            except CellError as error:
                wrong[at] = error
    if wrong:
        rows = tf.frame[ROW].to_numpy()
        for at in np.flatnonzero(np.isin(codes, list(wrong))):
            error = wrong[int(codes[at])]
            faults.append(tf.fault(int(rows[at]), column.name, raw[at], error.code, **error.params))
    return results[codes]


def _ids_as_given(tf: TableFrame, values: Texts, faults: list[Fault]) -> Texts:
    """Ids in lower case; what is no id is a fault."""
    lowered: list[int] = []
    rows = tf.frame[ROW].to_numpy()
    out = values.copy()
    for at, value in enumerate(values):
        if not value or slugs.ID.fullmatch(value):
            continue
        if slugs.ID.fullmatch(value.lower()):
            out[at] = value.lower()
            lowered.append(int(rows[at]))
        else:
            faults.append(tf.fault(int(rows[at]), "id", value, "id-form"))
    if lowered:
        faults.append(tf.fault(None, "id", None, "id-lowered", rows=lowered, severity="warning"))
    return out


def ids(tf: TableFrame, values: Mapping[str, Any], taken: Collection[str] = ()) -> Texts:
    """The ids of all rows, filled where there is none."""
    given: Texts = values["id"]
    if np.all(given != ""):
        return given
    parts: Sequence[str] = {
        "corridor_legs": ("corridor", "seq", "from", "to"),
        "indicators": ("subject", "name", "period"),
        "sources": ("title",),
    }.get(tf.table.name, ("name",))
    here = np.flatnonzero(given == "")
    frame = tf.frame
    texts = {name: frame[name].to_numpy() for name in frame.columns if name not in (ROW, "id")}
    names, contents = [""] * len(given), [""] * len(given)
    for at in here:
        names[at] = " ".join(cells.clean(texts[part][at]) for part in parts)
        contents[at] = "\x1f".join(f"{name}\x1e{cells.clean(texts[name][at])}" for name in sorted(texts) if cells.clean(texts[name][at]))
    filled = np.empty(len(given), dtype=object)
    filled[:] = slugs.fill(names, contents, list(given), taken)
    return filled


def _qualify(tf: TableFrame, values: dict[str, Any], name: str) -> None:
    """A 约 that stands in the number goes to the qualifier, and the unit behind the number to the unit, where these are empty."""
    raw = tf.frame[name].to_numpy()
    qualifier = "value_qualifier" if name == "value_cny" else "qualifier"
    for at in np.flatnonzero(~np.isnan(values[name])):
        if raw[at].isascii() and raw[at].replace(".", "", 1).isdigit():
            continue
        _, said, unit = cells.read_number(raw[at], money=name == "value_cny", unit=tf.units.get(name, ""))
        if said and not values[qualifier][at]:
            values[qualifier][at] = said
        if unit and name == "value" and not values["unit"][at]:
            values["unit"][at] = unit


def _in_order(tf: TableFrame, values: Mapping[str, Any], first: str, last: str, faults: list[Fault]) -> None:
    start, end = values[first], values[last]
    rows = tf.frame[ROW].to_numpy()
    for at in np.flatnonzero((start != "") & (end != "")):
        length = min(len(start[at]), len(end[at]))
        if start[at][:length] > end[at][:length]:
            faults.append(tf.fault(int(rows[at]), last, end[at], "date-backwards", start=start[at]))
