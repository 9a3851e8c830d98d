"""From a project's tables to its atlas: tables -> checks -> atlas, in one piece or part by part.

What a table in parts needs is imported where there is one: a project of small tables is built in less than a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from qjmap.checks import check
from qjmap.engine import Engine
from qjmap.engine.here import Here
from qjmap.errors import DataFaults, Fault, QjmapError
from qjmap.leglines import FILE, read_lines
from qjmap.model import Atlas, build_atlas
from qjmap.project import Project
from qjmap.siting import Belongs
from qjmap.tables import Parsed
from qjmap.tables.byrow import failing_rows, failures
from qjmap.tables.parts import in_parts

if TYPE_CHECKING:
    from qjmap.parts.road import Travelled


class Step(Protocol):
    """Told what a command is about to do, and in the steps that count their rows, how many of how many are done."""

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        """Take it in."""


def quiet(step: str, done: int = 0, total: int = 0, /) -> None:
    """Says nothing: progress for callers that show none."""


def make_atlas(
    project: Project, *, strict: bool = False, engine: Engine | None = None, step: Step = quiet
) -> tuple[Atlas, tuple[Fault, ...]]:
    """The located atlas and the warnings; DataFaults with every fault when there is any (or, strict, any warning).

    Parameters
    ----------
    engine : reads the sites part by part, as those of a table in parts always are; the atlas holds them all even so.
    """
    if engine is not None or in_parts(project):
        from qjmap.parts.finishing import Plan
        from qjmap.parts.road import travel

        found = travel(project, engine or Here(), Plan(keep=None), strict=strict, step=step)
        atlas, warnings = arrived(project, found, strict)
        return replace(atlas, beyond=None), warnings
    step("read")
    tables, faults = check(project, step=step)
    stopping = [fault for fault in faults if strict or fault.severity == "fault"]
    if stopping:
        raise DataFaults(stopping)
    step("locate")
    frames = {name: tables.pop(name).frame for name in list(tables)}
    try:
        atlas, stale = _atlas(project, frames)
    except (MemoryError, QjmapError):
        raise
    except Exception as error:
        raise _failing(project, error) from None
    if strict and stale:
        raise DataFaults(stale)
    return atlas, (*faults, *stale)


def _failing(project: Project, error: Exception) -> Exception:
    """The faults of the rows of which no atlas can be made; the error itself where no row is at fault."""
    tables, _ = check(project)

    def make(some: Mapping[str, Parsed]) -> None:
        _atlas(project, {name: one.frame for name, one in some.items()})

    failed = failing_rows(tables, make)
    if not failed:
        return error
    return DataFaults(fault for name, rows in failed.items() for fault in failures(tables[name].raw, rows))


def arrived(project: Project, found: Travelled, strict: bool) -> tuple[Atlas, tuple[Fault, ...]]:
    """The atlas of what came of all parts, and the warnings; DataFaults where a fault stands against it."""
    stopping = [fault for fault in found.faults if strict or fault.severity == "fault"]
    if stopping:
        raise DataFaults(stopping)
    atlas, stale = _atlas(project, found.frames, found.belongs)
    if strict and stale:
        raise DataFaults(stale)
    whole = found.beyond is None or found.beyond.rows == len(atlas.site_rows)
    return replace(atlas, beyond=None if whole else found.beyond), (*found.faults, *stale)


def check_parts(project: Project, engine: Engine | None = None, *, step: Step = quiet) -> list[Fault]:
    """Every fault of a project whose sites are read part by part, and of its lines of corridor legs."""
    from qjmap.parts.finishing import Plan
    from qjmap.parts.road import travel

    has_lines = (project.geo / FILE).is_file()
    try:
        found = travel(project, engine or Here(), Plan(keep=None) if has_lines else Plan(), rows=0, step=step)
    except DataFaults as error:
        return list(error.faults)
    if not found.frames:
        return found.faults
    try:
        return [*found.faults, *_atlas(project, found.frames, found.belongs)[1]]
    except DataFaults as error:
        return [*found.faults, *error.faults]


def _atlas(
    project: Project, frames: dict[str, pd.DataFrame], belongs: Belongs | None = None
) -> tuple[Atlas, list[Fault]]:
    """The atlas, and a warning when lines of corridor legs no longer fit the tables; the frames are used up."""
    lines = read_lines(project.geo, project.shown(project.geo / FILE))
    atlas = build_atlas(project, frames, lines, consume=True, belongs=belongs)
    legs = list(atlas.stale_legs)
    stale = Fault(lines.shown, None, "id", None, "lines-stale", {"legs": legs, "count": len(legs)}, "warning")
    return atlas, [stale] if legs else []


def line_faults(project: Project, tables: Mapping[str, Parsed]) -> list[Fault]:
    """What is wrong with `geo/corridor_legs.geojson`: it cannot be read, or does not fit these sound tables."""
    if not (project.geo / FILE).is_file():
        return []
    try:
        return _atlas(project, {name: table.frame for name, table in tables.items()})[1]
    except DataFaults as error:
        return list(error.faults)
