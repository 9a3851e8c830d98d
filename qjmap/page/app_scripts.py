"""The application around the map on a page: its scripts and styles, and the element that carries its data and starts it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from qjmap.basemaps import Basemap
from qjmap.errors import UsageError
from qjmap.layers import Background, MapLayer
from qjmap.layers.raw_elements import Raw, asset, root_figure, table_element
from qjmap.layers.table_payload import table_payload
from qjmap.model.atlas import Atlas
from qjmap.page import import_worker
from qjmap.page.metadata import page_metadata
from qjmap.payload import script_json
from qjmap.setting_values import View
from qjmap.web import bundle

BEFORE_MAP = "QJMap.page.rememberMarkup();\n"
"""Script that stores the original markup of the page. From it the page makes the file that it saves with added rows."""

_STYLES = (
    "base", "map-area", "search", "side", "filters", "panel", "legend", "export", "drop", "editor", "off-screen", "arcs", "list", "matrix",
    "figures", "board", "foot", "time", "point", "story", "phone", "sizes", "embed", "print",
)  # fmt: skip
"""Names of the style sheets in `assets/page/styles`; rules of later ones override those of earlier ones."""


def page_scripts(*, frame: bool = False, figures: bool = False, two_editions: bool = False) -> list[str]:
    """Return the scripts of the application, which the page contains after the script of the layers.

    Parameters
    ----------
    frame : whether the page shows GeoDataFrames (`qjmap.explore`); otherwise it shows an atlas.
    figures : whether the atlas has partnerships, which the matrix and charts show.
    two_editions : whether the rows are those of two editions, which are compared and cannot be edited.
    """
    if frame:
        return [bundle("page"), bundle("picture")]
    return [
        bundle(name)
        for name in (
            "page",
            "atlas",
            "board",
            "picture",
            "editions" if two_editions else "editor",
            *(["figures"] if figures else []),
        )
    ]


def page_styles(*, frame: bool = False) -> list[str]:
    """Return the styles of the application, joined into one so that the Content-Security-Policy needs only one hash.

    Parameters
    ----------
    frame : whether the page shows GeoDataFrames, which needs further styles
    """
    names = (*_STYLES, "frame") if frame else _STYLES
    return [without_comments("\n".join(asset(f"page/styles/{name}.css") for name in names))]


_STRING_OR_SPACE = re.compile(r"""("[^"\n]*"|'[^'\n]*')|/\*.*?\*/|\s*([{};,])\s*|(:)\s+|\s+""", re.DOTALL)


def without_comments(style: str) -> str:
    """Return a style sheet without comments and without blanks around braces, semicolons and commas and after colons.

    Other blanks become one space, strings are kept.
    """
    return _STRING_OR_SPACE.sub(
        lambda found: found[1] or found[2] or found[3] or ("" if found[0].startswith("/*") else " "), style
    ).strip()


class _PageShell(Raw):
    """Last element of a map: it adds the metadata to the page and starts the application.

    Parameters
    ----------
    layers : the layers of the map, the lowest first
    tiles : basemaps of the map, which a reader may turn on
    """

    parts = ""
    """Further arguments, each after a comma, of the call that starts the application: the bundles with the additional parts of the page."""

    def __init__(self, layers: Sequence[MapLayer], tiles: Sequence[Basemap]) -> None:
        super().__init__("")
        self._name = "qjmap_shell"
        self.layers, self.tiles = layers, tiles

    def metadata(self) -> dict[str, Any]:
        """Return the metadata of the page, without the basemaps, as values for JSON."""
        raise NotImplementedError

    def render(self, **kwargs: Any) -> str:
        """Add the metadata and the call that starts the application to the figure; return "", as the element itself shows nothing.

        Raises UsageError if the element is not on a map.
        """
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
    """Last element of a map of GeoDataFrames, whose tables are all in its layers.

    Parameters
    ----------
    described : metadata of the page, without the basemaps
    layers : the layers of the map, the lowest first
    tiles : basemaps of the map, which a reader may turn on
    """

    parts = ", QJMap.frame, QJMap.picture"

    def __init__(self, described: dict[str, Any], layers: Sequence[MapLayer], tiles: Sequence[Basemap] = ()) -> None:
        super().__init__(layers, tiles)
        self.described = described

    def metadata(self) -> dict[str, Any]:
        """Return the metadata that the element was given."""
        return self.described


class Shell(_PageShell):
    """Last element of the map of an atlas: it adds tables, metadata and the import worker to the page and starts the application.

    Parameters
    ----------
    atlas : the atlas that is shown
    layers : its layers on the map, the lowest first
    tiles : basemaps of the map, which a reader may turn on
    view : the view with which the page opens; by default the main view of the project's settings
    changes : what changed since an earlier edition, as `diff.page_changes` returns it; {} for an atlas that is not compared
    """

    def __init__(
        self, atlas: Atlas, layers: Sequence[MapLayer], tiles: Sequence[Basemap] = (), view: View | None = None,
        changes: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        super().__init__(layers, tiles)
        self.atlas, self.changes = atlas, changes
        self.view = view or atlas.project.settings.main_view()
        names = ["atlas", "board", "picture"]
        # The bundle of two editions adds a layer, which must exist before the legend's lines become buttons.
        names = ["editions", *names] if atlas.new else [*names, "editor"]
        names += ["figures"] if len(atlas.partnership_rows) else []
        self.parts = "".join(f", QJMap.{name}" for name in names)

    def render(self, **kwargs: Any) -> str:
        """Add the tables that no layer contains and the import worker to the figure, then render as `_PageShell` does; return ""."""
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
        """Return the metadata of the atlas, with the extent and the credits of its background."""
        grounds = [layer for layer in self.layers if isinstance(layer, Background)]
        extent = next(filter(None, (ground.extent() for ground in grounds)), None)
        credits = [credit for ground in grounds for credit in ground.credits]
        carried = any(ground.ground for ground in grounds)
        changes = {"changes": dict(self.changes)} if self.changes else {}
        return {**page_metadata(self.atlas, self.view, credits), "extent": extent, "ground": carried, **changes}
