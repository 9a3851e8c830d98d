"""The page's application around the map: its scripts and styles, and the element that starts it with tables and metadata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qjmap.basemaps import Basemap
from qjmap.errors import UsageError
from qjmap.layers import Background, MapLayer
from qjmap.layers.elements import Raw, asset, root_figure, table_element
from qjmap.layers.table_payload import table_payload
from qjmap.model.atlas import Atlas
from qjmap.page import import_worker
from qjmap.page.metadata import page_metadata
from qjmap.payload import script_json
from qjmap.project import View
from qjmap.web import bundle

BEFORE_MAP = "QJMap.page.rememberMarkup();\n"
"""Script that remembers the page's original markup, from which the page saves itself with added rows."""

_STYLES = (
    "base", "stage", "search", "side", "filters", "panel", "legend", "take", "drop", "far", "arcs", "list", "matrix", "figures", "foot",
    "time", "phone", "sizes", "print",
)  # fmt: skip
"""The page's style sheets in cascading order."""


def page_scripts(*, figures: bool = False) -> list[str]:
    """The page's own scripts, in the order in which they follow the layers' script; with those of a page of partnerships."""
    return [bundle(name) for name in (("page", "figures") if figures else ("page",))]


def page_styles(*, frame: bool = False) -> list[str]:
    """The page's own styles, joined into one so that the policy has a single hash for them; with those of a page of frames."""
    names = (*_STYLES, "frame") if frame else _STYLES
    return ["\n".join(asset(f"page/styles/{name}.css") for name in names)]


class _PageShell(Raw):
    """Last element of a map: carries metadata, and starts the page.

    Parameters
    ----------
    layers : the layers on the map, lowest first
    tiles : basemaps on the map that a reader may turn on
    """

    parts = ""
    """Further argument of the call that starts the page: what it has besides the common parts."""

    def __init__(self, layers: Sequence[MapLayer], tiles: Sequence[Basemap]) -> None:
        super().__init__("")
        self._name = "qjmap_shell"
        self.layers, self.tiles = layers, tiles

    def metadata(self) -> dict[str, Any]:
        """Metadata of the page; JSON only."""
        raise NotImplementedError

    def render(self, **kwargs: Any) -> str:
        """Add the metadata and the call that starts the page to the figure."""
        figure, parent = root_figure(self), self._parent
        if parent is None:
            raise UsageError("map-root")
        drafts = '<script type="application/json" id="qjmap-drafts">[]</script>'
        figure.html.add_child(Raw(drafts), name="qjmap:drafts")
        tiles = [
            {"name": basemap.name, "attribution": basemap.attribution, "foreign": basemap.foreign}
            for basemap in self.tiles
        ]
        metadata = script_json({**self.metadata(), "tiles": tiles})
        figure.html.add_child(
            Raw(f'<script type="application/json" id="qjmap-meta">{metadata}</script>'), name="qjmap:meta"
        )
        layers = ", ".join(layer.get_name() for layer in self.layers)
        online = ", ".join(f"[{', '.join(layer.get_name() for layer in basemap.layers)}]" for basemap in self.tiles)
        figure.script.add_child(
            Raw(
                f'QJMap.page.openPage({parent.get_name()}, [{layers}], document.getElementById("qjmap-meta"), '
                f'"script[data-table]", [{online}]{self.parts});'
            ),
            name="qjmap:shell",
        )
        return ""


class FrameShell(_PageShell):
    """Last element of a map of frames; all tables are in its layers.

    Parameters
    ----------
    described : metadata of the page, without the basemaps
    """

    parts = ", QJMap.frame"

    def __init__(self, described: dict[str, Any], layers: Sequence[MapLayer], tiles: Sequence[Basemap] = ()) -> None:
        super().__init__(layers, tiles)
        self.described = described

    def metadata(self) -> dict[str, Any]:
        """What it was given."""
        return self.described


class Shell(_PageShell):
    """Last element of an atlas's map: carries tables and metadata, and starts the page.

    Parameters
    ----------
    atlas : the atlas that is shown
    layers : its layers on the map, lowest first
    tiles : basemaps on the map that a reader may turn on
    view : opening view; by default that of the project's settings
    """

    def __init__(
        self, atlas: Atlas, layers: Sequence[MapLayer], tiles: Sequence[Basemap] = (), view: View | None = None
    ) -> None:
        super().__init__(layers, tiles)
        self.atlas = atlas
        self.view = view or atlas.project.settings.main_view()
        self.parts = ", QJMap.figures" if len(atlas.partnership_rows) else ""

    def render(self, **kwargs: Any) -> str:
        """Add the tables and the import worker too."""
        figure = root_figure(self)
        in_layers = {layer.table for layer in self.layers}
        for name, frame in self.atlas.table_rows().items():
            if name not in in_layers:
                element = table_element(
                    f"qjmap-table-{name}", table_payload(name, frame, own=self.atlas.own.get(name, ())), name=name
                )
                figure.html.add_child(element, name=f"qjmap:table:{name}")
        worker = import_worker.compressed_bundle(self.atlas.project.settings.vocabularies)
        figure.html.add_child(
            Raw(f'<script type="text/plain" id="qjmap-entrance">{worker}</script>'),
            name="qjmap:entrance",
        )
        return super().render(**kwargs)

    def metadata(self) -> dict[str, Any]:
        """What the atlas and its background say."""
        grounds = [layer for layer in self.layers if isinstance(layer, Background)]
        extent = next(filter(None, (ground.extent() for ground in grounds)), None)
        credits = [credit for ground in grounds for credit in ground.credits]
        carried = any(ground.ground for ground in grounds)
        return {**page_metadata(self.atlas, self.view, credits), "extent": extent, "ground": carried}
