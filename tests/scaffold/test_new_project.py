"""A project of any county, prefecture or province: sound from the first moment, and nothing of anybody else's in it."""

from __future__ import annotations

import csv
import datetime
import re
from pathlib import Path

import pytest

from qjmap.cli import scaffold_commands
from qjmap.cli.main import main
from qjmap.errors import UsageError
from qjmap.page import opening_view
from qjmap.pipeline.build import build
from qjmap.pipeline.load import find_faults, load_atlas
from qjmap.project import load_project
from qjmap.scaffold import new_project
from qjmap.schema import TABLES
from tests.districts import sample, try_unit

DAY = datetime.date(2026, 5, 4)
ODD = [
    "232761",
    "232763",
    "653229",
    "659013",
    "460302",
    "540481",
    "500157",
    "441900",
    "429004",
    "810000",
    "820000",
    "710001",
    "110101",
]
"""Seats in another province, no outline, younger than the boundaries, recoded, without counties, under no prefecture, special regions,
an island, a capital."""


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    "adcode", [*sample(1_000, seed=3), *(pytest.param(one, marks=pytest.mark.slow) for one in sample(50, seed=1))]
)
def test_units_drawn_at_random_are_sound(tmp_path: Path, adcode: str) -> None:
    tried = try_unit(adcode, tmp_path / "p", builds=False)
    assert (tried.faults, tried.error) == ((), "")


@pytest.mark.slow
@pytest.mark.parametrize("adcode", ODD)
def test_odd_units_are_sound(tmp_path: Path, adcode: str) -> None:
    tried = try_unit(adcode, tmp_path / "p", builds=False)
    assert (tried.faults, tried.error) == ((), "")
    home = load_atlas(load_project(tmp_path / "p"))[0].places
    assert home.geometry.notna().all()


@pytest.mark.slow
@pytest.mark.parametrize("adcode", [*sample(500, seed=2), "653229", "810000"])
@pytest.mark.parametrize("example", [False, True])
def test_projects_of_some_units_build_without_a_warning(tmp_path: Path, adcode: str, example: bool) -> None:
    tried = try_unit(adcode, tmp_path / "p", builds=True, example=example)
    assert (tried.faults, tried.error) == ((), "")
    assert 0 < tried.size < 1_400_000


def test_home_neighbours_and_seats_stand_in_places(tmp_path: Path) -> None:
    made = new_project("义乌市", tmp_path / "p", today=DAY)
    places = rows(made.folder / "data" / "places.csv")
    assert made.notes == ()
    assert [row["名称"] for row in places[:3]] == ["义乌市", "金华市", "浙江省"]
    assert {row["行政区划代码"] for row in places[3:]} == {
        "330681", "330703", "330723", "330726", "330781", "330783", "330784"
    }  # fmt: skip
    home = places[0]
    assert (home["编号"], home["上级地点"], home["精度"], home["位置来源"], home["英文名称"]) == (
        "yiwushi", "jinhuashi", "区县级", "cpca", ""
    )  # fmt: skip
    sources = {row["编号"]: row for row in rows(made.folder / "data" / "sources.csv")}
    assert sources.keys() == {"units", "cpca"}
    assert all(row["来源"] in sources and row["位置来源"] in sources for row in places)


def test_the_settings_are_those_of_the_unit(tmp_path: Path) -> None:
    settings = load_project(new_project("330782", tmp_path / "p", today=DAY).folder).settings
    assert (settings.id, settings.title, settings.title_en, settings.home, settings.as_of) == (
        "yiwushi", "义乌市合作地图", "", "yiwushi", "2026-05"
    )  # fmt: skip
    assert settings.opening[0] == "yiwushi"
    assert len(settings.opening) == 8


def test_the_opening_view_holds_the_outline(tmp_path: Path) -> None:
    for name, box in (("义乌市", (119.82, 29.04, 120.28, 29.55)), ("和安县", (79.65, 36.9, 80.2, 37.3))):
        atlas = load_atlas(load_project(new_project(name, tmp_path / name).folder))[0]
        (south, west), (north, east) = opening_view(atlas, [atlas.project.settings.home])[0]
        assert west <= box[0]
        assert south <= box[1]
        assert east >= box[2]
        assert north >= box[3]
        assert east - west < 1


def test_empty_tables_have_examples_that_are_no_rows(tmp_path: Path) -> None:
    project = load_project(new_project("义乌市", tmp_path / "p").folder)
    for table in ("sites", "partnerships", "corridors", "corridor_legs", "indicators"):
        found = rows(project.table_path(table))
        assert [row["标记"] for row in found] == ["示例"] * 3
        assert {column.label for column in TABLES[table].columns} >= found[0].keys() - {"标记"}
    atlas = load_atlas(project)[0]
    assert [len(frame) for frame in (atlas.sites, atlas.partnerships, atlas.corridors, atlas.indicators)] == [0] * 4


