"""Choosing between candidates: `locate --file` lists them, a person marks one, and the marked list is read back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from qjmap.cli.main import main
from qjmap.edit import add
from qjmap.errors import UsageError
from qjmap.geocoding.choice_list import FILE, HEADER, SHEET, Choice, read_choices, recall_choices, remember_choices
from qjmap.geocoding.geocode_file import locate_file, unresolved_path
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.project import load_project
from tests.region import make_region

CHINA = OfflineLocator()
TABLE = "名称,地址\n甲厂,重庆市綦江区\n乙厂,朝阳区建国路\n丙厂,朝阳区建国路\n丁厂,无名岭\n"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8-sig") -> None:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, HEADER)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture
def listed(table: Path, tmp_path: Path) -> Path:
    assert locate_file(CHINA, table, tmp_path / "out.csv") == (4, 1)
    return unresolved_path(tmp_path / "out.csv")


def test_every_candidate_of_an_ambiguous_text_is_a_line(listed: Path) -> None:
    rows = rows_of(listed)
    assert tuple(rows[0]) == HEADER
    ambiguous = [row for row in rows if row["text"] == "朝阳区建国路"]
    assert {row["candidate"]: row["place_id"] for row in ambiguous}["北京市 朝阳区"] == "110105"
    assert len(ambiguous) > 1
    assert {row["row"] for row in ambiguous} == {"3"}  # the first of the rows with this text
    assert [row["place_id"] for row in rows if row["text"] == "无名岭"] == [""]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])  # as Chinese Excel saves it
def test_a_mark_locates_all_rows_of_its_text(listed: Path, table: Path, tmp_path: Path, encoding: str) -> None:
    rows = rows_of(listed)
    for row in rows:
        row["choice"] = "√" if row["place_id"] == "110105" else "否"
        if row["text"] == "无名岭":
            row |= {"choice": "", "lon": "106.653746", "lat": "29.026819", "datum": "高德"}
    write_rows(listed, rows, encoding)
    choices = read_choices(listed, "marked.csv", CHINA)
    assert locate_file(CHINA, table, tmp_path / "again.csv", choices=choices) == (4, 4)
    assert not unresolved_path(tmp_path / "again.csv").exists()
    _, second, third, fourth = rows_of(tmp_path / "again.csv")
    assert [(row["place_id"], row["reason"], row["datum"]) for row in (second, third)] == [
        ("110105", "chosen", "wgs84")
    ] * 2
    assert (float(fourth["lon"]), float(fourth["lat"])) == pytest.approx((106.65, 29.03), abs=1e-5)
    assert (fourth["level"], fourth["position_source"]) == ("site", "")


def test_a_workbook_has_the_list_as_its_second_worksheet(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    assert locate_file(CHINA, table, out) == (4, 1)
    first = out.read_bytes()
    locate_file(CHINA, table, out)
    assert out.read_bytes() == first
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["located", SHEET]
    assert isinstance(book["located"]["C2"].value, float)
    sheet = book[SHEET]
    line = next(row for row in sheet.iter_rows() if row[HEADER.index("place_id")].value == "110105")
    line[HEADER.index("choice")].value = "x"
    book.save(out)
    assert read_choices(out, "out.xlsx", CHINA) == {("朝阳区建国路", ()): Choice("110105")}


def test_a_name_may_stand_for_its_code(listed: Path) -> None:
    rows = [row | {"place_id": "綦江县"} for row in rows_of(listed) if row["text"] == "无名岭"]
    write_rows(listed, rows)
    assert read_choices(listed, "marked.csv", CHINA) == {("无名岭", ()): Choice("500110")}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"choice": "x"}, "choices-two"),
        ({"choice": "x", "place_id": "999999"}, "choices-value"),
        ({"lon": "east", "lat": "29"}, "choices-value"),
        ({"lon": "106.6", "lat": "29", "datum": "neptune"}, "choices-value"),
    ],
)
def test_a_list_that_is_marked_wrongly_is_refused(listed: Path, change: dict[str, str], code: str) -> None:
    rows = [row for row in rows_of(listed) if row["candidate"]]
    write_rows(listed, [row | change for row in rows])
    with pytest.raises(UsageError) as caught:
        read_choices(listed, "marked.csv", CHINA)
    assert caught.value.code == code


def test_another_table_is_no_list(table: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_choices(table, "list.csv", CHINA)
    assert caught.value.code == "choices-columns"


def test_what_a_project_keeps(tmp_path: Path) -> None:
    first, second = {("甲", ("乙", "丙")): Choice("110105")}, {("丁", ()): Choice(lon=106.5, lat=29.5, datum="gcj02")}
    remember_choices(tmp_path, first)
    remember_choices(tmp_path, second)
    assert recall_choices(tmp_path) == first | second
    (tmp_path / FILE).write_text("[", encoding="utf-8")
    assert recall_choices(tmp_path) == {}


@pytest.mark.slow
def test_a_project_remembers_and_its_table_takes_the_result_without_a_warning(
    tmp_path: Path, listed: Path, table: Path
) -> None:
    project = make_region(tmp_path / "region")
    write_rows(listed, [row | {"choice": "x"} for row in rows_of(listed) if row["place_id"] == "110105"])
    out = tmp_path / "again.csv"
    for command in (["--choices", str(listed)], ["--file", str(table), "-o", str(out)]):
        with pytest.raises(SystemExit) as ended:
            main(["locate", *command, "--project", str(project)])
        assert ended.value.code == 0
    assert [row["reason"] for row in rows_of(out)][1:3] == ["chosen", "chosen"]
    report = add(load_project(project), out)
    assert report.refused == []
    assert "no-datum" not in {fault.code for fault in report.faults}
    added = rows_of(project / "data" / "sites.csv")[-4:]
    assert [(row["position_source"], row["datum"], row["precision"]) for row in added[:2]] == [
        ("gazetteer", "wgs84", "district")
    ] * 2
    assert "origin" not in added[0]
