"""The progress line: on a terminal only, after half a second, and never more than was done."""

from __future__ import annotations

import io
import re
from itertools import count

import pytest

from qjmap.cli.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second pass between any two looks at the clock."""
    seconds = count()
    monkeypatch.setattr("qjmap.cli.progress.time.monotonic", lambda: float(next(seconds)))


def test_it_tells_the_step_and_what_is_done_of_what_there_is() -> None:
    terminal = Terminal()
    line = ProgressLine(terminal, "en")
    line("read", 120_000_000, 360_000_000)
    line("check")
    for done in (0, 500_000, 1_000_000):
        line("write", done, 1_000_000)
    lines = terminal.getvalue().split("\r\x1b[2K")[1:]
    assert "120 MB / 360 MB" in lines[0]
    assert not re.search(r"\d", lines[1])
    assert [line.count("█") for line in lines[2:]] == [0, 12, 24]
    assert "500,000 / 1,000,000" in lines[3]


def test_the_line_is_taken_away_at_the_end() -> None:
    terminal = Terminal()
    line = ProgressLine(terminal, "zh")
    line("write", 1, 2)
    line.close()
    assert terminal.getvalue().endswith("\r\x1b[2K")


def test_nothing_is_said_to_a_file_or_beside_a_report_for_machines() -> None:
    for stream, silent in ((io.StringIO(), False), (Terminal(), True)):
        line = ProgressLine(stream, "en", silent=silent)
        line("write", 1, 2)
        line.close()
        assert stream.getvalue() == ""


def test_a_quick_command_stays_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qjmap.cli.progress.time.monotonic", lambda: 0.0)
    terminal = Terminal()
    line = ProgressLine(terminal, "en")
    line("write", 1, 2)
    line.close()
    assert terminal.getvalue() == ""
