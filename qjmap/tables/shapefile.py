"""A shapefile -> a grid: the points of .shp, the records of .dbf as texts, .prj and .cpg where they are there.

Read without GDAL, which would open whatever else lies beside the file and decode Chinese field names before anyone could say how.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from qjmap.errors import UsageError
from qjmap.tables import kinds
from qjmap.tables.cells import plain_number
from qjmap.tables.crs import reference
from qjmap.tables.encodings import Decoded, decode
from qjmap.tables.features import Features, Point, point_text
from qjmap.tables.grids import Grid
from qjmap.tables.limits import check_limit

PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
"""The files that make one shapefile and are read; .shp and .dbf are necessary."""
MAGIC = b"\0\0\x27\x0a"

_SHAPES = {3: "LineString", 5: "Polygon", 8: "MultiPoint", 31: "MultiPatch"}  # and 10, 20 more with Z and M
_NO_DATA = -1e38
_PAGES = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x13: "cp932", 0x4D: "gb18030", 0x4E: "cp949", 0x4F: "cp950",
          0x64: "cp852", 0x65: "cp866", 0x78: "cp950", 0x79: "cp949", 0x7A: "gb18030", 0x7B: "cp932", 0x7C: "cp874",
          0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254", 0xCB: "cp1253"}  # fmt: skip
"""dBASE's language driver -> encoding. 0x57, the system's own, says nothing."""


def read_shapefile(parts: Mapping[str, bytes], *, shown: str, encoding: str | None = None) -> Grid:
    """The points of a shapefile with their records; a record deleted in the .dbf goes with its point.

    Texts and field names are decoded as `encoding` says, else as .cpg or the .dbf itself says where that fits, else as
    the texts of a CSV file are.

    Parameters
    ----------
    parts : suffix (`PARTS`) -> bytes.

    Raises
    ------
    UsageError : .dbf is missing, a file is damaged or is another kind of file, or its reference system is unknown.
    LookupError : there is no such encoding.
    """
    shp, dbf = parts[".shp"], parts.get(".dbf")
    if not shp.startswith(MAGIC):
        raise kinds.misnamed(shown, ".shp", shp)
    if dbf is None:
        raise UsageError("shapefile-part", path=shown, part=".dbf")
    found = Features(shown)
    try:
        shapes = _shapes(shp, parts.get(".shx", b""))
        table = _Table.of(dbf)
        check_limit("rows", table.count, shown=shown)
        decoded = _encoding(table, parts.get(".cpg", b""), encoding)
        passed: Counter[str] = Counter()
        names = _names(table, decoded.encoding)
        for field, name in zip(table.fields, names, strict=True):
            if field.kind not in _READ:
                passed[f"{name}:{field.kind}"] += 1
        for at in range(table.count):
            record = table.record(at)
            if record[:1] == b"*":
                continue
            point, shape = shapes[at] if at < len(shapes) else (None, "")
            row = {}
            for field, name in zip(table.fields, names, strict=True):
                if field.kind in _READ:
                    row[name] = _cell(record[field.start : field.start + field.length], field, decoded.encoding)
            found.add(row, point, shape)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise UsageError("vector-unreadable", path=shown, detail=str(error)) from None
    found.passed(passed)
    prj = parts.get(".prj", b"").decode("utf-8", "replace").strip("\ufeff \t\r\n\0")
    return found.grid(reference(prj, shown=shown), decoded)


def _shapes(shp: bytes, shx: bytes) -> list[tuple[Point | None, str]]:
    """Of each record its point, or the kind of another shape."""
    starts = []
    if shx.startswith(MAGIC) and len(shx) >= 100:
        starts = [2 * start for start, _ in struct.iter_unpack(">ii", shx[100 : len(shx) - (len(shx) - 100) % 8])]
    if not starts or not all(100 <= start <= len(shp) - 12 for start in starts):
        starts, at = [], 100
        while at + 12 <= len(shp):
            starts.append(at)
            words = struct.unpack_from(">i", shp, at + 4)[0]
            if words < 2:
                raise ValueError(".shp")
            at += 8 + 2 * words
    return [_shape(shp, start + 8) for start in starts]


def _shape(shp: bytes, at: int) -> tuple[Point | None, str]:
    kind = struct.unpack_from("<i", shp, at)[0]
    if kind not in range(32):
        raise ValueError(".shp")
    kind = kind if kind == 31 else kind % 10
    if kind == 1:
        return _point(*struct.unpack_from("<dd", shp, at + 4)), ""
    if kind == 8:
        count = struct.unpack_from("<i", shp, at + 36)[0]
        if count == 1:
            return _point(*struct.unpack_from("<dd", shp, at + 40)), ""
        return None, "MultiPoint" if count else ""
    return None, _SHAPES.get(kind, "")


def _point(x: float, y: float) -> Point | None:
    return None if x < _NO_DATA or y < _NO_DATA else point_text(x, y)


@dataclass(frozen=True)
class _Field:
    name: bytes
    kind: str
    start: int
    length: int
    decimals: int


_READ = "CNFDLI+OB"


@dataclass(frozen=True)
class _Table:
    """A .dbf file: its fields, and where its records stand."""

    data: bytes
    fields: tuple[_Field, ...]
    count: int
    first: int
    size: int
    driver: int

    @classmethod
    def of(cls, data: bytes) -> _Table:
        count, first, size = struct.unpack_from("<IHH", data, 4)
        fields = []
        at, start = 32, 1
        while at + 32 <= min(first, len(data)) and data[at] != 0x0D:
            kind, length, decimals = chr(data[at + 11]).upper(), data[at + 16], data[at + 17]
            if kind == "C":
                length, decimals = length + 256 * decimals, 0
            fields.append(_Field(data[at : at + 11].split(b"\0")[0].strip(), kind, start, length, decimals))
            start += length
            at += 32
        if not fields or start > size or first + count * size > len(data) + 1:
            raise ValueError(".dbf")
        return cls(data, tuple(fields), count, first, size, data[29])

    def record(self, at: int) -> bytes:
        """One record, with the mark of deleted ones in front."""
        start = self.first + at * self.size
        return self.data[start : start + self.size]

    def texts(self) -> list[bytes]:
        """The names of fields and the cells of text that are not ASCII; those that fill their field, and may be cut, apart."""
        whole, full = [field.name for field in self.fields if not field.name.isascii()], list[bytes]()
        for at in range(self.count):
            record = self.record(at)
            if record.isascii():
                continue
            for field in self.fields:
                raw = record[field.start : field.start + field.length]
                if field.kind == "C" and not raw.isascii():
                    (whole if raw[-1:] in (b" ", b"\0") else full).append(raw.rstrip(b" \0"))
        return whole or full


def _encoding(table: _Table, cpg: bytes, told: str | None) -> Decoded:
    """The encoding of a table's texts and how it was found."""
    texts = table.texts()
    if told:
        name = codecs.lookup(told).name
        return _as(texts, "gb18030" if name in ("gbk", "gb2312") else name, "told")
    for name in (_code_page(cpg), _PAGES.get(table.driver, ""), "utf-8"):
        if name and not (found := _as(texts, name, "strict")).broken:
            return found
    return decode(b"\n".join(texts))


