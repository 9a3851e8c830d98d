"""Metadata of an Excel workbook (.xlsx, .xlsm): worksheets, their size, and what calamine does not report."""

from __future__ import annotations

from array import array

from qjmap.tables.readers.limits import check_limit
from qjmap.tables.readers.number_formats import Format, builtin_format, parse_format
from qjmap.tables.readers.workbook_package import Package
from qjmap.tables.readers.worksheet_metadata import (
    MAX_COLUMNS,
    MAX_ROWS,
    CellMetadata,
    UsedRange,
    WorkbookSize,
    Worksheet,
)
from qjmap.tables.readers.xml_tree import local_name, xml_parser

_MANY_STRINGS = 1_000_000
_COUNT_TEXT_FROM = 100_000_000
"""The characters of shared strings in a worksheet are counted cell by cell only if there may be more than this."""
_MAX_CACHED_NAMES = 1000


class XlsxMetadata:
    """Worksheets, number formats and shared strings of a workbook.

    Attributes
    ----------
    worksheets : all worksheets in their order; sheets of charts and macros are left out.

    Raises
    ------
    UsageError : the package is no workbook, is damaged, or exceeds a limit.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self.worksheets: list[Worksheet] = []
        self._since_1904 = False
        folder = self._find_folder()
        self._read_worksheets(folder)
        self._formats = self._read_formats(f"{folder}styles.xml")
        self._text_sizes = self._read_text_sizes(f"{folder}sharedStrings.xml")

    def _find_folder(self) -> str:
        """Return the folder of the workbook part with a slash at its end; "" for the root of the package."""
        target = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal target
            is_document = attributes.get("Type", "").endswith("/relationships/officeDocument")
            if local_name(name) == "Relationship" and is_document:
                target = attributes.get("Target", "")

        self._package.check_part("_rels/.rels")
        self._package.parse("_rels/.rels", start)
        return target.rpartition("/")[0].removeprefix("/") + "/" if "/" in target else ""

    def _read_worksheets(self, folder: str) -> None:
        """Read names, parts and visibility of the worksheets, and whether serial dates count from 1904."""
        relationships: dict[str, tuple[str, str]] = {}  # id -> (target, kind)

        def add_relationship(name: str, attributes: dict[str, str]) -> None:
            if local_name(name) == "Relationship":
                kind = attributes.get("Type", "").rpartition("/")[2]
                relationships[attributes.get("Id", "")] = attributes.get("Target", ""), kind

        def start(name: str, attributes: dict[str, str]) -> None:
            local = local_name(name)
            if local == "workbookPr":
                self._since_1904 = attributes.get("date1904") in ("1", "true")
            elif local == "sheet":
                relation = next((value for key, value in attributes.items() if local_name(key) == "id"), "")
                target, kind = relationships.get(relation, ("", ""))
                if kind == "worksheet":
                    part = target[1:] if target.startswith("/") else f"{folder}{target}"
                    hidden = attributes.get("state", "visible") != "visible"
                    self.worksheets.append(Worksheet(attributes.get("name", ""), part, hidden))

        for part, handler in (("_rels/workbook.xml.rels", add_relationship), ("workbook.xml", start)):
            self._package.check_part(folder + part)
            self._package.parse(folder + part, handler)
        check_limit("sheets", len(self.worksheets), shown=self._package.shown)

    def _read_formats(self, part: str) -> dict[str, Format]:
        """Return index of a cell style -> its format, for each format that shows more than the plain number."""
        if part not in self._package:
            return {}
        codes: dict[str, str] = {}
        styles: list[str] = []  # for each cell style the number of its format
        inside = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            local = local_name(name)
            if local in ("cellXfs", "cellStyleXfs", "dxfs", "cellStyles"):
                inside = local
            elif local == "numFmt" and inside != "dxfs":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif local == "xf" and inside == "cellXfs":
                styles.append(attributes.get("numFmtId", ""))

        self._package.parse(part, start)
        formats: dict[str, Format] = {}
        for index, number in enumerate(styles):
            builtin = builtin_format(int(number)) if number.isdecimal() and len(number) < 9 else None
            if number_format := parse_format(codes[number]) if number in codes else builtin:
                formats[str(index)] = number_format
        return formats

    def _read_text_sizes(self, part: str) -> array[int]:
        """Return the size in bytes of the XML of each shared string, an upper bound of its number of characters.

        UsageError if the part announces a million strings or more, and more than twice as many as it has.
        """
        sizes = array("q")
        if part not in self._package:
            return sizes
        parser = xml_parser()
        begin = announced = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal begin, announced
            local = local_name(name)
            if local == "si":
                offset = parser.CurrentByteIndex
                if sizes:
                    sizes[-1] = offset - begin
                sizes.append(0)
                begin = offset
            elif local == "sst" and attributes.get("uniqueCount", "").isdigit():
                announced = int(attributes["uniqueCount"][:20])

        self._package.parse(part, start, parser=parser)
        if sizes:
            sizes[-1] = parser.CurrentByteIndex - begin
        if announced > max(_MANY_STRINGS, 2 * len(sizes)):  # calamine would allocate the announced number
            raise self._package.damaged(part)
        return sizes

    def scan(self, worksheet: Worksheet, size: WorkbookSize) -> None:
        """Count the cells of a worksheet and collect their metadata, in one pass over its part.

        Raises
        ------
        UsageError : the part is missing or damaged, or exceeds the limits.
        """
        self._package.check_part(worksheet.part)
        scan = _CellScan(self._formats, self._since_1904, worksheet.cells)
        self._package.parse(worksheet.part, scan.start, parser=scan.parser)
        scan.close()
        size.add_worksheet(scan.used, worksheet.name)
        if scan.shared_texts * max(self._text_sizes, default=0) > _COUNT_TEXT_FROM:
            size.add_text(self._count_shared_text(worksheet.part))

    def _count_shared_text(self, part: str) -> int:
        """Return an upper bound of the number of characters in those cells of a worksheet that hold shared strings."""
        parser = xml_parser()
        total, is_shared = 0, False
        chunks: list[str] = []

        def end_value() -> None:
            nonlocal total
            index = "".join(chunks).strip()
            if index.isdigit() and int(index[:12]) < len(self._text_sizes):
                total += self._text_sizes[int(index[:12])]
            chunks.clear()
            parser.CharacterDataHandler = None

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal is_shared
            if parser.CharacterDataHandler:
                end_value()
            local = local_name(name)
            if local == "c":
                is_shared = attributes.get("t") == "s"
            elif local == "v" and is_shared:
                parser.CharacterDataHandler = chunks.append

        self._package.parse(part, start, parser=parser, copied=False)
        end_value()
        return total


class _CellScan:
    """Handler of the elements of a worksheet: counts its cells and collects their metadata.

    Text is only collected in cells with a format, an error or a formula, and a cell is finished when the next element starts, so
    most cells cost two calls. Rows and cells without a reference come right after those before them.

    Attributes
    ----------
    used : the part of the worksheet that holds cells.
    shared_texts : number of cells that hold a shared string.
    """

    def __init__(self, formats: dict[str, Format], since_1904: bool, cells: CellMetadata) -> None:
        self.parser = xml_parser()
        self.used = UsedRange()
        self.shared_texts = 0
        self._formats, self._since_1904, self._cells = formats, since_1904, cells
        self._chunks: list[str] = []
        self._in_cell = False
        self._current_row, self._current_row_text = 0, ""  # number of the row element, from 1
        self._reference: str | None = None  # reference of the cell: "B2"
        self._next_column = 0  # column, from 1, of a cell without a reference
        self._row = self._column = 0  # row and column of the cell, from 1
        self._format: Format | None = None
        self._type = ""
        self._is_formula = self._is_watched = False
        self._local_names: dict[str, str] = {}
        self._column_numbers: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        local = self._local_names.get(name) or self._cached_local_name(name)
        if local == "v" or local == "is":
            if self._in_cell:
                self._count_cell()
                if self._is_watched or self._is_formula:
                    self.parser.CharacterDataHandler = self._chunks.append
            return
        if local == "f":
            if self._in_cell:
                self._is_formula = True
                self._count_cell()
            return
        if self._is_watched or self._is_formula:
            self._end_cell()
        if local == "c":
            self._start_cell(attributes)
        elif local == "row":
            self._in_cell = False
            self._reference, self._next_column = None, 0
            number = attributes.get("r")
            self._current_row = self._current_row + 1 if number is None else _parse_row(number)
            self._current_row_text = str(self._current_row)
        else:
            self._in_cell = False

    def close(self) -> None:
        """Handle the end of the worksheet."""
        if self._is_watched or self._is_formula:
            self._end_cell()

    def _cached_local_name(self, name: str) -> str:
        """Return the local name of an element, and remember it unless there are too many."""
        local = local_name(name)
        if len(self._local_names) < _MAX_CACHED_NAMES:
            self._local_names[name] = local
        return local

    def _start_cell(self, attributes: dict[str, str]) -> None:
        """Begin a cell; without a reference it comes right after the one before."""
        reference = attributes.get("r")
        if reference is None:
            letters = (self._reference or "").rstrip("0123456789")
            self._next_column = 1 + (self._next_column if self._reference is None else self._column_number(letters))
        self._reference = reference
        self._in_cell = True
        self._type = attributes.get("t", "n")
        self._format = self._formats.get(attributes.get("s", ""))
        self._is_watched = self._format is not None or self._type == "e"

    def _column_number(self, letters: str) -> int:
        column = self._column_numbers.get(letters)
        if column is None:
            column = self._column_numbers[letters] = _parse_column(letters)
        return column

    def _count_cell(self) -> None:
        """Count the current cell, which is not empty, and find its row and column."""
        reference, used = self._reference, self.used
        if reference is None:
            self._row, self._column = self._current_row, self._next_column
        else:
            letters = reference.rstrip("0123456789")
            self._column = self._column_numbers.get(letters) or self._column_number(letters)
            row = reference[len(letters) :]
            self._row = self._current_row if row == self._current_row_text else _parse_row(row)
        if self._column > used.columns:
            used.columns = self._column
        if self._row > used.rows:
            used.rows = self._row
        used.filled_columns.add(self._column)
        if self._type == "s":
            self.shared_texts += 1

    def _end_cell(self) -> None:
        """Collect the metadata of the cell that has just ended."""
        is_watched, is_formula = self._is_watched, self._is_formula
        self._is_watched = self._is_formula = False
        self.parser.CharacterDataHandler = None
        value = "".join(self._chunks).strip()
        self._chunks.clear()
        if not (value or is_formula):
            return
        cell = (self._row - 1, self._column - 1)
        if is_formula and not value and self._type != "str":
            self._cells.unsaved.add(cell)
        elif is_watched and self._type == "e":
            self._cells.errors[cell] = value
        elif is_watched and self._format and self._type in ("n", "d"):
            self._cells.add_formatted(cell, value, self._format, self._since_1904)


def _parse_row(digits: str) -> int:
    """Convert the digits of a row to its number from 1; ValueError beyond the size of a worksheet."""
    row = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0
    if not 0 < row <= MAX_ROWS:
        raise ValueError(f"row {digits[:20]}")
    return row


def _parse_column(letters: str) -> int:
    """Convert the letters of a column to its number from 1; ValueError beyond the size of a worksheet."""
    number = 0
    if letters.isascii() and letters.isalpha() and len(letters) < 4:
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
    if not 0 < number <= MAX_COLUMNS:
        raise ValueError(f"column {letters[:20]}")
    return number
