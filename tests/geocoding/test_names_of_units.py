"""Every prefecture and county by every name that people call it, through `qjmap.locate`."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import qjmap
from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.china_gazetteer import EXACT, FIRST_CITY, FORMER, SHORT, load_china_gazetteer

CHINA = load_china_gazetteer()
LOCATOR = OfflineLocator(suggests=False)
UNITS = [row for row in range(len(CHINA.ids)) if CHINA.kind(row) in ("province", "city", "district")]
PEOPLES = re.compile("(?:各族|(?:[一-龥]{1,4}族)+|蒙古|锡伯|哈萨克|柯尔克孜|塔吉克)?(?:自治州|自治县|自治旗|自治区)$")

SPOKEN = [
    ("前郭县", "220721"), ("科左后旗", "150522"), ("科左中旗", "150521"), ("科右前旗", "152221"), ("察右中旗", "150927"),
    ("土右旗", "150221"), ("达茂旗", "150223"), ("乌前旗", "150823"), ("鄂前旗", "150623"), ("阿左旗", "152921"),
    ("东乌旗", "152525"), ("西苏旗", "152524"), ("克旗", "150425"), ("莫旗", "150722"), ("锡盟", "152500"), ("阿盟", "152900"),
    ("喀左县", "211324"), ("喀左", "211324"), ("阜蒙县", "210921"), ("杜蒙", "230624"), ("龙胜", "450328"), ("隆林县", "451031"),
    ("巴音郭楞", "652800"), ("巴音郭楞州", "652800"), ("博尔塔拉", "652700"), ("博州", "652700"), ("克州", "653000"),
    ("察布查尔县", "654022"), ("和布克赛尔", "654226"), ("塔县", "653131"), ("管城区", "410104"), ("管城", "410104"),
    ("顺河区", "410203"), ("瀍河", "410304"), ("梅里斯", "230208"), ("东乡族自治县", "622926"), ("鄂温克旗", "150724"),
    ("彭水县", "500243"), ("恩施州", "422800"), ("版纳", "532800"), ("黔东南州", "522600"), ("广西省", "450000"),
    ("新疆省", "650000"), ("西藏省", "540000"), ("内蒙古自治区", "150000"), ("广西自治区", "450000"), ("香港特区", "810000"),
    ("加格达奇区", "232761"), ("加格达奇", "232761"), ("松岭区", "232762"), ("新林区", "232763"), ("呼中区", "232764"),
    ("大兴安岭加格达奇区", "232761"), ("呼伦贝尔盟", "150700"), ("呼盟", "150700"), ("伊克昭盟", "150600"), ("哲里木盟", "150500"),
    ("呼市", "150100"), ("乌市", "650100"), ("神农架", "429021"), ("浦东", "310115"),
]  # fmt: skip

TAIWAN_AND_MACAO = [
    ("台北市", "710009"), ("台中", "710016"), ("新北市板桥区", "710012-banqiaoqu"), ("台北市大安区", "710009-daanqu"),
    ("中国台湾省高雄市左营区", "710001-zuoyingqu"), ("桃园市中坜区", "710018-zhongliqu"), ("臺南市安平區", "710014-anpingqu"),
    ("香港元朗区", "810118"), ("中国香港沙田区", "810114"), ("澳门花地玛堂区", "820000-huadimatangqu"), ("氹仔", "820000-jiamotangqu"),
    ("路环", "820000-shengfangjigetangqu"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def outside_of_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder without a project."""
    monkeypatch.chdir(tmp_path)


@cache
def forms_by_row() -> dict[int, list[tuple[str, int]]]:
    """The forms of each unit, with their kinds."""
    forms: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for form in CHINA.forms:
        for place, kind in CHINA.hits(form):
            if place < FIRST_CITY:
                forms[place].append((form, kind))
    return forms


def places_of(text: str) -> set[str]:
    """Ids of the places that a text means, or may mean."""
    return {candidate.id for candidate in qjmap.locate(text).candidates}


