"""Files of features -> a grid: GeoJSON (our own exports first of all), and point layers of other kinds through pyogrio."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qjmap.errors import Fault, UsageError
from qjmap.schema import ORIGINAL
from qjmap.tables.cells import plain_number
from qjmap.tables.grids import Grid


def read_geojson(data: bytes, *, shown: str) -> Grid:
    """A FeatureCollection (or one Feature, or a list of them) as a grid; a row's number is the feature's, from 1.

    Where a feature says `orig_lon`, `orig_lat`, `orig_datum` (our own exports do), these are the cells of lon, lat and
    datum, even when they are empty: its geometry may be that of the place it lies in. Where it does not, a point gives
    lon and lat in WGS 84.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str)
    except UnicodeDecodeError:
        raise UsageError("json-not-utf8", path=shown) from None
    except (ValueError, RecursionError) as error:
        raise UsageError("json-form", path=shown, detail=str(error)) from None
    features = document
    if isinstance(document, dict):
        features = document.get("features") if document.get("type") != "Feature" else [document]
    if not isinstance(features, list):
        raise UsageError("geojson-form", path=shown)
    faults: list[Fault] = []
    rows: list[dict[str, str]] = []
    numbers: list[int] = []
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            faults.append(Fault(shown, number, None, None, "feature-form"))
            rows.append({})
        else:
            rows.append(_feature(feature, shown, number, faults))
        numbers.append(number)
    return _grid(rows, numbers, faults, shown)


def _feature(feature: Mapping[str, Any], shown: str, number: int, faults: list[Fault]) -> dict[str, str]:
    properties: Mapping[str, Any] = feature.get("properties") or {}
    row = {str(key): _text(value) for key, value in properties.items() if key not in ORIGINAL}
    if feature.get("id") is not None and not row.get("id"):
        row = {"id": _text(feature["id"]), **row}
    if any(key in properties for key in ORIGINAL):
        for key, name in ORIGINAL.items():
            row[name] = _text(properties.get(key))
        return row
    geometry = feature.get("geometry")
    if isinstance(geometry, dict) and not (row.get("lon") or row.get("lat")):
        if geometry.get("type") == "Point" and isinstance(geometry.get("coordinates"), list):
            row["lon"], row["lat"] = ([_text(value) for value in geometry["coordinates"]] + ["", ""])[:2]
            row["datum"] = row.get("datum") or "wgs84"
        else:
            faults.append(Fault(shown, number, None, str(geometry.get("type")), "feature-not-point", {}, "warning"))
    return row


def _text(value: Any) -> str:
    """A JSON value as a cell: lists separated by |, pairs by a colon."""
    if value is None:
        return ""
    if isinstance(value, str):  # JSON can write half a character (\\ud800); no file can hold it
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_number(value)
    if isinstance(value, Mapping) and not any(isinstance(item, list | dict) for item in value.values()):
        return "|".join(f"{_text(key)}:{_text(item)}" for key, item in value.items())
    if isinstance(value, list) and not any(isinstance(item, dict) for item in value):
        return "|".join(":".join(map(_text, item)) if isinstance(item, list) else _text(item) for item in value)
    return str(value) if not isinstance(value, list | dict) else json.dumps(value, ensure_ascii=False)


def _grid(rows: list[dict[str, str]], numbers: list[int], faults: list[Fault], shown: str) -> Grid:
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not rows:
        faults.append(Fault(shown, None, None, None, "file-empty"))
    cells = [[row.get(name, "") for name in names] for row in rows]
    return Grid(names, cells, numbers, faults, encoding="utf-8", letters=False)


def read_vector(path: Path, *, shown: str, layer: str | None = None) -> Grid:
    """A point layer of a shapefile (plain or zipped), KML, GeoPackage or FlatGeobuf."""
    import geopandas

    source = f"zip://{path}" if path.suffix.lower() == ".zip" else path
    try:
        frame = geopandas.read_file(source, **({"layer": layer} if layer else {}))
    except Exception as error:
        raise UsageError("file-unreadable", path=shown, detail=str(error).splitlines()[0]) from None
    faults: list[Fault] = []
    points = frame.geometry if isinstance(frame, geopandas.GeoDataFrame) else None
    datum = "wgs84"
    if points is not None and points.crs is None:
        datum = ""
    elif points is not None and points.crs.to_epsg() != 4326:
        if points.crs.to_epsg() == 4490:
            datum = "cgcs2000"
        else:
            points = points.to_crs(4326)
    rows: list[dict[str, str]] = []
    plain = frame.drop(columns=frame.geometry.name) if points is not None else frame
    for at, record in enumerate(plain.to_dict("records")):
        row = {str(key): _cell(value) for key, value in record.items() if key not in ORIGINAL}
        if any(key in record for key in ORIGINAL):
            row |= {name: _cell(record.get(key)) for key, name in ORIGINAL.items()}
        elif points is not None and points.iloc[at] is not None and not points.iloc[at].is_empty:
            point = points.iloc[at]
            if point.geom_type == "Point":
                row |= {"lon": plain_number(point.x), "lat": plain_number(point.y), "datum": row.get("datum") or datum}
            else:
                faults.append(Fault(shown, at + 1, None, point.geom_type, "feature-not-point", {}, "warning"))
        rows.append(row)
    return _grid(rows, list(range(1, len(rows) + 1)), faults, shown)


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    return _text(value.tolist() if hasattr(value, "tolist") else value)
