"""FlatGeobuf: files of GDAL are read value for value; damaged and misnamed ones are refused."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from qjmap.errors import UsageError
from qjmap.tables.readers.features_to_grid import kept_shapes
from qjmap.tables.readers.flatgeobuf import read_flatgeobuf
from tests.properties import examples
from tests.tables.helpers import codes, parsed


def rows_of(data: bytes) -> list[dict[str, str]]:
    grid = read_flatgeobuf(data, shown="a.fgb")
    return [dict(zip(grid.header, row, strict=True)) for row in grid.rows]


def made(folder: Path, shapes: list[object], index: str = "NO", **columns: object) -> bytes:
    frame = geopandas.GeoDataFrame(columns or {"name": list(map(str, range(len(shapes))))}, geometry=shapes, crs=4326)
    frame.to_file(folder / "a.fgb", driver="FlatGeobuf", SPATIAL_INDEX=index)
    return (folder / "a.fgb").read_bytes()


def test_every_type_of_value(tmp_path: Path) -> None:
    shapes = [shapely.Point(106.65, 29.03), None]
    columns = {
        "名称": ["甲", None], "大数": pd.array([2**60 + 1, None], dtype="Int64"), "小数": np.array([1, 2], dtype="int16"),
        "产值": [20.3, None], "单精度": np.array([20.3, 1], dtype="float32"), "在营": [True, False],
        "日期": pd.to_datetime(["2020-09-09", None]),
    }  # fmt: skip
    first, second = rows_of(made(tmp_path, shapes, **columns))
    assert first.pop("日期").startswith("2020-09-09")
    assert first == {
        "名称": "甲", "大数": str(2**60 + 1), "小数": "1", "产值": "20.3", "单精度": "20.3", "在营": "true", "lon": "106.65", "lat": "29.03",
    }  # fmt: skip
    assert (second["名称"], second["大数"], second["产值"], second["lon"]) == ("", "", "", "")


@pytest.mark.parametrize("count", [1, 2, 15, 16, 17, 255, 256, 257, 4_097])
def test_with_and_without_its_spatial_index(tmp_path: Path, count: int) -> None:
    shapes = [shapely.Point(106 + at / 10_000, 29) for at in range(count)]
    for index in ("YES", "NO"):
        rows = rows_of(made(tmp_path, shapes, index))
        assert {row["name"]: float(row["lon"]) for row in rows} == {
            str(at): shapely.get_x(one) for at, one in enumerate(shapes)
        }


@pytest.mark.parametrize(
    ("shape", "placed", "warned"),
    [
        (shapely.MultiPoint([(106.65, 29.03)]), True, False),
        (shapely.MultiPoint([(1, 2), (3, 4)]), False, True),
        (shapely.LineString([(1, 2), (3, 4)]), False, True),
        (shapely.GeometryCollection([shapely.Point(106.65, 29.03)]), True, False),
        (shapely.Point(106.65, 29.03, 250), True, False),
        (shapely.Point(), False, False),
    ],
)
def test_only_points_have_positions_and_other_shapes_are_warned_of(
    tmp_path: Path, shape: shapely.Geometry, placed: bool, warned: bool
) -> None:
    result = parsed(
        tmp_path, made(tmp_path, [shape, shapely.Point(1, 2, 3) if shape.has_z else shapely.Point(1, 2)]), "b.fgb"
    )
    assert (bool(result.frame["lon"].notna()[0]), "feature-not-point" in codes(result)) == (placed, warned)


@given(st.data())
@examples(200)
def test_damaged_bytes_are_read_or_refused(sound: bytes, data: st.DataObject) -> None:
    raw = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(7, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.none() | st.integers(8, len(raw)))
    with contextlib.suppress(UsageError):
        read_flatgeobuf(bytes(raw[:cut]), shown="a.fgb")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    shapes = [shapely.Point(106.65, 29.03), shapely.LineString([(1, 2), (3, 4)])]
    return made(tmp_path_factory.mktemp("fgb"), shapes, name=["甲", "乙"], n=[1, 2])


def test_a_shape_without_two_vertices_is_no_geometry_of_its_row_alone(tmp_path: Path) -> None:
    """GDAL writes lines of one vertex and rings without area; the features beside them are read."""
    data = made(tmp_path, [shapely.LineString([(106, 29), (107, 30)]), shapely.LineString([(106, 29), (106, 29)])])
    second = struct.pack("<4d", 106, 29, 106, 29)
    assert data.count(second) == 1
    at = data.index(second) - 4  # the length of the vector of coordinates stands before them
    damaged = data[:at] + struct.pack("<I", 2) + data[at + 4 :]
    with kept_shapes():
        grid = read_flatgeobuf(damaged, shown="a.fgb")
    assert grid.shapes is not None
    assert [shape is None for shape in grid.shapes] == [False, True]
