"""Read the bytes of a regular file, within the size limit."""

from __future__ import annotations

import os
from pathlib import Path

from qjmap.regular_files import open_regular, refusal
from qjmap.tables.readers.limits import MB, check_limit


def read_file_bytes(path: Path, shown: str) -> bytes:
    """Read a whole regular file.

    Raises
    ------
    UsageError : as `regular_files.open_regular`, or the file is larger than the limit `file_mb`.
    OSError : any other error of the system.
    """
    with open_regular(path, shown) as file:
        size = os.fstat(file.fileno()).st_size
        check_limit("file_mb", size / MB, shown=shown)
        try:
            return file.read(size)  # no more than the size checked above, even if the file has grown since
        except OSError as error:
            raise refusal(error, shown) from None


def first_bytes(path: Path, shown: str, count: int) -> bytes:
    """Read the first `count` bytes of a regular file, or fewer if it is shorter. Raises the errors of `regular_files.open_regular`."""
    with open_regular(path, shown) as file:
        try:
            return file.read(count)
        except OSError as error:
            raise refusal(error, shown) from None
