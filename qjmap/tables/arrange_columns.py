"""Arrange the columns of a grid under the canonical columns of its table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.errors import Fault
from qjmap.i18n import Note, texts
from qjmap.schema import ASKED, COMPANIONS, DERIVED, LIST_SEPARATOR, LOCATED, ORIGINAL, WORD_COLUMNS, Table
from qjmap.tables import angles, cell_values, numbers
from qjmap.tables.choose_columns import Choice, choose_columns
from qjmap.tables.column_notes import choice_notes
from qjmap.tables.column_samples import SAMPLE_ROWS, Sample, sample_of
from qjmap.tables.columns import operations as cols
from qjmap.tables.columns_option import GivenColumns
from qjmap.tables.coordinate_columns import axis_order, compose_angle
from qjmap.tables.empty_words import EmptyWords, clear_empty_words, is_empty_word
from qjmap.tables.headers import parse_header
from qjmap.tables.readers.grid import Grid, column_letter
from qjmap.tables.readers.limits import limit, variable
from qjmap.tables.readers.row_words import is_mark_header
from qjmap.tables.readers.worksheet_metadata import is_error
from qjmap.tables.table_frame import ROW, TableFrame, Texts, frame_of
from qjmap.vocabulary import BUILT_IN, Vocabularies

_CUT = 100
"""Number of characters kept of a cell that is too long."""


def arrange(
    grid: Grid, table: Table, shown: str, told_datum: str, vocabularies: Vocabularies = BUILT_IN,
    given: Choice | GivenColumns | None = None,
) -> TableFrame:  # fmt: skip
    """Arrange the columns of a grid under the canonical names of `table`.

    Parameters
    ----------
    shown : the file's name in messages.
    told_datum : canonical datum for rows that name none; "" for none.
    vocabularies : words that cells may hold, those of a project included.
    given : what the user says that columns mean, or a finished `Choice`, made from the first rows of a file for all its parts.
    """
    columns = _columns(grid)
    faults = [*grid.faults, *_broken_heads(grid, shown), *_error_cells(grid, columns, shown)]
    short = _truncate_cells(grid, columns, shown, faults)
    choice = given if isinstance(given, Choice) else choose(grid, table, short, vocabularies, given)
    arrangement = _Arrangement(grid, table, shown, short, faults, choice)
    arrangement.assign_columns(vocabularies)
    datum = arrangement.datum(told_datum)
    count = len(grid.numbers)
    blank = cols.full(count, "")
    data: dict[str, Any] = {name: arrangement.known.get(name, blank) for name in table.names}
    data |= arrangement.unknown
    data[ROW] = _numbers(grid.numbers)
    notes = [*grid.notes, *arrangement.empty.notes(arrangement.typed), *(arrangement.notes() if count else ())]
    return TableFrame(
        table, shown, frame_of(data), tuple(faults), tuple(grid.header), tuple(notes), tuple(columns), arrangement.typed,
        arrangement.letters, tuple(arrangement.unknown), arrangement.places, arrangement.units, datum, grid.sheet, grid.encoding,
        grid.delimiter, grid.header_row, vocabularies, _near(choice, grid.header),
    )  # fmt: skip


def _near(choice: Choice, header: Sequence[str]) -> dict[str, str]:
    """Return header -> the missing column of the table that it resembles (`TableFrame.near`)."""
    return {header[at]: name for at, name in choice.near.items()}


def choose(
    grid: Grid, table: Table, columns: Sequence[Any] | None = None, vocabularies: Vocabularies = BUILT_IN,
    given: GivenColumns | None = None,
) -> Choice:  # fmt: skip
    """Choose which columns of a grid become which columns of the table, by its header and first rows. `columns` replaces the columns of
    the grid; `given` is what the user says that they mean.
    """
    columns = _columns(grid) if columns is None else columns
    samples = [sample_column(column) for column in columns]
    known = {at: "" for at, head in enumerate(grid.header) if head.strip() in table.word_columns}
    known |= _own_columns(grid.header, table)
    without: frozenset[str] = frozenset()
    if given is not None:
        names = {*given.columns.values(), *given.without}
        known = {at: name for at, name in known.items() if name not in names} | dict(given.columns)
        without = given.without
    return choose_columns(
        grid.header,
        samples,
        table,
        told=known,
        without=without,
        headless=grid.header_row == 0,
        vocabularies=vocabularies,
    )


def sample_column(column: Any) -> Sample:
    """Sample the filled cells among the first rows of a column, without words that mean an empty cell (无) unless it holds nothing else."""
    head = cols.to_objects(column[:SAMPLE_ROWS])
    sample = sample_of(head, lambda text: not text or is_empty_word(text))
    return sample if sample.texts else sample_of(head)


def empty_table(table: Table, shown: str) -> TableFrame:
    """Return a table without rows, for a file that does not exist."""
    return arrange(Grid(list(table.names), [], []), table, shown, "")


class _Arrangement:
    """Assigns each column of a grid to a column of the table, or keeps it as one that the table does not define.

    Attributes
    ----------
    known : canonical name -> column.
    unknown : header -> column, for columns that the table does not define.
    typed, letters, places, units : as in `TableFrame`.
    empty : the cells that were taken as empty.
    derived : headers of columns that are left out: computed by this program, or equal to another column of the same meaning.
    """

    def __init__(
        self, grid: Grid, table: Table, shown: str, columns: Sequence[Texts], faults: list[Fault], choice: Choice
    ) -> None:
        self._grid, self._table, self._shown, self._columns, self._faults = grid, table, shown, columns, faults
        self._choice = choice
        self.known: dict[str, Texts] = {}
        self.unknown: dict[str, Texts] = {}
        self.typed: dict[str, str] = {}
        self.letters: dict[str, str] = {}
        self.places: dict[str, int] = {}
        self.units: dict[str, str] = {}
        self.empty = EmptyWords()
        self._computed = {index for index, name in _own_columns(grid.header, table).items() if not name}
        self.derived = [grid.header[index] for index in sorted(self._computed)]
        self._header_datums: list[str] = []

    def assign_columns(self, vocabularies: Vocabularies) -> None:
        """Put every column of the grid into `known` or `unknown`; report missing and repeated columns, and contradicting datums."""
        choice = self._choice
        words = {
            at: head.strip() for at, head in enumerate(self._grid.header) if head.strip() in self._table.word_columns
        }
        for index in range(len(self._columns)):
            if index in choice.columns:
                self._assign(index, choice.columns[index])
            elif index not in self._computed and index not in words:
                self._keep_unknown(index)
        for index, head in words.items():
            self._assign_words(index, WORD_COLUMNS[head])
        for name, parts in choice.degrees.items():
            self._compose(name, parts, compose_angle)
        if choice.parties:
            self._compose(
                "parties",
                choice.parties,
                lambda names: LIST_SEPARATOR.join(filter(None, map(cell_values.clean, names))),
            )
        self.empty = clear_empty_words(self.known, self._table, vocabularies)
        if "lonlat" in self.known:
            _split_pairs(self.known, self.typed, self.letters, self._grid, self._faults, self._shown)
        self._report_datums()
        self._report_twice()
        self._report_missing()

    def notes(self) -> Iterator[Note]:
        """Yield notes that say how the columns were understood."""
        yield from choice_notes(self._choice, self._grid.header, self._table)
        if self.derived:
            yield Note("note-derived-columns", {"columns": self.derived})
        if filled := [name for name, column in self.unknown.items() if not cols.is_empty(column).all()]:
            yield Note("note-unknown-columns", {"columns": filled})

    def datum(self, told: str) -> str:
        """Return the datum for rows that name none: the first one that a header names, else the choice of `_choose_datum`; "" for none."""
        if self._header_datums:
            return self._header_datums[0]
        return _choose_datum(self._grid, told, self._faults, self._shown)

    def _assign(self, index: int, name: str) -> None:
        """Make the column at an index the canonical column `name`, and record the unit and datum in its header."""
        column = self._columns[index]
        self.typed[name], self.known[name], self.places[name] = self._grid.header[index], column, index
        if self._grid.letters:
            self.letters[name] = column_letter(index)
        match = self._choice.matches.get(index)
        if match is None:
            return
        is_number = name in self._table and self._table.column(name).type == "number"
        if match.unit and (match.column == name or is_number):
            self.units[name] = match.unit
        if match.datum and match.column == name and not cols.is_empty(column).all():
            self._header_datums.append(match.datum)

    def _assign_words(self, index: int, name: str) -> None:
        """Merge a column of words as typed, such as `category_word` in one of our exports, into the canonical column `name` (`category`),
        whose cells its filled cells replace.
        """
        words = self._columns[index]
        if name in self.known:
            words = cols.where_filled(words, self.known[name])
        else:
            self.typed[name], self.places[name] = self._grid.header[index], index
        self.known[name] = words

    def _keep_unknown(self, index: int) -> None:
        """Keep a column under its header, with underscores appended until the name is free.

        Left out are parts of a composed column, running numbers, a copy of a column of the same meaning, and the empty mark column of a
        template.
        """
        parts = {at for parts in (*self._choice.degrees.values(), self._choice.parties) for at in parts}
        if index in parts or index in self._choice.dropped:
            self.places.setdefault(self._grid.header[index].strip(), index)
            return
        taken = self._choice.beside.get(index)
        if taken is not None and cols.equal(self._columns[taken], self._columns[index]).all():
            self.derived.append(self._grid.header[index])
            return
        if is_mark_header(self._grid.header[index]) and cols.is_empty(self._columns[index]).all():
            return  # the mark column of a template, in which only the skipped example rows are filled
        name = self._grid.header[index].strip()
        while name in self.unknown or name in self._table or name in self._table.word_columns or name == ROW:
            name += "_"
        self.unknown[name], self.places[name] = self._columns[index], index
        if self._grid.letters:
            self.letters[name] = column_letter(index)

    def _compose(self, name: str, parts: Sequence[int], join: Callable[[Sequence[str]], str]) -> None:
        """Make the canonical column `name` by joining, row by row, the cells of the columns at the given indices."""
        texts = zip(*(cols.to_objects(self._columns[at]) for at in parts), strict=True)
        self.known[name] = cols.as_texts(cols.from_texts([join(row) for row in texts]))
        self.typed[name] = "、".join(self._grid.header[at] for at in parts)
        if self._grid.letters:
            self.letters[name] = column_letter(parts[0])

    def _report_datums(self) -> None:
        if len(set(self._header_datums)) > 1:
            params = {"datums": sorted(set(self._header_datums))}
            self._faults.append(Fault(self._shown, None, None, None, "datum-two", params, sheet=self._grid.sheet))

    def _report_twice(self) -> None:
        """Warn of each column that means the same as a chosen one (`Choice.twice`), unless it is left out as a copy."""
        header, sheet = self._grid.header, self._grid.sheet
        for first, other in self._choice.twice:
            letter = column_letter(other) if self._grid.letters else ""
            params = {"first": header[first], "meaning": self._choice.columns[first]}
            if header[other] not in self.derived:
                fault = Fault(self._shown, None, header[other], None, "column-twice", params, "warning", letter, sheet)
                self._faults.append(fault)

    def _report_missing(self) -> None:
        """Report each required column that the file lacks, unless the file has no rows for a reason that is reported already."""
        if not self._grid.numbers and self._grid.faults:
            return
        for column in self._table.columns:
            if column.required and column.name not in self.known:
                wanted = {"zh": f"{column.label}（{column.name}）", "en": f"{column.name} ({column.label})"}
                params = {"wanted": wanted, "headers": self._grid.header}
                self._faults.append(
                    Fault(self._shown, None, None, None, "column-missing", params, sheet=self._grid.sheet)
                )


def _choose_datum(grid: Grid, told: str, faults: list[Fault], shown: str) -> str:
    """Choose the datum for rows that name none: the one that the file states, or the one that the caller gives.

    Programs declare WGS 84 in a file whatever its points are, and no EPSG code means GCJ-02 or BD-09. So if the two differ, the caller's
    datum overrides WGS 84, and any other datum overrides the caller's, with a warning. WGS 84 and CGCS2000 count as the same.
    """
    same = ("wgs84", "cgcs2000")
    if not grid.datum or not told or grid.datum == told or (grid.datum in same and told in same):
        return grid.datum or told
    taken = told if grid.datum == "wgs84" else grid.datum
    params = {"told": told, "reference": grid.reference, "taken": taken}
    faults.append(Fault(shown, None, None, None, "crs-contradicts", params, "warning", sheet=grid.sheet))
    return taken


def _broken_heads(grid: Grid, shown: str) -> Iterator[Fault]:
    """Yield a fault for each header with forbidden characters, which would get into the column names of every written file."""
    for at, head in enumerate(grid.header):
        try:
            cell_values.check_characters(head)
        except cell_values.CellError as error:
            letter = column_letter(at) if grid.letters else None
            yield Fault(shown, None, head, None, error.code, error.params, "fault", letter, grid.sheet)


def _error_cells(grid: Grid, columns: Iterable[Any], shown: str) -> list[Fault]:
    """Return a fault for each cell that shows an error (#N/A, #REF!) instead of a value."""
    faults = []
    for at, column in enumerate(columns):
        if not cols.any_contains(column, "#", "Err:5"):
            continue
        errors = [cell for cell in cols.unique(column) if is_error(cell)]
        for row in np.flatnonzero(cols.isin(column, errors)).tolist() if errors else []:
            letter = column_letter(at) if grid.letters else None
            head = grid.header[at]
            faults.append(
                Fault(shown, grid.numbers[row], head, column[row], "cell-error", {}, "fault", letter, grid.sheet)
            )
    return faults


def _truncate_cells(grid: Grid, columns: Sequence[Texts], shown: str, faults: list[Fault]) -> list[Texts]:
    """Return the columns with overlong cells truncated, so that no later pattern is matched with them; each is a fault of its row."""
    most = limit("cell_characters")
    short = []
    for at, column in enumerate(columns):
        if cols.max_byte_length(column) > most:
            column = cols.to_objects(column).copy()
            for here in [here for here, cell in enumerate(column) if len(cell) > most]:
                params = {"found": len(column[here]), "most": most, "variable": variable("cell_characters")}
                column[here] = column[here][:_CUT]
                letter = column_letter(at) if grid.letters else None
                number, head = int(grid.numbers[here]), grid.header[at]
                faults.append(
                    Fault(shown, number, head, column[here], "cell-too-long", params, "fault", letter, grid.sheet)
                )
        short.append(column)
    return short


def _numbers(numbers: Sequence[int]) -> npt.NDArray[np.int64]:
    """Return row numbers as an array."""
    if isinstance(numbers, range):  # a table without blank rows: a hundred times faster than from a list
        return np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.int64)
    return np.array(numbers, dtype=np.int64)


