"""The visible worksheets of a workbook, and what their names mean."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from qjmap.tables.readers.sheets import Sheet, sheets_of, table_of_name


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("企业名单", "sites"),
        ("2023年重点企业", "sites"),
        ("设施与机构", "sites"),
        ("合作企业", "sites"),
        ("企业合作协议", "partnerships"),
        ("签约项目", "partnerships"),
        ("物流通道", "corridors"),
        ("通道分段", "corridor_legs"),
        ("地点", "places"),
        ("经济指标", "indicators"),
        ("数据", "indicators"),
        ("企业数据", "sites"),
        ("资料来源", "sources"),
        ("Sites (2)", "sites"),
        ("Key Agreements", "partnerships"),
        ("corridor_legs", "corridor_legs"),
        ("Sheet1", None),
        ("说明", None),
        ("opposites", None),
        ("", None),
    ],
)
def test_the_last_word_that_names_a_table_counts(name: str, table: str | None) -> None:
    assert table_of_name(name) == table


def test_visible_worksheets_with_header_and_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "企业"
    for row in (["一览表"], ["名称", "地址"], ["甲厂", "某路"], [], ["乙厂", "某路"], ["合计", 2]):
        book.active.append(row)
    hidden = book.create_sheet("旧企业")
    hidden.append(["名称"])
    hidden.sheet_state = "hidden"
    signed = book.create_sheet("协议")
    signed.append(["名称", "合作方"])
    book.create_sheet("Sheet3")
    path = tmp_path / "多表.xlsx"
    book.save(path)
    assert sheets_of(path) == [
        Sheet("企业", ("名称", "地址"), 2, "sites"),
        Sheet("协议", ("名称", "合作方"), 0, "partnerships"),
        Sheet("Sheet3", (), 0, None),
    ]


def test_a_file_of_another_kind_has_no_worksheets(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称\n甲厂\n", encoding="utf-8")
    assert sheets_of(path) == []
