"""Prefetch: compute the next results of a mapping in threads while the consumer uses the current one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")

_DEPTH = 2
"""Number of results computed ahead, each in a thread of its own."""


def prefetch(function: Callable[[S], T], items: Sequence[S]) -> Iterator[T]:
    """Yield ``function(item)`` of each item in order, while threads compute up to two further results.

    This pays if the function releases Python's global lock, as Arrow, NumPy and file operations do. An error is raised when its
    result would be yielded. A single item is computed in the calling thread.
    """
    if len(items) < 2:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(_DEPTH) as pool:
        futures = deque(pool.submit(function, item) for item in items[:_DEPTH])
        try:
            for item in items[_DEPTH:]:
                result = futures.popleft().result()
                futures.append(pool.submit(function, item))
                yield result
            while futures:
                yield futures.popleft().result()
        finally:
            for future in futures:
                future.cancel()
