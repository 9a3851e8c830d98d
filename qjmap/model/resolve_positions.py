"""Resolve the positions of rows: their own coordinates, else those of their place, of what they are part of, or of their address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.geocoding import OfflineLocator, Position, ProjectGazetteer
from qjmap.geocoding.country_columns import country_column, country_ids
from qjmap.geocoding.locate_many import locate_many
from qjmap.geocoding.project_gazetteer import LEVELS
from qjmap.schema import PRECISION_RADIUS_M, TABLES
from qjmap.tables.columns import operations as cols
from qjmap.tables.own_columns import own_names

_SURE = 0.9
"""Minimum score at which the position of an address replaces that of the row's place."""
_TOWN = LEVELS.index("town")
_FIRST_TRIED = 64
"""Number of sites in the first batch that is located to find out whether any site has a position."""

SiteParents = Mapping[str, tuple[str, tuple[str, ...]]]
"""By id of a site: the id of its place, and the ids of the rows that it is part of."""


class Positions:
    """Positions of the rows of a frame as arrays of shape (rows,); all rows are unresolved at first.

    Attributes
    ----------
    lon, lat : float64, WGS 84 degrees, NaN without a position.
    radius_m : float64, uncertainty radius in metres, NaN without a position.
    """

    def __init__(self, rows: int) -> None:
        self.lon, self.lat, self.radius_m = (np.full(rows, np.nan) for _ in range(3))
        self._level_codes, self._level = {"unresolved": 0}, np.zeros(rows, dtype=np.int8)
        self._place_codes, self._position_of = {"": 0}, np.zeros(rows, dtype=np.int32)

    def set(self, row: int, position: Position | None) -> None:
        """Set the position of a row; None leaves the row as it is."""
        if position is not None:
            self.lon[row], self.lat[row], self.radius_m[row] = position.lon, position.lat, position.radius_m
            self._level[row] = self._level_codes.setdefault(position.level, len(self._level_codes))
            self._position_of[row] = self._place_codes.setdefault(position.position_of, len(self._place_codes))

    def set_own_coordinates(self, mask: npt.NDArray[np.bool_], lon: Any, lat: Any, precision: Any) -> None:
        """Set the positions of the rows in a mask to their own coordinates.

        Parameters
        ----------
        lon, lat : WGS 84 degrees of all rows.
        precision : text column of the precisions that all rows state; an empty one means ``site``.
        """
        self.lon[mask], self.lat[mask] = lon[mask], lat[mask]
        codes, distinct = cols.factorize(precision[mask])
        levels = [level or "site" for level in distinct]
        numbers = np.array(
            [self._level_codes.setdefault(level, len(self._level_codes)) for level in levels], dtype=np.int8
        )
        radii = np.array([PRECISION_RADIUS_M[level] for level in levels], dtype=np.float64)
        self._level[mask], self.radius_m[mask] = numbers[codes], radii[codes]

    def level_at(self, row: int) -> str:
        """Return the precision of a row, such as ``site`` or ``town``."""
        return next(level for level, code in self._level_codes.items() if code == self._level[row])

    @property
    def level(self) -> Any:
        """Precision of each row, ``unresolved`` without a position."""
        return cols.categorical(list(self._level_codes), self._level)

    @property
    def position_of(self) -> Any:
        """Id of the place from which each row takes its position; empty for a row with its own coordinates or without a position."""
        return cols.categorical(list(self._place_codes), self._position_of)


def site_positions(
    sites: pd.DataFrame,
    gazetteer: ProjectGazetteer,
    locator: Callable[[], OfflineLocator],
    site_parents: Callable[[], SiteParents] | None = None,
) -> Positions:
    """Resolve the positions of sites: own coordinates, else the place, else what the site is part of, else the address.

    Addresses are searched within the site's place and country, if it names them. If the place has a position, an address determines the
    position only if that of the place is coarser than a town, and the address lies inside the place and is more precise (place 石柱县,
    address 石柱县黄水镇); other addresses are ignored.
    A site without coordinates whose precision is stated as ``unresolved`` intentionally has no position: a product, a party branch.
    Coordinates with this precision are not used.

    Parameters
    ----------
    sites : rows with ``lon`` and ``lat`` in WGS 84 degrees, NaN in a row without coordinates.
    gazetteer : places of the project.
    locator : returns the locator of addresses; called only if there is an address to locate.
    site_parents : returns the parents of all sites to which ``sites`` refer; by default those in ``sites``. Called only if a site
        is part of one without a position.
    """
    positions = Positions(len(sites))
    lon, lat, precision = sites["lon"].to_numpy(), sites["lat"].to_numpy(), cols.column(sites, "precision")
    unresolved, typed = np.asarray(cols.isin(precision, ["unresolved"])), np.isfinite(lon) & np.isfinite(lat)
    has_own, withheld = typed & ~unresolved, unresolved & ~typed
    positions.set_own_coordinates(has_own, lon, lat, precision)
    rows = np.flatnonzero(~has_own & ~withheld)
    if not rows.size:
        return positions
    others = sites.iloc[rows]
    find_container = _container_finder(gazetteer, site_parents or partial(parents_of, sites))
    with_address = []
    columns = zip(rows.tolist(), others["id"], others["place"], others["part_of"], others["address"], strict=True)
    for row, site, place, wholes, address in columns:
        position = find_container(place, wholes, frozenset({site}))
        positions.set(row, position)
        if address and (position is None or (place in gazetteer and LEVELS.index(position.level) > _TOWN)):
            with_address.append(row)
    if with_address:
        _set_by_address(positions, sites, with_address, locator())
    return positions


