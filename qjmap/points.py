"""Positions of a layer of points as two arrays; of a long layer no geometry object is made unless somebody asks for one.

A million shapely points take 150 MB and longer to make than all that is asked of them: where they lie. The frame of a long
layer has two columns instead, hidden as all are whose names begin with an underscore, and stands in the order of the file:
what is written of it is taken in the order of its ids, which is that of every other frame.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from qjmap.collector import uncollected
from qjmap.tables import ROW, frame_of
from qjmap.tables import columns as cols

CRS = "EPSG:4326"
_LON, _LAT = "_lon", "_lat"
OF_THE_PROGRAM = frozenset((ROW, _LON, _LAT, "_part_grades"))
"""Columns of frames that no table has and no file gets."""
_DECIMALS = 7
"""Of a degree: 1 cm, which is more than any position tells."""

Floats = npt.NDArray[np.float64]


def with_points(columns: dict[str, Any], lon: Floats, lat: Floats) -> pd.DataFrame:
    """A frame of the columns and of points (WGS 84 degrees, NaN in both for none): a GeoDataFrame, or a long one without geometry."""
    known = np.isfinite(lon) & np.isfinite(lat)
    axes = [np.where(known, np.round(axis, _DECIMALS), np.nan) for axis in (lon, lat)]
    if len(lon) > cols.LONG:
        return frame_of({**columns, _LON: axes[0], _LAT: axes[1]})
    made: pd.DataFrame = gpd.GeoDataFrame(frame_of(columns), geometry=shapes_of(*axes), crs=CRS)
    return made


def axes(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of a layer of points in degrees (WGS 84), NaN where there is none; shape (n,) each."""
    if _LON in frame:
        return frame[_LON].to_numpy(), frame[_LAT].to_numpy()
    return axes_of(frame["geometry"].to_numpy())


def axes_of(shapes: Any) -> tuple[Floats, Floats]:
    """The same of points and missing ones (None) themselves."""
    points = np.asarray(shapes, dtype=object)
    return shapely.get_x(points), shapely.get_y(points)


def located(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows have a position."""
    if _LON in frame:
        return np.asarray(np.isfinite(frame[_LON].to_numpy()))
    return ~frame["geometry"].isna().to_numpy()


def shapes_of(lon: Floats, lat: Floats) -> npt.NDArray[np.object_]:
    """Points of two axes, None where these are NaN."""
    out = np.full(len(lon), None, dtype=object)
    known = np.isfinite(lon) & np.isfinite(lat)
    with uncollected():
        out[known] = shapely.points(lon[known], lat[known])
    return out


def order_of_ids(frame: pd.DataFrame) -> npt.NDArray[np.int64] | None:
    """The rows of a kept layer in the order of their ids; None where they stand in it."""
    if _LON not in frame:
        return None
    own = cols.column(frame, "id")
    return None if cols.ascending(own) else cols.order(own)


def in_id_order(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order of their ids."""
    own = cols.column(frame, "id")
    columns = {str(name): cols.column(frame, str(name)) for name in frame}
    if cols.ascending(own):  # as most registers are kept: nothing is copied
        return frame_of(columns)
    order = cols.order(own)
    del frame  # from here on a column goes as soon as its successor is there
    taken = {}
    for name in list(columns):
        if cols.arrow(columns[name]) is not None:
            cols.release()  # what the column before stood in is free: this one need not stand beside it
        taken[name] = cols.taken(columns.pop(name), order)
    return frame_of(taken)


def settled(frame: pd.DataFrame) -> pd.DataFrame:
    """A layer in the order of its ids, in which all but the long ones stand."""
    return in_id_order(frame) if _LON in frame else frame


def with_geometry(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """The layer as a GeoDataFrame (EPSG:4326) in the order of its ids, whatever it was."""
    if _LON not in frame:
        return frame if isinstance(frame, gpd.GeoDataFrame) else gpd.GeoDataFrame(frame, crs=CRS)
    frame = in_id_order(frame)
    bare = frame_of({str(name): cols.column(frame, str(name)) for name in frame if name not in (_LON, _LAT)})
    return gpd.GeoDataFrame(bare, geometry=shapes_of(*axes(frame)), crs=CRS, copy=False)
