"""Read the data that explore() takes (GeoDataFrame, DataFrame, GeoSeries, features) as layers: columns unchanged, shapes in WGS 84."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from qjmap.datum import to_wgs84
from qjmap.errors import UsageError
from qjmap.frames.convert_columns import is_missing
from qjmap.frames.geometry_arrays import Shapes, drawable, flatten, transformed
from qjmap.frames.units import unit_shapes
from qjmap.schema import TABLES
from qjmap.tables.column_samples import degrees_of
from qjmap.tables.headers import match_header
from qjmap.tables.readers.crs import is_old_system

_TAKEN = {("EPSG", "4326"), ("EPSG", "4490"), ("EPSG", "4979"), ("EPSG", "4480"), ("OGC", "CRS84"), ("OGC", "CRS84h")}
"""Codes of reference systems that need no transformation: longitude and latitude on WGS 84 or CGCS2000, with and without height."""
_MOST_LON, _MOST_LAT = 540.0, 90.0

Said = tuple[str, dict[str, object]]
"""A note on how positions were read: the key of its text, and the values of the text's placeholders."""


@dataclass
class FrameLayer:
    """One layer: a frame with its shapes.

    Attributes
    ----------
    name : name of the layer in the given dict, else that of a GeoSeries; "" if there is none.
    frame : all columns except the geometry, in their order; names of columns may be of any type, and repeated.
    shapes : the geometries as flat arrays, in WGS 84 degrees.
    why : reason why a row is not drawn, shape (n,); "" if it is drawn. "none", "empty": it has no geometry, or an empty one; "infinite": a
        coordinate is not finite; "outside": it lies beyond the bounds of degrees, or the CRS does not cover it; "degrees": it has no
        readable coordinates; "unit": it names no known administrative unit.
    said : notes on how the positions were read and transformed.
    """

    name: str
    frame: pd.DataFrame
    shapes: Shapes
    why: npt.NDArray[np.str_]
    said: list[Said] = field(default_factory=list)


def read_layers(data: Any, *, datum: str | None = None) -> list[FrameLayer]:
    """Return the layers of a frame, a GeoSeries, features, or a dict or list of these.

    Parameters
    ----------
    datum : "gcj02" or "bd09" if the coordinates (after reprojection to degrees) are offset so, "wgs84" or "cgcs2000" if they are not; None
        for the datum that the headers of longitude and latitude state, if any.

    Raises
    ------
    TypeError : the data are of none of these types.
    UsageError : there are no data; a frame has no positions, coordinates in metres without a CRS, or a CRS that cannot be transformed;
        or the datum is unknown. The message says what to do.
    """
    if datum not in (None, "wgs84", "cgcs2000", "gcj02", "bd09"):
        raise UsageError("frame-argument", name="datum", value=str(datum), allowed="wgs84, cgcs2000, gcj02, bd09")
    named = list(_named(data))
    if not named:
        raise UsageError("frame-nothing")
    return [_layer(name, frame, datum) for name, frame in named]


def _named(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping) and data.get("type") != "FeatureCollection":
        yield from ((str(name), frame) for name, frame in data.items())
    elif isinstance(data, BaseGeometry):
        yield "", gpd.GeoSeries([data])
    elif isinstance(data, Sequence) and data and all(isinstance(one, BaseGeometry) for one in data):
        yield "", gpd.GeoSeries(list(data))
    elif isinstance(data, Sequence) and not isinstance(data, str):
        yield from (("", frame) for frame in data)
    else:
        yield "", data


