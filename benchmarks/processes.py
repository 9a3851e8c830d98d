"""Measure whole processes: wall time, peak memory and size of the written file; stop them at a limit of time or memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

QJMAP = (sys.executable, "-c", "from qjmap._startup import run; run()")
"""Command that runs qjmap as the installed script does."""
SECONDS = 900.0
MEMORY = 16e9
"""Limits of time (seconds) and memory (bytes) at which a process is stopped. Its figures are then lower bounds, and marked as such."""


@dataclass(frozen=True)
class Cost:
    """Figures of a process.

    Attributes
    ----------
    seconds : wall time.
    processor : processor time in seconds, which other load on the machine hardly changes.
    memory : peak resident memory in bytes.
    size : size in bytes of the file that it wrote; 0 if it wrote none.
    stopped : limit at which it was stopped, "time" or "memory"; "" if it ended by itself.
    """

    seconds: float
    memory: int
    size: int
    stopped: str = ""
    processor: float = 0.0

    def plain(self) -> dict[str, float | int | str]:
        """Return the figures as values for JSON."""
        return asdict(self)


def cost(command: Sequence[str], written: Path, *, seconds: float = SECONDS, memory: float = MEMORY) -> Cost:
    """Run a command once and return its figures. RuntimeError if it fails.

    The peak memory is what the system reports for the process and the child processes that it waited for.

    Parameters
    ----------
    written : file that the command writes; it is removed before.
    seconds, memory : limits at which the process is stopped.
    """
    start, why = time.perf_counter(), ""
    written.unlink(missing_ok=True)
    done = threading.Event()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as process:

        def watch() -> None:
            nonlocal why
            while not done.wait(0.2):
                if time.perf_counter() - start > seconds:
                    why = "time"
                elif _resident(process.pid) > memory:
                    why = "memory"
                if why:
                    os.killpg(process.pid, signal.SIGKILL)
                    return

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
        done.set()
        watcher.join()
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not why:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {process.returncode}: {said.decode()[-400:]}")
    processor = usage.ru_utime + usage.ru_stime
    return Cost(took, usage.ru_maxrss * 1024, written.stat().st_size if written.exists() else 0, why, processor)


def _resident(pid: int) -> int:
    """Return the resident size of a process in bytes; 0 if it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
