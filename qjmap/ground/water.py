"""Land abroad, lakes, rivers and boundaries at sea, for the part of the world that a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from qjmap.ground.asset_columns import read_columns
from qjmap.ground.line_vertices import Lines

Box = tuple[float, float, float, float]
"""West, south, east, north in WGS 84 degrees."""

NEAR = 1.5
"""Distance in degrees around home (without a home: around the data) within which all lakes and rivers are drawn in full detail.

The box around home with this margin is the *focus*. Outside of it small lakes and rivers without a name are left out."""
FAR_TOLERANCE, LEAST_FAR_LAKE = 0.01, 0.01
"""Outside of the focus: tolerance of simplification in degrees, and minimum area of a lake in square degrees."""


class Line(NamedTuple):
    """A line of the background.

    Attributes
    ----------
    kind : "river", "rail", or the kind of a boundary at sea: "dash", "undefined", "province-sea" or "region-sea".
    name, name_en : "" if it has none.
    rank : importance of a river, from 1 (main river) to 3; 0 for other lines.
    geometry : shapely LineString or MultiLineString in WGS 84 degrees.
    """

    kind: str
    name: str
    name_en: str
    rank: int
    geometry: Any


def land_abroad(extent: Box) -> list[Any]:
    """Return the land of other countries in a box as polygons, without the borders between the countries.

    The polygons reach a little into China, so that no gap shows along its boundary.
    """
    areas = _areas("land_abroad")
    cut = shapely.clip_by_rect(areas[touching(areas, extent)], *extent)
    return [part for part in shapely.get_parts(cut) if shapely.get_dimensions(part) == 2]


def lakes(extent: Box, focus: Box | None) -> list[Any]:
    """Return the lakes in a box as polygons: all lakes that touch the box `focus`; elsewhere only larger ones with simplified outlines.

    Large is an area of `LEAST_FAR_LAKE` square degrees. A lake touches a box if its bounding box does.
    """
    areas = _areas("lakes")
    near = touching(areas, focus) if focus else np.zeros(len(areas), dtype=bool)
    far = touching(areas, extent) & (shapely.area(areas) >= LEAST_FAR_LAKE) & ~near
    return [*areas[near], *shapely.simplify(areas[far], FAR_TOLERANCE)]


def rivers(extent: Box, focus: Box | None) -> list[Line]:
    """Return the rivers in a box: all that touch the box `focus`, and elsewhere those that have a name.

    A river touches a box if its bounding box does. Those with a name are simplified outside of the focus; those without one have rank 3.
    """
    columns, lines = _lines("rivers")
    ranks = np.array(columns["rank"])
    shown = (ranks > 0) & touching(lines, extent)
    made = []
    for number in np.flatnonzero(shown | (touching(lines, focus) if focus else shown)).tolist():
        line = _detailed(lines[number], focus) if ranks[number] else lines[number]
        made.append(
            Line("river", columns["name"][number], columns["name_en"][number], columns["rank"][number] or 3, line)
        )
    return made


def _detailed(line: Any, focus: Box | None) -> Any:
    """Return a LineString in full detail inside `focus` and simplified outside.

    Its ends stay, and so does the first vertex after each crossing of the edge of `focus`. Without a `focus` all of it is simplified.
    """
    if focus is None or not shapely.intersects(line, shapely.box(*focus)):
        return shapely.simplify(line, FAR_TOLERANCE)
    points = shapely.get_coordinates(line)
    west, south, east, north = focus
    inside = (points[:, 0] >= west) & (points[:, 0] <= east) & (points[:, 1] >= south) & (points[:, 1] <= north)
    cuts = [0, *(np.flatnonzero(np.diff(inside)) + 1).tolist(), len(points) - 1]
    kept = []
    for first, last in pairwise(cuts):
        run = points[first : last + 1]
        coarse = not inside[first] and len(run) > 1
        kept.append(
            shapely.get_coordinates(shapely.simplify(shapely.linestrings(run), FAR_TOLERANCE)) if coarse else run
        )
    return shapely.linestrings(np.concatenate([kept[0], *(run[1:] for run in kept[1:])]))


def national_lines() -> list[Line]:
    """Return the national boundaries that do not bound an administrative unit: the dashes in the South China Sea and other lines at sea."""
    columns, lines = _lines("national_lines")
    return [
        Line(kind, name, name_en, 0, line)
        for kind, name, name_en, line in zip(columns["kind"], columns["name"], columns["name_en"], lines, strict=True)
    ]


def credits() -> list[tuple[str, str]]:
    """Return the credits that a page must show for boundaries, land abroad, lakes and rivers, each in Chinese and in English."""
    said = (read_columns(name).header["credit"] for name in ("boundaries", "land_abroad", "lakes", "rivers"))
    return [(credit["zh"], credit["en"]) for credit in said]


def touching(shapes: npt.NDArray[np.object_], box: Box) -> npt.NDArray[np.bool_]:
    """Return a mask of the shapes whose bounding box intersects a box; shape (n,)."""
    west, south, east, north = shapely.bounds(shapes).T
    meets: npt.NDArray[np.bool_] = (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])
    return meets


@cache
def _lines(name: str) -> tuple[dict[str, Any], npt.NDArray[np.object_]]:
    """Return the header of a file of lines (see `asset_columns`), and its lines as LineStrings in WGS 84 degrees."""
    columns = read_columns(name)
    lines = Lines(columns)
    vertices, starts = lines.vertices()
    owner = np.repeat(np.arange(len(lines)), np.diff(starts))
    shapes: npt.NDArray[np.object_] = shapely.linestrings(vertices / lines.per_degree, indices=owner)
    return columns.header, shapes


@cache
def _areas(name: str) -> npt.NDArray[np.object_]:
    """Return the polygons of a file of areas in WGS 84 degrees."""
    columns = read_columns(name)
    lines = Lines(columns)
    vertices, starts = lines.vertices()
    rings = shapely.linearrings(vertices / lines.per_degree, indices=np.repeat(np.arange(len(lines)), np.diff(starts)))
    counts: Sequence[int] = columns.values("rings")
    areas: npt.NDArray[np.object_] = shapely.polygons(rings, indices=np.repeat(np.arange(len(counts)), counts))
    return areas
