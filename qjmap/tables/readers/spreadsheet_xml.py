"""XML Spreadsheet 2003 -> a grid: older systems and Excel save it as .xml, and it is often named .xls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from qjmap.errors import UsageError
from qjmap.schema import Table
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers.encoding import refuse_unclear
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.limits import check_limit
from qjmap.tables.readers.number_formats import Format, parse_format
from qjmap.tables.readers.workbook import Rows, best_worksheet, select_worksheets, with_metadata
from qjmap.tables.readers.worksheet_metadata import MAX_COLUMNS, MAX_ROWS, UsedRange, WorkbookSize, Worksheet
from qjmap.tables.readers.xml_tree import decode_xml, local_name, xml_parser

_NAMED_FORMATS = {
    "Percent": "0.00%", "Short Date": "yyyy-m-d", "Medium Date": "yyyy-m-d", "Long Date": "yyyy-m-d", "General Date": "yyyy-m-d h:mm:ss",
    "Short Time": "h:mm", "Medium Time": "h:mm", "Long Time": "h:mm:ss", "Yes/No": '"Yes";"Yes";"No"', "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}  # fmt: skip
_PLAIN_FORMATS = frozenset(
    ("General", "General Number", "Currency", "Euro Currency", "Fixed", "Standard", "Scientific")
)
_MAX_PARENTS = 20


def read_spreadsheet_xml(data: bytes, table: Table, *, shown: str, sheet: str | None) -> Grid:
    """Read one worksheet, chosen and formatted as in `workbook.read_workbook`.

    Raises
    ------
    UsageError : the file is not well-formed or has a document type, its encoding is unclear, it exceeds a limit, has no worksheet, or lacks
        the named one.
    """
    encoding, worksheets, rows_by_name = _read_worksheets(data, shown, sheet)
    selected = [worksheet for worksheet in worksheets if worksheet.name in rows_by_name]
    if not selected:
        raise UsageError("file-unreadable", path=shown, detail="Worksheet")
    grid = best_worksheet(selected, rows_by_name, worksheets, table, shown=shown)
    grid.encoding = encoding
    return grid


def spreadsheet_rows(data: bytes, *, shown: str) -> dict[str, Rows]:
    """Return name -> rows of every visible worksheet, of all if every one is hidden. Raises the errors of `read_spreadsheet_xml`."""
    _, worksheets, rows_by_name = _read_worksheets(data, shown, None)
    return with_metadata(worksheets, rows_by_name, shown)


def _read_worksheets(data: bytes, shown: str, sheet: str | None) -> tuple[str, list[Worksheet], dict[str, Rows]]:
    """Return the encoding, all worksheets, and the rows of the selected ones by name. Raises the errors of `read_spreadsheet_xml`."""
    decoded, text = decode_xml(data)
    refuse_unclear(decoded, shown)
    scan = _WorkbookScan(shown)
    try:
        scan.parser.Parse(text, True)
    except (expat.ExpatError, ValueError) as error:
        raise UsageError("file-unreadable", path=shown, detail=str(error)) from None
    worksheets = [parsed.worksheet for parsed in scan.worksheets]
    selected = select_worksheets(worksheets, sheet, shown)
    size = WorkbookSize(shown)
    rows_by_name: dict[str, Rows] = {}
    for parsed in scan.worksheets:
        name = parsed.worksheet.name
        if parsed.worksheet in selected and name not in rows_by_name:
            size.add_worksheet(parsed.used, name)
            check_limit("columns", parsed.used.columns, shown=shown)
            rows_by_name[name] = parsed.rows()
    return decoded.encoding, worksheets, rows_by_name


@dataclass(slots=True)
class _SparseWorksheet:
    """A worksheet and its cells: row -> column -> text, both counted from 0."""

    worksheet: Worksheet
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    used: UsedRange = field(default_factory=UsedRange)

    def rows(self) -> Rows:
        """Return the cells by rows, up to the last used row and column."""
        columns = range(self.used.columns)
        sparse_rows = (self.texts.get(row, {}) for row in range(self.used.rows))
        return [[texts.get(column, "") for column in columns] for texts in sparse_rows]


class _WorkbookScan:
    """Handler of the XML elements of a workbook; names are compared without their prefix."""

    def __init__(self, shown: str) -> None:
        self.worksheets: list[_SparseWorksheet] = []
        self.parser = xml_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._add_text
        self._shown = shown
        self._formats: dict[str, Format | None] = {}  # id of a style -> its format
        self._parent_of: dict[str, str] = {}
        self._style = ""
        self._depth = 0
        self._row = self._column = -1
        self._cell: dict[str, str] | None = None  # attributes of the current cell
        self._type = self._value = ""
        self._text: list[str] | None = None  # content of the current Data or Visible element
        self._in_comment = False

    def _start(self, name: str, prefixed: dict[str, str]) -> None:
        """Handle the start of an element."""
        self._depth += 1
        check_limit("nesting", self._depth, shown=self._shown)
        local = local_name(name)
        attributes = {local_name(key): value for key, value in prefixed.items()}
        if local == "Style":
            self._style = attributes.get("ID", "")
            self._parent_of[self._style] = attributes.get("Parent", "")
        elif local == "NumberFormat":
            code = attributes.get("Format", "")
            self._formats[self._style] = (
                None if code in _PLAIN_FORMATS else parse_format(_NAMED_FORMATS.get(code, code))
            )
        elif local == "Worksheet":
            self.worksheets.append(_SparseWorksheet(Worksheet(attributes.get("Name", ""))))
            check_limit("sheets", len(self.worksheets), shown=self._shown)
            self._row = -1
        elif self.worksheets:
            self._start_in_worksheet(local, attributes)

    def _start_in_worksheet(self, local: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element inside a worksheet."""
        if local == "Row":
            self._row = _next_index(attributes.get("Index"), self._row, MAX_ROWS)
            self._column = -1
        elif local == "Cell":
            self._column = _next_index(attributes.get("Index"), self._column, MAX_COLUMNS)
            self._cell, self._type, self._value = attributes, "", ""
        elif local == "Comment":
            self._in_comment = True
        elif local == "Data" and self._cell is not None and not self._in_comment:
            self._type, self._text = attributes.get("Type", "String"), []
        elif local == "Visible":
            self._text = []

    def _add_text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        """Handle the end of an element."""
        self._depth -= 1
        local = local_name(name)
        if local == "Comment":
            self._in_comment = False
        elif local == "Data" and self._text is not None:
            self._value, self._text = "".join(self._text), None
        elif local == "Visible" and self._text is not None:
            self.worksheets[-1].worksheet.hidden = "".join(self._text).strip() != "SheetVisible"
            self._text = None
        elif local == "Cell" and self._cell is not None:
            self._end_cell(self.worksheets[-1], self._cell)
            self._cell = None

    def _end_cell(self, sheet: _SparseWorksheet, attributes: dict[str, str]) -> None:
        """Store the text of a cell, and its metadata: a merged range, a formula without a result, a number format."""
        cell, cells = (self._row, self._column), sheet.worksheet.cells
        down, across = _merged_count(attributes.get("MergeDown")), _merged_count(attributes.get("MergeAcross"))
        if self._value or "Formula" in attributes:
            sheet.texts.setdefault(self._row, {})[self._column] = self._cell_text()
            sheet.used.add(self._row + down, self._column + across)
            if not self._value:
                cells.unsaved.add(cell)
            elif self._type in ("Number", "DateTime") and (
                number_format := self._format_of(attributes.get("StyleID", ""))
            ):
                cells.add_formatted(cell, self._value, number_format)
        if down or across:
            cells.merged.append((cell, (self._row + down, self._column + across)))
        self._column += across

    def _cell_text(self) -> str:
        """Return the text of a cell by its type, before its format is applied."""
        if self._type == "Number":
            try:
                return plain_number(float(self._value))
            except ValueError:
                return self._value
        if self._type == "DateTime":
            return re.sub(r"\.0+$", "", self._value).removesuffix("T00:00:00").replace("T", " ")
        if self._type == "Boolean":
            return "TRUE" if self._value.strip() == "1" else "FALSE"
        return self._value

    def _format_of(self, style: str) -> Format | None:
        """Return the number format of a style, its own or an ancestor's; None if its cells show the plain value."""
        for _ in range(_MAX_PARENTS):
            if style in self._formats:
                return self._formats[style]
            style = self._parent_of.get(style, "")
        return None


def _next_index(number: str | None, previous: int, most: int) -> int:
    """Return the index, from 0, of a row or column: from its own number if it has one, else the next index.

    Raises ValueError for a number outside of 1 to `most`.
    """
    if number is not None:
        previous = int(number) - 2 if number.isascii() and number.isdigit() and len(number) < 9 else most
    index = previous + 1
    if not 0 <= index < most:
        raise ValueError(f"Index {(number or str(index + 1))[:20]}")
    return index


def _merged_count(text: str | None) -> int:
    """Return the number of further rows or columns of a merged range from its attribute; 0 if that is missing or malformed."""
    return min(int(text[:9]), MAX_ROWS) if text and text.isascii() and text.isdigit() else 0
