"""Areas of counties, prefectures and provinces as shapely geometries (WGS 84 degrees), built from the arcs of their boundaries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from qjmap.ground.boundaries import Walk, load_boundaries, numbers, simple_rings

Rings = npt.NDArray[np.object_]
"""Shapely LinearRings, shape (n,)."""


def polygons(areas: Sequence[Collection[int]]) -> list[Any]:
    """Return several areas as shapely Polygons and MultiPolygons (WGS 84 degrees).

    Parameters
    ----------
    areas : for each area the numbers of its counties, see `Boundaries.members`; at least one.
    """
    boundaries = load_boundaries()
    edges = [boundaries.boundary(members) for members in areas]
    arcs = sorted({arc for walk in edges for arc in numbers(walk)})
    vertices, starts = boundaries.lines.vertices(arcs)
    parts = dict(zip(arcs, np.split(vertices, starts[1:-1]), strict=True))
    ends = {arc: (tuple(part[0].tolist()), tuple(part[-1].tolist())) for arc, part in parts.items()}
    walks = [simple_rings(walk, ends) for walk in edges]
    owner = np.repeat(np.arange(len(areas)), [len(rings) for rings in walks])
    return areas_of(
        rings_of([ring for rings in walks for ring in rings], parts, boundaries.lines.per_degree), owner, len(areas)
    )


def inner_points(areas: Sequence[Collection[int]]) -> list[tuple[float, float]]:
    """Return a point (longitude, latitude in WGS 84 degrees) inside each of several areas: the centroid, if that lies inside.

    Parameters
    ----------
    areas : for each area the numbers of its counties, as in `polygons`; may be empty.
    """
    points = []
    for area in polygons(areas) if areas else []:
        centroid = shapely.centroid(area)
        point = centroid if shapely.contains(area, centroid) else shapely.point_on_surface(area)
        points.append((round(float(point.x), 5), round(float(point.y), 5)))
    return points


def country() -> Any:
    """Return the land of China as a MultiPolygon (WGS 84 degrees)."""
    return polygons([range(len(load_boundaries().counties))])[0]


def rings_of(walks: Sequence[Walk], parts: Mapping[int, npt.NDArray[np.int64]], per_degree: int) -> Rings:
    """Return closed walks of arcs as shapely LinearRings in degrees.

    Parameters
    ----------
    walks : arcs of each ring, `~arc` for an arc in reverse (see `Walk`); at least one ring.
    parts : index of an arc -> its vertices as integers, shape (n, 2), in units of 1 / ``per_degree`` degrees.
    per_degree : number of units in a degree.
    """
    pieces = [[parts[arc][:-1] if arc >= 0 else parts[~arc][:0:-1] for arc in walk] for walk in walks]
    vertices = np.concatenate([piece for walk in pieces for piece in walk]) / per_degree
    sizes = [sum(map(len, walk)) for walk in pieces]
    rings: Rings = shapely.linearrings(vertices, indices=np.repeat(np.arange(len(walks)), sizes))
    return rings


def areas_of(rings: Rings, owner: npt.NDArray[np.int64], count: int) -> list[Any]:
    """Return areas as Polygons and MultiPolygons, built from their rings.

    Parameters
    ----------
    rings : shells, which run counter-clockwise, and holes, which run clockwise.
    owner : number of the area (from 0) that each ring belongs to, ascending.
    count : number of areas; each has at least one shell.
    """
    is_shell = shapely.is_ccw(rings)
    pieces = shapely.polygons(rings)
    holes: dict[int, list[int]] = {}
    for hole in np.flatnonzero(~is_shell).tolist():
        shells = np.flatnonzero(is_shell & (owner == owner[hole]))
        # A hole touches its shell at most in single points, so that a point inside the hole is inside the shell.
        around = shells[shapely.contains_properly(pieces[shells], shapely.point_on_surface(pieces[hole]))]
        holes.setdefault(int(around[np.argmin(shapely.area(pieces[around]))]), []).append(hole)
    for shell, inner in holes.items():
        pieces[shell] = shapely.polygons(rings[shell], rings[inner])
    shells = np.flatnonzero(is_shell)
    parts = np.split(pieces[shells], np.flatnonzero(np.diff(owner[shells])) + 1)
    found = dict(zip(owner[shells][np.cumsum([0, *map(len, parts[:-1])])].tolist(), parts, strict=True))
    return [found[area][0] if len(found[area]) == 1 else shapely.multipolygons(found[area]) for area in range(count)]
