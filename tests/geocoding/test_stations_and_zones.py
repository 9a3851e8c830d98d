"""Railway stations, airports, ports and development zones: at their own point, or at the unit that they lie in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.china_gazetteer import FIRST_CITY, SHORT
from qjmap.geocoding.station_parser import listed_stations

LOCATOR = OfflineLocator(suggests=False)
CHINA = LOCATOR.places.china


def stems() -> list[tuple[str, int]]:
    """The shortest short name of each prefecture, and its row."""
    short: dict[int, list[str]] = {row: [] for row in range(len(CHINA.ids)) if CHINA.kind(row) == "city"}
    for form in CHINA.forms:
        for place, kind in CHINA.hits(form):
            if place in short and kind == SHORT and form[-1] != "盟":
                short[place].append(form)
    return [(min(forms, key=len), row) for row, forms in short.items() if forms]


def around(text: str) -> set[int]:
    """The rows of the units that may be meant by a text, and of those that they lie in."""
    places = [LOCATOR.places.place_by_id(candidate.id) for candidate in LOCATOR.locate(text).candidates]
    areas = {area for place in places if place is not None for area in LOCATOR.places.containing(place)}
    return {area for area in areas if isinstance(area, int) and area < FIRST_CITY}


@pytest.mark.parametrize("side", ["", "东", "南", "西", "北"])
def test_stations_of_every_prefecture_are_at_the_prefecture(side: str) -> None:
    names = stems()
    assert len(names) > 320
    lost = [f"{stem}{side}站" for stem, row in names if row not in around(f"{stem}{side}站")]
    # 海南东站 says 海南省; 兴安北站 and 海北站 are elsewhere, as the list of stations has it.
    assert [name for name in lost if not name.startswith(("海南", "兴安", "海北"))] == []


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("深圳北站", "440300", "北站"), ("重庆西站", "500000", "西站"), ("綦江东站", "500110", "东站"), ("广州南站", "440100", "南站"),
        ("上海虹桥站", "310000", ""), ("巴林站", "150700", ""), ("吉林站", "220200", "站"), ("长春西站", "220100", "西站"),
        ("綦江火车站", "500110", "火车站"), ("北京朝阳站", "110105", "站"),
    ],
)  # fmt: skip
def test_station(text: str, code: str, rest: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    assert (best.id, best.rest) == (code, rest)
    assert best.score == 0.9


def test_listed_stations_are_in_their_city() -> None:
    wrong = []
    for name, codes in listed_stations().items():
        cities = {CHINA.row_by_id[code] for code in codes.split(",")}
        found = around(name + "站")
        if not found & cities and not any(CHINA.parent(city) in found for city in cities):
            wrong.append(name)
    assert len(listed_stations()) > 3_300
    assert wrong in ([], ["宋"])  # a name of one character is too short for a text


@pytest.mark.parametrize("text", ["加油站", "变电站", "光谷收费站", "公交站", "新加坡站"])
def test_a_word_that_ends_in_station_is_none(text: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is None or best.id == "SG"


def test_every_zone_is_found_by_its_names_and_lies_in_its_unit(repository: Path) -> None:
    with (repository / "geo" / "gazetteer.csv").open(encoding="utf-8") as file:
        zones = [line for line in csv.DictReader(file) if line["kind"] == "development-zone"]
    assert len(zones) > 400
    wrong = []
    for zone in zones:
        for name in (zone["name"], *filter(None, zone["aliases"].split("|"))):
            best = LOCATOR.locate(name).best
            place = None if best is None else LOCATOR.places.place_by_id(best.id)
            if place is None or CHINA.row_by_id[zone["parent"]] not in LOCATOR.places.containing(place):
                wrong.append((name, zone["parent"], best and best.id))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("合肥经开区", "340104"), ("芜湖市经济技术开发区", "340207"), ("安徽省芜湖经济技术开发区", "340207"), ("武汉东湖高新区", "420111"),
        ("西安高新区", "610113"), ("青岛西海岸新区", "370211"), ("广州经济技术开发区", "440112"), ("中关村科技园", "110108"),
        ("漕河泾开发区", "310104"), ("大亚湾经济技术开发区", "441303"), ("格尔木昆仑经济技术开发区", "632801"), ("杨凌示范区", "610403"),
    ],
)  # fmt: skip
def test_a_zone_answers_at_its_host(text: str, county: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    assert best.position_of == county


def test_a_district_behind_a_zone_of_its_city_is_meant() -> None:
    for text, code in (
        ("南京市江北新区浦口区", "320111"),
        ("合肥高新区蜀山区", "340104"),
        ("济南高新区历城区", "370112"),
    ):
        best = LOCATOR.locate(text).best
        assert best is not None, text
        place = LOCATOR.places.place_by_id(best.id)
        assert place is not None
        assert CHINA.row_by_id[code] in LOCATOR.places.containing(place), text


@pytest.mark.parametrize(
    ("text", "identifier", "level"),
    [
        ("首都机场", "airport-PEK", "park"), ("白云机场", "airport-CAN", "park"), ("南京禄口机场", "airport-NKG", "park"),
        ("禄口国际机场", "airport-NKG", "park"), ("西安咸阳国际机场", "airport-XIY", "park"), ("桃园机场", "airport-TPE", "park"),
        ("戴高乐机场", "airport-CDG", "park"), ("洋山", "port-CNYAN", "park"), ("上海洋山港", "port-CNYAN", "park"),
        ("蛇口", "port-CNSHK", "park"), ("深圳蛇口港", "port-CNSHK", "park"), ("盐田港", "port-CNYTN", "park"),
        ("鹿特丹港", "port-NLRTM", "park"), ("果园港", "port-chongqingguoyuangang", "district"),
        ("重庆团结村", "station-tuanjiecunzhongxinzhan", "district"), ("团结村站", "station-tuanjiecunzhongxinzhan", "district"),
        ("城厢站", "station-chengduchengxiangzhan", "district"), ("阿拉山口口岸", "station-alashankoukouan", "district"),
        ("磨憨", "station-mohan", "district"), ("海口港", "port-haikougang", "city"),
    ],
)  # fmt: skip
def test_site_answers_at_its_point_or_its_unit(text: str, identifier: str, level: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    assert (best.id, best.level) == (identifier, level)
    assert bool(best.position_of) == (level != "park")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("青岛港华燃气有限公司", "370200"),
        ("深圳市南山区蛇口南海大道1079号", "440305"),
        ("贵港港北区", "450802"),
        ("防城港港口区", "450602"),
    ],
)
def test_a_word_that_goes_on_behind_a_port_is_no_port(text: str, code: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    assert best.id == code


SITES = ("港", "站", "码头", "机场", "国际机场", "火车站", "北站", "货运站", "轮渡码头")


def names_abroad() -> list[str]:
    """Chinese names of cities and countries abroad that are no name, or beginning of one, in China."""
    cities = CHINA.abroad
    names = {cities.name(city) for city in range(0, len(cities), 37)}
    names |= {form for form in CHINA.forms if {CHINA.kind(row) for row, _ in CHINA.hits(form)} == {"country"}}
    return sorted(
        name for name in names if not name.isascii() and (best := LOCATOR.locate(name).best) and is_abroad(best.id)
    )


def is_abroad(identifier: str) -> bool:
    place = LOCATOR.places.china.place_by_id(identifier)
    return place is not None and LOCATOR.places.countries.is_abroad(LOCATOR.places.countries.of(place))


@pytest.mark.parametrize("site", SITES)
def test_a_site_that_no_list_has_is_not_at_the_city_or_country_abroad_that_it_is_called_after(site: str) -> None:
    names = names_abroad()
    assert len(names) > 500
    answers = {name + site: LOCATOR.locate(name + site).best for name in names}
    guessed = [(text, best.name) for text, best in answers.items() if best and is_abroad(best.id) and best.rest]
    assert guessed == []


@pytest.mark.parametrize("text", ["巴黎港", "万博港", "巴黎站", "阿尔及利亚港"])
def test_a_city_abroad_is_suggested_for_such_a_site_and_meant_in_a_row_of_its_country(text: str) -> None:
    answer = LOCATOR.locate(text)
    assert answer.best is None
    assert answer.suggestions
    country = {"巴黎": "法国", "万博": "安哥拉", "阿尔": "阿尔及利亚"}[text[:2]]
    inside = LOCATOR.locate(f"{country} {text}" if text.startswith(("巴黎", "万博")) else f"{country}奥兰港")
    assert inside.best is not None
    assert is_abroad(inside.best.id)


WORDS = ("车", "大车", "红", "三石", "新", "好运")


@pytest.mark.parametrize("site", ["码头", "机场", "国际机场", "港", "口岸"])
def test_a_short_name_that_other_names_begin_with_places_no_site_that_no_list_has(site: str) -> None:
    scores = LOCATOR._decider.scores
    cities = [stem for stem, row in stems() if len(stem) == 2 and scores.others(stem, row)]
    shared = [stem for stem in cities if (city := LOCATOR.locate(stem).best) and city.level != "province"]
    texts = [stem + word + site for stem in shared for word in WORDS]
    assert len(texts) > 100
    guessed = [(text, best.name) for text in texts if (best := LOCATOR.locate(text).best) and best.matched in shared]
    assert guessed == []


@pytest.mark.parametrize(
    ("text", "code"), [("武汉粤汉码头", "420100"), ("重庆朝天门码头", "500000"), ("桐梓火车站", "520322")]
)
def test_a_short_name_of_one_place_alone_places_its_sites(text: str, code: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    assert best.id == code
