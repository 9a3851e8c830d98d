"""Layer of places: cities, districts and zones with their names and the precision of their positions."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import geopandas as gpd
import numpy as np

from qjmap.layers.frame_columns import radii, texts
from qjmap.layers.map_layer import MapLayer
from qjmap.model.points import axes
from qjmap.payload import Block
from qjmap.vocabulary import BUILT_IN, Vocabularies

_KIND_RANK = {"city": 2, "district": 3, "development-zone": 4, "country": 2, "province": 8}
"""Priority of names by kind, most important first; 6 for other kinds."""


class Places(MapLayer):
    """A layer of places.

    Parameters
    ----------
    frame
        Points in EPSG:4326, None allowed, with ``id`` and ``name`` and any of ``name_en``, ``kind``,
        ``level``, ``radius_m``.
    home : id of the home place
    partners : ids of its partners, whose names take precedence over those of other places
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
        """One row per place."""
        frame = self.frame
        block = Block(len(frame))
        identifiers = texts(frame, "id")
        for column in ("id", "name", "name_en"):
            block.json(column, texts(frame, column))
        # A place of no stated kind is drawn as what its position is of: 义乌市 from the gazetteer as a district.
        kinds = [
            kind or (level if level in _KIND_RANK else "")
            for kind, level in zip(self.drawn("kind", frame), texts(frame, "level"), strict=True)
        ]
        block.dictionary("kind", kinds)
        block.dictionary("precision", texts(frame, "level"))
        # A point of the gazetteer is the place's own; one of another place is drawn there.
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

    def _rank(self, identifier: str, kind: str) -> int:
        """Priority of a name, lowest first: home, partners by kind, others by kind."""
        if identifier == self.home:
            return 1
        return _KIND_RANK.get(kind, 6) + (0 if identifier in self.partners else 4)
