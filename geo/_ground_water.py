"""Land abroad, lakes and rivers of the ground, from GSHHG and WDB II."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import _source_packages as packages
import numpy as np
import shapely
from _coverage import clean, graded, polygons_of, rounded
from _source_packages import Geometry
from numpy.typing import NDArray

#: What a map that shows it must say.
CREDIT: Final = {
    "zh": "海岸、湖泊与河流：GSHHG 2.3.6、WDB II（LGPL-3.0-or-later）",
    "en": "Coasts, lakes and rivers: GSHHG 2.3.6, WDB II (LGPL-3.0-or-later)",
}
#: The world without Antarctica; GSHHG is cut at the antimeridian.
WORLD: Final = shapely.box(-180.0, -58.0, 180.0, 84.0)
#: Where land abroad may touch China's.
AROUND: Final = shapely.box(65.0, 0.0, 142.0, 60.0)
#: Tolerances (degrees: the root of the area of the triangles left out) and least islands (square degrees of their bounding box) of
#: land abroad: within `NEAR` degrees of China, and elsewhere.
NEAR: Final = 1.5
NEAR_TOLERANCE, NEAR_ISLAND = 0.02, 2e-3
FAR_TOLERANCE, FAR_ISLAND = 0.05, 1e-2
#: The Strait of Singapore keeps its shape.
STRAIT: Final = shapely.box(103.3, 1.0, 104.4, 1.7)
STRAIT_TOLERANCE, STRAIT_ISLAND = 0.004, 2e-4
#: Two surveys of one coast differ by less than this (degrees); what is narrower beside China's coast is no land.
SLIVER: Final = 0.08
#: Land abroad reaches this far (degrees) under China's, so that no seam shows between them.
OVERLAP: Final = 0.03
DECIMALS: Final = 3
#: Lakes: tolerances (degrees, Douglas-Peucker) and least areas (square degrees), in China and within a degree of it, and elsewhere.
LAKES_NEAR: Final = 1.0
LAKE_TOLERANCE, LEAST_LAKE = 0.003, 5e-4
FAR_LAKE_TOLERANCE, LEAST_FAR_LAKE = 0.03, 0.3
#: Rivers: tolerances (degrees, Douglas-Peucker) by rank; 0 is a river without a name.
RIVER_TOLERANCE: Final = {0: 0.003, 1: 0.0015, 2: 0.003, 3: 0.003}
#: Rivers without a name are drawn in China and this far (degrees) around it.
RIVERS_NEAR: Final = 0.5
#: Degrees that a piece of a river must reach.
LEAST_RIVER: Final = 0.003
#: A river that ends nearer than this (degrees) to another is drawn on to it: bank or midstream, it is the mouth.
MOUTH: Final = 0.03


@dataclass(frozen=True, slots=True)
class River:
    """A river: its names, empty where the data have none, rank 1 (main) to 3, 0 without a name, and its line."""

    name: str
    name_en: str
    rank: int
    line: Geometry


def _simplified(country: Geometry) -> Geometry:
    """Return GSHHG's land, simplified by zones."""
    near = shapely.buffer(shapely.simplify(country, 0.1), NEAR)
    zones = [(STRAIT, STRAIT_TOLERANCE, STRAIT_ISLAND), (near - STRAIT, NEAR_TOLERANCE, NEAR_ISLAND)]
    zones.append((WORLD - shapely.union(STRAIT, near), FAR_TOLERANCE, FAR_ISLAND))
    land = [part for zone, _, least in zones for shape in packages.land(zone, least) for part in polygons_of(shape)]
    whole = shapely.make_valid(rounded(shapely.union_all(land), DECIMALS), method="structure")
    # Land and sea of each zone are one coverage, so the coast has no step where the zones meet.
    cut = [part for zone, _, _ in zones for part in (zone & whole, zone - whole)]
    shapes = [shapely.multipolygons(polygons_of(part)) for part in cut]
    simple = graded(clean(shapes, DECIMALS), [tolerance for _, tolerance, _ in zones for _ in range(2)])
    return shapely.coverage_union_all(simple[::2])


def land_abroad(country: Geometry) -> tuple[list[Geometry], Geometry]:
    """Return the land abroad, which reaches a little under China's, and the edge of all land.

    Along China's coast China's own data hold: what GSHHG has beside it in narrow strips is the difference of two surveys.
    """
    rest = shapely.difference(_simplified(country), country)
    beside = shapely.buffer(shapely.boundary(country), 3 * SLIVER)
    near = shapely.intersection(rest, AROUND)
    # Grown by more than it was shrunk: the last narrow stretch of a neighbour before the border stays land.
    opened = shapely.buffer(shapely.buffer(near, -SLIVER), 2.5 * SLIVER)
    foreign = shapely.union(shapely.difference(rest, beside), shapely.intersection(near, opened))
    joined = polygons_of(shapely.union_all([country, *(part for part in polygons_of(foreign) if part.area > 1e-4)]))
    # Level 1 of GSHHG has no lakes: a hole in the land is a place where the two data sets did not meet.
    whole = shapely.union_all([shapely.Polygon(part.exterior) for part in joined])
    lagoons = [shapely.Polygon(ring) for part in polygons_of(country) for ring in part.interiors]
    whole = shapely.difference(whole, shapely.union_all(lagoons))
    border = shapely.intersection(shapely.boundary(country), shapely.buffer(whole, -1e-6))
    under = shapely.simplify(shapely.intersection(country, shapely.buffer(border, OVERLAP)), OVERLAP / 3)
    abroad = shapely.union(shapely.difference(whole, country), shapely.intersection(under, country))
    return [_without_small_holes(part) for part in polygons_of(abroad) if part.area > 1e-5], shapely.boundary(whole)


