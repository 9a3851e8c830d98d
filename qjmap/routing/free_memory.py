"""Check that a network fits into the free memory before it is loaded."""

from __future__ import annotations

from pathlib import Path

from qjmap.errors import UsageError

GIGABYTE = 1e9

NEEDED = {"rail": 1.5, "road": 2.5, "sea": 0.5}
"""Gigabytes to load a network and search it: measured 0.7 for railways from China to Spain, plus a margin."""


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


def check_memory(network: str) -> None:
    """Raise UsageError if a network does not fit into the free memory."""
    free, needed = free_gigabytes(), NEEDED[network]
    if free is not None and free < needed:
        raise UsageError("route-memory", network=network, needed=f"{needed:g}", free=f"{free:.1f}")
