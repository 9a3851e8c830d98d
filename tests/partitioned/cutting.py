"""A project's sites as a folder of parts, cut however a test wants it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd


def cut_up(project: Path, to: Path, ends: Sequence[int], *, parquet: Sequence[int] = (), turned: bool = False) -> Path:
    """A copy whose sites end their parts after the given rows; some parts are Parquet, every second has its columns turned."""
    shutil.copytree(project, to)
    whole = to / "data" / "sites.csv"
    with whole.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    whole.unlink()
    folder = to / "data" / "sites"
    folder.mkdir()
    for number, (first, last) in enumerate(zip([0, *ends], [*ends, len(rows)], strict=True)):
        order = [*reversed(range(len(head)))] if turned and number % 2 else [*range(len(head))]
        some = [[row[at] for at in order] for row in rows[first:last]]
        columns = [head[at] for at in order]
        if number in parquet:
            frame = pd.DataFrame(some, columns=columns, dtype=object)
            frame.to_parquet(folder / f"part-{number:03}.parquet", index=False)
        else:
            with (folder / f"part-{number:03}.csv").open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, lineterminator="\n").writerows([columns, *some])
    return to


def row_in_one_table(file: str, row: int, ends: Sequence[int]) -> int:
    """The row of the one table that is this row of a part."""
    return row + [0, *ends][int(file.rpartition("-")[2].partition(".")[0])]
