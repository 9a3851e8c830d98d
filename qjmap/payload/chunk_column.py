"""Columns of a chunked table that the page unpacks chunk by chunk.

A chunk is the streams of its columns, in the header's order, joined by ``.``; an empty stream is a column of empty cells.
A stream is ``base64(deflate(bytes))``:

``text``  kind (1 or 2), bytes per length (1, 2 or 4), lengths in UTF-16 units, then all texts concatenated: as UTF-8 (kind 1),
          or as UTF-16 with all high bytes after the low bytes (kind 2), which is shorter for texts without repetitions;
``list``  like ``text``, the items of a cell joined by U+001F;
``json``  like ``text``, each cell a JSON value;
``num``   int32 in byte planes: the number in units of 10**-digits, minus the position if ``of`` names its column;
          -2**31 is an empty cell.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.payload.codecs import Ints, packed, planes
from qjmap.payload.parse_decimals import parse_decimals
from qjmap.payload.text_column import TakenTexts, Utf8, concatenate
from qjmap.tables.columns import ops as cols

CHUNK = 4096
"""Rows of a chunk. A table of no more rows is one block."""

_SEPARATOR = "\x1f"
"""Separates the items of a list."""
_EMPTY = -(2**31)
"""Code of an empty cell in a column of numbers."""
_MICRO_DIGITS = 6
"""Decimals of a degree in micro-degrees."""


@dataclass
class ChunkColumn:
    """A column that is written chunk by chunk.

    Attributes
    ----------
    header : entry of the column in the header of the block.
    cells : sliceable by rows.
    write : encodes a slice of the cells, given ``kind``; returns b"" for empty cells alone.
    kind : layout of texts, 1 for UTF-8 or 2 for UTF-16 in byte planes.
    """

    header: dict[str, Any]
    cells: Sequence[Any] | npt.NDArray[Any] | Utf8 | TakenTexts
    write: Callable[[Any, int], bytes]
    kind: int = 1


def chunk_column(name: str, cells: Any, order: Ints, degrees: Mapping[str, Ints]) -> ChunkColumn:
    """Choose the codec of a column.

    Parameters
    ----------
    cells : as `tables.columns` has them
    order : row of ``cells`` at each row of the payload
    degrees : positions in micro-degrees, in the order of the payload: ``lon`` and ``lat``, or nothing
    """
    position = {"orig_lon": "lon", "orig_lat": "lat"}.get(name, "")
    if position not in degrees and not isinstance(cells, np.ndarray):
        return _text_column(name, "text", TakenTexts.of(cols.to_arrow(cells), order))
    cells = cols.take(cells, order)
    cells = cells if cols.categorical_or_none(cells) is None else cols.to_objects(cells)
    if cols.arrow_or_none(cells) is None and cells.dtype != object:
        if (column := _number_column(name, cells)) is not None:
            return column
        return _text_column(name, "json", float_texts(cells.astype(np.float64)))
    if cols.arrow_or_none(cells) is not None or pd.api.types.infer_dtype(cells, skipna=False) == "string":
        texts = utf8(cells)
        typed = _typed_degrees(name, texts, position, degrees[position]) if position in degrees else None
        return typed or _text_column(name, "text", texts)
    return _object_column(name, [json_value(cell) for cell in cells])


def encode_chunk(columns: Sequence[ChunkColumn], start: int) -> str:
    """Return the chunk of the columns whose first row is `start`."""
    streams = []
    for column in columns:
        data = column.write(column.cells[start : start + CHUNK], column.kind)
        streams.append(packed(data, quick=True) if data else "")
    return ".".join(streams)


def json_value(value: Any) -> Any:
    """Convert a cell to a JSON value: whole floats to integers, NaN and infinity to null, lists to arrays."""
    if isinstance(value, (tuple, list)):
        return [json_value(item) for item in value]
    if isinstance(value, (float, np.floating)):
        if not math.isfinite(value):
            return None
        return int(value) if float(value).is_integer() else float(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    return value if isinstance(value, str) else None


def utf8(cells: Any) -> Utf8:
    """Return a column of texts as one buffer of UTF-8."""
    array = cols.arrow_or_none(cells)
    return Utf8.of(cells.tolist()) if array is None else Utf8.of_arrow(array)


def _object_column(name: str, values: Sequence[Any]) -> ChunkColumn:
    """Return a column of JSON values as texts, lists of texts or JSON, the first of these that can represent them all."""
    if all(value is None or isinstance(value, str) for value in values):
        return _text_column(name, "text", [value or "" for value in values])
    if all(
        value is None or (isinstance(value, list) and all(isinstance(item, str) for item in value)) for value in values
    ):
        lists = [_SEPARATOR.join(value) if value else "" for value in values]
        # A list of one empty text would read as an empty list, and an item may contain the separator.
        if all(text.count(_SEPARATOR) + 1 == len(value) for text, value in zip(lists, values, strict=True) if value):
            return _text_column(name, "list", lists)
    cells_json = [
        "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values
    ]
    return _text_column(name, "json", cells_json)


def _text_column(name: str, codec: str, cells: Sequence[str] | Utf8 | TakenTexts) -> ChunkColumn:
    """Return a column of texts in the layout that compresses a sample of its rows best: UTF-8, or byte planes for random texts."""
    rows = cells[:: max(1, len(cells) // CHUNK)]
    sample = "".join(rows) if isinstance(rows, Sequence) else rows.text()
    use_planes = len(packed(_utf16_planes(sample), quick=True)) < len(packed(sample.encode(), quick=True))
    return ChunkColumn({"name": name, "codec": codec}, cells, _encode_texts, 2 if use_planes else 1)


def _number_column(name: str, numbers: npt.NDArray[Any]) -> ChunkColumn | None:
    """Return a column of numbers with the fewest decimals that represent each exactly; None if they exceed int32."""
    finite = np.isfinite(numbers)
    filled = np.where(finite, numbers, 0.0)
    for digits in range(10):
        units = np.round(filled * 10.0**digits)
        if not (np.abs(units) < 2**53).all() or not (units / 10.0**digits == filled).all():
            continue
        integers = np.where(finite, units.astype(np.int64), _EMPTY)
        if (np.abs(integers[finite]) < 2**31).all():
            return ChunkColumn({"name": name, "codec": "num", "digits": digits}, integers, _encode_int32)
    return None


def float_texts(numbers: npt.NDArray[np.float64]) -> list[str]:
    """Return numbers as JSON, as `json_value` has them: whole ones without decimals, "" for NaN and infinity."""
    finite = np.isfinite(numbers)
    whole = finite & (np.floor(numbers, where=finite, out=np.zeros_like(numbers)) == numbers)
    values, is_finite, is_whole = numbers.tolist(), finite.tolist(), whole.tolist()
    return [
        repr(int(value) if unbroken else value) if known else ""
        for value, known, unbroken in zip(values, is_finite, is_whole, strict=True)
    ]


def _typed_degrees(name: str, texts: Utf8, position: str, micro: Ints) -> ChunkColumn | None:
    """Return coordinates as typed, encoded as differences from the position; None if a number would not format back to its text.

    Parameters
    ----------
    position, micro : name of the column of positions, and its micro-degrees
    """
    has_text = texts.units > 0
    parsed = parse_decimals(texts.text(), texts.units[has_text])
    if parsed is None:
        return None
    units, digits, fixed = parsed
    precision = max(digits, _MICRO_DIGITS)
    integers = np.full(len(texts), _EMPTY, dtype=np.int64)
    integers[has_text] = units * 10 ** (precision - digits) - micro[has_text] * 10 ** (precision - _MICRO_DIGITS)
    if (np.abs(integers[has_text]) >= 2**31).any():
        return None
    header = {"name": name, "codec": "num", "digits": precision, "of": position, "text": True, "fixed": fixed}
    return ChunkColumn(header, integers, _encode_int32)


def _encode_int32(cells: Ints, kind: int) -> bytes:
    return planes(cells, delta=False) if (cells != _EMPTY).any() else b""


def _encode_texts(cells: Sequence[str] | Utf8, kind: int) -> bytes:
    if isinstance(cells, Utf8):
        data, lengths = cells.bytes.tobytes(), cells.units
    else:
        text, lengths = concatenate(cells)
        data = text.encode()
    if not data:
        return b""
    if kind == 2:
        data = _utf16_planes(data.decode())
    longest = int(lengths.max())
    width = 1 if longest < 0x100 else 2 if longest < 0x10000 else 4
    return bytes([kind, width]) + lengths.astype(f"<u{width}").tobytes() + data


def _utf16_planes(text: str) -> bytes:
    """Encode a text in UTF-16 with all high bytes after the low bytes."""
    return np.frombuffer(text.encode("utf-16-le"), dtype=np.uint8).reshape(-1, 2).T.tobytes()
