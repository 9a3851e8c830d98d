"""Names and values of the properties of exported features, the same in every format."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from qjmap.model.point_layers import OF_THE_PROGRAM
from qjmap.schema import DERIVED, TABLES

DECIMALS = 6
"""Decimals of degrees in exported positions: 0.1 m."""

TYPED_NUMBERS = ("orig_lon", "orig_lat")
"""Columns of an atlas that hold longitude and latitude as typed in the table."""
_TYPED_COLUMNS = {"lon": "orig_lon", "lat": "orig_lat", "datum": "orig_datum"}


def cell_value(value: Any) -> str | float | int | None:
    """Return the exported value of a cell: a list joined with ``|``, an id with a role as ``id:role``, a whole number as an int.

    None for an empty cell and for a number that is not finite.
    """
    if isinstance(value, tuple):
        return "|".join(":".join(item) if isinstance(item, tuple) else str(item) for item in value) or None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if value is None or value is pd.NA or value == "":
        return None
    return value if isinstance(value, (str, int)) else str(value)


def property_names(layer: str, frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the names of a layer's properties: columns of the schema, then columns that the user added, then those of the atlas."""
    words = {column: name for name, column in TABLES[layer].word_columns.items()}
    canonical = [
        name
        for column in TABLES[layer].names
        for name in (_TYPED_COLUMNS.get(column, column), words.get(column))
        if name
    ]
    added = [name for name in DERIVED.get(layer, ()) if name in frame.columns]
    not_own = {*canonical, *added, *OF_THE_PROGRAM, "geometry"}
    if "lon" not in TABLES[layer].names:  # these are the user's own columns
        not_own -= {"lon", "lat"}
    own = [name for name in frame.columns if name not in not_own]
    return (*[name for name in canonical if name in frame.columns], *own, *added)


def property_columns(layer: str, frame: pd.DataFrame) -> tuple[tuple[str, ...], list[Sequence[Any]]]:
    """Return the names of a layer's properties, and for each name the exported values of all rows."""
    names = property_names(layer, frame)
    return names, [list(map(converter(name), frame[name])) for name in names]


def converter(name: str) -> Callable[[Any], str | float | int | None]:
    """Return the function that converts the cells of a column to exported values."""
    return typed_number if name in TYPED_NUMBERS else cell_value


def typed_number(value: Any) -> str | float | int | None:
    """Return a coordinate as a number if formatting the number gives the text as typed again, else the text; None for an empty cell."""
    text = cell_value(value)
    if not isinstance(text, str):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    if repr(number) == text:
        return number
    return int(text) if text.removeprefix("-").isdecimal() and str(int(text)) == text else text


_LINE_ENDS = {ord(character): f"\\u{ord(character):04x}" for character in "\u0085\u2028\u2029"}


def json_text(value: Any) -> str:
    """Return a value as JSON in which Unicode line ends are escaped, so that every tool sees a feature as one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS)
