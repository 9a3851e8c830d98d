"""Distances along corridors: shortest paths between stops in the graph of the corridor legs that have a line."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from qjmap.geodesy import Floats, distances_km

NEAR_KM = 30.0
"""Maximum distance of a stop from the line of its leg, in km: a city's point is its centre, which a railway may bypass."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a leg between two consecutive stops, given by their ids (`start`, `end`), with its length in km."""

    start: str
    end: str
    km: float
    leg: int
    """Index of the leg's row."""


class CorridorNetwork:
    """Graph of the stops of corridor legs, with the length of each stretch.

    Parameters
    ----------
    legs : lines in EPSG:4326 with ``from``, ``to``, ``via`` (ids of stops), ``grade``, ``published_km`` and ``length_km``, NaN without a
        line. The length of a schematic leg is its ``published_km`` where known, because its straight line is shorter than the real route.
    points : longitude and latitude (degrees) by id, for the stops in ``via`` that have a position
    """

    def __init__(self, legs: gpd.GeoDataFrame, points: Mapping[str, tuple[float, float]]) -> None:
        self._stretches = _stretches(legs, points)
        self._graph: dict[str, list[tuple[str, float, int]]] = {}
        for index, stretch in enumerate(self._stretches):
            self._graph.setdefault(stretch.start, []).append((stretch.end, stretch.km, index))
            self._graph.setdefault(stretch.end, []).append((stretch.start, stretch.km, index))
        self._paths_from: dict[str, dict[str, tuple[float, tuple[int, ...]]]] = {}

    def __contains__(self, stop: str) -> bool:
        return stop in self._graph

    def path(self, start: str, end: str) -> tuple[float, tuple[int, ...], tuple[str, ...]] | None:
        """Return the shortest path between two stops, given by their ids; None if there is no path, or if both stops are the same.

        It is a tuple (length in km, rounded to 0.1; indices of the rows of its legs; ids of the stops in between), in the order of travel.
        """
        if start == end:
            return None
        if start not in self._paths_from:
            self._paths_from[start] = shortest_paths(self._graph, start)
        if end not in self._paths_from[start]:
            return None
        km, edges = self._paths_from[start][end]
        stops = [start]
        for edge in edges:
            stretch = self._stretches[edge]
            stops.append(stretch.end if stretch.start == stops[-1] else stretch.start)
        legs = tuple(dict.fromkeys(self._stretches[edge].leg for edge in edges))
        return round(km, 1), legs, tuple(stops[1:-1])


def _stretches(legs: gpd.GeoDataFrame, points: Mapping[str, tuple[float, float]]) -> list[Stretch]:
    """Return the legs that have a line, split at those stops in ``via`` that lie near the line (see `along_km`)."""
    stretches: list[Stretch] = []
    names = ("from", "to", "via", "length_km", "published_km", "grade")
    columns = zip(*(legs[name] for name in names), legs.geometry, strict=True)
    for row, (start, end, via, length_km, published_km, grade, line) in enumerate(columns):
        if not np.isfinite(length_km) or not start or not end:
            continue
        published = grade == "schematic" and np.isfinite(published_km) and length_km > 0
        stretch = float(published_km / length_km) if published else 1.0
        located = [stop for stop in via if stop in points]
        between = (
            zip(along_km(line, np.array([points[stop] for stop in located])), located, strict=True) if located else ()
        )
        stops = sorted(
            [
                (0.0, start),
                (float(length_km), end),
                *((float(km), stop) for km, stop in between if 0 < km < length_km),
            ]
        )
        stretches += [
            Stretch(first, second, (second_km - first_km) * stretch, row)
            for (first_km, first), (second_km, second) in pairwise(stops)
            if first != second
        ]
    return stretches


def relative_deviations(drawn_km: Any, published_km: Any) -> Floats:
    """Return the relative deviation of drawn lengths of legs from their published lengths: 0.1 if drawn 10 % longer.

    Parameters
    ----------
    drawn_km, published_km : lengths in km, NaN or None if unknown; numbers or arrays of one shape.

    Returns
    -------
    float64, of the same shape; NaN if a length is unknown or the published one is 0.
    """
    drawn, published = np.asarray(drawn_km, dtype=np.float64), np.asarray(published_km, dtype=np.float64)
    deviations: Floats = np.full(np.shape(drawn), np.nan)
    np.divide(drawn - published, published, out=deviations, where=published > 0)
    return deviations


def along_km(line: Any, points: Floats) -> Floats:
    """Return the distance along a line of its point nearest to each given point: geodesic kilometres from the start of the line.

    Parameters
    ----------
    line : LineString or MultiLineString, EPSG:4326; gaps between parts have no length.
    points : float64, shape (n, 2), longitude and latitude in degrees.

    Returns
    -------
    float64, shape (n,); NaN for a point farther than `NEAR_KM` from the line.
    """
    coordinates, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    same_part = part[1:] == part[:-1]
    first, last = coordinates[:-1][same_part], coordinates[1:][same_part]
    lengths = distances_km(first, last)
    start_km = np.cumsum(lengths) - lengths
    out = np.full(len(points), np.nan)
    for index, point in enumerate(points):  # a leg has few stops; its segments are one array
        scale = np.array([np.cos(np.radians(point[1])), 1.0])  # makes degrees about equally long around the point
        segment, offset = (last - first) * scale, (point - first) * scale
        share = np.clip((offset * segment).sum(axis=1) / np.maximum((segment * segment).sum(axis=1), 1e-18), 0, 1)
        nearest = int(np.argmin(((offset - share[:, None] * segment) ** 2).sum(axis=1)))
        foot = first[nearest] + share[nearest] * (last - first)[nearest]
        if distances_km(point[None], foot[None])[0] <= NEAR_KM:
            out[index] = start_km[nearest] + share[nearest] * lengths[nearest]
    return out


def shortest_paths(
    graph: Mapping[str, Iterable[tuple[str, float, int]]], start: str
) -> dict[str, tuple[float, tuple[int, ...]]]:
    """Return the shortest paths from a node to all reachable nodes, by Dijkstra's algorithm: {node: (km, edges of the path)}.

    Among paths of equal length the one whose edge numbers come first in lexicographic order is chosen, so that the result depends on the
    graph alone.

    Parameters
    ----------
    graph : for each node its edges as (other node, length, number of the edge).
    """
    paths: dict[str, tuple[float, tuple[int, ...]]] = {}
    queue: list[tuple[float, tuple[int, ...], str]] = [(0.0, (), start)]
    while queue:
        km, edges, node = heapq.heappop(queue)
        if node in paths:
            continue
        paths[node] = km, edges
        for other, length, edge in graph.get(node, ()):
            if other not in paths:
                heapq.heappush(queue, (km + length, (*edges, edge), other))
    return paths
