"""Grid: a file as a header and rows, or columns, of texts, as every reader returns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qjmap.errors import Fault
from qjmap.i18n import Note


@dataclass
class Grid:
    """A file as texts, before any cell is given a meaning.

    Attributes
    ----------
    header : as typed, one per column.
    rows : the data rows, each as long as the header.
    numbers : the row number of each, as the file's own program counts.
    faults, notes : what the reader reports.
    encoding, delimiter : of a text file, else "".
    sheet : the worksheet, of a workbook, else None.
    letters : the columns have letters, as those of a spreadsheet.
    header_row : the row number of the header.
    columns : the cells by column (object arrays, or Arrow columns), instead of `rows`, which is empty then; large files are read so.
        They may be read-only: to change cells, make a new column (`columns.ops.map_unique`).
    datum, reference : what the file states of all its positions: a datum of the tables (or, with `shapes`, the name of one that no
        table takes), and the name of its coordinate reference system; "" where it states none.
    shapes : shapely geometries of the rows, None for none, where they are kept (`features_to_grid.kept_shapes`); else None.
    transformer : pyproj.Transformer of their coordinates to degrees; None when they are degrees.
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
    shapes: Any = None
    transformer: Any = None


def column_letter(index: int) -> str:
    """The letters of a spreadsheet's column, counted from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def other_layers_note(shown: str, layer: str | list[str], others: list[str]) -> list[Note]:
    """A note of the layers or members of a file that were not read, in a list; an empty list when there are none."""
    return [Note("note-layers", {"file": shown, "layer": layer, "others": others})] if others else []
