"""Parsing of whole tables: types, positions, datums, ids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest

from qjmap.tables import column_letter, generate_ids, parse
from tests.tables.helpers import codes, parsed, read


def test_typed_columns(tmp_path: Path) -> None:
    result = parsed(
        tmp_path,
        "id,name,aliases,category,status,part_of,lon,lat,datum,start,note\na,甲,甲一|甲二,企业,在建,b|c,106°39′,29.03,高德,2020年9月,x\nb,乙,,,,,,,,,\n",
    )
    frame = result.frame
    assert frame["aliases"][0] == ("甲一", "甲二")
    assert frame["part_of"][1] == ()
    assert (frame["category"][0], frame["status"][0], frame["datum"][0]) == (
        "enterprise",
        "under-construction",
        "gcj02",
    )
    assert frame["lon"][0] == pytest.approx(106.65)
    assert frame["lon"].dtype == np.float64 and np.isnan(frame["lon"][1])
    assert (frame["orig_lon"][0], frame["orig_datum"][0]) == ("106°39′", "高德")
    assert frame["start"][0] == "2020-09"
    assert result.faults == ()


@pytest.mark.parametrize(
    ("lon", "lat", "code", "column"),
    [
        ("106.65", "290.3", "lat-range", "lat"), ("1066.5", "29.03", "lon-range", "lon"), ("29.03", "106.65", "position-swapped", "lat"),
        ("32.5", "80.1", "position-swapped", "lat"), ("0", "0", "position-zero", "lon"),
        ("106.65", "", "lat-missing", "lat"), ("", "29.03", "lon-missing", "lon"),
        ("东", "29.03", "lon-form", "lon"), ("106.65", "29°75′", "lat-form", "lat"), ("29.03N", "29.03", "axis-swapped", "lon"),
        ("367000.5", "3212000.1", "position-projected", "lon"),
        ("106650", "29030", "position-projected", "lon"), ("nan", "29", "lon-missing", "lon"), ("inf", "29", "lon-form", "lon"),
    ],
)  # fmt: skip
def test_wrong_positions_are_named(tmp_path: Path, lon: str, lat: str, code: str, column: str) -> None:
    result = parsed(tmp_path, f"name,lon,lat\n好,106.6,29.0\n坏,{lon},{lat}\n")
    assert [(fault.code, fault.row, fault.column) for fault in result.faults] == [(code, 3, column)]
    assert result.bad_rows == {3}
    assert np.isnan(result.frame["lon"][1])
    assert result.frame["lon"][0] == 106.6
    for lang in ("zh", "en"):
        assert "{" not in result.faults[0].line(lang)


def test_a_slipped_decimal_point_is_guessed_in_the_cure_only(tmp_path: Path) -> None:
    fault = parsed(tmp_path, "name,lon,lat\n坏,106.65,290.3\n").faults[0]
    assert "29.03" in fault.message("zh")
    assert (fault.letter, fault.value) == ("C", "290.3")


def test_all_faults_at_once(tmp_path: Path) -> None:
    result = parsed(tmp_path, "name,category,lat,lon,start,url\n,哪类,290.3,1000,去年,x y\n甲,企业,29,106,2020,\n")
    assert [fault.code for fault in result.faults] == [
        "vocab-other", "name-missing", "lat-range", "lon-range", "date-form", "url-form",
    ]  # fmt: skip
    assert len(result.good) == 1


def test_pairs_in_one_column(tmp_path: Path) -> None:
    result = parsed(tmp_path, '名称,经纬度\n甲,"106.65,29.03"\n乙,北纬29.03 东经106.65\n丙,不知道\n丁,\n')
    assert list(result.frame["lon"][:2]) == [106.65, 106.65]
    assert list(result.frame["lat"][:2]) == [29.03, 29.03]
    assert [(fault.code, fault.row, fault.column) for fault in result.faults] == [("pair-form", 4, "经纬度")]


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize(("zone", "meridian"), [(36, 108), (35, 105), (18, 105)])
def test_plane_coordinates_with_their_zone_are_converted(tmp_path: Path, zone: int, meridian: int, swap: bool) -> None:
    plane = pyproj.Proj(f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80")
    east, north = plane(106.65, 29.03)
    pair = (f"{zone}{east:.3f}", f"{north:.3f}")
    x, y = reversed(pair) if swap else pair
    result = parsed(tmp_path, f"name,x,y\n甲,{x},{y}\n乙,106.65,29.03\n")
    assert codes(result) == ["projected-converted"]
    assert result.frame["lon"].to_list() == pytest.approx([106.65, 106.65], abs=1e-7)
    assert result.frame["lat"].to_list() == pytest.approx([29.03, 29.03], abs=1e-7)
    assert list(result.frame["datum"]) == ["cgcs2000", ""]
    assert result.frame["orig_lon"][0] == x


def test_datums_of_header_option_and_cell(tmp_path: Path) -> None:
    result = parsed(tmp_path, "name,lng_gcj02,lat_gcj02\n甲,106.65,29.03\n")
    assert list(result.frame["datum"]) == ["gcj02"]
    told = parsed(tmp_path, "name,lon,lat,datum\n甲,106,29,\n乙,106,29,百度\n丙,,,\n", datum="gcj02")
    assert list(told.frame["datum"]) == ["gcj02", "bd09", ""]
    assert "datum-two" in codes(parsed(tmp_path, "name,lng_gcj02,lat_bd09\n甲,106.65,29.03\n"))


def test_a_number_brings_its_qualifier_and_unit(tmp_path: Path) -> None:
    frame = parsed(tmp_path, "指标,数值,单位\n总产值,约68亿元,\n企业,79,家\n", table="indicators").frame
    assert list(frame["value"]) == [6.8e9, 79.0]
    assert list(frame["qualifier"]) == ["about", ""]
    assert list(frame["unit"]) == ["元", "家"]


def test_dates_in_order(tmp_path: Path) -> None:
    assert codes(parsed(tmp_path, "name,start,end\n甲,2021,2020\n乙,2020-05,2020\n")) == ["date-backwards"]


def test_slugs_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = ["綦江工业园区,甲地", "綦江工业园区,乙地", "3D建筑打印,", "🙂,"]
    one = parsed(tmp_path, "name,address\n" + "\n".join(rows) + "\n").frame
    other = parsed(tmp_path, "name,address\n" + "\n".join(reversed(rows)) + "\n").frame
    assert dict(zip(one["address"] + one["name"], one["id"], strict=True)) == dict(
        zip(other["address"] + other["name"], other["id"], strict=True)
    )
    assert one["id"][2] == "3d-jianzhudayin"
    assert one["id"].is_unique
    assert all(generate_ids.ID.fullmatch(own) for own in one["id"])


def test_slugs_avoid_what_is_taken(tmp_path: Path) -> None:
    tf = read(tmp_path, "name\n綦江\n")
    assert parse(tf).frame["id"][0] == "qijiang"
    assert parse(tf, taken={"qijiang"}).frame["id"][0].startswith("qijiang-")


def test_ids_have_a_form(tmp_path: Path) -> None:
    result = parsed(tmp_path, "id,name\nA-1,甲\n甲,乙\na b,丙\n")
    assert sorted(codes(result)) == ["id-form", "id-form", "id-lowered"]
    assert result.frame["id"][0] == "a-1"


@pytest.mark.parametrize(("at", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_a_column_number_has_its_spreadsheet_letters(at: int, letters: str) -> None:
    assert column_letter(at) == letters


def test_a_number_that_is_in_another_unit_than_its_row_is_a_fault(tmp_path: Path) -> None:
    result = parsed(
        tmp_path,
        "主体,名称,数值,单位\na,甲,5 至 8,家\na,乙,12 户,家\na,丙,5万人,万人\na,丁,12 家,\n",
        table="indicators",
    )
    assert [(fault.row, fault.code) for fault in result.faults if fault.column == "数值"] == [
        (2, "number-form"),
        (3, "number-unit"),
    ]
    assert result.frame["value"].tolist()[2:] == [5.0, 12.0]
    assert result.frame["unit"].tolist()[2:] == ["万人", "家"]


def test_years_that_cannot_be_meant_are_one_warning(tmp_path: Path) -> None:
    result = parsed(tmp_path, "名称,开始日期\n甲,1021-09-09\n乙,0020-09-09\n丙,2202-09\n丁,1600\n戊,2100-12-31\n")
    (fault,) = [fault for fault in result.faults if fault.code == "date-odd-year"]
    assert (fault.severity, fault.params["rows"]) == ("warning", [2, 3, 4])
    assert result.bad_rows == frozenset()


@pytest.mark.parametrize("sign", ["\x01", "\ufffe", "\uffff", "\ufdd0", "\U0001ffff", "\ufffd"])
def test_no_column_nor_header_holds_what_no_text_may_hold(tmp_path: Path, sign: str) -> None:
    result = parsed(tmp_path, f"名称,电话,备注\n甲,1{sign}2,好\n乙,12,好\n")
    assert [(fault.row, fault.column) for fault in result.faults if fault.code in ("text-control", "text-broken")] == [
        (2, "电话")
    ]
    assert result.bad_rows == {2}
    assert parsed(tmp_path, f"名称,电{sign}话\n甲,12\n").bad_rows == {2}
