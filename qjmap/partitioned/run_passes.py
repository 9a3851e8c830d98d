"""Run both passes over a project with a partitioned table; return its faults, the tables of its atlas, and the file of its sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from qjmap.atomic_write import file_chunks
from qjmap.engine import Engine
from qjmap.errors import Fault
from qjmap.export.companion_columns import names_by_id
from qjmap.export.csv_file import csv_header
from qjmap.export.geojson import COLLECTION_END, collection_head
from qjmap.export.geojson_arrow import text_bytes
from qjmap.export.geoparquet import covering_name, geo_metadata, write_row_groups
from qjmap.model.atlas import AllSites
from qjmap.model.point_layers import CRS
from qjmap.model.resolve_positions import SiteParents
from qjmap.partitioned.check_and_locate import Output, PartitionResult, Shared, csv_line, process_partition
from qjmap.partitioned.collect_rows import concat_frames
from qjmap.partitioned.external_sort import RangeFiles, range_bounds
from qjmap.partitioned.merge_facts import TABLE, Merged, merge_facts
from qjmap.partitioned.parse_partition import unlisted_faults
from qjmap.partitioned.sorted_hashes import hash_set, isin, sorted_hashes
from qjmap.project import Project
from qjmap.schema import TABLES
from qjmap.tables import order_of_fault
from qjmap.tables.isolate_rows import one_fault_each
from qjmap.validation import Step
from qjmap.validation.checks import Facts
from qjmap.validation.own_column_warnings import OwnColumns, own_column_faults
from qjmap.validation.unlocated import undrawn

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
class Outcome:
    """Result of both passes over all partitions.

    Attributes
    ----------
    project : the project; names of places in its settings are replaced by ids.
    faults : all faults and warnings, sorted.
    frames : table -> typed frame; of the sites only the rows for the page, without a page those that checks and other tables need. This
        and the following attributes are empty or None without an output, that is, if none was asked for, if there is a fault, or a warning
        while warnings count as faults.
    site_parents : id -> `place` and `part_of` of the sites to which other rows refer, from which rows without a position get one.
    own : table -> types and visibility of the columns that the user added.
    all_sites : summary of all sites, of which the page has only some.
    file : the sites as an output file; None also if there are no sites, or without `form` or a folder for temporary files.
    """

    project: Project
    faults: list[Fault]
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    site_parents: SiteParents = field(default_factory=dict)
    own: OwnColumns = field(default_factory=dict)
    all_sites: AllSites | None = None
    file: SitesFile | None = None


def run_passes(
    project: Project, engine: Engine, output: Output, *, rows: int | None = None, folder: Path | None = None,
    strict: bool = False, step: Step | None = None,
) -> Outcome:  # fmt: skip
    """Run both passes over all partitions.

    Parameters
    ----------
    output : what to make: `form`, `counties`, `by_county`, and `page_hash` (-1 for no page, None for a page; `rows` decides which rows it
        gets). The other attributes are filled in here.
    rows : number of sites for the page, sampled by the hashes of their ids; sites to which other tables refer are added. None for all.
    folder : folder for temporary files; without one no output file is made.
    strict : whether to make no output if there is a warning.
    step : called with "look" or "judge", the number of partitions or rows done so far, and the number of all.

    Raises
    ------
    DataFaults, UsageError : as in `merge_facts`.
    """
    merged = merge_facts(project, engine, step=step)
    own = merged.own
    known = [*merged.faults, *own_column_faults(project, own, {TABLE: merged.shown})]
    if any(strict or fault.severity == "fault" for fault in known):
        output = Output()
    elif output.locates:
        output = _complete(output, merged, rows, engine.rows_per_range)
    needed = merged.tables[TABLE].frame
    site_parents = dict(zip(needed["id"], zip(needed["place"], needed["part_of"], strict=True), strict=True))
    ranges = RangeFiles(folder, len(output.bounds) + 1) if folder and output.form else None
    result = _second_pass(
        merged,
        engine,
        Shared(_facts_for_rows(merged), site_parents, merged.unknown, merged.words, own[TABLE], output),
        ranges,
        step,
    )
    faults = [*known, *result.faults, *unlisted_faults(merged.shown, result.unlisted)]
    if result.to_draw and not result.is_any_drawn and not any(fault.severity == "fault" for fault in faults):
        faults.append(undrawn(merged.tables[TABLE], result.to_draw))
    outcome = Outcome(merged.facts.project or project, sorted(one_fault_each(faults), key=order_of_fault))
    if output.locates and not any(strict or fault.severity == "fault" for fault in outcome.faults):
        outcome.frames = {name: parsed.whole for name, parsed in merged.tables.items()}
        outcome.frames[TABLE] = result.page_rows if result.page_rows is not None else needed
        outcome.site_parents, outcome.own = site_parents, own
        outcome.all_sites = _all_sites(merged, result)
        if ranges is not None and folder is not None and merged.rows:
            outcome.file = SitesFile(output.form, ranges, folder, result, step)
    return outcome


def _facts_for_rows(merged: Merged) -> Facts:
    """Return the facts without the cells as typed, because the checks of single rows do not need them."""
    places = merged.tables["places"]
    return replace(merged.facts, places=replace(places, raw=replace(places.raw, cells=(), header=())))


def _complete(output: Output, merged: Merged, rows: int | None, rows_per_range: int) -> Output:
    """Return `output` with the values that depend on all partitions: names of rows, bounds of ranges, rows for the page."""
    page_hash, page_ids = None, frozenset[str]()
    if rows is not None and rows < merged.rows:
        page_hash = int(np.partition(np.concatenate(merged.ids), rows - 1)[rows - 1]) if rows else 0
        named = ids_named({name: parsed.frame for name, parsed in merged.tables.items()})
        page_ids = frozenset(merged.tables[TABLE].frame["id"]) & named
    sample = [text for facts in merged.partitions for text in facts.sampled_ids]
    bounds = range_bounds(sample, merged.rows, rows_per_range) if output.form else ()
    by_county = output.by_county and page_hash is not None
    names = {}
    if output.form in ("parquet", "csv"):
        names = names_by_id({name: parsed.whole for name, parsed in merged.tables.items()}, all_rows=True)
    return replace(output, names=names, by_county=by_county, page_hash=page_hash, page_ids=page_ids, bounds=bounds)


def ids_named(frames: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Return the ids to which rows of other tables than the sites refer."""
    ids: set[str] = set()
    for name, frame in frames.items():
        for column in TABLES[name].columns:
            if name != TABLE and column.name != "id" and column.type in ("id", "ids", "roles"):
                for value in frame[column.name]:
                    items = [value] if isinstance(value, str) else value
                    ids.update(item if isinstance(item, str) else item[0] for item in items)
    return frozenset(ids)


