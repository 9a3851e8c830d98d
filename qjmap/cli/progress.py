"""Progress line on a terminal: the current step and, if its total is known, how much of it is done. The remaining time is not estimated."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from qjmap.i18n import text

_SLOW_SECONDS = 0.5
"""Time in seconds before the line appears, so that quick commands show none."""
_EVERY_SECONDS = 0.1
"""Minimum time in seconds between two updates within a step."""
_WIDTH = 24
"""Length of the bar in characters."""


class ProgressLine:
    """A line on a terminal that is overwritten until the command ends. If the stream is no terminal, nothing is written.

    Parameters
    ----------
    stream : standard error.
    lang : language of the steps, "zh" or "en".
    silent : write nothing, for commands with output in JSON.
    """

    def __init__(self, stream: IO[str], lang: str, *, silent: bool = False) -> None:
        self._stream, self._lang = stream, lang
        self._visible = not silent and stream.isatty()
        self._start = time.monotonic()
        self._last = 0.0
        self._step = ""
        self._drawn = False

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        """Show a step and how much of it is done, once the command has run for `_SLOW_SECONDS`.

        Parameters
        ----------
        step : name of the step; ``step.<name>`` is the key of its text.
        done, total : numbers of rows, or of bytes in the step "read". If `total` is 0, it is unknown, and no bar is drawn.
        """
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
        """Clear the line, if it was shown."""
        if self._drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._drawn = False


def _counted(step: str, number: int) -> str:
    return f"{number / 1e6:,.0f} MB" if step == "read" else f"{number:,}"


@contextmanager
def progress_line(lang: str, *, silent: bool = False) -> Iterator[ProgressLine]:
    """Context manager that yields a progress line on standard error and clears it on exit."""
    line = ProgressLine(sys.stderr, lang, silent=silent)
    try:
        yield line
    finally:
        line.close()
