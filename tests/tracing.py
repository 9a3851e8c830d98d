"""Run a command under `strace` to find the files that it opens and its network calls, including native libraries and child processes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CALL = re.compile(r"^(?:\[pid\s+\d+\]\s+|\d+\s+)?(?P<name>\w+)\((?P<rest>.*)$")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FILE_CALLS = ("open", "openat", "openat2", "creat", "execve", "execveat")
_NETWORK_CALLS = ("connect", "sendto", "sendmsg", "listen")
"""System calls that use a network. Creating or binding a socket is none of them: urllib3 binds one to test for IPv6."""
_OUTSIDE_SOCKETS = ("AF_INET", "AF_INET6", "AF_PACKET")


@dataclass(frozen=True)
class Trace:
    """What a process and its children did.

    Attributes
    ----------
    code : exit status.
    output : stdout and stderr.
    opened : real paths of the files and folders that were opened successfully.
    network : calls that connect to or send to an address of a network, or listen for others, as traced.
    """

    code: int
    output: str
    opened: frozenset[str]
    network: tuple[str, ...]


def trace(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Trace:
    """Run a command in a folder under strace; return the files that it opened and its network calls."""
    with tempfile.TemporaryDirectory() as temporary:
        log = Path(temporary) / "calls"
        calls = ",".join((*_FILE_CALLS, *_NETWORK_CALLS))
        flags = ["-f", "-qq", "-s", "4096", "-e", f"trace={calls}", "-o", str(log)]
        done = subprocess.run(
            [_strace(), *flags, "--", *command], cwd=folder, env=dict(environ), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    opened: set[str] = set()
    network: list[str] = []
    for line in lines:
        call = _CALL.match(line)
        if call is None:
            continue
        if call["name"] in _FILE_CALLS:
            path = _PATH.search(call["rest"])
            if path and " = -1 " not in line:
                opened.add(os.path.realpath(folder / _unescaped(path[1])))
        elif call["name"] == "listen" or any(family in line for family in _OUTSIDE_SOCKETS):
            network.append(line)
    return Trace(done.returncode, done.stdout.decode("utf-8", "replace"), frozenset(opened), tuple(network))


def _unescaped(text: str) -> str:
    """Return a path that strace has written with octal escapes of its UTF-8 bytes."""
    return (
        text.encode("latin-1", "replace")
        .decode("unicode_escape")
        .encode("latin-1", "replace")
        .decode("utf-8", "replace")
    )


@cache
def _strace() -> str:
    found = shutil.which("strace")
    if found is None:
        raise RuntimeError("strace is missing: `make test` installs it (tests/install.sh)")
    return found


def outside(opened: Iterable[str], allowed: Iterable[Path]) -> list[str]:
    """Return the opened paths that are neither in an allowed folder nor in those of Python, its packages and the system's libraries."""
    own = [Path(sys.prefix), Path(sys.base_prefix), *(Path(path) for path in sysconfig.get_paths().values())]
    repository = Path(__file__).parents[1]  # Python lists the folder, and imports from the package in it
    devices = ("/etc/ld.so.cache", "/proc", "/sys", "/dev/null", "/dev/urandom")
    system = [Path(path) for path in ("/usr", "/lib", "/lib64", "/bin", *devices)]
    homes = [os.path.realpath(path) for path in (*own, repository / "qjmap", *system, *allowed)]
    names = ("localtime", "locale.alias", "mime.types", "nsswitch.conf", "passwd", "ssl/openssl.cnf")
    settings = (str(repository), *(f"/etc/{name}" for name in names))
    return sorted(
        path
        for path in opened
        if path not in settings and not any(path == home or path.startswith(home + os.sep) for home in homes)
    )
