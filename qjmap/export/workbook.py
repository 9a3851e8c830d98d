"""Write an .xlsx workbook for people to read: a sheet for each table, headers and labels in the project's language.

Positions are as typed in the tables, numbers are numbers, and a date is written twice: as typed, and as a date of the spreadsheet.
The same tables give the same bytes.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from qjmap.errors import UsageError
from qjmap.export.flat_frame import columns_of, plain_cells
from qjmap.export.legend import Legend
from qjmap.schema import COMPANIONS, DERIVED, ORIGINAL, WORD_COLUMNS

_MADE = datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
"""Creation date in the document's properties, fixed so that the bytes are reproducible."""
_WIDTHS = (8, 36)
"""Minimum and maximum width of a column, in widths of a digit."""
_SAMPLE = 200
"""Number of rows from which the width of a column is computed."""
_LONGEST = 32_767
"""Maximum number of characters in a cell of an .xlsx sheet."""
_ROWS = 1_048_575
"""Maximum number of rows of an .xlsx sheet below its header."""


def write_xlsx(path: Path, layers: Mapping[str, pd.DataFrame], legend: Legend) -> None:
    """Write tables to a workbook, a sheet for each.

    Raises
    ------
    UsageError : a table has more rows, or a cell more characters, than a sheet holds.
    """
    from xlsxwriter import Workbook  # start-up time: few commands write a workbook

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(path, options)
    book.set_properties({"title": legend.title, "created": _MADE, "comments": "\n".join(legend.credits)})
    head = book.add_format(
        {"bold": True, "font_color": "white", "bg_color": "#1F4E5F", "valign": "vcenter", "text_wrap": True}
    )
    added = book.add_format(
        {"bold": True, "font_color": "#1F4E5F", "bg_color": "#DCE6EA", "valign": "vcenter", "text_wrap": True}
    )
    formats = {"text": book.add_format({"num_format": "@"}), "date": book.add_format({"num_format": "yyyy-mm-dd"})}
    for name, frame in layers.items():
        sheet = book.add_worksheet(legend.table(name))
        if len(frame) > _ROWS:
            raise UsageError("export-failed", path=path.name, form="xlsx", detail=f"{name}: {len(frame)} > {_ROWS}")
        for at, (header, is_added, cells) in enumerate(_sheet_columns(name, frame, legend)):
            sheet.write_string(0, at, header, added if is_added else head)
            sheet.set_column(at, at, _width(header, cells), formats["text"] if _is_text(cells) else None)
            for row, cell in enumerate(cells, 1):
                _write(sheet, row, at, cell, formats, path)
        sheet.freeze_panes(1, min(2, len(frame.columns)))
        sheet.autofilter(0, 0, max(len(frame), 1), max(len(columns_of(frame)) - 1, 0))
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.repeat_rows(0)
    book.close()


def _sheet_columns(table: str, frame: pd.DataFrame, legend: Legend) -> list[tuple[str, bool, list[Any]]]:
    """Return for each column its header, whether the export adds it, and its cells.

    Values of vocabularies are replaced by their labels, or by the words as typed if the vocabulary lacks them; the separate columns of
    words as typed are left out.
    """
    names = columns_of(frame)
    cells = {name: plain_cells(frame[name]) for name in names}
    added = {*DERIVED.get(table, ()), *COMPANIONS[table]}
    columns = []
    for name in names:
        column = ORIGINAL.get(name, name)
        if name in WORD_COLUMNS and WORD_COLUMNS[name] in cells:
            continue
        says_words = name not in ORIGINAL  # orig_datum stays as typed
        values = [
            legend.word(table, column, cell) if says_words and isinstance(cell, str) else cell for cell in cells[name]
        ]
        words = next((word for word, of in WORD_COLUMNS.items() if of == name and word in cells), None)
        if words is not None:
            values = [word or value for word, value in zip(cells[words], values, strict=True)]
        columns.append((legend.column(table, column), name in added, values))
    return columns


def _write(sheet: Any, row: int, at: int, cell: Any, formats: Mapping[str, Any], path: Path) -> None:
    if cell is None:
        return
    if isinstance(cell, datetime.date):
        if cell.year >= 1900:  # .xlsx has no earlier dates; the column of dates as typed has them
            sheet.write_datetime(row, at, datetime.datetime(cell.year, cell.month, cell.day), formats["date"])
    elif isinstance(cell, str):
        if len(cell) > _LONGEST:
            raise UsageError("export-failed", path=path.name, form="xlsx", detail=f"{len(cell)} > {_LONGEST}")
        sheet.write_string(row, at, cell, formats["text"])
    else:
        sheet.write_number(row, at, cell)


def _is_text(cells: Sequence[Any]) -> bool:
    return not any(isinstance(cell, (int, float, datetime.date)) for cell in cells)


def _width(header: str, cells: Sequence[Any]) -> int:
    texts = [header, *(str(cell) for cell in cells[:_SAMPLE] if cell is not None)]
    longest = max(sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text) for text in texts)
    return min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1])
