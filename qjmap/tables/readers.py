"""Any file -> a grid of texts: the cells as typed, the header's place, the row numbers that a reader of the file would count.

No meaning is given to any cell here; that is what `parsing` does with the grid.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qjmap.errors import UsageError
from qjmap.schema import Table
from qjmap.tables.delimited import read_text
from qjmap.tables.encodings import decode
from qjmap.tables.features import read_geojson, read_vector
from qjmap.tables.grids import Grid
from qjmap.tables.large import read_large
from qjmap.tables.parquet import read_parquet
from qjmap.tables.workbooks import read_workbook


def read_grid(
    path: Path, table: Table, *, shown: str, encoding: str | None = None, sheet: str | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Grid:  # fmt: skip
    """The grid of any file that is understood, told by its first bytes, then by its name.

    Parameters
    ----------
    told : told how many bytes of how many of a large file are read.

    Raises
    ------
    UsageError : there is no such file, it cannot be opened, it is of no known kind, or it has no such sheet.
    """
    try:
        if not encoding and (large := read_large(path, table, shown=shown, told=told)) is not None:
            return large
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError("file-missing", path=shown) from None
    except IsADirectoryError:
        raise UsageError("file-folder", path=shown) from None
    except PermissionError:
        raise UsageError("file-in-use", path=shown) from None
    suffix = path.suffix.lower()
    if data.startswith(b"PAR1"):
        return read_parquet(path, table, shown=shown)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) and suffix not in (".kmz", ".zip"):
        return read_workbook(data, table, shown=shown, sheet=sheet)
    if suffix in (".geojson", ".json") or (
        data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and suffix not in (".csv", ".txt", ".tsv")
    ):
        return read_geojson(data, shown=shown)
    if suffix in (".shp", ".zip", ".kml", ".gpkg", ".fgb"):
        return read_vector(path, shown=shown, layer=sheet)
    if b"\0" in data[:1024] and data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x1f\x8b")):
        raise UsageError("format-unknown", path=shown)
    try:
        decoded = decode(data, encoding)
    except LookupError:
        raise UsageError("encoding-unknown", encoding=encoding) from None
    return read_text(decoded, table, shown=shown)
