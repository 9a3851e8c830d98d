"""A table reads alike row by row, through Arrow, in partitions, as a workbook, and in the page."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.tables import ROW, TableFrame, read_table
from qjmap.tables.partitions import read_partition, split_file
from qjmap.tables.readers.choose_reader import read_grid
from tests.properties import examples
from tests.tables.helpers import SITES, rows_only
from tests.tables.page_reader import run_page_reader

_HEADERS = [
    ["名称,类别,地址,数量"],
    ["序号,名称,地址,数量"],
    ["某某一览表,,,", "名称,类别,地址,数量"],
    ["序号,名称,坐标,", ",,经度,纬度"],
    ["名称,类别,地址,数量", ",,,家"],
    ["名称,类别,地址,数量", "1,2,3,4"],
    ["类别,名称,经度,纬度"],
    [],
]
_ROWS = """
甲厂,企业,某路1号,5
乙厂,企业,,
1,丙站,某路2号,7
2,丁站,,
戊,企业,106.65,29.03
3,己厂,106.66,29.04
合计,,,5
小计,1家,,
合  计：,3家,,
企业,小计,,4
Total,,,9
一、工业企业,,,
二、物流企业,,,
（一）规上,,,
一,工业企业,,
A. Works,,,
工业企业：,,,
某类,某类,某类,某类
注：略,,,
2. 再注,,,
填表人：,王某,审核人：李某,
数据截至2020年,,,
名称,类别,地址,数量
\ufeff名称,类别,地址,数量
序号,名称,地址,数量
,,万元,家
1,2,3,4
甲,乙,1,2
4,,,
Total,企业,某路,
合计科技,企业,,
注册中心,,,
一汽,,,
,,,
'-注：甲,,,
""".strip().split("\n")


def _text(head: list[str], rows: list[str]) -> str:
    return "\n".join([*head, *rows]) + "\n"


def _answer(tf: TableFrame) -> dict[str, Any]:
    return {
        "header": list(tf.header),
        "cells": [list(map(str, row)) for row in zip(*tf.cells, strict=True)] if tf.cells else [],
        "numbers": tf.frame[ROW].tolist(),
        "notes": [
            note.text("zh")
            for note in tf.notes
            if note.key not in ("note-encoding", "note-unknown-columns", "note-sheet-only")
        ],
    }


tables = st.tuples(st.sampled_from(_HEADERS), st.lists(st.sampled_from(_ROWS), max_size=12)).map(
    lambda parts: _text(*parts)
)


@pytest.mark.slow
@given(text=tables)
@examples(150)
def test_row_by_row_through_arrow_and_as_a_workbook(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("roads")
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(text)):
        book.active.append([cell.removeprefix("'") or None for cell in row])
    book.save(folder / "a.xlsx")
    through_arrow = _answer(read_table(path, SITES, shown="a"))
    with pytest.MonkeyPatch.context() as patch:
        rows_only(patch)
        assert _answer(read_table(path, SITES, shown="a")) == through_arrow
    assert _answer(read_table(folder / "a.xlsx", SITES, shown="a")) == through_arrow


@pytest.mark.slow
@given(rows=st.lists(st.sampled_from(_ROWS), min_size=1, max_size=30), size=st.integers(20, 200))
@examples(100)
def test_partitions_give_the_rows_and_numbers_of_the_whole_file(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], size: int
) -> None:
    path = tmp_path_factory.mktemp("roads") / "a.csv"
    path.write_text(_text(_HEADERS[0], rows), encoding="utf-8")
    whole = _answer(read_table(path, SITES, shown="a"))
    parts = [_answer(read_partition(part, SITES)) for part in split_file(path, "a", size)]
    assert [row for part in parts for row in part["cells"]] == whole["cells"]
    assert [number for part in parts for number in part["numbers"]] == whole["numbers"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_page_lays_out_the_rows_as_the_program_does(tmp_path: Path, seed: int) -> None:
    texts = [_text(head, _ROWS[seed::step]) for head in _HEADERS for step in (1, 2, 3, 5, 7)]
    body = """return given.map((text) => {
      const lines = text.trimEnd().split("\\n").map((line) => line.split(",").map(E.unguarded));
      const { header, rows, numbers, notes } = E.layOut(lines, E.program.tables.sites, "a");
      return { header, cells: rows, numbers, notes };
    });"""
    answers = run_page_reader(body, texts)
    for text, answer in zip(texts, answers, strict=True):
        path = tmp_path / "a.csv"
        path.write_text(text, encoding="utf-8")
        grid = read_grid(path, SITES, shown="a")
        notes = [{"key": note.key, "params": note.params} for note in grid.notes if note.key != "note-encoding"]
        cells = (
            [*map(list, grid.rows)]
            if grid.columns is None
            else [list(map(str, row)) for row in zip(*grid.columns, strict=True)]
        )
        assert answer == {"header": grid.header, "cells": cells, "numbers": list(grid.numbers), "notes": notes}, text
