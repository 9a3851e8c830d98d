"""The header row among titles and above totals, whatever its cells hold; rows that only look like totals are data."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.edit import add
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from qjmap.schema import TABLES
from qjmap.tables import read_table
from qjmap.tables.readers.find_header_row import rows_to_grid
from qjmap.tables.readers.grid import Grid
from tests.tables.helpers import SITES


@pytest.mark.slow
@pytest.mark.parametrize("quoted", [False, True], ids=["even rows", "a cell of two lines"])
def test_no_row_of_our_own_table_is_taken_for_totals(region: Path, quoted: bool) -> None:
    project = load_project(region)
    file = region / "new.csv"
    text = "name,description,source\n甲厂,,survey\nTotal,,survey\n"
    file.write_text(text + ('乙厂,"一\n二",survey\n' if quoted else "乙厂,,survey\n"), encoding="utf-8")
    report = add(project, file)
    table = project.table_path("sites")
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    total = next(line for line in lines if line.startswith("total,"))
    lines.remove(total)
    table.write_text("".join([*lines, total]), encoding="utf-8")  # now it is the last one
    assert set(report.ids) <= set(read_table(table, TABLES["sites"]).frame["id"])
    assert set(report.ids) <= set(load_atlas(project)[0].sites["id"])


def test_titles_tags_and_totals_are_no_data() -> None:
    rows = [["一览表"], [], ["名称", "类别"], ["#loc+name", "#loc+type"], ["甲", "企业"], ["", " "], ["合计", "1"]]
    grid = rows_to_grid(rows, SITES, shown="a")
    assert (grid.header, grid.rows, grid.numbers) == (["名称", "类别"], [["甲", "企业"]], [5])
    assert grid.header_row == 3
    notes = {note.key: note.params["rows"] for note in grid.notes}
    assert notes == {"note-above": [1], "note-hxl": [4], "note-totals": [7]}


def test_rows_are_padded_and_cut_to_the_header() -> None:
    grid = rows_to_grid([["名称", "", ""], ["甲"], ["乙", "大", "", "多"]], SITES, shown="a")
    assert grid.header == ["名称", "列2"]
    assert [*map(list, grid.rows)] == [["甲", ""], ["乙", "大"]]
    assert [(fault.code, fault.row, fault.value) for fault in grid.faults] == [("row-too-long", 3, "多")]


def test_every_row_of_a_file_of_refused_rows_is_data() -> None:
    grid = rows_to_grid([["名称", "错误"], ["合计", "无"]], SITES, shown="a")
    assert (grid.header, grid.rows) == (["名称"], [["合计"]])


def test_a_header_of_a_mark_alone_has_no_columns() -> None:
    grid = rows_to_grid([["\ufeff"], ["", ""]], SITES, shown="a")
    assert (grid.header, list(grid.rows)) == ([], [])
    assert [fault.code for fault in rows_to_grid([], SITES, shown="a").faults] == ["file-empty"]


def grid(text: str) -> Grid:
    return rows_to_grid([line.split(",") for line in text.strip("\n").split("\n")], SITES, shown="a")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1,甲机场,中国,29.03,106.65,U\n2,乙机场,中国,29.16,107.10,A\n3,丙机场,中国,28.96,106.93,E\n4,丁机场,中国,29.29,106.26,A", 1),
        ("甲,106.65,29.03", 1),
        ("某某名单,,\n1,甲厂,某路\n2,乙厂,某路\n3,丙厂,某路", 2),
        ("甲厂,2020-09-09,企业\n乙厂,2021-09-09,地址", 1),
        ("甲厂,https://a.example.cn\n乙厂,https://b.example.cn", 1),
        ("甲厂,12\n乙厂,单位\n丙厂,14\n丁厂,15", 1),
    ],
)  # fmt: skip
def test_a_table_without_a_header_loses_no_row(text: str, first: int) -> None:
    found = grid(text)
    assert found.header_row == 0
    assert found.header == [f"列{number}" for number in range(1, len(found.header) + 1)]
    assert list(found.numbers) == list(range(first, text.count("\n") + 2))
    assert "note-no-header" in {note.key for note in found.notes}
