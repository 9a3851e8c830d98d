"""Columns of a chunked table that the page unpacks chunk by chunk.

A chunk has a stream for each of its columns, in the order of the header, joined by ``.``. The stream of a column that has only empty
cells is empty; any other is compressed with zlib and encoded in base64. Its content depends on the codec of the column:

``text``  kind of layout (a byte, 1 or 2), bytes per length (1, 2 or 4), length of each text in UTF-16 units, and all texts concatenated: in
          UTF-8 (kind 1), or in UTF-16 with all high bytes after the low bytes (kind 2), which is shorter for texts without repetitions;
``list``  as ``text``, with the items of each cell joined by U+001F;
``json``  as ``text``, with each cell a JSON value;
``num``   int32 in byte planes, the numbers in units of 10**-digits. If the header of the column has ``of``, the name of a column of
          positions, they are differences from that position. -2**31 is an empty cell.
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
from qjmap.tables.columns import operations as cols

CHUNK = 4096
"""Number of rows of a chunk. A table that has no more rows is one block."""

SEPARATOR = "\x1f"
"""Separates the items of a list."""
EMPTY = -(2**31)
"""Code of an empty cell in a column of numbers."""
_MICRO_DIGITS = 6
"""Number of decimals of a degree that whole micro-degrees express."""


@dataclass
class ChunkColumn:
    """A column that is written chunk by chunk.

    Attributes
    ----------
    header : entry of the column in the header of the block.
    cells : one cell for each row of the payload; slices of it are encoded.
    write : function that takes a slice of the cells and `kind` and returns its bytes; b"" if all cells are empty.
    kind : layout of texts, 1 for UTF-8 or 2 for UTF-16 in byte planes. Columns of numbers ignore it.
    """

    header: dict[str, Any]
    cells: Sequence[Any] | npt.NDArray[Any] | Utf8 | TakenTexts
    write: Callable[[Any, int], bytes]
    kind: int = 1


def chunk_column(name: str, cells: Any, order: Ints, degrees: Mapping[str, Ints]) -> ChunkColumn:
    """Choose the codec of a column and return the column in the order of the payload.

    Parameters
    ----------
    cells : a column in a form that `tables.columns.operations` handles
    order : for each row of the payload the index in ``cells``
    degrees : ``lon`` and ``lat`` of the rows in micro-degrees, in the order of the payload; empty for a table without positions
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
    """Return the chunk of the columns that begins with row `start`."""
    streams = []
    for column in columns:
        data = column.write(column.cells[start : start + CHUNK], column.kind)
        streams.append(packed(data, quick=True) if data else "")
    return ".".join(streams)


def json_value(value: Any) -> Any:
    """Convert a cell to a value for JSON: a whole float or a `bool` to an integer, a tuple to a list, NaN and infinity to None.

    Strings and other numbers keep their value; any other object becomes None.
    """
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
    """Encode a column of JSON values with the first of the codecs ``text``, ``list`` and ``json`` that can represent all of them."""
    if all(value is None or isinstance(value, str) for value in values):
        return _text_column(name, "text", [value or "" for value in values])
    if all(
        value is None or (isinstance(value, list) and all(isinstance(item, str) for item in value)) for value in values
    ):
        lists = [SEPARATOR.join(value) if value else "" for value in values]
        # A list of one empty text would read as an empty list, and an item may contain the separator.
        if all(text.count(SEPARATOR) + 1 == len(value) for text, value in zip(lists, values, strict=True) if value):
            return _text_column(name, "list", lists)
    cells_json = [
        "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values
    ]
    return _text_column(name, "json", cells_json)


def _text_column(name: str, codec: str, cells: Sequence[str] | Utf8 | TakenTexts) -> ChunkColumn:
    """Encode a column of texts, in UTF-8 or in byte planes of UTF-16, whichever compresses a sample of its rows better."""
    rows = cells[:: max(1, len(cells) // CHUNK)]
    sample = "".join(rows) if isinstance(rows, Sequence) else rows.text()
    use_planes = len(packed(_utf16_planes(sample), quick=True)) < len(packed(sample.encode(), quick=True))
    return ChunkColumn({"name": name, "codec": codec}, cells, _encode_texts, 2 if use_planes else 1)


def _number_column(name: str, numbers: npt.NDArray[Any]) -> ChunkColumn | None:
    """Encode a column of numbers as integers, with the fewest decimals (at most 9) that represent each number exactly.

    Returns None if there is no such number of decimals, or an integer does not fit into 32 bits.
    """
    finite = np.isfinite(numbers)
    filled = np.where(finite, numbers, 0.0)
    for digits in range(10):
        units = np.round(filled * 10.0**digits)
        if not (np.abs(units) < 2**53).all() or not (units / 10.0**digits == filled).all():
            continue
        integers = np.where(finite, units.astype(np.int64), EMPTY)
        if (np.abs(integers[finite]) < 2**31).all():
            return ChunkColumn({"name": name, "codec": "num", "digits": digits}, integers, _encode_int32)
    return None


def float_texts(numbers: npt.NDArray[np.float64]) -> list[str]:
    """Return numbers as JSON texts: whole numbers without a decimal point, "" for NaN and infinity."""
    finite = np.isfinite(numbers)
    whole = finite & (np.floor(numbers, where=finite, out=np.zeros_like(numbers)) == numbers)
    values, is_finite, is_whole = numbers.tolist(), finite.tolist(), whole.tolist()
    return [
        repr(int(value) if unbroken else value) if known else ""
        for value, known, unbroken in zip(values, is_finite, is_whole, strict=True)
    ]


def _typed_degrees(name: str, texts: Utf8, position: str, micro: Ints) -> ChunkColumn | None:
    """Encode coordinates as typed as differences from the position. Return None if the page could not restore each text from its number,
    or if a difference does not fit into 32 bits.

    Parameters
    ----------
    texts : coordinates as typed; "" if a row has none
    position : name of the column of WGS 84 positions from which differences are taken, "lon" or "lat"
    micro : that column in micro-degrees, shape (n,)
    """
    has_text = texts.units > 0
    parsed = parse_decimals(texts.text(), texts.units[has_text])
    if parsed is None:
        return None
    units, digits, fixed = parsed
    precision = max(digits, _MICRO_DIGITS)
    integers = np.full(len(texts), EMPTY, dtype=np.int64)
    integers[has_text] = units * 10 ** (precision - digits) - micro[has_text] * 10 ** (precision - _MICRO_DIGITS)
    if (np.abs(integers[has_text]) >= 2**31).any():
        return None
    header = {"name": name, "codec": "num", "digits": precision, "of": position, "text": True, "fixed": fixed}
    return ChunkColumn(header, integers, _encode_int32)


def _encode_int32(cells: Ints, kind: int) -> bytes:
    return planes(cells, delta=False) if (cells != EMPTY).any() else b""


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
