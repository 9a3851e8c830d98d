"""Layer of partnerships: spots, junctions, values and sites in its block."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from qjmap import layers
from qjmap.api import Atlas, open_project
from tests.layers.test_layers import block_of

HERE, THERE, BEYOND, KNOT = (100.0, 30.0), (102.0, 30.0), (101.0, 32.0), (101.0, 30.7)
PAIR = shapely.LineString([HERE, (101, 30.01), THERE])
OUT = shapely.MultiLineString([[KNOT, HERE], [KNOT, THERE], [KNOT, BEYOND]])
FORWARD = shapely.MultiLineString([[HERE, KNOT], [KNOT, THERE], [KNOT, BEYOND]])

Point = tuple[float, float]


def read(lines: list[object], directions: list[str]) -> tuple[list[list[Point]], list[Point | None]]:
    """Spots and junction of each row of lines in degrees, as the page gets them."""
    names = [str(row) for row in range(len(lines))]
    columns = {"id": names, "name": names, "direction": directions}
    return decoded(block_of(layers.Partnerships(gpd.GeoDataFrame(columns, geometry=lines, crs="EPSG:4326"))))


def decoded(block: dict[str, list[object]]) -> tuple[list[list[Point]], list[Point | None]]:
    """Spots and junction of each row of a block in degrees."""
    degrees = ((np.array(block[name]) / 1e6).tolist() for name in ("point_lon", "point_lat"))
    points = list(zip(*degrees, strict=True))
    spots = iter(block["spot"])
    rows = [[points[next(spots)] for _ in range(count)] for count in block["spots"]]  # type: ignore[call-overload]
    return rows, [points[index] if index >= 0 else None for index in block["knot"]]  # type: ignore[call-overload, operator]


def test_a_line_joins_its_ends_and_a_star_the_ends_that_are_not_the_junction() -> None:
    rows, junctions = read([PAIR, None, OUT, FORWARD], ["", "", "", "forward"])
    assert rows == [[HERE, THERE], [], [HERE, THERE, BEYOND], [HERE, THERE, BEYOND]]
    assert junctions == [None, None, KNOT, KNOT]


def test_longitudes_that_run_past_the_antimeridian_come_back() -> None:
    rows, _ = read([shapely.LineString([(178.0, -17.0), (182.0, -17.0)])], ["forward"])
    assert rows == [[(178.0, -17.0), (-178.0, -17.0)]]


def test_no_lines_at_all_are_no_points() -> None:
    assert read([None], [""]) == ([[]], [None])


def test_rows_of_an_atlas_tell_the_page_the_same_as_its_lines(region: Path, tmp_path: Path) -> None:
    model = open_project(region).atlas()._model
    rows, lines = block_of(layers.Partnerships(model.partnership_rows)), Atlas(model).partnerships
    path = tmp_path / "partnerships.geojson"
    path.write_text(Atlas(model).to_geojson("partnerships"), encoding="utf-8")
    for frame in (lines, gpd.read_file(path)):
        block = block_of(layers.Partnerships(frame))
        assert decoded(block) == decoded(rows)
        assert all(block[name] == rows[name] for name in ("id", "name", "kind", "status", "arrow", "step", "money"))


def test_a_single_spot_is_a_badge_and_no_line(region: Path) -> None:
    model = open_project(region).atlas()._model
    block = block_of(layers.Partnerships(model.partnership_rows))
    spots = dict(zip(block["id"], block["spots"], strict=True))
    badges = dict(zip(block["id"], block["located"], strict=True))
    assert (spots["inner"], badges["inner"]) == (0, 1)
    assert (spots["pact"], badges["pact"]) == (2, 0)


def test_values_and_sites_travel_with_their_rows() -> None:
    frame = gpd.GeoDataFrame(
        {
            "id": ["a", "b", "c"],
            "name": ["甲", "乙", "丙"],
            "value_cny": [5e6, np.nan, 1e10],
            "value_qualifier": ["", "", ">="],
            "value_kind": ["", "", "forecast"],
            "status": ["operating", "planned", "signed"],
        },
        geometry=[PAIR, PAIR, PAIR],
        crs="EPSG:4326",
    )
    block = block_of(layers.Partnerships(frame, ties={"b": [shapely.Point(101.5, 30.5)]}))
    assert block["money"] == [
        ["500万元", "CNY 5 million"],
        None,
        ["预计至少100亿元", "expected at least CNY 10 billion"],
    ]
    assert block["step"] == [4, 1, 2]
    assert block["ties"] == [[], [101.5, 30.5], []]


@pytest.mark.parametrize("direction, arrow", [("forward", 1), ("mutual", 2), ("", 0)])
def test_directions_are_told_apart(direction: str, arrow: int) -> None:
    frame = gpd.GeoDataFrame({"id": ["a"], "name": ["甲"], "direction": [direction]}, geometry=[PAIR], crs="EPSG:4326")
    assert block_of(layers.Partnerships(frame))["arrow"] == [arrow]
