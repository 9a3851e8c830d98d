"""Convert exceptions to errors with a one-line message: files that cannot be opened, full disks, lack of memory, bugs of the program."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import traceback
import zlib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from qjmap.errors import QjmapError, UsageError
from qjmap.project import display_path

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
    for code in (getattr(errno, symbol, None) for symbol in codes.split())
    if code is not None
}
"""Value of `errno` -> code of the error."""
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
"""Error code of Windows (`OSError.winerror`) -> code of the error. It is looked up first, since it is more specific than `errno`."""

_SHORT_OF_MEMORY = (
    "allocate memory", "failed to map segment", "can't start new thread", "worker thread", "bad allocation", "bad_alloc", "out of memory",
    "without setting an exception", "without exception set",
)  # fmt: skip
"""Parts, in lower case, of the messages with which libraries report lack of memory by exceptions other than MemoryError.

The last two are of SystemError: an import that runs out of memory can lose its MemoryError in CPython 3.11.
"""
_ALMOST_FULL = 1 << 20
"""Number of free bytes below which a disk counts as full."""


def as_qjmap_error(error: BaseException, paths: Sequence[Path] = ()) -> QjmapError:
    """Convert any exception to an error that has a message and a cure.

    Parameters
    ----------
    paths : inputs and outputs of the command, the most likely first. The message names the first if the exception names no file.
    """
    if isinstance(error, QjmapError):
        return error
    if any(isinstance(one, KeyboardInterrupt) for one in _chain(error)):
        return Interrupted("interrupted")
    if isinstance(error, OSError):
        return _system_error(error, paths)
    name = _display_name(paths)
    if isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in _SHORT_OF_MEMORY):
        return UsageError("memory-short", path=name)
    if isinstance(error, RecursionError):
        return UsageError("nested-too-deep", path=name)
    if (damaged := _damaged_asset(error)) is not None:
        return UsageError("install-damaged", path=damaged)
    if isinstance(error, UnicodeDecodeError):
        return UsageError("file-not-utf8", path=name)
    return _internal_error(error, name)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, then those from which or during which it was raised.

    An interrupt during the creation of a class becomes a RuntimeError, whose cause is the interrupt.
    """
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        yield following
        seen.add(id(following))
        following = following.__cause__ or following.__context__


class Interrupted(UsageError):
    """Error for a command that the user has interrupted with Ctrl-C. Exit code 130."""

    exit_code = 130


def _system_error(error: OSError, paths: Sequence[Path]) -> QjmapError:
    """Convert an error of the operating system; parameters as in `as_qjmap_error`."""
    windows = getattr(error, "winerror", None)
    code = _BY_WINDOWS.get(windows or 0) or _BY_ERRNO.get(error.errno or 0, "")
    if error.filename is None and "temporary directory" in str(error):
        return UsageError("temporary-none")
    if error.filename is None and code == "file-missing" and not _folder_exists():
        return UsageError("folder-gone")
    if error.filename is None and _raised_by_output(error):
        return UsageError("screen-failed")
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else None
    temporary = Path(tempfile.gettempdir())
    if code == "disk-full":
        path = path or next((candidate for candidate in (temporary, *paths) if _is_full(candidate)), None)
        is_temporary = path is not None and path.is_relative_to(temporary)
        if is_temporary and not any(candidate.absolute().is_relative_to(temporary) for candidate in paths):
            return UsageError("temporary-full", path=str(temporary))
    if path is not None and path.is_relative_to(Path(str(files("qjmap")))):
        return UsageError("install-damaged", path=str(path))
    name = _display_name(paths if path is None else [path])
    if code:
        return UsageError(code, path=name)
    return UsageError("system-refused", path=name, detail=error.strerror or str(error) or type(error).__name__)


def _display_name(paths: Sequence[Path]) -> str:
    """Return the first path as messages show it, the current folder as its full path; "qjmap" without any path."""
    shown = display_path(paths[0]) if paths else "qjmap"
    return str(Path.cwd()) if shown == "." else shown


def _raised_by_output(error: OSError) -> bool:
    """Whether the error was raised while standard output or error was written to."""
    return _raised_in(error) in ("click.utils", "qjmap.cli.output")


def _raised_in(error: BaseException) -> str:
    """Return the dotted name of the module that raised an error; "" if unknown."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return str(frames[-1].f_globals.get("__name__", "")) if frames else ""


def _folder_exists() -> bool:
    """Whether the current folder still exists."""
    try:
        Path.cwd()
    except OSError:
        return False
    return True


def _is_full(path: Path) -> bool:
    """Whether the disk of a path has less than `_ALMOST_FULL` bytes free; False if that cannot be found out."""
    try:
        return (
            shutil.disk_usage(next(folder for folder in (path, *path.absolute().parents) if folder.exists())).free
            < _ALMOST_FULL
        )
    except OSError:
        return False


def _damaged_asset(error: BaseException) -> str | None:
    """Return the path of a damaged file in `assets`, or of the folder of texts if a text is missing; None if all files are sound."""
    if isinstance(error, KeyError) and _raised_in(error) == "qjmap.i18n":
        return str(files("qjmap") / "assets" / "texts")
    for path in Path(str(files("qjmap") / "assets")).rglob("*.*"):
        if path.suffix not in (".z", ".json"):
            continue
        try:
            data = path.read_bytes()
            if path.suffix == ".z":  # decompression verifies the checksum at its end
                data = zlib.decompress(data)
            if ".json" in path.suffixes:
                json.loads(data)
        except (OSError, ValueError, zlib.error):
            return str(path)
    return None


def _internal_error(error: BaseException, name: str) -> QjmapError:
    """Log an unexpected exception, and return the error that names the entry in the log."""
    from qjmap.internal_errors import log_unexpected  # imported here to save start-up time

    reference = log_unexpected(error, name) if isinstance(error, Exception) else type(error).__name__
    return UsageError("program-fault", path=name, kind=type(error).__name__, log=reference)
