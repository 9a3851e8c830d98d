"""Opening files that somebody gave us: regular files only."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from qjmap.errors import UsageError


def open_regular(path: Path, shown: str) -> BinaryIO:
    """A file opened for reading, when it is a regular file or a link to one.

    A pipe would wait for a writer, a device has no end, a socket cannot be opened: these are refused without being opened.

    Raises
    ------
    UsageError : there is no such file, it is no regular file, or it may not be opened.
    OSError : anything else that the system says.
    """
    try:
        _must_be_regular(path.stat().st_mode, shown)
        # Should a pipe have taken its place since, opening must not wait for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise refusal(error, shown) from None
    try:
        _must_be_regular(os.fstat(handle).st_mode, shown)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _must_be_regular(mode: int, shown: str) -> None:
    if stat.S_ISDIR(mode):
        raise UsageError("file-folder", path=shown)
    if not stat.S_ISREG(mode):
        raise UsageError("file-not-regular", path=shown)


def refusal(error: OSError | ValueError, shown: str) -> Exception:
    """What the system says most often of a file, as our refusal; anything else as it is.

    A name that no file can have (with a NUL in it) is a ValueError.
    """
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return UsageError("file-missing", path=shown)
    if isinstance(error, IsADirectoryError):
        return UsageError("file-folder", path=shown)
    if isinstance(error, PermissionError):
        return UsageError("file-in-use", path=shown)
    return error
