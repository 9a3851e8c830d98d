"""`locate --file` of a folder of files, or of a file too great to be read at once: part by part, every row in its order."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qjmap.engine import Engine
from qjmap.engine.here import Here
from qjmap.errors import DataFaults, Fault
from qjmap.locators.batch import locate_many
from qjmap.locators.everywhere import Everywhere
from qjmap.locators.of_table import (
    ADDED,
    LISTED,
    ROWS,
    Missing,
    answer_cells,
    areas_of,
    check_columns,
    failed_rows,
    hand_over,
    header_with,
    left_open,
    questions,
    to_fill_in,
)
from qjmap.project import shown_path
from qjmap.schema import TABLES
from qjmap.tables import TableFrame
from qjmap.tables import columns as cols
from qjmap.tables.parts import Part, folder_parts, read_part

Header = tuple[tuple[str, int], ...]
"""Columns by name, and by which of several of that name it is."""


def locate_parts(
    locator: Everywhere, file: Path, out: Path, engine: Engine | None = None, *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[int, int]:  # fmt: skip
    """As `of_table.locate_file`, for a folder of CSV and Parquet files, or one great file.

    The result has the columns of the first part, then those that other parts have besides. Where parts order their columns
    alike it has the bytes that the rows give in one table.

    Raises
    ------
    DataFaults : the program itself failed on some rows; the result is written all the same, with these rows unresolved.
    """
    parts = folder_parts(file, shown_path(file))
    running = engine or Here()
    header: Header = ()
    total = 0
    for one, rows in running.map(_header, parts, file):
        header, total = tuple(dict.fromkeys((*header, *one))), total + rows
    count = resolved = 0
    missing: Missing = {}
    failures: list[Fault] = []
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder) / "located.csv"
        with beside.open("wb") as sheet:
            sheet.write(_csv([header_with([name for name, _ in header], ADDED)]).encode("utf-8-sig"))
            for done in running.map(_located, parts, running.share((locator, header))):
                sheet.write(done.lines)
                for question, (row, reason) in done.missing.items():
                    if len(missing) < LISTED:
                        missing.setdefault(question, (count + row, reason))
                failures += done.failures
                count, resolved = count + done.rows, resolved + done.resolved
                if progress:
                    progress(count, total)
        hand_over(beside, out, to_fill_in(locator, missing) if resolved < count else None)
    if failures:
        raise DataFaults(failures)
    return count, resolved


@dataclass(frozen=True)
class _Located:
    lines: bytes
    rows: int
    resolved: int
    missing: Missing
    failures: list[Fault]


def _header(part: Part, file: Path) -> tuple[Header, int]:
    read = read_part(part, TABLES["sites"])
    check_columns(read, file)
    return _named(read), len(read.frame)


def _named(read: TableFrame) -> Header:
    return tuple((name, read.header[:at].count(name)) for at, name in enumerate(read.header))


def _located(part: Part, shared: tuple[Everywhere, Header]) -> _Located:
    locator, header = shared
    read = read_part(part, TABLES["sites"])
    count, areas = len(read.frame), _in_order(areas_of(read), header)
    cells = dict(zip(_named(read), read.cells, strict=True))
    missing: Missing = {}
    failures: list[Fault] = []
    lines, lost = [], 0
    for start in range(0, count, ROWS):
        rows = slice(start, min(start + ROWS, count))
        texts, within = questions(read, areas, rows)
        found = locate_many(locator, texts, within if areas else None)
        answers = zip(*(found[name] for name in ADDED), strict=True)
        blank = [""] * len(texts)
        typed = zip(*(cols.objects(cells[name][rows]) if name in cells else blank for name in header), strict=True)
        lines.append(_csv([*row, *answer_cells(answer)] for row, answer in zip(typed, answers, strict=True)))
        lost += left_open(missing, texts, within, found, start)
        failures += failed_rows(read, texts, found, start)
    return _Located("".join(lines).encode(), count, count - lost, missing, failures)


def _in_order(areas: Sequence[str], header: Header) -> list[str]:
    """Columns of areas in the order of the result, the place last."""
    places = {name: at for at, (name, _) in reversed([*enumerate(header)])}
    return sorted(areas, key=lambda name: (name == "place", places.get(name, 0)))


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
