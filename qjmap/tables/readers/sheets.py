"""The visible worksheets of a workbook: name, header, number of rows, and the table of the project that the name means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qjmap.grammar import grammar
from qjmap.project import display_path
from qjmap.schema import TABLES, fold
from qjmap.tables.readers import detect_kind
from qjmap.tables.readers.find_header_row import most_headers, rows_to_grid
from qjmap.tables.readers.read_bytes import first_bytes, read_file_bytes
from qjmap.tables.readers.spreadsheet_xml import spreadsheet_rows
from qjmap.tables.readers.workbook import Rows, is_explanation, workbook_rows

__all__ = ["Sheet", "is_explanation", "sheets_of", "table_of_name"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible worksheet.

    Attributes
    ----------
    header : the header cells that `rows_to_grid` finds for `table`; if that is None, for the table of which the worksheet has most headers.
    rows : number of data rows.
    table : name of the table that the worksheet is named after; None if it is named after none.
    """

    name: str
    header: tuple[str, ...]
    rows: int
    table: str | None


def sheets_of(path: Path, *, shown: str | None = None) -> list[Sheet]:
    """Return the visible worksheets of a workbook in their order, all if every one is hidden, empty ones included; [] for any other file.

    Sheets that cannot be read, such as sheets of charts, are left out.

    Parameters
    ----------
    shown : the file's name in messages; by default its path relative to the current folder.

    Raises
    ------
    UsageError : the file cannot be opened, or the workbook is damaged, has a password or exceeds a limit.
    """
    name = shown if shown is not None else display_path(path)
    return [_sheet(title, rows, name) for title, rows in _rows_by_sheet(path, name).items()]


def table_of_name(name: str) -> str | None:
    """Return the table that the name of a worksheet means, by the last word in it that means one; None without such a word.

    Words that name other things as well (list `weak` of the grammar) count only if there is no other.
    """
    plain, folded = unicodedata.normalize("NFKC", name).casefold(), fold(name)
    if folded in TABLES:
        return folded
    words = grammar("sheets")
    return _last_named(plain, folded, words["tables"]) or _last_named(plain, folded, words["weak"])


def _last_named(plain: str, folded: str, words_by_table: Mapping[str, Sequence[str]]) -> str | None:
    """Return the table whose word ends last in the name of a worksheet; of words that end at the same place the longest counts.

    None if no word occurs in the name.

    Parameters
    ----------
    plain, folded : the name in NFKC and case folded, in which Latin words are searched for; and as `fold` returns it, for other words.
    words_by_table : table -> words that mean it.
    """
    found = [
        (end, len(word), table)
        for table, words in words_by_table.items()
        for word in words
        for end in _ends(word, plain, folded)
    ]
    return max(found)[2] if found else None


def _ends(word: str, plain: str, folded: str) -> Iterator[int]:
    """Yield, for each occurrence of a word, where it ends relative to the end of a name: 0 or a negative number of characters.

    Latin words must be whole words of `plain`; of other words only the last occurrence in `folded` counts.
    """
    if word.isascii():
        for match in re.finditer(rf"(?<![a-z]){re.escape(word)}(?![a-z])", plain):
            yield match.end() - len(plain)
    elif (start := folded.rfind(fold(word))) >= 0:
        yield start + len(fold(word)) - len(folded)


def _sheet(name: str, rows: Rows, shown: str) -> Sheet:
    """Describe a worksheet; if its name means no table, it is read as the table of which it has most headers."""
    table = table_of_name(name)
    definition = TABLES[table] if table else max(TABLES.values(), key=lambda each: most_headers(rows, each))
    grid = rows_to_grid(rows, definition, shown=shown, sheet=name)
    return Sheet(name, tuple(grid.header), len(grid.numbers), table)


def _rows_by_sheet(path: Path, shown: str) -> Mapping[str, Rows]:
    """Return worksheet -> its rows; empty for a file that is no workbook."""
    head = first_bytes(path, shown, detect_kind.HEAD_BYTES)
    content = detect_kind.kind_of_head(head, path.suffix.lower())
    if content == "spreadsheet-xml":
        return spreadsheet_rows(read_file_bytes(path, shown), shown=shown)
    if content not in ("zip", "ole"):
        return {}
    data = read_file_bytes(path, shown)
    return workbook_rows(data, shown=shown) if detect_kind.kind_inside(data, content) == "workbook" else {}
