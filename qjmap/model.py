"""The atlas: typed tables joined and located, frozen, as GeoDataFrames in WGS 84 (EPSG:4326).

Every frame is in the order of its ids, whatever the order of the rows in the tables, so that what is made of it is
the same to the byte. (The rows of a long table of sites are kept as the file has them; what is made of them puts them in
order.) Columns of the tables keep their names; these are added:

``orig_lon, orig_lat, orig_datum``  the position as typed (places, sites);
``level``        the precision that is really known, ``unresolved`` without a position;
``radius_m``     its uncertainty radius in metres, NaN without a position;
``position_of``  the id of the place whose point was taken, empty for a position of the row's own;
``located``      how many parties of a partnership have a position;
``length_km``    geodesic length of a line on the WGS 84 ellipsoid;
``grade``        how well a leg is drawn: surveyed, generalised or schematic (see `leglines`); ``grades`` of a corridor's legs;
``schematic_km`` the share of ``length_km`` in straight, schematic parts;
``line_source``  the network data that a leg's line comes from, empty for a schematic one;
``_part_grades`` the grade of each part of a leg's line, for drawing only;
``modes, legs``  what a corridor's legs are, and their ids in their order.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qjmap import routes
from qjmap.leglines import LegLine, LegLines, Wish, wish_of
from qjmap.locators import Everywhere, Gazetteer
from qjmap.points import CRS, axes, in_id_order, located, with_geometry, with_points
from qjmap.project import Project
from qjmap.schema import DERIVED
from qjmap.siting import Belongs, Positions, site_positions
from qjmap.tables import columns as cols
from qjmap.tables import frame_of
from qjmap.tables.positions import wgs84_of


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is known of all sites where an atlas holds only some of them.

    Attributes
    ----------
    rows : how many there are.
    counties : adcode of the county, city or province -> sites that lie in it (see `parts.districts`).
    sources : ids of the sources of positions.
    points : what the points of sites were taken from besides the project's own rows.
    """

    rows: int
    counties: Mapping[str, int]
    sources: frozenset[str]
    points: frozenset[str]


@dataclass(frozen=True)
class Atlas:
    """One project's facts, located. Treat the frames as read-only: everything drawn or exported shares them."""

    project: Project
    places: gpd.GeoDataFrame
    site_rows: pd.DataFrame
    """The sites as they are kept: of a long table in the order of the file and without geometry objects (see `points`)."""
    partnerships: gpd.GeoDataFrame
    corridors: gpd.GeoDataFrame
    corridor_legs: gpd.GeoDataFrame
    indicators: pd.DataFrame
    sources: pd.DataFrame
    lines: Mapping[str, LegLine] = field(default_factory=dict)
    """The lines on real networks, by leg."""
    stale_legs: tuple[str, ...] = ()
    """Legs whose line no longer fits the table; they are drawn schematically."""
    beyond: Beyond | None = None
    """Of all sites, where `sites` holds only some."""

    @cached_property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites with their points, in the order of their ids."""
        return with_geometry(self.site_rows)

    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """The exported layers by name, in their order."""
        return {**self.kept_layers(), "sites": self.sites}

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name, in the order of the schema."""
        return {**self.kept_tables(), "sites": self.sites}

    def kept_layers(self) -> dict[str, pd.DataFrame]:
        """`layers` as they are kept, for who asks no more of sites than where they lie."""
        return {
            "places": self.places,
            "sites": self.site_rows,
            "partnerships": self.partnerships,
            "corridors": self.corridors,
            "corridor_legs": self.corridor_legs,
        }

    def kept_tables(self) -> dict[str, pd.DataFrame]:
        """`tables` as they are kept."""
        return {**self.kept_layers(), "indicators": self.indicators, "sources": self.sources}


def build_atlas(
    project: Project, frames: Mapping[str, pd.DataFrame], lines: LegLines | None = None, *, consume: bool = False,
    belongs: Belongs | None = None,
) -> Atlas:
    """Locates and joins the typed frames of a project's tables.

    Parameters
    ----------
    frames
        By table name, as `tables.parse` types them: lists as tuples, numbers as floats, ids filled in.
    lines
        Lines of legs on real networks, as `qjmap route` has found them; without, every leg is schematic.
    consume
        Take the frames out of the mapping as they are used, so that a large table is in memory once, not twice.
    belongs
        Of all sites that others are part of, where ``frames`` holds only some of the sites.
    """
    ordered = {}
    for name in list(frames):
        frame = frames.pop(name) if isinstance(frames, dict) and consume else frames[name]
        frame = _told_apart(name, frame)
        ordered[name] = frame if name == "sites" and len(frame) > cols.LONG else in_id_order(frame)
        del frame
    places_wgs = _with_wgs84(ordered["places"])
    gazetteer = _gazetteer(places_wgs)
    locator = partial(Everywhere, gazetteer, home=project.settings.home, suggests=False)
    found = Positions(len(places_wgs))
    for row, one in enumerate(places_wgs["id"]):
        found.put(row, gazetteer.position(one))
    places = with_geometry(_placed(places_wgs, found))
    sites_wgs = _with_wgs84(ordered.pop("sites"))
    sites = _placed(sites_wgs, site_positions(sites_wgs, gazetteer, locator, belongs))
    asked = {party for parties in ordered["partnerships"]["parties"] for party in parties}
    points = points_of(asked | _stops(ordered["corridor_legs"]), places, sites)
    wishes = [wish for leg in _rows(ordered["corridor_legs"]) if (wish := wish_of(leg, points))]
    found_lines, stale = (lines or LegLines()).find(wishes)
    legs = _legs(ordered["corridor_legs"], points, found_lines)
    return Atlas(
        project=project,
        places=places,
        site_rows=sites,
        partnerships=_partnerships(ordered["partnerships"], points),
        corridors=_corridors(ordered["corridors"], legs),
        corridor_legs=legs,
        indicators=ordered["indicators"],
        sources=ordered["sources"],
        lines=found_lines,
        stale_legs=tuple(stale),
    )


