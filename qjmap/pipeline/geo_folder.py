"""Read the geometry in a project's folder `geo`, and in those of the projects that it includes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qjmap.errors import DataFaults, Fault
from qjmap.included_projects import ProjectTables
from qjmap.model.ground_files import Feature, GroundFiles, read_ground_files
from qjmap.model.leg_line_file import FILE, LegLines, read_lines
from qjmap.project import Project


def read_ground(project: Project, included: Sequence[ProjectTables] = ()) -> tuple[GroundFiles, list[Fault]]:
    """Return the background geometry of a project and of the included ones, and the warnings about its files.

    A feature that several projects have is returned once. If a file has faults, the geometry is empty, and the faults of the first project
    that has any are returned instead of warnings.
    """
    features: dict[str, list[Feature]] = {}
    credits: dict[str, None] = {}
    warnings: list[Fault] = []
    for one in (project, *(part.project for part in included)):
        try:
            ground = read_ground_files(one)
        except DataFaults as error:
            return GroundFiles(), list(error.faults)
        for name, some in ground.features.items():
            there = features.setdefault(name, [])
            there += [feature for feature in some if feature not in there] if there else some
        credits |= dict.fromkeys(ground.credits)
        warnings += ground.warnings
    return GroundFiles(features, tuple(credits), tuple(warnings)), warnings


def has_lines(project: Project, included: Sequence[ProjectTables] = ()) -> bool:
    """Return whether the project or an included one has a file of lines of legs, which `qjmap route` writes."""
    return any((one.geo / FILE).is_file() for one in (project, *(part.project for part in included)))


def read_leg_lines(
    project: Project, included: Sequence[ProjectTables] = (), ids: Mapping[str, str] | None = None
) -> LegLines:
    """Return the lines of legs; for a leg in several projects the project's own line, else that of the first included one.

    Parameters
    ----------
    ids : id of a row of an included project, with its prefix -> id of the row in the atlas.

    Raises
    ------
    DamagedFile : a file does not have the form that `qjmap route` writes.
    """
    own = read_lines(project.geo, project.display_path(project.geo / FILE))
    lines = dict(own.lines)
    for part in included:
        for line in read_lines(part.project.geo, part.project.display_path(part.project.geo / FILE)).lines.values():
            leg, *stops = ((ids or {}).get(part.full(one), one) for one in (line.request.leg, *line.request.stops))
            lines.setdefault(leg, replace(line, request=replace(line.request, leg=leg, stops=tuple(stops))))
    return replace(own, lines=lines)
