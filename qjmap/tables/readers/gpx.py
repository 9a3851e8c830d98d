"""GPX -> a grid of its waypoints; tracks and routes are reported as not read."""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import Element

from qjmap.tables.cells import find_vocab
from qjmap.tables.readers.features_to_grid import Features
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.xml_tree import read_xml, text_of


def read_gpx(data: bytes, *, shown: str) -> Grid:
    """Read the waypoints: name, description, and all other elements (ele, time, sym, type) as columns.

    GPX is WGS 84 by its standard, but what Chinese tools write often is not, so no datum is stated.

    Raises
    ------
    UsageError : it is no GPX.
    """
    root, decoded = read_xml(data, "gpx", shown=shown)
    waypoints = [child for child in root if child.tag == "wpt"]
    type_column = "type" if all(_is_category(text_of(point.find("type"))) for point in waypoints) else "gpx_type"
    features = Features(shown)
    for waypoint in waypoints:
        standard, properties = _read_waypoint(waypoint)
        if "type" in properties:
            properties[type_column] = properties.pop("type")
        lon, lat = waypoint.get("lon", "").strip(), waypoint.get("lat", "").strip()
        features.add(properties, (lon, lat) if lon or lat else None, "", standard)
    features.warn_skipped(Counter(child.tag for child in root if child.tag in ("trk", "rte")))
    return features.to_grid(None, decoded)


def _read_waypoint(waypoint: Element) -> tuple[dict[str, str], dict[str, str]]:
    """The standard fields of a waypoint, and its other elements."""
    description, comment = text_of(waypoint.find("desc")), text_of(waypoint.find("cmt"))
    standard = {"name": text_of(waypoint.find("name")), "description": description or comment}
    properties: dict[str, str] = {}
    if description and comment and comment != description:
        properties["cmt"] = comment
    for child in waypoint:
        if child.tag == "link":
            href = child.get("href", "").strip()
            if href.lower().startswith(("http://", "https://")):
                standard["url"] = standard.get("url") or href
        elif child.tag == "extensions":
            for leaf in child.iter():
                if not len(leaf) and text_of(leaf):
                    properties.setdefault(leaf.tag, text_of(leaf))
        elif child.tag not in ("name", "desc", "cmt") and text_of(child):
            properties[child.tag] = text_of(child)
    return standard, properties


def _is_category(word: str) -> bool:
    """Whether a word is empty or names a category of sites."""
    return not word or find_vocab(word, "category") is not None
