"""Names of towns to write on a map, for counties of which the gazetteer has the positions of nearly all towns."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.ground.names import Name

LEAST_SHARE = 0.8
"""Minimum share of a county's towns with a known point for their names to be shown: with fewer, the rest would seem not to exist."""


def town_names(adcodes: Iterable[str], without: Collection[str] = ()) -> list[Name]:
    """Return the names of the towns with a point, for counties of which at least `LEAST_SHARE` of the towns have one.

    Parameters
    ----------
    adcodes : codes of counties; codes of other units are ignored.
    without : names that are on the map already.
    """
    china = load_china_gazetteer()
    found = []
    for adcode in sorted({*adcodes}):
        county = china.row_by_id.get(adcode)
        towns = china.towns_of(county) if county is not None and china.kind(county) == "district" else []
        points = [(name, china.point(code)) for name, code in towns]
        placed = [(name, point) for name, point in points if point is not None]
        if placed and len(placed) >= LEAST_SHARE * len(towns):
            found += [Name("town", name, "", 1, point[0], point[1]) for name, point in placed if name not in without]
    return found
