"""Every fault of a project, whether its tables are files or folders of parts, those of its lines of corridor legs among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qjmap.checks import Step, check
from qjmap.project import Project
from qjmap.tables.parts import in_parts

if TYPE_CHECKING:
    from qjmap.engine import Engine
    from qjmap.errors import Fault


def every_fault(project: Project, *, engine: Engine | None = None, step: Step | None = None) -> list[Fault]:
    """All faults and warnings, by file, row and column.

    Parameters
    ----------
    engine : reads the sites part by part, as those of a table in parts always are.
    step : told what is done, and how much of it, as in `build`.

    Raises
    ------
    UsageError : a file cannot be read; a table in parts without pyarrow.
    DataFaults : a table is both a file and a folder, or a folder holds what is no part.
    """
    if engine is not None or in_parts(project):
        from qjmap.making import check_parts, quiet

        return check_parts(project, engine, step=step or quiet)
    tables, faults = check(project, step=step)
    if (project.geo / "corridor_legs.geojson").is_file() and all(one.severity == "warning" for one in faults):
        from qjmap.making import line_faults

        faults = [*faults, *line_faults(project, tables)]
    return faults
