"""Read and write `geo/corridor_legs.geojson`, the output of `qjmap route`: lines of corridor legs along real networks.

A leg's line has one or more parts, each with its own grade:

``surveyed``     follows a network, and has at least 98 % of the length that the network states;
``generalised``  follows a network, but is shorter than that because bends are simplified; or follows shipping lanes;
``schematic``    straight: connects the end of a network with a place, or bridges a gap in the network.

The file is RFC 7946 GeoJSON in WGS 84, separate from other data because lines from OpenStreetMap are under the ODbL 1.0.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from qjmap import geodesy
from qjmap.errors import DamagedFile, Fault

FILE = "corridor_legs.geojson"
DECIMALS = 5
"""Decimals of the coordinates in the file: about 1 m, a hundredth of the networks' precision."""

GRADES = ("surveyed", "generalised", "schematic")
OPENSTREETMAP = "© OpenStreetMap contributors"
ODBL = "ODbL 1.0"
NETWORKS = ("rail", "road", "sea")
"""Networks of transport that a leg can follow."""


@dataclass(frozen=True, slots=True)
class LegRequest:
    """What determines the line of a leg. A stored line is stale if it was made for a different request.

    Attributes
    ----------
    leg : id of the leg.
    stops : ids of the first stop, those in between, and the last.
    points : longitude and latitude of the stops in WGS 84 degrees, rounded to `DECIMALS`.
    along : network to follow: rail, road or sea.
    """

    leg: str
    stops: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    along: str


@dataclass(frozen=True, slots=True)
class LegLine:
    """Line along a network that was found for a request.

    Attributes
    ----------
    request : request for which the line was made.
    parts : arrays of float64, shape (n, 2), longitude and latitude in WGS 84 degrees, in the order of travel; cut at the antimeridian.
    grades : one of `GRADES` for each part.
    origin : name and version of the network data.
    attribution, licence : attribution and licence of the network data.
    network_km : length that the network states for its parts, before simplification; NaN if unknown.
    """

    request: LegRequest
    parts: tuple[geodesy.Floats, ...]
    grades: tuple[str, ...]
    origin: str
    attribution: str
    licence: str
    network_km: float = math.nan

    @property
    def grade(self) -> str:
        """Grade of the leg: that of most of its length, schematic parts ignored; schematic if all parts are."""
        kilometres = dict.fromkeys(GRADES, 0.0)
        for part, grade in zip(self.parts, self.grades, strict=True):
            kilometres[grade] += part_km(part)
        return (
            max(GRADES[:2], key=lambda grade: kilometres[grade]) if any(map(kilometres.get, GRADES[:2])) else GRADES[2]
        )

    @property
    def credit(self) -> str:
        """Attribution and licence on one line."""
        return f"{self.attribution} {self.licence}"

    @property
    def length_km(self) -> float:
        """Geodesic length of all parts, in kilometres."""
        return sum(part_km(part) for part in self.parts)

    @property
    def schematic_km(self) -> float:
        """Geodesic length of the schematic parts, in kilometres."""
        return sum(part_km(part) for part, grade in zip(self.parts, self.grades, strict=True) if grade == "schematic")

    @property
    def geometry(self) -> Any:
        """A LineString, or a MultiLineString with a line for each part."""
        return (
            shapely.linestrings(self.parts[0])
            if len(self.parts) == 1
            else shapely.multilinestrings([shapely.linestrings(part) for part in self.parts])
        )


def part_km(part: geodesy.Floats) -> float:
    """Return the geodesic length of one part, in kilometres."""
    return float(geodesy.distances_km(part[:-1], part[1:]).sum())


@dataclass(frozen=True, slots=True)
class LegLines:
    """Contents of the file `FILE`.

    Attributes
    ----------
    file : path of the file as faults name it.
    lines : id of a leg -> its line.
    """

    file: str = FILE
    lines: Mapping[str, LegLine] = field(default_factory=dict)

    def match(self, requests: Iterable[LegRequest]) -> tuple[dict[str, LegLine], list[str]]:
        """Return id of a leg -> its line, for the lines that match their requests, and the ids of the legs whose line is stale or missing.

        If the file has no lines at all, no leg counts as missing: `qjmap route` has not been used.
        """
        matching: dict[str, LegLine] = {}
        stale = []
        for request in requests:
            line = self.lines.get(request.leg)
            if line is not None and line.request == request:
                matching[request.leg] = line
            elif self.lines:
                stale.append(request.leg)
        return matching, stale


