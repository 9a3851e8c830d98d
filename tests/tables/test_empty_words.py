"""Words and marks for empty cells: taken as empty where they can mean nothing else, kept where they are text."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.tables import parse
from tests.tables.helpers import read, rows_only

TABLE = """名称,类别,地址,经度,纬度,坐标系,成立日期,网址,说明,状态,精度,所在地,电话
甲厂,企业,无,无,无,—,待定,无,无,-,不详,/,-
乙厂,—,/,N/A,N/A,,不详,-,-,未知,,暂无,无
丙厂,企业,某路,106.65,29.03,wgs84,2020,https://a.example.cn,好,运营,,,1
"""


@pytest.mark.parametrize("through_arrow", [True, False])
def test_typed_columns_are_empty_and_texts_as_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, through_arrow: bool
) -> None:
    if not through_arrow:
        rows_only(monkeypatch)
    tf = read(tmp_path, TABLE)
    result = parse(tf)
    frame = result.frame
    assert [fault for fault in result.faults if fault.severity == "fault"] == []
    assert list(frame["lon"].isna()) == [True, True, False]
    assert list(frame["orig_lon"]) == ["", "", "106.65"]
    for column, cells in {
        "address": ["", "", "某路"],
        "start": ["", "", "2020"],
        "url": ["", "", "https://a.example.cn"],
        "datum": ["", "", "wgs84"],
        "category": ["enterprise", "", "enterprise"],
        "status": ["", "", "operating"],
        "place": ["", "", ""],
        "description": ["无", "-", "好"],
        "precision": ["unresolved", "", ""],
        "电话": ["-", "无", "1"],
    }.items():
        assert list(frame[column]) == cells, column
    [note] = [note for note in tf.notes if note.key == "note-empty-words"]
    assert note.params["count"] == 16
    assert note.params["columns"] == ["类别", "地址", "经度", "纬度", "坐标系", "成立日期", "网址", "状态", "所在地"]


def test_pairs_of_coordinates_lists_and_ids(tmp_path: Path) -> None:
    result = parse(read(tmp_path, 'id,名称,坐标,别名,属于\n-,甲厂,无,无,—\nna,乙厂,"106.65,29.03",乙,na\n'))
    assert [fault for fault in result.faults if fault.severity == "fault"] == []
    frame = result.frame
    assert list(frame["id"]) == ["jiachang", "na"]
    assert list(frame["aliases"]) == [(), ("乙",)]
    assert list(frame["part_of"]) == [(), ()]


def test_a_name_of_marks_is_no_name(tmp_path: Path) -> None:
    result = parse(read(tmp_path, "名称,类别\n-,企业\n无,企业\n"))
    assert [(fault.code, fault.row) for fault in result.faults] == [("name-missing", 2)]
    assert list(result.frame["name"]) == ["", "无"]
