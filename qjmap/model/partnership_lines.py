"""Geometry of partnerships: the spots (distinct positions of parties) that each joins, its junction, and great circles between them.

The lines of three or more spots meet at a junction, their geometric median.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from qjmap import geodesy
from qjmap.model.point_layers import CRS

SPOTS = "_spots"
"""Column of a partnership's distinct positions in the order of its parties: a tuple of (lon, lat), degrees in WGS 84."""

JUNCTION = "_junction"
"""Column of the point at which the lines of three or more spots meet: (lon, lat), or None."""

AREAS = "_areas"
"""Column of those spots that are points inside an area (see `area_ends`): a tuple of (lon, lat)."""


def with_spots(
    frame: pd.DataFrame, points: Mapping[str, tuple[float, float]], areas: Collection[tuple[float, float]] = ()
) -> pd.DataFrame:
    """Return partnerships with columns of their spots, junction, number of located parties and length.

    Parameters
    ----------
    frame : partnerships with ``parties`` (tuples of ids) and ``direction``.
    points : longitude and latitude (WGS 84 degrees) by id, for every party that has a position.
    areas : those of these points that are points inside an area.

    Returns
    -------
    The frame with `SPOTS`, `JUNCTION`, `AREAS`, ``located`` (parties with a position) and ``length_km`` (geodesic length of the great
    circles, NaN without any).
    """
    # Parties at the same position share one spot; dict.fromkeys keeps the order of the parties.
    spots = [
        tuple(dict.fromkeys(points[party] for party in parties if party in points)) for parties in frame["parties"]
    ]
    stars = [row for row, positions in enumerate(spots) if len(positions) > 2]
    positions = np.array([position for row in stars for position in spots[row]]).reshape(-1, 2)
    owner = np.repeat(np.arange(len(stars)), [len(spots[row]) for row in stars])
    medians = geodesy.junctions(positions, owner, np.array(sorted(set(points.values()))).reshape(-1, 2))
    junctions: list[tuple[float, float] | None] = [None] * len(frame)
    for row, (lon, lat) in zip(stars, medians.tolist(), strict=True):
        junctions[row] = (lon, lat)
    out = frame.assign(located=[sum(party in points for party in parties) for parties in frame["parties"]])
    out[SPOTS] = pd.Series(spots, index=frame.index, dtype=object)
    out[JUNCTION] = pd.Series(junctions, index=frame.index, dtype=object)
    out[AREAS] = pd.Series([tuple(p for p in row if p in areas) for row in spots], index=frame.index, dtype=object)
    arcs, row_of_arc = _great_circles(out)
    out["length_km"] = np.round(geodesy.polyline_lengths_km(arcs, row_of_arc, len(out)), 3)
    return out


def with_lines(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the partnerships of `with_spots` with line geometry (EPSG:4326) in place of the columns of spots and junction.

    Two spots are joined by a LineString from the first party's spot to the other. Three or more are joined to their junction, so
    that no party appears as the centre: a MultiLineString with one part for each spot in the order of the parties. Each part starts
    at the junction; if the direction is ``forward``, the first part ends there instead. Fewer than two spots have no line.
    """
    lines = geodesy.as_lines(*_great_circles(frame), rows=len(frame))
    return gpd.GeoDataFrame(frame.drop(columns=[SPOTS, JUNCTION, AREAS]), geometry=lines, crs=CRS)


def _great_circles(frame: pd.DataFrame) -> tuple[geodesy.Floats, geodesy.Ints]:
    """Return the vertices of the lines that `with_lines` describes, shape (n, vertices, 2), and the row of each, shape (n,)."""
    rows: list[int] = []
    ends: list[Any] = []
    columns = zip(frame[SPOTS], frame[JUNCTION], frame["direction"], strict=True)
    for row, (spots, junction, direction) in enumerate(columns):
        if len(spots) < 2:
            continue
        if junction is None:
            lines = [spots]
        else:
            lines = [(junction, spot) for spot in spots]
            if direction == "forward":
                lines[0] = (spots[0], junction)
        rows += [row] * len(lines)
        ends += lines
    pairs = np.array(ends, dtype=np.float64).reshape(-1, 2, 2)
    return geodesy.great_circles_of_pairs(pairs[:, 0], pairs[:, 1]), np.array(rows, dtype=np.int64)
