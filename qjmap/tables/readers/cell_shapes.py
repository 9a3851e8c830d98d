"""What cells look like (number, date, web address, text ...), and whether a row looks like the rows of data below it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SHAPES = (
    ("integer", re.compile(r"[-+]?(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3})+)")),
    (
        "decimal",
        re.compile(
            r"[-+]?[0-9]*\.[0-9]+(?:e[-+]?[0-9]+)?°?[nsew]?|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"
            r"|[-+]?[0-9]+(?:\.[0-9]+)?[°度].*|[nsew东西南北][0-9].*"
        ),
    ),
    ("date", re.compile(r"[0-9]{4}([-/.年])[0-9]{1,2}[-/.月][0-9]{1,2}日?(?: [0-9:]+)?")),
    ("url", re.compile(r"(?:https?://|www\.)\S+")),
    ("pair", re.compile(r"[-+]?[0-9]{1,3}\.[0-9]+[,; |]+[-+]?[0-9]{1,3}\.[0-9]+")),
    ("phone", re.compile(r"\+?[0-9][0-9 -]{6,18}")),
)
_NUMBERS = frozenset(("integer", "decimal"))
_YEARS = range(1900, 2101)
_ALIKE = 0.6
"""Share of the cells in a column that must have the shape of the cell above them, for that cell to look like data."""

Row = Sequence[str]


def shape(cell: str) -> str:
    """Return what the text of a cell looks like.

    It is "integer" (up to nine digits, or with thousands separators), "decimal" (a decimal number, or an angle such as 106°39′), "date"
    (year, month and day), "url", "pair" (two decimal numbers: longitude and latitude in one cell), "phone" (more digits than an integer
    has, or digits with spaces or hyphens, in all at least seven characters), or "text" for anything else; "" for a cell without a letter
    or digit.
    """
    text = unicodedata.normalize("NFKC", cell).strip().casefold()
    if not any(map(str.isalnum, text)):
        return ""
    return next((name for name, pattern in _SHAPES if pattern.fullmatch(text)), "text")


def is_data(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row looks like data: it has numbers, dates or web addresses in the columns in which the rows below have them, and no word
    in such a column.

    Years above other numbers (2019, 2020) and a row that counts the columns (1, 2, 3) are a header.
    """
    shapes = [shape(cell) for cell in row]
    if not {*shapes} - {"", "text"} or _counts_columns(row, shapes):
        return False
    evidence = False
    for index, own in enumerate(shapes):
        others = [row[index] for row in below if index < len(row) and row[index].strip()]
        kinds = [kind for kind in map(shape, others) if kind]
        typed = sum(kind != "text" for kind in kinds)
        if own == "text" and typed > 1 and typed >= 0.8 * len(kinds):
            return False
        if own in ("", "text") or (own == "integer" and (not kinds or _is_year_header(row[index], others))):
            continue
        alike = sum(kind == own or {kind, own} <= _NUMBERS for kind in kinds)
        evidence |= alike >= _ALIKE * len(kinds)
    return evidence


def _counts_columns(row: Row, shapes: Sequence[str]) -> bool:
    """Whether the filled cells of a row, at least two, are 0, 1, 2 ... or 1, 2, 3 ... in order."""
    filled = [index for index, kind in enumerate(shapes) if kind]
    if len(filled) < 2 or any(shapes[index] != "integer" for index in filled):
        return False
    numbers = [int(re.sub(r"[^0-9-]", "", unicodedata.normalize("NFKC", row[index]))) for index in filled]
    return numbers in ([*range(len(numbers))], [*range(1, len(numbers) + 1)])


def _is_year_header(cell: str, below: Sequence[str]) -> bool:
    """Whether a cell is a year while some cell below it is not."""
    return _is_year(cell) and not all(map(_is_year, below))


def _is_year(cell: str) -> bool:
    text = unicodedata.normalize("NFKC", cell).strip()
    return len(text) == 4 and text.isdecimal() and int(text) in _YEARS
