"""GeoJSON -> a grid, above all from our own exports; and the features of a GeoJSON file for callers that want their geometry."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from itertools import count
from typing import Any

import numpy as np
import shapely

from qjmap.errors import Fault, UsageError
from qjmap.tables.numbers import plain_number
from qjmap.tables.readers import detect_kind
from qjmap.tables.readers.crs import Reference, parse_reference
from qjmap.tables.readers.encoding import Decoded, decode
from qjmap.tables.readers.features_to_grid import Features, Point
from qjmap.tables.readers.grid import Grid
from qjmap.tables.readers.limits import check_limit

_BLOCK = 1 << 20
_OTHER_FORMATS = {"Topology": "TopoJSON", "gdal_streamed_alg": "GDALG"}


class Number(str):
    """A number as the file writes it, as text: 1e999, 0.10 and 12345678901234567890 stay unchanged."""


def read_geojson(data: bytes, *, shown: str) -> Grid:
    """Read a FeatureCollection, one Feature, a list or a sequence of features; rows have the numbers of the features, from 1.

    The position is the point of the feature, transformed to degrees from the coordinate reference system that a member `crs` names;
    without that member no datum is stated. Our own exports hold the cells as typed in properties (`Features.to_grid`).

    Raises
    ------
    UsageError : the errors of `parse_json` and `features_of`; the reference system is unknown, the encoding unclear, or a limit exceeded.
    """
    document, decoded = parse_json(data, shown=shown, numbers=Number)
    features = Features(shown)
    for number, feature in enumerate(features_of(document, shown), 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        is_feature = isinstance(feature, dict) and {"properties", "geometry"} & {*feature}
        if not is_feature or not isinstance(properties or {}, dict):
            features.faults.append(Fault(shown, number, None, None, "feature-form"))
            features.add({}, None)
            continue
        geometry = feature.get("geometry")
        point = point_of(geometry)
        shape = "" if point is not None or _is_empty(geometry) else _shape_name(geometry)
        features.add(
            _property_texts(properties or {}),
            point,
            shape,
            {"id": value_text(feature.get("id"))},
            partial(_whole, geometry),
        )
    return features.to_grid(reference_of(document, shown), decoded)


def parse_json(data: bytes, *, shown: str, numbers: type[Number] | None = None) -> tuple[Any, Decoded]:
    """Parse a JSON file; return the document, and how its text was decoded.

    For a sequence of documents, one on each line (RFC 8142, newline-delimited GeoJSON), the document is a list of them; a line that is no
    JSON is in the list as a string.

    Parameters
    ----------
    numbers : type that is made of the text of each number. None for Python's own numbers, among which NaN and Infinity are refused.

    Raises
    ------
    UsageError : it is no JSON, or is nested too deep.
    """
    decoded = decode(data)
    text = decoded.text.lstrip("\ufeff")
    raw = data if decoded.encoding == "utf-8" else text.encode("utf-8", "replace")
    if raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x1e")[:1] not in (b"{", b"["):
        raise detect_kind.misnamed(shown, ".geojson", data)
    check_limit("nesting", _nesting(raw), shown=shown)
    options: dict[str, Any] = {"parse_constant": _refuse_constant}
    if numbers:
        options = {"parse_float": numbers, "parse_int": numbers, "parse_constant": numbers}
    try:
        return json.loads(text, **options), decoded
    except RecursionError:
        check_limit("nesting", float(_BLOCK), shown=shown)
        raise
    except ValueError as error:
        if sequence := _parse_sequence(text, options):
            return sequence, decoded
        raise UsageError("json-form", path=shown, detail=str(error)) from None


def _parse_sequence(text: str, options: Mapping[str, Any]) -> list[Any]:
    """Parse a text with a JSON object on each line; an empty list if the first one is no object. A later line that is no JSON is returned
    as a string.
    """
    documents: list[Any] = []
    for line in re.split("[\r\n]+", text):
        plain = line.strip(" \t\x1e")
        if not plain:
            continue
        try:
            documents.append(json.loads(plain, **options))
        except ValueError:
            documents.append(plain)
        if not isinstance(documents[0], dict):
            return []
    return documents


def features_of(document: Any, shown: str) -> list[Any]:
    """Return the features of a collection, a single feature or a list. Raises UsageError for any other document."""
    features = document
    if isinstance(document, dict):
        kind = document.get("type")
        other = _OTHER_FORMATS.get(kind) if isinstance(kind, str) else None
        if other is None and "geometryType" in document:
            other = "Esri JSON"
        if other:
            raise detect_kind.misnamed(shown, ".geojson", {"zh": other, "en": other})
        features = document.get("features") if kind != "Feature" else [document]
    if not isinstance(features, list):
        raise UsageError("geojson-form", path=shown)
    return features


def point_of(geometry: Any) -> Point | None:
    """Return the first two coordinates, as texts, of a Point, or of a MultiPoint or collection of one point; None for anything else."""
    while isinstance(geometry, dict) and geometry.get("type") == "GeometryCollection":
        parts = geometry.get("geometries")
        geometry = parts[0] if isinstance(parts, list) and len(parts) == 1 else None
    if not isinstance(geometry, dict):
        return None
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        coordinates = coordinates[0]
    elif geometry.get("type") != "Point":
        return None
    if not isinstance(coordinates, list) or not coordinates:
        return None
    lon, lat = ([value_text(value) for value in coordinates] + [""])[:2]
    return lon, lat


def _whole(geometry: Any) -> Any:
    """Make the shapely geometry of a GeoJSON geometry; None without one, or if it is invalid."""
    return None if geometry is None else shapely.from_geojson(_json(geometry), on_invalid="ignore")


def _is_empty(geometry: Any) -> bool:
    if not isinstance(geometry, dict):
        return geometry is None
    return geometry.get("coordinates", geometry.get("geometries")) == []


def _shape_name(geometry: Any) -> str:
    return value_text(geometry.get("type") if isinstance(geometry, dict) else geometry) or "?"


def _property_texts(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return name -> text of the properties. Names that differ only in lone surrogates, and so become equal, get a number."""
    texts: dict[str, str] = {}
    for key, value in properties.items():
        name = value_text(key)
        numbered = (name if number == 1 else f"{name}_{number}" for number in count(1))
        texts[next(free for free in numbered if free not in texts)] = value_text(value)
    return texts


