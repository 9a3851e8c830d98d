"""Encode the tables of an atlas for the page, as chunked tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from qjmap.layers.value_ranges import number_classes
from qjmap.model.point_layers import OF_THE_PROGRAM, axes, in_id_order
from qjmap.payload import ChunkedTable, make_chunked_table
from qjmap.payload.chunk_column import CHUNK
from qjmap.payload.chunked_table import Cells
from qjmap.schema import EDITION_CHANGE, TABLES
from qjmap.tables.own_columns import OwnColumn

_CATEGORICAL = ("level", "position_of", "place", "grade", "source", "as_of", EDITION_CHANGE)
"""Columns that the page reads as codes, besides the columns with a vocabulary."""
_WITH_POINTS = ("places", "sites")
"""Tables whose rows have points."""
_SPLIT = ("sites",)
"""Tables that are split into chunks if they are long; every other table is one block."""


def table_payload(
    name: str, frame: pd.DataFrame, *, only: Sequence[str] | None = None, own: Sequence[OwnColumn] = ()
) -> ChunkedTable:
    """Encode a table for the page: cells as in the frame, lists as JSON arrays, positions in WGS 84.

    Parameters
    ----------
    name : name of a table of the schema
    frame : its rows; with points in EPSG:4326 for places and sites
    only : columns to write; a column that the frame lacks is empty. By default all columns.
    own : the user's own columns in the frame. For one of numbers or dates by which readers filter, a column with the classes of its
        values is added, see `filter_classes`.
    """
    if len(frame) <= CHUNK:  # the encoder sorts a larger table by position
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
    """Return the name of the column by which the page filters an own column: its own, or for numbers and dates that of its classes."""
    return f"/{column.name}" if column.kind in ("number", "date") else column.name


def filter_classes(column: OwnColumn, values: pd.Series[Any]) -> list[str]:
    """Return the class by which readers filter, of each value of an own column of dates or numbers; "" for an empty cell.

    The class of a date is its year; classes of numbers are described in `value_ranges`.
    """
    if column.kind == "date":
        return [text.strip()[:4] for text in values]
    return number_classes(values.to_numpy(dtype=float))
