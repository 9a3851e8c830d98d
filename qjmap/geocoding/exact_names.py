"""Look up one name in the gazetteer of the package: find the one place that it means, or the places that it may mean.

The text must be a full, short, former or other name, alone (自贡) or after the names of areas that contain the place (四川省自贡市), and
nothing may follow it. The rules of `PlaceChooser` decide between places of one name, in `find_in_row` inside the areas of a table's row.
`find_within` returns the only place inside a given area.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from qjmap.geocoding.answer_scores import CHOSEN
from qjmap.geocoding.china_gazetteer import EXACT, FIRST_CITY, FIRST_TOWN_CODE
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.schema import GAZETTEER_SOURCE

_ADCODE = re.compile(r"\d{6}|\d{9}")
_TRADITIONAL_UNIT = re.compile("(?<!新)[區縣鄉鎮]$")
_KINDS = {"airport": "station"}
"""Kind in the gazetteer -> kind of a row of places, where they differ."""
_MAX_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """A place of the gazetteer, with the values that a row of the table `places` needs.

    Attributes
    ----------
    key : the place as an integer, see `china_gazetteer`: a row, a city abroad, or the code of a town.
    code : adcode, code of a town, or id in the gazetteer.
    name : Chinese name; the Latin one of a city abroad without a Chinese name.
    name_en : Latin name of a city abroad; "" for any other place.
    kind : value of the column `kind` of places.
    areas : names of the areas that contain the place, widest first: 四川省 自贡市. Of a city abroad those of country and region.
    parents : keys of all places of the gazetteer that contain it, the country included, nearest first.
    lon, lat : its position in WGS 84 degrees, its own point or that of an area around it; None without one.
    level : precision of the position; "unresolved" without one.
    """

    key: int
    code: str
    name: str
    name_en: str
    kind: str
    areas: str
    parents: tuple[int, ...]
    lon: float | None
    lat: float | None
    level: str

    @property
    def adcode(self) -> str:
        """The adcode of a unit or the nine-digit code of a town; "" for any other place."""
        return self.code if _ADCODE.fullmatch(self.code) else ""

    @property
    def label(self) -> str:
        """Name and areas, as messages show them: 自贡市（四川省）."""
        return f"{self.name}（{self.areas.replace(' ', '')}）" if self.areas else self.name


@dataclass(frozen=True, slots=True)
class NameMatch:
    """The place that a name means, or the places that it may mean.

    Attributes
    ----------
    place : the place; None for an unknown or ambiguous name.
    candidates : the places that an ambiguous name may mean, at most `_MAX_CANDIDATES`; else ().
    is_word : whether the name has two characters and is no full name of the county `place`, so that it may be an ordinary word: 平安.
    """

    place: GazetteerPlace | None = None
    candidates: tuple[GazetteerPlace, ...] = ()
    is_word: bool = False


_NOTHING = NameMatch()


@cache
def exact_names() -> ExactNames:
    """Return the look-up, which is made once in a process."""
    return ExactNames()


class ExactNames:
    """Exact look-up of names in the gazetteer, without places of a project. The result for each name is cached.

    Attributes
    ----------
    places : the gazetteer.
    """

    def __init__(self) -> None:
        self._locator = OfflineLocator(suggests=False)
        self.places = self._locator.places
        self._matches: dict[str, NameMatch] = {}

    def find(self, name: str) -> NameMatch:
        """Return the place or places that a name, an adcode or a town code means. For an unknown text the match has neither."""
        match = self._matches.get(name)
        if match is None:
            match = self._matches[name] = self._find(name)
        return match

    def find_within(self, name: str, area: int) -> GazetteerPlace | None:
        """Return the only place inside an area that a name may mean; None for none or several.

        Parameters
        ----------
        area : key of the area, see `GazetteerPlace`.
        """
        parsed = self._locator.parse_name(name)
        keys = {key for key, _ in parsed[0] if isinstance(key, int)} if parsed else set()
        inside = [key for key in keys if self._locator.places.lies_in(key, area)]
        return self.place(inside[0]) if len(inside) == 1 else None

    def find_in_row(self, name: str, words: Sequence[str], adcode: str = "") -> GazetteerPlace | None:
        """Return the place that a name means in a table's row, given the areas and the point of the row; None if they do not decide.

        Parameters
        ----------
        words : names or ids of a country and of areas that contain the place of the row; unknown ones are ignored.
        adcode : adcode of the county that contains the point of the row; "" if it has none or lies in no county.
        """
        areas = tuple(group for group in self._locator.parse_areas(words) if group)
        for around in ((), *((frozenset((unit,)),) for unit in self._units_around(adcode))):
            if areas or around:
                parsed = self._locator.parse_name(name, (*areas, *around))
                key, limit = (parsed[1][0], parsed[2]) if parsed is not None and parsed[1] is not None else ("", 0.0)
                if isinstance(key, int) and limit >= CHOSEN:
                    return self.place(key)
        return None

    def name_in_full(self, name: str, words: Sequence[str], adcode: str = "") -> str:
        """Return the full name, after the names of its areas, of the place that a name means in a table's row: 河南省开封市鼓楼区.

        "" if the row does not decide. If that name does not mean the place alone, its `adcode`. Parameters are as in `find_in_row`.
        """
        place = self.find_in_row(name, words, adcode)
        if place is None:
            return ""
        full = f"{place.areas.replace(' ', '')}{place.name}"
        meant = self.find(full).place
        return full if meant is not None and meant.key == place.key else place.adcode

    def _units_around(self, adcode: str) -> list[int]:
        """Return the rows of the county with an adcode, its prefecture and its province, in this order; [] for an unknown adcode."""
        rows, row = list[int](), self.places.china.row_by_id.get(adcode, -1)
        while row >= 0 and self.places.kind(row) != "country":
            rows.append(row)
            row = self.places.china.parent(row)
        return rows

    def with_code(self, code: str) -> GazetteerPlace | None:
        """Return the place with an adcode, the code of a town or another id of the gazetteer; None for any other text."""
        key = self.places.place_by_id(code)
        return self.place(key) if isinstance(key, int) else None

    def place(self, key: int) -> GazetteerPlace:
        """Return the place with a key, see `GazetteerPlace`."""
        places, china = self.places, self.places.china
        position, name = places.position(key), china.name(key).partition(",")[0]
        name_en = china.abroad.latin_name(key - FIRST_CITY) if china.is_city_abroad(key) else ""
        parents, parent = list[int](), china.parent(key)
        while parent >= 0:
            parents.append(parent)
            parent = china.parent(parent)
        kind = china.kind(key)
        return GazetteerPlace(
            key,
            china.id(key),
            name,
            name_en,
            _KINDS.get(kind, kind),
            places.area_names(key),
            tuple(parents),
            position.lon if position else None,
            position.lat if position else None,
            position.level if position else "unresolved",
        )

    def _find(self, name: str) -> NameMatch:
        if _ADCODE.fullmatch(name):
            return NameMatch(self.with_code(name))
        parsed = self._locator.parse_name(name)
        if parsed is None:
            return _NOTHING
        state, hit, limit = parsed
        keys = [key for key, _ in state if isinstance(key, int)]
        key, kind = hit or ("", EXACT)
        if not isinstance(key, int):
            return NameMatch(candidates=self._places(keys))
        # 渝北区 lies in 两江新区, which is its successor: not two places of one name.
        if limit < CHOSEN and not all(self.places.lies_in(key, other) for other in keys):
            return NameMatch(candidates=self._places(keys))
        place = self.place(key)
        if self._may_lie_in_taiwan(name, place):
            return NameMatch(candidates=self._places(keys)) if len(keys) > 1 else _NOTHING
        bare = len(name) == 2 and kind != EXACT and place.kind == "district" and not place.code.startswith("71")
        return NameMatch(place, is_word=bare)

    def _places(self, keys: Sequence[int]) -> tuple[GazetteerPlace, ...]:
        return tuple(
            map(self.place, sorted(set(keys), key=lambda key: (key >= FIRST_TOWN_CODE, key))[:_MAX_CANDIDATES])
        )

    def _may_lie_in_taiwan(self, name: str, place: GazetteerPlace) -> bool:
        """Whether a name in traditional characters, without a larger unit before it, may mean a unit of Taiwan instead of `place`.

        中山區 more likely means that of 台北; 寶山鄉 lies in 新竹县, whose towns the gazetteer lacks.
        """
        if not _TRADITIONAL_UNIT.search(name) or place.kind not in ("district", "town"):
            return False
        return not place.code.startswith(("71", "81", "82")) and len(name) <= len(place.name)


def place_row(place: GazetteerPlace, ids: Mapping[int, str]) -> dict[str, Any]:
    """Return a place of the gazetteer as a row of the table `places`: column -> parsed value.

    `lon` and `lat` are WGS 84 degrees, NaN without a position; `aliases` and `members` are ().

    Parameters
    ----------
    ids : key of a place (see `GazetteerPlace`) -> id in the table: that of the place, and those of areas around it that are in the table.
        The nearest of these is the parent of the place.
    """
    has_point = place.lon is not None and place.lat is not None
    lon, lat = (str(round(axis, 5)) if axis is not None else "" for axis in (place.lon, place.lat))
    datum = "wgs84" if has_point else ""
    return {
        "id": ids[place.key],
        "name": place.name,
        "name_en": place.name_en,
        "aliases": (),
        "kind": place.kind,
        "parent": next((ids[key] for key in place.parents if key in ids), ""),
        "members": (),
        "adcode": place.adcode,
        "lon": float(lon or math.nan),
        "lat": float(lat or math.nan),
        "datum": datum,
        "precision": place.level if has_point else "",
        "position_source": GAZETTEER_SOURCE if has_point else "",
        "position_locator": place.code,
        "orig_lon": lon,
        "orig_lat": lat,
        "orig_datum": datum,
    }
