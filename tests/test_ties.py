"""Who is tied to whom in the invented region, and how far apart: counted and measured by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from qjmap import routes
from qjmap.making import make_atlas
from qjmap.model import Atlas
from qjmap.project import load_project
from qjmap.schema import TABLES
from qjmap.ties import Apart, Ties, along_km, shortest_ways, ties_meta
from tests.region import ROWS, make_region, write_table


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return make_atlas(load_project(make_region(tmp_path_factory.mktemp("ties") / "region")))[0]


@pytest.fixture(scope="module")
def ties(atlas: Atlas) -> Ties:
    return Ties(atlas)


def names(atlas: Atlas, rows: tuple[int, ...]) -> list[str]:
    return [atlas.partnerships["id"][row] for row in rows]


def test_a_site_lies_where_what_it_is_part_of_lies(ties: Ties) -> None:
    assert ties.homes == {"park": "harbour", "works": "harbour"}  # the works are part of the park; nobody knows the client's place


def test_a_place_takes_part_through_what_lies_within_it(atlas: Atlas, ties: Ties) -> None:
    assert names(atlas, ties.links["harbour"]) == ["centre", "far", "inner", "pact", "supply", "three"]
    assert names(atlas, ties.links["hill"]) == ["centre", "pact", "three"]  # "three" through its zone
    assert names(atlas, ties.links["hill-zone"]) == ["three"]
    assert names(atlas, ties.links["coast"]) == names(atlas, ties.links["harbour"])
    assert names(atlas, ties.links["works"]) == ["supply"]


def test_what_lies_within_a_place_is_no_partner_of_it(ties: Ties) -> None:
    shared = {one: [(other, len(rows)) for other, rows in ties.partners(one)] for one in ties.links}
    assert shared["harbour"] == [("hill", 2), ("client", 1), ("hill-zone", 1), ("island", 1), ("lake", 1)]
    assert shared["coast"] == [("client", 1), ("island", 1), ("lake", 1)]
    assert shared["hill"] == [("harbour", 3), ("lake", 1)]
    assert shared["island"] == [("harbour", 1)]
    assert shared["park"] == [("harbour", 1)]  # a place is a partner of a site within it


def test_distances_are_geodesics_and_none_where_a_point_is_shared_or_unknown(atlas: Atlas, ties: Ties) -> None:
    at = {one: (point.x, point.y) for one, point in zip(atlas.places["id"], atlas.places.geometry, strict=True) if point is not None}
    _, _, metres = Geod(ellps="WGS84").inv(*at["harbour"], *at["lake"])
    assert ties.between("harbour", "lake").km == pytest.approx(metres / 1000, abs=0.05)
    assert ties.between("lake", "harbour").km == ties.between("harbour", "lake").km
    assert ties.between("harbour", "client") == Apart(None)
    assert ties.between("park", "harbour") == Apart(None)  # the park's point is the harbour's


def test_corridor_distances_go_along_the_legs(atlas: Atlas, ties: Ties) -> None:
    legs = atlas.corridor_legs
    km = dict(zip(legs["id"], legs["length_km"], strict=True))
    found = ties.between("harbour", "hill")
    assert found.corridor_km == round(km["rail-1"], 1)
    assert [legs["id"][row] for row in found.legs] == ["rail-1"]
    assert ties.between("harbour", "island").corridor_km == round(km["rail-2"], 1)
    assert ties.between("harbour", "hill-zone").corridor_km == found.corridor_km  # it takes its point from the hill
    assert ties.between("harbour", "lake").corridor_km is None


def test_the_page_gets_every_distance_once(ties: Ties) -> None:
    meta = ties_meta(ties)
    pairs = [(meta["ids"][one], meta["ids"][other]) for one, other, *_ in meta["apart"]]
    assert len(set(pairs)) == len(pairs) == len(ties.apart)
    assert all(one < other for one, other in pairs)


EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 9)), max_size=14)


@given(EDGES)
def test_the_shortest_way_is_the_shortest_and_goes_along_edges(edges: list[tuple[int, int, int]]) -> None:
    graph: dict[str, list[tuple[str, float, int]]] = {}
    for number, (one, other, km) in enumerate(edges):
        graph.setdefault(str(one), []).append((str(other), float(km), number))
        graph.setdefault(str(other), []).append((str(one), float(km), number))
    far = float("inf")
    table = {(a, b): 0.0 if a == b else far for a in map(str, range(7)) for b in map(str, range(7))}
    for one, other, km in edges:
        table[str(one), str(other)] = min(table[str(one), str(other)], km)
        table[str(other), str(one)] = table[str(one), str(other)]
    for middle in map(str, range(7)):  # Floyd and Warshall, another way to the same numbers
        for a in map(str, range(7)):
            for b in map(str, range(7)):
                table[a, b] = min(table[a, b], table[a, middle] + table[middle, b])
    found = shortest_ways(graph, "0")
    assert {node: km for node, (km, _) in found.items()} == {b: km for (a, b), km in table.items() if a == "0" and km < far}
    for km, way in found.values():
        assert sum(edges[edge][2] for edge in way) == km


def test_a_point_is_measured_along_a_line_by_the_foot_of_its_perpendicular() -> None:
    line = shapely.MultiLineString([[(100, 30), (101, 30)], [(101.2, 30), (102, 30)]])
    far, _, gap = (routes.lengths_km(np.array([shapely.LineString(ends)], dtype=object))[0] for ends in (
        [(100, 30), (100.5, 30)], [(100, 30), (101, 30)], [(101.2, 30), (101.7, 30)]))  # fmt: skip
    first = routes.lengths_km(np.array([shapely.LineString([(100, 30), (101, 30)])], dtype=object))[0]
    found = along_km(line, np.array([[100.5, 30.1], [101.7, 29.9], [100.5, 31.0], [99.9, 30.0]]))
    assert found[:2] == pytest.approx([far, first + gap], abs=0.05)  # the gap between the parts has no length
    assert np.isnan(found[2])  # 111 km off
    assert found[3] == 0


def test_a_stop_on_the_way_is_on_the_corridor(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    inn = {"id": "inn", "name": "中站", "kind": "town", "lon": "101.25", "lat": "30.66", "datum": "wgs84", "source": "survey"}
    write_table(region / "data" / "places.csv", TABLES["places"].names, [*ROWS["places"], inn])
    legs = [{**ROWS["corridor_legs"][0], "via": "inn", "source": "survey"}, {**ROWS["corridor_legs"][1], "source": "survey"}]
    write_table(region / "data" / "corridor_legs.csv", TABLES["corridor_legs"].names, legs)
    more = {"id": "hop", "name": "中站协议", "parties": "inn|island|hill", "status": "signed", "source": "survey"}
    write_table(region / "data" / "partnerships.csv", TABLES["partnerships"].names, [*ROWS["partnerships"], more])
    ties = Ties(make_atlas(load_project(region))[0])
    there, onward, whole = (ties.between(*pair) for pair in (("inn", "hill"), ("inn", "island"), ("hill", "island")))
    assert onward.via == ("harbour",)
    assert whole.via == ("inn", "harbour")
    assert len(whole.legs) == 2  # both halves are of one leg
    assert there.corridor_km is not None and onward.corridor_km is not None and whole.corridor_km is not None
    assert there.corridor_km + onward.corridor_km == pytest.approx(whole.corridor_km, abs=0.2)
    assert there.corridor_km == pytest.approx(there.km, rel=0.01)
