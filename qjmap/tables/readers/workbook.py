"""Excel and OpenDocument workbooks (.xlsx, .xlsb, .xls, .ods) -> a grid: choose the worksheet, read it with python-calamine, apply
number formats and merged ranges.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from qjmap.errors import Fault, UsageError
from qjmap.grammar import grammar
from qjmap.i18n import Note
from qjmap.schema import Table, fold
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers.find_header_row import most_headers, rows_to_grid
from qjmap.tables.readers.grid import Grid, column_letter
from qjmap.tables.readers.ods_metadata import OdsMetadata
from qjmap.tables.readers.ole_container import stream_names
from qjmap.tables.readers.row_words import compact, words
from qjmap.tables.readers.workbook_package import Package
from qjmap.tables.readers.worksheet_metadata import Cell, CellMetadata, Range, WorkbookSize, Worksheet
from qjmap.tables.readers.xls_metadata import XlsMetadata
from qjmap.tables.readers.xlsb_metadata import XlsbMetadata
from qjmap.tables.readers.xlsx_metadata import XlsxMetadata

_UNSAVED = "\0formula"
"""Placeholder for a formula without a saved result, until the data rows are known."""

Rows = list[list[str]]


def read_workbook(data: bytes, table: Table, *, shown: str, sheet: str | None) -> Grid:
    """Read one worksheet: the named one, else the visible one with most known headers, the first of equals.

    Hidden worksheets are read only by name, or if all are hidden. All cells of a merged range get the value of its first cell. A cell
    whose number format shows something other than its number (20.3%, 2020-09) holds the text shown.

    Raises
    ------
    UsageError : the workbook is damaged, has a password, exceeds a limit, or lacks the named worksheet.
    """
    worksheets, rows_by_name = _read_worksheets(data, shown, sheet)
    readable = [worksheet for worksheet in worksheets if worksheet.name in rows_by_name]
    if not readable:
        raise UsageError("file-unreadable", path=shown, detail="")
    return best_worksheet(readable, rows_by_name, worksheets, table, shown=shown)


def workbook_rows(data: bytes, *, shown: str) -> dict[str, Rows]:
    """Return name -> rows of every visible worksheet, of all if every one is hidden. Raises the errors of `read_workbook`."""
    worksheets, rows_by_name = _read_worksheets(data, shown, None)
    return with_metadata(worksheets, rows_by_name, shown)


def with_metadata(worksheets: Sequence[Worksheet], rows_by_name: Mapping[str, Rows], shown: str) -> dict[str, Rows]:
    """Return name -> rows of worksheets with display texts, errors, merged values, and "" for formulas without a saved result.

    Raises the errors of `fill_merged`.
    """
    for worksheet in worksheets:
        if worksheet.name in rows_by_name:
            _apply_metadata(rows_by_name[worksheet.name], worksheet.cells, shown)
    return {
        name: [["" if cell == _UNSAVED else cell for cell in row] for row in rows]
        for name, rows in rows_by_name.items()
    }


def _read_worksheets(data: bytes, shown: str, sheet: str | None) -> tuple[list[Worksheet], dict[str, Rows]]:
    """Return all worksheets, and by name the rows of the selected ones; without `sheet`, those that cannot be read are left out."""
    worksheets, selected, book = _open(data, shown, sheet)
    rows_by_name: dict[str, Rows] = {}
    for worksheet in selected:
        try:
            rows_by_name[worksheet.name] = _read_rows(book.get_sheet_by_name(worksheet.name), worksheet.cells)
        except BaseException as error:  # for example a chart sheet, which has no cells
            refusal = _unreadable(error, shown)
            if sheet is not None:
                raise refusal from None
    return worksheets, rows_by_name


def _open(data: bytes, shown: str, sheet: str | None) -> tuple[list[Worksheet], list[Worksheet], Any]:
    """Return all worksheets, the selected ones, and calamine's workbook, which is opened only after the sizes have been checked.

    Raises the errors of `read_workbook`.
    """
    size = WorkbookSize(shown)
    if not data.startswith(b"PK"):
        if "EncryptedPackage" in stream_names(data):
            raise UsageError("file-password", path=shown)
        xls = XlsMetadata(data, shown)
        _refuse_locked(xls.locked, shown)
        for worksheet in xls.worksheets:  # all, since calamine reads all of them when it opens the workbook
            xls.scan(worksheet, size)
        book = _open_calamine(data, shown)
        for worksheet, reported in zip(xls.worksheets, book.sheets_metadata, strict=False):
            worksheet.name = reported.name
        return xls.worksheets, select_worksheets(xls.worksheets, sheet, shown), book
    with Package(data, shown) as package:
        is_binary = "xl/workbook.bin" in package
        if not is_binary and ("content.xml" in package or "encrypted-package" in package):
            ods = OdsMetadata(package)
            _refuse_locked(ods.locked, shown)
            ods.scan(size)
            return (
                ods.worksheets,
                select_worksheets(ods.worksheets, sheet, shown),
                _open_calamine(package.copy(), shown),
            )
        excel = XlsbMetadata(package) if is_binary else XlsxMetadata(package)
        selected = select_worksheets(excel.worksheets, sheet, shown)
        for worksheet in selected:
            excel.scan(worksheet, size)
        return excel.worksheets, selected, _open_calamine(package.copy(), shown)


def _refuse_locked(locked: bool, shown: str) -> None:
    if locked:
        raise UsageError("file-password", path=shown)


def _open_calamine(data: bytes, shown: str) -> Any:
    """Open a workbook with python-calamine; UsageError if that fails."""
    from python_calamine import CalamineWorkbook  # start-up time: most commands read no workbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except BaseException as error:
        raise _unreadable(error, shown) from None


def _unreadable(error: BaseException, shown: str) -> UsageError:
    """Return the UsageError for an exception of calamine; a panic of its Rust code is no `Exception`. Other errors are raised again."""
    if isinstance(error, MemoryError) or not (isinstance(error, Exception) or type(error).__name__ == "PanicException"):
        raise error
    return UsageError("file-unreadable", path=shown, detail=str(error))


def select_worksheets(worksheets: Sequence[Worksheet], name: str | None, shown: str) -> list[Worksheet]:
    """Select the worksheets to read: the named one, else all visible ones, or all if every one is hidden.

    Raises
    ------
    UsageError : there is no worksheet of that name.
    """
    if name is not None:
        named = [worksheet for worksheet in worksheets if worksheet.name == name][:1]
        if not named:
            names = [worksheet.name for worksheet in worksheets]
            raise UsageError("sheet-missing", path=shown, sheet=name, sheets=names)
        return named
    return [worksheet for worksheet in worksheets if not worksheet.hidden] or list(worksheets)


def best_worksheet(
    readable: Sequence[Worksheet],
    rows_by_name: Mapping[str, Rows],
    worksheets: Sequence[Worksheet],
    table: Table,
    *,
    shown: str,
) -> Grid:
    """Return the grid of the worksheet with most known headers, with notes about the other worksheets.

    Parameters
    ----------
    readable, rows_by_name : the worksheets to choose from, and their rows by name.
    worksheets : all worksheets of the workbook.

    Raises
    ------
    UsageError : as in `fill_merged` and `rows_to_grid`.
    """
    worksheet = max(readable, key=lambda worksheet: most_headers(rows_by_name[worksheet.name], table))
    rows, cells = rows_by_name[worksheet.name], worksheet.cells
    restored = _apply_metadata(rows, cells, shown)
    grid = rows_to_grid(rows, table, shown=shown, sheet=worksheet.name)
    unread = [name for name, rows in rows_by_name.items() if name != worksheet.name and _holds_rows(name, rows)]
    grid.notes[:0] = _worksheet_notes(worksheet, worksheets, unread, shown)
    _report_unsaved(grid, shown)
    _warn(grid, shown, "zeros-restored", restored)
    _warn(grid, shown, "formula-blank", _rows_by_column(cells.blank))
    _warn(grid, shown, "year-not-shown", _rows_by_column(cells.yearless))
    return grid


def is_explanation(name: str) -> bool:
    """Whether the name of a worksheet means that it explains others and holds no data."""
    return fold(name) in _explanations()


@cache
def _explanations() -> frozenset[str]:
    return frozenset(map(fold, grammar("sheets")["explanations"]))


def _holds_rows(name: str, rows: Rows) -> bool:
    """Whether a worksheet may hold data: its name does not mean that it explains others, and at least two filled rows are no examples."""
    firsts = [next((cell for cell in row if cell.strip()), "") for row in rows]
    return not is_explanation(name) and sum(1 for cell in firsts if cell and compact(cell) not in words("examples")) > 1


def _worksheet_notes(
    worksheet: Worksheet, worksheets: Sequence[Worksheet], unread: list[str], shown: str
) -> list[Note]:
    """Return notes that name the worksheet that was read, those with rows that were not (`unread`), and the hidden ones."""
    hidden = [other.name for other in worksheets if other.name != worksheet.name and other.hidden]
    notes = []
    if unread:
        notes.append(Note("note-sheet", {"file": shown, "sheet": worksheet.name, "others": unread}))
    elif hidden:
        notes.append(Note("note-sheet-only", {"file": shown, "sheet": worksheet.name}))
    if hidden:
        notes.append(Note("note-hidden-sheets", {"file": shown, "sheets": hidden}))
    return notes


def _report_unsaved(grid: Grid, shown: str) -> None:
    """Empty the cells of formulas without a saved result in the data rows, and report each as a fault."""
    rows = [list(row) for row in grid.rows]
    for number, row in zip(grid.numbers, rows, strict=True):
        for column, cell in enumerate(row):
            if cell == _UNSAVED:
                row[column] = ""
                head, letter = grid.header[column], column_letter(column)
                fault = Fault(shown, number, head, "", "formula-unsaved", letter=letter, sheet=grid.sheet)
                grid.faults.append(fault)
    grid.rows = rows


def _rows_by_column(cells: set[Cell]) -> dict[int, list[int]]:
    """Group cells by column: column, from 0 -> row numbers, from 1."""
    rows: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        rows.setdefault(column, []).append(row + 1)
    return rows


def _warn(grid: Grid, shown: str, code: str, rows_by_column: Mapping[int, Sequence[int]]) -> None:
    """Add a warning for each column that has such cells in its data rows."""
    numbers = set(grid.numbers)
    for column, rows in rows_by_column.items():
        data_rows = [row for row in rows if row in numbers]
        if column < len(grid.header) and data_rows:
            head, letter = grid.header[column], column_letter(column)
            grid.faults.append(Fault(shown, None, head, None, code, {"rows": data_rows}, "warning", letter, grid.sheet))


def _apply_metadata(rows: Rows, cells: CellMetadata, shown: str) -> dict[int, list[int]]:
    """Write display texts, errors, leading zeros, merged values and `_UNSAVED` into the rows.

    Returns
    -------
    the cells whose leading zeros were restored: column, from 0 -> row numbers, from 1.
    """

    def exists(row: int, column: int) -> bool:
        return row < len(rows) and column < len(rows[row])

    for row, column in cells.unsaved:
        if exists(row, column) and not rows[row][column]:
            rows[row][column] = _UNSAVED
    for texts in (cells.errors, cells.display_texts):
        for (row, column), text in texts.items():
            if exists(row, column):
                rows[row][column] = text
    restored: dict[int, list[int]] = {}
    for (row, column), digits in sorted(cells.padded.items()):
        cell = rows[row][column] if exists(row, column) else ""
        if cell.isdigit() and len(cell) < digits:
            rows[row][column] = cell.zfill(digits)
            restored.setdefault(column, []).append(row + 1)
    fill_merged(rows, cells.merged, shown)
    return restored


def fill_merged(rows: list[Any], ranges: Sequence[Range], shown: str) -> None:
    """Copy the value of the first cell of each merged range to all its cells.

    Raises
    ------
    UsageError : the ranges cover more cells than there are, so they overlap, which no sound workbook has.
    """
    remaining = sum(map(len, rows))
    for (top, left), (bottom, right) in ranges:
        value = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        for row in rows[top : bottom + 1]:
            width = len(row[left : right + 1])
            remaining -= width
            row[left : right + 1] = [value] * width
        if remaining < 0:
            raise UsageError("file-unreadable", path=shown, detail="merged cells")


def _read_rows(sheet: Any, cells: CellMetadata) -> Rows:
    """Return the texts of a worksheet by rows, and record its merged ranges."""
    cells.merged += sheet.merged_cell_ranges or ()
    return [
        [cell if type(cell) is str else _cell_text(cell) for cell in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]


def _cell_text(cell: Any) -> str:
    """Return a value of calamine as text: whole numbers without a fraction, dates in ISO form and without a time of midnight."""
    convert = _CONVERTERS.get(type(cell))
    return convert(cell) if convert else str(cell)


def _datetime_text(moment: datetime.datetime) -> str:
    """Format a date with its time, unless that is midnight."""
    if moment.time() == datetime.time():
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="seconds")


_CONVERTERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda cell: "TRUE" if cell else "FALSE",
    float: plain_number,
    datetime.datetime: _datetime_text,
    datetime.date: datetime.date.isoformat,
    datetime.time: datetime.time.isoformat,
}
