"""GeoJSON after RFC 7946: longitude first, WGS 84, no ``crs``, at most 6 decimals, right-handed rings, one feature a line.

Lines that cross the antimeridian are cut there (section 3.1.9). A feature without a position has ``geometry: null``.
The text depends on the atlas alone, so two builds give the same bytes and git shows what changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from qjmap.engine.ahead import ahead
from qjmap.export import bulk, rows
from qjmap.export.rows import DECIMALS, json_text
from qjmap.files import Part
from qjmap.points import axes, order_of_ids, shapes_of
from qjmap.routes import cut_at_antimeridian
from qjmap.tables import columns as cols

ROWS = 5_000
"""Features that are made at once."""
MANY, AMPLE, SPARING = 250_000, 10_000, 2_500
"""From so many features on more at once are quicker, and fewer spare memory: for a command that does nothing else with them."""
_KEPT = 50_000
"""Rows after which long texts that are mapped need not stay in memory."""
_FEW = 4_000
"""Features that are made one by one: making columns of so few takes as long."""
COLLECTION_END = b"]}\n"


def feature_collection(layer: str, frame: pd.DataFrame, *, attribution: Sequence[str], as_of: str) -> str:
    """One layer as the text of a FeatureCollection, its ids stable and unique; parameters as in `feature_parts`."""
    return b"".join(feature_parts(layer, frame, attribution=attribution, as_of=as_of)).decode("utf-8")


def feature_parts(
    layer: str,
    frame: pd.DataFrame,
    *,
    attribution: Sequence[str],
    as_of: str,
    done: Callable[[int], None] | None = None,
    at_once: int | None = None,
) -> Iterator[Part]:
    """The same as UTF-8, in parts that are made one after the other: of a million features no more than some are in memory.

    Parameters
    ----------
    layer : places, sites, partnerships or corridors
    frame : the atlas's frame, EPSG:4326
    attribution : who is named wherever the data are shown
    as_of : the date that the facts hold for, ISO 8601
    done : told how many rows are written
    at_once : rows that are made at once, `ROWS` or, of many, `AMPLE` when not told
    """
    yield collection_head(layer, attribution, as_of)
    count = len(frame)
    size = at_once or (AMPLE if count > MANY else ROWS)
    many = count > min(_FEW, cols.LONG) and cols.has_arrow() and bulk.are_points(frame)
    lines, order = None, order_of_ids(frame)
    if many:
        cols.release()
        lines = bulk.Lines(layer, frame)

    def made(start: int) -> Part:
        here = slice(start, start + size)
        rows = here if order is None else order[here]
        return lines.text(rows) if lines else ",\n".join(_lines(layer, frame.iloc[rows])).encode()

    for start, text in zip(range(0, count, size), ahead(made, range(0, count, size)), strict=True):
        yield text
        yield b",\n" if start + size < count else b"\n"
        if done:
            done(min(start + size, count))
        if start // size % max(1, _KEPT // size) == 0:
            cols.forget()
    yield COLLECTION_END


def collection_head(layer: str, attribution: Sequence[str], as_of: str) -> bytes:
    """What stands before the features of a collection; parameters as in `feature_parts`."""
    head = f'{{"type":"FeatureCollection","name":{json_text(layer)},"as_of":{json_text(as_of or None)}'
    head += f',"attribution":{json_text(list(attribution))},"features":['
    return head.encode() + b"\n"


def _lines(layer: str, frame: pd.DataFrame) -> Iterator[str]:
    names, cells = rows.values(layer, frame)
    keys = [json.dumps(name, ensure_ascii=False) for name in names]
    shapes = geometry_texts(frame["geometry"].to_numpy() if "geometry" in frame else shapes_of(*axes(frame)))
    for number, (identifier, shape) in enumerate(zip(frame["id"], shapes, strict=True)):
        properties = ",".join(f"{key}:{json_text(column[number])}" for key, column in zip(keys, cells, strict=True))
        yield f'{{"type":"Feature","id":{json_text(identifier)},"geometry":{shape},"properties":{{{properties}}}}}'


def geometry_texts(shapes: Any) -> list[str]:
    """GeoJSON of each geometry, or ``null``."""
    cut = np.array([cut_at_antimeridian(shape) for shape in shapes], dtype=object)
    rounded = shapely.transform(cut, lambda points: np.round(points, DECIMALS) + 0.0)
    rounded = shapely.remove_repeated_points(shapely.orient_polygons(rounded))
    return [_short(text) if text is not None else "null" for text in shapely.to_geojson(rounded)]


_LONG_NUMBER = re.compile(r"-?\d+\.\d{7,}")


def _short(text: str) -> str:
    """GEOS does not always find the shortest form of a number: 29.905639999999998 is 29.90564 again."""
    return _LONG_NUMBER.sub(lambda number: repr(round(float(number[0]), DECIMALS)), text)
