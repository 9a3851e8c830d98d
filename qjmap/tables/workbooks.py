"""Workbooks (.xlsx, .xls, .ods and their kin) -> a grid, through python-calamine."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

from qjmap.errors import Fault, UsageError
from qjmap.messages import Note
from qjmap.schema import Table
from qjmap.tables import ods, xls, xlsx
from qjmap.tables.cells import plain_number
from qjmap.tables.grids import Grid, lay_out, letter_of, recognised
from qjmap.tables.hints import Hints

_UNSAVED = "\0formula"
_MOST_CELLS = 40_000_000  # of one worksheet: a table of 1,048,576 rows and 38 columns; about 2 GB of memory


def read_workbook(data: bytes, table: Table, *, shown: str, sheet: str | None) -> Grid:
    """One worksheet as a grid: the one named, else the one whose headers `table` knows best, the first of equals.

    The cells of a merged range all take the value of its first cell.
    """
    from python_calamine import CalamineWorkbook

    if not data.startswith(b"PK") and not xls.readable(data):
        raise UsageError("file-unreadable", path=shown, detail="OLE2")
    down, across = xlsx.extent(data)
    if down * across > _MOST_CELLS:
        raise UsageError("sheet-too-large", path=shown, row=down, letter=letter_of(across - 1))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except BaseException as error:
        raise _unreadable(error, shown) from None
    names: list[str] = list(book.sheet_names)
    if sheet is not None and sheet not in names:
        raise UsageError("sheet-missing", path=shown, sheet=sheet, sheets=names)
    read = {}
    for name in names if sheet is None else [sheet]:
        try:
            read[name] = _rows(book.get_sheet_by_name(name))
        except BaseException as error:  # a chart sheet holds no cells
            refusal = _unreadable(error, shown)
            if sheet is not None:
                raise refusal from None
    if not read:
        raise UsageError("file-unreadable", path=shown, detail="")
    chosen = max(read, key=lambda name: max((recognised(row, table) for row in read[name][:30]), default=0))
    kind = xls if not data.startswith(b"PK") else ods if b"opendocument" in data[:200] else xlsx
    found = kind.hints(data, chosen)
    restored = _as_shown(read[chosen], found)
    grid = lay_out(read[chosen], table, shown=shown, sheet=chosen)
    if len(names) > 1:
        others = [name for name in names if name != chosen]
        grid.notes.insert(0, Note("note-sheet", {"file": shown, "sheet": chosen, "others": others}))
    rows = [list(row) for row in grid.rows]
    for number, row in zip(grid.numbers, rows, strict=True):
        for at, cell in enumerate(row):
            if cell == _UNSAVED:
                row[at] = ""
                fault = Fault(shown, number, grid.header[at], "", "formula-unsaved", {}, "fault", letter_of(at), chosen)
                grid.faults.append(fault)
    grid.rows = rows
    kept = set(grid.numbers)
    for at, numbers in restored.items():
        params = {"rows": [number for number in numbers if number in kept]}
        if at < len(grid.header) and params["rows"]:
            head, letter = grid.header[at], letter_of(at)
            grid.faults.append(Fault(shown, None, head, None, "zeros-restored", params, "warning", letter, chosen))
    for at in sorted({column for _, column in found.blank if column < len(grid.header)}):
        params = {"rows": sorted(row + 1 for row, column in found.blank if column == at and row + 1 in kept)}
        if params["rows"]:
            fault = Fault(shown, None, grid.header[at], None, "formula-blank", params, "warning", letter_of(at), chosen)
            grid.faults.append(fault)
    return grid


def _unreadable(error: BaseException, shown: str) -> UsageError:
    """What the reader of workbooks raised, as our refusal. Where it panics, its error is no `Exception`; anything else goes on."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return UsageError("file-unreadable", path=shown, detail=str(error))


def _as_shown(rows: list[list[str]], found: Hints) -> dict[int, list[int]]:
    """Put into the rows what the hints say; which rows of which column got their zeros back."""
    restored: dict[int, list[int]] = {}
    for (top, left), (bottom, right) in found.merged:
        first = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        for row_ in rows[top : bottom + 1]:
            row_[left : right + 1] = [first] * len(row_[left : right + 1])

    def there(row: int, column: int) -> bool:
        return row < len(rows) and column < len(rows[row])

    for row, column in found.unsaved:
        if there(row, column) and not rows[row][column]:
            rows[row][column] = _UNSAVED
    for (row, column), error in found.errors.items():
        if there(row, column):
            rows[row][column] = error
    for (row, column), digits in sorted(found.padded.items()):
        cell = rows[row][column] if there(row, column) else ""
        if cell.isdigit() and len(cell) < digits:
            rows[row][column] = cell.zfill(digits)
            restored.setdefault(column, []).append(row + 1)
    return restored


def _rows(sheet: Any) -> list[list[str]]:
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        first = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        for row in rows[top : bottom + 1]:
            for at in range(left, min(right + 1, len(row))):
                row[at] = first
    return [_texts(row) for row in rows]


def _texts(row: Sequence[Any]) -> list[str]:
    return [cell if type(cell) is str else _text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without a fraction, dates in ISO form and without a time of day that says nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return plain_number(cell)
    if isinstance(cell, datetime.datetime):
        return (
            cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)
