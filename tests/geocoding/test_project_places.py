"""Locate names and addresses of an invented project."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.geocoding import OfflineLocator, ProjectGazetteer


def place(identifier: str, name: str, kind: str, parent: str = "", **more: object) -> dict[str, object]:
    return {"id": identifier, "name": name, "kind": kind, "parent": parent, **more}


@pytest.fixture(scope="module")
def gazetteer() -> ProjectGazetteer:
    """An invented land: two provinces that both have a 东峦区."""
    return ProjectGazetteer(
        [
            place("jia", "甲省", "province", name_en="Jia Province", lon=100.0, lat=30.0),
            place("yi", "乙省", "province", lon=110.0, lat=30.0),
            place("jia-city", "云水市", "city", "jia", name_en="Yunshui", lon=100.5, lat=30.5, aliases=("云水县",)),
            place("jia-east", "东峦区", "district", "jia-city", lon=100.6, lat=30.6),
            place("yi-city", "河嘴市", "city", "yi", lon=110.5, lat=30.5),
            place("yi-east", "东峦区", "district", "yi-city", lon=110.6, lat=30.6),
            place("jia-zone", "云水高新区", "development-zone", "jia-city"),
            place("both", "双市片区", "area", members=("jia-east", "jia-city")),
            place("nowhere", "无名地区", "area"),
            place("circle-a", "甲环", "area", "circle-b"),
            place("circle-b", "乙环", "area", "circle-a"),
        ]
    )


@pytest.fixture(scope="module")
def locator(gazetteer: ProjectGazetteer) -> OfflineLocator:
    return OfflineLocator(gazetteer)


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("云水市", "jia-city", "exact"),
        ("  云水市 ", "jia-city", "exact"),
        ("云水", "jia-city", "short-name"),
        ("云水县", "jia-city", "alias"),
        ("Yunshui", "jia-city", "exact"),
        ("yunshui", "jia-city", "exact"),
        ("Yunshui, Jia Province", "jia-city", "alias"),
        ("甲省云水市东峦区", "jia-east", "exact"),
        ("云水东峦区人民路1号", "jia-east", "address"),
        ("乙省 河嘴市 东峦区", "yi-east", "exact"),
        ("云水高新区", "jia-zone", "exact"),
    ],
)
def test_a_name_or_address_resolves(locator: OfflineLocator, text: str, expected: str, reason: str) -> None:
    answer = locator.locate(text)
    assert answer.best is not None
    assert answer.best.id == expected
    if "," not in text and "省" not in text:
        assert answer.best.reason == reason


def test_shared_name_is_ambiguous_without_within(locator: OfflineLocator) -> None:
    alone = locator.locate("东峦区")
    assert alone.best is None
    assert alone.reason == "ambiguous"
    assert {one.id for one in alone.candidates} == {"jia-east", "yi-east"}
    assert locator.locate("东峦区", within=["乙省"]).best.id == "yi-east"  # type: ignore[union-attr]


def test_contradictory_address_is_unresolved(locator: OfflineLocator) -> None:
    answer = locator.locate("乙省云水市")
    assert answer.best is None
    assert answer.reason == "conflict"


def test_place_outside_within_is_unresolved(locator: OfflineLocator) -> None:
    assert locator.locate("云水市", within=["乙省"]).best is None


@pytest.mark.parametrize("text", ["云水路", "云水路12号", "河嘴镇", "不存在镇", "东", "SELECT * FROM places"])
def test_unknown_text_is_unresolved(locator: OfflineLocator, text: str) -> None:
    answer = locator.locate(text)
    assert answer.best is None
    assert answer.reason == "unknown"


def test_similar_names_are_only_suggested(locator: OfflineLocator) -> None:
    answer = locator.locate("云水高薪区")
    assert answer.best is None or answer.best.id == "jia-city"
    assert locator.locate("Yunshuii").suggestions[0] == "云水市"


def test_rest_follows_the_deepest_match(locator: OfflineLocator) -> None:
    best = locator.locate("甲省云水市东峦区 人民路1号").best
    assert best is not None
    assert best.rest == "人民路1号"


def test_zone_without_point_inherits_its_citys(gazetteer: ProjectGazetteer) -> None:
    at = gazetteer.position("jia-zone")
    assert at is not None
    assert (at.lon, at.lat, at.level, at.position_of) == (100.5, 30.5, "city", "jia-city")


def test_area_is_centred_on_its_members(gazetteer: ProjectGazetteer) -> None:
    at = gazetteer.position("both")
    assert at is not None
    assert at.lon == pytest.approx(100.55)
    assert at.radius_m > 70_000


def test_known_place_without_position(locator: OfflineLocator) -> None:
    answer = locator.locate("无名地区")
    assert answer.best is not None
    assert not answer.resolved
    assert answer.reason == "no-position"


def test_cyclic_parents_have_no_position(gazetteer: ProjectGazetteer) -> None:
    assert gazetteer.position("circle-a") is None
    assert len(gazetteer.ancestors("circle-a")) <= 2


@given(st.text(max_size=200))
def test_any_text_is_answered(locator: OfflineLocator, text: str) -> None:
    answer = locator.locate(text)
    assert answer.text == text
    assert answer.best is None or 0 <= answer.best.score <= 1


def test_very_long_text_is_answered(locator: OfflineLocator) -> None:
    assert locator.locate("无" * 10_000).best is None


@pytest.mark.parametrize(
    ("name", "kind", "parent", "position_of", "level"),
    [
        ("义乌市", "city", "", "330782", "district"),
        ("义乌", "district", "", "330782", "district"),
        ("重庆市", "city", "", "500000", "province"),
        ("香港", "country", "", "810000", "province"),
        ("阿拉山口", "port", "", "652702", "district"),
        ("昆山市", "other", "", "320583", "district"),
        ("华沙", "", "", "geonames-756135", "city"),
        ("Duisburg", "city", "", "geonames-2934691", "city"),
        ("杜伊斯堡", "city", "de", "geonames-2934691", "city"),
        ("巴塞罗那", "city", "es", "geonames-3128760", "city"),
        ("成都高新区", "development-zone", "", "510100", "city"),
        ("西班牙", "country", "", "ES", "country"),
    ],
)
def test_a_place_without_coordinates_is_that_of_the_gazetteer(
    name: str, kind: str, parent: str, position_of: str, level: str
) -> None:
    rows = [place("es", "西班牙", "country"), place("de", "德国", "country"), place("own", name, kind, parent)]
    at = OfflineLocator(ProjectGazetteer(rows)).position("own")
    assert at is not None
    assert (at.position_of, at.level) == (position_of, level)


@pytest.mark.parametrize(
    ("name", "kind", "parent"),
    [
        ("鼓楼区", "district", ""),  # four
        ("巴塞罗那", "city", ""),  # two of a size
        ("马德里", "city", "de"),  # not there
        ("义乌市", "area", ""),
        ("火星城", "", ""),
    ],
)
def test_a_place_that_may_be_several_or_none_has_no_position(name: str, kind: str, parent: str) -> None:
    rows = [place("de", "德国", "country", precision="unresolved"), place("own", name, kind, parent)]
    assert OfflineLocator(ProjectGazetteer(rows)).places.project.position("own") is None


@pytest.mark.parametrize(("adcode", "position_of"), [("540422", "540481"), ("990101", ""), ("330422", "")])
def test_a_former_code_says_the_province(adcode: str, position_of: str) -> None:
    at = OfflineLocator(ProjectGazetteer([place("own", "米林市", "district", adcode=adcode)])).position("own")
    assert (at.position_of if at else "") == position_of


def test_a_zone_lies_where_the_project_says_before_where_the_gazetteer_does() -> None:
    rows = [
        place("host", "高新片区", "park", lon=104.0, lat=30.6),
        place("own", "成都高新区", "development-zone", "host"),
    ]
    at = OfflineLocator(ProjectGazetteer(rows)).position("own")
    assert at is not None
    assert (at.lon, at.position_of) == (104.0, "host")


def test_a_city_abroad_of_the_project_is_found_with_its_country_before_it() -> None:
    locator = OfflineLocator(ProjectGazetteer([place("madrid", "马德里", "city")]))
    assert [locator.locate(text).best.id for text in ("马德里", "西班牙马德里", "Madrid, Spain")] == ["madrid"] * 3  # type: ignore[union-attr]


def test_places_with_coordinates_read_no_index_of_cities_abroad(monkeypatch: pytest.MonkeyPatch) -> None:
    from qjmap.geocoding import cities_abroad

    monkeypatch.setattr(cities_abroad, "read_asset", lambda name: pytest.fail(f"{name} was read"))
    OfflineLocator(
        ProjectGazetteer([place("own", "马德里", "city", lon=-3.7, lat=40.4), place("c", "中国", "country")])
    )
