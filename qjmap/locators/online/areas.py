"""Whether a point lies in what a row or a text names: by polygon in China, else by the place's own radius."""

from __future__ import annotations

from collections.abc import Iterable

from qjmap.locators.gazetteer import distance_m
from qjmap.locators.merged import Merged
from qjmap.locators.national import Place
from qjmap.locators.reverse import misplaced, reverse

_UNITS = ("province", "city", "district")
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
        national = places.national
        if not reverse(lon, lat).adcode:
            return False  # abroad or at sea
        return national.id(unit) == _CHINA or misplaced(lon, lat, [national.id(unit)]) is None
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
    """The province, city or county of China that a place is or lies in, or all of China."""
    national = places.national
    for one in (place, *(places.project.ancestors(place) if isinstance(place, str) else ())):
        at = places.unit(one)
        while at is not None and at >= 0:
            if national.kind(at) in _UNITS or national.id(at) == _CHINA:
                return at
            at = national.parent(at)
    return None
