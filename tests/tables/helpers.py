"""Shared helpers of the tests of tables: sample texts, and shortcuts to read them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from qjmap.schema import TABLES
from qjmap.tables import Parsed, TableFrame, parse, read_table
from qjmap.tables.readers import choose_reader

SITES = TABLES["sites"]
TEXT = "名称,类别,经度,纬度,坐标系,说明\n綦江工业园区,园区,106.65,29.03,gcj02,重点发展装备制造\n荆江半轴,企业,106.66,29.04,gcj02,半轴生产线\n"
TRADITIONAL = (
    "名稱,類別,經度,緯度,說明\n綦江工業園區,園區,106.65,29.03,重點發展裝備製造\n荊江半軸,企業,106.66,29.04,半軸生產線\n"
)


def read(folder: Path, content: str | bytes, name: str = "new.csv", table: str = "sites", **options: str) -> TableFrame:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, TABLES[table], shown=name, **options)  # type: ignore[arg-type]


def parsed(folder: Path, content: str | bytes, name: str = "new.csv", table: str = "sites", **options: str) -> Parsed:
    return parse(read(folder, content, name, table, **options))


def codes(result: Parsed | TableFrame) -> list[str]:
    return [fault.code for fault in result.faults]


def as_text(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().replace("\r\n", end)


def rows_only(patch: pytest.MonkeyPatch) -> None:
    """Make the reader of delimited text read only row by row."""
    for reader in ("read_uniform", "read_transcoded"):
        patch.setattr(choose_reader, reader, lambda *_, **__: None)
