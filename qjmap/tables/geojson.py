"""GeoJSON, our own exports first of all -> a grid; and the features of a GeoJSON file for anyone who wants their geometry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from qjmap.errors import Fault, UsageError
from qjmap.tables import kinds
from qjmap.tables.cells import plain_number
from qjmap.tables.crs import Reference, reference
from qjmap.tables.encodings import Decoded, decode
from qjmap.tables.features import Features, Point
from qjmap.tables.grids import Grid
from qjmap.tables.limits import check_limit

_BLOCK = 1 << 20
_OTHERS = {"Topology": "TopoJSON", "gdal_streamed_alg": "GDALG"}


class Number(str):
    """A number as the file writes it, so that none changes on the way: 1e999, 0.10 and 12345678901234567890 stay."""


def read_geojson(data: bytes, *, shown: str) -> Grid:
    """A FeatureCollection (or one Feature, or a list of them) as a grid; a row's number is the feature's, from 1.

    The position is the feature's point, in the coordinate reference system that a member `crs` names; without one no datum
    is stated, as in a table without such a column. Our own exports say in properties what stood in the table (`Features.grid`).
    """
    document, decoded = load(data, shown=shown, numbers=Number)
    features = features_of(document, shown)
    found = Features(shown)
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        sound = isinstance(feature, dict) and {"properties", "geometry"} & {*feature}
        if not sound or not isinstance(properties or {}, dict):
            found.faults.append(Fault(shown, number, None, None, "feature-form"))
            found.add({}, None)
            continue
        shape = feature.get("geometry")
        point = point_of(shape)
        kind = "" if point is not None or _is_empty(shape) else _kind(shape)
        own = {"id": as_text(feature.get("id"))}
        found.add({str(key): as_text(value) for key, value in (properties or {}).items()}, point, kind, own)
    return found.grid(reference_of(document, shown), decoded)


def load(data: bytes, *, shown: str, numbers: type[Number] | None = None) -> tuple[Any, Decoded]:
    """What a JSON file holds, and how its text was decoded.

    Parameters
    ----------
    numbers : the type of numbers, made of their text; Python's own when not given, in which 1e999 is none.

    Raises
    ------
    UsageError : it is no JSON, or it is nested too deep.
    """
    decoded = decode(data)
    text = decoded.text.lstrip("\ufeff")
    raw = decoded.data or text.encode("utf-8", "replace")
    if raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        raise kinds.misnamed(shown, ".geojson", data)
    check_limit("nesting", _depth(raw), shown=shown)
    try:
        if numbers:
            return json.loads(text, parse_float=numbers, parse_int=numbers, parse_constant=numbers), decoded
        return json.loads(text, parse_constant=_refuse), decoded
    except RecursionError:
        check_limit("nesting", float(_BLOCK), shown=shown)
        raise
    except ValueError as error:
        raise UsageError("json-form", path=shown, detail=str(error)) from None


def features_of(document: Any, shown: str) -> list[Any]:
    """The features of a document: those of a collection, one alone, or a list of them; UsageError for anything else."""
    features = document
    if isinstance(document, dict):
        kind = document.get("type")
        named = _OTHERS.get(kind if isinstance(kind, str) else "") or ("Esri JSON" if "geometryType" in document else "")
        if named:
            raise kinds.misnamed(shown, ".geojson", {"zh": named, "en": named})
        features = document.get("features") if kind != "Feature" else [document]
    if not isinstance(features, list):
        raise UsageError("geojson-form", path=shown)
    return features


def point_of(shape: Any) -> Point | None:
    """The coordinates of a point, of a MultiPoint of one, or of a collection of one of these; None for anything else."""
    while isinstance(shape, dict) and shape.get("type") == "GeometryCollection":
        parts = shape.get("geometries")
        shape = parts[0] if isinstance(parts, list) and len(parts) == 1 else None
    if not isinstance(shape, dict):
        return None
    place = shape.get("coordinates")
    if shape.get("type") == "MultiPoint" and isinstance(place, list) and len(place) == 1:
        place = place[0]
    elif shape.get("type") != "Point":
        return None
    if not isinstance(place, list) or not place:
        return None
    lon, lat = ([as_text(value) for value in place] + [""])[:2]
    return lon, lat


def _is_empty(shape: Any) -> bool:
    if not isinstance(shape, dict):
        return shape is None
    return shape.get("coordinates", shape.get("geometries")) == []


def _kind(shape: Any) -> str:
    return str(shape.get("type")) if isinstance(shape, dict) else as_text(shape) or "?"


def reference_of(document: Any, shown: str) -> Reference | None:
    """What the member `crs` of GeoJSON 2008 names; null, or none, states nothing."""
    crs = document.get("crs") if isinstance(document, dict) else None
    if not isinstance(crs, dict):
        return reference(as_text(crs), shown=shown)
    told = crs.get("properties")
    if isinstance(told, dict):
        told = told.get("name") or told.get("code") or told.get("href")
    return reference(as_text(told) or as_text(crs), shown=shown)


def as_text(value: Any) -> str:
    """A JSON value as a cell: lists separated by |, pairs by a colon, anything deeper as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):  # JSON can write half a character (\\ud800); no file can hold it
        return str(value) if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_number(value)
    if isinstance(value, Mapping) and not any(isinstance(item, list | dict) for item in value.values()):
        return "|".join(f"{as_text(key)}:{as_text(item)}" for key, item in value.items())
    if isinstance(value, list) and not any(isinstance(item, dict) or _holds_lists(item) for item in value):
        return "|".join(":".join(map(as_text, item)) if isinstance(item, list) else as_text(item) for item in value)
    return _json(value) if isinstance(value, list | dict) else str(value)


def _holds_lists(item: Any) -> bool:
    return isinstance(item, list) and any(isinstance(part, list | dict) for part in item)


def _json(value: Any) -> str:
    """A value as JSON with its numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_json(as_text(key))}: {_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(as_text(value) if isinstance(value, str) else value, ensure_ascii=False)


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _depth(raw: bytes) -> int:
    """How many brackets are open at once at most, those in texts apart; linear in the length."""
    bare = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    deepest = level = quotes = 0
    for start in range(0, len(bare), _BLOCK):
        block = np.frombuffer(bare, dtype=np.uint8, count=min(_BLOCK, len(bare) - start), offset=start)
        inside = (np.cumsum(block == 0x22) + quotes) & 1
        folded = block | 0x20  # [ and {, ] and } differ in this bit alone
        steps = ((folded == 0x7B).astype(np.int64) - (folded == 0x7D)) * (1 - inside)
        levels = np.cumsum(steps) + level
        quotes += int(np.count_nonzero(block == 0x22))
        deepest, level = max(deepest, int(levels.max())), int(levels[-1])
    return deepest
