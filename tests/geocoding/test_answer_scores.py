"""The score of a place says how sure it is that a text means it; what follows a short name decides."""

from __future__ import annotations

import pytest

from qjmap.geocoding import OfflineLocator

CHINA = OfflineLocator()


def score(text: str) -> float:
    best = CHINA.locate(text).best
    return 0.0 if best is None or best.score is None else best.score


@pytest.mark.parametrize(
    ("surer", "less_sure"),
    [
        ("重庆市綦江区甲路1号", "重庆市甲区乙路1号"),  # a county that was read, and one that was not
        ("四川省自贡市", "自贡大厦"),
        ("綦江一中", "綦江五金"),
        ("哈尔滨工业大学", "哈尔滨工业大学(威海校区)"),
        ("綦江", "平安"),
        ("綦江区打通镇甲村", "打通镇甲村"),
        ("重庆市渝中区", "贵阳市七星关区"),
        ("北京大兴", "北京路"),
    ],
)
def test_what_is_surer_has_the_higher_score(surer: str, less_sure: str) -> None:
    assert score(surer) > score(less_sure)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("綦江一中", "500110"), ("綦江人民医院", "500110"), ("綦江三江水泥厂", "500110"), ("余姚甲乙西路7号", "330281"), ("綦江东站", "500110")],
)  # fmt: skip
def test_short_name_counts_where_a_body_a_town_or_a_house_number_follows(text: str, unit: str) -> None:
    best = CHINA.locate(text).best
    assert best is not None
    assert best.id == unit


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("东方水利", "海南省 东方市"),
        ("桐梓坡路1号", "贵州省 遵义市 桐梓县"),
        ("阿里巴巴西溪园区", "西藏自治区 阿里地区"),
        ("黑山扈路", "黑山"),
        ("巴林花园", "巴林"),
        ("祁连山路3号", "青海省 海北藏族自治州 祁连县"),
    ],
)
def test_short_name_at_the_head_of_another_name_is_only_suggested(text: str, suggested: str) -> None:
    answer = CHINA.locate(text)
    assert answer.best is None
    assert answer.suggestions == (suggested,)
