"""Read the tables of a page back from its HTML: the counterpart in Python of `web/src/runtime/column-block.js` and `chunked-table.js`."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.payload.chunk_column import EMPTY, SEPARATOR
from qjmap.payload.codecs import Ints

Columns = dict[str, Sequence[Any]]
Inflate = Callable[[bytes], bytes]

_BLOCK = re.compile(
    r'<script type="text/plain" class="qjmap-block" id="([^"]*)"(?: data-table="(\w+)")?[^>]*>([^<]*)</script>'
)


def read_tables(page: str, inflate: Inflate = zlib.decompress) -> dict[str, Columns]:
    """Return table -> column -> JSON value of each row, for the tables in a page, without the positions to draw (`lon`, `lat`, `located`).

    Parameters
    ----------
    page : HTML text as `qjmap build` writes it; other HTML has no tables, and gives {}.
    inflate : decompresses the zlib format.

    Raises
    ------
    ValueError, KeyError, IndexError, TypeError, zlib.error : the page is damaged. An error of another `inflate` is raised instead of
        zlib.error.
    """
    parts = {identifier: (name, text) for identifier, name, text in _BLOCK.findall(page)}

    def unpacked(identifier: str) -> bytes:
        return inflate(base64.b64decode(parts[identifier][1]))

    tables = {}
    for identifier, (name, _) in parts.items():
        if name:
            header, columns = _read_block(unpacked(identifier))
            if "texts" in header:
                ids = _read_block(unpacked(f"{identifier}-ids"))[1]
                columns["id"] = _in_payload_order(ids["id"], ids["order"])
                streams = [
                    parts[f"{identifier}-{number}"][1] for number in range(-(-header["rows"] // header["chunk"]))
                ]
                columns |= _read_chunks(header, streams, columns, inflate)
            drawn = {column[key] for column in header["columns"] if "where" in column for key in ("name", "where")}
            tables[name] = {column: cells for column, cells in columns.items() if column not in drawn}
    return tables


def _read_block(data: bytes) -> tuple[dict[str, Any], Columns]:
    """Return the header of a block and its columns: name -> values. Numbers are integers that are not multiplied by ``scale`` yet."""
    length = int.from_bytes(data[:4], "little")
    header, body = json.loads(data[4 : 4 + length]), data[4 + length :]
    columns: Columns = {}
    for column in header["columns"]:
        columns[column["name"]] = _read_column(column, body[column["at"] : column["at"] + column["bytes"]])
    return header, columns


def _read_column(column: Mapping[str, Any], data: bytes) -> Sequence[Any]:
    codec = column["codec"]
    if codec == "json":
        cells: list[Any] = json.loads(data)
        return cells
    if codec == "dict":
        codes = np.frombuffer(data, dtype="<u1" if column["width"] == 1 else "<u2")
        return [column["values"][code] for code in codes.tolist()]
    if codec == "sorted":
        return list(_read_sorted(data, column["n"]))
    numbers = read_planes(data) if codec == "planes" else _read_varints(data)
    values: list[int] = (np.cumsum(numbers) if column["delta"] else numbers).tolist()
    return values


def _signed(coded: npt.NDArray[np.uint64]) -> Ints:
    return (coded >> np.uint64(1)).astype(np.int64) ^ -(coded & np.uint64(1)).astype(np.int64)


def read_planes(data: bytes) -> Ints:
    """Return the integers in byte planes (see `codecs.planes`); if ``delta`` was set, the encoded differences."""
    return _signed(np.frombuffer(data, dtype=np.uint8).reshape(4, -1).T.copy().view("<u4").ravel().astype(np.uint64))


def _read_varints(data: bytes) -> Ints:
    septets = np.frombuffer(data, dtype=np.uint8).astype(np.uint64)
    if not septets.size:
        return np.zeros(0, dtype=np.int64)
    starts = np.concatenate([[0], np.flatnonzero(septets < 0x80)[:-1] + 1])
    place = np.arange(len(septets)) - np.repeat(starts, np.diff([*starts, len(septets)]))
    return _signed(np.add.reduceat((septets & np.uint64(0x7F)) << (np.uint64(7) * place.astype(np.uint64)), starts))


def _read_sorted(data: bytes, count: int) -> Iterator[str]:
    shared, lengths = data[:count], np.frombuffer(data[count : 3 * count], dtype="<u2").tolist()
    last, at = b"", 3 * count
    for kept, length in zip(shared, lengths, strict=True):
        last = last[:kept] + data[at : at + length - kept]
        at += length - kept
        yield last.decode()


def _in_payload_order(cells: Sequence[Any], order: Sequence[int]) -> list[Any]:
    out: list[Any] = [None] * len(cells)
    for cell, row in zip(cells, order, strict=True):
        out[row] = cell
    return out


def _read_chunks(header: Mapping[str, Any], chunks: Sequence[str], drawn: Columns, inflate: Inflate) -> Columns:
    """Return the columns in the chunks (see `chunk_column`).

    Parameters
    ----------
    header : header of the block ``data``.
    chunks : texts of all chunks in their order.
    drawn : columns of the block ``data``; typed coordinates are encoded as differences from its positions.
    """
    columns: dict[str, list[Any]] = {column["name"]: [] for column in header["texts"]}
    for number, chunk in enumerate(chunks):
        start = number * header["chunk"]
        rows = min(header["chunk"], header["rows"] - start)
        for column, stream in zip(header["texts"], chunk.split("."), strict=True):
            if not stream:
                columns[column["name"]] += [_empty_cell(column)] * rows
                continue
            data = inflate(base64.b64decode(stream))
            if column["codec"] == "num":
                base = drawn[column["of"]][start : start + rows] if "of" in column else [0] * rows
                columns[column["name"]] += _read_numbers(column, data, base)
            else:
                columns[column["name"]] += [_text_cell(column, text) for text in _read_texts(data, rows)]
    return {**columns}


def _empty_cell(column: Mapping[str, Any]) -> Any:
    if column["codec"] == "list":
        return []
    return "" if column["codec"] == "text" or column.get("text") else None


def _text_cell(column: Mapping[str, Any], text: str) -> Any:
    if column["codec"] == "text":
        return text
    if not text:
        return _empty_cell(column)
    return text.split(SEPARATOR) if column["codec"] == "list" else json.loads(text)


def _read_texts(data: bytes, rows: int) -> Iterator[str]:
    kind, width = data[:2]
    lengths = np.frombuffer(data[2 : 2 + rows * width], dtype=f"<u{width}").astype(np.int64)
    joined = data[2 + rows * width :]
    joined = (
        joined.decode().encode("utf-16-le")
        if kind == 1
        else np.frombuffer(joined, dtype=np.uint8).reshape(2, -1).T.tobytes()
    )
    ends = (2 * np.cumsum(lengths)).tolist()
    for start, end in zip([0, *ends], ends, strict=False):
        yield joined[start:end].decode("utf-16-le")


def _read_numbers(column: Mapping[str, Any], data: bytes, base: Sequence[int]) -> Iterator[Any]:
    """Yield the numbers (float) of a column of codec ``num``, or texts if it has coordinates as typed; for an empty cell `_empty_cell`.

    Parameters
    ----------
    base : for each row the position in micro-degrees from which its number is a difference.
    """
    digits = column["digits"]
    for difference, micro in zip(read_planes(data).tolist(), base, strict=True):
        if difference == EMPTY:
            yield _empty_cell(column)
            continue
        units = difference + (micro * 10 ** (digits - 6) if "of" in column else 0)
        if not column.get("text"):
            yield units / 10**digits
        else:
            value = units / 10**digits
            yield (
                f"{value:.{column['fixed']}f}" if column["fixed"] else str(int(value) if value.is_integer() else value)
            )