def reference_of(document: Any, shown: str) -> Reference | None:
    """Return the reference system that the member `crs` of GeoJSON 2008 names; None without one. Raises the errors of `parse_reference`."""
    crs = document.get("crs") if isinstance(document, dict) else None
    if not isinstance(crs, dict):
        return parse_reference(value_text(crs), shown=shown)
    definition = crs.get("properties")
    if isinstance(definition, dict):
        definition = definition.get("name") or definition.get("code") or definition.get("href")
    return parse_reference(value_text(definition) or value_text(crs), shown=shown)


def value_text(value: Any) -> str:
    """Write a JSON value as the text of a cell. Items of a list, and members of an object as key:value, are joined by |; an item that is a
    list is joined by colons; deeper values stay JSON.
    """
    if value is None:
        return ""
    if isinstance(value, str):  # JSON can hold lone surrogates (\ud800), which no text file can
        return str(value) if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_number(value)
    if isinstance(value, Mapping) and not any(isinstance(item, list | dict) for item in value.values()):
        return "|".join(f"{value_text(key)}:{value_text(item)}" for key, item in value.items())
    if isinstance(value, list) and not any(isinstance(item, dict) or _is_nested_list(item) for item in value):
        return "|".join(
            ":".join(map(value_text, item)) if isinstance(item, list) else value_text(item) for item in value
        )
    return _json(value) if isinstance(value, list | dict) else str(value)


def _is_nested_list(item: Any) -> bool:
    return isinstance(item, list) and any(isinstance(part, list | dict) for part in item)


def _json(value: Any) -> str:
    """Write a value as JSON, with its numbers as the file writes them."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_json(value_text(key))}: {_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value_text(value) if isinstance(value, str) else value, ensure_ascii=False)


def _refuse_constant(constant: str) -> float:
    """Raise ValueError: JSON has no NaN and Infinity."""
    raise ValueError(constant)


def _nesting(raw: bytes) -> int:
    """Return the maximum depth of nested braces and brackets outside strings, counted in blocks without recursion."""
    unescaped = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    deepest = level = quotes = 0
    for start in range(0, len(unescaped), _BLOCK):
        block = np.frombuffer(unescaped, dtype=np.uint8, count=min(_BLOCK, len(unescaped) - start), offset=start)
        in_string = (np.cumsum(block == 0x22) + quotes) & 1
        brackets = block | 0x20  # turns [ into { and ] into }, which differ from them only in this bit
        steps = ((brackets == 0x7B).astype(np.int64) - (brackets == 0x7D)) * (1 - in_string)
        levels = np.cumsum(steps) + level
        quotes += int(np.count_nonzero(block == 0x22))
        deepest, level = max(deepest, int(levels.max())), int(levels[-1])
    return deepest
