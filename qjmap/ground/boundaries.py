"""Boundaries of China's administrative units as arcs that neighbours share (WGS 84 degrees); pure Python, read on first use.

The smallest members are counties; a prefecture or province is all counties in it, and its boundary the arcs with one of them on one
side alone. Origin, precision and licence: assets/ground/README.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from qjmap.ground.columns import read_columns

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Step = tuple[int, int]
Ring = list[tuple[float, float]]
Walk = list[int]
"""Arcs one after the other: the number of an arc that is followed along its vertices, ~number of one that is followed against them."""


class Boundaries:
    """All boundaries.

    Attributes
    ----------
    counties : adcodes of the smallest members, ascending; of cities without counties their own.
    prefectures : adcode of the prefecture of each, of the province where it stands directly under that.
    left, right : number of the county on either side of each arc, seen along its vertices; `right` is negative where China ends.
    """

    def __init__(self) -> None:
        self._columns = read_columns("boundaries")
        header = self._columns.header
        self.per_degree: int = header["per_degree"]
        self.counties: list[str] = header["counties"]
        self.prefectures: list[str] = header["prefectures"]
        self._number = {adcode: number for number, adcode in enumerate(self.counties)}
        self._joint: dict[str, list[str]] = {**header["joint"], **header["former"]}
        self._whole = {part: whole for whole, parts in header["joint"].items() for part in parts}
        self._no_units = frozenset(header["no_units"])
        self.left = self._columns.values("left")
        self.right = self._columns.values("right")
        self._ends = [0, *accumulate(self._columns.values("size"))]
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
        return sorted({self._whole.get(adcode, adcode) for adcode in self.counties} - self._no_units)

    def unit_of(self, county: int, level: int) -> str:
        """Return the unit of today that a county is or lies in; "" where there is none of that level.

        Parameters
        ----------
        level : as `level_of` has it.
        """
        adcode = self.counties[county]
        adcode = self._whole.get(adcode, adcode)
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

    @cached_property
    def _first(self) -> list[Step]:
        """First vertex of each arc, in whole steps."""
        return list(zip(*(accumulate(self._columns.values(name)) for name in ("first_x", "first_y")), strict=True))

    def arc(self, number: int) -> list[Step]:
        """Return the vertices of an arc in whole steps of 1 / `per_degree` degrees."""
        if number not in self._arcs:
            start = self._ends[number] - number  # an arc has one difference less than vertices
            stop = self._ends[number + 1] - number - 1
            x, y = (
                accumulate(self._columns.values(name, start, stop), initial=first)
                for name, first in zip("xy", self._first[number], strict=True)
            )
            self._arcs[number] = list(zip(x, y, strict=True))
        return self._arcs[number]

    def vertices(self, arcs: Sequence[int]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the vertices of some arcs in whole steps, and where each begins in them.

        Returns
        -------
        vertices : shape (n, 2)
        starts : shape (len(arcs) + 1,); the last one is n.
        """
        import numpy as np  # a single county can be read without it

        chosen = np.asarray(arcs, dtype=np.int64)
        ends = np.asarray(self._ends, dtype=np.int64)
        sizes = ends[chosen + 1] - ends[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        place = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
        follows = place > 0
        # An arc has one difference less than vertices.
        index = (np.repeat(ends[chosen] - chosen - 1, sizes) + place)[follows]
        axes = []
        for name in "xy":
            steps = np.zeros(starts[-1], dtype=np.int64)
            steps[follows] = self._columns.array(name, index)
            sums = np.cumsum(steps)
            firsts = np.cumsum(self._columns.array(f"first_{name}"))[chosen]
            axes.append(sums + np.repeat(firsts - sums[starts[:-1]], sizes))
        return np.column_stack(axes), starts

    def rings(self, members: Collection[int]) -> list[Walk]:
        """Return the rings of the area of some counties: it lies on their left, so that outer rings run counter-clockwise."""
        walk = self.boundary(members)
        return simple_rings(walk, {number: (self.arc(number)[0], self.arc(number)[-1]) for number in numbers(walk)})

    def ring(self, walk: Walk) -> Ring:
        """Return the vertices of a ring in degrees; the last one is not the first again."""
        steps = [point for arc in walk for point in (self.arc(arc)[:-1] if arc >= 0 else self.arc(~arc)[:0:-1])]
        return [(x / self.per_degree, y / self.per_degree) for x, y in steps]

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
