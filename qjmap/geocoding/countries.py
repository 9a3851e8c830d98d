"""Find countries by their codes of ISO 3166-1, and by the Chinese and English names in the gazetteer, as cells of tables have them.

台湾省, 香港 and 澳门 have codes of ISO 3166-1 too; their codes and names mean these provincial units of China.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

from qjmap.geocoding.china_gazetteer import ChinaGazetteer
from qjmap.geocoding.cities_abroad import plain_letters
from qjmap.geocoding.project_gazetteer import fold_name
from qjmap.geocoding.read_asset import read_asset

CHINA: Final = "100000"
"""Id of China in the gazetteer."""
_UNITS_OF_CHINA: Final = {"CN": CHINA, "TW": "710000", "HK": "810000", "MO": "820000"}
_CODE = re.compile("[A-Za-z]{2,3}")
_SIGNS = re.compile(r"[.()\-·,，、’' ]+")
_OF_CHINA = re.compile("中国(?=[台香澳])")
_STATE = re.compile("(?:(?:民主|人民|社会主义|伊斯兰|阿拉伯|联邦)*共和国|联邦|王国|大公国|大陆|内地|国)$")
"""Suffixes that are removed before names of countries are compared: forms of government (越南社会主义共和国), 国, and 大陆, 内地 (中国大陆)."""


class Countries:
    """Index of the countries of a gazetteer."""

    def __init__(self, china: ChinaGazetteer) -> None:
        self._china = china
        self._found: dict[str, int] = {}

    def find(self, word: str) -> int:
        """Return the row of the country, or of 台湾省, 香港 or 澳门, that a name or ISO 3166-1 code means.

        -1 for any other text, and for a name of several countries.
        """
        row = self._found.get(word)
        if row is None:
            row = self._found[word] = self._find(word.strip())
        return row

    def id(self, row: int) -> str:
        """Return the id of a row in the gazetteer, "" for -1."""
        return self._china.id(row) if row >= 0 else ""

    def of(self, place: int) -> int:
        """Return the row of the country that a place of the gazetteer is or lies in, -1 where that is not known."""
        parent = place
        while (parent := self._china.parent(place)) >= 0:
            place = parent
        return place if self._china.kind(place) == "country" else -1

    def is_abroad(self, row: int) -> bool:
        """Whether a row is a country other than China."""
        return row >= 0 and self._china.kind(row) == "country" and self._china.id(row) != CHINA

    def _find(self, word: str) -> int:
        """Return what `find` caches. The word is looked up as a code, then as a name in Latin letters, then as a name in Chinese, with and
        without the suffixes of `_STATE`; several countries of one name count as none.
        """
        if not word:
            return -1
        if _CODE.fullmatch(word) and (row := self._rows_by_code.get(word.upper(), -1)) >= 0:
            return row
        folded = fold_name(word).translate(self._china.simplified)
        plain = _SIGNS.sub(" ", plain_letters(folded)).strip()
        latin, close = self._china.rows_by_latin_form, plain.replace(" ", "")
        form = _OF_CHINA.sub("", close)
        bare = _STATE.sub("", form)
        found = (
            *(latin.get(name) for name in (plain, close, plain.removesuffix(" china"))),
            *map(self._named, (folded, form, bare, f"{bare}国")),
        )
        rows = next((rows for rows in found if rows), [])
        units = [row for row in rows if self._china.kind(row) == "country" or self._china.id(row) in _CODED_UNITS]
        return units[0] if len(units) == 1 else -1

    def _named(self, form: str) -> list[int]:
        return [row for row, _ in self._china.hits(form)]

    @cached_property
    def _rows_by_code(self) -> dict[str, int]:
        """Two-letter or three-letter code -> row; -1 for a country that the gazetteer lacks."""
        codes = read_asset("countries")
        rows = {}
        for two, three in zip(codes["two"].split("|"), codes["three"].split("|"), strict=True):
            row = self._china.row_by_id.get(_UNITS_OF_CHINA.get(two, two), -1)
            rows.update({two: row, three: row})
        return rows


_CODED_UNITS = frozenset(_UNITS_OF_CHINA.values())
