"""Shapefile -> a grid: points of .shp, records of .dbf, and .prj and .cpg if they exist.

GDAL is not used: it would open whatever else lies beside the file, and decode Chinese field names before the user could say how.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qjmap.errors import UsageError
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers import detect_kind
from qjmap.tables.readers.crs import parse_reference
from qjmap.tables.readers.encoding import Decoded, codec_name, decode
from qjmap.tables.readers.features_to_grid import Features, Point, point_text
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.limits import check_limit
from qjmap.tables.readers.read_bytes import read_file_bytes
from qjmap.tables.readers.shapefile_shapes import shape_at

SHAPEFILE_SUFFIXES = (".shp", ".dbf", ".shx", ".prj", ".cpg")
"""Suffixes of the files of one shapefile that are read; .shp and .dbf are required."""

_MAGIC = b"\0\0\x27\x0a"
_SHAPES = {3: "LineString", 5: "Polygon", 8: "MultiPoint", 31: "MultiPatch"}  # codes with Z and M are 10 and 20 higher
_POINT, _MULTIPOINT, _MULTIPATCH = 1, 8, 31
_NO_DATA = -1e38
"""Coordinates below this mean "no data" (ESRI Shapefile Technical Description, 1998)."""
_HEADER = 100  # size of the header of .shp and .shx in bytes
_FIELD = 32  # size of a field descriptor in .dbf in bytes
_FIELD_TYPES = "CNFDLI+OB"
"""Types of .dbf fields that are read."""
_LANGUAGE_DRIVERS = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x13: "cp932", 0x4D: "gb18030", 0x4E: "cp949", 0x4F: "cp950",
                     0x64: "cp852", 0x65: "cp866", 0x78: "cp950", 0x79: "cp949", 0x7A: "gb18030", 0x7B: "cp932", 0x7C: "cp874",
                     0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254", 0xCB: "cp1253"}  # fmt: skip
"""Language driver of dBASE -> encoding. 0x57, "the system's own", says nothing and is left out."""


def sibling_files(path: Path, shown: str) -> dict[str, bytes]:
    """Read the files of a shapefile, `path` and those beside it with the same name: suffix -> bytes.

    Raises
    ------
    UsageError : the errors of `read_bytes.read_file_bytes`.
    """
    files = {path.suffix.lower(): read_file_bytes(path, shown)}
    for suffix in SHAPEFILE_SUFFIXES:
        for sibling in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
            if suffix not in files and sibling.is_file():
                files[suffix] = read_file_bytes(sibling, shown)
    return files


def read_shapefile(files: Mapping[str, bytes], *, shown: str, encoding: str | None = None) -> Grid:
    """Read the points of a shapefile with their records; a record that the .dbf marks as deleted is left out with its point.

    Texts and field names are decoded in `encoding`; without it, as .cpg or the .dbf itself says if that fits, else by detection.

    Parameters
    ----------
    files : suffix (`SHAPEFILE_SUFFIXES`) -> bytes.

    Raises
    ------
    UsageError : .dbf is missing, a file is damaged or of another kind, a limit is exceeded, the encoding of texts is unclear, or the
        reference system or `encoding` is unknown.
    """
    shp, dbf = files[".shp"], files.get(".dbf")
    if not shp.startswith(_MAGIC):
        raise detect_kind.misnamed(shown, ".shp", shp)
    if dbf is None:
        raise UsageError("shapefile-part", path=shown, part=".dbf")
    features = Features(shown)
    try:
        offsets = _offsets(shp, files.get(".shx", b""))
        table = _DbfTable.parse(dbf)
        check_limit("rows", table.count, shown=shown)
        decoded = _decode_texts(table, files.get(".cpg", b""), encoding)
        _add_records(features, table, shp, offsets, decoded.encoding)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise UsageError("vector-unreadable", path=shown, detail=str(error)) from None
    prj = files.get(".prj", b"").decode("utf-8", "replace").strip("\ufeff \t\r\n\0")
    return features.to_grid(parse_reference(prj, shown=shown), decoded)


def _add_records(features: Features, table: _DbfTable, shp: bytes, offsets: list[int], encoding: str) -> None:
    """Add the records of the .dbf file to the features, with their shapes, in order; deleted records are left out."""
    shapes = [_read_shape(shp, offset) for offset in offsets]
    names = _field_names(table, encoding)
    fields = [(field, name) for field, name in zip(table.fields, names, strict=True) if field.type in _FIELD_TYPES]
    skipped = Counter(
        f"{name}:{field.type}"
        for field, name in zip(table.fields, names, strict=True)
        if field.type not in _FIELD_TYPES
    )
    for index in range(table.count):
        record = table.record(index)
        if record[:1] != b"*":  # an asterisk marks a deleted record
            point, shape = shapes[index] if index < len(shapes) else (None, "")
            row = {name: _cell_text(field.of(record), field, encoding) for field, name in fields}
            whole = partial(shape_at, shp, offsets[index]) if index < len(offsets) else None
            features.add(row, point, shape, whole=whole)
    features.warn_skipped(skipped)


def _offsets(shp: bytes, shx: bytes) -> list[int]:
    """Return the byte offset in .shp of each shape, after the header of its record: by the .shx index if it is valid, else from record to
    record. Raises ValueError or struct.error if .shp is damaged.
    """
    offsets = []
    if shx.startswith(_MAGIC) and len(shx) >= _HEADER:
        entries = struct.iter_unpack(">ii", shx[_HEADER : len(shx) - (len(shx) - _HEADER) % 8])
        offsets = [2 * words for words, _ in entries]
    if not offsets or not all(_HEADER <= offset <= len(shp) - 12 for offset in offsets):
        offsets, offset = [], _HEADER
        while offset + 12 <= len(shp):
            offsets.append(offset)
            words = struct.unpack_from(">i", shp, offset + 4)[0]
            if words < 2:
                raise ValueError(".shp")
            offset += 8 + 2 * words
    return [offset + 8 for offset in offsets]


def _read_shape(shp: bytes, offset: int) -> tuple[Point | None, str]:
    """Return the point of a shape, also of a MultiPoint of one, and ""; for other shapes None and the kind, "" for an empty one.

    Raises ValueError for an unknown kind.
    """
    kind = struct.unpack_from("<i", shp, offset)[0]
    if kind not in range(_MULTIPATCH + 1):
        raise ValueError(".shp")
    kind = kind if kind == _MULTIPATCH else kind % 10
    if kind == _POINT:
        return _point(*struct.unpack_from("<dd", shp, offset + 4)), ""
    if kind == _MULTIPOINT:
        count = struct.unpack_from("<i", shp, offset + 36)[0]
        if count == 1:
            return _point(*struct.unpack_from("<dd", shp, offset + 40)), ""
        return None, _SHAPES[_MULTIPOINT] if count else ""
    return None, _SHAPES.get(kind, "")


def _point(x: float, y: float) -> Point | None:
    """Return a point as texts; None if a coordinate means "no data" or both are NaN."""
    return None if x < _NO_DATA or y < _NO_DATA else point_text(x, y)


@dataclass(frozen=True)
class _Field:
    """A field of a .dbf file; `start` is its offset in bytes from the start of the record."""

    name: bytes
    type: str
    start: int
    length: int
    decimals: int

    def of(self, record: bytes) -> bytes:
        """Return the bytes of the field in a record."""
        return record[self.start : self.start + self.length]


@dataclass(frozen=True)
class _DbfTable:
    """A .dbf file.

    Attributes
    ----------
    fields : its fields.
    count : number of records, deleted ones included.
    first, size : offset of the first record, and size of each record, in bytes.
    language_driver : code of the encoding.
    """

    data: bytes
    fields: tuple[_Field, ...]
    count: int
    first: int
    size: int
    language_driver: int

    @classmethod
    def parse(cls, data: bytes) -> _DbfTable:
        """Parse the header of a .dbf file; ValueError or struct.error if it is damaged."""
        count, first, size = struct.unpack_from("<IHH", data, 4)
        fields = []
        offset, start = _FIELD, 1
        while offset + _FIELD <= min(first, len(data)) and data[offset] != 0x0D:
            kind, length, decimals = chr(data[offset + 11]).upper(), data[offset + 16], data[offset + 17]
            if kind == "C":
                length, decimals = length + 256 * decimals, 0
            name = data[offset : offset + 11].split(b"\0")[0].strip()
            fields.append(_Field(name, kind, start, length, decimals))
            start += length
            offset += _FIELD
        if not fields or start > size or first + count * size > len(data) + 1:
            raise ValueError(".dbf")
        return cls(data, tuple(fields), count, first, size, data[29])

    def record(self, index: int) -> bytes:
        """Return the bytes of one record, which starts with its mark of deletion."""
        start = self.first + index * self.size
        return self.data[start : start + self.size]

    def non_ascii_texts(self) -> list[bytes]:
        """Return the field names, and the cells of text fields, that are not ASCII, undecoded. Cells that fill their field, and so may be
        cut off within a character, are returned only if there are no other texts.
        """
        complete, full = [field.name for field in self.fields if not field.name.isascii()], list[bytes]()
        for index in range(self.count):
            record = self.record(index)
            if record.isascii():
                continue
            for field in self.fields:
                raw = field.of(record)
                if field.type == "C" and not raw.isascii():
                    (complete if raw[-1:] in (b" ", b"\0") else full).append(raw.rstrip(b" \0"))
        return complete or full


def _decode_texts(table: _DbfTable, cpg: bytes, encoding: str | None) -> Decoded:
    """Find the encoding of the texts of a table: `encoding` if given, else the first of that in .cpg, that of the language driver and UTF-8
    that fits all texts, else by detection. The text of the result is made of the non-ASCII texts.
    """
    texts = table.non_ascii_texts()
    if encoding:
        name = codec_name(encoding)
        return _decode_all(texts, "gb18030" if name in ("gbk", "gb2312") else name, "given")
    for name in (_code_page(cpg), _LANGUAGE_DRIVERS.get(table.language_driver, ""), "utf-8"):
        if name and not (decoded := _decode_all(texts, name, "strict")).broken:
            return decoded
    return decode(b"\n".join(texts))


def _decode_all(texts: list[bytes], encoding: str, method: str) -> Decoded:
    text = "\n".join(_decode_field(raw, encoding) for raw in texts)
    return Decoded(text, encoding, method, broken="\ufffd" in text)


def _code_page(cpg: bytes) -> str:
    """Return Python's name of the encoding in a .cpg file (UTF-8, 65001, 936, GBK, ISO 88591); "" for an unknown one."""
    word = cpg[:64].decode("ascii", "ignore").strip("\0 \t\r\n").lower()
    digits = re.search(r"\d+", word)
    number = digits[0] if digits else ""
    iso = re.search(r"8859[\s_-]?(\d{1,2})", word)
    if number in ("936", "54936", "2312") or word in ("gbk", "gb18030"):
        return "gb18030"
    candidates = [
        "utf-8" if number == "65001" else "",
        f"iso8859-{iso[1]}" if iso else "",
        word,
        f"cp{number}" if number else "",
    ]
    for candidate in filter(None, candidates):
        with suppress(UsageError):
            return codec_name(candidate)
    return ""


