"""Delimited text -> a grid: delimiter, quotation marks, large files by columns, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from qjmap.collector import uncollected
from qjmap.errors import Fault
from qjmap.messages import Note
from qjmap.schema import FAULT_COLUMN, Table, fold
from qjmap.tables.encodings import Decoded, encoding_name, refuse_unclear
from qjmap.tables.grids import LOOK, TOTALS, Grid, lay_out, recognised
from qjmap.tables.limits import limit

_DELIMITER_NAMES = {
    ",": {"zh": "逗号", "en": "commas"},
    "\t": {"zh": "制表符", "en": "tabs"},
    ";": {"zh": "分号", "en": "semicolons"},
    "，": {"zh": "全角逗号", "en": "full-width commas"},
    "|": {"zh": "竖线", "en": "bars"},
}
DELIMITERS = tuple(_DELIMITER_NAMES)
_LARGE = 2_000_000  # characters from which reading by columns pays
_TOP = 2_000_000  # characters in which the header is looked for

csv.field_size_limit(2**31 - 1)  # a description may be as long as it likes


def read_text(decoded: Decoded, table: Table, *, shown: str) -> Grid:
    """The grid of a delimited text.

    Raises
    ------
    UsageError : no encoding gives a text that looks like one.
    """
    refuse_unclear(decoded, shown)
    text, data = decoded.text, decoded.data
    told = re.match(r"sep=(.)\r?\n?", text) if text.startswith("sep=") else None
    if told:  # Excel's own hint; Excel hides the line, and so does the count of rows
        text, data = text[told.end() :], b""
    delimiter = told[1] if told else find_delimiter(text, table)
    grid, open_quote = _quick(text, delimiter, table, data) if len(text) > _LARGE else None, list[int]()
    if grid is None:
        rows, open_quote = split(text, delimiter)
        grid = lay_out(rows, table, shown=shown)
    annotate(grid, decoded, delimiter, shown)
    if open_quote:
        grid.faults.append(Fault(shown, None, None, None, "quote-open", {"rows": open_quote}))
    return grid


def annotate(grid: Grid, decoded: Decoded, delimiter: str, shown: str) -> None:
    """Say on the grid how the file was read."""
    grid.encoding, grid.delimiter = decoded.encoding, delimiter
    how = {
        "encoding": encoding_name(decoded.encoding),
        "why": _why(decoded),
        "delimiter": _DELIMITER_NAMES.get(delimiter, delimiter),
    }
    grid.notes.insert(0, Note("note-encoding", {"file": shown, **how}))
    if decoded.close:
        params = {"encoding": encoding_name(decoded.encoding), "other": encoding_name(decoded.close)}
        grid.faults.append(Fault(shown, None, None, None, "encoding-close", params, "warning"))
    if decoded.broken:
        params = {"encoding": encoding_name(decoded.encoding)}
        grid.faults.append(Fault(shown, None, None, None, "encoding-broken", params, "warning"))


def _quick(text: str, delimiter: str, table: Table, data: bytes = b"") -> Grid | None:
    """A large and even file by columns, three times as fast as row by row; None for a file that has anything unusual about it."""
    import numpy as np
    import pandas as pd

    from qjmap.tables.columns import each

    if "\0" in text or text.count('"') % 2:
        return None
    if (found := plain_header(text, delimiter, table)) is None:
        return None
    top, heads = found
    try:  # one column more than there are headers: a row that is too long fills it, or fails
        frame = pd.read_csv(
            io.BytesIO(data or text.encode()),  # the parser wants bytes; given a text it would encode it piece by piece
            sep=delimiter,
            header=None,
            names=range(len(heads) + 1),
            dtype=object,
            na_filter=False,
            skip_blank_lines=False,
        )
    except (ValueError, pd.errors.ParserError):
        return None
    columns = [frame[at].to_numpy(dtype=object) for at in range(len(heads) + 1)]
    if len(columns[0]) <= top or any(type(column[-1]) is not str for column in columns[:-1]) or any(columns.pop()):
        return None
    columns = [column[top + 1 :] for column in columns]
    if _may_be_guarded(text):
        columns = [each(column, unguarded) for column in columns]
    numbers = np.arange(top + 2, top + 2 + len(columns[0]))
    hollow = np.flatnonzero(columns[0] == "").tolist()
    if " " in (whole := "".join(columns[0])) or not whole.isprintable():  # every other blank is not printable
        hollow = [at for at, cell in enumerate(columns[0]) if not cell or cell.isspace()]
    blank = [at for at in hollow if not any(column[at].strip() for column in columns)]
    if blank:
        columns, numbers = [np.delete(column, blank) for column in columns], np.delete(numbers, blank)
    if len(numbers) and fold(next((column[-1] for column in columns if column[-1].strip()), "")) in TOTALS:
        return None
    return Grid(heads, [], numbers.tolist(), header_row=top + 1, columns=columns)


def plain_header(text: str, delimiter: str, table: Table) -> tuple[int, list[str]] | None:
    """Where the header of an even file stands, counted from 0, and its cells; None where it is not that simple."""
    reader = csv.reader(io.StringIO(text[:_TOP], newline=""), delimiter=delimiter)
    first = [unguarded(row) for row, _ in zip(reader, range(LOOK), strict=False)]
    if max(map(len, first)) > limit("columns"):
        return None
    known = [recognised(row, table) for row in first]
    top = known.index(max(known))
    heads = first[top]
    plain = (
        top + 1 < len(first)
        and known[top]
        and not any(any(row) for row in first[:top])
        and all(head.strip() for head in heads)
    )
    if (
        not plain
        or fold(FAULT_COLUMN) in map(fold, heads)
        or any(cell.strip().startswith("#") for cell in first[top + 1])
    ):
        return None
    return top, heads


def split(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Rows of cells without their guards, and the numbers of rows in which a quotation mark is opened and never closed.

    A spreadsheet counts a record as a row, however many lines a quoted cell spans; so do we. A mark that is never closed
    would swallow the rest of the file: then every line is a row and the marks stand for themselves.
    """
    with uncollected():  # millions of small strings
        rows, odd = _records(text, delimiter)
        return [unguarded(row) for row in rows] if _may_be_guarded(text) else rows, odd


