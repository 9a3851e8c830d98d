"""Write GeoJSON by RFC 7946: longitude first, WGS 84, no ``crs``, at most 6 decimals, right-handed rings, one feature per line.

Lines that cross the antimeridian are cut there (section 3.1.9). A feature without a position has ``geometry: null``.
The same atlas gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from qjmap import performance_settings
from qjmap.atomic_write import Chunk
from qjmap.engine.prefetch import prefetch
from qjmap.export import geojson_arrow
from qjmap.export.feature_columns import json_text, property_columns
from qjmap.export.geometry import geometry_texts
from qjmap.model.point_layers import order_of_ids
from qjmap.tables.columns import operations as cols

COLLECTION_END = b"]}\n"


def feature_parts(
    layer: str,
    frame: pd.DataFrame,
    *,
    attribution: Sequence[str],
    as_of: str,
    done: Callable[[int], None] | None = None,
) -> Iterator[Chunk]:
    """Yield a FeatureCollection in UTF-8, in chunks of `performance_settings.FEATURE_ROWS` features, so that few are in memory at once.

    Parameters
    ----------
    layer : name of the table.
    frame : the layer's frame in the atlas, with a geometry (EPSG:4326) or the columns ``lon`` and ``lat`` (see `model.point_layers`).
    attribution : statements that must be shown with the data, in the collection's member of that name.
    as_of : date that the facts hold for, ISO 8601; "" is written as null.
    done : called with the number of features written.
    """
    yield collection_head(layer, attribution, as_of)
    count = len(frame)
    lines = geojson_arrow.Lines(layer, frame) if count and geojson_arrow.are_points(frame) else None
    order = order_of_ids(frame)

    def chunk(start: int) -> Chunk:
        rows = slice(start, start + performance_settings.FEATURE_ROWS)
        if lines:
            return lines.text(rows if order is None else order[rows])
        return ",\n".join(_feature_texts(layer, frame.iloc[rows])).encode()

    starts = range(0, count, performance_settings.FEATURE_ROWS)
    for start, text in zip(starts, prefetch(chunk, starts), strict=True):
        yield text
        yield b",\n" if start + performance_settings.FEATURE_ROWS < count else b"\n"
        if done:
            done(min(start + performance_settings.FEATURE_ROWS, count))
        if start % performance_settings.EVICT_ROWS == 0:
            cols.evict_pages()
    yield COLLECTION_END


def collection_head(layer: str, attribution: Sequence[str], as_of: str) -> bytes:
    """Return the text before the features of a collection; parameters as in `feature_parts`."""
    head = f'{{"type":"FeatureCollection","name":{json_text(layer)},"as_of":{json_text(as_of or None)}'
    head += f',"attribution":{json_text(list(attribution))},"features":['
    return head.encode() + b"\n"


def _feature_texts(layer: str, frame: pd.DataFrame) -> Iterator[str]:
    names, cells = property_columns(layer, frame)
    keys = [json.dumps(name, ensure_ascii=False) for name in names]
    shapes = geometry_texts(frame["geometry"].to_numpy()) if "geometry" in frame else ["null"] * len(frame)
    for index, (identifier, shape) in enumerate(zip(frame["id"], shapes, strict=True)):
        properties = ",".join(f"{key}:{json_text(column[index])}" for key, column in zip(keys, cells, strict=True))
        yield f'{{"type":"Feature","id":{json_text(identifier)},"geometry":{shape},"properties":{{{properties}}}}}'
