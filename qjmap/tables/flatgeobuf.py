"""FlatGeobuf -> a grid. Read without GDAL, which would turn whole numbers beside an empty cell into rounded ones, and which
takes such a file for another kind when its text says so."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable
from typing import Any

from qjmap.errors import UsageError
from qjmap.tables import kinds
from qjmap.tables.cells import plain_number
from qjmap.tables.crs import Reference, reference
from qjmap.tables.features import Features, Point, point_text
from qjmap.tables.grids import Grid
from qjmap.tables.limits import check_limit

MAGIC = b"fgb\x03fgb"

_NODE = 40  # bytes of a node of the spatial index: a box and an offset
_SHAPES = ("", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")
_NUMBERS = ("<b", "<B", "<?", "<h", "<H", "<i", "<I", "<q", "<Q", "<f", "<d")
"""Column types 0 to 10. 11 text, 12 JSON and 13 dates are texts; 14 is binary."""
_TEXTS, _BINARY = (11, 12, 13), 14


class _Record:
    """A table of FlatBuffers: fields by number, each of which may be missing."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self._index = at - struct.unpack_from("<i", data, at)[0]
        self._size = struct.unpack_from("<H", data, self._index)[0]

    def _place(self, number: int) -> int:
        entry = 4 + 2 * number
        offset = struct.unpack_from("<H", self.data, self._index + entry)[0] if entry + 2 <= self._size else 0
        return self.at + offset if offset else 0

    def value(self, number: int, form: str, default: Any) -> Any:
        """A number."""
        place = self._place(number)
        return struct.unpack_from(form, self.data, place)[0] if place else default

    def span(self, number: int) -> tuple[int, int]:
        """Where a text or a list begins, and how many items it has; (0, 0) for none."""
        place = self._place(number)
        if not place:
            return 0, 0
        start = place + struct.unpack_from("<I", self.data, place)[0]
        return start + 4, struct.unpack_from("<I", self.data, start)[0]

    def text(self, number: int) -> str:
        """A text, "" for none."""
        start, length = self.span(number)
        return _cut(self.data, start, length).decode("utf-8", "replace")

    def record(self, number: int) -> _Record | None:
        """A table in this one."""
        place = self._place(number)
        return _Record(self.data, place + struct.unpack_from("<I", self.data, place)[0]) if place else None

    def records(self, number: int) -> list[_Record]:
        """A list of tables."""
        start, length = self.span(number)
        if length > len(self.data) // 4:
            raise ValueError("FlatBuffers")
        places = range(start, start + 4 * length, 4)
        return [_Record(self.data, place + struct.unpack_from("<I", self.data, place)[0]) for place in places]


def read_flatgeobuf(data: bytes, *, shown: str) -> Grid:
    """The features of a FlatGeobuf file.

    Raises
    ------
    UsageError : it is no such file, it is damaged, or its reference system is unknown.
    """
    if not data.startswith(MAGIC):
        raise kinds.misnamed(shown, ".fgb", data)
    try:
        return _read(data, shown)
    except (struct.error, ValueError, IndexError, OverflowError) as error:
        raise UsageError("vector-unreadable", path=shown, detail=str(error)) from None


def _read(data: bytes, shown: str) -> Grid:
    header = _root(data, 12)
    check_limit("columns", header.span(7)[1], shown=shown)
    columns = [(column.text(0) or f"列{at}", column.value(1, "<B", 0)) for at, column in enumerate(header.records(7), 1)]
    shape_of_all = header.value(2, "<B", 0)
    count, node_size = header.value(8, "<Q", 0), header.value(9, "<H", 16)
    at = 12 + struct.unpack_from("<I", data, 8)[0] + _index_bytes(count, node_size)
    found, passed = Features(shown), Counter[str]()
    while at + 4 <= len(data):
        size = struct.unpack_from("<I", data, at)[0]
        if at + 4 + size > len(data):
            raise ValueError(f"{at}")
        feature = _root(data, at + 4)
        own = [(column.text(0), column.value(1, "<B", 0)) for column in feature.records(2)] or columns
        geometry = feature.record(0)
        point, shape = _shape(geometry, shape_of_all) if geometry else (None, "")
        found.add(_properties(feature, own, passed), point, shape)
        at += 4 + size
    if count and len(found.points) != count:
        raise ValueError(f"{len(found.points)} / {count}")
    found.passed(passed)
    return found.grid(_reference(header.record(10), shown))


def _root(data: bytes, at: int) -> _Record:
    return _Record(data, at + struct.unpack_from("<I", data, at)[0])


def _cut(data: bytes, start: int, length: int) -> bytes:
    if start < 0 or start + length > len(data):
        raise ValueError(f"{start}")
    return data[start : start + length]


def _index_bytes(count: int, node_size: int) -> int:
    """The size of the spatial index: a packed tree in which `node_size` nodes share a parent; 0 without one."""
    if not count or not node_size:
        return 0
    nodes = level = count
    while level > 1 or nodes == 1:
        level = -(-level // max(node_size, 2))
        nodes += level
    return _NODE * nodes


def _shape(geometry: _Record, shape_of_all: int) -> tuple[Point | None, str]:
    """The point of a geometry, of a MultiPoint or a collection of one too, or the kind of another."""
    for _ in range(8):
        kind = shape_of_all or geometry.value(6, "<B", 0)
        start, length = geometry.span(1)
        if kind == 7:
            parts = geometry.records(7)
            if len(parts) != 1:
                return None, _SHAPES[7] if parts else ""
            geometry, shape_of_all = parts[0], 0
        elif kind in (1, 4) and length == 2:
            return point_text(*struct.unpack_from("<dd", geometry.data, start)), ""
        elif not length and not geometry.span(7)[1]:
            return None, ""
        else:
            return None, _SHAPES[kind] if kind < len(_SHAPES) else "?"
    return None, _SHAPES[7]


def _properties(feature: _Record, columns: list[tuple[str, int]], passed: Counter[str]) -> dict[str, str]:
    start, length = feature.span(1)
    data, at, row = _cut(feature.data, start, length), 0, dict[str, str]()
    while at < length:
        name, kind = columns[struct.unpack_from("<H", data, at)[0]]
        at += 2
        if kind < len(_NUMBERS):
            value = struct.unpack_from(_NUMBERS[kind], data, at)[0]
            at += struct.calcsize(_NUMBERS[kind])
            row[name] = _TELL.get(kind, str)(value)
            continue
        size = struct.unpack_from("<I", data, at)[0]
        raw = _cut(data, at + 4, size)
        at += 4 + size
        if kind in _TEXTS:
            row[name] = raw.decode("utf-8", "replace")
        else:
            passed[f"binary {name}"] += 1
    return {name: row.get(name, "") for name, kind in columns if kind < _BINARY}


_TELL: dict[int, Callable[[Any], str]] = {
    2: lambda value: "true" if value else "false",
    9: lambda value: plain_number(float(f"{value:.7g}")),  # a float of 4 bytes tells seven digits
    10: plain_number,
}


def _reference(crs: _Record | None, shown: str) -> Reference | None:
    if crs is None:
        return None
    code = crs.value(1, "<i", 0)
    if code > 0:
        return reference(f"{crs.text(0) or 'EPSG'}:{code}", shown=shown)
    return reference(crs.text(4) or crs.text(5) or crs.text(2), shown=shown)
