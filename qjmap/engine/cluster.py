"""Work on a Dask cluster, of processes on this machine or behind a scheduler's address; needs the extra ``dask``.

A worker that is lost takes nothing with it: Dask gives its parts to others, and does again what it had done and not yet
handed over. What all parts share is itself the result of a task, so that it, too, can be made again. Workers read the
parts of a table themselves, so they must see its folder under the same path; what they find goes to the client alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from qjmap.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")

_PATIENCE_SECONDS = 15.0
"""How long a scheduler may take to answer, and to have its first worker."""
_ALONE_SECONDS = 60.0
"""How long work waits for another worker when the last one is lost."""
_LOOK_SECONDS = 2.0
_FAILURES = 10
"""Workers that one part may lose before it is itself taken to be what kills them; Dask's own default is 3."""


@contextmanager
def open_cluster(name: str, workers: int | None = None) -> Iterator[Cluster]:
    """A cluster of processes (``dask``), or the one behind an address; parameters and errors as in `open_engine`."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError("engine-extra") from None
    with ExitStack() as stack:
        quiet = {"distributed.scheduler.allowed-failures": _FAILURES, "distributed.comm.timeouts.connect": f"{_PATIENCE_SECONDS}s"}
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


def _itself(value: T) -> T:
    return value


class Cluster:
    """Hands parts to workers, a few more than there are workers, and takes their results in order."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def share(self, value: T) -> T:
        """A stand-in for the value, which workers have once each."""
        return cast("T", self._client.submit(_itself, value, pure=False))

    def map(self, function: Callable[..., T], items: Iterable[Any], *shared: Any) -> Iterator[T]:
        """The results in order; what is waiting is given up when the caller stops or a part fails.

        Raises
        ------
        UsageError : there is no worker left, or one part has lost too many of them.
        """
        waiting: deque[Any] = deque()
        todo = iter(items)
        try:
            while True:
                while len(waiting) < self._ahead() and (item := next(todo, self)) is not self:
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
        """What a part comes to. Dask itself would wait for ever where no worker is left."""
        from distributed import CancelledError, KilledWorker

        alone = 0.0
        while True:
            try:
                return future.result(timeout=_LOOK_SECONDS)
            except TimeoutError:
                alone = 0.0 if self._workers() else alone + _LOOK_SECONDS
                if alone >= _ALONE_SECONDS:
                    raise UsageError("engine-lost", detail="no worker is left") from None
            except (KilledWorker, CancelledError, OSError) as error:
                if future.status == "error" and not isinstance(error, KilledWorker):
                    raise  # what the work itself met
                raise UsageError("engine-lost", detail=str(error)) from None

    def _ahead(self) -> int:
        """Parts that are given out at once: as many as keep every worker busy while a result is taken in."""
        return 2 + self._workers()

    def _workers(self) -> int:
        return len(self._client.scheduler_info(n_workers=-1)["workers"])
