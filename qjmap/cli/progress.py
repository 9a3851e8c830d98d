"""Terminal progress line: the current step and, where known, done/total. Nothing is estimated."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from qjmap.i18n import text

_SLOW_SECONDS = 0.5
"""Seconds before the line appears: quick commands show none."""
_EVERY_SECONDS = 0.1
"""Seconds between updates within one step."""
_WIDTH = 24
"""Characters of the bar."""


class ProgressLine:
    """One line on a terminal that is overwritten until the command ends; no output to anything else.

    Parameters
    ----------
    stream : standard error
    lang : "zh" or "en"
    silent : show nothing, for output as JSON
    """

    def __init__(self, stream: IO[str], lang: str, *, silent: bool = False) -> None:
        self._stream, self._lang = stream, lang
        self._visible = not silent and stream.isatty()
        self._start = time.monotonic()
        self._last = 0.0
        self._step = ""
        self._drawn = False

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        """Show a step, and of a step with a total (rows, or bytes of the file read) how much of it is done."""
        now = time.monotonic()
        if not self._visible or now - self._start < _SLOW_SECONDS:
            return
        if step == self._step and now - self._last < _EVERY_SECONDS and done < total:
            return
        self._step, self._last = step, now
        line = text(f"step.{step}", self._lang)
        if total:
            full = _WIDTH * done // total
            line += f" {'█' * full}{'·' * (_WIDTH - full)} {_counted(step, done)} / {_counted(step, total)}"
        self._stream.write(f"\r\x1b[2K{line}")
        self._stream.flush()
        self._drawn = True

    def close(self) -> None:
        """Clear the line."""
        if self._drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._drawn = False


def _counted(step: str, number: int) -> str:
    return f"{number / 1e6:,.0f} MB" if step == "read" else f"{number:,}"


@contextmanager
def progress_line(lang: str, *, silent: bool = False) -> Iterator[ProgressLine]:
    """Show a progress line on standard error within the context."""
    line = ProgressLine(sys.stderr, lang, silent=silent)
    try:
        yield line
    finally:
        line.close()
