"""Estimate widths of texts and wrap them, for slides that are laid out here and drawn by another program.

Fonts differ between machines, so widths are those of a wide typeface (DejaVu Serif): a line that fits here fits in narrower ones.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_NARROW, _WIDE = frozenset("ijlftrI.,:;'|!()[]-/ "), frozenset("mwMW%@")
_WORD = re.compile(r"\s+|[^\s\u1100-\uffff]+|.", re.DOTALL)
"""Pieces between which a line may break: blanks, words of an alphabet, single Chinese characters."""
_NO_START = frozenset("，。、；：？！）》〉」』】〕”’…,.;:?!)]}%")
"""Characters that begin no line."""


_BOLD = 1.15
"""Factor by which bold letters are wider than regular ones; it does not apply to Chinese characters."""
_JOINT = 0.25
"""Space in em that programs leave between a Chinese character and a letter or digit."""


def text_width(words: str, *, is_bold: bool = False) -> float:
    """Return the width of a text in em."""
    joints = sum(_is_joint(one, other) for one, other in pairwise(words))
    return sum(_character_width(one, is_bold) for one in words) + _JOINT * joints


def widest_word(words: str, *, is_bold: bool = False) -> float:
    """Return the width in em of the widest part of a text between two possible line breaks; 0 for ""."""
    return max((text_width(one, is_bold=is_bold) for one in _WORD.findall(words)), default=0.0)


def wrap(words: str, width: float, *, is_bold: bool = False) -> list[str]:
    """Return a text wrapped into lines, at least one; joined, they are the text again. A word that is longer than a line is divided.

    Blanks and closing punctuation marks stay on their line even if it then exceeds the width.

    Parameters
    ----------
    width : width of a line in em; a line holds at least one character, however narrow it is.
    """
    lines, line, used = [], "", 0.0
    for piece in _pieces(words, width, is_bold):
        size = text_width(piece, is_bold=is_bold) + (_JOINT if line and _is_joint(line[-1], piece[0]) else 0.0)
        if line and used + size > width and not piece.isspace() and piece not in _NO_START:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + piece, used + size
    return [*lines, line]


def _pieces(words: str, width: float, is_bold: bool) -> list[str]:
    """Return the parts of a text between which a line may break; of a word that is longer than a line, its characters."""
    return [
        part
        for piece in _WORD.findall(words)
        for part in (piece if text_width(piece, is_bold=is_bold) > width and not piece.isspace() else (piece,))
    ]


def _is_joint(one: str, other: str) -> bool:
    return (one.isalnum() and other.isalnum()) and _is_full(one) != _is_full(other)


def _is_full(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"


def _character_width(character: str, is_bold: bool) -> float:
    if _is_full(character):
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    width = 0.42 if character in _NARROW else 1.0 if character in _WIDE else 0.78 if character.isupper() else 0.64
    return width * _BOLD if is_bold else width
