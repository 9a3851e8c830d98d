"""Where rows lie: at their own coordinates, in the place that they name, in what they are part of, at their address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from qjmap.locators import Everywhere, Gazetteer, Position
from qjmap.locators.batch import locate_many
from qjmap.schema import PRECISION_RADIUS_M

Belongs = Mapping[str, tuple[str, tuple[str, ...]]]
"""Site -> its place, and what it is part of."""


class Positions:
    """Where the rows of a frame lie, as arrays; nowhere until told.

    Attributes
    ----------
    lon, lat : float64, degrees in WGS 84, NaN without a position.
    level, position_of : object arrays of texts.
    radius_m : float64, NaN without a position.
    """

    def __init__(self, rows: int) -> None:
        self.lon, self.lat, self.radius_m = (np.full(rows, np.nan) for _ in range(3))
        self.level, self.position_of = np.full(rows, "unresolved", dtype=object), np.full(rows, "", dtype=object)

    def put(self, row: int, at: Position | None) -> None:
        """Say where one row lies."""
        if at is not None:
            self.lon[row], self.lat[row], self.radius_m[row] = at.lon, at.lat, at.radius_m
            self.level[row], self.position_of[row] = at.level, at.position_of


def site_positions(
    sites: pd.DataFrame, gazetteer: Gazetteer, locator: Everywhere, told: Belongs | None = None
) -> Positions:
    """Where sites lie: at their own coordinates, else in their place, in what they are part of, at their address.

    The address is looked for in all of China, inside the site's place where it names one, and never overrules it.
    """
    found = Positions(len(sites))
    lon, lat, precision = (sites[name].to_numpy() for name in ("lon", "lat", "precision"))
    own = np.isfinite(lon) & np.isfinite(lat) & (precision != "unresolved")
    found.lon[own], found.lat[own] = lon[own], lat[own]
    codes, levels = pd.factorize(precision[own])
    levels = np.array([level or "site" for level in levels], dtype=object)
    found.level[own] = levels[codes]
    found.radius_m[own] = np.array([PRECISION_RADIUS_M[level] for level in levels], dtype=np.float64)[codes]
    rest = np.flatnonzero(~own)
    if not rest.size:
        return found

    @cache
    def inside(area: str) -> Position | None:
        at = gazetteer.position(area)
        return replace(at, position_of=at.position_of or area) if at else None

    @cache
    def belongs() -> Belongs:
        if told is not None:
            return told
        return {
            one: (place, whole) for one, place, whole in zip(sites["id"], sites["place"], sites["part_of"], strict=True)
        }

    def around(place: str, wholes: tuple[str, ...], seen: frozenset[str]) -> Position | None:
        for area in (place, *wholes):
            if at := inside(area):
                return at
            if area and area not in seen and (site := belongs().get(area)) and (above := around(*site, seen | {area})):
                return above
        return None

    lost = []
    few = sites.iloc[rest]
    for row, site, place, wholes in zip(rest.tolist(), few["id"], few["place"], few["part_of"], strict=True):
        at = around(place, wholes, frozenset({site}))
        if at is None:
            lost.append(row)
        found.put(row, at)
    few = sites.iloc[lost]
    few = few[few["address"] != ""]
    within = ([place] if place else [] for place in few["place"])
    answers = locate_many(locator, few["address"], within)
    names = ("lon", "lat", "level", "radius_m", "position_of", "place_id")
    for row, x, y, level, radius, point_of, place in zip(few.index, *(answers[name] for name in names), strict=True):
        if x is not None and y is not None and radius is not None:
            found.put(row, Position(x, y, level, radius, point_of or place))
    return found
