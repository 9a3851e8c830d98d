"""Size limits of input files: all limits of the readers, in one table.

A small file can demand all the memory of a machine (a worksheet with one cell in its last corner, an archive of zeros). Readers
check what they have counted with `check_limit`, which refuses a file beyond a limit. The refusal names the environment variable
that raises the limit, `QJMAP_MAX_<NAME>`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

from qjmap.errors import UsageError

MB = 1_000_000

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "file_mb": 2_000,  # size of a file that is read as a whole
        "expanded_mb": 2_000,  # unpacked size of all members of an archive or workbook
        "ratio": 200,  # unpacked to packed size, for more than 100 MB unpacked; office files stay below 100
        "sheets": 256,
        "rows": 20_000_000,
        "columns": 2_000,  # non-empty columns
        "cells": 40_000_000,  # cells of all worksheets: 1,048,576 rows of 38 columns, about 2 GB of memory
        "nesting": 100,  # levels of JSON or XML
        "cell_characters": 1_000_000,  # characters of one cell; Excel holds 32,767
        "text_mb": 500,  # text of all cells of a workbook; a shared string counts once per cell
        "repeats": 10_000,  # how often one non-empty row or cell of an OpenDocument file may be repeated
    }
)
"""Name of a limit -> the largest number allowed."""

_RATIO_FROM_MB = 100
"""Unpacked size from which the compression ratio is checked; smaller files may be as repetitive as they like."""


def limit(name: str) -> int:
    """Return the limit in force: the value of its environment variable if that is a positive whole number, else the one in `LIMITS`."""
    value = os.environ.get(variable(name), "")
    return int(value) if value.isascii() and value.isdigit() and int(value) > 0 else LIMITS[name]


def variable(name: str) -> str:
    """Return the name of the environment variable that overrides a limit."""
    return f"QJMAP_MAX_{name.upper()}"


def check_limit(name: str, count: float, *, shown: str) -> None:
    """Refuse a file that exceeds a limit.

    Parameters
    ----------
    name : name of the limit in `LIMITS`.
    count : what the reader has counted so far, in the unit of the limit.
    shown : the file's name in messages.

    Raises
    ------
    UsageError : `file-limit`, which names the limit and the environment variable that raises it.
    """
    most = limit(name)
    if count > most:
        what = _WORDS[name]
        raise UsageError("file-limit", path=shown, what=what, found=round(count), most=most, variable=variable(name))


def check_unpacked(unpacked: int, packed: int, *, shown: str) -> None:
    """Refuse an archive by its unpacked size or its compression ratio; both sizes are in bytes. Raises the errors of `check_limit`."""
    check_limit("expanded_mb", unpacked / MB, shown=shown)
    if unpacked > _RATIO_FROM_MB * MB:
        check_limit("ratio", unpacked / max(packed, 1), shown=shown)


_WORDS: Mapping[str, dict[str, str]] = {
    "file_mb": {"zh": "文件大小（MB）", "en": "size of the file (MB)"},
    "expanded_mb": {"zh": "解压后的大小（MB）", "en": "size when unpacked (MB)"},
    "ratio": {"zh": "压缩比", "en": "compression ratio"},
    "sheets": {"zh": "工作表数", "en": "number of worksheets"},
    "rows": {"zh": "行数", "en": "number of rows"},
    "columns": {"zh": "列数", "en": "number of columns"},
    "cells": {"zh": "单元格数（行×列）", "en": "number of cells (rows by columns)"},
    "nesting": {"zh": "嵌套层数", "en": "levels of nesting"},
    "cell_characters": {"zh": "单元格字数", "en": "characters in one cell"},
    "text_mb": {"zh": "单元格文字总量（百万字）", "en": "text of all cells (millions of characters)"},
    "repeats": {"zh": "同一行或同一格的重复次数", "en": "repeats of one row or cell"},
}
