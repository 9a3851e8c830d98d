"""The gazetteer of all China that the package carries: units, zones, airports, ports, countries; towns when asked for.

Positions are WGS 84 degrees. Made by geo/make_gazetteer.py; origin and licence stand in assets/gazetteer/README.md.
A place is a number: a row of the units, or the nine-digit code of a town. Pure Python, read in some 30 ms.
"""

from __future__ import annotations

import json
import re
import zlib
from bisect import bisect_right
from functools import cached_property
from importlib.resources import files
from itertools import accumulate
from typing import Any

EXACT, SHORT, FORMER, ALIAS = range(4)
"""How a name is a place's own: in full, shortened, formerly, or otherwise."""

Place = int | str
"""A number of the national gazetteer, or the id of a project's place."""

Hit = tuple[Place, int]
"""A place, and how the name is its own."""

TOWN = 100_000_000
"""Numbers from here on are codes of towns."""

_LEVELS = ("country", "province", "city", "district", "development-zone", "airport", "port")
_FEW = 200
"""Names that are looked for one by one before all towns are put in order by name."""
_TOWN_RADIUS_M = 6_000.0
_COUNTY_END = re.compile("[区县市旗]")
_BEGINNING = re.compile(r"\|([^|]*[区县市旗])(?=[^|])")
_UNDIVIDED = frozenset(("441900", "442000", "460400", "620200"))
"""Prefecture-level cities without counties: 东莞市, 中山市, 儋州市, 嘉峪关市."""
TOWN_ENDS = ("街道", "苏木", "民族乡", "镇", "乡")


def read(name: str) -> Any:
    """One of the package's gazetteer files."""
    return json.loads(zlib.decompress((files("qjmap") / "assets" / "gazetteer" / f"{name}.json.z").read_bytes()))


