"""End points of arcs at parties that are areas: a point inside the area, not that of its capital or of the city around it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from qjmap.ground.boundaries import load_boundaries
from qjmap.ground.polygons import inner_points

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})
"""Adcodes of provinces that are cities: 北京, 天津, 上海, 重庆, 香港, 澳门. Arcs end at their own point, as at any other city."""


def area_ends(
    places: pd.DataFrame, parties: Collection[str], likes: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    """Return a point inside each party of kind ``province`` or ``area``, or whose position was taken from another place of the project.

    Provinces that are cities (`MUNICIPALITIES`) are left out.

    Parameters
    ----------
    places : located places of an atlas, with ``adcode``, ``members`` and ``position_of``.
    parties : ids of places and sites; sites are ignored.
    likes : kinds of place that a project defines -> the built-in kind that each is treated as.

    Returns
    -------
    Longitude and latitude (WGS 84 degrees) by id, for the parties with a known boundary: that of the area itself or of its members
    together, else that of the place from which its position was taken.
    """
    names = ("id", "kind", "adcode", "members", "position_of")
    rows: dict[str, tuple[Any, ...]] = {row[0]: row[1:] for row in zip(*(places[name] for name in names), strict=True)}
    counties: dict[str, frozenset[int]] = {}
    for party in sorted({*parties} & {*rows}):
        kind, adcode, _, position_of = rows[party]
        kind = likes.get(kind, kind)
        borrowed = position_of in rows and position_of != party
        if kind == "area" or borrowed or (kind == "province" and adcode not in MUNICIPALITIES):
            area = _counties(party, rows, frozenset()) or (borrowed and _counties(position_of, rows, frozenset()))
            if area:
                counties[party] = area
    return dict(zip(counties, inner_points(list(counties.values())), strict=True))


def _counties(place: str, rows: Mapping[str, tuple[Any, ...]], visited: frozenset[str]) -> frozenset[int]:
    """Return the numbers of a place's counties in `Boundaries`, by its adcode, else by its members; empty if none is known."""
    if place not in rows or place in visited:
        return frozenset()
    _, adcode, members, _ = rows[place]
    if adcode:
        return load_boundaries().members(adcode)
    return frozenset[int]().union(*(_counties(member, rows, visited | {place}) for member in members))
