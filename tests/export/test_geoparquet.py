"""GeoParquet: geometries as shapely writes them, however they are laid out, and columns that repeat as dictionaries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from qjmap.export.flat_frame import flat_frame
from qjmap.export.geoparquet import wkb, write_parquet
from qjmap.export.legend import Legend
from tests.crowd import invented_sites

DEGREES = st.floats(-180, 180, allow_nan=False)
POINT = st.builds(shapely.Point, DEGREES, DEGREES)
LINE = st.lists(st.tuples(DEGREES, DEGREES), min_size=2, max_size=4).map(shapely.LineString)


def shapes_of(given_: list[Any]) -> Any:
    shapes = np.empty(len(given_), dtype=object)
    shapes[:] = given_
    return shapes


@given(st.lists(POINT | st.none(), max_size=30) | st.lists(POINT | LINE | st.none(), max_size=10))
def test_wkb_is_that_of_shapely(given_: list[Any]) -> None:
    shapes = shapes_of(given_)
    found = wkb(shapes)
    found.validate(full=True)
    assert found.to_pylist() == list(shapely.to_wkb(shapes))


@pytest.mark.parametrize("point", [shapely.Point(), shapely.Point(1, 2, 3)])
def test_unusual_points_are_those_of_shapely_too(point: shapely.Point) -> None:
    shapes = shapes_of([point, None, shapely.Point(1, 2)])
    assert wkb(shapes).to_pylist() == list(shapely.to_wkb(shapes))


def test_many_sites_come_back_as_geopandas_writes_them(tmp_path: Path) -> None:
    flat = flat_frame("sites", invented_sites(3_000), {})
    write_parquet(tmp_path / "ours.parquet", {"sites": flat}, Legend())
    flat.to_parquet(tmp_path / "theirs.parquet", write_covering_bbox=True, schema_version="1.1.0")
    ours, theirs = (gpd.read_parquet(tmp_path / f"{name}.parquet") for name in ("ours", "theirs"))
    assert ours.geometry.geom_equals_exact(theirs.geometry, 0).all()
    assert ours.drop(columns="geometry").astype(str).equals(theirs.drop(columns="geometry").astype(str))
    assert (tmp_path / "ours.parquet").stat().st_size <= (tmp_path / "theirs.parquet").stat().st_size
    group = parquet.ParquetFile(tmp_path / "ours.parquet").metadata.row_group(0)
    coded = {
        group.column(at).path_in_schema: "RLE_DICTIONARY" in group.column(at).encodings
        for at in range(group.num_columns)
    }
    assert coded["category"]
    assert not coded["geometry"] and not coded["id"] and not coded["bbox.xmin"]
