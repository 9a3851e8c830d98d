"""Tables come back from their elements in a page as they were given, whether they are one block or many chunks."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from qjmap.layers.raw_elements import table_element
from qjmap.payload import make_chunked_table, read_tables
from qjmap.payload.chunk_column import CHUNK


def cells(rows: int, seed: int) -> dict[str, list[Any]]:
    """Columns of every kind that a payload has a codec for, with empty cells."""
    draw = random.Random(seed)
    return {
        "id": [f"甲{number:05}" for number in draw.sample(range(99_999), rows)],
        "name": [draw.choice(["", "綦江", "𠮷野家", "a\u001fb"]) + str(number) for number in range(rows)],
        "parties": [[str(draw.random())] * draw.choice([0, 0, 1, 3]) for _ in range(rows)],
        "roles": [[[str(draw.random()), "host"]] for _ in range(rows)],
        "value": [draw.choice([None, 5, 2.25, -7, draw.randrange(10**6)]) for _ in range(rows)],
        "large": [draw.random() * 10**12 for _ in range(rows)],
        "orig_lon": [f"{draw.uniform(-180, 180):.6f}" for _ in range(rows)],
        "orig_lat": [draw.choice(["", str(round(draw.uniform(1, 89), 3))]) for _ in range(rows)],
        "status": [draw.choice(["", "signed", "ended"]) for _ in range(rows)],
        "empty": [""] * rows,
    }


@pytest.mark.parametrize("rows", [0, 1, 500, CHUNK + 1, 3 * CHUNK])
def test_every_cell_comes_back(rows: int) -> None:
    columns = cells(rows, rows)
    lat = np.array([float(text) if text else np.nan for text in columns["orig_lat"]])
    points = np.array([float(text) for text in columns["orig_lon"]]), lat
    table = make_chunked_table(columns, points, categorical=["status"])
    found = read_tables("<p>" + table_element("qjmap_sites_1", table, name="sites").render())["sites"]
    assert set(found) == set(columns)
    order = {identifier: row for row, identifier in enumerate(columns["id"])}
    rows_of = [order[identifier] for identifier in found["id"]]
    assert sorted(rows_of) == list(range(rows))
    for name, column in columns.items():
        assert list(found[name]) == [column[row] for row in rows_of], name


def test_a_text_without_tables_has_none() -> None:
    assert read_tables("<p>x</p>") == {}
