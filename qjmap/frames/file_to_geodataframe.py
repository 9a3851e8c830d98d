"""Read a file of any supported format into a GeoDataFrame with typed columns.

Geometries are those of a vector file, or points from coordinates in a table, or outlines of the administrative units that a table names.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from qjmap.datum import to_wgs84
from qjmap.errors import Fault, UsageError
from qjmap.frames.geometry_arrays import transformed
from qjmap.frames.units import unit_shapes
from qjmap.i18n import Note
from qjmap.schema import DATUMS, TABLES
from qjmap.tables.column_samples import degrees_of
from qjmap.tables.columns import operations as cols
from qjmap.tables.headers import match_header
from qjmap.tables.readers.choose_reader import read_grid
from qjmap.tables.readers.features_to_grid import kept_shapes
from qjmap.tables.readers.grid import Grid

_NUMBER = r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?"
"""Pattern of a text that is a number. Leading zeros mean a code (007), and more than 15 digits before the point an identifier."""
_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TRUTH = {"true": True, "false": False, "": None}


def read_file(
    path: Path, *, shown: str, sheet: str | None = None, encoding: str | None = None, datum: str | None = None
) -> tuple[gpd.GeoDataFrame, list[Fault | Note]]:
    """Return the rows of a file (EPSG:4326; geometry None in a row without a position), and the faults and notes of its reader.

    Parameters
    ----------
    shown : name of the file in messages.
    sheet : worksheet of a workbook, or layer of a vector file.
    encoding : encoding of a text file; None to detect it.
    datum : datum of the coordinates; if None, the one that the headers of a table state.

    Raises
    ------
    UsageError : as in `read_grid`; the file has no geometries, no columns of longitude and latitude, and no column of administrative
        units; or its reference system is Beijing 1954 or Xi'an 1980, which `qjmap add` refuses too.
    """
    with kept_shapes():
        grid = read_grid(path, TABLES["sites"], shown=shown, sheet=sheet, encoding=encoding)
    if grid.shapes is not None and grid.datum not in ("", *DATUMS):
        raise UsageError("frame-old-crs", crs=grid.reference)
    frame = _columns(grid)
    shapes, stated = (grid.shapes, None) if grid.shapes is not None else _points(grid, frame, shown)
    geometry = np.empty(len(frame), dtype=object)
    geometry[:] = list(shapes)
    if grid.transformer is not None:
        geometry = transformed(geometry, grid.transformer.transform)
    if (datum or stated) in ("gcj02", "bd09"):
        geometry = transformed(geometry, lambda lon, lat: to_wgs84(lon, lat, datum or stated or ""))
    return gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326"), [*grid.faults, *grid.notes]


def _columns(grid: Grid) -> pd.DataFrame:
    columns = grid.columns if grid.columns is not None else [list(column) for column in zip(*grid.rows, strict=True)]
    named = zip(grid.header, columns or [[] for _ in grid.header], strict=True)
    found = [_typed(pd.Series(_texts(values), dtype="str"), name) for name, values in named]
    return pd.concat(found, axis=1) if found else pd.DataFrame(index=range(len(grid.numbers)))


def _texts(values: Any) -> list[str]:
    return values if isinstance(values, list) else list(cols.to_objects(values))


def _typed(texts: pd.Series[Any], name: str) -> pd.Series[Any]:
    """Return a column of texts as numbers, dates or booleans if all its filled cells are such; empty cells become missing.

    A column with a date that does not exist (2021-02-30) stays a column of texts, so that nothing is lost. Sets the name of the column.
    """
    texts.name = name
    filled = texts[texts != ""]
    if not len(filled):
        return texts.where(texts != "", None)
    if filled.str.fullmatch(_NUMBER).all():
        numbers = pd.to_numeric(filled).reindex(texts.index)
        whole = not filled.str.contains(".", regex=False).any()
        return numbers.astype("Int64") if whole else numbers
    if filled.str.fullmatch(_DATE).all():
        dates = pd.to_datetime(filled, format="ISO8601", errors="coerce")
        if dates.notna().all():
            return dates.reindex(texts.index)
    if {*filled} <= {"true", "false"}:
        return texts.map(_TRUTH).astype("boolean")
    return texts.where(texts != "", None)


def _points(grid: Grid, frame: pd.DataFrame, shown: str) -> tuple[npt.NDArray[np.object_], str | None]:
    """Return the geometries of a table's rows (None in a row without one), and the datum that the headers state, or None.

    The geometries are points from columns of longitude and latitude, else outlines of the administrative units that the rows name;
    UsageError if the table has neither.
    """
    places: dict[str, int] = {}
    datum = None
    for at, name in enumerate(grid.header):
        match = match_header(name, TABLES["sites"])
        if match.column in ("lon", "lat") and match.column not in places:
            places[match.column] = at
            datum = datum or match.datum
    if len(places) < 2 and (shapes := unit_shapes(frame)) is not None:
        return shapes, None
    if len(places) < 2:
        raise UsageError("frame-file", path=shown, columns=grid.header)
    columns = grid.columns if grid.columns is not None else [list(column) for column in zip(*grid.rows, strict=True)]
    lon, lat = (_degrees(_texts(columns[places[axis]])) if columns else np.zeros(0) for axis in ("lon", "lat"))
    points = np.full(len(lon), None, dtype=object)
    known = np.isfinite(lon) & np.isfinite(lat)
    points[known] = shapely.points(lon[known], lat[known])
    return points, datum


def _degrees(texts: list[str]) -> npt.NDArray[np.float64]:
    values = [degrees_of(re.sub(r"\s+", " ", text).strip()) if text else None for text in texts]
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
