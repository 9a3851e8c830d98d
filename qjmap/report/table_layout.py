"""Layout of the tables of a document: widths of columns by the lengths of their texts, and which columns hold numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SHORT = 8
"""Maximum number of rows, headers included, of a table that is kept on one page."""
_MOST = 36
"""Maximum length of a text, in half-width characters, that counts for the width of its column; longer texts are wrapped."""
_LEAST = 5
_NUMBER = re.compile(r"(?:[约~≈]|about)?\s*-?[\d,]*\.?\d+|")


def column_widths(rows: Sequence[Sequence[str]], whole: int) -> list[int]:
    """Return the width of each column, by the length of its longest text; the widths add up to `whole`.

    Full-width characters (Chinese) count twice. A header counts only up to eight half-width characters, since it may be wrapped.

    Parameters
    ----------
    rows : rows of texts, that of the headers first.
    whole : width of the table in any unit.
    """
    head, *body = rows
    needs = []
    for column, title in enumerate(head):
        longest = max((_length(row[column]) for row in body), default=0)
        needs.append(max(_LEAST, min(longest, _MOST), min(_length(title), _LEAST + 3)) + 2)
    widths = [whole * need // sum(needs) for need in needs]
    widths[0] += whole - sum(widths)
    return widths


def numeric_columns(rows: Sequence[Sequence[str]]) -> set[int]:
    """Return the indices of the columns that hold only numbers and empty cells below the header, and at least one number."""
    _, *body = rows
    return {
        column
        for column in range(len(rows[0]))
        if any(row[column].strip() for row in body) and all(_NUMBER.fullmatch(row[column].strip()) for row in body)
    }


def _length(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)
