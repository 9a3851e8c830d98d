"""Work in this process, one partition after the other; no more than one partition is in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

PARTITION_BYTES = 96_000_000
"""Size in bytes above which a file is split: some 250,000 rows of a list of companies, which take a worker about 0.6 GB."""
ROWS_PER_RANGE = 50_000
"""Approximate number of rows that the external sort holds in memory at once."""


class Here:
    """The engine ``here``, which works in this process. Its parameters are the attributes of `Engine` with the same names."""

    in_process = True

    def __init__(self, *, partition_bytes: int = PARTITION_BYTES, rows_per_range: int = ROWS_PER_RANGE) -> None:
        self.partition_bytes, self.rows_per_range = partition_bytes, rows_per_range

    def __enter__(self) -> Here:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def share(self, value: T) -> T:
        """Return the value itself."""
        return value

    def map(self, function: Callable[..., T], items: Iterable[Any], *shared: Any) -> Iterator[T]:
        """Yield `function(item, *shared)` of one item after the other, lazily."""
        for item in items:
            yield function(item, *shared)
