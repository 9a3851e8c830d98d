"""How the tables of a document are laid out: widths of columns by their texts, columns of numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SHORT = 8
"""Rows, with the head, up to which a table stays on one page."""
_MOST = 36
"""Half-width characters from which a longer text makes a column no wider: it is wrapped."""
_LEAST = 5
_NUMBER = re.compile(r"(?:[约~≈]|about)?\s*-?[\d,]*\.?\d+|")


def column_widths(rows: Sequence[Sequence[str]], whole: int) -> list[int]:
    """Return the widths of columns, which add up to the whole, by the longest text of each; Chinese characters count twice.

    Parameters
    ----------
    rows : of texts, the head first, which may be wrapped within its words.
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
    """Return the columns with nothing but numbers and empty cells beneath the head, which are aligned to the right."""
    _, *body = rows
    return {
        column
        for column in range(len(rows[0]))
        if any(row[column].strip() for row in body) and all(_NUMBER.fullmatch(row[column].strip()) for row in body)
    }


def _length(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)
