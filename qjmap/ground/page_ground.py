"""Choose the ground that a page carries, by its home, its named units and the extent of its data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qjmap.ground import names, water
from qjmap.ground.administrative_units import bounds
from qjmap.ground.names import Name
from qjmap.ground.page_boundaries import PageBoundaries, page_boundaries
from qjmap.ground.railways import railways
from qjmap.ground.water import Box, Line

WINDOW: Box = (60.0, -12.0, 150.0, 56.0)
"""Box that every page covers: China with all of its seas, and its neighbours."""
WORLD: Box = (-180.0, -58.0, 180.0, 84.0)
"""Box to which extents are clipped: all land but Antarctica and the northernmost islands."""
WIDEST_FOCUS = 6.0
"""Maximum width and height in degrees of data around which the ground has full detail if there is no home: a province of medium size."""
MARGIN, LEAST_MARGIN = 0.08, 3.0
"""Margin around the data as a share of their width or height, and its minimum in degrees."""


@dataclass(frozen=True)
class Ground:
    """The ground of one page; all geometry in WGS 84 degrees.

    Attributes
    ----------
    extent : box that the page covers; land, lakes and lines reach a little beyond it.
    boundaries : boundaries of China.
    land_abroad, lakes : shapely polygons.
    rivers, railways, national_lines : lines, see `qjmap.ground.water`. Railways are empty unless the package `qjmap-rail` is installed.
    names : names of provinces, countries, seas, islands and rivers.
    credits : credits that the page must show, each in Chinese and in English.
    """

    extent: Box
    boundaries: PageBoundaries
    land_abroad: Sequence[Any]
    lakes: Sequence[Any]
    rivers: Sequence[Line]
    railways: Sequence[Line]
    national_lines: Sequence[Line]
    names: Sequence[Name]
    credits: tuple[tuple[str, str], ...]


def ground_of(home: str, named: Collection[str], data: Box | None) -> Ground:
    """Return the ground of a page.

    Parameters
    ----------
    home : adcode of the unit around which the ground has full detail; "" for none. Without a home the surroundings of the data have full
        detail, unless the data are wider or higher than `WIDEST_FOCUS`.
    named : adcodes of the units that are shown as areas.
    data : extent of the data on the page; None if there are none.
    """
    return _ground(home, frozenset(named), data)


@lru_cache(maxsize=1)  # `qjmap serve` makes a page again after each edit, and most edits do not change its ground
def _ground(home: str, named: frozenset[str], data: Box | None) -> Ground:
    """Return the ground of a page; parameters as in `ground_of`."""
    extent = _extent(data)
    is_narrow = data is not None and max(data[2] - data[0], data[3] - data[1]) <= WIDEST_FOCUS
    narrow = data if data and is_narrow and _meets_world(data) else None
    box = bounds(home) or narrow
    focus = None if box is None else _grown(box, water.NEAR)
    beyond = _grown(extent, LEAST_MARGIN)  # so that no edge shows while a map that was dragged too far springs back
    rivers = water.rivers(beyond, focus)
    rails, of_rails = railways(beyond, focus)
    listed = names.names(extent)
    return Ground(
        extent,
        page_boundaries(home, named, box),
        water.land_abroad(beyond),
        water.lakes(beyond, focus),
        rivers,
        rails,
        water.national_lines(),
        [*listed, *names.river_names(rivers, focus)],
        tuple(dict.fromkeys((*water.credits(), names.credit(), *of_rails))),
    )


def _extent(data: Box | None) -> Box:
    """Return `WINDOW`, extended to the data and their margin if the data reach beyond it."""
    if data is None or _covers(WINDOW, data):
        return WINDOW
    grown = _grown(data, max(MARGIN * max(data[2] - data[0], data[3] - data[1]), LEAST_MARGIN))
    return (
        min(WINDOW[0], grown[0]), min(WINDOW[1], grown[1]), max(WINDOW[2], grown[2]), max(WINDOW[3], grown[3])
    )  # fmt: skip


def _covers(box: Box, other: Box) -> bool:
    return box[0] <= other[0] and box[1] <= other[1] and box[2] >= other[2] and box[3] >= other[3]


def _meets_world(box: Box) -> bool:
    """Whether a box has a point inside of `WORLD`, or on its edge; a station at the South Pole has none."""
    return box[0] <= WORLD[2] and box[1] <= WORLD[3] and box[2] >= WORLD[0] and box[3] >= WORLD[1]


def _grown(box: Box, degrees: float) -> Box:
    """Return a box extended by `degrees` on every side and clipped to `WORLD`."""
    west, south, east, north = box
    return (
        max(WORLD[0], west - degrees), max(WORLD[1], south - degrees), min(WORLD[2], east + degrees),
        min(WORLD[3], north + degrees),
    )  # fmt: skip
