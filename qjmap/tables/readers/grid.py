"""Grid: a file as a header and rows, or columns, of texts. Every reader returns one."""

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
    header : header of each column, as typed.
    rows : the data rows, each as long as the header.
    numbers : row number of each row, as a spreadsheet or text editor shows it; features are numbered from 1.
    faults, notes : what the reader reports.
    encoding, delimiter : of a text file, else "".
    sheet : name of the worksheet in a workbook, else None.
    letters : whether messages name columns also by letter, as in a spreadsheet (A, B, ...).
    header_row : row number of the header; 0 if the file has none.
    columns : the cells by column (object arrays, or Arrow columns) instead of `rows`, which is then empty; used for large files.
        They may be read-only: to change cells, make a new column (`columns.operations.map_unique`).
    datum, reference : what the file states about all its positions: a datum of the tables (or, with `shapes`, the name of a datum that no
        table takes), and the name of the coordinate reference system; "" if it states none.
    shapes : shapely geometry of each row, None for a row without one, if geometries are kept (`features_to_grid.kept_shapes`); else None.
    transformer : pyproj.Transformer of the coordinates of `shapes` to degrees; None if they are degrees.
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
    """Return the letters of a spreadsheet's column by its index from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def other_layers_note(shown: str, layer: str | list[str], others: list[str]) -> list[Note]:
    """Return a list with one note about the layers or members of a file that were not read (`others`); an empty list if there are none.

    `layer` names those that were read.
    """
    return [Note("note-layers", {"file": shown, "layer": layer, "others": others})] if others else []