def any_located(
    sites: pd.DataFrame,
    gazetteer: ProjectGazetteer,
    locator: Callable[[], OfflineLocator],
    site_parents: Callable[[], SiteParents] | None = None,
) -> bool:
    """Return whether any site has a position, True also if there are no sites. Stops at the first batch in which one has.

    Parameters as in `site_positions`.
    """
    if not len(sites) or (np.isfinite(sites["lon"].to_numpy()) & np.isfinite(sites["lat"].to_numpy())).any():
        return True
    parents = cache(site_parents or partial(parents_of, sites))
    start, count = 0, _FIRST_TRIED
    while start < len(sites):
        batch = sites.iloc[start : start + count]
        if np.isfinite(site_positions(batch, gazetteer, locator, parents).lon).any():
            return True
        start, count = start + count, 4 * count
    return False


def parents_of(sites: pd.DataFrame) -> SiteParents:
    """Return id of each site -> (id of its place, ids of the rows that it is part of)."""
    rows = zip(sites["id"], sites["place"], sites["part_of"], strict=True)
    return {site: (place, wholes) for site, place, wholes in rows}


def _container_finder(
    gazetteer: ProjectGazetteer, parents: Callable[[], SiteParents]
) -> Callable[[str, tuple[str, ...], frozenset[str]], Position | None]:
    """Return a function that finds the position of the nearest container that has one.

    It takes the id of a site's place, the ids of the rows that the site is part of, and the ids already visited (references may be
    circular). ``parents`` is called at most once, and only if a container is itself a site without a position.
    """

    @cache
    def position_in(area: str) -> Position | None:
        position = gazetteer.position(area)
        if position is None or position.position_of in gazetteer:
            return position
        return replace(position, position_of=area)

    site_parents = cache(parents)

    def find(place: str, wholes: tuple[str, ...], visited: frozenset[str]) -> Position | None:
        for area in (place, *wholes):
            if position := position_in(area):
                return position
            site = site_parents().get(area) if area and area not in visited else None
            if site and (position := find(*site, visited | {area})):
                return position
        return None

    return find


def _set_by_address(positions: Positions, sites: pd.DataFrame, rows: list[int], locator: OfflineLocator) -> None:
    """Set the position of each given row to that of its address, if the locator finds one.

    A position that the row has already is replaced only by a more precise one whose score is at least `_SURE`.

    Parameters
    ----------
    rows : indices of sites that have an address.
    """
    places = cols.to_objects(cols.column(sites, "place"))[rows]
    is_known = {place: bool(place) and locator.knows(place) for place in dict.fromkeys(places)}
    within = [[place] if is_known[place] else [] for place in places]
    if country := country_column(own_names(TABLES["sites"], sites)):
        codes = country_ids(cols.to_objects(cols.column(sites, country))[rows], locator.places.countries)
        within = [[code, *words] if code else words for code, words in zip(codes, within, strict=True)]
    answers = locate_many(locator, sites["address"].iloc[rows], within)
    names = ("lon", "lat", "level", "radius_m", "position_of", "place_id", "score", "reason")
    columns = zip(rows, *(answers[name] for name in names), strict=True)
    for row, lon, lat, level, radius_m, position_of, place, score, reason in columns:
        if lon is None or lat is None or radius_m is None:
            continue
        if np.isfinite(positions.lon[row]):
            is_sure = score >= _SURE and reason != "typo"
            if not is_sure or LEVELS.index(level) >= LEVELS.index(positions.level_at(row)):
                continue
        positions.set(row, Position(lon, lat, level, radius_m, position_of or place))
