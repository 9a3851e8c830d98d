"""Large delimited text -> a grid by columns over Arrow, without the file's text ever being a Python string.

This road is for files that leave nothing to decide: UTF-8, evenly delimited, every quotation mark where it belongs.
Any other file gives None, and `delimited` reads it; whatever both can read, both read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from qjmap.engine.ahead import ahead
from qjmap.schema import Table, fold
from qjmap.tables import columns as cols
from qjmap.tables.delimited import annotate, find_delimiter, plain_header, unneutralised
from qjmap.tables.encodings import Decoded
from qjmap.tables.grids import LOOK, TOTALS, Grid
from qjmap.tables.stores import Store

if TYPE_CHECKING:
    import pyarrow as pa

_SUFFIXES = ("", ".csv", ".tsv", ".txt")
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
_LONG_TEXT = 64
"""Bytes of a cell, on average, that make a column one of long texts."""
_MARK = b"\xef\xbb\xbf"

Marks = npt.NDArray[np.int64]
Told = Callable[[int, int], None]


def read_large(path: Path, table: Table, *, shown: str, told: Told | None = None) -> Grid | None:
    """The grid of a large file that is delimited UTF-8 to the letter; None for any other, or without pyarrow.

    Parameters
    ----------
    told : told how many bytes of how many are read.

    Raises
    ------
    OSError : as the system raises it.
    """
    if path.suffix.lower() not in _SUFFIXES or path.stat().st_size <= cols.LARGE or not cols.has_arrow():
        return None
    head = _head(path)
    if head is None:
        return None
    text, marked = head
    delimiter = find_delimiter(text, table)
    if not delimiter.isascii() or (found := plain_header(text, delimiter, table)) is None:
        return None
    top, heads = found
    marks = looked_through(path, delimiter.encode())
    if marks is None or len(heads) < 2 or any(re.search(r"[\r\n]", name) for name in heads):
        return None
    parsed = _parsed(path, delimiter, top + 1, len(heads), marks, told)
    if parsed is None:
        return None
    chunks = parsed
    numbers: Any = range(top + 2, top + 2 + len(chunks[0]))
    blank = _blank_rows(chunks)
    if blank.any():
        chunks = [chunk.filter(~blank) for chunk in chunks]
        numbers = np.asarray(numbers)[~blank].tolist()
    if len(numbers) and fold(next((last for chunk in chunks if (last := chunk[-1].as_py()).strip()), "")) in TOTALS:
        return None
    grid = Grid(heads, [], numbers, header_row=top + 1, columns=[])
    while chunks:  # one at a time: what a column no longer needs is free for the next
        grid.columns.append(_column(chunks.pop(0)))  # type: ignore[union-attr]
    cols.release()
    annotate(grid, Decoded("", "utf-8-sig" if marked else "utf-8", "mark" if marked else "strict"), delimiter, shown)
    return grid


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
                types |= {name: few for name, cells in zip(names, first.columns, strict=True) if cols.has_few(cells)}
                stores = {
                    name: Store(parts[-1][1], mapped=parts[-1][1] > _MAPPED and cells.nbytes > _LONG_TEXT * len(cells))
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


def _blank_rows(chunks: list[Any]) -> Any:
    """Rows in which no cell holds more than blanks."""
    import pyarrow.compute as pc

    blank = np.ones(len(chunks[0]), dtype=bool)
    for chunk in chunks:
        blank &= pc.equal(pc.utf8_trim_whitespace(cols.spelled_out(chunk)), "").to_numpy()
        if not blank.any():
            break
    return blank


def _column(chunk: Any) -> Any:
    """A column without the apostrophes that keep spreadsheets from running its cells."""
    import pyarrow as pa
    import pyarrow.compute as pc

    few = pa.types.is_dictionary(chunk.type)
    pieces = (one.dictionary for one in chunk.chunks) if few else cols.spans(chunk)
    guarded = any(pc.any(pc.starts_with(one, "'"), min_count=0).as_py() for one in pieces)
    column = cols.compact(chunk)
    if guarded:
        column = cols.objects(column)
        for at, cell in enumerate(column):
            if cell[:1] == "'":
                column[at] = unneutralised(cell)
    return column
