"""Second pass: check and locate the rows of a partition, and convert them to rows of the output file and of the page."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from qjmap import performance_settings
from qjmap.errors import Fault, Severity
from qjmap.export import geojson_arrow
from qjmap.export.csv_file import csv_rows
from qjmap.export.flat_frame import flat_frame
from qjmap.export.geoparquet import to_arrow_table
from qjmap.geocoding import OfflineLocator, ProjectGazetteer
from qjmap.model.atlas import build_gazetteer, locate_sites
from qjmap.model.counties_of_sites import COUNTY, counted, county_adcodes
from qjmap.model.point_layers import axes, located
from qjmap.model.resolve_positions import SiteParents
from qjmap.partitioned.collect_rows import concat_frames
from qjmap.partitioned.external_sort import Chunk, split_by_range
from qjmap.partitioned.parse_partition import Task, limit_faults, read_task
from qjmap.tables import Parsed
from qjmap.tables.columns import operations as cols
from qjmap.tables.isolate_rows import FAILED, by_row
from qjmap.tables.own_columns import OwnColumn
from qjmap.validation.checks import Facts, check_partition
from qjmap.validation.unlocated import sites_to_draw


@dataclass(frozen=True)
class Output:
    """The output that the second pass makes of each partition, besides faults: rows for a file, rows for the page, counts.

    Attributes
    ----------
    form : format of the output file: "geojson", "parquet" or "csv"; "" for no file.
    bounds : ids at which a range of the sorted rows starts, see `external_sort.range_bounds`.
    names : id -> name of the rows to which the sites may refer; only for "parquet" and "csv", which write names beside ids.
    counties : whether to add the column `COUNTY` to the file.
    by_county : whether to count the sites by county, for a page that has only some of them.
    page_hash : the page gets the rows whose hash of the id is at most this; -1 for no rows, None for all.
    page_ids : ids of further rows for the page, whatever their hashes.
    """

    form: str = ""
    bounds: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    counties: bool = False
    by_county: bool = False
    page_hash: int | None = -1
    page_ids: frozenset[str] = frozenset()

    @property
    def locates(self) -> bool:
        """Return whether rows must be located, because there is an output file or a page."""
        return bool(self.form) or self.page_hash != -1


@dataclass(frozen=True)
class Shared:
    """Input of the second pass that is the same for every partition.

    Attributes
    ----------
    facts : data that the checks of single rows need: index of ids and names, known positions, places.
    site_parents : id -> `place` and `part_of` of the sites to which other rows refer.
    unknown : columns of all partitions that the schema does not define.
    words : columns of words as typed (such as ``category_word``) that are filled in some partition; the others are left out of the file.
    own : types and visibility of the columns `unknown`.
    output : the output to make.
    """

    facts: Facts
    site_parents: SiteParents
    unknown: tuple[str, ...]
    words: frozenset[str]
    own: tuple[OwnColumn, ...]
    output: Output

    @cached_property
    def locator(self) -> OfflineLocator:
        """Return the locator of addresses, which has already located the project's places that have no coordinates."""
        project, places = self.facts.project, self.facts.places
        gazetteer = ProjectGazetteer(()) if places is None else build_gazetteer(places.whole)
        return OfflineLocator(gazetteer, home=project.settings.home if project else "", suggests=False)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "locator"}


@dataclass(frozen=True)
class PartitionResult:
    """Result of the second pass over a partition, or over all partitions together.

    For a partition with a fault (warnings do not count) the attributes from `to_draw` on keep their defaults; without an output, or without
    rows, those from `chunks` on do.

    Attributes
    ----------
    rows : number of rows.
    faults : the listed faults and warnings, see `limit_faults`.
    unlisted : severity -> number of faults or warnings that are not listed.
    to_draw : number of rows that must have a position, see `sites_to_draw`.
    is_any_drawn : whether any of these rows has a position.
    chunks : its rows in the format of the file, sorted by id, one chunk for each range in which it has rows.
    counties : adcode -> number of rows; empty unless the output has `counties` or `by_county`.
    sources, points : ids of the sources of positions, and of the places from which rows took their position.
    box : west, south, east, north of its points (WGS 84 degrees); None without points.
    page_rows : the rows for the page, as a typed frame that may be empty; None for no page.
    columns : names of the columns of a Parquet or CSV file, without the geometry; () for GeoJSON, whose rows name them.
    """

    rows: int
    faults: tuple[Fault, ...]
    unlisted: Counter[Severity]
    to_draw: int = 0
    is_any_drawn: bool = False
    chunks: tuple[Chunk, ...] = ()
    counties: Counter[str] = field(default_factory=Counter)
    sources: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    box: tuple[float, ...] | None = None
    page_rows: pd.DataFrame | None = None
    columns: tuple[str, ...] = ()


