"""Lines between places: geodesics, the bow that keeps arcs apart, lengths. Arrays in, arrays out; WGS 84 throughout."""

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
_FIRST_BOW = 0.09
_MORE_BOW = 0.045
_WIDEST_BOW = 0.62


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


def bows(start: Floats, end: Floats) -> Floats:
    """How far each arc bends, as a share of its chord, so that arcs of one pair of points fan out.

    Arcs bend to the left of their direction, which alone keeps opposite directions apart; of several in one
    direction each bends further than the one before it. The order of the input decides, so the input's order must be
    stable.

    Parameters
    ----------
    start, end : float64, shape (n, 2)

    Returns
    -------
    float64, shape (n,)
    """
    if not len(start):
        return np.zeros(0)
    _, group = np.unique(np.round(np.hstack([start, end]), 6), axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group)
    firsts = np.cumsum(counts) - counts
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(group)) - firsts[group[order]]
    many = np.maximum(counts[group] - 1, 1)
    step = np.minimum(_MORE_BOW, (_WIDEST_BOW - _FIRST_BOW) / many)
    return np.asarray(_FIRST_BOW + place * step, dtype=np.float64)


def bend(ways: Floats, bow: Floats) -> Floats:
    """Ways bent sideways, in the plane of the map (Web Mercator), where the eye judges the curve.

    Parameters
    ----------
    ways : float64, shape (n, vertices, 2), longitude and latitude
    bow : float64, shape (n,), the height of the bend as a share of the chord; positive bends to the left
    """
    plane = ways.copy()
    plane[..., 1] = _mercator(ways[..., 1])
    chord = plane[:, -1] - plane[:, 0]
    left = np.stack([-chord[:, 1], chord[:, 0]], axis=-1)
    height = np.sin(np.linspace(0.0, np.pi, ways.shape[1]))
    plane += (bow[:, None] * height)[..., None] * left[:, None]
    plane[..., 1] = _latitude(plane[..., 1])
    return plane


def _mercator(lat: Floats) -> Floats:
    """Mercator ordinate in degrees, so that it has the scale of the longitudes."""
    return np.asarray(np.degrees(np.arctanh(np.sin(np.radians(np.clip(lat, -85.0, 85.0))))), dtype=np.float64)


def _latitude(ordinate: Floats) -> Floats:
    return np.asarray(np.degrees(np.arcsin(np.tanh(np.radians(ordinate)))), dtype=np.float64)


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
