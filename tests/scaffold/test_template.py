"""A template is a workbook that a clerk can fill in and `add` takes without a word but the usual."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from qjmap.scaffold import TEMPLATES, template_workbook
from qjmap.scaffold.template_columns import EXAMPLES, template_columns
from qjmap.schema import TABLES
from qjmap.tables import cell_values
from qjmap.tables.headers import parse_header
from tests.commands import Result, run_command

LANGUAGES = ("zh", "en")
CASES = [(table, lang, full) for table in TABLES for lang in LANGUAGES for full in (False, True)]


def qjmap(*arguments: str | Path, cwd: Path) -> Result:
    return run_command(*arguments, "--lang", "zh", cwd=cwd)


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


@pytest.mark.parametrize(("table", "lang", "full"), CASES)
def test_every_header_is_the_column_that_it_stands_for(table: str, lang: str, full: bool) -> None:
    columns = template_columns(table, lang, full=full)
    names = [parse_header(column.header, TABLES[table]).column for column in columns]
    assert None not in names
    assert len(set(names)) == len(names)
    assert {column.name for column in TABLES[table].columns if column.required} <= set(names)
    if full:
        assert set(names) == set(TABLES[table].names)


@pytest.mark.parametrize(("table", "lang", "full"), CASES)
def test_every_column_says_what_it_is_how_it_is_written_and_offers_words_that_are_read(
    table: str, lang: str, full: bool
) -> None:
    for column in template_columns(table, lang, full=full):
        assert column.about
        assert column.form
        assert len(column.examples) == EXAMPLES
        assert bool(column.words) == bool(column.vocabulary)
        for word in (*column.words, *(cell for cell in column.examples if cell and column.vocabulary)):
            assert cell_values.read_vocab(word, column.vocabulary)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_the_first_example_fills_every_column_but_rare_ones(table: str, lang: str) -> None:
    columns = template_columns(table, lang)
    filled = [column for column in columns if any(column.examples)]
    assert len(filled) >= len(columns) - 2


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", TEMPLATES)
def test_a_template_is_the_same_to_the_byte(table: str, lang: str) -> None:
    data = template_workbook(table, lang)
    assert data == template_workbook(table, lang)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}


@pytest.mark.parametrize("table", TABLES)
def test_a_sheet_has_examples_lists_hints_and_a_frozen_header(table: str) -> None:
    book = opened(template_workbook(table, "zh"))
    columns = template_columns(table, "zh")
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["标记", *(column.header for column in columns)]
    assert [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)] == ["标记", *["示例"] * EXAMPLES]
    assert sheet.freeze_panes == "C2"
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert len(rules) == len(columns) + 1
    for at, column in enumerate(columns, 2):
        letter = sheet.cell(1, at).column_letter
        rule = next(rule for cells, rule in rules.items() if cells.startswith(f"{letter}2:"))
        assert rule.prompt.startswith(column.about[:20])
        assert (rule.type == "list") == bool(column.words)
        if column.words:
            name, _, area = rule.formula1.partition("!")
            listed = tuple(cell[0].value for cell in book[name.strip("'")][area.replace("$", "")])
            assert listed == column.words
            assert rule.showErrorMessage != column.is_open
            assert rule.errorStyle in (None, "warning")


def test_dates_codes_and_ids_are_texts_so_that_excel_does_not_change_them() -> None:
    for table in TABLES:
        sheet = opened(template_workbook(table, "zh", full=True)).worksheets[0]
        formats = {
            at: group.number_format
            for group in sheet.column_dimensions.values()
            for at in range(group.min, group.max + 1)
        }
        for at, column in enumerate(template_columns(table, "zh", full=True), 2):
            assert (formats[at] == "@") == column.is_text, column.header
            assert sheet.cell(2, at).data_type in ("s", "n")
            assert sheet.cell(2, at).number_format == "@"


def test_the_explanations_name_every_column_and_what_is_required() -> None:
    for table in TABLES:
        book = opened(template_workbook(table, "zh"))
        rows = [[cell.value for cell in row[:5]] for row in book["填写说明"].iter_rows()]
        for column in template_columns(table, "zh"):
            (found,) = [row for row in rows if row[0] == column.header]
            assert found[1] == column.about
            assert (found[4] == "必填") == column.required


def test_the_workbook_of_all_tables_has_a_sheet_for_each() -> None:
    names = opened(template_workbook("all", "zh")).sheetnames
    assert names == ["地点", "点位", "合作", "通道", "通道分段", "指标", "来源", "填写说明", "可选的词"]


def test_a_file_that_is_there_is_replaced_only_by_force(region: Path) -> None:
    (region / "模板.xlsx").write_bytes(b"mine")
    done = qjmap("template", "-o", "模板.xlsx", cwd=region)
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert (region / "模板.xlsx").read_bytes() == b"mine"
    assert qjmap("template", "-o", "模板.xlsx", "--force", cwd=region).returncode == 0
    assert (region / "模板.xlsx").read_bytes() == template_workbook("sites", "zh")


def test_the_suffix_is_added_and_another_one_refused(region: Path) -> None:
    assert qjmap("template", "sources", "-o", "来源模板", cwd=region).returncode == 0
    assert (region / "来源模板.xlsx").is_file()
    for out in ("模板.csv", "data/sites.xlsx"):
        assert qjmap("template", "-o", out, cwd=region).returncode == 2


def test_the_language_is_the_option_s_or_the_project_s_and_not_the_system_s(region: Path, tmp_path: Path) -> None:
    settings = region / "data/project.toml"
    settings.write_text(settings.read_text("utf-8").replace('language = "zh"', 'language = "en"'), encoding="utf-8")
    assert 'language = "en"' in settings.read_text("utf-8")
    qjmap("template", "-o", "option.xlsx", cwd=region)
    run_command("template", "-o", "project.xlsx", cwd=region, environment={"QJMAP_LANG": "zh"})
    assert opened((region / "option.xlsx").read_bytes()).sheetnames[0] == "点位"
    assert opened((region / "project.xlsx").read_bytes()).sheetnames[0] == "sites"
    run_command("template", "-o", "none.xlsx", cwd=tmp_path, environment={"QJMAP_LANG": "en"})
    assert opened((tmp_path / "none.xlsx").read_bytes()).sheetnames[0] == "点位"


HOUSES = """
[categories.gear-works]
zh = "齿轮厂"
en = "gear works"
like = "enterprise"
"""


def test_words_of_the_project_are_offered(region: Path) -> None:
    with (region / "data/project.toml").open("a", encoding="utf-8") as file:
        file.write(HOUSES)
    assert qjmap("template", "-o", "模板.xlsx", cwd=region).returncode == 0
    words = [cell.value for row in opened((region / "模板.xlsx").read_bytes())["可选的词"].iter_rows() for cell in row]
    assert "齿轮厂" in words
    assert "齿轮厂" not in str(template_columns("sites", "zh"))


FILLED = {
    "sites": {"名称": "新厂", "类别": "企业", "状态": "运营中", "所在地": "湖畔市", "经度": 101.01, "纬度": 29.21,
              "坐标系": "GCJ-02（高德、腾讯坐标）", "开始日期": "2020-09", "来源": "survey", "截至": "2021-04"},
    "places": {"名称": "新县", "类型": "区县", "上级地点": "海岸省", "行政区划代码": "990199", "来源": "survey"},
    "partnerships": {"名称": "新协议", "类型": "合作协议", "合作方": "湖畔市、山城市", "金额": "1.2亿", "金额限定": "约", "来源": "survey"},
    "corridors": {"名称": "新通道", "区域": "海岸省", "状态": "规划", "来源": "survey"},
    "corridor_legs": {"通道": "山海铁路", "顺序": 3, "起点": "湖畔市", "终点": "山城市", "方式": "铁路", "来源": "survey"},
    "indicators": {"对象": "海湾齿轮厂", "名称": "员工", "类型": "实际", "数值": 120, "单位": "人", "时期": "2020", "来源": "survey"},
    "sources": {"标题": "新年鉴", "发布单位": "统计局", "发布日期": "2021-03"},
}  # fmt: skip


def fill(path: Path, rows: dict[str, dict[str, Any]]) -> None:
    """Fill in a template as a person does: below the examples, under the headers."""
    book = load_workbook(path)
    for name, record in rows.items():
        sheet = book[name]
        columns = {cell.value: cell.column for cell in sheet[1]}
        for header, value in record.items():
            sheet.cell(EXAMPLES + 2, columns[header]).value = value
    book.save(path)


SHEETS = {
    "sites": "点位", "places": "地点", "partnerships": "合作", "corridors": "通道", "corridor_legs": "通道分段", "indicators": "指标",
    "sources": "来源",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES)
def test_a_filled_template_is_added_without_a_word_but_the_usual(region: Path, table: str) -> None:
    assert qjmap("template", table, "-o", "模板.xlsx", cwd=region).returncode == 0
    fill(region / "模板.xlsx", {SHEETS[table]: FILLED[table]})
    done = qjmap("add", "模板.xlsx", "--table", table, cwd=region)
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert [line for line in lines if "标记" in line or "工作表" in line or "没有" in line] == []
    assert any("第2-4行是示例" in line for line in lines)
    assert "新增 1 行" in done.stdout
    assert "退回 0 行" in done.stdout
    assert "标记" not in (region / f"data/{table}.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_filled_workbook_of_all_tables_is_added_at_once(region: Path) -> None:
    assert qjmap("template", "all", "-o", "全部.xlsx", cwd=region).returncode == 0
    fill(region / "全部.xlsx", {SHEETS[table]: cells for table, cells in FILLED.items() if table != "corridors"})
    done = qjmap("add", "全部.xlsx", "--all-sheets", cwd=region)
    assert done.returncode == 0, done.stdout
    assert "6 张工作表：新增 6 行，已有 0 行，更新 0 行，退回 0 行" in done.stdout


def test_an_unfilled_template_adds_nothing_and_says_that_its_rows_are_examples(region: Path) -> None:
    before = (region / "data/sites.csv").read_bytes()
    assert qjmap("template", "-o", "模板.xlsx", cwd=region).returncode == 0
    done = qjmap("add", "模板.xlsx", cwd=region)
    assert "第2-4行是示例" in done.stdout
    assert "新增 0 行" in done.stdout
    assert (region / "data/sites.csv").read_bytes() == before


@pytest.mark.slow
def test_examples_in_a_table_of_the_project_are_passed_over_by_check_and_build(region: Path) -> None:
    table = region / "data/sites.csv"
    header, rest = table.read_text(encoding="utf-8").split("\n", 1)
    rows = [f",{line}" for line in rest.rstrip("\n").split("\n")]
    example = "示例" + "," * (header.count(",") + 1)
    table.write_text("\n".join([f"标记,{header}", example, *rows, ""]), encoding="utf-8")
    assert qjmap("check", cwd=region).returncode == 0
    assert qjmap("build", cwd=region).returncode == 0
