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
from qjmap.schema import TABLES, fold
from qjmap.tables import ROW, Parsed, empty_table, frame_of, parse
from qjmap.tables import columns as cols


def find(item: Item, base: int, ids: Hashes | None, names: Hashes) -> Parsed:
    """The rows of a part whose id or name or alias is wanted; all of them where `ids` is None. Rows are counted on from `base`."""
    parsed = read(item)
    frame = parsed.frame
    here = np.ones(len(frame), dtype=bool)
    if ids is not None:
        here = among(hashes(cols.column(frame, "id")), ids) | among(hashes(parsed.keys), names)
        if "aliases" in parsed.raw.typed:
            here |= _by_alias(frame["aliases"], names)
    raw = replace(parsed.raw, frame=_rows(parsed.raw.frame, here, base), faults=(), cells=(), header=())
    bad = frozenset(row + base for row in parsed.bad_rows)
    return Parsed(_rows(frame, here, base), (), bad, raw)


def _by_alias(aliases: Any, names: Hashes) -> npt.NDArray[np.bool_]:
    words = sorted({word for several in aliases for word in several})
    wanted = dict(zip(words, among(hashes(np.array([*map(fold, words), ""], dtype=object))[:-1], names), strict=True))
    return np.fromiter((any(wanted[word] for word in several) for several in aliases), dtype=bool, count=len(aliases))


def _rows(frame: pd.DataFrame, here: npt.NDArray[np.bool_], base: int) -> pd.DataFrame:
    at = np.flatnonzero(here)
    columns = {str(name): _plain(cols.taken(cols.column(frame, str(name)), at)) for name in frame}
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
            _plain(cols.column(frame, name)) if name in frame else np.full(len(frame), "", dtype=object) for frame in frames
        ]
        columns[name] = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
    return frame_of(columns)
