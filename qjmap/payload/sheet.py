"""A sheet: a table of any size as the page carries it.

A small table is one block. A large one is split by when the page needs it:

``data``      a block of what is drawn and counted: positions, codes of columns with few distinct values;
``overview``  a few thousand of its rows, to be painted before anything is unpacked;
``ids``       a block with all ids in ascending order and ``order``, the row of each: looked up by bisection, never hashed;
``0, 1, ...`` the other columns of `CHUNK` rows each, every column compressed by itself, unpacked when somebody asks.

Rows of a large table with positions stand in Morton order, those without one at the end; rows that lie at one point are
in the order of their ids, so the text is the same whatever order the rows came in.

A chunk is the streams of its columns, in the header's order, joined by ``.``; an empty stream is a column of empty cells.
A stream is ``base64(deflate(bytes))``:

``text``  kind (1 or 2), bytes of a length (1, 2 or 4), lengths in UTF-16 units, then all texts together: UTF-8 (kind 1), or
          UTF-16 with the high bytes after the low bytes (2), which is shorter where nothing repeats;
``list``  the same, the items of a cell joined by U+001F;
``json``  the same, each cell a JSON value;
``num``   int32 in byte planes: the number in units of 10**-digits, less the position where ``of`` names its column;
          -2**31 is an empty cell.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.payload import morton
from qjmap.payload.block import MOST_CODES, Block, Degrees, micro_degrees
from qjmap.payload.codecs import Ints, packed, planes
from qjmap.payload.decimals import decimals
from qjmap.payload.overview import overview_text
from qjmap.payload.texts import Gathered, Utf8, joined
from qjmap.tables import columns as cols

CHUNK = 4096
"""Rows of a chunk. A table of no more rows is one block."""

JOIN = "\x1f"
_EMPTY = -(2**31)
_MANY = 50_000
_PROBE = 4096
_FEW = 1024
_MICRO_DIGITS = 6

Objects = npt.NDArray[np.object_]
Cells = Sequence[Any] | Objects | pd.Series
Points = tuple[Degrees, Degrees]


@dataclass(frozen=True)
class Sheet:
    """The texts of a table's script elements: the block ``data`` and, of a large table, the rest."""

    data: Block
    overview: str = ""
    ids: Block | None = None
    chunks: Sequence[str] = field(default_factory=tuple)

    def heads(self) -> Iterator[tuple[str, str]]:
        """The words and texts of the elements that the page reads at once; the chunks may still be in the making."""
        quick = True if self.data.rows > _MANY else None  # of so many rows the closest compressor keeps a builder waiting
        yield "data", self.data.text(quick=quick)
        if self.ids is not None:
            yield "ids", self.ids.text(quick=quick)


class _Making(Sequence[str]):
    """Texts that threads are making: who asks for one waits for it."""

    def __init__(self, made: Sequence[Future[str]]) -> None:
        self._made = made

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, at: Any) -> Any:
        return [one.result() for one in self._made[at]] if isinstance(at, slice) else self._made[at].result()


def make_sheet(
    columns: Mapping[str, Cells],
    points: Points | None = None,
    *,
    coded: Sequence[str] = (),
    colour: str = "",
    split: bool = True,
) -> Sheet:
    """A table's columns for the page.

    Parameters
    ----------
    columns : by name, one value a row; ``id`` among them
    points : longitudes and latitudes (WGS 84 degrees, NaN for a row without), None for a table without
    coded : names of columns that are read as codes whatever they hold, while their distinct values are few enough
    colour : the coded column by which the points of the overview are coloured
    split : split a large table; else it is one block whatever its size
    """
    rows = len(next(iter(columns.values()), ()))
    if not split or rows <= CHUNK or "id" not in columns:
        return Sheet(_small(rows, columns, points, coded))
    return _large(rows, columns, points, coded, colour)


