"""Read any file as a grid of texts: detect its kind, refuse kinds that are not read, call the reader of the kind.

People often name table files wrongly. So for delimited text, workbooks, XML Spreadsheet 2003, GeoJSON, Parquet and HTML the contents
decide, and a note tells how a file with the suffix of another kind was read. Other vector files and zip files must be of the kind of their
suffix. Cells are given no meaning here; `parse_table` does that.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qjmap.errors import UsageError
from qjmap.i18n import Note, texts
from qjmap.regular_files import refusal
from qjmap.schema import Table
from qjmap.tables.readers import detect_kind
from qjmap.tables.readers.delimited import read_text
from qjmap.tables.readers.delimited_arrow import read_transcoded, read_uniform
from qjmap.tables.readers.encoding import decode_as, detect
from qjmap.tables.readers.flatgeobuf import read_flatgeobuf
from qjmap.tables.readers.geojson import read_geojson
from qjmap.tables.readers.geopackage import read_geopackage
from qjmap.tables.readers.gpx import read_gpx
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.html_table import read_html
from qjmap.tables.readers.kml import read_kml, read_kmz
from qjmap.tables.readers.limits import check_limit
from qjmap.tables.readers.parquet import read_parquet
from qjmap.tables.readers.read_bytes import first_bytes, read_file_bytes
from qjmap.tables.readers.shapefile import read_shapefile, sibling_files
from qjmap.tables.readers.spreadsheet_xml import read_spreadsheet_xml
from qjmap.tables.readers.workbook import read_workbook
from qjmap.tables.readers.zipped_table import read_zip

_SUFFIXES = {
    "workbook": (".xls", ".xlsx", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".et", ".ett", ".ods", ".ots"),
    "html": (".htm", ".html"),
    "spreadsheet-xml": (".xml",),
    "json": (".json", ".geojson", ".geojsonl", ".geojsons", ".ndjson", ".jsonl"),
    "parquet": (".parquet", ".pq", ".geoparquet"),
    "text": (*detect_kind.TEXT_SUFFIXES, ".tab"),
}
"""Kind -> its usual suffixes. A note says how a file with another suffix was read."""

_READERS_OF_BYTES: dict[str, Callable[..., Grid]] = {
    ".gpx": read_gpx,
    ".fgb": read_flatgeobuf,
}
"""Suffix of a vector file -> reader that takes the bytes of the file and its name in messages."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to read, with the other parameters of `read_grid`."""

    path: Path
    table: Table
    shown: str
    encoding: str | None
    sheet: str | None
    on_progress: Callable[[int, int], None] | None

    @property
    def suffix(self) -> str:
        return self.path.suffix.lower()

    def bytes(self) -> bytes:
        return read_file_bytes(self.path, self.shown)


