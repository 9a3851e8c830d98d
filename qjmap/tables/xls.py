"""What the reader of workbooks does not tell about an .xls file: errors, formulas without a result, leading zeros.

The file is a container of streams (MS-CFB), one of which holds the workbook as records (MS-XLS): type, length, content.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from qjmap.tables.hints import Hints

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_ZEROS = re.compile(r"0{2,}")
_BEGIN, _END = 0x0809, 0x000A
_FORMULA, _NUMBER, _RK, _MANY_RK, _ERROR, _SHEET, _STYLE, _FORMAT = 0x06, 0x0203, 0x027E, 0xBD, 0x0205, 0x85, 0xE0, 0x041E
_EXTENT = 0x0200
_CELLS = frozenset((_FORMULA, _NUMBER, _RK, _MANY_RK, _ERROR, 0x0201, 0x0204, 0xBE, 0xD6, 0xFD, 0x0406, 0x0206))
_ARITHMETIC = frozenset((0x03, 0x04, 0x05, 0x06, 0x07, 0x12, 0x13, 0x14, 0x15))
_NUMBERS = {0x1E: 3, 0x1F: 9, 0x24: 5, 0x44: 5, 0x64: 5}  # operand -> its length: integer, float, reference


def hints(data: bytes, sheet: str) -> Hints:
    """The hints of one worksheet; empty ones for anything that is not as the standard has it."""
    found = Hints()
    try:
        book = _stream(data, ("Workbook", "Book"))
        start, styles = _globals(book, sheet)
        if start:
            _scan(book, start, styles, found)
    except (struct.error, ValueError, LookupError):
        return found
    return found


def readable(data: bytes) -> bool:
    """Whether the reader of workbooks can be trusted with a file.

    A damaged container may go in circles, which it would follow for ever; a damaged record may name a cell or an extent
    beyond the 65,536 rows and 256 columns that there can be, for which it would ask for all the memory there is and more.
    """
    try:
        book = _stream(data, ("Workbook", "Book"))
        at = 0
        while at + 4 <= len(book):
            kind, length = struct.unpack_from("<HH", book, at)
            if kind in _CELLS and length >= 4 and struct.unpack_from("<H", book, at + 6)[0] > 255:
                return False
            if kind == _EXTENT:
                wide = length >= 14
                top, bottom, left, right = struct.unpack_from("<IIHH" if wide else "<HHHH", book, at + 4)
                if not (top <= bottom <= 65_536 and left <= right <= 256):
                    return False
            at += 4 + length
        return bool(book)
    except (struct.error, ValueError, LookupError):
        return False


def _stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """One stream of the container."""
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


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from one beginning to its end, those of what lies inside (charts) left out."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _globals(book: bytes, sheet: str) -> tuple[int, dict[int, int]]:
    """Where the worksheet begins, and style number -> digits, of the formats that are nothing but zeros."""
    start, formats, styles = 0, dict[int, str](), list[int]()
    for kind, body in _records(book, 0):
        if kind == _SHEET and _string(body, 6, body[6], 1) == sheet:
            start = struct.unpack_from("<I", body)[0]
        elif kind == _FORMAT:
            number, length = struct.unpack_from("<HH", body)
            formats[number] = _string(body, 2, length, 2)
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    digits = {number: code.split(";")[0].strip().strip('"') for number, code in formats.items()}
    zeros = {number: len(code) for number, code in digits.items() if _ZEROS.fullmatch(code)}
    return start, {at: zeros[number] for at, number in enumerate(styles) if number in zeros}


def _string(body: bytes, at: int, length: int, width: int) -> str:
    """A text after its length (of `width` bytes) and a byte that tells how wide its characters are."""
    wide, begin = body[at + width] & 1, at + width + 1
    return body[begin : begin + length * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")


def _scan(book: bytes, start: int, styles: dict[int, int], found: Hints) -> None:
    for kind, body in _records(book, start):
        if kind in (_FORMULA, _NUMBER, _RK, _ERROR):
            row, column, style = struct.unpack_from("<HHH", body)
            at = (row, column)
            if style in styles:
                found.padded[at] = styles[style]
            if kind == _ERROR and body[7]:
                found.errors[at] = _ERRORS.get(body[6], "#N/A")
            elif kind == _FORMULA and body[12:14] == b"\xff\xff":
                if body[6] == 2:
                    found.errors[at] = _ERRORS.get(body[8], "#N/A")
                elif body[6] == 3:
                    _without_result(body, at, found)
        elif kind == _MANY_RK:
            row, column = struct.unpack_from("<HH", body)
            for number in range((len(body) - 6) // 6):
                style = struct.unpack_from("<H", body, 4 + 6 * number)[0]
                if style in styles:
                    found.padded[row, column + number] = styles[style]


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
