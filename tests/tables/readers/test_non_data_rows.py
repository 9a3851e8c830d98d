"""Rows that are no data, and rows that only look so."""

from __future__ import annotations

import pytest

from qjmap.tables.readers.find_header_row import rows_to_grid
from tests.tables.helpers import SITES

_KEYS = {
    "note-totals": "total",
    "note-sections": "section",
    "note-notes": "note",
    "note-headers-again": "header",
    "note-units": "units",
    "note-column-numbers": "numbers",
    "note-counters": "counter",
}


def passed(text: str) -> dict[int, str]:
    """Row number -> kind of the rows of a table that were passed over."""
    grid = rows_to_grid([line.split(",") for line in text.strip("\n").split("\n")], SITES, shown="a")
    return {
        row: _KEYS[note.key]
        for note in grid.notes
        if note.key in _KEYS
        for row in note.params["rows"]  # type: ignore[attr-defined]
    }


def test_units_go_to_their_headers() -> None:
    rows = [["名称", "投资", "面积（亩）"], ["", "万元", "公顷"], ["甲", "5", "6"]]
    assert rows_to_grid(rows, SITES, shown="a").header == ["名称", "投资（万元）", "面积（亩）"]


@pytest.mark.parametrize(
    "text",
    [
        "名称\n一、甲厂\n二、乙厂\n工业企业：\n",
        "名称,类别\n一、甲厂,\n二、乙厂,\n三、丙厂,\n",
        "名称,经度,纬度\n合计,106.65,29.03\n注：甲,106.66,29.04\n一、井,106.67,29.05\n",
        "名称,错误\n合计,上次的错误\n注：甲,\n一、工业,\n",
        "id,名称,类别\ntotal,Total,\nnote,注：甲,\n",
    ],
)
def test_rows_of_data_stay(text: str) -> None:
    assert passed(text) == {}


def test_sections_totals_and_the_header_again() -> None:
    text = "名称,类别,地址\n一、工业企业,,\n甲,企业,某路\n小计,1家,\n二、物流企业,,\n乙,企业,某路\n名称,类别,地址\n丙,企业,某路\n合  计：,3家,"
    assert passed(text) == {2: "section", 4: "total", 5: "section", 7: "header", 9: "total"}


def test_headings_with_their_number_in_a_column_of_its_own() -> None:
    text = "序号,名称,数量\n一,工业企业,12\n1,甲,5\n2,乙,7\n二,物流企业,\n1,丙,5\n,合计,17\n3,,"
    assert passed(text) == {2: "section", 5: "section", 7: "total", 8: "counter"}
    assert passed("序号,名称,数量\n一,甲,12\n二,乙,5\n三,丙,7\n") == {}


def test_numbered_lines_after_a_note_are_notes() -> None:
    text = "名称,类别,地址\n甲,企业,某路\n注：1. 含分公司,,\n2. 停产的没有列入,,\n3、其他,,\n"
    assert passed(text) == {3: "note", 4: "note", 5: "note"}
