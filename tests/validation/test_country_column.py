"""Coordinates, places and addresses outside of a row's country are told; no place is taken from another country."""

from __future__ import annotations

from pathlib import Path

import pytest

import qjmap
from qjmap.errors import Fault
from qjmap.project import Project, load_project
from qjmap.validation import check, check_file

pytestmark = pytest.mark.slow

HEADER = "name,category,国家,place,address,lon,lat,datum,source\n"


def made(folder: Path, sites: str, header: str = HEADER) -> Project:
    (folder / "data").mkdir()
    (folder / "data" / "project.toml").write_text('id = "t"\ntitle = "t"\n', encoding="utf-8")
    (folder / "data" / "sources.csv").write_text("id,title\ns,报道\n", encoding="utf-8")
    (folder / "data" / "places.csv").write_text("id,name,adcode\nqijiang,綦江区,500110\n", encoding="utf-8")
    (folder / "data" / "sites.csv").write_text(header + sites, encoding="utf-8")
    return load_project(folder)


def found(faults: list[Fault]) -> list[tuple[str, int | None]]:
    codes = ("country-differs", "country-misplaced", "place-elsewhere")
    return [(fault.code, fault.row or fault.params["rows"][0]) for fault in faults if fault.code in codes]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("德国,,重庆市綦江区古南街道12号,,,", "country-differs"),
        ("DE,綦江区,,,,", "country-differs"),
        ("中国,,德国杜伊斯堡,,,", "country-differs"),
        ("中国,,,13.4,52.5,wgs84", "country-misplaced"),
        ("德国,,,106.65,29.03,wgs84", "country-misplaced"),
        ("台湾,,,106.65,29.03,wgs84", "country-misplaced"),
        ("越南,自贡,,,,", "place-elsewhere"),
    ],
)
def test_a_row_outside_its_country_is_told(tmp_path: Path, row: str, code: str) -> None:
    project = made(tmp_path, f"甲,企业,{row},s\n")
    faults = check(project).faults
    assert found(faults) == [(code, 2)]
    told = next(fault for fault in faults if fault.code == code)
    assert told.severity == "warning"
    assert told.cure("zh") != told.cure("en")


@pytest.mark.parametrize(
    "row",
    [
        "中国,綦江区,重庆市綦江区古南街道12号,106.65,29.03,wgs84", "德国,,杜伊斯堡港1号,6.76,51.43,wgs84", "欧洲,,重庆市綦江区,,,",
        ",,重庆市綦江区,,,", "台湾,,台北市大安区,121.5,25.05,wgs84", "老挝,,,101.68,21.18,wgs84", "中国,,,114.17,22.30,wgs84",
    ],
)  # fmt: skip
def test_a_row_in_its_country_is_not_told(tmp_path: Path, row: str) -> None:
    assert found(check(made(tmp_path, f"甲,企业,{row},s\n")).faults) == []


def test_a_row_abroad_takes_no_county_and_no_position_of_one(tmp_path: Path) -> None:
    made(
        tmp_path,
        "甲,企业,越南,自贡,,,,,s\n乙,企业,德国,,綦江区1号,,,,s\n丙,企业,中国,,綦江区1号,,,,s\n丁,企业,中国,自贡,,,,,s\n",
    )
    sites = qjmap.open_project(tmp_path).atlas().sites.set_index("name")
    assert sites.geometry.is_empty[["甲", "乙"]].all() or sites.geometry[["甲", "乙"]].isna().all()
    assert sites.loc["丁", "level"] == "city"
    assert sites.loc["丙", "level"] == "district"


def test_files_to_add_are_judged_alike(tmp_path: Path) -> None:
    project = made(tmp_path, "")
    file = tmp_path / "new.csv"
    file.write_text(HEADER + "甲,企业,德国,,重庆市綦江区古南街道12号,,,,s\n", encoding="utf-8")
    assert found(check_file(file, "sites", project=project)) == [("country-differs", 2)]


def test_a_table_without_countries_is_not_judged(tmp_path: Path) -> None:
    header = HEADER.replace("国家", "投资国别")
    assert found(check(made(tmp_path, "甲,企业,德国,,重庆市綦江区,,,,s\n", header)).faults) == []