def _as(texts: list[bytes], name: str, why: str) -> Decoded:
    text = "\n".join(_text(raw, name) for raw in texts)
    return Decoded(text, name, why, broken="\ufffd" in text)


def _code_page(cpg: bytes) -> str:
    """What a .cpg file names, as Python knows it: UTF-8, 65001, 936, GBK, ISO 88591; "" for nothing known."""
    word = cpg[:64].decode("ascii", "ignore").strip("\0 \t\r\n").lower()
    digits = re.search(r"\d+", word)
    number = digits[0] if digits else ""
    iso = re.search(r"8859[\s_-]?(\d{1,2})", word)
    if number in ("936", "54936", "2312") or word in ("gbk", "gb18030"):
        return "gb18030"
    guesses = ["utf-8" if number == "65001" else "", f"iso8859-{iso[1]}" if iso else "", word, f"cp{number}" if number else ""]
    for guess in filter(None, guesses):
        try:
            return codecs.lookup(guess).name
        except LookupError:
            continue
    return ""


def _names(table: _Table, encoding: str) -> list[str]:
    names: list[str] = []
    for at, field in enumerate(table.fields, 1):
        name = _text(field.name, encoding) or f"列{at}"
        while name in names:
            name += "_"
        names.append(name)
    return names


def _text(raw: bytes, encoding: str) -> str:
    """A text of a field; a character that the field's end cut in two falls out."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if len(raw) - error.start < 4:
            return raw[: error.start].decode(encoding)
        return raw.decode(encoding, "replace")


def _cell(raw: bytes, field: _Field, encoding: str) -> str:
    if field.kind in "I+":
        return str(struct.unpack("<i", raw)[0])
    if field.kind in "OB":
        return plain_number(struct.unpack("<d", raw)[0])
    raw = raw.strip(b" \0")
    if field.kind == "C":
        return _text(raw, encoding)
    text = raw.decode("latin-1")
    if field.kind == "L":
        return "true" if text in "YyTt" and text else "false" if text in "NnFf" and text else ""
    if not text.strip("*"):  # a number that did not fit its field
        return ""
    if field.kind == "D":
        return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() and int(text) else text.strip("0")
    if field.decimals:
        try:
            return plain_number(float(text))
        except ValueError:
            return text
    return text
