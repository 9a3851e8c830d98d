"""Write GeoParquet 1.1 files, one row group at a time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from qjmap.export.legend import Legend
from qjmap.tables.columns import operations as cols

ROW_GROUP = 65_536
"""Number of rows in a row group."""

_BOX = pa.struct([(side, pa.float64()) for side in ("xmin", "ymin", "xmax", "ymax")])
"""Type of a bounding box, degrees."""

_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
"""Layout of a point in WKB."""

_GEOMETRY_TYPES = {
    0: "Point",
    1: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}
"""Names of the geometry types by shapely's type id."""


def write_parquet(path: Path, layers: Mapping[str, pd.DataFrame], _: Legend) -> None:
    """Write one layer to a GeoParquet file, a table without geometry to a Parquet file."""
    # Parquet takes a while to import, and no other format needs it.
    from pyarrow import parquet

    for frame in layers.values():
        if not isinstance(frame, gpd.GeoDataFrame):
            parquet.write_table(to_arrow_table(frame), path)
            return
        shapes = frame.geometry.to_numpy()
        present = shapes[~shapely.is_missing(shapes)]
        types = sorted({_GEOMETRY_TYPES[number] for number in np.unique(shapely.get_type_id(present)).tolist()})
        box = shapely.total_bounds(present).tolist() if len(present) else None
        starts = range(0, max(len(frame), 1), ROW_GROUP)
        tables = (to_arrow_table(frame.iloc[start : start + ROW_GROUP]) for start in starts)
        write_row_groups(path, tables, geo_metadata(frame.crs, types, box, covering_name([*map(str, frame)])))


def to_arrow_table(frame: pd.DataFrame) -> pa.Table:
    """Return a flat frame as an Arrow table: its columns, and for a layer the geometry as WKB and its bounding boxes."""
    is_layer = isinstance(frame, gpd.GeoDataFrame)
    names = [str(name) for name in frame if not is_layer or name != frame.geometry.name]
    types = [arrow_type(frame[name].dtype) for name in names]
    arrays = [
        cols.combine_chunks(pa.array(frame[name], kind, from_pandas=True))
        for name, kind in zip(names, types, strict=True)
    ]
    fields = [pa.field(name, kind) for name, kind in zip(names, types, strict=True)]
    if is_layer:
        shapes = frame.geometry.to_numpy()
        arrays += [wkb(shapes), _boxes(shapes)]
        fields += [pa.field("geometry", pa.binary()), pa.field(covering_name(names), _BOX)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def wkb(shapes: Any) -> pa.BinaryArray:
    """Return geometries as WKB, little-endian; null for None. Points are laid out as arrays, ten times as fast as one by one."""
    missing = shapely.is_missing(shapes)
    is_plain = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes) & ~shapely.has_z(shapes)
    if not len(shapes) or not (missing | is_plain).all():
        return pa.array(shapely.to_wkb(shapes), pa.binary())
    records = np.empty(len(shapes), _POINT)
    records["order"], records["type"] = 1, 1
    records["x"], records["y"] = shapely.get_x(shapes), shapely.get_y(shapes)
    kept = records[~missing]
    offsets = np.concatenate([[0], np.cumsum(~missing)]).astype(np.int32) * _POINT.itemsize
    valid = pa.array(~missing).buffers()[1] if missing.any() else None
    return pa.Array.from_buffers(pa.binary(), len(shapes), [valid, pa.py_buffer(offsets), pa.py_buffer(kept)])


def arrow_type(dtype: Any) -> pa.DataType:
    """Return the Arrow type of a column of a flat frame: float64, int64, date32, else string."""
    if isinstance(dtype, pd.ArrowDtype):
        return dtype.pyarrow_dtype
    return {"float64": pa.float64(), "Int64": pa.int64()}.get(str(dtype), pa.string())


def covering_name(names: Collection[str]) -> str:
    """Return the name of the column of bounding boxes: ``bbox``, with a number if there is a column of that name already."""
    numbered = map("bbox_{}".format, itertools.count(2))
    return next(free for free in itertools.chain(("bbox",), numbered) if free not in names)


def _boxes(shapes: Any) -> pa.StructArray:
    """Return the bounding box of each geometry in degrees; null for None and for an empty geometry."""
    bounds = shapely.bounds(shapes)
    missing = np.isnan(bounds[:, 0])
    sides = [pa.array(np.where(missing, 0.0, side)) for side in bounds.T]
    return pa.StructArray.from_arrays(sides, fields=list(_BOX), mask=pa.array(missing))


def write_row_groups(path: Path, tables: Iterable[pa.Table], geo: Mapping[str, Any]) -> None:
    """Write tables to one file, one after the other, in row groups of `ROW_GROUP` rows whatever the lengths of the tables.

    Parameters
    ----------
    tables : tables of one schema; at least one.
    geo : metadata of the file, as `geo_metadata` returns it.
    """
    # Parquet takes a while to import, and no other format needs it.
    from pyarrow import parquet

    remaining = iter(tables)
    buffer = next(remaining)
    schema = buffer.schema.with_metadata({"geo": json.dumps(geo)})
    # Columns with few repeated values are not dictionary-encoded, which would take time and save no space.
    repeating = [field.name for field in schema if field.name != "id" and field.type not in (pa.binary(), _BOX)]
    with parquet.ParquetWriter(path, schema, use_dictionary=repeating) as writer:
        for table in itertools.chain(remaining, [None]):
            if table is not None:
                buffer = pa.concat_tables([buffer, table])
            while buffer.num_rows >= ROW_GROUP or (table is None and buffer.num_rows):
                group = buffer.slice(0, ROW_GROUP)
                buffer = buffer.slice(ROW_GROUP)
                # Parquet ends a page at the end of each chunk. One contiguous array per column makes the bytes independent of chunks.
                columns = [_one_array(column.chunks) for column in group.columns]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _one_array(chunks: Sequence[pa.Array]) -> pa.Array:
    """Return chunks as one contiguous array that starts at the start of its buffers."""
    return chunks[0] if len(chunks) == 1 and chunks[0].offset == 0 else pa.concat_arrays(chunks)


def geo_metadata(crs: Any, types: Sequence[str], box: Sequence[float] | None, covering: str) -> dict[str, Any]:
    """Return the ``geo`` metadata of a GeoParquet 1.1.0 file: encoding, geometry types, CRS as PROJJSON, bounding box, covering.

    Parameters
    ----------
    crs : pyproj.CRS of the geometries.
    types : names of the geometry types that occur.
    box : west, south, east, north of all geometries in degrees; None if there are none.
    covering : name of the column of bounding boxes.
    """
    column: dict[str, Any] = {"encoding": "WKB", "crs": crs.to_json_dict(), "geometry_types": list(types)}
    column["covering"] = {"bbox": {side: [covering, side] for side in ("xmin", "ymin", "xmax", "ymax")}}
    if box is not None:
        column["bbox"] = list(box)
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
