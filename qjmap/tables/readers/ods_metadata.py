"""Metadata of an OpenDocument spreadsheet (.ods): worksheets, their size, and what calamine does not report."""

from __future__ import annotations

from qjmap.tables.readers.limits import check_limit
from qjmap.tables.readers.number_formats import Format, parse_format
from qjmap.tables.readers.ods_number_styles import NumberStyles, parse_count
from qjmap.tables.readers.workbook_package import Package
from qjmap.tables.readers.worksheet_metadata import (
    MAX_ROWS,
    CellMetadata,
    UsedRange,
    WorkbookSize,
    Worksheet,
    is_error,
)
from qjmap.tables.readers.xml_tree import local_name

_CELLS = ("table:table-cell", "table:covered-table-cell")
_VALUES = ("office:value", "office:date-value", "office:time-value", "office:string-value", "office:boolean-value")
_NUMERIC = ("float", "percentage", "date", "time", "currency")
_MAX_COLUMN_STYLES = 20_000
_PERCENT = parse_format("0%") or Format()


class OdsMetadata:
    """The worksheets of a document, found by `scan`.

    Attributes
    ----------
    locked : whether the document has a password.
    worksheets : all worksheets in their order; empty before `scan`.

    Raises
    ------
    UsageError : the manifest is damaged, or exceeds the limits.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self.locked = False
        self.worksheets: list[Worksheet] = []
        if "meta-inf/manifest.xml" in package:
            package.parse("meta-inf/manifest.xml", self._start_manifest_element)

    def _start_manifest_element(self, name: str, _: dict[str, str]) -> None:
        """Set `locked` if an element of the manifest describes encryption."""
        self.locked = self.locked or local_name(name) == "encryption-data"

    def scan(self, size: WorkbookSize) -> None:
        """Find the worksheets, count their cells and collect their metadata, in one pass.

        Raises
        ------
        UsageError : the package is damaged, or exceeds the limits.
        """
        scan = _DocumentScan(size, self.worksheets)
        for part in ("styles.xml", "content.xml"):
            if part in self._package:
                self._package.parse(part, scan.start, end=scan.end, text=scan.text, copied=part == "content.xml")
        if "mimetype" in self._package:
            self._package.read("mimetype")  # puts it into the copy, in which calamine needs it


class _DocumentScan:
    """Handler of the XML elements of styles and contents. Names are compared with their prefix, as calamine does.

    Its methods raise UsageError beyond a limit, and ValueError for a table inside a table or a row beyond `MAX_ROWS`.
    """

    def __init__(self, size: WorkbookSize, worksheets: list[Worksheet]) -> None:
        self._size, self._worksheets = size, worksheets
        self._shown = size.shown
        self._styles = NumberStyles()
        self._depth = 0
        self._worksheet: Worksheet | None = None
        self._in_cell = self._in_note = False
        self._paragraph: list[str] | None = None  # texts of the cell while inside a paragraph, else None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        self._depth += 1
        if self._depth > 100:
            check_limit("nesting", self._depth, shown=self._shown)
        if name in _CELLS:
            self._start_cell(attributes)
        elif name == "table:table-row":
            self._start_row(attributes)
        elif self._in_cell:
            self._start_inside_cell(name, attributes)
        elif name == "table:table":
            self._start_table(attributes)
        elif name == "table:table-column" and self._worksheet:
            if len(self._column_styles) < _MAX_COLUMN_STYLES:
                repeats = parse_count(attributes.get("table:number-columns-repeated"))
                self._column_styles.append((repeats, attributes.get("table:default-cell-style-name", "")))
        elif name.startswith(("number:", "style:")):
            self._styles.start(name, attributes)

    def end(self, name: str) -> None:
        """Handle the end of an element."""
        self._depth -= 1
        if name == "table:table-row":
            self._end_row()
        elif name in _CELLS:
            self._end_cell()
        elif name == "office:annotation":
            self._in_note = False
        elif name == "text:p":
            self._paragraph = None
        elif name == "table:table" and self._worksheet:
            self._size.add_worksheet(self._used, self._worksheet.name)
            self._worksheet = None
        elif name.startswith("number:"):
            self._styles.end(name)

    def text(self, text: str) -> None:
        """Handle text between elements."""
        if self._paragraph is not None:
            self._paragraph.append(text)
        elif not self._in_cell:
            self._styles.text(text)

    def _start_table(self, attributes: dict[str, str]) -> None:
        """Begin a worksheet. Raises ValueError for a table inside a table."""
        if self._worksheet:
            raise ValueError("table:table")  # a nested table: parsers would disagree on where it ends
        hidden = attributes.get("table:style-name", "") in self._styles.hidden_tables
        self._worksheet = Worksheet(attributes.get("table:name", ""), "", hidden)
        self._worksheets.append(self._worksheet)
        check_limit("sheets", len(self._worksheets), shown=self._shown)
        self._used = UsedRange()
        self._row = 0
        self._column_styles: list[tuple[int, str]] = []  # number of columns, their style
        self._style_of_column: dict[int, str] = {}

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row_repeats = parse_count(attributes.get("table:number-rows-repeated"))
        self._row_style = attributes.get("table:default-cell-style-name", "")
        self._column = 0
        self._row_is_filled = False
        self._row_characters = 0
        self._row_metadata = CellMetadata()  # as if of row 0; `add_row` copies it to every row that this one stands for

    def _end_row(self) -> None:
        """Count a row and its repetitions, and keep the metadata of its cells, if it has a filled cell; ValueError beyond `MAX_ROWS`."""
        if self._worksheet is None:
            return
        if self._row_is_filled:
            if self._row_repeats > 1:
                check_limit("repeats", self._row_repeats, shown=self._shown)
            last_row = self._row + self._row_repeats
            self._size.add_text(self._row_characters * self._row_repeats)
            if last_row > MAX_ROWS:
                raise ValueError(f"row {last_row}")
            self._used.rows = last_row
            for row in range(self._row, last_row):
                self._worksheet.cells.add_row(self._row_metadata, row)
        self._row += self._row_repeats

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._in_cell = True
        self._attributes = attributes
        self._cell_text: list[str] = []
        self._paragraphs = 0

    def _start_inside_cell(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element inside a cell: collect line breaks between paragraphs, and runs of spaces; comments are left out.

        Raises ValueError for a nested table, as `_start_table` does.
        """
        if name == "table:table":
            raise ValueError(name)
        if name == "office:annotation":
            self._in_note = True
        elif self._in_note:
            return
        elif name == "text:p":
            if self._paragraphs:
                self._cell_text.append("\n")
            self._paragraphs += 1
            self._paragraph = self._cell_text
        elif name == "text:s":
            spaces = parse_count(attributes.get("text:c"))  # calamine writes as many, however many they are
            check_limit("cell_characters", spaces, shown=self._shown)
            self._cell_text.append(" " * spaces)

    def _end_cell(self) -> None:
        """Count the cell and its repeats, and collect their metadata."""
        self._in_cell = False
        self._paragraph = None
        cell = self._attributes
        if self._worksheet is None:
            return
        repeats = parse_count(cell.get("table:number-columns-repeated"))
        text = self._cell_text[0] if len(self._cell_text) == 1 else "".join(self._cell_text)
        kind, formula = cell.get("office:value-type"), cell.get("table:formula")
        value = cell.get("office:value") if kind == "float" else None
        if value is None:
            value = next((cell[key] for key in _VALUES if key in cell), "") if len(cell) > 1 else ""
        if kind or text or formula or value:
            self._count_cell(repeats, max(len(text), len(value)) + len(formula or ""))
            if kind != "string" or formula or len(cell) > 2:
                self._add_metadata(cell, text, value, repeats)
        if "table:number-rows-spanned" in cell or "table:number-columns-spanned" in cell:
            down = parse_count(cell.get("table:number-rows-spanned"))
            across = parse_count(cell.get("table:number-columns-spanned"))
            if down > 1 or across > 1:
                last = (self._row + down - 1, self._column + across - 1)
                self._worksheet.cells.merged.append(((self._row, self._column), last))
        self._column += repeats

    def _count_cell(self, repeats: int, characters: int) -> None:
        """Count the characters and columns of a filled cell and its repetitions."""
        if repeats > 1:
            check_limit("repeats", repeats, shown=self._shown)
        self._row_is_filled = True
        self._row_characters += characters * repeats
        for column in range(self._column, self._column + repeats):
            if column not in self._used.filled_columns:
                self._used.add(self._row, column)
                check_limit("columns", len(self._used.filled_columns), shown=self._shown)

    def _add_metadata(self, cell: dict[str, str], text: str, value: str, repeats: int) -> None:
        """Record for a cell and its repetitions that it is an error or a formula without a result, has leading zeros or a number format."""
        kind, formula = cell.get("office:value-type"), cell.get("table:formula")
        metadata = self._row_metadata
        for position in ((0, column) for column in range(self._column, self._column + repeats)):
            if cell.get("calcext:value-type") == "error" or (formula and is_error(text)):
                metadata.errors[position] = text or "#N/A"
            elif formula and kind is None and not text:
                metadata.unsaved.add(position)
            elif kind == "float" and text.isdigit() and text.startswith("0") and len(text) > 1:
                metadata.padded[position] = len(text)
            elif kind in _NUMERIC:
                style = cell.get("table:style-name") or self._row_style or self._default_column_style()
                number_format = self._styles.format_of(style)
                if number_format and not number_format.zeros:
                    metadata.add_formatted(position, value, number_format)
                elif kind == "percentage" and "%" in text:
                    metadata.add_formatted(position, value, _PERCENT)

    def _default_column_style(self) -> str:
        """Return the style that the current column gives to its cells; "" for none."""
        if self._column not in self._style_of_column:
            column, match = self._column, ""
            for repeats, style in self._column_styles:
                if column < repeats:
                    match = style
                    break
                column -= repeats
            self._style_of_column[self._column] = match
        return self._style_of_column[self._column]
