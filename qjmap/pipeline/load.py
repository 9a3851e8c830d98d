"""Load a project: tables -> checks -> located atlas.

`load` alone decides whether the tables are read as wholes or in partitions. The modules of `partitioned` are imported only if there
are several partitions, so that a project of small tables is built in less than a second.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from qjmap.engine import Engine, Here
from qjmap.errors import DataFaults, Fault, QjmapError
from qjmap.geocoding import OfflineLocator
from qjmap.included_projects import Merged, merge, merged_settings
from qjmap.model.ground_files import GroundFiles
from qjmap.model.leg_line_file import LegLines
from qjmap.model.resolve_positions import SiteParents
from qjmap.pipeline.geo_folder import has_lines, read_ground, read_leg_lines
from qjmap.project import Project
from qjmap.schema import TABLES
from qjmap.tables import Parsed, empty_table, order_of_fault, parse
from qjmap.tables.isolate_rows import failing_rows, failures
from qjmap.validation import check
from qjmap.validation.check_project import CheckedProject, check_project, fill_ids, resolve_tables
from qjmap.validation.containment import area_locator
from qjmap.validation.own_column_warnings import OwnColumns, decide_own_columns, own_column_faults
from qjmap.validation.row_index import RowIndex

if TYPE_CHECKING:
    from qjmap.model.atlas import Atlas
    from qjmap.partitioned.run_passes import Outcome, SitesFile


class Step(Protocol):
    """Function that is called with the name of a step when it begins, and then with the step, the amount done so far and the whole amount.

    Amounts are numbers of rows, in the step "read" of bytes; a whole amount of 0 means that it is unknown.
    """

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        """Report progress."""


def quiet(step: str, done: int = 0, total: int = 0, /) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Loaded:
    """A project whose tables have no fault.

    Attributes
    ----------
    atlas : the atlas; of sites in partitions it holds only as many as were asked for, otherwise all.
    warnings : all warnings.
    sites : number of sites in the tables.
    sites_file : all sites of a table in partitions as a file of the requested form; None without a form, or for a table read as a whole.
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
    """Context manager that loads a project, in partitions if a table has several, and yields it as `Loaded`.

    `Loaded.sites_file` can be read only within the context.

    Parameters
    ----------
    form : "geojson", "parquet" or "csv": make a file in this format of the sites in partitions; "" for no file.
    counties : whether to give the sites in this file the adcodes of their counties.
    by_county : whether to count the sites by county if the atlas does not hold all of them.
    rows : number of sites in partitions to keep in the atlas, besides those to which other tables refer; None for all.
    engine : runs the partitions; None for this process.
    strict : whether warnings are raised too.

    Raises
    ------
    DataFaults : every fault, or if `strict` every fault and warning, if there is any.
    """
    if not _has_partitions(project, engine):
        atlas, warnings = _load_whole(project, strict, step)
        yield Loaded(atlas, warnings, len(atlas.site_rows))
        return
    from qjmap.partitioned.check_and_locate import Output
    from qjmap.partitioned.run_passes import run_passes

    with tempfile.TemporaryDirectory() as folder:
        output = Output(form, counties=counties, by_county=by_county, page_hash=None)
        outcome = run_passes(
            project, engine or Here(), output, rows=rows, folder=Path(folder), strict=strict, step=step
        )
        yield _from_partitions(outcome, strict)


def _has_partitions(project: Project, engine: Engine | None) -> bool:
    """Return whether tables are read in partitions: one is a folder, or the file of sites is larger than a partition of the engine.

    A project that includes others is never read in partitions.
    """
    sites = project.table_path("sites")
    if project.settings.include:  # tables of several projects are always merged as wholes
        return False
    if any((project.data / name).is_dir() for name in TABLES):
        return True
    return engine is not None and sites.is_file() and sites.stat().st_size > engine.partition_bytes


