"""Check the arguments that explore() shares with `GeoDataFrame.explore`. Errors name the argument or key that is not supported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from qjmap.errors import UsageError
from qjmap.frames.colours import Painting
from qjmap.frames.palettes import checked

_STYLE = ("color", "weight", "opacity", "stroke", "fill", "fillColor", "fillOpacity")
"""Keys of a style that are supported, as Leaflet names them."""
_ALLOWED = {
    "style_kwds": (*_STYLE, "style_function"),
    "highlight_kwds": _STYLE,
    "marker_kwds": ("radius", "fill", "weight"),
    "missing_kwds": ("color", "label"),
    "tooltip_kwds": ("aliases", "labels", "localize", "sticky"),
    "popup_kwds": ("aliases", "labels", "localize"),
    "legend_kwds": ("caption", "labels", "colorbar", "fmt", "interval", "max_labels"),
}
Keywords = Mapping[str, Mapping[str, Any]]
"""The arguments ``style_kwds``, ``marker_kwds`` and so on of explore(), by name."""
_MAP_OPTIONS = ("location", "zoom_start", "min_zoom", "max_zoom", "width", "height")
_MARKERS = (None, "circle_marker", "circle", "marker")


@dataclass(frozen=True)
class Look:
    """Style of a layer, apart from the colours of rows.

    Attributes
    ----------
    style : base style of all rows, with Leaflet's names of keys.
    function : function that takes a row as a GeoJSON feature without geometry (dict) and returns its style; None if there is none.
    highlight : style of the row under the pointer; None if it is not highlighted.
    radius : radius of points, in pixels unless `in_metres`.
    in_metres : whether `radius` is in metres.
    """

    style: Mapping[str, Any] = field(default_factory=dict)
    function: Callable[[Any], Mapping[str, Any]] | None = None
    highlight: Mapping[str, Any] | None = field(default_factory=dict)
    radius: float = 5.0
    in_metres: bool = False


def checked_keywords(given: Mapping[str, Mapping[str, Any] | None]) -> dict[str, dict[str, Any]]:
    """Return the ``*_kwds`` arguments of explore() as dicts, {} for None.

    Raises
    ------
    UsageError : a key is not supported; the message names those that are.
    """
    keywords: dict[str, dict[str, Any]] = {}
    for name, values in given.items():
        values = dict(values or {})
        for key in values:
            if key not in _ALLOWED.get(name, (key,)):
                raise UsageError("frame-unsupported", name=f"{name}[{key!r}]", allowed=", ".join(_ALLOWED[name]))
        keywords[name] = values
    return keywords


def refuse_unknown(given: Mapping[str, Any], known: Sequence[str]) -> None:
    """Raise UsageError if ``given``, the keyword arguments that explore() does not have, is not empty; the message lists ``known``."""
    for name in given:
        raise UsageError("frame-unsupported", name=name, allowed=", ".join(known))


def look_of(marker_type: Any, keywords: Keywords, highlight: bool) -> Look:
    """Return the style of a layer from the arguments of explore().

    Parameters
    ----------
    marker_type : None, "circle_marker" or "marker" (radius in pixels), or "circle" (radius in metres).
    keywords : the arguments as `checked_keywords` returns them.
    highlight : whether the row under the pointer is highlighted.

    Raises
    ------
    UsageError : the marker type is not supported, the style function is none, or a colour is unknown.
    ValueError, TypeError : a value must be a number and is none.
    """
    if marker_type not in _MARKERS:
        raise UsageError(
            "frame-unsupported", name=f"marker_type={marker_type!r}", allowed="circle_marker, circle, marker"
        )
    style = dict(keywords["style_kwds"])
    function = style.pop("style_function", None)
    if function is not None and not callable(function):
        name = "style_kwds['style_function']"
        raise UsageError("frame-argument", name=name, value=str(function), allowed="a function")
    marker = keywords["marker_kwds"]
    radius = float(marker.get("radius", 50.0 if marker_type == "circle" else 5.0))
    for key in ("fill", "weight"):
        if key in marker:
            style[key] = marker[key]
    return Look(
        _style(style),
        function,
        _style(keywords["highlight_kwds"]) if highlight else None,
        radius,
        marker_type == "circle",
    )


def _style(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the supported keys of a style, with colours checked and numbers as floats; keys whose value is None are left out.

    Raises
    ------
    UsageError : a colour is unknown.
    ValueError, TypeError : a value must be a number and is none.
    """
    style: dict[str, Any] = {}
    for key in _STYLE:
        if key in values and values[key] is not None:
            value = values[key]
            style[key] = (
                checked(value)
                if key in ("color", "fillColor")
                else bool(value)
                if key in ("fill", "stroke")
                else float(value)
            )
    return style


