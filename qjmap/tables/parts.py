"""A table that is a folder of CSV and Parquet files, or one file too great to be read at once: its parts in their order.

Parts are the files in the order of their names. A file of more than `GREAT` bytes is cut: Parquet between row groups, CSV at
line ends outside quotation marks. A row keeps its file and its number in that file.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.project import Project
from qjmap.regular import open_regular
from qjmap.schema import TABLES, Table, fold
from qjmap.tables.columns import has_arrow
from qjmap.tables.delimited import find_delimiter, plain_header
from qjmap.tables.frames import ROW, TableFrame, arrange
from qjmap.tables.grids import TOTALS
from qjmap.tables.parquet import group_rows, read_parquet
from qjmap.tables.parsing import read_table
from qjmap.tables.scanning import looked_through

GREAT = 96_000_000
"""Bytes from which a file is cut: some 250,000 rows of a register, for which a worker takes about 0.6 GB."""
_BLOCK = 1 << 23
_SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table: a file, or a stretch of one.

    Attributes
    ----------
    shown : the file as messages show it.
    start, stop : bytes of a stretch of CSV, or row groups of Parquet; both 0 for the whole file.
    before : rows of the file that come before a stretch of CSV.
    size : bytes, for telling how far one is.
    """

    path: Path
    shown: str
    start: int = 0
    stop: int = 0
    before: int = 0
    size: int = 0


def table_parts(project: Project, name: str) -> list[Part] | None:
    """The parts of a table that is a folder `data/<name>/`; None for a table in one file, or none.

    Raises
    ------
    DataFaults : both the folder and the file are there, or the folder holds other files, whose rows would be missed.
    """
    folder, file = project.data / name, project.table_path(name)
    if not folder.is_dir():
        return None
    shown = project.shown(folder)
    inside = sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith((".", "~$")))
    faults = []
    if file.is_file():
        faults.append(Fault(shown, None, None, None, "table-twice", {"other": project.shown(file)}))
    if strange := [one.name for one in inside if one.suffix.lower() not in _SUFFIXES]:
        faults.append(Fault(shown, None, None, None, "part-kind", {"files": strange}))
    if faults:
        raise DataFaults(faults)
    return [part for one in inside for part in cut(one, project.shown(one))]


def folder_parts(path: Path, shown: str) -> list[Part]:
    """The parts of any file, or folder of files, in their order.

    Raises
    ------
    UsageError : a folder without parts.
    """
    if not path.is_dir():
        return cut(path, shown)
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in _SUFFIXES and not one.name.startswith("."))
    if not files:
        raise UsageError("folder-empty", path=shown)
    return [part for one in files for part in cut(one, f"{shown}/{one.name}")]


def in_parts(project: Project) -> list[str]:
    """The tables of a project that are folders."""
    return [name for name in TABLES if (project.data / name).is_dir()]


def cut(path: Path, shown: str) -> list[Part]:
    """The stretches of one file; the whole file where it is small, or of a kind that cannot be cut.

    Raises
    ------
    UsageError : as `regular.open_regular`.
    """
    with open_regular(path, shown) as file:
        size = os.fstat(file.fileno()).st_size
    whole = Part(path, shown, size=size)
    if size <= GREAT:
        return [whole]
    if path.suffix.lower() == ".parquet":
        return _row_groups(whole)
    return [*_stretches(whole)] if path.suffix.lower() == ".csv" and has_arrow() else [whole]


