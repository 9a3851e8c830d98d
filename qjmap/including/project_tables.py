"""The checked tables of one project, and those of several under ids that are theirs alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qjmap.geocoding import OfflineLocator
from qjmap.include_settings import SEPARATOR
from qjmap.project import Project
from qjmap.schema import TABLES, fold
from qjmap.tables.columns import ops as cols
from qjmap.tables.frame import ROW, IncludedRows, frame_of

_NUMBERS = ("lon", "lat")
Frames = Mapping[str, pd.DataFrame]
"""Typed frames by table."""


@dataclass(frozen=True)
class Part:
    """A project of an atlas.

    Attributes
    ----------
    prefix : of its ids in the atlas; "" for the project that includes the others.
    frames : its typed frames, with places that its rows imply; ids in place of names.
    files : its files by table, as messages name them.
    locator : knows its places.
    """

    prefix: str
    project: Project
    frames: Frames
    files: Mapping[str, str]
    locator: OfflineLocator

    def full(self, identifier: str) -> str:
        """Return the id in the atlas of an id of the project."""
        return f"{self.prefix}{SEPARATOR}{identifier}" if self.prefix else identifier


@dataclass(frozen=True)
class Joint:
    """The rows of all parts, part after part, with ids of the atlas.

    Attributes
    ----------
    frames : by table.
    part_of : by table, index of the part that each row is of.
    ids : every id of the atlas, and ids that a project has twice -> the one id.
    """

    frames: dict[str, pd.DataFrame]
    part_of: dict[str, Any]
    ids: dict[str, str]


def joint(parts: Sequence[Part], others: Mapping[str, str]) -> Joint:
    """Put the rows of parts one behind the other.

    Parameters
    ----------
    others : further prefixes of a part -> its prefix.
    """
    ids = {
        full: full
        for part in parts
        for frame in part.frames.values()
        for full in map(part.full, cols.to_objects(cols.column(frame, "id")))
    }
    for other, prefix in others.items():
        start = f"{prefix}{SEPARATOR}"
        ids |= {f"{other}{SEPARATOR}{one.removeprefix(start)}": one for one in [*ids] if one.startswith(start)}
    frames, part_of = {}, {}
    for name in TABLES:
        filled = [at for at, part in enumerate(parts) if len(part.frames[name])] or [0]
        some = [_with_full_ids(name, parts[at].frames[name], parts[at], ids) for at in filled]
        frames[name] = _concatenated(name, some)
        part_of[name] = np.repeat(filled, [len(one) for one in some])
    return Joint(frames, part_of, ids)


def _with_full_ids(name: str, frame: pd.DataFrame, part: Part, ids: Mapping[str, str]) -> pd.DataFrame:
    def full(text: str) -> str:
        return ids.get(part.full(text), text)

    return mapped(name, frame, full) if part.prefix else mapped(name, frame, lambda text: ids.get(text, text))


def mapped(name: str, frame: pd.DataFrame, function: Callable[[str], str]) -> pd.DataFrame:
    """Return a frame with the function applied to its ids and to what refers to ids; repeated references once."""
    columns: dict[str, Any] = {}
    for column in map(str, frame):
        values = cols.column(frame, column)
        kind = TABLES[name].column(column).type if column in TABLES[name] else ""
        if kind == "id":
            values = cols.map_unique(values, lambda texts: [function(text) if text else "" for text in texts])
        elif kind == "ids":
            values = _objects(tuple(dict.fromkeys(map(function, value))) for value in values)
        elif kind == "roles":
            values = _objects(tuple(dict.fromkeys((function(who), role) for who, role in value)) for value in values)
        columns[column] = values
    return frame_of(columns)


def _objects(values: Iterable[Any]) -> Any:
    listed = list(values)
    return np.fromiter(listed, dtype=object, count=len(listed))


def empty_cell(table: str, column: str) -> Any:
    """Return what an empty cell of a typed frame holds."""
    kind = TABLES[table].column(column).type if column in TABLES[table] else "text"
    if kind in ("texts", "ids", "roles"):
        return ()
    return np.nan if kind in ("number", "integer") or column in _NUMBERS else ""


def is_filled(value: Any) -> bool:
    """Whether a cell of a typed frame holds something."""
    return bool(value) if isinstance(value, (str, tuple)) else bool(value == value)


def _concatenated(table: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    names = dict.fromkeys(str(name) for frame in frames for name in frame)
    columns: dict[str, Any] = {}
    for name in names:
        empty = 0 if name == ROW else empty_cell(table, name)
        pieces = [
            cols.to_objects(cols.column(frame, name)) if name in frame else _objects([empty] * len(frame))
            for frame in frames
        ]
        values = np.concatenate(pieces) if pieces else _objects(())
        is_number = name == ROW or (not isinstance(empty, (str, tuple)))
        columns[name] = values.astype(np.int64 if name == ROW else np.float64) if is_number else values
    return frame_of(columns)


def rows_for_references(frames: Frames, ids: Mapping[str, str], files: Mapping[str, str]) -> IncludedRows:
    """Return what the rows of a project may refer to in those that it includes.

    Parameters
    ----------
    frames : of the included projects, merged.
    ids : ids of these -> the id that the merged row has.
    files : table -> file that messages name.
    """
    rows: dict[str, tuple[str, str, int, str]] = {}
    names: dict[str, dict[str, tuple[str, ...]]] = {}
    for table, frame in frames.items():
        title = next(name for name in ("name", "title", "id") if name in TABLES[table])
        named = names.setdefault(table, {})
        aliases = frame["aliases"] if "aliases" in frame else [()] * len(frame)
        for own, name, others, row in zip(frame["id"], frame[title], aliases, frame[ROW], strict=True):
            rows[own] = (table, files.get(own, table), int(row), name)
            for key in {fold(word) for word in (name, *others)} - {""}:
                named[key] = (*named.get(key, ()), own)
    places = frames["places"]
    typed = {str(row["id"]): {str(name): cell for name, cell in row.items()} for row in places.to_dict("records")}
    return IncludedRows(rows, {**ids}, names, typed)