def leg_request(leg: Mapping[str, Any], points: Mapping[str, tuple[float, float]]) -> LegRequest | None:
    """Return the request for the line of a row of corridor_legs.

    None if it follows no network, a stop has no position, or all stops have the same one. `points` has longitude and latitude (WGS 84
    degrees) by id of a stop.
    """
    along = leg["along"] or (leg["mode"] if leg["mode"] in NETWORKS else "none")
    stops = (leg["from"], *leg["via"], leg["to"])
    if along not in NETWORKS or any(stop not in points for stop in stops):
        return None
    positions = tuple((round(points[stop][0], DECIMALS), round(points[stop][1], DECIMALS)) for stop in stops)
    return LegRequest(leg["id"], stops, positions, along) if len(set(positions)) > 1 else None


def read_lines(folder: Path, file: str) -> LegLines:
    """Read the file `FILE` in a project's folder of geometry; return no lines if there is no file.

    Parameters
    ----------
    file : path of the file as faults name it.

    Raises
    ------
    DamagedFile : the contents are not as `qjmap route` writes them.
    """
    path = folder / FILE
    if not path.is_file():
        return LegLines(file)
    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
        lines = [_leg_line(feature) for feature in collection["features"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedFile([Fault(file, None, None, None, "lines-form", {"detail": str(error)})]) from None
    return LegLines(file, {line.request.leg: line for line in lines})


def _leg_line(feature: Mapping[str, Any]) -> LegLine:
    properties, geometry = feature["properties"], feature["geometry"]
    lines = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
    parts = tuple(np.array(line, dtype=np.float64) for line in lines)
    grades = tuple(properties["grades"])
    is_valid = all(
        part.ndim == 2 and part.shape[1] == 2 and len(part) > 1 and np.isfinite(part).all() for part in parts
    )
    if (
        not is_valid
        or len(parts) != len(grades)
        or not parts
        or not set(grades) <= set(GRADES)
        or properties["along"] not in NETWORKS
    ):
        raise ValueError(str(feature.get("id")))
    stops = tuple(map(str, properties["stops"]))
    positions = tuple((float(lon), float(lat)) for lon, lat in properties["stop_points"])
    network_km = properties["network_km"]
    return LegLine(
        LegRequest(str(feature["id"]), stops, positions, properties["along"]),
        parts,
        grades,
        origin=str(properties["origin"]),
        attribution=str(properties["attribution"]),
        licence=str(properties["licence"]),
        network_km=math.nan if network_km is None else float(network_km),
    )


def collection_text(lines: Sequence[LegLine]) -> str:
    """Return the text of the file `FILE`: one feature per line, sorted by the ids of the legs."""
    ordered = sorted(lines, key=lambda line: line.request.leg)
    credits = sorted({line.attribution for line in lines})
    head = {"type": "FeatureCollection", "name": "corridor_legs", "attribution": credits}
    if OPENSTREETMAP in credits:
        head["licence"] = ODBL
    body = ",\n".join(_json(_feature(line)) for line in ordered)
    return f'{_json(head)[:-1]},"features":[\n{body}{chr(10) if body else ""}]}}\n'


def _feature(line: LegLine) -> dict[str, Any]:
    coordinates = [part.tolist() for part in line.parts]
    single = len(coordinates) == 1
    kind = "LineString" if single else "MultiLineString"
    properties = {
        "stops": list(line.request.stops),
        "stop_points": [list(point) for point in line.request.points],
        "along": line.request.along,
        "grade": line.grade,
        "grades": list(line.grades),
        "length_km": round(line.length_km, 3),
        "schematic_km": round(line.schematic_km, 3),
        "network_km": round(line.network_km, 1) if math.isfinite(line.network_km) else None,
        "origin": line.origin,
        "attribution": line.attribution,
        "licence": line.licence,
    }
    geometry = {"type": kind, "coordinates": coordinates[0] if single else coordinates}
    return {"type": "Feature", "id": line.request.leg, "geometry": geometry, "properties": properties}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
