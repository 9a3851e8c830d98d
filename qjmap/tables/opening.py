"""The bytes of a file that is read as a whole, within the limits."""

from __future__ import annotations

import os
from pathlib import Path

from qjmap.regular import open_regular, refusal
from qjmap.tables.limits import MB, check_limit


def read_file_bytes(path: Path, shown: str) -> bytes:
    """The bytes of a regular file.

    Raises
    ------
    UsageError : as `regular.open_regular`, or the file is larger than the limit.
    """
    with open_regular(path, shown) as file:
        size = os.fstat(file.fileno()).st_size
        check_limit("file_mb", size / MB, shown=shown)
        try:
            return file.read(size)  # what is written to it meanwhile is the next reader's
        except OSError as error:
            raise refusal(error, shown) from None


def first_bytes(path: Path, shown: str, count: int) -> bytes:
    """The first bytes of a regular file; errors as in `read_file_bytes`."""
    with open_regular(path, shown) as file:
        try:
            return file.read(count)
        except OSError as error:
            raise refusal(error, shown) from None
