"""Allowlist of the elements of a map that becomes an offline page; everything else in its figure is refused at once.

folium writes templates, variable names, option keys and `JsCode` into the page's script without escaping. Therefore only our
classes and those of a short list are allowed, by identity: neither by name nor as subclasses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

import folium
from branca.element import Element, Figure
from folium.elements import ElementAddToElement
from folium.utilities import JsCode

from qjmap.basemaps import DatumCorrection, origins
from qjmap.errors import UsageError, format_value
from qjmap.layers import ORDER, Features
from qjmap.layers.script_elements import Deferred, Raw, Script
from qjmap.page.app_scripts import FrameShell, Shell
from qjmap.page.page_map import PageMap

ALLOWED: tuple[type[Element], ...] = (
    folium.Map,
    folium.FeatureGroup,
    folium.PolyLine,
    folium.Polygon,
    folium.Rectangle,
    folium.Circle,
    folium.CircleMarker,
    folium.TileLayer,
    folium.FitBounds,
)
"""folium classes allowed besides our layers: they carry numbers and colours, and no HTML from a cell."""

_OURS: tuple[type[Element], ...] = (*ORDER, Features, Shell, FrameShell, DatumCorrection)
_DEFAULT_LINKS = frozenset({
    "leaflet", "jquery", "bootstrap", "awesome_markers", "leaflet_css", "bootstrap_css", "glyphicons_css",
    "awesome_markers_font_css", "awesome_markers_css", "awesome_rotate_css",
})  # fmt: skip
"""Scripts and styles that every folium map links to; the page carries Leaflet and needs none of the others."""
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ADD_CALL = re.compile("macro_element_[0-9a-f]{32}")
"""Name of the call that adds a rendered layer to the map, random on each rendering."""
_INLINE_SCHEMES = ("data:", "blob:")


def elements_of(element: Element) -> list[Element]:
    """The element and its descendants, parents first."""
    return [descendant for descendant, _ in _walk(element, "")]


def check_elements(m: Element, figure: Figure, image_origins: Sequence[str]) -> None:
    """Check every element of a map's figure.

    Parameters
    ----------
    m : the map, the one child of the figure
    image_origins : origins of tiles that the page's policy allows

    Raises
    ------
    UsageError
        An element could run text of a cell as script, or would be missing from the page. Names all such elements.
    """
    problems = Counter(_problems(m, figure, image_origins))
    if problems:
        lines = [
            f"{count} {what} ({where})" if count > 1 else f"{what} ({where})"
            for (what, where), count in problems.items()
        ]
        names = [{"zh": line, "en": line} for line in lines]
        raise UsageError("folium-class", names=names, allowed=[allowed.__name__ for allowed in ALLOWED])


def _problems(m: Element, figure: Figure, image_origins: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what is not allowed in a figure and where it is, once for each element that has it."""
    for child in figure._children.values():
        if child is not m:
            yield _name(child), "figure"
    elements = elements_of(m)
    # Elements that an earlier rendering has added to the figure; they are rendered again.
    rendered = (
        {element.get_name() for element in elements}
        | {f"{element._name}_includes" for element in elements}
        | _DEFAULT_LINKS
        | {"meta_http"}
    )
    for part in ("header", "html", "script"):
        for name, child in getattr(figure, part)._children.items():
            ours = type(child) in (Raw, Script, Deferred) and name.startswith("qjmap")
            if not ours and name not in rendered and not (type(child) is Element and _ADD_CALL.fullmatch(name)):
                yield _name(child), f"figure.{part}"
    for element, where in _walk(m, "figure"):
        if type(element) in _OURS or type(element) in (*ALLOWED, PageMap):
            yield from ((f"{_name(element)}: {what}", where) for what in _unsafe_settings(element, image_origins))
        elif not _is_add_call(element):
            yield _name(element), where


def _walk(element: Element, where: str) -> Iterator[tuple[Element, str]]:
    """Descendants of an element with the path of their parents."""
    yield element, where
    layer_name = getattr(element, "layer_name", "")
    parent = type(element).__name__ + (
        f" “{format_value(layer_name, 'en')}”" if layer_name not in ("", element.get_name()) else ""
    )
    for child in list(element._children.values()):
        yield from _walk(child, parent if where in ("", "figure") else f"{where} > {parent}")


def _name(element: Element) -> str:
    kind = type(element)
    is_familiar = kind.__module__.partition(".")[0] in ("folium", "branca", "qjmap")
    return kind.__name__ if is_familiar else f"{kind.__module__}.{kind.__qualname__}"


def _is_add_call(element: Element) -> bool:
    """Whether an element is the call that adds its parent to the map, which rendering a layer leaves behind."""
    layer = element._parent
    return (
        type(element) is ElementAddToElement
        and layer is not None
        and layer._parent is not None
        and element.element_name == layer.get_name()
        and element.element_parent_name == layer._parent.get_name()
        and "_template" not in vars(element)
        and not element._children
    )


def _unsafe_settings(element: Element, image_origins: Sequence[str]) -> Iterator[str]:
    """Settings of an element that folium would write as script, or that the page would drop or block."""
    if not _IDENTIFIER.fullmatch(element.get_name()):
        yield "_name"
    yield from sorted(
        name for name in vars(element) if callable(getattr(type(element), name, None)) or name == "_template"
    )
    if type(element) in _OURS:
        return
    yield from sorted(
        set(_unsafe_values(value for name, value in vars(element).items() if name not in ("_parent", "_children")))
    )
    if getattr(element, "includes", None):
        yield "include()"
    if isinstance(element, folium.Map):
        if not _IDENTIFIER.fullmatch(str(element.crs)):
            yield "crs"
        if element.objects_to_stay_in_front:
            yield "keep_in_front()"
        yield from (
            f"link {name}" for name, _ in (*element.default_js, *element.default_css) if name not in _DEFAULT_LINKS
        )
    if isinstance(element, folium.TileLayer):
        yield from _blocked_origins(element, image_origins)


def _unsafe_values(values: Iterable[Any]) -> Iterator[str]:
    """Kinds of values that folium writes into a script without escaping."""
    for value in values:
        if isinstance(value, JsCode):
            yield "JsCode"
        elif isinstance(value, dict):
            if not all(isinstance(key, str) and _IDENTIFIER.fullmatch(key) for key in value):
                yield "options"
            yield from _unsafe_values(value.values())
        elif isinstance(value, (list, tuple)):
            yield from _unsafe_values(value)


def _blocked_origins(layer: folium.TileLayer, image_origins: Sequence[str]) -> Iterator[str]:
    """Origins of a layer's tiles that the page's policy does not allow."""
    if not layer.tiles.startswith(_INLINE_SCHEMES):
        subdomains: Any = layer.options.get("subdomains", "")
        for origin in sorted(origins(layer.tiles, subdomains)):
            if not any(fnmatchcase(origin, allowed) for allowed in image_origins):
                yield origin if origin != "://" else layer.tiles
