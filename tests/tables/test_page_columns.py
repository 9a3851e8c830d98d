"""The package and the page take the same columns of a file for the same columns of a table."""

from __future__ import annotations

import random
from typing import Any

import pytest

from qjmap.grammar import grammar
from qjmap.schema import TABLES
from qjmap.tables.arrange_columns import choose
from qjmap.tables.readers.grid import Grid
from tests.tables.page_reader import run_page_reader

_HEADS = (
    "序号", "No.", "列1", "编号", "id", "代码", "名称", "医院名称", "企业名称（中文）", "station_name", "StationName",
    "文件名", "联系人姓名", "单位", "单位名称", "简称", "英文名称", "甲方", "乙方", "丙方", "合作方", "经度", "纬度",
    "x", "y", "X坐标", "lng", "lat", "lon_gcj02", "lat_gcj02", "百度经度", "百度纬度", "经度（WGS84）",
    "纬度（WGS84）", "起点经度", "起点纬度", "经纬度", "坐标", "location", "gps", "wkt", "geom", "经度度", "经度分",
    "经度秒", "纬度度", "纬度分", "纬度秒", "lon_d", "lon_m", "lat_d", "lat_m", "地址", "详细地址", "注册地址",
    "邮箱地址", "所在地", "所属区县", "省", "市", "镇街", "cityname", "区域", "area", "面积", "State", "state",
    "状态", "项目状态", "type", "类型", "行业类别", "Category", "级别", "日期", "开工时间", "签约日期", "成立时间",
    "建成年份", "year", "备注", "简介", "note", "投资额", "总投资（万元）", "投资额万元", "金额", "联系电话", "电话",
    "网址", "官网", "链接", "来源", "数据来源", "运营单位", "法人", "坐标系", "精度", "数值", "指标名称", "时期",
    "标题", "发布单位", "起点", "终点", "方式", "里程（公里）", "所属部门", "名稱", "經度", "緯度", "설립일",
    "병원명", "위도", "경도", "所在地1", "名称2", " 名 称 ", "Straße", "Name der Schule", "poi_name",
)  # fmt: skip
_NAMES = (
    "綦江齿轮厂",
    "重庆松藻煤电公司",
    "永新镇卫生院",
    "Hill Station",
    "第一人民医院",
    "篆塘粮库",
    "北渡铝产业园",
    "赶水物流园",
)
_CELLS: tuple[tuple[str, ...], ...] = (
    _NAMES, _NAMES, ("106.65", "106.7123", "106.5", "105.99"), ("29.03", "28.99", "29.5", "30.001"),
    ("106.65,29.03", "106.7,29.1"), ("29.03,106.65", "28.9,106.7"), ("106°39′12″", "106°40′"),
    ("北纬29度1分", "29°2′N"), ("POINT(106.65 29.03)", "POINT (106.7 29.1)"),
    ("POLYGON((1 2,3 4,5 6,1 2))", "MULTIPOLYGON(((1 2,3 4,5 6,1 2)))"), ("106", "105"), ("39", "12", "59"),
    ("1", "2", "3"), ("36512345.6", "36512000"), ("3211234.5", "3211000"), ("企业", "物流园", "产业园区"),
    ("公司企业;公司", "医疗保健服务;医院"), ("运营", "在建", "已建成"), ("CA", "NY", "TX"),
    ("重庆市綦江区古南街道百步梯12号", "綦江区通惠大道1号"), ("中山路8号", "Main Street 5"),
    ("綦江区", "江津区", "永川区"), ("重庆市", "四川省"), ("永新镇", "三角镇"), ("2020-01-05", "2021年3月"),
    ("2020", "2019"), ("待定", "去年"), ("1200", "3.5亿元", "约500万"), ("023-48661234", "13912345678"),
    ("http://a.example/b", "www.example.cn/x"), ("张三", "李四"), ("A001", "B-17"), ("gcj02", "wgs84"), ("", ""),
    ("是", "否"), ("很长的说明文字" * 12, "说明"), ("1e999", "nan", "inf"), ("１０６．６", "１０７．２"),
    ("a@b.cn", "c@d.cn"), ("works|park", "甲公司、乙公司"), ("works:业主", "park:运营方"), ("5½", "m²"),
    ("20.3%", "5%"),
)  # fmt: skip


_THEMES = (
    ("经度", "纬度"), ("lon", "lat"), ("lon_gcj02", "lat_gcj02"), ("百度经度", "百度纬度"),
    ("经度（WGS84）", "纬度（WGS84）"), ("经度2", "纬度2"), ("经度度", "经度分", "纬度度", "纬度分", "纬度秒"),
    ("lon_d", "lon_m", "lat_d", "lat_m"), ("甲方", "乙方"), ("甲方单位", "乙方单位", "丙方"), ("名称",),
    ("企业名称",), ("名称", "单位名称"), ("省", "市", "区县"),
)  # fmt: skip
"""Headers that stand together."""
_APT: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = (
    (("名", "单位", "name", "Name", "称", "標", "简称", "方", "단", "명"), (0,)),
    (("经度", "lon", "lng", "x", "X", "經", "경도"), (2,)),
    (("纬度", "lat", "y", "Y", "緯", "위도"), (3,)),
    (("坐标", "经纬度", "location", "gps", "wkt", "geom"), (4, 5, 8)),
    (("度", "_d"), (10,)),
    (("分", "秒", "_m"), (11,)),
    (("日期", "时间", "year", "일"), (25, 26)),
    (("址", "Straße"), (19, 20)),
    (("区", "省", "市", "镇", "area", "city", "所在地", "ate"), (21, 22, 23)),
    (("类", "type", "Category", "级"), (15, 16)),
    (("投资", "金额", "数值", "里程"), (28,)),
)
"""Parts of headers -> indexes in `_CELLS` of what usually stands beneath them."""


