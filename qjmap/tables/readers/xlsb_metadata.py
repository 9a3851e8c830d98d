"""Metadata of a binary Excel workbook (.xlsb): worksheets, their size, and what calamine does not report.

The parts of the package consist of records (MS-XLSB): type and length, both of variable width, then content.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

from qjmap.tables.readers.limits import check_limit
from qjmap.tables.readers.number_formats import Format, builtin_format, parse_format
from qjmap.tables.readers.ole_container import DAMAGED
from qjmap.tables.readers.workbook_package import Package
from qjmap.tables.readers.worksheet_metadata import (
    MAX_COLUMNS,
    MAX_ROWS,
    CellMetadata,
    UsedRange,
    WorkbookSize,
    Worksheet,
)
from qjmap.tables.readers.xls_metadata import ERRORS, decode_rk
from qjmap.tables.readers.xml_tree import local_name

_ROW, _RK, _ERROR, _REAL, _SHARED, _FORMULA_NUMBER, _FORMULA_ERROR = 0x00, 0x02, 0x03, 0x05, 0x07, 0x09, 0x0B
_CELLS = frozenset(range(0x02, 0x0C))
_BUNDLE_SHEET, _WORKBOOK_PROPERTIES, _SHARED_TEXT, _FORMAT, _STYLE = 0x9C, 0x99, 0x13, 0x2C, 0x2F
_BEGIN_STYLES, _END_STYLES = 0x269, 0x26A


class XlsbMetadata:
    """Worksheets and number formats of a binary workbook.

    Attributes
    ----------
    worksheets : all worksheets in their order.

    Raises
    ------
    UsageError : the package is no workbook, is damaged, or exceeds a limit.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self.worksheets: list[Worksheet] = []
        self._since_1904 = False
        self._parts: dict[str, str] = {}  # id of a relationship -> name of the part
        if "xl/_rels/workbook.bin.rels" in package:
            package.parse("xl/_rels/workbook.bin.rels", self._add_relationship)
        try:
            for kind, body in self._records("xl/workbook.bin"):
                if kind == _WORKBOOK_PROPERTIES:
                    self._since_1904 = bool(body[0] & 1)
                elif kind == _BUNDLE_SHEET:
                    self._add_worksheet(body)
            self._formats = dict(self._read_formats())
            self._text_lengths = array("q")
            for kind, body in self._records("xl/sharedStrings.bin"):
                if kind == _SHARED_TEXT:
                    self._text_lengths.append(struct.unpack_from("<I", body, 1)[0])
        except DAMAGED as error:
            raise package.damaged(error) from None
        check_limit("sheets", len(self.worksheets), shown=package.shown)

    def _add_relationship(self, name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "Relationship":
            self._parts[attributes.get("Id", "")] = attributes.get("Target", "")

    def _add_worksheet(self, body: bytes) -> None:
        """Add the worksheet that a record of the workbook names."""
        state, _, length = struct.unpack_from("<III", body)
        if length != 0xFFFFFFFF:  # without a relationship there is no worksheet
            relationship = body[12 : 12 + 2 * length].decode("utf-16-le")
            name = body[12 + 2 * length :]
            letters = struct.unpack_from("<I", name)[0]
            text = name[4 : 4 + 2 * letters].decode("utf-16-le")
            self.worksheets.append(Worksheet(text, f"xl/{self._parts[relationship]}", bool(state)))

    def _records(self, part: str) -> Iterator[tuple[int, bytes]]:
        """Yield (type, content) of the records of a part; nothing if there is no such part. Raises one of `DAMAGED` for a truncated one."""
        if part not in self._package:
            return
        data = self._package.read(part)
        offset, size = 0, len(data)
        while offset < size:
            kind = data[offset]
            offset += 1
            if kind & 0x80:
                kind = (kind & 0x7F) + ((data[offset] & 0x7F) << 7)
                offset += 1
            length = shift = 0
            for _ in range(4):
                byte = data[offset]
                offset += 1
                length += (byte & 0x7F) << shift
                shift += 7
                if not byte & 0x80:
                    break
            if offset + length > size:
                raise ValueError(part)
            yield kind, data[offset : offset + length]
            offset += length

    def _read_formats(self) -> Iterator[tuple[int, Format]]:
        """Yield (index of the cell style, format) for each format that shows more than the plain number."""
        formats: dict[int, Format | None] = {}
        in_styles, index = False, 0
        for kind, body in self._records("xl/styles.bin"):
            if kind == _FORMAT:
                number, length = struct.unpack_from("<HI", body)
                formats[number] = parse_format(body[6 : 6 + 2 * length].decode("utf-16-le", "replace"))
            elif kind in (_BEGIN_STYLES, _END_STYLES):
                in_styles = kind == _BEGIN_STYLES
            elif kind == _STYLE and in_styles:
                number = struct.unpack_from("<H", body, 2)[0]
                if number_format := formats[number] if number in formats else builtin_format(number):
                    yield index, number_format
                index += 1

    def scan(self, worksheet: Worksheet, size: WorkbookSize) -> None:
        """Count the cells of a worksheet and collect their metadata, in one pass over its records.

        Raises
        ------
        UsageError : the part is missing or damaged, or exceeds the limits.
        """
        self._package.check_part(worksheet.part)
        used, row, text = UsedRange(), 0, 0
        try:
            for kind, body in self._records(worksheet.part):
                if kind == _ROW:
                    row = struct.unpack_from("<I", body)[0]
                    if row >= MAX_ROWS:
                        raise ValueError(f"row {row}")
                elif kind in _CELLS:
                    column, style = struct.unpack_from("<II", body)
                    if column >= MAX_COLUMNS:
                        raise ValueError(f"column {column}")
                    used.add(row, column)
                    if kind == _SHARED:
                        index = struct.unpack_from("<I", body, 8)[0]
                        text += self._text_lengths[index] if index < len(self._text_lengths) else 0
                    else:
                        self._add_metadata(worksheet.cells, kind, (row, column), style & 0xFFFFFF, body)
        except DAMAGED as error:
            raise self._package.damaged(error) from None
        size.add_worksheet(used, worksheet.name)
        size.add_text(text)

    def _add_metadata(self, cells: CellMetadata, kind: int, cell: tuple[int, int], style: int, body: bytes) -> None:
        """Collect the metadata of a cell record."""
        if kind in (_ERROR, _FORMULA_ERROR):
            cells.errors[cell] = ERRORS.get(body[8], "#N/A")
        elif number_format := self._formats.get(style):
            if kind == _RK:
                number = decode_rk(struct.unpack_from("<I", body, 8)[0])
                cells.add_formatted(cell, number, number_format, self._since_1904)
            elif kind in (_REAL, _FORMULA_NUMBER):
                cells.add_formatted(cell, struct.unpack_from("<d", body, 8)[0], number_format, self._since_1904)
