"""Many point features at once as GeoJSON: every column becomes an Arrow array of JSON texts, and Arrow joins them row by row.

The bytes are those that `geojson` makes feature by feature; where a value needs a second look (a quotation mark to escape,
a coordinate that is not typed as JSON writes it), that value is made by the same functions as there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qjmap.export.rows import DECIMALS, TYPED_NUMBERS, cell, columns, json_text, typed_number
from qjmap.tables import columns as cols

if TYPE_CHECKING:
    import pyarrow as pa

_ESCAPED = r'["\\\x00-\x1f]|' + "[\u0085\u2028\u2029]"
"""What JSON, or one line a feature, cannot hold as it is."""
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e15
"""Sizes of numbers that every shortest form writes without an exponent."""


Memo = dict[str, dict[Any, str]]
"""Column -> value -> its JSON: what repeats from part to part is made once."""


def lines(layer: str, frame: gpd.GeoDataFrame, memo: Memo) -> bytes | None:
    """The features of a part of a layer as UTF-8, one a line, separated by a comma and a line break; None unless all are points."""
    made = line_array(layer, frame, memo)
    return None if made is None else b"".join(text_bytes(made))[:-2]


def line_array(layer: str, frame: gpd.GeoDataFrame, memo: Memo) -> pa.Array | None:
    """The same as an Arrow array, one text a feature, each with its comma and line break."""
    shapes = _points(frame.geometry.to_numpy())
    if shapes is None or not len(frame):
        return None
    pieces: list[Any] = [
        '{"type":"Feature","id":',
        *_texts(cols.column(frame, "id"), cell, memo.setdefault("id", {})),
        ',"geometry":',
        shapes,
    ]
    joint = ',"properties":{'
    for name in columns(layer, frame):
        made = typed_number if name in TYPED_NUMBERS else cell
        pieces += [f"{joint}{json_text(name)}:", *_texts(cols.column(frame, name), made, memo.setdefault(name, {}))]
        joint = ","
    return _joined([*pieces, "}},\n"])


def _joined(pieces: list[Any]) -> Any:
    """Row by row the pieces one after the other: arrays of texts, and texts that are the same in every row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    drawn: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and drawn and isinstance(drawn[-1], str):
            drawn[-1] += piece
        else:
            drawn.append(piece)
    kind = pa.large_string()
    return pc.binary_join_element_wise(
        *(pa.scalar(one, kind) if isinstance(one, str) else one for one in drawn), pa.scalar("", kind)
    )


def text_bytes(array: Any) -> Iterator[Any]:
    """The texts of an array one after the other, as UTF-8."""
    chunks = array.chunks if hasattr(array, "chunks") else [array]
    for chunk in chunks:
        offsets = np.frombuffer(chunk.buffers()[1], dtype=np.int64, count=chunk.offset + len(chunk) + 1)
        first, last = int(offsets[chunk.offset]), int(offsets[-1])
        yield memoryview(chunk.buffers()[2])[first:last]


def _texts(values: Any, made: Callable[[Any], Any], known: dict[Any, str]) -> list[Any]:
    """A column's cells as JSON: one text where all are the same, else arrays and the marks around them."""
    found = cols.arrow(values)
    if found is not None:
        return [_typed(found, values)] if made is typed_number else _quoted(found)
    if values.strides == (0,):  # a column that says the same in every row
        values = values[:1]
    codes, distinct = pd.factorize(values)
    if codes.min() < 0:
        codes, distinct = pd.factorize(values, use_na_sentinel=False)
    texts = []
    for value in distinct:
        text = known.get(value)
        if text is None:
            text = known[value] = json_text(made(value))
        texts.append(text)
    return [texts[0]] if len(texts) == 1 else [_array(texts).take(_codes(codes))]


def _array(texts: list[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(texts, pa.large_string())


def _codes(codes: Any) -> pa.Array:
    import pyarrow as pa

    return pa.array(codes)


def _quoted(texts: Any) -> list[Any]:
    """Texts in quotation marks, `null` for empty ones."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = cols.over_arrow(texts)
    blank = cols.empty(column)
    if not blank.any() and not _has_escapes(column):
        return ['"', cols.in_one(texts), '"']
    texts = cols.in_one(texts)
    out = _joined(['"', texts, '"'])
    out = pc.if_else(pa.array(blank), pa.scalar("null", pa.large_string()), out)
    odd = pc.match_substring_regex(texts, _ESCAPED)
    if pc.any(odd, min_count=0).as_py():
        out = pc.replace_with_mask(out, odd, _array([json_text(text) for text in texts.filter(odd).to_pylist()]))
    return [out]


def _has_escapes(column: Any) -> bool:
    return not cols.is_plain(column) or cols.any_holds(column, '"', "\\", "\u2028", "\u2029")


def _typed(texts: Any, column: Any) -> Any:
    """Coordinates as typed: as a number where JSON writes that very text, by `rows.typed_number` elsewhere."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = cols.in_one(texts)
    numbers = cols.degrees(column)
    if numbers is None:
        return _array([json_text(typed_number(text)) for text in texts.to_pylist()])
    size = np.abs(numbers)
    with np.errstate(invalid="ignore"):
        plain = pa.array((size >= _PLAIN_FROM) & (size < _PLAIN_TO))
    same = pc.equal(pc.cast(pa.array(numbers), pa.large_string()), texts)
    odd = pc.invert(pc.and_(plain, same))
    # A fraction that is not typed in its shortest form (29.90, with the zero that tells its precision) stays a text.
    longer = pc.and_(pc.and_(plain, pc.invert(same)), pa.array(numbers != np.trunc(numbers)))
    if pc.any(longer, min_count=0).as_py():
        texts = pc.if_else(longer, _joined(['"', texts, '"']), texts)
        odd = pc.and_not(odd, longer)
    if not pc.any(odd, min_count=0).as_py():
        return texts
    return pc.replace_with_mask(
        texts, odd, _array([json_text(typed_number(text)) for text in texts.filter(odd).to_pylist()])
    )


def _points(shapes: Any) -> Any:
    """GeoJSON of points and of rows without one; None when there is any other geometry."""
    import pyarrow as pa
    import pyarrow.compute as pc

    missing = shapely.is_missing(shapes)
    if not (missing | (shapely.get_type_id(shapes) == 0)).all() or shapely.has_z(shapes).any():
        return None
    pair = [np.round(axis(shapes), DECIMALS) + 0.0 for axis in (shapely.get_x, shapely.get_y)]
    if not all((missing | np.isfinite(axis)).all() for axis in pair):
        return None
    lon, lat = (pc.cast(pa.array(axis), pa.large_string()) for axis in pair)
    out = _joined(['{"type":"Point","coordinates":[', lon, ",", lat, "]}"])
    with np.errstate(invalid="ignore"):
        odd = np.logical_or.reduce([(np.abs(axis) < _PLAIN_FROM) | (axis == np.trunc(axis)) for axis in pair])
        odd &= ~missing
    if odd.any():
        from qjmap.export.geojson import geometry_texts

        out = pc.replace_with_mask(out, pa.array(odd), _array(geometry_texts(shapes[odd])))
    return pc.if_else(pa.array(missing), pa.scalar("null", pa.large_string()), out) if missing.any() else out
