"""Fixtures: a local server of all providers, an own cache, a clock that does not wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.online.environment import open_online
from qjmap.geocoding.online.online_locator import OnlineLocator
from tests.geocoding.online.server import NEIJIANG, QIJIANG, Place, Providers


class Clock:
    """Clock that moves only when something sleeps."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


Opener = Callable[..., OnlineLocator]


@pytest.fixture
def providers() -> Iterator[Providers]:
    server = Providers()
    server.places = {"石佛路": [Place("石佛路8号", *QIJIANG)], "远方路": [Place("远方路1号", *NEIJIANG)]}
    yield server
    server.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def offline() -> OfflineLocator:
    return OfflineLocator()


@pytest.fixture
def opened(
    providers: Providers, clock: Clock, tmp_path: Path, offline: OfflineLocator, monkeypatch: pytest.MonkeyPatch
) -> Opener:
    """Return a function that opens an online locator of a provider on the local server, with more variables."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    def make(name: str, *, ask_all: bool = False, **more: str) -> OnlineLocator:
        environ = providers.environment(QJMAP_CACHE=str(tmp_path / "cache")) | more
        return open_online(name, offline, environ, ask_all=ask_all, now=clock.now, sleep=clock.sleep)

    return make
