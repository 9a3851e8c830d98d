"""The package's reader and the page's read the same of a workbook: which worksheet, header, merged cells, and what each cell shows."""

from __future__ import annotations

import datetime
import io
import random
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from qjmap.tables.readers.number_formats import parse_format
from tests.tables.page_reader import run_page_reader
from tests.tables.page_workbooks import added_in_page, in_page, in_program

_FORMATS = (
    "General", "@", "0", "0.00", "#,##0", "#,##0.00", "0%", "0.0%", "0.00‰", "0.00E+00", "# ?/?", "000000", "00", '0"万元"',
    '0.0,"千"', '0!.0,"万"', '0.00,,"百万元"', "yyyy-mm-dd", "yyyy-mm", 'yyyy"年"m"月"', 'yyyy"年"m"月"d"日"', "yyyy", "mmm-yy",
    "m/d/yyyy", 'm"月"d"日"', "h:mm", "h:mm:ss", "[h]:mm", "[mm]:ss", "mm:ss.0", "yyyy-mm-dd hh:mm", "dddd", "aaaa",
    "[DBNum1]yyyy年m月", '[=1]"是";[=0]"否";General', '"正";"负";"零"', "0000-00-00", "000-0000-0000", "¥#,##0.00", "[$€-407]0",
    "[$-804]yyyy-m-d", "[Red]0;[Blue]-0", "_ * #,##0_ ;_ * -#,##0_ ", "0°", '"No. "0', "g/通用格式", "0 ㎡", '[>=10000]0!.0,"万";0',
    "b1yyyy", "e年", "上午/下午h时", "yyyy-mm-dd;@", '0;;"无"',
)  # fmt: skip
_TEXTS = (
    "甲厂", "  乙厂 ", "丙\n厂", "a&b <c>", "'引", "=1", "000123", "1.5", "TRUE", "#N/A", "_x000D_", "_x005F_x0041_", "😀", "\u3000全角", "有\t制表",
    "1e5", "", " ", "合计", "注：说明", "名称", "√",
)  # fmt: skip
_NUMBERS = (
    0, 1, -1, 7, 106.65, 29.03, 0.203, -0.5, 1e-7, 1e15, 123456789012345680000, 1e22, 2020, 40142, 44075, 44075.5, 44075.000001, 59, 60, 61,
    0.25, 1.75, 20200909, 12345, 560000000, 0.1 + 0.2, 13912345678, 2958465, 2958466, 1 / 3,
)  # fmt: skip
_HEADERS = (
    ["名称", "经度", "纬度", "地址"],
    ["名称", "类别", "开始日期", "人数", "邮编"],
    ["标题", "说明"],
    ["指标名称", "数值", "单位"],
)
_MOMENTS = (
    datetime.datetime(2020, 9, 9), datetime.datetime(2020, 9, 9, 8, 30), datetime.datetime(1904, 1, 5), datetime.date(1999, 12, 31),
    datetime.time(8, 30), datetime.timedelta(hours=26, minutes=5),
)  # fmt: skip


def _value(draw: random.Random) -> Any:
    kind = draw.random()
    if kind < 0.15:
        return None
    if kind < 0.45:
        return draw.choice(_TEXTS)
    if kind < 0.8:
        return draw.choice(_NUMBERS)
    if kind < 0.9:
        return draw.choice(_MOMENTS)
    return draw.choice([True, False, "=1+1"])


def _format(draw: random.Random, value: Any) -> str:
    """A number format; python-calamine refuses a workbook with a time of more than 999,999,999 days."""
    is_great = isinstance(value, float | int) and abs(value) > 1e8
    return "General" if is_great else draw.choice(_FORMATS)


def _sizes(draw: random.Random) -> list[tuple[str, list[str], int]]:
    """Name, header and number of rows of the worksheets of a workbook."""
    names = draw.sample(["点位", "Sheet1", "说明", "合作", "旧表"], k=draw.randint(1, 3))
    return [(name, draw.choice(_HEADERS), draw.randint(0, 8)) for name in names]


