"""Read the project's own background geometry, `geo/*.geojson`, which replaces or extends the background in the package.

GDAL is not used: it would also open other files to which such a file refers.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.model import leg_line_file
from qjmap.project import Project
from qjmap.tables.readers import geojson
from qjmap.tables.readers.crs import Reference

LAYERS = ("land", "lakes", "districts", "borders", "coast", "rivers", "national_lines", "areas")
"""Names of files with lines and polygons in their drawing order, lowest first; each is optional."""
NAMES = "names"
"""Name of the file with points of names."""
PUBLISHED_PROPERTIES = ("class", "name", "name_en", "adcode", "place")
"""Properties of features whose texts the page contains."""
_MOST_LON = 360.0
"""Largest longitude accepted, in degrees. Longitudes beyond 180° are drawn unchanged; larger numbers are taken for projected metres."""
_OTHER_FORMATS = frozenset(
    (".shp", ".gpkg", ".kml", ".kmz", ".gpx", ".fgb", ".parquet", ".json", ".topojson", ".gml", ".tab", ".dxf")
)
"""Suffixes of geometry files in formats that are not read from this folder."""


Feature = tuple[dict[str, Any], Any]
"""The properties of a feature, its ``id`` among them, and its shapely geometry in WGS 84 degrees or None."""


@dataclass(frozen=True)
class GroundFiles:
    """Features of the project's own background.

    Attributes
    ----------
    features : features by name of the file without its suffix, one of `LAYERS` or `NAMES`.
    credits : attributions to print on the map, from the member ``attribution`` of the files.
    attributions : name of each file without its suffix -> its attributions; () for a file without that member.
    warnings : one for each file in the folder that looks like geometry but is not drawn.
    """

    features: Mapping[str, Sequence[Feature]] = field(default_factory=dict)
    credits: tuple[str, ...] = ()
    warnings: tuple[Fault, ...] = ()
    attributions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_ground_files(project: Project) -> GroundFiles:
    """Return the background geometry in a project's folder `geo`.

    Raises
    ------
    DataFaults : every file that cannot be read, and every feature that cannot be drawn.
    """
    features: dict[str, list[Feature]] = {}
    attributions: dict[str, tuple[str, ...]] = {}
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for path in sorted(project.geo.iterdir()) if project.geo.is_dir() else ():
        if not path.is_file() or path.name == leg_line_file.FILE:
            continue
        shown = project.display_path(path)
        if path.suffix == ".geojson" and path.stem in (*LAYERS, NAMES):
            features[path.stem], lines, found = read_features(path, shown)
            attributions[path.stem] = tuple(lines)
            faults += found
        elif (code := _other_file(path)) != "":
            near = difflib.get_close_matches(path.stem.lower(), (*LAYERS, NAMES), 1)
            known = [f"{name}.geojson" for name in (near or (*LAYERS, NAMES))]
            warnings.append(Fault(shown, None, None, None, code, {"known": known}, "warning"))
    if faults:
        raise DataFaults(faults)
    credits = dict.fromkeys(line for lines in attributions.values() for line in lines)
    return GroundFiles(features, tuple(credits), tuple(warnings), attributions)


def _other_file(path: Path) -> str:
    """Return the code of the warning for a file that looks like geometry but is not drawn; "" for all other files."""
    suffix = path.suffix.lower()
    return "ground-name" if suffix == ".geojson" else "ground-format" if suffix in _OTHER_FORMATS else ""


def read_features(path: Path, shown: str) -> tuple[list[Feature], list[str], list[Fault]]:
    """Return the features (in WGS 84), the attributions and the faults of a GeoJSON file in any known CRS on WGS 84 or CGCS2000.

    A file that cannot be read has one fault and no features; a feature that cannot be drawn is left out and has a fault.

    Parameters
    ----------
    shown : path of the file as faults name it.
    """
    try:
        document, _ = geojson.parse_json(path.read_bytes(), shown=shown)
        listed = geojson.features_of(document, shown)
        crs = geojson.reference_of(document, shown)
        if crs is not None and crs.datum not in ("", "wgs84", "cgcs2000"):
            raise UsageError("crs-unknown", path=shown, crs=crs.name)
    except UsageError as error:
        return [], [], [Fault(shown, None, None, None, error.code, error.params)]
    features, faults = [], []
    for number, feature in enumerate(listed, 1):
        try:
            features.append(_feature(feature, crs))
        except (ValueError, shapely.errors.ShapelyError) as error:
            faults.append(Fault(shown, number, None, None, "ground-shape", {"detail": str(error)}))
        except (TypeError, KeyError, IndexError, AttributeError):
            faults.append(Fault(shown, number, None, None, "ground-shape", {"detail": geojson.value_text(feature)}))
    attribution = document.get("attribution") if isinstance(document, dict) else None
    lines = [
        line.strip()
        for line in (attribution if isinstance(attribution, list) else [attribution])
        if isinstance(line, str)
    ]
    return features, list(filter(None, lines)), faults


def _feature(feature: Any, crs: Reference | None) -> Feature:
    """Return the properties and geometry of a GeoJSON feature.

    Raises
    ------
    ValueError : a coordinate is outside the bounds of degrees.
    TypeError, KeyError, IndexError, AttributeError, ShapelyError : the feature is malformed.
    """
    identifier = {} if feature.get("id") is None else {"id": str(feature["id"])}
    properties = {**identifier, **(feature.get("properties") or {})}
    geometry = shape(feature["geometry"]) if feature.get("geometry") else None
    if geometry is None or geometry.is_empty:
        return properties, geometry
    if crs is not None and crs.transformer:
        geometry = shapely.transform(geometry, lambda points: np.column_stack(crs.transformer.transform(*points.T)))
    west, south, east, north = geometry.bounds
    if not (west >= -_MOST_LON and east <= _MOST_LON and south >= -90 and north <= 90):
        raise ValueError(f"{west:g}, {south:g}")
    return properties, geometry
