"""Boundaries of China's administrative units as arcs that neighbours share (WGS 84 degrees); pure Python, read on first use.

The smallest members are counties; a prefecture or province is all counties in it, and its boundary the arcs with one of them on one
side alone. Origin, precision and licence: assets/ground/README.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache, cached_property

from qjmap.ground.integer_columns import read_columns
from qjmap.ground.lines import Lines, Step

SEA, ABROAD, UNDEFINED = -1, -2, -3
"""What lies on the right of an arc where China ends; the boundary with an `UNDEFINED` right side is drawn by a line of its own."""

Ring = list[tuple[float, float]]
Walk = list[int]
"""Arcs one after the other: the number of an arc that is followed along its vertices, ~number of one that is followed against them."""


class Boundaries:
    """All boundaries.

    Attributes
    ----------
    counties : adcodes of the smallest members, ascending; of cities without counties their own.
    prefectures : adcode of the prefecture of each, of the province where it stands directly under that.
    left, right : number of the county on either side of each arc, seen along its vertices; `right` is `SEA`, `ABROAD` or `UNDEFINED`
        where China ends.
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
        """Return the numbers of the counties that make up a county, prefecture or province; empty where no boundary is known."""
        if adcode in self._number:
            return frozenset((self._number[adcode],))
        if adcode in self._joint:
            return frozenset(self._number[part] for part in self._joint[adcode])
        return self._members_of_larger.get(adcode, frozenset())

    @cached_property
    def _members_of_larger(self) -> dict[str, frozenset[int]]:
        """The counties of each prefecture and province."""
        members: dict[str, set[int]] = defaultdict(set)
        for number, (adcode, prefecture) in enumerate(zip(self.counties, self.prefectures, strict=True)):
            members[f"{adcode[:2]}0000"].add(number)
            members[prefecture].add(number)
        return {adcode: frozenset(numbers) for adcode, numbers in members.items()}

    @cached_property
    def today(self) -> list[str]:
        """Adcodes of the smallest units of today that have a boundary, ascending: counties, and cities and regions without any."""
        return sorted({*map(self.unit_today, range(len(self.counties)))} - self._no_units)

    def unit_today(self, county: int) -> str:
        """Return the adcode of the unit of today that a county is or is a part of."""
        return self._whole.get(self.counties[county], self.counties[county])

    def unit_of(self, county: int, level: int) -> str:
        """Return the unit of today that a county is or lies in; "" where there is none of that level.

        Parameters
        ----------
        level : as `level_of` has it.
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
        """Return the arcs that have a member on one side alone, in the direction in which the members lie on the left (see `Walk`)."""
        arcs = {arc for member in members for arc in self._arcs_by_county[member]}
        inside = frozenset(members)
        return [
            arc if self.left[arc] in inside else ~arc
            for arc in sorted(arcs)
            if (self.left[arc] in inside) != (self.right[arc] in inside)
        ]

    def beyond(self, members: Collection[int]) -> set[int]:
        """Return the counties that share an edge with a member and are none themselves."""
        sides = ((self.right if arc >= 0 else self.left)[max(arc, ~arc)] for arc in self.boundary(members))
        return {county for county in sides if county >= 0}

    def arc(self, number: int) -> list[Step]:
        """Return the vertices of an arc in whole steps of 1 / `lines.per_degree` degrees."""
        if number not in self._arcs:
            self._arcs[number] = self.lines.line(number)
        return self._arcs[number]

    def rings(self, members: Collection[int]) -> list[Walk]:
        """Return the rings of the area of some counties: it lies on their left, so that outer rings run counter-clockwise."""
        walk = self.boundary(members)
        return simple_rings(walk, {number: (self.arc(number)[0], self.arc(number)[-1]) for number in numbers(walk)})

    def ring(self, walk: Walk) -> Ring:
        """Return the vertices of a ring in degrees; the last one is not the first again."""
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
    """Return the boundaries of China."""
    return Boundaries()


def level_of(adcode: str) -> int:
    """Return 0 for the adcode of a province, 1 of a prefecture, 2 of a county."""
    return 0 if adcode.endswith("0000") else 1 if adcode.endswith("00") else 2


def numbers(walk: Walk) -> list[int]:
    """Return the numbers of the arcs of a walk."""
    return [max(arc, ~arc) for arc in walk]


def simple_rings(arcs: Walk, ends: Mapping[int, tuple[Step, Step]]) -> list[Walk]:
    """Join arcs to rings, none of which passes an end of an arc twice.

    Parameters
    ----------
    arcs : all arcs of the boundary of an area, each in its direction.
    ends : the first and last vertex of each by its number.
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
            if point in passed:  # the path has come back: what lies between is a ring
                begin = passed[point]
                rings.append(path[begin:])
                path = path[:begin]
                passed = {one: place for one, place in passed.items() if place < begin}
    return rings