def plain(value: Any) -> Any:
    """A cell as JSON has it: numbers without a fraction as integers, no number as null, lists as arrays."""
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    if isinstance(value, (float, np.floating)):
        if not math.isfinite(value):
            return None
        return int(value) if float(value).is_integer() else float(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    return value if isinstance(value, str) else None


def _small(
    rows: int, columns: Mapping[str, Cells], points: Points | None, coded: Sequence[str]
) -> Block:
    block = Block(rows)
    for name, values in columns.items():
        cells = [plain(value) for value in values]
        if name in coded:
            block.dictionary(name, [cell or "" for cell in cells])
        else:
            block.json(name, cells)
    if points is not None:
        block.positions(points)
    return block


def _large(
    rows: int,
    columns: Mapping[str, Cells],
    points: Points | None,
    coded: Sequence[str],
    colour: str,
) -> Sheet:
    ids = _cells(columns["id"])
    if cols.arrow(ids) is None and pd.api.types.infer_dtype(ids, skipna=False) != "string":
        ids = _cells([value if isinstance(value, str) else "" for value in ids])
    by_id = np.arange(rows) if cols.ascending(ids) else cols.order(ids)
    block, overview = Block(rows), ""
    degrees: dict[str, Ints] = {}
    order = by_id
    if points is not None:
        lon, lat, located = micro_degrees(*points)
        lon, lat, located = lon[by_id], lat[by_id], located[by_id]
        keys = np.where(located, morton.keys(lon, lat), np.uint64(2**64 - 1))
        sequence = np.argsort(keys, kind="stable")
        order = by_id[sequence]
        count = int(located.sum())
        lon, lat, keys = lon[sequence], lat[sequence], keys[sequence]
        degrees = {"lon": lon, "lat": lat}
        for name, micro in degrees.items():
            micro[count:] = micro[count - 1] if count else 0
            block.whole(name, micro, delta=True, scale=1e-6, per=1_000_000, where="located")
        block.codes("located", (np.arange(rows) < count).astype(np.int64), [0, 1])
    position = np.empty(rows, dtype=np.int64)
    position[order] = np.arange(rows)
    index = Block(rows)
    index.whole("order", position[by_id])
    index.sorted("id", _utf8(cols.taken(ids, by_id)))

    chunked: list[_Column] = []
    for name, values in columns.items():
        if name == "id":
            continue
        cells = _cells(values)
        found = _coded(cells, always=name in coded)
        if found is None:
            chunked.append(_column(name, cells, order, degrees))
            continue
        codes, distinct = found[0][order], found[1]
        block.codes(name, codes, distinct)
        if name == colour and points is not None:
            overview = overview_text(distinct, codes, keys[:count], lon, lat)
    block.header(chunk=CHUNK, texts=[column.header for column in chunked])
    pool = ThreadPoolExecutor(min(8, os.cpu_count() or 1))
    chunks = [pool.submit(_chunk, chunked, start) for start in range(0, rows, CHUNK)]
    pool.shutdown(wait=False)
    return Sheet(block, overview, index, _Making(chunks))


def _cells(values: Cells) -> Any:
    """A column as `tables.columns` has it: texts over Arrow where they are, else an object array, or one of numbers."""
    if isinstance(values, pd.Series) and (cols.arrow(values) is not None or cols.coded(values) is not None):
        return values.array
    if isinstance(values, pd.Series) and pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=float, na_value=np.nan)
    if isinstance(values, pd.Series):
        return values.to_numpy(dtype=object)
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _utf8(cells: Any) -> Utf8:
    found = cols.arrow(cells)
    return Utf8.of(cells.tolist()) if found is None else Utf8.of_arrow(found)


