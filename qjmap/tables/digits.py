"""Digits as people type them, in any script, as the digits 0 to 9."""

from __future__ import annotations

import re
import unicodedata

_DIGIT = re.compile(r"\d")
_MARKS: dict[int, str | None] = {ord("٫"): ".", ord("٬"): ",", **dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF))}
"""The Arabic decimal and thousands marks; what nobody sees goes."""


def plain_digits(text: str) -> str:
    """NFKC of a text, with the decimal digits of every script (full-width, Arabic, Devanagari ...) as 0 to 9 and without invisible marks."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return plain if plain.isascii() else _DIGIT.sub(_digit, plain.translate(_MARKS))


def _digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found[0]))


def holds_odd_numeral(text: str) -> bool:
    """Whether a superscript, a fraction or a circled digit stands where NFKC would make it part of a number.

    5½, 10² and the note mark of 2020¹ would become 51⁄2, 102 and 20201; behind a letter, as in m², it is no part of one.
    """
    return not text.isascii() and any(
        unicodedata.category(sign) == "No" and not text[at - 1 : at].isalpha() for at, sign in enumerate(text)
    )
