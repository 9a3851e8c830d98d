"""Read several worksheets of a workbook, and decide about their rows together, since they may refer to each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from qjmap.grammar import grammar
from qjmap.i18n import Note
from qjmap.project import Project
from qjmap.schema import TABLES, fold
from qjmap.tables import ROW, Parsed, TableFrame, frame_of
from qjmap.tables.columns import operations as cols
from qjmap.tables.columns_option import columns_of_sheets
from qjmap.tables.isolate_rows import some_rows
from qjmap.tables.readers.find_header_row import count_headers
from qjmap.tables.readers.sheets import Sheet, is_explanation, sheets_of
from qjmap.tables.saved_column_mappings import recall_columns
from qjmap.validation.check_project import Step
from qjmap.validation.classify_rows import Judgement, judge_against, project_tables
from qjmap.validation.duplicates import name_column
from qjmap.validation.read_file import read_file
from qjmap.validation.resolved_rows import Duplicates

ORDER = ("sources", "places", "sites", "partnerships", "corridors", "corridor_legs", "indicators")
"""Tables in the order in which their worksheets are judged: a table mostly refers to those before it."""

_NOTES_OF_CHOICE = frozenset(("note-sheet", "note-sheet-only"))
"""Notes about which worksheet was chosen; they are dropped if all worksheets are read."""


def read_sheets(
    path: Path | str, table: str | None = None, *, columns: str | Mapping[str, str] | None = None, **options: Any
) -> tuple[list[TableFrame], list[Note]]:
    """Read the filled visible worksheets of a workbook, each as rows of its table. Any other file is read as a single one.

    Parameters
    ----------
    table : table of all worksheets; by default `tables_of_sheets` decides.
    columns : as in `read_file`; each of its columns is mapped in the worksheets that have its header.
    options : further arguments of `read_file`.

    Returns
    -------
    frames : the worksheets in the order of `ORDER` of their tables, those of one table in the order of the workbook.
    notes : a note that names the worksheets whose table is not recognised, which are not read; [] without any. Hidden, empty and
        explanatory worksheets are not named.

    Raises
    ------
    UsageError, OSError : as in `sheets_of`, `columns_of_sheets` and `read_file`.
    """
    sheets = [sheet for sheet in sheets_of(Path(path)) if sheet.rows and not is_explanation(sheet.name)]
    if not sheets:
        return [read_file(path, table, columns=columns, **options)], []
    chosen = {sheet.name: table for sheet in sheets} if table else tables_of_sheets(sheets)
    told: Mapping[str, Mapping[str, str] | None] = {}
    if columns is not None:
        told = columns_of_sheets(
            columns, {sheet.name: (sheet.header, TABLES[chosen[sheet.name] or "sites"]) for sheet in sheets}
        )
    project: Project | None = options.get("project")
    for sheet in sheets:  # a known mapping of its columns, given or saved, means that a worksheet holds sites
        known = told.get(sheet.name) or (recall_columns(project.state, "sites", sheet.header) if project else {})
        if chosen[sheet.name] is None and any(known.values()):
            chosen[sheet.name] = "sites"
    passed = [name for name, of in chosen.items() if of is None]
    frames = [
        read_file(path, of, sheet=name, columns=told.get(name), **options)
        for name, of in chosen.items()
        if of is not None
    ]
    frames.sort(key=lambda frame: ORDER.index(frame.table.name))
    hidden: list[Note] = []
    for index, frame in enumerate(frames):
        kept = [note for note in frame.notes if note.key not in _NOTES_OF_CHOICE and note not in hidden]
        hidden += [note for note in kept if note.key == "note-hidden-sheets"]
        frames[index] = replace(frame, notes=tuple(kept))
    notes = [Note("note-sheets-passed", {"sheets": passed})] if passed else []
    return frames, notes


def tables_of_sheets(sheets: Sequence[Sheet]) -> dict[str, str | None]:
    """Return name of each worksheet -> table of its rows; None for a worksheet that is not to be read.

    If all worksheets have the same header, they are of one table: the only one that their names mean, else sites. If not, each is of the
    table that its name means, else of the table of another worksheet with the same header, else of sites if its header names a column.
    A name counts only if the header names at least as many columns of its table as of sites.
    """
    headers = {sheet.name: frozenset(map(fold, sheet.header)) for sheet in sheets}
    meant = {sheet.name: _meant(sheet) for sheet in sheets}
    named = {*meant.values()} - {None}
    if len(set(headers.values())) == 1:
        return dict.fromkeys(headers, next(iter(named)) if len(named) == 1 else "sites")
    by_header = {headers[name]: table for name, table in reversed(meant.items()) if table}
    return {sheet.name: meant[sheet.name] or by_header.get(headers[sheet.name]) or _default(sheet) for sheet in sheets}


def _meant(sheet: Sheet) -> str | None:
    """Return the table that the name of a worksheet means; None if it means none, or if the header fits sites better.

    The name 一季度数据 means indicators, but not over the header 名称, 地址, 经度.
    """
    if sheet.table is None:
        return None
    fits = count_headers(sheet.header, TABLES[sheet.table]) >= count_headers(sheet.header, TABLES["sites"])
    return sheet.table if fits else None


def _default(sheet: Sheet) -> str | None:
    """Return the table of a worksheet whose name means none: "sites" if its header names a column of sites, else None."""
    return "sites" if count_headers(sheet.header, TABLES["sites"]) else None


def judge_sheets(
    frames: Sequence[TableFrame],
    project: Project | None,
    *,
    policy: Duplicates = "refuse",
    yes: bool = False,
    step: Step | None = None,
) -> list[Judgement]:
    """Return a judgement for each worksheet, as `judge` does for one; rows may refer to rows of any worksheet.

    If no reference can mean a row of another worksheet, each worksheet is judged once, against the tables with the new rows of those
    before it. Otherwise the new rows of each are found first without regard to references; then each worksheet is judged against the
    project's tables with the new rows of all others. If a new row is refused in this second step, others may have relied on it: both
    steps are repeated without it.

    Row numbers in `Judgement.changes` beyond the end of the table mean new rows of other worksheets: see `new_row_numbers`. Raises the
    errors of `judge`.
    """
    tables = project_tables(project, step=step)
    refused: list[set[int]] = [set() for _ in frames]
    if not _refer_to_each_other(frames):
        judgements, _ = _one_after_the_other(frames, tables, refused, project, policy, yes)
        return _with_targets(judgements, tables)
    while True:
        _, new = _one_after_the_other(frames, tables, refused, None, policy, yes)
        judgements = []
        for index, frame in enumerate(frames):
            others = [rows for other, rows in enumerate(new) if other != index]
            first = _next_row(tables[frame.table.name])
            judged = judge_against(frame, _with_rows(tables, others), project, policy=policy, yes=yes, first_new=first)
            judgements.append(judged)
        lost = [
            {int(row) for row in rows.raw.frame[ROW]} - {*judgement.added}
            for rows, judgement in zip(new, judgements, strict=True)
        ]
        if not any(lost):
            return _with_targets(judgements, tables)
        for known, more in zip(refused, lost, strict=True):
            known |= more


def new_row_numbers(judgements: Sequence[Judgement]) -> dict[int, tuple[int, int]]:
    """Return row number that a new row will have in the table -> (index of its judgement, index in its `rows`).

    All `judgements` are of worksheets of one table.
    """
    first = _next_row(judgements[0].target)
    places = [(index, row) for index, judgement in enumerate(judgements) for row in range(len(judgement.rows))]
    return {first + offset: place for offset, place in enumerate(places)}


def _with_targets(judgements: list[Judgement], tables: Mapping[str, Parsed]) -> list[Judgement]:
    """Set the target of each judgement to its table as it is in the project, without the rows of other worksheets; return them."""
    for judgement in judgements:
        judgement.target = tables[judgement.raw.table.name]
    return judgements


def _refer_to_each_other(frames: Sequence[TableFrame]) -> bool:
    """Whether a reference in a worksheet may mean a row of another one."""
    names = [_texts(frame, [name_column(frame.table.name), "aliases", "id"]) for frame in frames]
    every = Counter(name for several in names for name in several)
    for frame, own in zip(frames, names, strict=True):
        columns = [column.name for column in frame.table.columns if column.type in ("id", "ids", "roles")]
        mentioned = _texts(frame, [name for name in columns if name != "id"])
        if any(every[name] > (name in own) for name in mentioned):
            return True
    return False


def _texts(frame: TableFrame, columns: Sequence[str]) -> set[str]:
    """Return the folded texts of the cells of some columns, and of the parts into which separators of lists, roles and names split them."""
    separators = re.compile("|".join(map(re.escape, ("|", "｜", ":", *grammar("references")["separators"]))))
    cells = {
        cell for name in columns if name in frame.typed for cell in cols.unique(cols.column(frame.frame, name)) if cell
    }
    return {fold(text) for cell in cells for text in (cell, *separators.split(cell))} - {""}


def _one_after_the_other(
    frames: Sequence[TableFrame], tables: Mapping[str, Parsed], refused: Sequence[set[int]], project: Project | None,
    policy: Duplicates, yes: bool,
) -> tuple[list[Judgement], list[Parsed]]:  # fmt: skip
    """Judge each worksheet against the tables with the new rows of those before it; return the judgements, and the new rows of each.

    The new rows have ids and the row numbers that they will have in the table; their `raw` keeps the numbers of the worksheet.

    Parameters
    ----------
    refused : for each worksheet the numbers of rows that do not count as new.
    """
    judgements: list[Judgement] = []
    new: list[Parsed] = []
    counts = {name: _next_row(parsed) for name, parsed in tables.items()}
    for frame, without in zip(frames, refused, strict=True):
        name = frame.table.name
        first = _next_row(tables[name])
        judgement = judge_against(frame, _with_rows(tables, new), project, policy=policy, yes=yes, first_new=first)
        judgements.append(judgement)
        if judgement.parsed is None:
            continue
        numbers = judgement.parsed.frame[ROW].to_numpy()
        rows = some_rows(judgement.parsed, np.flatnonzero(np.isin(numbers, [*{*judgement.added} - without])))
        count = len(rows.frame)
        future = np.arange(counts[name], counts[name] + count, dtype=np.int64)
        counts[name] += count
        new.append(replace(rows, frame=rows.frame.assign(**{ROW: future}), faults=(), bad_rows=frozenset()))
    return judgements, new


def _with_rows(tables: Mapping[str, Parsed], new: Sequence[Parsed]) -> dict[str, Parsed]:
    """Return the tables with new rows at their ends."""
    joined = dict(tables)
    for name in tables:
        parts = [rows for rows in new if rows.raw.table.name == name and len(rows.frame)]
        if parts:
            joined[name] = _join(tables[name], parts)
    return joined


def _join(target: Parsed, parts: Sequence[Parsed]) -> Parsed:
    """Return a table with the rows of further worksheets below its own. Of two headers of one column, that of the table is kept."""
    unknown = tuple(dict.fromkeys(name for rows in (target, *parts) for name in rows.raw.unknown))
    frame = _stack([rows.frame for rows in (target, *parts)])
    raw = _stack([rows.raw.frame for rows in (target, *parts)])
    typed = {**target.raw.typed, **{name: head for rows in parts for name, head in rows.raw.typed.items()}}
    return replace(
        target, frame=frame, raw=replace(target.raw, frame=raw, unknown=unknown, typed={**typed, **target.raw.typed})
    )


def _stack(frames: Sequence[Any]) -> Any:
    """Concatenate frames; a column that a frame lacks is empty for its rows."""
    names = list(dict.fromkeys(name for frame in frames for name in frame))
    columns = {}
    for name in names:
        parts = [cols.column(frame, name) if name in frame else cols.full(len(frame), "") for frame in frames]
        numeric = all(getattr(part, "dtype", None) is not None and part.dtype.kind in "if" for part in parts)
        columns[name] = np.concatenate(parts if numeric else [cols.to_objects(part) for part in parts])
    return frame_of(columns)


def _next_row(table: Parsed) -> int:
    """Return the number of the row that would be added to a table next."""
    rows = table.raw.frame[ROW].to_numpy()
    return int(rows.max()) + 1 if len(rows) else table.raw.header_row + 1
