"""A layer of points keeps where its rows lie as two columns, in the order of the file; as a GeoDataFrame it is like any other."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from qjmap.model import point_layers
from qjmap.tables.columns.dtypes import object_array

LON, LAT = np.array([106.65, np.nan, 104.7]), np.array([29.03, 29.0, 29.34])


@pytest.fixture(params=["columns", "geometry"])
def layer(request: pytest.FixtureRequest) -> Any:
    layer = point_layers.with_points({"id": object_array(["a", "b", "c"])}, LON, LAT)
    return point_layers.with_geometry(layer) if request.param == "geometry" else layer


def test_the_axes_are_known_and_a_half_position_is_none(layer: Any) -> None:
    lon, lat = point_layers.axes(layer)
    assert np.array_equal(lon, [106.65, np.nan, 104.7], equal_nan=True)
    assert np.array_equal(lat, [29.03, np.nan, 29.34], equal_nan=True)
    assert point_layers.located(layer).tolist() == [True, False, True]
    assert point_layers.order_of_ids(layer) is None


def test_with_geometry_it_is_a_layer_in_the_order_of_its_ids() -> None:
    layer = point_layers.with_points({"id": object_array(["c", "b", "a"])}, LON, LAT)
    assert point_layers.order_of_ids(layer) is not None
    frame = point_layers.with_geometry(layer)
    assert isinstance(frame, gpd.GeoDataFrame)
    assert point_layers.with_geometry(frame) is frame
    assert list(frame) == ["id", "geometry"]
    assert (frame["id"].tolist(), str(frame.crs)) == (["a", "b", "c"], "EPSG:4326")
    assert [None if point is None else (point.x, point.y) for point in frame.geometry] == [
        (104.7, 29.34),
        None,
        (106.65, 29.03),
    ]
