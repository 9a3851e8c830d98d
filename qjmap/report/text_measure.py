"""Estimated widths of texts, and their lines in a width, for what is laid out here and drawn by another program.

Fonts differ between machines, so widths are those of a wide face (DejaVu Serif): a line that fits here fits in narrower ones.
"""

from __future__ import annotations

import re
import unicodedata

_NARROW, _WIDE = frozenset("ijlftrI.,:;'|!()[]-/ "), frozenset("mwMW%@")
_WORD = re.compile(r"\s+|[^\s\u1100-\uffff]+|.", re.DOTALL)
"""Pieces between which a line may break: blanks, words of an alphabet, single Chinese characters."""
_NO_START = frozenset("，。、；：？！）》〉」』】〕”’…,.;:?!)]}%")
"""Characters that begin no line."""


def text_width(words: str) -> float:
    """Return the width of a text in em."""
    return sum(_character_width(one) for one in words)


def widest_word(words: str) -> float:
    """Return the width in em of the longest piece of a text that no line break divides."""
    return max((text_width(one) for one in _WORD.findall(words)), default=0.0)


def wrap(words: str, width: float) -> list[str]:
    """Return the lines of a text, at least one, which joined are the text; a word that is longer than a line is divided.

    Parameters
    ----------
    width : of a line in em; a line holds at least one character, however narrow it is.
    """
    lines, line, used = [], "", 0.0
    for piece in _pieces(words, width):
        size = text_width(piece)
        if line and used + size > width and not piece.isspace() and piece not in _NO_START:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + piece, used + size
    return [*lines, line]


def _pieces(words: str, width: float) -> list[str]:
    """Return the pieces between which a line may break; of a word that is longer than a line, its characters."""
    return [
        part
        for piece in _WORD.findall(words)
        for part in (piece if text_width(piece) > width and not piece.isspace() else (piece,))
    ]


def _character_width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in _NARROW:
        return 0.42
    return 1.0 if character in _WIDE else 0.78 if character.isupper() else 0.64
