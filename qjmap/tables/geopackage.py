"""A GeoPackage -> a grid, through SQLite: the tables of the file itself and nothing that a view or a module could reach."""

from __future__ import annotations

import shutil
import sqlite3
import struct
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.messages import Note
from qjmap.schema import Table, fold
from qjmap.tables import kinds
from qjmap.tables.cells import plain_number
from qjmap.tables.crs import Reference, reference
from qjmap.tables.features import Features, Point, free_name, point_text
from qjmap.tables.grids import Grid

MAGIC = b"SQLite format 3\0"

_POINTS = ("POINT", "MULTIPOINT")
_ENVELOPES = (0, 32, 48, 48, 64)
_SHAPES = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon", 7: "GeometryCollection"}
_STEPS = 1_000_000
_MOST_STEPS = 500
"""Millions of SQLite's steps for one layer: a table of ten million rows takes 200, a view can be made to take for ever."""


@dataclass(frozen=True)
class Layer:
    """A table of features or of attributes.

    Attributes
    ----------
    geometry : its column of geometries, "" for none.
    kind : the geometry type that it states: POINT, GEOMETRY; "" for none.
    system : the number of its reference system.
    """

    name: str
    geometry: str
    kind: str
    system: int


def read_geopackage(path: Path, table: Table, *, shown: str, layer: str | None = None) -> Grid:
    """The layer that was asked for, else the one that bears the table's name, else every layer of points, else the only one.

    Several layers of points become one grid, with a column `layer` that says which.

    Raises
    ------
    UsageError : it is no GeoPackage, it is damaged, it has no such layer, or it does not tell which one is meant.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.startswith(MAGIC):
        raise kinds.misnamed(shown, ".gpkg", head)
    try:
        with _opened(path) as book:
            layers = _layers(book, shown)
            chosen = _choose(layers, table, layer, shown)
            return _read(book, layers, chosen, shown)
    except (sqlite3.Error, struct.error, ValueError, OverflowError) as error:
        raise UsageError("vector-unreadable", path=shown, detail=str(error)) from None


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads the file and writes nothing beside it; changes that still wait in a -wal file are read from a copy."""
    waiting = path.with_name(f"{path.name}-wal")
    with tempfile.TemporaryDirectory() as folder:
        how = "mode=ro&immutable=1"
        if waiting.is_file() and waiting.stat().st_size:
            copy = Path(folder) / "copy.gpkg"
            shutil.copyfile(path, copy)
            shutil.copyfile(waiting, copy.with_name("copy.gpkg-wal"))
            path, how = copy, "mode=rw"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as book:
            book.execute("PRAGMA trusted_schema = OFF")
            book.execute("PRAGMA query_only = ON")
            book.set_authorizer(_allowed)
            left = _MOST_STEPS

            def count() -> bool:
                nonlocal left
                left -= 1
                return left < 0

            book.set_progress_handler(count, _STEPS)
            book.text_factory = _text
            yield book


