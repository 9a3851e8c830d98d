"""A Parquet file -> a grid by columns: every value as the text that a table would show; needs pyarrow.

Points of a GeoParquet file become longitude and latitude where the table has no such columns.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from qjmap.errors import UsageError
from qjmap.schema import Table
from qjmap.tables import columns as cols
from qjmap.tables.grids import Grid
from qjmap.tables.headers import header

if TYPE_CHECKING:
    import pyarrow as pa


def read_parquet(path: Path, table: Table, *, shown: str, groups: tuple[int, int] | None = None) -> Grid:
    """The grid of a Parquet file, or of some of its row groups; rows are counted as if a header stood in row 1.

    Raises
    ------
    UsageError : pyarrow is missing, the file cannot be read, or a column holds what no cell can (lists, records).
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise UsageError("parquet-extra") from None
    try:
        with parquet.ParquetFile(path, memory_map=False) as file:
            first, last = groups or (0, file.num_row_groups)
            before = sum(file.metadata.row_group(at).num_rows for at in range(first))
            found = file.read_row_groups(range(first, last)) if last > first else file.schema_arrow.empty_table()
            geometry = _geometry_column(file.schema_arrow.metadata)
    except FileNotFoundError:
        raise UsageError("file-missing", path=shown) from None
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError("file-unreadable", path=shown, detail=str(error)) from None
    heads, columns = [], []
    for name in found.column_names:
        if name != geometry:
            heads.append(name)
            columns.append(cols.compact(_texts(found.column(name), name, shown)))
    if geometry in found.column_names and not _has_position(heads, table):
        for name, texts in zip(("lon", "lat", "datum"), _points(found.column(geometry)), strict=True):
            heads.append(name)
            columns.append(cols.compact(texts))
    return Grid(heads, [], range(before + 2, before + 2 + found.num_rows), letters=False, columns=columns)


def group_rows(path: Path, *, shown: str) -> list[int]:
    """The rows of each row group; errors as in `read_parquet`."""
    try:
        from pyarrow import ArrowInvalid, parquet
    except ImportError:
        raise UsageError("parquet-extra") from None
    try:
        told = parquet.read_metadata(path)
    except (OSError, ArrowInvalid) as error:
        raise UsageError("file-unreadable", path=shown, detail=str(error)) from None
    return [told.row_group(at).num_rows for at in range(told.num_row_groups)]


def _geometry_column(metadata: dict[bytes, bytes] | None) -> str | None:
    told = json.loads(metadata[b"geo"]) if metadata and b"geo" in metadata else {}
    name = told.get("primary_column")
    return name if isinstance(name, str) else None


def _has_position(heads: list[str], table: Table) -> bool:
    return any(name == "orig_lon" or header(name, table).column in ("lon", "lonlat") for name in heads)


def _texts(column: pa.ChunkedArray, name: str, shown: str) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        return pc.fill_null(column.cast(pa.large_string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise UsageError("parquet-column", path=shown, column=name) from None


def _points(column: Any) -> list[pa.ChunkedArray]:
    """Longitude, latitude and datum of WKB points as texts, empty for anything else; GeoParquet's default CRS is WGS 84."""
    import pyarrow as pa
    import pyarrow.compute as pc

    shapes = shapely.from_wkb(column.to_numpy())
    points = shapely.get_type_id(shapes) == 0
    axes = [pa.array(axis(shapes), mask=~points) for axis in (shapely.get_x, shapely.get_y)]
    texts = [pc.fill_null(pc.cast(axis, pa.large_string()), "") for axis in axes]
    datum = pc.if_else(pa.array(points), pa.scalar("wgs84", pa.large_string()), pa.scalar("", pa.large_string()))
    return [pa.chunked_array([one]) for one in (*texts, datum)]
