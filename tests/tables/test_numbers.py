"""Text of a cell -> number, qualifier and unit."""

from __future__ import annotations

import contextlib
import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.schema import fold
from qjmap.tables import cell_values, dates, numbers

_TRADITIONAL = str.maketrans("万亿约内币单点", "萬億約內幣單點")


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
        ("5M CNY", True, "", (5e6, "", "CNY")), ("5bn yuan", True, "", (5e9, "", "yuan")), ("5 m yuan", True, "", (5e6, "", "yuan")),
    ],
)  # fmt: skip
def test_numbers(text: str, money: bool, unit: str, expected: tuple[float, str, str]) -> None:
    assert numbers.read_number(text, money=money, header_unit=unit) == expected


@pytest.mark.parametrize("text", ["3.5", "3.5人", "3.5万人", "3.5万", "3.5亿", "约3.5万人以内", "3.5百分点", "3.5元"])
@pytest.mark.parametrize("unit", ["", "万人", "单位：万人", "单位:亿元", "人", "百分点"])
@pytest.mark.parametrize("place", ["header_unit", "row_unit"])
def test_traditional_characters_mean_what_the_simplified_ones_mean(text: str, unit: str, place: str) -> None:
    def read(text: str, unit: str) -> object:
        try:
            value, qualifier, shown = numbers.read_number(text, **{place: unit})  # type: ignore[arg-type]
        except cell_values.CellError as error:
            return error.code
        return value, qualifier, fold(shown)

    expected = read(text, unit)
    for typed in (text, text.translate(_TRADITIONAL)):
        for told in (unit, unit.translate(_TRADITIONAL)):
            assert read(typed, told) == expected, (typed, told)


def test_a_unit_is_shown_as_written_without_its_multiple() -> None:
    assert numbers.read_number("3.5", header_unit="萬噸") == (35000.0, "", "噸")
    assert numbers.read_number("3.5萬噸") == (35000.0, "", "噸")
    assert numbers.read_number("5", money=True, header_unit="萬元") == (50000.0, "", "")
    assert numbers.read_number("5萬元", money=True) == (50000.0, "", "元")
    assert numbers.read_number("人民幣5萬", money=True) == (50000.0, "", "人民币")


@pytest.mark.parametrize(
    ("text", "money", "code"),
    [("若干", False, "number-form"), ("1-2", False, "number-form"), ("1.2.3", False, "number-form"), ("500万美元", True, "money-currency"),
     ("5头", True, "number-form"), ("5MW", True, "number-form"), ("5M USD", True, "money-currency"), ("5 至 8", False, "number-form"),
     ("5户10人", False, "number-form"), ("12e", False, "number-form"),
     ("12E+", False, "number-form"), ("1e999", False, "number-form"), ("9" * 400, False, "number-form"), ("1e308亿", False, "number-form"),
     ("5½", False, "number-form"), ("10²", False, "number-form"), ("5 万\n6", False, "number-form"),
     ("nan", False, "number-form"), ("inf", False, "number-form"), ("²", False, "number-form")],
)  # fmt: skip
def test_what_is_no_number(text: str, money: bool, code: str) -> None:
    if text == "²":
        text = "二"
    with pytest.raises(cell_values.CellError) as caught:
        numbers.read_number(text, money=money)
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
    assert numbers.read_number(text, row_unit=told)[0] == expected


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("5 户", "", "家"),
        ("5万", "", "万人"),
        ("5%", "", "家"),
        ("5", "家", "户"),
        ("5 户", "家", ""),
        ("5家（预计）", "", "家"),
        ("500 m", "", "km"),
    ],
)
def test_a_number_in_another_unit_is_refused(text: str, unit: str, told: str) -> None:
    with pytest.raises(cell_values.CellError) as caught:
        numbers.read_number(text, header_unit=unit, row_unit=told)
    assert caught.value.code == "number-unit"


@given(
    st.text(max_size=20),
    st.booleans(),
    st.sampled_from(["", "万人", "家", "%"]),
    st.sampled_from(["", "家", "万人", "%"]),
)
def test_every_number_is_finite(text: str, money: bool, unit: str, told: str) -> None:
    with contextlib.suppress(cell_values.CellError):
        assert math.isfinite(numbers.read_number(f"1{text}", money=money, header_unit=unit, row_unit=told)[0])


def test_digits_of_every_script_are_digits() -> None:
    assert dates.read_date("٢٠٢٠-०९-０９") == "2020-09-09"
    zeros = [chr(code) for code in range(0x110000) if unicodedata.decimal(chr(code), None) == 0]
    for zero in zeros:
        text = "".join(chr(ord(zero) + digit) for digit in (2, 0, 1, 9))
        assert dates.read_date(text) == "2019"
        assert numbers.read_number(text)[0] == 2019.0


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_survive_being_written(value: float) -> None:
    text = numbers.plain_number(value)
    assert "." not in text or not text.endswith(".0")
    assert float(text) == pytest.approx(value, abs=1e-14)
