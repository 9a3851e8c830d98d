"""Settings name places by their names as tables do."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.edit import resolve_names
from qjmap.pipeline.load import find_faults, load_atlas
from qjmap.project import load_project
from qjmap.validation import check
from tests.validation.test_check_project import found, made

NAMES = """
home = "綦江县"
opening = ["qijiang", "重庆", "义乌市", "马德里"]
region = ["重庆市", "西班牙"]
[[views]]
id = "far"
title = "远处"
opening = ["330782", "马德里"]
"""


def test_names_and_codes_stand_for_ids(tmp_path: Path) -> None:
    settings = load_atlas(made(tmp_path, NAMES))[0].project.settings
    assert settings.home == "qijiang"
    assert settings.opening == ("qijiang", "cq", "yiwushi", "madeli")
    assert settings.views[0].opening == ("yiwushi", "madeli")


def test_a_place_that_only_the_settings_name_is_a_place_of_the_map(tmp_path: Path) -> None:
    places = load_atlas(made(tmp_path, 'home = "义乌市"\n', places="id,name\n"))[0].places
    assert list(places["id"]) == ["yiwushi"]
    assert list(places["level"]) == ["district"]


def test_the_region_holds_the_outlines_of_its_places(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        'region = "浙江省"\n',
        sites="name,lon,lat,datum,source\n甲,120.1,29.3,wgs84,s1\n乙,104.1,30.6,wgs84,s1\n",
    )
    west, south, east, north = check(project).project.settings.region or ()
    assert 117 < west < 119
    assert 26 < south < 28
    assert 122 < east < 124
    assert 30 < north < 32
    (told,) = found(project, "outside-region")
    assert told.params["rows"] == [3]


@pytest.mark.slow
@pytest.mark.parametrize("folder", [False, True])
def test_partitions_give_the_same(tmp_path: Path, folder: bool) -> None:
    project = made(tmp_path, NAMES.replace("马德里", "鼓楼区", 1), sites="name,place,source\n甲,綦江,s1\n")
    if folder:
        (tmp_path / "data" / "sites").mkdir()
        (tmp_path / "data" / "sites.csv").rename(tmp_path / "data" / "sites" / "1.csv")
    (told,) = [fault for fault in find_faults(project) if fault.severity == "fault"]
    assert (told.code, told.column, told.value) == ("setting-ambiguous", "opening", "鼓楼区")
    assert "鼓楼区（江苏省南京市） 320106" in told.params["places"]  # type: ignore[operator]
    made(tmp_path, NAMES)
    assert load_atlas(load_project(tmp_path))[0].project.settings.home == "qijiang"


def test_what_nothing_has_is_a_fault(tmp_path: Path) -> None:
    faults = found(made(tmp_path, 'home = "火星城"\nopening = ["没有"]\n'), "setting-reference")
    assert [(fault.column, fault.value) for fault in faults] == [("home", "火星城"), ("opening", "没有")]


@pytest.mark.slow
def test_an_ambiguous_name_is_settled_by_resolve(tmp_path: Path) -> None:
    project = made(tmp_path, 'home = "鼓楼区"\n')
    (question,) = resolve_names(project).open
    assert question.where("en") == "data/project.toml “home”"
    assert resolve_names(project, {"鼓楼区": "320106"}).open == []
    settings = load_atlas(project)[0].project.settings
    assert load_atlas(project)[0].places.set_index("id").loc[settings.home, "adcode"] == "320106"


def test_a_region_is_a_box_or_names(tmp_path: Path) -> None:
    assert made(tmp_path, "region = [1, 2, 3, 4]\n").settings.region == (1, 2, 3, 4)
    from qjmap.errors import DataFaults

    for wrong in ('["重庆市", 2]', "[1, 2, 3]", "[]", "5"):
        with pytest.raises(DataFaults):
            made(tmp_path, f"region = {wrong}\n")
