"""The corridors of the first atlas: lengths against published ones and an independent measure, land and sea, the 2019 plan."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from qjmap.ground.polygons import country
from qjmap.ground.water import land_abroad
from qjmap.model.atlas import Atlas
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from qjmap.routing import LegReport, leg_reports
from tests.geodesy import length_km

ROOT = Path(__file__).parents[2]
Features = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return load_atlas(load_project(ROOT))[0]


@pytest.fixture(scope="module")
def legs(atlas: Atlas) -> list[LegReport]:
    return leg_reports(atlas)


def features(*path: str) -> Features:
    collection = json.loads(ROOT.joinpath("geo", *path).read_text("utf-8"))
    return {one["id"]: one for one in collection["features"]}


def sources() -> dict[str, dict[str, str]]:
    with (ROOT / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.slow
def test_every_published_length_has_a_source_and_agrees_with_the_line(legs: list[LegReport]) -> None:
    published = [leg for leg in legs if leg.published_km is not None]
    assert len(published) >= 5
    known = sources()
    for leg in published:
        assert known[leg.length_source]["url"], leg.id
        if leg.grade == "schematic":  # a straight line is shorter than what was built
            assert leg.deviation is not None and leg.deviation < 0, leg
        else:
            assert abs(leg.deviation or 1) <= 0.1, leg


def test_legs_without_a_published_length_are_listed_schematic_ones_too(legs: list[LegReport], atlas: Atlas) -> None:
    assert [leg.id for leg in legs] == list(atlas.corridor_legs["id"])
    without = {leg.id for leg in legs if leg.published_km is None}
    recorded = {"land-sea-13", "land-sea-15"}  # their own sources give the length
    assert {leg.id for leg in legs if leg.grade == "schematic"} - without == recorded
    assert "land-sea-5" in without  # no source for the path by sea was found


@pytest.mark.parametrize(
    "path", [("export", "corridor_legs.geojson"), ("corridor_legs.geojson",), ("export", "corridors.geojson")]
)
def test_lengths_in_git_are_those_of_the_lines_by_another_measure(path: tuple[str, ...]) -> None:
    stated = {one: feature for one, feature in features(*path).items() if feature["properties"].get("length_km")}
    assert "land-sea-corridor" not in stated  # a network has no length
    assert len(stated) >= 3
    for identifier, feature in stated.items():
        told = feature["properties"]["length_km"]
        assert told == pytest.approx(length_km(feature["geometry"]), rel=1e-3), identifier


def test_the_committed_lines_fit_the_tables(atlas: Atlas) -> None:
    assert atlas.stale_legs == ()
    assert set(features("corridor_legs.geojson")) == set(atlas.lines)


def test_the_leg_s_file_states_licence_origin_and_a_tenth_of_the_rounding_of_its_data() -> None:
    collection = json.loads((ROOT / "geo" / "corridor_legs.geojson").read_text("utf-8"))
    assert collection["licence"] == "ODbL 1.0"
    assert collection["attribution"] == ["searoute 1.6.0", "© OpenStreetMap contributors"]
    for feature in collection["features"]:
        told = feature["properties"]
        assert told["licence"] == ("Apache-2.0" if told["along"] == "sea" else "ODbL 1.0")
        assert told["origin"]


@pytest.mark.parametrize(
    "route",
    [
        ["chongqing", "qijiang", "guiyang", "liuzhou", "nanning", "qinzhou", "beibu-gulf-port", "singapore"],
        ["chongqing", "huaihua", "liuzhou", "qinzhou", "beibu-gulf-port", "singapore"],
        [
            "chengdu",
            "luzhou",
            "xuyong",
            "bijie",
            "anshun",
            "baise",
            "nanning",
            "qinzhou",
            "beibu-gulf-port",
            "singapore",
        ],
        ["chengdu", "yibin", "baise"],
    ],
)
def test_the_plan_s_main_routes_run_through_without_a_gap(atlas: Atlas, route: list[str]) -> None:
    own = atlas.corridor_legs[atlas.corridor_legs["corridor"] == "land-sea-corridor"]
    ways = set(zip(own["from"], own["to"], strict=True))
    assert [pair for pair in itertools.pairwise(route) if pair not in ways] == []


def test_lines_of_neighbouring_legs_meet_at_their_place(atlas: Atlas) -> None:
    """Within the distance at which a line has arrived: what lies farther off would have been joined."""
    ends: dict[str, list[Any]] = {}
    own = atlas.corridor_legs[atlas.corridor_legs["corridor"] == "land-sea-corridor"]
    for start, end, line in zip(own["from"], own["to"], own.geometry, strict=True):
        points = shapely.points(shapely.get_coordinates(line)[[0, -1]])
        ends.setdefault(start, []).append(points[0])
        ends.setdefault(end, []).append(points[1])
    for place, points in ends.items():
        where = atlas.places.set_index("id").loc[place].geometry
        assert all(
            length_km({"type": "LineString", "coordinates": [[p.x, p.y], [where.x, where.y]]}) < 5.01 for p in points
        ), place


def test_the_first_main_route_is_as_long_as_reported_within_a_tenth(atlas: Atlas) -> None:
    route = ["chongqing", "qijiang", "guiyang", "liuzhou", "nanning", "qinzhou", "beibu-gulf-port", "singapore"]
    own = atlas.corridor_legs[atlas.corridor_legs["corridor"] == "land-sea-corridor"].set_index(["from", "to"])
    drawn = sum(own.loc[pair, "length_km"] for pair in itertools.pairwise(route))
    figures = atlas.indicators[
        (atlas.indicators["subject"] == "land-sea-corridor") & (atlas.indicators["unit"] == "km")
    ]
    assert drawn == pytest.approx(float(figures["value"].iloc[0]), rel=0.1)


def test_the_way_by_sea_keeps_off_the_land() -> None:
    """But for the schematic ends in port. The land is simplified to 0.05 degrees, which is what it is drawn back by."""
    leg = features("corridor_legs.geojson")["land-sea-5"]
    lines = [
        shapely.LineString(line)
        for line, grade in zip(leg["geometry"]["coordinates"], leg["properties"]["grades"], strict=True)
        if grade != "schematic"
    ]
    inland = shapely.union_all([shape.buffer(-0.05) for shape in (*land_abroad((95.0, -5.0, 125.0, 35.0)), country())])
    assert lines
    assert not any(line.intersects(inland) for line in lines)
    straight = shapely.LineString([(108.647, 21.683), (103.85, 1.29)])
    assert straight.intersects(inland)  # the test can fail


def test_wansheng_s_corridor_follows_the_road_since_no_railway_reaches_it(atlas: Atlas) -> None:
    leg = atlas.corridor_legs.set_index("id").loc["qijiang-wansheng-leg"]
    assert leg["along"] == "road"
    assert leg["schematic_km"] == 0
    assert 30 < leg["length_km"] < 50
    assert atlas.corridors.set_index("id").loc["qijiang-wansheng-corridor", "area"] == "qijiang-wansheng"


def test_what_was_not_built_in_april_2021_is_not_said_to_operate(atlas: Atlas) -> None:
    legs = atlas.corridor_legs.set_index("id")
    assert legs.loc["land-sea-13", "status"] == "under-construction"  # Xuyong-Bijie, opened in December 2023
    assert legs.loc["land-sea-15", "status"] == "planned"  # Huangtong-Baise, begun in December 2023
    assert (legs.loc[["land-sea-13", "land-sea-15"], "grade"] == "schematic").all()
