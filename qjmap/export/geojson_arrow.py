"""Serialize point features as GeoJSON in bulk: each column becomes an Arrow array of JSON texts, and Arrow joins them row by row.

The bytes equal those that `geojson` makes feature by feature. Values that Arrow would format differently (texts to escape,
coordinates typed in a form that is not JSON's) are serialized by the same functions as in `geojson`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from qjmap import performance_settings
from qjmap.export.feature_columns import (
    DECIMALS,
    TYPED_NUMBERS,
    cell_value,
    converter,
    json_text,
    property_names,
    typed_number,
)
from qjmap.export.geometry import geometry_texts
from qjmap.model.point_layers import Floats, axes
from qjmap.tables.columns import operations as cols

_ESCAPED = r'["\\\x00-\x1f]|' + "[\u0085\u2028\u2029]"
"""Regular expression of the characters that JSON escapes and of Unicode line ends, which would split the line of a feature."""
_INTEGERS_TO = 2**53
"""Magnitude up to which whole numbers are written as integers."""
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e10
"""Range of magnitudes that Arrow and `repr` both format without an exponent."""


Rows = slice | npt.NDArray[np.int64]
"""A range of rows, or row indices in the order of the output."""
Coordinates = dict[str, Any]
"""Column of `TYPED_NUMBERS` -> array of the JSON texts of the points' coordinates on that axis; empty if Arrow's form is wrong for some."""
Piece = str | Callable[[Rows, Coordinates], list[Any]]
"""A text that is the same in every feature, or a function that returns texts and arrays of texts (one per row) to be joined."""


class Lines:
    """Serializer of a layer of points as features, one per line. Columns are prepared once, then serialized in batches of rows.

    Parameters
    ----------
    layer : name of the table.
    frame : the layer's frame in the atlas, for which `are_points` must be True.
    """

    def __init__(self, layer: str, frame: pd.DataFrame) -> None:
        pieces: list[Piece] = [
            '{"type":"Feature","id":',
            _texts(cols.column(frame, "id"), cell_value, "id"),
            ',"geometry":',
            _Points(*axes(frame)),
        ]
        joint = ',"properties":{'
        for name in property_names(layer, frame):
            pieces += [f"{joint}{json_text(name)}:", _texts(cols.column(frame, name), converter(name), name)]
            joint = ","
        self._pieces: list[Piece] = [*pieces, "}},\n"]

    def array(self, rows: Rows) -> pa.Array:
        """Return the text of each feature (large string), with a comma and a line break after it."""
        coordinates: Coordinates = {}
        parts: list[Any] = []
        for piece in self._pieces:
            parts += [piece] if isinstance(piece, str) else piece(rows, coordinates)
        return _join(parts)

    def text(self, rows: Rows) -> memoryview:
        """Return the features as one UTF-8 text, joined by a comma and a line break; a view of Arrow's buffer."""
        return next(text_bytes(self.array(rows)))[:-2]


def are_points(frame: pd.DataFrame) -> bool:
    """Return whether `Lines` can serialize a layer: all its geometries are points with two finite coordinates, or missing."""
    if "geometry" not in frame:
        return "lon" in frame
    shapes = frame["geometry"].to_numpy()
    missing = shapely.is_missing(shapes)
    if not (missing | (shapely.get_type_id(shapes) == 0)).all() or shapely.has_z(shapes).any():
        return False
    return all((missing | np.isfinite(axis(shapes))).all() for axis in (shapely.get_x, shapely.get_y))


def _join(parts: list[Any]) -> Any:
    """Concatenate pieces row by row. A piece is an array of texts, or one text that is the same in every row."""
    merged: list[Any] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    kind = pa.large_string()
    return pc.binary_join_element_wise(
        *(pa.scalar(part, kind) if isinstance(part, str) else part for part in merged), pa.scalar("", kind)
    )


def text_bytes(array: Any) -> Iterator[memoryview]:
    """Yield the concatenated texts of each chunk of an array in UTF-8, without a copy."""
    chunks = array.chunks if hasattr(array, "chunks") else [array]
    for chunk in chunks:
        offsets = np.frombuffer(chunk.buffers()[1], dtype=np.int64, count=chunk.offset + len(chunk) + 1)
        first, last = int(offsets[chunk.offset]), int(offsets[-1])
        yield memoryview(chunk.buffers()[2])[first:last]


