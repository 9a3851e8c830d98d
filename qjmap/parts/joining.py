"""Some rows of several parts as one parsed table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.parts.hashing import Hashes, among, hashes
from qjmap.parts.looking import Item, read
from qjmap.parts.slugged import filled
from qjmap.schema import TABLES, fold
from qjmap.tables import ROW, Parsed, TableFrame, empty_table, frame_of, parse
from qjmap.tables import columns as cols
from qjmap.tables.frames import with_columns
from qjmap.tables.parts import read_part


def find(item: Item, base: int, ids: Hashes | None, names: Hashes) -> Parsed:
    """The rows of a part whose id or name or alias is wanted; all of them where `ids` is None. Rows are counted on from `base`."""
    if ids is None:
        parsed = read(item)
        raw = replace(parsed.raw, frame=_rows(parsed.raw.frame, slice(None), base), faults=(), cells=(), header=())
        bad = frozenset(row + base for row in parsed.bad_rows)
        return Parsed(_rows(parsed.frame, slice(None), base), (), bad, raw)
    tf = read_part(item.part, TABLES[item.table])
    named = parse(_only(tf, ("id", "name", "aliases")), fill_ids=False)  # what else the rows say is read of few
    own = filled(tf, cols.column(named.frame, "id"), item.forms)
    here = among(hashes(own), ids) | among(hashes(named.keys), names)
    if "aliases" in tf.typed:
        here |= _by_alias(named.frame["aliases"], names)
    at = np.flatnonzero(here)
    parsed = parse(replace(tf, frame=_rows(tf.frame, at, base), faults=(), cells=(), header=()), fill_ids=False)
    frame = with_columns(parsed.frame, {"id": cols.objects(cols.taken(own, at)).copy()})
    return replace(parsed, frame=frame, faults=())


def _only(tf: TableFrame, names: Sequence[str]) -> TableFrame:
    """The same rows, empty but for some columns."""
    blank = cols.filled(len(tf.frame), "")
    kept = (*names, ROW)
    frame = frame_of({str(name): cols.column(tf.frame, str(name)) if name in kept else blank for name in tf.frame})
    return replace(tf, frame=frame, typed={name: head for name, head in tf.typed.items() if name in names})


def _by_alias(aliases: Any, names: Hashes) -> npt.NDArray[np.bool_]:
    words = sorted({word for several in aliases for word in several})
    wanted = dict(zip(words, among(hashes(np.array([*map(fold, words), ""], dtype=object))[:-1], names), strict=True))
    return np.fromiter((any(wanted[word] for word in several) for several in aliases), dtype=bool, count=len(aliases))


def _rows(frame: pd.DataFrame, at: slice | npt.NDArray[np.int64], base: int) -> pd.DataFrame:
    """Some rows with plain columns, counted on from `base`."""
    rows = np.arange(len(frame))[at]
    columns = {str(name): _plain(cols.taken(cols.column(frame, str(name)), rows)) for name in frame}
    columns[ROW] = columns[ROW] + base
    return frame_of(columns)


def _plain(values: Any) -> Any:
    return cols.objects(values).copy() if cols.arrow(values) is not None or values.dtype == object else values


def joined(parts: Sequence[Parsed], table: str, shown: str, unknown: Sequence[str] = ()) -> Parsed:
    """The rows of all as one table; what only some files have is empty in the others."""
    none = parse(empty_table(TABLES[table], shown), fill_ids=False)
    raws = [part.raw for part in parts]
    unknown = tuple(dict.fromkeys([*unknown, *(name for raw in raws for name in raw.unknown)]))
    typed = {name: head for raw in reversed(raws) for name, head in raw.typed.items()}
    letters = {name: letter for raw in reversed(raws) for name, letter in raw.letters.items()}
    raw = replace(
        none.raw, frame=stacked([raw.frame for raw in raws] or [none.raw.frame], unknown), typed=typed, letters=letters,
        unknown=unknown, header=(), cells=(),
    )  # fmt: skip
    bad = frozenset(row for part in parts for row in part.bad_rows)
    return Parsed(stacked([part.frame for part in parts] or [none.frame], unknown), (), bad, raw)


def stacked(frames: Sequence[pd.DataFrame], unknown: Sequence[str]) -> pd.DataFrame:
    """Frames one below the other, columns of the user's own at their end, in one order however the parts have them."""
    names = [str(name) for name in frames[0] if name not in unknown]
    columns: dict[str, Any] = {}
    for name in (*names, *unknown):
        pieces = [
            _plain(cols.column(frame, name)) if name in frame else np.full(len(frame), "", dtype=object)
            for frame in frames
        ]
        columns[name] = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
    return frame_of(columns)
