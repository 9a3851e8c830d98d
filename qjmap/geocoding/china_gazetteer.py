"""The gazetteer that ships with the package: China's administrative units, towns and zones, airports, ports, countries, cities abroad.

Positions are WGS 84 degrees. The files are made by geo/make_gazetteer.py; origin and licence: assets/gazetteer/README.md.
Pure Python; the units are read in some 30 ms, the towns on first use.

Vocabulary of this folder:

row       index of a unit in the gazetteer's columns
place     an integer: a row, `FIRST_CITY` plus the number of a city abroad, or the nine-digit code of a town (from `FIRST_TOWN_CODE`
          on); or a text: the id of a project's place. The integer is also called the *key* of the place
form      one spelling by which a place is found: its full, short, former or other name, folded
hit       a place that has a form, and the kind of that form: `EXACT`, `SHORT`, `FORMER` or `ALIAS`
bigram    the first two characters of a form, by which forms are grouped: a text is only compared with forms that begin like it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from qjmap.geocoding.cities_abroad import CitiesAbroad, load_cities_abroad
from qjmap.geocoding.read_asset import read_asset as read_asset
from qjmap.geocoding.town_index import TownIndex
from qjmap.schema import RADICALS

EXACT, SHORT, FORMER, ALIAS = range(4)
"""Kinds of forms: full name, short name, former name, any other name."""

Place = int | str
"""A row of the gazetteer, a city abroad, a town code, or the id of a project's place; see the module's vocabulary."""

Hit = tuple[Place, int]
"""A place and the kind of the form by which it was found."""

FIRST_CITY = 10_000_000
"""First integer for a city abroad: this plus its number in `CitiesAbroad`. Smaller integers are rows."""

FIRST_TOWN_CODE = 100_000_000
"""First integer for a town, which is its code. Codes of towns have nine digits."""

TOWN_SUFFIXES = ("街道", "苏木", "民族乡", "镇", "乡")

_LEVELS = ("country", "province", "city", "district", "development-zone", "airport", "port", "station")
_SITES = ("airport", "port", "station")
_TOWN_RADIUS_M = 6_000.0
_CITIES_WITHOUT_COUNTIES = frozenset(("441900", "442000", "460400", "620200"))
"""Prefecture-level cities whose towns lie in them directly: 东莞市, 中山市, 儋州市, 嘉峪关市."""


@cache
def load_china_gazetteer() -> ChinaGazetteer:
    """Return the gazetteer of the package, read on first use."""
    return ChinaGazetteer()


class ChinaGazetteer:
    """Units of China, towns, zones, airports, ports, countries and cities abroad, as columns.

    Attributes
    ----------
    ids : adcode of each row; for a row without one, its id, which for a country is the two-letter code of ISO 3166-1.
    names : full name of each row; of an abolished unit its last one.
    origins : source of each row's point: "cpca", "geonames", "polygon" and others, "" without a point.
    forms : form -> its hits, packed as ``place * 4 + kind``: an integer, or a list of integers for several hits.
    port_words : names of ports that do not end in 港: 蛇口.
    longest_town : number of characters of the longest full name of a town, known without reading the towns.
    simplified : code point of a traditional character, or of a radical in its place -> the simplified character.
    """

    def __init__(self) -> None:
        data = read_asset("units")
        self.ids: list[str] = data["id"].split("|")
        self.names: list[str] = data["name"].split("|")
        self._level: list[int] = data["level"]
        self._parent: list[int] = data["parent"]
        self._lon: list[int | None] = data["lon"]
        self._lat: list[int | None] = data["lat"]
        self._radius: list[int] = data["radius"]
        self._bbox: list[str] = data["bbox"].split("|")
        self._abolished_in: dict[str, int] = data["until"]
        self._former_prefectures: dict[int, list[int]] = {int(row): cities for row, cities in data["was_in"].items()}
        self._years: str = data["years"]
        self.origins: list[str] = data["origin"].split(",")
        self.forms: dict[str, int | list[int]] = dict(zip(data["forms"].split("|"), data["hits"], strict=True))
        self.port_words: frozenset[str] = frozenset(data["port_words"])
        self.longest_town: int = data["longest_town"]
        traditional, simplified = data["simple"]
        characters = dict(zip(map(ord, traditional), simplified, strict=True))
        self.simplified: dict[int, str] = characters | {old: chr(new) for old, new in RADICALS.items()}

    @cached_property
    def _renamed_in(self) -> dict[str, int]:
        """Former name, a space and the row ("綦江县 1234") -> last year in which the name was valid."""
        texts = self._years.split("|")
        return dict(zip(texts[::2], map(int, texts[1::2]), strict=True))

    @cached_property
    def row_by_id(self) -> dict[str, int]:
        """Adcode or id -> row."""
        return {identifier: row for row, identifier in enumerate(self.ids)}

    @cached_property
    def _row_by_adcode(self) -> dict[int, int]:
        """Adcode as an integer -> row. The code of a town begins with the adcode of its county."""
        return {int(code): row for row, code in enumerate(self.ids) if len(code) == 6 and code.isdigit()}

    @cached_property
    def forms_by_bigram(self) -> dict[str, list[str]]:
        """Bigram -> forms of two characters and more that begin with it."""
        return group_by_bigram(self.forms)

    @cached_property
    def lengths_by_bigram(self) -> dict[str, tuple[int, ...]]:
        """Bigram -> lengths of the forms that begin with it, longest first."""
        return form_lengths(self.forms_by_bigram)

    @cached_property
    def province_bigrams(self) -> frozenset[str]:
        """First two characters of the full names of provinces."""
        return frozenset(
            name[:2] for name, level in zip(self.names, self._level, strict=True) if _LEVELS[level] == "province"
        )

    @property
    def abroad(self) -> CitiesAbroad:
        """Cities abroad, read on first use."""
        return load_cities_abroad()

    def hits(self, form: str) -> tuple[tuple[int, int], ...]:
        """Return the units (rows) that have a form, each with the kind of the form; () for an unknown form.

        Towns are not included, and of the cities abroad only those whose name begins with the name of a unit or equals one (吉隆坡, 西贡).
        """
        packed = self.forms.get(form)
        if packed is None:
            return ()
        return tuple((value >> 2, value & 3) for value in ([packed] if isinstance(packed, int) else packed))

    def renamed_in(self, form: str, place: int) -> int:
        """Return the last year in which a former name of a unit was valid; 0 if that is not known."""
        return self._renamed_in.get(f"{form} {place}", 0)

    def abolished_in(self, place: int) -> int:
        """Return the year in which a unit was abolished; 0 for today's units, cities abroad and towns."""
        return self._abolished_in.get(str(place), 0) if place < FIRST_CITY else 0

    def former_prefectures(self, place: int) -> list[int]:
        """Return the rows of the prefectures to which a county formerly belonged, since older addresses still name them; [] for none."""
        return self._former_prefectures.get(place, [])

    def lies_in(self, inner: int, outer: int) -> bool:
        """Whether the place `inner` is `outer` or lies in it, or formerly lay in it if `outer` is a prefecture."""
        place = inner
        while place >= 0:
            if place == outer:
                return True
            place = self.parent(place)
        place = inner
        while place >= 0:
            if outer in self.former_prefectures(place):
                return True
            place = self.parent(place)
        return False

    def id(self, place: int) -> str:
        """Return a place's adcode, town code or id."""
        if place >= FIRST_CITY:
            return str(place) if place >= FIRST_TOWN_CODE else self.abroad.id(place - FIRST_CITY)
        return self.ids[place]

    def name(self, place: int) -> str:
        """Return the full name of a place; the Latin one for a city abroad without a Chinese name."""
        if place >= FIRST_CITY:
            return self._towns.name(place) if place >= FIRST_TOWN_CODE else self.abroad.name(place - FIRST_CITY)
        return self.names[place]

    def kind(self, place: int) -> str:
        """Return "country", "province", "city", "district", "town", "development-zone", "airport", "port" or "station"."""
        if place >= FIRST_CITY:
            return "town" if place >= FIRST_TOWN_CODE else "city"
        return _LEVELS[self._level[place]]

    def parent(self, place: int) -> int:
        """Return the unit that directly contains a place; -1 for countries, and if it is not known.

        The result is a row, except for a place abroad that is located at a larger city: then it is that city.
        """
        if place >= FIRST_TOWN_CODE:
            return self._row_by_adcode.get(place // 1000, -1)
        if place >= FIRST_CITY:
            around = self.abroad.city_around(place - FIRST_CITY)
            return self.country_of_city(place - FIRST_CITY) if around is None else around + FIRST_CITY
        return self._parent[place]

    def country_of_city(self, city: int) -> int:
        """Return the row of the country of a city abroad, by the city's number; -1 for a country that is not in the gazetteer."""
        return self.row_by_id.get(self.abroad.country(city), -1)

    def point(self, place: int) -> tuple[float, float, str, float] | None:
        """Return longitude, latitude (degrees), precision level and radius (metres) of a place's own point; None if it has none."""
        if place >= FIRST_TOWN_CODE:
            point = self._towns.points.get(place)
            return None if point is None else (point[0] / 1e5, point[1] / 1e5, "town", _TOWN_RADIUS_M)
        if place >= FIRST_CITY:
            city = self.abroad.point(place - FIRST_CITY)
            return None if city is None else (city[0], city[1], "city", city[2])
        lon, lat = self._lon[place], self._lat[place]
        if lon is None or lat is None:
            return None
        kind = _LEVELS[self._level[place]]
        return lon / 1e5, lat / 1e5, "park" if kind in _SITES else kind, float(self._radius[place])

    def bounding_box(self, place: int) -> tuple[float, float, float, float] | None:
        """Return west, south, east, north of a unit in degrees; None for towns, cities abroad and units without a polygon."""
        if place >= FIRST_CITY or not self._bbox[place]:
            return None
        west, south, east, north = map(int, self._bbox[place].split(" "))
        return west / 1e3, south / 1e3, east / 1e3, north / 1e3

    @cached_property
    def _towns(self) -> TownIndex:
        return TownIndex()

    def area_names_abroad(self, place: int) -> str:
        """Return the Chinese names of the country and region of a city abroad, as far as known, separated by a space: 美国 俄勒冈州."""
        city = place - FIRST_CITY
        country, region = self.country_of_city(city), self.abroad.region_name(city)
        names = [self.names[country] if country >= 0 else "", region]
        return " ".join(name for name in names if name)

    def is_city_abroad(self, place: int) -> bool:
        """Whether a place is a city abroad."""
        return FIRST_CITY <= place < FIRST_TOWN_CODE

    def has_towns(self, row: int) -> bool:
        """Whether a unit, given by its row, contains towns directly: it is a county, or a prefecture-level city without counties."""
        return _LEVELS[self._level[row]] == "district" or self.ids[row] in _CITIES_WITHOUT_COUNTIES

    def towns_of(self, county: int) -> list[tuple[str, int]]:
        """Return (full name, nine-digit code) of each town, township and subdistrict (街道) of a county, given by its row."""
        return self._towns.of(self.ids[county])

    def towns_named(self, name: str) -> list[int]:
        """Return the codes of all towns of China whose full name is `name`."""
        return self._towns.named(name)

    def next_in_town_names(self, beginning: str) -> set[str]:
        """Return the characters that follow `beginning` in full names of towns: 街 after 开发区, as in 开发区街道."""
        return self._towns.next_characters(beginning)

    def joined_town_names(self, county: int) -> str:
        """Return the full names of the towns of a county (see `towns_of`), joined by "|"; "" if none are known."""
        return self._towns.joined(self.ids[county])

    def numbers_of_towns(self, county: int) -> dict[str, int]:
        """Return full name -> number in the county (from 0, as `town_code` takes it) of each town of a county (see `towns_of`)."""
        return self._towns.numbers(self.ids[county])

    def town_code(self, county: int, number: int) -> int:
        """Return the nine-digit code of a town, given the row of its county and its number there."""
        return self._towns.code(self.ids[county], number)

    def counties_with_town(self, beginning: str) -> set[int]:
        """Return the rows of the counties with a town whose name begins with `beginning`, except for names of roads (北京路街道)."""
        rows = (self._row_by_adcode.get(county) for county in self._towns.counties_with(beginning))
        return {row for row in rows if row is not None}

    def place_by_id(self, identifier: str) -> int | None:
        """Return the place (row, city abroad or town code) with an id; None for an unknown id."""
        row = self.row_by_id.get(identifier)
        if row is not None:
            return row
        if identifier.startswith(("geonames-", "abroad-")):
            city = self.abroad.with_id(identifier)
            return None if city is None else city + FIRST_CITY
        return int(identifier) if len(identifier) == 9 and self.is_town_code(identifier) else None

    def is_town_code(self, code: str) -> bool:
        """Whether a text of nine digits is the code of a town."""
        return code.isdigit() and bool(self._towns.name(int(code)))

    def town_points(self) -> dict[int, tuple[int, int]]:
        """Return code -> (longitude, latitude) in 1e-5 degrees, for the towns that have a point."""
        return self._towns.points

    @cached_property
    def rows_by_latin_form(self) -> dict[str, list[int]]:
        """Name in lower-case Latin letters ("beijing", "south africa") -> rows of the units and countries that it may mean."""
        data = read_asset("latin")
        return dict(zip(data["forms"], data["hits"], strict=True))

    @cached_property
    def common_villages(self) -> dict[str, list[Any]]:
        """Village name that many villages share -> a list: the number of these villages, then the codes of some of their towns."""
        villages: dict[str, list[Any]] = read_asset("villages")
        return villages


def group_by_bigram(forms: Iterable[str]) -> dict[str, list[str]]:
    """Return bigram -> forms of two characters and more that begin with it."""
    groups: dict[str, list[str]] = {}
    for form in forms:
        if len(form) > 1:
            groups.setdefault(form[:2], []).append(form)
    return groups


def form_lengths(groups: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, ...]]:
    """Return bigram -> lengths of the forms of its group, longest first.

    Parameters
    ----------
    groups : as `group_by_bigram` returns them.
    """
    return {
        prefix: tuple(sorted(set(map(len, forms)), reverse=True)) if len(forms) > 1 else (len(forms[0]),)
        for prefix, forms in groups.items()
    }


def town_stem(name: str) -> str:
    """Return a town's name without its suffix, 打通镇 -> 打通; unchanged if it has none or less than two characters would be left."""
    length = {"镇": 1, "乡": 1, "道": 2, "木": 2}.get(name[-1:], 0)
    if length == 2 and not name.endswith(("街道", "苏木")):
        return name
    if length == 1 and len(name) > 4 and name.endswith("民族乡"):
        length = 3
    return name[:-length] if length and len(name) - length >= 2 else name
