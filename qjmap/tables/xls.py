"""A workbook of Excel 97 to 2003 and WPS (.xls, .et): its worksheets, how far they reach, and what the reader does not tell of them.

The file is a container of streams (MS-CFB), one of which holds the workbook as records (MS-XLS): type, length, content. They are
walked here just as the reader of workbooks walks them, so that it meets nothing that was not counted before.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

from qjmap.errors import UsageError
from qjmap.tables.hints import Extent, Hints, Sheet
from qjmap.tables.limits import check_limit
from qjmap.tables.number_formats import Format, format_number, format_of

ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_BEGIN, _END, _CONTINUE = 0x0809, 0x000A, 0x003C
_FORMULA, _NUMBER, _RK, _MANY_RK, _ERROR, _SHARED = 0x06, 0x0203, 0x027E, 0xBD, 0x0205, 0xFD
_SHEET, _STYLE, _FORMAT, _TEXTS, _LOCKED, _EPOCH = 0x85, 0xE0, 0x041E, 0xFC, 0x2F, 0x22
_EXTENT = 0x0200
_CELLS = frozenset((_FORMULA, _NUMBER, _RK, _MANY_RK, _ERROR, _SHARED, 0x0204, 0xD6))
_ROWS, _COLUMNS = 65_536, 256
_ARITHMETIC = frozenset((0x03, 0x04, 0x05, 0x06, 0x07, 0x12, 0x13, 0x14, 0x15))
_NUMBERS = {0x1E: 3, 0x1F: 9, 0x24: 5, 0x44: 5, 0x64: 5}  # operand -> its length: integer, float, reference
_BOOKS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_WRONG = (struct.error, ValueError, LookupError)


class Workbook:
    """What a workbook says of its worksheets.

    Attributes
    ----------
    locked : it has a password.
    sheets : all of its sheets in their order, without their names, which the reader of workbooks tells.

    Raises
    ------
    UsageError : the container or the records are not sound: the reader of workbooks might follow them for ever, or ask for all
        the memory there is.
    """

    def __init__(self, data: bytes, shown: str) -> None:
        self._shown = shown
        self.locked = False
        self.sheets: list[Sheet] = []
        self._since_1904 = False
        self._styles: dict[int, Format] = {}
        self._texts = array("q")
        self._walked = 0
        try:
            self._book = _stream(data, _BOOKS)
            if not self._book:
                raise ValueError
            self._globals()
        except _WRONG:
            raise self._damaged() from None
        check_limit("sheets", len(self.sheets), shown=shown)

    def _damaged(self) -> UsageError:
        return UsageError("file-unreadable", path=self._shown, detail="OLE2")

    def _globals(self) -> None:
        formats, styles, texts = dict[int, Format | None](), list[int](), list[bytes]()
        wide = self._book[4:6] == b"\x00\x06"
        last = 0
        for kind, body in _records(self._book, 0, nested=True):
            if kind == _SHEET:
                self.sheets.append(Sheet("", str(struct.unpack_from("<I", body)[0]), bool(body[4] & 0x3F)))
            elif kind == _FORMAT:
                if wide:
                    number, length = struct.unpack_from("<HH", body)
                    formats[number] = format_of(_string(body, 2, length, 2))
                else:
                    formats[struct.unpack_from("<H", body)[0]] = format_of(body[3 : 3 + body[2]].decode("gb18030", "replace"))
            elif kind == _STYLE:
                styles.append(struct.unpack_from("<H", body, 2)[0])
            elif kind == _TEXTS or (kind == _CONTINUE and last == _TEXTS):
                texts.append(body)
            elif kind == _LOCKED:
                self.locked = True
            elif kind == _EPOCH:
                self._since_1904 = body[:2] == b"\x01\x00"
            last = last if kind == _CONTINUE else kind
            if kind == _END:
                break
        for at, number in enumerate(styles):
            if found := formats[number] if number in formats else format_number(number):
                self._styles[at] = found
        if not self.locked:
            self._texts = _text_lengths(texts)

    def look_through(self, sheet: Sheet, extent: Extent) -> None:
        """Count the cells of a worksheet, and put into it what stands behind them: one pass over its records.

        Raises
        ------
        UsageError : the records are not sound, or reach beyond the limits.
        """
        rows = columns = text = 0
        try:
            for kind, body in _records(self._book, int(sheet.part), nested=False):
                self._walked += len(body) + 4
                if self._walked > 2 * len(self._book) + 65_536:
                    raise ValueError  # worksheets that lie in one another
                if kind in _CELLS:
                    row, column = struct.unpack_from("<HH", body)
                    last = column + (len(body) - 6) // 6 - 1 if kind == _MANY_RK else column
                    if max(column, last) >= _COLUMNS:
                        raise ValueError
                    rows, columns = max(rows, row + 1), max(columns, last + 1)
                    if kind == _SHARED:
                        number = struct.unpack_from("<I", body, 6)[0]
                        text += self._texts[number] if number < len(self._texts) else 0
                    else:
                        self._note(kind, body, sheet.found)
                elif kind == _EXTENT:
                    top, bottom, left, right = struct.unpack_from("<IIHH" if len(body) >= 14 else "<HHHH", body)
                    if not (top <= bottom <= _ROWS and left <= right <= _COLUMNS):
                        raise ValueError
        except _WRONG:
            raise self._damaged() from None
        extent.add(rows, columns, f"{self.sheets.index(sheet) + 1}")
        extent.add_text(text)

    def _note(self, kind: int, body: bytes, found: Hints) -> None:
        """Put into the hints what stands behind a cell."""
        row, column = struct.unpack_from("<HH", body)
        if kind == _MANY_RK:
            for number in range((len(body) - 6) // 6):
                style, packed = struct.unpack_from("<HI", body, 4 + 6 * number)
                if form := self._styles.get(style):
                    found.note_format(form, (row, column + number), unpacked(packed), self._since_1904)
            return
        at = (row, column)
        form = self._styles.get(struct.unpack_from("<H", body, 4)[0])
        if kind == _ERROR:
            if body[7]:
                found.errors[at] = ERRORS.get(body[6], "#N/A")
        elif kind == _FORMULA and body[12:14] == b"\xff\xff":
            if body[6] == 2:
                found.errors[at] = ERRORS.get(body[8], "#N/A")
            elif body[6] == 3:
                _without_result(body, at, found)
        elif form and kind in (_NUMBER, _FORMULA):
            found.note_format(form, at, struct.unpack_from("<d", body, 6)[0], self._since_1904)
        elif form and kind == _RK:
            found.note_format(form, at, unpacked(struct.unpack_from("<I", body, 6)[0]), self._since_1904)


def streams(data: bytes) -> frozenset[str]:
    """The names of the streams and folders in a container; none where it is not sound."""
    try:
        names: set[str] = set()
        _stream(data, (), names)
    except _WRONG:
        return frozenset()
    return frozenset(names)


def unpacked(packed: int) -> float:
    """A number as the records pack it: an integer or the upper part of a float, perhaps a hundred times what is meant."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30) if packed & 0x80000000 else packed >> 2)
    else:
        value = float(struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    return value / 100 if packed & 1 else value


def _text_lengths(parts: list[bytes]) -> array[int]:
    """The number of characters of each shared text; as many as can be told."""
    lengths = array("q")
    part = at = 0
    if not parts:
        return lengths
    at = 8
    try:
        while part < len(parts):
            if at >= len(parts[part]):
                part, at = part + 1, 0
                continue
            length, flags = struct.unpack_from("<HB", parts[part], at)
            at += 3
            runs = extra = 0
            if flags & 8:
                runs = struct.unpack_from("<H", parts[part], at)[0]
                at += 2
            if flags & 4:
                extra = struct.unpack_from("<I", parts[part], at)[0]
                at += 4
            left, width = length, 1 + (flags & 1)
            while left:
                taken = min(left, (len(parts[part]) - at) // width)
                left, at = left - taken, at + taken * width
                if left:  # the text goes on in the next record, perhaps in the other width
                    part, at, width = part + 1, 1, 1 + (parts[part + 1][0] & 1)
            skipped = 4 * runs + extra
            while skipped > len(parts[part]) - at:
                skipped -= len(parts[part]) - at
                part, at = part + 1, 0
            at += skipped
            lengths.append(length)
    except (struct.error, IndexError):
        pass
    return lengths


def _stream(data: bytes, names: tuple[str, ...], found: set[str] | None = None) -> bytes:
    """One stream of the container: the first of these names that it has. All names are put into `found`."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    if not (128 <= size <= 65_536 and 8 <= small <= size):
        raise ValueError
    count, first, _, least, first_small, _ = struct.unpack_from("<IIIIII", data, 44)
    lists = [*struct.unpack_from("<109I", data, 76)]
    more = struct.unpack_from("<I", data, 68)[0]
    most = len(data) // size + 1

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    for _ in range(most):
        if more >= 0xFFFFFFFA:
            break
        words = struct.unpack_from(f"<{size // 4}I", sector(more))
        lists += words[:-1]
        more = words[-1]
    else:
        raise ValueError  # a circle
    table: list[int] = []
    for number in lists[: min(count, most)]:
        table += struct.unpack_from(f"<{size // 4}I", sector(number))

    def chain(start: int, following: list[int]) -> list[int]:
        numbers: list[int] = []
        while start < 0xFFFFFFFA:
            if len(numbers) > len(following):
                raise ValueError  # a circle
            numbers.append(start)
            start = following[start]
        return numbers

    folder = b"".join(map(sector, chain(first, table)))
    entries: dict[str, tuple[int, int]] = {}
    for at in range(0, len(folder) - 127, 128):
        length = min(struct.unpack_from("<H", folder, at + 64)[0], 64)
        name = folder[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        entries.setdefault(name, struct.unpack_from("<II", folder, at + 116))
        if folder[at + 66] == 2 and entries[name][1] >= least:
            chain(entries[name][0], table)
    if found is not None:
        found.update(entries)
    start, length = next((entries[name] for name in names if name in entries), (0xFFFFFFFE, 0))
    whole = b"".join(map(sector, chain(entries["Root Entry"][0], table)))
    links = b"".join(map(sector, chain(first_small, table)))
    following = [*struct.unpack(f"<{len(links) // 4}I", links)]
    for one in range(0, len(folder) - 127, 128):
        begin, extent = struct.unpack_from("<II", folder, one + 116)
        if folder[one + 66] == 2 and 0 < extent < least:
            chain(begin, following)
    if length >= least:
        return b"".join(map(sector, chain(start, table)))[:length]
    return b"".join(whole[one * small : (one + 1) * small] for one in chain(start, following))[:length]


def _records(book: bytes, at: int, *, nested: bool) -> Iterator[tuple[int, bytes]]:
    """The records from one place to the end of what begins there; those of what lies inside (charts) only if `nested`."""
    depth, begun = 0, nested
    if at < 0 or at > len(book):
        raise ValueError
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        body = book[at + 4 : at + 4 + length]
        at += 4 + length
        if depth:
            depth += (kind == _BEGIN) - (kind == _END)
        elif kind == _BEGIN and begun and not nested:
            depth = 1
        else:
            begun = begun or kind == _BEGIN
            yield kind, body
            if kind == _END:
                return


def _string(body: bytes, at: int, length: int, width: int) -> str:
    """A text after its length (of `width` bytes) and a byte that tells how wide its characters are."""
    wide, begin = body[at + width] & 1, at + width + 1
    return body[begin : begin + length * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")


def _without_result(body: bytes, at: tuple[int, int], found: Hints) -> None:
    """A formula whose saved result is an empty text: a sum or product cannot be that, so it was never worked out."""
    length = struct.unpack_from("<H", body, 20)[0]
    code, position = body[22 : 22 + length], 0
    while position < len(code):
        token = code[position]
        if token not in _ARITHMETIC and token not in _NUMBERS:
            if b"\x17\x00" not in code:  # the formula itself says "" nowhere
                found.blank.add(at)
            return
        position += _NUMBERS.get(token, 1)
    found.unsaved.add(at)
