"""Shapes of a .shp file -> shapely geometries (ESRI Shapefile Technical Description, 1998)."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

_POINT, _LINE, _AREA, _SEVERAL_POINTS = 1, 3, 5, 8
_NO_DATA = -1e38
"""Coordinates below this mean "no data"."""


def shape_at(shp: bytes, offset: int) -> Any:
    """Make the shapely geometry of the shape that begins at byte `offset`, without heights and measures; None for an empty shape and
    for a MultiPatch.
    """
    code = struct.unpack_from("<i", shp, offset)[0]
    kind = code % 10 if code <= 28 else 0
    if kind == _POINT:
        x, y = struct.unpack_from("<dd", shp, offset + 4)
        return None if x < _NO_DATA or y < _NO_DATA else shapely.Point(x, y)
    if kind == _SEVERAL_POINTS:
        count = struct.unpack_from("<i", shp, offset + 36)[0]
        return shapely.multipoints(_coordinates(shp, offset + 40, count)) if count else None
    if kind not in (_LINE, _AREA):
        return None
    parts, count = struct.unpack_from("<ii", shp, offset + 36)
    if parts <= 0 or count <= 0:
        return None
    starts = struct.unpack_from(f"<{parts}i", shp, offset + 44)
    pieces = np.split(_coordinates(shp, offset + 44 + 4 * parts, count), starts[1:])
    if kind == _LINE:
        lines = [shapely.LineString(piece) for piece in pieces if len(piece) > 1]
        return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    return _areas([piece for piece in pieces if len(piece) > 3])


def _coordinates(shp: bytes, offset: int, count: int) -> npt.NDArray[np.float64]:
    return np.frombuffer(shp, dtype="<f8", count=2 * count, offset=offset).reshape(-1, 2)


def _areas(rings: list[npt.NDArray[np.float64]]) -> Any:
    """Make the polygons of rings: clockwise rings are shells, the others are holes in the first shell that contains them.

    If no ring is clockwise, all are shells; a hole in no shell becomes a shell.
    """
    made = [shapely.LinearRing(ring) for ring in rings]
    shells = [ring for ring in made if not ring.is_ccw] or made
    holes: list[list[Any]] = [[] for _ in shells]
    for hole in (ring for ring in made if ring.is_ccw and ring not in shells):
        inside = [
            number for number, shell in enumerate(shells) if len(shells) == 1 or shapely.Polygon(shell).covers(hole)
        ]
        if inside:
            holes[inside[0]].append(hole)
        else:  # in no shell: a shell with the wrong direction
            shells.append(hole)
            holes.append([])
    polygons = [shapely.Polygon(shell, within) for shell, within in zip(shells, holes, strict=True)]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