def _own_columns(heads: Sequence[str], table: Table) -> dict[int, str]:
    """Find the columns that this program added when it wrote the file: index -> the canonical column to fill, "" if it is computed anew."""
    plain = [_exported_labels().get(head.strip(), head.strip()) for head in heads]
    derived, companions = {*DERIVED.get(table.name, ())}, {*COMPANIONS[table.name]}
    if (derived or companions) <= {*plain}:  # one of our exports; `orig_lon` ... count if it has them
        again = {*derived, "wkt"} | (companions if companions <= {*plain} else set())
        again |= {*ORIGINAL.values()} if {*ORIGINAL} & {*plain} else set()
        return {at: ORIGINAL.get(name, "") for at, name in enumerate(plain) if name in again or name in ORIGINAL}
    if (
        "precision" in table
        and {*LOCATED} <= {*plain}
        and not any(parse_header(head, table).column == "precision" for head in heads)
    ):
        ours = {**LOCATED, **ASKED}
        return {at: ours[name] for at, name in enumerate(plain) if name in ours}
    return {}


@cache
def _exported_labels() -> dict[str, str]:
    """Return Chinese header -> name, for each column that an export adds."""
    prefix = "export.column."
    return {both["zh"]: key.removeprefix(prefix) for key, both in texts("export").items() if key.startswith(prefix)}


