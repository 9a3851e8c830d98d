"""Boundaries of China's counties as rings of vertices (WGS 84 degrees); pure Python, read on first use.

The boundaries are those of the ground (`qjmap.ground`), whose vertices are 1.5 km apart on average: nearer than `margin_m` to a
border, a point may belong to the neighbour.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from qjmap.ground.boundaries import Ring, load_boundaries

DEGREE_M = 111_195.0
"""Metres of one degree of latitude."""

_FINE_PROVINCES = ("50", "51", "52")
"""First digits of the adcodes of units in Chongqing, Sichuan and Guizhou, whose boundaries are generalised less."""
_FINE_MARGIN_M, _COARSE_MARGIN_M = 600.0, 1_500.0


class CountyRings(NamedTuple):
    """Adcodes and bounding boxes of the smallest administrative units of today, here called counties; see `Boundaries.today`.

    Attributes
    ----------
    adcodes : adcode of each county, ascending.
    boxes : west, south, east, north of each county in degrees, rounded outward.
    """

    adcodes: list[str]
    boxes: list[tuple[float, float, float, float]]


@cache
def load_county_rings() -> CountyRings:
    """Return the adcodes and bounding boxes of all counties, which are read once."""
    boundaries = load_boundaries()
    boxes = []
    for adcode in boundaries.today:
        west, south, east, north = zip(*(boundaries.boxes[part] for part in boundaries.members(adcode)), strict=True)
        boxes.append((min(west), min(south), max(east), max(north)))
    return CountyRings(boundaries.today, boxes)


@cache
def county_rings(county: int) -> list[Ring]:
    """Return the rings, shells and holes, of the county with an index in `load_county_rings`, in degrees."""
    boundaries = load_boundaries()
    return [boundaries.ring(walk) for walk in boundaries.rings(boundaries.members(boundaries.today[county]))]


def margin_m(adcode: str) -> float:
    """Return how far the generalised boundary of a unit may be off, in metres."""
    return _FINE_MARGIN_M if adcode.startswith(_FINE_PROVINCES) else _COARSE_MARGIN_M


def ray_crossings(ring: Ring, lon: float, lat: float) -> int:
    """Count how often a ray from a point (degrees) to the east crosses a ring; an odd number means that the point lies inside the ring."""
    count = 0
    x0, y0 = ring[-1]
    for x, y in ring:
        if (y > lat) != (y0 > lat) and lon < x + (lat - y) * (x0 - x) / (y0 - y):
            count += 1
        x0, y0 = x, y
    return count


def distance_to_ring_m(ring: Ring, lon: float, lat: float) -> float:
    """Return the metres from a point to the nearest edge of a ring, on a plane in which longitudes are scaled by cos(`lat`)."""
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
