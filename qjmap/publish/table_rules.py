"""Rules on the rows of tables: datum, precision, sources, licences, forecasts. Each yields a fault for every violation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qjmap.errors import Fault
from qjmap.publish.project_data import ProjectData
from qjmap.schema import GAZETTEER_SOURCE, PRECISION_RADIUS_M
from qjmap.tables import ROW

_POSITIONED = ("places", "sites")
_METRES_PER_DEGREE = 111_320.0
"""Length of a degree of latitude in metres; a degree of longitude is at most as long."""
_FINE = ("exact", "site")
_DONE = ("operating", "ended")
"""Statuses of something that exists or has existed."""


def datum(data: ProjectData) -> Iterator[Fault]:
    """Rule: every row with typed coordinates states their datum."""
    for table in _POSITIONED:
        for row in data.rows(table):
            if row["orig_lon"] and row["orig_lat"] and not row["datum"]:
                yield data.fault(table, row[ROW], "datum", None, "publish-datum", name=row["name"])


def precision(data: ProjectData) -> Iterator[Fault]:
    """Rule: a position from a gazetteer (that of qjmap or GeoNames) is not stated to be as precise as "exact" or "site"; and the rounding
    error of typed coordinates does not exceed the radius of the stated precision.
    """
    gazetteers = {GAZETTEER_SOURCE} | {
        row["id"] for row in data.rows("sources") if "geonames" in f"{row['title']} {row['publisher']}".casefold()
    }
    for table in _POSITIONED:
        for row in data.rows(table):
            level = row["precision"]
            if level in _FINE and row["position_source"] in gazetteers:
                yield data.fault(table, row[ROW], "precision", level, "publish-precision-source", name=row["name"])
            elif level in PRECISION_RADIUS_M and row["orig_lon"] and row["orig_lat"]:
                rounding = max(_rounding_m(row["orig_lon"]), _rounding_m(row["orig_lat"]))
                if rounding > PRECISION_RADIUS_M[level]:
                    params = {
                        "name": row["name"],
                        "metres": round(rounding),
                        "radius": round(PRECISION_RADIUS_M[level]),
                    }
                    yield data.fault(table, row[ROW], "precision", level, "publish-precision-digits", **params)


def _rounding_m(text: Any) -> float:
    """Return the rounding error of a coordinate in decimal degrees, in metres: half a unit of its last digit. 0 for other notations."""
    digits = re.fullmatch(r"-?\d+(?:\.(\d*))?", str(text).strip())
    return 0.5 * 10.0 ** -len(digits[1] or "") * _METRES_PER_DEGREE if digits else 0.0


def sources(data: ProjectData) -> Iterator[Fault]:
    """Rule: every row states its source; for a place the source of its position is enough."""
    for table in ("places", "sites", "partnerships", "corridors", "corridor_legs", "indicators"):
        for row in data.rows(table):
            if not row["source"] and not (table == "places" and row["position_source"]):
                yield data.fault(table, row[ROW], "source", None, "publish-source", name=row.get("name") or row["id"])


def licences(data: ProjectData) -> Iterator[Fault]:
    """Rule: the sources of positions and the lines along networks state their licence, and each file of the project's own geometry has an
    attribution.
    """
    used = {row["position_source"] for table in _POSITIONED for row in data.rows(table)}
    for row in data.rows("sources"):
        if row["id"] in used and not row["licence"]:
            yield data.fault("sources", row[ROW], "licence", None, "publish-licence", name=row["title"])
    for leg, line in sorted(data.lines.lines.items()):
        if not line.licence:
            yield Fault(data.lines.file, None, "licence", None, "publish-licence", {"name": leg})
    for name, lines in data.ground.attributions.items():
        if not lines:
            yield Fault(data.ground_file(name), None, "attribution", None, "publish-credit", {"name": name})


def forecasts(data: ProjectData) -> Iterator[Fault]:
    """Rule: no figure for a year after the project's ``as_of`` is stated as actual, and nothing that starts after it as operating or
    ended. Without ``as_of`` there are no faults.
    """
    as_of = data.project.settings.as_of
    if not as_of:
        return
    for row in data.rows("indicators"):
        year = re.search(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", row["period"] or "")
        if data.like("indicator_kind", row["kind"]) == "actual" and year and year[0] > as_of[:4]:
            yield data.fault(
                "indicators", row[ROW], "kind", row["kind"], "publish-forecast", name=row["name"], date=row["period"]
            )
    for table in ("sites", "partnerships", "corridors"):
        for row in data.rows(table):
            start = row["start"] or ""
            if data.like("status", row["status"]) in _DONE and start[: len(as_of)] > as_of[: len(start)]:
                yield data.fault(
                    table, row[ROW], "status", row["status"], "publish-forecast", name=row["name"], date=start
                )