def _columns(grid: Grid) -> list[Texts]:
    """Return the columns of a grid, also of one that holds its cells as rows."""
    if grid.columns is not None:
        return grid.columns
    if not grid.rows:
        return [cols.full(0, "") for _ in grid.header]
    return [cols.from_arrow(cols.arrow_or_none(cols.from_texts(cells))) for cells in zip(*grid.rows, strict=True)]


def _split_pairs(
    found: dict[str, Texts], typed: dict[str, str], letters: dict[str, str], grid: Grid, faults: list[Fault], shown: str
) -> None:
    """Replace the column "lonlat" of `found` by the columns `lon` and `lat` (texts); if these exist, fill them where both are empty. A
    cell from which they should be filled and that is no pair is a fault.
    """
    pairs = found.pop("lonlat")
    label, letter = typed.pop("lonlat"), letters.pop("lonlat", None)
    order = axis_order(label)
    for name in ("lon", "lat"):
        if name not in found:
            found[name] = np.full(len(pairs), "", dtype=object)
            typed[name] = label
            if letter:
                letters[name] = letter
        else:
            found[name] = cols.to_objects(found[name]).copy()
    for at, cell in enumerate(pairs):
        if not cell.strip() or found["lon"][at].strip() or found["lat"][at].strip():
            continue
        pair = angles.read_pair(cell, order)
        if pair is None:
            faults.append(Fault(shown, grid.numbers[at], label, cell, "pair-form", {}, "fault", letter, grid.sheet))
        else:
            found["lon"][at], found["lat"][at] = (numbers.plain_number(float(f"{value:.15g}")) for value in pair)
