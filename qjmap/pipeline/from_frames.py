"""Make a located atlas from frames in memory, with the same checks as tables in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from qjmap.errors import DataFaults, Fault
from qjmap.model.atlas import Atlas, build_atlas
from qjmap.model.ground_files import GroundFiles
from qjmap.model.leg_line_file import LegLines
from qjmap.pipeline.geo_folder import read_ground, read_leg_lines
from qjmap.project import Project
from qjmap.schema import TABLES
from qjmap.tables import TableFrame, empty_table, order_of_fault
from qjmap.tables.arrange_columns import arrange
from qjmap.tables.readers.dataframe import read_dataframe
from qjmap.validation.check_project import check_read
from qjmap.validation.own_column_warnings import decide_own_columns, own_column_faults


def atlas_from_frames(
    frames: Mapping[str, pd.DataFrame], project: Project, *, like: Atlas | None = None, has_folder: bool = False,
    strict: bool = False,
) -> tuple[Atlas, tuple[Fault, ...]]:  # fmt: skip
    """Check and locate frames as tables of a project; return the atlas and the warnings.

    Parameters
    ----------
    frames : frames by name of the table, with any headers and words that a table file may have, or as an atlas returns them; a table that is
        missing is empty.
    project : project whose settings are used.
    like : atlas whose lines of legs and background geometry are used.
    has_folder : if `like` is None, whether these are read from the folder of the project; otherwise there are none.
    strict : treat warnings as faults.

    Raises
    ------
    DataFaults : all faults; the file of a fault is the name of the table, and rows are counted from 1.
    """
    project = replace(project, settings=replace(project.settings, include={}))
    checked = check_read(project, {name: _read(name, frames.get(name), project) for name in TABLES})
    own = decide_own_columns(checked.project, checked.tables)
    lines, ground, found = _geometry(project, like, has_folder)
    faults = sorted([*checked.faults, *own_column_faults(checked.project, own), *found], key=order_of_fault)
    if stopping := [fault for fault in faults if strict or fault.severity == "fault"]:
        raise DataFaults(stopping)
    tables = {name: parsed.whole for name, parsed in checked.tables.items()}
    return build_atlas(checked.project, tables, lines, own=own, ground_files=ground), tuple(faults)


def _geometry(project: Project, like: Atlas | None, has_folder: bool) -> tuple[LegLines, GroundFiles, list[Fault]]:
    """Return the lines of legs, the background geometry, and the faults and warnings of the files of that geometry.

    Parameters are as in `atlas_from_frames`.
    """
    if like is not None:
        return LegLines(lines=like.lines), like.ground_files, []
    return (read_leg_lines(project), *read_ground(project)) if has_folder else (LegLines(), GroundFiles(), [])


def _read(name: str, frame: pd.DataFrame | None, project: Project) -> TableFrame:
    if frame is None or not len(frame.columns):
        return empty_table(TABLES[name], name)
    grid = read_dataframe(frame, shown=name)
    return arrange(grid, TABLES[name], name, "", project.settings.vocabularies)
