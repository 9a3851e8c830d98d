"""Paths through a small invented network: a coast railway with a hill branch, a gap, and an island's own line."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from qjmap.geodesy import distances_km
from qjmap.routing.networks import MAX_GAP_KM, REACH_KM, SPUR_KM, Network, NoPath

# (longitude, latitude); the break lies between nodes 4 and 5, the branch to node 7 leaves at node 2, 8 and 9 are an island's.
PLACES = [
    (100.00, 30.00), (100.20, 30.02), (100.40, 30.00), (100.60, 30.01), (100.800, 30.000),
    (100.805, 30.000), (101.00, 30.02), (100.41, 30.08), (103.00, 20.00), (103.30, 20.00),
]  # fmt: skip
LINKS = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 6), (2, 7), (8, 9)]


def small(places=PLACES, links=LINKS, longer: float = 1.02) -> Network:  # type: ignore[no-untyped-def]
    """Each link states 2 % more than its straight length, as a network whose bends were left out does."""
    graph: list[dict[int, float]] = [{} for _ in places]
    for a, b in links:
        km = float(distances_km(np.array([places[a]]), np.array([places[b]]))[0]) * longer
        graph[a][b] = graph[b][a] = km
    return Network(graph, places)


def path(*stops: tuple[float, float], network: Network | None = None):  # type: ignore[no-untyped-def]
    return (network or small()).path(np.array(stops))


def test_a_path_follows_the_network_between_the_nodes_nearest_to_its_ends() -> None:
    result = path((100.01, 30.01), (100.61, 30.02))
    assert [tuple(point) for point in result.points] == [PLACES[0], PLACES[1], PLACES[2], PLACES[3]]
    assert result.gap_steps == ()
    straight = distances_km(result.points[:-1], result.points[1:]).sum()
    assert result.network_km == pytest.approx(1.02 * straight)


def test_a_narrow_break_is_leapt_and_told_and_leaves_the_network_as_it_was() -> None:
    network = small()
    before = copy.deepcopy(network.graph)
    result = path((100.0, 30.0), (100.6, 30.0), (101.0, 30.0), network=network)
    assert [tuple(point) for point in result.points[result.gap_steps[0] : result.gap_steps[0] + 2]] == [
        PLACES[4],
        PLACES[5],
    ]
    assert network.graph == before


def test_a_gap_wider_than_the_limit_is_not_bridged() -> None:
    apart = MAX_GAP_KM / 90  # degrees of longitude at 30 north: a little more than MAX_GAP_KM
    places = [*PLACES[:5], (PLACES[4][0] + apart, 30.0), *PLACES[6:]]
    with pytest.raises(NoPath):
        path((100.0, 30.0), (104.9, 30.0), network=small(places))


def test_a_stop_near_the_line_is_passed_and_one_farther_off_is_reached_by_a_detour() -> None:
    passed = path((100.0, 30.0), PLACES[7], (100.6, 30.01))
    assert PLACES[7] not in [tuple(point) for point in passed.points]
    far = [*PLACES[:7], (100.41, 30.0 + (SPUR_KM + 5) / 110), *PLACES[8:]]
    gone = path((100.0, 30.0), far[7], (100.6, 30.01), network=small(far))
    assert [tuple(point) for point in gone.points].count(PLACES[2]) == 2


def test_a_network_that_comes_nowhere_near_a_stop_says_which() -> None:
    with pytest.raises(NoPath) as error:
        path((100.0, 30.0), (100.4, 30.0 + (REACH_KM + 10) / 111), (100.8, 30.0))
    assert error.value.stop == 1


def test_parts_that_are_not_connected_are_never_mixed() -> None:
    assert len(path((103.0, 20.1), (103.3, 20.1)).points) == 2
    with pytest.raises(NoPath):
        path((100.0, 30.0), (103.0, 20.0))


def test_an_empty_network_reaches_nothing() -> None:
    with pytest.raises(NoPath):
        Network([], []).path(np.array([[0.0, 0.0], [1.0, 1.0]]))
