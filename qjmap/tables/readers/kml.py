"""KML, plain or zipped (KMZ) -> a grid: every placemark of every folder, in file order. No link is followed."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

import shapely

from qjmap.errors import UsageError
from qjmap.schema import TABLES, Table
from qjmap.tables.readers.features_to_grid import Features, Point, is_export, unused_name
from qjmap.tables.readers.grid import Grid, other_layers_note
from qjmap.tables.readers.limits import check_limit
from qjmap.tables.readers.xml_tree import read_xml, text_of
from qjmap.tables.readers.zip_archive import Archive

_CONTAINERS = ("Document", "Folder")
_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model", "Track", "MultiTrack")
_LINKS = ("NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Tour")
_HTML_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_LINE_BREAKS = frozenset(("br", "p", "div", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "h4", "hr"))
_INVISIBLE = ("script", "style", "head", "title")


def read_kml(data: bytes, *, shown: str, table: Table | None = None) -> Grid:
    """Read the placemarks of a KML file; of one of our exports that holds several tables only those of `table`.

    A row has the placemark's name, description (as plain text), address, phoneNumber, its time as start and end, the names of its
    folders joined by " / ", and every Data and SimpleData under its own name. Styles are not read. By its standard KML is in WGS 84, but
    files from Chinese tools often are not, so no datum is stated.

    Raises
    ------
    UsageError : the errors of `read_xml`; it holds no placemark but a link to another file; its encoding is unclear, or a limit exceeded.
    """
    root, decoded = read_xml(data, "kml", shown=shown)
    features = Features(shown)
    folders: list[str] = []
    skipped: Counter[str] = Counter()
    schemas = {
        f"#{schema.get('id')}": [name for field in schema.iterfind("SimpleField") if (name := field.get("name"))]
        for schema in root.iter("Schema")
    }
    check_limit("columns", max(map(len, schemas.values()), default=0), shown=shown)
    own = f"#{table.name}" if table is not None and f"#{table.name}" in schemas and len(schemas) > 1 else ""
    for element, folder in _placemarks_and_links(root):
        if own and all(data.get("schemaUrl") != own for data in element.iterfind("ExtendedData/SchemaData")):
            continue
        if element.tag == "Placemark":
            _add_placemark(element, features, schemas)
            folders.append(folder)
        else:
            skipped[element.tag] += 1
    if not folders and skipped["NetworkLink"]:
        raise UsageError("kml-links-only", path=shown)
    column = unused_name(("folder", "文件夹", "kml_folder"), features.properties)
    is_own = any(name[1:] in TABLES for name in schemas)
    if not is_own and not is_export(name for row in features.properties for name in row):
        for standard, folder in zip(features.standard, folders, strict=True):
            standard |= {column: folder} if folder else {}
    features.warn_skipped(skipped)
    return features.to_grid(None, decoded)


def read_kmz(data: bytes, *, shown: str, table: Table | None = None) -> Grid:
    """Read the placemarks of a KMZ file: of doc.kml, else of the first .kml file in it.

    Raises
    ------
    UsageError : the errors of `Archive` and `read_kml`, or there is no .kml file in it.
    """
    with Archive(data, shown) as archive:
        names = [name for name in archive.names if name.lower().endswith(".kml")]
        if not names:
            raise UsageError("zip-nothing", path=shown, names=archive.names)
        member = next((name for name in names if name.lower() == "doc.kml"), names[0])
        grid = read_kml(archive.read(member), shown=shown, table=table)
    grid.notes[:0] = other_layers_note(shown, member, [name for name in names if name != member])
    return grid


def _placemarks_and_links(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield placemarks and links in file order, each with the names of its folders joined by " / ", without the outermost Document. There
    is no recursion, so nesting may be deep.
    """
    outermost = [child for child in root if child.tag in _CONTAINERS]
    stack: list[tuple[Iterator[Element], tuple[str, ...]]] = [(iter(root), ())]
    while stack:
        children, folders = stack[-1]
        element = next(children, None)
        if element is None:
            stack.pop()
        elif element.tag in _CONTAINERS:
            name = "" if element.tag == "Document" and element in outermost else text_of(element.find("name"))
            stack.append((iter(element), (*folders, name) if name else folders))
        elif element.tag == "Placemark" or element.tag in _LINKS:
            yield element, " / ".join(folders)


