"""The table of a web page -> a grid: what many web systems hand out as "Excel" is HTML named .xls."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from qjmap.errors import UsageError
from qjmap.messages import texts
from qjmap.schema import Table
from qjmap.tables.encodings import Decoded, decode, refuse_unclear
from qjmap.tables.grids import LOOK, Grid, lay_out, recognised
from qjmap.tables.limits import check_limit

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z][\w.:-]{1,40})""", re.IGNORECASE)
_NAME = re.compile(r"/?([A-Za-z][\w:-]{0,40})")
_SPAN = re.compile(r"""\b(colspan|rowspan)\s*=\s*["']?\s*(\d{1,9})""", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_END_OF = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "title", "textarea")}
_BREAKS = frozenset(("br", "p", "div", "li"))
_LONGEST_TAG = 2_000
_MOST_ACROSS, _MOST_DOWN = 1_000, 65_534  # as browsers have it

Rows = list[list[str]]


def read_web_page(data: bytes, table: Table, *, shown: str, encoding: str | None = None) -> Grid:
    """One table of a web page as a grid: the one whose headers `table` knows best, the largest of equals.

    Cells that span several columns or rows fill them all.

    Raises
    ------
    UsageError : the page has no table, goes beyond a limit, or is in no encoding that can be told.
    LookupError : there is no such encoding.
    """
    decoded = _decoded(data, encoding)
    refuse_unclear(decoded, shown)
    found = [rows for rows in _tables(decoded.text, shown) if any(any(row) for row in rows)]
    if not found:
        words = texts("kinds")
        raise UsageError("kind-not-read", path=shown, what=words["kind-html"], way=words["way-html"])
    best = max(found, key=lambda rows: (max(recognised(row, table) for row in rows[:LOOK]), sum(map(len, rows))))
    grid = lay_out(best, table, shown=shown)
    grid.encoding = decoded.encoding
    return grid


def _decoded(data: bytes, encoding: str | None) -> Decoded:
    """By the encoding told, else the one that the page declares where it fits, else as any text."""
    declared = None if encoding else _CHARSET.search(data[:4096])
    if declared:
        name = declared[1].decode("ascii").lower()
        try:
            found = decode(data, "gb18030" if name in ("gb2312", "gbk", "x-gbk", "cp936") else name)
        except LookupError:
            return decode(data)
        if not found.broken:
            return found
    return decode(data, encoding)


def _tags(text: str) -> Iterator[tuple[str, str, str]]:
    """The tags of a page and the texts between them: name ("/td" where it ends, "" for a text), attributes, text.

    Every sign is looked at a bounded number of times, whatever the page holds.
    """
    at, size = 0, len(text)
    while at < size:
        begin = text.find("<", at)
        if begin < 0:
            yield "", "", text[at:]
            return
        if begin > at:
            yield "", "", text[at:begin]
        name = _NAME.match(text, begin + 1)
        if text.startswith("<!--", begin):
            end = text.find("-->", begin + 4)
            if end < 0:
                return
            at = end + 3
        elif name or text.startswith(("<!", "<?"), begin):
            end = text.find(">", begin)
            if end < 0:
                return
            while text.count('"', begin, end) % 2 and end - begin < _LONGEST_TAG:  # it stands in an attribute
                further = text.find(">", end + 1, begin + _LONGEST_TAG)
                if further < 0:
                    break
                end = further
            at = end + 1
            if name:
                told = name[1].lower()
                closing = text[begin + 1] == "/"
                yield ("/" if closing else "") + told, text[name.end() : end], ""
                if told in _END_OF and not closing:
                    after = _END_OF[told].search(text, at)
                    if after is None:
                        return
                    at = after.start()
        else:
            yield "", "", "<"
            at = begin + 1


def _tables(text: str, shown: str) -> list[Rows]:
    """The tables of a page in the order in which they end; what stands in a table within a cell is not the cell's."""
    done: list[Rows] = []
    open_: list[_OneTable] = []
    for name, attributes, words in _tags(text):
        if name == "table":
            check_limit("nesting", len(open_) + 1, shown=shown)
            open_.append(_OneTable(shown))
        elif not open_:
            continue
        elif not name:
            open_[-1].say(words)
        elif name == "/table":
            done.append(open_.pop().close())
        elif name in ("tr", "/tr"):
            open_[-1].end_row()
        elif name in ("td", "th"):
            open_[-1].begin_cell(attributes)
        elif name in ("/td", "/th"):
            open_[-1].end_cell()
        elif name.strip("/") in _BREAKS:
            open_[-1].say("\0")
    return done + [one.close() for one in reversed(open_)]


class _OneTable:
    """A table as its tags come; ends that the page leaves out are put in."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._rows: Rows = []
        self._row: list[str] = []
        self._words: list[str] | None = None
        self._across = self._down = 1
        self._below: dict[int, tuple[int, str]] = {}  # column -> how many rows more a cell above fills, and its text
        self._cells = 0
        self._begun = False

    def say(self, words: str) -> None:
        """Text; it counts in a cell."""
        if self._words is not None:
            self._words.append(words)

    def begin_cell(self, attributes: str) -> None:
        """A cell begins."""
        self.end_cell()
        self._begun = True
        self._words = []
        spans = {name.lower(): int(number) for name, number in _SPAN.findall(attributes)}
        self._across = min(max(spans.get("colspan", 1), 1), _MOST_ACROSS)
        self._down = min(max(spans.get("rowspan", 1), 1), _MOST_DOWN)

    def end_cell(self) -> None:
        """The cell ends, if there is one."""
        if self._words is None:
            return
        lines = html.unescape(_BLANKS.sub(" ", "".join(self._words))).split("\0")
        cell = "\n".join(line for line in (_BLANKS.sub(" ", line).strip() for line in lines) if line)
        self._words = None
        self._fill_from_above()
        for _ in range(self._across):
            if self._down > 1:
                self._below[len(self._row)] = self._down - 1, cell
            self._row.append(cell)
        self._count(self._across)

    def _count(self, cells: int) -> None:
        self._cells += cells
        check_limit("cells", self._cells, shown=self._shown)
        check_limit("columns", len(self._row), shown=self._shown)

    def _fill_from_above(self) -> None:
        while (above := self._below.pop(len(self._row), None)) is not None:
            left, cell = above
            if left > 1:
                self._below[len(self._row)] = left - 1, cell
            self._row.append(cell)
            self._count(1)

    def end_row(self) -> None:
        """The row ends, if there is one."""
        self.end_cell()
        if not self._begun:
            return
        self._fill_from_above()
        self._rows.append(self._row)
        self._row, self._begun = [], False

    def close(self) -> Rows:
        """The table ends."""
        self.end_row()
        return self._rows
