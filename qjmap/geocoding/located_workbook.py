"""The result of `locate --file` as a workbook: the located rows, and on a second worksheet the list of unresolved texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.geocoding.choice_list import HEADER, SHEET

LOCATED_SHEET = "located"
MOST_ROWS = 1_048_576
"""Maximum number of rows of a worksheet, its header included."""
_NUMBERS = frozenset(("lon", "lat", "radius_m", "score"))
_MADE = datetime(2026, 1, 1)  # stated as the date of creation, so that the same input gives the same bytes
_MARKED = {"bold": True, "bg_color": "#FFF2CC"}


def located_workbook(located: Path, choices: Sequence[Sequence[str]]) -> bytes:
    """Return the bytes of an .xlsx workbook.

    Parameters
    ----------
    located : the rows as CSV (UTF-8 with BOM), header first.
    choices : header and lines of the list (`choice_list`); empty for none.

    Raises
    ------
    UsageError : there are more rows than a worksheet holds.
    """
    from xlsxwriter import Workbook  # start-up time: only for a workbook

    out = io.BytesIO()
    book = Workbook(out, {"constant_memory": True})
    book.set_properties({"created": _MADE, "comments": "qjmap"})
    head, mark = book.add_format({"bold": True}), book.add_format(_MARKED)
    sheets = [book.add_worksheet(LOCATED_SHEET)] + ([book.add_worksheet(SHEET)] if choices else [])
    with located.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        sheets[0].write_row(0, 0, header, head)
        numbers = [index for index, name in enumerate(header) if name.removeprefix("qjmap_") in _NUMBERS]
        for at, row in enumerate(rows, 1):
            if at >= MOST_ROWS:
                raise UsageError("workbook-too-long", rows=MOST_ROWS - 1)
            _write(sheets[0], at, row, numbers)
    if choices:
        sheet = sheets[1]
        for column, name in enumerate(HEADER):
            sheet.write_string(0, column, name, mark if name == "choice" else head)
        for at, line in enumerate(choices[1:], 1):
            _write(sheet, at, line, ())
    for sheet in sheets:
        sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _write(sheet: Any, at: int, row: Sequence[str], numbers: Sequence[int]) -> None:
    for column, cell in enumerate(row):
        if not cell:
            continue
        if column in numbers and _is_number(cell):
            sheet.write_number(at, column, float(cell))
        else:
            sheet.write_string(at, column, cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return cell.isascii()
