"""The other formats: GeoPackage, FlatGeobuf, KML and GeoParquet through geopandas, and CSV for people.

Columns and values are those of the GeoJSON, so that a row says the same wherever it is opened.
"""

from __future__ import annotations

import csv
import errno
import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qjmap.errors import UsageError
from qjmap.export import rows
from qjmap.export.names import FORBIDDEN, fitted
from qjmap.points import CRS, axes, settled, shapes_of
from qjmap.tables import columns as cols
from qjmap.tables import frame_of
from qjmap.tables.delimited import neutralised

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 65_536
"""Rows of a row group, and rows of a CSV file that are made at once."""
_MORE = 1 << 16
"""Bytes that a disk must be able to take when a file is done."""
_CLOCK = "OGR_CURRENT_DATE"
"""GDAL's setting for what a GeoPackage gives as the time of its last change."""


def plain_frame(
    layer: str, frame: pd.DataFrame, numeric: Mapping[str, bool] = MappingProxyType({})
) -> gpd.GeoDataFrame:
    """A layer with flat columns: texts, numbers and a geometry, EPSG:4326; None where a cell is empty.

    Parameters
    ----------
    numeric : column -> whether it holds numbers, for some rows of a layer, which need not tell what all of them hold.
    """
    frame = settled(frame)
    names = rows.columns(layer, frame)
    columns = frame_of(
        {name: _plain(cols.column(frame, name), rows.of_column(name), numeric.get(name)) for name in names}
    )
    shapes = frame.geometry.to_numpy() if "geometry" in frame else shapes_of(*axes(frame))
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS, copy=len(columns) <= cols.LONG)


def number_kinds(values: Any) -> tuple[bool, bool]:
    """Of coordinates as typed, whether some leave as numbers, and whether some leave as texts."""
    found = cols.arrow(values)
    if found is not None and (degrees := cols.degrees(values)) is not None:
        import pyarrow as pa
        import pyarrow.compute as pc

        same = pc.equal(pc.cast(pa.array(degrees), found.type), found).to_numpy(zero_copy_only=False)
        rest = {rows.typed_number(text) for text in cols.objects(values[np.flatnonzero(~same)])} - {None}
        return bool(same.any()) or any(not isinstance(one, str) for one in rest), any(isinstance(one, str) for one in rest)
    cells = {rows.typed_number(text) for text in cols.distinct(values)} - {None}
    return any(not isinstance(one, str) for one in cells), any(isinstance(one, str) for one in cells)


def _plain(values: Any, made: Callable[[Any], Any], numeric: bool | None = None) -> Any:
    """The cells as files carry them: all numbers as float64, texts as they are; numbers among texts stay texts, as typed."""
    found = cols.arrow(values)
    if found is not None:
        if made is rows.typed_number and numeric is None:
            numeric = number_kinds(values) == (True, False)
        if not numeric:
            return _none_for_empty(values)
        if (degrees := cols.degrees(values)) is not None:
            return degrees
        values = cols.objects(values)
    codes, distinct = cols.every_value(values)
    cells = [made(value) for value in distinct]
    numbers = sum(isinstance(one, (int, float)) for one in cells)
    if numeric is None:
        numeric = bool(numbers) and numbers == sum(one is not None for one in cells)
    if numeric:
        return np.array([np.nan if one is None else one for one in cells], dtype=np.float64)[codes]
    if numbers:
        cells = [None if one is None else str(rows.cell(value)) for one, value in zip(cells, distinct, strict=True)]
    if len(cells) == 1:
        return cols.filled(len(values), cells[0])
    return cols.spread(cells, codes)


