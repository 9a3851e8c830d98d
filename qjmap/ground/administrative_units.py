"""Neighbours, extents and outlines of administrative units by their adcodes."""

from __future__ import annotations

from typing import Any

from qjmap.ground.boundaries import level_of, load_boundaries


def neighbours(adcode: str) -> list[str]:
    """Return the units of today of the same level that share an edge with a unit, ascending; itself is none of them.

    Parameters
    ----------
    adcode : of a county, prefecture or province; without a known boundary it has no neighbours.
    """
    boundaries = load_boundaries()
    members = boundaries.members(adcode)
    beside = {boundaries.unit_of(county, level_of(adcode)) for county in boundaries.beyond(members)}
    return sorted(unit for unit in beside if unit and not boundaries.members(unit) & members)


def outline(adcode: str) -> Any | None:
    """Return the area of a county, prefecture or province as a shapely MultiPolygon or Polygon (WGS 84 degrees).

    None where no boundary is known: of units younger than the boundaries, and of codes that are no unit of China.
    """
    from qjmap.ground.polygons import polygons  # shapely; the rest of this module needs no more than Python

    members = load_boundaries().members(adcode)
    return polygons([members])[0] if members else None


def bounds(adcode: str) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north (WGS 84 degrees) of a county, prefecture or province; None where no boundary is known."""
    boundaries = load_boundaries()
    members = boundaries.members(adcode)
    if not members:
        return None
    x, y = zip(
        *(point for arc in boundaries.boundary(members) for point in boundaries.arc(max(arc, ~arc))), strict=True
    )
    scale = boundaries.lines.per_degree
    return min(x) / scale, min(y) / scale, max(x) / scale, max(y) / scale
