"""Columns of an export that stand beside ids and dates: names of the rows and titles of the sources meant, and dates as dates."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from qjmap.schema import COMPANIONS, LIST_SEPARATOR, TABLES
from qjmap.tables.columns import ops as cols

Names = Mapping[str, str]
"""Id of a row that others refer to -> its name, of a source its title."""


def names_by_id(frames: Mapping[str, pd.DataFrame], *, all_rows: bool = False) -> dict[str, str]:
    """Return the names of the rows of all tables, of sites only of those that these rows refer to.

    Parameters
    ----------
    frames : typed frames by table.
    all_rows : name every site, where the frame of sites has only those that some row refers to.
    """
    named = set() if all_rows else {one for name, frame in frames.items() for one in _references(name, frame)}
    found: dict[str, str] = {}
    for name, frame in frames.items():
        ids = cols.column(frame, "id")
        rows = frame.iloc[np.flatnonzero(cols.isin(ids, named))] if name == "sites" and not all_rows else frame
        title = "title" if name == "sources" else "name"
        if title in rows:  # legs have none
            found |= zip(rows["id"], rows[title], strict=True)
    return {identifier: name for identifier, name in found.items() if name}


def _references(table: str, frame: pd.DataFrame) -> Iterator[str]:
    """Yield the ids that rows refer to; those of a column once."""
    for column in COMPANIONS[table].values():
        if column in frame and TABLES[table].column(column).type != "date":
            for cell in cols.factorize_with_missing(cols.column(frame, column))[1]:
                yield from (cell,) if isinstance(cell, str) else cell or ()


def companion_columns(table: str, frame: pd.DataFrame, names: Names, taken: Collection[str]) -> dict[str, Any]:
    """Return the columns of `COMPANIONS`: texts, dates (Arrow's date32), None where there is nothing to say.

    A table with a column of the user's own of such a name has none of them, so that a reader drops nothing of his.

    Parameters
    ----------
    taken : names of the columns that the file has besides.
    """
    companions = COMPANIONS[table]
    if not companions.keys().isdisjoint(taken):
        return {}
    found: dict[str, Any] = {}
    for name, column in companions.items():
        codes, distinct = cols.factorize_with_missing(cols.column(frame, column))
        if TABLES[table].column(column).type == "date":
            days = pa.array([first_day(cell) for cell in distinct], pa.date32())
            found[name] = pd.array(days.take(pa.array(codes)), dtype=pd.ArrowDtype(pa.date32()))
        else:
            found[name] = cols.decode([_names_of(cell, names) for cell in distinct], codes)
    return found


def first_day(text: Any) -> datetime.date | None:
    """Return the first day of an ISO 8601 date that may stop at the year or the month; None for no date."""
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
