"""Sites: a shape and a colour for each category, a fill for each status, and no site behind another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import geopandas as gpd

from qjmap.layers.base import MapLayer, asset, lists, radii, texts
from qjmap.payload import Block


def symbols() -> dict[str, Any]:
    """Shape and colour of each category, as the page draws them."""
    return json.loads(asset("symbols.json"))  # type: ignore[no-any-return]


class Sites(MapLayer):
    """A layer of sites.

    Parameters
    ----------
    frame
        Points in EPSG:4326, missing ones included, with ``id`` and ``name`` and any of ``name_en``, ``category``,
        ``status``, ``level``, ``radius_m``, ``position_of``, ``part_of``.
    """

    kind = "sites"

    def __init__(
        self, frame: gpd.GeoDataFrame, *, name: str = "地点 Sites", show: bool = True, language: str = "zh"
    ) -> None:
        super().__init__(name=name, show=show, language=language)
        self.frame = frame

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """One row a site."""
        frame = self.frame
        block = Block(len(frame))
        for column in ("id", "name", "name_en"):
            block.json(column, texts(frame, column))
        for column, of in (("category", "category"), ("status", "status"), ("precision", "level")):
            block.dictionary(column, texts(frame, of))
        block.dictionary("place", texts(frame, "position_of"))
        block.json("part_of", lists(frame, "part_of"))
        block.integers("radius_m", radii(frame))
        block.positions(frame.geometry.to_numpy())
        yield "data", block

    def options(self) -> dict[str, Any]:
        """The symbols, so that the layer needs nothing beside itself."""
        return {**super().options(), "symbols": symbols()}
