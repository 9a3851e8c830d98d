"""Whether a point lies in what a row or a text names: by polygon in China, else by the place's own radius."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from qjmap.locators.gazetteer import distance_m
from qjmap.locators.merged import Merged
from qjmap.locators.national import Place
from qjmap.locators.outlines import has_outline, surely_outside, unit_of
from qjmap.locators.reverse import reverse

_CHINA = "100000"


def holds(places: Merged, place: Place, lon: float, lat: float, radius_m: float) -> bool | None:
    """Whether a point, off by `radius_m` metres at most, may lie in a place; None where nothing is known of its extent.

    Parameters
    ----------
    place : as `Merged` has it. A town or a development zone is judged by the county or city that holds it.
    lon, lat : WGS 84 degrees.
    """
    unit = _unit(places, place)
    if unit is not None:
        if places.national.id(unit) == _CHINA:
            return bool(reverse(lon, lat).adcode)
        row = unit
        while row >= 0 and not has_outline(row):  # 和安县 of 2024 lies in 和田地区
            row = places.national.parent(row)
        if row >= 0:
            outside = surely_outside(row, np.array([lon]), np.array([lat]), np.zeros(1))[0]
            return False if outside else True if row == unit else None
    at = places.position(place)
    if at is None or at.radius_m is None:
        return None
    return distance_m(lon, lat, at.lon, at.lat) <= at.radius_m + radius_m


def lies_within(
    places: Merged, groups: Iterable[Iterable[Place]], lon: float, lat: float, radius_m: float
) -> bool | None:
    """Whether a point may lie in one place of each group; None where no group says anything of an extent."""
    said = None
    for group in groups:
        held = [holds(places, place, lon, lat, radius_m) for place in group]
        if any(held):
            said = True
        elif held and None not in held:
            return False
    return said


def _unit(places: Merged, place: Place) -> int | None:
    """The province, city or county of today that a place is or lies in, or all of China."""
    national = places.national
    for one in (place, *(places.project.ancestors(place) if isinstance(place, str) else ())):
        at = places.unit(one)
        if at is None:
            continue
        if (unit := unit_of(at)) >= 0:
            return unit
        while at >= 0:
            if national.id(at) == _CHINA:
                return at
            at = national.parent(at)
    return None
