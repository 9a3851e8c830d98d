"""Text of a cell -> its value, or a fault that says why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.tables import cell_values, dates, numbers


def test_characters_that_no_file_may_hold() -> None:
    refused = {code for code in range(0x110000) if is_refused(chr(code))}
    nothing = {plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF)} | {*range(0xFDD0, 0xFDF0)}
    controls = {*range(0x20), *range(0x7F, 0xA0)} - {9, 10, 13}
    assert refused == nothing | controls | {*range(0xD800, 0xE000)} | {0xFFFD}


def is_refused(text: str) -> bool:
    try:
        cell_values.check_characters(text)
    except cell_values.CellError:
        return True
    return False


def test_lists_roles_and_words() -> None:
    assert cell_values.read_list("a|b｜ c ||a") == ("a", "b", "c")
    assert cell_values.read_list("甲、乙") == ("甲", "乙")
    assert cell_values.read_roles("ztec:开发商|qijiang：host") == (("ztec", "developer"), ("qijiang", "host"))
    assert cell_values.read_vocab(" 企 业 ", "category") == "enterprise"
    assert cell_values.read_vocab("≥", "qualifier") == ">="
    assert cell_values.read_vocab("GCJ-02", "datum") == "gcj02"
    for call in (lambda: cell_values.read_roles("ztec"), lambda: cell_values.read_vocab("不存在", "status")):
        with pytest.raises(cell_values.CellError):
            call()


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "见官网", "http://a b"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(cell_values.CellError):
        cell_values.read_url(text)


def test_addresses() -> None:
    assert cell_values.read_url("https://www.cqqj.gov.cn/a?b=1") == "https://www.cqqj.gov.cn/a?b=1"
    assert cell_values.read_url("www.cqqj.gov.cn") == "http://www.cqqj.gov.cn"


@given(st.text(max_size=30))
def test_any_cell_text_is_read_or_refused_with_a_cell_error(text: str) -> None:
    for reader in (
        dates.read_date,
        numbers.read_number,
        cell_values.read_url,
        cell_values.read_roles,
        lambda cell: cell_values.read_vocab(cell, "status"),
    ):
        try:
            reader(text)
        except cell_values.CellError:
            continue
