"""Coordinates that lie in another unit than the row says are found out; nothing is held against what may be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.edit import add
from qjmap.errors import Fault
from qjmap.geocoding.locate_many import locate_many
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.project import Project, load_project
from qjmap.validation import check, check_file, containment

pytestmark = pytest.mark.slow

PLACES = """id,name,kind,parent,adcode,lon,lat,datum,precision,source
qijiang,綦江区,district,,500110,106.648,29.0231,wgs84,district,s
wansheng,万盛经开区,development-zone,qijiang,,106.92844,28.9629,wgs84,town,s
zigong,自贡市,city,,510300,104.77689,29.34162,wgs84,city,s
zigong-hitech,自贡高新区,development-zone,zigong,,,,,,s
singapore,新加坡,country,,,103.85,1.29,wgs84,city,s
"""
NEIJIANG, ZIGONG = "105.07,29.60", "104.777,29.342"


def made(folder: Path, sites: str, places: str = PLACES) -> Project:
    (folder / "data").mkdir()
    (folder / "data" / "project.toml").write_text('id = "t"\ntitle = "t"\n', encoding="utf-8")
    (folder / "data" / "sources.csv").write_text("id,title\ns,报道\n", encoding="utf-8")
    (folder / "data" / "places.csv").write_text(places, encoding="utf-8")
    (folder / "data" / "sites.csv").write_text(
        "id,name,place,address,lon,lat,datum,precision,source\n" + sites, encoding="utf-8"
    )
    return load_project(folder)


def misplaced(faults: list[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.code == "misplaced"]


def test_a_row_that_says_zigong_and_lies_in_neijiang_is_told_with_its_cure(tmp_path: Path) -> None:
    project = made(tmp_path, f"a,甲厂,zigong,,{NEIJIANG},wgs84,,s\n")
    (fault,) = misplaced(check(project)[1])
    assert (fault.file, fault.row, fault.column, fault.value, fault.severity) == (
        "data/sites.csv", 2, "place", "zigong", "warning",
    )  # fmt: skip
    assert "四川省 自贡市" in fault.message("zh")
    assert "四川省 内江市 东兴区" in fault.message("zh")
    assert "lie in 四川省 内江市" in fault.message("en")
    assert fault.cure("zh") != fault.cure("en")


@pytest.mark.parametrize(
    "row",
    [
        f"zigong,,{ZIGONG},wgs84,",  # where it says
        f"zigong-hitech,,{ZIGONG},wgs84,",  # a zone has no outline: its city's counts
        "wansheng,,106.92844,28.9629,wgs84,",  # 万盛 lies inside 綦江区
        "qijiang,重庆市万盛区1号,106.92844,28.9629,wgs84,",  # a former district, in what it became part of
        f"zigong,,{NEIJIANG},wgs84,city",  # roughly known: the radius reaches so far
        f"zigong,,{NEIJIANG},wgs84,unresolved",
        "singapore,,103.85,1.29,wgs84,",  # no outlines abroad
        ",新加坡裕廊1号,103.85,1.29,wgs84,",
        f",朝阳区1号,{NEIJIANG},wgs84,",  # ambiguous: says nothing
        f",重庆市綦江区对面的无名路,,,{''},",
    ],
)
def test_nothing_is_held_against_what_may_be_right(tmp_path: Path, row: str) -> None:
    project = made(tmp_path, f"a,甲厂,{row},s\n")
    assert misplaced(check(project)[1]) == []


@pytest.mark.slow
def test_a_site_near_the_border_is_left_alone_within_its_radius(tmp_path: Path) -> None:
    from qjmap.geocoding.reverse import reverse

    lon = next(lon / 1000 for lon in range(106_600, 107_300) if reverse(lon / 1000, 28.95).county == "南川区")
    rows = f"a,甲厂,qijiang,,{lon:.4f},28.95,wgs84,,s\nb,乙厂,qijiang,,{lon + 0.06:.4f},28.95,wgs84,,s\n"
    assert [fault.row for fault in misplaced(check(made(tmp_path, rows))[1])] == [3]


def test_a_position_abroad_of_a_row_at_home_is_told(tmp_path: Path) -> None:
    (fault,) = misplaced(check(made(tmp_path, "a,甲厂,qijiang,,103.85,1.29,wgs84,,s\n"))[1])
    assert "境外" in fault.message("zh")


def test_a_place_is_held_against_its_own_code_and_parent(tmp_path: Path) -> None:
    wrong = "x,某区,district,,500110,104.777,29.342,wgs84,site,s\ny,某园,park,qijiang,,104.777,29.342,wgs84,park,s\n"
    found = misplaced(check(made(tmp_path, "", PLACES + wrong))[1])
    assert [(fault.row, fault.column) for fault in found] == [(7, "adcode"), (8, "parent")]


def test_rows_that_say_the_same_are_told_together(tmp_path: Path) -> None:
    rows = "".join(f"s{n},厂{n},,重庆市綦江区古南街道{n}号,{ZIGONG},wgs84,,s\n" for n in range(9))
    (fault,) = misplaced(check(made(tmp_path, rows))[1])
    assert fault.row is None
    assert fault.params["rows"] == list(range(2, 11))


def test_a_lone_file_is_held_against_its_columns_of_areas(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        f"名称,省,市,经度,纬度,坐标系\n甲,四川省,自贡市,{NEIJIANG},wgs84\n乙,四川省,自贡市,{ZIGONG},wgs84\n",
        encoding="utf-8",
    )
    (fault,) = misplaced(check_file(file))
    assert (fault.row, fault.column, fault.value) == (2, "市", "四川省自贡市")


def test_add_warns_and_adds(tmp_path: Path) -> None:
    project = made(tmp_path, "")
    file = tmp_path / "more.csv"
    file.write_text(
        f"名称,地址,经度,纬度,坐标系,来源\n甲厂,四川省自贡市汇东路1号,{NEIJIANG},wgs84,s\n", encoding="utf-8"
    )
    report = add(project, file)
    assert len(report.added) == 1
    assert [fault.row for fault in misplaced(report.faults)] == [2]


@pytest.mark.slow
def test_only_addresses_that_may_be_wrong_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = made(
        tmp_path,
        "a,甲厂,,重庆市綦江区石佛路8号,106.65,29.03,wgs84,,s\n"
        "b,乙厂,,綦江区文化路,106.66,29.04,wgs84,,s\n"
        f"c,丙厂,,重庆綦江区站前路,{NEIJIANG},wgs84,,s\n"
        f"d,丁厂,,自贡盐井街,{ZIGONG},wgs84,,s\n",
    )
    read: list[str] = []

    def recorded(locator: OfflineLocator, texts: list[str], within: object = None) -> dict[str, list[object]]:
        read.extend(texts)
        return locate_many(locator, texts)

    monkeypatch.setattr(containment, "locate_many", recorded)
    (fault,) = misplaced(check(project)[1])
    assert fault.row == 4
    assert sorted(read) == ["自贡盐井街", "重庆綦江区站前路"]
