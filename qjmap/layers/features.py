"""Layer of any rows: points, lines and polygons in one canvas, coloured by codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qjmap.layers.map_layer import MapLayer
from qjmap.layers.script_elements import Script, root_figure
from qjmap.payload import ChunkedTable


class Features(MapLayer):
    """A layer of points, lines and polygons in any mixture.

    Parameters
    ----------
    table : name of the table that the page reads from the layer.
    make_table : makes the payload: columns ``id`` and ``name``, those of the table, ``colour`` (codes) and the columns of the shapes
        (`qjmap.frames.shapes.add_shapes`).
    drawing : how the layer is drawn, JSON only: see `web/src/frame/features.js`.
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
        """One row per row of the frame, in its order."""
        return self.make_table()

    def options(self) -> dict[str, Any]:
        """Add how the layer is drawn."""
        return {**super().options(), "table": self.table, "drawing": dict(self.drawing)}

    def render(self, **kwargs: Any) -> str:
        """Add the script of the layer too, behind that of all layers."""
        figure = root_figure(self)
        figure.header.add_child(Script("map"), name="qjmap:map")
        figure.header.add_child(Script("frame"), name="qjmap:frame")
        return super().render(**kwargs)