@pytest.mark.slow
@pytest.mark.parametrize("kind", [EXACT, SHORT, FORMER], ids=["full", "short", "former"])
def test_every_unit_is_found_by_all_of_its_names(kind: int) -> None:
    names = [(form, CHINA.ids[row]) for row in UNITS for form, of in forms_by_row()[row] if of == kind]
    assert len(names) > {EXACT: 3_200, SHORT: 3_000, FORMER: 900}[kind]
    many = {form for form, _ in names if len(CHINA.hits(form)) > 12}  # 郊区: more places than an answer lists
    assert [(form, code) for form, code in names if form not in many and code not in places_of(form)] == []


@pytest.mark.slow
def test_a_name_of_one_unit_alone_is_that_unit() -> None:
    wrong = []
    for row in UNITS:
        for form, kind in forms_by_row()[row]:
            if kind <= SHORT and len(CHINA.hits(form)) == 1 and len(form) > 1:
                best = qjmap.locate(form).best
                if best is None or best.id != CHINA.ids[row] or best.score < 0.8:
                    wrong.append((form, CHINA.ids[row], best))
    assert wrong == []


def test_a_unit_of_a_people_has_a_name_without_the_people() -> None:
    names = [CHINA.name(row) for row in UNITS if CHINA.name(row).endswith(("自治州", "自治县", "自治旗"))]
    assert len(names) > 140
    missing = []
    for name in names:
        stem = PEOPLES.sub("", name)
        stem = stem if len(stem) > 1 else name.partition("族")[0]
        last = name[-1]
        short = next((form for form in (stem, name[: len(stem)]) if CHINA.hits(form)), "")
        if not short and not CHINA.hits(stem + last):
            missing.append((name, stem))
    assert [one for one in missing if not any(CHINA.hits(one[0][:size] + one[0][-1]) for size in range(2, 7))] == []


@pytest.mark.parametrize(("text", "code"), SPOKEN)
def test_spoken_name(text: str, code: str) -> None:
    best = qjmap.locate(text).best
    assert best is not None
    assert best.id == code


@pytest.mark.parametrize(("text", "identifier"), TAIWAN_AND_MACAO)
def test_taiwan_hong_kong_and_macao_lie_in_china(text: str, identifier: str) -> None:
    best = qjmap.locate(text).best
    assert best is not None
    assert best.id == identifier
    assert "100000" in LOCATOR.ancestors(identifier)


@pytest.mark.parametrize(("text", "code"), [("大同区", "230606"), ("金山区", "310116"), ("中山区", "210202")])
def test_a_district_of_the_mainland_comes_before_one_of_taiwan(text: str, code: str) -> None:
    answer = qjmap.locate(text)
    assert answer.best is not None
    assert answer.best.id == code
    assert any(candidate.id.startswith("71") for candidate in answer.candidates)


@pytest.mark.parametrize("text", ["信义区", "阿旗", "鄂旗"])
def test_a_name_of_several_units_lists_them(text: str) -> None:
    answer = qjmap.locate(text)
    assert answer.best is None
    assert len(answer.candidates) > 1


def test_a_mainland_township_is_not_hidden_by_one_in_taiwan() -> None:
    assert all(candidate.id.isdigit() for candidate in qjmap.locate("宝山乡").candidates)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hohhot", "150100"), ("Lhasa", "540100"), ("Ürümqi", "650100"), ("Urumqi", "650100"), ("Taipei", "710009"),
        ("Kaohsiung", "710001"), ("Peking", "110000"), ("Canton", "440100"), ("Hong Kong", "810000"), ("Macau", "820000"),
        ("Amoy", "350200"), ("Harbin", "230100"), ("Kashgar", "653100"), ("Shigatse", "540200"), ("Qiqihar", "230200"),
        ("Ordos", "150600"), ("Xi'an", "610100"), ("Shanghai, China", "310000"),
    ],
)  # fmt: skip
def test_english_names_of_chinese_cities(text: str, code: str) -> None:
    best = qjmap.locate(text).best
    assert best is not None
    assert best.id == code
