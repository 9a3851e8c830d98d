"""Geodesy on WGS 84 with whole arrays: great-circle arcs, geometric medians, distances, lengths, cuts at the antimeridian."""

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
"""Shapely LineStrings and MultiLineStrings; None for a row without a line."""

VERTICES = 33
"""Number of vertices of a great-circle arc. At a length of 3,000 km the chords between them stay within 0.4 km of the curve, which is less
than a pixel on a map that shows all of it."""

_WGS84 = Geod(ellps="WGS84")
_MEDIAN_STEPS = 80
"""Number of iterations for a geometric median."""
_CLEARANCE = 0.2
"""Minimum distance of a junction from each point of its set, as a share of their mean distance. A nearer junction is displaced."""
_DISPLACEMENT = 0.3
"""Distance by which a junction is displaced, as a share of the mean distance of the points."""
_BALANCED = 0.35
"""The points pull a junction evenly to both sides if the sum of the unit vectors towards them is shorter than this."""


def great_circles(start: Floats, end: Floats, vertices: int = VERTICES) -> Floats:
    """Return the vertices of the great-circle arcs between pairs of points.

    Parameters
    ----------
    start, end : float64, shape (n, 2), longitude and latitude in degrees
    vertices : number of vertices of each arc, including its ends

    Returns
    -------
    float64, shape (n, vertices, 2), longitude and latitude in degrees. The arcs are those of a sphere; measured on the ellipsoid they are
    at most 0.3 % longer than geodesics. At the antimeridian the longitudes continue past ±180 degrees. Between antipodes, which have no
    unique arc, only the ends are valid.
    """
    first, last = _unit(start), _unit(end)
    angle = np.arctan2(np.linalg.norm(np.cross(first, last), axis=1), np.einsum("ij,ij->i", first, last))
    share = np.linspace(0.0, 1.0, vertices)
    sine = np.sin(angle)
    degenerate = (sine < 1e-12)[:, None]
    divisor = np.where(degenerate, 1.0, sine[:, None])
    from_first = np.where(degenerate, 1 - share, np.sin((1 - share) * angle[:, None]) / divisor)
    from_last = np.where(degenerate, share, np.sin(share * angle[:, None]) / divisor)
    points = from_first[..., None] * first[:, None] + from_last[..., None] * last[:, None]
    lon = np.degrees(np.arctan2(points[..., 1], points[..., 0]))
    lat = np.degrees(np.arctan2(points[..., 2], np.hypot(points[..., 0], points[..., 1])))
    out = np.stack([np.unwrap(lon, period=360.0, axis=1), lat], axis=-1)
    out[:, 0], out[:, -1, 1] = start, end[:, 1]
    return np.asarray(out, dtype=np.float64)


def great_circles_of_pairs(start: Floats, end: Floats) -> Floats:
    """Return the same as `great_circles` with the default number of vertices, but compute each distinct pair only once."""
    pairs, pair_of_row = np.unique(np.concatenate([start, end], axis=1), axis=0, return_inverse=True)
    return great_circles(pairs[:, :2], pairs[:, 2:])[pair_of_row.reshape(-1)]


def _unit(points: Floats) -> Floats:
    """Return the unit vectors, shape (n, 3), of longitudes and latitudes in degrees, shape (n, 2)."""
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def junctions(points: Floats, owner: Ints, others: Floats | None = None) -> Floats:
    """Return the junction of each set of three or more points: the point at which the lines from all of them meet.

    It is the geometric median on the sphere, computed by the Weiszfeld iteration for all sets at once. A median at or near one of the
    points would make that place look like the centre of the set. It is therefore displaced: towards the other points or, if these pull
    evenly to both sides, at a right angle to the direction of the farthest one, to the side with more room on the map.

    Parameters
    ----------
    points : float64, shape (n, 2), longitude and latitude in degrees
    owner : int64, shape (n,), number of the set of each point, ascending from 0 without gaps
    others : float64, shape (m, 2), other points on the map, which a displaced junction avoids

    Returns
    -------
    float64, shape (number of sets, 2), longitude (from -180 to 180) and latitude in degrees
    """
    if not len(points):
        return np.zeros((0, 2))
    unit = _unit(points)
    center = _normalize(_sum_by_owner(unit, owner))
    for _ in range(_MEDIAN_STEPS):
        distance = np.maximum(np.linalg.norm(unit - center[owner], axis=1), 1e-9)
        center = _normalize(_sum_by_owner(unit / distance[:, None], owner))
    distance = np.linalg.norm(unit - center[owner], axis=1)
    mean_distance = _sum_by_owner(distance, owner) / np.bincount(owner)
    nearest = np.full(len(center), np.inf)
    np.minimum.at(nearest, owner, distance)
    crowded = nearest < _CLEARANCE * mean_distance
    if crowded.any():
        displaced = _displaced(center, unit, owner, distance, mean_distance, others)
        center = np.where(crowded[:, None], displaced, center)
    lon = np.degrees(np.arctan2(center[:, 1], center[:, 0]))
    lat = np.degrees(np.arctan2(center[:, 2], np.hypot(center[:, 0], center[:, 1])))
    return np.asarray(np.stack([lon, lat], axis=1), dtype=np.float64)