def _field_names(table: _DbfTable, encoding: str) -> list[str]:
    """Return the names of the fields, each unique; 列1, 列2 ... for empty ones."""
    names: list[str] = []
    for number, field in enumerate(table.fields, 1):
        name = _decode_field(field.name, encoding) or f"列{number}"
        while name in names:
            name += "_"
        names.append(name)
    return names


def _decode_field(raw: bytes, encoding: str) -> str:
    """Decode the text of a field, without a last character that the end of the field cut in two; other undecodable bytes become U+FFFD."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if len(raw) - error.start < 4:
            return raw[: error.start].decode(encoding)
        return raw.decode(encoding, "replace")


def _cell_text(raw: bytes, field: _Field, encoding: str) -> str:
    """Return the text of a cell by the type of its field: dates in ISO 8601, true or false, numbers as in tables; "" for an empty one."""
    if field.type in "I+":
        return str(struct.unpack("<i", raw)[0])
    if field.type in "OB":
        return plain_number(struct.unpack("<d", raw)[0])
    raw = raw.strip(b" \0")
    if field.type == "C":
        return _decode_field(raw, encoding)
    text = raw.decode("latin-1")
    if field.type == "L":
        return "true" if text in "YyTt" and text else "false" if text in "NnFf" and text else ""
    if not text.strip("*"):  # asterisks stand for a number too long for its field
        return ""
    if field.type == "D":
        is_date = len(text) == 8 and text.isdigit() and int(text)
        return f"{text[:4]}-{text[4:6]}-{text[6:]}" if is_date else text.strip("0")
    if field.decimals:
        try:
            return plain_number(float(text))
        except ValueError:
            return text
    return text
