"""Engines that run work on partitions: in this process one after the other, or on Dask; the results and their order are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from qjmap.engine.serial import PARTITION_BYTES, ROWS_PER_RANGE, Here
from qjmap.errors import UsageError

T = TypeVar("T")
HERE = "here"
"""Name of the engine that works in this process."""


class Engine(Protocol):
    """Runs one function over many partitions.

    Attributes
    ----------
    in_process : whether the function is called in this process, so that values may be kept in memory between two calls of `map`.
    partition_bytes : files of more bytes are split into several partitions.
    rows_per_range : approximate number of rows that the external sort holds in memory at once.
    """

    in_process: bool
    partition_bytes: int
    rows_per_range: int

    def share(self, value: T) -> T:
        """Return a value to pass to many calls of `map`; if work runs in other processes, it is sent to each of them only once."""
        ...

    def map(self, function: Callable[..., T], items: Iterable[Any], *shared: Any) -> Iterator[T]:
        """Yield `function(item, *shared)` of every item, in the order of the items; only a few results are held at once.

        `shared` are further arguments, large ones as `share` returns them. The function must have no side effects: if a worker is lost, its
        work is done again.
        """
        ...


def open_engine(name: str = HERE, *, workers: int | None = None) -> AbstractContextManager[Engine]:
    """Return the engine with a name as a context manager.

    Parameters
    ----------
    name : ``here``; ``dask``, a cluster of processes on this machine; or the address of a Dask scheduler, ``tcp://host:port`` or
        ``tls://host:port``.
    workers : number of processes of ``dask``; None for one per core.

    Raises
    ------
    UsageError : the engine is unknown; on entering the context, the extra ``dask`` is missing, no scheduler answers at the address, or
        it has no worker.
    """
    if name == HERE:
        return Here()
    if name != "dask" and not name.startswith(("tcp://", "tls://")):
        raise UsageError("engine-unknown", engine=name)
    from qjmap.engine.dask_cluster import open_cluster

    return open_cluster(name, workers)


__all__ = ["HERE", "PARTITION_BYTES", "ROWS_PER_RANGE", "Engine", "Here", "open_engine"]
