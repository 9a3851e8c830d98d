"""Which texts are sent to a provider, and which answers are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

import qjmap
from qjmap.errors import UsageError
from qjmap.geocoding import Locator
from qjmap.geocoding.online.online_locator import OnlineCandidate
from tests.geocoding.online.conftest import Opener
from tests.geocoding.online.server import NEIJIANG, QIJIANG, Place, Providers

pytestmark = pytest.mark.slow


def test_implements_the_locator_protocol(opened: Opener) -> None:
    locator: Locator = opened("amap")
    assert locator.locate("綦江区").best is not None


@pytest.mark.parametrize(
    "text",
    [
        "綦江区",  # known, with nothing left to find
        "重庆市綦江区古南街道石佛路8号",  # known as far as its street office
        "西湖",  # two districts of that name
        "自贡市綦江区石佛路8号",  # contradicts itself
        "",
    ],
)
def test_no_query_for_known_or_hopeless_texts(opened: Opener, providers: Providers, text: str) -> None:
    online = opened("amap")
    result = online.locate_with_outcome(text)
    assert result.outcome == ""
    assert result.answer == online.offline.locate(text)
    assert providers.asked == []


def test_query_for_a_place_with_an_inherited_point(opened: Opener, providers: Providers) -> None:
    providers.places = {"高新技术产业开发区": [Place("贵阳高新技术产业开发区", 106.64, 26.63)]}
    best = opened("amap").locate("贵阳高新区").best
    assert isinstance(best, OnlineCandidate)
    assert providers.questions() == ["贵州省贵阳市贵阳高新技术产业开发区"]


def test_ask_all_queries_addresses_in_known_towns(opened: Opener) -> None:
    best = opened("amap", ask_all=True).locate("重庆市綦江区古南街道石佛路8号").best
    assert isinstance(best, OnlineCandidate)
    assert best.level == "site"


def test_query_has_todays_names_and_the_rows_areas(opened: Opener, providers: Providers) -> None:
    online = opened("amap")
    online.locate("綦江县石佛路8号")
    online.locate("石佛路8号", within=("重庆市", "綦江区"))
    assert providers.questions() == ["重庆市綦江区石佛路8号"]  # one question, asked once


def test_area_containing_the_rows_is_no_conflict(opened: Opener, providers: Providers) -> None:
    providers.places = {"长风": [Place("长风化工厂", *QIJIANG)]}
    assert opened("amap").locate_with_outcome("重庆长风化工厂", ("綦江区",)).outcome == "answered"


@pytest.mark.parametrize("name", ["nominatim", "photon", "amap", "tianditu", "baidu"])
@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("重庆市綦江区远方路1号", ()),
        ("远方路1号", ("重庆市",)),
        ("远方路1号", ("綦江区",)),
        ("贵阳高新区远方路1号", ()),  # a development zone lies in its city
    ],
)
def test_answer_outside_the_area_is_refused(opened: Opener, name: str, text: str, within: tuple[str, ...]) -> None:
    result = opened(name).locate_with_outcome(text, within)
    assert result.outcome == "outside"
    best = result.answer.best
    assert best is None or not isinstance(best, OnlineCandidate)
    if best is None:
        assert result.answer.reason == "outside"


def test_answer_abroad_is_refused(opened: Opener, providers: Providers) -> None:
    providers.places = {"远方路": [Place("远方路1号", 103.85, 1.29)]}
    assert opened("amap").locate_with_outcome("重庆市綦江区远方路1号").outcome == "outside"


def test_answer_without_area_is_unchecked(opened: Opener, providers: Providers) -> None:
    providers.places = {"长风": [Place("长风化工厂", *QIJIANG)]}
    result = opened("amap").locate_with_outcome("长风化工厂")
    assert (result.outcome, result.answer.reason) == ("unchecked", "provider-unchecked")
    providers.places = {"大雾": [Place("重庆市", *QIJIANG, "district")]}  # the provider knew the area around it only
    assert opened("amap").locate_with_outcome("大雾山庄").outcome == "coarser"


def test_two_answers_of_one_level_are_ambiguous(opened: Opener, providers: Providers) -> None:
    near = (QIJIANG[0] + 0.0005, QIJIANG[1])
    providers.places = {
        "一路": [Place("一路1号", *QIJIANG), Place("一路1号", 106.9, 28.96)],
        "二路": [Place("二路1号", *QIJIANG), Place("二路1号", *near)],
        "三路": [Place("三路1号", *QIJIANG), Place("三路1号", *NEIJIANG)],  # the second is refused, so the first it is
    }
    online = opened("amap")
    outcomes = [online.locate_with_outcome(f"重庆市綦江区{one}路1号").outcome for one in "一二三"]
    assert outcomes == ["ambiguous", "answered", "answered"]


def test_street_decides_between_districts(opened: Opener, providers: Providers) -> None:
    providers.places = {"文三路": [Place("文三路1号", 120.12, 30.27)]}  # 西湖区 of 杭州
    result = opened("amap").locate_with_outcome("西湖区文三路1号")
    assert result.outcome == "answered"
    assert result.answer.best is not None
    assert result.answer.best.within == "浙江省 杭州市 西湖区"
    providers.places = {"三江路": [Place("三江路1号", *QIJIANG)]}
    assert opened("amap").locate_with_outcome("西湖区三江路1号").outcome == "outside"


def test_project_area_is_checked_by_radius(opened: Opener, providers: Providers) -> None:
    from qjmap.geocoding import OfflineLocator, ProjectGazetteer

    row = {"id": "bay", "name": "海口湾区", "aliases": (), "members": (), "kind": "district", "lon": 100.5, "lat": 30.5}
    online = opened("amap")
    online.offline = OfflineLocator(ProjectGazetteer([row]))
    providers.places = {"石佛路": [Place("石佛路8号", 100.6, 30.6)], "远方路": [Place("远方路1号", 101.5, 30.5)]}
    assert online.locate_with_outcome("海口湾区石佛路8号").outcome == "answered"
    assert online.locate_with_outcome("海口湾区远方路1号").outcome == "outside"


def test_online_argument_of_the_python_functions(
    providers: Providers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in providers.environment(QJMAP_CACHE=str(tmp_path / "cache")).items():
        monkeypatch.setenv(name, value)
    best = qjmap.locate("綦江区石佛路8号", online="amap").best
    assert isinstance(best, OnlineCandidate)
    frame = qjmap.geocode(["綦江区石佛路8号", "綦江区", "綦江区没有路1号"], online="amap")
    assert list(frame["provider"]) == ["amap", "", ""]
    assert list(frame["provider_reason"]) == ["answered", "", "unknown"]
    assert (frame.geometry.x[0], frame.geometry.y[0]) == pytest.approx(QIJIANG, abs=1e-5)
    assert "provider" not in qjmap.geocode(["綦江区"])
    with pytest.raises(UsageError, match="nominatim"):
        qjmap.locate("綦江区石佛路8号", online="nobody")
