"""explore(): make a self-contained map page of any frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qjmap.basemaps import find_basemaps
from qjmap.errors import UsageError
from qjmap.frames.arguments import (
    Keywords,
    Look,
    checked_keywords,
    look_of,
    map_options,
    refuse_unknown,
    styles_of,
    tile_names,
)
from qjmap.frames.colours import MOST_WORDS, Painting, Scale, paint, plain
from qjmap.frames.convert_columns import Cells, cells_of
from qjmap.frames.geometry_arrays import FINEST
from qjmap.frames.page import Drawn, Heading, add_layer, add_to_plain_map, bounds_of, new_map
from qjmap.frames.payload import layer_payload
from qjmap.frames.read_frame import FrameLayer, read_layers
from qjmap.frames.table_view import Choice, TableView, describe
from qjmap.i18n import text
from qjmap.layers import Features
from qjmap.page import PageMap

_OURS = (
    "name", "search", "filters", "time", "table", "label", "title", "datum", "language", "ground", "precision", "save",
)  # fmt: skip


def explore(  # noqa: PLR0913 - the arguments of GeoDataFrame.explore, and our own
    data: Any, column: Any = None, cmap: Any = None, color: Any = None, m: Any = None, tiles: Any = None, attr: str | None = None,
    tooltip: Any = True, popup: Any = None, highlight: bool = True, categorical: bool = False, legend: bool = True,
    scheme: str | None = None, k: int = 5, vmin: float | None = None, vmax: float | None = None, width: Any = "100%", height: Any = "100%",
    categories: Sequence[Any] | None = None, classification_kwds: Mapping[str, Any] | None = None, control_scale: bool = True,
    marker_type: Any = None, marker_kwds: Mapping[str, Any] | None = None, style_kwds: Mapping[str, Any] | None = None,
    highlight_kwds: Mapping[str, Any] | None = None, missing_kwds: Mapping[str, Any] | None = None,
    tooltip_kwds: Mapping[str, Any] | None = None, popup_kwds: Mapping[str, Any] | None = None,
    legend_kwds: Mapping[str, Any] | None = None, map_kwds: Mapping[str, Any] | None = None, *,
    name: str | None = None, search: Any = True, filters: Any = "auto", time: Any = None, table: bool = True, label: Any = None,
    title: str | None = None, datum: str | None = None, language: str | None = None, ground: Any = True,
    precision: float | None = None, save: str | Path | None = None, **kwargs: Any,
) -> Any:  # fmt: skip
    """Return a page of any frame: a map with search, filters, a list and a panel, which opens without a network.

    The parameters up to `map_kwds` have the names and meanings of `geopandas.GeoDataFrame.explore`, with three differences: `tiles` is
    None by default, so that nothing is loaded; `tooltip=True` shows at most eight columns (the panel shows all); `popup=None` opens the
    panel.

    Parameters
    ----------
    data
        GeoDataFrame, GeoSeries, DataFrame with longitude and latitude, GeoJSON features, or a dict (name -> frame) or list of these, which
        become layers. Any CRS is reprojected to WGS 84 (EPSG:4326); EPSG:4490 is used without transformation.
    column : name of the column by whose values rows are coloured, or an array of one value per row.
    cmap : palette: a name (viridis, YlOrRd_r), a list of colours, or a colormap.
    color : one colour, one colour per row, or the name of a column of colours.
    m : map returned by explore(), to which a layer is added; or any folium.Map or FeatureGroup, which gets the layer without panel and list.
    tiles : names of online basemaps (or providers of xyzservices) that a reader may turn on; see `qjmap build --tiles`.
    tooltip, popup : True, False, a number of columns, or names of columns.
    categorical, categories : whether to colour numbers as categories; the order of the categories.
    scheme, k, classification_kwds : classification of numbers: Quantiles, EqualInterval, UserDefined, or any scheme of mapclassify.
    name : name of the layers that have no name of their own.
    search : True to search all columns of texts, names of columns, or False.
    filters : "auto" to filter by every suitable column whose values differ, names of columns, or False.
    time : column of dates, or (start, end), for the time bar; its filter comes first.
    table : whether the page has the list of rows.
    label : column or columns with the names of the rows.
    title : title of the page; by default the name of the first named layer.
    datum : datum of the coordinates: "gcj02", "bd09", "wgs84" or "cgcs2000"; None for the one that the headers of longitude and latitude
        state, else WGS 84.
    language : "zh" or "en"; if None, determined from the names of the columns.
    ground : True for the background in the package, False for none, or frames by name as `qjmap.layers.Background` takes them.
    precision : precision of coordinates in metres, at least 0.02; by default 0.1, or 1 for layers of large shapes.
    save : path of a file to which the page is also written.

    Returns
    -------
    A folium.Map, which a notebook displays, with ``save(path)``, ``to_html()`` and ``notes`` (texts on how positions were read); `m` itself
    if it is given.

    Raises
    ------
    TypeError : `data` or `m` is of no supported type.
    ValueError, TypeError : a value of a style is not a number.
    UsageError : coordinates in metres without a CRS, no positions at all, or an argument or value that is not supported; the message states
        the cure.
    """
    refuse_unknown(kwargs, _OURS)
    _check(precision, attr, language)
    keywords = checked_keywords({
        "style_kwds": style_kwds, "highlight_kwds": highlight_kwds, "marker_kwds": marker_kwds, "missing_kwds": missing_kwds,
        "tooltip_kwds": tooltip_kwds, "popup_kwds": popup_kwds, "legend_kwds": legend_kwds,
    })  # fmt: skip
    scale = Scale(
        cmap, categorical, scheme, k, vmin, vmax, categories, dict(classification_kwds or {}), keywords["missing_kwds"],
        keywords["legend_kwds"].get("labels"), int(keywords["legend_kwds"].get("max_labels", MOST_WORDS)),
        str(keywords["legend_kwds"].get("fmt") or ""),
    )  # fmt: skip
    read = read_layers(data, datum=datum)
    page = m if isinstance(m, PageMap) else None
    if page is not None and page.setting is None:
        raise UsageError("frame-atlas-map")
    page_language = language or (page.language if page else _language_of(read))
    request = _Request(
        column, color, scale, look_of(marker_type, keywords, highlight), keywords, Choice(search, filters, time, label, tooltip, popup),
        legend, precision, page_language,
    )  # fmt: skip
    first = len(page.drawn) if page else 0
    titles = _titles(read, name, page_language, first)
    drawn = [_drawn(layer, number, titles[number - first], request) for number, layer in enumerate(read, first)]
    if m is not None and page is None:
        for one in drawn:
            add_to_plain_map(one.element, m)
        if save is not None:
            m.get_root().save(str(save))
        return m
    if page is None:
        heading = Heading(
            title or next(filter(None, titles), "") or text("explore.title", page_language), page_language, table
        )
        options = map_options(map_kwds, width, height, control_scale)
        bounds = bounds_of([one.view for one in drawn])
        page = new_map(heading, ground, find_basemaps(tile_names(tiles)), options, bounds)
    for one in drawn:
        add_layer(page, one)
    if save is not None:
        page.save(save)
    return page


@dataclass(frozen=True)
class _Request:
    """The arguments of explore() that apply to each of its layers.

    Attributes
    ----------
    column, color, legend, precision : as in `explore`.
    keywords : the ``*_kwds`` arguments by name.
    language : language of the page, "zh" or "en".
    """

    column: Any
    color: Any
    scale: Scale
    look: Look
    keywords: Keywords
    choice: Choice
    legend: bool
    precision: float | None
    language: str


def _check(precision: float | None, attr: str | None, language: str | None) -> None:
    if precision is not None and not precision >= FINEST:
        raise UsageError("frame-argument", name="precision", value=str(precision), allowed=f">= {FINEST} m")
    if attr is not None:
        raise UsageError("frame-unsupported", name="attr", allowed="tiles")
    if language not in (None, "zh", "en"):
        raise UsageError("frame-argument", name="language", value=str(language), allowed="zh, en")


def _language_of(read: Sequence[FrameLayer]) -> str:
    """Return "zh" if the name of a column or layer has a Chinese character, else "en"."""
    names = [str(name) for layer in read for name in (layer.name, *layer.frame.columns)]
    return "zh" if any("\u3400" <= character <= "\u9fff" for name in names for character in name) else "en"


def _titles(read: Sequence[FrameLayer], name: str | None, language: str, first: int) -> list[str]:
    """Return the title of each layer: its own name, else `name`, else a numbered one if there are several layers, else "".

    Parameters
    ----------
    first : number of layers that the page has already.
    """
    several = len(read) > 1 or first > 0
    numbered = [
        text("explore.layer", language, number=first + number) if several else "" for number in range(1, len(read) + 1)
    ]
    return [layer.name or name or other for layer, other in zip(read, numbered, strict=True)]


def _drawn(layer: FrameLayer, number: int, title: str, request: _Request) -> Drawn:
    """Return a layer ready for the map: its folium element, the description of its table, and the title of its legend.

    Parameters
    ----------
    number : index of the layer on the page, which determines its name and default colour.
    """
    view = describe(layer, number, title, request.choice)
    painting, styles = styles_of(_painting(layer, view, number, request), request.look, layer.frame)
    if painting.classes is not None and request.legend:
        view.classes = (painting.title, *painting.classes)
    element = Features(
        view.name,
        partial(layer_payload, view, painting.codes, len(styles), request.precision),
        _drawing(view, painting, styles, request),
        name=title or text("explore.rows", request.language),
        language=request.language,
    )
    return Drawn(element, view, painting.title)


def _painting(layer: FrameLayer, view: TableView, number: int, request: _Request) -> Painting:
    rows, column, color = layer.shapes.rows, request.column, request.color
    if column is None:
        if color is None:
            color = request.look.style.get("fillColor", request.look.style.get("color"))
        named = isinstance(color, str) and color in [name for name in layer.frame.columns if isinstance(name, str)]
        return plain(rows, list(layer.frame[color]) if named else _aligned(color, layer, "color"), number)
    cells, title = _values(layer, view, column)
    return paint(cells, str(request.keywords["legend_kwds"].get("caption", title)), request.scale)


def _values(layer: FrameLayer, view: TableView, column: Any) -> tuple[Cells, str]:
    """Return the cells by whose values rows are coloured, and their name ("" for an array without one).

    Parameters
    ----------
    column : name of a column of the frame, or an array of one value per row; UsageError for any other name or length.
    """
    column_view = None if isinstance(column, (list, np.ndarray, pd.Series)) else view.find(column)
    if column_view is not None:
        return column_view.cells, str(column)
    if np.ndim(column) == 0:
        columns = [str(name) for name in layer.frame.columns]
        raise UsageError("frame-no-column", name=str(column), argument="column", columns=columns)
    if len(column) != layer.shapes.rows:
        raise UsageError("frame-length", name="column", length=len(column), rows=layer.shapes.rows)
    values = pd.Series(_aligned(column, layer, "column")).reset_index(drop=True)
    return cells_of(values), str(getattr(column, "name", None) or "")


def _aligned(values: Any, layer: FrameLayer, argument: str) -> Any:
    """Return a Series in the order of the rows of the layer, as an assignment to its frame aligns it by the index; other values as they are.

    Raise UsageError if its labels are not unique or not those of the frame.
    """
    index = layer.frame.index
    if not isinstance(values, pd.Series) or values.index.equals(index):
        return values
    found = values.index.get_indexer(index) if values.index.is_unique else np.empty(0, dtype=np.intp)
    if len(found) != len(index) or (found < 0).any():
        raise UsageError("frame-index", name=argument, rows=len(index))
    return values.iloc[found]


def _drawing(view: TableView, painting: Painting, styles: list[dict[str, Any]], request: _Request) -> dict[str, Any]:
    """Return the description of how the page draws the layer, in JSON types."""
    look, tooltip = request.look, request.keywords["tooltip_kwds"]
    entries = [{"text": one.text, "colour": one.colour, "values": one.values} for one in painting.legend]
    return {
        "title": view.title or text("explore.rows", request.language),
        "shape": view.layer.shapes.commonest(),
        "named": view.label is not None,
        "styles": styles,
        "style": dict(look.style),
        "highlight": None if look.highlight is None else dict(look.highlight),
        "radius": look.radius,
        "metres": look.in_metres,
        "legend": entries if request.legend else [],
        "choosable": view.classes is not None,
        "tooltip": view.tooltip,
        "aliases": _aliases(view, tooltip.get("aliases"), request.choice.tooltip),
        "labels": bool(tooltip.get("labels", True)),
        "popup": view.popup,
    }


def _aliases(view: TableView, given: Any, tooltip: Any) -> list[str]:
    """Return the labels of the columns in the tooltip; [] for their own names.

    Parameters
    ----------
    given : a label for each column in the tooltip, or with ``tooltip=True`` for each column of the frame, in their order; None for none.

    Raises
    ------
    UsageError : the number of labels is another one.
    """
    aliases = [str(one) for one in given] if given is not None else []
    if not aliases or len(aliases) == len(view.tooltip):
        return aliases
    own = [column.key for column in sorted(view.columns, key=lambda one: int(one.key[1:])) if column.source is not None]
    if tooltip is True and len(aliases) == len(own):
        label_of = dict(zip(own, aliases, strict=True))
        return [label_of[key] for key in view.tooltip]
    raise UsageError("frame-length", name="tooltip_kwds['aliases']", length=len(aliases), rows=len(view.tooltip))
