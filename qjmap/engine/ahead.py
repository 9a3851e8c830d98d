"""One step of work made in threads while the one before it is being used, for steps that leave Python's lock alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Thread
from typing import TypeVar

from qjmap.collector import uncollected

S = TypeVar("S")
T = TypeVar("T")


def ahead(made: Callable[[S], T], starts: Sequence[S]) -> Iterator[T]:
    """What is made of each start, in order; where there are several, the next two are made while one is being used."""
    if len(starts) < 2:
        yield from map(made, starts)
        return
    with ThreadPoolExecutor(2) as pool:
        waiting = deque(pool.submit(made, start) for start in starts[:2])
        try:
            for start in starts[2:]:
                found = waiting.popleft().result()
                waiting.append(pool.submit(made, start))
                yield found
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


def begin(work: Callable[[], object]) -> None:
    """Begins what is needed later, such as an import: who then asks for it waits until it is there, and meets its errors."""

    def run() -> None:
        with suppress(Exception), uncollected():
            work()

    Thread(target=run, daemon=True).start()
