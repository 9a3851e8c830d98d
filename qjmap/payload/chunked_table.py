"""Encode tables of any size for the page.

A small table is one block. A large one is split by the time at which the page needs its parts:

``data``      block of what is drawn and counted: positions, and codes of columns that have few distinct values;
``overview``  a few thousand of its points, which the page paints before it unpacks anything;
``ids``       block of all ids in ascending order, for lookup by bisection, and ``order``, the row of each id in the payload;
``0, 1, ...`` the other columns in chunks of `CHUNK` rows, which the page unpacks on demand (see `chunk_column`).

The rows of a large table with positions are in Morton order, and rows without a position come last. Rows at the same point are in the
order of their ids, so that the payload does not depend on the order of the input. `web/src/runtime/chunked-table.js` is the reader.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.payload import morton_order
from qjmap.payload.chunk_column import CHUNK, ChunkColumn, chunk_column, encode_chunk, json_value, utf8
from qjmap.payload.codecs import Ints
from qjmap.payload.column_block import DEGREE_1E6, MOST_CODES, Block, Degrees, micro_degrees
from qjmap.payload.overview_points import overview_text
from qjmap.tables.columns import operations as cols

_QUICK_ROWS = 50_000
"""Number of rows above which blocks are always compressed by the faster compressor; below, their size decides (see `codecs.packed`)."""
_SAMPLE = 4096
"""Number of cells in the sample by which the number of distinct values of a column is estimated."""
_FEW_VALUES = 1024
"""Maximum number of distinct values in the sample of a column that may be written as codes."""

Objects = npt.NDArray[np.object_]
Cells = Sequence[Any] | Objects | pd.Series
Points = tuple[Degrees, Degrees]


@dataclass(frozen=True)
class ChunkedTable:
    """The encoded parts of a table (see the module). A small table has only `data`.

    Attributes
    ----------
    data : block of the whole table, or of a large one the block ``data``.
    overview : overview of a large table as JSON; "" if its points are not coloured by a column that is written as codes.
    ids : block ``ids`` of a large table, else None.
    chunks : texts of the chunks of a large table, in the order of the rows.
    """

    data: Block
    overview: str = ""
    ids: Block | None = None
    chunks: Sequence[str] = field(default_factory=tuple)

    def blocks(self) -> Iterator[tuple[str, str]]:
        """Yield the name ("data", then "ids" for a large table) and the text of each block; the overview and the chunks are no blocks."""
        quick = True if self.data.rows > _QUICK_ROWS else None
        yield "data", self.data.text(quick=quick)
        if self.ids is not None:
            yield "ids", self.ids.text(quick=quick)


class _Futures(Sequence[str]):
    """Texts that threads compute; access to an item waits until it is done."""

    def __init__(self, futures: Sequence[Future[str]]) -> None:
        self._futures = futures

    def __len__(self) -> int:
        return len(self._futures)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [future.result() for future in self._futures[index]]
        return self._futures[index].result()


def make_chunked_table(
    columns: Mapping[str, Cells],
    points: Points | None = None,
    *,
    categorical: Sequence[str] = (),
    colour: str = "",
    split: bool = True,
) -> ChunkedTable:
    """Encode the columns of a table for the page. Chunks are computed by threads that may still run on return.

    Parameters
    ----------
    columns : name -> one value per row. Without a column ``id`` the table is one block.
    points : longitudes and latitudes in WGS 84 degrees, NaN in a row without a position; None for a table without positions
    categorical : columns that the page reads as codes. A column with more than `MOST_CODES` distinct values is not written as codes.
    colour : categorical column by which the points of the overview are coloured; "" for none
    split : whether a table of more than `CHUNK` rows is split; otherwise it is one block
    """
    rows = len(next(iter(columns.values()), ()))
    if not split or rows <= CHUNK or "id" not in columns:
        return ChunkedTable(_one_block(rows, columns, points, categorical))
    return _split_table(rows, columns, points, categorical, colour)


def _one_block(rows: int, columns: Mapping[str, Cells], points: Points | None, categorical: Sequence[str]) -> Block:
    block = Block(rows)
    for name, values in columns.items():
        cells = [json_value(value) for value in values]
        if name in categorical:
            block.dictionary(name, [cell or "" for cell in cells])
        else:
            block.json(name, cells)
    if points is not None:
        block.positions(points)
    return block


def _split_table(
    rows: int, columns: Mapping[str, Cells], points: Points | None, categorical: Sequence[str], colour: str
) -> ChunkedTable:
    ids = _cells(columns["id"])
    if cols.arrow_or_none(ids) is None and pd.api.types.infer_dtype(ids, skipna=False) != "string":
        ids = _cells([value if isinstance(value, str) else "" for value in ids])
    by_id = np.arange(rows) if cols.is_sorted(ids) else cols.argsort(ids)
    block, overview = Block(rows), ""
    degrees: dict[str, Ints] = {}
    order = by_id
    if points is not None:
        order, keys, degrees = _morton_order(points, by_id)
        located = len(keys)
        for name, micro in degrees.items():
            block.int32(name, micro, delta=True, scale=DEGREE_1E6, per=1_000_000, where="located")
        block.codes("located", (np.arange(rows) < located).astype(np.int64), [0, 1])
    deferred: list[ChunkColumn] = []
    for name, values in columns.items():
        if name == "id":
            continue
        cells = _cells(values)
        if (coded := _codes(cells, always=name in categorical)) is None:
            deferred.append(chunk_column(name, cells, order, degrees))
            continue
        codes, distinct = coded[0][order], coded[1]
        block.codes(name, codes, distinct)
        if name == colour and points is not None:
            overview = overview_text(distinct, codes, keys, degrees["lon"], degrees["lat"])
    block.header(chunk=CHUNK, texts=[column.header for column in deferred])
    pool = ThreadPoolExecutor(min(8, os.cpu_count() or 1))
    chunks = [pool.submit(encode_chunk, deferred, start) for start in range(0, rows, CHUNK)]
    pool.shutdown(wait=False)
    return ChunkedTable(block, overview, _id_index(ids, by_id, order), _Futures(chunks))


def _morton_order(points: Points, by_id: Ints) -> tuple[Ints, npt.NDArray[np.uint64], dict[str, Ints]]:
    """Sort rows by position, and rows at one point by id.

    Parameters
    ----------
    by_id : indices of the rows in the order of their ids; shape (n,)

    Returns
    -------
    order : indices of the rows in Morton order, followed by those of the rows without a position; shape (n,)
    keys : Morton keys of the rows with a position, ascending
    degrees : ``lon`` and ``lat`` in micro-degrees in the same order; rows without a position repeat the last position, 0 without any
    """
    lon, lat, located = micro_degrees(*points)
    lon, lat, located = lon[by_id], lat[by_id], located[by_id]
    keys = np.where(located, morton_order.keys(lon, lat), np.uint64(2**64 - 1))
    sequence = np.argsort(keys, kind="stable")
    count = int(located.sum())
    degrees = {"lon": lon[sequence], "lat": lat[sequence]}
    for micro in degrees.values():
        micro[count:] = micro[count - 1] if count else 0
    return by_id[sequence], keys[sequence][:count], degrees


def _id_index(ids: Any, by_id: Ints, order: Ints) -> Block:
    """Return a block of the ids in ascending order, with the row of each id in the payload."""
    row_in_payload = np.empty(len(order), dtype=np.int64)
    row_in_payload[order] = np.arange(len(order))
    index = Block(len(order))
    index.int32("order", row_in_payload[by_id])
    index.sorted("id", utf8(cols.take(ids, by_id)))
    return index


def _cells(values: Cells) -> Any:
    """Return a column as an array that `tables.columns.operations` handles: texts and coded columns as extension arrays, else floats or objects."""
    if isinstance(values, pd.Series) and (
        cols.arrow_or_none(values) is not None or cols.categorical_or_none(values) is not None
    ):
        return values.array
    if isinstance(values, pd.Series) and pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=float, na_value=np.nan)
    if isinstance(values, pd.Series):
        return values.to_numpy(dtype=object)
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _codes(cells: Any, *, always: bool) -> tuple[npt.NDArray[np.uint16], list[Any]] | None:
    """Return a column as codes and its distinct values, sorted by their JSON; None if it has too many, or cells that are lists.

    Parameters
    ----------
    always : take any column of up to `MOST_CODES` distinct values, since the page expects codes; otherwise only a column in which a
        value occurs in at least eight rows on average, and of which a sample has at most `_FEW_VALUES` distinct values
    """
    try:
        if not always and len(cols.unique(cells[:: max(1, len(cells) // _SAMPLE)])) > _FEW_VALUES:
            return None
        codes, distinct = cols.factorize(cells)
    except TypeError:  # lists are not hashable
        return None
    if len(distinct) > (MOST_CODES if always else min(MOST_CODES, len(cells) // 8)):
        return None
    values = [json_value(value) for value in distinct]
    if (codes < 0).any():  # missing cells
        codes = np.where(codes < 0, len(values), codes)
        values.append(None)
    if all(value is None or isinstance(value, str) for value in values):
        values = [value or "" for value in values]
    # Several kinds of missing cells become one value.
    texts = [json.dumps(value, ensure_ascii=False) for value in values]
    value_of = dict(zip(texts, values, strict=True))
    number = {text: code for code, text in enumerate(sorted(value_of))}
    renumbered = np.array([number[text] for text in texts], dtype=np.uint16)
    return renumbered[codes], [value_of[text] for text in sorted(value_of)]
