"""A table's file as bytes that rows can be added to while every byte of the rows that stay is kept."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping, Sequence

from qjmap.tables.delimited import neutralised
from qjmap.tables.encodings import decode

_RECORD = re.compile(r'(?:[^"\r\n]|"[^"]*(?:"|\Z))*(?:\r\n|\n|\r|\Z)')
_LINE_END = re.compile(r"\r\n|\n|\r")
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Ledger:
    """A CSV file, open for adding.

    Parameters
    ----------
    data : the file; b"" for a file that is not there yet, which gets `header`.
    header : written when there is no file.
    delimiter : of the file.
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
        found = _LINE_END.search(text)
        self._line_end = found[0] if found else "\n"
        self._text = text
        self._added = ""
        self._data = data  # what stands in the file, as long as nothing in it but its end has changed
        if not text or text.isspace():
            self._text, self._data = self._line([neutralised(name) for name in header]), b""

    @property
    def bytes(self) -> bytes:
        """The file as it stands now."""
        return (self._data or self._mark + self._text.encode(self._encoding)) + self._added.encode(self._encoding)

    def add_columns(self, names: Sequence[str], header_row: int = 1) -> None:
        """Lengthen the header. Rows that are there stay as they are: a row that ends early has empty cells at its end."""
        start, end = self._spans()[header_row - 1]
        record = self._text[start:end]
        ending = _LINE_END.search(record[len(record.rstrip("\r\n")) :])
        kept = record.rstrip("\r\n")
        line = kept + self.delimiter + self._line([neutralised(name) for name in names]).rstrip("\r\n") + (ending[0] if ending else self._line_end)
        self._text, self._data = self._text[:start] + line + self._text[end:], b""

    def replace(self, changes: Mapping[int, Mapping[int, str]]) -> None:
        """Put new cells into rows: row number -> column (from 0) -> cell. Other rows keep their bytes, other cells their text."""
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
            ends = record[len(record.rstrip("\r\n")) :]
            self._text = self._text[:start] + self._line(cells).rstrip("\r\n") + ends + self._text[end:]

    def append(self, rows: Sequence[Sequence[str]]) -> None:
        """Add rows at the end, on lines of their own."""
        if not rows:
            return
        if not (self._added or self._text).endswith(("\n", "\r")):
            self._added += self._line_end
        self._added += "".join(self._line([neutralised(cell) for cell in row]) for row in rows)

    def _line(self, cells: Sequence[str]) -> str:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.delimiter, lineterminator="\r\n").writerow(
            cells
        )  # puts both kinds of break in quotes
        return out.getvalue()[:-2] + self._line_end

    def _spans(self) -> list[tuple[int, int]]:
        """Where each record begins and ends, its line end included, as a spreadsheet counts records."""
        skip = re.match(r"sep=.(?:\r\n|\n|\r)", self._text)
        at, spans = skip.end() if skip else 0, []
        while at < len(self._text):
            match = _RECORD.match(self._text, at)
            end = match.end() if match and match.end() > at else len(self._text)
            spans.append((at, end))
            at = end
        return spans


def sheet_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table for people: UTF-8 with a byte-order mark, CRLF, nothing in it that a spreadsheet would run."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutralised(cell) for cell in header])
    writer.writerows([neutralised(cell) for cell in row] for row in rows)
    text = out.getvalue()
    if text.startswith("sep="):  # a header, not the hint that Excel takes it for
        text = '"' + text.replace(",", '",', 1)
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace")
