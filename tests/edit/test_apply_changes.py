"""A change file is applied as a whole or not at all; what a colleague changed meanwhile is named; every other byte stays."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from qjmap.edit import apply_changes, undo
from qjmap.errors import DataFaults, UsageError
from qjmap.project import Project
from qjmap.tables.readers.delimited import unguarded
from qjmap.validation import check
from tests.commands import run_command
from tests.edit.changes import NAMES, WORDS, modelled, random_changes, random_table
from tests.validation.test_check_project import made

pytestmark = pytest.mark.slow

SITES = 'id,name,address,手机,place,source\na,甲厂,"綦江, 一路",139,qijiang,s1\nb,乙厂,,138,qijiang,s1\nc,丙厂,三路,137,qijiang,s1\n'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path / "p", sites=SITES, partnerships="id,name,parties,source\np,协议,qijiang|a,s1\n")


def change_file(project: Project, *changes: dict[str, Any], **more: Any) -> Path:
    path = project.root / "changes.json"
    path.write_text(json.dumps({"qjmap_changes": 1, "map": "t", "changes": changes, **more}), encoding="utf-8")
    return path


def change(own: str, old: dict[str, str], new: dict[str, str], table: str = "sites") -> dict[str, Any]:
    return {"op": "change", "table": table, "id": own, "old": old, "new": new}


def deletion(own: str, table: str = "sites", **old: str) -> dict[str, Any]:
    return {"op": "delete", "table": table, "id": own, "old": old}


def addition(own: str, table: str = "sites", **new: str) -> dict[str, Any]:
    return {"op": "add", "table": table, "id": own, "new": new}


def sites(project: Project) -> str:
    return project.table_path("sites").read_bytes().decode()


def codes(project: Project, *changes: dict[str, Any], **more: Any) -> list[tuple[str, int | None, str | None]]:
    """Faults of changes that are refused: nothing is written."""
    before = {path: path.read_bytes() for path in project.data.glob("*.csv")}
    with pytest.raises(DataFaults) as refusal:
        apply_changes(project, change_file(project, *changes), **more)
    assert {path: path.read_bytes() for path in project.data.glob("*.csv")} == before
    for fault in refusal.value.faults:
        assert not re.search(r"\{\w+\}", fault.line("zh") + fault.line("en"))
        assert fault.cure("zh")
    return [(fault.code, fault.row, fault.column) for fault in refusal.value.faults]


def test_rows_are_added_changed_and_deleted_and_other_bytes_stay(project: Project) -> None:
    report = apply_changes(
        project,
        change_file(
            project, change("b", {"address": ""}, {"address": "二路, 5号"}), deletion("c", name="丙厂"),
            addition("d", name="丁厂", address="四路"), change("p", {"name": "协议"}, {"name": "新协议"}, "partnerships"),
        ),
    )  # fmt: skip
    assert sites(project) == (
        SITES.replace("乙厂,,", '乙厂,"二路, 5号",').replace("c,丙厂,三路,137,qijiang,s1", "d,丁厂,四路,,,")
    )
    assert [(one.op, one.table, one.id) for one in report.applied] == [
        ("change", "sites", "b"), ("delete", "sites", "c"), ("add", "sites", "d"), ("change", "partnerships", "p"),
    ]  # fmt: skip
    report = undo(project)  # type: ignore[assignment]
    assert sites(project) == SITES
    assert "新协议" not in project.table_path("partnerships").read_text("utf-8")


def test_a_dry_run_writes_nothing(project: Project) -> None:
    file = change_file(project, deletion("c", name="丙厂"))
    report = apply_changes(project, file, dry_run=True)
    assert "丙厂" in report.summary("zh")
    assert sites(project) == SITES
    assert not (project.state / "lock").exists()


def test_applied_twice_is_applied_once(project: Project) -> None:
    file = change_file(
        project,
        change("b", {"address": ""}, {"address": "二路"}),
        deletion("c", name="丙厂"),
        addition("d", name="丁厂"),
    )
    apply_changes(project, file)
    after = sites(project)
    report = apply_changes(project, file)
    assert (report.already, report.applied, sites(project)) == ([1, 2, 3], [], after)


@pytest.mark.slow
def test_a_cell_that_a_colleague_changed_is_a_conflict(project: Project) -> None:
    clash = change("b", {"address": "老路"}, {"address": "新路", "手机": "1"})
    assert codes(project, clash) == [("change-conflict", 1, "address")]
    report = apply_changes(project, change_file(project, clash), prefer="table")
    assert report.skipped == []
    assert [(one.code, one.row, one.column, one.value, one.severity) for one in report.kept] == [
        ("change-kept", 1, "address", "新路", "warning")
    ]
    assert report.faults == report.kept
    assert "b,乙厂,,1,q" in sites(project)
    apply_changes(project, change_file(project, clash), prefer="file")
    assert "b,乙厂,新路,1,q" in sites(project)


def test_conflicts_of_whole_rows(project: Project) -> None:
    assert codes(project, deletion("b", name="旧名")) == [("change-conflict-delete", 1, "name")]
    assert codes(project, addition("b", name="别的厂")) == [("change-id-taken", 1, "id")]
    assert codes(project, change("gone", {"name": "x"}, {"name": "y"})) == [("change-row-gone", 1, "id")]
    report = apply_changes(
        project,
        change_file(
            project, deletion("b", name="旧名"), addition("c", name="别的厂"), change("gone", {}, {"name": "y"})
        ),
        prefer="table",
    )
    assert (report.skipped, sites(project)) == ([1, 2, 3], SITES)
    assert [(one.code, one.row, one.column, one.value) for one in report.kept] == [
        ("change-kept-delete", 1, "name", "旧名"), ("change-kept", 2, "name", "别的厂"), ("change-kept-gone", 3, "id", "gone"),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_table_keeps_is_told_in_words_and_as_json(project: Project, lang: str) -> None:
    file = change_file(
        project, change("b", {"address": "老路", "手机": "138"}, {"address": "新路", "手机": "1"}), deletion("c", name="旧名"),
        addition("a", name="别的厂"), change("gone", {}, {"name": "y"}),
    )  # fmt: skip
    command = ["apply", file, "--prefer", "table", "--lang", lang]
    told = json.loads(run_command(*command, "--dry-run", "--json", cwd=project.root).stdout)
    assert [(one["code"], one["row"], one["column"], one["value"], one["severity"]) for one in told] == [
        ("change-kept", 1, "address", "新路", "warning"), ("change-kept-delete", 2, "name", "旧名", "warning"),
        ("change-kept", 3, "name", "别的厂", "warning"), ("change-kept-gone", 4, "id", "gone", "warning"),
    ]  # fmt: skip
    done = run_command(*command, "--all", cwd=project.root)
    assert done.returncode == 0
    for row in told:
        assert row["cure"]
        assert not re.search(r"\{\w+\}", row["message"])
        assert row["message"] in done.stdout
    assert "丙厂" in told[1]["message"]
    assert "b,乙厂,,1,q" in sites(project)


def test_without_a_conflict_nothing_is_kept(project: Project) -> None:
    file = change_file(project, change("b", {"address": ""}, {"address": "二路"}), deletion("c", name="丙厂"))
    assert apply_changes(project, file, prefer="table").faults == []
    assert apply_changes(project, file, prefer="table").faults == []


def test_the_old_cell_counts_in_its_canonical_form_too(project: Project) -> None:
    """The page knows the values of cells, not how they were typed."""
    table = project.table_path("partnerships")
    table.write_text(
        "id,name,kind,parties,start,value_cny\np,协议,框架协议,綦江区|甲厂,2020年9月,500万元\n", encoding="utf-8"
    )
    old = {"kind": "agreement", "parties": "qijiang|a", "start": "2020-09", "value_cny": "5000000"}
    apply_changes(project, change_file(project, change("p", old, {"start": "2021-01"}, "partnerships")))
    assert "p,协议,框架协议,綦江区|甲厂,2021-01,500万元" in table.read_text("utf-8")


def test_a_row_that_others_name_is_not_deleted_alone(project: Project) -> None:
    assert codes(project, deletion("a", name="甲厂")) == [("change-delete-named", 1, "id")]
    with pytest.raises(DataFaults) as refusal:
        apply_changes(project, change_file(project, deletion("a")))
    assert "data/partnerships.csv:2 p（parties）" in refusal.value.faults[0].message("zh")
    apply_changes(project, change_file(project, deletion("a"), deletion("p", "partnerships")))
    assert "甲厂" not in sites(project)


@pytest.mark.slow
def test_what_would_give_a_table_a_fault_is_refused_with_the_number_of_the_change(project: Project) -> None:
    assert codes(project, deletion("c"), change("b", {}, {"name": ""})) == [("name-missing", 2, "name")]
    assert codes(project, addition("d", name="丁厂", part_of="nowhere")) == [("reference-unknown", 1, "part_of")]
    assert codes(project, addition("d", name="丁厂", lon="abc", lat="29")) == [("lon-form", 1, "lon")]


def test_faults_that_are_there_already_do_not_stop_their_cure(project: Project) -> None:
    project.table_path("sites").write_text(SITES + "d,,五路,1,,s1\ne,戊厂,六路,1,,nowhere\n", encoding="utf-8")
    apply_changes(project, change_file(project, deletion("b"), change("d", {"name": ""}, {"name": "丁厂"})))
    assert "d,丁厂,五路,1,,s1\ne,戊厂,六路,1,,nowhere\n" in sites(project)


def test_changes_that_do_not_follow_from_each_other(project: Project) -> None:
    assert codes(project, deletion("c"), change("c", {}, {"name": "x"})) == [("change-of-deleted", 2, "id")]
    assert codes(project, addition("d", name="x"), addition("d", name="y")) == [("change-again", 2, "id")]
    assert codes(project, change("b", {}, {"nowhere": "x"})) == [("change-column", 1, "nowhere")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (7, "change-form"), ({"op": "add", "table": "x", "new": {"name": "a"}}, "change-table"),
        ({"op": "put", "table": "sites", "id": "a"}, "change-op"), (deletion("../a"), "change-id"),
        (deletion(""), "change-id"), (change("a", {}, {"id": "z"}), "change-renames-id"), (change("a", {}, {}), "change-nothing"),
        ({"op": "change", "table": "sites", "id": "a", "new": {"name": 5}}, "change-cells"),
        ({"op": "delete", "table": "sites", "id": "a", "new": {"name": "x"}}, "change-form"),
    ],
)  # fmt: skip
def test_changes_of_another_form(project: Project, row: Any, code: str) -> None:
    assert [found for found, *_ in codes(project, row)] == [code]


def test_files_of_another_kind_version_or_map(project: Project) -> None:
    path = project.root / "changes.json"
    for data, code in [
        (b"\xff\xfe", "changes-form"), (b"[]", "changes-form"), (b"[" * 100_000, "changes-form"),
        (b'{"qjmap_changes": 9, "changes": []}', "changes-version"),
        (b'{"qjmap_changes": 1, "map": "other", "changes": []}', "changes-other-map"),
    ]:  # fmt: skip
        path.write_bytes(data)
        with pytest.raises(UsageError) as refusal:
            apply_changes(project, path)
        assert refusal.value.code == code


def test_an_added_row_without_an_id_gets_one(project: Project) -> None:
    report = apply_changes(project, change_file(project, {"op": "add", "table": "sites", "new": {"name": "新厂"}}))
    assert [one.id for one in report.applied] == ["xinchang"]
    assert sites(project).endswith("xinchang,新厂,,,,\n")


@pytest.mark.slow
def test_the_command(project: Project) -> None:
    file = change_file(project, change("b", {"name": "乙厂"}, {"name": "新乙厂"}))
    dry = run_command("apply", file, "--dry-run", cwd=project.root)
    assert (
        dry.returncode,
        "“乙厂”→“新乙厂”" in run_command("apply", file, "--lang", "zh", cwd=project.root).stdout,
    ) == (0, True)
    assert "新乙厂" in sites(project)
    assert run_command("undo", cwd=project.root).returncode == 0
    assert sites(project) == SITES
    refused = run_command("apply", change_file(project, deletion("a")), "--json", cwd=project.root)
    assert (refused.returncode, json.loads(refused.stdout)[0]["code"]) == (1, "change-delete-named")


@pytest.mark.parametrize(
    "header", ["经纬度", "坐标（经度,纬度）", "纬度,经度", "纬经度", "latlon", "lat/lng", "lonlat"]
)
def test_latitude_and_longitude_in_one_cell_are_written_in_the_order_of_the_header(
    project: Project, header: str
) -> None:
    """A position in Europe could be read either way."""
    latitude_first = header[0] in "纬" or header.startswith("lat")
    before, after = (("13.4", "52.5"), ("13.4", "52.6"))
    cell, new = (", ".join(pair[::-1] if latitude_first else pair) for pair in (before, after))
    project.table_path("sites").write_text(f'id,name,"{header}",datum\na,甲厂,"{cell}",wgs84\n', encoding="utf-8")
    project.table_path("partnerships").unlink()
    apply_changes(project, change_file(project, change("a", {}, {"lat": "52.6"})))
    assert f'a,甲厂,"{new}",wgs84' in sites(project)
    found = check(project)[0]["sites"].frame
    assert (found["lon"].iat[0], found["lat"].iat[0]) == (13.4, 52.6)


COLUMNS = ["address", "operator", "手机"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_a_thousand_random_changes_give_what_the_model_gives(tmp_path: Path, seed: int) -> None:
    """25 files of 40 changes, on tables of any encoding, delimiter and line end; untouched rows keep every byte."""
    rng = random.Random(seed)
    rows = [
        {
            "id": f"r{number}",
            "name": rng.choice(NAMES),
            "place": "qijiang",
            **{name: rng.choice(WORDS) for name in COLUMNS},
        }
        for number in range(rng.randrange(30))
    ]
    project = made(tmp_path)
    text, encoding, delimiter = random_table(rng, rows, COLUMNS)
    project.table_path("sites").write_bytes(text.encode(encoding))
    typed = [dict(zip(["id", "name", "place", *COLUMNS], cells, strict=True)) for cells in read(text, delimiter)[1:]]
    changes = random_changes(rng, typed, 40, COLUMNS)
    apply_changes(project, change_file(project, *changes))
    after = project.table_path("sites").read_bytes().decode(encoding)
    header, *lines = read(after, delimiter)
    found = [{name: cell for name, cell in zip(header, line, strict=False) if cell} for line in lines]
    assert found == modelled(typed, changes)
    touched = {one["id"] for one in changes}
    for row, line in zip(typed, records(text, delimiter)[1:], strict=True):
        assert row["id"] in touched or line.rstrip("\r\n") in after


def read(text: str, delimiter: str) -> list[list[str]]:
    return [unguarded(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]


def records(text: str, delimiter: str) -> list[str]:
    """The records of a text as they stand in it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    ends = [reader.line_num for _ in reader]
    lines = io.StringIO(text, newline="").readlines()
    return ["".join(lines[start:end]) for start, end in pairwise([0, *ends])]
