"""Partitions of a table: the CSV and Parquet files of a folder in the order of their names, and ranges of large files.

A large Parquet file is split between row groups, a large CSV file between rows. The split changes neither the file nor the row number
that messages state for a row.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import accumulate, islice, pairwise
from pathlib import Path

import numpy as np

from qjmap.engine.serial import PARTITION_BYTES
from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.project import Project
from qjmap.regular_files import open_regular
from qjmap.schema import TABLES, Table
from qjmap.tables.arrange_columns import arrange, choose
from qjmap.tables.choose_columns import Choice
from qjmap.tables.column_samples import SAMPLE_ROWS
from qjmap.tables.parse_table import read_table
from qjmap.tables.readers.choose_reader import read_grid
from qjmap.tables.readers.delimited import find_delimiter, plain_header, unguarded
from qjmap.tables.readers.delimited_arrow import Positions, quotation_marks, read_head, row_starts
from qjmap.tables.readers.non_data_rows import RowKinds
from qjmap.tables.readers.parquet import group_rows, read_parquet
from qjmap.tables.table_frame import ROW, TableFrame
from qjmap.vocabulary import BUILT_IN, Vocabularies

_COPIED_BYTES = 1 << 23
"""Number of bytes copied or scanned at once."""
_SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Partition:
    """Some rows of a table: a file, or a range of one.

    Attributes
    ----------
    shown : name of the file in messages.
    start, stop : first byte (CSV) or row group (Parquet) of the range, and the one after its last; both 0 for the whole file.
    rows_before : number of rows of a CSV file before the range, without the header; 0 for Parquet.
    """

    path: Path
    shown: str
    start: int = 0
    stop: int = 0
    rows_before: int = 0


def table_partitions(project: Project, name: str, size: int = PARTITION_BYTES) -> list[Partition] | None:
    """Return the partitions of a table that is a folder `data/<name>/`; None if there is no such folder.

    Parameters
    ----------
    size : files of more bytes than this are split.

    Raises
    ------
    DataFaults : there is also a file of the table, or the folder holds files that are neither CSV nor Parquet.
    UsageError : as in `split_file`.
    """
    folder, file = project.data / name, project.table_path(name)
    if not folder.is_dir():
        return None
    shown = project.display_path(folder)
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
    faults = []
    if file.is_file():
        faults.append(Fault(shown, None, None, None, "table-twice", {"other": project.display_path(file)}))
    if others := [path.name for path in files if path.suffix.lower() not in _SUFFIXES]:
        faults.append(Fault(shown, None, None, None, "part-kind", {"files": others}))
    if faults:
        raise DataFaults(faults)
    return [partition for path in files for partition in split_file(path, project.display_path(path), size)]


def folder_partitions(path: Path, shown: str, size: int = PARTITION_BYTES) -> list[Partition]:
    """Return the partitions of any file, or of a folder of CSV and Parquet files in the order of their names.

    Raises
    ------
    UsageError : the folder holds no such file; also as in `split_file`.
    """
    if not path.is_dir():
        return split_file(path, shown, size)
    files = sorted(
        file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES and not file.name.startswith(".")
    )
    if not files:
        raise UsageError("folder-empty", path=shown)
    return [partition for file in files for partition in split_file(file, f"{shown}/{file.name}", size)]


def partitioned_tables(project: Project) -> list[str]:
    """Return the names of a project's tables that are folders."""
    return [name for name in TABLES if (project.data / name).is_dir()]


def split_file(path: Path, shown: str, size: int = PARTITION_BYTES) -> list[Partition]:
    """Return the ranges of one file, each of about `size` bytes; the whole file if it is no larger or cannot be split.

    Raises
    ------
    UsageError : as in `open_regular`; also for a damaged Parquet file.
    """
    with open_regular(path, shown) as file:
        total = os.fstat(file.fileno()).st_size
    whole = Partition(path, shown)
    if total <= size:
        return [whole]
    if path.suffix.lower() == ".parquet":
        return _row_groups(whole, size, total)
    return [*_text_ranges(whole, size)] if path.suffix.lower() == ".csv" else [whole]


def _row_groups(whole: Partition, size: int, total: int) -> list[Partition]:
    """Divide a Parquet file of `total` bytes into partitions of about `size` bytes, each of whole row groups."""
    count = len(group_rows(whole.path, shown=whole.shown))
    each = max(1, round(count * size / total))
    return [replace(whole, start=first, stop=min(first + each, count)) for first in range(0, count, each)]


def _text_ranges(whole: Partition, size: int) -> Iterator[Partition]:
    """Yield ranges of a CSV file of about `size` bytes, each from the start of a row; the whole file if `_splittable` returns None."""
    split = _splittable(whole.path)
    if split is None:
        yield whole
        return
    marks, may_be_none = split
    start = rows = before = 0
    for begin, end in pairwise(row_starts(whole.path, marks, size)):
        rows += _line_ends(whole.path, begin, end, marks)
        if end < whole.path.stat().st_size and any(map(may_be_none, _lines_at(whole.path, end))):
            continue  # not split here, since the rows next to such a line decide whether it is data
        yield replace(whole, start=start, stop=end, rows_before=before)
        start, before = end, rows - 1  # without the header


def _splittable(path: Path) -> tuple[Positions, Callable[[str], bool]] | None:
    """Return what is needed to split a CSV file between rows; None unless it is uniform UTF-8 with a simple header in its first line.

    Returns
    -------
    marks : positions of the quotation marks in the file.
    may_be_none : function of a line, as `_may_be_none`.
    """
    head = read_head(path)
    if head is None:
        return None
    for table in TABLES.values():
        delimiter = find_delimiter(head[0], table)
        header = plain_header(head[0], delimiter, table)
        if header is not None and header[0] == 0:
            marks = quotation_marks(path, delimiter.encode())
            test = partial(_may_be_none, delimiter=delimiter, row_kinds=RowKinds(header[1], [header[1]], table))
            return None if marks is None else (marks, test)
    return None


