"""GeoParquet: empty points, MultiPoints of one, GeoArrow; other shapes and encodings are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest
import shapely

from qjmap.errors import UsageError
from qjmap.tables import Parsed, parse, read_table
from tests.tables.helpers import SITES, codes

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

SHAPES = [
    shapely.Point(106.65, 29.03), shapely.Point(), None, shapely.MultiPoint([(106.65, 29.03)]), shapely.MultiPoint([(1, 2), (3, 4)]),
    shapely.MultiPoint(), shapely.LineString([(1, 2), (3, 4)]), shapely.Polygon(), shapely.GeometryCollection([shapely.Point(106.65, 29.03)]),
]  # fmt: skip


def read(path: Path, **options: str) -> Parsed:
    return parse(read_table(path, SITES, shown=path.name, **options))  # type: ignore[arg-type]


def test_only_points_of_a_geoparquet_file_have_positions(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"name": list("甲乙丙丁戊己庚辛壬")}, geometry=SHAPES, crs=4326)
    frame.to_parquet(tmp_path / "a.parquet")
    found = read(tmp_path / "a.parquet")
    assert found.frame["lon"].notna().tolist() == [True, False, False, True, False, False, False, False, True]
    assert {(fault.value, *fault.params["rows"]) for fault in found.faults} == {("MultiPoint", 6), ("LineString", 8)}  # type: ignore[misc]


def test_coordinates_that_stand_as_numbers(tmp_path: Path) -> None:
    points = [shapely.Point(106.65, 29.03), shapely.Point(106.66, 29.04)]
    geopandas.GeoDataFrame({"name": ["甲", "乙"]}, geometry=points, crs=4490).to_parquet(
        tmp_path / "a.parquet", geometry_encoding="geoarrow"
    )
    found = read(tmp_path / "a.parquet")
    assert (found.frame["lon"].tolist(), list(found.frame["datum"]), codes(found)) == (
        [106.65, 106.66],
        ["cgcs2000"] * 2,
        [],
    )


def test_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    lines = [shapely.LineString([(1, 2), (3, 4)])]
    geopandas.GeoDataFrame({"name": ["甲"]}, geometry=lines, crs=4326).to_parquet(
        tmp_path / "a.parquet", geometry_encoding="geoarrow"
    )
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "a.parquet")
    assert (caught.value.code, caught.value.params["encoding"]) == ("vector-geometry", "linestring")


def with_geo(path: Path, geo: bytes, wkb: bytes | None = b"\1\1\0\0\0") -> Path:
    table = pa.table({"name": ["甲"], "geometry": pa.array([wkb], pa.binary())})
    parquet.write_table(table.replace_schema_metadata({b"geo": geo}), path)
    return path


@pytest.mark.parametrize(
    "geo", [b"", b"{", b"[]", b"{}", b'{"primary_column": 1}', b'{"primary_column": "x", "columns": {}}', b"[" * 2_000]
)
def test_metadata_that_say_nothing_leave_a_table(tmp_path: Path, geo: bytes) -> None:
    path = with_geo(tmp_path / "a.parquet", geo, None)
    try:
        assert list(read(path).frame["name"]) == ["甲"]
    except UsageError as error:
        assert error.code == "parquet-column"


def test_geometry_that_is_none_is_refused(tmp_path: Path) -> None:
    geo = json.dumps({"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}).encode()
    with pytest.raises(UsageError) as caught:
        read(with_geo(tmp_path / "a.parquet", geo))
    assert caught.value.code == "vector-unreadable"


def test_texts_that_are_no_utf_8_are_refused(tmp_path: Path) -> None:
    names = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\3\0\0\0"), pa.py_buffer(b"a\xa2\xff")])
    parquet.write_table(pa.table({"name": names}), tmp_path / "a.parquet")
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "a.parquet")
    assert caught.value.code == "file-unreadable"


def test_columns_of_one_name_are_that_name_s_fault(tmp_path: Path) -> None:
    parquet.write_table(pa.table([["甲"], ["乙"]], names=["name", "name"]), tmp_path / "a.parquet")
    assert codes(read(tmp_path / "a.parquet")) == ["column-twice"]