def _texts(values: Any, convert: Callable[[Any], Any], name: str) -> Piece:
    """Return the piece that serializes the cells of a column as JSON: a function; or one text for a coded column with a single value.

    Parameters
    ----------
    convert : `cell_value` or `typed_number`.
    name : name of the column, for the look-up in `Coordinates`.
    """
    if cols.arrow_or_none(values) is not None:
        array = cols.to_arrow(values)
        if convert is typed_number:
            return lambda rows, coordinates: [_typed_coordinates(_take(array, rows), coordinates.get(name))]
        if not cols.is_empty(values).any() and not _has_escapes(values):
            return lambda rows, _: ['"', _take(array, rows), '"']
        return lambda rows, _: [_quoted(_take(array, rows))]
    codes, distinct = cols.dictionary_encode(values)
    if len(distinct) > max(1, len(values) // performance_settings.REPEATS_PER_TEXT):
        if values.dtype == np.float64:
            return lambda rows, _: [_number_texts(values[rows])]
        return lambda rows, _: [_array([json_text(convert(value)) for value in values[rows]])]
    if convert is cell_value and cols.categorical_or_none(values) is not None and len(distinct) > 1:  # all are texts
        dictionary = _quoted(_array(distinct.tolist()))
    else:
        texts = [json_text(convert(value)) for value in distinct]
        if len(texts) == 1:
            return texts[0]
        dictionary = _array(texts)
    return lambda rows, _: [dictionary.take(pa.array(codes[rows]))]


def _number_texts(numbers: Floats) -> pa.Array:
    """Return numbers as texts in the form that `cell_value` and JSON give: integers without a point, null if not finite."""
    magnitude = np.abs(numbers)
    with np.errstate(invalid="ignore"):
        whole = (numbers == np.trunc(numbers)) & (magnitude < _INTEGERS_TO)
        plain = (magnitude >= _PLAIN_FROM) & (magnitude < _PLAIN_TO)
    texts = pc.if_else(
        pa.array(whole),
        pc.cast(pa.array(np.where(whole, numbers, 0).astype(np.int64)), pa.large_string()),
        pc.cast(pa.array(numbers), pa.large_string()),
    )
    special = ~whole & ~plain
    if not special.any():
        return texts
    return pc.replace_with_mask(
        texts, pa.array(special), _array([json_text(cell_value(float(one))) for one in numbers[special]])
    )


def _take(array: pa.Array, rows: Rows) -> pa.Array:
    return array[rows] if isinstance(rows, slice) else pc.take(array, pa.array(rows))


def _array(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.large_string())


def _quoted(texts: Any) -> Any:
    """Return texts as JSON strings, `null` for empty ones."""
    out = _join(['"', texts, '"'])
    out = pc.if_else(pc.equal(texts, ""), pa.scalar("null", pa.large_string()), out)
    escaped = pc.match_substring_regex(texts, _ESCAPED)
    if pc.any(escaped, min_count=0).as_py():
        out = pc.replace_with_mask(
            out, escaped, _array([json_text(text) for text in texts.filter(escaped).to_pylist()])
        )
    return out


def _has_escapes(column: Any) -> bool:
    """Return whether any cell has a character of `_ESCAPED`."""
    return cols.any_byte_below(column, 0x20) or cols.any_contains(column, '"', "\\", "\u0085", "\u2028", "\u2029")


def _typed_coordinates(texts: Any, coordinates: Any) -> Any:
    """Return coordinates as typed, serialized as JSON.

    Parameters
    ----------
    texts : coordinates as typed.
    coordinates : JSON texts of the points' coordinates. In WGS 84 most of them equal the typed ones, which then need not be serialized
        again. None if not available.
    """
    if coordinates is None:
        return _typed_numbers(texts)
    other = pc.not_equal(coordinates, texts)
    return pc.replace_with_mask(texts, other, _typed_numbers(texts.filter(other)))


def _typed_numbers(texts: Any) -> Any:
    """Return the `typed_number` of each text, as JSON."""
    numbers = cols.parse_floats(cols.string_array(pa.chunked_array([texts])))
    if numbers is None:
        return _array([json_text(typed_number(text)) for text in texts.to_pylist()])
    magnitude = np.abs(numbers)
    with np.errstate(invalid="ignore"):
        plain = pa.array((magnitude >= _PLAIN_FROM) & (magnitude < _PLAIN_TO))
    shortest = pc.equal(pc.cast(pa.array(numbers), pa.large_string()), texts)
    other = pc.invert(pc.and_(plain, shortest))
    # A fraction that is not typed in its shortest form stays a text: the zero of 29.90 states its precision.
    longer = pc.and_(pc.and_(plain, pc.invert(shortest)), pa.array(numbers != np.trunc(numbers)))
    if pc.any(longer, min_count=0).as_py():
        texts = pc.if_else(longer, _join(['"', texts, '"']), texts)
        other = pc.and_not(other, longer)
    if not pc.any(other, min_count=0).as_py():
        return texts
    converted = _array([json_text(typed_number(text)) for text in texts.filter(other).to_pylist()])
    return pc.replace_with_mask(texts, other, converted)


class _Points:
    """Piece that serializes point geometries, ``null`` for rows without one.

    A call also stores the texts of the coordinates in the given mapping, for pieces that are called later.
    """

    def __init__(self, *axes: Floats) -> None:
        self._axes = axes

    def __call__(self, rows: Rows, coordinates: Coordinates) -> list[Any]:
        axes = [np.round(axis[rows], DECIMALS) + 0.0 for axis in self._axes]
        missing = np.isnan(axes[0])
        with np.errstate(invalid="ignore"):
            special = (
                np.logical_or.reduce([(np.abs(axis) < _PLAIN_FROM) | (axis == np.trunc(axis)) for axis in axes])
                & ~missing
            )
        lon, lat = (pc.cast(pa.array(axis), pa.large_string()) for axis in axes)
        parts = ['{"type":"Point","coordinates":[', lon, ",", lat, "]}"]
        if not special.any() and not missing.any():
            coordinates.update(zip(TYPED_NUMBERS, (lon, lat), strict=True))
            return parts
        out = _join(parts)
        if special.any():
            out = pc.replace_with_mask(
                out, pa.array(special), _array(geometry_texts(shapely.points(*(axis[special] for axis in axes))))
            )
        return [pc.if_else(pa.array(missing), pa.scalar("null", pa.large_string()), out) if missing.any() else out]
