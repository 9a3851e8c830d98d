"""Unpack the tables in a built page into files, from which an edition is read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError
from qjmap.payload import read_tables
from qjmap.project import display_path
from qjmap.schema import EDITION_CHANGE, TABLES
from qjmap.tables.readers.dataframe import cell_text
from qjmap.tables.readers.limits import MB, check_limit, limit

_SAMPLED = "districts"
"""Name of a table that a page has only if it contains a sample of the sites instead of all of them."""
_CLASSES = "/"
"""First character of the names of columns that are made for the page's filters, such as classes of numbers."""


def unpack_page(path: Path, folder: Path) -> dict[str, Path]:
    """Write the tables of a page into a folder as GeoJSON without geometry; positions are in their columns as typed.

    The table of sites is left out if the page contains only a sample of them. Of a page that compares two editions, the rows that only
    the earlier edition has are left out.

    Returns
    -------
    Table -> file; {} if the file is not a page of an atlas.

    Raises
    ------
    UsageError : the page is damaged, or larger than the limits of `tables.readers.limits`.
    """
    shown = display_path(path)
    check_limit("file_mb", path.stat().st_size / MB, shown=shown)
    left = limit("expanded_mb") * MB

    def inflate(data: bytes) -> bytes:
        nonlocal left
        unpacker = zlib.decompressobj()
        out = unpacker.decompress(data, int(left) + 1)
        left -= len(out)
        check_limit("expanded_mb", limit("expanded_mb") - left / MB, shown=shown)
        if not unpacker.eof:
            raise UsageError("diff-page", path=shown)
        return out

    try:
        tables = read_tables(path.read_text(encoding="utf-8"), inflate)
        return {
            name: _write(folder / f"{name}.geojson", columns)
            for name, columns in tables.items()
            if name in TABLES and not (name == "sites" and _SAMPLED in tables)
        }
    except (ValueError, KeyError, IndexError, TypeError, zlib.error):
        raise UsageError("diff-page", path=shown) from None


def _write(path: Path, columns: Mapping[str, Sequence[Any]]) -> Path:
    kept = {name: cells for name, cells in columns.items() if not name.startswith(_CLASSES) and name != EDITION_CHANGE}
    changes = columns.get(EDITION_CHANGE) or [""] * len(next(iter(kept.values()), ()))
    features = [
        {"type": "Feature", "geometry": None, "properties": dict(zip(kept, map(cell_text, row), strict=True))}
        for row, change in zip(zip(*kept.values(), strict=True), changes, strict=True)
        if change != "withdrawn"
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    return path