def _row_groups(whole: Part) -> list[Part]:
    count = len(group_rows(whole.path, shown=whole.shown))
    each = max(1, round(count * GREAT / whole.size))
    return [
        replace(whole, start=first, stop=min(first + each, count), size=whole.size * min(each, count - first) // count)
        for first in range(0, count, each)
    ]


def _stretches(whole: Part) -> Iterator[Part]:
    """Stretches of CSV that begin after a line end outside quotation marks. The header must be the file's first line."""
    head = _header(whole.path)
    if head is None:
        yield whole
        return
    start, rows, quoted, position = 0, 0, 0, 0
    before = 0
    with whole.path.open("rb") as file:
        while block := file.read(_BLOCK):
            ends, quoted = _line_ends(block, quoted)
            if position + len(block) - start > GREAT and len(ends):
                for number in np.flatnonzero(ends + position + 1 - start > GREAT).tolist():
                    stop = position + int(ends[number]) + 1
                    if stop < whole.size and not _sums_up(block[: int(ends[number])]):
                        yield replace(whole, start=start, stop=stop, before=before, size=stop - start)
                        start, before = stop, rows + number  # without the header
                        break
            rows += len(ends)
            position += len(block)
    yield replace(whole, start=start, stop=whole.size, before=before, size=whole.size - start)


def _line_ends(block: bytes, quoted: int) -> tuple[npt.NDArray[np.int64], int]:
    """Where line ends outside quotation marks stand, and whether (1) or not (0) the block ends inside marks."""
    signs = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    marks = np.flatnonzero(signs == ord('"')) if b'"' in block else np.empty(0, dtype=np.int64)
    inside = (np.searchsorted(marks, ends) + quoted) % 2 == 1
    return ends[~inside], (quoted + len(marks)) % 2


def _sums_up(before: bytes) -> bool:
    """Whether the line before a cut begins like a row of totals, which readers drop at the end of a file."""
    line = before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")
    first = next((cell for cell in re.split(r"[,;\t|\"]", line) if cell.strip()), "")
    return fold(first) in TOTALS


def _header(path: Path) -> bytes | None:
    """The first line of a UTF-8 file when it is its header."""
    with path.open("rb") as file:
        line = file.readline(_BLOCK)
        more = file.readline(_BLOCK) + file.readline(_BLOCK)
    try:
        text = (line + more).decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not line.endswith(b"\n") or line.count(b'"') % 2:
        return None
    for table in TABLES.values():
        found = plain_header(text, find_delimiter(text, table), table)
        if found is not None and found[0] == 0:
            return line
    return None


def read_part(part: Part, table: Table) -> TableFrame:
    """The cells of a part as typed; rows are numbered as in its file.

    Raises
    ------
    UsageError : as `read_table`; of a stretch also when the file is not UTF-8, or its quotation marks stand inside cells.
    """
    if part.path.suffix.lower() == ".parquet":
        groups = (part.start, part.stop) if part.stop else None
        return arrange(read_parquet(part.path, table, shown=part.shown, groups=groups), table, part.shown, "")
    if not part.stop:
        return read_table(part.path, table, shown=part.shown)
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "part.csv"
        with part.path.open("rb") as file, alone.open("wb") as out:
            if part.start:
                out.write(file.readline())
            file.seek(part.start)
            left = part.stop - part.start
            while left and (block := file.read(min(left, _BLOCK))):
                out.write(block)
                left -= len(block)
        found = read_table(alone, table, shown=part.shown)
        if looked_through(alone, found.delimiter.encode()) is None:
            raise UsageError("part-uneven", path=part.shown)
    if found.encoding not in ("utf-8", "utf-8-sig"):
        raise UsageError("part-encoding", path=part.shown)
    return moved(found, part.before)


def moved(found: TableFrame, by: int) -> TableFrame:
    """The same rows, so many further down in their file."""
    if not by:
        return found
    faults = tuple(_moved(fault, by) for fault in found.faults)
    return replace(found, frame=found.frame.assign(**{ROW: found.frame[ROW] + by}), faults=faults)


def _moved(fault: Fault, by: int) -> Fault:
    rows = fault.params.get("rows")
    params = {**fault.params, "rows": [row + by for row in rows]} if isinstance(rows, list) else fault.params
    return replace(fault, row=None if fault.row is None else fault.row + by, params=params)
