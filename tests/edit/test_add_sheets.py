"""Several worksheets at once: alike into one table, named ones each into its own; references between them; one undo."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

import qjmap
from qjmap.edit import add_sheets, undo
from qjmap.errors import UsageError
from qjmap.project import Project, load_project
from qjmap.schema import TABLES
from qjmap.tables.readers.sheets import Sheet
from qjmap.validation.several_sheets import tables_of_sheets
from tests.commands import Result, run_command

Rows = Sequence[Sequence[object]]

NAMED: dict[str, Rows] = {
    "合作": [["名称", "类型", "合作方", "来源"], ["新协议", "合作协议", "新县、新厂", "新年鉴"]],
    "点位": [["名称", "类别", "所在地", "属于", "来源"], ["新厂", "企业", "新县", "新协议", "新年鉴"]],
    "地点": [
        ["名称", "类型", "上级地点", "来源"],
        ["新县", "区县", "新市", "新年鉴"],
        ["新市", "地级市", "", "新年鉴"],
    ],
    "来源": [["标题", "发布单位"], ["新年鉴", "统计局"]],
    "通道": [["名称", "状态", "来源"], ["新通道", "规划", "新年鉴"]],
    "通道分段": [["通道", "顺序", "起点", "终点", "方式", "来源"], ["新通道", 1, "新县", "新市", "公路", "新年鉴"]],
    "指标": [["对象", "名称", "数值", "单位", "来源"], ["新厂", "年产值", 3, "元", "新年鉴"]],
}


def workbook(path: Path, sheets: Mapping[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def table(project: Project, name: str) -> list[dict[str, str]]:
    with project.table_path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(project: Project) -> dict[str, bytes]:
    return {name: path.read_bytes() for name in TABLES if (path := project.table_path(name)).is_file()}


def qjmap_command(*arguments: str | Path, cwd: Path) -> Result:
    return run_command(*arguments, "--lang", "zh", cwd=cwd)


@pytest.fixture
def project(region: Path) -> Project:
    return load_project(region)


@pytest.mark.slow
def test_worksheets_of_our_tables_fill_them_all_whatever_their_order(project: Project, tmp_path: Path) -> None:
    before = files(project)
    report = add_sheets(project, workbook(tmp_path / "全部.xlsx", NAMED))
    assert report.refused == []
    assert {one.table: len(one.added) for one in report.reports} == dict.fromkeys(TABLES, 1) | {"places": 2}
    sites = {row["name"]: row for row in table(project, "sites")}
    places = {row["name"]: row for row in table(project, "places")}
    (pact,) = [row for row in table(project, "partnerships") if row["name"] == "新协议"]
    assert sites["新厂"]["place"] == places["新县"]["id"]
    assert sites["新厂"]["part_of"] == pact["id"]  # each refers to the other
    assert pact["parties"] == f"{places['新县']['id']}|{sites['新厂']['id']}"
    assert places["新县"]["parent"] == places["新市"]["id"]
    assert "工作表" not in sites["新厂"]
    assert qjmap_command("check", cwd=project.root).returncode == 0
    done = undo(project)
    assert files(project) == before
    assert len(done.ids) == 8
    assert "sites" in done.file
    assert "places" in done.file


@pytest.mark.slow
def test_adding_a_workbook_twice_adds_nothing(project: Project, tmp_path: Path) -> None:
    path = workbook(tmp_path / "全部.xlsx", NAMED)
    add_sheets(project, path)
    after = files(project)
    again = add_sheets(project, path)
    assert {len(one.added) for one in again.reports} == {0}
    assert again.refused == []
    assert files(project) == after
    assert again.undo == ""


@pytest.mark.slow
def test_worksheets_alike_go_to_one_table_with_their_names(project: Project, tmp_path: Path) -> None:
    header = ["名称", "类别", "所在地", "来源"]
    sheets = {
        month: [header, *([f"{month}厂{at}", "企业", "湖畔市", "survey"] for at in range(3))]
        for month in ("一月", "二月")
    }
    before = files(project)
    report = add_sheets(project, workbook(tmp_path / "月报.xlsx", sheets))
    assert [(one.sheet, one.table, len(one.added)) for one in report.reports] == [
        ("一月", "sites", 3),
        ("二月", "sites", 3),
    ]
    rows = [row for row in table(project, "sites") if row["工作表"]]
    assert [(row["name"], row["工作表"]) for row in rows][::3] == [("一月厂0", "一月"), ("二月厂0", "二月")]
    undo(project)
    assert files(project) == before


@pytest.mark.slow
def test_the_same_row_in_two_worksheets_is_added_once(project: Project, tmp_path: Path) -> None:
    rows = [["名称", "类别", "来源"], ["同一厂", "企业", "survey"]]
    report = add_sheets(project, workbook(tmp_path / "两张.xlsx", {"甲": rows, "乙": rows}))
    assert [(len(one.added), len(one.already)) for one in report.reports] == [(1, 0), (0, 1)]
    differing = {
        "甲": rows,
        "乙": [["名称", "类别", "来源"], ["同一厂", "学校", "survey"], ["别的厂", "企业", "survey"]],
    }
    undo(project)
    report = add_sheets(project, workbook(tmp_path / "不同.xlsx", differing))
    assert report.refused == []  # namesakes with other content, as in one worksheet
    assert [(row["category"], row["工作表"]) for row in table(project, "sites") if row["name"] == "同一厂"] == [
        ("enterprise", "甲"), ("school", "乙"),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_place_in_two_worksheets_is_updated_where_that_is_asked_for(project: Project, tmp_path: Path) -> None:
    sheets = {
        "甲": [["名称", "类型", "来源"], ["同一县", "区县", "survey"]],
        "乙": [["名称", "类型", "来源"], ["同一县", "街镇", "survey"], ["别的县", "区县", "survey"]],
    }
    path = workbook(tmp_path / "更新.xlsx", sheets)
    assert add_sheets(project, path, table="places", dry_run=True).refused == [("乙", 2)]
    assert add_sheets(project, path, table="places", duplicates="update").refused == []
    (row,) = [row for row in table(project, "places") if row["name"] == "同一县"]
    assert row["kind"] == "town"


@pytest.mark.slow
def test_who_refers_to_a_refused_row_of_another_worksheet_is_refused(project: Project, tmp_path: Path) -> None:
    sheets = {
        "通道分段": [["走廊", "顺序", "起点", "终点", "来源"],
                 ["坏通道", 1, "湖畔市", "山城市", "survey"], ["好通道", 1, "湖畔市", "山城市", "survey"]],
        "通道": [["名称", "开始日期", "来源"], ["坏通道", "x", "survey"], ["好通道", "2020", "survey"]],
        "指标": [["对象", "名称", "数值", "来源"], ["坏通道", "货运量", 1, "survey"], ["好通道", "货运量", 1, "survey"]],
    }  # fmt: skip
    report = add_sheets(project, workbook(tmp_path / "半好.xlsx", sheets))
    assert {("通道", 2), ("通道分段", 2)} <= {*report.refused}
    assert {row for _, row in report.refused} == {2}
    assert "好通道" in {row["name"] for row in table(project, "corridors")}
    assert len(table(project, "corridor_legs")) == 3
    assert qjmap_command("check", cwd=project.root).returncode == 0
    for sheet in ("通道", "通道分段"):
        with (tmp_path / f"半好.xlsx.{sheet}.refused.csv").open(encoding="utf-8-sig", newline="") as file:
            (row,) = csv.DictReader(file)
        assert row["错误"]


@pytest.mark.slow
def test_a_dry_run_and_a_check_say_the_same_and_write_nothing(region: Path, project: Project) -> None:
    before = files(project)
    workbook(region / "全部.xlsx", NAMED)
    dry = qjmap_command("add", "全部.xlsx", "--all-sheets", "--dry-run", cwd=region)
    checked = qjmap_command("check", "全部.xlsx", "--all-sheets", cwd=region)
    assert (dry.returncode, checked.returncode) == (0, 0), dry.stdout + checked.stdout
    assert "新增 8 行" in dry.stdout
    assert "新增 8 行" in checked.stdout
    assert files(project) == before


@pytest.mark.slow
def test_the_command_says_what_became_of_each_worksheet_and_what_to_do_next(region: Path) -> None:
    workbook(region / "全部.xlsx", NAMED)
    done = qjmap_command("add", "全部.xlsx", "--all-sheets", cwd=region)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout
    assert sum("工作表“" in line for line in lines) == 7
    assert "7 张工作表：新增 8 行" in lines[-2]
    assert "qjmap undo" in lines[-1]
    assert len(lines) < 25
    assert qjmap_command("undo", cwd=region).returncode == 0
    assert "只读取了工作表“点位”" in qjmap_command("add", "全部.xlsx", "--dry-run", cwd=region).stdout
    assert qjmap_command("add", "全部.xlsx", "--all-sheets", "--sheet", "点位", cwd=region).returncode == 2


@pytest.mark.slow
def test_many_worksheets_are_few_lines(region: Path) -> None:
    header = ["名称", "经度", "纬度", "来源"]
    sheets = {
        f"表{at}": [header, [f"坏厂{at}", "x", 29, "survey"], [f"厂{at}", 100.5, 30.5, "survey"]] for at in range(40)
    }
    workbook(region / "四十.xlsx", sheets)
    done = qjmap_command("add", "四十.xlsx", "--all-sheets", cwd=region)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) <= 60
    assert "新增 40 行" in done.stdout


@pytest.mark.slow
def test_add_sheets_works_from_python(region: Path) -> None:
    report = qjmap.open_project(region).add_sheets(workbook(region / "全部.xlsx", NAMED), dry_run=True)
    assert sum(len(one.added) for one in report.reports) == 8
    assert report.as_dict("zh")["dry_run"] is True


def test_a_file_that_is_no_workbook_is_added_as_ever(region: Path, project: Project) -> None:
    (region / "一个.csv").write_text("名称,来源\n新厂,survey\n", encoding="utf-8")
    (one,) = add_sheets(project, region / "一个.csv").reports
    assert len(one.added) == 1


def sheet(name: str, table: str | None, *header: str) -> Sheet:
    return Sheet(name, header, 3, table)


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ([sheet("一月", None, "名称", "地址"), sheet("二月", None, "名称", "地址")], ["sites", "sites"]),
        ([sheet("企业", "sites", "名称", "地址"), sheet("协议", "partnerships", "名称", "地址")], ["sites", "sites"]),
        ([sheet("县", "places", "名称"), sheet("市", None, "名称")], ["places", "places"]),
        ([sheet("点位", "sites", "名称", "地址"), sheet("合作", "partnerships", "名称", "合作方")], ["sites", "partnerships"]),
        ([sheet("点位", "sites", "名称", "地址"), sheet("续", None, "名称", "地址"), sheet("来源", "sources", "标题")],
         ["sites", "sites", "sources"]),
        ([sheet("一季度数据", "indicators", "名称", "地址", "经度"), sheet("二季度数据", "indicators", "名称", "地址", "经度")], ["sites", "sites"]),
        ([sheet("合作企业", "partnerships", "名称", "地址", "经度", "纬度"), sheet("来源", "sources", "标题")], ["sites", "sources"]),
        ([sheet("Sheet1", None, "名称", "地址"), sheet("Sheet2", None, "数一数", "算一算")], ["sites", None]),
    ],
)  # fmt: skip
def test_the_table_of_each_worksheet(sheets: list[Sheet], expected: list[str | None]) -> None:
    assert list(tables_of_sheets(sheets).values()) == expected


def told_workbook(path: Path) -> Path:
    first = [["机构甲", "去处", "备注乙"], ["甲厂", "綦江区古南街道1号", "x"], ["乙厂", "綦江区古南街道2号", "y"]]
    second = [["单位丙", "去处"], ["丙厂", "綦江区打通镇3号"]]
    third = [["名称", "地址"], ["丁厂", "綦江区石壕镇4号"]]
    return workbook(path, {"一": first, "二": second, "三": third})


@pytest.mark.slow
def test_each_part_of_told_columns_counts_for_the_worksheets_with_its_header(region: Path, project: Project) -> None:
    file = told_workbook(region / "三张.xlsx")
    told = "名称=机构甲,地址=去处"
    add_sheets(project, file, columns=told)
    rows = {row["name"]: row["address"] for row in table(project, "sites")}
    assert {name: rows.get(name) for name in ("甲厂", "乙厂", "丁厂")} == {
        "甲厂": "綦江区古南街道1号", "乙厂": "綦江区古南街道2号", "丁厂": "綦江区石壕镇4号",
    }  # fmt: skip
    assert rows["丙厂"] == "綦江区打通镇3号"
    undo(project)
    add_sheets(project, file)  # what was told is remembered by header
    assert {row["name"]: row["address"] for row in table(project, "sites")} == rows


def test_a_told_header_that_no_worksheet_has_is_refused(region: Path, project: Project) -> None:
    file = told_workbook(region / "三张.xlsx")
    before = files(project)
    for told, code in (("名称=没有的列", "columns-theirs"), ("没有的=去处", "columns-ours")):
        with pytest.raises(UsageError) as refused:
            add_sheets(project, file, columns=told)
        assert refused.value.code == code
    assert files(project) == before


def test_the_command_takes_columns_with_all_worksheets(region: Path) -> None:
    told_workbook(region / "三张.xlsx")
    done = qjmap_command("check", "三张.xlsx", "--all-sheets", "--columns", "名称=机构甲,地址=去处", cwd=region)
    assert done.returncode == 0, done.stdout
    assert "新增 4 行" in done.stdout
