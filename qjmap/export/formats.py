"""Layers written to files: the writer of each format, through GDAL for GeoPackage, FlatGeobuf and KML."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np

from qjmap.errors import UsageError
from qjmap.export.column_names import NOT_IN_XML, names_in_format
from qjmap.export.csv_file import write_csv
from qjmap.export.geoparquet import write_parquet
from qjmap.tables.columns import ops as cols

_PROBE_BYTES = 1 << 16
"""Bytes that must fit on the disk after a file is written."""
_CURRENT_DATE = "OGR_CURRENT_DATE"
"""GDAL's option for the time of the last change that a GeoPackage states."""


def write_gpkg(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write a GeoPackage with a table for each layer, with a fixed time of change, so that the bytes are reproducible."""
    # Only exports through GDAL need it.
    import pyogrio

    before = pyogrio.get_gdal_config_option(_CURRENT_DATE)
    pyogrio.set_gdal_config_options({_CURRENT_DATE: "1970-01-01T00:00:00.000Z"})
    try:
        for name, frame in layers.items():
            frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", mode="a" if path.exists() else "w")
    finally:
        pyogrio.set_gdal_config_options({_CURRENT_DATE: before})


def write_fgb(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write one layer to a FlatGeobuf file, without its spatial index, which excludes rows without a geometry."""
    for frame in layers.values():
        frame.to_file(path, driver="FlatGeobuf", engine="pyogrio", SPATIAL_INDEX="NO")


def write_kml(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write one layer to a KML file, without characters that are invalid in XML, which GDAL would write."""
    for name, frame in layers.items():
        texts = {
            column: cols.decode(
                [NOT_IN_XML.sub("", value) if isinstance(value, str) else value for value in distinct], codes
            )
            for column in frame.columns.drop(frame.geometry.name)
            if frame[column].dtype != np.float64
            for codes, distinct in [cols.factorize_with_missing(frame[column])]
        }
        frame.assign(**texts).to_file(path, layer=name, driver="KML", engine="pyogrio")


WRITERS: dict[str, Callable[[Path, dict[str, gpd.GeoDataFrame]], None]] = {
    "gpkg": write_gpkg,
    "fgb": write_fgb,
    "kml": write_kml,
    "parquet": write_parquet,
    "csv": write_csv,
}
"""Writers by format; all but gpkg take one layer."""


def write_layers(form: str, path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, dict[str, str]]:
    """Write layers in a format, under column names that it can hold; returns these names by layer (see `names_in_format`).

    Raises
    ------
    OSError : the disk is full, which GDAL does not report for some formats.
    UsageError : GDAL refuses for another reason.
    """
    names = {
        layer: names_in_format(map(str, frame.columns.drop(frame.geometry.name)), form)
        for layer, frame in layers.items()
    }
    try:
        WRITERS[form](path, {layer: frame.rename(columns=names[layer]) for layer, frame in layers.items()})
    except RuntimeError as error:  # pyogrio's exception for errors of GDAL
        _check_disk(path, failed="disk" in str(error))
        raise UsageError("export-failed", path=path.name, form=form, detail=str(error)) from error
    _check_disk(path)
    return names


def _check_disk(path: Path, *, failed: bool = False) -> None:
    """Raise OSError if the disk has no room behind the file, in which case the file may be truncated.

    Parameters
    ----------
    failed : whether a write is known to have failed, perhaps for more bytes than these
    """
    size = path.stat().st_size if path.exists() else 0
    with path.open("ab") as file:
        file.write(bytes(_PROBE_BYTES * (64 if failed else 1)))
        file.flush()
        os.ftruncate(file.fileno(), size)
    if failed:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
