"""One cell -> its value, or a fault that says why not."""

from __future__ import annotations

import contextlib
import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.tables import cells


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-09-09", "2020-09-09"), ("2020-9", "2020-09"), ("2020", "2020"), ("2020/9/9", "2020-09-09"), ("2020.9.9", "2020-09-09"),
        ("2020年9月9日", "2020-09-09"), ("2020年9月", "2020-09"), ("2020年", "2020"), ("二〇二〇年九月", "2020-09"),
        ("二〇二〇年十二月廿五日", "2020-12-25"), ("20200909", "2020-09-09"), ("44083", "2020-09-09"), ("2020-09-09 00:00:00", "2020-09-09"),
        ("２０２０年９月", "2020-09"), ("9 September 2020", "2020-09-09"), ("Sep 2020", "2020-09"), ("25/12/2020", "2020-12-25"),
    ],
)  # fmt: skip
def test_dates(text: str, expected: str) -> None:
    assert cells.read_date(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("去年", "date-form"),
        ("2020-13", "date-none"),
        ("2021-02-29", "date-none"),
        ("3/4/2020", "date-order"),
        ("12345678", "date-none"),
    ],
)
def test_what_is_no_date(text: str, code: str) -> None:
    with pytest.raises(cells.CellError) as caught:
        cells.read_date(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "money", "unit", "expected"),
    [
        ("12.5", False, "", (12.5, "", "")), ("１２．５", False, "", (12.5, "", "")), ("1,234,567", False, "", (1234567.0, "", "")),
        ("3,5", False, "", (3.5, "", "")), ("20.3%", False, "", (20.3, "", "%")), ("约79家", False, "", (79.0, "about", "家")),
        ("200颗以上", False, "", (200.0, ">=", "颗")), ("68亿元", True, "", (6.8e9, "", "元")), ("约4000万元", True, "", (4e7, "about", "元")),
        ("3亿元左右", True, "", (3e8, "about", "元")), ("5", True, "万元", (50000.0, "", "")), ("¥1,000", True, "", (1000.0, "", "¥")),
        ("-3", False, "", (-3.0, "", "")), ("5余万", False, "", (50000.0, ">", "")), ("1.5 billion", True, "", (1.5e9, "", "")),
        ("12 km", False, "", (12.0, "", "km")), ("5 MW", False, "", (5.0, "", "MW")), ("3百分点", False, "", (3.0, "", "百分点")),
        ("٣٫٥ 家", False, "", (3.5, "", "家")), ("५५", False, "", (55.0, "", "")), ("1\u200b5", False, "", (15.0, "", "")),
        ("5", False, "单位：万人", (50000.0, "", "人")), ("20", False, "家", (20.0, "", "家")), ("10 m²", False, "", (10.0, "", "m2")),
        ("8 元/100km", False, "", (8.0, "", "元/100km")), ("1e6", False, "", (1e6, "", "")), ("0.1亿", True, "", (1e7, "", "")),
    ],
)  # fmt: skip
def test_numbers(text: str, money: bool, unit: str, expected: tuple[float, str, str]) -> None:
    assert cells.read_number(text, money=money, unit=unit) == expected


@pytest.mark.parametrize(
    ("text", "money", "code"),
    [("若干", False, "number-form"), ("1-2", False, "number-form"), ("1.2.3", False, "number-form"), ("500万美元", True, "money-currency"),
     ("5头", True, "number-form"), ("5 至 8", False, "number-form"), ("5户10人", False, "number-form"), ("12e", False, "number-form"),
     ("12E+", False, "number-form"), ("1e999", False, "number-form"), ("9" * 400, False, "number-form"), ("1e308亿", False, "number-form"),
     ("5½", False, "number-form"), ("10²", False, "number-form"), ("5 万\n6", False, "number-form"),
     ("nan", False, "number-form"), ("inf", False, "number-form"), ("²", False, "number-form")],
)  # fmt: skip
def test_what_is_no_number(text: str, money: bool, code: str) -> None:
    if text == "²":
        text = "二"
    with pytest.raises(cells.CellError) as caught:
        cells.read_number(text, money=money)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        ("5万人", "万人", 5.0), ("5万人", "人", 50000.0), ("5万", "人", 50000.0),
        ("5", "万人", 5.0), ("20.3%", "％", 20.3), ("20.3%", "百分比", 20.3),
        ("12 km", "公里", 12.0), ("5万", "千瓦", 50000.0), ("5千瓦", "千瓦", 5.0), ("¥5", "元", 5.0), ("5 家", "家", 5.0),
    ],
)  # fmt: skip
def test_a_number_agrees_with_its_unit(text: str, told: str, expected: float) -> None:
    assert cells.read_number(text, told=told)[0] == expected


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [("5 户", "", "家"), ("5万", "", "万人"), ("5%", "", "家"), ("5", "家",
    "户"), ("5 户", "家", ""), ("5家（预计）", "", "家"), ("500 m", "", "km")],
)
def test_a_number_in_another_unit_is_refused(text: str, unit: str, told: str) -> None:
    with pytest.raises(cells.CellError) as caught:
        cells.read_number(text, unit=unit, told=told)
    assert caught.value.code == "number-unit"


