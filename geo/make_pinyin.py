"""Make qjmap/assets/pinyin: the readings of characters without tones, with the reading that place names have first.

The readings of a character are those of pypinyin. The first one is chosen by the places of GeoNames, which have their official pinyin
beside the characters: 朝阳 is Chaoyang there, but zhaoyang in a dictionary of words.
"""

import json
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Final

from _source_packages import towns
from pypinyin import Style, pinyin
from pypinyin.contrib.tone_convert import to_normal, to_tone3
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

_ASSETS: Final = Path(__file__).resolve().parent.parent / "qjmap" / "assets"
OUT: Final = _ASSETS / "pinyin" / "readings.json"
_BASIC: Final = range(0x4E00, 0xA000)
_KINDS: Final = ("自治县", "地区", "街道", "县", "市", "区", "镇", "乡", "村", "州", "省")
_SHARE: Final = 0.02
"""Minimum share of the occurrences of a character in words that a reading must have; nobody types rarer ones."""
_LONGEST: Final = 6
"""Maximum length in characters of a place name whose reading is derived."""
_NOT_PLACES: Final = ("马尾",)
"""Words whose reading in the dictionary is not that of the place of this name: 马尾 is the place Mawei, and the tail of a horse."""
_COMMON: Final = 50
"""Number of occurrences in words from which a reading that a character has in none of them is ruled out in place names too (青 as
jing)."""


def _plain(reading: str) -> str:
    """Return a reading as people type it: without the tone, and with v for ü."""
    return to_normal(reading, v_to_u=False)


def _in_words() -> dict[str, Counter[str]]:
    """Return character -> number of words for each of its readings, in the dictionary of pypinyin."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for word, readings in phrases_dict.items():
        if len(word) == len(readings):
            for character, reading in zip(word, readings, strict=True):
                found[character][_plain(reading[0])] += 1
    return found


def _known(character: str) -> list[str]:
    return list(dict.fromkeys(_plain(one) for one in pinyin_dict[ord(character)].split(",")))


def _spellings(written: str, name: str, words: dict[str, Counter[str]]) -> Iterator[tuple[str, ...]]:
    """Yield each choice of readings for the characters of a name that spells the given pinyin.

    Parameters
    ----------
    written : pinyin of the name as one word.
    words : as `_in_words` returns it.
    """
    likely = [[one for one in _known(c) if words[c][one] or words[c].total() < _COMMON] for c in name]
    for reading in product(*likely):
        if "".join(reading).replace("v", "u") == written:
            yield reading


def _stem(name: str) -> str:
    end = next((one for one in _KINDS if name.endswith(one) and len(name) - len(one) >= 2), "")
    return name.removesuffix(end)


def unit_names() -> dict[str, tuple[str, ...]]:
    """Return name -> syllables, of administrative units whose names are words in the dictionary of pypinyin: 六安 is lu an."""
    units = json.loads(zlib.decompress((_ASSETS / "gazetteer" / "units.json.z").read_bytes()))
    found = {}
    for name in sorted(set(units["name"])):
        for form in (name, _stem(name)):
            if form in phrases_dict and form not in _NOT_PLACES and all(ord(one) in _BASIC for one in form):
                found[form] = tuple(_plain(one[0]) for one in phrases_dict[form])
    return found


def place_names() -> dict[str, tuple[str, ...]]:
    """Return name -> syllables, of places of GeoNames in China whose official pinyin allows exactly one choice of readings."""
    read: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    words = _in_words()
    for town in towns():
        if town.country != "CN":
            continue
        written = "".join(one for one in town.name.lower().replace("ü", "u") if one.isascii() and one.isalpha())
        for name in {
            _stem(one) for one in town.names if one and all(ord(c) in _BASIC and ord(c) in pinyin_dict for c in one)
        }:
            found = list(_spellings(written, name, words)) if 2 <= len(name) <= _LONGEST else []
            if len(found) == 1:
                read[name][found[0]] += 1
    return {name: votes.most_common(1)[0][0] for name, votes in sorted(read.items()) if _clear(votes)}


def _clear(votes: Counter[tuple[str, ...]]) -> bool:
    """Whether more places of a name have its most frequent reading than any other. Otherwise the name gets no reading of its own."""
    (_, most), *rest = votes.most_common(2)
    return not rest or most > rest[0][1]


def readings(names: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Return character -> readings, of the characters of the basic block. The reading in place names comes first, else the usual one."""
    words, votes = _in_words(), defaultdict[str, Counter[str]](Counter)
    for name, reading in names.items():
        for character, syllable in zip(name, reading, strict=True):
            votes[character][syllable] += 1
    found = {}
    for code in _BASIC:
        if code not in pinyin_dict:
            continue
        character = chr(code)
        usual = _plain(pinyin(character, style=Style.TONE)[0][0])
        voted = votes[character].most_common(1)
        first = voted[0][0] if voted and voted[0][1] >= 2 else usual
        used = words[character]
        kept = [one for one, times in used.most_common() if times >= max(2, _SHARE * used.total())]
        found[character] = list(dict.fromkeys([first, usual, *sorted(votes[character]), *kept]))
    return found


def exceptions(names: dict[str, tuple[str, ...]], read: dict[str, list[str]]) -> dict[str, str]:
    """Return name -> syllables joined by spaces, of place names that differ from the first readings of their characters: 乐清 is yue qing."""
    found = {}
    for name, reading in names.items():
        if reading != tuple(read[one][0] for one in name):
            # A longer name that contains a listed shorter one is read by that.
            if any(part != name and part in found for part in _parts(name)):
                continue
            found[name] = " ".join(reading)
    return found


def _parts(name: str) -> Iterable[str]:
    return (name[start:end] for start in range(len(name)) for end in range(start + 2, len(name) + 1))


def _order(character: str) -> tuple[str, int]:
    return to_tone3(pinyin(character)[0][0], neutral_tone_with_five=True), ord(character)


def main(out: str = str(OUT)) -> None:
    """Write the table: `first` and `also` (syllable -> characters with this first or further reading) and `names` (exceptions)."""
    # The pinyin of a place in GeoNames counts before the reading of the word in the dictionary.
    names = {**unit_names(), **place_names()}
    read = readings(names)
    first: dict[str, list[str]] = defaultdict(list)
    also: dict[str, list[str]] = defaultdict(list)
    for character, all_of_it in read.items():
        first[all_of_it[0]].append(character)
        for one in all_of_it[1:]:
            also[one].append(character)
    table = {
        "first": {one: "".join(sorted(first[one], key=_order)) for one in sorted(first)},
        "also": {one: "".join(sorted(also[one])) for one in sorted(also)},
        "names": exceptions(dict(sorted(names.items(), key=lambda item: (len(item[0]), item[0]))), read),
    }
    text = json.dumps(table, ensure_ascii=False, indent=0)
    Path(out).write_text(text + "\n", encoding="utf-8", newline="\n")
    print(
        f"{len(read)} characters, {len(names)} place names, {len(table['names'])} exceptions, {len(text.encode())} bytes"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
