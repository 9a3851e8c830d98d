"""A file as rows of texts: where its header stands, what is data and what stands above and below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qjmap.errors import Fault
from qjmap.messages import Note
from qjmap.schema import FAULT_COLUMN, Table, fold
from qjmap.tables.headers import header
from qjmap.tables.limits import check_limit, limit

LOOK = 30
"""Rows in which the header is looked for."""
TOTALS = frozenset(
    fold(word) for word in ("合计", "总计", "小计", "共计", "总数", "汇总", "total", "totals", "sum", "grand total")
)
"""What the last row begins with when it sums up the others."""

_HXL = re.compile(r"\s*#[a-z]")


@dataclass
class Grid:
    """A file as rows of texts.

    Attributes
    ----------
    header : as typed, one per column.
    rows : the data rows, each as long as the header.
    numbers : the row number of each, as the file's reader counts.
    faults, notes : what was found on the way.
    encoding, delimiter : of a text file, else "".
    sheet : of a workbook, else None.
    letters : the columns have letters, as those of a spreadsheet.
    header_row : its number.
    columns : the same cells by column, as object arrays or over Arrow (`columns`), instead of `rows`, which is empty then:
        large files are read so. They may be read-only: who changes cells makes a new column (`columns.each`).
    datum, reference : what the file states of all its positions: a datum of the tables, and the name of the coordinate
        reference system that it goes by; "" where it states none.
    """

    header: list[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
    sheet: str | None = None
    letters: bool = True
    header_row: int = 1
    columns: list[Any] | None = None
    datum: str = ""
    reference: str = ""


def recognised(row: Sequence[str], table: Table) -> int:
    """How many different columns of `table` the cells of a row name."""
    return len({header(cell, table).column for cell in row if cell and len(cell) < 60} - {None})


def lay_out(
    rows: Sequence[Sequence[str]], table: Table, *, shown: str, first: int = 1, sheet: str | None = None
) -> Grid:
    """Find the header among the first rows, and what stands above and below the data.

    Parameters
    ----------
    first : the number of the first row.

    Raises
    ------
    UsageError : there are more rows, or more columns that hold anything, than the limits admit.
    """
    check_limit("rows", len(rows), shown=shown)
    if (widest := max(map(len, rows[:LOOK]), default=0)) > limit("columns"):
        widest = max(sum(1 for cell in row if cell.strip()) for row in rows[:LOOK])
        check_limit("columns", widest, shown=shown)
    notes: list[Note] = []
    faults: list[Fault] = []
    ours = len(table.names)  # more than any row can name: a file of refused rows has its header where our column is
    scored = [
        (recognised(row, table) + ours * (fold(row[-1]) == fold(FAULT_COLUMN)), -at)
        for at, row in enumerate(rows[:LOOK])
        if any(cell.strip() for cell in row)
    ]
    if not scored:
        return Grid([], [], [], [Fault(shown, None, None, None, "file-empty", sheet=sheet)], notes, sheet=sheet)
    top = -max(scored)[1] if max(scored)[0] else -scored[0][1]
    titles = [at for known, at in ((known, -at) for known, at in scored) if at < top]
    if titles:
        notes.append(Note("note-above", {"rows": [first + at for at in titles]}))
    heads = [cell.strip("\ufeff") for cell in rows[top]]
    body = rows[top + 1 :]
    width = len(heads)
    while width and not heads[width - 1].strip():
        width -= 1  # an empty header at the end is a column only if a cell stands under it
    if width < len(heads):
        used = [at for at in range(width, len(heads)) if any(len(row) > at and row[at].strip() for row in body)]
        width = used[-1] + 1 if used else width
    heads = [head if head.strip() else f"列{at + 1}" for at, head in enumerate(heads[:width])]
    # Our own remark on rows that we refused: every row of such a file is one.
    refused = {fold(head): at for at, head in enumerate(heads)}.get(fold(FAULT_COLUMN))
    kept: list[Sequence[str]] = []
    numbers: list[int] = []
    hxl: list[int] = []
    for number, row in enumerate(body, first + top + 1):
        length = len(row)
        if length < width:
            if not length or not any(cell.strip() for cell in row):
                continue
            row = [*row, *[""] * (width - length)]
        elif length > width:
            extra = [cell for cell in row[width:] if cell.strip()]
            row = row[:width]
            if extra:
                faults.append(Fault(shown, number, None, extra[0], "row-too-long", {"width": width}, sheet=sheet))
        if not row[0].strip() and not any(cell.strip() for cell in row):
            continue
        if number == first + top + 1 and refused is None and all(_HXL.match(cell) for cell in row if cell.strip()):
            hxl.append(number)
            continue
        kept.append(row)
        numbers.append(number)
    if hxl:
        notes.append(Note("note-hxl", {"rows": hxl}))
    totals: list[int] = []
    while kept and refused is None and fold(next(cell for cell in kept[-1] if cell.strip())) in TOTALS:
        totals.insert(0, numbers.pop())
        kept.pop()
    if totals:
        notes.append(Note("note-totals", {"rows": totals}))
    if refused is not None:
        heads = heads[:refused] + heads[refused + 1 :]
        kept = [[*row[:refused], *row[refused + 1 :]] for row in kept]
    return Grid(heads, kept, numbers, faults, notes, sheet=sheet, header_row=first + top)


def letter_of(at: int) -> str:
    """The letter of a spreadsheet's column, counted from 0: A, B, ... Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
