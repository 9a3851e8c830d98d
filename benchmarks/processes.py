"""Whole processes: wall seconds, peak resident memory, bytes written; stopped at a limit of time or memory."""

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
"""The installed script, as users run it."""
SECONDS = 900.0
MEMORY = 16e9
"""Limits at which a process is stopped; what it took until then is a lower bound, and told as one."""


@dataclass(frozen=True)
class Cost:
    """Of one whole process: wall seconds, peak resident memory in bytes, bytes of what it wrote, why it was stopped."""

    seconds: float
    memory: int
    size: int
    stopped: str = ""

    def plain(self) -> dict[str, float | int | str]:
        """As JSON holds it."""
        return asdict(self)


def cost(command: Sequence[str], written: Path, *, seconds: float = SECONDS, memory: float = MEMORY) -> Cost:
    """Run a command once. Its peak memory is the system's own account of that process and of those it waited for."""
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
    return Cost(took, usage.ru_maxrss * 1024, written.stat().st_size if written.exists() else 0, why)


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
