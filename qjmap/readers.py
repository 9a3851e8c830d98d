"""A file -> a grid of texts: the cells as typed, the header's place, the row numbers that a reader of the file would count.

No meaning is given to any cell here; that is what `tables` does with the grid.
"""

from __future__ import annotations

import csv
import gc
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qjmap.encodings import Decoded, decode
from qjmap.errors import Fault, UsageError
from qjmap.headers import header
from qjmap.messages import Note
from qjmap.schema import FAULT_COLUMN, Table, fold

DELIMITERS = (",", "\t", ";", "，", "|")
_LOOK = 30  # rows in which the header is looked for
_TOTALS = frozenset(
    fold(word) for word in ("合计", "总计", "小计", "共计", "总数", "汇总", "total", "totals", "sum", "grand total")
)

_LARGE = 2_000_000  # characters from which reading by columns pays

_HXL = re.compile(r"\s*#[a-z]")

csv.field_size_limit(2**31 - 1)  # a description may be as long as it likes


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
    columns : the same cells by column, as object arrays, instead of `rows`, which is empty then: large files are read so.
    """

    header: list[str]
    rows: Sequence[Sequence[str]]
    numbers: list[int]
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
    sheet: str | None = None
    letters: bool = True
    header_row: int = 1
    columns: list[Any] | None = None


def read_grid(path: Path, table: Table, *, shown: str, encoding: str | None = None, sheet: str | None = None) -> Grid:
    """The grid of any file that is understood, told by its first bytes, then by its name.

    Raises
    ------
    UsageError : there is no such file, it cannot be opened, it is of no known kind, or it has no such sheet.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError("file-missing", path=shown) from None
    except IsADirectoryError:
        raise UsageError("file-folder", path=shown) from None
    except PermissionError:
        raise UsageError("file-in-use", path=shown) from None
    except OSError as error:
        raise UsageError("file-unreadable", path=shown, detail=error.strerror or str(error)) from None
    suffix = path.suffix.lower()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) and suffix not in (".kmz", ".zip"):
        from qjmap.workbooks import read_workbook

        return read_workbook(data, table, shown=shown, sheet=sheet)
    if suffix in (".geojson", ".json") or (
        data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and suffix not in (".csv", ".txt", ".tsv")
    ):
        from qjmap.features import read_geojson

        return read_geojson(data, shown=shown)
    if suffix in (".shp", ".zip", ".kml", ".gpkg", ".fgb"):
        from qjmap.features import read_vector

        return read_vector(path, shown=shown, layer=sheet)
    if b"\0" in data[:1024] and data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x1f\x8b")):
        raise UsageError("format-unknown", path=shown)
    try:
        decoded = decode(data, encoding)
    except LookupError:
        raise UsageError("encoding-unknown", encoding=encoding) from None
    return read_text(decoded, table, shown=shown)


def read_text(decoded: Decoded, table: Table, *, shown: str) -> Grid:
    """The grid of a delimited text."""
    text = decoded.text
    told = re.match(r"sep=(.)\r?\n?", text) if text.startswith("sep=") else None
    if told:  # Excel's own hint; Excel hides the line, and so does the count of rows
        text = text[told.end() :]
    delimiter = told[1] if told else find_delimiter(text, table)
    grid, open_quote = _quick(text, delimiter, table) if len(text) > _LARGE else None, list[int]()
    if grid is None:
        rows, open_quote = split(text, delimiter)
        grid = lay_out(rows, table, shown=shown)
    grid.encoding, grid.delimiter = decoded.encoding, delimiter
    grid.notes.insert(
        0, Note("note-encoding", {"file": shown, "encoding": encoding_name(decoded.encoding), "why": _why(decoded)})
    )
    if decoded.close:
        params = {"encoding": encoding_name(decoded.encoding), "other": encoding_name(decoded.close)}
        grid.faults.append(Fault(shown, None, None, None, "encoding-close", params, "warning"))
    if decoded.broken:
        params = {"encoding": encoding_name(decoded.encoding)}
        grid.faults.append(Fault(shown, None, None, None, "encoding-broken", params, "warning"))
    if open_quote:
        grid.faults.append(Fault(shown, None, None, None, "quote-open", {"rows": open_quote}))
    if any(mark + "'" in text for mark in (delimiter, "\n", "\r", '"')):
        if grid.columns is not None:
            for column in grid.columns:
                for at, cell in enumerate(column):
                    if cell[:1] == "'":
                        column[at] = unneutralised(cell)
        else:
            grid.rows = [[unneutralised(cell) if cell[:1] == "'" else cell for cell in row] for row in grid.rows]
    return grid


