"""Arguments of explore() that geopandas has: kept with their meaning, or refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from qjmap.errors import UsageError
from qjmap.frames.colours import Painting, checked

_STYLE = ("color", "weight", "opacity", "stroke", "fill", "fillColor", "fillOpacity")
"""Keys of a style that are kept, as Leaflet names them."""
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
"""The ``*_kwds`` of explore() by their names."""
_MAP_OPTIONS = ("location", "zoom_start", "min_zoom", "max_zoom", "width", "height")
_MARKERS = (None, "circle_marker", "circle", "marker")


@dataclass(frozen=True)
class Look:
    """How a layer is drawn, apart from its colours.

    Attributes
    ----------
    style : base style, as Leaflet names its keys.
    function : style of a row, given its feature; None for none.
    highlight : style of a row under the pointer; None where it does not change.
    radius, in_metres : of points, in pixels unless `in_metres`.
    """

    style: Mapping[str, Any] = field(default_factory=dict)
    function: Callable[[Any], Mapping[str, Any]] | None = None
    highlight: Mapping[str, Any] | None = field(default_factory=dict)
    radius: float = 5.0
    in_metres: bool = False


def checked_keywords(given: Mapping[str, Mapping[str, Any] | None]) -> dict[str, dict[str, Any]]:
    """Return the ``*_kwds`` of explore(); UsageError for a key that is not kept, which names those that are."""
    found: dict[str, dict[str, Any]] = {}
    for name, values in given.items():
        values = dict(values or {})
        for key in values:
            if key not in _ALLOWED.get(name, (key,)):
                raise UsageError("frame-unsupported", name=f"{name}[{key!r}]", allowed=", ".join(_ALLOWED[name]))
        found[name] = values
    return found


def refuse_unknown(given: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse keyword arguments that explore() does not have."""
    for name in given:
        raise UsageError("frame-unsupported", name=name, allowed=", ".join(known))


def look_of(marker_type: Any, keywords: Keywords, highlight: bool) -> Look:
    """Return how a layer is drawn."""
    if marker_type not in _MARKERS:
        raise UsageError(
            "frame-unsupported", name=f"marker_type={marker_type!r}", allowed="circle_marker, circle, marker"
        )
    style = dict(keywords["style_kwds"])
    function = style.pop("style_function", None)
    marker = keywords["marker_kwds"]
    radius = float(marker.get("radius", 50.0 if marker_type == "circle" else 5.0))
    for key in ("fill", "weight"):
        if key in marker:
            style[key] = marker[key]
    return Look(
        _style(style),
        function if callable(function) else None,
        _style(keywords["highlight_kwds"]) if highlight else None,
        radius,
        marker_type == "circle",
    )


def _style(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a style that are kept, with colours checked and numbers as floats."""
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
    """Return the colours of rows as codes of styles; a style function is called once for each row."""
    base = [{"fillColor": colour} for colour in painting.colours]
    if look.function is None:
        return painting, base
    numbers: dict[tuple[Any, ...], int] = {}
    styles: list[dict[str, Any]] = []
    codes = np.zeros(len(painting.codes), dtype=np.int64)
    names = [str(name) for name in frame.columns]
    for row, (values, code) in enumerate(
        zip(frame.itertuples(index=False, name=None), painting.codes.tolist(), strict=True)
    ):
        properties = dict(zip(names, values, strict=True))
        style = {**base[code], **_style(look.function({"id": str(row), "type": "Feature", "properties": properties}))}
        key = tuple(sorted(style.items()))
        if key not in numbers:
            numbers[key] = len(styles)
            styles.append(style)
        codes[row] = numbers[key]
    if len(styles) > 0xFFFF:
        raise UsageError("frame-argument", name="style_function", value=str(len(styles)), allowed="65,535")
    return Painting(codes, painting.colours, painting.legend, painting.title, painting.classes), styles


def map_options(given: Mapping[str, Any] | None, width: Any, height: Any, control_scale: bool) -> dict[str, Any]:
    """Return the options of the folium map; UsageError for one that the page has no use for. A page always has a scale."""
    options = dict(given or {})
    for name in options:
        if name not in _MAP_OPTIONS:
            raise UsageError("frame-unsupported", name=f"map_kwds[{name!r}]", allowed=", ".join(_MAP_OPTIONS))
    if not control_scale:
        raise UsageError("frame-unsupported", name="control_scale=False", allowed="True")
    return {"width": width, "height": height, **options}


def tile_names(tiles: Any) -> list[str]:
    """Return the names of basemaps: texts, or providers of xyzservices."""
    given = [] if tiles is None else [tiles] if isinstance(tiles, str) or hasattr(tiles, "build_url") else list(tiles)
    return [_tile_name(one) for one in given]


def _tile_name(one: Any) -> str:
    if isinstance(one, str):
        return one
    if hasattr(one, "build_url") and "name" in one:
        return str(one["name"])
    raise UsageError("frame-unsupported", name=f"tiles={type(one).__name__}", allowed="osm, amap, tianditu, imagery")
