"""HTML -> a grid of one of its tables: the "Excel" files that many web systems export are HTML named .xls."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from qjmap.errors import UsageError
from qjmap.i18n import texts
from qjmap.schema import Table
from qjmap.tables.readers.encoding import decode, decode_declared, refuse_unclear
from qjmap.tables.readers.find_header_row import most_headers, rows_to_grid
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.limits import check_limit

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z][\w.:-]{1,40})""", re.IGNORECASE)
_TAG_NAME = re.compile(r"/?([A-Za-z][\w:-]{0,40})")
_SPAN = re.compile(r"""\b(colspan|rowspan)\s*=\s*["']?\s*(\d{1,9})""", re.IGNORECASE)
_WHITESPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_END_TAGS = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "title", "textarea")}
"""Elements whose content is not markup -> pattern of their end tag."""
_LINE_BREAKS = frozenset(("br", "p", "div", "li"))
_TAG_END = re.compile(r"""=\s*(?:"[^"]{0,2000}"|'[^']{0,2000}')|(>)""")
"""A quoted value of an attribute, of at most 2,000 characters, or (the group) the bracket that ends a tag."""
_MAX_COLSPAN, _MAX_ROWSPAN = 1_000, 65_534  # the limits of the HTML standard, which browsers apply

Rows = list[list[str]]


def read_html(data: bytes, table: Table, *, shown: str, encoding: str | None = None) -> Grid:
    """Read, of all tables in an HTML page, the one with most known headers, of equals the one with most cells. A cell that spans columns
    or rows fills all of them.

    Raises
    ------
    UsageError : the page has no table, exceeds a limit, or its encoding is unknown or unclear.
    """
    decoded = decode(data, encoding) if encoding else decode_declared(data, _CHARSET.search(data[:4096]))
    refuse_unclear(decoded, shown)
    tables = [rows for rows in _read_tables(decoded.text, shown) if any(any(row) for row in rows)]
    if not tables:
        words = texts("kinds")
        raise UsageError("kind-not-read", path=shown, what=words["kind-html"], way=words["way-html"])
    best = max(tables, key=lambda rows: (most_headers(rows, table), sum(map(len, rows))))
    grid = rows_to_grid(best, table, shown=shown)
    grid.encoding = decoded.encoding
    return grid


def _tokenize(text: str) -> Iterator[tuple[str, str, str]]:
    """Split a page into tags and texts.

    Yields (name, attributes, "") for a start tag, ("/" + name, attributes, "") for an end tag, and ("", "", text) for text. The time is
    linear in the length of the page, whatever it holds.
    """
    position, size = 0, len(text)
    while position < size:
        begin = text.find("<", position)
        if begin < 0:
            yield "", "", text[position:]
            return
        if begin > position:
            yield "", "", text[position:begin]
        name = _TAG_NAME.match(text, begin + 1)
        if text.startswith("<!--", begin):
            end = text.find("-->", begin + 4)
            if end < 0:
                return
            position = end + 3
        elif name or text.startswith(("<!", "<?"), begin):
            end = _tag_end(text, begin)
            if end < 0:
                return
            position = end + 1
            if name:
                tag, is_end = name[1].lower(), text[begin + 1] == "/"
                yield ("/" if is_end else "") + tag, text[name.end() : end], ""
                if tag in _END_TAGS and not is_end:
                    end_tag = _END_TAGS[tag].search(text, position)
                    if end_tag is None:
                        return
                    position = end_tag.start()
        else:
            yield "", "", "<"
            position = begin + 1


def _tag_end(text: str, begin: int) -> int:
    """Return the index of the bracket that ends a tag, passing over brackets in quoted attribute values; -1 if there is none."""
    return next((found.start() for found in _TAG_END.finditer(text, begin) if found[1]), -1)


def _read_tables(text: str, shown: str) -> list[Rows]:
    """Return the tables of a page in the order of their end tags; a nested table is a table of its own, not text of its cell."""
    tables: list[Rows] = []
    stack: list[_TableBuilder] = []
    for name, attributes, words in _tokenize(text):
        if name == "table":
            check_limit("nesting", len(stack) + 1, shown=shown)
            stack.append(_TableBuilder(shown))
        elif not stack:
            continue
        elif not name:
            stack[-1].add_text(words)
        elif name == "/table":
            tables.append(stack.pop().close())
        elif name in ("tr", "/tr"):
            stack[-1].end_row()
        elif name in ("td", "th"):
            stack[-1].start_cell(attributes)
        elif name in ("/td", "/th"):
            stack[-1].end_cell()
        elif name.strip("/") in _LINE_BREAKS:
            stack[-1].add_text("\0")
    return tables + [builder.close() for builder in reversed(stack)]


class _TableBuilder:
    """Builds the rows of a table from its tags; missing end tags are implied."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._rows: Rows = []
        self._row: list[str] = []
        self._row_has_cell = False
        self._text: list[str] | None = None  # texts of the current cell, a NUL for a line break; None outside of cells
        self._colspan = self._rowspan = 1
        self._spanning: dict[int, tuple[int, str]] = {}  # column -> further rows that a cell fills, its text
        self._cells = 0

    def add_text(self, text: str) -> None:
        """Add text to the current cell, if any."""
        if self._text is not None:
            self._text.append(text)

    def start_cell(self, attributes: str) -> None:
        """End the previous cell and start one."""
        self.end_cell()
        self._row_has_cell = True
        self._text = []
        spans = {name.lower(): int(number) for name, number in _SPAN.findall(attributes)}
        self._colspan = min(max(spans.get("colspan", 1), 1), _MAX_COLSPAN)
        self._rowspan = min(max(spans.get("rowspan", 1), 1), _MAX_ROWSPAN)

    def end_cell(self) -> None:
        """Append the current cell, if any, to the row, once for each column that it spans."""
        if self._text is None:
            return
        lines = html.unescape(_WHITESPACE.sub(" ", "".join(self._text))).split("\0")
        cell = "\n".join(line for line in (_WHITESPACE.sub(" ", line).strip() for line in lines) if line)
        self._text = None
        self._append_spanning()
        for _ in range(self._colspan):
            if self._rowspan > 1:
                self._spanning[len(self._row)] = self._rowspan - 1, cell
            self._row.append(cell)
        self._count(self._colspan)

    def _append_spanning(self) -> None:
        """Append the cells from above that span the next columns of this row."""
        while (above := self._spanning.pop(len(self._row), None)) is not None:
            rows, cell = above
            if rows > 1:
                self._spanning[len(self._row)] = rows - 1, cell
            self._row.append(cell)
            self._count(1)

    def _count(self, cells: int) -> None:
        """Add to the number of cells, and check it and the length of the current row against the limits."""
        self._cells += cells
        check_limit("cells", self._cells, shown=self._shown)
        check_limit("columns", len(self._row), shown=self._shown)

    def end_row(self) -> None:
        """Append the current row, if it has a cell."""
        self.end_cell()
        if not self._row_has_cell:
            return
        self._append_spanning()
        self._rows.append(self._row)
        self._row, self._row_has_cell = [], False

    def close(self) -> Rows:
        """End the table and return its rows."""
        self.end_row()
        return self._rows
