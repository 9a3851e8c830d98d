"""Check a whole project: each cell, each table, and the references between tables. All faults are found at once, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from qjmap.errors import Fault, UsageError
from qjmap.geocoding import OfflineLocator
from qjmap.included_projects import (
    Included,
    ProjectTables,
    flatten,
    included_projects,
    merge,
    rows_for_references,
    walk,
)
from qjmap.model.resolve_positions import site_positions
from qjmap.project import SETTINGS_FILE, Project
from qjmap.schema import TABLES, Table
from qjmap.tables import Parsed, TableFrame, empty_table, ids, order_of_fault, parse, read_table
from qjmap.tables.columns.operations import column, is_empty, to_objects
from qjmap.tables.isolate_rows import one_fault_each, tables_by_row
from qjmap.tables.partitions import partitioned_tables
from qjmap.validation.checks import Facts, run_checks
from qjmap.validation.containment import area_locator
from qjmap.validation.long_tables import is_long
from qjmap.validation.places_from_gazetteer import look_up_names
from qjmap.validation.plausibility import known_positions
from qjmap.validation.references import resolve_references
from qjmap.validation.row_index import ReferencedTexts, References, RowIndex, references_by_column
from qjmap.validation.setting_names import resolve_settings, with_region, with_setting_names
from qjmap.validation.settle_places import settle_places
from qjmap.validation.unlocated import places_located_by_name, sites_to_draw, undrawn, unlocated_rows

Step = Callable[..., None]
"""Function that is called with the name of a step and, in some steps, how much of it is done and how much there is in all."""


class Checked(NamedTuple):
    """Result of the check of a project.

    Attributes
    ----------
    tables : name -> parsed table, with all ids filled and references as ids. `Parsed.bad_rows` are the rows that a fault keeps out.
    faults : faults and warnings of all files, those of included projects too, sorted by file, row and column.
    project : the project, with ids instead of names of places in its settings.
    """

    tables: dict[str, Parsed]
    faults: list[Fault]
    project: Project


@dataclass(frozen=True)
class CheckedProject:
    """A checked project with the projects that it includes.

    Attributes
    ----------
    tables, faults, project : as in `Checked`.
    locator : locator that finds the project's places and those of the gazetteer.
    included : the projects that it includes, directly or not, checked.
    others : further prefix of a project that is included several times -> the prefix that its ids have here.
    """

    tables: dict[str, Parsed]
    faults: list[Fault]
    project: Project
    locator: OfflineLocator
    included: tuple[ProjectTables, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)

    def part(self, prefix: str = "") -> ProjectTables:
        """Return the project's tables as a part of an atlas; `prefix` is that of its ids there."""
        frames = {name: parsed.whole for name, parsed in self.tables.items()}
        files = {name: parsed.raw.file for name, parsed in self.tables.items()}
        return ProjectTables(prefix, self.project, frames, files, self.locator)


def check(project: Project, *, step: Step | None = None, files: Mapping[str, Path] | None = None) -> Checked:
    """Read all tables of a project and find every fault. Parameters and errors are as in `check_project`."""
    checked = check_project(project, step=step, files=files)
    return Checked(checked.tables, checked.faults, checked.project)


def check_project(
    project: Project, *, step: Step | None = None, files: Mapping[str, Path] | None = None
) -> CheckedProject:
    """Read all tables of a project and of the projects that it includes, and find every fault.

    Parameters
    ----------
    step : called with "read", the bytes read so far and the size of the file while a large table is read, then with "check".
    files : table -> file that is read in place of the project's own, such as the table after a change.

    Raises
    ------
    UsageError : a table cannot be read; or it is a folder of files, which only `partitioned` can read.
    """
    top, faults = included_projects(project)
    done: dict[int, CheckedProject] = {}
    found: list[Fault] = []
    for node in walk(top):
        is_top = node is top
        checked = _check_one(
            node.project, *_below(node, done), step if is_top else None, (files or {}) if is_top else {}
        )
        done[id(node)] = checked
        found += checked.faults if node is not top else []
    if not faults and not found:
        return checked
    return replace(checked, faults=sorted([*faults, *found, *checked.faults], key=order_of_fault))


