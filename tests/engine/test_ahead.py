"""What is begun ahead is there, or fails, where it is asked for."""

from __future__ import annotations

import gc
from threading import Event

import pytest

from qjmap.engine.ahead import ahead, begin


def test_what_is_begun_fails_in_silence_and_leaves_the_collector_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    ended = Event()

    def fail() -> None:
        try:
            raise ImportError("no such library")
        finally:
            ended.set()

    begin(fail)
    assert ended.wait(5)
    while not gc.isenabled():  # the thread may still be on its way out
        pass
    assert capfd.readouterr().err == ""


def test_results_come_in_order_and_errors_where_they_belong() -> None:
    def halved(number: int) -> int:
        if number % 2:
            raise ValueError(f"{number} is odd")
        return number // 2

    assert list(ahead(halved, range(0, 20, 2))) == list(range(10))
    found = ahead(halved, [2, 4, 5, 6])
    assert [next(found), next(found)] == [1, 2]
    with pytest.raises(ValueError, match="5 is odd"):
        next(found)
