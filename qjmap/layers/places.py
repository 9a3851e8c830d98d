"""Layer of places: cities, districts and zones with their names and the precision of their positions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import geopandas as gpd
import numpy as np

from qjmap.layers.frame_columns import radii, texts, withdrawn
from qjmap.layers.map_layer import MapLayer
from qjmap.model.point_layers import axes
from qjmap.payload import Block
from qjmap.vocabulary import BUILT_IN, Vocabularies

_KIND_RANK = {"city": 2, "district": 3, "development-zone": 4, "country": 2, "province": 8}
"""Kind of a place -> rank of a partner's name (see `Places._rank`). Names of lower rank are placed first. Other kinds have rank 6."""


class Places(MapLayer):
    """A layer of places.

    Parameters
    ----------
    frame : points in EPSG:4326, None for a row of unknown position, with ``id`` and ``name`` and any of ``name_en``, ``kind``,
        ``level``, ``radius_m``, ``position_of``
    home : id of the home place
    partners : ids of the partners of home, whose names take precedence over those of other places
    name, show, language, vocabularies : as in `MapLayer`
    """

    kind = "places"

    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        home: str = "",
        partners: Collection[str] = (),
        name: str = "地名 Places",
        show: bool = True,
        language: str = "zh",
        vocabularies: Vocabularies = BUILT_IN,
    ) -> None:
        super().__init__(name=name, show=show, language=language, vocabularies=vocabularies)
        self.frame, self.home, self.partners = frame, home, frozenset(partners)

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Yield the block ``data``: one row per place."""
        frame = self.frame
        block = Block(len(frame))
        identifiers = texts(frame, "id")
        for column in ("id", "name", "name_en"):
            block.json(column, texts(frame, column))
        # A place without a kind is drawn by the level of its position: 义乌市, located by the gazetteer, as a district.
        kinds = [
            kind or (level if level in _KIND_RANK else "")
            for kind, level in zip(self.drawn("kind", frame), texts(frame, "level"), strict=True)
        ]
        block.dictionary("kind", kinds)
        block.dictionary("precision", texts(frame, "level"))
        # Name the place whose point is used only if it is a row of the table. A point of the gazetteer counts as the place's own.
        own = set(identifiers)
        block.dictionary("position_of", [place if place in own else "" for place in texts(frame, "position_of")])
        block.integers("radius_m", radii(frame))
        block.integers("home", np.array([identifier == self.home for identifier in identifiers], dtype=np.int64))
        block.integers("partner", np.array([identifier in self.partners for identifier in identifiers], dtype=np.int64))
        block.integers(
            "rank",
            [self._rank(identifier, kind) for identifier, kind in zip(identifiers, kinds, strict=True)],
        )
        block.positions(axes(frame))
        yield "data", block

    def options(self) -> dict[str, Any]:
        """Return the options with the ids of the withdrawn places."""
        return {**super().options(), **withdrawn(self.frame)}

    def _rank(self, identifier: str, kind: str) -> int:
        """Return the rank of a place's name: 1 for home, that of its kind for a partner, and 4 more for any other place."""
        if identifier == self.home:
            return 1
        return _KIND_RANK.get(kind, 6) + (0 if identifier in self.partners else 4)
