"""Partnerships: the spots that each joins, its value and its sites; what is one line on the map is settled in the page.

Rows of one pair of spots and one direction are drawn as one arc, rows of one set of three and more spots as one star about
a junction. Which rows those are changes with every filter, how far an arc bends with every zoom: so the page has the spots,
and bends and gathers the lines itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from qjmap.layers.base import MapLayer, lists, texts
from qjmap.payload import DEGREE_1E6, Block
from qjmap.points import axes_of
from qjmap.routes import Floats, Ints, Lines

CLASS_CNY = (1e7, 1e8, 1e9)
"""Bounds of the width classes of a value: 10 million, 100 million, a billion yuan. A bound belongs to the class above it."""

_ARROW = {"forward": 1, "mutual": 2}


class Partnerships(MapLayer):
    """A layer of partnerships.

    Parameters
    ----------
    frame
        Lines in EPSG:4326 as `qjmap.model` makes them, missing ones included, with ``id`` and ``name`` and any of
        ``name_en``, ``kind``, ``status``, ``direction``, ``parties``, ``value_cny``. A LineString joins two spots, the
        first party's first; the parts of a MultiLineString join three and more to their junction: each runs out from
        it, but with direction ``forward`` the first runs in.
    badges
        Points in EPSG:4326 by id for rows without a line: where their parties are, when that is one place.
    ties
        By id, the points in EPSG:4326 of the sites on the ground that a partnership has.
    """

    kind = "partnerships"

    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        badges: Mapping[str, Any] | None = None,
        ties: Mapping[str, Sequence[Any]] | None = None,
        name: str = "合作 Partnerships",
        show: bool = True,
        language: str = "zh",
    ) -> None:
        super().__init__(name=name, show=show, language=language)
        self.frame, self.badges, self.ties = frame, badges or {}, ties or {}

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """One row a partnership: its spots as numbers of distinct points, the junction of three and more among them."""
        frame = self.frame
        block = Block(len(frame))
        ids = texts(frame, "id")
        block.json("id", ids)
        for column in ("name", "name_en"):
            block.json(column, texts(frame, column))
        for column in ("kind", "status", "direction"):
            block.dictionary(column, texts(frame, column))
        block.json("parties", lists(frame, "parties"))
        block.json("value", self._values())
        directions = texts(frame, "direction")
        block.integers("arrow", [_ARROW.get(one, 0) for one in directions])
        points, spots, owner, knots = joined(
            frame.geometry.to_numpy(), np.array([one == "forward" for one in directions], dtype=bool)
        )
        block.integers("spots", np.bincount(owner, minlength=len(frame)))
        block.integers("spot", spots)
        block.integers("knot", knots)
        for axis, column in enumerate(("point_lon", "point_lat")):
            block.integers(column, points[:, axis], delta=True, scale=DEGREE_1E6)
        block.json("ties", [self._tied(one) for one in ids])
        block.positions(axes_of([self.badges.get(one) for one in ids]))
        yield "data", block

    def options(self) -> dict[str, Any]:
        """The bounds of the width classes besides what every layer has."""
        return {**super().options(), "classes": CLASS_CNY}

    def _values(self) -> list[float | None]:
        """Stated value of each row in yuan; None where none is stated."""
        if "value_cny" not in self.frame.columns:
            return [None] * len(self.frame)
        return [float(one) if np.isfinite(one) else None for one in self.frame["value_cny"].to_numpy(dtype=float)]

    def _tied(self, identifier: str) -> list[float]:
        """Longitude and latitude of each site of a partnership, one after the other."""
        return [round(float(degrees), 6) for point in self.ties.get(identifier, ()) for degrees in (point.x, point.y)]


def joined(lines: Lines, forward: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[Ints, Ints, Ints, Ints]:
    """What lines of partnerships join.

    Parameters
    ----------
    lines : geometries, shape (n,), as `Partnerships` takes them
    forward : shape (n,), whether a row's first part runs towards the junction

    Returns
    -------
    points : int64, shape (m, 2), distinct points in micro-degrees, longitudes in -180..180
    spots : int64, shape (k,), the points that rows join, row after row in the order of their parties
    owner : int64, shape (k,), the row of each of ``spots``
    knots : int64, shape (n,), the junction of each row, -1 without
    """
    parts, row = shapely.get_parts(lines, return_index=True)
    if not len(parts):
        return np.zeros((0, 2), np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.full(len(lines), -1)
    start, end = (_micro(shapely.get_coordinates(shapely.get_point(parts, at))) for at in (0, -1))
    opens = np.concatenate([[True], row[1:] != row[:-1]])
    star = np.bincount(row, minlength=len(lines))[row] > 1
    inward = opens & forward[row]
    # A single line has both its ends as spots, a part of a star only the one that is not the junction.
    spot = np.where((star & ~inward)[:, None], end, start)
    second = ~star
    places = np.concatenate([spot, end[second]])
    owner = np.concatenate([row, row[second]])
    order = np.lexsort((np.concatenate([np.zeros(len(row)), np.ones(int(second.sum()))]), owner))
    knot_rows = row[star & opens]
    knot_points = np.where(inward[:, None], end, start)[star & opens]
    points, number = np.unique(np.concatenate([places, knot_points]), axis=0, return_inverse=True)
    number = number.reshape(-1)
    knots = np.full(len(lines), -1, dtype=np.int64)
    knots[knot_rows] = number[len(places) :]
    return points, number[: len(places)][order], owner[order], knots


def _micro(points: Floats) -> Ints:
    """Micro-degrees, longitudes that run past 180 degrees brought back."""
    lon = np.where(np.abs(points[:, 0]) > 180, (points[:, 0] + 180) % 360 - 180, points[:, 0])
    return np.round(np.stack([lon, points[:, 1]], axis=1) / DEGREE_1E6).astype(np.int64)
