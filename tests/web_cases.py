"""Write the results of the Python code on cells, headers, files and tables as JSON, with which the unit tests of the page's scripts compare.

python -m tests.web_cases FOLDER
"""

from __future__ import annotations

import base64
import csv
import io
import json
import random
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from qjmap import datum
from qjmap.edit.apply_changes import apply_changes
from qjmap.edit.change_file import ChangeFile, RowChange
from qjmap.model.point_layers import axes_of
from qjmap.page import import_worker
from qjmap.payload import Block
from qjmap.schema import TABLES, fold_value
from qjmap.tables import angles, cell_values, dates, headers, numbers
from qjmap.tables.arrange_columns import arrange
from qjmap.tables.readers.choose_reader import read_grid
from qjmap.tables.readers.delimited import unguarded
from tests.edit.changes import NAMES, WORDS, random_changes, random_table
from tests.grammar.reading import rules as grammar_rules
from tests.tables.reading_cases import cases
from tests.validation.test_check_project import made

_NUMBERS = [
    "12", "-3.5", "1,234.5", "1 234", "１２３", "1e3", ".5", "5余万元", "约3亿元", "超过100万", "12 mm", "5 km", "3k", "¥500", "美元5万",
    "rmb 20", "10亿元以上", "至少 7", "12-15", "1,5", "1,500", "abc", "", "12%", "3.25万亩", "千", "2 billion", "5 m", "≥8", "~9", "--1", "1.2.3",
    "6 吨", "2020年", "300,00", "5M CNY", "5bn yuan", "5 m yuan", "5MW", "5k usd", "不足5000元", "5多万", "￥1，000",
    "3.5萬", "約3億元", "3.5人", "3.5萬人", "3.5万人", "人民幣5萬", "5百萬元以內",
]  # fmt: skip
_DATES = [
    "2020", "2020-9", "2020-09-09", "2020/9/9", "2020.9.9", "20200909", "202009", "2020年9月", "2020年9月9日", "二〇二〇年九月", "44000", "44000.5",
    "9 Sep 2020", "Sep 9, 2020", "September 2020", "13/12/2020", "12/13/2020", "1/2/2020", "2020-13", "2020-02-30", "去年", "", "2020-09-09 12:30",
    "2020年底", "1/1/2020", "2020-00",
]  # fmt: skip
_ANGLES = [
    "106.65", "-29.5", "106°39′", "106°39′12.5″", "106:39:12", "N29.03", "29.03N", "东经106.65", "北纬29°1′48″", "E 106 39 12", "经度: 106.65",
    "29.5 30", "106°61′", "S29", "west 12", "106度39分", "", "abc", "29,03", "106°39'12\"E", "lat=29.03", "+7", "-33.9°S", "-33.9°N", "西经-70",
    "经度106.65", "纬度：29°1′48″N", "lon 29N", "LATITUDE 29.03S",
]  # fmt: skip
_PAIRS = [
    "106.65,29.03", "29.03,106.65", "29.03N 106.65E", "POINT(106.65 29.03)", "SRID=4326;POINT Z (106.65 29.03 5)", "(106.65；29.03)",
    "北纬29.03 东经106.65", "106.65", "经度106.65，纬度29.03", "纬度：51.4，经度：6.7", "lat:51.4,lng:6.7", "纬度1，纬度2",
    "29 1 48 106 39 12", "a,b", "29.03/106.65", "【106.65，29.03】",
    "point z (106.65 29.03 5)", "POINT ZM(106.65 29.03 5 1)", "MULTIPOINT ((106.65 29.03))", "MULTIPOINT(106.65 29.03)", "MULTIPOINT((1 2),(3 4))",
    "SRID=4326; POINT(-70.5 -33)", "POINT EMPTY", "POINT(106°39′ 29°1′48″)", '{"type":"Point","coordinates":[106.65,29.03]}',
    '{ "coordinates": [106.65, 29.03, 3], "type": "Point" }', '{"type":"LineString","coordinates":[[1,2],[3,4]]}',
    *(shapely.to_wkb(shapely.from_wkt(wkt), hex=True, **kind)
      for wkt in ("POINT (106.65 29.03)", "POINT Z (-106.1 1e-5 3)", "POINT EMPTY", "LINESTRING (1 2, 3 4)")
      for kind in ({}, {"byte_order": 0}, {"flavor": "iso"})),
    shapely.to_wkb(shapely.set_srid(shapely.Point(106.65, 29.03), 4326), hex=True, include_srid=True),
    "0101000000", "POINT(1e2 -2.5e+1)", "POINT(29.03 106.65)", "010100000000000000000000F07F000000000000F07F",
]  # fmt: skip
_URLS = ["https://a.example/b", "http://例子.中国/", "a.example", "javascript:alert(1)", "", "ftp://x", "https://a b"]
_LISTS = ["a|b", "a、b；c", "a｜b|a", " a ; b ", "", "甲"]
_ROLES = ["a:developer", "a:developer|b:host", "a:业主", "a", "a:b:c", ":x"]
_POINTS = [(106.65, 29.03), (116.4, 39.9), (103.8, 1.35), (-73.9, 40.7), (72.5, 20.0), (100.0, 15.0)]


