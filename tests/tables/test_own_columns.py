"""What a column of the user's own holds, and whether it is held back, is decided by its header and all of its cells."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.column_settings import OwnColumnSettings, parse_columns
from qjmap.schema import TABLES
from qjmap.tables.columns import operations as cols
from qjmap.tables.own_columns import ColumnFacts, OwnColumn, decide, facts_of, is_personal, own_names, typed_columns
from tests.properties import examples

SITES = TABLES["sites"]


def decided(header: str, *cells: str, columns: OwnColumnSettings | None = None) -> OwnColumn:
    return decide(SITES, {header: facts_of(header, cols.from_texts(list(cells)))}, columns)[0]


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("职工人数", ["1234", "", "0", "-5"], "number"),
        ("占地面积（亩）", ["12.5", "3"], "number"),
        ("金额", ["12.50", "3.00"], "number"),  # every cell has two decimals
        ("章节", ["1.9", "1.10"], "text"),  # as numbers both would be a chapter 1.1 and 1.9
        ("职工人数", ["1234", "约50"], "text"),
        ("职工人数", ["1,234", "56"], "text"),
        ("批次", ["0012", "0013"], "text"),
        ("批次", ["123456789012345678"], "text"),
        ("人均", ["33.33333333333334", "1.5"], "number"),  # as programs write a third
        ("人均", ["33.333333333333333333"], "text"),
        ("批次", ["1e5"], "text"),
        ("批次", ["-0"], "text"),
        ("区划代码", ["500110", "500103"], "text"),
        ("postcode", ["401420"], "text"),
        ("typecode", ["170203"], "text"),
        ("site_id", ["7"], "text"),
        ("paid", ["7"], "number"),
        ("批准时间", ["2006.03", "200603"], "text"),
        ("批准日期", ["20060301"], "text"),
        ("耗时时间（分钟）", ["45"], "number"),
        ("number of employees", ["401420"], "number"),
        ("备用电话", ["48612345"], "text"),
        ("获批日期", ["2019-05-06", "2019/5", "2019"], "date"),
        ("获批日期", ["2019.5", "2019.10"], "date"),
        ("成立年份", ["2019", "1998"], "date"),
        ("建成年代", ["2019", "1998"], "date"),
        ("产量", ["2019", "1998"], "number"),
        ("系数", ["2019.5", "1998.1"], "number"),
        ("获批", ["2019年5月6日", "2020-01"], "date"),
        ("获批", ["2019-02-30"], "text"),
        ("获批", ["2019-05-06 12:30"], "text"),  # a date would lose the time
        ("官网地址", ["https://a.example/b?c=1", "www.example.cn"], "link"),
        ("官网地址", ["https://a.example", "没有"], "text"),
        ("官网地址", ["javascript:alert(1)"], "text"),
        ("空", ["", ""], "text"),
    ],
)
def test_the_kind_of_an_own_column_is_determined_by_its_header_and_cells(
    header: str, cells: list[str], kind: str
) -> None:
    assert decided(header, *cells).kind == kind


@pytest.mark.parametrize(
    "header",
    ["联系电话", "电话", "手机", "手机号码", "联系人", "负责人电话", "法人身份证", "身份证号", "Email", "E-mail", "e_mail", "邮箱",
     "电子邮箱", "phone", "Phone Number", "tel", "Tel.", "mobile", "contact", "ContactPerson", "聯繫電話", "联系方式（手机）", "微信号"],
)  # fmt: skip
def test_headers_of_personal_columns(header: str) -> None:
    assert is_personal(header)
    assert decided(header, "12").hidden


@pytest.mark.parametrize(
    "header",
    ["职工人数", "hotel", "telecom", "手机产量", "电话亭数量", "手机（台）产量", "邮编", "邮政编码", "接待人次", "联系人数", "mobility",
     "法定代表人", "contactless", "automobile", "智能手机产能"],
)  # fmt: skip
def test_headers_that_are_not_personal(header: str) -> None:
    assert not is_personal(header)


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        (["13800001111", "139 0000 2222", "无"], True),
        (["+86 138-0000-1111"], True),
        (["张三 13800001111"], True),
        (["023-48612345", "（023）48612345"], True),
        (["50022219900101123X"], True),
        (["li@example.cn", "wang@example.com", ""], True),
        (["13800001111", "甲", "乙", "丙"], False),  # one of four
        (["9138000011112222"], False),
        (["500222199013011234"], False),  # there is no month 13
        (["2020-500110-38-03-123456"], False),
        (["@"], False),
        (["", ""], False),
    ],
)
def test_contents_of_personal_columns(cells: list[str], hidden: bool) -> None:
    found = decided("备用", *cells)
    assert (found.hidden, found.guessed) == (hidden, hidden)


def test_settings_decide_before_headers_and_contents() -> None:
    columns, problems = parse_columns({"联系 电话": {"hidden": False}, "sites": {"备注2": {"hidden": True}}})
    assert not problems
    shown = decided("联系电话", "02348612345", columns=columns)
    assert (shown.hidden, shown.guessed, shown.kind) == (False, False, "text")  # a telephone number is no number
    held = decided("备注2", "x", columns=columns)
    assert (held.hidden, held.guessed) == (True, False)
    assert not decide(TABLES["places"], {"备注2": ColumnFacts()}, columns)[0].hidden


@examples(200)
@given(
    st.lists(
        st.one_of(
            st.integers(-(10**16), 10**16).map(str),
            st.floats(allow_nan=False).map(str),
            st.text("0123456789.-", max_size=6),
        ),
        max_size=8,
    )
)
def test_a_number_is_written_back_with_its_value(cells: list[str]) -> None:
    found = decided("数值", *cells)
    if found.kind == "number" and not found.hidden:
        numbers = typed_columns({"数值": cols.from_texts(cells)}, [found])["数值"]
        assert numbers.dtype == np.float64
        for cell, number in zip(cells, numbers, strict=True):
            assert np.isnan(number) if not cell else Decimal(cell) == Decimal(repr(float(number)))


@examples(200)
@given(
    st.lists(
        st.sampled_from(["", "12", "1.50", "0012", "2019", "2019-05", "13800001111", "https://a.cn", "甲"]), max_size=12
    ),
    st.integers(0, 12),
    st.sampled_from(["数值", "获批日期", "代码"]),
)
def test_facts_of_parts_add_up(cells: list[str], at: int, header: str) -> None:
    whole = facts_of(header, cols.from_texts(cells))
    parts = facts_of(header, cols.from_texts(cells[:at])) + facts_of(header, cols.from_texts(cells[at:]))
    assert decide(SITES, {header: parts}) == decide(SITES, {header: whole})


def test_own_columns_are_those_that_no_one_else_has() -> None:
    assert own_names(SITES, ["id", "name", "orig_lon", "category_word", "_row", "level", "职工人数"]) == (
        "level",
        "职工人数",
    )
    assert own_names(TABLES["corridors"], ["id", "lon", "orig_lon"]) == ("lon", "orig_lon")
