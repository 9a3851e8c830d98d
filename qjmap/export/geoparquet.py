"""GeoParquet 1.1 files, written row group by row group."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely

from qjmap.tables.columns import ops as cols

ROW_GROUP = 65_536
"""Rows of a row group."""

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


def write_parquet(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write one layer to a GeoParquet file."""
    for frame in layers.values():
        shapes = frame.geometry.to_numpy()
        present = shapes[~shapely.is_missing(shapes)]
        types = sorted({_GEOMETRY_TYPES[number] for number in np.unique(shapely.get_type_id(present)).tolist()})
        box = shapely.total_bounds(present).tolist() if len(present) else None
        starts = range(0, max(len(frame), 1), ROW_GROUP)
        tables = (to_arrow_table(frame.iloc[start : start + ROW_GROUP]) for start in starts)
        write_row_groups(path, tables, geo_metadata(frame.crs, types, box))


def to_arrow_table(frame: gpd.GeoDataFrame) -> pa.Table:
    """Rows of a flat frame as an Arrow table: float64 and string columns, and the geometry as WKB."""
    names = [str(name) for name in frame if name != frame.geometry.name]
    types = [pa.float64() if frame[name].dtype == np.float64 else pa.string() for name in names]
    arrays = [pa.array(frame[name], kind, from_pandas=True) for name, kind in zip(names, types, strict=True)]
    shapes = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.binary())
    schema = pa.schema([*zip(names, types, strict=True), ("geometry", pa.binary())])
    return pa.Table.from_arrays([*map(cols.combine_chunks, arrays), shapes], schema=schema)


def write_row_groups(path: Path, tables: Iterable[pa.Table], geo: Mapping[str, Any]) -> None:
    """Write tables one after the other, in row groups of `ROW_GROUP` rows however the tables are cut."""
    # Parquet takes a while to import, and no other format needs it.
    from pyarrow import parquet

    remaining = iter(tables)
    buffer = next(remaining)
    schema = buffer.schema.with_metadata({"geo": json.dumps(geo)})
    with parquet.ParquetWriter(path, schema) as writer:
        for table in itertools.chain(remaining, [None]):
            if table is not None:
                buffer = pa.concat_tables([buffer, table])
            while buffer.num_rows >= ROW_GROUP or (table is None and buffer.num_rows):
                group = buffer.slice(0, ROW_GROUP)
                buffer = buffer.slice(ROW_GROUP)
                # Parquet cuts pages at the ends of chunks, so each column becomes one array that begins with its buffers.
                columns = [pa.concat_arrays(column.chunks) for column in group.columns]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def geo_metadata(crs: Any, types: Sequence[str], box: Sequence[float] | None) -> dict[str, Any]:
    """The ``geo`` entry of a GeoParquet file, version 1.1.0: encoding, geometry types, CRS as PROJJSON, bounding box.

    Parameters
    ----------
    crs : pyproj.CRS
    types : names of the geometry types that occur
    box : west, south, east, north of all geometries in degrees; None without any
    """
    column: dict[str, Any] = {"encoding": "WKB", "crs": crs.to_json_dict(), "geometry_types": list(types)}
    if box is not None:
        column["bbox"] = list(box)
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
