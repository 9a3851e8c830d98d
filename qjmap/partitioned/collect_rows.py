"""Collect some rows of several partitions into one parsed table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pandas.api.types import is_numeric_dtype

from qjmap.partitioned.parse_partition import Task, read_task
from qjmap.partitioned.sorted_hashes import Hashes, isin
from qjmap.schema import TABLES, fold
from qjmap.tables import ROW, Parsed, empty_table, frame_of, parse
from qjmap.tables.columns import operations as cols
from qjmap.tables.isolate_rows import some_rows
from qjmap.tables.table_frame import with_columns


def select_rows(task: Task, offset: int, ids: Hashes | None, names: Hashes) -> Parsed:
    """Return the rows of a partition whose id is among `ids`, or whose folded name or alias is among `names`, without their faults.

    Parameters
    ----------
    offset : number that is added to the row numbers, see `RowNumbers`.
    ids, names : sorted hashes of ids, and of folded names; None as `ids` selects all rows.

    Raises
    ------
    UsageError : as in `read_partition`.
    """
    parsed = read_task(task)
    if ids is not None:
        mask = isin(cols.hash_array(cols.column(parsed.frame, "id")), ids) | isin(cols.hash_array(parsed.keys), names)
        if "aliases" in parsed.raw.typed:
            mask |= _has_alias(parsed.frame["aliases"], names)
        parsed = some_rows(parsed, np.flatnonzero(mask))
    raw = replace(parsed.raw, frame=_numbered(parsed.raw.frame, offset), faults=(), cells=(), header=())
    bad = frozenset(row + offset for row in parsed.bad_rows)
    return Parsed(_numbered(parsed.frame, offset), (), bad, raw)


def _numbered(frame: pd.DataFrame, offset: int) -> pd.DataFrame:
    """Return a frame with `offset` added to its row numbers."""
    return with_columns(frame, {ROW: frame[ROW].to_numpy() + offset})


def _has_alias(aliases: Any, names: Hashes) -> npt.NDArray[np.bool_]:
    """Return a mask of the rows with an alias whose folded form is among `names` (sorted hashes)."""
    distinct = sorted({alias for cell in aliases for alias in cell})
    hashes = cols.hash_array(np.array([*map(fold, distinct), ""], dtype=object))[:-1]
    is_sought = dict(zip(distinct, isin(hashes, names), strict=True))
    return np.fromiter((any(is_sought[alias] for alias in cell) for cell in aliases), dtype=bool, count=len(aliases))


def concat_parsed(partitions: Sequence[Parsed], table: str, shown: str, unknown: Sequence[str] = ()) -> Parsed:
    """Concatenate the rows of partitions as one table without faults; a column that a partition lacks is empty in its rows.

    Parameters
    ----------
    table : name of the table. Without partitions the result has no rows.
    shown : name of the table in messages.
    unknown : columns that the schema does not define, in their order; those of the partitions that are not listed are appended.
    """
    empty = parse(empty_table(TABLES[table], shown), fill_ids=False)
    raws = [partition.raw for partition in partitions]
    unknown = tuple(dict.fromkeys([*unknown, *(name for raw in raws for name in raw.unknown)]))
    raw = replace(
        empty.raw,
        frame=concat_frames([raw.frame for raw in raws] or [empty.raw.frame], unknown),
        typed={name: header for raw in reversed(raws) for name, header in raw.typed.items()},
        letters={name: letter for raw in reversed(raws) for name, letter in raw.letters.items()},
        unknown=unknown, header=(), cells=(),
    )  # fmt: skip
    bad = frozenset(row for partition in partitions for row in partition.bad_rows)
    frames = [partition.frame for partition in partitions] or [empty.frame]
    return Parsed(concat_frames(frames, unknown), (), bad, raw)


def concat_frames(frames: Sequence[pd.DataFrame], unknown: Sequence[str]) -> pd.DataFrame:
    """Concatenate frames. The columns `unknown` to the table come last, in that order, empty in frames that lack them.

    A column stays in Arrow if every frame has it in Arrow.
    """
    names = [str(name) for name in frames[0] if name not in unknown]
    return frame_of({name: _concat([_column(frame, name) for frame in frames]) for name in (*names, *unknown)})


def _column(frame: pd.DataFrame, name: str) -> Any:
    """Return a column of a frame; empty texts if it has no such column."""
    return cols.column(frame, name) if name in frame else cols.full(len(frame), "")


def _concat(chunks: Sequence[Any]) -> Any:
    """Join the parts of a column; as an Arrow array if all of them can be one."""
    if len(chunks) == 1:
        return chunks[0]
    arrays = [cols.to_arrow(chunk) for chunk in chunks]
    if all(array is not None for array in arrays):
        return cols.string_array(pa.chunked_array(arrays))
    return np.concatenate([chunk if is_numeric_dtype(chunk) else cols.to_objects(chunk) for chunk in chunks])
