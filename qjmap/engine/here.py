"""Work in this process, one part after the other: no more than one part is in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")


class Here:
    """Runs every part where it is asked for."""

    def __enter__(self) -> Here:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def share(self, value: T) -> T:
        """The value itself."""
        return value

    def map(self, function: Callable[..., T], items: Iterable[Any], *shared: Any) -> Iterator[T]:
        """One result after the other."""
        for item in items:
            yield function(item, *shared)
