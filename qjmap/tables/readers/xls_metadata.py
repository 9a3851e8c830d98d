"""Metadata of an Excel 97-2003 or WPS workbook (.xls, .et): worksheets, their size, and what calamine does not report.

The workbook is a stream of BIFF8 records (MS-XLS) in an OLE container: type, length, content. They are read in exactly the order in
which calamine reads them, so that it reads nothing that was not counted before.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

from qjmap.errors import UsageError
from qjmap.tables.readers.limits import check_limit
from qjmap.tables.readers.number_formats import Format, builtin_format, parse_format
from qjmap.tables.readers.ole_container import DAMAGED, read_stream
from qjmap.tables.readers.worksheet_metadata import CellMetadata, UsedRange, WorkbookSize, Worksheet

ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
"""Error code of BIFF -> error value."""
_BOF, _EOF, _CONTINUE = 0x0809, 0x000A, 0x003C
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR, _LABELSST = 0x06, 0x0203, 0x027E, 0xBD, 0x0205, 0xFD
_BOUNDSHEET, _XF, _FORMAT, _SST, _FILEPASS, _DATEMODE, _DIMENSIONS = 0x85, 0xE0, 0x041E, 0xFC, 0x2F, 0x22, 0x0200
_LABEL, _RSTRING = 0x0204, 0xD6
_CELLS = frozenset((_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR, _LABELSST, _LABEL, _RSTRING))
_MAX_ROWS, _MAX_COLUMNS = 65_536, 256
_ARITHMETIC = frozenset((0x03, 0x04, 0x05, 0x06, 0x07, 0x12, 0x13, 0x14, 0x15))
"""Tokens of operators whose result is a number."""
_OPERANDS = {0x1E: 3, 0x1F: 9, 0x24: 5, 0x44: 5, 0x64: 5}
"""Token of an operand (integer, float, reference) -> its length in bytes."""
_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")


class XlsMetadata:
    """Worksheets and number formats of a workbook.

    Attributes
    ----------
    locked : whether it has a password.
    worksheets : all worksheets in their order, without names, which calamine reports.

    Raises
    ------
    UsageError : the container or the records are damaged, so that calamine might follow them forever or allocate all memory; or there are
        more worksheets than the limit allows.
    """

    def __init__(self, data: bytes, shown: str) -> None:
        self._shown = shown
        self.locked = False
        self.worksheets: list[Worksheet] = []
        self._since_1904 = False
        self._formats: dict[int, Format] = {}  # index of the cell style -> its format
        self._text_lengths = array("q")  # number of characters of each shared string
        self._walked = 0
        try:
            self._stream = read_stream(data, _STREAMS)
            if not self._stream:
                raise ValueError
            self._read_globals()
        except DAMAGED:
            raise self._damaged() from None
        check_limit("sheets", len(self.worksheets), shown=shown)

    def _damaged(self) -> UsageError:
        return UsageError("file-unreadable", path=self._shown, detail="OLE2")

    def _read_globals(self) -> None:
        """Read the records of the workbook itself: worksheets, number formats, styles, shared strings."""
        formats, styles, shared = dict[int, Format | None](), list[int](), list[bytes]()
        is_biff8 = self._stream[4:6] == b"\x00\x06"
        previous = 0
        for kind, body in _records(self._stream, 0, nested=True):
            if kind == _BOUNDSHEET:
                offset, hidden = str(struct.unpack_from("<I", body)[0]), bool(body[4] & 0x3F)
                self.worksheets.append(Worksheet("", offset, hidden))
            elif kind == _FORMAT:
                number, code = _read_format(body, is_biff8)
                formats[number] = parse_format(code)
            elif kind == _XF:
                styles.append(struct.unpack_from("<H", body, 2)[0])
            elif kind == _SST or (kind == _CONTINUE and previous == _SST):
                shared.append(body)
            elif kind == _FILEPASS:
                self.locked = True
            elif kind == _DATEMODE:
                self._since_1904 = body[:2] == b"\x01\x00"
            previous = previous if kind == _CONTINUE else kind
            if kind == _EOF:
                break
        for index, number in enumerate(styles):
            if number_format := formats[number] if number in formats else builtin_format(number):
                self._formats[index] = number_format
        if not self.locked:
            self._text_lengths = _shared_text_lengths(shared)

    def scan(self, worksheet: Worksheet, size: WorkbookSize) -> None:
        """Count the cells of a worksheet and collect their metadata, in one pass over its records.

        Raises
        ------
        UsageError : the records are damaged, or exceed the limits.
        """
        used, text = UsedRange(), 0
        try:
            for kind, body in _records(self._stream, int(worksheet.part), nested=False):
                self._walked += len(body) + 4
                if self._walked > 2 * len(self._stream) + 65_536:
                    raise ValueError  # more bytes than the stream holds: worksheets overlap
                if kind in _CELLS:
                    row, column = struct.unpack_from("<HH", body)
                    last = column + (len(body) - 6) // 6 - 1 if kind == _MULRK else column
                    if column >= _MAX_COLUMNS or last >= _MAX_COLUMNS:
                        raise ValueError
                    used.add(row, last)
                    if kind == _LABELSST:
                        index = struct.unpack_from("<I", body, 6)[0]
                        text += self._text_lengths[index] if index < len(self._text_lengths) else 0
                    else:
                        self._add_metadata(kind, body, worksheet.cells)
                elif kind == _DIMENSIONS:
                    _check_dimensions(body)
        except DAMAGED:
            raise self._damaged() from None
        size.add_worksheet(used, f"{self.worksheets.index(worksheet) + 1}")
        size.add_text(text)

    def _add_metadata(self, kind: int, body: bytes, cells: CellMetadata) -> None:
        """Collect the metadata of a cell record."""
        row, column = struct.unpack_from("<HH", body)
        if kind == _MULRK:
            for index in range((len(body) - 6) // 6):
                style, packed = struct.unpack_from("<HI", body, 4 + 6 * index)
                if number_format := self._formats.get(style):
                    cells.add_formatted((row, column + index), decode_rk(packed), number_format, self._since_1904)
            return
        cell = (row, column)
        number_format = self._formats.get(struct.unpack_from("<H", body, 4)[0])
        if kind == _BOOLERR:
            if body[7]:
                cells.errors[cell] = ERRORS.get(body[6], "#N/A")
        elif kind == _FORMULA and body[12:14] == b"\xff\xff":
            if body[6] == 2:
                cells.errors[cell] = ERRORS.get(body[8], "#N/A")
            elif body[6] == 3:
                _add_empty_result(body, cell, cells)
        elif number_format and kind in (_NUMBER, _FORMULA):
            cells.add_formatted(cell, struct.unpack_from("<d", body, 6)[0], number_format, self._since_1904)
        elif number_format and kind == _RK:
            number = decode_rk(struct.unpack_from("<I", body, 6)[0])
            cells.add_formatted(cell, number, number_format, self._since_1904)


def decode_rk(packed: int) -> float:
    """Decode an RK number (MS-XLS 2.5.217): a signed 30-bit integer or the upper 30 bits of a 64-bit float; bit 0 divides it by 100."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30) if packed & 0x80000000 else packed >> 2)
    else:
        value = float(struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    return value / 100 if packed & 1 else value


def _read_format(body: bytes, is_biff8: bool) -> tuple[int, str]:
    """Return the number and the format code of a FORMAT record."""
    if not is_biff8:
        return struct.unpack_from("<H", body)[0], body[3 : 3 + body[2]].decode("gb18030", "replace")
    number, length = struct.unpack_from("<HH", body)
    wide = body[4] & 1
    code = body[5 : 5 + length * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")
    return number, code


def _check_dimensions(body: bytes) -> None:
    """Raise ValueError if a DIMENSIONS record states an impossible size, which calamine would allocate."""
    top, bottom, left, right = struct.unpack_from("<IIHH" if len(body) >= 14 else "<HHHH", body)
    if not (top <= bottom <= _MAX_ROWS and left <= right <= _MAX_COLUMNS):
        raise ValueError


def _shared_text_lengths(records: list[bytes]) -> array[int]:
    """Return the number of characters of each shared string (SST and CONTINUE records), as far as the records can be parsed."""
    lengths = array("q")
    if not records:
        return lengths
    record, offset = 0, 8
    try:
        while record < len(records):
            if offset >= len(records[record]):
                record, offset = record + 1, 0
                continue
            length, flags = struct.unpack_from("<HB", records[record], offset)
            offset += 3
            runs = phonetic = 0
            if flags & 8:
                runs = struct.unpack_from("<H", records[record], offset)[0]
                offset += 2
            if flags & 4:
                phonetic = struct.unpack_from("<I", records[record], offset)[0]
                offset += 4
            left, width = length, 1 + (flags & 1)
            while left:
                count = min(left, (len(records[record]) - offset) // width)
                left, offset = left - count, offset + count * width
                if left:  # continues in the next record, whose first byte says if characters take 1 or 2 bytes
                    record, offset, width = record + 1, 1, 1 + (records[record + 1][0] & 1)
            skipped = 4 * runs + phonetic
            while skipped > len(records[record]) - offset:
                skipped -= len(records[record]) - offset
                record, offset = record + 1, 0
            offset += skipped
            lengths.append(length)
    except (struct.error, IndexError):
        pass
    return lengths


def _records(stream: bytes, offset: int, *, nested: bool) -> Iterator[tuple[int, bytes]]:
    """Yield (type, content) of the records of the substream at an offset; records of substreams inside it (charts) only if `nested`.

    Raises ValueError for an offset outside of the stream.
    """
    depth, begun = 0, nested
    if offset < 0 or offset > len(stream):
        raise ValueError
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, offset)
        body = stream[offset + 4 : offset + 4 + length]
        offset += 4 + length
        if depth:
            depth += (kind == _BOF) - (kind == _EOF)
        elif kind == _BOF and begun and not nested:
            depth = 1
        else:
            begun = begun or kind == _BOF
            yield kind, body
            if kind == _EOF:
                return


def _add_empty_result(body: bytes, cell: tuple[int, int], cells: CellMetadata) -> None:
    """Record a formula whose result is an empty text.

    A formula of arithmetic tokens alone cannot have such a result, so it was never computed: it is `unsaved`. Any other is `blank`,
    unless it holds an empty string literal.
    """
    length = struct.unpack_from("<H", body, 20)[0]
    tokens, offset = body[22 : 22 + length], 0
    while offset < len(tokens):
        token = tokens[offset]
        if token not in _ARITHMETIC and token not in _OPERANDS:
            if b"\x17\x00" not in tokens:  # token of an empty string literal
                cells.blank.add(cell)
            return
        offset += _OPERANDS.get(token, 1)
    cells.unsaved.add(cell)
