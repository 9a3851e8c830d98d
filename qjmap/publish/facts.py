"""Rules on the rows of tables: datum, precision, sources, licences, forecasts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qjmap.errors import Fault
from qjmap.publish.material import Material
from qjmap.schema import GAZETTEER_SOURCE, PRECISION_RADIUS_M
from qjmap.tables import ROW

_POSITIONED = ("places", "sites")
_METRES_PER_DEGREE = 111_320.0
"""Metres of a degree of latitude; of a degree of longitude there are fewer."""
_FINE = ("exact", "site")
_DONE = ("operating", "ended")
"""Statuses that say that something is there, or was."""


def datum(material: Material) -> Iterator[Fault]:
    """Every position typed in states its datum."""
    for table in _POSITIONED:
        for row in material.rows(table):
            if row["orig_lon"] and row["orig_lat"] and not row["datum"]:
                yield material.fault(table, row[ROW], "datum", None, "publish-datum", name=row["name"])


def precision(material: Material) -> Iterator[Fault]:
    """No position is finer than its source, which is a gazetteer of towns, or than the digits of its coordinates."""
    gazetteers = {GAZETTEER_SOURCE} | {
        row["id"] for row in material.rows("sources") if "geonames" in f"{row['title']} {row['publisher']}".casefold()
    }
    for table in _POSITIONED:
        for row in material.rows(table):
            level = row["precision"]
            if level in _FINE and row["position_source"] in gazetteers:
                yield material.fault(table, row[ROW], "precision", level, "publish-precision-source", name=row["name"])
            elif level in PRECISION_RADIUS_M and row["orig_lon"] and row["orig_lat"]:
                rounding = max(_rounding_m(row["orig_lon"]), _rounding_m(row["orig_lat"]))
                if rounding > PRECISION_RADIUS_M[level]:
                    params = {
                        "name": row["name"],
                        "metres": round(rounding),
                        "radius": round(PRECISION_RADIUS_M[level]),
                    }
                    yield material.fault(table, row[ROW], "precision", level, "publish-precision-digits", **params)


def _rounding_m(text: Any) -> float:
    """Metres by which a coordinate in decimal degrees may be off for its last digit alone; 0 for other forms."""
    digits = re.fullmatch(r"-?\d+(?:\.(\d*))?", str(text).strip())
    return 0.5 * 10.0 ** -len(digits[1] or "") * _METRES_PER_DEGREE if digits else 0.0


def sources(material: Material) -> Iterator[Fault]:
    """Every row says on whose word it stands; a place may say so of its position alone."""
    for table in ("places", "sites", "partnerships", "corridors", "corridor_legs", "indicators"):
        for row in material.rows(table):
            if not row["source"] and not (table == "places" and row["position_source"]):
                yield material.fault(
                    table, row[ROW], "source", None, "publish-source", name=row.get("name") or row["id"]
                )


def licences(material: Material) -> Iterator[Fault]:
    """The sources of drawn positions name their licence, and so do lines on networks; own geometry says whose it is."""
    used = {row["position_source"] for table in _POSITIONED for row in material.rows(table)}
    for row in material.rows("sources"):
        if row["id"] in used and not row["licence"]:
            yield material.fault("sources", row[ROW], "licence", None, "publish-licence", name=row["title"])
    for leg, line in sorted(material.lines.lines.items()):
        if not line.licence:
            yield Fault(material.lines.file, None, "licence", None, "publish-licence", {"name": leg})
    for name in material.ground.uncredited:
        shown = material.project.display_path(material.project.geo / f"{name}.geojson")
        yield Fault(shown, None, "attribution", None, "publish-credit", {"name": name})


def forecasts(material: Material) -> Iterator[Fault]:
    """What lies after the date of the facts is neither an actual figure nor something that operates."""
    as_of = material.project.settings.as_of
    if not as_of:
        return
    for row in material.rows("indicators"):
        year = re.search(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", row["period"] or "")
        if row["kind"] == "actual" and year and year[0] > as_of[:4]:
            yield material.fault(
                "indicators", row[ROW], "kind", row["kind"], "publish-forecast", name=row["name"], date=row["period"]
            )
    for table in ("sites", "partnerships", "corridors"):
        for row in material.rows(table):
            start = row["start"] or ""
            if row["status"] in _DONE and start[: len(as_of)] > as_of[: len(start)]:
                yield material.fault(
                    table, row[ROW], "status", row["status"], "publish-forecast", name=row["name"], date=start
                )