def _answer(read: Callable[[str], Any], text: str) -> Any:
    """Return the result of a reader for a text: {"value": ...}, or {"code": ...} of the fault."""
    try:
        return {"value": read(text)}
    except cell_values.CellError as error:
        return {"code": error.code}


def _angle(text: str) -> Any:
    found = angles.read_angle(text)
    return None if found is None else [found.degrees, found.axis]


def cell_cases() -> dict[str, list[Any]]:
    """Return name of a reader -> [text, result] of each text."""
    readers: dict[str, tuple[Callable[[str], Any], list[str]]] = {
        "number": (numbers.read_number, _NUMBERS),
        "money": (lambda text: numbers.read_number(text, money=True), _NUMBERS),
        "wan": (lambda text: numbers.read_number(text, money=True, header_unit="万元"), _NUMBERS),
        **{
            f"header {unit}": (partial(numbers.read_number, header_unit=unit), _NUMBERS)
            for unit in ("万人", "萬人", "单位：万人", "單位：萬人", "單位 万人", "億", "百分點", "家")
        },
        **{f"row {unit}": (partial(numbers.read_number, row_unit=unit), _NUMBERS) for unit in ("万人", "萬人", "人")},
        "date": (dates.read_date, _DATES),
        "angle": (_angle, _ANGLES),
        "pair": (angles.read_pair, _PAIRS),
        "url": (cell_values.read_url, _URLS),
        "list": (cell_values.read_list, _LISTS),
        "roles": (cell_values.read_roles, _ROLES),
        "fold": (fold_value, [*_NUMBERS, *_DATES, "ＡＢＣ", "重慶", "Straße", "-", "甲 乙"]),
        "status": (
            lambda text: cell_values.read_vocab(text, "status"),
            ["operating", "已投产", "在建", "Planned", "whatever", "规划"],
        ),
    }
    return {name: [[text, _answer(read, text)] for text in texts] for name, (read, texts) in readers.items()}


def header_cases() -> list[Any]:
    """Return [table, header as typed, its meaning] for each header."""
    typed = [
        *(name for table in TABLES.values() for column in table.columns for name in (column.name, *column.headers)),
        *(f"{name}{tail}" for name, tail in product(("经度", "lng", "纬度", "lat"), ("（GCJ-02）", "_bd09", "(WGS84)", "高德"))),
        "投资额（万元）", "高德经度", "百度lat", "WGS84 lon", "坐标", "经纬度", "没有这一列", "纬度,经度", "经度、纬度", "纬经度",
        "项目经度/纬度", "Latitude and Longitude", "lat & lng", "备注(内部)", "",
    ]  # fmt: skip
    out = []
    for table in TABLES.values():
        for name in dict.fromkeys(typed):
            found = headers.parse_header(name, table)
            out.append([table.name, name, [found.column, found.datum, found.unit]])
    return out