def load_atlas(
    project: Project, *, strict: bool = False, engine: Engine | None = None, step: Step = quiet
) -> tuple[Atlas, tuple[Fault, ...]]:
    """Return the atlas with all sites, and the warnings. Parameters and errors are as in `load`."""
    with load(project, strict=strict, engine=engine, step=step) as loaded:
        return loaded.atlas, loaded.warnings


def find_faults(project: Project, *, engine: Engine | None = None, step: Step = quiet) -> list[Fault]:
    """Return all faults and warnings of tables and settings, sorted by file, row and column, then those of the files in `geo`.

    Parameters
    ----------
    engine, step : as in `load`.

    Raises
    ------
    UsageError : a file cannot be read.
    """
    if not _has_partitions(project, engine):
        whole = _Whole(check_project(project, step=step))
        if not has_lines(project, whole.included) or _stopping(whole.faults):
            return whole.faults
        return [*whole.faults, *_faults_of(lambda: whole.atlas()[1])]
    from qjmap.partitioned.check_and_locate import Output
    from qjmap.partitioned.run_passes import run_passes

    output = Output(page_hash=None) if has_lines(project) else Output()
    try:
        outcome = run_passes(project, engine or Here(), output, rows=0, step=step)
    except DataFaults as error:
        return list(error.faults)
    faults = [*outcome.faults, *read_ground(project)[1]]
    if not outcome.frames:
        return faults
    lines = partial(read_leg_lines, outcome.project)
    stale = partial(_atlas, outcome.project, outcome.frames, outcome.own, lines, outcome.site_parents)
    return [*faults, *_faults_of(lambda: stale()[1])]


def places_locator(project: Project) -> OfflineLocator:
    """Return the locator of a project, made from its table of places as checks read it; cells may have names instead of ids.

    Rows with faults are left out.

    Raises
    ------
    DataFaults : the table cannot be read.
    """
    from qjmap.partitioned.merge_facts import read_whole

    tables = {name: parse(empty_table(table, name), fill_ids=False) for name, table in TABLES.items()}
    tables["places"] = read_whole(project, "places", {}, [])
    if stopping := [fault for fault in _stopping([*tables["places"].faults]) if fault.row is None]:
        raise DataFaults(stopping)
    named, resolved, _ = resolve_tables(project, fill_ids(tables), RowIndex())
    return area_locator(resolved["places"], named, suggests=True)


def _load_whole(project: Project, strict: bool, step: Step) -> tuple[Atlas, tuple[Fault, ...]]:
    """Load a project whose tables are read as wholes."""
    step("read")
    whole = _Whole(check_project(project, step=step))
    if stopping := _stopping(whole.faults, strict=strict):
        raise DataFaults(stopping)
    step("locate")
    try:
        atlas, stale = whole.atlas()
    except (MemoryError, QjmapError):
        raise
    except Exception as error:
        raise _faults_of_rows(project, error, whole) from None
    if strict and stale:
        raise DataFaults(stale)
    return atlas, (*whole.faults, *stale)


class _Whole:
    """The tables of a project that are read as wholes. Unless there is a fault, those of included projects are merged into them.

    Attributes
    ----------
    project : the project, with the settings of the atlas.
    own : types and visibility of the columns that the user added, by table.
    included : the projects that are merged into it.
    faults : all faults and warnings of tables, settings and background geometry; not those of the lines of legs.
    """

    def __init__(self, checked: CheckedProject) -> None:
        self.project, self._tables, self.included = checked.project, checked.tables, checked.included
        self._merged: Merged | None = None
        faults = checked.faults
        if checked.included and not _stopping(faults):
            from qjmap.model.atlas import own_columns  # loads geopandas, which `check` does not need otherwise

            self._merged = merged = merge((checked.part(), *checked.included), checked.others)
            whole = merged_settings(self.project.settings, checked.included, merged.ids)
            self.project = replace(self.project, settings=whole)
            self.own: OwnColumns = {
                name: own_columns(self.project, name, frame) for name, frame in merged.frames.items()
            }
            faults = [*faults, *merged.warnings]
        else:
            self.own = decide_own_columns(self.project, self._tables)
        self._ground, found = read_ground(self.project, self.included)
        faults = [*faults, *own_column_faults(self.project, self.own)]
        self.faults = [*sorted(faults, key=order_of_fault), *found]

    def atlas(self) -> tuple[Atlas, list[Fault]]:
        """Return the atlas, and a warning if lines are stale. Can be called only once, since the tables are consumed."""
        frames = self._merged.frames if self._merged else None
        frames = frames or {name: self._tables.pop(name).whole for name in list(self._tables)}
        ids = self._merged.ids if self._merged else {}
        lines = partial(read_leg_lines, self.project, self.included, ids)
        return _atlas(self.project, frames, self.own, lines, ground=self._ground)


