"""Lines of corridor legs on real networks: the file `geo/corridor_legs.geojson`, written by `qjmap route`, read by every build.

A leg's line is one or more parts, each graded by itself:

``surveyed``     follows the network's own survey and keeps at least 98 % of the length that the network states;
``generalised``  follows a network whose bends are drawn straighter than that, or shipping lanes;
``schematic``    straight: a join between a network's end and a place, or a stretch that the network lacks.

The file is RFC 7946 GeoJSON, WGS 84, a file of its own, because lines from OpenStreetMap stay under the ODbL 1.0.
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

from qjmap import routes
from qjmap.errors import DamagedFile, Fault

FILE = "corridor_legs.geojson"
DECIMALS = 5
"""Of the coordinates in the file: about 1 m, a hundredth of what the networks state."""

GRADES = ("surveyed", "generalised", "schematic")
OPENSTREETMAP = "© OpenStreetMap contributors"
ODBL = "ODbL 1.0"
NETWORKS = ("rail", "road", "sea")
"""What a leg can follow."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a leg's line, and so what tells a stale line from a current one.

    Attributes
    ----------
    stops : ids of from, the places between, to.
    points : their longitude and latitude in degrees, WGS 84, rounded to `DECIMALS`.
    along : the network to follow: rail, road or sea.
    """

    leg: str
    stops: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    along: str


@dataclass(frozen=True, slots=True)
class LegLine:
    """The line that was found for a wish.

    Attributes
    ----------
    parts : float64, shape (n, 2), longitude and latitude in degrees, in the order of travel; cut at the antimeridian.
    grades : one of `GRADES` for each part.
    origin : the data and the version that the line comes from.
    attribution, licence : of these data.
    network_km : the length that the network itself states for its share, before it was drawn straighter; NaN if unknown.
    """

    wish: Wish
    parts: tuple[routes.Floats, ...]
    grades: tuple[str, ...]
    origin: str
    attribution: str
    licence: str
    network_km: float = math.nan

    @property
    def grade(self) -> str:
        """Of the leg: that of its longest grade but schematic, which only a leg without any other part has."""
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


def part_km(part: routes.Floats) -> float:
    """Geodesic length of one part, in kilometres."""
    return float(routes.distances_km(part[:-1], part[1:]).sum())


@dataclass(frozen=True, slots=True)
class LegLines:
    """The file as read: its lines by leg."""

    shown: str = FILE
    lines: Mapping[str, LegLine] = field(default_factory=dict)

    def find(self, wishes: Iterable[Wish]) -> tuple[dict[str, LegLine], list[str]]:
        """The lines that fit their wishes, by leg, and the legs whose line is stale or missing in a file that there is."""
        found: dict[str, LegLine] = {}
        stale = []
        for wish in wishes:
            line = self.lines.get(wish.leg)
            if line is not None and line.wish == wish:
                found[wish.leg] = line
            elif self.lines:
                stale.append(wish.leg)
        return found, stale


def wish_of(leg: Mapping[str, Any], points: Mapping[str, tuple[float, float]]) -> Wish | None:
    """What a row of corridor_legs asks for; None when it follows no network or a stop has no position."""
    along = leg["along"] or (leg["mode"] if leg["mode"] in NETWORKS else "none")
    stops = (leg["from"], *leg["via"], leg["to"])
    if along not in NETWORKS or any(stop not in points for stop in stops):
        return None
    places = tuple((round(points[stop][0], DECIMALS), round(points[stop][1], DECIMALS)) for stop in stops)
    return Wish(leg["id"], stops, places, along) if len(set(places)) > 1 else None


def read_lines(folder: Path, shown: str) -> LegLines:
    """The lines in the geometry folder of a project; none when there is no such file.

    Raises
    ------
    DamagedFile : the file is not what `qjmap route` writes.
    """
    path = folder / FILE
    if not path.is_file():
        return LegLines(shown)
    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
        lines = [_read(feature) for feature in collection["features"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedFile([Fault(shown, None, None, None, "lines-form", {"detail": str(error)})]) from None
    return LegLines(shown, {line.wish.leg: line for line in lines})


def _read(feature: Mapping[str, Any]) -> LegLine:
    told, shape = feature["properties"], feature["geometry"]
    lines = shape["coordinates"] if shape["type"] == "MultiLineString" else [shape["coordinates"]]
    parts = tuple(np.array(line, dtype=np.float64) for line in lines)
    grades = tuple(told["grades"])
    sound = all(part.ndim == 2 and part.shape[1] == 2 and len(part) > 1 and np.isfinite(part).all() for part in parts)
    if (
        not sound
        or len(parts) != len(grades)
        or not parts
        or not set(grades) <= set(GRADES)
        or told["along"] not in NETWORKS
    ):
        raise ValueError(str(feature.get("id")))
    stops = tuple(map(str, told["stops"]))
    places = tuple((float(lon), float(lat)) for lon, lat in told["stop_points"])
    network_km = told["network_km"]
    return LegLine(
        Wish(str(feature["id"]), stops, places, told["along"]), parts, grades, str(told["origin"]), str(told["attribution"]),
        str(told["licence"]), math.nan if network_km is None else float(network_km),
    )  # fmt: skip


def collection_text(lines: Sequence[LegLine]) -> str:
    """The file's text: one feature a line, in the order of the legs' ids, the same for the same lines."""
    ordered = sorted(lines, key=lambda line: line.wish.leg)
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
        "stops": list(line.wish.stops),
        "stop_points": [list(point) for point in line.wish.points],
        "along": line.wish.along,
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
    return {"type": "Feature", "id": line.wish.leg, "geometry": geometry, "properties": properties}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