def _column(draw: random.Random, rows: int, head: str) -> list[str]:
    if draw.random() < (0.7 if head in ("序号", "No.", "列1", "编号") else 0.05):
        return [str(number) for number in range(1, rows + 1)]
    kinds = draw.choices(_CELLS, k=1 if draw.random() < 0.8 else 2)
    apt = next((indexes for parts, indexes in _APT if any(part in head for part in parts)), ())
    if apt and draw.random() < 0.75:
        kinds[0] = _CELLS[draw.choice(apt)]
    cells = [draw.choice(draw.choice(kinds)) for _ in range(rows)]
    if kinds[0] is _NAMES and draw.random() < 0.7:
        cells = [f"{cell}{number}" if draw.random() < 0.9 else cell for number, cell in enumerate(cells)]
    return ["" if draw.random() < 0.08 else cell for cell in cells]


def _table(draw: random.Random, listed: dict[str, list[str]]) -> dict[str, Any]:
    table = draw.choice(("sites", "sites", "sites", "places", "partnerships", "indicators", "sources", "corridor_legs"))
    heads = [
        draw.choice(listed[table]) if draw.random() < 0.3 else draw.choice(_HEADS) for _ in range(draw.randint(1, 8))
    ]
    for theme in _THEMES:
        if draw.random() < 0.12:
            heads += theme
    draw.shuffle(heads)
    rows = draw.randint(1, 8)
    columns = [_column(draw, rows, head) for head in heads]
    return {
        "table": table, "header": heads, "rows": [*map(list, zip(*columns, strict=True))],
        "headerRow": 0 if draw.random() < 0.15 else 1,
    }  # fmt: skip


def _listed() -> dict[str, list[str]]:
    """Words of the grammar for the headers of each table: canonical, synonyms, endings of families."""
    words = {}
    for name, table in TABLES.items():
        families = [
            f"{draw_head}{tail}"
            for family in grammar("headers")["families"]
            if name in family.get("tables", (name,))
            for draw_head in family.get("after", ("", "本项目"))[:3]
            for tail in family["tails"]
        ]
        words[name] = [*table.names, *(header for column in table.columns for header in column.headers), *families]
    return words


def _program(grid: dict[str, Any]) -> dict[str, Any]:
    numbers = [*range(2, len(grid["rows"]) + 2)]
    choice = choose(Grid(grid["header"], grid["rows"], numbers, header_row=grid["headerRow"]), TABLES[grid["table"]])
    return {
        "columns": sorted([at, name] for at, name in choice.columns.items()),
        "degrees": {name: [*parts] for name, parts in choice.degrees.items()},
        "parties": [*choice.parties],
        "dropped": sorted(choice.dropped),
        "why": choice.name_why,
        "beside": sorted([at, other] for at, other in choice.beside.items()),
        "unfit": sorted([at, *why] for at, why in choice.unfit.items()),
        "twice": [[*pair] for pair in choice.twice],
        "shapes": [*choice.shapes],
        "matches": [
            [match.column, match.datum, match.unit, int(match.rank)] for _, match in sorted(choice.matches.items())
        ],
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_both_take_the_same_columns(seed: int) -> None:
    draw, listed = random.Random(seed), _listed()
    grids = [_table(draw, listed) for _ in range(1500)]
    page = run_page_reader(
        """const pairs = (map) => Array.from(map).sort((a, b) => a[0] - b[0]);
        return given.map((grid) => {
          const choice = E.chooseColumns({ ...grid, numbers: [], faults: [], notes: [] }, E.program.tables[grid.table], []);
          const { degrees, parties, twice, shapes, nameWhy } = choice;
          return {
            columns: pairs(choice.columns), degrees, parties, dropped: Array.from(choice.dropped).sort((a, b) => a - b), why: nameWhy,
            beside: pairs(choice.beside), unfit: pairs(choice.unfit).map(([at, why]) => [at, ...why]), twice, shapes,
            matches: pairs(choice.matches).map(([, match]) => [match.column, match.datum, match.unit, match.rank]),
          };
        });""",
        grids,
    )
    different = [
        (grid["table"], grid["header"], grid["rows"], key, ours[key], theirs[key])
        for grid, ours, theirs in zip(grids, map(_program, grids), page, strict=True)
        for key in ours
        if ours[key] != theirs[key]
    ]
    assert different == [], f"{len(different)}: {different[:3]}"
