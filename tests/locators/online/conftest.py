"""Providers on this machine, a cache of one's own, a clock that does not wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qjmap.locators import Everywhere
from qjmap.locators.online.locator import Online
from qjmap.locators.online.opening import open_online
from tests.locators.online.server import NEIJIANG, QIJIANG, Place, Providers


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


Opener = Callable[..., Online]


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
def everywhere() -> Everywhere:
    return Everywhere()


@pytest.fixture
def opened(
    providers: Providers, clock: Clock, tmp_path: Path, everywhere: Everywhere, monkeypatch: pytest.MonkeyPatch
) -> Opener:
    """A locator that asks the local server, of any provider, with any further variables."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    def make(name: str, *, everything: bool = False, **more: str) -> Online:
        environ = providers.environment(QJMAP_CACHE=str(tmp_path / "cache")) | more
        return open_online(name, everywhere, environ, everything=everything, now=clock.now, sleep=clock.sleep)

    return make
