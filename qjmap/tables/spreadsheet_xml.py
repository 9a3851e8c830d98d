"""XML Spreadsheet 2003 -> a grid: what older systems and Excel save as .xml, and often name .xls."""

from __future__ import annotations

import re
from xml.parsers import expat

from qjmap.errors import UsageError
from qjmap.schema import Table
from qjmap.tables.cells import plain_number
from qjmap.tables.encodings import decode, refuse_unclear
from qjmap.tables.grids import Grid, letter_of
from qjmap.tables.hints import Extent, Sheet
from qjmap.tables.limits import check_limit
from qjmap.tables.number_formats import Format, format_of
from qjmap.tables.packages import xml_parser
from qjmap.tables.workbooks import chosen, grid_of_sheets

_DECLARATION = re.compile(r"""\s*<\?xml[^>]{0,300}\?>""")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_ROWS, _COLUMNS = 1_048_576, 16_384
_NAMED = {
    "Percent": "0.00%", "Short Date": "yyyy-m-d", "Medium Date": "yyyy-m-d", "Long Date": "yyyy-m-d", "General Date": "yyyy-m-d h:mm:ss",
    "Short Time": "h:mm", "Medium Time": "h:mm", "Long Time": "h:mm:ss", "Yes/No": '"Yes";"Yes";"No"', "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}  # fmt: skip
_PLAIN = frozenset(("General", "General Number", "Currency", "Euro Currency", "Fixed", "Standard", "Scientific"))


def read_spreadsheet_xml(data: bytes, table: Table, *, shown: str, sheet: str | None) -> Grid:
    """One worksheet as a grid, chosen and shown as that of any workbook (`workbooks.read_workbook`).

    Raises
    ------
    UsageError : it is no sound XML or has a document type, goes beyond a limit, or has no such worksheet.
    """
    scan = _Scan(shown)
    declared = _ENCODING.match(data.lstrip(b"\xef\xbb\xbf \t\r\n")[:400])
    name = declared[1].decode("ascii").lower() if declared else None
    try:
        decoded = decode(data, None if name in (None, "utf-8", "utf-16") else name)
    except LookupError:
        decoded = decode(data)
    refuse_unclear(decoded, shown)
    try:
        scan.parser.Parse(_DECLARATION.sub("", decoded.text.lstrip("\ufeff"), count=1).encode("utf-8", "replace"), True)
    except (expat.ExpatError, ValueError) as error:
        raise UsageError("file-unreadable", path=shown, detail=str(error)) from None
    told = [one.sheet for one in scan.sheets]
    wanted = chosen(told, sheet, shown)
    if not wanted:
        raise UsageError("file-unreadable", path=shown, detail="Worksheet")
    extent = Extent(shown, letter_of)
    read: dict[str, list[list[str]]] = {}
    for one in scan.sheets:
        if one.sheet in wanted and one.sheet.name not in read:
            extent.add(one.rows, one.columns, one.sheet.name)
            check_limit("columns", one.columns, shown=shown)
            read[one.sheet.name] = [
                [cells.get(column, "") for column in range(one.columns)] for cells in (one.cells.get(row, {}) for row in range(one.rows))
            ]
    grid = grid_of_sheets(wanted, read, told, table, shown=shown)
    grid.encoding = decoded.encoding
    return grid


class _Cells:
    """The cells of a worksheet: row -> column -> text, both from 0."""

    def __init__(self, name: str) -> None:
        self.sheet = Sheet(name)
        self.cells: dict[int, dict[int, str]] = {}
        self.rows = self.columns = 0


class _Scan:
    """The elements of the workbook as they come; names are taken without their prefixes."""

    def __init__(self, shown: str) -> None:
        self.sheets: list[_Cells] = []
        self._shown = shown
        self.parser = xml_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._formats: dict[str, Format | None] = {}
        self._parents: dict[str, str] = {}
        self._style = ""
        self._depth = 0
        self._row = self._column = -1
        self._cell: dict[str, str] | None = None
        self._kind = ""
        self._words: list[str] | None = None
        self._comment = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        check_limit("nesting", self._depth, shown=self._shown)
        local = name.rpartition(":")[2]
        told = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if local == "Style":
            self._style = told.get("ID", "")
            self._parents[self._style] = told.get("Parent", "")
        elif local == "NumberFormat":
            code = told.get("Format", "")
            self._formats[self._style] = None if code in _PLAIN else format_of(_NAMED.get(code, code))
        elif local == "Worksheet":
            self.sheets.append(_Cells(told.get("Name", "")))
            check_limit("sheets", len(self.sheets), shown=self._shown)
            self._row = -1
        elif not self.sheets:
            return
        elif local == "Row":
            self._row = _place(told.get("Index"), self._row, _ROWS)
            self._column = -1
        elif local == "Cell":
            self._column = _place(told.get("Index"), self._column, _COLUMNS)
            self._cell, self._kind, self._said = told, "", ""
        elif local == "Comment":
            self._comment = True
        elif local == "Data" and self._cell is not None and not self._comment:
            self._kind, self._words = told.get("Type", "String"), []
        elif local == "Visible":
            self._words = []

    def _text(self, text: str) -> None:
        if self._words is not None:
            self._words.append(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        local = name.rpartition(":")[2]
        if local == "Comment":
            self._comment = False
        elif local == "Data" and self._words is not None:
            self._said, self._words = "".join(self._words), None
        elif local == "Visible" and self._words is not None:
            if self.sheets:
                self.sheets[-1].sheet.hidden = "".join(self._words).strip() != "SheetVisible"
            self._words = None
        elif local == "Cell" and self._cell is not None and self.sheets:
            self._end_cell(self._cell)
            self._cell = None

    def _end_cell(self, cell: dict[str, str]) -> None:
        one, at = self.sheets[-1], (self._row, self._column)
        down, across = _count(cell.get("MergeDown")), _count(cell.get("MergeAcross"))
        if self._said or "Formula" in cell:
            one.cells.setdefault(self._row, {})[self._column] = self._value(at, one)
            one.rows, one.columns = max(one.rows, self._row + 1 + down), max(one.columns, self._column + 1 + across)
            if not self._said:
                one.sheet.found.unsaved.add(at)
            elif self._kind in ("Number", "DateTime") and (form := self._format(cell.get("StyleID", ""))):
                one.sheet.found.note_format(form, at, self._said)
        if down or across:
            one.sheet.found.merged.append((at, (self._row + down, self._column + across)))
        self._column += across

    def _value(self, at: tuple[int, int], one: _Cells) -> str:
        if self._kind == "Number":
            try:
                return plain_number(float(self._said))
            except ValueError:
                return self._said
        if self._kind == "DateTime":
            return re.sub(r"\.0+$", "", self._said).removesuffix("T00:00:00").replace("T", " ")
        if self._kind == "Boolean":
            return "TRUE" if self._said.strip() == "1" else "FALSE"
        return self._said

    def _format(self, style: str) -> Format | None:
        for _ in range(20):
            if style in self._formats:
                return self._formats[style]
            style = self._parents.get(style, "")
        return None


def _place(index: str | None, before: int, most: int) -> int:
    """A row or column from 0: the one told, else the next one."""
    at = before + 1 if index is None else int(index) - 1 if index.isascii() and index.isdigit() and len(index) < 9 else -1
    if not 0 <= at < most:
        raise ValueError(f"Index {(index or str(at + 1))[:20]}")
    return at


def _count(text: str | None) -> int:
    return min(int(text[:9]), _ROWS) if text and text.isascii() and text.isdigit() else 0