def _quick(text: str, delimiter: str, table: Table) -> Grid | None:
    """A large and even file by columns, three times as fast as row by row; None for a file that has anything unusual about it."""
    import numpy as np
    import pandas as pd

    if "\0" in text or text.count('"') % 2:
        return None
    reader = csv.reader(io.StringIO(text[:_LARGE], newline=""), delimiter=delimiter)
    first = [row for row, _ in zip(reader, range(_LOOK), strict=False)]
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
    try:  # one column more than there are headers: a row that is too long fills it, or fails
        frame = pd.read_csv(
            io.BytesIO(text.encode()),  # the parser wants bytes; given a text it would encode it piece by piece
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
    numbers = np.arange(top + 2, top + 2 + len(columns[0]))
    hollow = [at for at, cell in enumerate(columns[0]) if not cell or cell.isspace()]
    blank = [at for at in hollow if not any(column[at].strip() for column in columns)]
    if blank:
        columns, numbers = [np.delete(column, blank) for column in columns], np.delete(numbers, blank)
    if len(numbers) and fold(next((column[-1] for column in columns if column[-1].strip()), "")) in _TOTALS:
        return None
    return Grid(heads, [], numbers.tolist(), header_row=top + 1, columns=columns)


def split(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Rows of cells, and the numbers of rows in which a quotation mark is opened and never closed.

    A spreadsheet counts a record as a row, however many lines a quoted cell spans; so do we. A mark that is never closed
    would swallow the rest of the file: then every line is a row and the marks stand for themselves.
    """
    collecting = gc.isenabled()
    gc.disable()  # millions of small strings, none of them garbage
    try:
        if text.count('"') % 2:
            try:
                return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)), []
            except csv.Error:
                rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE))
                odd = [at for at, row in enumerate(rows, 1) if sum(cell.count('"') for cell in row) % 2]
                return [[_unquoted(cell) for cell in row] for row in rows], odd
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), []
    finally:
        if collecting:
            gc.enable()


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
            rows = [row for row, _ in zip(reader, range(_LOOK), strict=False)]
        except csv.Error:
            continue
        known = max((recognised(row, table) for row in rows), default=0)
        widths = [len(row) for row in rows if row]
        even = max((widths.count(width) for width in set(widths) if width > 1), default=0)
        if (known, even, -at) > best:
            best, found = (known, even, -at), delimiter
    return found


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
    """
    notes: list[Note] = []
    faults: list[Fault] = []
    scored = [(recognised(row, table), -at) for at, row in enumerate(rows[:_LOOK]) if any(cell.strip() for cell in row)]
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
        if number == first + top + 1 and all(_HXL.match(cell) for cell in row if cell.strip()):
            hxl.append(number)
            continue
        kept.append(row)
        numbers.append(number)
    if hxl:
        notes.append(Note("note-hxl", {"rows": hxl}))
    totals: list[int] = []
    while kept and fold(next(cell for cell in kept[-1] if cell.strip())) in _TOTALS:
        totals.insert(0, numbers.pop())
        kept.pop()
    if totals:
        notes.append(Note("note-totals", {"rows": totals}))
    at = {fold(head): index for index, head in enumerate(heads)}.get(fold(FAULT_COLUMN))
    if at is not None:  # our own remark on a row that we refused
        heads = heads[:at] + heads[at + 1 :]
        kept = [[*row[:at], *row[at + 1 :]] for row in kept]
    return Grid(heads, kept, numbers, faults, notes, sheet=sheet, header_row=first + top)


def letter_of(at: int) -> str:
    """The letter of a spreadsheet's column, counted from 0: A, B, ... Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_FORMULA = re.compile(r"^'*[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"^[-+]?\d+(?:\.\d+)?$")


def neutralised(cell: str) -> str:
    """A cell that a spreadsheet will not run: `=1+1` gets an apostrophe before it. Plain numbers need none."""
    return "'" + cell if _FORMULA.match(cell) and not _PLAIN_NUMBER.match(cell) else cell


def unneutralised(cell: str) -> str:
    """What `neutralised` was given."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell[1:]) and not _PLAIN_NUMBER.match(cell[1:]) else cell


_NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "gb18030": "GB18030/GBK", "big5hkscs": "Big5", "big5": "Big5", "gbk": "GBK",
    "utf-16": "UTF-16", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE", "utf-32": "UTF-32", "gb2312": "GB2312",
}  # fmt: skip


def encoding_name(encoding: str) -> str:
    """The name that people know an encoding by."""
    return _NAMES.get(encoding, encoding)


def _why(decoded: Decoded) -> dict[str, str]:
    return {
        "mark": {"zh": "文件开头有标记", "en": "the file begins with its mark"},
        "strict": {"zh": "全部字节符合", "en": "every byte fits"},
        "zeros": {"zh": "按零字节的位置判断", "en": "by where its zero bytes stand"},
        "score": {"zh": "按常用字判断", "en": "by its common characters"},
        "only": {"zh": "其他编码都不符合", "en": "no other fits"},
        "told": {"zh": "按指定", "en": "as told"},
    }[decoded.why]
