"""Workbooks: display texts, hidden worksheets, passwords, damage."""

from __future__ import annotations

import contextlib
import datetime
import functools
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from qjmap.errors import UsageError
from qjmap.tables import ROW, read_table
from qjmap.tables.readers.workbook import read_workbook
from tests.properties import examples
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
    assert [note.key for note in tf.notes if note.key.startswith("note-sheet")] == []  # the other one explains
    assert "note-above" in {note.key for note in tf.notes}
    with pytest.raises(UsageError) as caught:
        read_table(path, SITES, sheet="没有")
    assert "企业" in caught.value.line("zh")


def test_a_note_names_the_filled_worksheets_that_were_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "点位"
    book.active.append(["名称", "经度", "纬度"])
    book.active.append(["甲", 106.65, 29.03])
    for name, rows in {
        "合作": [["名称", "合作方"], ["协议", "甲、乙"]],
        "空的": [],
        "填写说明": [["列", "是什么"], ["名称", "全称"]],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "全部.xlsx"
    book.save(path)
    (note,) = [note for note in read_table(path, SITES).notes if note.key.startswith("note-sheet")]
    assert note.params["others"] == ["合作"]
    assert "--all-sheets" in note.text("zh")
    assert not [note for note in read_table(path, SITES, sheet="点位").notes if note.key.startswith("note-sheet")]


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


def test_a_number_that_is_no_date_is_read_as_the_number(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称", "数"])
    book.active.append(["甲", -0.5])
    book.active["B2"].number_format = "yyyy-mm-dd hh:mm"
    book.save(tmp_path / "a.xlsx")
    assert list(read_table(tmp_path / "a.xlsx", SITES).frame["数"]) == ["-0.5"]


def test_a_damaged_workbook_is_unreadable(tmp_path: Path) -> None:
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


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_read_only_when_they_are_named(tmp_path: Path, state: str) -> None:
    book = openpyxl.Workbook()
    book.active.title = "正表"
    for row in (["名称", "地址"], ["甲厂", "某路1号"], ["乙厂", "某路2号"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    old = book.create_sheet("旧表")
    for row in (["名称", "类别", "地址", "经度", "纬度"], ["旧厂", "企业", "某路3号", 106.65, 29.03]):
        old.append(row)
    old.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    tf = read_table(tmp_path / "a.xlsx", SITES)
    assert list(tf.frame["name"]) == ["甲厂", "乙厂"], "rows that are filtered out are read"
    assert ["旧表"] in [note.params.get("sheets") for note in tf.notes if note.key == "note-hidden-sheets"]
    assert list(read_table(tmp_path / "a.xlsx", SITES, sheet="旧表").frame["name"]) == ["旧厂"]


def test_hidden_sheets_of_older_kinds(tmp_path: Path) -> None:
    old = xlwt.Workbook()
    old_rows, new_rows = [["名称", "类别", "地址"], ["旧厂", "企业", "x"]], [["名称", "地址"], ["甲厂", "某路1号"]]
    for name, hidden, rows in (("旧表", 1, old_rows), ("正表", 0, new_rows)):
        sheet = old.add_sheet(name)
        sheet.visibility = hidden
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell)
    old.set_active_sheet(1)
    old.save(str(tmp_path / "a.xls"))
    document = OpenDocumentSpreadsheet()
    style = Style(name="ta1", family="table")
    style.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(style)
    for name, styled, rows in (("旧表", "ta1", old_rows), ("正表", None, new_rows)):
        table = Table(name=name, **({"stylename": styled} if styled else {}))
        for row in rows:
            line = TableRow()
            for cell in row:
                made_cell = TableCell(valuetype="string")
                made_cell.addElement(P(text=cell))
                line.addElement(made_cell)
            table.addElement(line)
        document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "a.ods"))
    for name in ("a.xls", "a.ods"):
        tf = read_table(tmp_path / name, SITES)
        assert (tf.sheet, list(tf.frame["name"])) == ("正表", ["甲厂"])
        assert list(read_table(tmp_path / name, SITES, sheet="旧表").frame["name"]) == ["旧厂"]


def locked() -> dict[str, bytes]:
    """Workbooks with the records or members that mark a password."""
    plain = an_xls()
    begin = plain.index(b"\x42\x00\x02\x00")  # the record of the code page: as good a place as any
    old = plain[:begin] + b"\x2f\x00" + plain[begin + 2 :]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package, zipfile.ZipFile(io.BytesIO(an_ods())) as whole:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "META-INF/manifest.xml":
                data = data.replace(
                    b"</manifest:manifest>",
                    b"<manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data/>"
                    b"</manifest:file-entry></manifest:manifest>",
                )
            package.writestr(name, data)
    modern = plain.replace(
        "Workbook\0".encode("utf-16-le") + bytes(46), "EncryptedPackage\0".encode("utf-16-le") + bytes(30)
    )
    at = modern.index("EncryptedPackage".encode("utf-16-le"))
    modern = modern[: at + 64] + (34).to_bytes(2, "little") + modern[at + 66 :]
    return {"a.xls": old, "a.ods": out.getvalue(), "a.xlsx": modern, "b.xlsb": modern}


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.xlsx", "b.xlsb"])
def test_a_password_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, locked()[name], name)
    assert caught.value.code == "file-password"
    assert "密码" in caught.value.line("zh") and "password" in caught.value.line("en")


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
    assert blank == (
        [[5]] if name == "a.xls" else []
    )  # the file does not tell a sum that is empty from one that is not there


@examples(300)
@given(st.sampled_from([an_xls, an_ods]), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6))
def test_damaged_bytes_are_read_or_refused(make: Callable[[], bytes], changes: list[tuple[int, int]]) -> None:
    data = bytearray(made(make))
    for at, value in changes:
        data[at % len(data)] = value
    with contextlib.suppress(UsageError):
        read_workbook(bytes(data), SITES, shown="a", sheet=None)


made = functools.cache(lambda make: make())
