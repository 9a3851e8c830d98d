"""What stands around the map: every row of every table for search, panel and list, and what the page must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from qjmap import pinyin
from qjmap._version import __version__
from qjmap.errors import UsageError
from qjmap.export.rows import attribution, columns
from qjmap.layers import Background as Ground
from qjmap.layers import MapLayer
from qjmap.layers.base import Raw, asset, root_figure, sheet_element
from qjmap.layers.sheets import table_sheet
from qjmap.layers.sites import symbols
from qjmap.messages import text, texts, vocab
from qjmap.model import Atlas
from qjmap.page import entrance
from qjmap.payload import script_json
from qjmap.project import View
from qjmap.routes import distances_km
from qjmap.tables import columns as cols
from qjmap.ties import Ties, ties_meta
from qjmap.tiles import Background
from qjmap.web import bundle

_VIEW_MARGIN = 0.04
"""Margin of the opening view around the places it must hold, as a share of its size."""


BEFORE_MAP = "QJMap.page.rememberMarkup();\n"
"""Keeps the page's markup as it was written, for who saves it with rows of their own."""


def page_scripts() -> list[str]:
    """The page's own scripts, to stand behind that of the layers."""
    return [bundle("page")]


_STYLES = (
    "base",
    "stage",
    "search",
    "side",
    "filters",
    "panel",
    "legend",
    "take",
    "drop",
    "far",
    "arcs",
    "list",
    "matrix",
    "foot",
    "time",
    "phone",
    "sizes",
    "print",
)
"""The page's style sheets in their order; later ones may overrule earlier ones."""


def page_styles() -> list[str]:
    """The page's own styles, as one: a policy with few hashes stays readable."""
    return ["\n".join(asset(f"page/styles/{name}.css") for name in _STYLES)]


class Shell(Raw):
    """The last element of an atlas's map: starts the page when the layers are there.

    Parameters
    ----------
    atlas : the atlas that is shown
    layers : its layers on the map, lowest first
    tiles : online backgrounds on the map that a reader may turn on
    view : how the page begins; by default as the project's settings say
    """

    def __init__(
        self, atlas: Atlas, layers: Sequence[MapLayer], tiles: Sequence[Background] = (), view: View | None = None
    ) -> None:
        super().__init__("")
        self._name = "qjmap_shell"
        self.atlas, self.layers, self.tiles = atlas, layers, tiles
        self.view = view or atlas.project.settings.main_view()

    def render(self, **kwargs: Any) -> str:
        """Adds the tables, the settings and the start of the page to the figure."""
        figure, parent = root_figure(self), self._parent
        if parent is None:
            raise UsageError("map-root")
        carried = {layer.table for layer in self.layers}
        for name, frame in self.atlas.kept_tables().items():
            if name not in carried:
                element = sheet_element(f"qjmap-table-{name}", table_sheet(name, frame), table=name)
                figure.html.add_child(element, name=f"qjmap:table:{name}")
        figure.html.add_child(
            Raw(f'<script type="text/plain" id="qjmap-entrance">{entrance.packed()}</script>'), name="qjmap:entrance"
        )
        drafts = '<script type="application/json" id="qjmap-drafts">[]</script>'
        figure.html.add_child(Raw(drafts), name="qjmap:drafts")
        meta = f'<script type="application/json" id="qjmap-meta">{script_json(self._meta())}</script>'
        figure.html.add_child(Raw(meta), name="qjmap:meta")
        layers = ", ".join(layer.get_name() for layer in self.layers)
        tiles = ", ".join(f"[{', '.join(layer.get_name() for layer in tile.layers)}]" for tile in self.tiles)
        figure.script.add_child(
            Raw(
                f'QJMap.page.openPage({parent.get_name()}, [{layers}], document.getElementById("qjmap-meta"), '
                f'"script[data-table]", [{tiles}]);'
            ),
            name="qjmap:shell",
        )
        return ""

    def _meta(self) -> dict[str, Any]:
        tiles = [{"name": one.name, "attribution": one.attribution, "foreign": one.foreign} for one in self.tiles]
        extents = [layer.extent() for layer in self.layers if isinstance(layer, Ground)]
        return {**page_meta(self.atlas, self.view), "tiles": tiles, "extent": next(filter(None, extents), None)}


