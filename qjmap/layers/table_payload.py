"""Tables of an atlas as chunked tables for the page."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from qjmap.model.points import OF_THE_PROGRAM, axes, in_id_order
from qjmap.payload import ChunkedTable, make_chunked_table
from qjmap.payload.chunk_column import CHUNK
from qjmap.payload.chunked_table import Cells
from qjmap.schema import TABLES
from qjmap.tables.numbers import plain_number
from qjmap.tables.own_columns import OwnColumn

_CATEGORICAL = ("level", "position_of", "place", "grade", "source", "as_of")
"""Columns that the page reads as codes, besides those with a vocabulary."""
_MOST_NUMBERS = 12
"""Different numbers up to which each is a class by itself."""
_CLASSES = 6
_WITH_POINTS = ("places", "sites")
_SPLIT = ("sites",)
"""Tables whose long forms are split into chunks that the page unpacks one by one; the others are read as one block."""


def table_payload(
    name: str, frame: pd.DataFrame, *, only: Sequence[str] | None = None, own: Sequence[OwnColumn] = ()
) -> ChunkedTable:
    """One table for the page: cells as typed, lists as arrays, positions in WGS 84.

    Parameters
    ----------
    name : a table of the schema
    frame : its rows; with points in EPSG:4326 if it is a table of points
    only : columns to take, empty for those that the frame lacks; all columns by default
    own : the user's own columns; those that readers filter by get a column of classes too
    """
    if len(frame) <= CHUNK:  # a larger table is sorted by position
        frame = in_id_order(frame)
    categorical = {column.name for column in TABLES[name].columns if column.type == "vocab"}
    categorical |= {*_CATEGORICAL, *TABLES[name].word_columns}
    excluded = {"geometry", *OF_THE_PROGRAM}
    names = [column for column in frame.columns if column not in excluded] if only is None else only
    columns: dict[str, Cells] = {
        column: frame[column] if column in frame.columns else [""] * len(frame) for column in names
    }
    for column in own:
        if column.settings.filter and column.kind in ("number", "date"):
            columns[filter_column(column)] = filter_classes(column, frame[column.name])
            categorical.add(filter_column(column))
    points = axes(frame) if name in _WITH_POINTS else None
    return make_chunked_table(columns, points, categorical=sorted(categorical), colour="category", split=name in _SPLIT)


def filter_column(column: OwnColumn) -> str:
    """Return the name of the coded column by which the page filters an own column."""
    return f"/{column.name}" if column.kind in ("number", "date") else column.name


def filter_classes(column: OwnColumn, values: pd.Series[Any]) -> list[str]:
    """Return the class of each value, "" for none: the year of a date, a number, or a range of numbers as "from/to".

    Ranges hold about as many rows each; their bounds have two digits. The first and the last are open: "/100", "5000/".
    """
    if column.kind == "date":
        return [text.strip()[:4] for text in values]
    numbers = values.to_numpy(dtype=float)
    filled = numbers[np.isfinite(numbers)]
    distinct = np.unique(filled)
    if len(distinct) <= _MOST_NUMBERS:
        names = [plain_number(number) for number in distinct.tolist()]
        codes = np.searchsorted(distinct, numbers)
    else:
        steps = np.quantile(filled, np.arange(1, _CLASSES) / _CLASSES, method="lower").tolist()
        bounds = sorted({float(f"{step:.1e}") for step in steps})
        ends = ["", *map(plain_number, bounds), ""]
        names = [f"{start}/{end}" for start, end in itertools.pairwise(ends)]
        codes = np.searchsorted(np.array(bounds), numbers, side="right")
    return [names[code] if known else "" for code, known in zip(codes, np.isfinite(numbers), strict=True)]