def _records(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    if text.count('"') % 2:
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)), []
        except csv.Error:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE))
            odd = [at for at, row in enumerate(rows, 1) if sum(cell.count('"') for cell in row) % 2]
            return [[_unquoted(cell) for cell in row] for row in rows], odd
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), []


def _unquoted(cell: str) -> str:
    whole = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if whole else cell


def find_delimiter(text: str, table: Table) -> str:
    """The delimiter under which the first rows hold the most headers that `table` knows, then the most even rows."""
    sample = text[: 64 * 1024]
    best, found = (-1, -1, 0), ","
    for at, delimiter in enumerate(DELIMITERS):
        try:
            reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            rows = [unguarded(row) for row, _ in zip(reader, range(LOOK), strict=False)]
        except csv.Error:
            continue
        known = max((recognised(row, table) for row in rows), default=0)
        if any(row and fold(row[-1]) == fold(FAULT_COLUMN) for row in rows):  # a file of refused rows
            known += len(table.names)
        widths = [len(row) for row in rows if row]
        even = max((widths.count(width) for width in set(widths) if width > 1), default=0)
        if (known, even, -at) > best:
            best, found = (known, even, -at), delimiter
    return found


_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
"""What a formula begins with: full-width and small signs are typed as such by Chinese input methods."""
_BEFORE_SIGNS = r"\x00-\x20\x7f-\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
"""Blanks and what nobody sees, which a spreadsheet may pass over before a sign."""
_FORMULA = re.compile(rf"'*(?:[\t\r\n]|[{_BEFORE_SIGNS}]*[{_SIGNS}])")
_PLAIN_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")


def neutralised(cell: str) -> str:
    """A cell that a spreadsheet will not run: `=1+1` gets an apostrophe before it. Plain numbers need none."""
    return "'" + cell if _FORMULA.match(cell) and not _PLAIN_NUMBER.fullmatch(cell) else cell


def unneutralised(cell: str) -> str:
    """What `neutralised` was given."""
    return cell[1:] if cell[:1] == "'" and neutralised(cell[1:]) == cell else cell


def unguarded(cells: Sequence[str]) -> list[str]:
    """Cells without what keeps a spreadsheet from running or changing them: our apostrophe, and the ="text" of ERP systems."""
    return [_unguarded(cell) if cell[:1] in ("'", "=") else cell for cell in cells]


def _unguarded(cell: str) -> str:
    if cell[0] == "'":
        return unneutralised(cell)
    inside = cell[2:-1]
    whole = len(cell) > 2 and cell[1] == cell[-1] == '"' and '"' not in inside.replace('""', "")
    return inside.replace('""', '"') if whole else cell


def _may_be_guarded(text: str) -> bool:
    return "'" in text or '="' in text


def _why(decoded: Decoded) -> dict[str, str]:
    return {
        "mark": {"zh": "文件开头有标记", "en": "the file begins with its mark"},
        "strict": {"zh": "全部字节符合", "en": "every byte fits"},
        "zeros": {"zh": "按零字节的位置判断", "en": "by where its zero bytes stand"},
        "score": {"zh": "按常用字判断", "en": "by its common characters"},
        "told": {"zh": "按指定", "en": "as told"},
    }[decoded.why]
