"""The progress line: on a terminal only, after half a second, and never more than was done."""

from __future__ import annotations

import io
import re

import pytest

from qjmap import progress
from qjmap.progress import Bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SLOW_SECONDS", 0)
    monkeypatch.setattr(progress, "_EVERY_SECONDS", 0)


def test_it_tells_the_step_and_what_is_done_of_what_there_is() -> None:
    terminal = Terminal()
    bar = Bar(terminal, "en")
    bar("read", 120_000_000, 360_000_000)
    bar("check")
    for done in (0, 500_000, 1_000_000):
        bar("write", done, 1_000_000)
    lines = terminal.getvalue().split("\r\x1b[2K")[1:]
    assert "120 MB / 360 MB" in lines[0]
    assert not re.search(r"\d", lines[1])
    assert [line.count("█") for line in lines[2:]] == [0, 12, 24]
    assert "500,000 / 1,000,000" in lines[3]


def test_the_line_is_taken_away_at_the_end() -> None:
    terminal = Terminal()
    bar = Bar(terminal, "zh")
    bar("write", 1, 2)
    bar.close()
    assert terminal.getvalue().endswith("\r\x1b[2K")


def test_nothing_is_said_to_a_file_or_beside_a_report_for_machines() -> None:
    for stream, silent in ((io.StringIO(), False), (Terminal(), True)):
        bar = Bar(stream, "en", silent=silent)
        bar("write", 1, 2)
        bar.close()
        assert stream.getvalue() == ""


def test_a_quick_command_stays_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SLOW_SECONDS", 60)
    terminal = Terminal()
    bar = Bar(terminal, "en")
    bar("write", 1, 2)
    bar.close()
    assert terminal.getvalue() == ""
