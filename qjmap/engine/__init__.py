"""Where work runs: here, one part after the other, or on Dask; the same functions and the same results in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from qjmap.engine.here import Here
from qjmap.errors import UsageError

T = TypeVar("T")
HERE = "here"


class Engine(Protocol):
    """Runs one function over many parts."""

    def share(self, value: T) -> T:
        """A value that many calls of `map` take as it is; where work runs elsewhere, it is sent there once."""
        ...

    def map(self, function: Callable[..., T], items: Iterable[Any], *shared: Any) -> Iterator[T]:
        """`function(item, *shared)` of every item, in the order of the items; no more than a few results wait at once.

        The function is pure: where a worker is lost, what it did is done again.
        """
        ...


def open_engine(name: str = HERE, *, workers: int | None = None) -> AbstractContextManager[Engine]:
    """The engine of that name, to be closed again.

    Parameters
    ----------
    name : ``here``; ``dask``, a cluster of processes on this machine; or the address of a Dask scheduler, ``tcp://host:port``.
    workers : processes of ``dask``; as many as the machine has cores when not told.

    Raises
    ------
    UsageError : no such engine; the extra ``dask`` is missing; nothing answers at the address.
    """
    if name == HERE:
        return Here()
    if name != "dask" and not name.startswith(("tcp://", "tls://")):
        raise UsageError("engine-unknown", engine=name)
    from qjmap.engine.cluster import open_cluster

    return open_cluster(name, workers)


__all__ = ["HERE", "Engine", "open_engine"]
