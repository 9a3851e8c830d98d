"""The checked tables of one project, and the tables of several projects joined under prefixed ids."""

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
from qjmap.tables.columns import operations as cols
from qjmap.tables.table_frame import ROW, IncludedRows, frame_of

_NUMBERS = ("lon", "lat")
Frames = Mapping[str, pd.DataFrame]
"""Table -> its frame, whose cells are parsed values."""


@dataclass(frozen=True)
class ProjectTables:
    """The checked tables of one project of an atlas.

    Attributes
    ----------
    prefix : prefix of its ids in the atlas; "" for the project that includes the others.
    frames : its tables with parsed values. Names in references are replaced by ids, and places to which rows refer only by name have rows
        too.
    files : table -> its file, as messages name it.
    locator : locator over the places of the project and the gazetteer.
    """

    prefix: str
    project: Project
    frames: Frames
    files: Mapping[str, str]
    locator: OfflineLocator

    def full(self, identifier: str) -> str:
        """Return the id that a row of this project has in the atlas: with the prefix, as in ``zigong.station``."""
        return f"{self.prefix}{SEPARATOR}{identifier}" if self.prefix else identifier


@dataclass(frozen=True)
class JoinedTables:
    """The rows of all projects, project after project, with ids of the atlas.

    Attributes
    ----------
    frames : table -> rows of all projects.
    project_of : table -> index of the project of each row, int64, shape (n,).
    ids : id with any prefix of its project -> id of the row. A project that several others include has several prefixes.
    """

    frames: dict[str, pd.DataFrame]
    project_of: dict[str, Any]
    ids: dict[str, str]


def join_tables(projects: Sequence[ProjectTables], others: Mapping[str, str]) -> JoinedTables:
    """Concatenate the tables of several projects and prefix their ids.

    Parameters
    ----------
    others : further prefix of a project -> its prefix.
    """
    ids = {
        full: full
        for project in projects
        for frame in project.frames.values()
        for full in map(project.full, cols.to_objects(cols.column(frame, "id")))
    }
    for other, prefix in others.items():
        start = f"{prefix}{SEPARATOR}"
        ids |= {f"{other}{SEPARATOR}{one.removeprefix(start)}": one for one in [*ids] if one.startswith(start)}
    frames, project_of = {}, {}
    for name in TABLES:
        filled = [at for at, project in enumerate(projects) if len(project.frames[name])] or [0]
        some = [_with_full_ids(name, projects[at].frames[name], projects[at], ids) for at in filled]
        frames[name] = _concatenated(name, some)
        project_of[name] = np.repeat(filled, [len(one) for one in some])
    return JoinedTables(frames, project_of, ids)


def _with_full_ids(name: str, frame: pd.DataFrame, project: ProjectTables, ids: Mapping[str, str]) -> pd.DataFrame:
    def full(text: str) -> str:
        return ids.get(project.full(text), text)

    return mapped(name, frame, full) if project.prefix else mapped(name, frame, lambda text: ids.get(text, text))


def mapped(name: str, frame: pd.DataFrame, function: Callable[[str], str]) -> pd.DataFrame:
    """Return a frame with a function applied to its ids and to all references to ids.

    If the results repeat an id in a list of references, the list has it once. `name` is the name of the table.
    """
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
    """Return the value of an empty cell in a column of a typed table: (), NaN or ""."""
    kind = TABLES[table].column(column).type if column in TABLES[table] else "text"
    if kind in ("texts", "ids", "roles"):
        return ()
    return np.nan if kind in ("number", "integer") or column in _NUMBERS else ""


def is_filled(value: Any) -> bool:
    """Return whether a cell of a typed table has a value: it is neither "" nor () nor NaN."""
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
    """Return an index of the rows of the included projects, to which rows of the including project may refer.

    Parameters
    ----------
    frames : merged tables of the included projects.
    ids : id with the prefix of its project -> id of the merged row.
    files : id of a merged row -> its file, as messages name it.
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
