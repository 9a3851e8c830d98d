"""Shortest paths through a network past given stops, with small gaps of the network bridged.

A network has the form of scgraph's geographs: nodes as (latitude, longitude), and for each node a mapping from its neighbours
to kilometres. These are the lengths of the real ways; straight lines between nodes are often shorter, since the data omit
vertices in between.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qjmap.geodesy import distances_km

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Adjacency = list[dict[int, float]]

REACH_KM = 60.0
"""Maximum distance of a stop from the network; a leg with a farther stop is refused."""

MAX_GAP_KM = 2.0
"""Maximum width of a gap between two dead ends that a path may bridge. Gaps observed in the data are 0.1 to 0.4 km wide, where
a line was cut and its ends were rounded; wider ones may be real."""

GAP_COST = 3.0
"""Factor on the length of a gap in the search, so that a path bridges it only if the network has no comparable path."""

SPUR_KM = 15.0
"""Maximum length of a dead-end detour to an intermediate stop that is removed from a path."""

_GAP_MARGIN = 1.0
"""Margin in degrees around a leg's stops within which gaps are searched."""


@dataclass(frozen=True, slots=True)
class NetworkPath:
    """A path through a network.

    Attributes
    ----------
    points : float64, shape (n, 2), longitude and latitude in degrees.
    gap_steps : indices i of the steps from point i to point i + 1 that bridge a gap.
    network_km : length that the network states for its own steps.
    """

    points: Floats
    gap_steps: tuple[int, ...]
    network_km: float


class NoPath(Exception):
    """The network has no path past all stops; ``stop`` is the index of the stop that it does not reach."""

    def __init__(self, stop: int) -> None:
        super().__init__(stop)
        self.stop = stop


class Network:
    """Network in which paths are searched.

    Parameters
    ----------
    graph : for each node the kilometres to its neighbours, in both directions; holds bridges while a path is searched.
    nodes : latitude and longitude of each node, in degrees.
    """

    def __init__(self, graph: Adjacency, nodes: Floats | Sequence[Sequence[float]]) -> None:
        self.graph = graph
        self.points: Floats = np.asarray(nodes, dtype=np.float64).reshape(-1, 2)[:, ::-1]
        self._component = _components(self.graph)

    def path(self, stops: Floats) -> NetworkPath:
        """Shortest path from the first stop past the others to the last, in the connected component nearest to all of them.

        Parameters
        ----------
        stops : float64, shape (n, 2), longitude and latitude in degrees.

        Raises
        ------
        NoPath : no component of the network comes within `REACH_KM` of all stops.
        """
        gaps = self._find_gaps(stops)
        entries = self._entry_nodes(stops, self._bridged_components(gaps))
        with self._bridged(gaps, entries) as gap_edges:
            nodes = [entries[0]]
            stop_indices = []
            for number, (start, end) in enumerate(itertools.pairwise(entries), start=1):
                nodes += self._shortest_path(start, end, number)[1:]
                stop_indices.append(len(nodes) - 1)
            nodes = self._without_spurs(nodes, stop_indices[:-1])
        steps = list(itertools.pairwise(nodes))
        gap_steps = tuple(index for index, step in enumerate(steps) if step in gap_edges)
        kilometres = sum(self.graph[a][b] for a, b in steps if (a, b) not in gap_edges)
        return NetworkPath(self.points[nodes], gap_steps, float(kilometres))

    def _without_spurs(self, path: list[int], stops: Sequence[int]) -> list[int]:
        """Remove short detours to a stop and back along the same edges; ``stops`` are indices into the path."""
        for stop in reversed(stops):
            back, kilometres = 0, 0.0
            while stop - back > 0 and stop + back + 1 < len(path) and path[stop - back - 1] == path[stop + back + 1]:
                kilometres += self.graph[path[stop - back]][path[stop - back - 1]]
                back += 1
            if back and kilometres <= SPUR_KM:
                path = [*path[: stop - back], *path[stop + back :]]
        return path

    def _bridged_components(self, gaps: Sequence[tuple[int, int, float]]) -> Ints:
        """Connected-component label of each node after the gaps have been bridged."""
        component = self._component
        for start, end, _ in gaps:
            if component[start] != component[end]:
                component = np.where(component == component[end], component[start], component)
        return component

    def _entry_nodes(self, stops: Floats, component: Ints) -> list[int]:
        """Node nearest to each stop, all in the component with the least sum of distances to the stops."""
        components = int(component.max(initial=-1)) + 1
        if not components:
            raise NoPath(0)
        total = np.zeros(components)
        distances = []
        for number, stop in enumerate(stops):
            distance = distances_km(np.broadcast_to(stop, self.points.shape), self.points)
            nearest = np.full(components, np.inf)
            np.minimum.at(nearest, component, distance)
            total = np.where(nearest <= REACH_KM, total + nearest, np.inf)
            if not np.isfinite(total).any():
                raise NoPath(number)
            distances.append(distance)
        nodes = np.flatnonzero(component == int(np.argmin(total)))
        return [int(nodes[np.argmin(distance[nodes])]) for distance in distances]

    def _shortest_path(self, start: int, end: int, stop: int) -> list[int]:
        """Nodes of the shortest path; NoPath with the index of the stop at its end if there is none."""
        # An extra: only a worker for rail or road legs needs it.
        from scgraph import Graph

        if start == end:
            return [start]
        try:
            return [int(node) for node in Graph.dijkstra_makowski(self.graph, start, end)["path"]]
        except Exception as error:  # scgraph raises a bare Exception if there is no path
            raise NoPath(stop) from error

    @contextmanager
    def _bridged(
        self, gaps: Sequence[tuple[int, int, float]], entries: Sequence[int]
    ) -> Iterator[set[tuple[int, int]]]:
        """Bridge the gaps within a context; yields the edges of the bridges. A gap at an entry node is a terminus."""
        edges: set[tuple[int, int]] = set()
        try:
            for start, end, kilometres in gaps:
                if start in entries or end in entries:
                    continue
                self.graph[start][end] = self.graph[end][start] = kilometres * GAP_COST
                edges |= {(start, end), (end, start)}
            yield edges
        finally:
            for start, end in edges:
                self.graph[start].pop(end, None)

    def _find_gaps(self, stops: Floats) -> list[tuple[int, int, float]]:
        """Pairs of dead ends near each other and near the stops, with the kilometres between them."""
        low, high = stops.min(axis=0) - _GAP_MARGIN, stops.max(axis=0) + _GAP_MARGIN
        nearby = np.flatnonzero(((self.points >= low) & (self.points <= high)).all(axis=1))
        dead_ends = np.array([node for node in nearby if len(self.graph[node].keys() - {node}) == 1], dtype=np.int64)
        if len(dead_ends) < 2:
            return []
        first, second = np.triu_indices(len(dead_ends), k=1)
        distance = distances_km(self.points[dead_ends[first]], self.points[dead_ends[second]])
        close = distance <= MAX_GAP_KM
        return [
            (int(a), int(b), float(km))
            for a, b, km in zip(dead_ends[first[close]], dead_ends[second[close]], distance[close], strict=True)
            if int(b) not in self.graph[int(a)]
        ]


def _components(graph: Adjacency) -> Ints:
    """Connected-component label of each node."""
    component = np.full(len(graph), -1, dtype=np.int64)
    label = 0
    for start in range(len(graph)):
        if component[start] >= 0:
            continue
        component[start] = label
        queue = deque([start])
        while queue:
            for node in graph[queue.popleft()]:
                if component[node] < 0:
                    component[node] = label
                    queue.append(node)
        label += 1
    return component
