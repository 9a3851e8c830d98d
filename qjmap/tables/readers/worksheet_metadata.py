"""Metadata of a worksheet that is needed before calamine reads it (visibility, size), or that calamine does not report (display texts,
errors, unsaved formulas).

One module per kind of workbook (`xlsx_metadata`, `xlsb_metadata`, `xls_metadata`, `ods_metadata`) collects it in a first pass, before
calamine reads the cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from qjmap.errors import UsageError
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers.grid import column_letter
from qjmap.tables.readers.limits import MB, check_limit, limit, variable
from qjmap.tables.readers.number_formats import Format

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""Size of a worksheet of Excel since 2007 (ECMA-376)."""

_ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!")
)
"""Error values as workbooks store them, whatever the language of the program that shows them."""
_LIBREOFFICE_ERROR = re.compile(r"Err:5\d\d")
_EPOCH = datetime(1899, 12, 30)
_DURATION = re.compile(r"PT(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7}(?:\.\d{1,9})?)S)?")

Cell = tuple[int, int]
"""Row and column, both counted from 0."""
Range = tuple[Cell, Cell]
"""First and last cell of a range."""


@dataclass(slots=True)
class CellMetadata:
    """Metadata of the cells of one worksheet.

    Attributes
    ----------
    display_texts : cell -> text that its number format shows, if it differs from the plain number.
    padded : cell -> minimum number of digits that its format shows (leading zeros).
    yearless : dates whose format shows a day or month but no year.
    unsaved : formulas whose result the file does not hold.
    blank : formulas whose result is empty or missing; the file does not tell which.
    errors : cell -> error value; calamine returns an empty cell for it.
    merged : merged ranges. The first pass finds those that calamine does not report; `workbook` adds those that it reports.
    """

    display_texts: dict[Cell, str] = field(default_factory=dict)
    padded: dict[Cell, int] = field(default_factory=dict)
    yearless: set[Cell] = field(default_factory=set)
    unsaved: set[Cell] = field(default_factory=set)
    blank: set[Cell] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)

    def add_formatted(self, cell: Cell, value: str | float, number_format: Format, since_1904: bool = False) -> None:
        """Record the text that a format shows for the value of a cell: a number, or a date or duration in ISO form.

        Parameters
        ----------
        since_1904 : whether the serial dates of the workbook count from 1904.
        """
        if number_format.zeros:
            self.padded[cell] = number_format.zeros
        elif number_format.display is not None and (serial := _serial_number(value)) is not None:
            number, is_numeric = serial
            text = number_format.display(number, since_1904 and is_numeric)
            if text is not None:
                self.display_texts[cell] = text
                if number_format.yearless:
                    self.yearless.add(cell)
            elif is_numeric:  # calamine makes a date of any number under a date format, even of a negative one
                self.display_texts[cell] = plain_number(number)

    def add_row(self, metadata: CellMetadata, row: int) -> None:
        """Copy the metadata of cells in row 0, apart from blank formulas and merged ranges, to the same columns of `row`."""
        self.display_texts |= {(row, column): text for (_, column), text in metadata.display_texts.items()}
        self.padded |= {(row, column): digits for (_, column), digits in metadata.padded.items()}
        self.yearless |= {(row, column) for _, column in metadata.yearless}
        self.unsaved |= {(row, column) for _, column in metadata.unsaved}
        self.errors |= {(row, column): text for (_, column), text in metadata.errors.items()}


@dataclass(slots=True)
class Worksheet:
    """One worksheet of a workbook.

    Attributes
    ----------
    name : name of the worksheet; "" for .xls until calamine has reported it.
    part : where the workbook stores it: the member of the package, or for .xls the offset of its first record; "" for other kinds.
    hidden : whether the worksheet is invisible in the opened workbook.
    cells : what was found out about its cells.
    """

    name: str
    part: str = ""
    hidden: bool = False
    cells: CellMetadata = field(default_factory=CellMetadata)


@dataclass(slots=True)
class UsedRange:
    """The part of a worksheet that holds cells.

    Attributes
    ----------
    rows, columns : numbers of rows and columns up to the last cell.
    filled_columns : columns that hold a cell, counted from 1 for .xlsx, else from 0; only their number matters.
    """

    rows: int = 0
    columns: int = 0
    filled_columns: set[int] = field(default_factory=set)

    def add(self, row: int, column: int) -> None:
        """Extend the range by a cell, whose row and column count from 0. (No calls of `max`: this runs for every cell.)"""
        if row >= self.rows:
            self.rows = row + 1
        if column >= self.columns:
            self.columns = column + 1
        self.filled_columns.add(column)


class WorkbookSize:
    """Number of cells and characters in the worksheets of a workbook, checked against the limits.

    calamine allocates every cell up to the last one, so one stray cell can need more memory than there is.

    Parameters
    ----------
    shown : the file's name in messages.
    """

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self._cells = 0
        self._characters = self._check_from = 0

    def add_worksheet(self, used: UsedRange, name: str) -> None:
        """Count the cells of a worksheet.

        Raises
        ------
        UsageError : `sheet-too-large`, the worksheets so far have more cells than the limit; `file-limit`, this one has more columns.
        """
        self._cells += used.rows * used.columns
        if self._cells > (most := limit("cells")):
            raise UsageError(
                "sheet-too-large", path=self.shown, sheet=name, row=used.rows, letter=column_letter(max(used.columns, 1) - 1),
                most=most, variable=variable("cells"),
            )  # fmt: skip
        check_limit("columns", len(used.filled_columns), shown=self.shown)

    def add_text(self, characters: int) -> None:
        """Count characters of cells.

        Raises
        ------
        UsageError : `file-limit`, the cells hold more text than the limit.
        """
        self._characters += characters
        if self._characters > self._check_from:  # look the limit up only once per megabyte
            self._check_from = self._characters + MB
            check_limit("text_mb", self._characters / MB, shown=self.shown)


def _serial_number(value: str | float) -> tuple[float, bool] | None:
    """Return (number, True) for a number, (days since 1899-12-30, False) for a date and (days, False) for a duration in ISO form; None for
    other texts.
    """
    try:
        return float(value), True
    except ValueError:
        pass
    if match := _DURATION.fullmatch(str(value)):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return (hours * 3600 + minutes * 60 + seconds) / 86_400, False
    try:
        moment = datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None
    return (moment - _EPOCH).total_seconds() / 86_400, False


def is_error(cell: str) -> bool:
    """Whether the text of a cell is an error value of a spreadsheet."""
    return cell in _ERRORS or _LIBREOFFICE_ERROR.fullmatch(cell) is not None
