"""Add the rows of all worksheets of a workbook to the tables of the project, as one change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from qjmap.edit.add_report import AddReport, SheetsReport
from qjmap.edit.add_rows import patched, remember, report_of, save_refused
from qjmap.edit.project_lock import locked
from qjmap.edit.undo_changes import undo_command, unusable_notes
from qjmap.edit.write_tables import TableChange, write_tables
from qjmap.project import Project
from qjmap.tables import TableFrame
from qjmap.tables.columns_option import columns_of_sheets
from qjmap.validation import Duplicates, Judgement, Step
from qjmap.validation.several_sheets import judge_sheets, new_row_numbers, read_sheets

SHEET_COLUMN = "工作表"
"""Column with the name of a row's worksheet, in a table to which several worksheets are added."""
_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\s]+')


def add_sheets(
    project: Project,
    file: Path | str,
    *,
    table: str | None = None,
    datum: str | None = None,
    encoding: str | None = None,
    columns: str | Mapping[str, str] | None = None,
    duplicates: Duplicates = "refuse",
    yes: bool = False,
    dry_run: bool = False,
    lang: str = "zh",
    step: Step | None = None,
) -> SheetsReport:
    """Add the rows of all visible worksheets to the tables that they belong to; one undo takes all of them back.

    Rows may refer to rows of other worksheets. Rows of several worksheets in one table have the name of theirs in a column 工作表.
    Faulty rows are written to `<file>.<sheet>.refused.csv`. A file that is not a workbook is added as by `add`.

    Parameters
    ----------
    table : table of all worksheets; by default the one that each worksheet's name means (`validation.several_sheets.tables_of_sheets`).
    columns : as in `add`; each of its columns is mapped in the worksheets that have its header.
    datum, encoding, duplicates, yes, dry_run, lang, step : as in `add`.

    Raises
    ------
    UsageError, DataFaults, QjmapError, OSError : as in `add`; no table is changed.
    """
    path = Path(file)
    frames, notes = read_sheets(path, table, columns=columns, datum=datum, encoding=encoding, project=project)
    with nullcontext() if dry_run else locked(project):
        judgements = judge_sheets(frames, project, policy=duplicates, yes=yes, step=step)
        reports = [report_of(judgement, project, dry_run=dry_run) for judgement in judgements]
        for report, frame in zip(reports, frames, strict=True):
            report.sheet = frame.sheet
        result = SheetsReport(reports, notes, dry_run)
        changes = _changes(project, judgements, reports)
        if dry_run:
            return result
        # Written before the tables, so that the refused rows are saved even if writing the tables fails.
        for judgement, report in zip(judgements, reports, strict=True):
            sheet = _NOT_IN_FILE_NAMES.sub("_", judgement.raw.sheet or "")
            name = path.with_name(f"{path.name}.{sheet}" if sheet else path.name)
            report.refused_file = save_refused(judgement, project, name, lang, _sheet_cell(judgement.raw, frames))
        if changes:
            unusable = write_tables(project, changes, source=frames[0].file)
            result.notes += unusable_notes([project.display_path(path) for path in unusable])
            result.undo = undo_command(project)
        if columns is not None:
            _remember_columns(project, columns, frames, reports)
        return result


def _remember_columns(
    project: Project, columns: str | Mapping[str, str], frames: Sequence[TableFrame], reports: Sequence[AddReport]
) -> None:
    """Store the mapping of columns that the user gave, once for each header of the worksheets from which rows were added."""
    with_header = [frame for frame in frames if frame.header_row]
    told = columns_of_sheets(columns, {str(at): (frame.header, frame.table) for at, frame in enumerate(with_header)})
    of_frame = {id(frame): told[str(at)] for at, frame in enumerate(with_header)}
    for frame, report in zip(frames, reports, strict=True):
        mapping = of_frame.get(id(frame))
        if mapping is not None and (report.added or report.updated or report.already):
            remember(project, frame, mapping, report)


def _changes(project: Project, judgements: Sequence[Judgement], reports: Sequence[AddReport]) -> list[TableChange]:
    """Return the change of each table that changes, and set the new columns in the reports. There is a report for each judgement."""
    changes = []
    frames = [judgement.raw for judgement in judgements]
    for name in dict.fromkeys(frame.table.name for frame in frames):
        here = [index for index, frame in enumerate(frames) if frame.table.name == name]
        together = [judgements[index] for index in here]
        records = [
            [{**record, **_sheet_cell(judgement.raw, frames)} for record in judgement.rows] for judgement in together
        ]
        cells = _cells_of_table(together, records)
        rows = [record for several in records for record in several]
        if not rows and not cells:
            continue
        path = project.table_path(name)
        before = path.read_bytes() if path.is_file() else None
        after, new_columns = patched(before, together[0].target, rows, cells)
        for index in here:
            reports[index].new_columns = new_columns
        ids = [identifier for judgement in together for identifier in judgement.ids]
        updated = len({row for judgement in together for row in judgement.changes} & cells.keys())
        changes.append(TableChange(path, before, after, ids, updated))
    return changes


def _cells_of_table(
    judgements: Sequence[Judgement], records: Sequence[list[dict[str, str]]]
) -> dict[int, dict[str, str]]:
    """Merge the changes that several worksheets make to existing rows of a table; return row number -> column -> cell.

    Changes of rows that another worksheet adds are made in `records` instead.

    Parameters
    ----------
    records : the rows that each worksheet adds.
    """
    new_rows = new_row_numbers(judgements)
    cells: dict[int, dict[str, str]] = {}
    for judgement in judgements:
        for row, changed in judgement.changes.items():
            if row in new_rows:
                sheet, index = new_rows[row]
                records[sheet][index].update(changed)
            else:
                cells.setdefault(row, {}).update(changed)
    return cells


def _sheet_cell(frame: TableFrame, frames: Sequence[TableFrame]) -> Mapping[str, str]:
    """Return {`SHEET_COLUMN`: name of the worksheet}, the cell that its rows get.

    {} if no other worksheet is added to the same table, or if the worksheet has such a column itself.
    """
    several = sum(other.table.name == frame.table.name for other in frames) > 1
    return {SHEET_COLUMN: frame.sheet} if several and frame.sheet and SHEET_COLUMN not in frame.header else {}
