"""Load a project: tables -> checks -> located atlas.

`load` alone decides whether the tables are read as wholes or in partitions. The modules of `partitioned` are imported where there
are several partitions: a project of small tables is built in less than a second.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from qjmap.engine import Engine, Here
from qjmap.errors import DataFaults, Fault, QjmapError
from qjmap.geocoding import OfflineLocator
from qjmap.model.ground_files import GroundFiles, read_ground_files
from qjmap.model.leg_line_file import FILE, read_lines
from qjmap.model.resolve_positions import SiteParents
from qjmap.project import Project
from qjmap.schema import TABLES
from qjmap.tables import Parsed, empty_table, order_of_fault, parse
from qjmap.tables.isolate_rows import failing_rows, failures
from qjmap.validation import check
from qjmap.validation.containment import area_locator
from qjmap.validation.own_columns import OwnColumns, decide_own_columns, own_column_faults
from qjmap.validation.register import Register
from qjmap.validation.run import fill_ids, resolve_tables

if TYPE_CHECKING:
    from qjmap.model.atlas import Atlas
    from qjmap.partitioned.run import Outcome, SitesFile


class Step(Protocol):
    """Called with the step that a command begins, and in steps that count, with how much of how much is done."""

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        """Report progress."""


def quiet(step: str, done: int = 0, total: int = 0, /) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Loaded:
    """A project whose tables have no fault.

    Attributes
    ----------
    atlas : holds all sites of a whole table, or so many of those of partitions as were asked for.
    sites : number of sites in the tables.
    sites_file : all sites of partitions as a file of the form that was asked for; None for a whole table.
    """

    atlas: Atlas
    warnings: tuple[Fault, ...]
    sites: int
    sites_file: SitesFile | None = None


@contextmanager
def load(
    project: Project, *, form: str = "", counties: bool = False, by_county: bool = False, rows: int | None = None,
    engine: Engine | None = None, strict: bool = False, step: Step = quiet,
) -> Iterator[Loaded]:  # fmt: skip
    """Load a project, in partitions where there are several; DataFaults with every fault (or, strict, warning) if there is any.

    Parameters
    ----------
    form : "geojson", "parquet" or "csv": make a file of this form of the sites of partitions; "" for none.
    counties : give the sites of this file the adcodes of their counties.
    by_county : count the sites by county, where the atlas does not hold all of them.
    rows : of the sites of partitions, keep so many in the atlas, besides those that other tables name; None for all.
    engine : runs the partitions.
    """
    if not _has_partitions(project, engine):
        atlas, warnings = _load_whole(project, strict, step)
        yield Loaded(atlas, warnings, len(atlas.site_rows))
        return
    from qjmap.partitioned.run import run_passes
    from qjmap.partitioned.second_pass import Output

    with tempfile.TemporaryDirectory() as folder:
        output = Output(form, counties=counties, by_county=by_county, page_hash=None)
        outcome = run_passes(
            project, engine or Here(), output, rows=rows, folder=Path(folder), strict=strict, step=step
        )
        yield _from_partitions(outcome, strict)


def _has_partitions(project: Project, engine: Engine | None) -> bool:
    """Whether a table is a folder, or an engine is given and the file of sites is larger than one partition."""
    sites = project.table_path("sites")
    if any((project.data / name).is_dir() for name in TABLES):
        return True
    return engine is not None and sites.is_file() and sites.stat().st_size > engine.partition_bytes


def load_atlas(
    project: Project, *, strict: bool = False, engine: Engine | None = None, step: Step = quiet
) -> tuple[Atlas, tuple[Fault, ...]]:
    """Return the atlas with all sites, and the warnings; parameters and errors as in `load`."""
    with load(project, strict=strict, engine=engine, step=step) as loaded:
        return loaded.atlas, loaded.warnings


def find_faults(project: Project, *, engine: Engine | None = None, step: Step = quiet) -> list[Fault]:
    """Return all faults and warnings, by file, row and column, those of the files in `geo` among them.

    Parameters
    ----------
    engine, step : as in `load`.

    Raises
    ------
    UsageError : a file cannot be read.
    """
    has_lines = (project.geo / FILE).is_file()
    if not _has_partitions(project, engine):
        tables, faults, project = check(project, step=step)
        own = decide_own_columns(project, tables)
        faults = [*sorted([*faults, *own_column_faults(project, own)], key=order_of_fault), *_read_ground(project)[1]]
        frames = {name: parsed.whole for name, parsed in tables.items()}
        return faults if not has_lines or _stopping(faults) else [*faults, *_line_faults(project, frames, own)]
    from qjmap.partitioned.run import run_passes
    from qjmap.partitioned.second_pass import Output

    output = Output(page_hash=None) if has_lines else Output()
    try:
        outcome = run_passes(project, engine or Here(), output, rows=0, step=step)
    except DataFaults as error:
        return list(error.faults)
    faults = [*outcome.faults, *_read_ground(project)[1]]
    if not outcome.frames:
        return faults
    return [*faults, *_line_faults(outcome.project, outcome.frames, outcome.own, outcome.site_parents)]


def places_locator(project: Project) -> OfflineLocator:
    """Return the locator of a project from its table of places as checks read it, names in place of ids included.

    Raises
    ------
    DataFaults : the table cannot be read. Rows with faults are left out.
    """
    from qjmap.partitioned.merge_facts import read_whole

    tables = {name: parse(empty_table(table, name), fill_ids=False) for name, table in TABLES.items()}
    tables["places"] = read_whole(project, "places", {}, [])
    if stopping := [fault for fault in _stopping([*tables["places"].faults]) if fault.row is None]:
        raise DataFaults(stopping)
    named, resolved, _ = resolve_tables(project, fill_ids(tables), Register())
    return area_locator(resolved["places"], named, suggests=True)


def _load_whole(project: Project, strict: bool, step: Step) -> tuple[Atlas, tuple[Fault, ...]]:
    step("read")
    tables, faults, project = check(project, step=step)
    own = decide_own_columns(project, tables)
    ground, ground_faults = _read_ground(project)
    faults = [*sorted([*faults, *own_column_faults(project, own)], key=order_of_fault), *ground_faults]
    if stopping := _stopping(faults, strict=strict):
        raise DataFaults(stopping)
    step("locate")
    frames = {name: tables.pop(name).whole for name in list(tables)}
    try:
        atlas, stale = _atlas(project, frames, own, ground=ground)
    except (MemoryError, QjmapError):
        raise
    except Exception as error:
        raise _faults_of_rows(project, error) from None
    if strict and stale:
        raise DataFaults(stale)
    return atlas, (*faults, *stale)


def _stopping(faults: list[Fault], *, strict: bool = False) -> list[Fault]:
    return [fault for fault in faults if strict or fault.severity == "fault"]


def _faults_of_rows(project: Project, error: Exception) -> Exception:
    """Return the faults of the rows on which making the atlas fails; the error itself where it fails without any of them."""
    tables, _, _ = check(project)

    def make(some: Mapping[str, Parsed]) -> None:
        _atlas(project, {name: parsed.whole for name, parsed in some.items()}, decide_own_columns(project, some))

    failed = failing_rows(tables, make)
    if not failed:
        return error
    return DataFaults(fault for name, rows in failed.items() for fault in failures(tables[name].raw, rows))


def _from_partitions(outcome: Outcome, strict: bool) -> Loaded:
    ground, ground_faults = _read_ground(outcome.project)
    faults = [*outcome.faults, *ground_faults]
    if stopping := _stopping(faults, strict=strict):
        raise DataFaults(stopping)
    atlas, stale = _atlas(outcome.project, outcome.frames, outcome.own, outcome.site_parents, ground)
    if strict and stale:
        raise DataFaults(stale)
    sites = outcome.all_sites.rows if outcome.all_sites else 0
    all_sites = None if sites == len(atlas.site_rows) else outcome.all_sites
    return Loaded(replace(atlas, all_sites=all_sites), (*faults, *stale), sites, outcome.file)


def _atlas(
    project: Project, frames: dict[str, pd.DataFrame], own: OwnColumns, site_parents: SiteParents | None = None,
    ground: GroundFiles | None = None,
) -> tuple[Atlas, list[Fault]]:  # fmt: skip
    """Return the atlas, and a warning of lines of corridor legs that no longer fit the tables; empties `frames`."""
    from qjmap.model.atlas import build_atlas  # loads geopandas, which `check` does not need

    lines = read_lines(project.geo, project.display_path(project.geo / FILE))
    atlas = build_atlas(project, frames, lines, consume=True, site_parents=site_parents, own=own, ground_files=ground)
    legs = list(atlas.stale_legs)
    stale = Fault(lines.file, None, "id", None, "lines-stale", {"legs": legs, "count": len(legs)}, "warning")
    return atlas, [stale] if legs else []


def _read_ground(project: Project) -> tuple[GroundFiles, list[Fault]]:
    """Return the geometry of the folder `geo`, and the faults and warnings of its files."""
    try:
        ground = read_ground_files(project)
    except DataFaults as error:
        return GroundFiles(), list(error.faults)
    return ground, list(ground.warnings)


def _line_faults(
    project: Project, frames: dict[str, pd.DataFrame], own: OwnColumns, site_parents: SiteParents | None = None
) -> list[Fault]:
    """Return the faults of `geo/corridor_legs.geojson`: it cannot be read, or does not match the tables, which have no faults."""
    try:
        return _atlas(project, frames, own, site_parents)[1]
    except DataFaults as error:
        return list(error.faults)