class National:
    """Units of China and what lies beside them, by number."""

    def __init__(self) -> None:
        data = read("units")
        self.ids: list[str] = data["id"]
        self.names: list[str] = data["name"]
        self._level: list[int] = data["level"]
        self._parent: list[int] = data["parent"]
        self._lon: list[int | None] = data["lon"]
        self._lat: list[int | None] = data["lat"]
        self._radius: list[int] = data["radius"]
        self._bbox: list[list[int]] = data["bbox"]
        self._until: dict[str, int] = data["until"]
        self._was_in: dict[str, list[int]] = data["was_in"]
        self._years: dict[str, int] = data["years"]
        self.origins: list[str] = data["origin"].split(",")
        self.forms: dict[str, int | list[int]] = dict(zip(data["forms"], data["hits"], strict=True))
        self.simple: dict[int, str] = dict(zip(map(ord, data["simple"][0]), data["simple"][1], strict=True))

    @cached_property
    def number(self) -> dict[str, int]:
        """Rows by adcode or id."""
        return {identifier: row for row, identifier in enumerate(self.ids)}

    @cached_property
    def _county(self) -> dict[int, int]:
        """Rows by adcode as a number, of what may hold towns."""
        return {int(code): row for row, code in enumerate(self.ids) if len(code) == 6 and code.isdigit()}

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """Names of two characters and more by their first two."""
        found: dict[str, list[str]] = {}
        for form in self.forms:
            if len(form) > 1:
                found.setdefault(form[:2], []).append(form)
        return found

    @cached_property
    def starts(self) -> dict[str, tuple[int, ...]]:
        """The lengths of names by their first two characters."""
        return lengths(self.named)

    @cached_property
    def provinces(self) -> frozenset[str]:
        """The first two characters of the names of provinces."""
        return frozenset(name[:2] for name, level in zip(self.names, self._level, strict=True) if _LEVELS[level] == "province")

    def hits(self, form: str) -> tuple[tuple[int, int], ...]:
        """The units that bear a name, towns left out."""
        held = self.forms.get(form)
        if held is None:
            return ()
        return tuple((one >> 2, one & 3) for one in ([held] if isinstance(held, int) else held))

    def year(self, form: str, place: int) -> int:
        """The last year of a former name, 0 where no source has it."""
        return self._years.get(f"{form}|{place}", 0)

    def until(self, place: int) -> int:
        """The year in which a unit was abolished, 0 for those of today."""
        return self._until.get(str(place), 0) if place < TOWN else 0

    def was_in(self, place: int) -> list[int]:
        """The prefectures that a county was in before, as addresses still say."""
        return self._was_in.get(str(place), []) if place < TOWN else []

    def id(self, place: int) -> str:
        """A place's adcode, town code, or id."""
        return str(place) if place >= TOWN else self.ids[place]

    def name(self, place: int) -> str:
        """A place's full name."""
        return self._towns.name(place) if place >= TOWN else self.names[place]

    def kind(self, place: int) -> str:
        """What a place is: a level, development-zone, airport or port."""
        return "town" if place >= TOWN else _LEVELS[self._level[place]]

    def parent(self, place: int) -> int:
        """The place that a place lies in, -1 for countries."""
        return self._county.get(place // 1000, -1) if place >= TOWN else self._parent[place]

    def point(self, place: int) -> tuple[float, float, str, float] | None:
        """Longitude, latitude (degrees), level and radius (metres) of a place's own point, None where it has none."""
        if place >= TOWN:
            at = self._towns.point.get(place)
            return None if at is None else (at[0] / 1e5, at[1] / 1e5, "town", _TOWN_RADIUS_M)
        lon, lat = self._lon[place], self._lat[place]
        if lon is None or lat is None:
            return None
        kind = _LEVELS[self._level[place]]
        return lon / 1e5, lat / 1e5, "park" if kind in ("airport", "port") else kind, float(self._radius[place])

    def extent(self, place: int) -> tuple[float, float, float, float] | None:
        """West, south, east, north of a unit in degrees."""
        if place >= TOWN or not self._bbox[place]:
            return None
        west, south, east, north = self._bbox[place]
        return west / 1e3, south / 1e3, east / 1e3, north / 1e3

    @cached_property
    def _towns(self) -> _Towns:
        return _Towns()

    def holds_towns(self, row: int) -> bool:
        """Whether a unit is of the kind whose parts are towns."""
        return _LEVELS[self._level[row]] == "district" or self.ids[row] in _UNDIVIDED

    def towns_of(self, county: int) -> list[tuple[str, int]]:
        """The towns and streets of a county: full name, number."""
        return self._towns.of(self.ids[county])

    def towns_named(self, name: str) -> list[int]:
        """All towns in China of one full name."""
        return self._towns.named(name)

    def town_begins(self, county: str) -> bool:
        """Whether the name of any town begins with a text that ends as counties do, and goes on behind it."""
        return county in self._towns.beginnings

    def has_town(self, code: str) -> bool:
        """Whether a nine-digit code is a town's."""
        return code.isdigit() and bool(self._towns.name(int(code)))

    def town_points(self) -> dict[int, tuple[int, int]]:
        """Points of the towns that have one by code, in 1e-5 degrees."""
        return self._towns.point

    @cached_property
    def latin(self) -> dict[str, list[int]]:
        """Units by their names in Latin letters."""
        data = read("latin")
        return dict(zip(data["forms"], data["hits"], strict=True))

    @cached_property
    def villages(self) -> dict[str, list[Any]]:
        """Names that many villages have: how many, then codes of some towns with one."""
        held: dict[str, list[Any]] = read("villages")
        return held


class _Towns:
    """Names, codes and points of the towns of the mainland; a county's are unpacked when it is first asked for."""

    def __init__(self) -> None:
        data = read("towns")
        points = data["point"]
        self.point: dict[int, tuple[int, int]] = dict(
            zip(map(int, points["code"]), zip(points["lon"], points["lat"], strict=True), strict=True)
        )
        self._packed: dict[str, tuple[str, str]] = dict(
            zip(data["county"], zip(data["name"], data["code"], strict=True), strict=True)
        )
        self._of: dict[str, dict[int, str]] = {}
        self._asked = 0

    def _held(self, county: str) -> dict[int, str]:
        held = self._of.get(county)
        if held is None:
            names, codes = self._packed.get(county, ("", ""))
            base = int(county) * 1000 if county.isdigit() else 0
            numbers = (base + int(codes[at : at + 3]) for at in range(0, len(codes), 3))
            held = self._of[county] = dict(zip(numbers, names.split("|"), strict=False))
        return held

    def of(self, county: str) -> list[tuple[str, int]]:
        return [(name, code) for code, name in self._held(county).items()]

    def name(self, code: int) -> str:
        """The name of a town, empty for a code that is none's."""
        return self._held(str(code // 1000)).get(code, "")

    def named(self, name: str) -> list[int]:
        """The towns of all China of a full name; for who asks for few nothing is unpacked."""
        if self._asked < _FEW:
            self._asked += 1
            return self._looked_for(name)
        return self._by_name.get(name, [])

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """What the names of towns begin with that could be a county's name: 开发区 of 开发区街道."""
        found = set(_BEGINNING.findall(self._joined[2]))
        return frozenset(one[: end.end()] for one in found for end in _COUNTY_END.finditer(one))

    def _looked_for(self, name: str) -> list[int]:
        counties, starts, names = self._joined
        found = []
        at = names.find(f"|{name}|") if name and "|" not in name else -1
        while at >= 0:
            county = bisect_right(starts, at) - 1
            number = names.count("|", starts[county], at)
            base, codes = int(counties[county]) * 1000, self._packed[counties[county]][1]
            found.append(base + int(codes[3 * number : 3 * number + 3]))
            at = names.find(f"|{name}|", at + 1)
        return found

    @cached_property
    def _joined(self) -> tuple[list[str], list[int], str]:
        """The counties, where the names of each begin, and the names of all: |打通镇|石壕镇|..."""
        packed = [names for names, _ in self._packed.values()]
        starts = list(accumulate((len(names) + 1 for names in packed), initial=0))
        return list(self._packed), starts, f"|{'|'.join(packed)}|"

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for county in self._packed:
            for code, name in self._held(county).items():
                found.setdefault(name, []).append(code)
        return found


def lengths(named: dict[str, list[str]]) -> dict[str, tuple[int, ...]]:
    """The lengths of the names under each key, longest first."""
    return {
        start: tuple(sorted(set(map(len, held)), reverse=True)) if len(held) > 1 else (len(held[0]),)
        for start, held in named.items()
    }


def town_stem(name: str) -> str:
    """A town's name without its kind: 打通镇 -> 打通; 石壕镇 -> 石壕."""
    end = {"镇": 1, "乡": 1, "道": 2, "木": 2}.get(name[-1:], 0)
    if end == 2 and not name.endswith(("街道", "苏木")):
        return name
    if end == 1 and len(name) > 4 and name.endswith("民族乡"):
        end = 3
    return name[:-end] if end and len(name) - end >= 2 else name
