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

#: Credit that a map with coasts, lakes and rivers must show.
CREDIT: Final = {
    "zh": "海岸、湖泊与河流：GSHHG 2.3.6、WDB II（LGPL-3.0-or-later）",
    "en": "Coasts, lakes and rivers: GSHHG 2.3.6, WDB II (LGPL-3.0-or-later)",
}
#: The world without Antarctica. GSHHG is cut at the antimeridian.
WORLD: Final = shapely.box(-180.0, -58.0, 180.0, 84.0)
#: Box in which land abroad may touch the land of China.
AROUND: Final = shapely.box(65.0, 0.0, 142.0, 60.0)
#: Distance in degrees from China within which land abroad is near. For near and far land: tolerance in degrees (the square root of the
#: area of the triangles that are removed), and minimum size of an island (area of its bounding box in square degrees).
NEAR: Final = 1.5
NEAR_TOLERANCE, NEAR_ISLAND = 0.02, 2e-3
FAR_TOLERANCE, FAR_ISLAND = 0.05, 1e-2
#: Box around the Strait of Singapore, which keeps its shape, with its tolerance and minimum size of an island.
STRAIT: Final = shapely.box(103.3, 1.0, 104.4, 1.7)
STRAIT_TOLERANCE, STRAIT_ISLAND = 0.004, 2e-4
#: Maximum difference in degrees between two surveys of one coast. A narrower strip of land beside the coast of China is no land.
SLIVER: Final = 0.08
#: Distance in degrees by which land abroad reaches under the land of China, so that no gap shows between them.
OVERLAP: Final = 0.03
DECIMALS: Final = 3
#: Lakes in China and within `LAKES_NEAR` degrees of it, and lakes elsewhere: tolerance in degrees (Douglas-Peucker) and minimum area in
#: square degrees.
LAKES_NEAR: Final = 1.0
LAKE_TOLERANCE, LEAST_LAKE = 0.003, 5e-4
FAR_LAKE_TOLERANCE, LEAST_FAR_LAKE = 0.03, 0.3
#: Rank of a river -> tolerance in degrees (Douglas-Peucker). Rivers without a name have rank 0.
RIVER_TOLERANCE: Final = {0: 0.003, 1: 0.0015, 2: 0.003, 3: 0.003}
#: Distance in degrees from China within which rivers without a name are kept.
RIVERS_NEAR: Final = 0.5
#: Minimum width or height in degrees of a piece of a river.
LEAST_RIVER: Final = 0.003
#: Distance in degrees within which the end of a river is taken for its mouth in another river, to which it is then extended.
MOUTH: Final = 0.03


@dataclass(frozen=True, slots=True)
class River:
    """A river: its names ("" if the data have none), its rank (1 for main rivers to 3; 0 without a name), and its LineString."""

    name: str
    name_en: str
    rank: int
    line: Geometry


def _simplified(country: Geometry) -> Geometry:
    """Return the land of GSHHG, simplified with the tolerances of three zones: the Strait of Singapore, near China, elsewhere."""
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
    """Return the land abroad as polygons, which reach a little under China, and the outer edge of all land as lines.

    The coast of China is that of the Chinese data. Narrow strips of land that GSHHG has beside it are differences between two surveys.
    """
    rest = shapely.difference(_simplified(country), country)
    beside = shapely.buffer(shapely.boundary(country), 3 * SLIVER)
    near = shapely.intersection(rest, AROUND)
    # It is grown by more than it was shrunk, so that the last narrow stretch of a neighbour before the border stays land.
    opened = shapely.buffer(shapely.buffer(near, -SLIVER), 2.5 * SLIVER)
    foreign = shapely.union(shapely.difference(rest, beside), shapely.intersection(near, opened))
    joined = polygons_of(shapely.union_all([country, *(part for part in polygons_of(foreign) if part.area > 1e-4)]))
    # Level 1 of GSHHG has no lakes: a hole in the land is a gap between the two data sets.
    whole = shapely.union_all([shapely.Polygon(part.exterior) for part in joined])
    lagoons = [shapely.Polygon(ring) for part in polygons_of(country) for ring in part.interiors]
    whole = shapely.difference(whole, shapely.union_all(lagoons))
    border = shapely.intersection(shapely.boundary(country), shapely.buffer(whole, -1e-6))
    under = shapely.simplify(shapely.intersection(country, shapely.buffer(border, OVERLAP)), OVERLAP / 3)
    abroad = shapely.union(shapely.difference(whole, country), shapely.intersection(under, country))
    return [_without_small_holes(part) for part in polygons_of(abroad) if part.area > 1e-5], shapely.boundary(whole)


def _without_small_holes(shape: Geometry) -> Geometry:
    """Return a polygon without its small holes, which the simplification of the part under China has left."""
    return shapely.Polygon(shape.exterior, [ring for ring in shape.interiors if shapely.Polygon(ring).area > OVERLAP])


def lakes(country: Geometry) -> list[Geometry]:
    """Return the lakes of China and its surroundings, and the large lakes of the world, as polygons, the largest first."""
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
    """Return the rivers of rivers.csv, each joined from its reaches downstream and extended to the river that it flows into.

    A reach is written `piece:first-last`: the number of a piece in the data, and its first and last vertex, counted from 0. If the first
    is greater than the last, the river flows against the order of the vertices. Of a wide river whose two banks are in the data, the
    list follows one.
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
    """Return (number of the piece, first vertex, last vertex) of each reach of a row of rivers.csv."""
    found = []
    for reach in row["reaches"].split("|"):
        number, _, ends = reach.partition(":")
        first, last = (int(end) for end in ends.split("-"))
        found.append((int(number), first, last))
    return found


def _with_mouth(river: River, rivers: Sequence[River]) -> River:
    """Return a river extended to the nearest point of another river if it ends within `MOUTH` of that; else unchanged."""
    end = shapely.get_point(river.line, -1)
    other = shapely.union_all([one.line for one in rivers if one is not river])
    if not 0 < other.distance(end) < MOUTH:
        return river
    mouth = shapely.shortest_line(end, other).coords[-1]
    return replace(river, line=shapely.LineString([*river.line.coords, mouth]))


def nameless_rivers(country: Geometry, listed: Sequence[Mapping[str, str]]) -> list[River]:
    """Return the rivers in and around China that belong to no river of rivers.csv."""
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
    """Return the runs of consecutive numbers from 0 to `count` - 1 that are not taken."""
    left = np.array([edge for edge in range(count) if edge not in taken], dtype=np.int64)
    return np.split(left, np.flatnonzero(np.diff(left) > 1) + 1) if len(left) else []