def _stopping(faults: list[Fault], *, strict: bool = False) -> list[Fault]:
    """Return the faults that stop the program; if `strict`, the warnings too."""
    return [fault for fault in faults if strict or fault.severity == "fault"]


def _faults_of_rows(project: Project, error: Exception, whole: _Whole) -> Exception:
    """Return DataFaults with the rows on which making the atlas fails; the error itself if the cause is not in single rows, or if the
    project includes others.
    """
    if whole.included:
        return error
    tables = check(project).tables

    def make(some: Mapping[str, Parsed]) -> None:
        frames = {name: parsed.whole for name, parsed in some.items()}
        _atlas(project, frames, decide_own_columns(project, some), partial(read_leg_lines, project))

    failed = failing_rows(tables, make)
    if not failed:
        return error
    return DataFaults(fault for name, rows in failed.items() for fault in failures(tables[name].raw, rows))


def _from_partitions(outcome: Outcome, strict: bool) -> Loaded:
    """Return a loaded project, made from the results of the passes over its partitions; DataFaults as in `load`."""
    ground, ground_faults = read_ground(outcome.project)
    faults = [*outcome.faults, *ground_faults]
    if stopping := _stopping(faults, strict=strict):
        raise DataFaults(stopping)
    lines = partial(read_leg_lines, outcome.project)
    atlas, stale = _atlas(outcome.project, outcome.frames, outcome.own, lines, outcome.site_parents, ground)
    if strict and stale:
        raise DataFaults(stale)
    sites = outcome.all_sites.rows if outcome.all_sites else 0
    all_sites = None if sites == len(atlas.site_rows) else outcome.all_sites
    return Loaded(replace(atlas, all_sites=all_sites), (*faults, *stale), sites, outcome.file)


def _atlas(
    project: Project, frames: dict[str, pd.DataFrame], own: OwnColumns, read: Callable[[], LegLines],
    site_parents: SiteParents | None = None, ground: GroundFiles | None = None,
) -> tuple[Atlas, list[Fault]]:  # fmt: skip
    """Return the atlas, and a list of one warning if lines of corridor legs no longer fit the tables, else []. Empties `frames`.

    Parameters
    ----------
    read : function that returns the lines of corridor legs; it raises DamagedFile if their file is damaged.
    """
    from qjmap.model.atlas import build_atlas  # loads geopandas, which `check` does not need

    lines = read()
    atlas = build_atlas(project, frames, lines, consume=True, site_parents=site_parents, own=own, ground_files=ground)
    legs = list(atlas.stale_legs)
    stale = Fault(lines.file, None, "id", None, "lines-stale", {"legs": legs, "count": len(legs)}, "warning")
    return atlas, [stale] if legs else []


def _faults_of(stale: Callable[[], list[Fault]]) -> list[Fault]:
    """Return the faults of `geo/corridor_legs.geojson`: those that `stale` returns, or those of the DataFaults that it raises."""
    try:
        return stale()
    except DataFaults as error:
        return list(error.faults)
