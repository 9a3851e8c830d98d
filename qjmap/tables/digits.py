"""Digits of any script -> the digits 0 to 9."""

from __future__ import annotations

import re
import unicodedata

_DIGIT = re.compile(r"\d")
_MARKS: dict[int, str | None] = {
    ord("٫"): ".",
    ord("٬"): ",",
    **dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF)),
}
"""The Arabic decimal and thousands separators; invisible characters are removed."""


def plain_digits(text: str) -> str:
    """NFKC of a text, with the decimal digits of every script (full-width, Arabic, Devanagari) as 0 to 9 and without invisible marks."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return plain if plain.isascii() else _DIGIT.sub(_ascii_digit, plain.translate(_MARKS))


def _ascii_digit(match: re.Match[str]) -> str:
    return str(unicodedata.decimal(match[0]))


def holds_odd_numeral(text: str) -> bool:
    """Whether a superscript, fraction or circled digit would become part of a number by NFKC.

    5½, 10² and the footnote mark of 2020¹ would become 51⁄2, 102 and 20201; behind a letter, as in m², it is no part of a number.
    """
    return not text.isascii() and any(
        unicodedata.category(character) == "No" and not text[index - 1 : index].isalpha()
        for index, character in enumerate(text)
    )
