"""How much memory is free: a network that does not fit would take the machine down with it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from qjmap.errors import UsageError

GIGABYTE = 1e9

NEEDED = {"rail": 4.0, "road": 8.0, "sea": 0.5}
"""Gigabytes to load a network the first time, when Python compiles its module: measured 2.3, 4.7 and 0.1, and room to work."""

NEEDED_COMPILED = {"rail": 1.5, "road": 2.5, "sea": 0.5}
"""The same once the module's bytecode lies beside it: measured 0.2, 0.4 and 0.1, and the search."""


def free_gigabytes(meminfo: Path = Path("/proc/meminfo")) -> float | None:
    """Memory that a new process could take without swapping, in 1e9 bytes; None where the system does not tell."""
    try:
        for line in meminfo.read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "MemAvailable":
                return int(value.split()[0]) * 1024 / GIGABYTE
    except (OSError, ValueError, IndexError):
        return None
    return None


def needed_gigabytes(network: str, module: str | None) -> float:
    """What loading a network takes; less when its module (a dotted name) has been compiled before."""
    try:
        spec = importlib.util.find_spec(module) if module else None
    except ModuleNotFoundError:  # not even its package is there
        spec = None
    cached = spec.cached if spec else None
    compiled = cached is not None and Path(cached).is_file()
    return (NEEDED_COMPILED if compiled else NEEDED)[network]


def check_memory(network: str, module: str | None) -> None:
    """UsageError when a network would not fit into what is free."""
    free, needed = free_gigabytes(), needed_gigabytes(network, module)
    if free is not None and free < needed:
        raise UsageError("route-memory", network=network, needed=f"{needed:g}", free=f"{free:.1f}")
