"""Layer of partnerships: the spots that each one joins, its junction, its value and the positions of its sites.

Rows that join the same two spots in the same direction are drawn as one arc; rows that join the same three or more spots as one star,
apart from those with a direction from their first spot.
Filters change which rows are drawn, and zooming changes the bow of an arc. The page therefore gets the spots and computes the lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from qjmap.committed_amounts import value_words
from qjmap.geodesy import Floats, Ints, Lines
from qjmap.layers.frame_columns import lists, texts, withdrawn
from qjmap.layers.map_layer import MapLayer
from qjmap.model.partnership_lines import AREAS, JUNCTION, SPOTS
from qjmap.payload import DEGREE_1E6, Block
from qjmap.vocabulary import BUILT_IN, Vocabularies

STEPS = {"planned": 1, "proposed": 1, "signed": 2, "under-construction": 3, "operating": 4}
"""Progress of a partnership by its status: 1 intended, 2 signed, 3 under construction, 4 operating. Any other status counts as intended."""

CLASS_STEPS = (3, 6, 12)
"""Lower bounds of the second, third and fourth width class of an arc, as sums of the `STEPS` of its partnerships."""

_ARROW = {"forward": 1, "mutual": 2}
"""Direction -> code in the block; 0 for no direction."""


class Partnerships(MapLayer):
    """A layer of partnerships.

    Parameters
    ----------
    frame : partnerships with ``id`` and ``name`` and any of ``name_en``, ``kind``, ``status``, ``direction``, ``parties``,
        ``value_cny``; either a GeoDataFrame of lines in EPSG:4326, None for a row without a line (see `spots_of_lines`), or the rows
        of an atlas, which have spots and a junction instead
    badges : id of a row without a line -> point of its parties (EPSG:4326), at which a badge is drawn. A row of an atlas that has a
        single spot needs no entry: its badge is drawn at the spot.
    ties : id of a partnership -> points (EPSG:4326) of the sites that belong to it
    name, show, language, vocabularies : as in `MapLayer`
    """

    kind = "partnerships"

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        badges: Mapping[str, Any] | None = None,
        ties: Mapping[str, Sequence[Any]] | None = None,
        name: str = "合作 Partnerships",
        show: bool = True,
        language: str = "zh",
        vocabularies: Vocabularies = BUILT_IN,
    ) -> None:
        super().__init__(name=name, show=show, language=language, vocabularies=vocabularies)
        self.frame, self.badges, self.ties = frame, badges or {}, ties or {}

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Yield the block ``data``: one row per partnership. Spots and junctions are indices into a list of distinct points."""
        frame = self.frame
        block = Block(len(frame))
        ids = texts(frame, "id")
        block.json("id", ids)
        for column in ("name", "name_en"):
            block.json(column, texts(frame, column))
        for column in ("kind", "status"):
            block.dictionary(column, self.drawn(column, frame))
        block.dictionary("direction", texts(frame, "direction"))
        block.json("parties", lists(frame, "parties"))
        block.integers("step", [STEPS.get(status, 1) for status in self.drawn("status", frame)])
        block.json("money", self._money())
        directions = texts(frame, "direction")
        block.integers("arrow", [_ARROW.get(direction, 0) for direction in directions])
        spots, row_of_spot, junctions = self._spots(directions)
        count = np.bincount(row_of_spot, minlength=len(frame))
        joined = count[row_of_spot] > 1
        points, spot_index, junction_index = distinct_points(spots[joined], junctions)
        block.integers("spots", np.where(count > 1, count, 0))
        block.integers("spot", spot_index)
        block.integers("knot", junction_index)
        for axis, column in enumerate(("point_lon", "point_lat")):
            block.integers(column, points[:, axis], delta=True, scale=DEGREE_1E6)
        block.json("ties", [self._site_positions(identifier) for identifier in ids])
        badges = np.full((len(frame), 2), np.nan)
        badges[row_of_spot[~joined]] = spots[~joined]
        for row, identifier in enumerate(ids):
            if (badge := self.badges.get(identifier)) is not None:
                badges[row] = badge.x, badge.y
        block.positions((badges[:, 0], badges[:, 1]))
        areas = frame.get(AREAS, ())
        stands = {
            tuple(point)
            for point in _micro_degrees(np.array([p for row in areas for p in row]).reshape(-1, 2)).tolist()
        }
        block.integers("areas", [index for index, point in enumerate(points.tolist()) if tuple(point) in stands])
        yield "data", block

    def options(self) -> dict[str, Any]:
        """Return the options with the bounds of the width classes and the ids of the withdrawn rows."""
        return {**super().options(), "classes": CLASS_STEPS, **withdrawn(self.frame)}

    def _money(self) -> list[list[str] | None]:
        """Return for each row the label of its arc, [Chinese, English]: its value as `value_words` writes it; None without a value."""
        if "value_cny" not in self.frame.columns:
            return [None] * len(self.frame)
        columns = (
            self.frame["value_cny"].to_numpy(dtype=float),
            texts(self.frame, "value_qualifier"),
            texts(self.frame, "value_kind"),
        )
        return [
            [value_words(cny, qualifier, kind, language) for language in ("zh", "en")] if np.isfinite(cny) else None
            for cny, qualifier, kind in zip(*columns, strict=True)
        ]

    def _site_positions(self, identifier: str) -> list[float]:
        """Return the positions of the sites of a partnership in degrees, as [longitude, latitude, longitude, latitude, …]."""
        return [round(float(degrees), 6) for point in self.ties.get(identifier, ()) for degrees in (point.x, point.y)]

    def _spots(self, directions: Sequence[str]) -> tuple[Floats, Ints, Floats]:
        """Return the spots, the row of each spot, and the junction of each row, as `spots_of_lines` does.

        Parameters
        ----------
        directions : value of the column ``direction`` of each row, "" for none.
        """
        frame = self.frame
        if SPOTS not in frame:
            forward = np.array([direction == "forward" for direction in directions], dtype=bool)
            return spots_of_lines(frame["geometry"].to_numpy(), forward)
        spots = np.array([spot for spots in frame[SPOTS] for spot in spots], dtype=np.float64).reshape(-1, 2)
        row_of_spot = np.repeat(np.arange(len(frame)), [len(spots) for spots in frame[SPOTS]])
        nowhere = (np.nan, np.nan)
        junctions = np.array([junction or nowhere for junction in frame[JUNCTION]], dtype=np.float64).reshape(-1, 2)
        return spots, row_of_spot, junctions


