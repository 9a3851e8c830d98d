"""Which columns of a table the page reads as codes, and a table of the atlas as a sheet."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from qjmap.payload import Sheet, make_sheet
from qjmap.payload.sheet import CHUNK, Cells
from qjmap.points import OF_THE_PROGRAM, axes, settled
from qjmap.schema import TABLES

_CODED = ("level", "position_of", "place", "grade", "source", "as_of")
_POINTS = ("places", "sites")
_LARGE = ("sites",)
"""Tables that may be split into parts that are unpacked one by one; the others are read whole."""


def table_sheet(name: str, frame: pd.DataFrame, *, only: Sequence[str] | None = None) -> Sheet:
    """One table as the page reads it: columns as typed, lists as arrays, the position in WGS 84.

    Parameters
    ----------
    name : a table of the schema
    frame : its rows; points in EPSG:4326 where the table has positions
    only : the columns to take, empty where the frame lacks them; all by default
    """
    if len(frame) <= CHUNK:  # a larger one is put in an order of its own
        frame = settled(frame)
    coded = {column.name for column in TABLES[name].columns if column.type == "vocab"} | set(_CODED)
    own = [one for one in frame.columns if one not in {"geometry", "lon", "lat", *OF_THE_PROGRAM}]
    columns: dict[str, Cells] = {
        one: frame[one] if one in frame.columns else [""] * len(frame) for one in (own if only is None else only)
    }
    return make_sheet(columns, axes(frame) if name in _POINTS else None, coded=sorted(coded), colour="category", split=name in _LARGE)