def page_meta(atlas: Atlas, begins: View) -> dict[str, Any]:
    """Settings, texts and how the page begins."""
    settings = atlas.project.settings
    view, far = opening(atlas, begins.opening)
    return {
        "version": __version__,
        "id": begins.id,
        "title": {"zh": begins.title, "en": begins.title_en or begins.title},
        "language": begins.language,
        "start": {
            "layers": list(begins.layers),
            "filter": {name: list(values) for name, values in begins.filter.items()},
        },
        "as_of": settings.as_of,
        "review_number": settings.review_number,
        "home": settings.home,
        "region": settings.region,
        "view": view,
        "far": far,
        "ties": ties_meta(Ties(atlas)),
        "time": dated(atlas),
        "attribution": [
            {"zh": zh, "en": en}
            for zh, en in (*sampled(atlas), *((line, line) for line in attribution(atlas)), *settings.attribution)
        ],
        "texts": texts("page"),
        "vocab": vocab(),
        "symbols": symbols(),
        "pinyin": pinyin.restricted(pinyin.characters(_searched(atlas))),
        "columns": {name: columns(name, frame) for name, frame in atlas.kept_layers().items()},
    }


def sampled(atlas: Atlas) -> list[tuple[str, str]]:
    """What a page that holds only some of the sites says of it, wherever it names its sources."""
    if atlas.beyond is None:
        return []
    counts = {"shown": f"{len(atlas.site_rows):,}", "total": f"{atlas.beyond.rows:,}"}
    return [(text("sample", "zh", **counts), text("sample", "en", **counts))]


def dated(atlas: Atlas) -> dict[str, int]:
    """How many sites, partnerships and corridors have a date, and the first and last year of those dates."""
    count, years = 0, set[int]()
    for frame in (atlas.site_rows, atlas.partnerships, atlas.corridors):
        start, end = cols.column(frame, "start"), cols.column(frame, "end")
        count += int((~cols.empty(start) | ~cols.empty(end)).sum())
        years.update(int(date[:4]) for column in (start, end) for date in cols.distinct(column) if date)
    return {"dated": count, "first": min(years, default=0), "last": max(years, default=0)}


def _searched(atlas: Atlas) -> Iterator[str]:
    """Every text that a reader may find by pinyin, many in one."""
    for frame in atlas.kept_tables().values():
        for column in ("name", "title", "address", "publisher"):
            if column in frame:
                yield from cols.pieces(cols.column(frame, column))
        if "aliases" in frame:
            yield "".join(chain.from_iterable(frame["aliases"]))


def opening(atlas: Atlas, ids: Sequence[str] = ()) -> tuple[list[list[float]], list[dict[str, Any]]]:
    """The opening view as [[south, west], [north, east]], and the partners outside it with their distance from home."""
    points = {
        one: (point.x, point.y)
        for one, point in zip(atlas.places["id"], atlas.places.geometry, strict=True)
        if point is not None
    }
    partners = dict.fromkeys(party for parties in atlas.partnerships["parties"] for party in parties if party in points)
    chosen = [one for one in ids or atlas.project.settings.opening if one in points] or list(partners) or list(points)
    if not chosen:
        return [[18.0, 73.0], [54.0, 135.0]], []
    held = np.array([points[one] for one in chosen])
    west, south = held.min(axis=0)
    east, north = held.max(axis=0)
    margin = _VIEW_MARGIN * max(east - west, north - south, 0.5)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    home = points.get(atlas.project.settings.home)
    outside = [one for one in partners if not (west <= points[one][0] <= east and south <= points[one][1] <= north)]
    if home is None or not outside:
        return _rounded(south, west, north, east), []
    away = np.array([points[one] for one in outside])
    kilometres = distances_km(np.broadcast_to(np.array(home), away.shape), away)
    far = [
        {"id": one, "lon": round(points[one][0], 6), "lat": round(points[one][1], 6), "km": round(float(km))}
        for one, km in zip(outside, kilometres, strict=True)
    ]
    return _rounded(south, west, north, east), far


def _rounded(south: float, west: float, north: float, east: float) -> list[list[float]]:
    return [[round(float(south), 5), round(float(west), 5)], [round(float(north), 5), round(float(east), 5)]]
