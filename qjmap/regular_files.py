"""Open input files, and refuse those that are no regular files."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from qjmap.errors import UsageError


def open_regular(path: Path, shown: str) -> BinaryIO:
    """Open a regular file, or a link to one, for reading.

    Pipes, devices and sockets are refused before they are opened: a pipe would wait for a writer, and a device may have no end.

    Parameters
    ----------
    shown : the path as messages show it.

    Raises
    ------
    UsageError : the file does not exist, is no regular file, or cannot be read.
    OSError : any other error of the system.
    """
    try:
        _must_be_regular(path.stat().st_mode, shown)
        # A pipe may have replaced the file since it was checked; O_NONBLOCK keeps the call from waiting for its writer.
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
    """Return the UsageError for a common error of opening a file; any other error is returned as it is.

    ValueError is raised for a name that no file can have, such as one with a NUL character.
    """
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return UsageError("file-missing", path=shown)
    if isinstance(error, IsADirectoryError):
        return UsageError("file-folder", path=shown)
    if isinstance(error, PermissionError):
        return UsageError("file-in-use", path=shown)
    return error
