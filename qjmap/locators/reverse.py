"""A point -> the province, city and county that hold it, and the nearest town: what a map reader calls where it lies.

By polygon, generalised to some 400 m in Chongqing, Sichuan and Guizhou and to 1 km elsewhere: nearer than that to a
border the neighbour may be meant, which `Surroundings.border_m` tells. Pure Python; the polygons are read with the first
question.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from qjmap.locators.everywhere import everyone
from qjmap.locators.gazetteer import distance_m
from qjmap.locators.national import read

FINE = ("50", "51", "52")
FINE_M, COARSE_M = 600.0, 1_500.0
_BESIDE = 0.02  # degrees: a point this near to a generalised polygon that no other holds is taken to lie in it
DEGREE_M = 111_195.0
_TOWN_REACH = 0.4  # degrees: beyond this no town is said to be near

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a point lies. Names and codes are empty abroad and at sea.

    ``border_m`` is the distance in metres to the nearest edge of the county, ``margin_m`` how far that edge may be off;
    ``town_m`` the distance to the nearest town with a known point, which need not be the town the point belongs to.
    """

    province: str = ""
    city: str = ""
    county: str = ""
    adcode: str = ""
    border_m: float = 0.0
    margin_m: float = 0.0
    town: str = ""
    town_code: str = ""
    town_m: float | None = None

    @property
    def name(self) -> str:
        """The units in a row, widest first: 重庆市 綦江区."""
        return " ".join(dict.fromkeys(filter(None, (self.province, self.city, self.county))))


def reverse(lon: float, lat: float) -> Surroundings:
    """The units that hold a point (WGS 84 degrees) and the nearest known town."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return Surroundings()
    national = everyone()
    held = _holding(lon, lat)
    if held is None:
        return Surroundings()
    code, border = held
    names = {"province": "", "city": "", "district": ""}
    row = national.number[code]
    while row >= 0:
        names[national.kind(row)] = national.name(row)
        row = national.parent(row)
    town, far = _nearest_town(lon, lat)
    return Surroundings(
        names["province"], names["city"], names["district"], code, border,
        FINE_M if code.startswith(FINE) else COARSE_M,
        national.name(int(town)) if town else "", town, far,
    )  # fmt: skip


@cache
def shapes() -> tuple[list[str], list[tuple[float, float, float, float]], list[Any]]:
    """Counties with an outline: adcodes, west-south-east-north in degrees, rings as differences in 1e-3 degrees."""
    data = read("shapes")
    boxes = []
    for held in data["rings"]:
        west = south = math.inf
        east = north = -math.inf
        for ring in held:
            x = y = 0
            for at in range(0, len(ring), 2):
                x, y = x + ring[at], y + ring[at + 1]
                west, east, south, north = min(west, x), max(east, x), min(south, y), max(north, y)
        boxes.append((west / 1e3, south / 1e3, east / 1e3, north / 1e3))
    return data["code"], boxes, data["rings"]


@cache
def rings(number: int) -> list[Ring]:
    """The rings of a county's outline in degrees, holes among them."""
    found = []
    for differences in shapes()[2][number]:
        ring, x, y = [], 0, 0
        for at in range(0, len(differences), 2):
            x, y = x + differences[at], y + differences[at + 1]
            ring.append((x / 1e3, y / 1e3))
        found.append(ring)
    return found


def _holding(lon: float, lat: float) -> tuple[str, float] | None:
    """The adcode of the county that holds a point, and the metres to its edge."""
    codes, boxes, _ = shapes()
    near = []
    for number, (west, south, east, north) in enumerate(boxes):
        if west - _BESIDE <= lon <= east + _BESIDE and south - _BESIDE <= lat <= north + _BESIDE:
            outline = rings(number)
            edge = min(_edge_m(ring, lon, lat) for ring in outline)
            if sum(_crossings(ring, lon, lat) for ring in outline) % 2:
                near.append((0, -edge, edge, codes[number]))
            elif edge <= _BESIDE * DEGREE_M:
                near.append((1, edge, 0.0, codes[number]))
    if not near:
        return None
    _, _, edge, code = min(near)
    return code, edge


def _crossings(ring: Ring, lon: float, lat: float) -> int:
    """How often a ray to the east crosses a ring."""
    count = 0
    x0, y0 = ring[-1]
    for x, y in ring:
        if (y > lat) != (y0 > lat) and lon < x + (lat - y) * (x0 - x) / (y0 - y):
            count += 1
        x0, y0 = x, y
    return count


def _edge_m(ring: Ring, lon: float, lat: float) -> float:
    """Metres from a point to the nearest edge of a ring, on the plane that touches at the point."""
    narrow = math.cos(math.radians(lat))
    least = math.inf
    x0, y0 = (ring[-1][0] - lon) * narrow, ring[-1][1] - lat
    for x1, y1 in ring:
        x, y = (x1 - lon) * narrow, y1 - lat
        dx, dy = x - x0, y - y0
        length = dx * dx + dy * dy
        along = 0.0 if length == 0 else max(0.0, min(1.0, -(x0 * dx + y0 * dy) / length))
        least = min(least, (x0 + along * dx) ** 2 + (y0 + along * dy) ** 2)
        x0, y0 = x, y
    return math.sqrt(least) * DEGREE_M


@cache
def _cells() -> dict[tuple[int, int], list[tuple[int, float, float]]]:
    """Towns with a point by cells of 0.2 degrees."""
    cells: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
    for code, (x, y) in everyone().town_points().items():
        lon, lat = x / 1e5, y / 1e5
        cells.setdefault((math.floor(lon * 5), math.floor(lat * 5)), []).append((code, lon, lat))
    return cells


def _nearest_town(lon: float, lat: float) -> tuple[str, float | None]:
    column, row = math.floor(lon * 5), math.floor(lat * 5)
    best: tuple[float, int] | None = None
    for reach in range(round(_TOWN_REACH * 5) + 1):
        for x in range(column - reach, column + reach + 1):
            for y in range(row - reach, row + reach + 1):
                if max(abs(x - column), abs(y - row)) != reach:
                    continue
                for code, town_lon, town_lat in _cells().get((x, y), ()):
                    far = distance_m(lon, lat, town_lon, town_lat)
                    if best is None or far < best[0]:
                        best = far, code
        if best is not None and reach >= 1:
            break
    return ("", None) if best is None else (str(best[1]), best[0])
