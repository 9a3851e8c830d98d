"""Parquet and GeoParquet -> a grid by columns, with every value as the text that a table would show.

Points of a GeoParquet file become columns of longitude and latitude, unless the file has such columns or geometries are kept
(`features_to_grid.kept_shapes`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyarrow import parquet

from qjmap.errors import UsageError
from qjmap.i18n import Note
from qjmap.schema import DATUMS, Table
from qjmap.tables.columns import operations as cols
from qjmap.tables.headers import parse_header
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers.crs import Reference, parse_reference
from qjmap.tables.readers.features_to_grid import keeps_shapes, warn_not_points
from qjmap.tables.readers.grid import Grid

_POINT, _MULTIPOINT, _COLLECTION = 0, 4, 7  # type ids of GEOS


def read_parquet(path: Path, table: Table, *, shown: str, groups: tuple[int, int] | None = None) -> Grid:
    """Read a Parquet file. Its rows are numbered from 2, as if row 1 were a header.

    Parameters
    ----------
    table : the table by whose headers columns of coordinates are recognised.
    groups : first row group to read, and the end (exclusive); None for all.

    Raises
    ------
    UsageError : the file is missing or cannot be read, a column holds what no cell can (lists, records), or its geometries or reference
        system cannot be read.
    """
    try:
        with parquet.ParquetFile(path, memory_map=False) as file:
            first, last = groups or (0, file.num_row_groups)
            rows_before = sum(file.metadata.row_group(index).num_rows for index in range(first))
            data = file.read_row_groups(range(first, last)) if last > first else file.schema_arrow.empty_table()
            geometry, metadata = _geometry_column(file.schema_arrow.metadata)
        data.validate(full=True)  # otherwise texts that are not UTF-8 would fail later, without a message
        names = data.column_names
    except FileNotFoundError:
        raise UsageError("file-missing", path=shown) from None
    except (OSError, ValueError, pa.ArrowException) as error:
        raise UsageError("file-unreadable", path=shown, detail=str(error)) from None
    header, columns = [], []
    boxes = _covering_columns(metadata)
    for name, column in zip(names, data.columns, strict=True):
        if name != geometry and not (name in boxes and pa.types.is_struct(column.type)):
            header.append(name)
            columns.append(cols.from_arrow(_column_texts(column, name, shown)))
    numbers = range(rows_before + 2, rows_before + 2 + data.num_rows)
    grid = Grid(header, [], numbers, letters=False, columns=columns)
    if geometry in names and keeps_shapes():
        reference = parse_reference(metadata.get("crs") or "", shown=shown)
        grid.shapes = _read_geometries(data.columns[names.index(geometry)], metadata, shown)
        if reference is not None:
            grid.transformer, grid.datum, grid.reference = reference.transformer, reference.datum, reference.name
    elif geometry in names and not _has_position(header, table):
        _add_positions(grid, data.columns[names.index(geometry)], metadata, shown)
    return grid


def group_rows(path: Path, *, shown: str) -> list[int]:
    """Return the number of rows of each row group. Raises UsageError if the file cannot be read."""
    try:
        metadata = parquet.read_metadata(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise UsageError("file-unreadable", path=shown, detail=str(error)) from None
    return [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)]


def _geometry_column(metadata: dict[bytes, bytes] | None) -> tuple[str, Mapping[str, Any]]:
    """Return the name of the primary geometry column of a GeoParquet file, and its metadata; "" and {} for any other file."""
    try:
        geo = json.loads(metadata[b"geo"]) if metadata and b"geo" in metadata else {}
        name = geo["primary_column"] if geo else ""
        return name, dict(geo["columns"][name]) if name else {}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", {}


def _covering_columns(metadata: Mapping[str, Any]) -> set[str]:
    """Return the names of the columns that hold the bounding box of each geometry, and so repeat what the geometry says."""
    covering = metadata.get("covering")
    box = covering.get("bbox") if isinstance(covering, Mapping) else None
    paths = box.values() if isinstance(box, Mapping) else ()
    return {path[0] for path in paths if isinstance(path, list) and path and isinstance(path[0], str)}


def _has_position(header: list[str], table: Table) -> bool:
    return any(name == "orig_lon" or parse_header(name, table).column in ("lon", "lonlat") for name in header)


def _column_texts(column: pa.ChunkedArray, name: str, shown: str) -> pa.ChunkedArray:
    """Return a column as texts, "" for missing values; UsageError for a type that has no text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        return pc.fill_null(column.cast(pa.large_string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise UsageError("parquet-column", path=shown, column=name) from None


def _add_positions(grid: Grid, geometries: pa.ChunkedArray, metadata: Mapping[str, Any], shown: str) -> None:
    """Append columns of longitude and latitude in degrees to the grid, transformed from the file's reference system.

    A datum in `DATUMS` is set on the grid; the name of any other is appended as a column.
    """
    shapes = _read_geometries(geometries, metadata, shown)
    lon, lat, is_other = _coordinates(shapes)
    rows_by_shape: dict[str, list[int]] = {}
    for index in np.flatnonzero(is_other).tolist():
        rows_by_shape.setdefault(shapes[index].geom_type, []).append(grid.numbers[index])
    grid.faults += warn_not_points(shown, rows_by_shape, grid.header)
    has_point = np.isfinite(lon)
    reference = parse_reference(metadata.get("crs") or "", shown=shown)
    if reference is not None and reference.transformer:
        texts = _transformed_texts(lon, lat, has_point, reference)
        grid.notes.append(Note("note-crs", {"file": shown, "crs": reference.name}))
    else:
        texts = [_number_texts(axis, has_point) for axis in (lon, lat)]
    if reference is not None and reference.datum in DATUMS:
        grid.datum, grid.reference = reference.datum, reference.name
    elif reference is not None and reference.datum:
        texts.append(_text_array([reference.datum if point else "" for point in has_point.tolist()]))
    grid.header += ("lon", "lat", "datum")[: len(texts)]
    grid.columns = [*(grid.columns or ()), *map(cols.from_arrow, texts)]


def _transformed_texts(lon: Any, lat: Any, has_point: Any, reference: Reference) -> list[pa.ChunkedArray]:
    """Return columns of longitude and latitude in degrees, as texts, of points in a reference system; "" without a point."""
    axes = np.full((2, len(lon)), "", dtype=object)
    points = [(plain_number(x), plain_number(y)) for x, y in zip(lon[has_point], lat[has_point], strict=True)]
    axes[:, has_point] = np.array(reference.to_degrees(points), dtype=object).reshape(-1, 2).T
    return [_text_array(axis.tolist()) for axis in axes]


def _text_array(texts: list[str]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def _number_texts(axis: Any, has_point: Any) -> pa.ChunkedArray:
    return pa.chunked_array([pc.fill_null(pc.cast(pa.array(axis, mask=~has_point), pa.large_string()), "")])


def _read_geometries(geometries: pa.ChunkedArray, metadata: Mapping[str, Any], shown: str) -> Any:
    """Return the geometries as an array of shapely geometries, from WKB or from points of GeoArrow.

    Raises
    ------
    UsageError : the geometries are damaged, or in another encoding.
    """
    encoding = str(metadata.get("encoding", "WKB"))
    kind = geometries.type
    try:
        if encoding.upper() == "WKB" and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
            return shapely.from_wkb(geometries.to_numpy())
        if encoding == "point":
            rows = geometries.to_pylist()
            points = shapely.points(np.array([_xy(row) for row in rows], dtype=np.float64).reshape(-1, 2))
            return np.where([row is None for row in rows], None, points)
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, IndexError) as error:
        raise UsageError("vector-unreadable", path=shown, detail=str(error)) from None
    raise UsageError("vector-geometry", path=shown, encoding=encoding)


def _xy(row: Any) -> tuple[float, float]:
    """Return x and y of a point that is a dictionary or a list; NaN for a missing point or coordinate."""
    if row is None:
        return math.nan, math.nan
    x, y = (row["x"], row["y"]) if isinstance(row, dict) else row[:2]
    return (math.nan if x is None else x), (math.nan if y is None else y)


def _coordinates(shapes: Any) -> tuple[Any, Any, Any]:
    """Return x and y (float64, in the coordinates of the file) of points, and of MultiPoints and collections of one point; NaN for all
    other geometries.

    The third array is a mask of the geometries that are something else and not empty.
    """
    shapes = np.array(shapes, dtype=object)
    is_single = np.isin(shapely.get_type_id(shapes), (_MULTIPOINT, _COLLECTION))
    is_single &= shapely.get_num_geometries(shapes) == 1
    shapes[is_single] = shapely.get_geometry(shapes[is_single], 0)
    is_filled = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    is_point = is_filled & (shapely.get_type_id(shapes) == _POINT)
    lon, lat = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    lon[is_point], lat[is_point] = shapely.get_x(shapes[is_point]), shapely.get_y(shapes[is_point])
    return lon, lat, is_filled & ~is_point
