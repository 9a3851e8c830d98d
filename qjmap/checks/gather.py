"""Every fault of a project: of each cell, of each table, and between the tables. All at once, always in the same order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from qjmap.checks.doubts import known_positions, same_names, suspects, warnings
from qjmap.checks.outside import locator_of, outside
from qjmap.checks.references import Asked, Register, cycles, legs, referred
from qjmap.errors import Fault, UsageError
from qjmap.locators import Everywhere
from qjmap.project import Project
from qjmap.schema import TABLES, Table
from qjmap.siting import site_positions
from qjmap.tables import Parsed, empty_table, ids, order_of_fault, parse, read_table
from qjmap.tables.byrow import one_fault_each, tables_by_row
from qjmap.tables.columns import LONG, column, empty, objects
from qjmap.tables.frames import with_columns
from qjmap.tables.parts import in_parts

Step = Callable[..., None]


def check(project: Project, *, step: Step | None = None) -> tuple[dict[str, Parsed], list[Fault]]:
    """Read all tables of a project and find every fault.

    Parameters
    ----------
    step : told "read" with how many bytes of how many of a large table are read, then "check".

    Returns
    -------
    tables : table name -> what its cells mean, all ids filled, references turned into ids where a name stood.
        `bad_rows` holds the rows that a fault keeps out.
    faults : of all files, by file, row and column.

    Raises
    ------
    UsageError : a table is a folder of files, which `parts` reads.
    """
    if folders := in_parts(project):
        raise UsageError("table-in-parts", tables=[project.shown(project.data / name) for name in folders])
    raw = {}
    told = partial(step, "read") if step else None
    for name, table in TABLES.items():
        path = project.table_path(name)
        shown = project.shown(path)
        raw[name] = read_table(path, table, shown=shown, told=told) if path.is_file() else empty_table(table, shown)
        if not raw[name].header:  # a file with nothing in it is a table with nothing in it
            raw[name] = empty_table(table, shown)
    if step:
        step("check")
    parsed = {name: parse(frame, fill_ids=False) for name, frame in raw.items()}
    return tables_by_row(parsed, lambda tables: _checked(project, dict(tables)))[1]


def _checked(project: Project, parsed: dict[str, Parsed]) -> tuple[dict[str, Parsed], list[Fault]]:
    """What `check` returns, of tables whose cells are understood."""
    _fill_ids(parsed)
    for one in parsed.values():
        one.ask_ahead()
    settings = project.settings
    register = Register(asked=Asked.by(parsed.values(), settings.home, *settings.opening))
    faults: dict[str, list[Fault]] = {name: register.enter(one) + same_names(one) for name, one in parsed.items()}
    known = known_positions(parsed.values(), parsed.values())
    for name, one in parsed.items():
        faults[name] += suspects(one, known)
        parsed[name], found = referred(one, register)
        faults[name] += found
    locator = locator_of(parsed["places"], project)
    for name, one in parsed.items():
        faults[name] += cycles(one, "part_of") + cycles(one, "parent") + legs(one) + warnings(one, project)
        faults[name] += outside(one, locator)
        parsed[name] = with_faults(one, faults[name])
    locate(parsed["sites"], locator)
    settled = [fault for one in parsed.values() for fault in one.faults] + setting_faults(project, register)
    return parsed, sorted(settled, key=order_of_fault)


def locate(sites: Parsed, locator: Everywhere) -> None:
    """Locate sites as a build does, so that a row on which it would fail fails here; not those of a long table, which takes long."""
    if len(sites.frame) <= LONG:
        site_positions(sites.frame, locator.places.project, lambda: locator)


def _fill_ids(parsed: dict[str, Parsed]) -> None:
    """Ids for the rows that have none, in the order of the tables; none that another row has."""
    if all(not empty(column(one.frame, "id")).any() for one in parsed.values()):
        return
    given = {own for one in parsed.values() for own in objects(column(one.frame, "id")) if own}
    for name, one in parsed.items():
        own = column(one.frame, "id")
        filled = ids(one.raw, {"id": own}, given - set(objects(own)))
        given.update(objects(filled))
        parsed[name] = replace(one, frame=with_columns(one.frame, {"id": filled}))


def table_called(name: str) -> Table:
    """The table of that name; UsageError when there is none."""
    if name not in TABLES:
        raise UsageError("table-unknown", table=name, allowed=list(TABLES))
    return TABLES[name]


def with_faults(parsed: Parsed, found: Sequence[Fault]) -> Parsed:
    """`parsed` with more faults, and with the rows that these keep out."""
    rows = {fault.row for fault in found if fault.row is not None and fault.severity == "fault"}
    faults = one_fault_each(sorted((*parsed.faults, *found), key=order_of_fault))
    return replace(parsed, faults=faults, bad_rows=parsed.bad_rows | rows)


def setting_faults(project: Project, register: Register) -> list[Fault]:
    """Places that the settings name and no table has."""
    shown = project.shown(project.data / "project.toml")
    wanted: Mapping[str, Sequence[str]] = {
        "home": [project.settings.home] if project.settings.home else [],
        "opening": project.settings.opening,
        "views": [place for view in project.settings.views for place in view.opening],
    }
    return [
        Fault(shown, None, key, item, "setting-reference")
        for key, items in wanted.items()
        for item in items
        if register.rows.get(item, ("",))[0] != "places"
    ]
