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
"""Table for `str.translate`: Arabic decimal and thousands separators become point and comma, invisible characters are removed."""


def plain_digits(text: str) -> str:
    """Return the NFKC form of a text with the decimal digits of every script (full-width, Arabic, Devanagari) as 0 to 9, the Arabic
    decimal and thousands separators as point and comma, and without invisible characters.
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return plain if plain.isascii() else _DIGIT.sub(_ascii_digit, plain.translate(_MARKS))


def _ascii_digit(match: re.Match[str]) -> str:
    return str(unicodedata.decimal(match[0]))


def holds_odd_numeral(text: str) -> bool:
    """Whether NFKC would turn a superscript, fraction or circled digit of a text into part of a number.

    5½, 10² and 2020¹ (a footnote mark) would become 51⁄2, 102 and 20201. After a letter, as in m², such a sign does no harm.
    """
    return not text.isascii() and any(
        unicodedata.category(character) == "No" and not text[index - 1 : index].isalpha()
        for index, character in enumerate(text)
    )
