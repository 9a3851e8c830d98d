"""Corridors: their legs as lines by mode and status, the grade of the geometry visible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from qjmap.layers.base import MapLayer, texts
from qjmap.payload import Block

_BESIDE = 0.003
"""Degrees within which two lines are one on the map: three times what lines are drawn straighter by."""

_SHARED = 0.5
"""Share of a band's line that runs along another corridor, from which on the two are named together."""


class Corridors(MapLayer):
    """A layer of corridors.

    Parameters
    ----------
    frame
        One row a corridor, with ``id`` and ``name`` and any of ``name_en``, ``status``; geometry is not read.
    legs
        Lines in EPSG:4326, one row a leg, with ``id``, ``corridor`` and any of ``mode``, ``status``, ``grade``,
        ``seq``, ``_part_grades`` (a tuple with the grade of each part of the line; without, all parts have that of the leg).
    """

    kind = "corridors"

    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        legs: gpd.GeoDataFrame,
        *,
        name: str = "通道 Corridors",
        show: bool = True,
        language: str = "zh",
    ) -> None:
        super().__init__(name=name, show=show, language=language)
        self.frame, self.legs = frame, legs

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """One row a leg, with the names of its corridor."""
        legs = self.legs
        names = dict(zip(texts(self.frame, "id"), texts(self.frame, "name"), strict=True))
        names_en = dict(zip(texts(self.frame, "id"), texts(self.frame, "name_en"), strict=True))
        block = Block(len(legs))
        corridors = texts(legs, "corridor")
        block.json("id", texts(legs, "id"))
        block.dictionary("corridor", corridors)
        block.dictionary("name", [names.get(one, "") for one in corridors])
        block.dictionary("name_en", [names_en.get(one, "") for one in corridors])
        for column in ("mode", "status", "grade"):
            block.dictionary(column, texts(legs, column))
        seq = legs["seq"].fillna(0).astype(int) if "seq" in legs.columns else [0] * len(legs)
        block.integers("seq", seq)
        shared = _shared(legs)
        for column, table in (("with", names), ("with_en", names_en)):
            block.json(column, [[table.get(one, "") for one in others] for others in shared])
        block.geometry(legs.geometry.to_numpy())
        block.integers("straight", [grade == "schematic" for grades in _part_grades(legs) for grade in grades])
        yield "data", block

    def options(self) -> dict[str, Any]:
        """Corridors that have no leg: they count and are listed, though no line is drawn."""
        drawn = set(texts(self.legs, "corridor"))
        return {**super().options(), "listed": [one for one in texts(self.frame, "id") if one not in drawn]}


def _part_grades(legs: gpd.GeoDataFrame) -> list[tuple[str, ...]]:
    """The grade of each part of each line."""
    if "_part_grades" in legs.columns:
        return list(legs["_part_grades"])
    counts = np.where(shapely.is_missing(legs.geometry), 0, shapely.get_num_geometries(legs.geometry))
    return [(grade,) * int(count) for grade, count in zip(texts(legs, "grade"), counts, strict=True)]


def _shared(legs: gpd.GeoDataFrame) -> list[tuple[str, ...]]:
    """For each band (a leg of mode economic) the other corridors whose lines it runs along; nothing for other legs."""
    modes, corridors, lines = texts(legs, "mode"), np.array(texts(legs, "corridor")), legs.geometry.to_numpy()
    ways = np.array([mode != "economic" for mode in modes], dtype=bool) & ~shapely.is_missing(lines)
    out: list[tuple[str, ...]] = []
    for mode, own, line in zip(modes, corridors, lines, strict=True):
        others: list[str] = []
        if mode == "economic" and line is not None and line.length > 0:
            for other in dict.fromkeys(corridors[ways & (corridors != own)].tolist()):
                near = shapely.buffer(shapely.union_all(lines[ways & (corridors == other)]), _BESIDE)
                if shapely.intersection(line, near).length >= _SHARED * line.length:
                    others.append(other)
        out.append(tuple(others))
    return out
