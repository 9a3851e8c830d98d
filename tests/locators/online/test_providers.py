"""What each provider answers becomes a place of ours: WGS 84, a level, a radius, whose it is and since when."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap._version import __version__
from qjmap.datum import from_wgs84, to_wgs84
from qjmap.errors import UsageError
from qjmap.locators.gazetteer import distance_m
from qjmap.locators.online.amap import Amap
from qjmap.locators.online.baidu import Baidu
from qjmap.locators.online.locator import OnlineCandidate, _read
from qjmap.locators.online.osm import Nominatim, Photon
from qjmap.locators.online.provider import LEVELS, PROVIDERS, Service
from qjmap.locators.online.tianditu import Tianditu
from qjmap.schema import PRECISION_RADIUS_M
from tests.locators.online.conftest import Opener
from tests.locators.online.server import KEY, QIJIANG, Fault, Place, Providers

ADDRESS = "重庆市綦江区石佛路8号"
ALL = list(PROVIDERS)
KEYED = [name for name, one in PROVIDERS.items() if one.keyed]
URL = "http://127.0.0.1:9"


def service(name: str) -> Service:
    if name in KEYED:
        return {"amap": Amap, "tianditu": Tianditu, "baidu": Baidu}[name](URL, "k", "qjmap", 1.0)
    return {"nominatim": Nominatim, "photon": Photon}[name](URL, "qjmap", 1.0)


@pytest.mark.parametrize("name", ALL)
def test_an_address_gets_the_providers_point_in_wgs84_with_its_datum_and_day(opened: Opener, name: str) -> None:
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
def test_what_came_bent_is_kept_as_it_came_beside_what_was_made_of_it(opened: Opener, name: str) -> None:
    best = opened(name).locate(ADDRESS).best
    assert isinstance(best, OnlineCandidate)
    lon, lat = from_wgs84([QIJIANG[0]], [QIJIANG[1]], PROVIDERS[name].datum)
    assert (best.given_lon, best.given_lat) == pytest.approx((lon[0], lat[0]), abs=1e-6)


@pytest.mark.parametrize("name", ALL)
def test_the_program_says_who_it_is(opened: Opener, providers: Providers, name: str) -> None:
    opened(name).locate(ADDRESS)
    (asked,) = providers.asked
    assert asked.headers["User-Agent"] == f"qjmap/{__version__}"
    assert asked.text == PROVIDERS[name].joint.join(["重庆市", "綦江区", "石佛路8号"])


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(("kind", "level"), [("road", "town"), ("district", "district"), ("nonsense", "district")])
def test_only_a_finer_answer_replaces_the_gazetteers(
    opened: Opener, providers: Providers, name: str, kind: str, level: str
) -> None:
    providers.places = {"石佛路": [Place("石佛路", *QIJIANG, kind)]}
    looked = opened(name).look(ADDRESS)
    assert looked.answer.best is not None
    assert looked.answer.best.level == level
    assert (looked.outcome == "answered") == (level == "town")


@pytest.mark.parametrize("name", KEYED)
def test_a_key_that_is_refused_stops_at_once_and_is_not_shown(opened: Opener, providers: Providers, name: str) -> None:
    wrong = "wrong-key-9876543210"
    online = opened(name, **{f"QJMAP_{name.upper()}_KEY": wrong})
    with pytest.raises(UsageError) as caught:
        online.locate(ADDRESS)
    assert caught.value.exit_code == 2
    assert wrong not in str(caught.value)
    assert f"QJMAP_{name.upper()}_KEY" in caught.value.line("en")
    assert len(providers.asked) == 1


@pytest.mark.parametrize("name", ALL)
def test_an_address_of_a_server_that_is_none_is_wrong_use(opened: Opener, providers: Providers, name: str) -> None:
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
def test_each_documented_fault_means_what_it_says(
    opened: Opener, providers: Providers, name: str, page: dict[str, object], outcome: str, stopped: bool
) -> None:
    providers.faults = [Fault(body=json.dumps(page).encode())]
    online = opened(name)
    looked = online.look(ADDRESS)
    assert looked.outcome == outcome
    assert bool(online.asker.stopped) == stopped
    assert looked.answer.best is not None
    assert looked.answer.best.level == "district"  # the gazetteer's answer stays


@pytest.mark.parametrize("name", ["amap", "baidu"])
@pytest.mark.parametrize("code", ["10001", "10009", "200", "210", "240"])
def test_a_fault_of_the_key_is_told_from_one_of_the_quota(
    opened: Opener, providers: Providers, name: str, code: str
) -> None:
    if (len(code) == 5) != (name == "amap"):
        return
    page = {"status": "0", "infocode": code} if name == "amap" else {"status": int(code), "message": "…"}
    providers.faults = [Fault(body=json.dumps(page).encode())]
    with pytest.raises(UsageError, match=code):
        opened(name).look(ADDRESS)


@pytest.mark.parametrize("name", ["nominatim", "photon"])
def test_a_map_that_anyone_edits_is_believed_only_where_the_name_is_the_one_asked_for(
    opened: Opener, providers: Providers, name: str
) -> None:
    providers.places = {"石佛路": [Place("别的路", *QIJIANG)]}
    assert opened(name).look(ADDRESS).outcome == "unknown"


def test_an_address_longer_than_baidu_takes_is_not_cut_but_left(opened: Opener, providers: Providers) -> None:
    looked = opened("baidu").look(ADDRESS + "附" * 30)
    assert looked.outcome == "too-long"
    assert providers.asked == []


@pytest.mark.parametrize(
    ("confidence", "radius"), [(100, 150.0), (75, 200.0), (50, 1_000.0), (20, 10_000.0), (0, 30_000.0)]
)
def test_baidus_confidence_is_an_error_in_metres_not_a_score(confidence: int, radius: float) -> None:
    raw = {"location": {"lng": 106.66, "lat": 29.03}, "confidence": confidence, "level": "门址"}
    found = service("baidu").read(raw)
    assert found is not None
    assert found.radius_m == radius
    assert PRECISION_RADIUS_M[found.level] >= radius


@given(
    lon=st.floats(73.0, 135.0), lat=st.floats(18.5, 53.0), name=st.sampled_from(KEYED),
    word=st.sampled_from(["门牌号", "门址", "道路", "兴趣点", "区县", "市", "城市"]), confidence=st.integers(0, 100),
)  # fmt: skip
def test_any_point_comes_back_within_a_centimetre_and_never_finer_than_a_site(
    lon: float, lat: float, name: str, word: str, confidence: int
) -> None:
    x, y = (float(one[0]) for one in from_wgs84([lon], [lat], PROVIDERS[name].datum))
    raw = {
        "amap": {"location": f"{x!r},{y!r}", "level": word},
        "tianditu": {"lon": repr(x), "lat": repr(y), "level": word},
        "baidu": {"location": {"lng": x, "lat": y}, "level": word, "confidence": confidence},
    }[name]
    found = service(name).read(raw)
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
def test_an_answer_of_any_other_shape_is_no_place(raw: object, name: str) -> None:
    found = _read(service(name).read, raw)
    assert found is None or (abs(found.lon) <= 180 and abs(found.lat) <= 90 and found.level in LEVELS)
