"""Number the rows of several files consecutively, and map the numbers back to file and row for messages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qjmap.errors import Fault


@dataclass(frozen=True)
class RowNumbers:
    """Consecutive row numbers over the files of one table.

    Attributes
    ----------
    shown : name of the table in messages: its file or its folder.
    files : the files' names in messages.
    offsets : for each file the number that is added to its own row numbers; ascending.
    """

    shown: str
    files: Sequence[str]
    offsets: Sequence[int]

    def offset(self, file: str) -> int:
        """Return the number that is added to the row numbers of a file."""
        return self.offsets[self.files.index(file)]

    def locate(self, row: int) -> tuple[str, int]:
        """Return the file of a row, and its row number in that file."""
        index = max(bisect_right(self.offsets, row - 1) - 1, 0)
        return self.files[index], row - self.offsets[index]


def in_its_file(fault: Fault, tables: Mapping[str, RowNumbers]) -> Fault:
    """Return the fault with the file of its rows and their numbers in that file, instead of the table and numbers over all files.

    The other row that the parameters `file_of` and `row_of` name is located likewise. If the parameter `rows` names rows of several files,
    the fault keeps the name of the table, and each row becomes a text file:row with the file's name without folders.
    A fault of any other table than those in `tables` keeps its file and row.

    Parameters
    ----------
    tables : name of a table in messages -> its row numbers.
    """
    params = dict(fault.params)
    other = tables.get(str(params.get("file_of", "")))
    if other is not None and isinstance(params.get("row_of"), int):
        params["file_of"], params["row_of"] = other.locate(params["row_of"])  # type: ignore[arg-type]
    numbers = tables.get(fault.file)
    file, row = fault.file, fault.row
    if numbers is not None:
        if row is not None:
            file, row = numbers.locate(row)
        rows = params.get("rows")
        if isinstance(rows, list):
            places = [numbers.locate(number) for number in rows]
            if len({name for name, _ in places}) == 1:
                file, params["rows"] = places[0][0], [number for _, number in places]
            else:
                params["rows"] = [f"{name.rpartition('/')[2]}:{number}" for name, number in places]
    return replace(fault, file=file, row=row, params=params)
