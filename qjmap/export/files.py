"""The other formats: GeoPackage, FlatGeobuf, KML and GeoParquet through geopandas, and CSV for people.

Columns and values are those of the GeoJSON, so that a row says the same wherever it is opened.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qjmap.errors import UsageError
from qjmap.export import rows
from qjmap.tables import columns as cols
from qjmap.tables import frame_of
from qjmap.tables.delimited import neutralised

_ROWS = 65_536
"""Rows of a row group, and rows of a CSV file that are made at once."""


def plain_frame(layer: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A layer with flat columns: texts, numbers and a geometry, EPSG:4326; None where a cell is empty."""
    names = rows.columns(layer, frame)
    columns = frame_of({name: _plain(cols.column(frame, name), rows.of_column(name)) for name in names})
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.to_numpy(), crs=frame.crs, copy=len(columns) <= cols.LONG)


def _plain(values: Any, made: Callable[[Any], Any]) -> Any:
    """The cells as files carry them: all numbers as float64, texts as they are; numbers among texts stay texts, as typed."""
    found = cols.arrow(values)
    if found is not None and made is rows.cell:
        import pyarrow as pa
        import pyarrow.compute as pc

        return cols.over_arrow(pc.if_else(pa.array(cols.empty(values)), pa.scalar(None, found.type), found))
    codes, distinct = pd.factorize(cols.objects(values) if found is not None else values, use_na_sentinel=False)
    cells = [made(value) for value in distinct]
    numbers = sum(isinstance(one, (int, float)) for one in cells)
    if numbers and numbers == sum(one is not None for one in cells):
        return np.array([np.nan if one is None else one for one in cells], dtype=np.float64)[codes]
    if numbers:
        cells = [None if one is None else str(rows.cell(value)) for one, value in zip(cells, distinct, strict=True)]
    texts = np.empty(len(cells), dtype=object)
    texts[:] = cells
    return texts[codes]


def write_gpkg(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One GeoPackage with a table for each layer."""
    for name, frame in layers.items():
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", mode="a" if path.exists() else "w")


def write_fgb(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One FlatGeobuf file of one layer; without its spatial index, which cannot hold rows without a position."""
    for frame in layers.values():
        frame.to_file(path, driver="FlatGeobuf", engine="pyogrio", SPATIAL_INDEX="NO")


def write_kml(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One KML file of one layer, named by its names."""
    for frame in layers.values():
        frame.rename(columns={"name": "Name", "description": "Description"}).to_file(
            path, driver="KML", engine="pyogrio"
        )


def write_parquet(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One GeoParquet 1.1 file of one layer, row group after row group; needs pyarrow."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise UsageError("parquet-extra") from None
    for frame in layers.values():
        names = [str(name) for name in frame if name != "geometry"]
        kinds = [pa.float64() if frame[name].dtype == np.float64 else pa.string() for name in names]
        fields = [*zip(names, kinds, strict=True), ("geometry", pa.binary())]
        schema = pa.schema(fields, {"geo": json.dumps(geo_metadata(frame))})
        with parquet.ParquetWriter(path, schema) as writer:
            for start in range(0, len(frame), _ROWS):
                part = frame.iloc[start : start + _ROWS]
                arrays = [pa.array(part[name], kind, from_pandas=True) for name, kind in zip(names, kinds, strict=True)]
                shapes = pa.array(shapely.to_wkb(part.geometry.to_numpy()), pa.binary())
                writer.write_table(pa.Table.from_arrays([*map(_whole, arrays), shapes], schema=schema))


def _whole(array: Any) -> Any:
    return array.combine_chunks() if hasattr(array, "chunks") else array


def geo_metadata(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """The `geo` entry of a GeoParquet file, version 1.1.0: encoding, geometry types, CRS as PROJJSON, bounding box."""
    shapes = frame.geometry.to_numpy()
    known = shapes[~shapely.is_missing(shapes)]
    column: dict[str, Any] = {
        "encoding": "WKB",
        "crs": frame.crs.to_json_dict(),
        "geometry_types": sorted({_TYPES[number] for number in np.unique(shapely.get_type_id(known)).tolist()}),
    }
    if len(known):
        column["bbox"] = shapely.total_bounds(known).tolist()
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


_TYPES = {
    0: "Point",
    1: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}


def write_csv(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One CSV file of one layer for Excel: UTF-8 with BOM, WGS 84 lon and lat, no cell that runs as a formula."""
    for frame in layers.values():
        shapes = frame.geometry.to_numpy()
        points = bool((shapely.is_missing(shapes) | (shapely.get_type_id(shapes) == 0)).all())
        names = [str(name) for name in frame if name != "geometry"]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow([*names, *(("lon", "lat") if points else ("wkt",))])
            for start in range(0, len(frame), _ROWS):
                part = frame.iloc[start : start + _ROWS]
                cells = [cols.objects(cols.column(part, name)).tolist() for name in names]
                writer.writerows(
                    [_cell(value) for value in row]
                    for row in zip(*cells, *_where(shapes[start : start + _ROWS], points), strict=True)
                )


def _where(shapes: Any, points: bool) -> list[list[Any]]:
    """The columns that say where rows lie: lon and lat of points, WKT of anything else."""
    if points:
        return [axis(shapes).round(rows.DECIMALS).tolist() for axis in (shapely.get_x, shapely.get_y)]
    rounded = shapely.set_precision(shapes, 10.0**-rows.DECIMALS)
    return [[shape.wkt if shape is not None else None for shape in rounded]]


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return neutralised(value) if isinstance(value, str) else str(value)


WRITERS: dict[str, Callable[[Path, dict[str, gpd.GeoDataFrame]], None]] = {
    "gpkg": write_gpkg,
    "fgb": write_fgb,
    "kml": write_kml,
    "parquet": write_parquet,
    "csv": write_csv,
}
"""Writers by format; all but gpkg take one layer."""
