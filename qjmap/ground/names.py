"""Names that stand on the ground: provinces, countries, seas, islands and rivers, each with its point."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import shapely

from qjmap.ground.water import Box, Line

LETTERED = 2
"""Greatest rank of a river that is lettered wherever it flows; those of a greater one are only near what the map is about."""


class Name(NamedTuple):
    """A name on the map: what it is of, in Chinese and English, its rank (1 first), and its point in WGS 84 degrees."""

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
    """Return what a page must say of names, in Chinese and English."""
    said = _file()["credit"]
    return said["zh"], said["en"]


def names(extent: Box) -> list[Name]:
    """Return the names of provinces, countries, seas and islands in a part of the world."""
    west, south, east, north = extent
    return [
        Name(one["class"], one["name"], one["name_en"], one["rank"], one["lon"], one["lat"])
        for one in _file()["names"]
        if west <= one["lon"] <= east and south <= one["lat"] <= north
    ]


def river_names(rivers: Iterable[Line], focus: Box | None) -> list[Name]:
    """Return the names of rivers: in the middle of their longest course near `focus`, or of all of it."""
    made = []
    for river in rivers:
        near = shapely.clip_by_rect(river.geometry, *focus) if focus else shapely.LineString()
        if river.name and (river.rank <= LETTERED or not near.is_empty):
            parts = shapely.get_parts(river.geometry if near.is_empty else near)
            longest = max(parts, key=lambda part: float(part.length))
            point = longest.interpolate(0.5, normalized=True)
            made.append(Name("river", river.name, river.name_en, river.rank, float(point.x), float(point.y)))
    return made
