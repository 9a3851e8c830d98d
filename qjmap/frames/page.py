"""Make the page of frames: its folium map, its metadata, and the element that starts its scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium

from qjmap import layers, pinyin
from qjmap._version import __version__
from qjmap.basemaps import Basemap
from qjmap.frames.read_frame import Said
from qjmap.frames.table_view import CLASS, TableView
from qjmap.ground import ground_of
from qjmap.i18n import text, texts
from qjmap.page import Document, FrameShell, PageMap, offline_parts, page_scripts, page_styles

_LEAST = 0.004
"""Minimum extent of the first view in degrees: about 400 m."""
_MOST_ZOOM = 22
_ZOOM = 10
"""Zoom of a first view of which only the location is given, as in folium."""
_CHINA = [[18.0, 73.0], [54.0, 135.0]]
"""First view if no row has a position: south-west and north-east corner of China, latitude and longitude in degrees."""
_BEYOND = 0.25
"""How far a reader can move the map beyond the extent of the data, as a share of this extent."""


@dataclass(frozen=True)
class Drawn:
    """A layer on the map: its folium element, the description of its table, and the title of its legend ("" for the name of the layer)."""

    element: layers.Features
    view: TableView
    legend_title: str


@dataclass(frozen=True)
class Heading:
    """Title and language ("zh" or "en") of a page, and whether it has a list of rows."""

    title: str
    language: str
    has_list: bool = True


@dataclass(frozen=True)
class _Setting:
    """Settings that all layers of a page share: heading, background (None for none), the online basemaps that readers may turn on, and the
    latitude, longitude (degrees) and zoom of the first view; None to show all data.
    """

    heading: Heading
    background: layers.Background | None
    online: Sequence[Basemap]
    opening: tuple[float, float, float] | None = None


def new_map(heading: Heading, ground: Any, online: Sequence[Basemap], options: dict[str, Any], bounds: Any) -> PageMap:
    """Return a map with the background and the basemaps, without layers of data.

    Parameters
    ----------
    ground : True for the background in the package, False for none, or GeoDataFrames by name as `qjmap.layers.Background` takes them.
    online : basemaps that readers may turn on.
    options : options of `folium.Map`.
    bounds : west, south, east and north of the data in degrees; None if no row has a position.
    """
    defaults = {
        "tiles": None, "zoom_control": False, "attributionControl": False, "zoomSnap": 0.25, "zoomDelta": 0.5, "max_zoom": _MOST_ZOOM,
    }  # fmt: skip
    background = _ground(ground, heading.language, bounds)
    setting = _Setting(heading, background, online, _opening(options, bounds))
    m = PageMap(_pieces, heading.language, setting, **(defaults | options))
    for tiles in online:
        tiles.add_to(m)
    if background is not None:
        background.add_to(m)
    return m


def _opening(options: Mapping[str, Any], bounds: Any) -> tuple[float, float, float] | None:
    """Return latitude, longitude and zoom of the first view that the options of a map state; the middle of the data or `_ZOOM` for what only
    one of ``location`` and ``zoom_start`` states. None if they state neither.
    """
    zoom = options.get("zoom_start")
    location = options.get("location")
    if location is None and (zoom is None or bounds is None):
        return None
    lat, lon = location if location is not None else ((bounds[1] + bounds[3]) / 2, (bounds[0] + bounds[2]) / 2)
    return float(lat), float(lon), float(_ZOOM if zoom is None else zoom)


def _ground(ground: Any, language: str, bounds: Any) -> layers.Background | None:
    if ground is False or ground is None:
        return None
    if ground is True:
        return layers.Background({}, ground=ground_of("", (), bounds), language=language)
    return layers.Background(dict(ground), language=language)


def add_layer(m: PageMap, drawn: Drawn) -> None:
    """Add a layer on top of the others, and update the notes and the metadata of the page."""
    setting: _Setting = m.setting
    drawn.element.add_to(m)
    m.drawn.append(drawn)
    notes = [text(key, m.language, **params) for key, params in _said(m.drawn)]
    m.notes[:] = list(dict.fromkeys(notes))
    m._children.pop("qjmap_shell", None)
    below = [setting.background] if setting.background is not None else []
    elements = [*below, *(one.element for one in m.drawn)]
    m.add_child(FrameShell(_metadata(setting, m.drawn), elements, setting.online), name="qjmap_shell")


def _said(drawn: Sequence[Drawn]) -> list[Said]:
    return [said for one in drawn for said in one.view.layer.said]


def _pieces(m: PageMap) -> Iterator[str]:
    setting: _Setting = m.setting
    document = Document(
        title=setting.heading.title,
        language="zh-CN" if setting.heading.language == "zh" else "en",
        template="page/document.html.j2",
        styles=page_styles(frame=True),
        scripts=page_scripts(frame=True),
        image_origins=sorted({origin for one in setting.online for origin in one.origins}),
    )
    return offline_parts(m, document)


def _metadata(setting: _Setting, drawn: Sequence[Drawn]) -> dict[str, Any]:
    heading, background = setting.heading, setting.background
    views = [one.view for one in drawn]
    box = bounds_of(views)
    extent = background.extent() if background is not None and background.ground is not None else None
    credits = background.credits if background is not None else ()
    notes = [(text(key, "zh", **params), text(key, "en", **params)) for key, params in _said(drawn)]
    return {
        "version": __version__,
        "id": "map",
        "title": {"zh": heading.title, "en": heading.title},
        "language": heading.language,
        "start": {"layers": [], "filter": {}, **({"at": setting.opening} if setting.opening else {})},
        "as_of": "",
        "review_number": "",
        "home": "",
        "view": _first_view(box),
        "far": [],
        "attribution": [{"zh": zh, "en": en} for zh, en in dict.fromkeys((*notes, *credits))],
        "texts": {**texts("page"), **texts("explore"), **_table_texts(drawn)},
        "vocab": {},
        "pinyin": pinyin.restricted(pinyin.characters(_searched(views))),
        "tables": [{"name": view.name, "layer": True, "sources": False, "id": False} for view in views],
        "list": heading.has_list,
        "own": {view.name: view.own() for view in views},
        "facets": {view.name: [_class_facet(view)] for view in views if view.classes is not None},
        "heads": {view.name: {column.key: column.label for column in view.columns} for view in views},
        "columns": {view.name: [column.key for column in view.columns] for view in views},
        "extent": None if extent is None or box is None else _joined(extent, box),
        "ground": extent is not None,
        **({"time": time} if (time := _time_range(views)) is not None else {}),
    }


def _time_range(views: Sequence[TableView]) -> dict[str, Any] | None:
    """Return the metadata of the time bar, in JSON types; None if no table has dates.

    ``columns`` has the keys of the columns of start and end by table, ``dated`` the number of rows with a date, ``first`` and ``last`` the
    first and last year.
    """
    timed = {view.name: [column.key for column in view.times] for view in views if view.times}
    texts = [column.cells.values for view in views for column in view.times]
    years = [int(text[:4]) for values in texts for text in values if text]
    if not years:
        return None
    dated = sum(
        any(row) for view in views if view.times for row in zip(*(c.cells.values for c in view.times), strict=True)
    )
    return {"dated": dated, "first": min(years), "last": max(years), "columns": timed}


def bounds_of(views: Sequence[TableView]) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of all layers, in WGS 84 degrees; None if no row has a position."""
    boxes = [box for view in views if (box := view.layer.shapes.bounds()) is not None]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _first_view(box: Any) -> list[list[float]]:
    if box is None:
        return _CHINA
    west, south, east, north = box
    across, up = max(0.0, _LEAST - (east - west)) / 2, max(0.0, _LEAST - (north - south)) / 2
    return [[south - up, west - across], [north + up, east + across]]


