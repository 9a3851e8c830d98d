"""Reverse geocoding: a point -> the province, city and county of today that contain it, former units of the county, the nearest town.

Points are tested against polygons (`county_rings` states their precision). Pure Python; the polygons are read on first use.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

from qjmap.geocoding.china_gazetteer import FORMER, load_china_gazetteer
from qjmap.geocoding.county_rings import (
    DEGREE_M,
    county_rings,
    distance_to_ring_m,
    load_county_rings,
    margin_m,
    ray_crossings,
)
from qjmap.geocoding.project_gazetteer import distance_m

DIRECTIONS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_COUNTY_ENDINGS = ("区", "县", "市", "旗")
_SNAP_DEGREES = 0.02
"""A point outside of every generalised polygon belongs to the nearest one within this distance in degrees."""
_CELLS_PER_DEGREE = 5
_NEAR_M = 60_000.0
"""Greatest distance in metres of a town that counts as near."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The administrative units that contain a point. Abroad and at sea all attributes have their defaults.

    Attributes
    ----------
    province, city, county : full names; "" for a level that the point has no unit of, such as the city in a municipality.
    adcode : adcode of the county, or of the smallest unit where there are no counties.
    former : full names of the units that have become the county of today or a part of it, in the order of the years in which they ended.
        Which of them contained the point is not known.
    border_m : distance in metres to the nearest edge of the county; 0 for a point just outside of every polygon.
    margin_m : how far that edge may be off, in metres.
    town, town_code : name and code of the nearest town with a known point, to which the point need not belong; "" if none is within 60 km.
    town_m, town_direction : distance from the point to that town in metres (None for no town), and the direction in which it lies (N, NE,
        E, SE, S, SW, W or NW; "" for no town).
    """

    province: str = ""
    city: str = ""
    county: str = ""
    adcode: str = ""
    former: tuple[str, ...] = ()
    border_m: float = 0.0
    margin_m: float = 0.0
    town: str = ""
    town_code: str = ""
    town_m: float | None = None
    town_direction: str = ""

    @property
    def name(self) -> str:
        """The names of the units, widest first: 重庆市 綦江区."""
        return " ".join(dict.fromkeys(filter(None, (self.province, self.city, self.county))))


def reverse(lon: float, lat: float) -> Surroundings:
    """Return the units that contain a point (WGS 84 degrees) and the nearest town; without names for a point abroad, at sea or not finite."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return Surroundings()
    county = _county_of_point(lon, lat)
    if county is None:
        return Surroundings()
    adcode, border_m = county
    china = load_china_gazetteer()
    names = {"province": "", "city": "", "district": ""}
    row = china.row_by_id[adcode]
    while row >= 0:
        names[china.kind(row)] = china.name(row)
        row = china.parent(row)
    former = tuple(_former_names().get(china.row_by_id[adcode], ()))
    place = Surroundings(
        names["province"], names["city"], names["district"], adcode, former, border_m, margin_m(adcode)
    )
    town, town_m = _nearest_town(lon, lat)
    if not town or town_m is None:
        return place
    x, y = china.town_points()[int(town)]
    direction = _direction(lon, lat, x / 1e5, y / 1e5)
    return replace(place, town=china.name(int(town)), town_code=town, town_m=town_m, town_direction=direction)


def _direction(lon: float, lat: float, to_lon: float, to_lat: float) -> str:
    """Return the one of `DIRECTIONS` in which a near point (`to_lon`, `to_lat`) is seen from another; all in degrees."""
    east, north = (to_lon - lon) * math.cos(math.radians(lat)), to_lat - lat
    return DIRECTIONS[round(math.degrees(math.atan2(east, north)) / 45) % 8]


@cache
def _former_names() -> dict[int, list[str]]:
    """Return row of a county -> full names of the units that have become it or a part of it, sorted by the years in which they ended."""
    china = load_china_gazetteer()
    names: dict[int, list[str]] = {}
    for form in china.forms:
        if len(form) < 3 or not form.endswith(_COUNTY_ENDINGS):
            continue
        for row, kind in china.hits(form):
            if kind == FORMER and form != china.name(row):
                names.setdefault(row, []).append(form)
    return {row: sorted(former, key=lambda form: (china.renamed_in(form, row), form)) for row, former in names.items()}


def _county_of_point(lon: float, lat: float) -> tuple[str, float] | None:
    """Return the adcode of the county that contains a point, and the metres to its edge; None if there is none.

    A point outside of every polygon gets the nearest county within `_SNAP_DEGREES`, and 0 metres.
    """
    adcodes, boxes = load_county_rings()
    near = [
        county
        for county, (west, south, east, north) in enumerate(boxes)
        if west - _SNAP_DEGREES <= lon <= east + _SNAP_DEGREES and south - _SNAP_DEGREES <= lat <= north + _SNAP_DEGREES
    ]

    def edge_m(county: int) -> float:
        return min(distance_to_ring_m(ring, lon, lat) for ring in county_rings(county))

    around = [c for c in near if sum(ray_crossings(ring, lon, lat) for ring in county_rings(c)) % 2]
    if around:
        inward_m, adcode = min((-edge_m(county), adcodes[county]) for county in around)
        return adcode, -inward_m
    beside_m, adcode = min(((edge_m(county), adcodes[county]) for county in near), default=(math.inf, ""))
    return (adcode, 0.0) if beside_m <= _SNAP_DEGREES * DEGREE_M else None


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return math.floor(lon * _CELLS_PER_DEGREE), math.floor(lat * _CELLS_PER_DEGREE)


@cache
def _towns_by_cell() -> dict[tuple[int, int], list[tuple[int, float, float]]]:
    """Return cell of a grid (column, row) -> (code, longitude, latitude in degrees) of the towns in it, for towns that have a point."""
    cells: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
    for code, (x, y) in load_china_gazetteer().town_points().items():
        lon, lat = x / 1e5, y / 1e5
        cells.setdefault(_cell(lon, lat), []).append((code, lon, lat))
    return cells


def _nearest_town(lon: float, lat: float) -> tuple[str, float | None]:
    """Return the code of the nearest town that has a point, and the metres to it; "" and None if none is within `_NEAR_M`."""
    column, row = _cell(lon, lat)
    best = (_NEAR_M, 0)
    reach = -1
    while reach < 0 or _to_edge_m(lon, lat, column, row, reach) < best[0]:
        reach += 1
        for x in range(column - reach, column + reach + 1):
            for y in range(row - reach, row + reach + 1):
                if max(abs(x - column), abs(y - row)) == reach:
                    towns = _towns_by_cell().get((x, y), ())
                    best = min([best, *((distance_m(lon, lat, *point), code) for code, *point in towns)])
    return (str(best[1]), best[0]) if best[1] else ("", None)


def _to_edge_m(lon: float, lat: float, column: int, row: int, reach: int) -> float:
    """Return the least distance in metres from a point in a cell to what lies more than `reach` cells away from that cell."""
    west, east = (column - reach) / _CELLS_PER_DEGREE, (column + reach + 1) / _CELLS_PER_DEGREE
    south, north = (row - reach) / _CELLS_PER_DEGREE, (row + reach + 1) / _CELLS_PER_DEGREE
    narrowest = math.cos(math.radians(max(abs(south), abs(north))))  # a degree of longitude beside a degree of latitude
    return DEGREE_M * min(lat - south, north - lat, narrowest * min(lon - west, east - lon))
