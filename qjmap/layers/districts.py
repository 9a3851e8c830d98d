"""Layer of districts: the number of sites in each, for a map that has only a sample of the sites.

The totals are drawn at zooms that are too small to distinguish single sites.
"""

from __future__ import annotations

from typing import Any, ClassVar

import geopandas as gpd

from qjmap.layers.map_layer import MapLayer
from qjmap.model.point_layers import axes
from qjmap.payload import ChunkedTable, make_chunked_table

SITES_FROM_ZOOM = 8.5
"""Zoom from which the sites themselves are drawn instead of the totals."""


class Districts(MapLayer):
    """A layer of totals by district.

    Parameters
    ----------
    frame : points in EPSG:4326, None for a row of unknown position, with ``id`` (unique), ``name``, ``name_en`` and ``rows``, the number
        of sites
    name, show, language : as in `MapLayer`
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

    def chunked_table(self) -> ChunkedTable:
        """Return the table of the layer: one row per district."""
        columns = {name: self.frame[name] for name in ("id", "name", "name_en")}
        columns["rows"] = [str(count) for count in self.frame["rows"]]
        return make_chunked_table(columns, axes(self.frame))

    def options(self) -> dict[str, Any]:
        """Return the options with the zoom up to which totals are drawn."""
        return {**super().options(), "until": SITES_FROM_ZOOM}
