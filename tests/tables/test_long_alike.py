"""A long table is read as a short one is, whichever reader its size chooses: cells, faults, notes."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.errors import Fault
from qjmap.schema import TABLES
from qjmap.tables import Parsed, parse, read_table
from qjmap.tables.columns import operations
from tests.properties import examples
from tests.tables.helpers import rows_only

pytest.importorskip("pyarrow")

ENCODINGS = {"utf-8": b"", "utf-8 with its mark": codecs.BOM_UTF8, "gb18030": b""}
HEADER = ["name", "category", "lon", "lat", "start", "description", "电话", "'=备注", "precision"]
ROWS = [
    ["甲厂", "企业", "106.65", "29.03", "2020-09", "第一行\n第二行", "'-", "=1+1", ""],
    ["'=乙厂", "企业", "-106.5", "29.04", "昨天", '带"引号"和,逗号', "'+86 23", "'＝1", "精确"],
    ["丙厂", "园区", "", "29.05", "1021-09-09", "  两边有空格 ", "-", "''@x", ""],
    ["丁厂", "没有这一类", "１０６．６６", "٢٩.٠٦", "2021", "控\x01制", "坏\x02字", '="0123"', "没有这一级"],
    ["", "企业", "300", "29.07", "", "名称是空的", "#N/A", "'", ""],
    ["", "", "", "", "", "", "", "", ""],
    ["戊厂", "企业", "106.67", "29.08", "2022年3月", "", "'", "''", "site"],
]


def encoded(rows: list[list[str]], encoding: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return ENCODINGS[encoding] + out.getvalue().encode("gb18030" if encoding == "gb18030" else "utf-8")


def read(path: Path, rows: list[list[str]], encoding: str) -> Parsed:
    path.write_bytes(encoded(rows, encoding))
    told = "gb18030" if encoding == "gb18030" else None  # the cells of these tables need not look like a text
    return parse(read_table(path, TABLES["sites"], shown="x", encoding=told), fill_ids=False)


def cells(frame: Any) -> dict[str, list[str]]:
    return {
        str(name): [repr(value) for value in operations.to_objects(operations.column(frame, str(name)))]
        for name in frame
        if name != "_row"
    }


def everything(found: Parsed) -> dict[str, Any]:
    raw = found.raw
    return {
        "typed": cells(raw.frame), "meant": cells(found.frame), "faults": found.faults, "bad": found.bad_rows, "header": raw.header,
        "columns": (raw.typed, raw.letters, raw.unknown, raw.units), "notes": [(note.key, note.params) for note in raw.notes],
        "rows": found.frame["_row"].tolist(), "as": (raw.encoding, raw.delimiter, raw.header_row, raw.datum),
    }  # fmt: skip


def moved(fault: Fault, by: int) -> Fault:
    return replace(fault, row=fault.row + by) if fault.row is not None else fault


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("padded", [False, True], ids=["of many rows", "of long cells"])
def test_a_long_table_is_many_short_ones(tmp_path: Path, encoding: str, padded: bool) -> None:
    """Beyond 20,000 rows, and beyond 2,000,000 characters."""
    total = [] if padded else [["合计", "7", "", "", "", "", "", "", ""]]
    filler = "綦江" * (6000 if padded else 0)
    body = [[*row[:5], row[5] + filler, *row[6:]] for row in ROWS] if padded else ROWS
    times = 30 if padded else 3600
    short = read(tmp_path / "short.csv", [HEADER, *body, *total], encoding)
    long = read(tmp_path / "long.csv", [HEADER, *(body * times), *total], encoding)
    size = (tmp_path / "long.csv").stat().st_size
    assert size > 2_000_000 or len(long.frame) > 20_000
    for few, many in ((short.raw.frame, long.raw.frame), (short.frame, long.frame)):
        assert {name: column * times for name, column in cells(few).items()} == cells(many)
    of_rows = [fault for fault in short.faults if fault.row is not None]
    assert {"date-form", "text-control", "lon-range", "lon-missing", "name-missing", "vocab-unknown"} <= {
        one.code for one in of_rows
    }
    every = [moved(fault, len(ROWS) * at) for at in range(times) for fault in of_rows]
    assert [fault for fault in long.faults if fault.row is not None] == every
    whole, long_whole = ([one for one in found.faults if one.row is None] for found in (short, long))
    assert [(one.code, one.column) for one in whole] == [(one.code, one.column) for one in long_whole]
    assert [note.key for note in short.raw.notes] == [note.key for note in long.raw.notes]
    assert short.raw.header == long.raw.header
    assert short.raw.header[-2] == "=备注"


CELL = st.one_of(
    st.text(st.sampled_from("ab ,;\"'\n\r=＝+-@#|甲\t\u3000\ufffe\x01٣1."), max_size=6),
    st.sampled_from(
        [
            "",
            "合计",
            "106.5",
            "29.1",
            "2020",
            "企业",
            '="01"',
            "'-",
            "''",
            "1e999",
            "#N/A",
            "2020-09-09",
            "N/A",
            "\ufeff",
        ]
    ),
)


@pytest.mark.slow
@examples(120)
@given(
    rows=st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=12),
    encoding=st.sampled_from(sorted(ENCODINGS)),
)
def test_reading_by_columns_and_by_rows_gives_the_same(tmp_path: Path, rows: list[list[str]], encoding: str) -> None:
    """By columns and by rows."""
    found = []
    for by_rows in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if by_rows:
                rows_only(patch)
            found.append(everything(read(tmp_path / "x.csv", [HEADER, *rows], encoding)))
    assert found[0] == found[1]
