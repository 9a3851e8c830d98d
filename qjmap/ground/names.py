"""Names in the background of a map: of provinces, countries, seas, islands and rivers, each with the point at which it is drawn."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import shapely

from qjmap.ground.water import Box, Line

LETTERED = 2
"""Names of rivers of rank 1 to `LETTERED` are drawn everywhere, those of rank 3 only in the focus (near home)."""


class Name(NamedTuple):
    """A name on the map.

    Attributes
    ----------
    kind : "province", "country", "sea", "islands" or "river".
    name, name_en : the name in Chinese and in English.
    rank : importance, from 1 for the most important names of a kind.
    lon, lat : point at which the name is drawn, in WGS 84 degrees.
    """

    kind: str
    name: str
    name_en: str
    rank: int
    lon: float
    lat: float


@cache
def _file() -> dict[str, Any]:
    text = (files("qjmap") / "assets" / "ground" / "names.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def credit() -> tuple[str, str]:
    """Return the credit for the names that a page must show, in Chinese and in English."""
    said = _file()["credit"]
    return said["zh"], said["en"]


def names(extent: Box) -> list[Name]:
    """Return the names of provinces, countries, seas and islands whose points lie in a box, its edges included."""
    west, south, east, north = extent
    return [
        Name(one["class"], one["name"], one["name_en"], one["rank"], one["lon"], one["lat"])
        for one in _file()["names"]
        if west <= one["lon"] <= east and south <= one["lat"] <= north
    ]


def river_names(rivers: Iterable[Line], focus: Box | None) -> list[Name]:
    """Return the names of rivers, each at the midpoint of the longest part of its line.

    If a line reaches the box `focus`, only its parts inside the box count. Lines without a name are left out, and those of a rank above
    `LETTERED` that do not reach the box.
    """
    made = []
    for river in rivers:
        near = shapely.clip_by_rect(river.geometry, *focus) if focus else shapely.LineString()
        if river.name and (river.rank <= LETTERED or not near.is_empty):
            parts = shapely.get_parts(river.geometry if near.is_empty else near)
            longest = max(parts, key=lambda part: float(part.length))
            point = longest.interpolate(0.5, normalized=True)
            made.append(Name("river", river.name, river.name_en, river.rank, float(point.x), float(point.y)))
    return made