def _allowed(action: int, first: str | None, second: str | None, base: str | None, trigger: str | None) -> int:
    """Reading only; no function but those of SQLite's core, none of which opens a file."""
    reading = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first == "table_info" else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and second in ("load_extension", "fts3_tokenizer", "zeroblob", "randomblob"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in reading else sqlite3.SQLITE_DENY


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _layers(book: sqlite3.Connection, shown: str) -> list[Layer]:
    known = {name for (name,) in book.execute("SELECT lower(name) FROM sqlite_master")}
    if "gpkg_contents" not in known:
        raise kinds.misnamed(shown, ".gpkg", "sqlite")
    shapes = {}
    if "gpkg_geometry_columns" in known:
        told = book.execute("SELECT table_name, column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns")
        shapes = {str(name): (str(column), str(kind).upper(), int(system or 0)) for name, column, kind, system in told}
    listed = book.execute("SELECT table_name, data_type FROM gpkg_contents WHERE data_type IN ('features', 'attributes')")
    return [Layer(str(name), *shapes.get(str(name), ("", "", 0))) for name, _ in listed.fetchall() if str(name).lower() in known]


def _choose(layers: list[Layer], table: Table, asked: str | None, shown: str) -> list[Layer]:
    names = [layer.name for layer in layers]
    if asked is not None:
        found = [layer for layer in layers if layer.name == asked] or [one for one in layers if fold(one.name) == fold(asked)]
        if not found:
            raise UsageError("layer-missing", path=shown, layer=asked, layers=names)
        return found[:1]
    named = [layer for layer in layers if fold(layer.name) == fold(table.name)]
    points = [layer for layer in layers if layer.kind in _POINTS]
    if named or points or len(layers) == 1:
        return named[:1] or points or layers
    if not layers:
        raise UsageError("layer-none", path=shown)
    raise UsageError("layer-choose", path=shown, layers=names)


def _read(book: sqlite3.Connection, layers: list[Layer], chosen: list[Layer], shown: str) -> Grid:
    found = Features(shown)
    passed: Counter[str] = Counter()
    owners: list[str] = []
    systems = {layer.system for layer in chosen if layer.geometry}
    references = {system: _reference(book, system, shown) for system in systems}
    one = references[systems.pop()] if len(systems) == 1 else None
    for layer in chosen:
        start = len(found.points)
        _rows(book, layer, found, passed)
        owners += [layer.name] * (len(found.points) - start)
        told = references.get(layer.system)
        if told is not None and one is None:  # layers in several systems: each row says its own
            _settle(found, start, told)
    if len(chosen) > 1:
        column = free_name(("layer", "图层", "gpkg_layer"), found.properties)
        for own, name in zip(found.own, owners, strict=True):
            own[column] = name
    others = [layer.name for layer in layers if layer not in chosen]
    if others:
        found.notes.append(Note("note-layers", {"file": shown, "layer": [layer.name for layer in chosen], "others": others}))
    found.passed(passed)
    return found.grid(one)


def _settle(found: Features, start: int, told: Reference) -> None:
    for at in range(start, len(found.points)):
        point = found.points[at]
        if point is not None:
            if told.plane:
                found.points[at] = told.degrees([point])[0]
            found.properties[at].setdefault("datum", told.datum)


def _reference(book: sqlite3.Connection, system: int, shown: str) -> Reference | None:
    """What the file says of one of its reference systems; None for one that leaves it undefined."""
    asked = "SELECT organization, organization_coordsys_id, definition, srs_name FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
    row = book.execute(asked, (system,)).fetchone()
    if row is None:
        raise UsageError("crs-unknown", path=shown, crs=f"srs_id {system}")
    organization, number, definition, name = map(str, row)
    if name.lower().startswith("undefined"):
        return None
    if organization.upper() in ("EPSG", "ESRI"):
        return reference(f"{organization}:{number}", shown=shown)
    return reference(definition if definition.lower() not in ("", "undefined") else name, shown=shown)


def _rows(book: sqlite3.Connection, layer: Layer, found: Features, passed: Counter[str]) -> None:
    told = book.execute(f"PRAGMA table_info({_quoted(layer.name)})").fetchall()
    kinds = {str(name): str(kind).upper() for _, name, kind, *_ in told}
    key = next((str(name) for _, name, kind, _, _, pk in told if pk and str(kind).upper() == "INTEGER"), None)
    cursor = book.execute(f"SELECT * FROM {_quoted(layer.name)}")  # noqa: S608
    names = [str(column[0]) for column in cursor.description]
    for values in cursor:
        row: dict[str, str] = {}
        point, shape = None, ""
        for name, value in zip(names, values, strict=True):
            if name == layer.geometry:
                point, shape = _shape(value)
            elif isinstance(value, bytes):
                passed[f"BLOB {name}"] += 1
            elif name != key:
                row[name] = _cell(value, kinds.get(name, ""))
        found.add(row, point, shape)


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "BOOLEAN" and value in (0, 1):
        return "true" if value else "false"
    return plain_number(value) if isinstance(value, float) else str(value)


def _shape(blob: Any) -> tuple[Point | None, str]:
    """The point of a geometry in GeoPackage's form, or the kind of another; neither for an empty one."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP":
        return None, "" if blob is None else "?"
    flags = blob[3]
    return wkb_point(blob, 8 + _ENVELOPES[min(flags >> 1 & 7, 4)])


def wkb_point(data: bytes, at: int = 0) -> tuple[Point | None, str]:
    """The point of well-known binary, a MultiPoint or collection of one included, or the kind of another shape."""
    for _ in range(8):
        order = "<" if data[at] == 1 else ">"
        code = struct.unpack_from(f"{order}I", data, at + 1)[0]
        kind = (code & 0x0FFFFFFF) % 1000
        at += 9 if code & 0x20000000 else 5
        if kind == 1:
            return point_text(*struct.unpack_from(f"{order}dd", data, at)), ""
        count = struct.unpack_from(f"{order}I", data, at)[0]
        if kind not in (4, 7) or count != 1:
            return None, _SHAPES.get(kind, "?") if count else ""
        at += 4
    return None, "GeometryCollection"