def _layer(name: str, data: Any, datum: str | None) -> FrameLayer:
    if isinstance(data, gpd.GeoSeries):
        title = str(data.name) if data.name not in (None, "geometry") else ""
        return _of_shapes(name or title, pd.DataFrame(index=data.index), data, datum)
    if isinstance(data, gpd.GeoDataFrame):
        active = data._geometry_column_name
        if active is None or active not in data.columns:
            raise UsageError("frame-no-geometry", columns=[str(column) for column in data.columns])
        at = list(data.columns).index(active)
        return _of_shapes(name, _without(data, at), _series_at(data, at), datum)
    if isinstance(data, pd.DataFrame):
        return _of_columns(name, data, datum)
    if isinstance(data, pd.Series) and pd.api.types.is_object_dtype(data.dtype):
        return _layer(name, gpd.GeoSeries(data), datum)
    if isinstance(data, Mapping) or hasattr(data, "__geo_interface__"):
        geo = data if isinstance(data, Mapping) else data.__geo_interface__
        features = geo["features"] if geo.get("type") == "FeatureCollection" else [geo]
        if all(one.get("type") == "Feature" for one in features):
            return _layer(name, gpd.GeoDataFrame.from_features(features, crs="EPSG:4326"), datum)
    raise TypeError(
        f"explore takes a GeoDataFrame, a GeoSeries, a DataFrame with longitude and latitude, or a dict or list of these, "
        f"not {type(data).__name__}"
    )


def _series_at(frame: pd.DataFrame, at: int) -> gpd.GeoSeries:
    """Return the geometries in a column, given by its index because names may be repeated."""
    column = pd.DataFrame(frame).iloc[:, at]
    return gpd.GeoSeries(column.array, index=frame.index, crs=getattr(column.array, "crs", None))


def _shape_column(frame: pd.DataFrame) -> int | None:
    """Return the index of the first column that contains geometries, in a DataFrame that is not a GeoDataFrame; None if none does."""
    for at in range(frame.shape[1]):
        column = frame.iloc[:, at]
        filled = column.dropna()
        if str(column.dtype) == "geometry" or (len(filled) and all(isinstance(one, BaseGeometry) for one in filled)):
            return at
    return None


def _without(frame: pd.DataFrame, at: int) -> pd.DataFrame:
    """Return the frame without the column at an index, as a plain DataFrame."""
    keep = [number for number in range(frame.shape[1]) if number != at]
    return pd.DataFrame(frame).iloc[:, keep]


def _of_columns(name: str, frame: pd.DataFrame, datum: str | None) -> FrameLayer:
    """Return the layer of a DataFrame without a geometry.

    Positions are taken from a column that contains geometries, else from columns of longitude and latitude, found by their headers as in
    table files, else from the administrative units that the rows name; UsageError if there are none of these.
    """
    if (at := _shape_column(frame)) is not None:
        return _of_shapes(name, _without(frame, at), _series_at(frame, at), datum)
    places: dict[str, int] = {}
    stated = datum
    for at, column in enumerate(frame.columns):
        match = match_header(str(column), TABLES["sites"])
        if match.column in ("lon", "lat") and match.column not in places:
            places[match.column] = at
            stated = stated or match.datum
    if len(places) < 2 and (shapes := unit_shapes(frame)) is not None:
        layer = _of_shapes(name, frame, gpd.GeoSeries(shapes, index=frame.index, crs="EPSG:4326"), None)
        layer.why[layer.why == "none"] = "unit"
        layer.said.append(("explore.units", {}))
        return layer
    if len(places) < 2:
        raise UsageError("frame-no-position", columns=[str(column) for column in frame.columns])
    lon, lat = (_degrees(frame.iloc[:, places[axis]]) for axis in ("lon", "lat"))
    points = np.full(len(frame), None, dtype=object)
    known = ~(np.isnan(lon) | np.isnan(lat))
    points[known] = shapely.points(lon[known], lat[known])
    series = gpd.GeoSeries(points, index=frame.index, crs="EPSG:4326")
    if known.any() and (np.abs(lon[known]) > _MOST_LON).all() and np.isfinite(lon[known]).all():
        raise _no_reference(lon[known][0], lat[known][0])
    layer = _of_shapes(name, frame, series, stated)
    layer.why[layer.why == "none"] = "degrees"
    return layer