def read_grid(
    path: Path,
    table: Table,
    *,
    shown: str,
    encoding: str | None = None,
    sheet: str | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Grid:
    """Read any file as a grid of texts.

    Parameters
    ----------
    table : the table whose headers are looked for.
    shown : the file's name in messages.
    encoding : encoding of a text file; None to detect it.
    sheet : the worksheet of a workbook, the layer of a GeoPackage or the member of a zip file; None to choose it by headers or name.
    on_progress : called with the bytes read so far and the size of the file, for large files.

    Raises
    ------
    UsageError : the file is missing, not a regular file, not readable or damaged; it is of a kind that is not read, or a vector file that
        is not what its suffix says; its encoding is unknown or unclear; it exceeds a limit, or lacks the named worksheet or layer.
    OSError : any other error of the system.
    """
    source = _Source(path, table, shown, encoding, sheet, on_progress)
    head = first_bytes(path, shown, detect_kind.HEAD_BYTES)
    content = detect_kind.kind_of_head(head, source.suffix)
    is_vector = source.suffix in detect_kind.VECTOR_KINDS
    grid = _read_vector(source, content) if is_vector else _read_table(source, content)
    check_limit("columns", len(grid.header), shown=shown)
    check_limit("rows", len(grid.numbers), shown=shown)
    return grid


def _read_vector(source: _Source, content: str) -> Grid:
    """Read a vector file, which must be of the kind that its suffix says; UsageError if it is not. `content` is the detected kind."""
    path, suffix, shown = source.path, source.suffix, source.shown
    expected = detect_kind.VECTOR_KINDS[suffix]
    kind = {"sqlite": "geopackage"}.get(content, content)
    if kind == "zip" and expected in ("zip", "kmz"):
        inner = detect_kind.kind_inside(source.bytes(), content) if zipfile.is_zipfile(path) else "zip"
        kind = expected if inner in ("zip", "kmz") else inner
    if kind != expected:
        raise detect_kind.misnamed(shown, suffix, "workbook" if kind == "ole" else kind)
    if suffix == ".gpkg":
        return read_geopackage(path, source.table, shown=shown, layer=source.sheet)
    if suffix == ".zip":
        return read_zip(source.bytes(), source.table, shown=shown, layer=source.sheet, encoding=source.encoding)
    if suffix == ".shp":
        return read_shapefile(sibling_files(path, shown), shown=shown, encoding=source.encoding)
    if suffix in (".kml", ".kmz"):
        return (read_kml if suffix == ".kml" else read_kmz)(source.bytes(), shown=shown, table=source.table)
    return _READERS_OF_BYTES[suffix](source.bytes(), shown=shown)


def _read_table(source: _Source, content: str) -> Grid:
    """Read a file of another suffix than those of vector files, by its detected kind `content`; UsageError for a kind that is not read."""
    unread = detect_kind.unread_kind(source.suffix)
    if unread and content in ("text", "json", "xml", "html"):
        raise _not_read(source.shown, unread)
    if content in ("kml", "gpx", "flatgeobuf", "shapefile", "sqlite", "xml") and not unread:
        raise _not_read(source.shown, content)
    if content not in ("parquet", "zip", "ole", "text", "json", "html", "spreadsheet-xml"):
        raise _not_read(source.shown, unread or content)
    if content in ("zip", "ole"):
        grid, content = _read_container(source, content), "workbook"
    elif content == "json" or (content != "parquet" and source.suffix in (".geojson", ".json")):
        grid, content = read_geojson(source.bytes(), shown=source.shown), "json"
    else:
        grid = _read_by_content(source, content)
    if source.suffix not in _SUFFIXES[content]:
        params = {"file": source.shown, "suffix": source.suffix, "what": texts("kinds")[f"kind-{content}"]}
        grid.notes.insert(0, Note("note-not-its-name", params))
    return grid


def _read_by_content(source: _Source, content: str) -> Grid:
    """Read Parquet, XML Spreadsheet 2003 or HTML; any other file as delimited text."""
    table, shown = source.table, source.shown
    if content == "parquet":
        return read_parquet(source.path, table, shown=shown)
    if content == "spreadsheet-xml":
        return read_spreadsheet_xml(source.bytes(), table, shown=shown, sheet=source.sheet)
    if content == "html":
        return read_html(source.bytes(), table, shown=shown, encoding=source.encoding)
    return _read_delimited(source)


def _read_container(source: _Source, content: str) -> Grid:
    """Read a zip or OLE container, which must be a workbook; UsageError if it is not."""
    data = source.bytes()
    kind = detect_kind.kind_inside(data, content)
    if kind != "workbook":
        raise _not_read(source.shown, kind)
    return read_workbook(data, source.table, shown=source.shown, sheet=source.sheet)


def _read_delimited(source: _Source) -> Grid:
    """Read delimited text: by columns with Arrow if the file is uniform (see `delimited_arrow`), else row by row.

    UsageError if it cannot be read, or its encoding is unknown or unclear.
    """
    table, shown, encoding = source.table, source.shown, source.encoding
    try:
        grid = None if encoding else read_uniform(source.path, table, shown=shown, on_progress=source.on_progress)
    except OSError as error:
        raise refusal(error, shown) from None
    if grid is not None:
        return grid
    detected = detect(source.bytes(), encoding)  # the bytes are freed before Arrow reads the file
    if encoding or not detected.encoding.startswith("utf-8"):
        grid = read_transcoded(source.path, table, detected, shown=shown)
    return grid or read_text(decode_as(source.bytes(), detected), table, shown=shown)


def _not_read(shown: str, kind: str) -> UsageError:
    """Return the error for a kind that is not read; it says what the file is, and what to do instead."""
    words = texts("kinds")
    kind = kind if f"kind-{kind}" in words else "binary"
    return UsageError("kind-not-read", path=shown, what=words[f"kind-{kind}"], way=words[f"way-{kind}"])
