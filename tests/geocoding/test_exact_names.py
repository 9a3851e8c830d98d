"""One name, looked up exactly: the one place that has it, or those that it may mean, and nothing near it."""

from __future__ import annotations

import pytest

from qjmap.geocoding.exact_names import exact_names


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("自贡市", "510300"), ("自贡", "510300"), ("四川省自贡市", "510300"), ("綦江县", "500110"), ("⻄安市", "610100"),
        ("重慶市", "500000"), ("四川省自贡市大安區", "510304"), ("南京鼓楼区", "320106"), ("台北市", "710009"),
        ("打通镇", "500110111"), ("石柱县黄水镇", "500240105"), ("320106", "320106"), ("500110111", "500110111"),
        ("马德里", "geonames-3117735"), ("Madrid", "geonames-3117735"), ("德国", "DE"), ("长沙", "430100"), ("渝北区", "500112"),
        ("成都高新区", "zone-chengdugaoxinqu"),
    ],
)  # fmt: skip
def test_a_name_of_one_place_is_that_place(name: str, code: str) -> None:
    place = exact_names().find(name).place
    assert place is not None
    assert place.code == code


@pytest.mark.parametrize("name", ["鼓楼区", "朝阳", "和平区", "城关镇", "矿区", "江北区", "大安區", "中山區"])
def test_a_name_of_several_places_has_candidates(name: str) -> None:
    match = exact_names().find(name)
    assert match.place is None
    assert len(match.candidates) > 1
    assert len({candidate.label for candidate in match.candidates}) == len(match.candidates)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "自贡事",
        "上海自贸区",
        "东方锅炉厂",
        "999999",
        "公司",
        "綦江区和自贡市",
        "a" * 500,
    ],
)
def test_nothing_near_is_taken(name: str) -> None:
    match = exact_names().find(name)
    assert (match.place, match.candidates) == (None, ())


def test_a_foreign_place_has_its_chinese_name() -> None:
    place = exact_names().find("Madrid").place
    assert place is not None
    assert (place.name, place.name_en, place.kind, place.level) == ("马德里", "Madrid", "city", "city")


@pytest.mark.parametrize(("name", "is_word"), [("平安", True), ("昆山", True), ("昆山市", False), ("自贡", False)])
def test_a_short_name_of_a_county_may_be_a_word(name: str, is_word: bool) -> None:
    assert exact_names().find(name).is_word == is_word