def _degrees(series: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """Return a column's coordinates as degrees, NaN for a cell without one; texts are read as in table files: 106°39′."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return series.to_numpy(dtype=float, na_value=np.nan)
    degrees = [None if is_missing(cell) else degrees_of(" ".join(str(cell).split())) for cell in series]
    return np.array([np.nan if value is None else value for value in degrees], dtype=np.float64)


def _of_shapes(name: str, frame: pd.DataFrame, series: gpd.GeoSeries, datum: str | None) -> FrameLayer:
    shapes, why = drawable(np.asarray(series.array, dtype=object))
    said: list[Said] = [("explore.measures", {})] if shapely.has_m(shapes).any() else []
    shapes = _in_degrees(shapes, why, series.crs, said)
    for at, column in enumerate(frame.columns):
        if (other := getattr(frame.iloc[:, at].array, "crs", None)) is not None:
            said.append(("explore.second", {"column": str(column), "crs": _crs_name(other)}))
    if datum in ("gcj02", "bd09"):
        shapes = transformed(shapes, lambda lon, lat: to_wgs84(lon, lat, datum))
        said.append(("explore.datum", {"datum": datum}))
    _drop_outside(shapes, why)
    return FrameLayer(name, frame, flatten(shapes), why, said)


def _in_degrees(
    shapes: npt.NDArray[np.object_], why: npt.NDArray[np.str_], crs: Any, said: list[Said]
) -> npt.NDArray[np.object_]:
    """Return geometries reprojected to WGS 84; without a CRS they are taken for degrees.

    Sets ``why`` to "outside" for rows for which the projection has no result, and adds notes to ``said``.

    Raises
    ------
    UsageError : there is no CRS, but longitudes beyond `_MOST_LON`; or the CRS is Beijing 1954, Xi'an 1980 or a local one.
    """
    if crs is None:
        bounds = shapely.total_bounds(shapes) if len(shapes) else np.full(4, np.nan)
        if np.isfinite(bounds).all() and (np.abs(bounds[[0, 2]]).max() > _MOST_LON):
            x, y = shapely.get_coordinates(shapes)[0].tolist()
            raise _no_reference(x, y)
        if np.isfinite(bounds).all():
            said.append(("explore.no_crs", {}))
        return shapes
    if crs.to_authority() in _TAKEN or (crs.is_geographic and str(crs.to_epsg()) in {code for _, code in _TAKEN}):
        return shapes
    if is_old_system(crs):
        raise UsageError("frame-old-crs", crs=_crs_name(crs))
    try:
        moved = np.asarray(gpd.GeoSeries(shapes, crs=crs).to_crs("EPSG:4326").array, dtype=object)
    except ProjError:  # a local system without a relation to the earth
        raise UsageError("frame-crs", crs=_crs_name(crs)) from None
    said.append(("explore.reprojected", {"crs": _crs_name(crs)}))
    moved, failed = drawable(moved)
    why[(failed == "infinite") & (why == "")] = "outside"
    return moved


def _crs_name(crs: Any) -> str:
    code = crs.to_authority()
    return f"{crs.name} ({':'.join(code)})" if code else str(crs.name)


def _no_reference(x: float, y: float) -> UsageError:
    return UsageError("frame-no-crs", x=float(x), y=float(y))


def _drop_outside(shapes: npt.NDArray[np.object_], why: npt.NDArray[np.str_]) -> None:
    """Set to None the geometries that reach beyond the poles or ±540 degrees of longitude, and their ``why`` to "outside"."""
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        outside = (np.abs(bounds[:, [0, 2]]).max(axis=1) > _MOST_LON) | (
            np.abs(bounds[:, [1, 3]]).max(axis=1) > _MOST_LAT + 1e-9
        )
    shapes[outside] = None
    why[outside] = "outside"