def _second_pass(
    merged: Merged, engine: Engine, shared: Shared, ranges: RangeFiles | None, step: Step | None
) -> PartitionResult:
    """Run the second pass over all partitions, and merge their results into one."""
    results: list[PartitionResult] = []
    rows = 0
    for result in engine.map(process_partition, merged.tasks, engine.share(shared)):
        rows += result.rows
        if ranges is not None:
            ranges.add(result.chunks)
        results.append(replace(result, chunks=()))
        if step:
            step("judge", rows, merged.rows)
    boxes = np.array([result.box for result in results if result.box])
    frames = [result.page_rows for result in results if result.page_rows is not None]
    return PartitionResult(
        rows,
        tuple(fault for result in results for fault in result.faults),
        sum((result.unlisted for result in results), Counter()),
        sum(result.to_draw for result in results),
        any(result.is_any_drawn for result in results),
        counties=sum((result.counties for result in results), Counter()),
        sources=frozenset().union(*(result.sources for result in results)),
        points=frozenset().union(*(result.points for result in results)),
        box=(*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()) if len(boxes) else None,
        page_rows=concat_frames(frames, shared.unknown) if frames else None,
        columns=next((result.columns for result in results if result.columns), ()),
    )


def _all_sites(merged: Merged, result: PartitionResult) -> AllSites:
    """Return the summary of all sites; ``points`` lists the places from which sites took their position and that are in no table."""
    sites = sorted_hashes(merged.ids)
    places = {*merged.tables["places"].whole["id"]}
    points = {text for text in result.points - places if not isin(hash_set([text]), sites).any()}
    return AllSites(merged.rows, dict(sorted(result.counties.items())), result.sources, frozenset(points))


@dataclass(frozen=True)
class SitesFile:
    """The sites sorted by id as an output file, which is serialized while it is written; it can be read once.

    Attributes
    ----------
    form : "geojson", "parquet" or "csv".
    ranges : the rows of all partitions.
    folder : folder for temporary files.
    result : the merged result of the second pass.
    step : called with "write", the number of rows written so far, and the number of all.
    """

    form: str
    ranges: RangeFiles
    folder: Path
    result: PartitionResult
    step: Step | None

    def chunks(self, attribution: Sequence[str], as_of: str) -> Iterator[bytes]:
        """Return an iterator over the bytes of the file. Parameters are as in `geojson.feature_parts`; other formats ignore them."""
        if self.form == "parquet":
            return self._parquet()
        if self.form == "csv":
            return self._lines(csv_line(csv_header(self.result.columns, points=True)).encode("utf-8-sig"), b"", 0)
        return self._lines(collection_head("sites", attribution, as_of), b"\n" + COLLECTION_END, 2)

    def _lines(self, head: bytes, end: bytes, separator: int) -> Iterator[bytes]:
        """Yield `head`, the lines and `end`, without the last `separator` bytes of the last line."""
        yield head
        pending = b""
        rows = 0
        for lines, count in self.ranges.in_order(_joined_lines):
            if pending:
                yield pending
            pending = lines
            rows += count
            if self.step:
                self.step("write", rows, self.result.rows)
        yield pending[: len(pending) - separator] + end

    def _parquet(self) -> Iterator[bytes]:
        """Write the sorted rows as a GeoParquet file, and yield its bytes."""
        path = self.folder / "sites.parquet"
        no_points = self.result.box is None
        tables: Iterable[pa.Table] = self.ranges.in_order(_unchanged)
        geo = geo_metadata(_crs(), [] if no_points else ["Point"], self.result.box, covering_name(self.result.columns))
        write_row_groups(path, tables, geo)
        return file_chunks(path)


def _joined_lines(table: pa.Table) -> tuple[bytes, int]:
    """Return the lines of a range as bytes, and their number."""
    return b"".join(text_bytes(table.column("line"))), table.num_rows


def _unchanged(table: pa.Table) -> pa.Table:
    return table


def _crs() -> object:
    import pyproj

    return pyproj.CRS(CRS)
