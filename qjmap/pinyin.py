"""How the characters of names are read: a table small enough to travel with a page.

A page finds 綦江 by qijiang, by qj and by qij. What it needs for that is the readings of the characters that its tables
hold, whatever their number of rows: nothing is written for a row.
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
    """The whole table: ``first`` and ``also`` (syllable -> characters), ``names`` (place name -> syllables).

    Origin and licence stand in assets/pinyin/README.md.
    """
    source = files("qjmap").joinpath("assets", "pinyin", "readings.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(source)
    return table


def characters(texts: Iterable[str]) -> frozenset[str]:
    """The CJK characters of the basic block that texts hold; a long text costs one pass over its bytes."""
    seen = np.zeros(0x10000, dtype=bool)
    for text in texts:
        seen[np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")] = True
    return frozenset(chr(code) for code in np.flatnonzero(seen[0x4E00:0xA000]) + 0x4E00)


def restricted(wanted: frozenset[str]) -> dict[str, dict[str, str]]:
    """The table for these characters alone, in the same form; ``names`` are those that can be written with them."""
    whole = readings()
    kept = {
        part: {
            syllable: of_them
            for syllable, all_of_them in whole[part].items()
            if (of_them := "".join(one for one in all_of_them if one in wanted))
        }
        for part in ("first", "also")
    }
    return {**kept, "names": {name: read for name, read in whole["names"].items() if wanted.issuperset(name)}}
