"""Split a project's table of sites into a folder of files at given rows."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd


def cut_up(project: Path, to: Path, ends: Sequence[int], *, parquet: Sequence[int] = (), turned: bool = False) -> Path:
    """Copy a project, with its sites split into files after the rows ``ends``.

    Parameters
    ----------
    parquet : numbers of the files that are written as Parquet instead of CSV.
    turned : whether every second file has its columns in reverse order.
    """
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
    """Return the number in the single table of a row in one of the files."""
    return row + [0, *ends][int(file.rpartition("-")[2].partition(".")[0])]
