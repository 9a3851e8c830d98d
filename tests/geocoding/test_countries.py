"""A row's country, by its name or code, judges what its texts name: no Chinese county abroad by a short name, and no city abroad in China."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qjmap
from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.countries import Countries
from qjmap.geocoding.country_columns import country_column, rows_of_countries
from qjmap.geocoding.geocode_file import locate_file
from qjmap.geocoding.locate_many import locate_many
from tests.properties import examples

CHINA = load_china_gazetteer()
COUNTRIES = Countries(CHINA)
LOCATOR = OfflineLocator()
ROWS = [row for row in range(len(CHINA.ids)) if CHINA.kind(row) == "country"]
COUNTIES = [row for row in range(len(CHINA.ids)) if CHINA.kind(row) == "district" and not CHINA.abolished_in(row)]
ABROAD = [row for row in ROWS if COUNTRIES.is_abroad(row)]
SHORT_NAMES = sorted(
    form for form in CHINA.forms if len(form) == 2 and any(CHINA.kind(row) == "district" for row, _ in CHINA.hits(form))
)
TAILS = ("", "路12号", "工业区", "第一中学", "大厦", "有限公司", "，人民路1号")


def name(word: str) -> str:
    row = COUNTRIES.find(word)
    return CHINA.name(row) if row >= 0 else ""


def test_every_country_is_found_by_its_name_and_code() -> None:
    assert [COUNTRIES.find(CHINA.name(row)) for row in ROWS] == ROWS
    coded = [row for row in ROWS if CHINA.id(row).isalpha()]
    assert [COUNTRIES.find(CHINA.id(row).lower()) for row in coded] == coded


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("CN", "CHN", "China", "中国", "中華人民共和國", "中国大陆", "PRC", "P.R.C."), "中国"),
        (("DE", "DEU", "Germany", "德国", "德國", "Deutschland"), "德国"),
        (("越南", "VNM", "Viet Nam", "Vietnam", "越南社会主义共和国"), "越南"),
        (("中国台湾", "台湾省", "TWN", "Taiwan", "Taiwan, China", "中国（台湾）"), "台湾省"),
        (("中国香港", "香港特别行政区", "HKG", "Hong Kong"), "香港特别行政区"),
        (("UK", "GB", "GBR", "英国", "Great Britain"), "英国"),
        (("刚果（金）", "COD"), "刚果金"),
        (("孟加拉", "孟加拉国", "BGD"), "孟加拉国"),
        (("", "-", "欧洲", "重庆", "江苏省", "东方", "State", "国", "XX", "120"), ""),
    ],
)
def test_countries_by_code_and_by_names(words: tuple[str, ...], meant: str) -> None:
    assert {word: name(word) for word in words} == dict.fromkeys(words, meant)


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ("country", True), ("Country Code", True), ("country_name", True), ("国家", True), ("国别", True), ("所在国家（地区）", True),
        ("国家/地区", True), ("Land", True), ("pays", True), ("国", True), ("county", False), ("投资国别", False), ("国籍", False),
        ("省", False), ("所属区县", False), ("地址", False), ("国家级", False),
    ],
)  # fmt: skip
def test_headers_of_countries(header: str, is_one: bool) -> None:
    assert country_column(["名称", header]) == (header if is_one else "")


def test_cells_that_are_no_countries_judge_nothing() -> None:
    values = np.array(["德国", "", "欧洲", "DE"], dtype=object)
    germany = COUNTRIES.find("DE")
    assert rows_of_countries(values, COUNTRIES).tolist() == [germany, -1, -1, germany]


@pytest.mark.slow
@given(st.sampled_from(SHORT_NAMES), st.sampled_from(TAILS), st.sampled_from(ABROAD))
@examples(400)
def test_no_county_of_china_in_a_row_of_another_country(form: str, tail: str, country: int) -> None:
    answer = LOCATOR.locate(form + tail, within=[CHINA.id(country)])
    if answer.best is not None:
        place = LOCATOR.places.place_by_id(answer.best.id)
        assert place is not None
        assert LOCATOR.places.country(place) == country


@given(st.sampled_from(COUNTIES), st.sampled_from(TAILS))
@examples(300)
def test_china_as_country_changes_no_answer_in_china(county: int, tail: str) -> None:
    text = CHINA.name(county) + tail
    plain, inside = LOCATOR.locate(text), LOCATOR.locate(text, within=["CN"])
    if plain.best is not None:
        assert inside == plain


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(SHORT_NAMES), st.sampled_from(TAILS), st.sampled_from(ROWS)), min_size=1))
@examples(100)
def test_batches_and_single_answers_agree(rows: list[tuple[str, str, int]]) -> None:
    texts, within = [form + tail for form, tail, _ in rows], [(CHINA.id(country),) for *_, country in rows]
    columns = locate_many(LOCATOR, texts, within)
    answers = [LOCATOR.locate(text, within=words) for text, words in zip(texts, within, strict=True)]
    assert columns["place_id"] == [answer.best.id if answer.best else "" for answer in answers]
    assert columns["reason"] == [answer.reason for answer in answers]


@pytest.mark.parametrize(
    ("text", "country", "place", "reason"),
    [
        ("西贡", "越南", "胡志明市", "exact"), ("西贡", "中国", "西贡区", "short-name"), ("西贡", "TW", "", "conflict"),
        ("伦敦", "CA", "伦敦", "alias"), ("黑山", "ME", "黑山", "exact"), ("黑山", "CN", "黑山县", "short-name"),
        ("杜伊斯堡港1号", "Germany", "杜伊斯堡", "address"), ("Hafenstraße 7, Hamburg", "DEU", "汉堡", "address"),
        ("重庆市綦江区古南街道", "德国", "", "conflict"), ("綦江", "DE", "", "conflict"), ("东方水利", "DE", "", "unknown"),
        ("杜伊斯堡", "China", "", "conflict"), ("巴林", "CN", "", "conflict"), ("台北市大安区", "中国", "大安区", "alias"),
        ("台北市大安区", "台湾", "大安区", "alias"), ("德国杜伊斯堡", "FR", "", "conflict"),
    ],
)  # fmt: skip
def test_the_country_decides(text: str, country: str, place: str, reason: str) -> None:
    answer = LOCATOR.locate(text, within=[CHINA.id(COUNTRIES.find(country))])
    assert (answer.best.name if answer.best else "", answer.reason) == (place, reason)
    if reason == "conflict":
        assert answer.candidates


def test_a_project_place_of_no_known_country_stays(tmp_path: Path) -> None:
    from qjmap.geocoding import ProjectGazetteer

    own = ProjectGazetteer(
        [{"id": "park", "name": "甲乙园", "kind": "town", "lon": 106.0, "lat": 29.0, "precision": "site"}]
    )
    locator = OfflineLocator(own)
    best = locator.locate("甲乙园", within=["CN"]).best
    assert best is not None
    assert best.id == "park"


def test_geocode_takes_a_series_of_countries() -> None:
    names = pd.Series(["西贡", "西贡", "綦江", "綦江"], index=list("abcd"))
    found = qjmap.geocode(names, countries=pd.Series(["越南", "CHN", None, "FR"], index=list("abcd")))
    assert found["address"].tolist()[:3] == ["胡志明市", "西贡区", "綦江区"]
    assert found["reason"].tolist()[3] == "conflict"


def test_locate_file_reads_the_column(tmp_path: Path) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("名称,国家,地址\n甲,越南,西贡\n乙,中国,西贡\n丙,DE,綦江区\n丁,欧洲,綦江区\n", encoding="utf-8")
    assert locate_file(LOCATOR, file, out) == (4, 3)
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["place_id"] for row in rows] == ["geonames-1566083", "810113", "", "500110"]
    assert [row["reason"] for row in rows] == ["exact", "short-name", "conflict", "exact"]
