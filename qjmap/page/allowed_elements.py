"""Allowlist of the elements of a map that becomes an offline page. A map with any other element is refused before it is rendered.

folium writes templates, variable names, option keys and `JsCode` into the script of a page without escaping. Only the classes of qjmap
and a short list of folium's classes are therefore allowed, and the class of an element must be one of them: no subclass passes.
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
from qjmap.layers.raw_elements import Deferred, Raw, Script
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
"""folium classes that are allowed besides the layers of qjmap: they carry numbers and colours, and no HTML from a cell."""

_OURS: tuple[type[Element], ...] = (*ORDER, Features, Shell, FrameShell, DatumCorrection)
_DEFAULT_LINKS = frozenset({
    "leaflet", "jquery", "bootstrap", "awesome_markers", "leaflet_css", "bootstrap_css", "glyphicons_css",
    "awesome_markers_font_css", "awesome_markers_css", "awesome_rotate_css",
})  # fmt: skip
"""Names of the scripts and styles that every folium map links to. The page carries Leaflet itself and needs none of the others."""
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ADD_CALL = re.compile("macro_element_[0-9a-f]{32}")
"""Name of the child that folium adds to a figure on rendering, and that adds a layer to the map in the script; it is random."""
_INLINE_SCHEMES = ("data:", "blob:")


def elements_of(element: Element) -> list[Element]:
    """Return an element and its descendants, parents before their children."""
    return [descendant for descendant, _ in _walk(element, "")]


def check_elements(m: Element, figure: Figure, image_origins: Sequence[str]) -> None:
    """Raise UsageError if a figure has elements that are not allowed; the error names all of them.

    Such elements could run the text of a cell as script, or would be missing from the page.

    Parameters
    ----------
    m : the map, which must be the only child of the figure
    image_origins : origins of tiles that the Content-Security-Policy of the page allows; a ``*`` matches any text
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
    """Yield (what is not allowed, where it is) for each element of a figure."""
    for child in figure._children.values():
        if child is not m:
            yield _name(child), "figure"
    elements = elements_of(m)
    # Names of elements that an earlier rendering has added to the figure; the next rendering adds them anew.
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
    """Yield an element and its descendants, parents first, each with the path of its parents as a message shows it.

    Parameters
    ----------
    where : path of the parents of `element`; "" or "figure" if it has none to show
    """
    yield element, where
    layer_name = getattr(element, "layer_name", "")
    parent = type(element).__name__ + (
        f" “{format_value(layer_name, 'en')}”" if layer_name not in ("", element.get_name()) else ""
    )
    for child in list(element._children.values()):
        yield from _walk(child, parent if where in ("", "figure") else f"{where} > {parent}")


def _name(element: Element) -> str:
    """Return the name of an element's class, with its module unless it belongs to folium, branca or qjmap."""
    kind = type(element)
    is_familiar = kind.__module__.partition(".")[0] in ("folium", "branca", "qjmap")
    return kind.__name__ if is_familiar else f"{kind.__module__}.{kind.__qualname__}"


def _is_add_call(element: Element) -> bool:
    """Return whether an element is the unchanged call that adds its parent to the map, which folium leaves behind after rendering."""
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
    """Yield the settings of an element that folium would write as script, or that the page would drop or block."""
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
    """Yield "JsCode" or "options" for each value, also in lists and dicts, that folium would write into a script without escaping."""
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
    """Yield the origins of a layer's tiles that the Content-Security-Policy of the page does not allow."""
    if not layer.tiles.startswith(_INLINE_SCHEMES):
        subdomains: Any = layer.options.get("subdomains", "")
        for origin in sorted(origins(layer.tiles, subdomains)):
            if not any(fnmatchcase(origin, allowed) for allowed in image_origins):
                yield origin if origin != "://" else layer.tiles