def _may_be_none(line: str, delimiter: str, row_kinds: RowKinds) -> bool:
    """Whether a line may be something other than a row of data: its number of cells differs, it has at most one filled cell, or it looks
    like a total, a note or a header.
    """
    row = unguarded(next(csv.reader([line], delimiter=delimiter), []))
    width = len(row_kinds.header)
    if len(row) != width or (width > 1 and sum(map(bool, row)) < 2) or row_kinds.may_be_none(row):
        return True
    below_header = (row, row_kinds.header)  # a row of column numbers is recognised only next to the header
    return bool(row_kinds.find(2, below_header.__getitem__, ()))


def _line_ends(path: Path, start: int, stop: int, marks: Positions) -> int:
    """Count the line ends outside of quotation marks between two bytes of a file."""
    count = 0
    with path.open("rb") as file:
        file.seek(start)
        while start < stop and (block := file.read(min(stop - start, _COPIED_BYTES))):
            ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n")) + start
            count += int((np.searchsorted(marks, ends) % 2 == 0).sum()) if len(marks) else len(ends)
            start += len(block)
    return count


def _lines_at(path: Path, end: int) -> Iterator[str]:
    """Yield the line before byte `end` of a file, at which a line starts, and that line."""
    with path.open("rb") as file:
        file.seek(max(0, end - _COPIED_BYTES))
        yield file.read(min(end, _COPIED_BYTES) - 1).rpartition(b"\n")[2].decode("utf-8", "replace")
        file.seek(end)
        yield file.readline(_COPIED_BYTES).decode("utf-8", "replace").rstrip("\r\n")


def read_partition(partition: Partition, table: Table, vocabularies: Vocabularies = BUILT_IN) -> TableFrame:
    """Read the cells of a partition as typed, with the row numbers of its file.

    Raises
    ------
    UsageError, OSError : as in `read_table`; UsageError also if a range of CSV is not UTF-8.
    """
    choice = _choice_of_head(partition.path, partition.shown, table, vocabularies) if partition.stop else None
    if partition.path.suffix.lower() == ".parquet":
        groups = (partition.start, partition.stop) if partition.stop else None
        grid = read_parquet(partition.path, table, shown=partition.shown, groups=groups)
        return arrange(grid, table, partition.shown, "", vocabularies, choice)
    if choice is None:
        return read_table(partition.path, table, shown=partition.shown, vocabularies=vocabularies)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "partition.csv"
        with partition.path.open("rb") as file, copy.open("wb") as out:
            if partition.start:
                out.write(file.readline())
            file.seek(partition.start)
            left = partition.stop - partition.start
            while left and (block := file.read(min(left, _COPIED_BYTES))):
                out.write(block)
                left -= len(block)
        raw = read_table(copy, table, shown=partition.shown, columns=choice, vocabularies=vocabularies)
    if raw.encoding not in ("utf-8", "utf-8-sig"):
        raise UsageError("part-encoding", path=partition.shown)
    return _shifted(raw, partition.rows_before)


def _choice_of_head(path: Path, shown: str, table: Table, vocabularies: Vocabularies) -> Choice:
    """Choose the columns from the first rows of the file, so that all of its ranges are read with the same choice."""
    status = path.stat()
    return _choice_of_file(path, shown, table.name, (status.st_mtime_ns, status.st_size), vocabularies)


@lru_cache(maxsize=8)
def _choice_of_file(
    path: Path, shown: str, table_name: str, version: tuple[int, int], vocabularies: Vocabularies
) -> Choice:
    """Do what `_choice_of_head` does; `version`, the time of modification and size, makes the cache miss when the file has changed."""
    table = TABLES[table_name]
    if path.suffix.lower() == ".parquet":
        totals = accumulate(group_rows(path, shown=shown))
        last = next((count for count, rows in enumerate(totals, 1) if rows >= SAMPLE_ROWS), None)
        return choose(
            read_parquet(path, table, shown=shown, groups=(0, last) if last else None), table, None, vocabularies
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "head.csv"
        copy.write_bytes(_first_rows(path, table))
        return choose(read_grid(copy, table, shown=shown), table, None, vocabularies)


def _first_rows(path: Path, table: Table) -> bytes:
    """Return the header of a CSV file and the rows that samples are taken from, as bytes."""
    head = read_head(path)
    delimiter = find_delimiter(head[0], table) if head else ","
    lines: list[str] = []
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = csv.reader((lines.append(line) or line for line in file), delimiter=delimiter)  # type: ignore[func-returns-value]
        filled = (row for row in rows if any(row))
        with suppress(csv.Error):  # a cell longer than csv allows; the rows before it are enough
            deque(islice(filled, 1 + SAMPLE_ROWS), maxlen=0)
    return "".join(lines).encode("utf-8", "surrogateescape")


def _shifted(raw: TableFrame, rows: int) -> TableFrame:
    """Return a table whose row numbers, in the frame and in faults, are increased by `rows`."""
    if not rows:
        return raw
    faults = tuple(_shifted_fault(fault, rows) for fault in raw.faults)
    return replace(raw, frame=raw.frame.assign(**{ROW: raw.frame[ROW] + rows}), faults=faults)


def _shifted_fault(fault: Fault, rows: int) -> Fault:
    """Return a fault with `rows` added to its row numbers."""
    numbers = fault.params.get("rows")
    params = {**fault.params, "rows": [row + rows for row in numbers]} if isinstance(numbers, list) else fault.params
    return replace(fault, row=None if fault.row is None else fault.row + rows, params=params)
