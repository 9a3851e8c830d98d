"""Where an arc ends whose party is an area: inside it, not at the dot of the city that is its seat or that contains it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from qjmap.ground.boundaries import load_boundaries
from qjmap.ground.polygons import inner_points

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})
"""Provinces that are cities: 北京, 天津, 上海, 重庆, 香港, 澳门. Their own point stands for them, as that of any other city."""


def area_ends(
    places: pd.DataFrame, parties: Collection[str], likes: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    """Return a point inside the area of each party that is a province or region, or whose point is that of another place.

    Parameters
    ----------
    places : located places of an atlas, with ``position_of``.
    parties : ids.
    likes : a project's own kinds of place -> the built-in ones that they are like.

    Returns
    -------
    Longitude and latitude (WGS 84 degrees) by id, for the parties whose area has a known boundary: its own, that of its members
    together, else that of the place whose point it has.
    """
    names = ("id", "kind", "adcode", "members", "position_of")
    rows: dict[str, tuple[Any, ...]] = {row[0]: row[1:] for row in zip(*(places[name] for name in names), strict=True)}
    counties: dict[str, frozenset[int]] = {}
    for party in sorted({*parties} & {*rows}):
        kind, adcode, _, position_of = rows[party]
        kind = likes.get(kind, kind)
        borrowed = position_of in rows and position_of != party
        if kind == "area" or borrowed or (kind == "province" and adcode not in MUNICIPALITIES):
            found = _counties(party, rows, frozenset()) or (borrowed and _counties(position_of, rows, frozenset()))
            if found:
                counties[party] = found
    return dict(zip(counties, inner_points(list(counties.values())), strict=True))


def _counties(place: str, rows: Mapping[str, tuple[Any, ...]], visited: frozenset[str]) -> frozenset[int]:
    """Numbers of the counties of a place, by its adcode, else by its members; empty where none is known."""
    if place not in rows or place in visited:
        return frozenset()
    _, adcode, members, _ = rows[place]
    if adcode:
        return load_boundaries().members(adcode)
    return frozenset[int]().union(*(_counties(member, rows, visited | {place}) for member in members))
