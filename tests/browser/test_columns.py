"""Python writes, the script reads: chunked tables of every kind of text in a real Chromium, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import Phase, given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from qjmap.model.point_layers import axes_of
from qjmap.payload import ChunkedTable, make_chunked_table
from qjmap.payload.chunk_column import CHUNK
from tests.properties import examples
from tests.web_modules import web_modules

ROWS = CHUNK + 40

_READ = """async ([elements, names, rows]) => {
  document.body.replaceChildren();
  for (const [id, text] of elements) {
    const node = document.createElement("script");
    node.type = "text/plain";
    node.id = id;
    node.textContent = text;
    document.body.append(node);
  }
  const block = await modules.loadBlock(document.getElementById("s"));
  await block.load(rows);
  const order = block.byId() || Uint32Array.from({ length: block.rows }, (_, row) => row);
  return {
    cells: names.map((name) => rows.map((k) => block.at(name, order[k]))),
    found: rows.map((k) => block.row(block.at("id", order[k])) === order[k]),
    missing: block.row("no such id") === undefined,
  };
}"""


@pytest.fixture(scope="module")
def reader(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    script = f"<script>{web_modules('runtime/load-block.js')}</script>"
    path: Path = tmp_path_factory.mktemp("reader") / "reader.html"
    path.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><title>reader</title><body>{script}</body>', encoding="utf-8"
    )
    page = browser.new_context().new_page()
    page.goto(path.as_uri())
    yield page
    page.context.close()


def read(page: Page, table: ChunkedTable, names: list[str], rows: list[int]) -> dict[str, Any]:
    blocks = [("s" if word == "data" else f"s-{word}", text) for word, text in table.blocks()]
    elements = [*blocks, *((f"s-{number}", text) for number, text in enumerate(table.chunks))]
    return page.evaluate(_READ, [elements, names, rows])


def spread(values: list[Any], rows: int = ROWS) -> list[Any]:
    """The values over and over, with a number after every text so that no column has few distinct values."""
    return [values[row % len(values)] for row in range(rows)]


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


# A failing case is not made smaller: each try is a table of thousands of rows.
@examples(12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    texts=st.lists(TEXT, min_size=1, max_size=8),
    lists=st.lists(st.lists(TEXT, max_size=3).map(tuple), min_size=1, max_size=5),
    numbers=st.lists(st.none() | st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=1, max_size=8),
    degrees=st.lists(st.none() | st.tuples(st.floats(-180, 180), st.floats(-85, 85)), min_size=1, max_size=20),
)
def test_every_cell_comes_back(
    reader: Page,
    texts: list[str],
    lists: list[tuple[str, ...]],
    numbers: list[float | None],
    degrees: list[tuple[float, float] | None],
) -> None:
    geometry = np.array(
        [shapely.Point(round(one[0], 6), round(one[1], 6)) if one else None for one in spread(degrees)] + [None],
        dtype=object,
    )[:-1]
    columns: dict[str, list[Any]] = {
        "id": [f"号-{row:06d}" for row in range(ROWS)],
        "name": [f"{text}{row}" for row, text in enumerate(spread(texts))],
        "few": spread(texts),
        "aliases": [(*one, str(row)) for row, one in enumerate(spread(lists))],
        "value": [np.nan if one is None else one + row for row, one in enumerate(spread(numbers))],
        "orig_lon": [f"{point.x:.6f}" if point else "" for point in geometry],
        "mixed": [row if row % 2 else f"{row}" for row in range(ROWS)],
    }
    rows = [0, 1, 2, 17, CHUNK - 1, CHUNK, ROWS - 1]
    names = ["name", "few", "aliases", "value", "orig_lon", "mixed", "lon", "lat"]
    back = read(reader, make_chunked_table(columns, axes_of(geometry)), names, rows)
    cells = dict(zip(names, back["cells"], strict=True))
    assert all(back["found"])
    assert back["missing"]
    for name in ("name", "few", "orig_lon", "mixed"):
        assert cells[name] == [columns[name][row] for row in rows], name
    assert cells["aliases"] == [list(columns["aliases"][row]) for row in rows]
    # A column in which every cell is empty says "" for it; the page shows neither.
    assert [None if cell == "" else cell for cell in cells["value"]] == [
        None if np.isnan(columns["value"][row]) else columns["value"][row] for row in rows
    ]
    assert cells["lon"] == [geometry[row].x if geometry[row] else None for row in rows]
    assert cells["lat"] == [geometry[row].y if geometry[row] else None for row in rows]


@pytest.mark.parametrize("sign", ["a", "綦", "𠮷", "\ufeff", "\u2028"])
def test_signs_of_every_width_keep_their_place(reader: Page, sign: str) -> None:
    names = [sign * (row % 5) + str(row) for row in range(ROWS)]
    table = make_chunked_table({"id": [f"{row:05d}" for row in range(ROWS)], "name": names})
    rows = [0, 1, 4, CHUNK - 1, CHUNK, ROWS - 1]
    assert read(reader, table, ["name"], rows)["cells"][0] == [names[row] for row in rows]


def test_text_of_random_signs_comes_back_from_its_planes(reader: Page) -> None:
    signs = np.random.default_rng(1).integers(0x4E00, 0x9FA5, (ROWS, 30))
    names = ["".join(map(chr, row)) for row in signs]
    table = make_chunked_table({"id": [f"{row:05d}" for row in range(ROWS)], "name": names})
    assert read(reader, table, ["name"], [0, CHUNK, ROWS - 1])["cells"][0] == [names[0], names[CHUNK], names[-1]]


def test_a_small_table_reads_alike(reader: Page) -> None:
    columns = {"id": ["b", "a"], "name": ["乙", "甲"], "aliases": [("x", "y"), ()], "n": [1.5, float("nan")]}
    back = read(
        reader,
        make_chunked_table(columns, axes_of([shapely.Point(106.65, 29.03), None])),
        ["name", "aliases", "n", "lon"],
        [0, 1],
    )
    assert back["cells"] == [["乙", "甲"], [["x", "y"], []], [1.5, None], [106.65, None]]
    assert all(back["found"])