def _below(node: Included, done: Mapping[int, CheckedProject]) -> tuple[tuple[ProjectTables, ...], dict[str, str]]:
    """Return the tables of the checked projects that a project includes, directly or not, and `others` as in `CheckedProject`.

    Parameters
    ----------
    done : id() of the `Included` of a project -> that project, checked.
    """
    below, others = flatten(node)
    return tuple(done[id(one)].part(prefix) for prefix, one in below.items()), others


def _check_one(
    project: Project,
    included: tuple[ProjectTables, ...],
    others: Mapping[str, str],
    step: Step | None,
    files: Mapping[str, Path],
) -> CheckedProject:
    """Read and check the tables of one project, whose rows may refer to rows of the included projects.

    Parameters are as in `CheckedProject` and `check_project`.
    """
    if folders := partitioned_tables(project):
        is_of_several = included or project.shown_from is not None
        code = "include-parts" if is_of_several else "table-in-parts"
        raise UsageError(code, tables=[project.display_path(project.data / name) for name in folders])
    on_read = partial(step, "read") if step else None
    raw = {}
    for name, table in TABLES.items():
        shown = project.display_path(project.table_path(name))
        path = files.get(name, project.table_path(name))
        if path.is_file():
            words = project.settings.vocabularies
            raw[name] = read_table(path, table, shown=shown, on_progress=on_read, vocabularies=words)
        else:
            raw[name] = empty_table(table, shown)
        if not raw[name].header:  # an empty file counts as an empty table
            raw[name] = empty_table(table, shown)
    if step:
        step("check")
    return check_read(project, raw, included, others)


def check_read(
    project: Project,
    raw: Mapping[str, TableFrame],
    included: tuple[ProjectTables, ...] = (),
    others: Mapping[str, str] = MappingProxyType({}),
) -> CheckedProject:
    """Check tables that have been read as the tables of a project.

    Parameters
    ----------
    raw : name -> table as read.
    included, others : as in `CheckedProject`.
    """
    parsed = {name: parse(frame, fill_ids=False) for name, frame in raw.items()}
    parsed = {name: settle_places(one, parsed["places"]) for name, one in parsed.items()}
    if included:
        rows = merge(included, others)
        around = rows_for_references(rows.frames, rows.ids, rows.files)
        parsed["places"] = replace(parsed["places"], included=around)
    checked = tables_by_row(parsed, lambda tables: _check_whole(project, tables))[1]
    return replace(checked, included=included, others=others) if included else checked


def _check_whole(project: Project, parsed: Mapping[str, Parsed]) -> CheckedProject:
    """Fill in missing ids, resolve references and run every check.

    If there is no other fault, and there are sites to draw of which none has a position, that is a fault too.
    """
    tables = fill_ids(parsed)
    for one in tables.values():
        one.compute_shared()
    named = project.settings.places_named().values()
    referenced = ReferencedTexts.of(tables.values(), *(name for names in named for name in names))
    tables, facts, faults = check_tables(
        project, tables, RowIndex(referenced=referenced), references=referenced.references
    )
    try_positions(tables["sites"], facts.locator)
    if not any(fault.severity == "fault" for fault in faults):
        to_draw, is_any_drawn = sites_to_draw(tables["sites"], facts.locator)
        if to_draw and not is_any_drawn:
            fault = undrawn(tables["sites"], to_draw)
            tables["sites"] = with_faults(tables["sites"], [fault])
            faults = sorted([*faults, fault], key=order_of_fault)
    return CheckedProject(tables, faults, facts.project or project, facts.locator)


def check_tables(
    project: Project,
    tables: Mapping[str, Parsed],
    row_index: RowIndex,
    *,
    selected: Collection[str] = (),
    references: References | None = None,
    taken: Callable[[], Container[str]] | None = None,
) -> tuple[dict[str, Parsed], Facts, list[Fault]]:
    """Resolve the references between tables whose ids are filled, and run every check.

    Parameters
    ----------
    row_index : an empty index, which is filled with the tables.
    selected : names of tables of which only some rows are given: those that share an id or a name, or that others name. For these
        tables checks of single rows are left to `check_partition`.
    references : distinct references of all rows; by default those of the given rows.
    taken : function that returns all ids in use; by default those of the given rows.

    Returns
    -------
    tables : with their faults and bad rows; the places together with those that references imply.
    facts : the data that `check_partition` needs.
    faults : all faults, those of the settings too, sorted by file, row and column.
    """
    positions = known_positions(tables.values(), tables.values())
    references = references_by_column(*tables.values()) if references is None else references
    project, resolved, faults = resolve_tables(
        project, tables, row_index, selected=selected, references=references, taken=taken
    )
    facts = Facts(project, row_index, positions, resolved["places"])
    for name, parsed in resolved.items():
        faults[name] += run_checks(parsed, facts, compares_rows=True if name in selected else None)
    faults["places"] += places_located_by_name(resolved["places"], facts.locator)
    for name, found in unlocated_rows(resolved, facts.locator).items():
        faults[name] += found
    checked = {name: with_faults(parsed, faults[name]) for name, parsed in resolved.items()}
    every = [fault for parsed in checked.values() for fault in parsed.faults] + faults[SETTINGS_FILE]
    return checked, facts, sorted(every, key=order_of_fault)


