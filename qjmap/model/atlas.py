"""The atlas: the typed tables of a project with positions and lines, as GeoDataFrames in WGS 84 (EPSG:4326).

Frames are sorted by id, legs by corridor and order of travel, so that outputs do not depend on the order of the rows in the tables.
(``site_rows`` keeps the order of the file; outputs sort them.) Columns of the tables keep their names; these are added:

``orig_lon, orig_lat, orig_datum``  the position as typed in the table (places, sites);
``category_word``, ``status_word`` and the like  words as typed that the vocabulary does not have, if any row has one;
``level``        precision of the position, ``unresolved`` without one;
``radius_m``     uncertainty radius in metres, NaN without a position;
``position_of``  id of the place that the position was taken from, empty for the row's own coordinates and without a position;
``located``      number of a partnership's parties that have a position;
``length_km``    geodesic length of a line on the WGS 84 ellipsoid;
``grade``        quality of a leg's line: surveyed, generalised or schematic (see `leg_line_file`), "" without a line; ``grades``, the
                 tuple of a corridor's distinct grades;
``schematic_km`` length of the straight, schematic parts;
``line_source``  network data that a leg's line comes from, empty for a schematic line;
``_part_grades`` grade of each part of a leg's line, for drawing only;
``modes, legs``  distinct modes and ids of a corridor's legs, in order of travel;
``edition_change``  how a row has changed since the earlier edition, only in an atlas of two editions (see `pipeline.both_editions`).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from qjmap.geocoding import OfflineLocator, ProjectGazetteer
from qjmap.model.arc_ends_in_areas import area_ends
from qjmap.model.corridor_lines import corridors_with_lines, leg_requests, legs_with_lines, stops_of
from qjmap.model.ground_files import GroundFiles
from qjmap.model.leg_line_file import LegLine, LegLines, LegRequest
from qjmap.model.partnership_lines import with_lines, with_spots
from qjmap.model.point_layers import OF_THE_PROGRAM, axes, in_id_order, located, with_geometry, with_points
from qjmap.model.resolve_positions import Positions, SiteParents, site_positions
from qjmap.project import Project
from qjmap.schema import DERIVED, GAZETTEER_SOURCE, TABLES, UNSTATED_DATUM, UNSTATED_DATUM_M
from qjmap.tables import ROW, frame_of
from qjmap.tables.columns import operations as cols
from qjmap.tables.coordinates import wgs84_of
from qjmap.tables.own_columns import OwnColumn, decide, facts_of, own_names, typed_columns
from qjmap.tables.table_frame import filled_words


@dataclass(frozen=True, slots=True)
class AllSites:
    """Summary of all sites, for an atlas that holds only a sample of them.

    Attributes
    ----------
    rows : number of sites.
    counties : code -> number of sites; codes are those of `counties_of_sites.county_adcodes`.
    sources : ids of the rows of sources that sites state as source of their position.
    points : ids of the places in the package's gazetteer from which positions of sites were taken.
    """

    rows: int
    counties: Mapping[str, int]
    sources: frozenset[str]
    points: frozenset[str]


@dataclass(frozen=True)
class Atlas:
    """Located tables of one project. Treat the frames as read-only: layers and exports use them without a copy."""

    project: Project
    places: gpd.GeoDataFrame
    site_rows: pd.DataFrame
    """The sites, with columns ``lon`` and ``lat`` instead of geometry objects, in the order of the file (see `point_layers`)."""
    partnership_rows: pd.DataFrame
    """The partnerships with their spots and junctions in place of lines (see `partnership_lines`)."""
    corridors: gpd.GeoDataFrame
    corridor_legs: gpd.GeoDataFrame
    indicators: pd.DataFrame
    sources: pd.DataFrame
    lines: Mapping[str, LegLine] = field(default_factory=dict)
    """Lines along real networks by id of the leg."""
    stale_legs: tuple[str, ...] = ()
    """Ids of the legs whose stored line is missing, or was made for other stops or positions; they are drawn schematically."""
    all_sites: AllSites | None = None
    """Summary of all sites if `sites` is only a sample."""
    own: Mapping[str, tuple[OwnColumn, ...]] = field(default_factory=dict)
    """The columns of each table that the user added and did not hide, under their names in the frames."""
    ground_files: GroundFiles = field(default_factory=GroundFiles)
    """The project's own background geometry."""
    new: Atlas | None = None
    """The new edition alone, if this atlas has the rows of two editions: numbers and relations are taken from it."""

    @cached_property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites with point geometry, sorted by id."""
        return with_geometry(self.site_rows)

    @cached_property
    def partnerships(self) -> gpd.GeoDataFrame:
        """The partnerships with line geometry: great circles between their spots."""
        return with_lines(self.partnership_rows)

    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Return name -> frame of the exported layers, in their order, all with geometry."""
        return {**self.export_rows(), "sites": self.sites}

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return name -> frame of every table, in the order of the schema; layers with geometry."""
        return {**self.layers(), "indicators": self.indicators, "sources": self.sources}

    def layer_rows(self) -> dict[str, pd.DataFrame]:
        """Return the frames of `layers`, but for sites and partnerships `site_rows` and `partnership_rows`, without geometry objects."""
        return {
            "places": self.places,
            "sites": self.site_rows,
            "partnerships": self.partnership_rows,
            "corridors": self.corridors,
            "corridor_legs": self.corridor_legs,
        }

    def export_rows(self) -> dict[str, pd.DataFrame]:
        """Return the frames of `layer_rows` as exports take them: all lines with geometry, sites with coordinate columns only."""
        return {**self.layer_rows(), "partnerships": self.partnerships}

    def export_tables(self) -> dict[str, pd.DataFrame]:
        """Return the frames of `export_rows`, and those of the tables without geometry: indicators and sources."""
        return {**self.export_rows(), "indicators": self.indicators, "sources": self.sources}

    def table_rows(self) -> dict[str, pd.DataFrame]:
        """Return `tables` without geometry objects for sites and partnerships."""
        return {**self.layer_rows(), "indicators": self.indicators, "sources": self.sources}


def build_atlas(
    project: Project,
    frames: Mapping[str, pd.DataFrame],
    lines: LegLines | None = None,
    *,
    consume: bool = False,
    site_parents: SiteParents | None = None,
    own: Mapping[str, tuple[OwnColumn, ...]] | None = None,
    ground_files: GroundFiles | None = None,
) -> Atlas:
    """Locate the rows of a project's typed tables, make their lines, and return the atlas.

    Parameters
    ----------
    frames
        By table name, as `tables.parse` returns them: lists as tuples, numbers as floats, ids filled in.
    lines
        Lines of legs along real networks, written by `qjmap route`; without them every leg is schematic.
    consume
        Remove the frames from the mapping as they are used, so that a large table is in memory only once.
    site_parents
        Place of each site, and the rows that it is part of, for all sites; needed if ``frames`` holds only some of them.
    own
        Types of the user's own columns by table, if ``frames`` holds only some of the rows.
    ground_files
        Background geometry from the project's folder `geo`.
    """
    ordered, shown = {}, dict[str, tuple[OwnColumn, ...]]()
    for name in list(frames):
        frame = frames.pop(name) if isinstance(frames, dict) and consume else frames[name]
        decided = own_columns(project, name, frame) if own is None else own[name]
        frame, shown[name] = _with_own_columns(name, frame, decided)
        frame = _without_empty_words(name, frame)
        ordered[name] = frame if name == "sites" else in_id_order(frame)
        del frame
    places_wgs = _with_wgs84(ordered["places"])
    gazetteer = _gazetteer(places_wgs)
    locator = OfflineLocator(gazetteer, home=project.settings.home, suggests=False)
    place_positions = Positions(len(places_wgs))
    for row, place in enumerate(places_wgs["id"]):
        place_positions.set(row, gazetteer.position(place))
    places = with_geometry(_with_positions(places_wgs, place_positions, gazetteer))
    sites_wgs = _with_wgs84(ordered.pop("sites"))
    parents = None if site_parents is None else lambda: site_parents
    sites = _with_positions(sites_wgs, site_positions(sites_wgs, gazetteer, lambda: locator, parents), gazetteer)
    parties = {party for row in ordered["partnerships"]["parties"] for party in row}
    points = points_by_id(parties | stops_of(ordered["corridor_legs"]), places, sites)
    ends = area_ends(places, parties, project.settings.vocabularies.likes("place_kind"))
    requests = leg_requests(ordered["corridor_legs"], points)
    network_lines, stale = (lines or LegLines()).match(requests)
    legs = legs_with_lines(ordered["corridor_legs"], points, network_lines)
    return Atlas(
        project=project,
        places=places,
        site_rows=sites,
        partnership_rows=with_spots(ordered["partnerships"], {**points, **ends}, {*ends.values()}),
        corridors=corridors_with_lines(ordered["corridors"], legs),
        corridor_legs=legs,
        indicators=ordered["indicators"],
        sources=ordered["sources"],
        lines=network_lines,
        stale_legs=tuple(stale),
        own=shown,
        ground_files=ground_files or GroundFiles(),
    )


def own_columns(project: Project, name: str, frame: pd.DataFrame) -> tuple[OwnColumn, ...]:
    """Return the types of the columns that the user added to a table, and which of them are hidden.

    Parameters
    ----------
    name : name of the table.
    frame : all of its rows.
    """
    table = TABLES[name]
    facts = {own: facts_of(own, cols.column(frame, own)) for own in own_names(table, frame)}
    return decide(table, facts, project.settings.columns)


def build_gazetteer(places: pd.DataFrame) -> ProjectGazetteer:
    """Return the gazetteer of a project's places, given the typed frame of their table."""
    return _gazetteer(_with_wgs84(in_id_order(places)))


