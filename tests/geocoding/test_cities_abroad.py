"""Cities abroad by their Chinese, English and own names; what is no city is none."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.cities_abroad import latin_key, load_cities_abroad
from qjmap.geocoding.exact_names import exact_names
from qjmap.geocoding.project_gazetteer import distance_m
from tests.properties import examples

LOCATOR = OfflineLocator()
CHINA = LOCATOR.places.china
COUNTRY_NAMES = {
    CHINA.id(rows[0]): name for name, rows in CHINA.rows_by_latin_form.items() if CHINA.kind(rows[0]) == "country"
}
REGION_NAMES = {code: "".join(names[:1]) for code, _, *names in load_cities_abroad()._regions}

CITIES = [
    # name in Chinese, name in Latin letters, longitude and latitude of its middle, degrees
    ("杜伊斯堡", "Duisburg", 6.76, 51.43), ("汉堡", "Hamburg", 9.99, 53.55), ("慕尼黑", "München", 11.58, 48.14),
    ("科隆", "Cologne", 6.96, 50.94), ("鹿特丹", "Rotterdam", 4.48, 51.92), ("列日", "Liège", 5.57, 50.63),
    ("安特卫普", "Antwerpen", 4.40, 51.22), ("巴黎", "Paris", 2.35, 48.85), ("里昂", "Lyon", 4.84, 45.75),
    ("马德里", "Madrid", -3.70, 40.42), ("巴塞罗那", "Barcelona", 2.16, 41.39), ("米兰", "Milano", 9.19, 45.46),
    ("的里雅斯特", "Trieste", 13.79, 45.64), ("维也纳", "Wien", 16.37, 48.21), ("布达佩斯", "Budapest", 19.04, 47.50),
    ("华沙", "Warszawa", 21.01, 52.23), ("罗兹", "Łódź", 19.47, 51.77), ("布列斯特", "Brest, Belarus", 23.69, 52.10),
    ("占贾", "Gəncə", 46.36, 40.68), ("努库阿洛发", "Nukuʻalofa", -175.20, -21.14),
    ("明斯克", "Minsk", 27.57, 53.90), ("莫斯科", "Moscow", 37.62, 55.75), ("叶卡捷琳堡", "Yekaterinburg", 60.61, 56.85),
    ("海参崴", "Vladivostok", 131.87, 43.11), ("雅典", "Piraeus, Greece", 23.73, 37.98), ("伊斯坦布尔", "İstanbul", 28.95, 41.01),
    ("第比利斯", "Tbilisi", 44.83, 41.69), ("巴库", "Baku", 49.89, 40.38), ("德黑兰", "Tehran", 51.42, 35.69),
    ("迪拜", "Dubai", 55.30, 25.26), ("利雅得", "Riyadh", 46.72, 24.69), ("阿拉木图", "Almaty", 76.95, 43.25),
    ("塔什干", "Tashkent", 69.22, 41.26), ("比什凯克", "Bishkek", 74.59, 42.87), ("乌兰巴托", "Ulaanbaatar", 106.88, 47.91),
    ("伊斯兰堡", "Islamabad", 73.04, 33.72), ("卡拉奇", "Karachi", 67.01, 24.86), ("加尔各答", "Kolkata", 88.36, 22.56),
    ("达卡", "Dhaka", 90.41, 23.71), ("科伦坡", "Colombo, Sri Lanka", 79.86, 6.93), ("仰光", "Yangon", 96.16, 16.81),
    ("曼德勒", "Mandalay", 96.08, 21.97), ("曼谷", "Bangkok", 100.50, 13.75), ("清迈", "Chiang Mai", 98.98, 18.79),
    ("万象", "Vientiane", 102.60, 17.97), ("琅勃拉邦", "Luang Prabang", 102.14, 19.89), ("金边", "Phnom Penh", 104.92, 11.56),
    ("胡志明市", "Ho Chi Minh City", 106.63, 10.82), ("河内", "Hà Nội", 105.83, 21.02), ("海防", "Haiphong", 106.68, 20.86),
    ("吉隆坡", "Kuala Lumpur", 101.69, 3.14), ("雅加达", "Jakarta", 106.85, -6.21), ("马尼拉", "Manila", 120.98, 14.60),
    ("东京", "Tokyo", 139.69, 35.69), ("大阪", "Osaka", 135.50, 34.69), ("首尔", "Seoul", 126.98, 37.57),
    ("釜山", "Busan", 129.03, 35.10), ("开罗", "Cairo", 31.24, 30.04), ("内罗毕", "Nairobi", 36.82, -1.28),
    ("亚的斯亚贝巴", "Addis Ababa", 38.75, 9.02), ("约翰内斯堡", "Johannesburg", 28.04, -26.20), ("拉各斯", "Lagos, Nigeria", 3.40, 6.45),
    ("纽约", "New York City", -74.01, 40.71), ("洛杉矶", "Los Angeles", -118.24, 34.05), ("芝加哥", "Chicago", -87.65, 41.85),
    ("多伦多", "Toronto", -79.40, 43.71), ("墨西哥城", "Mexico City", -99.13, 19.43), ("圣保罗", "São Paulo", -46.64, -23.55),
    ("利马", "Lima", -77.03, -12.04), ("布宜诺斯艾利斯", "Buenos Aires", -58.38, -34.61), ("悉尼", "Sydney", 151.21, -33.87),
    ("墨尔本", "Melbourne", 144.96, -37.81), ("惠灵顿", "Wellington, New Zealand", 174.78, -41.29),
]  # fmt: skip
"""Cities of every continent that people write in tables of trade and transport."""


@pytest.mark.parametrize(("chinese", "latin", "lon", "lat"), CITIES, ids=[one[1] for one in CITIES])
def test_a_city_is_found_by_both_names(chinese: str, latin: str, lon: float, lat: float) -> None:
    for text in (chinese, latin):
        best = LOCATOR.locate(text).best
        assert best is not None, text
        assert best.lon is not None
        assert best.lat is not None
        assert distance_m(lon, lat, best.lon, best.lat) < 25_000
        assert best.score is not None
        assert best.score >= 0.8


@pytest.mark.parametrize(
    ("text", "identifier", "rest"),
    [
        ("德国杜伊斯堡", "geonames-2934691", ""), ("杜伊斯堡，德国", "geonames-2934691", ""), ("杜伊斯堡（德国）", "geonames-2934691", ""),
        ("杜伊斯堡市", "geonames-2934691", ""), ("Duisburg, Germany", "geonames-2934691", ""), ("Duisburg Germany", "geonames-2934691", ""),
        ("德国北威州杜伊斯堡", "geonames-2934691", ""), ("日本大阪市中央区", "geonames-1853909", "中央区"),
        ("Via Roma 1, Milano, Italy", "geonames-3173435", "via roma 1"), ("10115 Berlin", "geonames-2950159", ""),
        ("Portland, Oregon, USA", "geonames-5746545", ""), ("Portland, Maine", "geonames-4975802", ""),
        ("London, Ontario", "geonames-6058560", ""), ("加拿大安大略省伦敦", "geonames-6058560", ""), ("Paris, Texas", "geonames-4717560", ""),
        ("越南西贡", "geonames-1566083", ""), ("加州洛杉矶", "geonames-5368361", ""), ("德国汉堡港", "port-DEHAM", ""),
    ],
)  # fmt: skip
def test_a_country_or_region_beside_the_name_decides(text: str, identifier: str, rest: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    assert (best.id, best.rest) == (identifier, rest)


@pytest.mark.parametrize("text", ["Springfield", "Cambridge", "Valencia"])
def test_cities_of_one_name_are_candidates(text: str) -> None:
    answer = LOCATOR.locate(text)
    assert (answer.best, answer.reason) == (None, "ambiguous")
    assert len({candidate.within for candidate in answer.candidates}) > 1


@pytest.mark.parametrize("text", ["London", "Moscow", "莫斯科", "伦敦"])
def test_a_city_of_many_times_more_people_is_meant(text: str) -> None:
    answer = LOCATOR.locate(text)
    assert answer.best is not None
    assert answer.best.within.startswith(("英国", "俄罗斯"))


@pytest.mark.parametrize(
    ("text", "county"), [("西贡", "810113"), ("泗水", "370831"), ("巴东", "422823"), ("芙蓉", "430102")]
)
def test_a_county_and_a_large_city_of_one_name_are_both_listed(text: str, county: str) -> None:
    answer = LOCATOR.locate(text)
    assert answer.best is None
    assert county in {candidate.id for candidate in answer.candidates}
    assert any(candidate.id.startswith("geonames-") for candidate in answer.candidates)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("泗水县", "370831"),
        ("西贡区", "810113"),
        ("丽水", "331100"),
        ("海阳市", "370687"),
        ("太原市", "140100"),
        ("洛阳", "410300"),
    ],
)
def test_a_chinese_unit_of_that_name_wins(text: str, code: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    assert best.id == code


@pytest.mark.parametrize(
    "text",
    [
        "汉堡店", "汉堡王", "曼谷路", "罗马花园", "巴黎春天", "维也纳酒店", "米兰大厦", "纽约大街", "柏林墙", "加州阳光", "伊利", "欧拉",
        "丰田", "自由", "威尼斯商人", "金边瑞香", "伦敦广场3号楼", "东京城",
    ],
)  # fmt: skip
def test_a_word_that_begins_with_a_city_names_none(text: str) -> None:
    assert LOCATOR.locate(text).best is None


def test_a_longer_name_abroad_is_not_the_county_that_it_begins_with() -> None:
    for text, country in (
        ("吉隆坡", "马来西亚"),
        ("多伦多", "加拿大"),
        ("白沙瓦", "巴基斯坦"),
        ("乌兰巴托", "蒙古"),
    ):
        best = LOCATOR.locate(text).best
        assert best is not None, text
        assert best.within.startswith(country)


@pytest.mark.parametrize(
    ("text", "around"), [("磨丁", "琅南塔"), ("马拉舍维奇", "捷雷斯波尔"), ("波兰马拉舍维奇站", "捷雷斯波尔")]
)
def test_a_place_without_a_point_answers_at_the_city_near_it(text: str, around: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    city = LOCATOR.locate(around).best
    assert city is not None
    assert (best.position_of, best.lon) == (city.id, city.lon)
    assert best.radius_m == 60_000


def test_row_within_a_country_decides() -> None:
    assert LOCATOR.locate("科隆", within=["德国"]).best is not None
    assert LOCATOR.locate("科隆", within=["法国"]).reason == "conflict"


PORTLAND, LONDON_IN_ONTARIO, ATLANTA = "geonames-5746545", "geonames-6058560", "geonames-4180439"


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        *((text, PORTLAND) for text in (
            "Portland Oregon USA", "USA Oregon Portland", "Oregon Portland", "Portland USA Oregon", "Portland, Oregon USA", "Portland OR USA",
            "USA, Portland Oregon", "Portland (Oregon)", "Portland/Oregon/USA", "Portland - Oregon - USA", "Portland; Oregon; USA",
            "Portland | USA", "波特兰，俄勒冈州，美国", "波特兰 俄勒冈州", "美国/俄勒冈州/波特兰",
        )),
        *((text, LONDON_IN_ONTARIO) for text in ("London, CA", "London Ontario Canada", "伦敦，安大略省", "伦敦（加拿大）")),
        *((text, ATLANTA) for text in ("Atlanta, Georgia", "Georgia, Atlanta", "Atlanta Georgia USA")),
        ("Tbilisi, Georgia", "geonames-611717"), ("Barcelona, ES", "geonames-3128760"), ("Wilmington, DE", "geonames-4145381"),
        ("Frankfurt (Oder)", "geonames-2925535"), ("Hamburg Deutschland", "geonames-2911298"), ("New York New York", "geonames-5128581"),
        ("Lebanon, Tennessee", "geonames-4636045"), ("Lebanon, Beirut", "geonames-276781"),
    ],
)  # fmt: skip
def test_city_region_and_country_are_read_in_any_order_and_between_any_marks(text: str, identifier: str) -> None:
    best = LOCATOR.locate(text).best
    assert best is not None
    assert (best.id, best.rest) == (identifier, "")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("London, Canada", "GB"), ("London; Canada", "GB"), ("London Canada", "GB"), ("Canada, London", "GB"), ("London, Ontario", "GB"),
        ("London, GB", "CA"), ("Paris, United States", "FR"), ("Birmingham, Alabama, United States", "GB"), ("Barcelona, Venezuela", "ES"),
        ("Tbilisi, Georgia", "US"), ("Atlanta, Georgia", "GE"), ("London, China", "GB"), ("London, Hong Kong", "GB"), ("London, Ontario", "US"),
        ("London, Sichuan", "GB"), ("伦敦,加拿大", "GB"), ("加拿大伦敦", "GB"), ("伦敦，安大略省", "GB"),
    ],
)  # fmt: skip
def test_a_country_or_region_in_the_text_contradicts_another_one_of_the_row(text: str, country: str) -> None:
    answer = LOCATOR.locate(text, within=[country])
    assert (answer.best, answer.reason) == (None, "conflict")


@pytest.mark.parametrize("text", ["伦敦，中国", "中国伦敦", "巴黎，四川省"])
def test_a_city_abroad_lies_in_no_part_of_china(text: str) -> None:
    assert LOCATOR.locate(text, within=["GB"]).best is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Foo, Birmingham", "foo"), ("Birmingham, Foo", "foo"), ("Foo, Birmingham, Bar", "foo, bar"), ("Foo, Birmingham Alabama", "foo"),
        ("Foo, Birmingham, Alabama, USA", "foo"), ("Acme Co., Ltd., Birmingham, US", "acme co., ltd."), ("Birmingham, Alabama", ""),
    ],
)  # fmt: skip
def test_what_names_nothing_is_the_rest_of_an_address_in_a_row_of_a_country_too(text: str, rest: str) -> None:
    best = LOCATOR.locate(text, within=["US"]).best
    assert best is not None
    assert (best.id, best.rest) == ("geonames-4049979", rest)
    assert (best.reason == "address") == bool(rest)


@pytest.mark.parametrize(
    ("text", "country", "identifiers"),
    [
        ("Cambridge", "GB", {"geonames-2653941"}), ("Cambridge", "US", {"geonames-4931972"}), ("Valencia", "VE", {"geonames-3625549"}),
        ("Portland", "US", {PORTLAND}), ("Springfield Illinois", "US", {"geonames-4250542"}), ("London", "CA", {LONDON_IN_ONTARIO}),
        ("Springfield", "US", None), ("Springfield, USA", "US", None), ("USA Springfield", "US", None),
    ],
)  # fmt: skip
def test_a_row_s_country_narrows_an_ambiguous_name(text: str, country: str, identifiers: set[str] | None) -> None:
    answer = LOCATOR.locate(text, within=[country])
    if identifiers is None:
        assert answer.reason == "ambiguous"
        assert {candidate.within[:2] for candidate in answer.candidates} == {"美国"}
    else:
        assert answer.best is not None
        assert {answer.best.id} == identifiers


@given(
    st.sampled_from(range(31_000)), st.permutations(range(3)), st.sampled_from([" ", ", ", "; ", " / ", " - "]),
    st.sampled_from(["DE", "US", "GB", "FR", "CN", "IN"]),
)  # fmt: skip
@examples(100)
def test_what_a_text_says_of_its_country_holds_in_every_row(city: int, order: list[int], mark: str, other: str) -> None:
    """Of a city with its region and country, in any order, the answer lies in that country, and is none in a row of another one."""
    cities = load_cities_abroad()
    country, region = cities.country(city), cities.region(city)
    names = cities.latin_name(city), REGION_NAMES.get(region, ""), COUNTRY_NAMES.get(country, "")
    text = mark.join(names[place] for place in order if names[place])
    if not names[2] or any(code.startswith(other) for code in cities.regions_named(latin_key(names[2]))):
        return  # the gazetteer lacks the country, or a region of the other one has its name: Georgia
    best, there = LOCATOR.locate(text).best, LOCATOR.locate(text, within=[other]).best
    if best is not None and not best.rest:
        assert country in (best.id, *LOCATOR.ancestors(best.id))
    assert other == country or there is None


def test_an_id_is_the_city_again() -> None:
    best = LOCATOR.locate("杜伊斯堡").best
    assert best is not None
    assert LOCATOR.position(best.id) is not None
    assert exact_names().with_code(best.id) is not None
    assert LOCATOR.ancestors(best.id) == ("DE",)
    assert best.id in LOCATOR
    assert "geonames-1" not in LOCATOR


def test_every_city_has_names_a_point_and_a_country() -> None:
    cities = load_cities_abroad()
    count = sum(1 for city in range(len(cities)) if cities.id(city).startswith("geonames-"))
    assert count > 31_000
    for city in range(0, count, 97):
        point = cities.point(city)
        assert point is not None
        assert -180 <= point[0] <= 180
        assert -90 <= point[1] <= 90
        assert cities.country(city).isalpha()
        assert city in cities.latin_names.find(latin_key(cities.latin_name(city)))


def test_a_chinese_address_reads_no_cities_abroad() -> None:
    script = (
        "from qjmap.geocoding import OfflineLocator; locator = OfflineLocator(); locator.locate('重庆市綦江区打通镇人民路12号');"
        "print(sorted(vars(locator.places.china.abroad)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
