"""Layer of sites: shape and colour by category, fill by status; sites that overlap are clustered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from qjmap.layers.frame_columns import withdrawn
from qjmap.layers.map_layer import MapLayer
from qjmap.layers.table_payload import table_payload
from qjmap.payload import ChunkedTable
from qjmap.symbols import symbols
from qjmap.tables.own_columns import OwnColumn
from qjmap.vocabulary import BUILT_IN, Vocabularies

DRAWN = ("id", "name", "name_en", "category", "status", "level", "position_of", "radius_m")
"""Columns that drawing needs. The page around a map needs all columns."""


class Sites(MapLayer):
    """A layer of sites, for tables from a hundred to a million rows.

    Parameters
    ----------
    frame : points in EPSG:4326, None for a row of unknown position, with ``id`` (unique) and ``name`` and any of ``name_en``,
        ``category``, ``status``, ``level``, ``radius_m``, ``position_of``
    name, show, language, vocabularies : as in `MapLayer`
    whole : whether the layer contains all columns of the frame, so that the page reads its table of sites from it; otherwise only `DRAWN`
    own : the user's own columns of the frame
    from_zoom : smallest zoom at which sites are drawn, for a map that shows totals by district at smaller zooms
    """

    kind = "sites"

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        name: str = "地点 Sites",
        show: bool = True,
        language: str = "zh",
        vocabularies: Vocabularies = BUILT_IN,
        whole: bool = False,
        own: Sequence[OwnColumn] = (),
        from_zoom: float = 0.0,
    ) -> None:
        super().__init__(name=name, show=show, language=language, vocabularies=vocabularies)
        self.frame, self.own = frame, own
        self.table = "sites" if whole else ""
        self.from_zoom = from_zoom

    def chunked_table(self) -> ChunkedTable:
        """Return the table of the layer: one row per site."""
        return table_payload("sites", self.frame, only=None if self.table else DRAWN, own=self.own)

    def options(self) -> dict[str, Any]:
        """Return the options with the symbols, the smallest zoom and the ids of the withdrawn sites."""
        zoom = {"from": self.from_zoom} if self.from_zoom else {}
        return {**super().options(), "symbols": symbols(self.vocabularies), **zoom, **withdrawn(self.frame)}
