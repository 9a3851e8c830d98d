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
