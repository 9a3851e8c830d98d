"""What may stand on a map that becomes an offline page: everything else in its figure is refused, all at once, by name and place.

folium writes some of what it is given into the page's script as it stands: templates, names of variables, keys of options, `JsCode`.
So a class is admitted only when it is one of ours or of a short list, not when it has the name of one or descends from one.
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

from qjmap.errors import UsageError, shown
from qjmap.layers import ORDER
from qjmap.layers.base import Late, Raw, Script
from qjmap.page.shell import Shell
from qjmap.tiles import Correction, origins

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
"""folium classes that the offline page takes beside our layers: they carry numbers and colours, no HTML of a cell."""

_OURS: tuple[type[Element], ...] = (*ORDER, Shell, Correction)
_LINKS = frozenset({
    "leaflet", "jquery", "bootstrap", "awesome_markers", "leaflet_css", "bootstrap_css", "glyphicons_css",
    "awesome_markers_font_css", "awesome_markers_css", "awesome_rotate_css",
})  # fmt: skip
"""Names of the scripts and styles that every folium map links to; the page has Leaflet and needs none of the others."""
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ADDED = re.compile("macro_element_[0-9a-f]{32}")
"""The name under which a layer that was rendered has put itself on the map; a new one each time."""
_INLINE = ("data:", "blob:")


def elements_of(element: Element) -> list[Element]:
    """The element and all that stand in it, parents first."""
    return [one for one, _ in _walk(element, "")]


def refuse_others(m: Element, figure: Figure, image_origins: Sequence[str]) -> None:
    """Looks at the whole figure of a map.

    Parameters
    ----------
    m : the map, the one child of the figure
    image_origins : origins of tiles that the page's policy lets through

    Raises
    ------
    UsageError
        Something in the figure would run what a cell says, or would be missing from the page.
    """
    wrong = Counter(_wrong_in(m, figure, image_origins))
    if wrong:
        found = [f"{count} {what} ({where})" if count > 1 else f"{what} ({where})" for (what, where), count in wrong.items()]
        whole = [{"zh": one, "en": one} for one in found]
        raise UsageError("folium-class", names=whole, allowed=[one.__name__ for one in ALLOWED])


def _wrong_in(m: Element, figure: Figure, image_origins: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is wrong and where, once for each element it is wrong with."""
    for child in figure._children.values():
        if child is not m:
            yield _name(child), "figure"
    elements = elements_of(m)
    # A map that was shown before has put into the figure what rendering makes of it, under these names; it is made anew.
    made = {one.get_name() for one in elements} | {f"{one._name}_includes" for one in elements} | _LINKS | {"meta_http"}
    for part in ("header", "html", "script"):
        for name, child in getattr(figure, part)._children.items():
            ours = type(child) in (Raw, Script, Late) and name.startswith("qjmap")
            if not ours and name not in made and not (type(child) is Element and _ADDED.fullmatch(name)):
                yield _name(child), f"figure.{part}"
    for one, where in _walk(m, "figure"):
        if type(one) in _OURS or type(one) in ALLOWED:
            yield from ((f"{_name(one)}: {what}", where) for what in _unsafe(one, image_origins))
        elif not _is_added(one):
            yield _name(one), where


def _walk(element: Element, where: str) -> Iterator[tuple[Element, str]]:
    yield element, where
    called = getattr(element, "layer_name", "")
    inside = type(element).__name__ + (f" “{shown(called, 'en')}”" if called not in ("", element.get_name()) else "")
    for child in list(element._children.values()):
        yield from _walk(child, inside if where in ("", "figure") else f"{where} > {inside}")


def _name(element: Element) -> str:
    kind = type(element)
    known = kind.__module__.partition(".")[0] in ("folium", "branca", "qjmap")
    return kind.__name__ if known else f"{kind.__module__}.{kind.__qualname__}"


def _is_added(one: Element) -> bool:
    """Whether it is what rendering a layer leaves in it: the call that puts the layer on the map, and no other."""
    layer = one._parent
    return (
        type(one) is ElementAddToElement
        and layer is not None
        and layer._parent is not None
        and one.element_name == layer.get_name()
        and one.element_parent_name == layer._parent.get_name()
        and "_template" not in vars(one)
        and not one._children
    )


def _unsafe(one: Element, image_origins: Sequence[str]) -> Iterator[str]:
    """What of an element's settings folium would write as script, or the page would drop or block."""
    if not _IDENTIFIER.fullmatch(one.get_name()):
        yield "_name"
    yield from sorted(name for name in vars(one) if callable(getattr(type(one), name, None)) or name == "_template")
    if type(one) in _OURS:
        return
    yield from sorted(set(_scripted(value for name, value in vars(one).items() if name not in ("_parent", "_children"))))
    if getattr(one, "includes", None):
        yield "include()"
    if isinstance(one, folium.Map):
        if not _IDENTIFIER.fullmatch(str(one.crs)):
            yield "crs"
        if one.objects_to_stay_in_front:
            yield "keep_in_front()"
        yield from (f"link {name}" for name, _ in (*one.default_js, *one.default_css) if name not in _LINKS)
    if isinstance(one, folium.TileLayer):
        yield from _blocked(one, image_origins)


def _scripted(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, JsCode):
            yield "JsCode"
        elif isinstance(value, dict):
            if not all(isinstance(key, str) and _IDENTIFIER.fullmatch(key) for key in value):
                yield "options"
            yield from _scripted(value.values())
        elif isinstance(value, (list, tuple)):
            yield from _scripted(value)


def _blocked(layer: folium.TileLayer, image_origins: Sequence[str]) -> Iterator[str]:
    """The origins from which the page's policy lets no tile of the layer come."""
    if not layer.tiles.startswith(_INLINE):
        subdomains: Any = layer.options.get("subdomains", "")
        for origin in sorted(origins(layer.tiles, subdomains)):
            if not any(fnmatchcase(origin, allowed) for allowed in image_origins):
                yield origin if origin != "://" else layer.tiles
