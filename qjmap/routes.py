"""Lines between places: geodesics, the points where agreements of many meet, lengths. Arrays in, arrays out; WGS 84."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Lines = npt.NDArray[np.object_]

VERTICES = 33
"""Vertices of an arc: at 3,000 km the chords stay within 0.4 km of the curve, less than a pixel where all of it shows."""

_WGS84 = Geod(ellps="WGS84")
_MEDIAN_STEPS = 80
_CLEAR = 0.2
"""Share of the mean distance that a junction keeps from every point of its set; nearer, it is moved aside."""
_ASIDE = 0.3
_EVEN = 0.35
"""Sum of unit vectors below which the points pull a junction evenly to both sides."""


def great_circles(start: Floats, end: Floats, vertices: int = VERTICES) -> Floats:
    """Points along the shortest ways between pairs of points.

    Parameters
    ----------
    start, end : float64, shape (n, 2)
        Longitude, latitude in degrees.
    vertices : points on each way, its ends included.

    Returns
    -------
    float64, shape (n, vertices, 2)
        On the sphere: at most 0.3 % of the length away from the geodesic of the ellipsoid. Longitudes run on past
        180 degrees rather than jump, so that a line stays one line.
    """
    first, last = _unit(start), _unit(end)
    angle = np.arctan2(np.linalg.norm(np.cross(first, last), axis=1), np.einsum("ij,ij->i", first, last))
    share = np.linspace(0.0, 1.0, vertices)
    whole = np.sin(angle)
    near = whole < 1e-12
    safe = np.where(near, 1.0, whole)[:, None]
    from_first = np.where(near[:, None], 1 - share, np.sin((1 - share) * angle[:, None]) / safe)
    from_last = np.where(near[:, None], share, np.sin(share * angle[:, None]) / safe)
    points = from_first[..., None] * first[:, None] + from_last[..., None] * last[:, None]
    lon = np.degrees(np.arctan2(points[..., 1], points[..., 0]))
    lat = np.degrees(np.arctan2(points[..., 2], np.hypot(points[..., 0], points[..., 1])))
    out = np.stack([np.unwrap(lon, period=360.0, axis=1), lat], axis=-1)
    out[:, 0], out[:, -1, 1] = start, end[:, 1]
    return np.asarray(out, dtype=np.float64)


def _unit(points: Floats) -> Floats:
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def junctions(points: Floats, owner: Ints, others: Floats | None = None) -> Floats:
    """One point for each set of three or more points, at which the lines to all of them meet.

    It is the point with the least sum of distances to those of its set (the geometric median, on the sphere), found by
    Weiszfeld's iteration for all sets at once. A median that falls on one of the points, as it does where the others
    lie on both sides of it, would read as that place being the middle of all: it is moved aside, towards the others
    or, where they pull evenly, to that side of the line through them where the map has more room.

    Parameters
    ----------
    points : float64, shape (n, 2), longitude and latitude in degrees
    owner : int64, shape (n,), the set of each point, ascending from 0 without gaps
    others : float64, shape (m, 2), what else stands on the map and had better not look like a junction's place

    Returns
    -------
    float64, shape (sets, 2); longitudes in -180..180
    """
    if not len(points):
        return np.zeros((0, 2))
    unit = _unit(points)
    count = np.bincount(owner).astype(np.float64)

    def total(values: Floats) -> Floats:
        out = np.zeros((len(count), *values.shape[1:]))
        np.add.at(out, owner, values)
        return out

    middle = _normal(total(unit))
    for _ in range(_MEDIAN_STEPS):
        away = np.maximum(np.linalg.norm(unit - middle[owner], axis=1), 1e-9)
        middle = _normal(total(unit / away[:, None]))
    apart = np.linalg.norm(unit - middle[owner], axis=1)
    spread = total(apart) / count
    nearest = np.full(len(count), np.inf)
    np.minimum.at(nearest, owner, apart)
    crowded = nearest < _CLEAR * spread
    if crowded.any():
        flat = unit - middle[owner] * np.einsum("ij,ij->i", unit, middle[owner])[:, None]
        far = apart > _CLEAR * spread[owner]
        ways = np.where(far[:, None], flat / np.maximum(np.linalg.norm(flat, axis=1), 1e-12)[:, None], 0.0)
        pull = total(ways)
        farthest = np.zeros(len(count))
        np.maximum.at(farthest, owner, apart)
        first = np.flatnonzero(apart >= farthest[owner])
        axis = np.zeros_like(middle)
        axis[owner[first][::-1]] = ways[first][::-1]
        even = np.linalg.norm(pull, axis=1) < _EVEN
        side = _normal(np.where(even[:, None], np.cross(middle, axis), pull))
        moved, mirrored = (_normal(middle + turn * side * (_ASIDE * spread)[:, None]) for turn in (1, -1))
        if others is not None and len(others):
            known = _unit(others)
            roomier = np.max(mirrored @ known.T, axis=1) < np.max(moved @ known.T, axis=1) - 1e-12
            moved = np.where((even & roomier)[:, None], mirrored, moved)
        middle = np.where(crowded[:, None], moved, middle)
    lon = np.degrees(np.arctan2(middle[:, 1], middle[:, 0]))
    lat = np.degrees(np.arctan2(middle[:, 2], np.hypot(middle[:, 0], middle[:, 1])))
    return np.asarray(np.stack([lon, lat], axis=1), dtype=np.float64)


def _normal(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)[:, None], dtype=np.float64)


def distances_km(start: Floats, end: Floats) -> Floats:
    """Geodesic distances on the WGS 84 ellipsoid, in kilometres; shape (n,). NaN where an end is NaN."""
    out = np.full(len(start), np.nan)
    known = np.isfinite(start).all(axis=1) & np.isfinite(end).all(axis=1)
    if known.any():
        _, _, metres = _WGS84.inv(start[known, 0], start[known, 1], end[known, 0], end[known, 1])
        out[known] = np.asarray(metres) / 1000
    return out


def lengths_km(lines: Lines) -> Floats:
    """Geodesic length of each line (all its parts) on the WGS 84 ellipsoid, in kilometres; NaN without geometry."""
    out = np.full(len(lines), np.nan)
    coordinates, owner = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    parts_owner = np.repeat(np.arange(len(lines)), np.maximum(shapely.get_num_geometries(lines), 0))
    if len(coordinates):
        inside = owner[1:] == owner[:-1]
        before, after = coordinates[:-1][inside], coordinates[1:][inside]
        kilometres = distances_km(before, after)
        np.add.at(total := np.zeros(len(lines)), parts_owner[owner[1:][inside]], kilometres)
        drawn = ~shapely.is_missing(lines)
        out[drawn] = total[drawn]
    return out


def as_lines(ways: Floats, owner: Ints, rows: int) -> Lines:
    """One LineString or MultiLineString for each of ``rows`` rows from its ways; None for a row without any.

    Parameters
    ----------
    ways : float64, shape (n, vertices, 2)
    owner : int64, shape (n,), the row of each way, ascending
    """
    out = np.full(rows, None, dtype=object)
    if len(ways):
        single = shapely.linestrings(ways)
        counts = np.bincount(owner, minlength=rows)
        starts = np.cumsum(counts) - counts
        for row in np.flatnonzero(counts):
            parts = single[starts[row] : starts[row] + counts[row]]
            out[row] = parts[0] if len(parts) == 1 else shapely.multilinestrings(parts)
    return out


def cut_at_antimeridian(shape: Any) -> Any:
    """A line whose longitudes run past 180 degrees, cut at the antimeridian and brought back into -180..180.

    The pieces keep the order and the direction of the line. Anything else comes back as it is.
    """
    if shape is None or shape.geom_type not in ("LineString", "MultiLineString"):
        return shape
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    pieces = [piece for part in shapely.get_parts(shape) for piece in _turns(shapely.get_coordinates(part))]
    return (
        shapely.linestrings(pieces[0])
        if len(pieces) == 1
        else shapely.multilinestrings([shapely.linestrings(piece) for piece in pieces])
    )


def _turns(points: Floats) -> list[Floats]:
    """A part in its pieces, each within one turn of the globe and brought back into -180..180."""
    pieces: list[list[Floats]] = []
    last = None
    for a, b in itertools.pairwise(points):
        low, high = sorted((a[0], b[0]))
        edges = np.arange(np.floor((low + 180) / 360) + 1, np.ceil((high + 180) / 360)) * 360 - 180
        crossings = [a + (b - a) * ((edge - a[0]) / (b[0] - a[0])) for edge in (edges if b[0] > a[0] else edges[::-1])]
        stops = [a, *crossings, b]
        for start, end in itertools.pairwise(stops):
            turn = float(np.floor(((start[0] + end[0]) / 2 + 180) / 360))
            if turn != last:
                pieces.append([start - [turn * 360, 0]])
                last = turn
            pieces[-1].append(end - [turn * 360, 0])
    return [np.array(piece) for piece in pieces]
