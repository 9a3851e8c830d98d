"""Work on a Dask cluster of processes on this machine, or on one with a scheduler at an address; needs the extra ``dask``.

If a worker is lost, Dask gives its partitions to other workers, and repeats results that were not fetched yet. The value that
all partitions share is the result of a task too, so it can be computed again. Workers read the partitions themselves, so they
must see the table's folder under the same path; results go to the client only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from qjmap.engine.serial import PARTITION_BYTES, ROWS_PER_RANGE
from qjmap.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")

_PATIENCE_SECONDS = 15.0
"""Timeout in seconds for the scheduler's answer, and for its first worker."""
_ALONE_SECONDS = 60.0
"""Seconds for which a client waits for a new worker after the last one is lost."""
_POLL_SECONDS = 2.0
"""Interval in seconds at which a waiting client checks for workers."""
_FAILURES = 10
"""Number of workers that may be lost with one partition before Dask gives the partition up; Dask's own default is 3."""


@contextmanager
def open_cluster(name: str, workers: int | None = None) -> Iterator[Cluster]:
    """Context manager that opens a cluster of processes (``dask``), or the one at an address. Parameters and errors as in `open_engine`."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError("engine-extra") from None
    with ExitStack() as stack:
        quiet = {
            "distributed.scheduler.allowed-failures": _FAILURES,
            "distributed.comm.timeouts.connect": f"{_PATIENCE_SECONDS}s",
        }
        stack.enter_context(dask.config.set(quiet))
        try:
            if name == "dask":
                local = LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address="127.0.0.1:0",
                    silence_logs="CRITICAL",
                )
                client = Client(stack.enter_context(local), direct_to_workers=True)  # type: ignore[no-untyped-call]
            else:
                client = Client(name, timeout=_PATIENCE_SECONDS, direct_to_workers=True)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            raise UsageError("engine-unreachable", address=name, detail=str(error)) from None
        cluster = Cluster(stack.enter_context(client))
        try:
            client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
        except TimeoutError:
            raise UsageError("engine-idle", address=name) from None
        yield cluster


def _identity(value: T) -> T:
    return value


class Cluster:
    """The engine on Dask: submits a few more partitions than there are workers, and yields their results in order."""

    in_process = False
    partition_bytes = PARTITION_BYTES
    rows_per_range = ROWS_PER_RANGE

    def __init__(self, client: Client) -> None:
        self._client = client

    def share(self, value: T) -> T:
        """Return a future of the value, which Dask sends to each worker once."""
        return cast("T", self._client.submit(_identity, value, pure=False))

    def map(self, function: Callable[..., T], items: Iterable[Any], *shared: Any) -> Iterator[T]:
        """Yield the results in the order of the items. Waiting tasks are cancelled if the caller stops or a partition fails.

        Raises
        ------
        UsageError : no worker is left, or too many workers were lost with one partition.
        Exception : the exception that the function raised.
        """
        waiting: deque[Any] = deque()
        remaining = iter(items)
        try:
            while True:
                while len(waiting) < self._capacity() and (item := next(remaining, self)) is not self:
                    waiting.append(self._client.submit(function, item, *shared, pure=False))
                if not waiting:
                    return
                first = waiting.popleft()
                result = self._result(first)
                first.release()
                yield result
        finally:
            self._client.cancel(list(waiting))  # type: ignore[no-untyped-call]

    def _result(self, future: Any) -> Any:
        """Return the result of a task, or raise its exception.

        Raise UsageError if no worker is left (Dask would wait forever), or too many were lost with the task.
        """
        from distributed import CancelledError, KilledWorker

        waited = 0.0
        while True:
            try:
                return future.result(timeout=_POLL_SECONDS)
            except TimeoutError:
                waited = 0.0 if self._workers() else waited + _POLL_SECONDS
                if waited >= _ALONE_SECONDS:
                    raise UsageError("engine-lost", detail="no worker is left") from None
            except (KilledWorker, CancelledError, OSError) as error:
                if future.status == "error" and not isinstance(error, KilledWorker):
                    raise  # the function itself raised it
                raise UsageError("engine-lost", detail=str(error)) from None

    def _capacity(self) -> int:
        """Return how many partitions are submitted at once: enough to keep every worker busy while a result is fetched."""
        return 2 + self._workers()

    def _workers(self) -> int:
        """Return the number of workers."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])
