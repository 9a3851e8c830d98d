"""Districts: how many sites lie in each, where a map holds only some of them; drawn while sites are too small to tell apart."""

from __future__ import annotations

from typing import Any, ClassVar

import geopandas as gpd

from qjmap.layers.base import MapLayer
from qjmap.payload import Sheet, make_sheet
from qjmap.points import axes

FROM = 8.5
"""Zoom from which sites themselves are drawn, and no totals."""


class Districts(MapLayer):
    """A layer of totals.

    Parameters
    ----------
    frame
        Points in EPSG:4326, missing ones included, with ``id``, ``name``, ``name_en`` and ``rows``, the sites of each. Ids
        are unique.
    """

    kind: ClassVar[str] = "districts"
    table = "districts"

    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        name: str = "各区县总数 Totals by district",
        show: bool = True,
        language: str = "zh",
    ) -> None:
        super().__init__(name=name, show=show, language=language)
        self.frame = frame

    def sheet(self) -> Sheet:
        """One row a district."""
        columns = {name: self.frame[name] for name in ("id", "name", "name_en")}
        columns["rows"] = [str(count) for count in self.frame["rows"]]
        return make_sheet(columns, axes(self.frame))

    def options(self) -> dict[str, Any]:
        """The zoom up to which totals are drawn."""
        return {**super().options(), "until": FROM}
