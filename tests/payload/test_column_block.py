"""Blocks, read back by an independent reader of the format."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from qjmap.model.point_layers import axes_of
from qjmap.payload import Block, script_json, varints
from qjmap.payload.codecs import planes, sorted_texts
from qjmap.payload.column_block import PER_DEGREE
from qjmap.payload.text_column import Utf8


def read_varints(data: bytes, *, delta: bool) -> list[int]:
    values, shift, number = [], 0, 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            values.append((number >> 1) ^ -(number & 1))
            number = shift = 0
    return list(np.cumsum(values)) if delta else values


def read_planes(data: bytes, *, delta: bool) -> list[int]:
    unsigned = np.frombuffer(data, dtype=np.uint8).reshape(4, -1).T.copy().view("<u4").ravel().astype(np.int64)
    values = (unsigned >> 1) ^ -(unsigned & 1)
    return list(np.cumsum(values)) if delta else list(values)


def read_sorted(data: bytes, count: int) -> list[str]:
    shared, lengths = data[:count], np.frombuffer(data[count : 3 * count], dtype="<u2")
    out, index = [b""], 3 * count
    for row in range(count):
        own = int(lengths[row]) - shared[row]
        out.append(out[-1][: shared[row]] + data[index : index + own])
        index += own
    return [item.decode("utf-8") for item in out[1:]]


def read_block(text: str) -> dict[str, Any]:
    raw = zlib.decompress(base64.b64decode(text))
    length = int.from_bytes(raw[:4], "little")
    header = json.loads(raw[4 : 4 + length])
    body = raw[4 + length :]
    columns: dict[str, Any] = {}
    for column in header["columns"]:
        piece = body[column["at"] : column["at"] + column["bytes"]]
        if column["codec"] == "json":
            columns[column["name"]] = json.loads(piece)
        elif column["codec"] == "dict":
            codes = np.frombuffer(piece, dtype="<u1" if column["width"] == 1 else "<u2")
            columns[column["name"]] = [column["values"][code] for code in codes]
        elif column["codec"] == "planes":
            columns[column["name"]] = read_planes(piece, delta=column["delta"])
        elif column["codec"] == "sorted":
            columns[column["name"]] = read_sorted(piece, column["n"])
        else:
            columns[column["name"]] = read_varints(piece, delta=column["delta"])
    return columns


@given(st.lists(st.integers(-(2**40), 2**40)), st.booleans())
def test_varints_come_back(values: list[int], delta: bool) -> None:
    assert read_varints(varints(np.array(values, dtype=np.int64), delta=delta), delta=delta) == values


@given(st.lists(st.integers(-(2**29), 2**29)), st.booleans())
def test_integers_in_planes_come_back(values: list[int], delta: bool) -> None:
    assert read_planes(planes(values, delta=delta), delta=delta) == values


def test_a_number_beyond_32_bits_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bits"):
        planes([2**40], delta=False)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12)))
def test_sorted_texts_come_back(values: list[str]) -> None:
    ordered = sorted(values)
    texts = Utf8.of(ordered)
    assert read_sorted(sorted_texts(texts.bytes, np.diff(texts.offsets)), len(ordered)) == ordered


def test_ids_that_follow_a_pattern_take_less_than_two_bytes_each() -> None:
    block = Block(100_000)
    block.sorted("id", Utf8.of([f"site-{number:07d}" for number in range(100_000)]))
    assert len(block.text()) < 2 * 100_000


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1))
def test_text_of_any_kind_travels_unchanged(values: list[str]) -> None:
    block = Block(len(values))
    block.json("plain", values)
    block.dictionary("coded", values)
    columns = read_block(block.text())
    assert columns["plain"] == values
    assert columns["coded"] == values


def test_more_than_256_distinct_words_take_two_bytes() -> None:
    values = [f"w{number}" for number in range(300)]
    block = Block(300)
    block.dictionary("word", values)
    assert read_block(block.text())["word"] == values


def test_points_are_micro_degrees_and_missing_ones_are_marked() -> None:
    block = Block(3)
    block.positions(axes_of([shapely.Point(106.65, 29.03), None, shapely.Point(-0.000001, -29.5)]))
    columns = read_block(block.text())
    assert columns["located"] == [1, 0, 1]
    assert [columns["lon"][0], columns["lon"][2]] == [106650000, -1]
    assert [columns["lat"][0], columns["lat"][2]] == [29030000, -29500000]


def test_geometry_lists_parts_and_their_vertices() -> None:
    block = Block(3)
    lines = shapely.MultiLineString([[(0, 0), (1, 1), (1, 1.0000001)], [(5, 5), (6, 6)]])
    square = shapely.box(0, 0, 2, 2).difference(shapely.box(0.5, 0.5, 1, 1))
    block.geometry([lines, None, square])
    columns = read_block(block.text())
    assert columns["parts"] == [2, 0, 2]
    assert columns["sizes"] == [2, 2, 5, 5]  # a vertex that rounds onto its neighbour is dropped
    assert columns["x"][:4] == [lon * PER_DEGREE for lon in (0, 1, 5, 6)]
    assert columns["y"][:4] == columns["x"][:4]


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 3 rows"):
        Block(3).json("name", ["a", "b"])


@given(st.text())
def test_json_in_a_script_cannot_end_it_or_start_a_template(value: str) -> None:
    text = script_json({"a": value})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"a": value}
