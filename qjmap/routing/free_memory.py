"""Check that a network fits into the free memory before it is loaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from qjmap.errors import UsageError

GIGABYTE = 1e9

NEEDED = {"rail": 4.0, "road": 8.0, "sea": 0.5}
"""Gigabytes to load a network for the first time, with compilation of its module: measured 2.3, 4.7 and 0.1, plus a margin."""

NEEDED_COMPILED = {"rail": 1.5, "road": 2.5, "sea": 0.5}
"""Gigabytes to load a network whose module is compiled: measured 0.2, 0.4 and 0.1, plus the search."""


def free_gigabytes(meminfo: Path = Path("/proc/meminfo")) -> float | None:
    """Memory available without swapping in gigabytes (1e9 bytes); None on systems that do not report it."""
    try:
        for line in meminfo.read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "MemAvailable":
                return int(value.split()[0]) * 1024 / GIGABYTE
    except (OSError, ValueError, IndexError):
        return None
    return None


def needed_gigabytes(network: str, module: str | None) -> float:
    """Gigabytes to load a network; less if its module (a dotted name) is compiled."""
    try:
        spec = importlib.util.find_spec(module) if module else None
    except ModuleNotFoundError:  # its package is not installed
        spec = None
    cached = spec.cached if spec else None
    compiled = cached is not None and Path(cached).is_file()
    return (NEEDED_COMPILED if compiled else NEEDED)[network]


def check_memory(network: str, module: str | None) -> None:
    """Raise UsageError if a network does not fit into the free memory."""
    free, needed = free_gigabytes(), needed_gigabytes(network, module)
    if free is not None and free < needed:
        raise UsageError("route-memory", network=network, needed=f"{needed:g}", free=f"{free:.1f}")