def styles_of(painting: Painting, look: Look, frame: pd.DataFrame) -> tuple[Painting, list[dict[str, Any]]]:
    """Combine the colour of each row with the style that the layer's style function gives it.

    The base style of `look` is not included.

    Parameters
    ----------
    frame : rows of the layer; the style function is called once for each, with the row as a GeoJSON feature without geometry, whose id is
        the label of the row in the index; an index with a name is one of the properties.

    Returns
    -------
    painting : as given, but its codes are indices of the rows' styles in `styles`.
    styles : the distinct styles: "fillColor", and the supported keys that the style function returns, which override it.

    Raises
    ------
    UsageError : the style function returns an unknown colour or key, or more than 65,535 distinct styles.
    ValueError, TypeError : the style function returns None, or a value that must be a number and is none.
    """
    base = [{} if "fillColor" in look.style else {"fillColor": colour} for colour in painting.colours]
    if look.function is None:
        return painting, base
    numbers: dict[tuple[Any, ...], int] = {}
    styles: list[dict[str, Any]] = []
    codes = np.zeros(len(painting.codes), dtype=np.int64)
    names, index = [str(name) for name in frame.columns], frame.index
    rows = zip(frame.itertuples(index=False, name=None), index, painting.codes.tolist(), strict=True)
    for row, (values, label, code) in enumerate(rows):
        properties = dict(zip(names, values, strict=True))
        if index.name is not None:
            properties = {str(index.name): label, **properties}
        given = look.function({"id": str(label), "type": "Feature", "properties": properties})
        refuse_unknown({key: None for key in given if key not in _STYLE}, _STYLE)
        style = {**base[code], **_style(given)}
        key = tuple(sorted(style.items()))
        if key not in numbers:
            numbers[key] = len(styles)
            styles.append(style)
        codes[row] = numbers[key]
    if len(styles) > 0xFFFF:
        raise UsageError("frame-argument", name="style_function", value=str(len(styles)), allowed="65,535")
    return Painting(codes, painting.colours, painting.legend, painting.title, painting.classes), styles


def map_options(given: Mapping[str, Any] | None, width: Any, height: Any, control_scale: bool) -> dict[str, Any]:
    """Return the options of the folium map.

    Parameters
    ----------
    given : options by name; None for none. A width or height among them takes precedence over `width` and `height`.

    Raises
    ------
    UsageError : an option is not supported, or ``control_scale`` is False: a page always has a scale.
    """
    options = dict(given or {})
    for name in options:
        if name not in _MAP_OPTIONS:
            raise UsageError("frame-unsupported", name=f"map_kwds[{name!r}]", allowed=", ".join(_MAP_OPTIONS))
    if not control_scale:
        raise UsageError("frame-unsupported", name="control_scale=False", allowed="True")
    return {"width": width, "height": height, **options}


def tile_names(tiles: Any) -> list[str]:
    """Return the names of basemaps, given as texts or as providers of xyzservices: None, one of them, or several.

    Raises
    ------
    UsageError : one of several is neither a text nor a provider.
    TypeError : `tiles` is none of these and cannot be iterated over.
    """
    given = [] if tiles is None else [tiles] if isinstance(tiles, str) or hasattr(tiles, "build_url") else list(tiles)
    return [_tile_name(one) for one in given]


def _tile_name(one: Any) -> str:
    if isinstance(one, str):
        return "osm" if one == "OpenStreetMap" else one  # the default of geopandas
    if hasattr(one, "build_url") and "name" in one:
        return str(one["name"])
    raise UsageError("frame-unsupported", name=f"tiles={type(one).__name__}", allowed="osm, amap, tianditu, imagery")
