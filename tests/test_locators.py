"""Names and addresses become places, or stay unresolved and say why; nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.locators import Gazetteer


def place(identifier: str, name: str, kind: str, parent: str = "", **more: object) -> dict[str, object]:
    return {"id": identifier, "name": name, "kind": kind, "parent": parent, **more}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """An invented land: two provinces that both have a 东山区."""
    return Gazetteer(
        [
            place("jia", "甲省", "province", name_en="Jia Province", lon=100.0, lat=30.0),
            place("yi", "乙省", "province", lon=110.0, lat=30.0),
            place("jia-city", "云水市", "city", "jia", name_en="Yunshui", lon=100.5, lat=30.5, aliases=("云水县",)),
            place("jia-east", "东山区", "district", "jia-city", lon=100.6, lat=30.6),
            place("yi-city", "河口市", "city", "yi", lon=110.5, lat=30.5),
            place("yi-east", "东山区", "district", "yi-city", lon=110.6, lat=30.6),
            place("jia-zone", "云水高新区", "development-zone", "jia-city"),
            place("both", "双市片区", "area", members=("jia-east", "jia-city")),
            place("nowhere", "无名地区", "area"),
            place("circle-a", "甲环", "area", "circle-b"),
            place("circle-b", "乙环", "area", "circle-a"),
        ]
    )


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
        ("甲省云水市东山区", "jia-east", "exact"),
        ("云水东山区人民路1号", "jia-east", "address"),
        ("乙省 河口市 东山区", "yi-east", "exact"),
        ("云水高新区", "jia-zone", "exact"),
    ],
)
def test_a_name_or_address_resolves(gazetteer: Gazetteer, text: str, expected: str, reason: str) -> None:
    answer = gazetteer.locate(text)
    assert answer.best is not None
    assert answer.best.id == expected
    if "," not in text and "省" not in text:
        assert answer.best.reason == reason


def test_a_name_that_several_places_have_is_ambiguous_until_the_row_says_where(gazetteer: Gazetteer) -> None:
    alone = gazetteer.locate("东山区")
    assert alone.best is None
    assert alone.reason == "ambiguous"
    assert {one.id for one in alone.candidates} == {"jia-east", "yi-east"}
    assert gazetteer.locate("东山区", within=["乙省"]).best.id == "yi-east"  # type: ignore[union-attr]


def test_an_address_that_contradicts_itself_is_not_resolved(gazetteer: Gazetteer) -> None:
    answer = gazetteer.locate("乙省云水市")
    assert answer.best is None
    assert answer.reason == "conflict"


def test_a_point_never_leaves_the_area_that_the_row_names(gazetteer: Gazetteer) -> None:
    assert gazetteer.locate("云水市", within=["乙省"]).best is None


@pytest.mark.parametrize("text", ["云水路", "云水路12号", "河口镇", "不存在镇", "东", "SELECT * FROM places"])
def test_what_is_not_known_stays_unknown(gazetteer: Gazetteer, text: str) -> None:
    answer = gazetteer.locate(text)
    assert answer.best is None
    assert answer.reason == "unknown"


def test_near_spellings_are_suggestions_only(gazetteer: Gazetteer) -> None:
    answer = gazetteer.locate("云水高薪区")
    assert answer.best is None or answer.best.id == "jia-city"
    assert gazetteer.locate("Yunshuii").suggestions == ("云水市",)


def test_what_follows_the_deepest_match_is_reported(gazetteer: Gazetteer) -> None:
    best = gazetteer.locate("甲省云水市东山区 人民路1号").best
    assert best is not None
    assert best.rest == "人民路1号"


def test_a_zone_without_a_point_takes_its_citys_at_its_citys_precision(gazetteer: Gazetteer) -> None:
    at = gazetteer.position("jia-zone")
    assert at is not None
    assert (at.lon, at.lat, at.level, at.position_of) == (100.5, 30.5, "city", "jia-city")


def test_an_area_lies_between_its_members_and_its_radius_holds_them(gazetteer: Gazetteer) -> None:
    at = gazetteer.position("both")
    assert at is not None
    assert at.lon == pytest.approx(100.55)
    assert at.radius_m > 70_000


def test_a_known_name_without_a_position_says_so(gazetteer: Gazetteer) -> None:
    answer = gazetteer.locate("无名地区")
    assert answer.best is not None
    assert not answer.resolved
    assert answer.reason == "no-position"


def test_parents_in_a_circle_have_no_position(gazetteer: Gazetteer) -> None:
    assert gazetteer.position("circle-a") is None
    assert len(gazetteer.ancestors("circle-a")) <= 2


@given(st.text(max_size=200))
def test_any_text_is_answered_without_an_exception(gazetteer: Gazetteer, text: str) -> None:
    answer = gazetteer.locate(text)
    assert answer.text == text
    assert answer.best is None or 0 <= answer.best.score <= 1


def test_a_very_long_text_is_answered(gazetteer: Gazetteer) -> None:
    assert gazetteer.locate("无" * 10_000).best is None
