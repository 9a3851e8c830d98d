"""Check that a network fits into the free memory before it is loaded."""

from __future__ import annotations

from pathlib import Path

from qjmap.errors import UsageError

GIGABYTE = 1e9

NEEDED = {"rail": 1.5, "road": 2.5, "sea": 0.5}
"""Gigabytes (1e9 bytes) that it takes to load a network and search it. Measured for railways, with a path from China to Spain: 0.7;
the rest is a margin."""


def free_gigabytes(meminfo: Path = Path("/proc/meminfo")) -> float | None:
    """Return the memory available without swapping in gigabytes (1e9 bytes); None on systems that do not report it.

    Parameters
    ----------
    meminfo : file in which Linux reports its memory
    """
    try:
        for line in meminfo.read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "MemAvailable":
                return int(value.split()[0]) * 1024 / GIGABYTE
    except (OSError, ValueError, IndexError):
        return None
    return None


def check_memory(network: str) -> None:
    """Raise UsageError if a network ("rail", "road" or "sea") does not fit into the free memory.

    Where the system does not report its free memory, every network passes.
    """
    free, needed = free_gigabytes(), NEEDED[network]
    if free is not None and free < needed:
        raise UsageError("route-memory", network=network, needed=f"{needed:g}", free=f"{free:.1f}")
