"""Pinyin readings of characters, as a table that is small enough for a page.

A page finds 北京 by beijing, bj or beij. For that it contains the readings of the characters in its tables, not the pinyin of each row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np


@cache
def readings() -> dict[str, Any]:
    """Return the full table of readings, which is loaded once.

    ``first`` maps a syllable to a text of the characters that usually have this reading, ``also`` to those that may have it; ``names`` maps
    a place name to its syllables, separated by spaces. Syllables have no tones. Origin and licence are in assets/pinyin/README.md.
    """
    source = files("qjmap").joinpath("assets", "pinyin", "readings.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(source)
    return table


def spelled(text: str) -> str:
    """Return a text with each Chinese character that has a reading replaced by its usual one, in lower-case letters; others stay."""
    syllables = {one: syllable for syllable, several in readings()["first"].items() for one in several}
    return "".join(syllables.get(one, one) for one in text)


def characters(texts: Iterable[str]) -> frozenset[str]:
    """Return the set of Chinese characters of the basic block (U+4E00 to U+9FFF) that occur in texts."""
    seen = np.zeros(0x10000, dtype=bool)
    for text in texts:
        seen[np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")] = True
    return frozenset(chr(code) for code in np.flatnonzero(seen[0x4E00:0xA000]) + 0x4E00)


def restricted(alphabet: frozenset[str]) -> dict[str, dict[str, str]]:
    """Return the part of the table of readings that concerns a set of characters, in the form of `readings`.

    Of ``names`` it has the place names that are written with these characters only.
    """
    table = readings()
    syllables = {
        part: {
            syllable: selected
            for syllable, all_characters in table[part].items()
            if (selected := "".join(character for character in all_characters if character in alphabet))
        }
        for part in ("first", "also")
    }
    names = {name: reading for name, reading in table["names"].items() if alphabet.issuperset(name)}
    return {**syllables, "names": names}
