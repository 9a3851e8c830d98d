"""Find shortest paths through a network past given stops, and bridge small gaps of the network.

A network has nodes with positions and, as in scgraph, for each node a mapping of neighbour -> length of the edge in km. The length
is that of the real railway or road. The straight line between the two nodes is often shorter, since the data omit vertices.
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
"""For each node a mapping of neighbour -> length of the edge in km."""

REACH_KM = 60.0
"""Maximum distance of a stop from the network in km; a leg with a farther stop is refused."""

MAX_GAP_KM = 2.0
"""Maximum width in km of a gap between two dead ends that a path may bridge. In the data, lines were cut and their ends rounded,
which left gaps of 0.1 to 0.4 km; wider gaps may be real."""

GAP_COST = 3.0
"""Factor by which the search multiplies the length of a gap: a path bridges a gap only if the way round is over three times as long."""

SPUR_KM = 15.0
"""Maximum one-way length in km of a detour to an intermediate stop and back along the same edges that is removed from a path."""

_GAP_MARGIN = 1.0
"""Gaps are searched in the box around the stops of a leg, extended by this margin in degrees."""


@dataclass(frozen=True, slots=True)
class NetworkPath:
    """A path through a network.

    Attributes
    ----------
    points : float64, shape (n, 2), longitude and latitude in degrees.
    gap_steps : indices i of the steps from point i to point i + 1 that bridge a gap of the network.
    network_km : sum of the lengths in km that the network states for all other steps.
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
    """Undirected network in which shortest paths are searched.

    Parameters
    ----------
    graph : for each node a mapping of neighbour -> length of the edge in km; each edge is listed at both of its nodes. `path` adds
        edges across small gaps for the duration of a search.
    nodes : longitude and latitude of each node in degrees, shape (n, 2).
    """

    def __init__(self, graph: Adjacency, nodes: Floats | Sequence[Sequence[float]]) -> None:
        self.graph = graph
        self.points: Floats = np.asarray(nodes, dtype=np.float64).reshape(-1, 2)
        self._component = _components(self.graph)

    def path(self, stops: Floats) -> NetworkPath:
        """Return the shortest path from the first stop past the others to the last.

        The path lies in one connected component: the one whose nodes nearest to the stops have the least sum of distances from them.

        Parameters
        ----------
        stops : float64, shape (n, 2), longitude and latitude in degrees.

        Raises
        ------
        NoPath : no component of the network has nodes within `REACH_KM` of all stops; or a stop is reached only across a gap at a node
            where the path enters the network, which is not bridged.
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
        """Return a path without its detours to a stop and back along the same edges, if they are at most `SPUR_KM` long one way.

        Parameters
        ----------
        path : nodes of the path.
        stops : indices in `path` of the intermediate stops, ascending.
        """
        for stop in reversed(stops):
            back, kilometres = 0, 0.0
            while stop - back > 0 and stop + back + 1 < len(path) and path[stop - back - 1] == path[stop + back + 1]:
                kilometres += self.graph[path[stop - back]][path[stop - back - 1]]
                back += 1
            if back and kilometres <= SPUR_KM:
                path = [*path[: stop - back], *path[stop + back :]]
        return path

    def _bridged_components(self, gaps: Sequence[tuple[int, int, float]]) -> Ints:
        """Return the label of the connected component of each node as if all gaps were bridged.

        Parameters
        ----------
        gaps : as `_find_gaps` returns them.
        """
        component = self._component
        for start, end, _ in gaps:
            if component[start] != component[end]:
                component = np.where(component == component[end], component[start], component)
        return component

    def _entry_nodes(self, stops: Floats, component: Ints) -> list[int]:
        """Return the node nearest to each stop; all lie in the component with the least sum of distances from the stops.

        Parameters
        ----------
        component : label of the component of each node, as `_bridged_components` returns them.

        Raises
        ------
        NoPath : no component has nodes within `REACH_KM` of all stops.
        """
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
        """Return the nodes of the shortest path between two nodes. Raises `NoPath` with `stop`, the index of the stop at `end`."""
        # Imported here, since only a worker for rail or road legs needs it.
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
        """Context manager that adds edges across gaps to the graph and removes them on exit. Yields these edges as pairs of nodes.

        A dead end at which a path enters the network is taken for a terminus of the line: no gap is bridged there.
        """
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
        """Return (node, node, km between them) for each two dead ends near the stops, at most `MAX_GAP_KM` apart and not neighbours."""
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
    """Return the label of the connected component of each node: 0, 1, … in the order of their first nodes."""
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
