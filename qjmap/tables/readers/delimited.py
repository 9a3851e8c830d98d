"""Read delimited text (CSV, TSV) row by row: delimiter, header, quotation marks. Also: protect cells against formula injection."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from qjmap.errors import Fault
from qjmap.i18n import Note
from qjmap.schema import FAULT_COLUMN, Table, fold
from qjmap.tables.readers.encoding import Decoded, encoding_name, refuse_unclear
from qjmap.tables.readers.find_header_row import HEADER_ROWS, count_headers, find_header, rows_to_grid
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.limits import limit
from qjmap.tables.readers.non_data_rows import RowKinds

_DELIMITER_NAMES = {
    ",": {"zh": "逗号", "en": "commas"},
    "\t": {"zh": "制表符", "en": "tabs"},
    ";": {"zh": "分号", "en": "semicolons"},
    "，": {"zh": "全角逗号", "en": "full-width commas"},
    "|": {"zh": "竖线", "en": "bars"},
}
DELIMITERS = tuple(_DELIMITER_NAMES)
_HEADER_CHARACTERS = 2_000_000
"""Number of characters at the start of a text in which the header is searched for."""

csv.field_size_limit(2**31 - 1)  # `limits` sets the limit on cells instead


def read_text(decoded: Decoded, table: Table, *, shown: str) -> Grid:
    """Return the grid of a delimited text, with notes and warnings about its encoding and delimiter.

    Raises
    ------
    UsageError : the encoding could not be determined, or there are more rows or columns than the limits allow.
    """
    refuse_unclear(decoded, shown)
    text = decoded.text
    declared = re.match(r"sep=(.)\r?\n?", text) if text.startswith("sep=") else None
    if declared:  # Excel's declaration of the delimiter; Excel hides this line and does not count it as a row
        text = text[declared.end() :]
    delimiter = declared[1] if declared else find_delimiter(text, table)
    rows, open_quote = split(text, delimiter)
    grid = rows_to_grid(rows, table, shown=shown)
    annotate(grid, decoded, delimiter, shown)
    if open_quote:
        grid.faults.append(Fault(shown, None, None, None, "quote-open", {"rows": open_quote}))
    return grid


def annotate(grid: Grid, decoded: Decoded, delimiter: str, shown: str) -> None:
    """Record encoding and delimiter on the grid, with a note. Warn if the encoding is uncertain or does not fit every byte."""
    grid.encoding, grid.delimiter = decoded.encoding, delimiter
    params = {
        "file": shown,
        "encoding": encoding_name(decoded.encoding),
        "why": _detection_reason(decoded),
        "delimiter": _DELIMITER_NAMES.get(delimiter, delimiter),
    }
    grid.notes.insert(0, Note("note-encoding", params))
    if decoded.runner_up:
        params = {"encoding": encoding_name(decoded.encoding), "other": encoding_name(decoded.runner_up)}
        grid.faults.append(Fault(shown, None, None, None, "encoding-close", params, "warning"))
    if decoded.broken:
        params = {"encoding": encoding_name(decoded.encoding)}
        grid.faults.append(Fault(shown, None, None, None, "encoding-broken", params, "warning"))


def plain_header(text: str, delimiter: str, table: Table) -> tuple[int, list[str]] | None:
    """Return the index of the header row, from 0, and its cells, if the header is simple; else None, and `rows_to_grid` must find it.

    A simple header is the first filled row, and one row only; it names a column of `table`, and has no empty cell and no column of faults.
    Some row below it is filled, and the first such row holds neither tags (#adm1) nor units.

    Parameters
    ----------
    text : the start of the file.
    """
    reader = csv.reader(io.StringIO(text[:_HEADER_CHARACTERS], newline=""), delimiter=delimiter)
    rows = [unguarded(row) for row, _ in zip(reader, range(HEADER_ROWS), strict=False)]
    if not rows or max(map(len, rows)) > limit("columns"):
        return None
    found = find_header(rows, table)
    if found is None or found.first != found.last:
        return None
    index, header = found.last, found.texts
    below = next((row for row in rows[index + 1 :] if any(map(str.strip, row))), None)
    if below is None:
        return None
    plain = (
        count_headers(header, table)
        and not any(any(row) for row in rows[:index])
        and all(head.strip() for head in header)
        and fold(FAULT_COLUMN) not in map(fold, header)
        and not any(cell.strip().startswith("#") for cell in below)
        and not (
            len(below) == len(header)
            and RowKinds(header, [header], table).find(1, lambda _: below, ()).get(0) == "units"
        )
    )
    return (index, header) if plain else None


def split(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Split a text into rows of `unguarded` cells; also return the numbers, from 1, of lines with an unclosed quotation mark.

    A record is one row, however many lines a quoted cell spans, as in spreadsheets. An unclosed quotation mark would turn the rest
    of the file into one cell. If there is one, every line is a row and quotation marks are ordinary characters.
    """
    rows, unclosed = _records(text, delimiter)
    return [unguarded(row) for row in rows] if "'" in text or '="' in text else rows, unclosed


def _records(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Do what `split` does, but leave apostrophes and the form ="text" in the cells."""
    if text.count('"') % 2:
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)), []
        except csv.Error:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE))
            unclosed = [number for number, row in enumerate(rows, 1) if sum(cell.count('"') for cell in row) % 2]
            return [[_unquoted(cell) for cell in row] for row in rows], unclosed
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), []


def _unquoted(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell


def find_delimiter(text: str, table: Table) -> str:
    """Return the delimiter with which one of the first rows names the most columns of `table`; of equals, the one that gives most rows the
    same length, then the first of `DELIMITERS`.
    """
    sample = text[: 64 * 1024]
    best_score, best = (-1, -1, 0), ","
    for index, delimiter in enumerate(DELIMITERS):
        try:
            reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            rows = [unguarded(row) for row, _ in zip(reader, range(HEADER_ROWS), strict=False)]
        except csv.Error:
            continue
        headers = max((count_headers(row, table) for row in rows), default=0)
        if any(row and fold(row[-1]) == fold(FAULT_COLUMN) for row in rows):  # a file of refused rows
            headers += len(table.names)
        widths = [len(row) for row in rows if row]
        score = headers, max((widths.count(width) for width in set(widths) if width > 1), default=0), -index
        if score > best_score:
            best_score, best = score, delimiter
    return best


_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
"""Characters that start a formula, as the content of a regular expression's brackets; Chinese input methods type the full-width and small
ones.
"""
_BEFORE_SIGNS = r"\x00-\x20\x7f-\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
"""Blanks, control and invisible characters, which a spreadsheet may ignore before such a sign."""
_FORMULA = re.compile(rf"'*(?:[\t\r\n]|[{_BEFORE_SIGNS}]*[{_SIGNS}])")
_PLAIN_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")


def neutralised(cell: str) -> str:
    """Protect a cell against evaluation by spreadsheets: `=1+1` gets an apostrophe in front; plain numbers stay as they are."""
    return "'" + cell if _FORMULA.match(cell) and not _PLAIN_NUMBER.fullmatch(cell) else cell


def all_neutralised(cells: Iterable[str]) -> list[str]:
    """Apply `neutralised` to each cell."""
    cells = list(cells)
    # Most cells start with a letter or digit, which no formula does.
    doubtful = {first for first in {cell[:1] for cell in cells} if first and not first.isalnum()}
    return [neutralised(cell) if cell[:1] in doubtful else cell for cell in cells] if doubtful else cells


def unneutralised(cell: str) -> str:
    """Undo `neutralised`."""
    return cell[1:] if cell[:1] == "'" and neutralised(cell[1:]) == cell else cell


def unguarded(cells: Sequence[str]) -> list[str]:
    """Undo what protects cells in spreadsheets: the apostrophe of `neutralised`, and the form ="text" that ERP systems write."""
    return [_unguarded(cell) if cell[:1] in ("'", "=") else cell for cell in cells]


def _unguarded(cell: str) -> str:
    """Do what `unguarded` does, for one cell that begins with an apostrophe or an equals sign."""
    if cell[0] == "'":
        return unneutralised(cell)
    inside = cell[2:-1]
    quoted = len(cell) > 2 and cell[1] == cell[-1] == '"' and '"' not in inside.replace('""', "")
    return inside.replace('""', '"') if quoted else cell


def _detection_reason(decoded: Decoded) -> dict[str, str]:
    """Return how the encoding was found, in words of both languages. The method must not be "unclear"."""
    return {
        "mark": {"zh": "文件开头有标记", "en": "the file begins with its mark"},
        "strict": {"zh": "全部字节符合", "en": "every byte fits"},
        "zeros": {"zh": "按零字节的位置判断", "en": "by where its zero bytes stand"},
        "score": {"zh": "按常用字判断", "en": "by its common characters"},
        "given": {"zh": "按指定", "en": "as told"},
    }[decoded.method]
