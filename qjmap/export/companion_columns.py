"""Columns that an export adds for readers: names of the rows to which ids refer, titles of sources, and dates as typed dates."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from qjmap.schema import COMPANIONS, LIST_SEPARATOR, TABLES
from qjmap.tables.columns import operations as cols

Names = Mapping[str, str]
"""Id of a row to which others refer -> its name, or the title of a source."""


def names_by_id(frames: Mapping[str, pd.DataFrame], *, all_rows: bool = False) -> dict[str, str]:
    """Return id -> name of all rows with a name, but only of those sites to which some row refers.

    Parameters
    ----------
    frames : typed frames by table.
    all_rows : whether to include every site, whether a row refers to it or not.
    """
    named = set() if all_rows else {one for name, frame in frames.items() for one in _references(name, frame)}
    names: dict[str, str] = {}
    for name, frame in frames.items():
        ids = cols.column(frame, "id")
        rows = frame.iloc[np.flatnonzero(cols.isin(ids, named))] if name == "sites" and not all_rows else frame
        title = "title" if name == "sources" else "name"
        if title in rows:  # legs have no name
            names |= zip(rows["id"], rows[title], strict=True)
    return {identifier: name for identifier, name in names.items() if name}


def _references(table: str, frame: pd.DataFrame) -> Iterator[str]:
    """Yield the ids to which the rows of a table refer; an id may occur several times."""
    for column in COMPANIONS[table].values():
        if column in frame and TABLES[table].column(column).type != "date":
            for cell in cols.factorize_with_missing(cols.column(frame, column))[1]:
                yield from (cell,) if isinstance(cell, str) else cell or ()


def companion_columns(table: str, frame: pd.DataFrame, names: Names, taken: Collection[str]) -> dict[str, Any]:
    """Return the columns of `COMPANIONS` by name: texts or dates (Arrow's date32), None in rows without a value.

    If the file has a column with one of these names, which the user has added, the result is empty: a file with added columns is recognised
    by these names when it is read again, and the user's column would be dropped with them.

    Parameters
    ----------
    names : see `names_by_id`.
    taken : names of the other columns in the file.
    """
    companions = COMPANIONS[table]
    if not companions.keys().isdisjoint(taken):
        return {}
    columns: dict[str, Any] = {}
    for name, column in companions.items():
        codes, distinct = cols.factorize_with_missing(cols.column(frame, column))
        if TABLES[table].column(column).type == "date":
            days = pa.array([first_day(cell) for cell in distinct], pa.date32())
            columns[name] = pd.array(days.take(pa.array(codes)), dtype=pd.ArrowDtype(pa.date32()))
        else:
            columns[name] = cols.decode([_names_of(cell, names) for cell in distinct], codes)
    return columns


def first_day(text: Any) -> datetime.date | None:
    """Return the first day of an ISO 8601 date, which may be only a year or a month; None for any other text."""
    if not isinstance(text, str) or not text:
        return None
    year, month, day = [*text.split("-"), "1", "1"][:3]
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _names_of(cell: Any, names: Names) -> str | None:
    ids = (cell,) if isinstance(cell, str) else cell or ()
    return LIST_SEPARATOR.join(names.get(one, "") for one in ids).strip(LIST_SEPARATOR) or None
