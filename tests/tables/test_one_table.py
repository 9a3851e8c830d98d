"""One table saved in many file formats has the same values."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

import openpyxl
import pytest

from tests.tables.helpers import as_text, parsed
from tests.tables.table_files import MORE_WAYS

WAYS = {
    "utf-8": lambda rows: as_text(rows).encode(),
    "utf-8 with its mark": lambda rows: codecs.BOM_UTF8 + as_text(rows).encode(),
    "gb18030": lambda rows: as_text(rows).encode("gb18030"),
    "gbk, tabs": lambda rows: as_text(rows, "\t").encode("gbk"),
    "big5, traditional": lambda rows: (
        as_text([["名稱", "類別", "經度", "緯度", "說明", "電話"], *rows[1:]]).replace("企业", "企業").encode("big5")
    ),
    "utf-16 le": lambda rows: as_text(rows).encode("utf-16-le"),
    "utf-16 be": lambda rows: as_text(rows).encode("utf-16-be"),
    "utf-16 with its mark, tabs": lambda rows: as_text(rows, "\t").encode("utf-16"),
    "semicolons, CRLF": lambda rows: as_text(rows, ";", "\r\n").encode(),
    "full-width commas, CR": lambda rows: as_text(rows, "，", "\r").encode(),
    "bars": lambda rows: as_text(rows, "|").encode(),
    "titled, with a total and blank rows": lambda rows: ("表一,,\n\n" + as_text(rows) + "\n,,,\n合计,2,\n").encode(),
    "full-width headers and digits": lambda rows: as_text(
        [
            ["名 称", "类别", "经度（°）", "纬度(°)", "说明", "电话"],
            [*rows[1][:2], "１０６．６５", "29.03", *rows[1][4:]],
            *rows[2:],
        ]
    ).encode(),
    "xlsx": lambda rows: workbook(rows),
    **{way: make for way, (_, make) in MORE_WAYS.items()},
}


def workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([float(cell) if cell[:2] in ("10", "29") else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("way", WAYS)
def test_one_table_saved_in_many_ways_means_the_same(tmp_path: Path, way: str) -> None:
    rows = [
        ["名称", "类别", "经度", "纬度", "说明", "电话"],
        ["甲公司", "企业", "106.65", "29.03", "生\n, ; 甲", "023-4860"],
        ["乙中心", "研究院", "106.66", "29.04", "", "023-4861"],
    ]
    result = parsed(tmp_path, WAYS[way](rows), "table.xlsx" if way == "xlsx" else MORE_WAYS.get(way, ("table.csv",))[0])
    frame = result.frame
    assert result.faults == ()
    assert list(frame["name"]) == ["甲公司", "乙中心"]
    assert list(frame["category"]) == ["enterprise", "research-centre"]
    assert list(frame["lon"]) == [106.65, 106.66]
    assert list(frame["lat"]) == [29.03, 29.04]
    assert list(frame["description"]) == ["生\n, ; 甲", ""]
    assert list(frame["id"]) == ["jiagongsi", "yizhongxin"]