def resolve_tables(
    project: Project,
    tables: Mapping[str, Parsed],
    row_index: RowIndex,
    *,
    selected: Collection[str] = (),
    references: References | None = None,
    taken: Callable[[], Container[str]] | None = None,
) -> tuple[Project, dict[str, Parsed], dict[str, list[Fault]]]:
    """Resolve the references between tables whose ids are filled, and those of the settings. Parameters are as in `check_tables`.

    Returns
    -------
    project : with ids instead of names of places in its settings.
    tables : with ids instead of names; the places together with those that references imply.
    faults : table -> its faults; those of the settings under `SETTINGS_FILE`.
    """
    faults = {name: row_index.add(parsed) for name, parsed in tables.items()}
    names = references_by_column(*tables.values()) if references is None else references
    taken = taken or (lambda: ids_in_use(tables.values()))
    row_index.gazetteer = look_up_names(
        row_index, with_setting_names(names, project), tables["places"], taken, home=project.settings.home
    )
    project, faults[SETTINGS_FILE] = resolve_settings(project, row_index)
    resolved = {}
    for name, parsed in tables.items():
        resolved[name], wrong = resolve_references(parsed, row_index)
        faults[name] += [] if name in selected else wrong
    resolved["places"] = replace(resolved["places"], implied=row_index.gazetteer.implied)
    if row_index.included.rows:
        settings = (one for of_setting in project.settings.places_named().values() for one in of_setting)
        named = {*settings, *(one for of in references_by_column(*resolved.values()).values() for one in of)}
        resolved["places"] = replace(resolved["places"], included=row_index.included.naming(named))
    if project.settings.region_of:
        project = with_region(project, area_locator(resolved["places"], project))
    return project, resolved, faults


def try_positions(sites: Parsed, locator: OfflineLocator) -> None:
    """Locate the sites of a table that is not long, so that a row on which locating raises an exception is found by the check too."""
    if not is_long(len(sites.frame)):
        site_positions(sites.frame, locator.places.project, lambda: locator)


def fill_ids(parsed: Mapping[str, Parsed]) -> dict[str, Parsed]:
    """Return the tables with missing ids filled in, table after table, with ids that no row of any table has."""
    tables = dict(parsed)
    if all(not is_empty(column(one.frame, "id")).any() for one in tables.values()):
        return tables
    used = ids_in_use(tables.values())
    for name, one in tables.items():
        own = column(one.frame, "id")
        filled = ids(one.raw, {"id": own}, used - set(to_objects(own)))
        used.update(to_objects(filled))
        tables[name] = one.with_columns({"id": filled})
    return tables


def ids_in_use(tables: Iterable[Parsed]) -> set[str]:
    """Return all ids of some tables."""
    return {own for one in tables for own in to_objects(column(one.frame, "id")) if own}


def table_called(name: str) -> Table:
    """Return the table with a name. Raise UsageError for an unknown name."""
    if name not in TABLES:
        raise UsageError("table-unknown", table=name, allowed=list(TABLES))
    return TABLES[name]


def with_faults(parsed: Parsed, faults: Sequence[Fault]) -> Parsed:
    """Return `parsed` with `faults` added, and with the rows of those that are no warnings added to `bad_rows`."""
    rows = {fault.row for fault in faults if fault.row is not None and fault.severity == "fault"}
    every = one_fault_each(sorted((*parsed.faults, *faults), key=order_of_fault))
    return parsed.with_faults(every, parsed.bad_rows | rows)
