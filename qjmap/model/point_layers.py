"""Layers of points: positions as two columns internally, as shapely geometries in the API.

A million shapely points take 150 MB, and creating them takes longer than any work on their coordinates. A layer of points therefore
has the columns ``lon`` and ``lat`` (float64, WGS 84 degrees, NaN in both for a row without a position) instead of a geometry. Its rows
are in the order of the file; outputs sort them by id.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from qjmap.tables import ROW, frame_of
from qjmap.tables.columns import operations as cols

CRS = "EPSG:4326"
OF_THE_PROGRAM = frozenset((ROW, "lon", "lat", "_part_grades", "_spots", "_junction", "_areas"))
"""Names of columns that the program uses internally and does not export."""
_DECIMALS = 7
"""Decimals of degrees to which positions are rounded: about 1 cm, finer than any position is known."""

Floats = npt.NDArray[np.float64]


def with_points(columns: dict[str, Any], lon: Floats, lat: Floats) -> pd.DataFrame:
    """Return a frame of the given columns with ``lon`` and ``lat`` added, rounded to `_DECIMALS`.

    Parameters
    ----------
    lon, lat : WGS 84 degrees, shape (n,); a row with NaN in either gets NaN in both.
    """
    finite = np.isfinite(lon) & np.isfinite(lat)
    x, y = (np.where(finite, np.round(axis, _DECIMALS), np.nan) for axis in (lon, lat))
    return frame_of({**columns, "lon": x, "lat": y})


def axes(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the longitudes and latitudes of a layer of points (WGS 84 degrees, NaN for none); shape (n,) each."""
    if "geometry" in frame:
        return axes_of(frame["geometry"].to_numpy())
    return frame["lon"].to_numpy(), frame["lat"].to_numpy()


def axes_of(shapes: Any) -> tuple[Floats, Floats]:
    """Return the longitudes and latitudes of shapely points, NaN for None; shape (n,) each."""
    points = np.asarray(shapes, dtype=object)
    return shapely.get_x(points), shapely.get_y(points)


def located(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return a mask of the rows with a position, shape (n,)."""
    if "geometry" in frame:
        return ~frame["geometry"].isna().to_numpy()
    return np.asarray(np.isfinite(frame["lon"].to_numpy()))


def shapes_of(lon: Floats, lat: Floats) -> npt.NDArray[np.object_]:
    """Return the shapely points of longitudes and latitudes, None where one is NaN; shape (n,)."""
    out = np.full(len(lon), None, dtype=object)
    finite = np.isfinite(lon) & np.isfinite(lat)
    out[finite] = shapely.points(lon[finite], lat[finite])
    return out


def order_of_ids(frame: pd.DataFrame) -> npt.NDArray[np.int64] | None:
    """Return the row indices that sort a table by id; None if it is sorted already, or has a geometry and so its final order."""
    ids = cols.column(frame, "id")
    return None if "geometry" in frame or cols.is_sorted(ids) else cols.argsort(ids)


def in_id_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table sorted by id, without a copy if it is sorted already; a layer with a geometry is returned unchanged."""
    if "geometry" in frame:
        return frame
    order = order_of_ids(frame)
    columns = {str(name): cols.column(frame, str(name)) for name in frame}
    if order is None:
        return frame_of(columns)
    del frame  # so that each column is freed as soon as it is copied
    ordered = {}
    for name in list(columns):
        if cols.arrow_or_none(columns[name]) is not None:
            cols.release_memory()  # returns the memory of the previous column before the next is copied
        ordered[name] = cols.take(columns.pop(name), order)
    return frame_of(ordered)


def with_geometry(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return a layer of points as a GeoDataFrame (EPSG:4326) sorted by id; a layer with a geometry keeps its order."""
    if "geometry" in frame:
        return frame if isinstance(frame, gpd.GeoDataFrame) else gpd.GeoDataFrame(frame, crs=CRS)
    frame = in_id_order(frame)
    columns = {str(name): cols.column(frame, str(name)) for name in frame if name not in ("lon", "lat")}
    return gpd.GeoDataFrame(frame_of(columns), geometry=shapes_of(*axes(frame)), crs=CRS, copy=False)
