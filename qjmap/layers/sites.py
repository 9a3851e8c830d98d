"""Sites: a shape and a colour for each category, a fill for each status, and no site behind another."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from qjmap.layers.base import MapLayer, asset
from qjmap.layers.sheets import table_sheet
from qjmap.payload import Sheet

DRAWN = ("id", "name", "name_en", "category", "status", "level", "position_of", "radius_m")
"""Columns that a map of sites needs; a page around it needs all."""


def symbols() -> dict[str, Any]:
    """Shape and colour of each category, as the page draws them."""
    return json.loads(asset("symbols.json"))  # type: ignore[no-any-return]


class Sites(MapLayer):
    """A layer of sites, from a hundred to a million.

    Parameters
    ----------
    frame
        Points in EPSG:4326, missing ones included, with ``id`` and ``name`` and any of ``name_en``, ``category``,
        ``status``, ``level``, ``radius_m``, ``position_of``. Ids are unique.
    whole
        Carry every column of the frame: the page then reads its table of sites from the layer, and no cell is written
        twice.
    from_zoom
        Draw no site at a smaller zoom than this, where something else says what there is.
    """

    kind = "sites"

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        name: str = "地点 Sites",
        show: bool = True,
        language: str = "zh",
        whole: bool = False,
        from_zoom: float = 0.0,
    ) -> None:
        super().__init__(name=name, show=show, language=language)
        self.frame = frame
        self.table = "sites" if whole else ""
        self.from_zoom = from_zoom

    def sheet(self) -> Sheet:
        """One row a site."""
        return table_sheet("sites", self.frame, only=None if self.table else DRAWN)

    def options(self) -> dict[str, Any]:
        """The symbols, so that the layer needs nothing beside itself."""
        more = {"from": self.from_zoom} if self.from_zoom else {}
        return {**super().options(), "symbols": symbols(), **more}
