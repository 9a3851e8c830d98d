"""A running number or a code of somebody else's table is no id of ours: it is kept, and never means another row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from qjmap.edit import AddReport, add, undo
from qjmap.pipeline.export import export
from qjmap.project import Project, load_project
from qjmap.schema import TABLES
from qjmap.validation import check
from qjmap.validation.id_column import is_word_slug
from tests.edit.test_add import given_file, rows_of
from tests.region import make_region
from tests.validation.test_check_project import made

HEADER = ",".join(TABLES["sites"].names) + "\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path / "p", sites=HEADER)


def added(project: Project, folder: Path, rows: list[list[str]], **options: object) -> AddReport:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return add(project, given_file(folder, out.getvalue()), **options)  # type: ignore[arg-type]


def sites(project: Project) -> list[dict[str, str]]:
    assert not [fault for fault in check(project)[1] if fault.severity == "fault"]
    return rows_of(project.table_path("sites"))


CODES = {
    "numbers": ("1", "3"),
    "numbers with zeros": ("0001", "0002"),
    "letters and digits": ("A001", "A002"),
    "in lower case": ("s1", "s2"),
    "a prefix": ("CQ-0001", "CQ-0002"),
    "a word and a number with zeros": ("station-001", "station-002"),
    "a short prefix": ("qj-1", "qj-2"),
    "a GUID": ("550e8400-e29b-41d4-a716-446655440000", "0c2f7e11-9a3b-4f6e-8d7c-1b2a3c4d5e6f"),
    "a map service": ("B0FFG1ABCD", "B0FFG1ABCE"),
    "a division code": ("500110", "500112"),
    "OpenStreetMap": ("way/12345", "node/99"),
    "Chinese": ("企-1", "企-2"),
    "chapters": ("1.1", "1.2"),
    "circled": ("①", "②"),
}


HEADS = ["编号", "代码", "ID号", "key", "id", " Id ", "标识", "编号（必填）"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("head", "kind"), [*((head, "numbers") for head in HEADS), *(("id", kind) for kind in list(CODES)[1:])]
)
def test_two_lists_with_the_same_numbers_are_both_added(project: Project, tmp_path: Path, head: str, kind: str) -> None:
    first, second = CODES[kind]
    one = added(project, tmp_path, [[head, "名称"], [first, "甲加油站"], [second, "乙加油站"]])
    other = added(project, tmp_path, [[head, "名称"], [first, "甲学校"], [second, "乙学校"]])
    assert (one.added, other.added) == ([2, 3], [2, 3])
    kept = head.strip() if head.strip().lower() != "id" else "orig_id"
    rows = sites(project)
    assert [row["id"] for row in rows] == ["jiajiayouzhan", "yijiayouzhan", "jiaxuexiao", "yixuexiao"]
    assert [row[kept] for row in rows] == [first, second] * 2
    for lang in ("zh", "en"):
        assert kept in one.summary(lang)
    again = added(project, tmp_path, [[head, "名称"], [first, "甲学校"], [second, "乙学校"]])
    assert again.already == [2, 3]


@pytest.mark.parametrize(
    "id_", ["a", "qijiang-park", "land-sea-1", "3d-jianzhudayin", "row-3fa9c1", "own-1", "hall-2-annex"]
)
def test_ids_made_of_words_are_recognised(id_: str) -> None:
    assert is_word_slug(id_)


@pytest.mark.parametrize("head", ["id", "编号", "标识", "code"])
def test_ids_made_of_words_are_kept(project: Project, tmp_path: Path, head: str) -> None:
    report = added(project, tmp_path, [[head, "名称"], ["gear-works", "齿轮厂"], ["pit-head-2", "煤矿"]])
    assert report.ids == ["gear-works", "pit-head-2"]


def test_an_invalid_id_among_ids_made_of_words_is_its_row_s_fault(project: Project, tmp_path: Path) -> None:
    report = added(
        project, tmp_path, [["id", "名称"], ["gear-works", "齿轮厂"], ["pit-head", "煤矿"], ["no id!", "学校"]]
    )
    assert report.ids == ["gear-works", "pit-head"]
    assert [(fault.row, fault.code) for fault in report.faults if fault.severity == "fault"] == [(4, "id-form")]


@pytest.mark.slow
@pytest.mark.parametrize("head", ["编号", "ID", "序号", "No."])
def test_numbers_that_only_count_the_rows_are_left_out(project: Project, tmp_path: Path, head: str) -> None:
    report = added(project, tmp_path, [[head, "名称"], ["1", "甲站"], ["2", "乙站"]])
    assert report.added == [2, 3]
    assert head not in sites(project)[0]
    assert "orig_id" not in sites(project)[0]
    assert f"不保存：{head}" in report.summary("zh")


@pytest.mark.slow
def test_two_columns_of_numbers_are_both_kept(project: Project, tmp_path: Path) -> None:
    report = added(project, tmp_path, [["编号", "代码", "名称"], ["7", "A1", "甲"], ["9", "A2", "乙"]])
    assert report.added == [2, 3]
    assert [(row["编号"], row["代码"]) for row in sites(project)] == [("7", "A1"), ("9", "A2")]
    assert added(project, tmp_path, [["代码", "id", "名称"], ["9", "third-works", "丙"]]).ids == ["third-works"]
    assert sites(project)[-1]["代码"] == "9"


@pytest.mark.slow
def test_numbers_of_our_own_table_stay_ids(tmp_path: Path) -> None:
    project = made(tmp_path / "p", sites="编号,名称,类别\n1,甲站,\n2,乙站,\n")
    assert list(check(project)[0]["sites"].frame["id"]) == ["1", "2"]
    known = added(project, tmp_path, [["编号", "名称", "类别"], ["1", "甲站", "企业"], ["3", "丙站", ""]], update=True)
    assert (known.updated, known.added, known.ids) == ([2], [3], ["3"])
    foreign = added(project, tmp_path, [["编号", "名称"], ["1", "甲校"], ["3", "乙校"]], update=True)
    assert (foreign.updated, foreign.added, foreign.ids) == ([], [2, 3], ["jiaxiao", "yixiao"])
    rows = sites(project)
    assert [row["名称"] for row in rows] == ["甲站", "乙站", "丙站", "甲校", "乙校"]
    assert [row["orig_id"] or "" for row in rows[3:]] == ["1", "3"]
    assert [row["编号"] for row in rows] == ["1", "2", "3", "jiaxiao", "yixiao"]


@pytest.mark.slow
def test_a_column_that_the_table_would_read_as_ids_gets_another_name(tmp_path: Path) -> None:
    project = made(tmp_path / "p", sites="编号,名称\ngear-works,齿轮厂\n")
    rows = [["id", "编号", "代码", "名称"], ["pit-head", "1", "A1", "煤矿"], ["new-hall", "2", "A2", "新馆"]]
    assert added(project, tmp_path, rows).ids == ["pit-head", "new-hall"]
    assert [row["编号"] for row in sites(project)] == ["gear-works", "pit-head", "new-hall"]
    kept = {cell for row in sites(project) for name, cell in row.items() if name.startswith("orig_id")}
    assert {"1", "2", "A1", "A2"} <= kept
    assert added(project, tmp_path, rows).already == [2, 3]


@pytest.mark.slow
def test_a_number_of_the_file_means_no_row_of_another_table(tmp_path: Path) -> None:
    project = made(tmp_path / "p", sites="id,name\n1,别的总厂\n7,另一厂\n")
    rows = [["1", "总厂", ""], ["2", "车间", "1"], ["3", "仓库", "总厂"], ["4", "门店", "另一厂"]]
    report = added(project, tmp_path, [["编号", "名称", "所属"], *rows])
    assert report.added == [2, 4, 5]
    (fault,) = [fault for fault in report.faults if fault.severity == "fault"]
    assert (fault.row, fault.value, fault.code) == (3, "1", "reference-number")
    assert [row["part_of"] for row in sites(project)[2:]] == ["", "zongchang", "7"]


@pytest.mark.slow
def test_an_update_changes_no_name_without_yes(project: Project, tmp_path: Path) -> None:
    added(project, tmp_path, [["id", "名称", "别名", "说明"], ["gear-works", "齿轮厂", "老厂", "旧"]])
    before = project.table_path("sites").read_bytes()
    other = [["id", "名称", "说明"], ["gear-works", "学校", "新"]]
    report = added(project, tmp_path, other, update=True)
    assert (report.updated, report.refused) == ([], [2])
    (fault,) = [fault for fault in report.faults if fault.severity == "fault"]
    assert fault.code == "update-renames"
    for lang in ("zh", "en"):
        assert all(word in fault.line(lang) for word in ("齿轮厂", "学校", "--yes"))
    assert project.table_path("sites").read_bytes() == before
    assert added(project, tmp_path, [["id", "名称", "说明"], ["gear-works", "老厂", "新"]], update=True).updated == [2]
    undo(project)
    report = added(project, tmp_path, other, update=True, yes=True)
    assert (report.updated, report.renamed) == ([2], [(2, "齿轮厂", "学校")])
    for lang in ("zh", "en"):
        assert all(word in report.summary(lang) for word in ("齿轮厂", "学校"))
    assert sites(project)[0]["name"] == "学校"


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_an_export_brings_its_ids_whatever_they_look_like(tmp_path: Path, form: str) -> None:
    source = load_project(make_region(tmp_path / "a"))
    for name in ("sites", "partnerships"):
        text = source.table_path(name).read_text(encoding="utf-8")
        text = text.replace("\npark,", "\n1,").replace(",park,", ",1,").replace("|park,", "|1,")
        source.table_path(name).write_text(text, encoding="utf-8")
    out = export(source, tmp_path / f"sites.{form}", layer="sites", form=form)[0]
    target = load_project(make_region(tmp_path / "b"))
    target.table_path("sites").write_text(HEADER, encoding="utf-8")
    target.table_path("partnerships").unlink()
    target.table_path("indicators").unlink()
    report = add(target, out)
    assert report.refused == []
    assert "1" in report.ids
    assert {row["id"]: row["part_of"] for row in rows_of(target.table_path("sites"))}["works"] == "1"


def test_a_copy_of_a_table_brings_its_ids(project: Project, tmp_path: Path) -> None:
    report = add(project, given_file(tmp_path, HEADER + "1,甲" + "," * (HEADER.count(",") - 1) + "\n"))
    assert report.ids == ["1"]