def table_cases(folder: Path) -> list[Any]:
    """Return files with their rows arranged by the columns of the table, before cells are parsed."""
    out = []
    for number, case in enumerate(cases()):
        file = folder / f"{number}.csv"
        file.write_bytes(case.data)
        table = TABLES[case.table]
        frame = arrange(read_grid(file, table, shown=file.name), table, file.name, case.datum or "")
        given = {name: [str(cell) for cell in frame.frame[name]] for name in frame.typed if name in frame.frame}
        data = base64.b64encode(case.data).decode("ascii")
        rows = [int(row) for row in frame.frame["_row"]]
        out.append(
            {
                "name": case.name,
                "data": data,
                "table": case.table,
                "datum": case.datum or "",
                "rows": rows,
                "columns": given,
            }
        )
    return out


def block_cases() -> list[Any]:
    """Return blocks with their values by column."""
    rows = 60
    names = [f"名{row} 😀 {'x' * (row % 7)}" for row in range(rows)]
    kinds = [["park", "port", ""][row % 3] for row in range(rows)]
    counts = [(row * 7919) % 1000 - 500 for row in range(rows)]
    block = Block(rows)
    block.json("name", names)
    block.dictionary("kind", kinds)
    block.integers("count", counts)
    block.integers("grown", counts, delta=True)
    block.int32("plane", counts, delta=True)
    points = shapely.points(np.linspace(100, 110, rows), np.linspace(20, 30, rows))
    block.positions(axes_of(points))
    columns = {"name": names, "kind": kinds, "count": counts, "grown": counts, "plane": counts}
    return [
        {"text": block.text(), "rows": rows, "columns": columns, "points": shapely.get_coordinates(points).tolist()}
    ]


def datum_cases() -> list[Any]:
    """Return [datum, point, point in WGS 84, point converted back] for each case."""
    out = []
    for name, (lon, lat) in product(("wgs84", "cgcs2000", "gcj02", "bd09"), _POINTS):
        there = datum.to_wgs84([lon], [lat], name)
        back = datum.from_wgs84([lon], [lat], name)
        out.append([name, [lon, lat], [float(axis[0]) for axis in there], [float(axis[0]) for axis in back]])
    return out


def patch_cases(folder: Path) -> list[Any]:
    """Return 12 tables with 85 random changes of their rows each, and the tables that `qjmap apply` makes of them."""
    out = []
    columns = ["address", "operator", "手机"]
    for seed in range(12):
        rng = random.Random(f"patch {seed}")
        rows = [
            {"id": f"r{number}", "name": f"重庆机械设备有限公司{rng.choice(NAMES)}", "place": "qijiang"}
            | {name: rng.choice(WORDS) for name in columns}
            for number in range(rng.randrange(3, 20))
        ]
        project = made(folder / f"patch-{seed}")
        text, encoding, delimiter = random_table(rng, rows, columns)
        path = project.table_path("sites")
        path.write_bytes(before := text.encode(encoding))
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        typed = [dict(zip(["id", "name", "place", *columns], unguarded(cells), strict=True)) for cells in reader][1:]
        changes = random_changes(rng, typed, 85, [*columns, "description"])
        apply_changes(project, ChangeFile("c.json", "", tuple(
            RowChange(number, one["op"], "sites", one["id"], one.get("old", {}), one.get("new", {}))
            for number, one in enumerate(changes, 1)
        )))  # fmt: skip
        sides = {"before": before, "after": path.read_bytes()}
        out.append({"changes": changes} | {name: base64.b64encode(data).decode() for name, data in sides.items()})
    return out


def write_cases(folder: Path) -> None:
    """Write the cases of every kind into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as files:
        made: dict[str, Any] = {
            "program": import_worker.program_data(),
            "readings": import_worker.readings(),
            "cells": cell_cases(),
            "grammar": [vars(rule) for rule in grammar_rules()],
            "headers": header_cases(),
            "tables": table_cases(Path(files)),
            "patches": patch_cases(Path(files)),
            "blocks": block_cases(),
            "datums": datum_cases(),
        }
    for name, value in made.items():
        (folder / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    write_cases(Path(sys.argv[1]))