def test_what_is_written_is_repeatable(tmp_path: Path) -> None:
    first, second = (new_project("义乌市", tmp_path / name, today=DAY).folder for name in "ab")
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert [path.as_posix() for path in files] == sorted([
        "README.md", "data/README.md", "data/project.toml", *(f"data/{table}.csv" for table in TABLES)
    ])  # fmt: skip
    assert [(first / path).read_bytes() for path in files] == [(second / path).read_bytes() for path in files]
    texts = [(first / path).read_text(encoding="utf-8-sig") for path in files]
    assert not re.search(r"\$\w|綦江|qijiang", "".join(texts), re.IGNORECASE)


@pytest.mark.parametrize(
    ("name", "within", "code", "said"),
    [
        ("鼓楼区", "", "new-ambiguous", "鼓楼区（福建省福州市） 350102"),
        ("鼓楼区", "江苏省", "new-ambiguous", "鼓楼区（江苏省徐州市） 320302"),
        ("鼓楼区", "浙江省", "new-within", "鼓楼区（江苏省南京市）"),
        ("玉山镇", "", "new-kind", ""),
        ("昆山市玉山镇", "", "new-kind", "昆山市（江苏省苏州市）"),
        ("成都高新区", "", "new-kind", "成都市"),
        ("500105", "", "new-kind", "两江新区（重庆市）"),
        ("马德里", "", "new-no-unit", "马德里（西班牙）"),
        ("火星县", "", "new-unknown", "火星县"),
    ],
)
def test_what_is_no_unit_or_several_is_refused(tmp_path: Path, name: str, within: str, code: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        new_project(name, tmp_path / "p", within=within)
    assert refused.value.code == code
    assert said in refused.value.line("zh")
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("name", "within", "code"), [("鼓楼区", "福州", "350102"), ("南京鼓楼区", "", "320106"), ("义乌县", "", "330782")]
)
def test_an_area_or_a_former_name_tells_units_apart(tmp_path: Path, name: str, within: str, code: str) -> None:
    made = new_project(name, tmp_path / "p", within=within)
    assert rows(made.folder / "data" / "places.csv")[0]["行政区划代码"] == code


def test_what_the_package_does_not_know_is_said(tmp_path: Path) -> None:
    made = new_project("和安县", tmp_path / "p")
    assert [note.key for note in made.notes] == ["note.new-outline", "note.new-point"]
    place = load_atlas(load_project(made.folder))[0].places.set_index("id").loc["heanxian"]
    assert (place["level"], place["position_of"]) == ("city", "hetiandiqu")


def test_a_folder_with_content_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p").mkdir()
    assert run("new", "义乌市", "-o", tmp_path / "p", "--lang", "zh") == 0
    assert "qjmap build" in capsys.readouterr().out
    before = {path: path.read_bytes() for path in (tmp_path / "p").rglob("*") if path.is_file()}
    assert run("new", "昆山市", "-o", tmp_path / "p") == 2
    assert run("new", "昆山市", "-o", tmp_path / "p" / "data" / "places.csv") == 2
    assert {path: path.read_bytes() for path in (tmp_path / "p").rglob("*") if path.is_file()} == before


def test_a_terminal_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scaffold_commands, "is_terminal", lambda: True)
    answers = iter(["9", "3"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    assert run("new", "鼓楼区", "-o", tmp_path / "p", "--lang", "en") == 0
    assert "鼓楼区（河南省开封市）" in capsys.readouterr().out
    assert rows(tmp_path / "p" / "data" / "places.csv")[0]["行政区划代码"] == "350102"


@pytest.mark.slow
def test_an_example_is_a_map_to_play_with(tmp_path: Path) -> None:
    for name in ("义乌市", "台湾省"):
        project = load_project(new_project(name, tmp_path / name, example=True).folder)
        assert find_faults(project) == []
        atlas = load_atlas(project)[0]
        assert len(atlas.sites) == 8
        assert atlas.sites.geometry.notna().all()
        assert list(atlas.partnerships["located"] >= 2).count(True) == 5
        assert atlas.corridors.geometry.notna().all()
        assert set(atlas.sites["source"]) == {"example"}
        assert all("虚构" in name for name in atlas.sites["name"])


@pytest.mark.slow
def test_a_sheet_of_the_office_is_added_and_built(tmp_path: Path) -> None:
    from qjmap.edit import add

    project = load_project(new_project("义乌市", tmp_path / "p").folder)
    sheet = tmp_path / "企业.csv"
    sheet.write_text(
        "企业名称,地址,所在地,来源\n甲厂,义乌市稠城街道,义乌市,units\n乙厂,,东阳市,units\n", encoding="utf-8"
    )
    assert add(project, sheet).added == [2, 3]
    assert build(project).counts["sites"] == 2