def _coded(cells: Any, *, always: bool) -> tuple[npt.NDArray[np.uint16], list[Any]] | None:
    """A column as codes into its distinct values, in their own order; None where there are too many of them."""
    try:
        if not always and len(cols.distinct(cells[:: max(1, len(cells) // _PROBE)])) > _FEW:
            return None
        codes, distinct = cols.factorized(cells)
    except TypeError:  # lists, which nothing can look up
        return None
    if len(distinct) > (MOST_CODES if always else min(MOST_CODES, len(cells) // 8)):
        return None
    values = [plain(value) for value in distinct]
    if (codes < 0).any():  # what is missing
        codes = np.where(codes < 0, len(values), codes)
        values.append(None)
    if all(value is None or isinstance(value, str) for value in values):
        values = [value or "" for value in values]
    # What is missing in several ways is one value.
    texts = [json.dumps(value, ensure_ascii=False) for value in values]
    known = dict(zip(texts, values, strict=True))
    number = {text: code for code, text in enumerate(sorted(known))}
    renumbered = np.array([number[text] for text in texts], dtype=np.uint16)
    return renumbered[codes], [known[text] for text in sorted(known)]


@dataclass
class _Column:
    """A column that is written chunk by chunk."""

    header: dict[str, Any]
    cells: Sequence[Any] | npt.NDArray[Any] | Utf8 | Gathered
    write: Callable[[Any, int], bytes]
    kind: int = 1


def _written(name: str, codec: str, cells: Sequence[str] | Utf8 | Gathered) -> _Column:
    """A column of texts: random signs are shorter in planes, language is not; a sample decides for all chunks."""
    part = cells[:: max(1, len(cells) // CHUNK)]
    sample = "".join(part) if isinstance(part, Sequence) else part.joined()
    split = len(packed(_split(sample), quick=True)) < len(packed(sample.encode(), quick=True))
    return _Column({"name": name, "codec": codec}, cells, _texts, 2 if split else 1)


def _column(name: str, cells: Any, order: Ints, degrees: Mapping[str, Ints]) -> _Column:
    """A column whose rows are written in this order."""
    base = {"orig_lon": "lon", "orig_lat": "lat"}.get(name, "")
    if base not in degrees and not isinstance(cells, np.ndarray):
        return _written(name, "text", Gathered(cols.to_arrow(cells), order))
    cells = cols.taken(cells, order)
    cells = cells if cols.coded(cells) is None else cols.objects(cells)
    numbers = cols.arrow(cells) is None and cells.dtype != object
    if numbers:
        whole = _numbers(name, cells)
        if whole is not None:
            return whole
        cells = cells.astype(object)
    if cols.arrow(cells) is not None or pd.api.types.infer_dtype(cells, skipna=False) == "string":
        texts = _utf8(cells)
        typed = _typed(name, texts, base, degrees[base]) if base in degrees else None
        return typed or _written(name, "text", texts)
    values = [plain(value) for value in cells]
    if all(value is None or isinstance(value, str) for value in values):
        return _written(name, "text", [value or "" for value in values])
    if all(
        value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value)) for value in values
    ):
        lists = [JOIN.join(value) if value else "" for value in values]
        # A list of one empty text would read as an empty list, and an item may hold the sign itself.
        if all(text.count(JOIN) + 1 == len(value) for text, value in zip(lists, values, strict=True) if value):
            return _written(name, "list", lists)
    cells_json = [
        "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values
    ]
    return _written(name, "json", cells_json)


def _numbers(name: str, numbers: npt.NDArray[Any]) -> _Column | None:
    """A column of numbers as whole units of the fewest digits that say each of them exactly; None where none do."""
    known = np.isfinite(numbers)
    filled = np.where(known, numbers, 0.0)
    for digits in range(10):
        units = np.round(filled * 10.0**digits)
        if not (np.abs(units) < 2**53).all() or not (units / 10.0**digits == filled).all():
            continue
        whole = np.where(known, units.astype(np.int64), _EMPTY)
        if (np.abs(whole[known]) < 2**31).all():
            return _Column({"name": name, "codec": "num", "digits": digits}, whole, _planes)
    return None


def _typed(name: str, texts: Utf8, of: str, base: Ints) -> _Column | None:
    """Coordinates as somebody typed them, as differences from the position; None where a number would not say the same."""
    known = texts.units > 0
    parsed = decimals(texts.joined(), texts.units[known])
    if parsed is None:
        return None
    units, digits, fixed = parsed
    wanted = max(digits, _MICRO_DIGITS)
    whole = np.full(len(texts), _EMPTY, dtype=np.int64)
    whole[known] = units * 10 ** (wanted - digits) - base[known] * 10 ** (wanted - _MICRO_DIGITS)
    if (np.abs(whole[known]) >= 2**31).any():
        return None
    return _Column(
        {"name": name, "codec": "num", "digits": wanted, "of": of, "text": True, "fixed": fixed}, whole, _planes
    )


def _planes(cells: Ints, kind: int) -> bytes:
    return planes(cells, delta=False) if (cells != _EMPTY).any() else b""


def _split(text: str) -> bytes:
    """UTF-16 with the high bytes after the low bytes."""
    return np.frombuffer(text.encode("utf-16-le"), dtype=np.uint8).reshape(-1, 2).T.tobytes()


def _texts(cells: Sequence[str] | Utf8, kind: int) -> bytes:
    if isinstance(cells, Utf8):
        data, lengths = cells.bytes.tobytes(), cells.units
    else:
        text, lengths = joined(cells)
        data = text.encode()
    if not data:
        return b""
    if kind == 2:
        data = _split(data.decode())
    longest = int(lengths.max())
    width = 1 if longest < 0x100 else 2 if longest < 0x10000 else 4
    return bytes([kind, width]) + lengths.astype(f"<u{width}").tobytes() + data


def _chunk(columns: Sequence[_Column], start: int) -> str:
    streams = []
    for column in columns:
        data = column.write(column.cells[start : start + CHUNK], column.kind)
        streams.append(packed(data, quick=True) if data else "")
    return ".".join(streams)
