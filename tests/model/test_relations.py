"""Partners and distances in the invented region, computed by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from qjmap import geodesy
from qjmap.model.atlas import Atlas
from qjmap.model.corridor_distances import along_km, relative_deviations, shortest_paths
from qjmap.model.relations import Distance, Relations, relations_metadata
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.region import ROWS, make_region, write_table


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return load_atlas(load_project(make_region(tmp_path_factory.mktemp("relations") / "region")))[0]


@pytest.fixture(scope="module")
def relations(atlas: Atlas) -> Relations:
    return Relations(atlas)


def names(atlas: Atlas, rows: tuple[int, ...]) -> list[str]:
    return [atlas.partnerships["id"][row] for row in rows]


def test_a_place_takes_part_through_what_lies_within_it(atlas: Atlas, relations: Relations) -> None:
    assert names(atlas, relations.links["harbour"].rows) == ["centre", "far", "inner", "pact", "supply", "three"]
    assert names(atlas, relations.links["harbour"].within) == [
        "supply"
    ]  # a firm's; the works lie in the park in the harbour
    assert names(atlas, relations.links["hill"].own) == ["centre", "pact"]
    assert names(atlas, relations.links["hill"].within) == ["three"]  # its zone's
    assert names(atlas, relations.links["hill-zone"].own) == ["three"]
    assert relations.links["coast"].own == ()  # what its district does is not the province's own
    assert relations.links["coast"].rows == relations.links["harbour"].rows
    assert names(atlas, relations.links["works"].own) == ["supply"]
    assert names(atlas, relations.links["park"].within) == ["supply"]  # a park through its firms


def test_partners_are_the_same_from_both_sides(relations: Relations) -> None:
    shared = {item: {other: len(rows) for other, rows in relations.partners(item)} for item in relations.links}
    assert shared["harbour"] == {"hill": 3, "client": 1, "hill-zone": 1, "island": 1, "lake": 1, "park": 1}
    assert shared["hill"] == {"harbour": 3, "lake": 1}  # the coast contains both
    assert shared["park"] == {"harbour": 1, "client": 1}  # with the harbour only what names both
    assert shared["coast"] == {"client": 1, "island": 1, "lake": 1}
    assert shared["lake"] == {"harbour": 1, "hill": 1, "hill-zone": 1, "coast": 1}
    assert relations.named_partners("lake") == 2  # hill and coast only contain parties


@pytest.mark.parametrize(("metres", "km"), [(49, None), (51, 0.1), (149, 0.1), (0, None)])
def test_a_distance_that_would_be_told_as_none_at_all_is_left_out(
    relations: Relations, monkeypatch: pytest.MonkeyPatch, metres: float, km: float | None
) -> None:
    lon, lat, _ = Geod(ellps="WGS84").fwd(106.0, 29.0, 40.0, metres)
    monkeypatch.setattr(relations, "_points", lambda _: {"a": (106.0, 29.0), "b": (lon, lat)})
    assert relations._geodesic_km([("a", "b")]) == [km]


def test_distances_are_geodesics_and_none_where_a_point_is_shared_or_unknown(
    atlas: Atlas, relations: Relations
) -> None:
    index = {
        item: (point.x, point.y)
        for item, point in zip(atlas.places["id"], atlas.places.geometry, strict=True)
        if point is not None
    }
    _, _, metres = Geod(ellps="WGS84").inv(*index["harbour"], *index["lake"])
    assert relations.distance("harbour", "lake").km == pytest.approx(metres / 1000, abs=0.05)
    assert relations.distance("lake", "harbour").km == relations.distance("harbour", "lake").km
    assert relations.distance("harbour", "client") == Distance(None)
    assert relations.distance("park", "harbour") == Distance(None)  # the park's point is the harbour's


def test_corridor_distances_go_along_the_legs(atlas: Atlas, relations: Relations) -> None:
    legs = atlas.corridor_legs
    km = dict(zip(legs["id"], legs["length_km"], strict=True))
    result = relations.distance("harbour", "hill")
    assert result.corridor_km == round(km["rail-1"], 1)
    assert [legs["id"][row] for row in result.legs] == ["rail-1"]
    assert relations.distance("harbour", "island").corridor_km == round(km["rail-2"], 1)
    assert (
        relations.distance("harbour", "hill-zone").corridor_km == result.corridor_km
    )  # it takes its point from the hill
    assert relations.distance("harbour", "lake").corridor_km is None


def test_the_page_gets_every_pair_once(relations: Relations) -> None:
    meta = relations_metadata(relations)
    pairs = [(meta["ids"][item], meta["ids"][other]) for item, other, *_ in meta["pairs"]]
    assert len(set(pairs)) == len(pairs) == len(relations.pairs)
    assert all(item < other for item, other in pairs)


EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 9)), max_size=14)


@given(EDGES)
def test_the_shortest_way_is_the_shortest_and_goes_along_edges(edges: list[tuple[int, int, int]]) -> None:
    graph: dict[str, list[tuple[str, float, int]]] = {}
    for number, (item, other, km) in enumerate(edges):
        graph.setdefault(str(item), []).append((str(other), float(km), number))
        graph.setdefault(str(other), []).append((str(item), float(km), number))
    far = float("inf")
    table = {(a, b): 0.0 if a == b else far for a in map(str, range(7)) for b in map(str, range(7))}
    for item, other, km in edges:
        table[str(item), str(other)] = min(table[str(item), str(other)], km)
        table[str(other), str(item)] = table[str(item), str(other)]
    for middle in map(str, range(7)):  # Floyd and Warshall, another way to the same numbers
        for a in map(str, range(7)):
            for b in map(str, range(7)):
                table[a, b] = min(table[a, b], table[a, middle] + table[middle, b])
    result = shortest_paths(graph, "0")
    assert {node: km for node, (km, _) in result.items()} == {
        b: km for (a, b), km in table.items() if a == "0" and km < far
    }
    for km, way in result.values():
        assert sum(edges[edge][2] for edge in way) == km


def test_a_point_is_measured_along_a_line_by_the_foot_of_its_perpendicular() -> None:
    line = shapely.MultiLineString([[(100, 30), (101, 30)], [(101.2, 30), (102, 30)]])
    far, _, gap = (geodesy.lengths_km(np.array([shapely.LineString(ends)], dtype=object))[0] for ends in (
        [(100, 30), (100.5, 30)], [(100, 30), (101, 30)], [(101.2, 30), (101.7, 30)]))  # fmt: skip
    first = geodesy.lengths_km(np.array([shapely.LineString([(100, 30), (101, 30)])], dtype=object))[0]
    result = along_km(line, np.array([[100.5, 30.1], [101.7, 29.9], [100.5, 31.0], [99.9, 30.0]]))
    assert result[:2] == pytest.approx([far, first + gap], abs=0.05)  # the gap between the parts has no length
    assert np.isnan(result[2])  # 111 km off
    assert result[3] == 0


def test_a_stop_on_the_way_is_on_the_corridor(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    inn = {
        "id": "inn",
        "name": "中站",
        "kind": "town",
        "lon": "101.25",
        "lat": "30.66",
        "datum": "wgs84",
        "source": "survey",
    }
    write_table(region / "data" / "places.csv", TABLES["places"].names, [*ROWS["places"], inn])
    legs = [
        {**ROWS["corridor_legs"][0], "via": "inn", "source": "survey"},
        {**ROWS["corridor_legs"][1], "source": "survey"},
    ]
    write_table(region / "data" / "corridor_legs.csv", TABLES["corridor_legs"].names, legs)
    more = {"id": "hop", "name": "中站协议", "parties": "inn|island|hill", "status": "signed", "source": "survey"}
    write_table(region / "data" / "partnerships.csv", TABLES["partnerships"].names, [*ROWS["partnerships"], more])
    relations = Relations(load_atlas(load_project(region))[0])
    there, onward, whole = (
        relations.distance(*pair) for pair in (("inn", "hill"), ("inn", "island"), ("hill", "island"))
    )
    assert onward.via == ("harbour",)
    assert whole.via == ("inn", "harbour")
    assert len(whole.legs) == 2  # both halves are of one leg
    assert there.corridor_km is not None and onward.corridor_km is not None and whole.corridor_km is not None
    assert there.corridor_km + onward.corridor_km == pytest.approx(whole.corridor_km, abs=0.2)
    assert there.corridor_km == pytest.approx(there.km, rel=0.01)


def test_a_deviation_is_known_only_between_two_known_lengths() -> None:
    drawn, published = np.array([110.0, 90.0, np.nan, 5.0, 5.0]), np.array([100.0, 100.0, 100.0, np.nan, 0.0])
    assert relative_deviations(drawn, published) == pytest.approx([0.1, -0.1, np.nan, np.nan, np.nan], nan_ok=True)
    assert np.isnan(relative_deviations(None, 100.0))
