"""GeoPackage: choice of the layer, and nothing but the file's own tables is read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely

from qjmap.errors import UsageError
from qjmap.schema import TABLES
from qjmap.tables import Parsed, parse, read_table
from qjmap.tables.readers.features_to_grid import kept_shapes
from qjmap.tables.readers.geopackage import read_geopackage
from tests.tables.helpers import codes

POINT = [shapely.Point(106.65, 29.03), shapely.Point(106.66, 29.04)]
AREA = [shapely.box(106, 29, 107, 30)] * 2


def layer(path: Path, name: str, shapes: list[object] = POINT, crs: int = 4326, **columns: object) -> None:  # type: ignore[assignment]
    frame = geopandas.GeoDataFrame({"名称": [f"{name}甲", f"{name}乙"], **columns}, geometry=shapes, crs=crs)
    frame.to_file(path, layer=name, driver="GPKG")


def read(path: Path, table: str = "sites", **options: str) -> Parsed:
    return parse(read_table(path, TABLES[table], shown=path.name, **options))  # type: ignore[arg-type]


def test_the_layer_that_bears_the_table_s_name(tmp_path: Path) -> None:
    for name in ("places", "sites", "roads"):
        layer(tmp_path / "a.gpkg", name)
    found = read(tmp_path / "a.gpkg")
    assert list(found.frame["name"]) == ["sites甲", "sites乙"]
    assert [note.params["others"] for note in found.raw.notes if note.key == "note-layers"] == [["places", "roads"]]
    assert list(read(tmp_path / "a.gpkg", "places").frame["name"]) == ["places甲", "places乙"]


def test_without_a_layer_of_the_table_s_name_all_point_layers_are_read(tmp_path: Path) -> None:
    layer(tmp_path / "a.gpkg", "企业")
    layer(tmp_path / "a.gpkg", "范围", AREA)
    layer(tmp_path / "a.gpkg", "学校", 人数=[1, 2])
    layer(tmp_path / "a.gpkg", "车站", crs=4490)
    found = read(tmp_path / "a.gpkg")
    assert list(found.frame["layer"]) == ["企业", "企业", "学校", "学校", "车站", "车站"]
    assert list(found.frame["人数"]) == ["", "", "1", "2", "", ""]
    assert list(found.frame["datum"]) == ["wgs84"] * 4 + ["cgcs2000"] * 2
    assert [fault for fault in found.faults if fault.severity == "fault"] == []


def test_several_layers_without_points_must_be_chosen_by_name(tmp_path: Path) -> None:
    layer(tmp_path / "a.gpkg", "甲区", AREA)
    assert codes(read(tmp_path / "a.gpkg")) == ["feature-not-point"]  # the only one
    layer(tmp_path / "a.gpkg", "乙区", AREA)
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "a.gpkg")
    assert (caught.value.code, caught.value.params["layers"]) == ("layer-choose", ["甲区", "乙区"])
    assert len(read(tmp_path / "a.gpkg", sheet="乙区").frame) == 2
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "a.gpkg", sheet="丙区")
    assert caught.value.code == "layer-missing"


def test_values_as_the_file_has_them_and_no_key_of_its_own(tmp_path: Path) -> None:
    numbers = pd.array([2**60 + 1, None], dtype="Int64")
    layer(
        tmp_path / "a.gpkg",
        "a",
        大数=numbers,
        产值=[20.3, None],
        在营=[True, False],
        日期=pd.to_datetime(["2020-09-09", None]),
    )
    found = read(tmp_path / "a.gpkg")
    assert list(found.frame["大数"]) == [str(2**60 + 1), ""]
    assert list(found.frame["产值"]) == ["20.3", ""]
    assert list(found.frame["在营"]) == ["true", "false"]
    assert "fid" not in found.frame
    assert codes(found) == []


def test_empty_and_missing_geometries_are_no_position(tmp_path: Path) -> None:
    layer(tmp_path / "a.gpkg", "a", [shapely.Point(), None])
    found = read(tmp_path / "a.gpkg")
    assert (found.frame["lon"].isna().all(), codes(found)) == (True, [])
    layer(tmp_path / "b.gpkg", "b", [shapely.MultiPoint([(106.65, 29.03)]), shapely.MultiPoint([(1, 2), (3, 4)])])
    assert read(tmp_path / "b.gpkg").frame["lon"].notna().tolist() == [True, False]


def test_changes_in_a_write_ahead_log_are_read_and_no_file_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    layer(path, "a")
    book = sqlite3.connect(path, isolation_level=None)
    book.execute("PRAGMA journal_mode = WAL")
    book.execute("PRAGMA wal_autocheckpoint = 0")
    book.execute('DROP TRIGGER IF EXISTS "rtree_a_geom_update6"')
    book.execute("CREATE TABLE more (名称 TEXT)")
    book.execute("INSERT INTO more VALUES ('新来的')")
    book.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('more', 'attributes', 'more')")
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    assert "a.gpkg-wal" in before
    assert list(read(path, sheet="more").frame["name"]) == ["新来的"]
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before
    book.close()


def doctored(path: Path, *statements: str) -> Path:
    layer(path, "a")
    with sqlite3.connect(path) as book:
        book.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            book.execute(statement)
    book.close()
    return path


LISTED = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('v', 'attributes', 'v')"


@pytest.mark.parametrize(
    "view",
    [
        "SELECT load_extension('/tmp/x') AS name",
        "SELECT readfile('/etc/hostname') AS name",
        "SELECT ogr_geocode('x') AS name",
        "SELECT hex(randomblob(2000000000)) AS name",
        "SELECT hex(zeroblob(2000000000)) AS name",
        pytest.param(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS name FROM n",
            marks=pytest.mark.slow,
        ),
        "SELECT name FROM pragma_database_list",
    ],
)
def test_a_view_reaches_nothing_and_ends(tmp_path: Path, view: str) -> None:
    path = doctored(tmp_path / "a.gpkg", f"CREATE VIEW v AS {view}", LISTED)
    with pytest.raises(UsageError) as caught:
        read(path, sheet="v")
    assert caught.value.code == "vector-unreadable"


def test_a_virtual_table_of_gdal_opens_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("name\nSECRET\n", encoding="utf-8")
    row = f"'table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING VirtualOGR(''{tmp_path / 'secret.csv'}'')'"
    path = doctored(
        tmp_path / "a.gpkg", f"INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ({row})", LISTED
    )
    with pytest.raises(UsageError) as caught:
        read(path, sheet="v")
    assert caught.value.code == "vector-unreadable"


@pytest.mark.parametrize("content", [b"<OGRVRTDataSource/>", b"SQLite format 4", b"PK\x03\x04", b"name\n", b""])
def test_what_is_no_geopackage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.gpkg").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "a.gpkg")
    assert caught.value.code == "kind-misnamed"


def test_an_sqlite_database_without_layers_is_not_read_as_a_geopackage(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.gpkg") as book:
        book.execute("CREATE TABLE sites (name TEXT)")
    book.close()
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "a.gpkg")
    assert caught.value.code == "kind-misnamed"


def test_names_with_quotes_are_names(tmp_path: Path) -> None:
    name = 'a"; DROP TABLE gpkg_contents; --'
    with sqlite3.connect(doctored(tmp_path / "a.gpkg")) as book:
        quoted = name.replace('"', '""')
        book.execute(f'CREATE TABLE "{quoted}" (name TEXT)')
        book.execute(f'INSERT INTO "{quoted}" VALUES (?)', ("甲",))
        book.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', 'q')", (name,)
        )
    book.close()
    assert list(read(tmp_path / "a.gpkg", sheet=name).frame["name"]) == ["甲"]


@pytest.mark.slow
def test_a_geometry_that_ends_early_leaves_its_own_row_without_a_position(tmp_path: Path) -> None:
    layer(tmp_path / "a.gpkg", "a", [shapely.Point(106.65, 29.03), shapely.MultiPoint([(106.66, 29.04)])])
    with sqlite3.connect(tmp_path / "a.gpkg") as connection:
        connection.create_function("ST_IsEmpty", 1, lambda _: 0)  # what GDAL's triggers call
        for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0.0)
        whole = bytes(connection.execute("SELECT geom FROM a WHERE fid = 2").fetchone()[0])
        for length in range(0, len(whole), 4):
            connection.execute("UPDATE a SET geom = ? WHERE fid = 2", (whole[:length],))
            connection.commit()
            assert read(tmp_path / "a.gpkg").frame["lon"].notna().tolist() == [True, False], length
            with kept_shapes():
                assert read_geopackage(tmp_path / "a.gpkg", TABLES["sites"], shown="a.gpkg").shapes is not None
