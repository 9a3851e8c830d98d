"""Files that are told by their suffix and opened by path: shapefiles, GeoPackages, FlatGeobuf, and zip files that hold a table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from qjmap.errors import UsageError
from qjmap.messages import Note
from qjmap.schema import Table, fold
from qjmap.tables.archives import Archive
from qjmap.tables.delimited import read_text
from qjmap.tables.encodings import decode
from qjmap.tables.flatgeobuf import read_flatgeobuf
from qjmap.tables.geojson import read_geojson
from qjmap.tables.geopackage import read_geopackage
from qjmap.tables.gpx import read_gpx
from qjmap.tables.grids import Grid
from qjmap.tables.kml import read_kml, read_kmz
from qjmap.tables.opening import read_file_bytes
from qjmap.tables.shapefile import PARTS, read_shapefile
from qjmap.tables.workbooks import read_workbook

_WHOLE: dict[str, Callable[..., Grid]] = {
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".kml": read_kml,
    ".kmz": read_kmz,
    ".gpx": read_gpx,
    ".fgb": read_flatgeobuf,
}
_TEXTS = (".csv", ".tsv", ".txt")
_BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_TABLES = (".shp", ".gpkg", *_WHOLE, *_TEXTS, *_BOOKS)


def read_vector(
    path: Path, table: Table, *, shown: str, layer: str | None = None, encoding: str | None = None
) -> Grid:  # fmt: skip
    """A shapefile (with the parts of it that lie beside it under its name), a GeoPackage or a FlatGeobuf file.

    Raises
    ------
    UsageError : the file is not of the kind that its suffix says, is damaged, or has no such layer.
    """
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        return read_geopackage(path, table, shown=shown, layer=layer)
    if suffix == ".fgb":
        return read_flatgeobuf(read_file_bytes(path, shown), shown=shown)
    parts = {}
    for part in PARTS:
        for beside in (path.with_suffix(part), path.with_suffix(part.upper())) if part != suffix else (path,):
            if beside.is_file():
                parts[part] = read_file_bytes(beside, shown)
                break
    return _shapefile(parts, shown, encoding)


def read_zip(
    path: Path, table: Table, *, shown: str, layer: str | None = None, encoding: str | None = None
) -> Grid:  # fmt: skip
    """The table in a zip file: the only one, else the one that bears the name of `layer`, else that of the table.

    Raises
    ------
    UsageError : it is no zip file, it holds no table or several, or the one that it holds cannot be read.
    """
    with Archive(read_file_bytes(path, shown), shown) as archive:
        names = [name for name in archive.names if PurePosixPath(name).suffix.lower() in _TABLES]
        if not names:
            raise UsageError("zip-nothing", path=shown, names=archive.names[:12])
        chosen, layer = _choose(names, table, layer, shown)
        grid = _member(archive, chosen, table, shown, layer, encoding)
    others = [name for name in names if name != chosen]
    if others:
        grid.notes.insert(0, Note("note-layers", {"file": shown, "layer": chosen, "others": others}))
    return grid


def _choose(names: list[str], table: Table, layer: str | None, shown: str) -> tuple[str, str | None]:
    """The member to read, and the layer or sheet to look for in it."""

    def called(word: str) -> list[str]:
        exact = [name for name in names if name == word]
        return exact or [name for name in names if fold(word) in (fold(PurePosixPath(name).stem), fold(PurePosixPath(name).name))]

    if layer is not None and called(layer):
        return called(layer)[0], None
    if len(names) == 1:
        if layer is not None and not names[0].lower().endswith((".gpkg", *_BOOKS)):
            raise UsageError("layer-missing", path=shown, layer=layer, layers=names)
        return names[0], layer
    if layer is not None:
        raise UsageError("layer-missing", path=shown, layer=layer, layers=names)
    named = called(table.name)
    if len(named) == 1:
        return named[0], None
    raise UsageError("layer-choose", path=shown, layers=names)


def _member(
    archive: Archive, name: str, table: Table, shown: str, layer: str | None, encoding: str | None
) -> Grid:  # fmt: skip
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".shp":
        stem = name[: -len(suffix)].lower()
        parts = {part: one for one in archive.names for part in PARTS if one.lower() == stem + part}
        return _shapefile({part: archive.read(one) for part, one in parts.items()}, shown, encoding)
    if suffix == ".gpkg":
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "member.gpkg"
            copy.write_bytes(archive.read(name))
            return read_geopackage(copy, table, shown=shown, layer=layer)
    data = archive.read(name)
    if suffix in _BOOKS:
        return read_workbook(data, table, shown=shown, sheet=layer)
    if suffix in _TEXTS:
        try:
            return read_text(decode(data, encoding), table, shown=shown)
        except LookupError:
            raise UsageError("encoding-unknown", encoding=encoding) from None
    return _WHOLE[suffix](data, shown=shown)


def _shapefile(parts: dict[str, bytes], shown: str, encoding: str | None) -> Grid:
    try:
        return read_shapefile(parts, shown=shown, encoding=encoding)
    except LookupError:
        raise UsageError("encoding-unknown", encoding=encoding) from None
