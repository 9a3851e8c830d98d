"""Handle Ctrl-C while libraries are imported: some suppress the KeyboardInterrupt that is raised in them, and a command would go on.

The handler here also remembers the interrupt, and `raise_if_received` raises it again before anything is written.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_received = threading.Event()


@contextmanager
def remembered() -> Iterator[None]:
    """Context manager within which an interrupt is remembered (see `raise_if_received`), besides raising KeyboardInterrupt.

    It does nothing outside of the main thread, which alone may set a handler, nor if the interpreter's own handler is not set, as in the
    background jobs of a shell, in which Ctrl-C is ignored.
    """
    _received.clear()
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _received.clear()


def raise_if_received() -> None:
    """Raise KeyboardInterrupt if Ctrl-C was pressed since the context `remembered` was entered; outside of it, do nothing."""
    if _received.is_set():
        raise KeyboardInterrupt


def _handle(signal_number: int, frame: FrameType | None) -> None:
    _received.set()
    raise KeyboardInterrupt
