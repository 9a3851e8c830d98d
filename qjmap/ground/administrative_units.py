"""Neighbours, extents and outlines of administrative units, which are given by their adcodes."""

from __future__ import annotations

from typing import Any

from qjmap.ground.boundaries import level_of, load_boundaries


def neighbours(adcode: str) -> list[str]:
    """Return the adcodes, ascending, of the present units of the same level that share a piece of boundary with a unit.

    The list is empty for a unit without a known boundary.

    Parameters
    ----------
    adcode : adcode of a county, prefecture or province, which determines the level (`level_of`).
    """
    boundaries = load_boundaries()
    members = boundaries.members(adcode)
    beside = {boundaries.unit_of(county, level_of(adcode)) for county in boundaries.beyond(members)}
    return sorted(unit for unit in beside if unit and not boundaries.members(unit) & members)


def outline(adcode: str) -> Any | None:
    """Return the area of a county, prefecture or province as a shapely MultiPolygon or Polygon (WGS 84 degrees).

    None if no boundary is known: the unit is younger than the boundary data, or the code is not that of a Chinese unit.
    """
    from qjmap.ground.polygons import polygons  # imports shapely, which nothing else in this module needs

    members = load_boundaries().members(adcode)
    return polygons([members])[0] if members else None


def bounds(adcode: str) -> tuple[float, float, float, float] | None:
    """Return the extent (west, south, east, north in WGS 84 degrees) of a county, prefecture or province; None without a boundary."""
    boundaries = load_boundaries()
    members = boundaries.members(adcode)
    if not members:
        return None
    x, y = zip(
        *(point for arc in boundaries.boundary(members) for point in boundaries.arc(max(arc, ~arc))), strict=True
    )
    scale = boundaries.lines.per_degree
    return min(x) / scale, min(y) / scale, max(x) / scale, max(y) / scale
