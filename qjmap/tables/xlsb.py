"""A binary package of Excel (.xlsb): its worksheets, how far they reach, and what the reader of workbooks does not tell of them.

Its parts are records (MS-XLSB): type and length, both in a variable number of bytes, then content.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

from qjmap.tables.hints import Extent, Sheet
from qjmap.tables.limits import check_limit
from qjmap.tables.number_formats import Format, format_number, format_of
from qjmap.tables.packages import Package
from qjmap.tables.xls import ERRORS, unpacked

_ROW, _RK, _ERROR, _REAL, _SHARED, _FORMULA_NUMBER, _FORMULA_ERROR = 0x00, 0x02, 0x03, 0x05, 0x07, 0x09, 0x0B
_CELLS = frozenset(range(0x02, 0x0C))
_SHEET, _SETTINGS, _TEXT, _FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END = 0x9C, 0x99, 0x13, 0x2C, 0x2F, 0x269, 0x26A
_ROWS, _COLUMNS = 1_048_576, 16_384
_WRONG = (struct.error, ValueError, LookupError)


class Workbook:
    """What a binary package says of its worksheets.

    Attributes
    ----------
    sheets : all of its sheets in their order.

    Raises
    ------
    UsageError : the package is no workbook, or not sound.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self.sheets: list[Sheet] = []
        self._since_1904 = False
        self._targets: dict[str, str] = {}
        if "xl/_rels/workbook.bin.rels" in package:
            package.parse("xl/_rels/workbook.bin.rels", self._link)
        try:
            for kind, body in self._records("xl/workbook.bin"):
                if kind == _SETTINGS:
                    self._since_1904 = bool(body[0] & 1)
                elif kind == _SHEET:
                    self._sheet(body)
            self._styles = dict(self._read_styles())
            self._texts = array("q")
            for kind, body in self._records("xl/sharedStrings.bin"):
                if kind == _TEXT:
                    self._texts.append(struct.unpack_from("<I", body, 1)[0])
        except _WRONG as error:
            raise package.damaged(error) from None
        check_limit("sheets", len(self.sheets), shown=package.shown)

    def _link(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def _sheet(self, body: bytes) -> None:
        state, _, length = struct.unpack_from("<III", body)
        if length != 0xFFFFFFFF:
            own = body[12 : 12 + 2 * length].decode("utf-16-le")
            name = body[12 + 2 * length :]
            letters = struct.unpack_from("<I", name)[0]
            name = name[4 : 4 + 2 * letters]
            self.sheets.append(Sheet(name.decode("utf-16-le"), f"xl/{self._targets[own]}", bool(state)))

    def _records(self, part: str) -> Iterator[tuple[int, bytes]]:
        """The records of a part; none where there is no such part."""
        if part not in self._package:
            return
        data = self._package.read(part)
        at, size = 0, len(data)
        while at < size:
            kind = data[at]
            at += 1
            if kind & 0x80:
                kind = (kind & 0x7F) + ((data[at] & 0x7F) << 7)
                at += 1
            length = shift = 0
            for _ in range(4):
                byte = data[at]
                at += 1
                length += (byte & 0x7F) << shift
                shift += 7
                if not byte & 0x80:
                    break
            if at + length > size:
                raise ValueError(part)
            yield kind, data[at : at + length]
            at += length

    def _read_styles(self) -> Iterator[tuple[int, Format]]:
        """Style number and what its format shows, where it shows anything but the plain value."""
        codes: dict[int, Format | None] = {}
        inside, count = False, 0
        for kind, body in self._records("xl/styles.bin"):
            if kind == _FORMAT:
                number, length = struct.unpack_from("<HI", body)
                codes[number] = format_of(body[6 : 6 + 2 * length].decode("utf-16-le", "replace"))
            elif kind in (_STYLES_BEGIN, _STYLES_END):
                inside = kind == _STYLES_BEGIN
            elif kind == _STYLE and inside:
                number = struct.unpack_from("<H", body, 2)[0]
                found = codes[number] if number in codes else format_number(number)
                if found:
                    yield count, found
                count += 1

    def look_through(self, sheet: Sheet, extent: Extent) -> None:
        """Count the cells of a worksheet, and put into it what stands behind them: one pass over its records.

        Raises
        ------
        UsageError : the part is missing or not sound, or reaches beyond the limits.
        """
        if sheet.part not in self._package:
            raise self._package.damaged(sheet.part)
        row = rows = columns = text = 0
        filled: set[int] = set()
        try:
            for kind, body in self._records(sheet.part):
                if kind == _ROW:
                    row = struct.unpack_from("<I", body)[0]
                    if row >= _ROWS:
                        raise ValueError(f"row {row}")
                elif kind in _CELLS:
                    column, style = struct.unpack_from("<II", body)
                    if column >= _COLUMNS:
                        raise ValueError(f"column {column}")
                    rows, columns = max(rows, row + 1), max(columns, column + 1)
                    filled.add(column)
                    if kind == _SHARED:
                        number = struct.unpack_from("<I", body, 8)[0]
                        text += self._texts[number] if number < len(self._texts) else 0
                    else:
                        self._note(sheet, kind, (row, column), style & 0xFFFFFF, body)
        except _WRONG as error:
            raise self._package.damaged(error) from None
        extent.add(rows, columns, sheet.name)
        extent.add_text(text)
        check_limit("columns", len(filled), shown=self._package.shown)

    def _note(self, sheet: Sheet, kind: int, at: tuple[int, int], style: int, body: bytes) -> None:
        """Put into the hints what stands behind a cell."""
        if kind in (_ERROR, _FORMULA_ERROR):
            sheet.found.errors[at] = ERRORS.get(body[8], "#N/A")
        elif form := self._styles.get(style):
            if kind == _RK:
                sheet.found.note_format(form, at, unpacked(struct.unpack_from("<I", body, 8)[0]), self._since_1904)
            elif kind in (_REAL, _FORMULA_NUMBER):
                sheet.found.note_format(form, at, struct.unpack_from("<d", body, 8)[0], self._since_1904)
