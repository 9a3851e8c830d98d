"""The projects of all units that a file names, and one map of them, by one command."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from qjmap.errors import DataFaults, UsageError
from qjmap.include_settings import SEPARATOR
from qjmap.pipeline.build import build
from qjmap.pipeline.load import find_faults, load_atlas
from qjmap.project import load_project
from qjmap.scaffold import new_atlas
from tests.commands import run_command
from tests.districts import sample

DAY = datetime.date(2026, 5, 4)


def names(folder: Path, text: str) -> Path:
    path = folder / "两江.txt"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_file_of_names_becomes_projects_and_one_that_includes_them(tmp_path: Path) -> None:
    made = new_atlas(
        names(tmp_path, "# 名单\n自贡市\n\n鼓楼区，南京市\n鼓楼区,徐州市\n500110\n"), tmp_path / "out", today=DAY
    )
    project = load_project(made.folder)
    assert project.settings.title == "两江合作地图"
    assert [*project.settings.include] == ["zigongshi", "gulouqu-320106", "gulouqu-320302", "qijiangqu"]
    assert sorted(path.name for path in (made.folder / "projects").iterdir()) == [
        "綦江区",
        "自贡市",
        "鼓楼区-320106",
        "鼓楼区-320302",
    ]
    assert find_faults(project) == []
    atlas = load_atlas(project)[0]
    assert [atlas.places.set_index("id")["adcode"][home] for home in atlas.project.settings.homes] == [
        "510300",
        "320106",
        "320302",
        "500110",
    ]
    places = atlas.places
    homes = {place for place in places["name"] if place in ("自贡市", "綦江区", "鼓楼区")}
    assert homes == {"自贡市", "綦江区", "鼓楼区"}
    assert all(SEPARATOR in place for place in places["id"])
    assert not places["adcode"].duplicated().any()


def test_each_line_that_means_no_unit_or_several_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFaults) as raised:
        new_atlas(names(tmp_path, "自贡市\n无此县\n鼓楼区\n510300\n"), tmp_path / "out")
    assert [(fault.row, fault.code) for fault in raised.value.faults] == [
        (2, "new-unknown"),
        (3, "atlas-ambiguous"),
        (4, "atlas-twice"),
    ]
    assert not (tmp_path / "out").exists()
    with pytest.raises(UsageError) as empty:
        new_atlas(names(tmp_path, "# nobody\n"), tmp_path / "out")
    assert empty.value.code == "atlas-empty"


@pytest.mark.slow
def test_the_command_takes_a_name_or_a_file(tmp_path: Path) -> None:
    names(tmp_path, "自贡市\n泸州市\n")
    assert run_command("new", "--atlas", "两江.txt", cwd=tmp_path).returncode == 0
    assert run_command("build", "两江", cwd=tmp_path).returncode == 0
    assert (tmp_path / "两江" / "maps" / "liangjiang.html").is_file()
    assert run_command("new", cwd=tmp_path).returncode == 2
    assert run_command("new", "自贡市", "--atlas", "两江.txt", cwd=tmp_path).returncode == 2


@pytest.mark.slow
def test_an_atlas_of_44_units_is_one_page_of_less_than_2_mb(tmp_path: Path) -> None:
    file = names(tmp_path, "\n".join(sample(60, seed=3)[:44]))
    built = build(load_project(new_atlas(file, tmp_path / "out", example=True, today=DAY).folder))
    assert [fault for fault in built.warnings if fault.code == "include-differs"] == []
    assert built.page.stat().st_size < 2_000_000