def _without_small_holes(shape: Geometry) -> Geometry:
    """Return a polygon without the gaps that simplifying what lies under China has left."""
    return shapely.Polygon(shape.exterior, [ring for ring in shape.interiors if shapely.Polygon(ring).area > OVERLAP])


def lakes(country: Geometry) -> list[Geometry]:
    """Return the lakes of China and its surroundings, and the large ones of the world, as polygons."""
    around = shapely.buffer(shapely.simplify(country, 0.1), LAKES_NEAR)
    shapely.prepare(around)
    made = []
    for shape in packages.lakes(LEAST_LAKE):
        near = shapely.intersects(around, shape)
        if near or (shape.area >= LEAST_FAR_LAKE and shapely.intersects(WORLD, shape)):
            simple = shapely.simplify(shape, LAKE_TOLERANCE if near else FAR_LAKE_TOLERANCE)
            made += [
                part for part in polygons_of(shapely.make_valid(simple, method="structure")) if part.area >= LEAST_LAKE
            ]
    return sorted(made, key=lambda shape: -float(shape.area))


def named_rivers(listed: Sequence[Mapping[str, str]]) -> list[River]:
    """Follow each river of rivers.csv through its reaches, upstream to downstream, and on to the river that it flows into.

    A reach is `piece:first-last`, vertices counted from 0, both ends kept; first > last means against the order of
    the data. Where the data draw both banks of a wide river, the list follows one.
    """
    pieces = packages.river_pieces()
    made = []
    for row in listed:
        reaches = []
        for number, first, last in _reaches(row):
            xy = pieces[number][min(first, last) : max(first, last) + 1]
            reaches.append(xy if first < last else xy[::-1])
        rank = int(row["rank"])
        line = shapely.simplify(shapely.LineString(np.vstack(reaches)), RIVER_TOLERANCE[rank])
        made.append(River(row["name"], row["name_en"], rank, line))
    return [_with_mouth(river, made) for river in made]


def _reaches(row: Mapping[str, str]) -> list[tuple[int, int, int]]:
    """Return the number, first and last vertex of each reach of a river in rivers.csv."""
    found = []
    for reach in row["reaches"].split("|"):
        number, _, ends = reach.partition(":")
        first, last = (int(end) for end in ends.split("-"))
        found.append((int(number), first, last))
    return found


def _with_mouth(river: River, rivers: Sequence[River]) -> River:
    """Draw a river on to the nearest point of the one it ends beside."""
    end = shapely.get_point(river.line, -1)
    other = shapely.union_all([one.line for one in rivers if one is not river])
    if not 0 < other.distance(end) < MOUTH:
        return river
    mouth = shapely.shortest_line(end, other).coords[-1]
    return replace(river, line=shapely.LineString([*river.line.coords, mouth]))


def nameless_rivers(country: Geometry, listed: Sequence[Mapping[str, str]]) -> list[River]:
    """Return what the data have of rivers in and around China besides the reaches of the named ones."""
    taken: dict[int, set[int]] = defaultdict(set)
    for row in listed:
        for number, first, last in _reaches(row):
            taken[number].update(range(min(first, last), max(first, last)))
    around = shapely.buffer(shapely.simplify(country, 0.1), RIVERS_NEAR)
    shapely.prepare(around)
    lines = [
        shapely.LineString(xy[run[0] : run[-1] + 2])
        for number, xy in sorted(packages.river_pieces().items())
        if shapely.intersects(around, shapely.box(*xy.min(axis=0), *xy.max(axis=0)))
        for run in _runs_besides(taken[number], len(xy) - 1)
    ]
    simple = shapely.simplify(lines, RIVER_TOLERANCE[0])
    return [
        River("", "", 0, line)
        for line in simple[shapely.intersects(around, lines)]
        if max(np.ptp(shapely.get_coordinates(line), axis=0)) >= LEAST_RIVER
    ]


def _runs_besides(taken: set[int], count: int) -> list[NDArray[np.int64]]:
    """Return the runs of numbers below `count` that are not taken."""
    left = np.array([edge for edge in range(count) if edge not in taken], dtype=np.int64)
    return np.split(left, np.flatnonzero(np.diff(left) > 1) + 1) if len(left) else []
