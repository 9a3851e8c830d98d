"""Layer of corridors: their legs as lines, styled by mode, status and grade of the geometry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from qjmap.layers.frame_columns import texts, withdrawn
from qjmap.layers.map_layer import MapLayer
from qjmap.payload import Block
from qjmap.vocabulary import BUILT_IN, Vocabularies

_BUFFER_DEGREES = 0.003
"""Distance in degrees up to which two lines count as coinciding on the map: three times the tolerance of their simplification."""

_SHARED = 0.5
"""Minimum share of the line of a band within `_BUFFER_DEGREES` of another corridor, from which the page names both. A band is a leg of
mode `economic`."""


class Corridors(MapLayer):
    """A layer of corridors.

    Parameters
    ----------
    frame : one row per corridor, with ``id`` and ``name`` and any of ``name_en``, ``status``. Its geometry is not read.
    legs : one row per leg, lines in EPSG:4326, with ``id``, ``corridor`` and any of ``mode``, ``status``, ``grade``, ``seq``,
        ``_part_grades`` (tuple with the grade of each part of the line; without it all parts have the grade of the leg)
    name, show, language, vocabularies : as in `MapLayer`
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
        vocabularies: Vocabularies = BUILT_IN,
    ) -> None:
        super().__init__(name=name, show=show, language=language, vocabularies=vocabularies)
        self.frame, self.legs = frame, legs

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Yield the block ``data``: one row per leg, with the names of its corridor."""
        legs = self.legs
        names = dict(zip(texts(self.frame, "id"), texts(self.frame, "name"), strict=True))
        names_en = dict(zip(texts(self.frame, "id"), texts(self.frame, "name_en"), strict=True))
        block = Block(len(legs))
        corridors = texts(legs, "corridor")
        block.json("id", texts(legs, "id"))
        block.dictionary("corridor", corridors)
        block.dictionary("name", [names.get(corridor, "") for corridor in corridors])
        block.dictionary("name_en", [names_en.get(corridor, "") for corridor in corridors])
        for column in ("mode", "status"):
            block.dictionary(column, self.drawn(column, legs))
        block.dictionary("grade", texts(legs, "grade"))
        seq = legs["seq"].fillna(0).astype(int) if "seq" in legs.columns else [0] * len(legs)
        block.integers("seq", seq)
        shared = _shared_corridors(legs)
        for column, table in (("with", names), ("with_en", names_en)):
            block.json(column, [[table.get(corridor, "") for corridor in others] for others in shared])
        block.geometry(legs.geometry.to_numpy())
        block.integers("straight", [grade == "schematic" for grades in _part_grades(legs) for grade in grades])
        yield "data", block

    def options(self) -> dict[str, Any]:
        """Return the options with the ids of the corridors without legs, which are counted and listed although no line is drawn, and of the
        withdrawn legs.
        """
        drawn = set(texts(self.legs, "corridor"))
        without_legs = [corridor for corridor in texts(self.frame, "id") if corridor not in drawn]
        return {**super().options(), "listed": without_legs, **withdrawn(self.legs)}


def _part_grades(legs: gpd.GeoDataFrame) -> list[tuple[str, ...]]:
    """Return for each leg the grade of each part of its line."""
    if "_part_grades" in legs.columns:
        return list(legs["_part_grades"])
    counts = np.where(shapely.is_missing(legs.geometry), 0, shapely.get_num_geometries(legs.geometry))
    return [(grade,) * int(count) for grade, count in zip(texts(legs, "grade"), counts, strict=True)]


def _shared_corridors(legs: gpd.GeoDataFrame) -> list[tuple[str, ...]]:
    """Return for each leg of mode `economic` (a band) the ids of the other corridors along which it runs; () for other legs."""
    modes, corridors, lines = texts(legs, "mode"), np.array(texts(legs, "corridor")), legs.geometry.to_numpy()
    is_way = np.array([mode != "economic" for mode in modes], dtype=bool) & ~shapely.is_missing(lines)
    out: list[tuple[str, ...]] = []
    for mode, corridor, line in zip(modes, corridors, lines, strict=True):
        others: list[str] = []
        if mode == "economic" and line is not None and line.length > 0:
            for other in dict.fromkeys(corridors[is_way & (corridors != corridor)].tolist()):
                near = shapely.buffer(shapely.union_all(lines[is_way & (corridors == other)]), _BUFFER_DEGREES)
                if shapely.intersection(line, near).length >= _SHARED * line.length:
                    others.append(other)
        out.append(tuple(others))
    return out
