"""The columns that leave the house: one row a feature, the same columns in every format."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

from qjmap.model import Atlas
from qjmap.points import OF_THE_PROGRAM, located
from qjmap.schema import DERIVED, TABLES
from qjmap.tables import columns as cols

ADDED = DERIVED
"""What the atlas knows beyond the table, after the table's own columns."""

GAZETTEER = "GeoNames CC BY 4.0"
"""Who is named for positions from the gazetteer inside the package."""

DECIMALS = 6
"""Of a degree in exported positions: 0.1 m."""

TYPED_NUMBERS = ("orig_lon", "orig_lat")
_AS_TYPED = {"lon": "orig_lon", "lat": "orig_lat", "datum": "orig_datum"}


def cell(value: Any) -> str | float | int | None:
    """One value as files carry it: lists joined with ``|``, roles as ``id:role``, nothing as None."""
    if isinstance(value, tuple):
        return "|".join(":".join(one) if isinstance(one, tuple) else str(one) for one in value) or None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if value is None or value is pd.NA or value == "":
        return None
    return value if isinstance(value, (str, int)) else str(value)


def columns(layer: str, frame: pd.DataFrame) -> tuple[str, ...]:
    """Names of a layer's properties in their order: the table's columns, columns of the user's own, the added ones."""
    canonical = [_AS_TYPED.get(column.name, column.name) for column in TABLES[layer].columns]
    added = [name for name in ADDED[layer] if name in frame.columns]
    known = {*canonical, *added, *OF_THE_PROGRAM, "geometry"}
    extra = [name for name in frame.columns if name not in known]
    return (*[name for name in canonical if name in frame.columns], *extra, *added)


def values(layer: str, frame: pd.DataFrame) -> tuple[tuple[str, ...], list[Sequence[Any]]]:
    """Property names, and their cells column by column."""
    names = columns(layer, frame)
    return names, [list(map(of_column(name), frame[name])) for name in names]


def of_column(name: str) -> Callable[[Any], str | float | int | None]:
    """What makes a value of a column the cell that files carry."""
    return typed_number if name in TYPED_NUMBERS else cell


def typed_number(value: Any) -> str | float | int | None:
    """A coordinate as typed: a number where that says the very same, else the text."""
    text = cell(value)
    if not isinstance(text, str):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return (
        number
        if repr(number) == text
        else int(text)
        if text.removeprefix("-").isdecimal() and str(int(text)) == text
        else text
    )


_LINE_ENDS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\u0085\u2028\u2029"}


def json_text(value: Any) -> str:
    """JSON in which nothing reads as the end of a line, so that one feature stays one line in every tool."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS)


def line_credits(atlas: Atlas) -> tuple[str, ...]:
    """Who is named wherever the lines of corridors are shown, in a stable order; nobody where all are schematic."""
    return tuple(sorted({line.credit for line in atlas.lines.values()}))


def attribution(atlas: Atlas, layer: str | None = None) -> tuple[str, ...]:
    """Who is named wherever the data are shown: the sources of positions and lines with their licences.

    Parameters
    ----------
    layer : only what concerns this layer; None for all of the atlas, as on the page.
    """
    return attributions(atlas, (layer,))[layer]


def attributions(atlas: Atlas, layers: Iterable[str | None]) -> dict[str | None, tuple[str, ...]]:
    """`attribution` of several layers, for which the sites are looked through once."""
    used = {
        source
        for frame in (atlas.places, atlas.site_rows)
        for source in cols.distinct(cols.column(frame, "position_source")[located(frame)])
    }
    if atlas.beyond:
        used |= atlas.beyond.sources
    rows = zip(*(atlas.sources[column] for column in ("id", "title", "licence")), strict=True)
    named = [f"{title} {licence}".strip() for one, title, licence in rows if one and one in used]
    points = {one for one in cols.distinct(cols.column(atlas.site_rows, "position_of")) if one}
    for frame in (atlas.places, atlas.site_rows):
        points -= {*frame["id"][cols.among(cols.column(frame, "id"), points)]}
    if points or (atlas.beyond and atlas.beyond.points):
        named.append(GAZETTEER)  # an address was found in the gazetteer of China
    lines = line_credits(atlas)
    return {
        layer: tuple(dict.fromkeys([*named, *lines] if layer in (None, "corridors", "corridor_legs") else named))
        for layer in layers
    }
