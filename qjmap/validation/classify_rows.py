"""Decide for each row of a file whether it is added to a table, updates a row, is in the table already, or is refused, and why.

`qjmap check FILE` shows the decisions, `qjmap add FILE` applies them; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from qjmap.errors import DataFaults, Fault
from qjmap.i18n import Note
from qjmap.project import Project
from qjmap.schema import LIST_SEPARATOR, TABLES
from qjmap.tables import ROW, Parsed, TableFrame, empty_table, order_of_fault, parse
from qjmap.tables.columns import operations as cols
from qjmap.tables.isolate_rows import by_row, one_fault_each
from qjmap.validation.check_project import Step, check, try_positions
from qjmap.validation.checks import run_checks
from qjmap.validation.duplicates import DuplicateIndex, Entry, changed_columns, names_of, same_name
from qjmap.validation.id_column import separate_foreign_ids
from qjmap.validation.own_column_warnings import held_back_notes
from qjmap.validation.places_from_gazetteer import with_typed_names
from qjmap.validation.read_file import read_file
from qjmap.validation.resolved_rows import Duplicates, ResolvedRows
from qjmap.validation.row_records import Records, records_of
from qjmap.validation.settle_places import settle_places


@dataclass
class Judgement:
    """The decisions about the rows of a file.

    Attributes
    ----------
    raw : the file.
    target : the table to which the rows are to be added.
    added, updated, already, refused : row numbers in the file; each row is in exactly one of these lists. `already` has the rows that
        repeat a row with the same content, and with the policy "skip" also those with other content.
    ids, rows : id and record of each added row, in the order of `added`.
    changes : row number in the table -> column -> new cell.
    renamed : updates that change a name, as (row number in the table, old name, new name).
    faults, notes : of the file and its rows; the faults include warnings.
    parsed : the rows of the file with ids and resolved references; set in every result of `judge`.
    """

    raw: TableFrame
    target: Parsed
    added: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    already: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    rows: Records = field(default_factory=lambda: Records({}, 0))
    changes: dict[int, dict[str, str]] = field(default_factory=dict)
    renamed: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    parsed: Parsed | None = None


def judge(
    raw: TableFrame,
    project: Project | None,
    *,
    policy: Duplicates = "refuse",
    yes: bool = False,
    step: Step | None = None,
) -> Judgement:
    """Decide what happens to each row of a file. Without a project references are not checked, and a note says so.

    Parameters
    ----------
    raw : the file.
    policy : what happens to a row with other content than the row of the table with the same id, or without an id the same name.
    yes : with the policy "update", whether to update also rows that have another name.
    step : as in `check_project`.

    Raises
    ------
    DataFaults : the target table has a fault that concerns the whole file.
    UsageError : a table of the project cannot be read; see `check_project`.
    """
    return judge_against(raw, project_tables(project, step=step), project, policy=policy, yes=yes)


def project_tables(project: Project | None, *, step: Step | None = None) -> dict[str, Parsed]:
    """Return name -> checked table of a project; without a project, empty tables. Errors are those of `check_project`."""
    if project is None:
        return {table: parse(empty_table(definition, table)) for table, definition in TABLES.items()}
    return check(project, step=step)[0]


def judge_against(
    raw: TableFrame,
    tables: Mapping[str, Parsed],
    project: Project | None,
    *,
    policy: Duplicates = "refuse",
    yes: bool = False,
    first_new: int | None = None,
) -> Judgement:
    """Decide as `judge` does, against given tables; the other parameters and errors are as there.

    Parameters
    ----------
    tables : name -> checked table.
    first_new : row number from which the rows of the target table are new ones from another worksheet of the same workbook; None if
        there are no such rows.
    """
    name = raw.table.name
    target_faults = [fault for fault in tables[name].raw.faults if fault.severity == "fault"]
    if any(fault.row is None for fault in target_faults):
        raise DataFaults(target_faults)
    raw, foreign = separate_foreign_ids(raw, tables[name])
    parsed = settle_places(parse(raw, fill_ids=False), None if project is None else tables["places"])

    def judged(rows: Parsed) -> Judgement:
        return _Judge(ResolvedRows(rows, tables, project, foreign, policy), yes, first_new).run()

    return by_row(parsed, judged)[1]


class _Judge:
    """Makes the judgement of one file.

    Attributes
    ----------
    rows : the rows of the file with ids and resolved references.
    target : the table to which they are to be added.
    judgement : the decisions so far.
    faults : faults and warnings that the decisions cause.
    updates : (row number in the file, new cells of the row of the table) of each update.
    """

    def __init__(self, rows: ResolvedRows, yes: bool, first_new: int | None = None) -> None:
        self.rows, self.policy, self.yes, self.first_new = rows, rows.policy, yes, first_new
        self.parsed, self.raw, self.table, self.name_column = rows.parsed, rows.raw, rows.table, rows.name_column
        self.target = rows.tables[self.table]
        self.judgement = Judgement(self.raw, self.target, parsed=self.parsed)
        self.faults = list[Fault]()
        self.updates = list[tuple[int, dict[str, str]]]()

    def run(self) -> Judgement:
        """Decide about all rows, check those that are accepted, and return the judgement."""
        judgement, parsed, project = self.judgement, self.parsed, self.rows.project
        judgement.notes += [*self.raw.notes, *parsed.notes]
        self._sort_rows()
        if project is None:
            judgement.notes.append(Note("note-no-project"))
        else:
            self._refuse_dangling()
        self._restore_names()
        judgement.notes += held_back_notes(project, parsed)
        mask = np.isin(parsed.frame[ROW].to_numpy(), judgement.added + judgement.updated)
        accepted = parsed if mask.all() else replace(parsed, frame=parsed.frame[mask])
        warnings = run_checks(accepted, self.rows.facts, severity="warning")
        if self.table == "sites":
            try_positions(accepted, self.rows.facts.locator)
        refused = set(judgement.refused)
        kept = [
            fault for fault in parsed.faults if fault.severity == "warning" or fault.row is None or fault.row in refused
        ]
        faults = one_fault_each([*kept, *self.faults, *warnings])
        judgement.faults = sorted(faults, key=order_of_fault)
        return judgement

    def _sort_rows(self) -> None:
        """Sort every row into added, updated, already in the table and refused.

        Only rows that may have the id or name of another row are compared.
        """
        judgement, parsed = self.judgement, self.parsed
        index = DuplicateIndex(self.table, self.target, parsed)
        numbers, ids = parsed.frame[ROW].to_numpy(), cols.to_objects(cols.column(parsed.frame, "id"))
        records = records_of(parsed)
        is_bad, is_suspect = np.isin(numbers, list(parsed.bad_rows)), self.rows.may_be_duplicate()
        is_added = ~is_bad
        for at in np.flatnonzero(is_bad | is_suspect).tolist():
            if is_bad[at]:
                judgement.refused.append(int(numbers[at]))
            else:
                is_added[at] = self._is_added(int(numbers[at]), ids[at], records[at], bool(self.rows.has_id[at]), index)
        judgement.rows = records.take(is_added).with_ids(ids[is_added].tolist())
        judgement.added += numbers[is_added].tolist()
        judgement.ids += ids[is_added].tolist()

    def _is_added(self, row: int, identifier: str, record: dict[str, str], has_id: bool, index: DuplicateIndex) -> bool:
        """Decide about a row whose id or name another row may have: return True if it is added, else put it into another list.

        Parameters
        ----------
        row, identifier, record : number, id and cells of the row.
        has_id : whether the id is typed in the file.
        index : the rows of the table, and the rows of the file that are added.
        """
        duplicate = index.duplicate(record, identifier, has_id)
        owner = self.rows.row_index.rows.get(identifier) if has_id else None
        if duplicate is None and owner and owner[0] != self.table:
            _, file, owner_row, owner_name = owner
            params = {"id": identifier, "file_of": file, "row_of": owner_row, "name_of": owner_name}
            self._refuse(row, self.raw.fault(row, "id", identifier, "id-duplicate", **params))
            return False
        changed = [] if duplicate is None else changed_columns(record, duplicate.record)
        if duplicate is None or (changed and not has_id and (self.policy == "add" or self._is_another(duplicate))):
            entry = Entry({**record, "id": identifier}, self.raw.file, row, identifier, is_new=True)
            if has_id:
                self._warn_of_namesake(entry, index)
            index.add(entry)
            return True
        if not changed or self.policy == "skip":
            self.judgement.already.append(row)
        elif self.policy == "update" and duplicate.file == self.target.raw.file:
            self._update(row, record, duplicate, changed)
        else:
            self._refuse(row, self._difference(row, record, duplicate, changed, has_id=has_id))
        return False

    def _is_another(self, namesake: Entry) -> bool:
        """Whether a row that differs from a namesake is added nevertheless: it is a site, and the namesake is of the same file or workbook.

        A list of sites may have several rows with one name, for each line, branch or year.
        """
        is_new = namesake.is_new or (self.first_new is not None and namesake.row >= self.first_new)
        return is_new and self.table == "sites"

    def _update(self, row: int, record: dict[str, str], duplicate: Entry, changed: list[str]) -> None:
        """Update the row of the table with the changed cells. If that changes its name and `yes` is False, refuse the row instead."""
        (old, old_aliases), (new, new_aliases) = names_of(duplicate.record), names_of(record)
        if not same_name(new, new_aliases, old, old_aliases):
            if not self.yes:
                params = {
                    "id": duplicate.id,
                    "old": old,
                    "new": new,
                    "file_of": duplicate.file,
                    "row_of": duplicate.row,
                }
                self._refuse(row, self.raw.fault(row, self.name_column, new, "update-renames", **params))
                return
            self.judgement.renamed.append((duplicate.row, old, new))
        new_cells = {name: record[name] for name in changed}
        cells_of_row = self.judgement.changes.setdefault(duplicate.row, {})
        cells_of_row.update(new_cells)
        self.updates.append((row, cells_of_row))
        duplicate.record |= new_cells
        self.judgement.updated.append(row)

    def _difference(
        self, row: int, record: dict[str, str], duplicate: Entry, changed: list[str], *, has_id: bool
    ) -> Fault:
        """Return the fault of a row that differs from the row with its id or name."""
        code = "row-differs" if has_id and duplicate.id == record.get("id") else "name-duplicate"
        column = "id" if code == "row-differs" else self.name_column
        params = {
            "id": duplicate.id,
            "name": record.get(self.name_column, ""),
            "file_of": duplicate.file,
            "row_of": duplicate.row,
        }
        return self.raw.fault(row, column, record.get(column, ""), code, columns=changed, **params)

    def _refuse_dangling(self) -> None:
        """Refuse added rows that refer to a refused row of the file, and repeat this until no added row does."""
        judgement, row_index = self.judgement, self.rows.row_index
        columns = [
            column for column in self.raw.table.columns if column.type in ("id", "ids", "roles") and column.name != "id"
        ]
        while lost := self.rows.file_ids.difference(row_index.rows, judgement.ids):
            is_kept = np.ones(len(judgement.added), dtype=bool)
            references = [(column, judgement.rows.columns[column.name]) for column in columns]
            for at, row in enumerate(judgement.added):
                for column, typed in references:
                    items = typed[at].split(LIST_SEPARATOR)
                    named = (item.rpartition(":")[0] for item in items) if column.type == "roles" else items
                    if missing := next((item for item in named if item in lost), ""):
                        is_kept[at] = False
                        self._refuse(row, self.raw.fault(row, column.name, missing, "reference-refused"))
                        break
            if is_kept.all():
                return
            judgement.added = np.array(judgement.added)[is_kept].tolist()
            judgement.ids = cols.object_array(judgement.ids)[is_kept].tolist()
            judgement.rows = judgement.rows.take(is_kept)

    def _restore_names(self) -> None:
        """In the cells to be written, replace ids of implied places by the names as typed, since no table has these ids."""
        names = self.rows.gazetteer
        if not names.labels:
            return
        index_of = {int(row): index for index, row in enumerate(self.raw.frame[ROW])}
        columns = self.judgement.rows.columns
        for at, (row, record) in enumerate(zip(self.judgement.added, self.judgement.rows, strict=True)):
            for name, cell in with_typed_names(record, self.raw, index_of[row], names).items():
                columns[name][at] = cell
        for row, cells_of_row in self.updates:
            cells_of_row.update(with_typed_names(cells_of_row, self.raw, index_of[row], names))

    def _refuse(self, row: int, fault: Fault) -> None:
        """Refuse a row because of a fault."""
        self.judgement.refused.append(row)
        self.faults.append(fault)

    def _warn_of_namesake(self, entry: Entry, index: DuplicateIndex) -> None:
        """Warn of a row that is added with an id typed in the file, although another row has the same name."""
        for other in index.namesakes(entry.record)[:1]:
            name = entry.record.get(self.name_column, "")
            self.faults.append(
                self.raw.fault(
                    entry.row, self.name_column, name, "name-also", id=other.id, own=entry.id, name=name,
                    file_of=other.file, row_of=other.row, severity="warning",
                )
            )  # fmt: skip


def check_file(
    path: Path | str,
    table: str | None = None,
    *,
    project: Project | None = None,
    datum: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> list[Fault]:
    """Return every fault and warning that adding a file to a project would find.

    Parameters and errors are as in `read_file` and `judge`.
    """
    raw = read_file(path, table, datum=datum, sheet=sheet, encoding=encoding, project=project)
    return judge(raw, project).faults