def gazetteer_of(places: pd.DataFrame) -> Gazetteer:
    """What answers for the typed frame of a project's places."""
    return _gazetteer(_with_wgs84(in_id_order(places)))


def locate_sites(frame: pd.DataFrame, gazetteer: Gazetteer, locator: Everywhere, belongs: Belongs) -> pd.DataFrame:
    """Some of an atlas's sites as they stand in it, in the order of their ids; ``belongs`` tells of all that others name."""
    sites = _with_wgs84(in_id_order(_told_apart("sites", frame)))
    return _placed(sites, site_positions(sites, gazetteer, lambda: locator, belongs))


def _told_apart(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame of a table, in which columns of the user's own that bear a name of what the atlas adds have another: level_2."""
    added = {*DERIVED.get(name, ()), "geometry"}
    new: dict[str, str] = {}
    for column in frame.columns:
        if column in added:
            number = next(n for n in itertools.count(2) if f"{column}_{n}" not in frame)
            new[column] = f"{column}_{number}"
    return frame.rename(columns=new) if new else frame


def leg_wishes(atlas: Atlas) -> list[Wish]:
    """What the legs that follow a network ask of it, in the order of their ids."""
    points = points_of(_stops(atlas.corridor_legs), atlas.places, atlas.site_rows)
    found = [wish for leg in _rows(atlas.corridor_legs) if (wish := wish_of(leg, points))]
    return sorted(found, key=lambda wish: wish.leg)


def _rows(legs: pd.DataFrame) -> list[dict[str, Any]]:
    columns = ("id", "from", "via", "to", "mode", "along")
    return [dict(zip(columns, row, strict=True)) for row in zip(*(legs[name] for name in columns), strict=True)]


def _stops(legs: pd.DataFrame) -> set[str]:
    """The ids of all places and sites that legs begin at, pass and end at."""
    return {*legs["from"], *legs["to"], *itertools.chain.from_iterable(legs["via"])}


def _with_wgs84(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with lon, lat in WGS 84; what was typed stands in orig_lon, orig_lat, orig_datum."""
    lon, lat = wgs84_of(frame)
    # As a new frame of the same columns: what pandas does in place would copy a million rows of them together.
    return frame_of({**_columns(frame, "datum"), "lon": lon, "lat": lat})


def _columns(frame: pd.DataFrame, *without: str) -> dict[str, Any]:
    return {str(name): cols.column(frame, str(name)) for name in frame if name not in without}


def _gazetteer(places: pd.DataFrame) -> Gazetteer:
    columns = ["id", "name", "name_en", "aliases", "kind", "parent", "members", "adcode", "precision", "lon", "lat"]
    return Gazetteer(dict(zip(columns, row, strict=True)) for row in zip(*(places[c] for c in columns), strict=True))


def _placed(frame: pd.DataFrame, found: Positions) -> pd.DataFrame:
    """The frame with points, level, radius and the place whose point was taken."""
    added = {"level": found.level, "radius_m": found.radius_m, "position_of": found.position_of}
    return with_points({**_columns(frame, "lon", "lat"), **added}, found.lon, found.lat)


def points_of(asked: Collection[str], *frames: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Positions by id, over places and sites, of the ids that are asked for; ids are unique over all tables."""
    points: dict[str, tuple[float, float]] = {}
    for frame in frames:
        few = frame.iloc[np.flatnonzero(cols.among(cols.column(frame, "id"), asked))]
        known = located(few)
        lon, lat = axes(few)
        points.update(zip(few["id"][known], zip(lon[known].tolist(), lat[known].tolist(), strict=True), strict=True))
    return points


def _ways(
    pairs: list[tuple[int, str, str]], points: Mapping[str, tuple[float, float]]
) -> tuple[routes.Floats, routes.Ints]:
    """Great circles of (row, from, to); the curve of a pair of points is computed once however many rows share it."""
    if not pairs:
        return np.zeros((0, routes.VERTICES, 2)), np.zeros(0, dtype=np.int64)
    ends = np.array([[*points[start], *points[end]] for _, start, end in pairs])
    distinct, which = np.unique(ends, axis=0, return_inverse=True)
    ways = routes.great_circles(distinct[:, :2], distinct[:, 2:])[which.reshape(-1)]
    return ways, np.array([row for row, _, _ in pairs], dtype=np.int64)


def _partnerships(frame: pd.DataFrame, points: Mapping[str, tuple[float, float]]) -> gpd.GeoDataFrame:
    """Between two spots, the geodesic from the first party's; of three and more, geodesics between each and the junction
    of all, so that no party is made the middle. Of a forward one the first runs in and the others run out."""
    spots = []
    for parties in frame["parties"]:
        known = {points[party]: party for party in reversed(parties) if party in points}
        spots.append(list(known.values())[::-1])
    many = [row for row, found in enumerate(spots) if len(found) > 2]
    flat = np.array([points[party] for row in many for party in spots[row]]).reshape(-1, 2)
    owner = np.repeat(np.arange(len(many)), [len(spots[row]) for row in many])
    middles = routes.junctions(flat, owner, np.array(sorted(set(points.values()))).reshape(-1, 2))
    knots = {f"{row} junction": (float(lon), float(lat)) for row, (lon, lat) in zip(many, middles, strict=True)}
    pairs: list[tuple[int, str, str]] = []
    for row, (found, direction) in enumerate(zip(spots, frame["direction"], strict=True)):
        if len(found) == 2:
            pairs.append((row, found[0], found[1]))
        elif found[1:]:
            knot = f"{row} junction"
            pairs.append((row, found[0], knot) if direction == "forward" else (row, knot, found[0]))
            pairs += [(row, knot, party) for party in found[1:]]
    out = frame.assign(located=[sum(party in points for party in parties) for parties in frame["parties"]])
    lines = routes.as_lines(*_ways(pairs, {**points, **knots}), rows=len(frame))
    out["length_km"] = np.round(routes.lengths_km(lines), 3)
    return gpd.GeoDataFrame(out, geometry=lines, crs=CRS)


def _legs(
    frame: pd.DataFrame, points: Mapping[str, tuple[float, float]], found: Mapping[str, LegLine]
) -> gpd.GeoDataFrame:
    """Corridor legs: lines on real networks where they are known, else the shortest ways past their places, ``schematic``."""
    pairs = []
    for row, (leg, start, via, end) in enumerate(
        zip(*(frame[name] for name in ("id", "from", "via", "to")), strict=True)
    ):
        stops = [stop for stop in (start, *via, end) if stop in points]
        if leg not in found and start in points and end in points:
            pairs += [(row, a, b) for a, b in itertools.pairwise(stops) if points[a] != points[b]]
    lines = routes.as_lines(*_ways(pairs, points), rows=len(frame))
    grades = np.array(["schematic" if line is not None else "" for line in lines], dtype=object)
    straight = routes.lengths_km(lines)
    parts = [("schematic",) * int(shapely.get_num_geometries(line)) if line is not None else () for line in lines]
    origins = np.full(len(frame), "", dtype=object)
    for row, leg in enumerate(frame["id"]):
        if leg in found:
            line = found[leg]
            lines[row], grades[row], parts[row] = line.geometry, line.grade, line.grades
            origins[row], straight[row] = line.origin, line.schematic_km
    out = frame.assign(grade=pd.Series(grades, dtype=object), line_source=pd.Series(origins, dtype=object))
    out["length_km"] = np.round(routes.lengths_km(lines), 3)
    out["schematic_km"] = np.round(straight, 3)
    out["_part_grades"] = pd.Series(parts, dtype=object)
    located = gpd.GeoDataFrame(out, geometry=lines, crs=CRS)
    return located.sort_values(["corridor", "seq", "id"], ignore_index=True)


def _corridors(frame: pd.DataFrame, legs: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Each corridor with the lines of its legs together, and what these are."""
    lines: dict[str, list[Any]] = {}
    for corridor, line in zip(legs["corridor"], legs.geometry, strict=True):
        if line is not None:
            lines.setdefault(corridor, []).append(line)
    geometry = np.full(len(frame), None, dtype=object)
    for row, identifier in enumerate(frame["id"]):
        if identifier in lines:
            parts = shapely.get_parts(np.array(lines[identifier], dtype=object))
            geometry[row] = parts[0] if len(parts) == 1 else shapely.multilinestrings(parts)
    by_corridor = legs.groupby("corridor")

    def told(column: str, *, once: bool) -> pd.Series[Any]:
        found = {one: [value for value in group if value] for one, group in by_corridor[column]}
        lists = [found.get(one, []) for one in frame["id"]]
        return pd.Series([tuple(dict.fromkeys(each) if once else each) for each in lists], dtype=object)

    out = frame.assign(modes=told("mode", once=True), grades=told("grade", once=True), legs=told("id", once=False))
    out["length_km"] = np.round(routes.lengths_km(geometry), 3)
    straight = by_corridor["schematic_km"].sum(min_count=1)
    out["schematic_km"] = np.round(straight.reindex(frame["id"]).to_numpy(dtype=float), 3)
    return gpd.GeoDataFrame(out, geometry=geometry, crs=CRS)
