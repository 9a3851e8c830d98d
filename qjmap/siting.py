"""Where rows lie: at their own coordinates, in the place that they name, in what they are part of, at their address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.locators import Everywhere, Gazetteer, Position
from qjmap.locators.batch import locate_many
from qjmap.schema import PRECISION_RADIUS_M
from qjmap.tables import columns as cols

Belongs = Mapping[str, tuple[str, tuple[str, ...]]]
"""Site -> its place, and what it is part of."""


class Positions:
    """Where the rows of a frame lie, as arrays; nowhere until told.

    Attributes
    ----------
    lon, lat : float64, degrees in WGS 84, NaN without a position.
    radius_m : float64, NaN without a position.
    level, position_of : columns of texts, coded where there are many rows.
    """

    def __init__(self, rows: int) -> None:
        self.lon, self.lat, self.radius_m = (np.full(rows, np.nan) for _ in range(3))
        self._levels, self._level = {"unresolved": 0}, np.zeros(rows, dtype=np.int8)
        self._taken, self._position_of = {"": 0}, np.zeros(rows, dtype=np.int32)

    def put(self, row: int, at: Position | None) -> None:
        """Say where one row lies."""
        if at is not None:
            self.lon[row], self.lat[row], self.radius_m[row] = at.lon, at.lat, at.radius_m
            self._level[row] = self._levels.setdefault(at.level, len(self._levels))
            self._position_of[row] = self._taken.setdefault(at.position_of, len(self._taken))

    def put_own(self, own: npt.NDArray[np.bool_], lon: Any, lat: Any, precision: Any) -> None:
        """Say that rows lie at their own coordinates, at their own precision; `site` where they name none."""
        self.lon[own], self.lat[own] = lon[own], lat[own]
        codes, named = cols.factorized(precision[own])
        levels = [level or "site" for level in named]
        numbers = np.array([self._levels.setdefault(level, len(self._levels)) for level in levels], dtype=np.int8)
        radii = np.array([PRECISION_RADIUS_M[level] for level in levels], dtype=np.float64)
        self._level[own], self.radius_m[own] = numbers[codes], radii[codes]

    @property
    def level(self) -> Any:
        """The precision that is known of each row, ``unresolved`` without a position."""
        return _spelled(self._levels, self._level)

    @property
    def position_of(self) -> Any:
        """The place whose point each row takes, empty for a position of its own."""
        return _spelled(self._taken, self._position_of)


def _spelled(texts: Iterable[str], codes: npt.NDArray[Any]) -> Any:
    found = cols.over_codes(list(texts), codes)
    return found if len(codes) > cols.LONG else cols.objects(found)


def site_positions(
    sites: pd.DataFrame, gazetteer: Gazetteer, locator: Callable[[], Everywhere], told: Belongs | None = None
) -> Positions:
    """Where sites lie: at their own coordinates, else in their place, in what they are part of, at their address.

    ``locator`` gives what reads addresses; it is asked for when there is one to be read.

    The address is looked for in all of China, inside the site's place where it names one, and never overrules it.
    """
    found = Positions(len(sites))
    lon, lat, precision = sites["lon"].to_numpy(), sites["lat"].to_numpy(), cols.column(sites, "precision")
    own = np.isfinite(lon) & np.isfinite(lat) & ~cols.among(precision, ["unresolved"])
    found.put_own(own, lon, lat, precision)
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
    if few.empty:
        return found
    within = ([place] if place else [] for place in few["place"])
    answers = locate_many(locator(), few["address"], within)
    names = ("lon", "lat", "level", "radius_m", "position_of", "place_id")
    for row, x, y, level, radius, point_of, place in zip(few.index, *(answers[name] for name in names), strict=True):
        if x is not None and y is not None and radius is not None:
            found.put(row, Position(x, y, level, radius, point_of or place))
    return found
