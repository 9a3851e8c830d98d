"""Read FlatGeobuf files as a grid.

GDAL through pyogrio is not used: whole numbers in a column with empty cells would become float64 and lose digits beyond 2^53, and GDAL,
which tells formats by their content, may take the file for another format if its texts look like that one, and then open files to which it
refers.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import shapely

from qjmap.errors import UsageError
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers import detect_kind
from qjmap.tables.readers.crs import Reference, parse_reference
from qjmap.tables.readers.features_to_grid import Features, Point, point_text
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.limits import check_limit

_MAGIC = b"fgb\x03fgb"
_HEADER_OFFSET = 12
_INDEX_NODE = 40  # size in bytes of a node of the spatial index: a box and an offset

# Numbers of the fields of each table (header.fbs and feature.fbs of FlatGeobuf 3)
_HEADER_GEOMETRY_TYPE, _HEADER_COLUMNS, _HEADER_COUNT, _HEADER_INDEX_NODE_SIZE, _HEADER_CRS = 2, 7, 8, 9, 10
_COLUMN_NAME, _COLUMN_TYPE = 0, 1
_FEATURE_GEOMETRY, _FEATURE_PROPERTIES, _FEATURE_COLUMNS = 0, 1, 2
_GEOMETRY_ENDS, _GEOMETRY_XY, _GEOMETRY_TYPE, _GEOMETRY_PARTS = 0, 1, 6, 7
_CRS_ORGANIZATION, _CRS_CODE, _CRS_NAME, _CRS_WKT, _CRS_CODE_STRING = 0, 1, 2, 4, 5

_SHAPES = ("", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")
_POINT, _LINE, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON, _COLLECTION = range(1, 8)
_FLAT = (_POINT, _LINE, _POLYGON, _MULTIPOINT, _MULTILINE)
_NUMBERS = ("<b", "<B", "<?", "<h", "<H", "<i", "<I", "<q", "<Q", "<f", "<d")
"""Struct formats of the column types 0 to 10."""
_TEXTS, _BINARY = (11, 12, 13), 14
"""Column types of strings, JSON and dates, all kept as texts; column type of bytes."""
_MAX_NESTING = 8


class _FlatTable:
    """A table of a FlatBuffers file: numbered fields, any of which may be missing."""

    def __init__(self, data: bytes, offset: int) -> None:
        self.data, self._offset = data, offset
        self._vtable = offset - struct.unpack_from("<i", data, offset)[0]
        self._vtable_size = struct.unpack_from("<H", data, self._vtable)[0]

    @classmethod
    def root(cls, data: bytes, offset: int) -> _FlatTable:
        """Return the table to which the relative offset stored at byte `offset` of the data points."""
        return cls(data, offset + struct.unpack_from("<I", data, offset)[0])

    def _field_offset(self, field: int) -> int:
        """Return the byte at which the value of a field begins; 0 if the table does not have it."""
        entry = 4 + 2 * field
        if entry + 2 > self._vtable_size:
            return 0
        relative = struct.unpack_from("<H", self.data, self._vtable + entry)[0]
        return self._offset + relative if relative else 0

    def scalar(self, field: int, form: str, default: Any) -> Any:
        """Return the number in a field, which has the struct format `form`; `default` if the field is missing."""
        offset = self._field_offset(field)
        return struct.unpack_from(form, self.data, offset)[0] if offset else default

    def vector(self, field: int) -> tuple[int, int]:
        """Return the offset of the first item of a text or vector, and the number of items; (0, 0) if the field is missing."""
        offset = self._field_offset(field)
        if not offset:
            return 0, 0
        start = offset + struct.unpack_from("<I", self.data, offset)[0]
        return start + 4, struct.unpack_from("<I", self.data, start)[0]

    def text(self, field: int) -> str:
        """Return the text in a field; "" if the field is missing."""
        start, length = self.vector(field)
        return _slice(self.data, start, length).decode("utf-8", "replace")

    def table(self, field: int) -> _FlatTable | None:
        """Return the table in a field; None if the field is missing."""
        offset = self._field_offset(field)
        return _FlatTable.root(self.data, offset) if offset else None

    def tables(self, field: int) -> list[_FlatTable]:
        """Return the tables in a vector; an empty list if the field is missing. ValueError for more tables than the file can hold."""
        start, length = self.vector(field)
        if length > len(self.data) // 4:
            raise ValueError("FlatBuffers")
        return [_FlatTable.root(self.data, offset) for offset in range(start, start + 4 * length, 4)]


def read_flatgeobuf(data: bytes, *, shown: str) -> Grid:
    """Read the features of a FlatGeobuf file.

    Raises
    ------
    UsageError : it is no FlatGeobuf file, it is damaged, it exceeds a limit, or its reference system is unknown.
    """
    if not data.startswith(_MAGIC):
        raise detect_kind.misnamed(shown, ".fgb", data)
    try:
        return _read(data, shown)
    except (struct.error, ValueError, IndexError, OverflowError) as error:
        raise UsageError("vector-unreadable", path=shown, detail=str(error)) from None


def _read(data: bytes, shown: str) -> Grid:
    """Read a file that begins as FlatGeobuf. Raises struct.error, ValueError, IndexError or OverflowError if it is damaged."""
    header = _FlatTable.root(data, _HEADER_OFFSET)
    check_limit("columns", header.vector(_HEADER_COLUMNS)[1], shown=shown)
    header_columns = [
        (name or f"列{index}", kind) for index, (name, kind) in enumerate(_columns(header, _HEADER_COLUMNS), 1)
    ]
    header_type = header.scalar(_HEADER_GEOMETRY_TYPE, "<B", 0)
    count, node_size = header.scalar(_HEADER_COUNT, "<Q", 0), header.scalar(_HEADER_INDEX_NODE_SIZE, "<H", 16)
    offset = _HEADER_OFFSET + struct.unpack_from("<I", data, 8)[0] + _index_bytes(count, node_size)
    features, skipped = Features(shown), Counter[str]()
    while offset + 4 <= len(data):
        size = struct.unpack_from("<I", data, offset)[0]
        if offset + 4 + size > len(data):
            raise ValueError(f"{offset}")
        feature = _FlatTable.root(data, offset + 4)
        columns = _columns(feature, _FEATURE_COLUMNS) or header_columns
        geometry = feature.table(_FEATURE_GEOMETRY)
        point, shape = _point_or_shape(geometry, header_type) if geometry else (None, "")
        whole = partial(_whole, geometry, header_type) if geometry else None
        features.add(_properties(feature, columns, skipped), point, shape, whole=whole)
        offset += 4 + size
    if count and len(features.points) != count:
        raise ValueError(f"{len(features.points)} / {count}")
    features.warn_skipped(skipped)
    return features.to_grid(_reference(header.table(_HEADER_CRS), shown))


def _columns(table: _FlatTable, field: int) -> list[tuple[str, int]]:
    """Return name and number of the type of each column that a field of a header or feature describes."""
    return [(column.text(_COLUMN_NAME), column.scalar(_COLUMN_TYPE, "<B", 0)) for column in table.tables(field)]


def _slice(data: bytes, start: int, length: int) -> bytes:
    """Return bytes of the data; ValueError if they reach beyond it."""
    if start < 0 or start + length > len(data):
        raise ValueError(f"{start}")
    return data[start : start + length]


def _index_bytes(count: int, node_size: int) -> int:
    """Return the size in bytes of the spatial index, a packed R-tree in which `node_size` nodes share a parent; 0 without an index."""
    if not count or not node_size:
        return 0
    nodes = level = count
    while level > 1 or nodes == 1:
        level = -(-level // max(node_size, 2))
        nodes += level
    return _INDEX_NODE * nodes


def _point_or_shape(geometry: _FlatTable, header_type: int) -> tuple[Point | None, str]:
    """Return the point of a Point, or of a MultiPoint or collection of one point, and "". For other geometries return None and the kind
    of shape; "" for an empty one.

    `header_type` is the type that the header states for all features; 0 if each states its own.
    """
    for _ in range(_MAX_NESTING):
        kind = header_type or geometry.scalar(_GEOMETRY_TYPE, "<B", 0)
        start, length = geometry.vector(_GEOMETRY_XY)
        if kind == _COLLECTION:
            parts = geometry.tables(_GEOMETRY_PARTS)
            if len(parts) != 1:
                return None, _SHAPES[_COLLECTION] if parts else ""
            geometry, header_type = parts[0], 0
        elif kind in (_POINT, _MULTIPOINT) and length == 2:
            return point_text(*struct.unpack_from("<dd", geometry.data, start)), ""
        elif not length and not geometry.vector(_GEOMETRY_PARTS)[1]:
            return None, ""
        else:
            return None, _SHAPES[kind] if kind < len(_SHAPES) else "?"
    return None, _SHAPES[_COLLECTION]


def _whole(geometry: _FlatTable, header_type: int, nesting: int = 0) -> Any:
    """Make the shapely geometry of a FlatGeobuf geometry; None for a curve and for a point, line or polygon with too few vertices.

    None too for a MultiPolygon or collection of which no part gives a geometry. `header_type` is as in `_point_or_shape`. Raises ValueError
    for geometries nested too deep, and ValueError or struct.error for damaged ones.
    """
    kind = header_type or geometry.scalar(_GEOMETRY_TYPE, "<B", 0)
    if kind in (_MULTIPOLYGON, _COLLECTION):
        if nesting > _MAX_NESTING:
            raise ValueError("FlatBuffers")
        inner = _POLYGON if kind == _MULTIPOLYGON else 0
        parts = [_whole(part, inner, nesting + 1) for part in geometry.tables(_GEOMETRY_PARTS)]
        several = shapely.multipolygons if kind == _MULTIPOLYGON else shapely.geometrycollections
        found = [part for part in parts if part is not None]
        return several(found) if found else None
    start, length = geometry.vector(_GEOMETRY_XY)
    if not length or kind not in _FLAT:
        return None
    points = np.frombuffer(_slice(geometry.data, start, 8 * length), dtype="<f8").reshape(-1, 2)
    if kind in (_POINT, _MULTIPOINT):
        return shapely.points(points[0]) if kind == _POINT else shapely.multipoints(points)
    ends_at, count = geometry.vector(_GEOMETRY_ENDS)
    ends = struct.unpack_from(f"<{count}I", geometry.data, ends_at) if count else (len(points),)
    pieces = [piece for piece in np.split(points, ends[:-1]) if len(piece) > 1]
    if not pieces:
        return None
    if kind == _POLYGON:
        return (
            shapely.Polygon(pieces[0], [hole for hole in pieces[1:] if len(hole) > 3]) if len(pieces[0]) > 3 else None
        )
    lines = [shapely.LineString(piece) for piece in pieces]
    return lines[0] if kind == _LINE else shapely.multilinestrings(lines)


def _properties(feature: _FlatTable, columns: list[tuple[str, int]], skipped: Counter[str]) -> dict[str, str]:
    """Return column -> text of a feature, "" without a value. Binary values are left out and counted by column in `skipped`."""
    start, length = feature.vector(_FEATURE_PROPERTIES)
    data, offset, row = _slice(feature.data, start, length), 0, dict[str, str]()
    while offset < length:
        name, kind = columns[struct.unpack_from("<H", data, offset)[0]]
        offset += 2
        if kind < len(_NUMBERS):
            value = struct.unpack_from(_NUMBERS[kind], data, offset)[0]
            offset += struct.calcsize(_NUMBERS[kind])
            row[name] = _NUMBER_TEXT.get(kind, str)(value)
            continue
        size = struct.unpack_from("<I", data, offset)[0]
        raw = _slice(data, offset + 4, size)
        offset += 4 + size
        if kind in _TEXTS:
            row[name] = raw.decode("utf-8", "replace")
        else:
            skipped[f"binary {name}"] += 1
    return {name: row.get(name, "") for name, kind in columns if kind < _BINARY}


_NUMBER_TEXT: dict[int, Callable[[Any], str]] = {
    2: lambda value: "true" if value else "false",
    9: lambda value: plain_number(float(f"{value:.7g}")),  # a 4-byte float has seven digits
    10: plain_number,
}


def _reference(crs: _FlatTable | None, shown: str) -> Reference | None:
    """Return the reference system of a file by its code, else by its definition; None if the file gives none."""
    if crs is None:
        return None
    code = crs.scalar(_CRS_CODE, "<i", 0)
    if code > 0:
        return parse_reference(f"{crs.text(_CRS_ORGANIZATION) or 'EPSG'}:{code}", shown=shown)
    definition = crs.text(_CRS_WKT) or crs.text(_CRS_CODE_STRING) or crs.text(_CRS_NAME)
    return parse_reference(definition, shown=shown)