def _add_placemark(placemark: Element, features: Features, schemas: Mapping[str, list[str]]) -> None:
    """Add a placemark to the features. A MultiGeometry with one part counts as that part."""
    description = text_of(placemark.find("description"))
    is_own = any(data.get("schemaUrl", "")[1:] in TABLES for data in placemark.iterfind("ExtendedData/SchemaData"))
    standard = {
        "name": text_of(placemark.find("name")),
        "description": description if is_own else html_to_text(description),  # our exports hold plain text
        "address": text_of(placemark.find("address")),
        "phoneNumber": text_of(placemark.find("phoneNumber")),
        "start": text_of(placemark.find("TimeSpan/begin")) or text_of(placemark.find("TimeStamp/when")),
        "end": text_of(placemark.find("TimeSpan/end")),
    }
    shape = next((child for child in placemark if child.tag in _SHAPES), None)
    while shape is not None and shape.tag == "MultiGeometry":
        parts = [child for child in shape if child.tag in _SHAPES]
        if len(parts) != 1:
            break
        shape = parts[0]
    point = None if shape is None or shape.tag != "Point" else _read_point(shape)
    kind = shape.tag if shape is not None and shape.tag != "Point" and len(shape) else ""
    drawn = [child for child in placemark if child.tag in _SHAPES]
    features.add(_extended_data(placemark, schemas), point, kind, standard, partial(_whole, drawn))


def _whole(elements: Sequence[Element]) -> Any:
    """Make the shapely geometry of KML elements, of several a GeometryCollection; None if none of them has enough positions."""
    made = [shape for element in elements if (shape := _shape_of(element)) is not None]
    return None if not made else made[0] if len(made) == 1 else shapely.GeometryCollection(made)


def _shape_of(element: Element) -> Any:
    """Return the Shapely geometry of a KML element; None if it has too few positions."""
    if element.tag == "MultiGeometry":
        return _whole([child for child in element if child.tag in _SHAPES])
    if element.tag == "Polygon":
        shells, holes = (
            [_positions(ring) for ring in element.iterfind(f"{side}BoundaryIs/LinearRing")]
            for side in ("outer", "inner")
        )
        long = [ring for ring in shells if len(ring) > 3]
        return shapely.Polygon(long[0], [ring for ring in holes if len(ring) > 3]) if long else None
    points = _positions(element)
    if element.tag == "Point":
        return shapely.Point(points[0]) if points else None
    return shapely.LineString(points) if len(points) > 1 else None


def _positions(element: Element) -> list[tuple[float, float]]:
    """Return longitude and latitude, in degrees, of each position of an element; positions that are not numbers are left out."""
    found = []
    for triple in re.sub(r"\s?,\s?", ",", " ".join(text_of(element.find("coordinates")).split())).split():
        parts = triple.split(",")
        with suppress(ValueError, IndexError):
            found.append((float(parts[0]), float(parts[1])))
    return found


def _read_point(shape: Element) -> Point | None:
    """Return longitude and latitude of a Point as written; None without coordinates. A text that is no pair is returned as the longitude,
    whose cell is then reported.
    """
    text = re.sub(r"\s?,\s?", ",", " ".join(text_of(shape.find("coordinates")).split()))
    if not text:
        return None
    parts = text.split(",")
    if " " in text or len(parts) < 2:
        return text, ""
    return parts[0], parts[1]


def _extended_data(placemark: Element, schemas: Mapping[str, list[str]]) -> dict[str, str]:
    """Return name -> text of every Data, SimpleData and foreign element in ExtendedData, equal names joined by |; "" for fields of a named
    schema that the placemark lacks.
    """
    values: dict[str, list[str]] = {}

    def add(name: str | None, value: str) -> None:
        values.setdefault((name or "").strip() or "Data", []).append(value)

    for extended in placemark.iterfind("ExtendedData"):
        for child in extended:
            if child.tag == "Data":
                add(child.get("name") or text_of(child.find("displayName")), text_of(child.find("value")))
            elif child.tag == "SchemaData":
                values |= {name: values.get(name, []) for name in schemas.get(child.get("schemaUrl", ""), ())}
                for simple in child:
                    if simple.tag == "SimpleData":
                        add(simple.get("name"), text_of(simple))
                    elif simple.tag == "SimpleArrayData":
                        add(simple.get("name"), "|".join(map(text_of, simple)))
            elif not len(child):
                add(child.tag, text_of(child))
    return {name: "|".join(filter(None, texts)) for name, texts in values.items()}


def html_to_text(text: str) -> str:
    """Return a description as plain text: tags are removed, and lines end where a browser would end them."""
    if not _HTML_TAG.search(text):
        return text
    pieces: list[str] = []
    position = 0
    while tag := _HTML_TAG.search(text, position):
        pieces.append(text[position : tag.start()])
        position, name = tag.end(), tag[2].lower()
        if name in _LINE_BREAKS:
            pieces.append("\n")
        elif name in ("td", "th"):
            pieces.append(" ")
        elif name in _INVISIBLE and not tag[1]:
            end = re.compile(f"</{name}", re.IGNORECASE).search(text, position)
            position = end.start() if end else len(text)
    pieces.append(text[position:])
    lines = (" ".join(line.split()) for line in html.unescape("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)
