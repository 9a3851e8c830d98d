"""Columns of a document's tables are as wide as their texts need; numbers stand at the right."""

from __future__ import annotations

from qjmap.report.table_layout import column_widths, numeric_columns

ROWS = [
    ["合作", "状态", "项数", "距离（公里）", "金额"],
    ["綦江·自贡共建齿轮切削加工技术应用服务中心", "已签约", "18", "约 309", "500万元"],
    ["数据", "规划", "2", "", ""],
]


def test_the_widths_add_up_and_a_long_text_takes_no_more_than_its_share() -> None:
    widths = column_widths(ROWS, 9000)
    assert sum(widths) == 9000
    assert widths[0] == max(widths)
    assert widths[0] < 9000 * 0.6
    assert widths[1] > widths[2]  # 已签约 needs more than 18


def test_a_column_is_numeric_where_nothing_but_numbers_stands_beneath_its_head() -> None:
    assert numeric_columns(ROWS) == {2, 3}


def test_an_empty_column_is_not_numeric() -> None:
    assert numeric_columns([["a", "b"], ["", "-1,234.5"], [" ", ""]]) == {1}
