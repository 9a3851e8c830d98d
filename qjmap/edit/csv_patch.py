"""Change cells and rows of a CSV file and keep every byte of the other rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from qjmap.tables.readers.delimited import all_neutralised, neutralised
from qjmap.tables.readers.encoding import decode

_LINE_END = re.compile(r"\r\n|\n|\r")
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class CsvPatch:
    """A CSV file in memory. Rows and columns can be added to it, rows deleted, and cells replaced.

    Parameters
    ----------
    data : the file's bytes; b"" for a new file.
    header : column names that a new file, or one of blanks only, gets as its first row; not used otherwise.
    delimiter : delimiter of the file.

    Raises
    ------
    ValueError : some bytes are invalid in the encoding of the file; the exception's argument is the name of that encoding.
    """

    def __init__(self, data: bytes, header: Sequence[str], delimiter: str = ",") -> None:
        self.delimiter = delimiter or ","
        self._mark = b""
        self._encoding = "utf-8"
        text = ""
        if data:
            decoded = decode(data)
            if decoded.broken:
                raise ValueError(decoded.encoding)
            self._encoding = decoded.encoding
            for mark, name in ((codecs.BOM_UTF8, "utf-8"), *_WIDE.items()):
                if data.startswith(mark):
                    self._mark, self._encoding = mark, name
            text = decoded.text if not self._mark else data[len(self._mark) :].decode(self._encoding)
        line_end = _LINE_END.search(text)
        self._line_end = line_end[0] if line_end else "\n"
        self._text = text
        self._added = ""
        self._data = data  # the file's bytes while rows are only appended, else b""
        if not text or text.isspace():
            self._text, self._data = self._line(all_neutralised(header)), b""

    @property
    def bytes(self) -> bytes:
        """Return the bytes of the changed file. Raise UnicodeEncodeError if its encoding lacks a character of the changes."""
        return (self._data or self._mark + self._text.encode(self._encoding)) + self._added.encode(self._encoding)

    def add_columns(self, names: Sequence[str], header_row: int = 1) -> None:
        """Add columns at the end of the header, which is record `header_row` (from 1).

        Rows are not changed: readers take the missing cells of a shorter row as empty.
        """
        start, end = self._spans()[header_row - 1]
        record = self._text[start:end]
        former = record.rstrip("\r\n")
        line_end = record[len(former) :] or self._line_end
        added = self._line(all_neutralised(names)).rstrip("\r\n")
        self._text = self._text[:start] + former + self.delimiter + added + line_end + self._text[end:]
        self._data = b""

    def replace(self, changes: Mapping[int, Mapping[int, str]]) -> None:
        """Replace cells, given as row number -> column (from 0) -> cell. Other rows keep their bytes, other cells their text."""
        if not changes:
            return
        spans, self._data = self._spans(), b""
        for number in sorted(changes, reverse=True):
            start, end = spans[number - 1]
            record = self._text[start:end]
            cells = next(csv.reader(io.StringIO(record, newline=""), delimiter=self.delimiter), [])
            for column, cell in changes[number].items():
                cells += [""] * (column + 1 - len(cells))
                cells[column] = neutralised(cell)
            line_end = record[len(record.rstrip("\r\n")) :]
            self._text = self._text[:start] + self._line(cells).rstrip("\r\n") + line_end + self._text[end:]

    def delete(self, numbers: Iterable[int]) -> None:
        """Delete rows by number, with their line ends. Call it after `replace`, because the numbers of later rows change."""
        rows = sorted(set(numbers), reverse=True)
        if not rows:
            return
        spans, self._data = self._spans(), b""
        for number in rows:
            start, end = spans[number - 1]
            self._text = self._text[:start] + self._text[end:]

    def append(self, rows: Sequence[Sequence[str]]) -> None:
        """Add rows at the end of the file, each with a cell for every column of the file."""
        self.append_columns(list(zip(*rows, strict=True)))

    def append_columns(self, columns: Sequence[Sequence[str]]) -> None:
        """Add rows at the end of the file. `columns` has, for each column of the file in order, the cells of all new rows."""
        if not columns or not columns[0]:
            return
        if not (self._added or self._text).endswith(("\n", "\r")):
            self._added += self._line_end
        # By id(), because the caller passes the same list for every empty column.
        guarded = {id(cells): all_neutralised(cells) for cells in columns}
        self._added += self._lines([guarded[id(cells)] for cells in columns])

    def _line(self, cells: Sequence[str]) -> str:
        return self._lines([[cell] for cell in cells])

    def _lines(self, columns: Sequence[Sequence[str]]) -> str:
        """Return rows, given as columns of equal length, as the text that `csv.writer` would write, in a third of its time."""
        rows = map(self.delimiter.join, zip(*map(self._quoted, columns), strict=True))
        lines = rows if len(columns) > 1 else (row or '""' for row in rows)
        return self._line_end.join([*lines, ""])

    def _quoted(self, cells: Sequence[str]) -> Sequence[str]:
        """Return the cells with quotation marks around those that contain a delimiter, quotation mark or line break."""
        special = [sign for sign in (self.delimiter, '"', "\r", "\n") if sign in "".join(cells)]
        if not special:
            return cells
        is_special = re.compile(f"[{re.escape(''.join(special))}]").search
        return ['"' + cell.replace('"', '""') + '"' if is_special(cell) else cell for cell in cells]

    def _spans(self) -> list[tuple[int, int]]:
        """Return start and end (after its line end) of each record in the text, as offsets in characters.

        A first line such as ``sep=;``, which spreadsheet programs do not show as a row, is no record.
        """
        skip = re.match(r"sep=.(?:\r\n|\n|\r)", self._text)
        start, spans = skip.end() if skip else 0, []
        record = _record(self.delimiter)
        while start < len(self._text):
            match = record.match(self._text, start)
            end = match.end() if match and match.end() > start else len(self._text)
            spans.append((start, end))
            start = end
        return spans


@cache
def _record(delimiter: str) -> re.Pattern[str]:
    """Return a pattern that matches a record with its line end, as `csv.reader` reads it.

    A quotation mark starts a quoted cell only at the beginning of the cell.
    """
    sign = re.escape(delimiter)
    cell = rf'(?:"[^"]*(?:""[^"]*)*(?:"|\Z)[^{sign}\r\n]*|[^"{sign}\r\n][^{sign}\r\n]*|)'
    return re.compile(rf"{cell}(?:{sign}{cell})*(?:\r\n|\n|\r|\Z)")


def spreadsheet_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a CSV file for spreadsheet programs: UTF-8 with a byte-order mark, CRLF, formulas neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(all_neutralised(header))
    writer.writerows(map(all_neutralised, rows))
    text = out.getvalue()
    if text.startswith("sep="):  # Excel would read such a header as a declaration of the delimiter
        text = '"' + text.replace(",", '",', 1)
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace")
