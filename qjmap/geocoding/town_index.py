"""The towns of mainland China: names, codes and points, by county and by name."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate

from qjmap.geocoding.gazetteer_files import read_asset

_LINEAR_SEARCHES = 40
"""Town names that are searched for one by one before an index of all names is built: the index costs some 200 searches."""
_ROAD_TOWN = re.compile("[东西南北中]?路|[大东西南北中]街|街街道|道街道|大道|胡同")


class TownIndex:
    """Names, codes and points of the towns of mainland China; the towns of a county are unpacked on first use.

    Attributes
    ----------
    points : (longitude, latitude) in 1e-5 degrees by code.
    """

    def __init__(self) -> None:
        data = read_asset("towns")
        points = data["point"]
        self.points: dict[int, tuple[int, int]] = dict(
            zip(map(int, points["code"]), zip(points["lon"], points["lat"], strict=True), strict=True)
        )
        self._packed: dict[str, tuple[str, str]] = dict(
            zip(data["county"], zip(data["name"], data["code"], strict=True), strict=True)
        )
        self._unpacked: dict[str, dict[int, str]] = {}
        self._searches = 0

    def _names_by_code(self, county: str) -> dict[int, str]:
        towns = self._unpacked.get(county)
        if towns is None:
            names, suffixes = self._packed.get(county, ("", ""))
            base = int(county) * 1000 if county.isdigit() else 0
            codes = (base + int(suffixes[start : start + 3]) for start in range(0, len(suffixes), 3))
            towns = self._unpacked[county] = dict(zip(codes, names.split("|"), strict=False))
        return towns

    def of(self, county: str) -> list[tuple[str, int]]:
        """Return (name, code) of the towns of the county with an adcode."""
        return [(name, code) for code, name in self._names_by_code(county).items()]

    def name(self, code: int) -> str:
        """Return the name of a town, "" for an unknown code."""
        return self._names_by_code(str(code // 1000)).get(code, "")

    def named(self, name: str) -> list[int]:
        """Return the codes of all towns with a full name; the first `_LINEAR_SEARCHES` searches make no index."""
        if not name or "|" in name:
            return []
        if self._searches < _LINEAR_SEARCHES:
            self._searches += 1
            counties: Iterable[str] = self._counties_with_beginning(f"{name}|")
        else:
            counties = self._counties_by_name.get(name, ())
        return [
            self.code(county, number)
            for county in counties
            for number, one in enumerate(self._packed[county][0].split("|"))
            if one == name
        ]

    def next_characters(self, beginning: str) -> set[str]:
        """Return the characters that stand behind a beginning in names."""
        names = self._sorted_names
        first, last = bisect_left(names, beginning), bisect_left(names, beginning + chr(sys.maxunicode))
        return {name[len(beginning)] for name in names[first:last] if len(name) > len(beginning)}

    @cached_property
    def _sorted_names(self) -> list[str]:
        return sorted(self._counties_by_name)

    def joined(self, county: str) -> str:
        """Return the names of the towns of the county with an adcode, joined by "|"."""
        return self._packed.get(county, ("", ""))[0]

    def numbers(self, county: str) -> dict[str, int]:
        """Return the number of each town of the county with an adcode, by name."""
        names = self._packed.get(county, ("", ""))[0]
        return {name: number for number, name in enumerate(names.split("|"))} if names else {}

    def code(self, county: str, number: int) -> int:
        """Return the code of a town by its number."""
        return int(county) * 1000 + int(self._packed[county][1][3 * number : 3 * number + 3])

    def counties_with(self, beginning: str) -> set[int]:
        """Return the adcodes of the counties with a town whose name begins so and is not that of a road."""
        found = set[int]()
        for county in self._counties_with_beginning(beginning):
            names = f"|{self._packed[county][0]}"
            position = names.find(f"|{beginning}")
            while position >= 0 and _ROAD_TOWN.match(names, position + 1 + len(beginning)):
                position = names.find(f"|{beginning}", position + 1)
            if position >= 0:
                found.add(int(county))
        return found

    def _counties_with_beginning(self, beginning: str) -> Iterator[str]:
        """Yield the adcodes of the counties with a town whose name, with "|" behind it, begins so."""
        counties, starts, joined = self._joined
        position = joined.find(f"|{beginning}")
        while position >= 0:
            index = bisect_right(starts, position) - 1
            yield counties[index]
            position = joined.find(f"|{beginning}", starts[index + 1] if index + 1 < len(starts) else len(joined))

    @cached_property
    def _counties_by_name(self) -> dict[str, list[str]]:
        """Adcodes of the counties with a town of each name."""
        counties: dict[str, list[str]] = {}
        for county, (names, _) in self._packed.items():
            for name in dict.fromkeys(names.split("|")):
                if name in counties:
                    counties[name].append(county)
                else:
                    counties[name] = [county]
        return counties

    @cached_property
    def _joined(self) -> tuple[list[str], list[int], str]:
        """The counties, the position at which the names of each begin, and all names: |打通镇|石壕镇|..."""
        packed = [names for names, _ in self._packed.values()]
        starts = list(accumulate((len(names) + 1 for names in packed), initial=0))
        return list(self._packed), starts, f"|{'|'.join(packed)}|"