def spots_of_lines(lines: Lines, forward: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[Floats, Ints, Floats]:
    """Find the spots and junctions of lines that were made by `qjmap.model.partnership_lines.with_lines`.

    Parameters
    ----------
    lines : geometries, shape (n,). A LineString joins two spots. Each part of a MultiLineString runs from the junction to one spot. None
        is a row without a line.
    forward : whether the first part of a MultiLineString runs from its spot to the junction instead, shape (n,)

    Returns
    -------
    spots : float64, shape (k, 2), longitude and latitude of the spots, row after row and in the order of the parties
    row_of_spot : int64, shape (k,), row of each spot, ascending
    junctions : float64, shape (n, 2), junction of each row; NaN if it has none
    """
    parts, row = shapely.get_parts(lines, return_index=True)
    junctions = np.full((len(lines), 2), np.nan)
    if not len(parts):
        return np.zeros((0, 2)), np.zeros(0, np.int64), junctions
    start, end = (shapely.get_coordinates(shapely.get_point(parts, index)) for index in (0, -1))
    first = np.concatenate([[True], row[1:] != row[:-1]])
    star = np.bincount(row, minlength=len(lines))[row] > 1
    inward = (first & forward[row])[:, None]
    junctions[row[star & first]] = np.where(inward, end, start)[star & first]
    # A LineString has a spot at both ends; a part of a star only at the end that is not the junction.
    spots = np.concatenate([np.where(star[:, None] & ~inward, end, start), end[~star]])
    row_of_spot = np.concatenate([row, row[~star]])
    order = np.argsort(row_of_spot, kind="stable")
    return spots[order], row_of_spot[order], junctions


def distinct_points(spots: Floats, junctions: Floats) -> tuple[Ints, Ints, Ints]:
    """Return the distinct points among spots and junctions, and the index of each spot and junction in them.

    Parameters
    ----------
    spots : float64, shape (k, 2), longitude and latitude in degrees
    junctions : float64, shape (n, 2), longitude and latitude in degrees; NaN for a row that has none

    Returns
    -------
    points : int64, shape (m, 2), longitude and latitude in micro-degrees, longitudes from -180 to 180 degrees; sorted
    spot_index : int64, shape (k,), index of each spot in ``points``
    junction_index : int64, shape (n,), index of each junction in ``points``; -1 for a row that has none
    """
    has_junction = np.isfinite(junctions[:, 0])
    points = _micro_degrees(np.concatenate([spots, junctions[has_junction]]))
    points, index = np.unique(points, axis=0, return_inverse=True)
    index = index.reshape(-1)
    junction_index = np.full(len(junctions), -1, dtype=np.int64)
    junction_index[has_junction] = index[len(spots) :]
    return points, index[: len(spots)], junction_index


def _micro_degrees(points: Floats) -> Ints:
    """Return points in whole micro-degrees, with longitudes beyond ±180 degrees wrapped."""
    lon = np.where(np.abs(points[:, 0]) > 180, (points[:, 0] + 180) % 360 - 180, points[:, 0])
    return np.round(np.stack([lon, points[:, 1]], axis=1) / DEGREE_1E6).astype(np.int64)
