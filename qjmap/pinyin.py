"""Pinyin readings of characters, as a table that is small enough for a page.

A page finds 北京 by beijing, bj or beij. For that it needs the readings of the characters in its tables, not of every row.
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
    """The full table: ``first`` and ``also`` (characters by syllable), ``names`` (syllables by place name).

    Origin and licence are in assets/pinyin/README.md.
    """
    source = files("qjmap").joinpath("assets", "pinyin", "readings.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(source)
    return table


def spelled(text: str) -> str:
    """Return a text with Chinese characters as their first readings, each in lower-case letters."""
    syllables = {one: syllable for syllable, several in readings()["first"].items() for one in several}
    return "".join(syllables.get(one, one) for one in text)


def characters(texts: Iterable[str]) -> frozenset[str]:
    """CJK characters of the basic block that occur in texts; one vectorized pass over each text."""
    seen = np.zeros(0x10000, dtype=bool)
    for text in texts:
        seen[np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")] = True
    return frozenset(chr(code) for code in np.flatnonzero(seen[0x4E00:0xA000]) + 0x4E00)


def restricted(alphabet: frozenset[str]) -> dict[str, dict[str, str]]:
    """The table restricted to an alphabet, in the same form; ``names`` are the place names spelled with it."""
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
