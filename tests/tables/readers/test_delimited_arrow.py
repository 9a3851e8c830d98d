"""Uniform delimited files by columns, in any encoding."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.schema import TABLES
from qjmap.tables.columns import operations
from qjmap.tables.readers.delimited_arrow import read_transcoded
from qjmap.tables.readers.encoding import detect
from qjmap.tables.readers.grid import Grid

SITES = TABLES["sites"]


def names(found: Grid | None) -> list[str]:
    assert found is not None
    assert found.columns is not None
    return operations.to_objects(found.columns[1]).tolist()  # type: ignore[no-any-return]


TEXT = "编号,名称,地址\r\n" + "".join(f"s{row},綦江第{row}厂,重庆市綦江区通惠大道{row}号\r\n" for row in range(300))


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-8-sig"])
def test_other_encodings_are_transcoded(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sites.csv"
    data = TEXT.replace("惠", "会" if encoding != "big5hkscs" else "惠").encode(encoding, "ignore")
    path.write_bytes(data)
    grid = read_transcoded(path, SITES, detect(data, encoding), shown="x")
    assert grid is not None
    assert grid.encoding == encoding
    assert len(names(grid)) == 300
    assert names(grid)[7].endswith("7厂")


def test_a_broken_byte_is_left_to_the_reader_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_bytes(data := TEXT.encode("gb18030") + b"s9,\xff,\r\n")
    assert read_transcoded(path, SITES, detect(data), shown="x") is None
