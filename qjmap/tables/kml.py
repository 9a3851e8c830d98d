"""KML, plain or zipped (KMZ) -> a grid: every placemark of every folder, in the order of the file. No link is followed."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from qjmap.errors import UsageError
from qjmap.messages import Note
from qjmap.tables.archives import Archive
from qjmap.tables.features import Features, Point, free_name, is_export
from qjmap.tables.grids import Grid
from qjmap.tables.limits import check_limit
from qjmap.tables.markup import read_xml, text_of

_CONTAINERS = ("Document", "Folder")
_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model", "Track", "MultiTrack")
_LINKS = ("NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Tour")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_BREAKS = frozenset(("br", "p", "div", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "h4", "hr"))
_UNSEEN = ("script", "style", "head", "title")


def read_kml(data: bytes, *, shown: str) -> Grid:
    """The placemarks of a KML file.

    A row has what the placemark says: name, description (as plain text), address, phoneNumber, its time as start and end,
    the names of its folders joined by " / ", and every Data and SimpleData under its own name. Styles and what else is for
    display is not read. KML is WGS 84 by its standard, and what Chinese tools write often is not: no datum is stated.

    Raises
    ------
    UsageError : it is no KML, or it holds no placemark and only links to other files.
    """
    root, decoded = read_xml(data, "kml", shown=shown)
    found = Features(shown)
    folders: list[str] = []
    passed: Counter[str] = Counter()
    schemas = {
        f"#{schema.get('id')}": [name for one in schema.iterfind("SimpleField") if (name := one.get("name"))]
        for schema in root.iter("Schema")
    }
    check_limit("columns", max(map(len, schemas.values()), default=0), shown=shown)
    for element, path in _placed(root):
        if element.tag == "Placemark":
            _read(element, found, schemas)
            folders.append(path)
        else:
            passed[element.tag] += 1
    if not folders and passed["NetworkLink"]:
        raise UsageError("kml-links-only", path=shown)
    folder = free_name(("folder", "文件夹", "kml_folder"), found.properties)
    if not is_export(name for row in found.properties for name in row):
        for own, path in zip(found.own, folders, strict=True):
            own |= {folder: path} if path else {}
    found.passed(passed)
    return found.grid(None, decoded)


def read_kmz(data: bytes, *, shown: str) -> Grid:
    """The placemarks of a KMZ file: of its `doc.kml`, else of the first KML file in it; errors as in `read_kml`."""
    with Archive(data, shown) as archive:
        names = [name for name in archive.names if name.lower().endswith(".kml")]
        if not names:
            raise UsageError("zip-nothing", path=shown, names=archive.names)
        chosen = next((name for name in names if name.lower() == "doc.kml"), names[0])
        grid = read_kml(archive.read(chosen), shown=shown)
    if len(names) > 1:
        others = [name for name in names if name != chosen]
        grid.notes.insert(0, Note("note-layers", {"file": shown, "layer": chosen, "others": others}))
    return grid


def _placed(root: Element) -> Iterator[tuple[Element, str]]:
    """Placemarks and links in the order of the file, with the names of the folders in which they stand."""
    outermost = [child for child in root if child.tag in _CONTAINERS]
    stack: list[tuple[Iterator[Element], tuple[str, ...]]] = [(iter(root), ())]
    while stack:
        children, path = stack[-1]
        element = next(children, None)
        if element is None:
            stack.pop()
        elif element.tag in _CONTAINERS:
            own = "" if element.tag == "Document" and element in outermost else text_of(element.find("name"))
            stack.append((iter(element), (*path, own) if own else path))
        elif element.tag == "Placemark" or element.tag in _LINKS:
            yield element, " / ".join(path)


def _read(placemark: Element, found: Features, schemas: Mapping[str, list[str]]) -> None:
    own = {
        "name": text_of(placemark.find("name")),
        "description": plain(text_of(placemark.find("description"))),
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
    point = None if shape is None or shape.tag != "Point" else _point(shape)
    kind = shape.tag if shape is not None and shape.tag != "Point" and len(shape) else ""
    found.add(_data(placemark, schemas), point, kind, own)


def _point(shape: Element) -> Point | None:
    """Longitude and latitude as written; what is no pair is given as the longitude, for the reader of cells to name."""
    text = re.sub(r"\s?,\s?", ",", " ".join(text_of(shape.find("coordinates")).split()))
    if not text:
        return None
    parts = text.split(",")
    if " " in text or len(parts) < 2:
        return text, ""
    return parts[0], parts[1]


def _data(placemark: Element, schemas: Mapping[str, list[str]]) -> dict[str, str]:
    """Every Data, SimpleData and element of other schemas in ExtendedData, under its own name; what a schema names is there, if empty."""
    row: dict[str, list[str]] = {}

    def put(name: str | None, value: str) -> None:
        row.setdefault((name or "").strip() or "Data", []).append(value)

    for extended in placemark.iterfind("ExtendedData"):
        for child in extended:
            if child.tag == "Data":
                put(child.get("name") or text_of(child.find("displayName")), text_of(child.find("value")))
            elif child.tag == "SchemaData":
                row |= {name: row.get(name, []) for name in schemas.get(child.get("schemaUrl", ""), ())}
                for simple in child:
                    if simple.tag == "SimpleData":
                        put(simple.get("name"), text_of(simple))
                    elif simple.tag == "SimpleArrayData":
                        put(simple.get("name"), "|".join(map(text_of, simple)))
            elif not len(child):
                put(child.tag, text_of(child))
    return {name: "|".join(filter(None, values)) for name, values in row.items()}


def plain(text: str) -> str:
    """A description as plain text: tags fall out where it is HTML, and lines end where a browser would end them."""
    if not _TAG.search(text):
        return text
    pieces: list[str] = []
    at = 0
    while tag := _TAG.search(text, at):
        pieces.append(text[at : tag.start()])
        at, name = tag.end(), tag[2].lower()
        if name in _BREAKS:
            pieces.append("\n")
        elif name in ("td", "th"):
            pieces.append(" ")
        elif name in _UNSEEN and not tag[1]:
            end = re.compile(f"</{name}", re.IGNORECASE).search(text, at)
            at = end.start() if end else len(text)
    pieces.append(text[at:])
    lines = (" ".join(line.split()) for line in html.unescape("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)
