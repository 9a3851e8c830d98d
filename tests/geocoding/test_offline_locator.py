"""Locate names and addresses of all China."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.geocoding import OfflineLocator, ProjectGazetteer
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.pipeline.project_locator import locator_at
from tests.properties import examples


@pytest.fixture(scope="module")
def china() -> OfflineLocator:
    return OfflineLocator()


@pytest.fixture(scope="module")
def qijiang(repository: Path) -> OfflineLocator:
    return locator_at(repository)


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("重庆市綦江区", "500110", ""),
        ("重庆綦江", "500110", ""),
        ("渝綦江", "500110", ""),
        ("重慶市綦江區", "500110", ""),
        ("重庆市綦江区打通镇", "500110111", ""),
        ("重庆綦江打通镇", "500110111", ""),
        ("綦江打通", "500110111", ""),
        ("打通镇，綦江区，重庆市", "500110111", ""),
        ("重庆市綦江区打通镇人民路12号", "500110111", "人民路12号"),
        ("重庆市市辖区綦江区古南街道办事处", "500110003", ""),
        ("綦江区三江水泥厂", "500110", "三江水泥厂"),
        ("北京朝阳区", "110105", ""),
        ("朝阳区，北京", "110105", ""),
        ("杭州西湖", "330106", ""),
        ("四川自贡", "510300", ""),
        ("川自贡", "510300", ""),
        ("黔贵阳市南明区", "520102", ""),
        ("遵义市7星关区", "520300", "7星关区"),
        ("毕节市7星关区", "520502", ""),
        ("彭水县", "500243", ""),
        ("广东省东莞市长安镇", "441900119", ""),
        ("吉林市", "220200", ""),
        ("吉林", "220000", ""),
        ("长沙", "430100", ""),
        ("台北市", "710009", ""),
        ("香港中西区", "810101", ""),
        ("澳门", "820000", ""),
        ("江北机场", "airport-CKG", ""),
        ("钦州港", "port-CNQZH", ""),
        ("新加坡", "SG", ""),
        ("Zigong", "510300", ""),
        ("Qijiang District, Chongqing", "500110", ""),
        ("Chongqing, Qijiang Qu", "500110", ""),
        ("Qi Jiang Qu", "500110", ""),
        ("12 Foo Street, Qijiang District, Chongqing", "500110", "12 foo street"),
    ],
)
def test_address_resolves(china: OfflineLocator, text: str, expected: str, rest: str) -> None:
    answer = china.locate(text)
    assert answer.best is not None, answer
    assert (answer.best.id, answer.best.rest) == (expected, rest)
    assert answer.resolved


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("綦江县", "500110", "綦江县 → 綦江区 (2011)"),
        ("万盛区", "500110", "万盛区 → 綦江区 (2011)"),
        ("重庆市万盛区", "500110", "万盛区 → 綦江区 (2011)"),
        ("梁平县", "500155", "梁平县 → 梁平区 (2016)"),
        ("渝北区", "500112", "渝北区 → 两江新区 (2025)"),
    ],
)
def test_former_name_resolves_with_a_note(china: OfflineLocator, text: str, expected: str, note: str) -> None:
    best = china.locate(text).best
    assert best is not None
    assert (best.id, best.note) == (expected, note)


@pytest.mark.parametrize("text", ["朝阳区", "西湖", "江北区", "團結村", "团结村", "石角镇", "Suzhou", "鼓楼区"])
def test_shared_name_is_ambiguous_with_candidates(china: OfflineLocator, text: str) -> None:
    answer = china.locate(text)
    assert answer.best is None
    assert answer.reason == "ambiguous"
    assert len(answer.candidates) > 1


@pytest.mark.parametrize(
    "text", ["不存在镇", "云水路", "乙省云水市", "无名", "qijjang", "綦江路", "SELECT * FROM places"]
)
def test_unknown_text_is_unresolved(china: OfflineLocator, text: str) -> None:
    answer = china.locate(text)
    assert answer.best is None
    assert answer.reason == "unknown"


def test_similar_names_are_only_suggested(china: OfflineLocator) -> None:
    assert "自贡市" in china.locate("自供市").suggestions
    assert china.locate("qijjang").suggestions


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("重庆市纂江区打通镇", "500110111", "typo"),
        ("纂江区打通镇", "500110111", "typo"),
        ("重庆市大足区龙水真", "500111", "address"),
        ("贵州省遵义市桐紫县", "520322", "typo"),
        ("四川省自供市", "510300", "typo"),
    ],
)
def test_misspelling_is_corrected_only_if_confirmed(
    china: OfflineLocator, text: str, expected: str, reason: str
) -> None:
    best = china.locate(text).best
    assert best is not None
    assert (best.id, best.reason) == (expected, reason)
    if reason == "typo":
        assert "→" in best.note
        assert best.score < 1


def test_unknown_part_lowers_the_score(china: OfflineLocator) -> None:
    best = china.locate("重庆市不存在区").best
    assert best is not None
    assert (best.level, best.rest) == ("province", "不存在区")
    assert best.score < 0.8


@pytest.mark.parametrize("text", ["四川綦江", "四川省綦江区", "北京市自贡市"])
def test_contradictory_address_is_unresolved(china: OfflineLocator, text: str) -> None:
    answer = china.locate(text)
    assert (answer.best, answer.reason) == (None, "conflict")


@pytest.mark.parametrize(
    ("text", "unit"), [("贵阳市七星关区", "520000"), ("永康市武义县", "330700"), ("东莞市东城区", "441900")]
)
def test_contradiction_answers_the_area_of_all_with_a_warning(china: OfflineLocator, text: str, unit: str) -> None:
    answer = china.locate(text)
    assert answer.best is not None
    assert (answer.best.id, answer.reason) == (unit, "conflict")
    assert " / " in answer.best.note
    assert answer.best.score < 1


@pytest.mark.parametrize(
    ("text", "first"),
    [("棋江区", "綦江区"), ("自供市", "自贡市"), ("扬洲市", "扬州市"), ("贵洲", "贵州省"), ("泸洲市", "泸州市"), ("棋江区甲路5号", "綦江区"),
     ("宜滨市", "宜宾市"), ("遵意市", "遵义市"), ("綦汪区", "綦江区"), ("攀支花市", "攀枝花市")],
)  # fmt: skip
def test_what_sounds_or_looks_alike_is_suggested_first(china: OfflineLocator, text: str, first: str) -> None:
    answer = china.locate(text)
    assert answer.best is None
    assert answer.suggestions[0] == first


def test_a_zone_with_a_point_is_nearer_than_its_county(qijiang: OfflineLocator) -> None:
    zone = qijiang.locate("万盛经开区").best
    town = qijiang.locate("綦江区万盛经开区万东镇").best
    assert zone is not None
    assert town is not None
    assert (town.id, town.lon, town.lat, town.radius_m) == ("500110100", zone.lon, zone.lat, zone.radius_m)
    assert town.position_of == "wansheng"


def test_a_zone_of_another_county_gives_no_point(china: OfflineLocator) -> None:
    best = china.locate("扬州经开区江苏省扬州市宝应县广洋湖镇人民路16号").best
    assert best is not None
    assert (best.id, best.position_of) == ("321023105", "321023")


CHINA = load_china_gazetteer()
TAILS = ["", "人民路12号", "甲工业园", "16--7", "？", "3号楼", "乙社区卫生站", "某某厂", "（东门）"]


@examples(300)
@given(
    st.sampled_from(
        [row for row in range(len(CHINA.ids)) if CHINA.kind(row) == "district" and not CHINA.abolished_in(row)]
    ),
    st.sampled_from(TAILS),
)
def test_longer_address_never_answers_more_coarsely_than_its_prefix(county: int, tail: str) -> None:
    prefix, row = "", county
    while row >= 0 and CHINA.kind(row) != "country":
        prefix, row = CHINA.name(row) + prefix, CHINA.parent(row)
    locator = OfflineLocator(china=CHINA)
    short, long = locator.locate(prefix).best, locator.locate(prefix + tail).best
    assert short is not None
    assert long is not None
    assert long.id == short.id or locator.places.lies_in(int(long.id), locator.places.place_by_id(short.id))


def test_within_decides_between_equal_names(china: OfflineLocator) -> None:
    assert china.locate("江北区", within=["浙江省"]).best.id == "330205"  # type: ignore[union-attr]
    assert china.locate("江北区", within=["重庆", "渝"]).best.id == "500105"  # type: ignore[union-attr]
    assert china.locate("綦江区", within=["四川省"]).reason == "conflict"
    assert china.locate("綦江区", within=["无此省"]).reason == "conflict"
    assert china.locate("石角镇", within=["500110"]).best.id == "500110108"  # type: ignore[union-attr]


def test_name_inside_another_name_is_ignored(china: OfflineLocator) -> None:
    best = china.locate("重庆市北碚区四川大厦").best
    assert best is not None
    assert (best.id, best.rest) == ("500109", "四川大厦")


def test_project_places_come_first(qijiang: OfflineLocator) -> None:
    assert qijiang.locate("綦江县").best.id == "qijiang"  # type: ignore[union-attr]
    assert qijiang.locate("江北区").best.id == "jiangbei"  # type: ignore[union-attr]
    assert qijiang.locate("宁波江北区").best.id == "330205"  # type: ignore[union-attr]
    assert qijiang.locate("万盛区").best.id == "wansheng"  # type: ignore[union-attr]
    assert qijiang.locate("自贡高新区").best.id == "zigong-hitech"  # type: ignore[union-attr]


def test_home_decides_between_equal_towns(qijiang: OfflineLocator) -> None:
    best = qijiang.locate("石角镇").best
    assert best is not None
    assert best.id == "500110108"
    assert best.score <= 0.9
    assert len(qijiang.locate("石角镇").candidates) == 4
    assert "qijiang" in qijiang.ancestors("500110108")


def test_project_unit_without_point_has_the_seat(qijiang: OfflineLocator) -> None:
    best = qijiang.locate("重庆渝中区").best
    assert best is not None
    assert (best.id, best.position_of, best.level) == ("yuzhong", "500103", "district")


def test_invented_place_is_not_linked_to_a_unit() -> None:
    land = ProjectGazetteer(
        [{"id": "coast", "name": "海岸省", "kind": "province", "lon": 1.0, "lat": 2.0, "adcode": "990000"}]
    )
    locator = OfflineLocator(land)
    assert locator.locate("海岸省").best.lon == 1.0  # type: ignore[union-attr]
    assert locator.locate("海岸省綦江区").reason == "conflict"


ADVERSARIAL = [
    "", "   ", "😀😀😀", "重庆市綦江区😀", "שלום綦江区", "\u202e綦江区", "'; DROP TABLE places; --", "綦江区'; drop table sites; --",
    "<script>alert(1)</script>", "綦江区<img src=x>", "${綦江区}", "綦" * 10_000, "重庆市" * 4_000, "a" * 10_000, "\x00", "綦江区\x00",
    "綦江区位于重庆市南部，是西部陆海新通道的节点。它与自贡市、泸州市、贵阳市、遵义市签订了合作协议，并且建设了产业园区。",
    "重庆，四川，贵州，云南，广西，湖南，湖北都是西部省份",
]  # fmt: skip


@pytest.mark.parametrize("text", ADVERSARIAL, ids=range(len(ADVERSARIAL)))
def test_adversarial_text_is_unresolved(qijiang: OfflineLocator, text: str) -> None:
    answer = qijiang.locate(text)
    assert answer.best is None
    assert answer.text == text


@examples(300)
@given(st.one_of(st.text(max_size=300), st.text(alphabet="重庆市綦江区县镇路打通川渝，, 12号四川省自贡", max_size=40)))
def test_any_text_is_answered(qijiang: OfflineLocator, text: str) -> None:
    answer = qijiang.locate(text)
    best = answer.best
    assert best is None or (0 <= best.score <= 1 and best is answer.candidates[0])
    if best is not None and best.lon is not None and best.lat is not None:
        assert -180 <= best.lon <= 180
        assert -90 <= best.lat <= 90
        assert best.radius_m is not None


def test_adversarial_texts_are_fast(qijiang: OfflineLocator) -> None:
    for text in (*ADVERSARIAL, "无" * 159, "," * 159, "重庆" * 79):
        qijiang.locate(text)  # what is read once is read
        begun = time.process_time()
        qijiang.locate(text)
        assert time.process_time() - begun < 1.0  # a guard against blow-ups, not a measurement


def test_towns_of_qijiang_and_wansheng(qijiang: OfflineLocator, repository: Path) -> None:
    china = qijiang.places.china
    towns = china.towns_of(china.row_by_id["500110"])
    assert len(towns) == 31
    with (repository / "data" / "places.csv").open(encoding="utf-8", newline="") as file:
        own = {row["name"]: row["id"] for row in csv.DictReader(file) if row["kind"] == "town"}
    at_town_level = 0
    for name, code in towns:
        for text in (f"綦江{name}", f"重庆市綦江区{name}", f"渝綦江{name}1号", name):
            best = qijiang.locate(text).best
            assert best is not None, text
            assert best.id == own.get(name, str(code)), text
        at_town_level += best.level == "town"
        assert best.level in ("town", "district")
        assert best.position_of == ("" if best.level == "town" else "qijiang")
    assert at_town_level >= 24
