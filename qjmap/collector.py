"""Python's garbage collector, kept from looking over and over through what is no garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector: for making many objects of which none is in a circle."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def libraries() -> Iterator[None]:
    """For what a command imports before it begins: it stays until the process ends, so it is never looked through, not even then.

    A tenth to a quarter of a command's time. Only the first call of a process sets apart what is there: later ones would keep garbage.
    """
    with uncollected():
        yield
        if not gc.get_freeze_count():  # while the collector rests: it would begin with all of it
            gc.freeze()