def _ranges(draw: random.Random, rows: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Up to three ranges that do not overlap, from 1."""
    ranges: list[tuple[int, int, int, int]] = []
    for _ in range(draw.randint(0, 3)):
        top, left = draw.randint(1, rows), draw.randint(1, columns)
        bottom, right = min(rows, top + draw.randint(0, 2)), min(columns, left + draw.randint(0, 2))
        apart = all(bottom < t or top > b or right < le or left > r for t, le, b, r in ranges)
        if (bottom, right) != (top, left) and apart:
            ranges.append((top, left, bottom, right))
    return ranges


def _by_openpyxl(draw: random.Random) -> bytes:
    book = openpyxl.Workbook()
    if draw.random() < 0.3:
        book.epoch = CALENDAR_MAC_1904
    book.remove(book.active)
    for index, (name, header, count) in enumerate(_sizes(draw)):
        sheet = book.create_sheet(name)
        if index and draw.random() < 0.3:
            sheet.sheet_state = draw.choice(["hidden", "veryHidden"])
        if draw.random() < 0.3:
            sheet.append(["一览表"])
        sheet.append(header)
        for row in range(sheet.max_row + 1, sheet.max_row + 1 + count):
            for column in range(1, len(header) + 1 + (draw.random() < 0.1)):
                cell = sheet.cell(row, column, _value(draw))
                if draw.random() < 0.6 and not isinstance(
                    cell.value, datetime.timedelta | datetime.date | datetime.time
                ):
                    cell.number_format = _format(draw, cell.value)
        for top, left, bottom, right in _ranges(draw, sheet.max_row, len(header)):
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _by_xlsxwriter(draw: random.Random) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "date_1904": draw.random() < 0.3,
            "strings_to_formulas": False,
            "use_zip64": draw.random() < 0.2,
        },
    )
    plain = book.add_format()
    bold = book.add_format({"bold": True})
    for index, (name, header, count) in enumerate(_sizes(draw)):
        sheet = book.add_worksheet(name)
        if index and draw.random() < 0.3:
            sheet.hide()
        sheet.write_row(0, 0, header)
        for row in range(1, count + 1):
            for column in range(len(header)):
                value = _value(draw)
                shown = book.add_format({"num_format": _format(draw, value)})
                if draw.random() < 0.1:
                    sheet.write_rich_string(row, column, bold, "富", plain, " 文本 ", bold, "字")
                elif isinstance(value, str) and value.startswith("=1+"):
                    sheet.write_formula(row, column, value, shown, draw.choice([2, "两", "", "#DIV/0!", True]))
                elif isinstance(value, str):
                    sheet.write_string(row, column, value, shown)
                elif value is not None:
                    sheet.write(row, column, value, shown)
    book.close()
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("make", [_by_openpyxl, _by_xlsxwriter])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_readers_say_the_same_of_any_workbook(make: Callable[[random.Random], bytes], seed: int) -> None:
    draw = random.Random(seed)
    workbooks = [make(draw) for _ in range(60)]
    for number, (data, page) in enumerate(zip(workbooks, in_page(workbooks), strict=True)):
        program = in_program(data)
        assert page == program, number


_PIECES = (
    "0", "00", "#", "?", "0.0", ".", ",", ",,", "%", "‰", "y", "yyyy", "m", "mm", "mmm", "d", "dd", "dddd", "aaaa", "h", "hh", "s", "ss", "[h]",
    "[mm]", "[s]", ";", ";;", ":", "-", "/", " ", "年", "月", "日", "万", '"万元"', '"', "\\-", "!.", "_)", "*-", "[Red]", "[>=100]", "[=1]", "[<>0]",
    "[$-804]", "[$€-407]", "[$¥-804]", "[DBNum1]", "[", "General", "G/通用格式", "AM/PM", "上午/下午", "E+0",
    "e", "b", "@", "¥", "$", "℃", "㎡", "km", "是",
)  # fmt: skip


@pytest.mark.slow
def test_both_readers_show_the_same_of_any_format() -> None:
    draw = random.Random(4)
    codes = ["".join(draw.choices(_PIECES, k=draw.randint(1, 5))) for _ in range(3000)] + list(_FORMATS)
    numbers = [float(number) for number in _NUMBERS] + [0.5 / 86400, 1.5 / 86400, 44075.99999999, 1e21, -44075.25]
    page = run_page_reader(
        """return given.codes.map((code) => {
          const format = E.parseFormat(code);
          if (!format) return null;
          const { zeros, isYearless, display } = format;
          return [zeros, isYearless, display && given.numbers.map((number) => [display(number, false), display(number, true)])];
        });""",
        {"codes": codes, "numbers": numbers},
    )
    for code, found in zip(codes, page, strict=True):
        number_format = parse_format(code)
        program = number_format and [
            number_format.zeros, number_format.yearless,
            number_format.display and [[number_format.display(number, False), number_format.display(number, True)] for number in numbers],
        ]  # fmt: skip
        assert found == program, code


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_added(data: bytes, table: str, *columns: str) -> list[tuple[str, ...]]:
    """Cells of the rows that the page would add."""
    rows = added_in_page(data, table)["rows"]
    return [tuple(row["record"].get(column, "") for column in columns) for row in rows if row["state"] == "added"]


@pytest.mark.slow
def test_shares_and_scaled_amounts_are_read_as_shown() -> None:
    book = openpyxl.Workbook()
    for row in (["对象", "指标", "数值", "单位", "年度"], ["港区", "增速", 0.203, "%", 2020], ["港区", "占比", 0.203, None, 2020],
                ["港区", "产值", 560_000_000, None, 2020], ["港区", "人数", 12_000, None, 2020]):  # fmt: skip
        book.active.append(row)
    for row, code in enumerate(("0.0%", "0.00%", '0.00,,"百万元"', '0!.0,"万"'), 2):
        book.active.cell(row, 3).number_format = code
    data = saved(book)
    assert in_page([data], "indicators") == [in_program(data, "indicators")]
    found = added_in_page(data, "indicators")
    assert [row[2] for row in found["cells"]] == ["20.3%", "20.3%", "560百万元", "1.2万"]
    values = [
        (float(row["record"]["value"]), row["record"].get("unit", ""))
        for row in found["rows"]
        if row["record"].get("value")
    ]
    assert values[:2] == [(20.3, "%"), (20.3, "%")]
    assert values[2][0] == 560_000_000


def test_months_and_years_get_no_day_that_nobody_wrote() -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称", "类别", "开始日期"])
    codes = ('yyyy"年"m"月"', "mmm-yy", "yyyy-mm", "yyyy", "yyyy-mm-dd", 'yyyy"年"m"月";@')
    for number, code in enumerate(codes, 1):
        book.active.append([f"第{number}厂", "企业", datetime.datetime(2020, 9, 9)])
        book.active.cell(number + 1, 3).number_format = code
    found = rows_added(saved(book), "sites", "start")
    assert found == [("2020-09",), ("2020-09",), ("2020-09",), ("2020",), ("2020-09-09",), ("2020-09",)]


def test_hidden_worksheets_are_not_read() -> None:
    book = openpyxl.Workbook()
    book.active.title = "正表"
    for row in (["名称", "地址"], ["甲厂", "某路1号"], ["乙厂", "某路2号"]):
        book.active.append(row)
    other = book.create_sheet("旧表")
    for row in (
        ["名称", "类别", "地址", "经度", "纬度", "坐标系"],
        ["丙厂", "企业", "某路3号", 106.65, 29.03, "wgs84"],
    ):
        other.append(row)
    other.sheet_state = "hidden"
    data = saved(book)
    assert rows_added(data, "sites", "name") == [("甲厂",), ("乙厂",)]
    told = [fault["told"]["zh"]["message"] for fault in added_in_page(data, "sites")["faults"]]
    assert any("旧表" in message for message in told)


def test_degrees_minutes_and_seconds_under_a_merged_header() -> None:
    book = openpyxl.Workbook()
    for row in (["序号", "名称", "经度", None, None, "纬度"], [None, None, "度", "分", "秒", "度", "分", "秒"],
                [1, "甲厂", 106, 39, 0, 29, 1, 48], [2, "乙厂", 106, 39, 36, 29, 2, 24]):  # fmt: skip
        book.active.append(row)
    for cells in ("A1:A2", "B1:B2", "C1:E1", "F1:H1"):
        book.active.merge_cells(cells)
    data = saved(book)
    assert in_page([data]) == [in_program(data)]
    points = [[round(axis, 6) for axis in row["point"]] for row in added_in_page(data, "sites")["rows"]]
    assert points == [[106.65, 29.03], [106.66, 29.04]]
