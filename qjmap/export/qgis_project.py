"""Make a QGIS project that shows the tables of a GeoPackage, styled and grouped as on the map: .qgs text or .qgz archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pyproj

from qjmap.export.legend import CLASSIFIED, Legend
from qjmap.export.qml import style_elements

_VERSION = "3.22.0"
_FRONT_TO_BACK = ("sites", "partnerships", "corridor_legs", "corridors", "places")
"""Layers in drawing order, the topmost first; tables without geometry follow them in the list."""
_HIDDEN = ("corridors",)
"""Layers that are off when the project opens: the legs show the same lines by mode of transport."""
_WGS84 = {
    "proj4": "+proj=longlat +datum=WGS84 +no_defs", "srsid": "3452", "srid": "4326", "authid": "EPSG:4326", "description": "WGS 84",
    "projectionacronym": "longlat", "ellipsoidacronym": "EPSG:7030", "geographicflag": "true",
}  # fmt: skip
_DATE = (1980, 1, 1, 0, 0, 0)
"""Date of the archive's entries, fixed so that the bytes are reproducible."""


def qgz(source: str, layers: Sequence[str], box: Sequence[float], legend: Legend) -> bytes:
    """Return the project as a .qgz archive; parameters as in `qgs`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("project.qgs", _DATE), qgs(source, layers, box, legend), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def qgs(source: str, layers: Sequence[str], box: Sequence[float], legend: Legend) -> str:
    """Return the project as the XML text of a .qgs file.

    Parameters
    ----------
    source : file name of the GeoPackage, in the same folder as the project.
    layers : names of its tables.
    box : west, south, east, north of the opening view, in WGS 84 degrees.
    legend : labels, symbols, title and credits.
    """
    ordered = sorted(layers, key=lambda name: (_FRONT_TO_BACK.index(name) if name in _FRONT_TO_BACK else 9, name))
    root = ET.Element("qgis", {"projectname": legend.title, "version": _VERSION})
    ET.SubElement(root, "title").text = legend.title
    _crs(ET.SubElement(root, "projectCrs"))
    tree = ET.SubElement(root, "layer-tree-group")
    for name in ordered:
        shown = "Qt::Unchecked" if name in _HIDDEN else "Qt::Checked"
        attributes = {"id": f"qjmap_{name}", "name": legend.table(name), "checked": shown, "expanded": "0",
                      "source": _datasource(source, name), "providerKey": "ogr"}  # fmt: skip
        ET.SubElement(tree, "layer-tree-layer", attributes)
    _canvas(root, box)
    made = ET.SubElement(root, "projectlayers")
    for name in ordered:
        made.append(_layer(source, name, legend))
    properties = ET.SubElement(root, "properties")
    paths = ET.SubElement(properties, "Paths")
    ET.SubElement(paths, "Absolute", {"type": "bool"}).text = "false"
    enabled = ET.SubElement(ET.SubElement(properties, "SpatialRefSys"), "ProjectionsEnabled", {"type": "int"})
    enabled.text = "1"
    metadata = ET.SubElement(root, "projectMetadata")
    ET.SubElement(metadata, "title").text = legend.title
    ET.SubElement(metadata, "abstract").text = "\n".join(legend.credits)
    ET.indent(root, " ")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(root, encoding="unicode") + "\n"


def _datasource(source: str, name: str) -> str:
    return f"./{source}|layername={name}"


def _crs(parent: ET.Element) -> None:
    reference = ET.SubElement(parent, "spatialrefsys", {"nativeFormat": "Wkt"})
    ET.SubElement(reference, "wkt").text = pyproj.CRS("EPSG:4326").to_wkt()
    for name, value in _WGS84.items():
        ET.SubElement(reference, name).text = value


def _canvas(root: ET.Element, box: Sequence[float]) -> None:
    canvas = ET.SubElement(root, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    ET.SubElement(canvas, "units").text = "degrees"
    _extent(canvas, box)
    ET.SubElement(canvas, "rotation").text = "0"
    _crs(ET.SubElement(canvas, "destinationsrs"))


def _extent(parent: ET.Element, box: Sequence[float]) -> None:
    extent = ET.SubElement(parent, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True):
        ET.SubElement(extent, name).text = repr(float(value))


def _layer(source: str, name: str, legend: Legend) -> ET.Element:
    """Return the element of a layer with its style; a table without geometry has no style."""
    is_layer = name in CLASSIFIED
    kind = ("Point" if name in ("places", "sites") else "Line") if is_layer else "No geometry"
    attributes = {
        "type": "vector",
        "geometry": kind,
        "simplifyDrawingHints": "1" if kind == "Line" else "0",
        "labelsEnabled": str(int(is_layer)),
    }
    element = ET.Element("maplayer", attributes)
    for tag, text in (
        ("id", f"qjmap_{name}"),
        ("datasource", _datasource(source, name)),
        ("layername", legend.table(name)),
    ):
        ET.SubElement(element, tag).text = text
    if is_layer:
        _crs(ET.SubElement(element, "srs"))
    ET.SubElement(element, "provider", {"encoding": "UTF-8"}).text = "ogr"
    if is_layer:
        element.extend(style_elements(name, legend))
    return element