def process_partition(task: Task, shared: Shared) -> PartitionResult:
    """Run the second pass over a partition. A row on which the program fails unexpectedly is blanked and gets a fault.

    Raises the errors of `read_partition`.
    """
    parsed = read_task(task)
    rest, result = by_row(parsed, lambda rows: _process(rows, shared))
    failed = [fault for fault in rest.faults if fault.code == FAILED and fault not in parsed.faults]
    return replace(result, faults=(*failed, *result.faults)) if failed else result


def _process(parsed: Parsed, shared: Shared) -> PartitionResult:
    """Check a partition; if it has no fault (warnings do not count), locate its sites and convert them to the output."""
    output = shared.output
    parsed, new_faults = check_partition(parsed, shared.facts)
    faults, unlisted = limit_faults(new_faults)
    result = PartitionResult(len(parsed.frame), faults, unlisted)
    if any(fault.severity == "fault" for fault in (*parsed.faults, *faults)):
        return result
    to_draw, is_any_drawn = sites_to_draw(parsed, shared.facts.locator, lambda: shared.site_parents)
    result = replace(result, to_draw=to_draw, is_any_drawn=is_any_drawn)
    if not output.locates or not len(parsed.frame):
        return result
    rows = _file_columns(parsed, shared)
    sites = locate_sites(rows, shared.locator, shared.site_parents, shared.own)
    has_position = located(sites)
    counties = Counter[str]()
    if output.counties or output.by_county:
        codes = county_adcodes(sites)
        counties = counted(codes)
        if output.counties:
            sites[COUNTY] = codes
    columns, chunks = _file_rows(sites, output)
    return replace(
        result,
        chunks=chunks,
        columns=columns,
        counties=counties,
        sources=frozenset(cols.unique(cols.column(sites, "position_source")[has_position])),
        points=frozenset(cols.unique(cols.column(sites, "position_of"))) - {""},
        box=_box(*axes(sites)) if has_position.any() else None,
        page_rows=_page_rows(parsed.frame, shared),
    )


def _box(lon: Any, lat: Any) -> tuple[float, ...]:
    """Return west, south, east, north of points; NaN is ignored."""
    return float(np.nanmin(lon)), float(np.nanmin(lat)), float(np.nanmax(lon)), float(np.nanmax(lat))


def _file_columns(parsed: Parsed, shared: Shared) -> pd.DataFrame:
    """Return the rows with the columns that all partitions together have; a column that this partition lacks is empty."""
    frame = parsed.frame.drop(columns=[name for name in parsed.raw.table.word_columns if name not in shared.words])
    return concat_frames([frame], shared.unknown) if shared.unknown else frame


def _page_rows(frame: pd.DataFrame, shared: Shared) -> pd.DataFrame | None:
    """Return those rows of a partition that the page gets, perhaps none; None if the page gets no sites at all (`page_hash` is -1)."""
    output = shared.output
    if output.page_hash == -1:
        return None
    if output.page_hash is not None:
        ids = cols.column(frame, "id")
        frame = frame[(cols.hash_array(ids) <= output.page_hash) | cols.isin(ids, output.page_ids)]
    return concat_frames([frame], shared.unknown)


def _file_rows(sites: pd.DataFrame, output: Output) -> tuple[tuple[str, ...], tuple[Chunk, ...]]:
    """Return the columns of the file (() for GeoJSON or no file), and the rows of a partition in its format, a chunk for each range that
    has any.

    Parameters
    ----------
    sites : located sites, sorted by id.
    """
    if not output.form:
        return (), ()
    if output.form == "geojson":
        lines = geojson_arrow.Lines("sites", sites)
        arrays = [
            lines.array(slice(start, start + performance_settings.FEATURE_ROWS))
            for start in range(0, len(sites), performance_settings.FEATURE_ROWS)
        ]
        table = _with_ids(sites, pa.chunked_array(arrays, pa.large_string()))
        return (), tuple(split_by_range(table, output.bounds))
    frame = flat_frame("sites", sites, output.names)
    table = (
        to_arrow_table(frame) if output.form == "parquet" else _with_ids(sites, pa.chunked_array([_csv_lines(frame)]))
    )
    return tuple(str(name) for name in frame if name != "geometry"), tuple(split_by_range(table, output.bounds))


def _with_ids(sites: pd.DataFrame, lines: Any) -> pa.Table:
    """Return an Arrow table of the columns ``id`` and ``line``: the ids of the sites, and each site as text of the output file."""
    ids = pa.array(cols.to_objects(cols.column(sites, "id")), pa.large_string())
    return pa.table({"id": ids, "line": lines})


def _csv_lines(frame: gpd.GeoDataFrame) -> pa.Array:
    return pa.array([csv_line(row) for row in csv_rows(frame, points=True)], pa.large_string())


def csv_line(cells: Sequence[str]) -> str:
    """Return a row of a CSV file with its line end."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
