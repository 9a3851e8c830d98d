"""Chunked tables keep all cells and do not depend on the order of the input rows."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from qjmap.model.point_layers import axes, axes_of
from qjmap.payload import make_chunked_table, morton_order
from qjmap.payload.chunk_column import CHUNK
from qjmap.payload.column_block import Block
from qjmap.payload.parse_decimals import parse_decimals
from qjmap.payload.text_column import Utf8, concatenate
from tests.crowd import invented_sites
from tests.payload.test_column_block import read_block

DEGREES = st.tuples(st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000))


@given(st.lists(DEGREES, min_size=1, max_size=60), st.integers(0, 29))
def test_rows_of_a_cell_stand_together(points: list[tuple[int, int]], shift: int) -> None:
    lon, lat = np.array(points).T
    order = np.argsort(morton_order.keys(lon, lat))
    cells = [((lon[row] - morton_order.WEST) >> shift, (lat[row] - morton_order.SOUTH) >> shift) for row in order]
    changes = sum(a != b for a, b in pairwise(cells))
    assert changes == len(set(cells)) - 1


@given(st.lists(DEGREES, min_size=1, max_size=200), st.integers(1, 50))
def test_the_overview_has_a_row_of_every_cell_and_no_more_than_asked(points: list[tuple[int, int]], most: int) -> None:
    keys = np.sort(morton_order.keys(*np.array(points).T))
    rows = morton_order.sample_rows(keys, most)
    assert 1 <= len(rows) <= most
    assert rows[0] == 0
    if len(set(keys.tolist())) <= most:
        assert set(keys[rows].tolist()) == set(keys.tolist())


@given(st.lists(st.decimals(-180, 180, places=6).map(str), min_size=1))
def test_decimals_are_read_to_the_digit(texts: list[str]) -> None:
    result = parse_decimals(*concatenate(texts))
    assert result is not None or any(float(text) == 0 and text.startswith("-") for text in texts)
    if result is not None:
        units, digits, fixed = result
        assert fixed == 6
        assert [f"{unit / 10**digits:.6f}" for unit in units] == texts


@pytest.mark.parametrize(
    "text", ["", "1e2", "+1.5", " 1.5", "1.", ".5", "01.5", "-0.0", "1.5x", "一", "1.50000000001", "--1.5", "1-5"]
)
def test_what_is_written_otherwise_is_left_as_text(text: str) -> None:
    assert parse_decimals(*concatenate(["1.5", "2.25", text])) is None


def test_a_table_of_one_chunk_is_one_block() -> None:
    table = make_chunked_table({"id": [str(n) for n in range(CHUNK)], "name": ["x"] * CHUNK})
    assert [word for word, _ in table.blocks()] == ["data"]
    assert not table.chunks


def test_the_order_of_the_rows_changes_no_byte() -> None:
    frame = invented_sites(6000)
    frame.loc[::7, "geometry"] = None
    columns = {name: frame[name] for name in ("id", "name", "category", "orig_lon")}

    def texts(rows: list[int]) -> list[tuple[str | int, str]]:
        taken = {name: values.iloc[rows] for name, values in columns.items()}
        table = make_chunked_table(
            taken, axes_of(frame.geometry.to_numpy()[rows]), categorical=["category"], colour="category"
        )
        return [("overview", table.overview), *table.blocks(), *enumerate(table.chunks)]

    rows = list(range(6000))
    shuffled = rows.copy()
    random.Random(3).shuffle(shuffled)
    assert texts(rows) == texts(shuffled)


def test_positions_typed_in_six_decimals_cost_next_to_nothing() -> None:
    frame = invented_sites(20_000)
    columns: dict[str, Any] = {name: frame[name] for name in ("id", "orig_lon", "orig_lat")}
    table = make_chunked_table(columns, axes(frame))
    assert sum(map(len, table.chunks)) < 2000


def test_a_large_table_without_a_single_position_has_no_overview_to_show() -> None:
    rows = CHUNK + 1
    table = make_chunked_table(
        {"id": [f"{n:05d}" for n in range(rows)], "category": ["other"] * rows},
        axes_of(np.full(rows, None, dtype=object)),
        categorical=["category"],
        colour="category",
    )
    assert json.loads(table.overview)["count"] == 0
    assert read_block(table.data.text())["located"] == [0] * rows


def test_rows_without_a_position_stand_at_the_end_by_id() -> None:
    rows = CHUNK + 4
    geometry = np.array([shapely.Point(100, 30 + n / 1e4) for n in range(rows)], dtype=object)
    geometry[:3] = None
    ids = [f"{n:05d}" for n in range(rows)]
    table = make_chunked_table({"id": ids}, axes_of(geometry))
    assert table.ids is not None
    index = read_block(table.ids.text())
    assert index["id"] == ids
    assert list(index["order"][:3]) == [rows - 3, rows - 2, rows - 1]


def test_an_id_longer_than_can_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="65,536"):
        Block(1).sorted("id", Utf8.of(["x" * 70_000]))
