"""Layer of the rows of any frame: points, lines and polygons on one canvas, coloured by the codes of a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qjmap.layers.map_layer import MapLayer
from qjmap.layers.raw_elements import Script, root_figure
from qjmap.payload import ChunkedTable


class Features(MapLayer):
    """A layer of points, lines and polygons in any mixture.

    Parameters
    ----------
    table : name of the table that the page reads from the layer
    make_table : function that makes the payload, with the columns ``id``, ``name`` and ``colour`` (codes), the columns of the table,
        and the columns of the shapes (`qjmap.frames.geometry_arrays.add_shapes`)
    drawing : how the layer is drawn, as values for JSON; `web/src/frame/features.js` describes them
    name, show, language : as in `MapLayer`; the name is that of the table by default
    """

    kind = "features"

    def __init__(
        self,
        table: str,
        make_table: Callable[[], ChunkedTable],
        drawing: Mapping[str, Any],
        *,
        name: str = "",
        show: bool = True,
        language: str = "zh",
    ) -> None:
        super().__init__(name=name or table, show=show, language=language)
        self.table, self.make_table, self.drawing = table, make_table, drawing

    def chunked_table(self) -> ChunkedTable:
        """Return the table of the layer: the rows of the frame in their order."""
        return self.make_table()

    def options(self) -> dict[str, Any]:
        """Return the options with the name of the table and how the layer is drawn."""
        return {**super().options(), "table": self.table, "drawing": dict(self.drawing)}

    def render(self, **kwargs: Any) -> str:
        """Add what every layer adds to the figure, and the script of this layer after the script of all layers; return ""."""
        figure = root_figure(self)
        figure.header.add_child(Script("map"), name="qjmap:map")
        figure.header.add_child(Script("frame"), name="qjmap:frame")
        return super().render(**kwargs)
