"""Layer of sites: shape and colour by category, fill by status; sites that overlap are clustered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qjmap.layers.map_layer import MapLayer
from qjmap.layers.script_elements import asset
from qjmap.layers.table_payload import table_payload
from qjmap.payload import ChunkedTable
from qjmap.tables.own_columns import OwnColumn
from qjmap.vocabulary import BUILT_IN, OTHER, Vocabularies, Word

DRAWN = ("id", "name", "name_en", "category", "status", "level", "position_of", "radius_m")
"""Columns that drawing needs. The page around a map needs all columns."""


def symbols(vocabularies: Vocabularies = BUILT_IN) -> dict[str, Any]:
    """Return category -> its symbol, in the order of the legend, as values for JSON.

    Built-in categories (``assets/symbols.json``) come first, then those of a project, and ``other`` is last. A symbol has ``family``,
    ``shape``, ``color``, ``color_dark`` (for the dark map) and ``outline``: the vertices of the shape in units of its radius, from
    ``assets/shapes.json``; None for a circle.
    """
    built_in: dict[str, dict[str, str]] = json.loads(asset("symbols.json"))
    other = built_in.pop(OTHER)
    own = {
        word.value: symbol_of(word, built_in.get(word.value) or built_in.get(word.like) or other)
        for word in vocabularies.added
        if word.vocabulary == "category"
    }
    shapes = json.loads(asset("shapes.json"))
    return {
        category: {**symbol, "outline": shapes.get(symbol["shape"].partition("+")[0])}
        for category, symbol in {**built_in, **own, OTHER: own.get(OTHER, other)}.items()
    }


def symbol_of(word: Word, base: Mapping[str, str]) -> dict[str, str]:
    """Return the symbol of a category that a project has added: the shape and colours of its settings, else those of `base`."""
    dark = word.color_dark or (_lighter(word.color) if word.color else base["color_dark"])
    shape, color = word.symbol or base["shape"], word.color or base["color"]
    return {"family": base["family"], "shape": shape, "color": color, "color_dark": dark}


def _lighter(color: str) -> str:
    """Return the colour (``#rrggbb``) half way between a colour and white, for the dark map."""
    return "#" + "".join(f"{(int(color[at : at + 2], 16) + 255) // 2:02X}" for at in (1, 3, 5))


class Sites(MapLayer):
    """A layer of sites, from a hundred to a million.

    Parameters
    ----------
    frame : points in EPSG:4326, None if unknown, with ``id`` (unique) and ``name`` and any of ``name_en``, ``category``, ``status``,
        ``level``, ``radius_m``, ``position_of``
    name, show, language, vocabularies : as in `MapLayer`
    whole : carry all columns of the frame, so that the page reads its table of sites from the layer; otherwise only `DRAWN`
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
        """Return the options with the symbols and the smallest zoom."""
        zoom = {"from": self.from_zoom} if self.from_zoom else {}
        return {**super().options(), "symbols": symbols(self.vocabularies), **zoom}
