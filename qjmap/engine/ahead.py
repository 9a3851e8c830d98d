"""One step of work made in threads while the one before it is being used, for steps that leave Python's lock alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

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
