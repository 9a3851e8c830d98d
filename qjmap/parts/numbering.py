"""Rows of many parts under one count, and back: a message names the file and the row in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qjmap.errors import Fault


@dataclass(frozen=True)
class Numbering:
    """How the rows of one table's files are counted on.

    Attributes
    ----------
    shown : the table as messages show it: its file, or its folder.
    files : as messages show them.
    bases : what is added to the row numbers of each, ascending.
    """

    shown: str
    files: Sequence[str]
    bases: Sequence[int]

    def place(self, row: int) -> tuple[str, int]:
        """The file of a row, and its number there."""
        at = max(bisect_right(self.bases, row - 1) - 1, 0)
        return self.files[at], row - self.bases[at]


def told(fault: Fault, numberings: Mapping[str, Numbering]) -> Fault:
    """A fault with the file and the row that a reader finds."""
    params = dict(fault.params)
    other = numberings.get(str(params.get("file_of", "")))
    if other is not None and isinstance(params.get("row_of"), int):
        params["file_of"], params["row_of"] = other.place(params["row_of"])  # type: ignore[arg-type]
    own = numberings.get(fault.file)
    file, row = fault.file, fault.row
    if own is not None:
        if row is not None:
            file, row = own.place(row)
        rows = params.get("rows")
        if isinstance(rows, list):
            places = [own.place(one) for one in rows]
            if len({where for where, _ in places}) == 1:
                file, params["rows"] = places[0][0], [one for _, one in places]
            else:
                params["rows"] = [f"{where.rpartition('/')[2]}:{one}" for where, one in places]
    return replace(fault, file=file, row=row, params=params)
