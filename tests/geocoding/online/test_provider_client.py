"""Cache, rate limit, retries, and resumption of stopped runs."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import time
from datetime import date, timedelta
from email.utils import formatdate
from pathlib import Path

import pytest

from qjmap.errors import QjmapError
from qjmap.geocoding.online.cache import FILE, NEGATIVE_DAYS, Cache
from qjmap.geocoding.online.provider_client import PATIENCE_S, normalize_query
from qjmap.geocoding.online.providers import PROVIDERS
from tests.geocoding.online.conftest import Clock, Opener
from tests.geocoding.online.server import KEY, Fault, Providers

pytestmark = pytest.mark.slow

ADDRESS = "重庆市綦江区石佛路8号"
PATIENT = {"QJMAP_PATIENCE": str(PATIENCE_S)}


@pytest.mark.parametrize("name", list(PROVIDERS))
def test_second_run_sends_no_query(opened: Opener, providers: Providers, name: str) -> None:
    texts = [ADDRESS, "重庆市綦江区没有路1号", ADDRESS, "重庆市綦江区　石佛路８号"]
    first = [opened(name).locate(text) for text in texts]
    assert len(providers.asked) == 2  # the one that is found, and the one that is not
    again = opened(name)
    second = [again.locate(text) for text in texts]
    assert len(providers.asked) == 2
    assert again.client.counts.cached == 4
    assert [one.best for one in second] == [one.best for one in first]


def test_queries_are_normalized() -> None:
    assert normalize_query(" 綦江区　石佛路８号\n") == normalize_query("綦江区 石佛路8号")


def test_negative_answers_expire(tmp_path: Path) -> None:
    cache, day = Cache(tmp_path), date(2026, 1, 1)
    cache.put("amap", "没有", "v3", day, [])
    cache.put("amap", "有", "v3", day, [{"location": "1,2"}])
    later = day + timedelta(days=NEGATIVE_DAYS)
    assert cache.get("amap", "没有", "v3", later) is not None
    assert cache.get("amap", "没有", "v3", later + timedelta(days=1)) is None
    held = cache.get("amap", "有", "v3", later + timedelta(days=5_000))
    assert held is not None
    assert held.asked_on == "2026-01-01"
    assert cache.get("baidu", "有", "v3", day) is None
    assert cache.get("amap", "有", "v4", day) is None


def test_key_is_never_cached(opened: Opener, providers: Providers, tmp_path: Path) -> None:
    place = {"formatted_address": f"key={KEY}", "level": "门牌号", "location": "106.653746,29.026819"}
    page = {"status": "1", "infocode": "10000", "count": "1", "geocodes": [place]}
    providers.faults = [Fault(body=json.dumps(page).encode())]
    best = opened("amap").locate(ADDRESS).best
    assert best is not None
    assert KEY not in best.name
    assert KEY.encode() not in (tmp_path / "cache" / FILE).read_bytes()


def test_rate_limit_is_shared_by_processes(opened: Opener, providers: Providers, clock: Clock) -> None:
    one = opened("nominatim", QJMAP_NOMINATIM_RATE="")
    other = opened("nominatim", QJMAP_NOMINATIM_RATE="")
    begun = clock.time
    for number in range(6):
        (one, other)[number % 2].locate(f"重庆市綦江区石佛路{number}号")
    assert len(providers.asked) == 6
    assert clock.time - begun >= 5.0


def test_retries_back_off(opened: Opener, providers: Providers, clock: Clock) -> None:
    providers.faults = [Fault(503), Fault(500), Fault(body=b"<html>Please log in"), Fault(body=b"[1, 2"), Fault(502)]
    online = opened("amap", **PATIENT)
    assert online.locate_with_outcome(ADDRESS).outcome == "answered"
    assert online.client.counts.sent == 6
    pauses = [round(pause) for pause in clock.slept if pause >= 0.5]
    assert pauses == [1, 2, 4, 8, 16]


@pytest.mark.parametrize("name", ["nominatim", "amap"])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_and_as_a_date(
    opened: Opener, providers: Providers, clock: Clock, name: str, status: int
) -> None:
    providers.faults = [
        Fault(status, headers={"Retry-After": "17"}),
        Fault(status, headers={"Retry-After": formatdate(time.time() + 40, usegmt=True)}),
    ]
    assert opened(name, **PATIENT).locate_with_outcome(ADDRESS).outcome == "answered"
    long = [pause for pause in clock.slept if pause >= 10]
    assert long[0] == pytest.approx(17, abs=1)
    assert 18 <= long[1] <= 41


def test_long_retry_after_stops_the_run(opened: Opener, providers: Providers, clock: Clock) -> None:
    providers.faults = [Fault(429, headers={"Retry-After": "3600"})]
    online = opened("nominatim", **PATIENT)
    assert online.locate_with_outcome(ADDRESS).outcome == "quota"
    assert online.client.stopped == "quota"
    assert sum(clock.slept) < 60


def test_slow_answer_is_retried(opened: Opener, providers: Providers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qjmap.geocoding.online.environment.TIMEOUT_S", 0.3)
    providers.faults = [Fault(after_s=1.0)]
    online = opened("tianditu", **PATIENT)
    assert online.locate_with_outcome(ADDRESS).outcome == "answered"
    assert online.client.counts.sent >= 2


def test_run_stops_when_the_provider_is_down(opened: Opener, providers: Providers) -> None:
    online = opened("photon")
    providers.faults = [Fault(500)] * 100
    outcomes = [online.locate_with_outcome(f"重庆市綦江区石佛路{number}号").outcome for number in range(20)]
    assert set(outcomes) == {"provider-error"}
    assert len(providers.asked) == 2
    assert online.client.stopped == "provider-error"
    assert online.client.counts.unanswered == 20


def test_missing_network_is_noticed_soon(opened: Opener, clock: Clock) -> None:
    online = opened("amap", QJMAP_AMAP_URL="http://127.0.0.1:9", **PATIENT)
    outcomes = [online.locate_with_outcome(f"重庆市綦江区石佛路{number}号").outcome for number in range(9)]
    assert set(outcomes) == {"provider-error"}
    assert online.client.code == "no-answer"
    assert sum(clock.slept) <= 20


@pytest.mark.parametrize("name", list(PROVIDERS))
def test_spent_quota_stops_the_run_until_the_next(opened: Opener, providers: Providers, name: str) -> None:
    texts = [f"重庆市綦江区石佛路{number}号" for number in range(1, 8)]
    providers.quota = 3
    providers.places = {"石佛路": providers.places["石佛路"]}
    if not PROVIDERS[name].needs_key:
        providers.places = {
            f"石佛路{n}号": [providers.places["石佛路"][0].__class__(f"石佛路{n}号", 106.65, 29.03)] for n in range(9)
        }
    online = opened(name)
    outcomes = [online.locate_with_outcome(text).outcome for text in texts]
    assert outcomes == ["answered"] * 3 + ["quota"] * 4
    assert len(providers.asked) == 4
    assert online.locate_with_outcome(texts[0]).outcome == "answered"  # what is known is still answered
    providers.quota = None
    later = opened(name)
    assert [later.locate_with_outcome(text).outcome for text in texts] == ["answered"] * 7
    assert len(providers.asked) == 8


def test_unusable_cache_is_reported(opened: Opener, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / FILE).write_bytes(b"no database at all, but long enough to be read as one" * 50)
    with pytest.raises(QjmapError, match="QJMAP_CACHE"):
        opened("photon")
    (folder / FILE).unlink()
    database = sqlite3.connect(folder / FILE)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(QjmapError, match="later version"):
        opened("photon")


def _fill(folder: str, start: int) -> None:
    cache = Cache(Path(folder))
    for number in range(start, start + 60):
        cache.reserve_slot("amap", 1e-6, time.time())
        cache.put("amap", f"问{number}", "v3", date(2026, 1, 1), [number])


@pytest.mark.slow
def test_processes_share_one_cache(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_fill, args=(str(tmp_path), start)) for start in (0, 30, 60)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    cache = Cache(tmp_path)
    for number in range(120):
        stored = cache.get("amap", f"问{number}", "v3", date(2026, 1, 1))
        assert stored is not None
        assert stored.results == [number]
