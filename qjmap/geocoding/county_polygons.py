"""Counties as shapely polygons (WGS 84 degrees): find the county that contains each of many points, and the points outside a unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from qjmap.geocoding.china_gazetteer import FIRST_CITY, load_china_gazetteer
from qjmap.geocoding.county_rings import DEGREE_M, load_county_rings, margin_m
from qjmap.ground.boundaries import load_boundaries
from qjmap.ground.polygons import polygons

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_UNIT_KINDS = ("province", "city", "district")
_BOUNDED_KINDS = ("country", *_UNIT_KINDS)


_polygons: dict[int, Any] = {}
"""Index in `load_county_rings` -> prepared polygon, for the counties whose polygons were made so far."""


def county_polygon(county: int) -> Any:
    """Return the prepared Polygon or MultiPolygon of the county with an index in `load_county_rings`."""
    if county not in _polygons:
        _make_polygons([county])
    return _polygons[county]


def _make_polygons(counties: Sequence[int]) -> None:
    """Make the polygons of some counties and add them to `_polygons`. To make them one by one takes five times as long."""
    boundaries = load_boundaries()
    made = polygons([boundaries.members(load_county_rings().adcodes[county]) for county in counties])
    shapely.prepare(made)
    _polygons.update(zip(counties, made, strict=True))


def adcodes_of_points(lon: Floats, lat: Floats) -> list[str]:
    """Return the adcode of the county that contains each point (WGS 84 degrees); "" for a point in no county."""
    adcodes = [*load_county_rings().adcodes, ""]
    return [adcodes[county] for county in county_indices(lon, lat).tolist()]


def county_indices(lon: Floats, lat: Floats) -> npt.NDArray[np.int32]:
    """Return the index in `load_county_rings` of the county that contains each point (WGS 84 degrees).

    The result has the shape of the input, (n,). It is -1 for a point in no county, and the highest index if several counties contain it.

    The points are sorted by longitude; each county tests those inside its bounding box against its prepared polygon:
    250,000 points against the 2,886 polygons took 0.16 s on one core, where an STRtree of the polygons queried with all
    points took 0.88 s, one of the points 0.42 s, and `geopandas.sjoin` 0.57 s (`benchmarks/engine.py --polygons`).
    """
    indices = np.full(len(lon), -1, dtype=np.int32)
    order = np.argsort(lon, kind="stable")
    sorted_lon = lon[order]
    in_box = {}
    for county, (west, south, east, north) in enumerate(load_county_rings().boxes):
        first, last = np.searchsorted(sorted_lon, west), np.searchsorted(sorted_lon, east, side="right")
        inside = order[first:last]
        inside = inside[(lat[inside] >= south) & (lat[inside] <= north)]
        if inside.size:
            in_box[county] = inside
    if missing := [county for county in in_box if county not in _polygons]:
        _make_polygons(missing)
    for county, inside in in_box.items():
        indices[inside[shapely.contains_xy(county_polygon(county), lon[inside], lat[inside])]] = county
    return indices


def admin_unit(place: int) -> int:
    """Return the row of the smallest unit of today (province, city or county) that is or contains a place of the gazetteer.

    -1 for countries and places abroad.
    """
    china = load_china_gazetteer()
    while place >= 0 and (place >= FIRST_CITY or china.kind(place) not in _UNIT_KINDS or china.abolished_in(place)):
        place = china.parent(place)
    return place


@cache
def _counties_by_unit() -> dict[int, list[int]]:
    """Return row of a unit -> indices in `load_county_rings` of its counties, for counties, cities, provinces and China."""
    china = load_china_gazetteer()
    counties: dict[int, list[int]] = defaultdict(list)
    for county, adcode in enumerate(load_county_rings().adcodes):
        row = china.row_by_id[adcode]
        while row >= 0:
            counties[row].append(county)
            row = china.parent(row)
    return counties


def make_county_polygons(units: Iterable[int]) -> None:
    """Make the polygons of all counties of some units (rows of the gazetteer) at once, which is faster than one by one on demand."""
    counties = {county for unit in units for county in _counties_by_unit().get(unit, ())}
    if missing := sorted(counties - _polygons.keys()):
        _make_polygons(missing)


def has_boundary(row: int) -> bool:
    """Whether the boundary of a unit, given by its row, is known: it is for China and nearly all of its provinces, cities and counties."""
    return row >= 0 and load_china_gazetteer().kind(row) in _BOUNDED_KINDS and row in _counties_by_unit()


def outside_beyond_margin(row: int, lon: Floats, lat: Floats, radius_m: Floats) -> Bools:
    """Return a mask of the points that are certainly outside a unit: farther from it than its margin (`margin_m`) plus their own radius.

    Parameters
    ----------
    row : row of the unit in the gazetteer; no point is outside a unit without a boundary.
    lon, lat : WGS 84 degrees, shape (n,).
    radius_m : uncertainty of each point in metres, shape (n,).

    Returns
    -------
    bool, shape (n,).
    """
    if not has_boundary(row):
        return np.zeros(len(lon), dtype=bool)
    outside = np.ones(len(lon), dtype=bool)
    boxes = load_county_rings().boxes
    reach = (radius_m + margin_m(load_china_gazetteer().ids[row])) / DEGREE_M
    narrow = np.cos(np.radians(lat))
    for county in _counties_by_unit()[row]:
        west, south, east, north = boxes[county]
        dx = np.maximum(np.maximum(west - lon, lon - east), 0.0) * narrow
        dy = np.maximum(np.maximum(south - lat, lat - north), 0.0)
        near = np.flatnonzero(outside & (np.hypot(dx, dy) <= reach))
        if not near.size:
            continue
        polygon = county_polygon(county)
        contained = shapely.contains_xy(polygon, lon[near], lat[near])
        outside[near[contained]] = False
        left = near[~contained]
        if left.size:
            squeeze = float(np.cos(np.radians((south + north) / 2)))
            plane = shapely.transform(polygon, lambda xy, by=squeeze: xy * [by, 1.0])
            distance = shapely.distance(plane, shapely.points(lon[left] * squeeze, lat[left]))
            outside[left[distance <= reach[left]]] = False
    return outside
