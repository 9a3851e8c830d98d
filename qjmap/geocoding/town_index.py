"""The towns of mainland China: names, codes and points, by county and by name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from qjmap.geocoding.read_asset import read_asset

_LINEAR_SEARCHES = 40
"""Number of searches in the joined text of all names before an index is built, which takes as long as some 200 searches."""
_LAST_CHARACTER = "\U0010ffff"
_ROAD_TOWN = re.compile("[东西南北中]?路|[大东西南北中]街|街街道|道街道|大道|胡同")


class TownIndex:
    """Names, codes and points of the towns of mainland China, packed by county; indices are built on first use."""

    def __init__(self) -> None:
        data = read_asset("towns")
        self._placed: dict[str, list[int]] = data["point"]
        self._packed: dict[str, tuple[str, str]] = dict(
            zip(data["county"], zip(data["name"], data["code"], strict=True), strict=True)
        )
        self._searches = 0

    @cached_property
    def points(self) -> dict[int, tuple[int, int]]:
        """Code -> (longitude, latitude) in 1e-5 degrees, for the towns that have a point."""
        points = self._placed
        return dict(zip(points["code"], zip(points["lon"], points["lat"], strict=True), strict=True))

    def of(self, county: str) -> list[tuple[str, int]]:
        """Return (name, nine-digit code) of each town of the county with an adcode; empty for an unknown adcode."""
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
        """Return the codes of all towns whose full name is `name`; the first `_LINEAR_SEARCHES` calls build no index."""
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
        """Return the characters that follow `beginning` in names of towns; empty if no name is longer."""
        length = len(beginning)
        if length >= self._longest_name:
            return set()
        return {name[length] for name in self._names_beginning_with(beginning) if len(name) > length}

    def joined(self, county: str) -> str:
        """Return the names of the towns of the county with an adcode, joined by "|"."""
        return self._packed.get(county, ("", ""))[0]

    def numbers(self, county: str) -> dict[str, int]:
        """Return name -> number of each town of the county with an adcode; {} for an unknown adcode."""
        names = self._packed.get(county, ("", ""))[0]
        return {name: number for number, name in enumerate(names.split("|"))} if names else {}

    def code(self, county: str, number: int) -> int:
        """Return the nine-digit code of a town, given the adcode of its county and its number there."""
        return int(county) * 1000 + int(self._packed[county][1][3 * number : 3 * number + 3])

    def counties_with(self, beginning: str) -> set[int]:
        """Return the adcodes of the counties with a town whose name begins with `beginning`, except for names of roads."""
        names = self._names_beginning_with(beginning)
        alike = [name for name in names if not _ROAD_TOWN.match(name, len(beginning))]
        return {int(county) for name in alike for county in self._counties_of(name)}

    def _counties_with_beginning(self, beginning: str) -> Iterator[str]:
        """Yield the adcodes of the counties with a town whose name begins with `beginning`; a "|" at its end marks the end of the name."""
        counties, starts, joined = self._joined
        position = joined.find(f"|{beginning}")
        while position >= 0:
            index = bisect_right(starts, position) - 1
            yield counties[index]
            position = joined.find(f"|{beginning}", starts[index + 1] if index + 1 < len(starts) else len(joined))

    def _counties_of(self, name: str) -> Sequence[str]:
        """Return the adcodes of the counties with a town whose full name is `name`, in the order of the file; () for none."""
        first, shared = self._counties_by_name
        if (counties := shared.get(name)) is not None:
            return counties
        county = first.get(name)
        return () if county is None else (county,)

    def _names_beginning_with(self, beginning: str) -> Sequence[str]:
        """Return the names of towns that begin with a text, sorted, each once."""
        names = self._sorted_names
        return names[bisect_left(names, beginning) : bisect_left(names, f"{beginning}{_LAST_CHARACTER}")]

    @cached_property
    def _counties_by_name(self) -> tuple[dict[str, str], dict[str, list[str]]]:
        """Two mappings: name -> adcode of the first county with such a town; name -> adcodes of all, for shared names only."""
        first: dict[str, str] = {}
        shared: dict[str, list[str]] = {}
        for county, (names, _) in self._packed.items():
            for name in names.split("|") if names else ():
                if (known := first.setdefault(name, county)) is not county:
                    counties = shared.setdefault(name, [known])
                    if counties[-1] is not county:
                        counties.append(county)
        return first, shared

    @cached_property
    def _longest_name(self) -> int:
        return max(map(len, self._counties_by_name[0]))

    @cached_property
    def _sorted_names(self) -> list[str]:
        return sorted(self._counties_by_name[0])

    @cached_property
    def _joined(self) -> tuple[list[str], list[int], str]:
        """Adcodes of the counties; index in the text of the "|" before the names of each; the text of all names: |打通镇|石壕镇|...|."""
        packed = [names for names, _ in self._packed.values()]
        starts = list(accumulate((len(names) + 1 for names in packed), initial=0))
        return list(self._packed), starts, f"|{'|'.join(packed)}|"
