"""The towns of mainland China: names, codes and points, by county and by name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from qjmap.geocoding.gazetteer_files import read_asset

_LINEAR_SEARCHES = 40
"""Town names that are searched for one by one before an index of all names is built: the index costs some 200 searches."""
_ROAD_TOWN = re.compile("[东西南北中]?路|[大东西南北中]街|街街道|道街道|大道|胡同")


class TownIndex:
    """Names, codes and points of the towns of mainland China, packed by county; an index is made when it is first asked for."""

    def __init__(self) -> None:
        data = read_asset("towns")
        self._placed: dict[str, list[int]] = data["point"]
        self._packed: dict[str, tuple[str, str]] = dict(
            zip(data["county"], zip(data["name"], data["code"], strict=True), strict=True)
        )
        self._searches = 0

    @cached_property
    def points(self) -> dict[int, tuple[int, int]]:
        """(longitude, latitude) in 1e-5 degrees by code."""
        points = self._placed
        return dict(zip(points["code"], zip(points["lon"], points["lat"], strict=True), strict=True))

    def of(self, county: str) -> list[tuple[str, int]]:
        """Return (name, code) of the towns of the county with an adcode."""
        names, _ = self._packed.get(county, ("", ""))
        return [(name, self.code(county, number)) for number, name in enumerate(names.split("|"))] if names else []

    def name(self, code: int) -> str:
        """Return the name of a town, "" for an unknown code."""
        names, suffixes = self._packed.get(str(code // 1000), ("", ""))
        suffix = f"{code % 1000:03d}"
        at = suffixes.find(suffix)
        while at > 0 and at % 3:
            at = suffixes.find(suffix, at + 1)
        return names.split("|")[at // 3] if at >= 0 else ""

    def named(self, name: str) -> list[int]:
        """Return the codes of all towns with a full name; the first `_LINEAR_SEARCHES` searches make no index."""
        if not name or "|" in name:
            return []
        if self._searches < _LINEAR_SEARCHES:
            self._searches += 1
            counties: Iterable[str] = self._counties_with_beginning(f"{name}|")
        else:
            counties = self._counties_of(name)
        return [
            self.code(county, number)
            for county in counties
            for number, one in enumerate(self._packed[county][0].split("|"))
            if one == name
        ]

    def next_characters(self, beginning: str) -> set[str]:
        """Return the characters that stand behind a beginning of two characters or more in names."""
        length = len(beginning)
        longer = (name for name in self._names_by_beginning.get(beginning[:2], ()) if len(name) > length)
        return {name[length] for name in longer if name.startswith(beginning)}

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
        names = self._names_by_beginning.get(beginning[:2], ())
        alike = [name for name in names if name.startswith(beginning) and not _ROAD_TOWN.match(name, len(beginning))]
        return {int(county) for name in alike for county in self._counties_of(name)}

    def _counties_with_beginning(self, beginning: str) -> Iterator[str]:
        """Yield the adcodes of the counties with a town whose name, with "|" behind it, begins so."""
        counties, starts, joined = self._joined
        position = joined.find(f"|{beginning}")
        while position >= 0:
            index = bisect_right(starts, position) - 1
            yield counties[index]
            position = joined.find(f"|{beginning}", starts[index + 1] if index + 1 < len(starts) else len(joined))

    def _counties_of(self, name: str) -> Sequence[str]:
        """The counties with a town of a name."""
        if (counties := self._shared_names.get(name)) is not None:
            return counties
        county = self._county_of.get(name)
        return () if county is None else (county,)

    @cached_property
    def _county_of(self) -> dict[str, str]:
        """The county of each name; of a shared one, one of the counties."""
        packed = ((county, names.split("|")) for county, (names, _) in self._packed.items() if names)
        return {name: county for county, names in packed for name in names}

    @cached_property
    def _shared_names(self) -> dict[str, list[str]]:
        """The counties of each name that towns of several counties bear."""
        found: dict[str, list[str]] = {}
        county_of = self._county_of
        for county, (names, _) in self._packed.items():
            for name in dict.fromkeys(names.split("|")) if names else ():
                if county_of[name] != county or name in found:  # that of `county_of` comes last
                    found.setdefault(name, []).append(county)
        return found

    @cached_property
    def _names_by_beginning(self) -> dict[str, list[str]]:
        """Names by their first two characters."""
        names: dict[str, list[str]] = {}
        for name in self._county_of:
            if (held := names.get(name[:2])) is None:
                names[name[:2]] = [name]
            else:
                held.append(name)
        return names

    @cached_property
    def _joined(self) -> tuple[list[str], list[int], str]:
        """The counties, the position at which the names of each begin, and all names: |打通镇|石壕镇|..."""
        packed = [names for names, _ in self._packed.values()]
        starts = list(accumulate((len(names) + 1 for names in packed), initial=0))
        return list(self._packed), starts, f"|{'|'.join(packed)}|"
