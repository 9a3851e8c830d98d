"""GPX -> a grid of its waypoints. Tracks and routes are read only if geometries are kept; else they are reported as not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

import shapely

from qjmap.tables.cell_values import find_vocab
from qjmap.tables.readers.features_to_grid import Features
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.xml_tree import read_xml, text_of


def read_gpx(data: bytes, *, shown: str) -> Grid:
    """Read the waypoints; name, description and all other elements (ele, time, sym, type) are columns.

    If geometries are kept (`features_to_grid.kept_shapes`), tracks and routes are rows too, with their tag in the column `kind`.

    The column `type` is named `gpx_type` unless all types are categories of sites.

    By its standard GPX is in WGS 84, but files from Chinese tools often are not, so no datum is stated.

    Raises
    ------
    UsageError : the errors of `read_xml`, or its encoding is unclear, or a limit is exceeded.
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
        features.add(properties, (lon, lat) if lon or lat else None, "", standard, partial(_point, lon, lat))
    lines = [child for child in root if child.tag in ("trk", "rte")]
    if features.keeps:
        for line in lines:
            features.add(*_read_line(line))
    else:
        features.warn_skipped(Counter(line.tag for line in lines))
    return features.to_grid(None, decoded)


def _read_waypoint(waypoint: Element) -> tuple[dict[str, str], dict[str, str]]:
    """Return the standard fields of a waypoint (name, description, url) and its other elements, both as name -> text."""
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


def _point(lon: str, lat: str) -> Any:
    """Make the shapely point of a waypoint; None if its coordinates are no numbers."""
    with suppress(ValueError):
        return shapely.Point(float(lon), float(lat))
    return None


def _read_line(line: Element) -> tuple[dict[str, str], None, str, dict[str, str], Callable[[], Any]]:
    """Return the arguments of `Features.add` for a track or route: its fields, no point, and a function that makes its line."""
    standard = {
        "name": text_of(line.find("name")),
        "description": text_of(line.find("desc")) or text_of(line.find("cmt")),
    }
    return {"kind": line.tag}, None, "", standard, partial(_whole, line)


def _whole(line: Element) -> Any:
    """Make the shapely line of a route, or of the segments of a track; None if no segment has two points."""
    segments = [line] if line.tag == "rte" else list(line.iterfind("trkseg"))
    found = []
    for segment in segments:
        points = [point for point in segment if point.tag in ("trkpt", "rtept")]
        with suppress(ValueError):
            found.append([(float(point.get("lon", "")), float(point.get("lat", ""))) for point in points])
    lines = [shapely.LineString(points) for points in found if len(points) > 1]
    return None if not lines else lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def _is_category(word: str) -> bool:
    """Whether a word is empty or names a category of sites."""
    return not word or find_vocab(word, "category") is not None
