"""Many point features at once as GeoJSON: every column becomes an Arrow array of JSON texts, and Arrow joins them row by row.

The bytes are those that `geojson` makes feature by feature; where a value needs a second look (a quotation mark to escape,
a coordinate that is not typed as JSON writes it), that value is made by the same functions as there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from qjmap.export.rows import DECIMALS, TYPED_NUMBERS, cell, columns, json_text, of_column, typed_number
from qjmap.points import Floats, axes
from qjmap.tables import columns as cols

if TYPE_CHECKING:
    import pyarrow as pa

_ESCAPED = r'["\\\x00-\x1f]|' + "[\u0085\u2028\u2029]"
"""What JSON, or one line a feature, cannot hold as it is."""
_REPEATS = 4
"""Cells to a value, on average, from which the JSON of each value is made once for all rows."""
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e15
"""Sizes of numbers that every shortest form writes without an exponent."""


Rows = slice | npt.NDArray[np.int64]
"""Some rows: those from one to another, or those named, in their order."""
Drawn = dict[str, Any]
"""What a piece has made of some rows that others of the same rows may take: the texts of the axes."""
Piece = str | Callable[[Rows, Drawn], list[Any]]
"""What is the same in every feature, or what makes arrays of texts of some rows (and the marks around them)."""


class Lines:
    """The features of a layer of points as lines of GeoJSON: a column is prepared once, then any rows are made at a time."""

    def __init__(self, layer: str, frame: pd.DataFrame) -> None:
        pieces: list[Piece] = [
            '{"type":"Feature","id":',
            _texts(cols.column(frame, "id"), cell, "id"),
            ',"geometry":',
            _Points(*axes(frame)),
        ]
        joint = ',"properties":{'
        for name in columns(layer, frame):
            pieces += [f"{joint}{json_text(name)}:", _texts(cols.column(frame, name), of_column(name), name)]
            joint = ","
        self._pieces: list[Piece] = [*pieces, "}},\n"]

    def array(self, rows: Rows) -> pa.Array:
        """One UTF-8 text a feature, each with the comma and the line break behind it."""
        drawn: Drawn = {}
        return _joined([one for piece in self._pieces for one in ([piece] if isinstance(piece, str) else piece(rows, drawn))])

    def text(self, rows: Rows) -> memoryview:
        """The features as one text, with the comma and the line break behind each but the last; where Arrow made it."""
        return next(text_bytes(self.array(rows)))[:-2]


def are_points(frame: pd.DataFrame) -> bool:
    """Whether `Lines` can write a layer: points of two finite coordinates, and rows without one."""
    if "geometry" not in frame:
        return True
    shapes = frame["geometry"].to_numpy()
    missing = shapely.is_missing(shapes)
    if not (missing | (shapely.get_type_id(shapes) == 0)).all() or shapely.has_z(shapes).any():
        return False
    return all((missing | np.isfinite(axis(shapes))).all() for axis in (shapely.get_x, shapely.get_y))


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


def text_bytes(array: Any) -> Iterator[memoryview]:
    """The texts of an array one after the other, as UTF-8."""
    chunks = array.chunks if hasattr(array, "chunks") else [array]
    for chunk in chunks:
        offsets = np.frombuffer(chunk.buffers()[1], dtype=np.int64, count=chunk.offset + len(chunk) + 1)
        first, last = int(offsets[chunk.offset]), int(offsets[-1])
        yield memoryview(chunk.buffers()[2])[first:last]


def _texts(values: Any, made: Callable[[Any], Any], name: str) -> Piece:
    """A column's cells as JSON: one text where all are the same."""
    if cols.arrow(values) is not None:
        whole = cols.to_arrow(values)
        if made is typed_number:
            return lambda rows, drawn: [_typed(_some(whole, rows), drawn.get(name))]
        if not cols.empty(values).any() and not _has_escapes(values):
            return lambda rows, _: ['"', _some(whole, rows), '"']
        return lambda rows, _: [_quoted(_some(whole, rows))]
    codes, distinct = cols.coding(values)
    if len(distinct) > max(1, len(values) // _REPEATS):
        return lambda rows, _: [_array([json_text(made(value)) for value in values[rows]])]
    if made is cell and cols.coded(values) is not None and len(distinct) > 1:  # texts all of them
        known = _quoted(_array(distinct.tolist()))
    else:
        texts = [json_text(made(value)) for value in distinct]
        if len(texts) == 1:
            return texts[0]
        known = _array(texts)
    return lambda rows, _: [known.take(_numbers(codes[rows]))]


def _some(array: pa.Array, rows: Rows) -> pa.Array:
    """The texts of some rows, in one piece that begins where its buffers do."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return array[rows] if isinstance(rows, slice) else pc.take(array, pa.array(rows))


def _array(texts: list[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(texts, pa.large_string())


def _numbers(values: Any) -> pa.Array:
    import pyarrow as pa

    return pa.array(values)


def _quoted(texts: Any) -> Any:
    """Texts in quotation marks, `null` for empty ones."""
    import pyarrow as pa
    import pyarrow.compute as pc

    out = _joined(['"', texts, '"'])
    out = pc.if_else(pc.equal(texts, ""), pa.scalar("null", pa.large_string()), out)
    odd = pc.match_substring_regex(texts, _ESCAPED)
    if pc.any(odd, min_count=0).as_py():
        out = pc.replace_with_mask(out, odd, _array([json_text(text) for text in texts.filter(odd).to_pylist()]))
    return out


def _has_escapes(column: Any) -> bool:
    """Whether a cell holds what JSON escapes, or what would end a line."""
    return cols.any_below(column, 0x20) or cols.any_holds(column, '"', "\\", "\u0085", "\u2028", "\u2029")


def _typed(texts: Any, drawn: Any) -> Any:
    """Coordinates as typed: as a number where JSON writes that very text, by `rows.typed_number` elsewhere.

    Parameters
    ----------
    drawn : the points' coordinates as JSON writes them, which are the same in most rows of WGS 84; None where not known.
    """
    import pyarrow.compute as pc

    if drawn is None:
        return _as_typed(texts)
    other = pc.not_equal(drawn, texts)
    return pc.replace_with_mask(texts, other, _as_typed(texts.filter(other)))


def _as_typed(texts: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = cols.degrees(cols.over_arrow(pa.chunked_array([texts])))
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
    made = _array([json_text(typed_number(text)) for text in texts.filter(odd).to_pylist()])
    return pc.replace_with_mask(texts, odd, made)


class _Points:
    """GeoJSON of points, `null` for rows without one."""

    def __init__(self, *axes: Floats) -> None:
        self._axes = axes

    def __call__(self, rows: Rows, drawn: Drawn) -> list[Any]:
        import pyarrow as pa
        import pyarrow.compute as pc

        axes = [np.round(axis[rows], DECIMALS) + 0.0 for axis in self._axes]
        missing = np.isnan(axes[0])
        with np.errstate(invalid="ignore"):
            odd = np.logical_or.reduce([(np.abs(axis) < _PLAIN_FROM) | (axis == np.trunc(axis)) for axis in axes]) & ~missing
        lon, lat = (pc.cast(pa.array(axis), pa.large_string()) for axis in axes)
        if not odd.any() and not missing.any():
            drawn.update(zip(TYPED_NUMBERS, (lon, lat), strict=True))
            return ['{"type":"Point","coordinates":[', lon, ",", lat, "]}"]
        out = _joined(['{"type":"Point","coordinates":[', lon, ",", lat, "]}"])
        if odd.any():
            from qjmap.export.geojson import geometry_texts

            out = pc.replace_with_mask(out, pa.array(odd), _array(geometry_texts(shapely.points(*(axis[odd] for axis in axes)))))
        return [pc.if_else(pa.array(missing), pa.scalar("null", pa.large_string()), out) if missing.any() else out]
