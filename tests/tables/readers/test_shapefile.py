"""Shapefile: Chinese names and values in any encoding, points as drawn, no other file opened."""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from qjmap.errors import UsageError
from qjmap.tables import Parsed, TableFrame, parse, read_table
from qjmap.tables.readers.shapefile import _DbfTable, read_shapefile
from tests.properties import examples
from tests.tables.helpers import SITES, codes

NAMES = ["重庆綦江齿轮传动有限公司", "万盛经开区平山产业园区"]


def frame(**columns: object) -> geopandas.GeoDataFrame:
    points = geopandas.points_from_xy([106.65, 106.66], [29.03, 29.04], crs=4326)
    return geopandas.GeoDataFrame({"名称": NAMES, **columns}, geometry=points)


def shapefile(folder: Path, encoding: str = "GBK", cpg: bool = False, **columns: object) -> Path:
    frame(**columns).to_file(folder / "a.shp", encoding=encoding)
    if not cpg:
        (folder / "a.cpg").unlink()
    return folder / "a.shp"


def read(path: Path, **options: str) -> TableFrame:
    return read_table(path, SITES, shown=path.name, **options)  # type: ignore[arg-type]


def result(path: Path, **options: str) -> Parsed:
    return parse(read(path, **options))


@pytest.mark.parametrize(
    ("encoding", "driver"),
    [*((name, driver) for name in ("GBK", "UTF-8") for driver in (None, 0, 0x57)), ("GBK", 0x4D)],
)
@pytest.mark.parametrize("cpg", [True, False])
def test_chinese_is_read_with_and_without_a_word_about_its_encoding(
    tmp_path: Path, encoding: str, cpg: bool, driver: int | None
) -> None:
    path = shapefile(tmp_path, encoding, cpg, 地址=["重庆市綦江区古南街道", "重庆市綦江区文龙街道"])
    if driver is not None:
        dbf = path.with_suffix(".dbf").read_bytes()
        path.with_suffix(".dbf").write_bytes(dbf[:29] + bytes([driver]) + dbf[30:])
    tf = read(path)
    assert list(tf.frame["name"]) == NAMES
    assert tf.frame["address"][1] == "重庆市綦江区文龙街道"


def test_the_encoding_that_is_told(tmp_path: Path) -> None:
    gbk = shapefile(tmp_path)
    points = geopandas.points_from_xy([106.65, 106.66], [29.03, 29.04], crs=4326)
    geopandas.GeoDataFrame({"說明": ["機械", "齒輪"]}, geometry=points).to_file(tmp_path / "b.shp", encoding="Big5")
    (tmp_path / "b.cpg").unlink()
    assert list(read(tmp_path / "b.shp", encoding="big5").frame["description"]) == ["機械", "齒輪"]
    assert list(read(gbk, encoding="gbk").frame["name"]) == NAMES
    with pytest.raises(UsageError) as caught:
        read(gbk, encoding="klingon")
    assert caught.value.code == "encoding-unknown"


@pytest.mark.filterwarnings("ignore:Value")
def test_a_character_that_the_field_cuts_in_two_falls_out(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "UTF-8", 说明=["齿" * 200, "轮" * 90])
    assert list(read(path).frame["description"]) == ["齿" * 84, "轮" * 84]


def test_values_as_they_are_written(tmp_path: Path) -> None:
    path = shapefile(tmp_path, 产值=[20.3, None], 人数=[1200, 7], 投产=["2020-09-09", ""], 在营=[True, False])
    tf = read(path)
    assert list(tf.frame["产值"]) == ["20.3", ""]
    assert list(tf.frame["人数"]) == ["1200", "7"]
    assert set(tf.unknown) == {"产值", "人数", "投产", "在营"}


def test_shapes_and_empty_ones(tmp_path: Path) -> None:
    lines = geopandas.GeoDataFrame({"name": NAMES}, geometry=[shapely.LineString([(1, 2), (3, 4)]), None], crs=4326)
    lines.to_file(tmp_path / "l.shp", encoding="UTF-8")
    found = result(tmp_path / "l.shp")
    assert codes(found) == ["feature-not-point"]
    assert found.frame["lon"].isna().all()
    points = [shapely.MultiPoint([(106.65, 29.03)]), shapely.MultiPoint([(1, 2), (3, 4)])]
    geopandas.GeoDataFrame({"name": NAMES}, geometry=points, crs=4326).to_file(tmp_path / "m.shp", encoding="UTF-8")
    assert result(tmp_path / "m.shp").frame["lon"].tolist()[0] == 106.65
    height = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.Point(106.65, 29.03, 250)], crs=4326)
    height.to_file(tmp_path / "z.shp", encoding="UTF-8")
    assert result(tmp_path / "z.shp").frame["lat"].tolist() == [29.03]


def test_a_deleted_record_goes_with_its_point(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[_DbfTable.parse(bytes(dbf)).first] = ord("*")
    path.with_suffix(".dbf").write_bytes(dbf)
    found = result(path)
    assert (list(found.frame["name"]), list(found.frame["lon"])) == (NAMES[1:], [106.66])


def test_the_order_of_the_index_counts(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    shx = path.with_suffix(".shx").read_bytes()
    path.with_suffix(".shx").write_bytes(shx[:100] + shx[108:116] + shx[100:108])
    assert list(result(path).frame["lon"]) == [106.66, 106.65]
    path.with_suffix(".shx").unlink()
    assert list(result(path).frame["lon"]) == [106.65, 106.66]


def test_a_shapefile_without_its_dbf_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".dbf").unlink()
    with pytest.raises(UsageError) as caught:
        read(path)
    assert (caught.value.code, caught.value.params["part"]) == ("shapefile-part", ".dbf")


@pytest.mark.parametrize("inside", ["", "数据/", "a/b/c/"])
@pytest.mark.parametrize("flagged", [True, False])
def test_zipped_in_any_folder(tmp_path: Path, inside: str, flagged: bool) -> None:
    path = shapefile(tmp_path)
    out = tmp_path / "a.zip"
    with zipfile.ZipFile(out, "w") as bundle:
        for part in tmp_path.glob("a.[!z]*"):
            bundle.writestr(inside + part.name.upper(), part.read_bytes())
        bundle.writestr("__MACOSX/._a.shp", b"x")
    assert list(read(out).frame["name"]) == list(read(path).frame["name"])
    assert list(read(out, encoding="gbk").frame["name"]) == NAMES


@given(st.data())
@examples(150)
def test_damaged_bytes_are_read_or_refused(made: dict[str, bytes], data: st.DataObject) -> None:
    parts = dict(made)
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(sorted(part for part in parts if parts[part])))
        raw = bytearray(parts[name])
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))
        parts[name] = bytes(raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw)
    with contextlib.suppress(UsageError):
        read_shapefile(parts, shown="a.shp")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("shp")
    shapefile(folder, "UTF-8", cpg=True, 产值=[20.3, None])
    return {path.suffix: path.read_bytes() for path in folder.glob("a.*")}
