"""Trouble that no table is to blame for, told in one line: what the system refuses, what does not fit into memory, and
faults of the program itself."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import traceback
import zlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from qjmap.errors import QjmapError, UsageError
from qjmap.project import shown_path

_BY_ERRNO = {
    code: name
    for name, codes in {
        "file-in-use": "EACCES EPERM EBUSY ETXTBSY",
        "disk-read-only": "EROFS",
        "disk-full": "ENOSPC EDQUOT",
        "file-too-great": "EFBIG EOVERFLOW",
        "name-too-long": "ENAMETOOLONG",
        "name-form": "EINVAL EILSEQ",
        "file-folder": "EISDIR",
        "folder-file": "ENOTDIR EEXIST",
        "file-missing": "ENOENT",
        "path-loop": "ELOOP",
        "disk-failed": "EIO ENXIO ENODEV ESTALE ETIMEDOUT EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH ENOTCONN EREMOTEIO",
        "files-many": "EMFILE ENFILE",
        "memory-short": "ENOMEM EAGAIN",
    }.items()
    for code in (getattr(errno, one, None) for one in codes.split())
    if code is not None
}
_BY_WINDOWS = {
    code: name
    for name, codes in {
        "file-in-use": (5, 32, 33, 1224),
        "disk-read-only": (19,),
        "disk-full": (39, 112),
        "name-too-long": (206,),
        "name-form": (123, 161),
        "disk-failed": (21, 23, 53, 55, 59, 64, 65, 67, 121, 1117, 1231),
        "memory-short": (8, 14, 1455),
    }.items()
    for code in codes
}
"""What Windows says of itself, which `errno` puts into fewer words."""

_SHORT_OF_MEMORY = (
    "allocate memory", "failed to map segment", "can't start new thread", "worker thread", "bad allocation", "bad_alloc", "out of memory",
)  # fmt: skip
"""How libraries say it that have no error of their own for it."""
_ALMOST_FULL = 1 << 20
"""Bytes free, below which a disk is taken to be the one that is full."""


def told(error: BaseException, about: Sequence[Path] = ()) -> QjmapError:
    """Any exception as an error that says in one line what happened and what to do about it.

    Parameters
    ----------
    about : what the command reads and writes, the most likely first, for exceptions that name no file.
    """
    if isinstance(error, QjmapError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Interrupted("interrupted")
    if isinstance(error, OSError):
        return _of_system(error, about)
    named = _named(about)
    if isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in _SHORT_OF_MEMORY):
        return UsageError("memory-short", path=named)
    if isinstance(error, RecursionError):
        return UsageError("nested-too-deep", path=named)
    if (damaged := _damaged_asset(error)) is not None:
        return UsageError("install-damaged", path=damaged)
    if isinstance(error, UnicodeDecodeError):
        return UsageError("file-not-utf8", path=named)
    return _of_program(error, named)


class Interrupted(UsageError):
    """Somebody pressed Ctrl-C."""

    exit_code = 130


def _of_system(error: OSError, about: Sequence[Path]) -> QjmapError:
    windows = getattr(error, "winerror", None)
    code = _BY_WINDOWS.get(windows or 0) or _BY_ERRNO.get(error.errno or 0, "")
    if error.filename is None and "temporary directory" in str(error):
        return UsageError("temporary-none")
    if error.filename is None and code == "file-missing" and not _in_a_folder():
        return UsageError("folder-gone")
    if error.filename is None and _by_screen(error):
        return UsageError("screen-failed")
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else None
    temporary = Path(tempfile.gettempdir())
    if code == "disk-full":
        full = path or next((one for one in (temporary, *about) if _is_full(one)), None)
        if full is not None and full.is_relative_to(temporary) and not any(one.absolute().is_relative_to(temporary) for one in about):
            return UsageError("temporary-full", path=str(temporary))
        path = full
    if path is not None and path.is_relative_to(Path(str(files("qjmap")))):
        return UsageError("install-damaged", path=str(path))
    shown = _named(about if path is None else [path])
    if code:
        return UsageError(code, path=shown)
    return UsageError("system-refused", path=shown, detail=error.strerror or str(error) or type(error).__name__)


def _named(about: Sequence[Path]) -> str:
    """The first path, as messages show it."""
    shown = shown_path(about[0]) if about else "qjmap"
    return str(Path.cwd()) if shown == "." else shown


def _by_screen(error: OSError) -> bool:
    """Whether it was met while the command put something out."""
    return _raised_in(error) in (("click", "utils.py"), ("qjmap", "console.py"))


def _raised_in(error: BaseException) -> tuple[str, ...]:
    """The package and the module that raised it; () where that is not known."""
    trace = traceback.extract_tb(error.__traceback__)
    return Path(trace[-1].filename).parts[-2:] if trace else ()


def _in_a_folder() -> bool:
    """Whether the current folder is still there."""
    try:
        Path.cwd()
    except OSError:
        return False
    return True


def _is_full(path: Path) -> bool:
    """Whether there is no room on the disk of a path."""
    try:
        return shutil.disk_usage(next(one for one in (path, *path.absolute().parents) if one.exists())).free < _ALMOST_FULL
    except OSError:
        return False


def _damaged_asset(error: BaseException) -> str | None:
    """A file of the package itself that is damaged, or the folder of texts where one is missing."""
    if isinstance(error, KeyError) and _raised_in(error) == ("qjmap", "messages.py"):
        return str(files("qjmap") / "assets" / "texts")
    for path in Path(str(files("qjmap") / "assets")).rglob("*"):
        try:
            if path.suffix == ".z":
                json.loads(zlib.decompress(path.read_bytes()))
            elif path.suffix == ".json":
                json.loads(path.read_bytes())
        except (OSError, ValueError, zlib.error):
            return str(path)
    return None


def _of_program(error: BaseException, named: str) -> QjmapError:
    """A fault of the program, with where it is logged."""
    from qjmap.defence import log_unexpected

    reference = log_unexpected(error, named) if isinstance(error, Exception) else type(error).__name__
    return UsageError("program-fault", path=named, kind=type(error).__name__, log=reference)
