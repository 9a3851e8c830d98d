"""Write GeoPackages through GDAL: every table with column types, and for QGIS a style for each layer and a project with all layers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from qjmap.export.geoparquet import to_arrow_table
from qjmap.export.legend import CLASSIFIED, Legend
from qjmap.export.qgis_project import qgz
from qjmap.export.qml import qml
from qjmap.model.point_layers import CRS

_CURRENT_DATE = "OGR_CURRENT_DATE"
"""GDAL's option for the time of the last change that a GeoPackage states."""
_TIME = "1970-01-01T00:00:00.000Z"
_LINES = ("partnerships", "corridors", "corridor_legs")
_WORLD = (73.0, 3.0, 136.0, 54.0)
"""Opening view if no row has a position: west, south, east, north of China in degrees."""


def write_gpkg(path: Path, layers: Mapping[str, pd.DataFrame], legend: Legend) -> None:
    """Write a GeoPackage with a table for each layer. Its time of last change is fixed, so that the bytes are reproducible."""
    # Only exports through GDAL need it.
    import pyogrio

    before = pyogrio.get_gdal_config_option(_CURRENT_DATE)
    pyogrio.set_gdal_config_options({_CURRENT_DATE: _TIME})
    try:
        for name, frame in layers.items():
            write_features(path, name, frame, "GPKG")
    finally:
        pyogrio.set_gdal_config_options({_CURRENT_DATE: before})
    _add_styles(path, layers, legend)


def write_fgb(path: Path, layers: Mapping[str, pd.DataFrame], _: Legend) -> None:
    """Write one layer to a FlatGeobuf file, without a spatial index, because that would exclude rows without a geometry."""
    for name, frame in layers.items():
        write_features(path, name, frame, "FlatGeobuf", SPATIAL_INDEX="NO")


def write_features(path: Path, layer: str, frame: pd.DataFrame, driver: str, **options: str) -> None:
    """Write a flat frame as a layer of a file through GDAL; fields have the types of the columns, even if all cells are empty.

    Parameters
    ----------
    driver : GDAL's name of the format.
    options : GDAL's options for the creation of the layer.

    Raises
    ------
    RuntimeError : GDAL reports an error.
    """
    import pyogrio

    if not isinstance(frame, gpd.GeoDataFrame):
        pyogrio.write_arrow(to_arrow_table(frame), path, layer=layer, driver=driver, layer_options=options)
        return
    shapes = frame.geometry.to_numpy()
    kind = _geometry_type(layer, shapes)
    if kind == "MultiLineString":
        shapes = np.array([_multi(shape) for shape in shapes], dtype=object)
    table = to_arrow_table(pd.DataFrame(frame.drop(columns=frame.geometry.name)))
    table = table.append_column("geometry", pa.array(shapely.to_wkb(shapes), pa.binary()))
    pyogrio.write_arrow(
        table, path, layer=layer, driver=driver, geometry_name="geometry", geometry_type=kind, crs=CRS, layer_options=options
    )  # fmt: skip


def _geometry_type(layer: str, shapes: object) -> str:
    """Return the geometry type to declare for a layer, also for one without rows: Point or MultiLineString; else Unknown."""
    dimensions = {*np.unique(shapely.get_dimensions(shapes)).tolist()} - {-1}
    if dimensions <= {1} and layer in _LINES:
        return "MultiLineString"
    types = {*np.unique(shapely.get_type_id(shapes)).tolist()} - {-1}
    return "Point" if types <= {0} and layer not in _LINES else "Unknown"


def _multi(shape: object) -> object:
    return shapely.multilinestrings([shape]) if shape is not None and shape.geom_type == "LineString" else shape  # type: ignore[attr-defined]


def _add_styles(path: Path, layers: Mapping[str, pd.DataFrame], legend: Legend) -> None:
    """Add the tables that QGIS reads: the default style of each layer, and a project that shows all tables."""
    styles = [(name, qml(name, legend)) for name in layers if name in CLASSIFIED]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_STYLES)
        columns = dict(connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        connection.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,"
            " styleSLD, useAsDefault, description, owner, ui, update_time) VALUES ('', '', ?, ?, 'qjmap', ?, '', 1, '', '', NULL, ?)",
            [(name, columns[name], style, _TIME) for name, style in styles],
        )
        connection.execute("CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)")
        project = qgz(legend.file or path.name, list(layers), view(layers, legend.opening), legend)
        about = json.dumps({"last_modified_time": _TIME[:19], "last_modified_user": ""})
        connection.execute("INSERT INTO qgis_projects VALUES (?, ?, ?)", ("qjmap", about, project.hex().encode()))
        # Tables listed as attributes need an integer primary key. `qgis_projects` has none, as in QGIS, and is not listed.
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)", (_TIME,),
        )  # fmt: skip


def view(layers: Mapping[str, pd.DataFrame], opening: Collection[str] = ()) -> tuple[float, ...]:
    """Return west, south, east, north (WGS 84 degrees) of the opening view.

    They are the bounds of some places, else of the sites, of all places, the partnerships or corridors, with a margin; without any position
    those of China.

    Parameters
    ----------
    layers : name -> frame of a layer.
    opening : ids of the places.
    """
    places = layers.get("places")
    shown = places[places["id"].isin(opening)] if places is not None and opening else None
    for frame in (shown, *map(layers.get, ("sites", "places", "partnerships", "corridors"))):
        if isinstance(frame, gpd.GeoDataFrame) and frame.geometry.notna().any():
            west, south, east, north = frame.total_bounds.tolist()
            edge = max(east - west, north - south, 0.1) / 20
            return west - edge, south - edge, east + edge, north + edge
    return _WORLD


_STYLES = """CREATE TABLE layer_styles (
 id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
 f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
 owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
