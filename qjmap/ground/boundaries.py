"""Boundaries of China's administrative units as arcs that neighbours share (WGS 84 degrees); pure Python, read on first use.

A larger unit is a set of counties. Its boundary consists of the arcs that have one of these counties on exactly one side. Origin,
precision and licence of the data: assets/ground/README.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache, cached_property

from qjmap.ground.asset_columns import read_columns
from qjmap.ground.line_vertices import Lines, Step

SEA, ABROAD, UNDEFINED = -1, -2, -3
"""Values of `Boundaries.right` for arcs at the edge of China. `UNDEFINED` marks a stretch of the national boundary that the file
`national_lines` has as a line of its own, so that the arc is not drawn."""

Ring = list[tuple[float, float]]
"""Longitude and latitude in degrees of the vertices of a ring; the first is not repeated at the end."""
Walk = list[int]
"""Arcs one after the other: `number` for an arc in the direction of its vertices, `~number` for an arc against that direction."""


class Boundaries:
    """All boundaries of China. Counties and arcs are numbered from 0.

    Attributes
    ----------
    counties : adcodes of the counties, ascending. A prefecture that has no counties counts as one.
    prefectures : for each county the adcode of its prefecture, or of its province if no prefecture is between them (Beijing).
    left, right : for each arc the number of the county on that side, seen in the direction of its vertices. At the edge of China
        `right` is `SEA`, `ABROAD` or `UNDEFINED`.
    lines : the arcs.
    """

    def __init__(self) -> None:
        self._columns = read_columns("boundaries")
        self.lines = Lines(self._columns)
        header = self._columns.header
        self.counties: list[str] = header["counties"]
        self.prefectures: list[str] = header["prefectures"]
        self._number = {adcode: number for number, adcode in enumerate(self.counties)}
        self._joint: dict[str, list[str]] = {**header["joint"], **header["former"]}
        self._whole: dict[str, str] = {part: whole for whole, parts in header["joint"].items() for part in parts}
        self._no_units = frozenset(header["no_units"])
        self.left = self._columns.values("left")
        self.right = self._columns.values("right")
        self._arcs: dict[int, list[Step]] = {}

    def members(self, adcode: str) -> frozenset[int]:
        """Return the numbers of the counties that make up a county, prefecture or province; empty if no boundary is known.

        Some former adcodes of counties are known too: 460321 is 460302 today.
        """
        if adcode in self._number:
            return frozenset((self._number[adcode],))
        if adcode in self._joint:
            return frozenset(self._number[part] for part in self._joint[adcode])
        return self._members_of_larger.get(adcode, frozenset())

    @cached_property
    def _members_of_larger(self) -> dict[str, frozenset[int]]:
        """Adcode -> numbers of the counties, for each prefecture and province."""
        members: dict[str, set[int]] = defaultdict(set)
        for number, (adcode, prefecture) in enumerate(zip(self.counties, self.prefectures, strict=True)):
            members[f"{adcode[:2]}0000"].add(number)
            members[prefecture].add(number)
        return {adcode: frozenset(numbers) for adcode, numbers in members.items()}

    @cached_property
    def today(self) -> list[str]:
        """Adcodes, ascending, of the smallest administrative units of today that have a boundary.

        They are counties, prefectures without counties (东莞市), and 澳门, a special administrative region without districts.
        """
        return sorted({*map(self.unit_today, range(len(self.counties)))} - self._no_units)

    def unit_today(self, county: int) -> str:
        """Return the adcode of the unit of today that a county of the boundary data is, or has become a part of.

        Parameters
        ----------
        county : number of the county.
        """
        return self._whole.get(self.counties[county], self.counties[county])

    def unit_of(self, county: int, level: int) -> str:
        """Return the adcode of the present unit of a level that contains a county (or is the county); "" if there is none.

        Parameters
        ----------
        county : number of the county.
        level : 0 for the province, 1 for the prefecture, 2 for the county itself, as in `level_of`.
        """
        adcode = self.unit_today(county)
        found = (adcode, self.prefectures[county], f"{adcode[:2]}0000")[2 - level]
        return found if found not in self._no_units and level_of(found) == level else ""

    @cached_property
    def _arcs_by_county(self) -> list[list[int]]:
        arcs: list[list[int]] = [[] for _ in self.counties]
        for arc, (left, right) in enumerate(zip(self.left, self.right, strict=True)):
            arcs[left].append(arc)
            if right >= 0:
                arcs[right].append(arc)
        return arcs

    def boundary(self, members: Collection[int]) -> list[int]:
        """Return the arcs that have a member on exactly one side, each in the direction in which the member lies on the left.

        Parameters
        ----------
        members : numbers of counties.
        """
        arcs = {arc for member in members for arc in self._arcs_by_county[member]}
        inside = frozenset(members)
        return [
            arc if self.left[arc] in inside else ~arc
            for arc in sorted(arcs)
            if (self.left[arc] in inside) != (self.right[arc] in inside)
        ]

    def beyond(self, members: Collection[int]) -> set[int]:
        """Return the numbers of the counties that share an arc with a member and are not members."""
        sides = ((self.right if arc >= 0 else self.left)[max(arc, ~arc)] for arc in self.boundary(members))
        return {county for county in sides if county >= 0}

    def arc(self, number: int) -> list[Step]:
        """Return the vertices of an arc in whole steps of 1 / `lines.per_degree` degrees."""
        if number not in self._arcs:
            self._arcs[number] = self.lines.line(number)
        return self._arcs[number]

    def rings(self, members: Collection[int]) -> list[Walk]:
        """Return the rings around the area of some counties, as walks. The area lies on their left: shells run counter-clockwise."""
        walk = self.boundary(members)
        return simple_rings(walk, {number: (self.arc(number)[0], self.arc(number)[-1]) for number in numbers(walk)})

    def ring(self, walk: Walk) -> Ring:
        """Return the vertices of a ring as (longitude, latitude) in degrees. The first vertex is not repeated at the end."""
        steps = [point for arc in walk for point in (self.arc(arc)[:-1] if arc >= 0 else self.arc(~arc)[:0:-1])]
        return [(x / self.lines.per_degree, y / self.lines.per_degree) for x, y in steps]

    @cached_property
    def boxes(self) -> list[tuple[float, float, float, float]]:
        """West, south, east and north of each county in degrees, rounded outward to 0.01."""
        scale = self._columns.header["box_per_degree"]
        edges = ([value / scale for value in self._columns.values(name)] for name in ("west", "south", "east", "north"))
        return list(zip(*edges, strict=True))


@cache
def load_boundaries() -> Boundaries:
    """Return the boundaries of China, which are read once."""
    return Boundaries()


def level_of(adcode: str) -> int:
    """Return the level of a unit by its adcode: 0 for a province, 1 for a prefecture, 2 for a county."""
    return 0 if adcode.endswith("0000") else 1 if adcode.endswith("00") else 2


def numbers(walk: Walk) -> list[int]:
    """Return the numbers of the arcs of a walk, whatever their directions."""
    return [max(arc, ~arc) for arc in walk]


def simple_rings(arcs: Walk, ends: Mapping[int, tuple[Step, Step]]) -> list[Walk]:
    """Join the arcs of a boundary to closed rings. No ring passes the same end of an arc twice.

    Parameters
    ----------
    arcs : all arcs of the boundary of an area, each in its direction.
    ends : number of an arc -> its first and last vertex.
    """
    after: dict[Step, list[tuple[int, Step]]] = defaultdict(list)
    for arc in reversed(arcs):
        start, end = ends[arc] if arc >= 0 else ends[~arc][::-1]
        after[start].append((arc, end))
    rings: list[Walk] = []
    for first in list(after):
        path: Walk = []
        passed: dict[Step, int] = {}
        point = first
        while path or after[point]:
            passed[point] = len(path)
            arc, point = after[point].pop()
            path.append(arc)
            if point in passed:  # the path has come back to a point: the arcs since then are a ring
                begin = passed[point]
                rings.append(path[begin:])
                path = path[:begin]
                passed = {one: place for one, place in passed.items() if place < begin}
    return rings
