"""What the reader of workbooks does not tell about a worksheet, and how large worksheets may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from qjmap.errors import UsageError
from qjmap.tables.limits import MB, check_limit, limit, variable
from qjmap.tables.number_formats import Format

ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!")
)
"""The error values that spreadsheets show, in every language the same."""

ODD_ERROR = re.compile(r"Err:5\d\d")
"""LibreOffice's other ones."""

_EPOCH = datetime(1899, 12, 30)
_DURATION = re.compile(r"PT(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7}(?:\.\d{1,9})?)S)?")

Cell = tuple[int, int]
"""Row and column, both from 0."""


@dataclass(slots=True)
class Hints:
    """What stands behind the cells of one worksheet.

    Attributes
    ----------
    shown : cell -> the text it shows, where its format makes something else of its number.
    padded : cell -> the number of digits that its format shows.
    yearless : dates of which a day or month is shown, and no year.
    unsaved : formulas whose result the file does not hold.
    blank : formulas whose result is empty or not there; the file does not tell which.
    errors : cell -> the error it holds, which the reader of workbooks gives as an empty cell.
    merged : first and last cell of merged ranges, where the reader of workbooks does not tell them.
    """

    shown: dict[Cell, str] = field(default_factory=dict)
    padded: dict[Cell, int] = field(default_factory=dict)
    yearless: set[Cell] = field(default_factory=set)
    unsaved: set[Cell] = field(default_factory=set)
    blank: set[Cell] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)
    merged: list[tuple[Cell, Cell]] = field(default_factory=list)

    def note_format(self, form: Format, at: Cell, value: str | float, since_1904: bool = False) -> None:
        """Put in what a format makes of a number, or of a date or duration in ISO form."""
        if form.zeros:
            self.padded[at] = form.zeros
        elif form.show is not None and (told := _number(value)) is not None:
            number, counted = told
            text = form.show(number, since_1904 and counted)
            if text is not None:
                self.shown[at] = text
                if form.yearless:
                    self.yearless.add(at)


@dataclass(slots=True)
class Sheet:
    """One worksheet of a workbook, and what was found in it before any cell of it is read.

    Attributes
    ----------
    part : where the workbook keeps it: a member of the package, or the place of its first record.
    hidden : nobody sees it who opens the workbook.
    """

    name: str
    part: str = ""
    hidden: bool = False
    found: Hints = field(default_factory=Hints)


class Extent:
    """How far the worksheets of a workbook reach, and how much text is in them, held against the limits.

    The reader of workbooks makes a cell for everything up to the last cell, so one stray cell can be more than fits.

    Parameters
    ----------
    shown : the file as messages show it.
    letter : the letter of a column counted from 0.
    """

    def __init__(self, shown: str, letter: Callable[[int], str]) -> None:
        self.shown = shown
        self._letter = letter
        self._cells = 0
        self._text = self._told = 0

    def add(self, rows: int, columns: int, sheet: str) -> None:
        """Count a worksheet that reaches to a row and column, both from 1.

        Raises
        ------
        UsageError : `sheet-too-large`, the worksheets so far are more cells than the limit admits.
        """
        self._cells += rows * columns
        if self._cells > (most := limit("cells")):
            raise UsageError(
                "sheet-too-large", path=self.shown, sheet=sheet, row=rows, letter=self._letter(max(columns, 1) - 1), most=most,
                variable=variable("cells"),
            )  # fmt: skip

    def add_text(self, characters: int) -> None:
        """Count characters of cells.

        Raises
        ------
        UsageError : `file-limit`, the cells hold more text than the limit admits.
        """
        self._text += characters
        if self._text > self._told:  # the limit is looked up once in a while
            self._told = self._text + MB
            check_limit("text_mb", self._text / MB, shown=self.shown)


def _number(value: str | float) -> tuple[float, bool] | None:
    """A number, or the day count since 1900 of a date or duration in ISO form; and whether it was a number."""
    try:
        return float(value), True
    except ValueError:
        pass
    if match := _DURATION.fullmatch(str(value)):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return (hours * 3600 + minutes * 60 + seconds) / 86_400, False
    try:
        when = datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None
    return (when - _EPOCH).total_seconds() / 86_400, False


def is_error(cell: str) -> bool:
    """Whether a cell shows an error instead of a value."""
    return cell in ERRORS or ODD_ERROR.fullmatch(cell) is not None
