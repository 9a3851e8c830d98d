"""GeoPackage -> a grid, by SQLite: read-only, from the tables of the file itself, never through an extension or another file."""

from __future__ import annotations

import shutil
import sqlite3
import struct
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.schema import Table, fold
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers import detect_kind
from qjmap.tables.readers.crs import Reference, parse_reference
from qjmap.tables.readers.features_to_grid import Features, Point, point_text, unused_name
from qjmap.tables.readers.grid import Grid, other_layers_note

_MAGIC = b"SQLite format 3\0"
_POINT_TYPES = ("POINT", "MULTIPOINT")
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_SHAPES = ("?", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")
_POINT, _MULTIPOINT, _COLLECTION = 1, 4, 7
_OF_QGIS = ("layer_styles", "qgis_projects")
"""Tables in which QGIS keeps styles and projects."""
_MAX_NESTING = 8
_STEPS = 1_000_000
_MAX_STEPS = 500
"""Maximum number of steps of SQLite for one file, in millions: a table of ten million rows takes 200, a malicious view may run for ever."""


@dataclass(frozen=True)
class Layer:
    """A table of features or attributes in a GeoPackage.

    Attributes
    ----------
    name : name of the table.
    geometry_column : name of the column of geometries; "" for none.
    geometry_type : as the file states it: POINT, GEOMETRY; "" for none.
    srs_id : id of its reference system in the file.
    """

    name: str
    geometry_column: str
    geometry_type: str
    srs_id: int


def read_geopackage(path: Path, table: Table, *, shown: str, layer: str | None = None) -> Grid:
    """Read the layer named `layer`, else the one named like the table, else all layers of points, else the only one.

    Several layers of points become one grid, with a column `layer`.

    Raises
    ------
    UsageError : it is no GeoPackage or is damaged, lacks the named layer, has no layer or several and nothing tells which to read; a
        reference system is unknown, or a limit is exceeded.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.startswith(_MAGIC):
        raise detect_kind.misnamed(shown, ".gpkg", head)
    try:
        with _connect(path) as connection:
            layers = _read_layers(connection, shown)
            return _read(connection, layers, _choose_layers(layers, table, layer, shown), shown)
    except (sqlite3.Error, struct.error, ValueError, OverflowError) as error:
        raise UsageError("vector-unreadable", path=shown, detail=str(error)) from None


@contextmanager
def _connect(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a read-only connection that writes nothing beside the file. If a -wal file holds changes, a copy of both is read."""
    wal = path.with_name(f"{path.name}-wal")
    with tempfile.TemporaryDirectory() as folder:
        mode = "mode=ro&immutable=1"
        if wal.is_file() and wal.stat().st_size:
            copy = Path(folder) / "copy.gpkg"
            shutil.copyfile(path, copy)
            shutil.copyfile(wal, copy.with_name("copy.gpkg-wal"))
            path, mode = copy, "mode=rw"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            connection.set_authorizer(_authorize)
            connection.set_progress_handler(_StepLimit().is_exceeded, _STEPS)
            connection.text_factory = _decode
            yield connection


class _StepLimit:
    """Counts the calls of SQLite's progress handler, one for every million steps."""

    def __init__(self) -> None:
        self._left = _MAX_STEPS

    def is_exceeded(self) -> bool:
        """Count a call; return True to interrupt the query."""
        self._left -= 1
        return self._left < 0


def _authorize(action: int, first: str | None, second: str | None, database: str | None, trigger: str | None) -> int:
    """Return SQLITE_OK for reading, which includes PRAGMA table_info, and SQLITE_DENY for anything else, also for functions that open a
    file or may take much memory.
    """
    reading = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first == "table_info" else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and second in ("load_extension", "fts3_tokenizer", "zeroblob", "randomblob"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in reading else sqlite3.SQLITE_DENY


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read_layers(connection: sqlite3.Connection, shown: str) -> list[Layer]:
    """Return the layers of features and of attributes that the database lists and has; UsageError if it is no GeoPackage."""
    tables = {name for (name,) in connection.execute("SELECT lower(name) FROM sqlite_master")}
    if "gpkg_contents" not in tables:
        raise detect_kind.misnamed(shown, ".gpkg", "sqlite")
    geometries = {}
    if "gpkg_geometry_columns" in tables:
        query = "SELECT table_name, column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns"
        geometries = {
            str(name): (str(column), str(kind).upper(), int(srs_id or 0))
            for name, column, kind, srs_id in connection.execute(query)
        }
    query = "SELECT table_name, data_type FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
    return [
        Layer(str(name), *geometries.get(str(name), ("", "", 0)))
        for name, _ in connection.execute(query).fetchall()
        if str(name).lower() in tables and str(name) not in _OF_QGIS
    ]


def _choose_layers(layers: list[Layer], table: Table, name: str | None, shown: str) -> list[Layer]:
    """Choose the layer that the user names, else the one with the name of the table, else all of points, else the only one; UsageError if
    nothing tells which.
    """
    names = [layer.name for layer in layers]
    if name is not None:
        exact = [layer for layer in layers if layer.name == name]
        matches = exact or [layer for layer in layers if fold(layer.name) == fold(name)]
        if not matches:
            raise UsageError("layer-missing", path=shown, layer=name, layers=names)
        return matches[:1]
    named = [layer for layer in layers if fold(layer.name) == fold(table.name)]
    points = [layer for layer in layers if layer.geometry_type in _POINT_TYPES]
    if named or points or len(layers) == 1:
        return named[:1] or points or layers
    if not layers:
        raise UsageError("layer-none", path=shown)
    raise UsageError("layer-choose", path=shown, layers=names)


def _read(connection: sqlite3.Connection, layers: list[Layer], chosen: list[Layer], shown: str) -> Grid:
    """Read the chosen layers one after the other; if there are several, a column names the layer of each row."""
    features = Features(shown)
    skipped: Counter[str] = Counter()
    layer_names: list[str] = []  # for each feature
    ids = {layer.srs_id for layer in chosen if layer.geometry_column}
    references = {srs_id: _read_reference(connection, srs_id, shown) for srs_id in ids}
    common = references[ids.pop()] if len(ids) == 1 else None
    for layer in chosen:
        start = len(features.points)
        _add_rows(connection, layer, features, skipped)
        layer_names += [layer.name] * (len(features.points) - start)
        reference = references.get(layer.srs_id)
        if reference is not None and common is None:  # layers in several systems: each row states its own datum
            _set_datum(features, start, reference)
    if len(chosen) > 1:
        column = unused_name(("layer", "图层", "gpkg_layer"), features.properties)
        for standard, name in zip(features.standard, layer_names, strict=True):
            standard[column] = name
    others = [layer.name for layer in layers if layer not in chosen]
    features.notes += other_layers_note(shown, [layer.name for layer in chosen], others)
    features.warn_skipped(skipped)
    return features.to_grid(common)


def _set_datum(features: Features, start: int, reference: Reference) -> None:
    """Transform the points of the features from index `start` on to degrees, and write their datum into the property `datum`."""
    for index in range(start, len(features.points)):
        point = features.points[index]
        if point is not None:
            if reference.transformer:
                features.points[index] = reference.to_degrees([point])[0]
            features.properties[index].setdefault("datum", reference.datum)


def _read_reference(connection: sqlite3.Connection, srs_id: int, shown: str) -> Reference | None:
    """Return a reference system that the file defines; None if the file calls it undefined. UsageError if it is missing or unknown."""
    query = (
        "SELECT organization, organization_coordsys_id, definition, srs_name FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
    )
    row = connection.execute(query, (srs_id,)).fetchone()
    if row is None:
        raise UsageError("crs-unknown", path=shown, crs=f"srs_id {srs_id}")
    organization, code, definition, name = map(str, row)
    if name.lower().startswith("undefined"):
        return None
    if organization.upper() in ("EPSG", "ESRI"):
        return parse_reference(f"{organization}:{code}", shown=shown)
    return parse_reference(definition if definition.lower() not in ("", "undefined") else name, shown=shown)


def _add_rows(connection: sqlite3.Connection, layer: Layer, features: Features, skipped: Counter[str]) -> None:
    """Add the rows of a layer to the features, without the integer key and binary values, which are counted by column in `skipped`."""
    columns = connection.execute(f"PRAGMA table_info({_quoted(layer.name)})").fetchall()
    types = {str(name): str(kind).upper() for _, name, kind, *_ in columns}
    key = next((str(name) for _, name, kind, _, _, pk in columns if pk and str(kind).upper() == "INTEGER"), None)
    cursor = connection.execute(f"SELECT * FROM {_quoted(layer.name)}")  # noqa: S608
    names = [str(column[0]) for column in cursor.description]
    for values in cursor:
        row: dict[str, str] = {}
        point, shape, blob = None, "", None
        for name, value in zip(names, values, strict=True):
            if name == layer.geometry_column:
                (point, shape), blob = _read_geometry(value), value
            elif isinstance(value, bytes):
                skipped[f"BLOB {name}"] += 1
            elif name != key:
                row[name] = _cell_text(value, types.get(name, ""))
        features.add(row, point, shape, whole=partial(_whole, blob))


def _whole(blob: Any) -> Any:
    """Make the shapely geometry of a GeoPackage geometry; None if there is none or it is invalid."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        return None
    import shapely  # here: tables of points do not need it

    return shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[min(blob[3] >> 1 & 7, 4)] :], on_invalid="ignore")


def _cell_text(value: Any, column_type: str) -> str:
    if value is None:
        return ""
    if column_type == "BOOLEAN" and value in (0, 1):
        return "true" if value else "false"
    return plain_number(value) if isinstance(value, float) else str(value)


def _read_geometry(blob: Any) -> tuple[Point | None, str]:
    """Do what `wkb_point` does, for a GeoPackage geometry (standard, 2.1.3).

    Return (None, "") for NULL, and (None, "?") for any other value and for a geometry that ends early.
    """
    if not isinstance(blob, bytes) or blob[:2] != b"GP":
        return None, "" if blob is None else "?"
    try:
        return wkb_point(blob, 8 + _ENVELOPE_BYTES[min(blob[3] >> 1 & 7, 4)])
    except (IndexError, struct.error):
        return None, "?"


def wkb_point(data: bytes, offset: int = 0) -> tuple[Point | None, str]:
    """Return the point of well-known binary that begins at `offset`, also of a MultiPoint or collection of one point, and "".

    For other geometries return None and the kind of shape; "" for an empty one. Raises IndexError or struct.error if the data end early.
    """
    for _ in range(_MAX_NESTING):
        order = "<" if data[offset] == 1 else ">"
        code = struct.unpack_from(f"{order}I", data, offset + 1)[0]
        kind = (code & 0x0FFFFFFF) % 1000
        offset += 9 if code & 0x20000000 else 5  # with an SRID, or without
        if kind == _POINT:
            return point_text(*struct.unpack_from(f"{order}dd", data, offset)), ""
        count = struct.unpack_from(f"{order}I", data, offset)[0]
        if kind not in (_MULTIPOINT, _COLLECTION) or count != 1:
            return None, (_SHAPES[kind] if kind < len(_SHAPES) else "?") if count else ""
        offset += 4
    return None, _SHAPES[_COLLECTION]
