"""GeoJSON after RFC 7946: longitude first, WGS 84, no ``crs``, at most 6 decimals, right-handed rings, one feature a line.

Lines that cross the antimeridian are cut there (section 3.1.9). A feature without a position has ``geometry: null``.
The text depends on the atlas alone, so two builds give the same bytes and git shows what changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from qjmap.export import rows
from qjmap.routes import cut_at_antimeridian

DECIMALS = 6


def feature_collection(layer: str, frame: gpd.GeoDataFrame, *, attribution: Sequence[str], as_of: str) -> str:
    """One layer as the text of a FeatureCollection, its ids stable and unique.

    Parameters
    ----------
    layer : places, sites, partnerships or corridors
    frame : the atlas's frame, EPSG:4326
    attribution : who is named wherever the data are shown
    as_of : the date that the facts hold for, ISO 8601
    """
    names, cells = rows.values(layer, frame)
    shapes = geometry_texts(frame.geometry.to_numpy())
    keys = [json.dumps(name, ensure_ascii=False) for name in names]
    lines = []
    for number, (identifier, shape) in enumerate(zip(frame["id"], shapes, strict=True)):
        properties = ",".join(f"{key}:{_text(column[number])}" for key, column in zip(keys, cells, strict=True))
        lines.append(
            f'{{"type":"Feature","id":{_text(identifier)},"geometry":{shape},"properties":{{{properties}}}}}'
        )
    head = f'{{"type":"FeatureCollection","name":{_text(layer)},"as_of":{_text(as_of or None)}'
    head += f',"attribution":{_text(list(attribution))},"features":['
    return head + "\n" + ",\n".join(lines) + ("\n" if lines else "") + "]}\n"


def geometry_texts(shapes: Any) -> list[str]:
    """GeoJSON of each geometry, or ``null``."""
    cut = np.array([cut_at_antimeridian(shape) for shape in shapes], dtype=object)
    rounded = shapely.transform(cut, lambda points: np.round(points, DECIMALS) + 0.0)
    rounded = shapely.remove_repeated_points(shapely.orient_polygons(rounded))
    return [text if text is not None else "null" for text in shapely.to_geojson(rounded)]


_LINE_ENDS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\u0085\u2028\u2029"}


def _text(value: Any) -> str:
    """JSON in which nothing reads as the end of a line, so that one feature stays one line in every tool."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS)
