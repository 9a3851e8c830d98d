"""Add the rows of a table file to a table of the project. Every row is added or reported; after an error nothing has been changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

import numpy as np

from qjmap.atomic_write import write_all
from qjmap.edit.add_report import AddReport
from qjmap.edit.csv_patch import CsvPatch, spreadsheet_csv
from qjmap.edit.project_lock import locked
from qjmap.edit.undo_changes import undo_command, unusable_notes
from qjmap.edit.write_tables import TableChange, write_tables
from qjmap.errors import QjmapError, UsageError
from qjmap.i18n import Note
from qjmap.output_paths import check_outputs
from qjmap.project import Project
from qjmap.schema import FAULT_COLUMN
from qjmap.tables import ROW, Parsed, TableFrame
from qjmap.tables.columns_option import parse_columns
from qjmap.tables.coordinate_columns import axis_order
from qjmap.tables.saved_column_mappings import remember_columns
from qjmap.validation import Duplicates, Judgement, Records, Step, judge, read_file


def add(
    project: Project,
    file: Path | str,
    *,
    table: str | None = None,
    datum: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: str | Mapping[str, str] | None = None,
    update: bool = False,
    duplicates: Duplicates = "refuse",
    yes: bool = False,
    dry_run: bool = False,
    lang: str = "zh",
    origin: Path | None = None,
    step: Step | None = None,
) -> AddReport:
    """Add the rows of any table file to `data/<table>.csv`.

    Valid rows are added; faulty ones are written to `<file>.refused.csv`. Rows that the table already has are skipped, so that
    adding a file twice has the effect of adding it once. The table keeps its order of columns, its encoding, its line ends and every
    byte of the other rows.

    Parameters
    ----------
    file : any file that qjmap reads as a table.
    table : name of the table. By default it is the file's name if the file is in a folder `data`; else partnerships if the columns name
        the parties of agreements (`tables.choose_table`); else sites.
    datum : datum of rows that state none; any spelling that the tables accept.
    sheet : worksheet of a workbook; by default the first with a table.
    encoding : encoding of delimited text; detected by default.
    columns : mapping of the project's columns to those of the file, as a text "名称=医院名称,纬度=N" or a dict. A column of the file is
        given by its header, letter or number; empty means that the file has none. The mapping is stored for files with the same header.
    update : same as `duplicates="update"`.
    duplicates : what to do with a row whose id is in the table with other content, or whose name is there within the radius of the row's
        position: "refuse" it, "skip" it, "update" the table's row with its filled cells, or "add" it as a new row (same name only).
    yes : with "update", also update rows that have another name in the table; otherwise they are refused.
    dry_run : report without writing.
    lang : language of the reasons in the file of refused rows, "zh" or "en".
    origin : path of the file of which `file` is a temporary copy: messages and the journal have its name, and the refused rows are written
        beside it.
    step : as in `validation.check_project.check_project`.

    Raises
    ------
    UsageError : the file cannot be read; table, datum, sheet, encoding or a column is unknown; or the table is not writable.
    DataFaults : the table to which the rows are to be added cannot be read; faults of single rows of the project do not matter.
    QjmapError : another program is changing the tables, or the table cannot be changed without changing other bytes.
    OSError : a file cannot be written for another reason, such as a full disk.
    """
    path = Path(file)
    shown = origin.name if origin else None
    raw = read_file(
        path, table, datum=datum, sheet=sheet, encoding=encoding, columns=columns, project=project, shown=shown
    )
    policy: Duplicates = "update" if update else duplicates
    with nullcontext() if dry_run else locked(project):
        judgement = judge(raw, project, policy=policy, yes=yes, step=step)
        report = report_of(judgement, project, dry_run=dry_run)
        target = project.table_path(raw.table.name)
        before = target.read_bytes() if target.is_file() else None
        if judgement.rows or judgement.changes:
            after, report.new_columns = patched(before, judgement.target, judgement.rows, judgement.changes)
        if dry_run:
            return report
        # Written before the table, so that the refused rows are saved even if writing the table fails.
        report.refused_file = save_refused(judgement, project, origin or path, lang)
        if judgement.rows or judgement.changes:
            change = TableChange(target, before, after, report.ids, len(report.updated))
            unusable = write_tables(project, [change], source=raw.file)
            report.notes += unusable_notes([project.display_path(path) for path in unusable])
            report.undo = undo_command(project)
        if columns is not None and raw.header_row and (report.added or report.updated or report.already):
            remember(project, raw, parse_columns(columns, raw.table), report)
        return report


def remember(project: Project, raw: TableFrame, columns: Mapping[str, str], report: AddReport) -> None:
    """Store the mapping of columns that the user gave, for files with the same header, and add a note to the report.

    A failure is ignored: the rows have been added already.
    """
    with suppress(OSError, UsageError):
        if remember_columns(project.state, raw.table.name, raw.header, columns) and columns:
            report.notes.append(Note("note-columns-remembered"))


def report_of(judgement: Judgement, project: Project, *, dry_run: bool) -> AddReport:
    """Return the report of a judgement (which rows to add, update, skip or refuse) before the table is written."""
    raw = judgement.raw
    return AddReport(
        raw.table.name, raw.file, project.display_path(project.table_path(raw.table.name)), dry_run,
        added=judgement.added, updated=judgement.updated, already=judgement.already, refused=judgement.refused,
        ids=judgement.ids, faults=judgement.faults, notes=judgement.notes, renamed=judgement.renamed,
    )  # fmt: skip


def save_refused(
    judgement: Judgement, project: Project, path: Path, lang: str, more: Mapping[str, str] | None = None
) -> Path | None:
    """Write the refused rows, with their cells as typed and a last column of reasons, to `<path>.refused.csv` beside the file.

    If that folder is not writable, the file is written to the current folder, else to the project. A former file with other contents is
    kept with the suffix `.bak`. Nothing is written if no row was refused, or if the file appears to be a text rather than a table: a
    required column is missing, and fewer than two columns were recognised.

    Parameters
    ----------
    path : path of the file from which the rows come.
    lang : language of the reasons, "zh" or "en".
    more : further column -> the cell that all rows have in it.

    Returns
    -------
    Path of the file; None if nothing was written.

    Raises
    ------
    OSError, UsageError : the file can be written to none of the folders.
    """
    more = more or {}
    is_text = len(judgement.raw.typed) < 2 and any(fault.code == "column-missing" for fault in judgement.faults)
    if is_text or not judgement.refused:
        return None
    rows = [[*row[:-1], *more.values(), row[-1]] for row in _refused_rows(judgement, lang)]
    data = spreadsheet_csv([*judgement.raw.header, *more, FAULT_COLUMN], rows)
    name = f"{path.name}.refused.csv"
    first_error: Exception | None = None
    for folder in (path.parent, Path.cwd(), project.root):
        file = folder / name
        try:
            check_outputs([file], project=project.root)
            if file.is_file() and (former := file.read_bytes()) != data:
                # The former file is kept: the user may have begun to correct it.
                write_all({file.with_name(f"{name}.bak"): former})
            write_all({file: data})
        except (OSError, UsageError) as error:
            first_error = first_error or error
            continue
        return file
    raise first_error or OSError(name)


def _refused_rows(judgement: Judgement, lang: str) -> list[list[str]]:
    """Return for each refused row its cells as typed and, as the last cell, the faults of the file and of the row."""
    raw, faults = judgement.raw, [fault for fault in judgement.faults if fault.severity == "fault"]
    colon, gap = ("：", "") if lang == "zh" else (": ", " ")
    of_row: dict[int | None, list[str]] = {}
    for fault in faults:
        column = f"{fault.column}{colon}" if fault.column else ""
        of_row.setdefault(fault.row, []).append(f"{column}{fault.message(lang)}{gap}{fault.cure(lang)}")
    refused = set(judgement.refused)
    return [
        [*(str(column[index]) for column in raw.cells), " ".join(of_row.get(None, []) + of_row.get(int(row), []))]
        for index, row in enumerate(raw.frame[ROW].to_numpy())
        if int(row) in refused
    ]


def patched(
    before: bytes | None,
    target: Parsed,
    records: Sequence[Mapping[str, str]],
    changes: Mapping[int, Mapping[str, str]],
    deleted: Collection[int] = (),
) -> tuple[bytes, list[str]]:
    """Return the bytes of a table with rows added or deleted and cells replaced, and the names of the columns that were added to it.

    Parameters
    ----------
    before : the table's bytes; None if there is no file.
    target : the table as parsed from these bytes.
    records : the rows to add: column -> cell.
    changes : row number -> column -> new cell.
    deleted : numbers of the rows to delete.

    Raises
    ------
    QjmapError : the table has bytes that are invalid in its encoding, or its encoding lacks a character of the new cells.
    """
    table = target.raw
    has_header = bool(before and table.header)
    header = list(table.header) if has_header else list(table.table.names)
    positions = dict(table.places) if has_header else {name: index for index, name in enumerate(header)}
    pair = positions.get("lonlat")  # longitude and latitude in one cell
    try:
        patch = CsvPatch(before or b"", header, table.delimiter)
    except ValueError as error:
        raise QjmapError("table-not-writable", file=table.file, detail=str(error)) from None
    new = records if isinstance(records, Records) else Records.of(records)
    used = dict.fromkeys([*new.names(), *(name for cells in changes.values() for name in cells)])
    missing = [name for name in used if name not in positions and not (pair is not None and name in ("lon", "lat"))]
    if missing:
        patch.add_columns(missing, table.header_row)
        positions |= {name: len(header) + index for index, name in enumerate(missing)}
    columns: list[Sequence[str]] = [[""] * len(new)] * (len(header) + len(missing))
    for name, cells in new.columns.items():
        if name in positions:
            columns[positions[name]] = cells.tolist()
    if pair is not None and "lon" in new.columns:
        points = zip(new.columns["lon"], new.columns["lat"], strict=True)
        joined = [_pair_cell(table.header[pair], *point) for point in points]
        columns[pair] = [new or former for new, former in zip(joined, columns[pair], strict=True)]
    cells_of_rows = {
        row: {positions[name]: value for name, value in cells.items() if name in positions}
        for row, cells in changes.items()
    }
    if pair is not None:
        for row, changed in changes.items():
            if "lon" in changed or "lat" in changed:
                at = int(np.flatnonzero(table.frame[ROW].to_numpy() == row)[0])
                lon, lat = (changed.get(name, str(table.frame[name].iat[at])) for name in ("lon", "lat"))
                cells_of_rows[row][pair] = _pair_cell(table.header[pair], lon, lat)
    patch.replace(cells_of_rows)
    patch.delete(deleted)
    patch.append_columns(columns)
    try:
        return patch.bytes, missing
    except UnicodeEncodeError as error:
        character = error.object[error.start : error.end]
        raise QjmapError("table-encoding", file=table.file, value=character, encoding=error.encoding) from None


def _pair_cell(header: str, lon: str, lat: str) -> str:
    """Return a cell with both coordinates, in the order that the header states, else longitude first. "" if one is missing."""
    return ", ".join((lat, lon) if axis_order(header) == "latlon" else (lon, lat)) if lon and lat else ""