def _joined(extent: Sequence[float], box: Sequence[float]) -> list[float]:
    """Return west, south, east and north of the background and of the data with a margin (`_BEYOND`), latitudes within ±85 degrees.

    Parameters
    ----------
    extent, box : west, south, east and north of the background and of the data, in degrees.
    """
    wide, high = _BEYOND * (box[2] - box[0]), _BEYOND * (box[3] - box[1])
    return [
        min(extent[0], box[0] - wide), max(-85.0, min(extent[1], box[1] - high)),
        max(extent[2], box[2] + wide), min(85.0, max(extent[3], box[3] + high)),
    ]  # fmt: skip


def _table_texts(drawn: Sequence[Drawn]) -> dict[str, dict[str, str]]:
    """Return the page's texts about the tables, key -> text by language: names of tables and of their rows, titles of legends."""
    table_texts = {
        key: texts("explore")["explore.search"] for key in ("search.placeholder", "filter.text", "list.filter")
    }
    table_texts["time.counts"] = texts("explore")["explore.time"]
    for one in drawn:
        name, title = one.view.name, one.view.title
        for key in ("table", "one"):
            table_texts[f"{key}.{name}"] = {
                "zh": title or text("explore.rows", "zh"),
                "en": title or text("explore.rows", "en"),
            }
        heading = one.legend_title or title
        table_texts[f"legend.title.{name}"] = {"zh": heading, "en": heading}
    return table_texts


def _class_facet(view: TableView) -> dict[str, Any]:
    title, names, _ = view.classes or ("", [], None)
    ranges = all("/" in name for name in names) and bool(names)
    kind = "number" if ranges else "word"
    return {
        "name": CLASS,
        "kind": kind,
        "unit": "",
        "label": {"zh": title, "en": title},
        "filter": CLASS,
        "hidden": True,
        "order": names,
        "table": view.name,
    }


def _searched(views: Sequence[TableView]) -> Iterator[str]:
    """Yield the texts in which a reader may search by pinyin: names of rows and cells of searched columns."""
    for view in views:
        yield "".join(view.names)
        for column in view.columns:
            if column.is_searched:
                yield "".join(value if isinstance(value, str) else "".join(value) for value in column.cells.values)


def add_to_plain_map(element: layers.Features, m: Any) -> Any:
    """Add a layer to a folium map or feature group, without the panel and list of a page, and return `m`.

    Raises
    ------
    TypeError : `m` is neither a folium.Map nor a folium.FeatureGroup.
    """
    if not isinstance(m, (folium.Map, folium.FeatureGroup)):
        raise TypeError(f"m must be a folium.Map or a folium.FeatureGroup, not {type(m).__name__}")
    element.table = ""
    element.add_to(m)
    return m
