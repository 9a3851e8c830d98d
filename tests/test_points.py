"""A long layer keeps where its rows lie as two columns, in the order of the file; as a GeoDataFrame it is like any other."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from qjmap import points
from qjmap.tables import columns
from qjmap.tables.forms import as_objects

LON, LAT = np.array([106.65, np.nan, 104.7]), np.array([29.03, 29.0, 29.34])


@pytest.fixture(params=["short", "long"])
def layer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(columns, "LONG", 0 if request.param == "long" else 10)
    return points.with_points({"id": as_objects(["c", "b", "a"])}, LON, LAT)


def test_the_axes_are_known_and_a_half_position_is_none(layer: Any) -> None:
    lon, lat = points.axes(layer)
    assert np.array_equal(lon, [106.65, np.nan, 104.7], equal_nan=True)
    assert np.array_equal(lat, [29.03, np.nan, 29.34], equal_nan=True)
    assert points.located(layer).tolist() == [True, False, True]


def test_with_geometry_it_is_a_layer_in_the_order_of_its_ids() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "LONG", 0)
        long = points.with_points({"id": as_objects(["c", "b", "a"])}, LON, LAT)
    assert not isinstance(long, gpd.GeoDataFrame)
    assert points.order_of_ids(long) is not None
    frame = points.with_geometry(long)
    assert list(frame) == ["id", "geometry"]
    assert (frame["id"].tolist(), str(frame.crs)) == (["a", "b", "c"], "EPSG:4326")
    assert [None if point is None else (point.x, point.y) for point in frame.geometry] == [(104.7, 29.34), None, (106.65, 29.03)]


def test_a_short_layer_stands_as_it_was_made(layer: Any) -> None:
    if isinstance(layer, gpd.GeoDataFrame):
        assert points.order_of_ids(layer) is None
        assert points.with_geometry(layer) is layer
