"""Outlines of the counties as shapely polygons, for many points at once (WGS 84 degrees): which county holds a point, and
whether it lies outside the unit that a row or a question names (`surely_outside`).

Generalised as `reverse` says: nearer to a border than `margin_m` the neighbour may be meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from qjmap.locators.everywhere import everyone
from qjmap.locators.national import TOWN
from qjmap.locators.reverse import COARSE_M, DEGREE_M, FINE, FINE_M, rings, shapes

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_UNITS = ("province", "city", "district")


@cache
def polygon(number: int) -> Any:
    """The outline of the county with that number among `shapes`."""
    parts = [shapely.Polygon(ring) for ring in rings(number) if len(ring) >= 3]
    whole = shapely.Polygon()
    for part in parts:  # a ring inside another is a hole of it: an exclave
        whole = shapely.symmetric_difference(whole, part if part.is_valid else part.buffer(0))
    shapely.prepare(whole)
    return whole


def holding(lon: Floats, lat: Floats) -> list[str]:
    """The adcode of the county that holds each point, empty where none does."""
    codes = [*shapes()[0], ""]
    return [codes[number] for number in numbers_holding(lon, lat).tolist()]


def numbers_holding(lon: Floats, lat: Floats) -> npt.NDArray[np.int32]:
    """The number among `shapes` of the county that holds each point, -1 where none does; the last where outlines overlap.

    County by county over the points in the order of their longitude, and of these only those inside its bounding box, held
    against the prepared outline: 250,000 points against the 2,886 outlines took 0.16 s on one core, where an STRtree of
    the outlines queried with all points took 0.88 s, one of the points 0.42 s, and `geopandas.sjoin` 0.57 s
    (`benchmarks/engine.py --polygons` measures them again).
    """
    found = np.full(len(lon), -1, dtype=np.int32)
    order = np.argsort(lon, kind="stable")
    sorted_lon = lon[order]
    for number, (west, south, east, north) in enumerate(shapes()[1]):
        first, last = np.searchsorted(sorted_lon, west), np.searchsorted(sorted_lon, east, side="right")
        near = order[first:last]
        near = near[(lat[near] >= south) & (lat[near] <= north)]
        if near.size:
            found[near[shapely.contains_xy(polygon(number), lon[near], lat[near])]] = number
    return found


def unit_of(row: int) -> int:
    """The province, city or county of today that a place of the gazetteer is or lies in; -1 for countries."""
    national = everyone()
    while row >= 0 and (row >= TOWN or national.kind(row) not in _UNITS or national.until(row)):
        row = national.parent(row)
    return row


@cache
def _below() -> dict[int, list[int]]:
    """The numbers of the outlines that make up each unit, by its row."""
    national = everyone()
    found: dict[int, list[int]] = defaultdict(list)
    for number, code in enumerate(shapes()[0]):
        row = national.number[code]
        while row >= 0:
            found[row].append(number)
            row = national.parent(row)
    return found


def has_outline(row: int) -> bool:
    """Whether it is known where a unit reaches."""
    return row >= 0 and everyone().kind(row) in _UNITS and row in _below()


def margin_m(row: int) -> float:
    """How far the outline of a unit may be off, in metres."""
    return FINE_M if everyone().ids[row].startswith(FINE) else COARSE_M


def surely_outside(row: int, lon: Floats, lat: Floats, within_m: Floats) -> Bools:
    """Which points lie outside a unit by more than its margin and so many metres of their own; none if it has no outline."""
    numbers: Sequence[int] = _below()[row] if has_outline(row) else ()
    outside = np.full(len(lon), bool(numbers))
    boxes = shapes()[1]
    reach = (within_m + margin_m(row)) / DEGREE_M if numbers else within_m
    narrow = np.cos(np.radians(lat))
    for number in numbers:
        west, south, east, north = boxes[number]
        aside = np.maximum(np.maximum(west - lon, lon - east), 0.0) * narrow
        beside = np.maximum(np.maximum(south - lat, lat - north), 0.0)
        near = np.flatnonzero(outside & (np.hypot(aside, beside) <= reach))
        if not near.size:
            continue
        held = shapely.contains_xy(polygon(number), lon[near], lat[near])
        outside[near[held]] = False
        left = near[~held]
        if left.size:
            squeeze = float(np.cos(np.radians((south + north) / 2)))
            flat = shapely.transform(polygon(number), lambda xy, by=squeeze: xy * [by, 1.0])
            far = shapely.distance(flat, shapely.points(lon[left] * squeeze, lat[left]))
            outside[left[far <= reach[left]]] = False
    return outside
