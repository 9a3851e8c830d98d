"""Projects that a project includes are found, and what cannot be included is told with file and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.errors import DataFaults
from qjmap.included_projects import flatten, included_projects
from qjmap.pipeline.load import find_faults
from qjmap.project import load_project
from tests.commands import run_command
from tests.included_projects.projects import make

PLACE = [{"id": "a", "name": "甲地", "lon": 106, "lat": 29, "datum": "wgs84"}]


def prefixes(root: Path) -> dict[str, str]:
    found, _ = flatten(included_projects(load_project(root))[0])
    return {prefix: one.project.root.resolve().name for prefix, one in found.items()}


def codes(root: Path) -> list[tuple[str, str | None, str]]:
    return [(fault.file, fault.column, fault.code) for fault in find_faults(load_project(root))]


def test_folders_are_relative_to_the_project_that_names_them(tmp_path: Path) -> None:
    make(tmp_path / "deep" / "inner", places=PLACE)
    make(tmp_path / "deep" / "outer", include={"in": "../inner"}, places=PLACE)
    make(tmp_path / "atlas", include={"out": "../deep/outer"})
    assert prefixes(tmp_path / "atlas") == {"out": "outer", "out.in": "inner"}


def test_what_several_include_is_there_once_under_its_shortest_prefix(tmp_path: Path) -> None:
    make(tmp_path / "common", places=PLACE)
    make(tmp_path / "one", include={"s": "../common"}, places=PLACE)
    make(tmp_path / "two", include={"t": "../common"}, places=PLACE)
    make(tmp_path / "atlas", include={"one": "../one", "two": "../two", "own": "../common"})
    assert prefixes(tmp_path / "atlas") == {"one": "one", "two": "two", "own": "common"}
    _, others = flatten(included_projects(load_project(tmp_path / "atlas"))[0])
    assert others == {"one.s": "own", "two.t": "own"}


def test_a_missing_folder_and_one_without_settings_are_faults(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    make(tmp_path / "atlas", include={"gone": "../gone", "empty": "../empty"})
    faults = find_faults(load_project(tmp_path / "atlas"))
    assert [(one.file, one.column, one.value, one.code) for one in faults] == [
        ("data/project.toml", "include.empty", "../empty", "include-missing"),
        ("data/project.toml", "include.gone", "../gone", "include-missing"),
    ]
    assert all("[include]" in one.cure("en") for one in faults)


@pytest.mark.slow
def test_a_circle_is_a_fault_of_the_settings_that_close_it(tmp_path: Path) -> None:
    make(tmp_path / "b", include={"a": "../a"})
    make(tmp_path / "a", include={"b": "../b"})
    assert codes(tmp_path / "a") == [("../b/data/project.toml", "include.a", "include-cycle")]
    make(tmp_path / "c", include={"self": "."})
    assert codes(tmp_path / "c") == [("data/project.toml", "include.self", "include-cycle")]


@pytest.mark.slow
def test_faults_of_an_included_project_name_its_files(tmp_path: Path) -> None:
    make(tmp_path / "bad", places=[{"id": "a", "name": "甲地", "lon": "x", "lat": 29}])
    make(tmp_path / "worse").joinpath("data", "project.toml").write_text("id = ", encoding="utf-8")
    make(tmp_path / "atlas", include={"bad": "../bad", "worse": "../worse"}, places=PLACE)
    found = codes(tmp_path / "atlas")
    assert ("../bad/data/places.csv", "lon", "lon-form") in found
    assert ("../worse/data/project.toml", None, "toml-form") in found
    done = run_command("build", tmp_path / "atlas", cwd=tmp_path)
    assert done.returncode == 1
    assert not (tmp_path / "atlas" / "maps").exists()


@pytest.mark.parametrize(
    ("lines", "code"),
    [('Nord = "../n"', "include-prefix"), ('"a.b" = "../n"', "include-prefix"), ("n = 3", "include-folder")],
)
def test_settings_of_another_form_are_faults(tmp_path: Path, lines: str, code: str) -> None:
    root = make(tmp_path / "p")
    (root / "data" / "project.toml").write_text(f'id = "p"\ntitle = "p"\n[include]\n{lines}\n', encoding="utf-8")
    with pytest.raises(DataFaults) as raised:
        load_project(root)
    assert [fault.code for fault in raised.value.faults] == [code]


def test_tables_in_parts_cannot_be_included(tmp_path: Path) -> None:
    make(tmp_path / "large", places=PLACE)
    (tmp_path / "large" / "data" / "sites").mkdir()
    (tmp_path / "large" / "data" / "sites" / "1.csv").write_text("name\n甲厂\n", encoding="utf-8")
    make(tmp_path / "atlas", include={"large": "../large"})
    done = run_command("check", tmp_path / "atlas", cwd=tmp_path, environment={"QJMAP_LANG": "en"})
    assert done.returncode == 2
    assert "../large/data/sites" in done.stdout + done.stderr
