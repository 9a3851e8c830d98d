"""Which columns of a file are which of its table: headers and contents together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.schema import TABLES
from qjmap.tables.choose_columns import Choice, choose_columns
from qjmap.tables.column_samples import SAMPLE_CELLS, sample_of
from qjmap.tables.headers import area_level
from qjmap.tables.parse_table import read_table
from qjmap.tables.partitions import read_partition, split_file

NAMES = ("甲厂", "乙厂", "丙厂")


def chosen(columns: dict[str, Sequence[str]], table: str = "sites", *, headless: bool = False) -> Choice:
    samples = [sample_of(cells) for cells in columns.values()]
    return choose_columns(list(columns), samples, TABLES[table], headless=headless)


def found(columns: dict[str, Sequence[str]], table: str = "sites") -> dict[str, str]:
    """Header -> column of the table."""
    heads = list(columns)
    return {heads[at]: name for at, name in sorted(chosen(columns, table).columns.items())}


def test_figures_side_by_side_are_told() -> None:
    columns = {"指标": ("GDP", "人口"), "2019年": ("500", "80"), "2020": ("520", "79"), "备注": ("初步", "")}
    assert chosen(columns, "indicators").spread == (1, 2)
    assert chosen({**columns, "数值": ("1", "2")}, "indicators").spread == ()
    assert chosen(columns, "sites").spread == ()


@pytest.mark.parametrize(
    ("head", "cells", "column"),
    [
        ("state", ("CQ", "SC", "CQ"), None),
        ("state", ("operating", "planned", "CQ"), "status"),
        ("area", ("794.7", "933.3", "5"), None),
        ("area", ("綦江区", "万盛", "綦江区"), "place"),
        ("日期", ("2020-09", "2021", "待定"), "start"),
        ("日期", ("周一", "周二", "2021"), None),
        ("type", ("route", "halt", "route"), "category"),
        ("type", ("1", "2", "3"), None),
        ("class", ("A1; B2", "学校", "医院"), "category"),
        ("location", ("106.65,29.03", "106.66,29.04", ""), "lonlat"),
        ("location", ("重庆市綦江区古南街道1号", "重庆市綦江区", ""), "address"),
        ("所在地", ("東京都江東区有明3-11-1", "横浜市中区海岸通1-1-4", ""), "address"),
        ("所在地", ("綦江区", "自贡市", ""), "place"),
        ("link", ("www.example.cn", "https://example.org/a", ""), "url"),
        ("link", ("见附件", "无附件", "见附件"), None),
        ("WKT", ("POINT (106.65 29.03)", "POINT (106.66 29.04)", ""), "lonlat"),
        ("WKT", ("POINT Z (106.65 29.03 300)", "MULTIPOINT ((106.66 29.04))", "POINT EMPTY"), "lonlat"),
        ("位置", ("经度106.65，纬度29.03", "29°01′48″N，106°39′00″E", "106.65°E 29.03°N"), "lonlat"),
        ("位置", ("E区2栋N座", "东区北楼", ""), "address"),
        ("纬度,经度", ("29.03, 106.65", "29.04, 106.66", ""), "lonlat"),
        ("厂区经度、纬度", ("106.65, 29.03", "106.66, 29.04", ""), "lonlat"),
        ("Latitude & Longitude", ("29.03, 106.65", "29.04, 106.66", ""), "lonlat"),
        ("备注", ("lat:29.03,lng:106.65", "lat:29.04,lng:106.66", "见附件"), "lonlat"),
        ("空间信息", ("POINT (106.65 29.03)", "POINT (106.66 29.04)", ""), "lonlat"),
        ("shape_data", ('{"type":"Point","coordinates":[106.65,29.03]}', "", ""), "lonlat"),
        ("geom", ("0101000000000000000000F03F0000000000000040", "", ""), "lonlat"),
        ("WKT", ("POLYGON ((1 1, 2 2, 3 1, 1 1))", "", ""), None),
        ("开工时间", ("2020年9月", "2021.5", "2022"), "start"),
        ("开工时间", ("第一批", "第二批", "2022"), None),
        ("成立日期", ("不是日期", "也不是", "都不是"), None),
        ("成立日期", ("不是日期", "也不是", "2020"), "start"),
        ("项目进展", ("已投产", "在建", "规划"), "status"),
        ("项目进展", ("完成土地平整", "正在招标", "主体封顶"), "status_note"),
    ],
)
def test_contents_decide_whether_a_header_means_a_column(head: str, cells: Sequence[str], column: str | None) -> None:
    assert found({"名称": NAMES, head: cells}).get(head) == column


def test_a_canonical_header_is_its_column_whatever_it_holds() -> None:
    columns = {"name": NAMES, "status": ("CQ", "SC", "CQ"), "start": ("不是日期", "", ""), "lon": ("x", "y", "z")}
    assert list(found(columns).values()) == ["name", "status", "start", "lon"]


def test_a_column_that_is_not_what_its_header_says_is_named_with_an_example() -> None:
    choice = chosen({"名称": NAMES, "经度": ("东", "西", "南"), "纬度": ("29", "29.1", "29.2")})
    assert choice.unfit == {1: ("lon", "东")}
    assert choice.columns == {0: "name"}


def test_of_several_columns_the_best_fitting_then_the_nearest_then_the_first_is_taken() -> None:
    assert found({"成立日期": ("x", "y", "2020"), "开工时间": ("2020", "2021", "2022"), "名称": NAMES}) == {
        "开工时间": "start", "名称": "name",
    }  # fmt: skip
    assert (
        found({"项目开工时间": ("2020", "2021", ""), "成立日期": ("2020", "2021", ""), "名称": NAMES})["成立日期"]
        == "start"
    )
    choice = chosen({"项目名称": NAMES, "企业名称": NAMES, "单位": ("万元", "亿元", "万元")})
    assert choice.columns == {0: "name"}
    assert choice.beside == {1: 0, 2: 0}


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_datums_the_pair_of_wgs_84_is_taken(turned: bool) -> None:
    pairs = {"wgs84_经度": ("106.65",), "wgs84_纬度": ("29.03",), "gcj02_经度": ("106.653",), "gcj02_纬度": ("29.026",)}
    columns = {"名称": ("甲",), **dict(sorted(pairs.items(), reverse=turned))}
    assert {head: name for head, name in found(columns).items() if head != "名称"} == {
        "wgs84_经度": "lon",
        "wgs84_纬度": "lat",
    }


def test_coordinates_between_which_nothing_decides() -> None:
    columns = {"名称": ("甲",), "A经度": ("106.6",), "A纬度": ("29",), "B经度": ("107",), "B纬度": ("30",)}
    choice = chosen(columns)
    assert (choice.columns[1], choice.columns[2], choice.twice) == ("lon", "lat", ((1, 3), (2, 4)))


def test_a_pair_of_weak_headers_needs_degrees_or_plane_coordinates() -> None:
    assert found({"名称": NAMES, "x": ("106.6", "106.7", ""), "y": ("29", "29.1", "")}).get("x") == "lon"
    assert found({"名称": NAMES, "x": ("500000", "500100", ""), "y": ("3200000", "3200100", "")}).get("y") == "lat"
    assert found({"名称": NAMES, "x": ("大", "小", "大"), "y": ("29", "29.1", "")}) == {"名称": "name"}
    assert found({"名称": NAMES, "x": ("640", "800", "1024"), "y": ("480", "600", "768")}) == {"名称": "name"}


@pytest.mark.parametrize(
    "heads",
    [("经度 度", "经度 分", "经度 秒", "纬度 度", "纬度 分", "纬度 秒"), ("lon_d", "lon_m", "lon_s", "lat_d", "lat_m", "lat_s"),
     ("东经度", "东经分", "东经秒", "北纬度", "北纬分", "北纬秒"), ("经度(度)", "经度(分)", "经度(秒)", "纬度(度)", "纬度(分)", "纬度(秒)")],
)  # fmt: skip
def test_degrees_minutes_and_seconds_in_columns_of_their_own(heads: Sequence[str]) -> None:
    cells = (("106",), ("39",), ("0",), ("29",), ("1",), ("48",))
    assert chosen({"名称": ("甲",), **dict(zip(heads, cells, strict=True))}).degrees == {
        "lon": (1, 2, 3),
        "lat": (4, 5, 6),
    }


def test_the_name_is_found_by_contents_where_no_header_says_it() -> None:
    choice = chosen({"电话": ("023-48600000", "023-48600001", "023-48600002"), "代号": ("QJJ", "NCX", "WSX"), "场馆": NAMES,
                     "备案地": ("綦江", "綦江", "万盛")})  # fmt: skip
    assert (choice.columns, choice.name_why) == ({2: "name"}, "contents")
    assert chosen({"代号": ("QJJ", "NCX", "WSX"), "高度": ("1", "2", "3")}).columns == {}


def test_an_address_stands_in_for_the_name_of_rows_with_coordinates() -> None:
    table = {"Address": ("1 Main Street", "2 Main Street", "3 High Street"), "Latitude": ("48.84", "48.82", "48.9"),
             "Longitude": ("2.22", "2.31", "2.4")}  # fmt: skip
    assert (found(table), chosen(table).name_why) == (
        {"Address": "name", "Latitude": "lat", "Longitude": "lon"},
        "stand-in",
    )
    del table["Latitude"], table["Longitude"]
    assert found(table | {"高度": ("1", "2", "3")}) == {"Address": "address"}


def test_the_only_column_is_the_name_however_long_its_texts() -> None:
    long = [
        f"某市某区教育局直属第{number}幼儿园（{'一二三四五'[number]}分园），由原某厂子弟学校改制而来" * 2
        for number in range(3)
    ]
    assert found({"garden": long}) == {"garden": "name"}
    assert found({"garden": ("1", "2", "3")}) == found({"mail": ("a@b.cn", "b@b.cn", "c@b.cn")}) == {}


def test_numbers_of_lines_and_stations_are_no_addresses() -> None:
    assert found({"班次": ("101路", "102路", "103路"), "时长": ("1", "2", "3")}) == {"班次": "name"}
    assert found({"代称": ("1号充电站", "2号充电站", "3号充电站"), "桩数": ("1", "2", "3")}) == {"代称": "name"}
    assert (
        "name" not in found({"门牌": ("解放路12号", "中山路3号附1号", "古南街道5号"), "桩数": ("1", "2", "3")}).values()
    )


def test_an_area_is_the_place_only_without_coordinates() -> None:
    area = {
        "名称": NAMES,
        "省份": ("重庆市",) * 3,
        "所属区县": ("綦江区", "南川区", "綦江区"),
        "乡镇": ("三江", "东城", "三江"),
    }
    assert found(area).get("所属区县") == "place"
    assert "place" not in found(area | {"经度": ("106.6",) * 3, "纬度": ("29",) * 3}).values()
    assert "所属区县" not in found(area | {"所在园区": ("甲园", "乙园", "甲园")})


def test_parties_in_columns_of_their_own() -> None:
    names = {"协议名称": NAMES, "甲方": ("綦江区",) * 3, "乙方": ("甲", "乙", "丙"), "丙方": ("", "", "丁")}
    assert chosen(names, "partnerships").parties == (1, 2, 3)
    assert chosen({**names, "合作方": ("甲", "乙", "丙")}, "partnerships").parties == ()


def test_running_numbers_are_dropped_and_other_numbers_are_kept() -> None:
    assert chosen({"序号": ("1", "2", "3"), "名称": NAMES}).dropped == {0}
    assert chosen({"序号": ("1", "2", "4"), "名称": NAMES}).dropped == frozenset()
    assert chosen({"层数": ("1", "2", "3"), "名称": NAMES}).dropped == frozenset()
    assert chosen({"id": ("a-1", "b-1", "c-1"), "name": NAMES, "序号": ("1", "2", "3")}).dropped == frozenset()


def test_a_table_without_a_header_is_proposed_from_its_contents() -> None:
    columns = {"列1": ("1", "2"), "列2": ("綦江机场", "南川机场"), "列3": ("QJJ", "NCX"), "列4": ("29.03", "29.16"),
               "列5": ("106.65", "107.1"), "列6": ("重庆市綦江区古南街道1号", "重庆市南川区东城街道2号")}  # fmt: skip
    choice = chosen(columns, headless=True)
    assert choice.columns == {1: "name", 3: "lat", 4: "lon", 5: "address"}


HEADS = (
    "名称",
    "state",
    "经度",
    "纬度",
    "日期",
    "area",
    "地址",
    "x",
    "y",
    "坐标",
    "type",
    "单位",
    "省",
    "区县",
    "甲方",
    "WKT",
    "经度 度",
)
CELLS = ("", "甲厂", "106.65", "29.03", "2020-09", "綦江区", "106.65,29.03", "CQ", "在建", "1", "2", "POINT (1 2)")


@given(
    st.lists(st.sampled_from(HEADS), unique=True),
    st.lists(st.sampled_from(CELLS), min_size=4, max_size=4),
    st.randoms(),
)
def test_no_column_of_the_table_is_given_twice(heads: list[str], cells: list[str], random: object) -> None:
    columns = {head: random.sample(cells, 4) for head in heads}  # type: ignore[attr-defined]
    choice = chosen(columns)
    assert len({*choice.columns.values()}) == len(choice.columns)
    assert not {*choice.columns} & {*choice.beside, *choice.unfit, *choice.dropped}
    assert (
        {"lon", "lat"} <= {*choice.columns.values()}
        or not {"lon", "lat"} & {*choice.columns.values()}
        or len({"经度", "纬度", "x", "y"} & {*heads}) >= 1
    )


@given(st.lists(st.text(max_size=5), max_size=500))
def test_a_sample_is_of_the_first_filled_cells(cells: list[str]) -> None:
    sample = sample_of(cells)
    assert len(sample.texts) <= SAMPLE_CELLS
    assert sample == sample_of(cells[: sample.rows])


@pytest.mark.parametrize(("head", "level"), [("省", "province"), ("所属区县", "county"), ("区（县）", "county"), ("cityname", "city"),
                                             ("乡镇名称", "town"), ("区域", None), ("县级领导", None), ("", None)])  # fmt: skip
def test_levels_of_areas(head: str, level: str | None) -> None:
    assert area_level(head) == level


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_part_of_a_file_has_the_columns_of_the_whole(tmp_path: Path, suffix: str) -> None:
    rows = [
        (f"站点甲{at}", "CQ" if at % 2 else "operating", str(at + 1), "2020" if at < 2_500 else "无", "甲")
        for at in range(5_000)
    ]
    path = tmp_path / f"sites.{suffix}"
    frame = pd.DataFrame(rows, columns=["名称", "state", "序号", "开工时间", "备注"])
    if suffix == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path, row_group_size=500)
    whole = read_table(path, TABLES["sites"], shown="sites")
    parts = [read_partition(part, TABLES["sites"]) for part in split_file(path, "sites", path.stat().st_size // 4)]
    assert len(parts) > 2
    assert {(tuple(part.typed.items()), part.unknown) for part in parts} == {
        (tuple(whole.typed.items()), whole.unknown)
    }
    assert (
        pd.concat([part.frame for part in parts], ignore_index=True).astype(object).equals(whole.frame.astype(object))
    )


def test_labels_of_ours_are_columns_whatever_they_hold(tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(
        "标记,名称,类别,所在地,开始日期,说明,来源\n,甲厂,企业,一号园区,2020,好,s\n,乙厂,企业,,2020,,s\n",
        encoding="utf-8",
    )
    table = read_table(file, TABLES["sites"])
    assert (table.typed["place"], table.typed["description"], table.unknown) == ("所在地", "说明", ())
    file.write_text("名称,说明,甲,乙\n甲厂,12,1,2\n乙厂,13,1,2\n", encoding="utf-8")
    assert "description" not in read_table(file, TABLES["sites"]).typed
