"""Partnerships: bowed arcs from the first party to the others, one row of several arcs where there are several parties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from qjmap import routes
from qjmap.layers.base import MapLayer, lists, texts
from qjmap.payload import Block

_SCALE = 1e-4  # about 10 m: an arc is a drawing, not a way on the ground
_CLASS_CNY = (1e7, 1e8, 1e9)
"""Upper bounds of the width classes of a partnership's value: 10 million, 100 million, a billion yuan."""


class Partnerships(MapLayer):
    """A layer of partnerships.

    Parameters
    ----------
    frame
        Lines in EPSG:4326 from the first party to each other one (as `qjmap.model` makes them), missing ones
        included, with ``id`` and ``name`` and any of ``name_en``, ``kind``, ``status``, ``direction``, ``parties``,
        ``value_cny``.
    badges
        Points in EPSG:4326 by id for rows without a line: where their parties are, when that is one place.
    """

    kind = "partnerships"

    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        badges: dict[str, Any] | None = None,
        name: str = "合作 Partnerships",
        show: bool = True,
        language: str = "zh",
    ) -> None:
        super().__init__(name=name, show=show, language=language)
        self.frame, self.badges = frame, badges or {}

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """One row a partnership; its arcs are the parts of its geometry."""
        frame = self.frame
        block = Block(len(frame))
        for column in ("id", "name", "name_en"):
            block.json(column, texts(frame, column))
        for column in ("kind", "status", "direction"):
            block.dictionary(column, texts(frame, column))
        block.json("parties", lists(frame, "parties"))
        block.integers("weight", self._weights())
        block.integers("arrow", [{"forward": 1, "mutual": 2}.get(one, 0) for one in texts(frame, "direction")])
        arcs, group = bowed(frame.geometry.to_numpy())
        block.integers("group", group)
        block.geometry(arcs, scale=_SCALE)
        block.positions([self.badges.get(one) for one in texts(frame, "id")])
        yield "data", block

    def _weights(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Width class of each row: 0 where no value is stated, then 1 to 4."""
        if "value_cny" not in self.frame.columns:
            return np.zeros(len(self.frame), dtype=np.int64)
        value = self.frame["value_cny"].to_numpy(dtype=float)
        return np.where(np.isfinite(value), np.searchsorted(_CLASS_CNY, np.nan_to_num(value), side="right") + 1, 0)


def bowed(lines: routes.Lines) -> tuple[routes.Lines, routes.Ints]:
    """Lines bent apart, and for each row the number of the pair of points that its first line joins (-1 without)."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    group = np.full(len(lines), -1, dtype=np.int64)
    if not len(parts):
        return lines, group
    ways = np.stack([_resampled(shapely.get_coordinates(part)) for part in parts])
    start, end = ways[:, 0], ways[:, -1]
    turned = (start[:, :1] > end[:, :1]) | ((start[:, :1] == end[:, :1]) & (start[:, 1:] > end[:, 1:]))
    pairs = np.where(turned, np.hstack([end, start]), np.hstack([start, end]))
    _, number = np.unique(np.round(pairs, 6), axis=0, return_inverse=True)
    rows, first = np.unique(owner, return_index=True)
    group[rows] = number.reshape(-1)[first]
    return routes.as_lines(routes.bend(ways, routes.bows(start, end)), owner, len(lines)), group


def _resampled(points: routes.Floats) -> routes.Floats:
    """A line of any number of vertices as a way of the usual number."""
    share = np.linspace(0, len(points) - 1, routes.VERTICES)
    steps = np.arange(len(points))
    return np.stack([np.interp(share, steps, points[:, 0]), np.interp(share, steps, points[:, 1])], axis=1)
