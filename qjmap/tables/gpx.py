"""GPX -> a grid of its waypoints; tracks and routes are named as not read."""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import Element

from qjmap.tables.cells import CellError, read_vocab
from qjmap.tables.features import Features
from qjmap.tables.grids import Grid
from qjmap.tables.markup import read_xml, text_of


def read_gpx(data: bytes, *, shown: str) -> Grid:
    """The waypoints of a GPX file: name, description, and all else that each says (ele, time, sym, type) as columns.

    GPX is WGS 84 by its standard, and what Chinese tools write often is not: no datum is stated.

    Raises
    ------
    UsageError : it is no GPX.
    """
    root, decoded = read_xml(data, "gpx", shown=shown)
    waypoints = [child for child in root if child.tag == "wpt"]
    kind = "type" if all(_is_category(text_of(one.find("type"))) for one in waypoints) else "gpx_type"
    found = Features(shown)
    for one in waypoints:
        own, row = _read(one)
        if "type" in row:
            row[kind] = row.pop("type")
        lon, lat = one.get("lon", "").strip(), one.get("lat", "").strip()
        found.add(row, (lon, lat) if lon or lat else None, "", own)
    found.passed(Counter(child.tag for child in root if child.tag in ("trk", "rte")))
    return found.grid(None, decoded)


def _read(waypoint: Element) -> tuple[dict[str, str], dict[str, str]]:
    """What the format says of a waypoint, and what programs added."""
    description, comment = text_of(waypoint.find("desc")), text_of(waypoint.find("cmt"))
    own = {"name": text_of(waypoint.find("name")), "description": description or comment}
    row: dict[str, str] = {}
    if description and comment and comment != description:
        row["cmt"] = comment
    for child in waypoint:
        if child.tag == "link":
            href = child.get("href", "").strip()
            if href.lower().startswith(("http://", "https://")):
                own["url"] = own.get("url") or href
        elif child.tag == "extensions":
            for leaf in child.iter():
                if not len(leaf) and text_of(leaf):
                    row.setdefault(leaf.tag, text_of(leaf))
        elif child.tag not in ("name", "desc", "cmt") and text_of(child):
            row[child.tag] = text_of(child)
    return own, row


def _is_category(word: str) -> bool:
    """Whether a word stands for one of the categories of sites; an empty one does."""
    try:
        return not word or bool(read_vocab(word, "category"))
    except CellError:
        return False
