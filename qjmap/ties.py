"""Who is tied to whom, and how far apart they are: the partnerships read from the side of each place and organisation.

A place holds what lies within it: the partnerships of its zones, towns and sites are its own too. A country holds only
what names it, else it would hold everything. What the panel of the page and `qjmap report` say rests on this module;
web/src/app/relations.js reads the same rows in the same way.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import shapely

from qjmap.model import Atlas, points_of
from qjmap.routes import Floats, distances_km
from qjmap.tables import columns as cols

NEVER_WITHIN = "country"
"""The kind of place that does not hold what lies within it."""

NEAR_KM = 30.0
"""How far a stop may lie from the line of its leg: a city's point lies in its centre, the railway may pass by."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How far two rows are apart.

    Attributes
    ----------
    km : geodesic kilometres on the WGS 84 ellipsoid, to 0.1; None where either has no position of its own.
    corridor_km : kilometres along the drawn legs of the corridors, the shortest way, to 0.1; None without one.
    legs : rows of the atlas's corridor_legs on that way, in the order in which it is gone from the first to the second.
    via : ids of the places between the two on that way, in the same order.
    """

    km: float | None
    corridor_km: float | None = None
    legs: tuple[int, ...] = ()
    via: tuple[str, ...] = ()


class Ties:
    """The partnerships of an atlas, read from the side of each party and of the places that hold it."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._parties: list[tuple[str, ...]] = [tuple(dict.fromkeys(row)) for row in atlas.partnerships["parties"]]
        places = atlas.places
        self._parent = dict(zip(places["id"], places["parent"], strict=True))
        self._kind = dict(zip(places["id"], places["kind"], strict=True))

    @cached_property
    def homes(self) -> dict[str, str]:
        """The place in which each site that is a party lies: its own, else that of what it is part of."""
        belongs = self._belongs()

        def home(site: str, seen: frozenset[str]) -> str:
            place, wholes = belongs[site]
            if place:
                return place
            inner = (home(one, seen | {one}) for one in wholes if one in belongs and one not in seen)
            return next((found for found in inner if found), "")

        parties = {party for row in self._parties for party in row if party in belongs}
        found = {party: home(party, frozenset({party})) for party in sorted(parties)}
        return {party: place for party, place in found.items() if place}

    def _belongs(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Place and wholes of the sites that are parties, and of what those are part of; the other sites are not looked at."""
        sites = self._atlas.site_rows
        found: dict[str, tuple[str, tuple[str, ...]]] = {}
        wanted = {party for row in self._parties for party in row}
        while wanted:
            rows = sites[cols.among(cols.column(sites, "id"), wanted)]
            new = dict(zip(rows["id"], zip(rows["place"], rows["part_of"], strict=True), strict=True))
            found |= new
            wanted = {one for _, wholes in new.values() for one in wholes} - set(found)
        return found

    @cached_property
    def _holders(self) -> dict[str, frozenset[str]]:
        """For each party the ids that hold it: itself, its place, and the places around that."""
        found = {}
        for party in {party for row in self._parties for party in row}:
            home = self.homes.get(party, "")
            around, passed = {party}, {party}
            step = home or self._parent.get(party, "")
            while step and step not in passed:
                passed.add(step)
                if step == home or self._kind.get(step) != NEVER_WITHIN:
                    around.add(step)
                step = self._parent.get(step, "")
            found[party] = frozenset(around)
        return found

    @cached_property
    def links(self) -> dict[str, tuple[int, ...]]:
        """Rows of the partnerships by the id of who takes part in them, itself or through what lies within it."""
        found: dict[str, list[int]] = {}
        for row, parties in enumerate(self._parties):
            for one in sorted({one for party in parties for one in self._holders[party]}):
                found.setdefault(one, []).append(row)
        return {one: tuple(found[one]) for one in sorted(found)}

    def partners(self, subject: str) -> list[tuple[str, tuple[int, ...]]]:
        """Partners of a row with the partnerships that they share, most first; what lies within it is no partner."""
        found: dict[str, list[int]] = {}
        for row in self.links.get(subject, ()):
            for party in self._parties[row]:
                if subject not in self._holders[party]:
                    found.setdefault(party, []).append(row)
        ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        return [(party, tuple(rows)) for party, rows in ranked]

    @cached_property
    def apart(self) -> dict[tuple[str, str], Apart]:
        """How far partners are apart, by the ids of both in their order; no entry where nothing is known."""
        pairs = sorted({self._pair(one, other) for one in self.links for other, _ in self.partners(one)})
        kilometres = self._geodesics(pairs)
        ways = self._ways(pairs)
        found = {}
        for pair, km in zip(pairs, kilometres, strict=True):
            along, legs, via = ways.get(pair, (None, (), ()))
            if km is not None or along is not None:
                found[pair] = Apart(km, along, legs, via)
        return found

    def between(self, one: str, other: str) -> Apart:
        """How far two partners are apart; the legs as they are gone from the first to the second."""
        found = self.apart.get(self._pair(one, other), Apart(None))
        return found if one <= other else Apart(found.km, found.corridor_km, found.legs[::-1], found.via[::-1])

    @staticmethod
    def _pair(one: str, other: str) -> tuple[str, str]:
        return (one, other) if one <= other else (other, one)

    def _geodesics(self, pairs: Sequence[tuple[str, str]]) -> list[float | None]:
        """Kilometres of each pair; None where a point is not known, or both took theirs from the same place."""
        points = self._points({one for pair in pairs for one in pair})
        nowhere = (np.nan, np.nan)
        ends = np.array([[*points.get(a, nowhere), *points.get(b, nowhere)] for a, b in pairs]).reshape(-1, 4)
        kilometres = distances_km(ends[:, :2], ends[:, 2:])
        return [round(float(km), 1) if np.isfinite(km) and km > 0 else None for km in kilometres]

    def _frames(self, wanted: set[str]) -> list[pd.DataFrame]:
        """Some places and sites alone: of a million sites few are parties."""
        frames = (self._atlas.places, self._atlas.site_rows)
        return [frame[cols.among(cols.column(frame, "id"), wanted)] for frame in frames]

    def _points(self, wanted: set[str]) -> dict[str, tuple[float, float]]:
        return points_of(wanted, self._atlas.places, self._atlas.site_rows)

    def _ways(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[float, tuple[int, ...], tuple[str, ...]]]:
        """The shortest way of each pair along the legs of the corridors, where there is one: km, legs, places between."""
        stretches = self._stretches()
        graph: dict[str, list[tuple[str, float, int]]] = {}
        for number, (one, other, km, _) in enumerate(stretches):
            graph.setdefault(one, []).append((other, km, number))
            graph.setdefault(other, []).append((one, km, number))
        stands: dict[str, str] = {}  # the node that stands for a row: itself, else the place whose point it takes
        for frame in self._frames({one for pair in pairs for one in pair}):
            for one, taken in zip(frame["id"], frame["position_of"], strict=True):
                node = one if one in graph else taken
                if node in graph:
                    stands[one] = node
        reached: dict[str, dict[str, tuple[float, tuple[int, ...]]]] = {}
        found = {}
        for one, other in pairs:
            start, end = stands.get(one), stands.get(other)
            if start is None or end is None or start == end:
                continue
            if start not in reached:
                reached[start] = shortest_ways(graph, start)
            if end in reached[start]:
                km, way = reached[start][end]
                passed = [start]
                for number in way:
                    passed.append(stretches[number][1] if stretches[number][0] == passed[-1] else stretches[number][0])
                legs = tuple(dict.fromkeys(stretches[number][3] for number in way))
                found[one, other] = round(km, 1), legs, tuple(passed[1:-1])
        return found

    def _stretches(self) -> list[tuple[str, str, float, int]]:
        """Legs that are drawn, from stop to stop: (id, id, km, row of the leg)."""
        legs = self._atlas.corridor_legs
        passed = list(legs["via"])
        points = self._points({place for places in passed for place in places})
        found: list[tuple[str, str, float, int]] = []
        rows = zip(legs["from"], legs["to"], passed, legs["length_km"], legs.geometry, strict=True)
        for row, (start, end, via, whole, line) in enumerate(rows):
            if not np.isfinite(whole) or not start or not end:
                continue
            known = [place for place in via if place in points]
            between = zip(along_km(line, np.array([points[place] for place in known])), known, strict=True) if known else ()
            stops = sorted([(0.0, start), (float(whole), end), *((float(km), place) for km, place in between if 0 < km < whole)])
            found += [(one, other, after - before, row) for (before, one), (after, other) in pairwise(stops) if one != other]
        return found


def along_km(line: Any, points: Floats) -> Floats:
    """How far along a line its nearest points to some points lie, in geodesic kilometres from its start.

    Parameters
    ----------
    line : LineString or MultiLineString, EPSG:4326; gaps between parts have no length.
    points : float64, shape (n, 2), longitude and latitude in degrees.

    Returns
    -------
    float64, shape (n,); NaN for a point farther than `NEAR_KM` from the line.
    """
    coordinates, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    inside = part[1:] == part[:-1]
    first, last = coordinates[:-1][inside], coordinates[1:][inside]
    steps = distances_km(first, last)
    begun = np.cumsum(steps) - steps
    out = np.full(len(points), np.nan)
    for number, point in enumerate(points):  # a leg has few stops; its segments are looked at all at once
        scale = np.array([np.cos(np.radians(point[1])), 1.0])  # degrees of about one size around the point
        way, off = (last - first) * scale, (point - first) * scale
        share = np.clip((off * way).sum(axis=1) / np.maximum((way * way).sum(axis=1), 1e-18), 0, 1)
        nearest = int(np.argmin(((off - share[:, None] * way) ** 2).sum(axis=1)))
        foot = first[nearest] + share[nearest] * (last - first)[nearest]
        if distances_km(point[None], foot[None])[0] <= NEAR_KM:
            out[number] = begun[nearest] + share[nearest] * steps[nearest]
    return out


def shortest_ways(
    graph: Mapping[str, Iterable[tuple[str, float, int]]], start: str
) -> dict[str, tuple[float, tuple[int, ...]]]:
    """Dijkstra's shortest ways from one node to all it reaches: {node: (km, edges on the way)}.

    Of ways of the same length the one whose edges come first in order is taken, so that the answer depends on the
    graph alone.

    Parameters
    ----------
    graph : for each node its edges as (other node, length, number of the edge).
    """
    found: dict[str, tuple[float, tuple[int, ...]]] = {}
    waiting: list[tuple[float, tuple[int, ...], str]] = [(0.0, (), start)]
    while waiting:
        km, way, node = heapq.heappop(waiting)
        if node in found:
            continue
        found[node] = km, way
        for other, length, edge in graph.get(node, ()):
            if other not in found:
                heapq.heappush(waiting, (km + length, (*way, edge), other))
    return found


def ties_meta(ties: Ties) -> dict[str, Any]:
    """What the page cannot work out by itself: homes of the sites that are parties, and how far partners are apart.

    ``apart`` holds for each pair [first, second, km, corridor km, rows of the legs], the first two as numbers in ``ids``,
    0 for a distance that is not known.
    """
    ids = sorted({one for pair in ties.apart for one in pair})
    number = {one: index for index, one in enumerate(ids)}
    apart = [
        [number[one], number[other], found.km or 0, found.corridor_km or 0, list(found.legs)]
        for (one, other), found in ties.apart.items()
    ]
    return {"homes": ties.homes, "ids": ids, "apart": apart}
