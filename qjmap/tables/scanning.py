"""Large delimited text as Arrow sees it: where its header stands, and its cells column by column.

Nothing heavy but Arrow is imported here, so that a command reads its largest table (`begin`) while the rest is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from qjmap.engine.ahead import ahead
from qjmap.schema import Table
from qjmap.tables.arrows import has_arrow, has_few
from qjmap.tables.delimited import find_delimiter, plain_header
from qjmap.tables.grids import LOOK
from qjmap.tables.stores import Store

if TYPE_CHECKING:
    import pyarrow as pa

_SUFFIXES = ("", ".csv", ".tsv", ".txt")
_AHEAD = 8_000_000
"""Bytes of a file from which it is worth to begin before it is asked for."""
_PART = 1 << 23
"""Bytes looked through at once."""
_HEAD = 1 << 20
"""Bytes in which the header is looked for."""
_CUT = 1 << 23
"""Bytes that a thread parses at once; a row more at most."""
_BLOCK = 1 << 19
"""Bytes of one block that Arrow parses: a row must fit, and what is made of a block should stay in a processor's cache."""
_MAPPED = 1 << 27
"""Bytes of a file from which long texts are kept in a mapped file."""
_MARGIN = 1.2
"""Room for a column beyond its share of the first rows."""
_LONG_TEXT = 64
"""Bytes of a cell, on average, that make a column one of long texts."""
_MARK = b"\xef\xbb\xbf"

Marks = npt.NDArray[np.int64]
Told = Callable[[int, int], None]
_LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Scan:
    """A large file's cells.

    Attributes
    ----------
    top, heads : where the header stands, counted from 0, and its cells.
    delimiter, marked : what parts the cells, and whether a byte-order mark stands before them.
    columns : the cells below the header, large strings or dictionaries of them.
    """

    top: int
    heads: list[str]
    delimiter: str
    marked: bool
    columns: list[pa.ChunkedArray]


def scan(path: Path, table: Table, told: Told | None = None) -> Scan | None:
    """The cells of a file that is delimited UTF-8 to the letter; None for any other, or without pyarrow.

    Parameters
    ----------
    told : told how many bytes of how many are read.

    Raises
    ------
    OSError : as the system raises it.
    """
    if path.suffix.lower() not in _SUFFIXES or not has_arrow() or (head := _head(path)) is None:
        return None
    text, marked = head
    delimiter = find_delimiter(text, table)
    if not delimiter.isascii() or (found := plain_header(text, delimiter, table)) is None:
        return None
    top, heads = found
    marks = looked_through(path, delimiter.encode())
    if marks is None or len(heads) < 2 or any(re.search(r"[\r\n]", name) for name in heads):
        return None
    columns = _parsed(path, delimiter, top + 1, len(heads), marks, told)
    return None if columns is None else Scan(top, heads, delimiter, marked, columns)


_begun: dict[tuple[Path, str, int, int], tuple[Future[Scan | None], list[tuple[int, int]]]] = {}


def _key(path: Path, table: Table) -> tuple[Path, str, int, int]:
    told = path.stat()
    return path.resolve(), table.name, told.st_size, told.st_mtime_ns


def begin(path: Path, table: Table) -> None:
    """Begins to scan a large file, for the first who asks for it with `scanned`; of one that is not there nothing is said."""
    try:
        key = _key(path, table)
    except OSError:
        return
    if not path.is_file() or key[2] < _AHEAD or not has_arrow():
        return
    steps: list[tuple[int, int]] = []
    pool = ThreadPoolExecutor(1)
    _begun[key] = pool.submit(scan, path, table, lambda done, total: steps.append((done, total))), steps
    pool.shutdown(wait=False)


def scanned(path: Path, table: Table, told: Told | None = None) -> Scan | None:
    """`scan`, begun before or not."""
    begun = _begun.pop(_key(path, table), None)
    if begun is None:
        return scan(path, table, told)
    future, steps = begun
    while wait([future], _LOOK_SECONDS).not_done:
        if told and steps:
            told(*steps[-1])
    return future.result()


def _head(path: Path) -> tuple[str, bool] | None:
    """The first characters of a file and whether a byte-order mark stands before them; None when they are not plain UTF-8."""
    with path.open("rb") as file:
        data = file.read(_HEAD)
        if data.count(b"\n") <= LOOK:  # rows of many thousand signs
            data += file.read(_PART)
    marked = data.startswith(_MARK)
    try:
        text = data.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(data) - len(_MARK) - 4 or len(data) < _HEAD:
            return None
        text = data.removeprefix(_MARK)[: error.start].decode("utf-8")
    return None if text.startswith(("sep=", "PK\x03\x04")) else (text, marked)


