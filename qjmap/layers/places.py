"""Places: the cities, districts and zones that everything else refers to, with their names and how sure they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import geopandas as gpd
import numpy as np

from qjmap.layers.base import MapLayer, radii, texts
from qjmap.payload import Block
from qjmap.points import axes

_KIND_RANK = {"city": 2, "district": 3, "development-zone": 4, "country": 2, "province": 8}


class Places(MapLayer):
    """A layer of places.

    Parameters
    ----------
    frame
        Points in EPSG:4326, missing ones included, with ``id`` and ``name`` and any of ``name_en``, ``kind``,
        ``level``, ``radius_m``.
    home : id of the place that the map is about
    partners : ids of the places that work with it; their names come first where room is short
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
    ) -> None:
        super().__init__(name=name, show=show, language=language)
        self.frame, self.home, self.partners = frame, home, frozenset(partners)

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """One row a place."""
        frame = self.frame
        block = Block(len(frame))
        identifiers = texts(frame, "id")
        for column in ("id", "name", "name_en"):
            block.json(column, texts(frame, column))
        block.dictionary("kind", texts(frame, "kind"))
        block.dictionary("precision", texts(frame, "level"))
        block.dictionary("position_of", texts(frame, "position_of"))
        block.integers("radius_m", radii(frame))
        block.integers("home", np.array([one == self.home for one in identifiers], dtype=np.int64))
        block.integers("partner", np.array([one in self.partners for one in identifiers], dtype=np.int64))
        block.integers(
            "rank",
            [
                self._rank(identifier, kind)
                for identifier, kind in zip(identifiers, texts(frame, "kind"), strict=True)
            ],
        )
        block.positions(axes(frame))
        yield "data", block

    def _rank(self, identifier: str, kind: str) -> int:
        """Order of the names: home first, partners next, then by kind."""
        if identifier == self.home:
            return 1
        return _KIND_RANK.get(kind, 6) + (0 if identifier in self.partners else 4)
