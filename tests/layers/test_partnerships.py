"""What the layer of partnerships tells the page: spots, junctions, values, sites."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from qjmap import layers
from qjmap.layers.partnerships import joined
from tests.layers.test_layers import block_of

HERE, THERE, BEYOND, KNOT = (100.0, 30.0), (102.0, 30.0), (101.0, 32.0), (101.0, 30.7)
PAIR = shapely.LineString([HERE, (101, 30.01), THERE])
OUT = shapely.MultiLineString([[KNOT, HERE], [KNOT, THERE], [KNOT, BEYOND]])
FORWARD = shapely.MultiLineString([[HERE, KNOT], [KNOT, THERE], [KNOT, BEYOND]])


def read(
    lines: list[object], forward: list[bool]
) -> tuple[list[list[tuple[float, float]]], list[tuple[float, float] | None]]:
    """Spots and junction of each row in degrees."""
    points, spots, owner, knots = joined(np.array(lines, dtype=object), np.array(forward))
    degrees = [(float(lon) / 1e6, float(lat) / 1e6) for lon, lat in points]
    rows = [[degrees[spot] for spot, row in zip(spots, owner, strict=True) if row == one] for one in range(len(lines))]
    return rows, [degrees[knot] if knot >= 0 else None for knot in knots]


def test_a_line_joins_its_ends_and_a_star_the_ends_that_are_not_the_junction() -> None:
    rows, knots = read([PAIR, None, OUT, FORWARD], [False, False, False, True])
    assert rows == [[HERE, THERE], [], [HERE, THERE, BEYOND], [HERE, THERE, BEYOND]]
    assert knots == [None, None, KNOT, KNOT]


def test_longitudes_that_run_past_the_antimeridian_come_back() -> None:
    rows, _ = read([shapely.LineString([(178.0, -17.0), (182.0, -17.0)])], [True])
    assert rows == [[(178.0, -17.0), (-178.0, -17.0)]]


def test_no_lines_at_all_are_no_points() -> None:
    points, spots, owner, knots = joined(np.array([None], dtype=object), np.array([False]))
    assert (len(points), len(spots), len(owner), list(knots)) == (0, 0, 0, [-1])


def test_values_and_sites_travel_with_their_rows() -> None:
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b"], "name": ["甲", "乙"], "value_cny": [5e6, np.nan]}, geometry=[PAIR, PAIR], crs="EPSG:4326"
    )
    block = block_of(layers.Partnerships(frame, ties={"b": [shapely.Point(101.5, 30.5)]}))
    assert block["value"] == [5e6, None]
    assert block["ties"] == [[], [101.5, 30.5]]


@pytest.mark.parametrize("direction, arrow", [("forward", 1), ("mutual", 2), ("", 0)])
def test_directions_are_told_apart(direction: str, arrow: int) -> None:
    frame = gpd.GeoDataFrame({"id": ["a"], "name": ["甲"], "direction": [direction]}, geometry=[PAIR], crs="EPSG:4326")
    assert block_of(layers.Partnerships(frame))["arrow"] == [arrow]
