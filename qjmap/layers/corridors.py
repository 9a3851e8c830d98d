"""Corridors: their legs as lines by mode and status, the grade of the geometry visible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd

from qjmap.layers.base import MapLayer, texts
from qjmap.payload import Block

_SCALE = 1e-4


class Corridors(MapLayer):
    """A layer of corridors.

    Parameters
    ----------
    frame
        One row a corridor, with ``id`` and ``name`` and any of ``name_en``, ``status``; geometry is not read.
    legs
        Lines in EPSG:4326, one row a leg, with ``id``, ``corridor`` and any of ``mode``, ``status``, ``grade``,
        ``seq``.
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
        block.geometry(legs.geometry.to_numpy(), scale=_SCALE)
        yield "data", block

    def options(self) -> dict[str, Any]:
        """Corridors that have no leg: they count and are listed, though no line is drawn."""
        drawn = set(texts(self.legs, "corridor"))
        return {**super().options(), "listed": [one for one in texts(self.frame, "id") if one not in drawn]}
