"""The other formats: GeoPackage, FlatGeobuf, KML and GeoParquet through geopandas, and CSV for people.

Columns and values are those of the GeoJSON, so that a row says the same wherever it is opened.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from qjmap.errors import UsageError
from qjmap.export import rows
from qjmap.tables.delimited import neutralised


def plain_frame(layer: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A layer with flat columns: texts, numbers and a geometry, EPSG:4326."""
    names, cells = rows.values(layer, frame)
    columns = {name: pd.Series(list(column), dtype=_dtype(column)) for name, column in zip(names, cells, strict=True)}
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _dtype(column: object) -> str:
    values = [value for value in column if value is not None]  # type: ignore[attr-defined]
    return "float64" if values and all(isinstance(value, (int, float)) for value in values) else "object"


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
    """One GeoParquet file of one layer; needs pyarrow."""
    try:
        for frame in layers.values():
            frame.to_parquet(path, index=False)
    except ImportError:
        raise UsageError("parquet-extra") from None


def write_csv(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """One CSV file of one layer for Excel: UTF-8 with BOM, WGS 84 lon and lat, no cell that runs as a formula."""
    for frame in layers.values():
        table = pd.DataFrame(frame.drop(columns="geometry"))
        geometry = frame.geometry.to_numpy()
        if all(shape is None or shape.geom_type == "Point" for shape in geometry):
            table["lon"], table["lat"] = shapely.get_x(geometry).round(6), shapely.get_y(geometry).round(6)
        else:
            table["wkt"] = [shape.wkt if shape is not None else None for shape in shapely.set_precision(geometry, 1e-6)]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(table.columns)
        writer.writerows([_cell(value) for value in row] for row in table.itertuples(index=False, name=None))
        path.write_bytes(text.getvalue().encode("utf-8-sig"))


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
