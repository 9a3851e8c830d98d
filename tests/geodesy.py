"""Geodesic lengths by another formula than the program's, to test it: Andoyer and Lambert's, on the WGS 84 ellipsoid.

The program uses PROJ (Karney's algorithm). Lambert's formula corrects the great circle between reduced latitudes for the flattening to
first order; its error is below 10 m on thousands of kilometres. The parameters of the ellipsoid are from NIMA TR8350.2.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

A_KM = 6378.137
F = 1 / 298.257223563


def distance_km(start: Sequence[float], end: Sequence[float]) -> float:
    """Return the distance in km between two points, each given as longitude and latitude in degrees."""
    lon = math.radians(end[0] - start[0])
    low, high = (math.atan((1 - F) * math.tan(math.radians(point[1]))) for point in (start, end))
    half = math.sin((high - low) / 2) ** 2 + math.cos(low) * math.cos(high) * math.sin(lon / 2) ** 2
    angle = 2 * math.asin(min(1.0, math.sqrt(half)))
    if angle == 0:
        return 0.0
    p, q = (low + high) / 2, (high - low) / 2
    x = (angle - math.sin(angle)) * (math.sin(p) * math.cos(q) / math.cos(angle / 2)) ** 2
    y = (angle + math.sin(angle)) * (math.cos(p) * math.sin(q) / math.sin(angle / 2)) ** 2
    return A_KM * (angle - F / 2 * (x + y))


def length_km(geometry: dict[str, Any] | None) -> float:
    """Return the length in km of a GeoJSON LineString or MultiLineString."""
    if geometry is None:
        return 0.0
    lines = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
    return sum(distance_km(a, b) for line in lines for a, b in itertools.pairwise(line))
