"""How far a command is, told on a terminal: the step, and in steps that count, how much is done of how much there is.

Nothing is estimated. A step that is one operation over all rows shows its name alone.
"""

from __future__ import annotations

import time
from typing import IO

from qjmap.messages import text

_SLOW_SECONDS = 0.5
"""A quick command stays quiet."""
_EVERY_SECONDS = 0.1
_WIDTH = 24


class Bar:
    """One line on a terminal that is written over until the command ends; nothing anywhere else.

    Parameters
    ----------
    stream : standard error
    lang : "zh" or "en"
    silent : for reports to machines
    """

    def __init__(self, stream: IO[str], lang: str, *, silent: bool = False) -> None:
        self._stream, self._lang = stream, lang
        self._shown = not silent and stream.isatty()
        self._begun = time.monotonic()
        self._last = 0.0
        self._step = ""
        self._drawn = False

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        """Show the step, and of a step that counts (rows, or bytes of a file that is read) how much of it is done."""
        now = time.monotonic()
        if not self._shown or now - self._begun < _SLOW_SECONDS:
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
        """Take the line away."""
        if self._drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._drawn = False


def _counted(step: str, number: int) -> str:
    return f"{number / 1e6:,.0f} MB" if step == "read" else f"{number:,}"
