"""Rows of texts -> a grid: find the header, drop titles above it and rows that are not data, pad and cut rows to its width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from qjmap.errors import Fault
from qjmap.i18n import Note
from qjmap.schema import FAULT_COLUMN, Table, fold
from qjmap.tables.headers import WEAK, match_header
from qjmap.tables.readers.cell_shapes import is_data, shape
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.limits import check_limit, limit
from qjmap.tables.readers.non_data_rows import NOTES, RowKinds
from qjmap.tables.readers.row_words import compact, is_unit
from qjmap.tables.readers.stacked_headers import stacked_header

HEADER_ROWS = 30
"""Number of rows at the start of a file among which the header is searched for."""

_MAX_HEADER = 60  # characters
_HXL_TAG = re.compile(r"\s*#[a-z]")
"""A tag of the Humanitarian Exchange Language, in the row below the header."""

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class HeaderRows:
    """Which rows are the header of a table.

    Attributes
    ----------
    first, last : indices of its first and last row, from 0; `last` is `first` - 1 for a table without a header.
    texts : the header, one text per column; empty for a table without one.
    """

    first: int
    last: int
    texts: list[str]


def count_headers(row: Sequence[str], table: Table) -> int:
    """Return the number of different columns of `table` that the cells of a row name.

    Words that mean other things as well (企业, E) count only beside a surer header. A single letter does not count in a row that holds
    numbers, dates or web addresses.
    """
    matches = {cell: match_header(cell, table) for cell in row if cell and len(cell) < _MAX_HEADER}
    sure = {match.column for match in matches.values() if match.column and match.rank < WEAK}
    if not sure:
        return 0
    weak = {cell: match.column for cell, match in matches.items() if match.column and match.rank == WEAK}
    if any(len(fold(cell)) == 1 for cell in weak) and any(shape(cell) not in ("", "text") for cell in row):
        weak = {cell: column for cell, column in weak.items() if len(fold(cell)) > 1}
    return len(sure | {*weak.values()})


def most_headers(rows: Rows, table: Table) -> int:
    """Return the highest `count_headers` of the first `HEADER_ROWS` rows; 0 without rows."""
    return max((count_headers(row, table) for row in rows[:HEADER_ROWS]), default=0)


def find_header(rows: Rows, table: Table) -> HeaderRows | None:
    """Find the header of a table among its first rows; None if all of them are blank.

    It is the row that names most columns, the first of equals, together with the rows above or below that belong to it. If no row names
    a column, it is the first row with at least half as many filled cells as the median row. A row with numbers, dates or web addresses like
    those below it is no header: a table that starts with such a row has none.
    """
    rows = rows[:HEADER_ROWS]
    filled = [index for index, row in enumerate(rows) if _is_filled(row)]
    if not filled:
        return None
    index = _best_row(rows, filled, table)
    if index is None:
        start = _first_wide(rows, filled)
        if is_data(rows[start], rows[start + 1 :]):
            return HeaderRows(start, start - 1, [])
        index = start
    stacked = stacked_header(rows, index)
    if stacked is None:
        return HeaderRows(index, index, [cell.strip("\ufeff") for cell in rows[index]])
    first, last, texts = stacked
    return HeaderRows(first, last, _short_positions(texts, rows[last], table))


def _best_row(rows: Rows, filled: Sequence[int], table: Table) -> int | None:
    """Return the index of the row that names most columns; None if no row names any, or if that row names only one and is below data.

    Rows that look like data are passed over, and titles (one filled cell) that name one column. If no other row is left, the result is
    None. `filled` are the indices of filled rows.
    """

    def score(index: int) -> int:
        row = rows[index]
        # Our column of faults outweighs whatever else a row names.
        return count_headers(row, table) + len(table.names) * (fold(row[-1]) == fold(FAULT_COLUMN))

    scores = {index: score(index) for index in filled}
    typical = median(_width(rows[index]) for index in filled)
    for index in sorted(filled, key=lambda index: -scores[index]):
        if not scores[index]:
            return None
        if scores[index] == 1 and _width(rows[index]) < 2 < typical:  # a title that holds a word for a column
            continue
        if is_data(rows[index], rows[index + 1 :]):
            continue
        if scores[index] == 1 and any(
            is_data(rows[above], rows[above + 1 :]) for above in filled if above < index and _width(rows[above]) > 1
        ):
            return None
        return index
    return None


def _first_wide(rows: Rows, filled: Sequence[int]) -> int:
    """Return the index of the first row with at least half as many filled cells as the median row."""
    typical = median(_width(rows[index]) for index in filled)
    return next((index for index in filled if _width(rows[index]) >= typical / 2), filled[0])


def _width(row: Sequence[str]) -> int:
    """Count the filled cells of a row."""
    return sum(1 for cell in row if cell.strip())


def _short_positions(texts: list[str], lowest: Sequence[str], table: Table) -> list[str]:
    """Return the joined headers of a stack, but the lowest cell alone (`lowest`) where only that means a column, longitude or latitude, and
    occurs once.
    """
    short = list(texts)
    for index, cell in enumerate(lowest):
        known = match_header(texts[index], table).column is not None
        if not known and match_header(cell, table).column in ("lon", "lat") and list(lowest).count(cell) == 1:
            short[index] = cell.strip()
    return short


def rows_to_grid(rows: Rows, table: Table, *, shown: str, first: int = 1, sheet: str | None = None) -> Grid:
    """Find the header among the first rows and return it with the data rows below it. Rows that are all blank give the fault `file-empty`.

    Parameters
    ----------
    first : row number, in messages, of the first of `rows`.
    sheet : name of the worksheet that the rows are from.

    Raises
    ------
    UsageError : there are more rows, or more filled columns, than the limits allow.
    """
    check_limit("rows", len(rows), shown=shown)
    _check_columns(rows[:HEADER_ROWS], shown)
    found = find_header(rows, table)
    if found is None:
        return Grid([], [], [], [Fault(shown, None, None, None, "file-empty", sheet=sheet)], sheet=sheet)
    body = rows[found.last + 1 :]
    grid = Grid(_complete_header(found.texts, body), [], [], sheet=sheet)
    grid.header_row = first + found.last if found.texts else 0
    _add_note(grid, "note-above", [first + index for index in range(found.first) if _is_filled(rows[index])])
    if not found.texts:
        grid.notes.append(Note("note-no-header", {"columns": len(grid.header)}))
    elif found.last > found.first:
        _add_note(grid, "note-stacked-header", [*range(first + found.first, first + found.last + 1)])
    data = [*_fitted_rows(body, grid, first + found.last + 1, shown)]
    # A file of refused rows has our column of faults; every row of it is data.
    fault_column = {fold(head): index for index, head in enumerate(grid.header)}.get(fold(FAULT_COLUMN))
    if fault_column is None:
        data = _pass_over(data, grid, rows[found.first : found.last + 1], table)
    grid.numbers, grid.rows = [number for number, _ in data], [row for _, row in data]
    if fault_column is not None:
        del grid.header[fault_column]
        grid.rows = [[*row[:fault_column], *row[fault_column + 1 :]] for row in grid.rows]
    return grid


def _pass_over(
    data: list[tuple[int, Sequence[str]]], grid: Grid, originals: Rows, table: Table
) -> list[tuple[int, Sequence[str]]]:
    """Return the rows that are data, each with its row number. Notes in the grid name the others, whose faults are dropped; units in the
    first row are appended to the headers.

    `originals` are the rows that the header was made from.
    """
    if originals and data and data[0][0] == grid.header_row + 1 and is_hxl_row(data[0][1]):
        _add_note(grid, "note-hxl", [data.pop(0)[0]])
    row_kinds = RowKinds(grid.header, originals, table)
    candidates = (index for index, (_, row) in enumerate(data) if row_kinds.may_be_none(row))
    kinds = row_kinds.find(len(data), lambda index: data[index][1], candidates)
    if not kinds:
        return data
    if kinds.get(0) == "units":
        grid.header = with_units(grid.header, data[0][1])
    grid.notes += kind_notes({data[index][0]: kind for index, kind in kinds.items()})
    passed = {data[index][0] for index in kinds}
    grid.faults = [fault for fault in grid.faults if fault.row not in passed]
    return [row for index, row in enumerate(data) if index not in kinds]


def kind_notes(kinds: dict[int, str]) -> list[Note]:
    """Return one note for each kind of skipped rows; `kinds` is row number -> kind."""
    notes = []
    for kind, key in NOTES.items():
        if rows := [number for number, other in kinds.items() if other == kind]:
            notes.append(Note(key, {"rows": rows}))
    return notes


def with_units(header: Sequence[str], units: Sequence[str]) -> list[str]:
    """Append the unit in the row below to each header that has none in brackets: 投资（万元）."""
    return [
        f"{head}（{unit.strip().strip('()（）[]')}）"
        if is_unit(compact(unit)) and not head.rstrip().endswith((")", "）", "]"))
        else head
        for head, unit in zip(header, units, strict=True)
    ]


def _check_columns(rows: Rows, shown: str) -> None:
    """Check the number of columns; if a row is wider than the limit, only filled cells count. Raises the errors of `check_limit`."""
    if max(map(len, rows), default=0) > limit("columns"):
        check_limit("columns", max(sum(1 for cell in row if cell.strip()) for row in rows), shown=shown)


def _complete_header(header: list[str], body: Rows) -> list[str]:
    """Name empty headers 列1, 列2, ... by their position; drop those at the end without a filled cell below."""
    header = header or [""] * max(map(len, body), default=0)
    width = len(header)
    while width and not header[width - 1].strip():
        width -= 1
    if width < len(header):
        used = [
            index for index in range(width, len(header)) if any(len(row) > index and row[index].strip() for row in body)
        ]
        width = used[-1] + 1 if used else width
    return [head if head.strip() else f"列{index}" for index, head in enumerate(header[:width], 1)]


def _fitted_rows(body: Rows, grid: Grid, first: int, shown: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the filled rows below the header with their numbers, padded and cut to its width; a filled cell cut off is a fault."""
    width = len(grid.header)
    for number, row in enumerate(body, first):
        length = len(row)
        if length < width:
            if not _is_filled(row):
                continue
            row = [*row, *[""] * (width - length)]
        elif length > width:
            extra = next((cell for cell in row[width:] if cell.strip()), "")
            row = row[:width]
            if extra:
                fault = Fault(shown, number, None, extra, "row-too-long", {"width": width}, sheet=grid.sheet)
                grid.faults.append(fault)
        if (row and row[0].strip()) or _is_filled(row):
            yield number, row


def _is_filled(row: Sequence[str]) -> bool:
    return any(cell.strip() for cell in row)


def is_hxl_row(row: Sequence[str]) -> bool:
    """Whether all filled cells of a row are tags of the Humanitarian Exchange Language (#adm1+name); True also for a blank row."""
    return all(_HXL_TAG.match(cell) for cell in row if cell.strip())


def _add_note(grid: Grid, key: str, rows: list[int]) -> None:
    if rows:
        grid.notes.append(Note(key, {"rows": rows}))
