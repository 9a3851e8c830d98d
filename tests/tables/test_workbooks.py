"""Workbooks: what they show, what they hide, what they cannot be."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from qjmap.errors import UsageError
from qjmap.tables import ROW, read_table
from tests.tables.helpers import SITES, read


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["本表由办公室填写"])
    sheet = book.create_sheet("企业")
    sheet.append(["綦江区企业名单"])
    sheet.merge_cells("A1:D1")
    sheet.append(["名称", "类别", "成立日期", "经度", "纬度", "人数", "邮编"])
    sheet.append(["甲公司", "企业", pd.Timestamp("2020-09-09").to_pydatetime(), 106.65, 29.03, 120, "040142"])
    sheet.append(["乙公司", None, None, None, None, 7.5, None])
    sheet["B3"], sheet["B4"] = "企业", None
    sheet.merge_cells("B3:B4")
    path = tmp_path / "名单 1.xlsx"
    book.save(path)
    tf = read_table(path, SITES, shown="名单 1.xlsx")
    frame = tf.frame
    assert tf.sheet == "企业"
    assert list(frame["name"]) == ["甲公司", "乙公司"]
    assert list(frame["category"]) == ["企业", "企业"]
    assert frame["start"][0] == "2020-09-09"
    assert list(frame["人数"]) == ["120", "7.5"]
    assert frame["邮编"][0] == "040142"
    assert list(frame[ROW]) == [3, 4]
    assert {"note-sheet", "note-above"} <= {note.key for note in tf.notes}
    with pytest.raises(UsageError) as caught:
        read_table(path, SITES, sheet="没有")
    assert "企业" in caught.value.line("zh")


def test_what_a_workbook_shows_and_hides(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["名称", "邮编", "经度", "说明"])
    sheet.append(["甲", 40142, "=1+1", "#N/A"])
    sheet["B2"].number_format = "000000"
    sheet.append(["乙", 401420, 106.65, "好"])
    sheet.append(["#REF!"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    tf = read_table(path, SITES, shown="a.xlsx")
    assert list(tf.frame["邮编"]) == ["040142", "401420", ""]
    assert {(fault.code, fault.row) for fault in tf.faults} == {
        ("zeros-restored", None), ("formula-unsaved", 2), ("cell-error", 2), ("cell-error", 4),
    }  # fmt: skip


def test_a_workbook_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, b"PK\x03\x04rubbish", "a.xlsx")
    assert caught.value.code == "file-unreadable"
