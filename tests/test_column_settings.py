"""`[columns]` of `project.toml`: labels, units, order, filter and what is hidden, for all tables or one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.column_settings import ColumnSettings, OwnColumnSettings
from qjmap.errors import DataFaults
from qjmap.project import load_project

GOOD = 'id = "bay"\ntitle = "湾区"\n'


def columns_of(folder: Path, text: str) -> OwnColumnSettings:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "project.toml").write_text(GOOD + text, encoding="utf-8")
    return load_project(folder).settings.columns


def test_settings_of_a_table_overrule_those_of_every_table(tmp_path: Path) -> None:
    columns = columns_of(
        tmp_path,
        '[columns."职工人数"]\nlabel = "职工"\nunit = "人"\norder = 2\n[columns.sites."职工人数"]\nunit = "名"\nfilter = true\n',
    )
    assert columns.of("sites", "职工人数") == ColumnSettings("职工", "", "名", 2, True, None)
    assert columns.of("places", "职工 人数") == ColumnSettings("职工", "", "人", 2, False, None)
    assert columns.of("sites", "别的列") == ColumnSettings()


@pytest.mark.parametrize(
    "text",
    [
        "[columns.职工人数]\nunit = '人'\n",
        "[columns.sites.职工人数]\nunit = '人'\n",
        "[columns]\n职工人数 = {unit = '人'}\n",
        "columns = {职工人数 = {unit = '人'}, 其他={}}\n",
        "[columns]\n职工人数.unit = '人' # 单位 = 人\n",
        "[columns]\n# 职工人数 = 没有引号\n'职工人数' = {unit = '人'}\n其他 = {}\n",
    ],
)
def test_chinese_names_need_no_quotation_marks(tmp_path: Path, text: str) -> None:
    assert columns_of(tmp_path, text).of("sites", "职工人数").unit == "人"


def test_the_brackets_of_a_header_may_be_left_out(tmp_path: Path) -> None:
    columns = columns_of(
        tmp_path, "[columns.占地面积]\nunit = '亩'\norder = 1\n[columns.'占地面积（亩）']\nunit = ''\n"
    )
    assert columns.of("sites", "占地面积（亩）") == ColumnSettings(order=1)
    assert columns.of("sites", "占地面积 (公顷)") == ColumnSettings(unit="亩", order=1)
    assert columns.unused({"sites": ("占地面积（亩）",)}) == []
    assert columns.unused({"sites": ("占地面积",)}) == ["占地面积（亩）"]


def test_a_column_may_have_the_name_of_a_table(tmp_path: Path) -> None:
    assert columns_of(tmp_path, "[columns.sources]\nunit = '个'\n").of("sites", "Sources").unit == "个"


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    text = "[columns.甲]\nlable = 'x'\norder = 'y'\nfilter = 1\n[columns.sites.乙]\nhidden = 'no'\n[columns]\n丙 = 3\n"
    with pytest.raises(DataFaults) as caught:
        columns_of(tmp_path, text)
    assert [(fault.code, fault.value) for fault in caught.value.faults] == [
        ("setting-columns", "甲.lable = x"), ("setting-columns", "甲.order = y"), ("setting-columns", "甲.filter = 1"),
        ("setting-columns", "sites.乙.hidden = no"), ("setting-columns", "丙 = 3"),
    ]  # fmt: skip
    with pytest.raises(DataFaults) as caught:
        columns_of(tmp_path, 'columns = "x"\n')
    assert [fault.code for fault in caught.value.faults] == ["setting-columns"]


def test_settings_of_columns_that_no_table_has_are_listed() -> None:
    columns = OwnColumnSettings({}, {("", "甲"): "甲", ("sites", "乙"): "乙", ("places", "乙"): "乙"})
    assert columns.unused({"sites": ("甲", "乙"), "places": ()}) == ["places.乙"]