def _displaced(
    center: Floats, unit: Floats, owner: Ints, distance: Floats, mean_distance: Floats, others: Floats | None
) -> Floats:
    """Return all medians displaced as `junctions` describes, as unit vectors, shape (number of sets, 3).

    Parameters
    ----------
    center : medians as unit vectors, shape (number of sets, 3)
    unit : points as unit vectors, shape (n, 3)
    owner : number of the set of each point
    distance : distance (chord) of each point from its median, shape (n,)
    mean_distance : mean of these distances of each set
    others : as in `junctions`
    """
    tangent = unit - center[owner] * np.einsum("ij,ij->i", unit, center[owner])[:, None]
    is_far = distance > _CLEARANCE * mean_distance[owner]
    directions = np.where(is_far[:, None], tangent / np.maximum(np.linalg.norm(tangent, axis=1), 1e-12)[:, None], 0.0)
    pull = _sum_by_owner(directions, owner)
    farthest_distance = np.zeros(len(center))
    np.maximum.at(farthest_distance, owner, distance)
    farthest = np.flatnonzero(distance >= farthest_distance[owner])
    axis = np.zeros_like(center)
    axis[owner[farthest][::-1]] = directions[farthest][::-1]  # the first of several farthest points is written last
    balanced = np.linalg.norm(pull, axis=1) < _BALANCED
    side = _normalize(np.where(balanced[:, None], np.cross(center, axis), pull))
    step = side * (_DISPLACEMENT * mean_distance)[:, None]
    moved, mirrored = _normalize(center + step), _normalize(center - step)
    if others is not None and len(others):
        other_units = _unit(others)
        roomier = np.max(mirrored @ other_units.T, axis=1) < np.max(moved @ other_units.T, axis=1) - 1e-12
        moved = np.where((balanced & roomier)[:, None], mirrored, moved)
    return moved


def _sum_by_owner(values: Floats, owner: Ints) -> Floats:
    """Return the sums of the values over the points of each set, shape (number of sets, ...).

    Parameters
    ----------
    values : shape (n, ...), one item for each point
    owner : number of the set of each point, ascending
    """
    out = np.zeros((int(owner[-1]) + 1, *values.shape[1:]))
    np.add.at(out, owner, values)
    return out


def _normalize(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)[:, None], dtype=np.float64)


def distances_km(start: Floats, end: Floats) -> Floats:
    """Return geodesic distances on the WGS 84 ellipsoid in kilometres, shape (n,); NaN if an end is NaN.

    Parameters
    ----------
    start, end : float64, shape (n, 2), longitude and latitude in degrees
    """
    out = np.full(len(start), np.nan)
    mask = np.isfinite(start).all(axis=1) & np.isfinite(end).all(axis=1)
    if mask.any():
        _, _, metres = _WGS84.inv(start[mask, 0], start[mask, 1], end[mask, 0], end[mask, 1])
        out[mask] = np.asarray(metres) / 1000
    return out


def lengths_km(lines: Lines) -> Floats:
    """Return the geodesic length of each line on the WGS 84 ellipsoid in kilometres, shape (n,); NaN for None.

    Parameters
    ----------
    lines : lines with longitude and latitude in degrees, shape (n,)
    """
    out = np.full(len(lines), np.nan)
    coordinates, owner = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    parts_owner = np.repeat(np.arange(len(lines)), np.maximum(shapely.get_num_geometries(lines), 0))
    if len(coordinates):
        same_part = owner[1:] == owner[:-1]
        kilometres = distances_km(coordinates[:-1][same_part], coordinates[1:][same_part])
        np.add.at(total := np.zeros(len(lines)), parts_owner[owner[1:][same_part]], kilometres)
        present = ~shapely.is_missing(lines)
        out[present] = total[present]
    return out


def polyline_lengths_km(polylines: Floats, owner: Ints, rows: int) -> Floats:
    """Return the total geodesic length of the polylines of each row in kilometres, shape (rows,); NaN for a row that has none.

    Parameters
    ----------
    polylines : float64, shape (n, vertices, 2), longitude and latitude in degrees
    owner : int64, shape (n,), row of each polyline
    rows : number of rows
    """
    segments = distances_km(polylines[:, :-1].reshape(-1, 2), polylines[:, 1:].reshape(-1, 2))
    lengths = segments.reshape(polylines.shape[0], polylines.shape[1] - 1).sum(axis=1)
    total = np.bincount(owner, weights=lengths, minlength=rows)
    return np.where(np.bincount(owner, minlength=rows) > 0, total, np.nan)


def as_lines(polylines: Floats, owner: Ints, rows: int) -> Lines:
    """Return the polylines of each row as a LineString or MultiLineString, shape (rows,); None for a row that has none.

    Parameters
    ----------
    polylines : float64, shape (n, vertices, 2), longitude and latitude in degrees
    owner : int64, shape (n,), row of each polyline, ascending
    rows : number of rows
    """
    out = np.full(rows, None, dtype=object)
    if len(polylines):
        single = shapely.linestrings(polylines)
        counts = np.bincount(owner, minlength=rows)
        starts = np.cumsum(counts) - counts
        for row in np.flatnonzero(counts):
            parts = single[starts[row] : starts[row] + counts[row]]
            out[row] = parts[0] if len(parts) == 1 else shapely.multilinestrings(parts)
    return out


def cut_at_antimeridian(shape: Any) -> Any:
    """Cut a line whose longitudes exceed ±180 degrees at the antimeridian, and shift the pieces into -180 to 180 degrees.

    The result is a LineString or MultiLineString; the pieces keep their order and direction. Other lines, other geometries and None are
    returned unchanged.
    """
    if shape is None or shape.geom_type not in ("LineString", "MultiLineString"):
        return shape
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    pieces = [
        piece for part in shapely.get_parts(shape) for piece in _split_at_antimeridian(shapely.get_coordinates(part))
    ]
    return (
        shapely.linestrings(pieces[0])
        if len(pieces) == 1
        else shapely.multilinestrings([shapely.linestrings(piece) for piece in pieces])
    )


def _split_at_antimeridian(points: Floats) -> list[Floats]:
    """Split the vertices of a line at the antimeridian; the longitudes of each piece are shifted into -180 to 180 degrees."""
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