def _none_for_empty(values: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    found = cols.arrow(values)
    blank = cols.empty(values)
    return cols.over_arrow(pc.if_else(pa.array(blank), pa.scalar(None, found.type), found)) if blank.any() else values  # type: ignore[union-attr]


def write_gpkg(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One GeoPackage with a table for each layer; it says of no clock when it was written, so the same layers give the same bytes."""
    import pyogrio

    before = pyogrio.get_gdal_config_option(_CLOCK)
    pyogrio.set_gdal_config_options({_CLOCK: "1970-01-01T00:00:00.000Z"})
    try:
        for name, frame in layers.items():
            frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", mode="a" if path.exists() else "w")
    finally:
        pyogrio.set_gdal_config_options({_CLOCK: before})


def write_fgb(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One FlatGeobuf file of one layer; without its spatial index, which cannot hold rows without a position."""
    for frame in layers.values():
        frame.to_file(path, driver="FlatGeobuf", engine="pyogrio", SPATIAL_INDEX="NO")


def write_kml(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One KML file of one layer, named by its names; without the characters that no XML holds, which GDAL would write."""
    for name, frame in layers.items():
        texts = {
            column: cols.spread([FORBIDDEN.sub("", one) if isinstance(one, str) else one for one in distinct], codes)
            for column in frame.columns.drop(frame.geometry.name)
            if frame[column].dtype != np.float64
            for codes, distinct in [cols.every_value(frame[column])]
        }
        frame.assign(**texts).to_file(path, layer=name, driver="KML", engine="pyogrio")


def write_parquet(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One GeoParquet 1.1 file of one layer, row group after row group; needs pyarrow."""
    if not cols.has_arrow():
        raise UsageError("parquet-extra")
    for frame in layers.values():
        shapes = frame.geometry.to_numpy()
        known = shapes[~shapely.is_missing(shapes)]
        types = sorted({_TYPES[number] for number in np.unique(shapely.get_type_id(known)).tolist()})
        box = shapely.total_bounds(known).tolist() if len(known) else None
        parts = (arrow_table(frame.iloc[start : start + _ROWS]) for start in range(0, max(len(frame), 1), _ROWS))
        write_row_groups(path, parts, geo_metadata(frame.crs, types, box))


def arrow_table(frame: gpd.GeoDataFrame) -> pa.Table:
    """Rows of a plain frame as GeoParquet has them: float64, string, and the geometry as WKB."""
    import pyarrow as pa

    names = [str(name) for name in frame if name != frame.geometry.name]
    kinds = [pa.float64() if frame[name].dtype == np.float64 else pa.string() for name in names]
    arrays = [pa.array(frame[name], kind, from_pandas=True) for name, kind in zip(names, kinds, strict=True)]
    shapes = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.binary())
    schema = pa.schema([*zip(names, kinds, strict=True), ("geometry", pa.binary())])
    return pa.Table.from_arrays([*map(cols.in_one, arrays), shapes], schema=schema)


def write_row_groups(path: Path, tables: Iterable[pa.Table], geo: Mapping[str, Any]) -> None:
    """A GeoParquet file of the tables one after the other, in row groups of the same size however the tables are cut."""
    import pyarrow as pa
    from pyarrow import parquet

    waiting = iter(tables)
    held = next(waiting)
    schema = held.schema.with_metadata({"geo": json.dumps(geo)})
    with parquet.ParquetWriter(path, schema) as writer:
        for more in itertools.chain(waiting, [None]):
            if more is not None:
                held = pa.concat_tables([held, more])
            while held.num_rows >= _ROWS or (more is None and held.num_rows):
                group = held.slice(0, _ROWS)
                held = held.slice(_ROWS)
                columns = [_one_chunk(column) for column in group.columns]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _one_chunk(column: Any) -> Any:
    """A column of a row group as one array that begins where its buffers begin, since pages are cut by what is there."""
    import pyarrow as pa

    return pa.concat_arrays(column.chunks)


def geo_metadata(crs: Any, types: Sequence[str], box: Sequence[float] | None) -> dict[str, Any]:
    """The `geo` entry of a GeoParquet file, version 1.1.0: encoding, geometry types, CRS as PROJJSON, bounding box.

    Parameters
    ----------
    crs : pyproj.CRS
    types : names of the geometry types that occur
    box : west, south, east, north of all geometries in degrees; None when there is none
    """
    column: dict[str, Any] = {"encoding": "WKB", "crs": crs.to_json_dict(), "geometry_types": list(types)}
    if box is not None:
        column["bbox"] = list(box)
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
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(csv_header([str(name) for name in frame if name != "geometry"], points=points))
            for start in range(0, len(frame), _ROWS):
                writer.writerows(csv_rows(frame.iloc[start : start + _ROWS], points=points))


def csv_header(names: Sequence[str], *, points: bool) -> list[str]:
    """The header of a layer: its columns under names that no spreadsheet runs, then those that say where rows lie."""
    return [*map(neutralised, fitted(names, "csv").values()), *(("lon", "lat") if points else ("wkt",))]


def csv_rows(frame: gpd.GeoDataFrame, *, points: bool) -> Iterator[list[str]]:
    """The rows of a plain frame as texts that no spreadsheet runs."""
    cells = [cols.objects(cols.column(frame, str(name))).tolist() for name in frame if name != "geometry"]
    for row in zip(*cells, *_where(frame.geometry.to_numpy(), points), strict=True):
        yield [_cell(value) for value in row]


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


def write_layers(form: str, path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, dict[str, str]]:
    """Writes the layers in a format, under column names that it can hold; returns those names by layer (see `names.fitted`).

    Raises
    ------
    OSError : the disk takes no more, of which GDAL says nothing in some formats.
    UsageError : GDAL refuses for another reason.
    """
    names = {layer: fitted(map(str, frame.columns.drop(frame.geometry.name)), form) for layer, frame in layers.items()}
    try:
        WRITERS[form](path, {layer: frame.rename(columns=names[layer]) for layer, frame in layers.items()})
    except RuntimeError as error:  # what pyogrio raises for GDAL
        _take_more(path, "disk" in str(error))
        raise UsageError("export-failed", path=path.name, form=form, detail=str(error)) from error
    _take_more(path)
    return names


def _take_more(path: Path, failed: bool = False) -> None:
    """OSError when the disk takes no more bytes at the end of the file: what was written may be cut off there.

    Parameters
    ----------
    failed : the disk is known to have refused something, though perhaps not at this length.
    """
    size = path.stat().st_size if path.exists() else 0
    with path.open("ab") as file:
        file.write(bytes(_MORE * (64 if failed else 1)))
        file.flush()
        os.ftruncate(file.fileno(), size)
    if failed:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
