"""Answers of each provider are parsed into places: WGS 84, level, radius, provider, day."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap._version import __version__
from qjmap.datum import from_wgs84, to_wgs84
from qjmap.errors import UsageError
from qjmap.geocoding.online.amap import Amap
from qjmap.geocoding.online.baidu import Baidu
from qjmap.geocoding.online.nominatim_photon import Nominatim, Photon
from qjmap.geocoding.online.online_locator import OnlineCandidate, parse_result
from qjmap.geocoding.online.providers import LEVELS, PROVIDERS, ProviderApi
from qjmap.geocoding.online.tianditu import Tianditu
from qjmap.geocoding.project_gazetteer import distance_m
from qjmap.schema import PRECISION_RADIUS_M
from tests.geocoding.online.conftest import Opener
from tests.geocoding.online.server import KEY, QIJIANG, Fault, Place, Providers

pytestmark = pytest.mark.slow

ADDRESS = "重庆市綦江区石佛路8号"
ALL = list(PROVIDERS)
KEYED = [name for name, one in PROVIDERS.items() if one.needs_key]
URL = "http://127.0.0.1:9"


def provider_api(name: str) -> ProviderApi:
    if name in KEYED:
        return {"amap": Amap, "tianditu": Tianditu, "baidu": Baidu}[name](URL, "k", "qjmap", 1.0)
    return {"nominatim": Nominatim, "photon": Photon}[name](URL, "qjmap", 1.0)


@pytest.mark.parametrize("name", ALL)
def test_answer_has_wgs84_point_datum_and_day(opened: Opener, name: str) -> None:
    best = opened(name).locate(ADDRESS).best
    assert isinstance(best, OnlineCandidate)
    assert best.lon is not None
    assert best.lat is not None
    assert distance_m(best.lon, best.lat, *QIJIANG) < 1.0
    assert (best.level, best.radius_m, best.score) == ("site", 150.0, None)
    assert (best.provider, best.provider_datum) == (name, PROVIDERS[name].datum)
    assert best.asked_on == datetime.now(UTC).date().isoformat()
    assert best.within == "重庆市 綦江区"
    assert best.reason == "provider"


@pytest.mark.parametrize("name", KEYED)
def test_provider_coordinates_are_kept(opened: Opener, name: str) -> None:
    best = opened(name).locate(ADDRESS).best
    assert isinstance(best, OnlineCandidate)
    lon, lat = from_wgs84([QIJIANG[0]], [QIJIANG[1]], PROVIDERS[name].datum)
    assert (best.given_lon, best.given_lat) == pytest.approx((lon[0], lat[0]), abs=1e-6)


@pytest.mark.parametrize("name", ALL)
def test_user_agent(opened: Opener, providers: Providers, name: str) -> None:
    opened(name).locate(ADDRESS)
    (asked,) = providers.asked
    assert asked.headers["User-Agent"] == f"qjmap/{__version__}"
    assert asked.text == PROVIDERS[name].separator.join(["重庆市", "綦江区", "石佛路8号"])


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(("kind", "level"), [("road", "town"), ("district", "district"), ("nonsense", "district")])
def test_only_a_finer_answer_is_taken(opened: Opener, providers: Providers, name: str, kind: str, level: str) -> None:
    providers.places = {"石佛路": [Place("石佛路", *QIJIANG, kind)]}
    result = opened(name).locate_with_outcome(ADDRESS)
    assert result.answer.best is not None
    assert result.answer.best.level == level
    assert (result.outcome == "answered") == (level == "town")


@pytest.mark.parametrize("name", KEYED)
def test_refused_key_stops_the_run(opened: Opener, providers: Providers, name: str) -> None:
    wrong = "wrong-key-9876543210"
    online = opened(name, **{f"QJMAP_{name.upper()}_KEY": wrong})
    with pytest.raises(UsageError) as caught:
        online.locate(ADDRESS)
    assert caught.value.exit_code == 2
    assert wrong not in str(caught.value)
    assert f"QJMAP_{name.upper()}_KEY" in caught.value.line("en")
    assert len(providers.asked) == 1


@pytest.mark.parametrize("name", ALL)
def test_invalid_url_is_a_usage_error(opened: Opener, providers: Providers, name: str) -> None:
    online = opened(name, **{f"QJMAP_{name.upper()}_URL": f"{providers.url}/elsewhere"})
    with pytest.raises(UsageError) as caught:
        online.locate(ADDRESS)
    assert "HTTP 404" in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "page", "outcome", "stopped"),
    [
        ("amap", {"status": "0", "info": "DAILY_QUERY_OVER_LIMIT", "infocode": "10003"}, "quota", True),
        ("amap", {"status": "0", "info": "CUQPS_HAS_EXCEEDED_THE_LIMIT", "infocode": "10021"}, "quota", True),
        ("amap", {"status": "0", "info": "SERVER_IS_BUSY", "infocode": "10016"}, "provider-error", False),
        ("amap", {"status": "0", "info": "ENGINE_RESPONSE_DATA_ERROR", "infocode": "30001"}, "unknown", False),
        ("baidu", {"status": 4, "message": "Quota Failure"}, "quota", True),
        ("baidu", {"status": 301, "message": "永久配额超限，限制访问"}, "quota", True),
        ("baidu", {"status": 401, "message": "当前并发量已经超过约定并发配额，限制访问"}, "quota", True),
        ("baidu", {"status": 1, "msg": "Internal Service Error"}, "provider-error", False),
        ("baidu", {"status": 2, "message": "Request Parameter Error"}, "provider-error", False),
        ("tianditu", {"code": 1, "msg": "访问次数超过上限", "resolve": "…"}, "quota", True),
        ("tianditu", {"status": "404", "msg": "出错"}, "provider-error", False),
    ],
)  # fmt: skip
def test_documented_error_codes(
    opened: Opener, providers: Providers, name: str, page: dict[str, object], outcome: str, stopped: bool
) -> None:
    providers.faults = [Fault(body=json.dumps(page).encode())]
    online = opened(name)
    result = online.locate_with_outcome(ADDRESS)
    assert result.outcome == outcome
    assert bool(online.client.stopped) == stopped
    assert result.answer.best is not None
    assert result.answer.best.level == "district"  # the gazetteer's answer stays


@pytest.mark.parametrize("name", ["amap", "baidu"])
@pytest.mark.parametrize("code", ["10001", "10009", "200", "210", "240"])
def test_tianditu_refusals(opened: Opener, providers: Providers, name: str, code: str) -> None:
    if (len(code) == 5) != (name == "amap"):
        return
    page = {"status": "0", "infocode": code} if name == "amap" else {"status": int(code), "message": "…"}
    providers.faults = [Fault(body=json.dumps(page).encode())]
    with pytest.raises(UsageError, match=code):
        opened(name).locate_with_outcome(ADDRESS)


@pytest.mark.parametrize("name", ["nominatim", "photon"])
def test_openstreetmap_result_needs_a_queried_name(opened: Opener, providers: Providers, name: str) -> None:
    providers.places = {"石佛路": [Place("别的路", *QIJIANG)]}
    assert opened(name).locate_with_outcome(ADDRESS).outcome == "unknown"


def test_too_long_query_is_not_sent(opened: Opener, providers: Providers) -> None:
    result = opened("baidu").locate_with_outcome(ADDRESS + "附" * 30)
    assert result.outcome == "too-long"
    assert providers.asked == []


@pytest.mark.parametrize(
    ("confidence", "radius"), [(100, 150.0), (75, 200.0), (50, 1_000.0), (20, 10_000.0), (0, 30_000.0)]
)
def test_baidu_confidence_is_an_error_in_metres(confidence: int, radius: float) -> None:
    raw = {"location": {"lng": 106.66, "lat": 29.03}, "confidence": confidence, "level": "门址"}
    found = provider_api("baidu").parse(raw)
    assert found is not None
    assert found.radius_m == radius
    assert PRECISION_RADIUS_M[found.level] >= radius


@given(
    lon=st.floats(73.0, 135.0), lat=st.floats(18.5, 53.0), name=st.sampled_from(KEYED),
    word=st.sampled_from(["门牌号", "门址", "道路", "兴趣点", "区县", "市", "城市"]), confidence=st.integers(0, 100),
)  # fmt: skip
def test_parsed_points_round_trip_and_are_never_finer_than_a_site(
    lon: float, lat: float, name: str, word: str, confidence: int
) -> None:
    x, y = (float(one[0]) for one in from_wgs84([lon], [lat], PROVIDERS[name].datum))
    raw = {
        "amap": {"location": f"{x!r},{y!r}", "level": word},
        "tianditu": {"lon": repr(x), "lat": repr(y), "level": word},
        "baidu": {"location": {"lng": x, "lat": y}, "level": word, "confidence": confidence},
    }[name]
    found = provider_api(name).parse(raw)
    if found is None:
        return
    back = to_wgs84([found.lon], [found.lat], PROVIDERS[name].datum)
    assert distance_m(lon, lat, float(back[0][0]), float(back[1][0])) < 0.01
    assert found.level in LEVELS
    assert found.radius_m >= PRECISION_RADIUS_M[found.level] or found.radius_m >= PRECISION_RADIUS_M["site"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["lon", "lat", "location", "level", "lng", "properties", "geometry", "coordinates", "type", "place_rank",
                         "boundingbox", "confidence", "extent", "namedetails", "address"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(_JSON, st.sampled_from(ALL))
def test_malformed_result_is_dropped(raw: object, name: str) -> None:
    found = parse_result(provider_api(name), raw)
    assert found is None or (abs(found.lon) <= 180 and abs(found.lat) <= 90 and found.level in LEVELS)
