"""What the reader of workbooks does not tell about a worksheet, and what the readers of hints have in common."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.etree import ElementTree

ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!")
)
"""The error values that spreadsheets show, in every language the same."""

ODD_ERROR = re.compile(r"Err:5\d\d")
"""LibreOffice's other ones."""

LARGEST = 512 * 1024 * 1024
"""Bytes of one part of a workbook, unpacked; more is no office table."""

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    EOFError,
    LookupError,
    ValueError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
"""What reading a damaged archive raises."""

Cell = tuple[int, int]
"""Row and column, both from 0."""


@dataclass(slots=True)
class Hints:
    """What stands behind the cells of one worksheet.

    Attributes
    ----------
    padded : cell -> the number of digits that its format shows.
    unsaved : formulas whose result the file does not hold.
    blank : formulas whose result is empty or not there; the file does not tell which.
    errors : cell -> the error it holds, which the reader of workbooks gives as an empty cell.
    merged : first and last cell of merged ranges, where the reader of workbooks does not tell them.
    """

    padded: dict[Cell, int] = field(default_factory=dict)
    unsaved: set[Cell] = field(default_factory=set)
    blank: set[Cell] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)
    merged: list[tuple[Cell, Cell]] = field(default_factory=list)


def is_error(cell: str) -> bool:
    """Whether a cell shows an error instead of a value."""
    return cell in ERRORS or ODD_ERROR.fullmatch(cell) is not None
