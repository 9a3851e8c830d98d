"""Any file -> a grid of texts: the cells as typed, the header's place, the row numbers that a reader of the file would count.

This is the one door for files that somebody gives. A file is what its name says, or it is refused: for tables that our own
harmless readers read (delimited text, workbooks, GeoJSON, Parquet, web pages) the contents decide, since offices name them at
random; everything else must be both. No meaning is given to any cell here; that is what `parsing` does with the grid.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from qjmap.errors import UsageError
from qjmap.messages import Note, texts
from qjmap.regular import refusal
from qjmap.schema import Table
from qjmap.tables import kinds
from qjmap.tables.delimited import read_text
from qjmap.tables.encodings import decode
from qjmap.tables.geojson import read_geojson
from qjmap.tables.gpx import read_gpx
from qjmap.tables.grids import Grid
from qjmap.tables.kml import read_kml, read_kmz
from qjmap.tables.large import read_large
from qjmap.tables.limits import check_limit
from qjmap.tables.opening import first_bytes, read_file_bytes
from qjmap.tables.parquet import read_parquet
from qjmap.tables.spreadsheet_xml import read_spreadsheet_xml
from qjmap.tables.vector import read_vector, read_zip
from qjmap.tables.web_pages import read_web_page
from qjmap.tables.workbooks import read_workbook

_OF_NAME = {
    "workbook": (".xls", ".xlsx", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".et", ".ett", ".ods", ".ots"),
    "html": (".htm", ".html"),
    "spreadsheet-xml": (".xml",),
    "json": (".json", ".geojson"),
    "parquet": (".parquet", ".pq", ".geoparquet"),
    "text": (*kinds.TEXT_NAMES, ".tab"),
}
"""Kind -> the names under which it is expected; under another, a note says how it was read."""

_WHOLE: dict[str, Callable[..., Grid]] = {".kml": read_kml, ".kmz": read_kmz, ".gpx": read_gpx}
"""Suffix -> reader of files of features that are read as a whole."""


def read_grid(
    path: Path, table: Table, *, shown: str, encoding: str | None = None, sheet: str | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Grid:  # fmt: skip
    """The grid of any file that is understood.

    Parameters
    ----------
    told : told how many bytes of how many of a large file are read.

    Raises
    ------
    UsageError : there is no such file, it is no regular file or cannot be opened, it is of a kind that is not read or not of the kind that its
        name says, it goes beyond a limit, or it has no such sheet.
    """
    suffix = path.suffix.lower()
    head = first_bytes(path, shown, kinds.HEAD)
    content = kinds.content_of(head, suffix)
    if suffix in kinds.VECTOR_CONTENTS:
        grid = _vector(path, suffix, content, table, shown, encoding, sheet)
    else:
        grid = _table(path, suffix, content, table, shown, encoding, sheet, told)
    check_limit("columns", len(grid.header), shown=shown)
    check_limit("rows", len(grid.numbers), shown=shown)
    return grid


def _vector(
    path: Path, suffix: str, content: str, table: Table, shown: str, encoding: str | None, sheet: str | None
) -> Grid:  # fmt: skip
    """A file of features, which must be what its name says."""
    expected = kinds.VECTOR_CONTENTS[suffix]
    found = {"sqlite": "geopackage"}.get(content, content)
    if found == "zip" and expected in ("zip", "kmz"):
        inside = kinds.inside_of(read_file_bytes(path, shown), content) if zipfile.is_zipfile(path) else "zip"
        found = expected if inside in ("zip", "kmz") else inside
    if found != expected:
        raise kinds.misnamed(shown, suffix, "workbook" if found == "ole" else found)
    if suffix in _WHOLE:
        return _WHOLE[suffix](read_file_bytes(path, shown), shown=shown)
    read = read_zip if suffix == ".zip" else read_vector
    return read(path, table, shown=shown, layer=sheet, encoding=encoding)


def _table(
    path: Path, suffix: str, content: str, table: Table, shown: str, encoding: str | None, sheet: str | None,
    told: Callable[[int, int], None] | None,
) -> Grid:  # fmt: skip
    """A table of any kind, by its contents."""
    named = kinds.known_by_name(suffix)
    if named and content in ("text", "json", "xml", "html"):
        raise _not_read(shown, named)
    if content == "parquet":
        return _noted(read_parquet(path, table, shown=shown), content, suffix, shown)
    if content == "text" and not encoding:
        try:
            large = read_large(path, table, shown=shown, told=told)
        except OSError as error:
            raise refusal(error, shown) from None
        if large is not None:
            return _noted(large, content, suffix, shown)
    if content in ("kml", "gpx", "flatgeobuf", "shapefile", "sqlite", "xml") and not named:
        raise _not_read(shown, content)
    if content not in ("zip", "ole", "text", "json", "html", "spreadsheet-xml"):
        raise _not_read(shown, named or content)
    data = read_file_bytes(path, shown)
    if content in ("zip", "ole"):
        inside = kinds.inside_of(data, content)
        if inside != "workbook":
            raise _not_read(shown, inside)
        return _noted(read_workbook(data, table, shown=shown, sheet=sheet), inside, suffix, shown)
    if content == "json" or suffix in (".geojson", ".json"):
        return _noted(read_geojson(data, shown=shown), "json", suffix, shown)
    if content == "spreadsheet-xml":
        return _noted(read_spreadsheet_xml(data, table, shown=shown, sheet=sheet), content, suffix, shown)
    try:
        if content == "html":
            return _noted(read_web_page(data, table, shown=shown, encoding=encoding), content, suffix, shown)
        decoded = decode(data, encoding)
    except LookupError:
        raise UsageError("encoding-unknown", encoding=encoding) from None
    return _noted(read_text(decoded, table, shown=shown), content, suffix, shown)


def _noted(grid: Grid, kind: str, suffix: str, shown: str) -> Grid:
    """The grid, with a note where the file's name says another kind."""
    if suffix not in _OF_NAME[kind]:
        grid.notes.insert(0, Note("note-not-its-name", {"file": shown, "suffix": suffix, "what": texts("kinds")[f"kind-{kind}"]}))
    return grid


def _not_read(shown: str, kind: str) -> UsageError:
    """The refusal of a kind that is known and not read: what it is, and the way out."""
    words = texts("kinds")
    kind = kind if f"kind-{kind}" in words else "binary"
    return UsageError("kind-not-read", path=shown, what=words[f"kind-{kind}"], way=words[f"way-{kind}"])
