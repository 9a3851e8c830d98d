"""Text of a cell -> its value, or a fault that says why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.tables import cells, dates, numbers


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
def test_any_cell_text_is_read_or_refused_with_a_cell_error(text: str) -> None:
    for reader in (
        dates.read_date,
        numbers.read_number,
        cells.read_url,
        cells.read_roles,
        lambda cell: cells.read_vocab(cell, "status"),
    ):
        try:
            reader(text)
        except cells.CellError:
            continue
