"""Workbooks: what they show, what they hide, what they cannot be."""

from __future__ import annotations

import datetime
import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from qjmap.errors import UsageError
from qjmap.tables import ROW, ods, read_table, xls
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


def test_a_cell_far_outside_the_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称"])
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(UsageError) as caught:
        read_table(tmp_path / "a.xlsx", SITES)
    assert "XFD1048576" in caught.value.line("zh")


# Older kinds of workbook

def an_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for at, head in enumerate(["名称", "邮编", "成立日期", "说明", "状态"]):
        sheet.write(0, at, head)
    six, day = xlwt.easyxf(num_format_str="000000"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, cell in enumerate(["甲", 1234, datetime.date(2020, 9, 9), xlwt.Formula("2*3"), "在建"]):
        sheet.write(1, at, cell, {1: six, 2: day}.get(at, xlwt.Style.default_style))
    for at, cell in enumerate(["乙", "001234", 2020, xlwt.Formula('IF(A1="x",1,"")'), "在建"]):
        sheet.write(2, at, cell)
    sheet.write_merge(3, 4, 0, 0, "丙")
    sheet.write(3, 1, 5)
    sheet.write(4, 3, xlwt.Formula("SUM(B1:B2)"))
    sheet.row(5).set_cell_text(0, "丁")
    sheet.row(5).set_cell_error(3, 0x2A)
    sheet.row(5).set_cell_error(4, 0x17)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def an_ods() -> bytes:
    book = OpenDocumentSpreadsheet()
    table = Table(name="名单")
    book.spreadsheet.addElement(table)

    def cell(value: object = None, kind: Any = TableCell, **more: Any) -> Any:
        if isinstance(value, int | float):
            more = {"valuetype": "float", "value": value} | more
        elif isinstance(value, datetime.date):
            more = {"valuetype": "date", "datevalue": value.isoformat()} | more
        elif value is not None:
            more = {"valuetype": "string"} | more
        shown = more.pop("shown", value)
        made = kind(**more)
        if shown is not None:
            made.addElement(P(text=str(shown)))
        return made

    rows: list[list[Any]] = [
        [cell(head) for head in ("名称", "邮编", "成立日期", "说明", "状态")],
        [cell("甲"), cell(1234, shown="001234"), cell(datetime.date(2020, 9, 9)), cell(formula="of:=2*3"), cell("在建")],
        [cell("乙"), cell("001234"), cell(2020), cell(formula="of:=T(1)", valuetype="string", stringvalue=""), cell("在建")],
        [cell("丙", numberrowsspanned=2, numbercolumnsspanned=1), cell(5)],
        [cell(kind=CoveredTableCell), cell(), cell(), cell(6, formula="of:=SUM([.B1:.B2])")],
        [
            cell("丁"), cell(), cell(), cell("#N/A", formula="of:=NA()"),
            cell("", shown="#REF!", formula="of:=#REF!", stringvalue=""),
        ],
    ]  # fmt: skip
    for row in rows:
        line = TableRow()
        table.addElement(line)
        for one in row:
            line.addElement(one)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "make"), [("a.xls", an_xls), ("a.ods", an_ods)])
def test_older_kinds_of_workbook(tmp_path: Path, name: str, make: Callable[[], bytes]) -> None:
    tf = read(tmp_path, make(), name)
    assert tf.sheet == "名单"
    assert list(tf.frame["name"]) == ["甲", "乙", "丙", "丙", "丁"]
    assert list(tf.frame["邮编"]) == ["001234", "001234", "5", "", ""]
    assert list(tf.frame["start"])[:2] == ["2020-09-09", "2020"]
    found = {(fault.code, fault.row, fault.letter, fault.value) for fault in tf.faults if fault.code != "formula-blank"}
    assert found == {
        ("zeros-restored", None, "B", None), ("formula-unsaved", 2, "D", ""), ("cell-error", 6, "D", "#N/A"), ("cell-error", 6, "E", "#REF!"),
    }  # fmt: skip
    blank = [fault.params["rows"] for fault in tf.faults if fault.code == "formula-blank"]
    assert blank == ([[5]] if name == "a.xls" else [])  # the file does not tell a sum that is empty from one that is not there


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([an_xls, an_ods]), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6))
def test_hints_stumble_over_no_bytes(make: Callable[[], bytes], changes: list[tuple[int, int]]) -> None:
    data = bytearray(made(make))
    for at, value in changes:
        data[at % len(data)] = value
    (xls if make is an_xls else ods).hints(bytes(data), "名单")


made = functools.cache(lambda make: make())