def looked_through(path: Path, delimiter: bytes) -> Marks | None:
    """Where the quotation marks of an even file stand (int64, bytes from its start); None when it is not even.

    Even means no NUL, line breaks of one kind, and every mark at the border of its cell or doubled: there all readers of
    delimited text agree.
    """
    marks = returns = pairs = 0
    last = b""
    with path.open("rb") as file:
        while part := file.read(_PART):
            if b"\0" in part:
                return None
            marks += part.count(b'"') if b'"' in part else 0  # most parts have none, and finding that out is cheaper
            if b"\r" in part or last == b"\r":
                returns += part.count(b"\r")
                pairs += part.count(b"\r\n") + (last == b"\r" and part[:1] == b"\n")
            last = part[-1:]
    if returns != pairs or marks % 2:
        return None
    if not marks:
        return np.empty(0, dtype=np.int64)
    data = np.memmap(path, dtype=np.uint8, mode="r")
    at = np.concatenate(
        [np.flatnonzero(data[start : start + _PART] == ord('"')) + start for start in range(0, len(data), _PART)]
    )
    opened, closed = at[0::2], at[1::2]
    doubled = opened[1:] == closed[:-1] + 1
    border = np.zeros(256, dtype=bool)
    border[list(delimiter + b"\n")] = True
    begins = border[data[opened - 1]]
    begins[0] |= opened[0] == 0 or (opened[0] == len(_MARK) and data[: len(_MARK)].tobytes() == _MARK)
    begins[1:] |= doubled
    border[ord("\r")] = True
    ends = border[data[np.minimum(closed + 1, len(data) - 1)]]
    ends[-1] |= closed[-1] == len(data) - 1
    ends[:-1] |= doubled
    return at if begins.all() and ends.all() else None


def cuts(path: Path, marks: Marks) -> list[int]:
    """Where the parts of an even file begin, each at the beginning of a row, and where the last one ends."""
    size = path.stat().st_size
    found = [0]
    with path.open("rb") as file:
        while (at := found[-1] + _CUT) < size:
            file.seek(at)
            for line in file:
                at += len(line)
                if not np.searchsorted(marks, at) % 2:  # else the line ends within a quoted cell
                    break
            if at >= size:
                break
            found.append(at)
    return [*found, size]


def _parsed(
    path: Path, delimiter: str, skipped: int, width: int, marks: Marks, told: Told | None
) -> list[pa.ChunkedArray] | None:
    """The cells of each column as texts; as dictionaries in columns of which the first block shows that few differ."""
    import pyarrow as pa
    from pyarrow import csv

    names = [str(at) for at in range(width)]
    types: dict[str, pa.DataType] = dict.fromkeys(names, pa.large_string())
    quoted = bool(len(marks))

    def opened(part: tuple[int, int]) -> Any:
        start, end = part
        return csv.open_csv(
            file.get_stream(start, end - start),
            read_options=csv.ReadOptions(
                column_names=names, skip_rows=0 if start else skipped, block_size=_BLOCK, use_threads=False
            ),
            parse_options=csv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
            ),
            convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=False),
        )

    def blocks(part: tuple[int, int]) -> list[pa.RecordBatch]:
        with opened(part) as reader:
            return list(reader)

    parts = list(pairwise(cuts(path, marks)))
    stores: dict[str, Store] = {}
    pieces: dict[str, list[pa.Array]] = {name: [] for name in names}
    try:
        with pa.OSFile(str(path)) as file:
            with opened(parts[0]) as reader:
                first = next(iter(reader), None)
            if first is not None:
                few = pa.dictionary(pa.int32(), pa.large_string())
                types |= {name: few for name, cells in zip(names, first.columns, strict=True) if has_few(cells)}
                size, seen = parts[-1][1], max(1, first.nbytes)
                stores = {
                    name: Store(
                        int(_MARGIN * size * cells.nbytes / seen),
                        mapped=size > _MAPPED and cells.nbytes > _LONG_TEXT * len(cells),
                    )
                    for name, cells in zip(names, first.columns, strict=True)
                    if types[name] != few
                }
            for (_, end), made in zip(parts, ahead(blocks, parts), strict=True):
                for block in made:
                    for name, cells in zip(names, block.columns, strict=True):
                        if name in stores:
                            stores[name].add(cells)
                        else:
                            pieces[name].append(cells)
                if told:
                    told(end, parts[-1][1])
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return [
        pa.chunked_array([stores.pop(name).array()] if name in stores else pieces[name], types[name]) for name in names
    ]
