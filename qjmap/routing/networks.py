"""The shortest way through a network that passes certain points, from any adjacency; and where the network breaks off.

A network is what scgraph's geographs hold: nodes as (latitude, longitude), and for each node a mapping from its neighbours
to kilometres. These kilometres are those of the true way: the straight line between two nodes is often shorter, since
the makers of the data left out what lies between.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qjmap.routes import distances_km

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Adjacency = list[dict[int, float]]

REACH_KM = 60.0
"""How far a stop may lie from the network at all; beyond, the leg is refused rather than joined."""

BRIDGED_KM = 2.0
"""The widest break in a line, between two ends that lead no further, that a way may leap. Breaks of the data that were met
are 0.1 to 0.4 km wide, where a line was cut and its ends rounded; wider ones may be real."""

LEAP_COST = 3.0
"""A leap counts for so many times its length: it is taken only where the network has no way of that order."""

SPUR_KM = 15.0
"""A stop on the way that lies no farther from the line than this is passed by, not gone to and back from by the same track."""

_LEAP_MARGIN = 1.0
"""Degrees around a leg's stops within which breaks are looked for."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way through a network.

    Attributes
    ----------
    points : float64, shape (n, 2), longitude and latitude in degrees.
    leaps : positions i of the steps from point i to point i + 1 that the network does not have.
    network_km : what the network states for its own steps.
    """

    points: Floats
    leaps: tuple[int, ...]
    network_km: float


class NoWay(Exception):
    """The network has no way past all of the points; `stop` is the position of the point that it does not reach."""

    def __init__(self, stop: int) -> None:
        super().__init__(stop)
        self.stop = stop


class Network:
    """A network to find ways in.

    Parameters
    ----------
    graph : for each node its neighbours and the kilometres to them, in both directions.
    nodes : latitude and longitude of each node, in degrees.
    """

    def __init__(self, graph: Sequence[Mapping[int, float]], nodes: Sequence[Sequence[float]]) -> None:
        self.graph: Adjacency = [dict(links) for links in graph]
        self.points: Floats = np.asarray(nodes, dtype=np.float64).reshape(-1, 2)[:, ::-1]
        self._component = _components(self.graph)

    def way(self, stops: Floats) -> Way:
        """The shortest way from the first stop past the others to the last, in the part of the network nearest to them all.

        Parameters
        ----------
        stops : float64, shape (n, 2), longitude and latitude in degrees.

        Raises
        ------
        NoWay : no part of the network comes within `REACH_KM` of all stops.
        """
        breaks = self._breaks(stops)
        entries = self._entries(stops, self._joined(breaks))
        with self._with_leaps(breaks, entries) as leaps:
            path = [entries[0]]
            turns = []
            for number, (start, end) in enumerate(itertools.pairwise(entries), start=1):
                path += self._shortest(start, end, number)[1:]
                turns.append(len(path) - 1)
            path = self._passing_by(path, turns[:-1])
        steps = list(itertools.pairwise(path))
        found = tuple(at for at, step in enumerate(steps) if step in leaps)
        kilometres = sum(self.graph[a][b] for a, b in steps if (a, b) not in leaps)
        return Way(self.points[path], found, float(kilometres))

    def _passing_by(self, path: list[int], turns: Sequence[int]) -> list[int]:
        """The path without short ways to a stop and back by the same track; `turns` are the positions of these stops."""
        for turn in reversed(turns):
            back, kilometres = 0, 0.0
            while turn - back > 0 and turn + back + 1 < len(path) and path[turn - back - 1] == path[turn + back + 1]:
                kilometres += self.graph[path[turn - back]][path[turn - back - 1]]
                back += 1
            if back and kilometres <= SPUR_KM:
                path = [*path[: turn - back], *path[turn + back :]]
        return path

    def _joined(self, breaks: Sequence[tuple[int, int, float]]) -> Ints:
        """The number of the connected part that each node is in, once the breaks are closed."""
        part = self._component
        for start, end, _ in breaks:
            if part[start] != part[end]:
                part = np.where(part == part[end], part[start], part)
        return part

    def _entries(self, stops: Floats, part: Ints) -> list[int]:
        """The node nearest to each stop, all in one connected part: the one whose nodes lie nearest in sum."""
        parts = int(part.max(initial=-1)) + 1
        if not parts:
            raise NoWay(0)
        total = np.zeros(parts)
        nearest = []
        for number, stop in enumerate(stops):
            apart = distances_km(np.broadcast_to(stop, self.points.shape), self.points)
            least = np.full(parts, np.inf)
            np.minimum.at(least, part, apart)
            total = np.where(least <= REACH_KM, total + least, np.inf)
            if not np.isfinite(total).any():
                raise NoWay(number)
            nearest.append(apart)
        best = int(np.argmin(total))
        within = np.flatnonzero(part == best)
        return [int(within[np.argmin(apart[within])]) for apart in nearest]

    def _shortest(self, start: int, end: int, stop: int) -> list[int]:
        from scgraph import Graph

        if start == end:
            return [start]
        try:
            return [int(node) for node in Graph.dijkstra_makowski(self.graph, start, end)["path"]]
        except Exception as error:  # scgraph raises a bare Exception where there is no way
            raise NoWay(stop) from error

    @contextmanager
    def _with_leaps(
        self, breaks: Sequence[tuple[int, int, float]], entries: Sequence[int]
    ) -> Iterator[set[tuple[int, int]]]:
        """The network with its breaks bridged, for a while; gives the steps that are leaps. A leg's own terminus is no break."""
        leaps: set[tuple[int, int]] = set()
        try:
            for start, end, kilometres in breaks:
                if start in entries or end in entries:
                    continue
                self.graph[start][end] = self.graph[end][start] = kilometres * LEAP_COST
                leaps |= {(start, end), (end, start)}
            yield leaps
        finally:
            for start, end in leaps:
                self.graph[start].pop(end, None)

    def _breaks(self, stops: Floats) -> list[tuple[int, int, float]]:
        """Pairs of ends that lead no further, near each other and near the stops, with the kilometres between them."""
        low, high = stops.min(axis=0) - _LEAP_MARGIN, stops.max(axis=0) + _LEAP_MARGIN
        near = np.flatnonzero(((self.points >= low) & (self.points <= high)).all(axis=1))
        lone = [node for node in near if len(self.graph[node].keys() - {node}) == 1]
        ends = np.array(lone, dtype=np.int64)
        if len(ends) < 2:
            return []
        first, second = np.triu_indices(len(ends), k=1)
        apart = distances_km(self.points[ends[first]], self.points[ends[second]])
        close = apart <= BRIDGED_KM
        return [
            (int(a), int(b), float(km))
            for a, b, km in zip(ends[first[close]], ends[second[close]], apart[close], strict=True)
            if int(b) not in self.graph[int(a)]
        ]


def _components(graph: Adjacency) -> Ints:
    """The number of the connected part that each node is in."""
    found = np.full(len(graph), -1, dtype=np.int64)
    number = 0
    for start in range(len(graph)):
        if found[start] >= 0:
            continue
        found[start] = number
        waiting = deque([start])
        while waiting:
            for node in graph[waiting.popleft()]:
                if found[node] < 0:
                    found[node] = number
                    waiting.append(node)
        number += 1
    return found
