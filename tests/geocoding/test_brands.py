"""A short name of a province or prefecture before a trade word is a brand's, and only suggested; a body or an address part places it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.geocoding import OfflineLocator, ProjectGazetteer
from qjmap.geocoding.answer_scores import LEAST_SCORE
from qjmap.geocoding.china_gazetteer import EXACT, FORMER, load_china_gazetteer
from qjmap.geocoding.locate_many import locate_many
from qjmap.geocoding.name_boundaries import WORDS, ends_as_unit
from tests.properties import examples

CHINA = load_china_gazetteer()
LOCATOR = OfflineLocator()


def short_names(kind: str) -> list[str]:
    """The short names that only units of a kind have, and that are no full name of anything."""
    return sorted(
        form for form in CHINA.forms
        if 2 <= len(form) <= 3 and all(CHINA.kind(row) == kind and how not in (EXACT, FORMER) for row, how in CHINA.hits(form))
        and not ends_as_unit(form) and (rows := CHINA.hits(form)) and all(CHINA.id(row).isdigit() for row, _ in rows)
    )  # fmt: skip


WIDE = short_names("province") + short_names("city")
CITIES = short_names("city")
TRADE = (
    "证券", "银行", "叉车", "电力", "航空", "燃气", "科技", "物流", "老窖", "人家", "印象", "集团", "石化", "能源", "卫视", "饭店", "传媒", "药业",
    "股份", "控股", "信托", "期货", "钢铁", "重工", "动力", "食品", "乳业", "啤酒", "高速", "水泥",
)  # fmt: skip
BODIES = (
    "第一中学",
    "人民医院",
    "甲乙科技有限公司",
    "机床厂",
    "职业技术学院",
    "市政府",
    "甲乙商贸有限责任公司",
    "民族小学",
    "供销合作社",
)
PARTS = ("甲乙路12号", "工业园区", "甲乙大厦8楼", "经济开发区", "甲乙街道3号", "甲乙花园12栋")


@given(st.sampled_from(WIDE), st.sampled_from(TRADE))
@examples(400)
def test_a_trade_word_makes_a_brand(name: str, word: str) -> None:
    answer = LOCATOR.locate(name + word)
    if answer.best is None:
        assert all((one.score or 0) < LEAST_SCORE for one in answer.candidates if answer.reason == "unknown")
    else:  # 海南 and 藏 in 海南藏药: a longer name begins there
        assert len(answer.best.matched) > len(name)
    assert locate_many(LOCATOR, [name + word])["place_id"] == [answer.best.id if answer.best else ""]


@given(st.sampled_from(CITIES), st.sampled_from(BODIES + PARTS))
@examples(300)
def test_a_registered_name_or_an_address_part_leaves_it_a_place(name: str, word: str) -> None:
    named = {CHINA.id(row) for row, _ in CHINA.hits(name)}
    answer = LOCATOR.locate(name + word)
    if answer.best is not None:
        assert answer.best.matched.startswith(name)
    elif answer.reason == "unknown":  # 阿里, 三明 and others whose names are words stay suggestions
        assert {one.id for one in answer.candidates} <= named | {""}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("杭州叉车股份有限公司", "330100"), ("山西证券股份有限公司", "140000"), ("西宁银胜房地产开发有限公司", "630100"), ("宁波大学", "330200"),
        ("南京林业大学", "320100"), ("银川德胜工业园区", "640100"), ("天津开发区第七大街48号", "120000"), ("唐山弘慈医院", "130200"),
    ],
)  # fmt: skip
def test_bodies_and_addresses_are_answered(text: str, unit: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    place, row = LOCATOR.places.place_by_id(best.id), LOCATOR.places.place_by_id(unit)
    assert place is not None
    assert row is not None
    assert LOCATOR.places.lies_in(place, row)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("杭州叉车", "浙江省 杭州市"), ("山西证券", "山西省"), ("贵州茅台酒", "贵州省"), ("阿里科技", "西藏自治区 阿里地区"), ("中国港湾", "中国"),
        ("香港金百福", "香港特别行政区"), ("长沙肯德基有限公司衡阳分公司", "湖南省 长沙市"),
    ],
)  # fmt: skip
def test_brands_and_branches_are_suggestions(text: str, suggested: str) -> None:
    answer = LOCATOR.locate(text)
    assert answer.best is None
    assert answer.suggestions == (suggested,)


@pytest.mark.parametrize("country", ["中国", "中华人民共和国", "中国 "])
@given(st.sampled_from(WORDS["nouns"]), st.sampled_from(["", "协会", "集团", "股份有限公司"]))
@examples(100)
def test_a_noun_behind_a_country_is_no_county(country: str, noun: str, rest: str) -> None:
    answer = LOCATOR.locate(f"{country}{noun}{rest}")
    assert answer.best is None or answer.best.name == "中国"
    assert {one.name for one in answer.candidates} <= {"中国"}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("中国港口区", "450602"), ("中国平安区", "630203"), ("中国海南省东方市", "469007"), ("中国广西港口", "450602"), ("中国防城港港口", "450602"),
        ("中国阳泉矿区", "140303"), ("中国昆山", "320583"), ("中国綦江", "500110"), ("中国义乌", "330782"), ("中国重庆市綦江区", "500110"),
    ],
)  # fmt: skip
def test_a_name_behind_a_country_is_a_unit(text: str, unit: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    assert best.id == unit


def test_a_project_may_name_its_places_by_nouns() -> None:
    rows = [
        {
            "id": "harbour",
            "name": "港口",
            "kind": "port",
            "parent": "",
            "members": (),
            "adcode": "",
            "lon": 106.6,
            "lat": 29.0,
        }
    ]
    best = OfflineLocator(ProjectGazetteer(rows)).locate("港口").best
    assert best is not None
    assert best.id == "harbour"


@pytest.mark.parametrize(("city", "limit"), [("慕尼黑", 1.0), ("派拉蒙", 0.8), ("泰勒", 0.8), ("Nokia", 0.8)])
def test_a_little_known_city_abroad_alone_is_no_sure_answer(city: str, limit: float) -> None:
    best = LOCATOR.locate(city).best
    assert best is not None
    assert best.score == limit
