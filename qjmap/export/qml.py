"""Styles of layers as QML: symbols by value, labels from names. QGIS 3 reads QML in a GeoPackage's `layer_styles` and in projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from xml.etree import ElementTree as ET

from qjmap.export.legend import CLASSIFIED, Legend, Symbol
from qjmap.vocabulary import OTHER

_VERSION = "3.22.0"
"""Version of QGIS in whose format the styles are written; later versions read it."""
_SIZES: Mapping[str, float] = MappingProxyType(
    {"places": 1.6, "sites": 2.8, "partnerships": 0.5, "corridors": 1.0, "corridor_legs": 0.9}
)
"""Diameter of points or width of lines by layer, in millimetres."""
_SHAPES: Mapping[int, str] = MappingProxyType(
    {4: "square", 3: "triangle", 5: "pentagon", 6: "hexagon", 10: "star", 12: "cross_fill"}
)
"""Number of vertices of a shape -> name of QGIS's simple marker."""
_LABEL_COLORS: Mapping[str, str] = MappingProxyType({"places": "#545C63"})
_FONT = "Noto Sans CJK SC"


def qml(layer: str, legend: Legend) -> str:
    """Return the style of a layer as a QML document."""
    root = ET.Element("qgis", {"version": _VERSION, "styleCategories": "Symbology|Labeling", "labelsEnabled": "1"})
    root.extend(style_elements(layer, legend))
    ET.indent(root, " ")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(root, encoding="unicode") + "\n"


def style_elements(layer: str, legend: Legend) -> list[ET.Element]:
    """Return the renderer and the labels of a layer, as elements of a QML document or of a project's layer."""
    return [_renderer(layer, legend.symbols(layer)), _labels(layer)]


def _renderer(layer: str, symbols: Sequence[Symbol]) -> ET.Element:
    """Return a categorized renderer: one class for each value, and one for all others."""
    column = CLASSIFIED[layer]
    renderer = ET.Element(
        "renderer-v2",
        {"type": "categorizedSymbol", "attr": column, "enableorderby": "0", "forceraster": "0", "symbollevels": "0"},
    )
    categories = ET.SubElement(renderer, "categories")
    drawn = ET.SubElement(renderer, "symbols")
    for number, symbol in enumerate(symbols):
        value = "" if symbol.value == OTHER else symbol.value
        attributes = {"value": value, "symbol": str(number), "label": symbol.label, "render": "true", "type": "string"}
        ET.SubElement(categories, "category", attributes)
        drawn.append(_symbol(layer, str(number), symbol))
    return renderer


def _symbol(layer: str, name: str, symbol: Symbol) -> ET.Element:
    is_line = layer not in ("places", "sites")
    element = ET.Element(
        "symbol", {"type": "line" if is_line else "marker", "name": name, "alpha": "1", "clip_to_extent": "1"}
    )
    kind = "SimpleLine" if is_line else "SimpleMarker"
    part = ET.SubElement(element, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    options = _line(layer, symbol) if is_line else _marker(layer, symbol)
    part.append(_options(options))
    return element


def _line(layer: str, symbol: Symbol) -> dict[str, str]:
    return {
        "line_color": _rgba(symbol.color), "line_width": f"{_SIZES[layer]}", "line_width_unit": "MM",
        "line_style": "dash" if symbol.dashed else "solid", "capstyle": "round", "joinstyle": "round",
    }  # fmt: skip


def _marker(layer: str, symbol: Symbol) -> dict[str, str]:
    shape = _SHAPES.get(len(symbol.outline), "diamond") if symbol.outline else "circle"
    if symbol.outline and len(symbol.outline) == 4 and symbol.outline[0][0] == 0:
        shape = "diamond"
    return {
        "name": shape, "color": _rgba(symbol.color), "outline_color": "255,255,255,255", "outline_width": "0.3",
        "size": f"{_SIZES[layer]}", "size_unit": "MM",
    }  # fmt: skip


def _labels(layer: str) -> ET.Element:
    """Return the labelling of a layer by name (legs by that of their corridor); labels of places are larger."""
    labeling = ET.Element("labeling", {"type": "simple"})
    settings = ET.SubElement(labeling, "settings", {"calloutType": "simple"})
    field = "corridor_name" if layer == "corridor_legs" else "name"
    style = {
        "fieldName": field, "fontFamily": _FONT, "fontSize": "9" if layer == "places" else "8", "fontSizeUnit": "Point",
        "textColor": _rgba(_LABEL_COLORS.get(layer, "#22282D")), "isExpression": "0", "namedStyle": "Regular",
    }  # fmt: skip
    text = ET.SubElement(settings, "text-style", style)
    buffer = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferColor": "251,250,246,255"}
    ET.SubElement(text, "text-buffer", buffer)
    is_line = layer not in ("places", "sites")
    placement = {"placement": "2", "placementFlags": "10"} if is_line else {"placement": "6", "dist": "1"}
    ET.SubElement(settings, "placement", {**placement, "priority": "7" if layer == "places" else "4"})
    ET.SubElement(settings, "rendering", {"obstacle": "1", "mergeLines": "1" if is_line else "0", "displayAll": "0"})
    return labeling


def _options(options: Mapping[str, str]) -> ET.Element:
    element = ET.Element("Option", {"type": "Map"})
    for name, value in sorted(options.items()):
        ET.SubElement(element, "Option", {"type": "QString", "name": name, "value": value})
    return element


def _rgba(color: str) -> str:
    return ",".join([*(str(int(color[at : at + 2], 16)) for at in (1, 3, 5)), "255"])