def locate_sites(
    frame: pd.DataFrame, locator: OfflineLocator, site_parents: SiteParents, own: Sequence[OwnColumn]
) -> pd.DataFrame:
    """Return some of the sites of an atlas with their positions, sorted by id, as `build_atlas` returns all of them.

    Parameters
    ----------
    frame : typed rows of the sites to locate.
    locator : locator over the places of the project.
    site_parents : as in `build_atlas`; also of sites that are not in ``frame``.
    own : types of the user's own columns, determined from all sites.
    """
    gazetteer = locator.places.project
    sites = _with_wgs84(in_id_order(_with_own_columns("sites", frame, own)[0]))
    return _with_positions(sites, site_positions(sites, gazetteer, lambda: locator, lambda: site_parents), gazetteer)


def _without_empty_words(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame without those columns of words as typed (``category_word``) that are empty in all rows."""
    table = TABLES[name]
    empty = {*table.word_columns} - filled_words(table, frame)
    return frame.drop(columns=[column for column in frame if column in empty])


def _with_own_columns(
    name: str, frame: pd.DataFrame, own: Sequence[OwnColumn]
) -> tuple[pd.DataFrame, tuple[OwnColumn, ...]]:
    """Return the frame with typed own columns and without hidden ones, and the own columns that it has, under their new names.

    A column with a name that the atlas itself adds is renamed: ``level`` to ``level_2``.
    """
    columns = typed_columns(_columns(frame), own)
    reserved = {*DERIVED.get(name, ()), "geometry", *(OF_THE_PROGRAM - {ROW, "lon", "lat"})}
    reserved |= {"located"} if "lon" in TABLES[name] else set()  # a column of the page's payload of points
    names = {column: _free_name(column, columns) if column in reserved else column for column in columns}
    shown = tuple(replace(column, name=names[column.name]) for column in own if column.name in names)
    return frame_of({names[column]: values for column, values in columns.items()}), shown


def _free_name(name: str, taken: Collection[str]) -> str:
    return next(free for free in map(f"{name}_{{}}".format, itertools.count(2)) if free not in taken)


def network_requests(atlas: Atlas) -> list[LegRequest]:
    """Return the requests for lines of the legs that follow a network, sorted by id of the leg."""
    points = points_by_id(stops_of(atlas.corridor_legs), atlas.places, atlas.site_rows)
    return sorted(leg_requests(atlas.corridor_legs, points), key=lambda request: request.leg)


def _with_wgs84(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with ``lon`` and ``lat`` in WGS 84; ``orig_lon``, ``orig_lat``, ``orig_datum`` keep the cells as typed.

    If a row with coordinates states no datum, its ``orig_datum`` is `UNSTATED_DATUM`.
    """
    lon, lat = wgs84_of(frame)
    unstated = cols.is_empty(cols.column(frame, "datum")) & np.isfinite(lon) & np.isfinite(lat)
    columns = _columns(frame, "datum")
    if unstated.any():
        typed = cols.categorical(["", UNSTATED_DATUM], unstated.astype(np.int8))
        columns["orig_datum"] = cols.where_filled(columns["orig_datum"], typed)
    # A new frame of the same columns; an assignment would make pandas consolidate, and so copy, all columns.
    return frame_of({**columns, "lon": lon, "lat": lat})


def _columns(frame: pd.DataFrame, *without: str) -> dict[str, Any]:
    return {str(name): cols.column(frame, str(name)) for name in frame if name not in without}


def _gazetteer(places: pd.DataFrame) -> ProjectGazetteer:
    columns = ["id", "name", "name_en", "aliases", "kind", "parent", "members", "adcode", "precision", "lon", "lat"]
    return ProjectGazetteer(
        dict(zip(columns, row, strict=True)) for row in zip(*(places[c] for c in columns), strict=True)
    )


def _with_positions(frame: pd.DataFrame, positions: Positions, gazetteer: ProjectGazetteer) -> pd.DataFrame:
    """Return the frame with its positions: ``lon``, ``lat``, ``level``, ``radius_m`` and ``position_of``.

    The uncertainty of own coordinates without a stated datum grows by `UNSTATED_DATUM_M`. Positions from the gazetteer in the package
    get it as their source, unless the row states one.
    """
    own = cols.isin(cols.column(frame, "orig_datum"), [UNSTATED_DATUM]) & cols.is_empty(positions.position_of)
    radius_m = positions.radius_m + np.where(own, UNSTATED_DATUM_M, 0.0)
    added = {"level": positions.level, "radius_m": radius_m, "position_of": positions.position_of}
    columns = {**_columns(frame, "lon", "lat"), **added, **_gazetteer_sources(frame, positions, gazetteer)}
    return with_points(columns, positions.lon, positions.lat)


def _gazetteer_sources(frame: pd.DataFrame, positions: Positions, gazetteer: ProjectGazetteer) -> dict[str, Any]:
    """Return ``position_source`` and ``position_locator`` with the gazetteer filled in; {} if nothing is to be filled in.

    It is filled in in rows that state no source and whose position was taken from a place that is not in the project's tables.
    """
    located_at = positions.position_of
    foreign = [place for place in cols.unique(located_at) if place and place not in gazetteer]
    if not foreign:
        return {}
    source, locator = (cols.column(frame, f"position_{name}") for name in ("source", "locator"))
    from_gazetteer = cols.isin(located_at, foreign) & cols.is_empty(source)
    places = np.where(from_gazetteer, cols.to_objects(located_at), "")
    return {
        "position_source": cols.where_filled(
            source, cols.categorical(["", GAZETTEER_SOURCE], from_gazetteer.astype(np.int8))
        ),
        "position_locator": cols.where_filled(locator, places),
    }


def points_by_id(ids: Collection[str], *frames: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return id -> (longitude, latitude) in WGS 84 degrees for those of the given ids whose row has a position.

    Parameters
    ----------
    frames : layers of points; an id is unique over all tables.
    """
    points: dict[str, tuple[float, float]] = {}
    for frame in frames:
        rows = frame.iloc[np.flatnonzero(cols.isin(cols.column(frame, "id"), ids))]
        mask = located(rows)
        lon, lat = axes(rows)
        points.update(zip(rows["id"][mask], zip(lon[mask].tolist(), lat[mask].tolist(), strict=True), strict=True))
    return points
