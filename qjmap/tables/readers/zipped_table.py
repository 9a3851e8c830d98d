"""A zip file that holds a table: choose the member, read it by its suffix."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from qjmap.errors import UsageError
from qjmap.schema import Table, fold
from qjmap.tables.readers.delimited import read_text
from qjmap.tables.readers.encoding import decode
from qjmap.tables.readers.flatgeobuf import read_flatgeobuf
from qjmap.tables.readers.geojson import read_geojson
from qjmap.tables.readers.geopackage import read_geopackage
from qjmap.tables.readers.gpx import read_gpx
from qjmap.tables.readers.grid import Grid, other_layers_note
from qjmap.tables.readers.kml import read_kml, read_kmz
from qjmap.tables.readers.shapefile import SHAPEFILE_SUFFIXES, read_shapefile
from qjmap.tables.readers.workbook import read_workbook
from qjmap.tables.readers.zip_archive import Archive

_READERS_OF_BYTES: dict[str, Callable[..., Grid]] = {
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".geojsonl": read_geojson,
    ".geojsons": read_geojson,
    ".ndjson": read_geojson,
    ".jsonl": read_geojson,
    ".kml": read_kml,
    ".kmz": read_kmz,
    ".gpx": read_gpx,
    ".fgb": read_flatgeobuf,
}
_TEXTS = (".csv", ".tsv", ".txt")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_TABLES = (".shp", ".gpkg", *_READERS_OF_BYTES, *_TEXTS, *_WORKBOOKS)


def read_zip(
    data: bytes, table: Table, *, shown: str, layer: str | None = None, encoding: str | None = None
) -> Grid:  # fmt: skip
    """Read one member of a zip file. Only members with the suffix of a table count (`_TABLES`).

    Parameters
    ----------
    layer : name of the member; if the only member is a GeoPackage or workbook, also the name of a layer or worksheet in it. None to read
        the only member, or of several the one named like `table`.
    encoding : encoding of delimited text or of a shapefile; None to detect it.

    Raises
    ------
    UsageError : it is no zip file; it has no table, no member `layer`, or several members of which not exactly one is named like `table`;
        or the member cannot be read.
    """
    with Archive(data, shown) as archive:
        members = [name for name in archive.names if _suffix(name) in _TABLES]
        if not members:
            raise UsageError("zip-nothing", path=shown, names=archive.names[:12])
        member, layer = _choose_member(members, table, layer, shown)
        grid = _read_member(archive, member, table, shown, layer, encoding)
    grid.notes[:0] = other_layers_note(shown, member, [name for name in members if name != member])
    return grid


def _choose_member(members: list[str], table: Table, layer: str | None, shown: str) -> tuple[str, str | None]:
    """Return the member to read, and the layer or worksheet to look for in it or None. UsageError if no member is named `layer`, or
    if without `layer` nothing tells which member is meant.
    """

    def named(word: str) -> list[str]:
        exact = [name for name in members if name == word]
        return exact or [
            name for name in members if fold(word) in (fold(PurePosixPath(name).stem), fold(PurePosixPath(name).name))
        ]

    if layer is not None:
        if matches := named(layer):
            return matches[0], None
        if len(members) == 1 and members[0].lower().endswith((".gpkg", *_WORKBOOKS)):
            return members[0], layer
        raise UsageError("layer-missing", path=shown, layer=layer, layers=members)
    matches = members if len(members) == 1 else named(table.name)
    if len(matches) != 1:
        raise UsageError("layer-choose", path=shown, layers=members)
    return matches[0], None


def _read_member(
    archive: Archive, name: str, table: Table, shown: str, layer: str | None, encoding: str | None
) -> Grid:  # fmt: skip
    """Read one member of an archive by its suffix; a shapefile with the members beside it that belong to it."""
    suffix = _suffix(name)
    if suffix == ".shp":
        stem = name[: -len(suffix)].lower()
        siblings = {
            part: other for other in archive.names for part in SHAPEFILE_SUFFIXES if other.lower() == stem + part
        }
        files = {part: archive.read(other) for part, other in siblings.items()}
        return read_shapefile(files, shown=shown, encoding=encoding)
    data = archive.read(name)
    if suffix == ".gpkg":
        with tempfile.TemporaryDirectory() as folder:  # SQLite can only read files
            copy = Path(folder) / "member.gpkg"
            copy.write_bytes(data)
            return read_geopackage(copy, table, shown=shown, layer=layer)
    if suffix in _WORKBOOKS:
        return read_workbook(data, table, shown=shown, sheet=layer)
    if suffix in _TEXTS:
        return read_text(decode(data, encoding), table, shown=shown)
    return _READERS_OF_BYTES[suffix](data, shown=shown)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
