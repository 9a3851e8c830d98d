"""Workbooks (.xlsx, .xls, .ods and their kin) -> a grid, through python-calamine."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

from qjmap.errors import Fault, UsageError
from qjmap.messages import Note
from qjmap.schema import Table
from qjmap.tables import ods, xls, xlsb, xlsx
from qjmap.tables.cells import plain_number
from qjmap.tables.grids import LOOK, Grid, lay_out, letter_of, recognised
from qjmap.tables.hints import Extent, Hints, Sheet
from qjmap.tables.packages import Package

_UNSAVED = "\0formula"

Rows = list[list[str]]


def read_workbook(data: bytes, table: Table, *, shown: str, sheet: str | None) -> Grid:
    """One worksheet as a grid: the one named, else the one whose headers `table` knows best, the first of equals.

    Hidden worksheets are read only when they are named. The cells of a merged range all take the value of its first cell, and
    cells whose number format shows something else than their number (20.3%, 2020-09) hold what is shown.

    Raises
    ------
    UsageError : it is no sound workbook, has a password, goes beyond a limit, or has no such worksheet.
    """
    told, wanted, book = _opened(data, shown, sheet)
    read: dict[str, Rows] = {}
    for one in wanted:
        try:
            read[one.name] = _rows(book.get_sheet_by_name(one.name), one.found)
        except BaseException as error:  # a chart sheet holds no cells
            refusal = _unreadable(error, shown)
            if sheet is not None:
                raise refusal from None
    if not read:
        raise UsageError("file-unreadable", path=shown, detail="")
    return grid_of_sheets([one for one in wanted if one.name in read], read, told, table, shown=shown)


def _opened(data: bytes, shown: str, sheet: str | None) -> tuple[list[Sheet], list[Sheet], Any]:
    """All worksheets, those that are to be read, and the reader of the workbook, which is given nothing that was not counted."""
    extent = Extent(shown, letter_of)
    if not data.startswith(b"PK"):
        if "EncryptedPackage" in xls.streams(data):
            raise UsageError("file-password", path=shown)
        old = xls.Workbook(data, shown)
        if old.locked:
            raise UsageError("file-password", path=shown)
        for one in old.sheets:
            old.look_through(one, extent)
        book = _calamine(data, shown)
        for one, told in zip(old.sheets, book.sheets_metadata, strict=False):
            one.name = told.name
        return old.sheets, chosen(old.sheets, sheet, shown), book
    with Package(data, shown) as package:
        if "xl/workbook.bin" not in package and "content.xml" in package:
            document = ods.Workbook(package)
            if document.locked:
                raise UsageError("file-password", path=shown)
            document.look_through(extent)
            return document.sheets, chosen(document.sheets, sheet, shown), _calamine(package.copy(), shown)
        excel = (xlsb if "xl/workbook.bin" in package else xlsx).Workbook(package)
        wanted = chosen(excel.sheets, sheet, shown)
        for one in wanted:
            excel.look_through(one, extent)
        return excel.sheets, wanted, _calamine(package.copy(), shown)


def _calamine(data: bytes, shown: str) -> Any:
    from python_calamine import CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except BaseException as error:
        raise _unreadable(error, shown) from None


def _unreadable(error: BaseException, shown: str) -> UsageError:
    """What the reader of workbooks raised, as our refusal. Where it panics, its error is no `Exception`; anything else goes on."""
    if isinstance(error, MemoryError) or not (isinstance(error, Exception) or type(error).__name__ == "PanicException"):
        raise error
    return UsageError("file-unreadable", path=shown, detail=str(error))


def chosen(sheets: Sequence[Sheet], name: str | None, shown: str) -> list[Sheet]:
    """The worksheets that are to be read: the one named, else all that are not hidden.

    Raises
    ------
    UsageError : there is no worksheet of that name.
    """
    if name is not None:
        named = [one for one in sheets if one.name == name][:1]
        if not named:
            raise UsageError("sheet-missing", path=shown, sheet=name, sheets=[one.name for one in sheets])
        return named
    return [one for one in sheets if not one.hidden] or list(sheets)


def grid_of_sheets(
    wanted: Sequence[Sheet], read: dict[str, Rows], told: Sequence[Sheet], table: Table, *, shown: str, letters: bool = True
) -> Grid:
    """The grid of one of the worksheets that were read: the one whose headers `table` knows best, the first of equals.

    Parameters
    ----------
    wanted, read : the worksheets, and their rows by name.
    told : all worksheets of the workbook.
    """
    one = max(wanted, key=lambda one: max((recognised(row, table) for row in read[one.name][:LOOK]), default=0))
    rows_ = read[one.name]
    restored = _as_shown(rows_, one.found, shown)
    grid = lay_out(rows_, table, shown=shown, sheet=one.name)
    others = [other.name for other in told if other.name != one.name and not other.hidden]
    hidden = [other.name for other in told if other.name != one.name and other.hidden]
    if hidden:
        grid.notes.insert(0, Note("note-hidden-sheets", {"file": shown, "sheets": hidden}))
    if others or hidden:
        key = "note-sheet" if others else "note-sheet-only"
        grid.notes.insert(0, Note(key, {"file": shown, "sheet": one.name} | ({"others": others} if others else {})))
    rows = [list(row) for row in grid.rows]
    for number, row in zip(grid.numbers, rows, strict=True):
        for at, cell in enumerate(row):
            if cell == _UNSAVED:
                row[at] = ""
                fault = Fault(shown, number, grid.header[at], "", "formula-unsaved", {}, "fault", letter_of(at), one.name)
                grid.faults.append(fault)
    grid.rows = rows
    found = one.found
    _warn(grid, shown, "zeros-restored", restored)
    _warn(grid, shown, "formula-blank", _by_column(found.blank))
    _warn(grid, shown, "year-not-shown", _by_column(found.yearless))
    return grid


def _by_column(cells: set[tuple[int, int]]) -> dict[int, list[int]]:
    columns: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        columns.setdefault(column, []).append(row + 1)
    return columns


def _warn(grid: Grid, shown: str, code: str, columns: dict[int, list[int]]) -> None:
    """Warn of some rows of each column, where they are data."""
    kept = set(grid.numbers)
    for at, numbers in columns.items():
        rows = [number for number in numbers if number in kept]
        if at < len(grid.header) and rows:
            head, letter = grid.header[at], letter_of(at)
            grid.faults.append(Fault(shown, None, head, None, code, {"rows": rows}, "warning", letter, grid.sheet))


def _as_shown(rows: Rows, found: Hints, shown: str) -> dict[int, list[int]]:
    """Put into the rows what the hints say; which rows of which column got their zeros back."""

    def there(row: int, column: int) -> bool:
        return row < len(rows) and column < len(rows[row])

    for row, column in found.unsaved:
        if there(row, column) and not rows[row][column]:
            rows[row][column] = _UNSAVED
    for (row, column), error in found.errors.items():
        if there(row, column):
            rows[row][column] = error
    for (row, column), text in found.shown.items():
        if there(row, column):
            rows[row][column] = text
    restored: dict[int, list[int]] = {}
    for (row, column), digits in sorted(found.padded.items()):
        cell = rows[row][column] if there(row, column) else ""
        if cell.isdigit() and len(cell) < digits:
            rows[row][column] = cell.zfill(digits)
            restored.setdefault(column, []).append(row + 1)
    fill_merged(rows, found.merged, shown)
    return restored


def fill_merged(rows: list[Any], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], shown: str) -> None:
    """Give all cells of each merged range the value of its first.

    Raises
    ------
    UsageError : the ranges overlap, which they do in no sound workbook.
    """
    left_over = sum(map(len, rows))
    for (top, left), (bottom, right) in ranges:
        first = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        for row in rows[top : bottom + 1]:
            width = len(row[left : right + 1])
            left_over -= width
            row[left : right + 1] = [first] * width
        if left_over < 0:
            raise UsageError("file-unreadable", path=shown, detail="merged cells")


def _rows(sheet: Any, found: Hints) -> Rows:
    found.merged += sheet.merged_cell_ranges or ()
    return [_texts(row) for row in sheet.to_python(skip_empty_area=False)]


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
