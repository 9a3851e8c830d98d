"""Check whether a point lies in the area that a row or a text names: by polygon in China, else by the area's own radius."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from qjmap.geocoding.china_gazetteer import Place
from qjmap.geocoding.county_polygons import admin_unit, has_boundary, outside_beyond_margin
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.project_gazetteer import distance_m
from qjmap.geocoding.reverse import reverse

_CHINA = "100000"


def may_contain(places: MergedGazetteer, place: Place, lon: float, lat: float, radius_m: float) -> bool | None:
    """Return whether a place may contain a point; None if not enough is known of the place's extent.

    In China the polygon of a unit is tested; for a town or a development zone, that of the county or city that contains it. For a unit
    without a polygon, False means outside the larger unit around it, and None inside that. Abroad, and for a project's place that lies in
    no known unit, the distance from the place's position to the point must not exceed the sum of their radii.

    Parameters
    ----------
    place : the place, an id of the project or a key of the gazetteer.
    lon, lat : WGS 84 degrees.
    radius_m : uncertainty radius of the point in metres; not used where a polygon is tested.
    """
    unit = _unit(places, place)
    if unit is not None:
        if places.china.id(unit) == _CHINA:
            return bool(reverse(lon, lat).adcode)
        row = unit
        while row >= 0 and not has_boundary(row):  # 和安县 of 2024 has no polygon yet: that of 和田地区
            row = places.china.parent(row)
        if row >= 0:
            if outside_beyond_margin(row, np.array([lon]), np.array([lat]), np.zeros(1))[0]:
                return False
            return True if row == unit else None
    position = places.position(place)
    if position is None or position.radius_m is None:
        return None
    return distance_m(lon, lat, position.lon, position.lat) <= position.radius_m + radius_m


def may_lie_within(
    places: MergedGazetteer, groups: Iterable[Iterable[Place]], lon: float, lat: float, radius_m: float
) -> bool | None:
    """Return whether a point may lie in every area of `groups`; None if no group decides.

    A group decides True if one of its places may contain the point. If all of its places certainly do not contain it, the result is
    False. Any other group is ignored: one without places, or one in which the extent of some place is unknown and no place may contain it.

    Parameters
    ----------
    groups : for each area the places that it may mean, such as all places of one name.
    places, lon, lat, radius_m : as in `may_contain`.
    """
    result = None
    for group in groups:
        checks = [may_contain(places, place, lon, lat, radius_m) for place in group]
        if any(checks):
            result = True
        elif checks and None not in checks:
            return False
    return result


def _unit(places: MergedGazetteer, place: Place) -> int | None:
    """Return the row of the smallest unit of today (province, city or county) that is or contains a place, or of China; None abroad."""
    china = places.china
    for area in (place, *(places.project.ancestors(place) if isinstance(place, str) else ())):
        row = places.china_row(area)
        if row is None:
            continue
        if (unit := admin_unit(row)) >= 0:
            return unit
        while row >= 0:
            if china.id(row) == _CHINA:
                return row
            row = china.parent(row)
    return None
