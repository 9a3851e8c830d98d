"""Find the datum in texts that have generic words around its name: WGS84坐标系, GCJ-02（高德）, 坐标系：百度."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from qjmap.grammar import grammar
from qjmap.vocabulary import BUILT_IN


def find_datum(text: str) -> str | None:
    """Return the datum that a text names; None if it names none or several, or says anything else.

    The text is split at brackets and separators. A part that is no known name is split again between Chinese and Latin letters. Every
    part must name the same datum, except generic words such as 坐标系.
    """
    rules = _patterns()
    plain = rules["before"].sub("", unicodedata.normalize("NFKC", text).strip())
    datums = {datum for part in rules["between"].split(plain) for datum in _datums(part, rules)}
    return datums.pop() if len(datums) == 1 else None


def _datums(part: str, rules: Mapping[str, re.Pattern[str]]) -> set[str | None]:
    """Return the datums that a part of a text names; None if it holds any other words."""
    datum = _datum(part, rules)
    if datum:
        return {datum}
    pieces = rules["letters"].split(part)
    return {_datum(piece, rules) for piece in pieces if rules["after"].sub("", piece).strip()}


def _datum(part: str, rules: Mapping[str, re.Pattern[str]]) -> str | None:
    """Return the datum that a part of a text names, with or without a generic word after it; None for none."""
    return BUILT_IN.find(part, "datum") or BUILT_IN.find(rules["after"].sub("", part), "datum")


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Return name -> pattern: `before` matches a label at the start, `after` generic words at the end, `between` separators, and
    `letters` positions between Chinese and Latin letters.
    """
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in grammar("datums").items()}
