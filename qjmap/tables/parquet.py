"""A Parquet file -> a grid by columns: every value as the text that a table would show; needs pyarrow.

Points of a GeoParquet file become longitude and latitude where the table has no such columns.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from qjmap.errors import UsageError
from qjmap.messages import Note
from qjmap.schema import DATUMS, Table
from qjmap.tables import columns as cols
from qjmap.tables.cells import plain_number
from qjmap.tables.crs import reference
from qjmap.tables.features import not_points
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
            geometry, told = _geometry_column(file.schema_arrow.metadata)
        found.validate(full=True)  # texts that are no UTF-8 would come to light where nobody expects them
        names = found.column_names
    except FileNotFoundError:
        raise UsageError("file-missing", path=shown) from None
    except (OSError, ValueError, pa.ArrowException) as error:
        raise UsageError("file-unreadable", path=shown, detail=str(error)) from None
    heads, columns = [], []
    for name, column in zip(names, found.columns, strict=True):
        if name != geometry:
            heads.append(name)
            columns.append(cols.compact(_texts(column, name, shown)))
    grid = Grid(heads, [], range(before + 2, before + 2 + found.num_rows), letters=False, columns=columns)
    if geometry in names and not _has_position(heads, table):
        _locate(grid, found.columns[names.index(geometry)], told, shown)
    return grid


def group_rows(path: Path, *, shown: str) -> list[int]:
    """The rows of each row group; errors as in `read_parquet`."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise UsageError("parquet-extra") from None
    try:
        told = parquet.read_metadata(path)
    except (OSError, ValueError, ArrowException) as error:
        raise UsageError("file-unreadable", path=shown, detail=str(error)) from None
    return [told.row_group(at).num_rows for at in range(told.num_row_groups)]


def _geometry_column(metadata: dict[bytes, bytes] | None) -> tuple[str, Mapping[str, Any]]:
    """The column of geometries of a GeoParquet file and what is told of it; "" in any other file."""
    try:
        told = json.loads(metadata[b"geo"]) if metadata and b"geo" in metadata else {}
        name = told["primary_column"] if told else ""
        return name, dict(told["columns"][name]) if name else {}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", {}


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


def _locate(grid: Grid, geometries: pa.ChunkedArray, told: Mapping[str, Any], shown: str) -> None:
    """Fill longitude, latitude and, where the file names its reference system, the datum of points."""
    import pyarrow as pa

    shapes = _shapes(geometries, told, shown)
    lon, lat, others = _axes(shapes)
    kinds: dict[str, list[int]] = {}
    for at in np.flatnonzero(others).tolist():
        kinds.setdefault(shapes[at].geom_type, []).append(grid.numbers[at])
    grid.faults += not_points(shown, kinds, grid.header)
    known = np.isfinite(lon)
    system = reference(told.get("crs") or "", shown=shown)
    texts: list[Any] = []
    if system is not None and system.plane:
        axes = np.full((2, len(lon)), "", dtype=object)
        pairs = [(plain_number(x), plain_number(y)) for x, y in zip(lon[known], lat[known], strict=True)]
        axes[:, known] = np.array(system.degrees(pairs), dtype=object).reshape(-1, 2).T
        texts = [pa.chunked_array([pa.array(axis.tolist(), pa.large_string())]) for axis in axes]
        grid.notes.append(Note("note-crs", {"file": shown, "crs": system.name}))
    else:
        texts = [_numbers(axis, known) for axis in (lon, lat)]
    if system is not None and system.datum in DATUMS:
        grid.datum, grid.reference = system.datum, system.name
    elif system is not None and system.datum:
        datums = [system.datum if one else "" for one in known.tolist()]
        texts.append(pa.chunked_array([pa.array(datums, pa.large_string())]))
    grid.header += ("lon", "lat", "datum")[: len(texts)]
    grid.columns = [*(grid.columns or ()), *map(cols.compact, texts)]


def _shapes(geometries: pa.ChunkedArray, told: Mapping[str, Any], shown: str) -> Any:
    """The geometries as shapely has them: from WKB, or from GeoArrow's points, whose coordinates stand in the file as numbers."""
    import pyarrow as pa

    encoding = str(told.get("encoding", "WKB"))
    kind = geometries.type
    try:
        if encoding.upper() == "WKB" and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
            return shapely.from_wkb(geometries.to_numpy())
        if encoding == "point":
            rows = geometries.to_pylist()
            pairs = [_pair(row) for row in rows]
            shapes = shapely.points(np.array(pairs, dtype=np.float64).reshape(-1, 2))
            return np.where([row is None for row in rows], None, shapes)
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, IndexError) as error:
        raise UsageError("vector-unreadable", path=shown, detail=str(error)) from None
    raise UsageError("vector-geometry", path=shown, encoding=encoding)


def _pair(row: Any) -> tuple[float, float]:
    if row is None:
        return math.nan, math.nan
    x, y = (row["x"], row["y"]) if isinstance(row, dict) else row[:2]
    return (math.nan if x is None else x), (math.nan if y is None else y)


def _axes(shapes: Any) -> tuple[Any, Any, Any]:
    """Coordinates of points and of MultiPoints of one, NaN for anything else; and where there is another shape that is not empty."""
    shapes = np.array(shapes, dtype=object)
    single = np.isin(shapely.get_type_id(shapes), (4, 7)) & (shapely.get_num_geometries(shapes) == 1)
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    some = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    points = some & (shapely.get_type_id(shapes) == 0)
    lon, lat = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    lon[points], lat[points] = shapely.get_x(shapes[points]), shapely.get_y(shapes[points])
    return lon, lat, some & ~points


def _numbers(axis: Any, known: Any) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pa.chunked_array([pc.fill_null(pc.cast(pa.array(axis, mask=~known), pa.large_string()), "")])
