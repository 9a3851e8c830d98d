"""Large delimited text -> a grid by columns over Arrow, without the file's text ever being a Python string.

This road is for files that leave nothing to decide: UTF-8, evenly delimited, every quotation mark where it belongs.
Any other file gives None, and `delimited` reads it; whatever both can read, both read alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from qjmap.schema import Table, fold
from qjmap.tables import columns as cols
from qjmap.tables.delimited import annotate, unguarded
from qjmap.tables.encodings import Decoded
from qjmap.tables.grids import TOTALS, Grid
from qjmap.tables.scanning import Told, scanned


def read_large(path: Path, table: Table, *, shown: str, told: Told | None = None) -> Grid | None:
    """The grid of a large file of which there is a `scan`, whose parameters and errors these are; None for any other."""
    if path.stat().st_size <= cols.LARGE or (found := scanned(path, table, told)) is None:
        return None
    chunks, top = found.columns, found.top
    numbers: Any = range(top + 2, top + 2 + len(chunks[0]))
    blank = _blank_rows(chunks)
    if blank.any():
        chunks = [chunk.filter(~blank) for chunk in chunks]
        numbers = np.asarray(numbers)[~blank].tolist()
    if len(numbers) and fold(next((last for chunk in chunks if (last := chunk[-1].as_py()).strip()), "")) in TOTALS:
        return None
    grid = Grid(found.heads, [], numbers, header_row=top + 1, columns=[])
    while chunks:  # one at a time: what a column no longer needs is free for the next
        grid.columns.append(_column(chunks.pop(0)))  # type: ignore[union-attr]
    cols.release()
    how = Decoded("", "utf-8-sig", "mark") if found.marked else Decoded("", "utf-8", "strict")
    annotate(grid, how, found.delimiter, shown)
    return grid


def _blank_rows(chunks: list[Any]) -> Any:
    """Rows in which no cell holds more than blanks."""
    import pyarrow.compute as pc

    blank = np.ones(len(chunks[0]), dtype=bool)
    for chunk in chunks:
        blank &= pc.equal(pc.utf8_trim_whitespace(cols.spelled_out(chunk)), "").to_numpy()
        if not blank.any():
            break
    return blank


def _column(chunk: Any) -> Any:
    """A column without what keeps spreadsheets from running or changing its cells."""
    import pyarrow as pa
    import pyarrow.compute as pc

    few = pa.types.is_dictionary(chunk.type)
    pieces = (one.dictionary for one in chunk.chunks) if few else cols.spans(chunk)
    guarded = any(pc.any(pc.starts_with(one, mark), min_count=0).as_py() for one in pieces for mark in ("'", '="'))
    column = cols.compact(chunk)
    return cols.each(column, unguarded) if guarded else column
