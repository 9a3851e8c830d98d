"""Find the changes between two editions.

They are sorted by table, then by id of the row, then by column; tables and columns are in the order of the schema, with own columns last
and in alphabetical order. So the same editions give the same list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from qjmap import geodesy
from qjmap.diff.editions import Edition
from qjmap.export.feature_columns import cell_value
from qjmap.model.point_layers import OF_THE_PROGRAM
from qjmap.schema import ORIGINAL, TABLES, WORD_COLUMNS
from qjmap.tables.coordinates import wgs84_of

Kind = Literal["added", "withdrawn", "moved", "renamed", "status", "value", "changed"]
KINDS: tuple[Kind, ...] = ("added", "withdrawn", "moved", "renamed", "status", "value", "changed")

_KIND_OF: Mapping[str, Kind] = {
    **dict.fromkeys(("name", "name_en", "title"), "renamed"),
    **dict.fromkeys(("place", "lon", "lat", "datum"), "moved"),
    "status": "status",
    **dict.fromkeys(("value_cny", "value_qualifier", "value", "unit", "qualifier", "published_km"), "value"),
}
_POSITION = ("lon", "lat", "datum")
_SAME_M = 0.5
"""Metres up to which two positions count as equal: the same position may be stated in another datum."""


@dataclass(frozen=True)
class Change:
    """A row that was added or withdrawn, or one changed cell or position of a row.

    Attributes
    ----------
    table, id : table and id of the row.
    name : name of the row, in the new edition if it is in both.
    kind : "added" or "withdrawn" for a whole row; else by the column: "moved" (position or place), "renamed" (name or title),
        "status", "value" (amounts, figures and their units), "changed" for any other.
    column : column that changed; "position" for longitude, latitude and datum together; "" for a row added or withdrawn.
    old, new : exported values, None for an empty cell; a position is "lon lat datum" as typed.
    distance_m : geodesic distance in metres by which a position moved, to 0.1; None if the old or new position is missing, and for
        other changes.
    """

    table: str
    id: str
    name: str
    kind: Kind
    column: str = ""
    old: str | float | int | None = None
    new: str | float | int | None = None
    distance_m: float | None = None


def changes(old: Edition, new: Edition) -> list[Change]:
    """Return the changes from one edition to another in the tables that both have."""
    return [
        change
        for table in TABLES
        if table in old.frames and table in new.frames
        for change in _of_table(table, old, new)
    ]


def _of_table(table: str, old: Edition, new: Edition) -> Iterator[Change]:
    before, after = old.frames[table], new.frames[table]
    columns = _columns(table, before, after, old.hidden.get(table, frozenset()) | new.hidden.get(table, frozenset()))
    rows = [_rows(table, frame, columns) for frame in (before, after)]
    title = "title" if table == "sources" else "name"
    for identifier in sorted({*rows[0], *rows[1]}):
        was, now = (of.get(identifier) for of in rows)
        name = str((now or was or {}).get(title) or identifier)
        if was is None or now is None:
            yield Change(table, identifier, name, "added" if was is None else "withdrawn")
        else:
            yield from _of_row(table, identifier, name, was, now)


def _columns(table: str, before: pd.DataFrame, after: pd.DataFrame, hidden: frozenset[str]) -> list[str]:
    """Return the columns to compare: those of the schema, then the users' own columns that both editions have and neither hides."""
    of_schema = [name for name in TABLES[table].names if name != "id"]
    known = {*of_schema, *WORD_COLUMNS, *ORIGINAL, *OF_THE_PROGRAM, "id"}
    both = {str(name) for name in before} & {str(name) for name in after}
    return [*of_schema, *sorted(both - known - hidden)]


def _rows(table: str, frame: pd.DataFrame, columns: list[str]) -> dict[str, dict[str, Any]]:
    """Return id of a row -> column -> exported cell.

    The key "" of a row is its position: an array [lon, lat] in WGS 84 degrees, NaN if missing; None for a table without positions.
    """
    words = TABLES[table].word_columns
    cells = {
        name: [cell_value(cell) for cell in frame[name]] if name in frame else [None] * len(frame) for name in columns
    }
    for word, name in words.items():  # a word that the vocabulary does not have is compared as typed
        if word in frame:
            cells[name] = [cell_value(said) or value for said, value in zip(frame[word], cells[name], strict=True)]
    points = np.array(wgs84_of(frame)).T if "lon" in TABLES[table] else [None] * len(frame)
    return {
        identifier: {**{name: cells[name][row] for name in columns}, "": points[row]}
        for row, identifier in enumerate(frame["id"])
    }


def _of_row(table: str, identifier: str, name: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for column in was:
        if column in ("", *_POSITION[1:]) or (was[column] == now[column] and column != "lon"):
            continue
        if column == "lon" and "lon" in TABLES[table]:
            yield from _of_position(table, identifier, name, was, now)
        elif was[column] != now[column]:
            yield Change(table, identifier, name, _KIND_OF.get(column, "changed"), column, was[column], now[column])


def _of_position(
    table: str, identifier: str, name: str, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[Change]:
    texts = [
        " ".join(str(row[column]) for column in _POSITION if row[column] is not None) or None for row in (was, now)
    ]
    ends = [row[""] for row in (was, now)]
    distance = None
    if all(np.isfinite(end).all() for end in ends):
        distance = float(geodesy.distances_km(*(np.array([end]) for end in ends))[0]) * 1000
        if distance < _SAME_M:
            return
    elif texts[0] == texts[1]:
        return
    rounded = None if distance is None else round(distance, 1)
    yield Change(table, identifier, name, "moved", "position", texts[0], texts[1], rounded)
