"""The boundaries that a page carries: cells that cover China, and the arcs between them, in full detail near home."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from qjmap.ground.administrative_units import bounds
from qjmap.ground.boundaries import ABROAD, SEA, Boundaries, level_of, load_boundaries
from qjmap.ground.water import Box

NEAR = {2: 1.0, 1: 0.5, 0: 0.0}
"""Level of home (see `level_of`) -> distance in degrees around it within which counties are cells and drawn in full detail; 0 for none."""
FULL, HALF, COARSE = 0.0, 0.005, 0.01
"""Tolerances of simplification in degrees. `FULL`: counties near home and named counties and prefectures. `HALF`: the rest of the
province of home, and named provinces. `COARSE`: everything else."""

Key = tuple[int, int, str]
"""Numbers of the cells on the left and right of a line, and its kind."""


@dataclass(frozen=True)
class PageBoundaries:
    """Cells that cover China, and the arcs between them.

    Attributes
    ----------
    arcs : LineStrings in WGS 84 degrees.
    kinds : for each arc "coast", "national", "province", "city" or "district"; "" for an arc that is not drawn, since the lines at
        sea (`water.national_lines`) show it.
    left, right : for each arc the number of the cell on that side; `right` is -1 at the edge of China.
    units : adcode -> numbers of its cells, ascending, for each county, prefecture and named unit that consists of whole cells.
    """

    arcs: npt.NDArray[np.object_]
    kinds: list[str]
    left: list[int]
    right: list[int]
    units: Mapping[str, list[int]]


def page_boundaries(home: str, named: Collection[str], focus: Box | None = None) -> PageBoundaries:
    """Return the boundaries of the whole country for a page.

    Near home and in its province the cells are counties, and so are named counties; elsewhere they are prefectures.

    Parameters
    ----------
    home : adcode of the home of the map; "" for none.
    named : adcodes of the units that are shown as areas; units without a boundary are ignored.
    focus : box in which and near which counties are cells and drawn in full detail if there is no home; None for no such box.
    """
    boundaries = load_boundaries()
    named = {adcode for adcode in (home, *named) if boundaries.members(adcode)}
    near, province = _around(boundaries, home, focus)
    cells = _cells(boundaries, near | province, named)
    fine = _tolerances(boundaries, near, province, named)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(cells))}
    pieces = _pieces(boundaries, [numbers[name] for name in cells], fine)
    units: dict[str, list[int]] = defaultdict(list)
    for county, name in enumerate(cells):
        for adcode in dict.fromkeys((name, boundaries.prefectures[county])):
            if level_of(adcode) and numbers[name] not in units[adcode][-1:]:
                units[adcode].append(numbers[name])
    for adcode in sorted(named):
        units[adcode] = sorted({numbers[cells[county]] for county in boundaries.members(adcode)})
    keys = [key for key, _, _ in pieces]
    return PageBoundaries(
        _simplified([line for _, _, line in pieces], [tolerance for _, tolerance, _ in pieces]),
        [kind for _, _, kind in keys],
        [left for left, _, _ in keys],
        [right for _, right, _ in keys],
        {adcode: sorted(set(of)) for adcode, of in sorted(units.items()) if of},
    )


def _around(boundaries: Boundaries, home: str, focus: Box | None) -> tuple[set[int], set[int]]:
    """Return the numbers of the counties near home (without a home: near `focus`), and of those in the province of home.

    Near means within `NEAR` of the bounding box. Without a home the second set is empty, without a box both.
    """
    own = bounds(home)
    box, reach = (focus, NEAR[1]) if own is None else (own, NEAR[level_of(home)])
    if box is None:
        return set(), set()
    west, south, east, north = box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach
    near = {
        county
        for county, (left, low, right, high) in enumerate(boundaries.boxes)
        if reach and left <= east and right >= west and low <= north and high >= south
    }
    return near, set() if own is None else set(boundaries.members(f"{home[:2]}0000"))


def _cells(boundaries: Boundaries, single: Collection[int], named: Collection[str]) -> list[str]:
    """Return for each county the adcode of its cell: of its present unit if that is a cell of its own, else of its prefecture.

    Parameters
    ----------
    single : numbers of counties that are cells of their own.
    named : adcodes of the units that are shown as areas.
    """
    parts = {county for adcode in named if level_of(adcode) == 2 for county in boundaries.members(adcode)}
    cells = []
    for county, (adcode, prefecture) in enumerate(zip(boundaries.counties, boundaries.prefectures, strict=True)):
        if adcode in named:
            cells.append(adcode)
        else:
            cells.append(boundaries.unit_today(county) if county in parts or county in single else prefecture)
    return cells


def _tolerances(
    boundaries: Boundaries, near: Collection[int], province: Collection[int], named: Collection[str]
) -> Mapping[int, float]:
    """Return number of an arc -> tolerance in degrees, for the arcs that are simplified less than `COARSE`."""
    tolerances: dict[int, float] = {}
    for counties, tolerance in ((province, HALF), (near, FULL)):
        inside = set(counties)
        for arc, sides in enumerate(zip(boundaries.left, boundaries.right, strict=True)):
            if not inside.isdisjoint(sides):
                tolerances[arc] = tolerance
    for adcode in named:
        tolerance = FULL if level_of(adcode) else HALF
        for arc in boundaries.boundary(boundaries.members(adcode)):
            number = max(arc, ~arc)
            tolerances[number] = min(tolerance, tolerances.get(number, COARSE))
    return tolerances


def _pieces(
    boundaries: Boundaries, cells: list[int], fine: Mapping[int, float]
) -> list[tuple[Key, float, npt.NDArray[np.float64]]]:
    """Join the arcs between the same two cells to as few lines as possible; arcs inside a cell are dropped.

    Parameters
    ----------
    cells : number of the cell of each county.
    fine : tolerances, see `_tolerances`.

    Returns
    -------
    (key, tolerance in degrees, vertices in degrees with shape (n, 2)) of each line, sorted by key.
    """
    groups: dict[tuple[Key, float], list[int]] = defaultdict(list)
    for arc, (left, right) in enumerate(zip(boundaries.left, boundaries.right, strict=True)):
        sides = cells[left], cells[right] if right >= 0 else -1
        if sides[0] != sides[1]:
            kind = _kind(boundaries, left, right)
            turned = sides[1] >= 0 and sides[0] > sides[1]
            key = (*(sides[::-1] if turned else sides), kind)
            groups[key, fine.get(arc, COARSE)].append(~arc if turned else arc)
    numbers = sorted({max(arc, ~arc) for arcs in groups.values() for arc in arcs})
    vertices, starts = boundaries.lines.vertices(numbers)
    lines = dict(zip(numbers, np.split(vertices / boundaries.lines.per_degree, starts[1:-1]), strict=True))
    return [
        (key, tolerance, line)
        for (key, tolerance), arcs in sorted(groups.items())
        for line in _joined([lines[arc] if arc >= 0 else lines[~arc][::-1] for arc in arcs])
    ]


def _kind(boundaries: Boundaries, left: int, right: int) -> str:
    """Return the kind of an arc (see `PageBoundaries.kinds`) by the counties on its sides."""
    if right < 0:
        return {SEA: "coast", ABROAD: "national"}.get(right, "")
    first, second = boundaries.counties[left], boundaries.counties[right]
    if first[:2] != second[:2]:
        return "province"
    return "district" if boundaries.prefectures[left] == boundaries.prefectures[right] else "city"


def _joined(lines: Iterable[npt.NDArray[np.float64]]) -> list[npt.NDArray[np.float64]]:
    """Join lines, without turning any, where one ends at the start of another; return the joined lines."""
    after: dict[tuple[float, float], list[npt.NDArray[np.float64]]] = defaultdict(list)
    ends: dict[tuple[float, float], int] = defaultdict(int)
    for line in lines:
        after[tuple(line[0].tolist())].append(line)
        ends[tuple(line[-1].tolist())] += 1
    made = []
    heads = [start for start in after if not ends[start]]
    for start in [*heads, *after]:
        while after[start]:
            chain = [after[start].pop(0)]
            while following := after.get(tuple(chain[-1][-1].tolist())):
                chain.append(following.pop(0)[1:])
            made.append(np.concatenate(chain))
    return made


def _simplified(lines: list[npt.NDArray[np.float64]], tolerances: list[float]) -> npt.NDArray[np.object_]:
    """Return the lines as LineStrings, simplified by their tolerances. A closed line keeps at least three corners: no island vanishes."""
    sizes = [len(line) for line in lines]
    shapes: Any = shapely.linestrings(np.concatenate(lines), indices=np.repeat(np.arange(len(lines)), sizes))
    made: npt.NDArray[np.object_] = shapely.simplify(shapes, np.array(tolerances), preserve_topology=False)
    for divisor in (4, 16, 64, np.inf):
        lost = np.flatnonzero(shapely.is_closed(shapes) & (shapely.get_num_coordinates(made) < 4))
        if not lost.size:
            break
        made[lost] = shapely.simplify(shapes[lost], np.array(tolerances)[lost] / divisor, preserve_topology=False)
    return made
