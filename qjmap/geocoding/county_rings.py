"""Boundaries of China's counties as rings of vertices (WGS 84 degrees); pure Python, read on first use.

The boundaries are generalised to some 400 m in Chongqing, Sichuan and Guizhou and to 1 km elsewhere: nearer than
`margin_m` to a border, a point may belong to the neighbour.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from qjmap.geocoding.gazetteer_files import read_asset

DEGREE_M = 111_195.0
"""Metres of one degree of latitude."""

_FINE_PROVINCES = ("50", "51", "52")
_FINE_MARGIN_M, _COARSE_MARGIN_M = 600.0, 1_500.0

Ring = list[tuple[float, float]]


class CountyRings(NamedTuple):
    """Boundaries of all counties, as columns.

    Attributes
    ----------
    adcodes : of each county.
    boxes : west, south, east, north of each county, in degrees.
    deltas : rings of each county, each a flat list of longitude and latitude differences in 1e-3 degrees.
    """

    adcodes: list[str]
    boxes: list[tuple[float, float, float, float]]
    deltas: list[list[list[int]]]


@cache
def load_county_rings() -> CountyRings:
    """Return the boundaries of all counties."""
    data = read_asset("shapes")
    boxes = []
    for rings in data["rings"]:
        lon = [x for ring in rings for x in accumulate(ring[::2])]
        lat = [y for ring in rings for y in accumulate(ring[1::2])]
        boxes.append((min(lon) / 1e3, min(lat) / 1e3, max(lon) / 1e3, max(lat) / 1e3))
    return CountyRings(data["code"], boxes, data["rings"])


@cache
def county_rings(county: int) -> list[Ring]:
    """Return the rings of the county with an index in `load_county_rings`, holes among them, in degrees."""
    return [
        [(x / 1e3, y / 1e3) for x, y in zip(accumulate(ring[::2]), accumulate(ring[1::2]), strict=True)]
        for ring in load_county_rings().deltas[county]
    ]


def margin_m(adcode: str) -> float:
    """Return how far the boundary of a unit may be off, in metres."""
    return _FINE_MARGIN_M if adcode.startswith(_FINE_PROVINCES) else _COARSE_MARGIN_M


def ray_crossings(ring: Ring, lon: float, lat: float) -> int:
    """Count how often a ray from a point to the east crosses a ring."""
    count = 0
    x0, y0 = ring[-1]
    for x, y in ring:
        if (y > lat) != (y0 > lat) and lon < x + (lat - y) * (x0 - x) / (y0 - y):
            count += 1
        x0, y0 = x, y
    return count


def distance_to_ring_m(ring: Ring, lon: float, lat: float) -> float:
    """Return the metres from a point to the nearest edge of a ring, in the plane that touches the sphere at the point."""
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
