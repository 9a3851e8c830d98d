"""A name that no table has and the gazetteer has once is a place of the project; others are named, never guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qjmap.edit import add
from qjmap.pipeline.load import load_atlas
from qjmap.project import Project, load_project
from qjmap.schema import GAZETTEER_SOURCE
from qjmap.validation import check
from tests.validation.test_check_project import made


def codes(project: Project) -> dict[str, tuple[Any, ...]]:
    """What each warning or fault lists, by its code."""
    told = {fault.code: fault.params.get("pairs", fault.params.get("values", ())) for fault in check(project)[1]}
    return {code: tuple(words) for code, words in told.items()}  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_unique_name_is_a_place_of_the_project(tmp_path: Path) -> None:
    project = made(tmp_path, sites="id,name,place,source\na,甲,四川省自贡市,s1\nb,乙,自贡,s1\nc,丙,南川区,s1\n")
    assert codes(project) == {
        "place-implied": ("四川省自贡市 → 自贡市（四川省）", "自贡 → 自贡市（四川省）", "南川区（重庆市）")
    }
    atlas = load_atlas(project)[0]
    places = atlas.places.set_index("id")
    assert list(places.index) == ["cq", "nanchuanqu", "qijiang", "zigongshi"]
    zigong = places.loc["zigongshi"]
    assert (zigong["name"], zigong["kind"], zigong["adcode"], zigong["level"]) == ("自贡市", "city", "510300", "city")
    assert (zigong["position_source"], zigong["position_locator"]) == (GAZETTEER_SOURCE, "510300")
    assert zigong.geometry.distance(places.loc["nanchuanqu"].geometry) > 1
    assert places.loc["nanchuanqu"]["parent"] == "cq"
    assert list(atlas.sites["place"]) == ["zigongshi", "zigongshi", "nanchuanqu"]
    assert list(atlas.sites["level"]) == ["city", "city", "district"]


def test_ids_avoid_those_in_use(tmp_path: Path) -> None:
    project = made(tmp_path, sites="id,name,place,source\nzigongshi,甲,自贡市,s1\n")
    site = load_atlas(project)[0].sites.iloc[0]
    assert site["place"] != "zigongshi"
    assert site["place"].startswith("zigongshi-")


@pytest.mark.slow
def test_an_ambiguous_name_is_told_with_its_candidates(tmp_path: Path) -> None:
    project = made(
        tmp_path, sites="id,name,place,address,source\na,甲,鼓楼区,南京市鼓楼区中山路1号,s1\nb,乙,鼓楼区,,s1\n"
    )
    (told,) = codes(project)["place-ambiguous"]
    assert "鼓楼区（江苏省南京市） 320106" in told
    assert "鼓楼区（福建省福州市） 350102" in told
    sites = load_atlas(project)[0].sites
    assert list(sites["place"]) == ["鼓楼区", "鼓楼区"]
    assert list(sites["position_of"]) == ["320106", ""]
    assert sites.geometry.isna().tolist() == [False, True]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("home", "name", "adcode"),
    [("义乌市", "北苑街道", "330782004"), ("110112", "北苑街道", "110112003"), ("福州市", "鼓楼区", "350102")],
)
def test_of_equal_names_the_one_at_home_is_meant(tmp_path: Path, home: str, name: str, adcode: str) -> None:
    project = made(tmp_path, f'home = "{home}"\n', places="id,name\n", sites=f"id,name,place,source\na,甲,{name},s1\n")
    assert "place-ambiguous" not in codes(project)
    places = load_atlas(project)[0].places.set_index("id")
    (place,) = load_atlas(project)[0].sites["place"]
    assert places.loc[place, "position_locator"] == adcode
    file = tmp_path / "more.csv"
    file.write_text(f"name,place,source\n乙,{name},s1\n", encoding="utf-8")
    assert add(project, file, table="sites").added == [2]
    assert list(load_atlas(project)[0].sites["place"]) == [place, place]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["某某产业园", "大安區", "中山區", "自贡市某园区", "自贡事"])
def test_no_other_text_is_taken_for_a_place(tmp_path: Path, name: str) -> None:
    project = made(tmp_path, sites=f"id,name,place,source\na,甲,{name},s1\nb,乙,qijiang,s1\n")
    told = codes(project)
    assert told.keys() <= {"place-unknown", "place-ambiguous"}
    atlas = load_atlas(project)[0]
    assert list(atlas.sites["place"]) == [name, "qijiang"]
    assert list(atlas.sites.geometry.isna()) == [True, False]
    assert len(atlas.places) == 2


def test_a_text_of_the_form_of_an_id_is_not_looked_up_in_the_gazetteer(tmp_path: Path) -> None:
    project = made(tmp_path, sites="id,name,place,source\na,甲,zigogn,s1\n")
    assert [(fault.code, fault.row) for fault in check(project)[1]] == [("reference-unknown", 2)]


def test_a_code_is_that_unit(tmp_path: Path) -> None:
    project = made(tmp_path, sites="id,name,place,source\na,甲,320106,s1\nb,乙,999999,s1\n")
    assert codes(project) == {
        "place-implied": ("320106 → 鼓楼区（江苏省南京市）",), "place-unknown": ("999999",)
    }  # fmt: skip


@pytest.mark.slow
def test_another_name_of_a_row_means_that_row(tmp_path: Path) -> None:
    places = "id,name,kind,adcode,source\nzg,自贡,city,510300,s1\n"
    project = made(tmp_path, places=places, sites="id,name,place,source\na,甲,四川省自贡市,s1\n")
    assert codes(project) == {"reference-named": ("四川省自贡市 → zg",)}
    assert list(load_atlas(project)[0].places["id"]) == ["zg"]


@pytest.mark.slow
def test_parties_are_places_or_names(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        partnerships="id,name,parties,source\np,一,义乌市、马德里,s1\nq,二,qijiang|海湾（示例）公司,s1\nr,三,綦江县和义乌市,s1\n",
    )
    told = codes(project)
    assert told["party-unknown"] == ("海湾（示例）公司",)
    assert told["place-implied"] == ("义乌市（浙江省金华市）", "马德里（西班牙）")
    partnerships = load_atlas(project)[0].partnerships
    assert list(partnerships["parties"]) == [
        ("yiwushi", "madeli"), ("qijiang", "海湾（示例）公司"), ("qijiang", "yiwushi")
    ]  # fmt: skip
    assert partnerships.geometry.isna().tolist() == [False, True, False]


@pytest.mark.slow
def test_a_word_is_a_party_that_is_a_place_only_among_places(tmp_path: Path) -> None:
    firms = made(tmp_path / "1", partnerships="id,name,parties,source\np,一,招商公司|平安|东风公司,s1\n")
    assert "place-implied" not in codes(firms)
    towns = made(tmp_path / "2", partnerships="id,name,parties,source\np,一,綦江区|昆山|泸州市,s1\n")
    assert codes(towns)["place-implied"] == ("昆山 → 昆山市（江苏省苏州市）", "泸州市（四川省）")


@pytest.mark.slow
def test_a_name_that_holds_a_conjunction_stays_whole(tmp_path: Path) -> None:
    sites = "id,name,source\nunion,中国石油和化工协会,s1\n"
    project = made(
        tmp_path,
        sites=sites,
        partnerships="id,name,parties,source\np,一,中国石油和化工协会,s1\nq,二,綦江区与某公司,s1\n",
    )
    assert codes(project)["party-unknown"] == ("綦江区与某公司",)
    assert list(load_atlas(project)[0].partnerships["parties"]) == [("union",), ("綦江区与某公司",)]


@pytest.mark.slow
def test_added_rows_keep_the_names_as_typed(tmp_path: Path) -> None:
    project = made(tmp_path, sites="id,name,place,source\na,甲,自贡市,s1\n", partnerships="id,name,parties,source\n")
    file = tmp_path / "new.csv"
    file.write_text("名称,所在地,来源\n乙,四川省自贡市,s1\n丙,重庆,s1\n甲,自贡,s1\n丁,某某园区,s1\n", encoding="utf-8")
    report = add(project, file)
    assert (report.added, report.already, report.refused) == ([2, 3, 5], [4], [])
    rows = (tmp_path / "data" / "sites.csv").read_text(encoding="utf-8").splitlines()[2:]
    assert [row.split(",")[1:3] for row in rows] == [["乙", "四川省自贡市"], ["丙", "cq"], ["丁", "某某园区"]]
    file.write_text("名称,合作方,来源\n协议,綦江区、义乌市,s1\n", encoding="utf-8")
    assert add(project, file, table="partnerships").added == [2]
    assert "qijiang|义乌市" in (tmp_path / "data" / "partnerships.csv").read_text(encoding="utf-8")
    assert [fault.code for fault in check(project)[1] if fault.severity == "fault"] == []


def test_a_place_may_be_added_that_was_implied(tmp_path: Path) -> None:
    project = made(tmp_path, sites="id,name,place,source\na,甲,自贡市,s1\n")
    file = tmp_path / "places.csv"
    file.write_text("id,名称,adcode,来源\nzigongshi,自贡市,510300,s1\n", encoding="utf-8")
    assert add(project, file, table="places").added == [2]
    assert codes(project) == {"reference-named": ("自贡市 → zigongshi",)}


def test_a_place_without_code_and_kind_is_located_by_its_name(tmp_path: Path) -> None:
    places = "id,name,parent,source\na,义乌市,,s1\nb,和平区,c,s1\nc,沈阳市,,s1\nd,打通镇,,s1\n"
    project = made(tmp_path, places=places)
    told = codes(project)["place-located"]
    assert told == ("义乌市（浙江省金华市）", "和平区（辽宁省沈阳市）", "沈阳市（辽宁省）", "打通镇（重庆市綦江区）")
    located = load_atlas(project)[0].places.set_index("id")
    assert list(located["position_of"]) == ["330782", "210102", "210100", "500110111"]
    assert list(located["level"]) == ["district", "district", "city", "town"]


@pytest.mark.slow
def test_exported_rows_are_the_rows(tmp_path: Path) -> None:
    from qjmap.pipeline.export import export

    project = made(tmp_path, sites="id,name,place,source\na,甲,自贡市,s1\n")
    file = tmp_path / "sites.geojson"
    export(project, file, layer="sites")
    assert add(load_project(tmp_path), file).already == [1]


@pytest.mark.slow
def test_a_government_signs_for_its_place(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        sites="id,name,place,source\nhall,綦江区政府,qijiang,s1\n",
        partnerships="id,name,parties,source\np,一,重庆市綦江区人民政府|自贡市人民政府|义乌市管委会,s1\nq,二,綦江区政府|人民政府|某某局,s1\n",
    )
    told = codes(project)
    assert "重庆市綦江区人民政府 → qijiang" in told["reference-named"]
    assert set(told["party-unknown"]) == {"人民政府", "某某局"}
    parties = load_atlas(project)[0].partnerships["parties"]
    assert parties[0] == ("qijiang", "zigongshi", "yiwushi")
    assert parties[1][0] == "hall"  # a site of that name comes first
