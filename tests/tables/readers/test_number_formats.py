"""Number formats: percent, parts of dates, scaled numbers and words are shown; plain numbers stay."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from qjmap.tables.readers.number_formats import _BUILT_IN, builtin_format, moment_of, parse_format
from tests.tables.helpers import codes, parsed, read

SEPTEMBER = 44_083  # 9 September 2020


def shown(code: str, value: float) -> str | None:
    form = parse_format(code)
    return form.display(value, False) if form and form.display else None


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("0%", 0.203, "20.3%"),
        ("0.0%", 0.20345, "20.345%"),
        ("0.00%;[Red]-0.00%", -0.05, "-5%"),
        ("0.0%_);(0.0%)", -0.05, "-5%"),
        ("0.0‰", 0.0203, "20.3‰"),
        ('0.00"%"', 20.3, "20.3%"),
        ("0.00\\%", 20.3, "20.3%"),
        ('0.00,,"百万元"', 560_000_000, "560百万元"),
        ('0!.0,"万"', 12_345, "1.2345万"),
        ('0"."0,"万"', 12_345, "1.2345万"),
        ("0\\.0000", 12_345, "1.2345"),
        ('#,##0.00,"千元"', 5_600, "5.6千元"),
        ("#,##0,", 5_600, "5.6"),
        ('0!.00,,"亿"', 1_234_500_000, "12.345亿"),
        ('[>=10000]0!.0,"万";0', 12_345, "1.2345万"),
        ('[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0', 50_000, "5万"),
        ('0"万元"', 5_600, "5600万元"),
        ('G/通用格式"家"', 5, "5家"),
        ('General"家"', 5, "5家"),
        ('"约"0', 5, "约5"),
        ('"No."000', 5, "No.005"),
        ('[=1]"是";[=0]"否"', 1, "是"),
        ('[=1]"是";[=0]"否"', 0, "否"),
        ('0;-0;"无"', 0, "无"),
        ('0.0000"°"', 106.65, "106.65°"),
        ("0000-00-00", 20_200_909, "2020-09-09"),
        ('0000"年"00"月"', 202_009, "2020年09月"),
        ("000-0000-0000", 13_800_138_000, "138-0013-8000"),
        ("[$€-407]#,##0.00", 5.5, "€5.5"),
        ("[$US$-409]#,##0", 5, "US$5"),
        ('"$"#,##0', 5, "$5"),
    ],
)
def test_numbers_are_read_as_shown_but_not_rounded(code: str, value: float, text: str) -> None:
    assert shown(code, value) == text


@pytest.mark.parametrize(
    "code",
    [
        "",
        "General",
        "@",
        "0",
        "0.00",
        "#,##0",
        "#,##0.00_);[Red]\\(#,##0.00\\)",
        "¥#,##0",
        '"¥"#,##0.00;"¥"\\-#,##0.00',
        "[$¥-804]#,##0",
        "[$￥-411]#,##0",
        "0.00E+00",
        "##0.0E+0",
        "# ?/?",
        "# ??/16",
        '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
        "[DBNum1][$-804]General",
        "[Red]0",
        "*-0",
        "#\\ ##0",
        "0;-0;;@",
        ";;;",
    ],
)
def test_a_plain_number_stays_a_number(code: str) -> None:
    for value in (0.0, 5.25, -3.0, 12_345_678.0):
        assert shown(code, value) is None


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("yyyy-mm-dd", "2020-09-09"),
        ("yyyy/m/d;@", "2020-09-09"),
        ("d-mmm-yy", "2020-09-09"),
        ("[$-F800]dddd, mmmm dd, yyyy", "2020-09-09"),
        ("yyyy-mm-dd aaaa", "2020-09-09"),
        ("aaaa", "2020-09-09"),
        ('yyyy"年"m"月"', "2020-09"),
        ('[$-804]yyyy"年"m"月";@', "2020-09"),
        ('[DBNum1][$-804]yyyy"年"m"月";@', "2020-09"),
        ("mmm-yy", "2020-09"),
        ("yyyy-mm", "2020-09"),
        ("e.m", "2020-09"),
        ("mmmm yyyy", "2020-09"),
        ("yyyy", "2020"),
        ('yyyy"年"', "2020"),
        ("yyyy-mm-dd hh:mm", "2020-09-09 08:30:00"),
        ("h:mm", "08:30"),
        ("h:mm:ss AM/PM", "08:30:00"),
        ('上午/下午h"时"mm"分"', "08:30"),
        ("[h]:mm", "1058000:30"),
        ("mm:ss", "08:30:00"),
    ],
)
def test_dates_show_the_parts_of_their_format(code: str, text: str) -> None:
    assert shown(code, SEPTEMBER + 8.5 / 24) == text


@pytest.mark.parametrize("code", ['m"月"d"日"', "mm-dd", "d-mmm"])
def test_a_date_without_its_year_keeps_it_and_is_named(code: str) -> None:
    form = parse_format(code)
    assert form and form.yearless
    assert shown(code, SEPTEMBER) == "2020-09-09"


def test_the_formats_of_chinese_excel_have_numbers() -> None:
    for number, text in (
        (27, "2020-09"),
        (31, "2020-09-09"),
        (36, "2020-09"),
        (57, "2020-09"),
        (17, "2020-09"),
        (9, "4408300%"),
    ):
        form = builtin_format(number)
        assert form and form.display and form.display(SEPTEMBER, False) == text
    assert all(builtin_format(number) for number in _BUILT_IN)
    assert builtin_format(0) is builtin_format(1) is builtin_format(2) is None


@given(st.dates(datetime.date(1900, 3, 1), datetime.date(9999, 12, 31)))
def test_day_counts(day: datetime.date) -> None:
    count = (day - datetime.date(1899, 12, 30)).days
    found = moment_of(count)
    assert found is not None and found.date() == day
    assert shown("yyyy-mm", count) == day.isoformat()[:7]
    since = moment_of(count - 1462, True) if count >= 1462 else found
    assert since is not None and since.date() == day


@given(st.decimals(-1000, 1000, places=6), st.integers(0, 6))
def test_a_percentage_keeps_every_digit(value: Decimal, places: int) -> None:
    text = shown(f"0.{'0' * places}%" if places else "0%", float(value))
    assert text is not None and text.endswith("%") and Decimal(text[:-1]) == Decimal(repr(float(value))) * 100


@given(st.text('0#?.,%;@"\\![]yYmdhse年月日万/-_*EA+$ ', max_size=40), st.floats(allow_nan=True, allow_infinity=True))
def test_every_code_is_parsed(code: str, value: float) -> None:
    form = parse_format(code)
    if form and form.display:
        assert isinstance(form.display(value, False), str | None)


@pytest.mark.parametrize("code", ["0A0", "0.00%", "0000-00", "yyyy-mm-dd", '0"只"', "[>5]0A0;0%"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_finite_number_is_shown_plainly(code: str, value: float) -> None:
    form = parse_format(code)
    assert form is not None and form.display is not None
    assert form.display(value, False) is None


def test_digits_behind_an_empty_text_are_no_fraction_of_seconds() -> None:
    assert parse_format('"".0') is None


HEADS = ["名称", "成立日期", "占比", "规模", "邮编"]
CELLS: list[tuple[Any, str]] = [
    ("甲厂", "General"),
    (SEPTEMBER, 'yyyy"年"m"月"'),
    (0.203, "0.0%"),
    (560_000_000, '0.00,,"百万元"'),
    (42, "0000"),
]


def an_xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADS)
    for at, (value, code) in enumerate(CELLS, 1):
        book.active.cell(2, at, value).number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def an_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for at, head in enumerate(HEADS):
        sheet.write(0, at, head)
    for at, (value, code) in enumerate(CELLS):
        sheet.write(1, at, value, xlwt.easyxf(num_format_str=code))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def an_ods() -> bytes:
    from odf.number import DateStyle, Month, Number, NumberStyle, PercentageStyle, Text, Year
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    month = DateStyle(name="N1")
    for part in (Year(style="long"), Text(text="年"), Month(), Text(text="月")):
        month.addElement(part)
    percent = PercentageStyle(name="N2")
    percent.addElement(Number(decimalplaces=1, minintegerdigits=1))
    percent.addElement(Text(text="%"))
    millions = NumberStyle(name="N3")
    millions.addElement(Number(decimalplaces=2, minintegerdigits=1, displayfactor="1000000"))
    millions.addElement(Text(text="百万元"))
    for at, style in enumerate((month, percent, millions), 1):
        book.automaticstyles.addElement(style)
        book.automaticstyles.addElement(Style(name=f"ce{at}", family="table-cell", datastylename=f"N{at}"))
    table = Table(name="a")
    book.spreadsheet.addElement(table)
    row = TableRow()
    for head in HEADS:
        cell = TableCell(valuetype="string")
        cell.addElement(P(text=head))
        row.addElement(cell)
    table.addElement(row)
    row = TableRow()
    for given_, text in (
        ({"valuetype": "string"}, "甲厂"),
        ({"valuetype": "date", "datevalue": "2020-09-09", "stylename": "ce1"}, "2020年9月"),
        ({"valuetype": "percentage", "value": "0.203", "stylename": "ce2"}, "20.3%"),
        ({"valuetype": "float", "value": "560000000", "stylename": "ce3"}, "560.00百万元"),
        ({"valuetype": "float", "value": "42"}, "0042"),
    ):
        cell = TableCell(**given_)
        cell.addElement(P(text=text))
        row.addElement(cell)
    table.addElement(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "make"), [("a.xlsx", an_xlsx), ("a.xls", an_xls), ("a.ods", an_ods)])
def test_a_workbook_is_read_as_it_is_shown(tmp_path: Path, name: str, make: Any) -> None:
    frame = read(tmp_path, make(), name).frame
    assert frame["start"][0] == "2020-09"
    assert [frame[head][0] for head in HEADS[2:]] == ["20.3%", "560百万元", "0042"]


def test_indicators_take_percent_and_scale(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["对象", "指标", "数值", "单位", "年度"])
    for value, code, unit in (
        (0.203, "0.0%", "%"),
        (0.203, "0.00%", None),
        (560_000_000, '0.00,,"百万元"', None),
        (12_345, '0!.0,"万"', "人"),
    ):
        book.active.append(["qijiang", f"甲{code}", value, unit, 2020])
        book.active.cell(book.active.max_row, 3).number_format = code
    book.save(tmp_path / "a.xlsx")
    found = parsed(tmp_path, (tmp_path / "a.xlsx").read_bytes(), "a.xlsx", "indicators").frame
    assert list(found["value"]) == [20.3, 20.3, 560_000_000, 12_345]
    assert list(found["unit"]) == ["%", "%", "元", "人"]


def test_dates_shown_without_a_year_are_warned_of(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称", "成立日期"])
    book.active.append(["甲", datetime.date(2020, 9, 9)])
    book.active["B2"].number_format = 'm"月"d"日"'
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path, (tmp_path / "a.xlsx").read_bytes(), "a.xlsx")
    assert list(found.frame["start"]) == ["2020-09-09"]
    assert codes(found) == ["year-not-shown"]


def test_day_counts_of_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["名称", "成立日期"])
    book.active.append(["甲", datetime.date(2020, 9, 9)])
    book.active["B2"].number_format = "yyyy-mm"
    book.save(tmp_path / "a.xlsx")
    assert list(read(tmp_path, (tmp_path / "a.xlsx").read_bytes(), "a.xlsx").frame["start"]) == ["2020-09"]