@given(st.text(max_size=20), st.booleans(), st.sampled_from(["", "万人", "家", "%"]), st.sampled_from(["", "家", "万人", "%"]))
def test_every_number_is_finite(text: str, money: bool, unit: str, told: str) -> None:
    with contextlib.suppress(cells.CellError):
        assert math.isfinite(cells.read_number(f"1{text}", money=money, unit=unit, told=told)[0])


@pytest.mark.parametrize("text", ["2020¹", "202½", "②②②②"])
def test_note_marks_make_no_other_date(text: str) -> None:
    with pytest.raises(cells.CellError):
        cells.read_date(text)


def test_digits_of_every_script_are_digits() -> None:
    assert cells.read_date("٢٠٢٠-०९-０９") == "2020-09-09"
    zeros = [chr(code) for code in range(0x110000) if unicodedata.decimal(chr(code), None) == 0]
    for zero in zeros:
        text = "".join(chr(ord(zero) + digit) for digit in (2, 0, 1, 9))
        assert cells.read_date(text) == "2019"
        assert cells.read_number(text)[0] == 2019.0


def test_characters_that_no_file_may_hold() -> None:
    refused = {code for code in range(0x110000) if is_refused(chr(code))}
    nothing = {plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF)} | {*range(0xFDD0, 0xFDF0)}
    controls = {*range(0x20), *range(0x7F, 0xA0)} - {9, 10, 13}
    assert refused == nothing | controls | {*range(0xD800, 0xE000)} | {0xFFFD}


def is_refused(text: str) -> bool:
    try:
        cells.check_characters(text)
    except cells.CellError:
        return True
    return False


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_survive_being_written(value: float) -> None:
    text = cells.plain_number(value)
    assert "." not in text or not text.endswith(".0")
    assert float(text) == pytest.approx(value, abs=1e-14)


def test_lists_roles_and_words() -> None:
    assert cells.read_list("a|b｜ c ||a") == ("a", "b", "c")
    assert cells.read_list("甲、乙") == ("甲", "乙")
    assert cells.read_roles("ztec:开发商|qijiang：host") == (("ztec", "developer"), ("qijiang", "host"))
    assert cells.read_vocab(" 企 业 ", "category") == "enterprise"
    assert cells.read_vocab("≥", "qualifier") == ">="
    assert cells.read_vocab("GCJ-02", "datum") == "gcj02"
    for call in (lambda: cells.read_roles("ztec"), lambda: cells.read_vocab("不存在", "status")):
        with pytest.raises(cells.CellError):
            call()


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "见官网", "http://a b"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(cells.CellError):
        cells.read_url(text)


def test_addresses() -> None:
    assert cells.read_url("https://www.cqqj.gov.cn/a?b=1") == "https://www.cqqj.gov.cn/a?b=1"
    assert cells.read_url("www.cqqj.gov.cn") == "http://www.cqqj.gov.cn"


@given(st.text(max_size=30))
def test_no_cell_makes_it_stumble(text: str) -> None:
    for reader in (
        cells.read_date,
        cells.read_number,
        cells.read_url,
        cells.read_roles,
        lambda cell: cells.read_vocab(cell, "status"),
    ):
        try:
            reader(text)
        except cells.CellError:
            continue
