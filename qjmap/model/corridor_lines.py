"""Line geometry of corridors and their legs: lines along real networks where they are known, else great circles."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qjmap import geodesy
from qjmap.model.leg_line_file import LegLine, LegRequest, leg_request
from qjmap.model.point_layers import CRS

Points = Mapping[str, tuple[float, float]]
"""Longitude and latitude (WGS 84 degrees) by id."""


def stops_of(legs: pd.DataFrame) -> set[str]:
    """Return the ids of all places and sites at which legs start or end, or through which they pass."""
    return {*legs["from"], *legs["to"], *itertools.chain.from_iterable(legs["via"])}


def leg_requests(legs: pd.DataFrame, points: Points) -> list[LegRequest]:
    """Return the requests for the lines of those legs that follow a network and whose stops all have positions (see `leg_request`)."""
    columns = ("id", "from", "via", "to", "mode", "along")
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*(legs[name] for name in columns), strict=True))
    return [request for row in rows if (request := leg_request(row, points))]


def legs_with_lines(frame: pd.DataFrame, points: Points, network_lines: Mapping[str, LegLine]) -> gpd.GeoDataFrame:
    """Return corridor legs with lines (EPSG:4326), lengths in km and grades, sorted by corridor and order of travel.

    Parameters
    ----------
    frame : rows of corridor_legs with ``id``, ``corridor``, ``seq``, ``from``, ``via`` and ``to``.
    points : positions of the stops.
    network_lines : lines along real networks by id of the leg; other legs get great circles between their stops, graded
        ``schematic``.
    """
    rows: list[int] = []
    ends: list[Any] = []
    columns = zip(*(frame[name] for name in ("id", "from", "via", "to")), strict=True)
    for row, (leg, start, via, end) in enumerate(columns):
        if leg not in network_lines and start in points and end in points:
            stops = [points[stop] for stop in (start, *via, end) if stop in points]
            pairs = [pair for pair in itertools.pairwise(stops) if pair[0] != pair[1]]
            rows += [row] * len(pairs)
            ends += pairs
    pairs_array = np.array(ends, dtype=np.float64).reshape(-1, 2, 2)
    circles = geodesy.great_circles_of_pairs(pairs_array[:, 0], pairs_array[:, 1])
    lines = geodesy.as_lines(circles, np.array(rows, dtype=np.int64), rows=len(frame))
    grades = np.array(["schematic" if line is not None else "" for line in lines], dtype=object)
    schematic_km = geodesy.lengths_km(lines)
    part_grades = [("schematic",) * int(shapely.get_num_geometries(line)) if line is not None else () for line in lines]
    origins = np.full(len(frame), "", dtype=object)
    for row, leg in enumerate(frame["id"]):
        if leg in network_lines:
            line = network_lines[leg]
            lines[row], grades[row], part_grades[row] = line.geometry, line.grade, line.grades
            origins[row], schematic_km[row] = line.origin, line.schematic_km
    out = frame.assign(grade=pd.Series(grades, dtype=object), line_source=pd.Series(origins, dtype=object))
    out["length_km"] = np.round(geodesy.lengths_km(lines), 3)
    out["schematic_km"] = np.round(schematic_km, 3)
    out["_part_grades"] = pd.Series(part_grades, dtype=object)
    located = gpd.GeoDataFrame(out, geometry=lines, crs=CRS)
    return located.sort_values(["corridor", "seq", "id"], ignore_index=True)


def corridors_with_lines(frame: pd.DataFrame, legs: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return corridors with the lines of their legs joined (EPSG:4326; None if no leg has a line).

    Added columns: the tuples ``modes``, ``grades`` (distinct) and ``legs`` (ids); ``length_km``, the total length in km, and
    ``schematic_km``, the length of its schematic parts. Both lengths are NaN for a corridor with branches, gaps or loops, where the sum of
    the legs is not the length of any one route.
    """
    lines: dict[str, list[Any]] = {}
    for corridor, line in zip(legs["corridor"], legs.geometry, strict=True):
        if line is not None:
            lines.setdefault(corridor, []).append(line)
    geometry = np.full(len(frame), None, dtype=object)
    for row, corridor in enumerate(frame["id"]):
        if corridor in lines:
            parts = shapely.get_parts(np.array(lines[corridor], dtype=object))
            geometry[row] = parts[0] if len(parts) == 1 else shapely.multilinestrings(parts)
    by_corridor = legs.groupby("corridor")

    def collect(column: str, *, unique: bool) -> pd.Series[Any]:
        values = {corridor: [value for value in group if value] for corridor, group in by_corridor[column]}
        lists = [values.get(corridor, []) for corridor in frame["id"]]
        return pd.Series([tuple(dict.fromkeys(items) if unique else items) for items in lists], dtype=object)

    out = frame.assign(
        modes=collect("mode", unique=True), grades=collect("grade", unique=True), legs=collect("id", unique=False)
    )
    ends = {corridor: list(zip(legs["from"], legs["to"], strict=True)) for corridor, legs in by_corridor}
    is_way = np.array([is_one_way(ends.get(corridor, [])) for corridor in frame["id"]], dtype=bool)
    out["length_km"] = np.where(is_way, np.round(geodesy.lengths_km(geometry), 3), np.nan)
    schematic_km = by_corridor["schematic_km"].sum(min_count=1).reindex(frame["id"]).to_numpy(dtype=float)
    out["schematic_km"] = np.where(is_way, np.round(schematic_km, 3), np.nan)
    return gpd.GeoDataFrame(out, geometry=geometry, crs=CRS)


def is_one_way(legs: Sequence[tuple[str, str]]) -> bool:
    """Return whether legs, given as pairs of stops in any order, form one route without branches, gaps or loops; False for no legs."""
    stops: dict[str, list[int]] = {}
    for number, ends in enumerate(legs):
        for stop in ends:
            stops.setdefault(stop, []).append(number)
    if not legs or max(map(len, stops.values())) > 2:
        return False
    reached = [0]
    for number in reached:  # the loop body appends to the list
        reached += [other for stop in legs[number] for other in stops[stop] if other not in reached]
    return len(set(reached)) == len(legs) and len(stops) == len(legs) + 1
