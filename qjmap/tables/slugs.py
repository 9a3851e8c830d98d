"""Slugs of names, from which ids are made: pinyin, letters and digits in lower-case ASCII, 3D建筑打印 -> 3d-jianzhudayin."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_KEPT = string.ascii_lowercase + string.digits + "\n"
_HYPHENS = bytes(code if chr(code) in _KEPT else ord("-") for code in range(256))
"""Table for `bytes.translate`: replaces every byte by a hyphen, except those of a slug and the line break between two names."""
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_NO_WORD = "\u9fff"
"""A Chinese character that is in no word of pypinyin's dictionary, but has a reading."""


def slug(name: str) -> str:
    """Return the slug of a name: 3D建筑打印 -> 3d-jianzhudayin. Empty if no character has a slug: signs, and letters of other scripts than
    Latin and Chinese (Cyrillic, Hangul).
    """
    return slugs([name])[0]


def slugs(names: Sequence[str]) -> list[str]:
    """Return the slug of each name. For speed all names are joined by line breaks and converted as one text."""
    text = unicodedata.normalize("NFKC", "\n".join([name.replace("\n", " ") for name in names]))
    if runs := _HAN.findall(text):
        parts = [""] * (2 * len(runs) + 1)
        parts[::2] = _HAN.split(text)
        parts[1::2] = _pinyin(runs)
        text = "-".join(parts)
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        if accents := "".join(filter(unicodedata.combining, {*text})):
            text = re.sub(f"[{re.escape(accents)}]+", "", text)
    text = text.encode("ascii", "replace").translate(_HYPHENS).decode("ascii")
    while "--" in text:
        text = text.replace("--", "-")
    return text.replace("-\n", "\n").replace("\n-", "\n").strip("-").split("\n")[: len(names)]


def _pinyin(runs: Sequence[str]) -> list[str]:
    """Return the pinyin, without tones, of each run of Chinese characters, equal to what `pypinyin.lazy_pinyin` returns.

    Runs are cut where no word of pypinyin's dictionary can lie, so that each distinct piece is converted only once: 100,000 names of
    companies, nearly all different, consist of some 3,000 pieces.
    """
    pieces = _cut("".join([f"{run}\n" for run in runs]))
    readings = {piece: _reading(piece) for piece in dict.fromkeys(pieces)}
    return "".join(map(readings.__getitem__, pieces)).split("\n")[:-1]


def _cut(lines: str) -> list[str]:
    """Cut lines of Chinese characters between any two neighbours that are neighbours in no word of pypinyin's dictionary.

    A line break stays with the piece before it, because pypinyin segments the end of a run differently from its middle. A character
    that pypinyin does not know also stays with the piece before it.
    """
    from pypinyin.constants import RE_HANS  # here: few commands need pypinyin, whose dictionary takes 0.25 s to load

    characters = _code_points(lines)
    ends = np.array([ord(character) for character in {*lines} if not RE_HANS.match(character)], dtype=np.uint64)
    is_border = ~pc.is_in(pa.array(_adjacent(characters)), value_set=_pairs_in_words()).to_numpy(zero_copy_only=False)
    is_border &= ~np.isin(characters[1:], ends) | (characters[:-1] == ord("\n"))
    pieces = np.insert(characters, np.flatnonzero(is_border) + 1, 0)
    return pieces.astype("<u4").tobytes().decode("utf-32-le").split("\0")


@cache
def _pairs_in_words() -> Any:
    """Return the pairs of neighbouring characters in the words of pypinyin's dictionary, as an Arrow array of `_adjacent` numbers."""
    from pypinyin.constants import PHRASES_DICT

    characters = _code_points("\n".join(PHRASES_DICT))
    in_word = (characters[:-1] != ord("\n")) & (characters[1:] != ord("\n"))
    return pa.array(np.unique(_adjacent(characters)[in_word]))


def _code_points(text: str) -> npt.NDArray[np.uint64]:
    """Return the code points of a text as an array (uint64)."""
    return np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.uint64)


def _adjacent(characters: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return a number (uint64) for each pair of neighbouring code points: the first one in the high bits, the second in the low 21 bits."""
    return characters[:-1] << np.uint64(21) | characters[1:]


def _reading(piece: str) -> str:
    """Return the pinyin of a piece of a run. A line break at its end marks the end of the run and is kept."""
    run = piece.removesuffix("\n")
    if run != piece:
        return "".join(chain.from_iterable(map(_readings_of_word, _segmenter()(run)))) + "\n"
    read = [*chain.from_iterable(map(_readings_of_word, _segmenter()(run + _NO_WORD)))]
    return "".join(read[:-1])


@cache
def _segmenter() -> Callable[[str], list[str]]:
    """Return the function of `pypinyin.lazy_pinyin` that cuts a run of Chinese characters into words of its dictionary."""
    from pypinyin.core import Pinyin

    return Pinyin().seg


@lru_cache(100_000)
def _readings_of_word(word: str) -> tuple[str, ...]:
    """Return the pinyin of each character of a word. The cache is by word, since words repeat more often than pieces."""
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin([word], style=Style.NORMAL, errors="ignore", v_to_u=False))
