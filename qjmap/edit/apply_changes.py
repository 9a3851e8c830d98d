"""Apply a change file to the tables of a project: all changes, or none."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from qjmap.edit.add_rows import patched
from qjmap.edit.apply_report import AppliedChange, ApplyReport
from qjmap.edit.change_faults import ChangeFaults
from qjmap.edit.change_file import ChangeFile, NetChange, changed_tables, net_changes, read_changes
from qjmap.edit.project_lock import locked
from qjmap.edit.undo_changes import undo_command, unusable_notes
from qjmap.edit.write_tables import TableChange, write_tables
from qjmap.errors import DataFaults, UsageError
from qjmap.project import Project
from qjmap.schema import TABLES
from qjmap.tables import ROW, Parsed
from qjmap.tables.cell_values import clean
from qjmap.tables.columns import operations as cols
from qjmap.validation import Checked, Step, check
from qjmap.validation.row_records import records_of

Prefer = Literal["", "file", "table"]
"""Which side wins if a table no longer has the cells that the change file gives as `old`: "file" makes the change all the same, "table"
keeps the cells of the table, "" reports a fault.
"""


def apply_changes(
    project: Project, changes: ChangeFile | Path | str, *, prefer: Prefer = "", dry_run: bool = False,
    step: Step | None = None,
) -> ApplyReport:  # fmt: skip
    """Apply a change file to the tables in `data/`, which keep their order of columns, encoding and every byte of the other rows.

    A change that the tables already contain counts as done, so that applying a file twice has the effect of applying it once.

    Parameters
    ----------
    changes : a change file that has been read, or the path of one.
    prefer : which side wins in a conflict; see `Prefer`.
    dry_run : report without writing.
    step : as in `validation.check_project.check_project`.

    Raises
    ------
    UsageError : the file cannot be read, is not a change file, or belongs to another map; or a table is not writable.
    DataFaults : a change is invalid, conflicts with the tables, or causes a fault that they did not have; or a table to change has a fault
        that concerns the whole table. Nothing is written.
    QjmapError : another program is changing the tables, or a table cannot be changed without changing other bytes.
    OSError : a table cannot be written for another reason, such as a full disk.
    """
    file = changes if isinstance(changes, ChangeFile) else read_changes(changes)
    _check_map(file, project)
    net = net_changes(file)
    with nullcontext() if dry_run else locked(project):
        application = _Application(project, file, net, prefer, check(project, step=step))
        application.resolve()
        edits = application.edits()
        application.check_result(edits)
        report = application.report
        report.faults = [*report.kept, *report.faults]
        report.dry_run = dry_run
        written = [edit.change(project, application.report) for edit in edits]
        if written and not dry_run:
            unusable = write_tables(project, written, source=file.file)
            report.notes += unusable_notes([project.display_path(path) for path in unusable])
            report.undo = undo_command(project)
        return report


def _check_map(file: ChangeFile, project: Project) -> None:
    """Raise UsageError if the change file was saved by the page of another map."""
    ids = [project.settings.id, *(view.id for view in project.settings.views)]
    if file.map and file.map not in ids:
        raise UsageError("changes-other-map", path=file.file, map=file.map, ids=ids)


@dataclass
class _Edit:
    """The changes of one table.

    Attributes
    ----------
    name, parsed, before : name of the table, its present rows, and the bytes of its file (None if there is none).
    records : rows to add: column -> cell.
    cells : row number -> column -> new cell.
    deleted : numbers of the rows to delete.
    """

    name: str
    parsed: Parsed
    before: bytes | None
    records: list[dict[str, str]] = field(default_factory=list)
    cells: dict[int, dict[str, str]] = field(default_factory=dict)
    deleted: list[int] = field(default_factory=list)

    @property
    def after(self) -> bytes:
        """Return the table's bytes after the changes."""
        return patched(self.before, self.parsed, self.records, dict(sorted(self.cells.items())), self.deleted)[0]

    def change(self, project: Project, report: ApplyReport) -> TableChange:
        """Return the change of the table's file. `report` has the ids of the added rows."""
        ids = [one.id for one in report.applied if one.table == self.name and one.op == "add"]
        updated = len(self.cells) + len(self.deleted)
        return TableChange(project.table_path(self.name), self.before, self.after, ids, updated, "edited")


class _Rows:
    """Access to the rows of a table by id: their numbers, and their cells as typed and in canonical form.

    Attributes
    ----------
    index : id -> index of the row in the frames of `parsed`; of several rows with one id, the first.
    names : columns of the schema, and those of the file that the schema does not define.
    held : those of `names` that are columns of the frame of typed texts.
    """

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        ids = cols.to_objects(cols.column(parsed.frame, "id")).tolist()
        self.index = {identifier: at for at, identifier in reversed([*enumerate(ids)])}
        self._numbers = parsed.frame[ROW].tolist()
        self._records = records_of(parsed)
        raw = parsed.raw
        self.names = [*raw.table.names, *raw.unknown]
        self.held = {name for name in self.names if name in raw.frame}

    def number(self, identifier: str) -> int:
        """Return the number of a row in its file."""
        return int(self._numbers[self.index[identifier]])

    def typed(self, identifier: str, name: str) -> str:
        """Return a cell as typed, without surrounding blanks; "" if the file does not have the column."""
        if name not in self.held:
            return ""
        return clean(str(cols.column(self.parsed.raw.frame, name)[self.index[identifier]]))

    def has(self, identifier: str, name: str, cell: str) -> bool:
        """Return whether a row's cell in a column, as typed or in canonical form, equals `cell`. An unknown column counts as empty."""
        if name not in self.names:
            return cell == ""
        return clean(cell) in (self.typed(identifier, name), self._records[self.index[identifier]].get(name, ""))

    def title(self, identifier: str) -> str:
        """Return the name of a row."""
        return self.typed(identifier, self.parsed.title)


class _Application:
    """Compares a change file with the tables, and collects the changes to make and the report."""

    def __init__(
        self, project: Project, file: ChangeFile, net: Sequence[NetChange], prefer: Prefer, checked: Checked
    ) -> None:
        self._project, self._net, self._prefer, self._checked = project, net, prefer, checked
        self._rows = {name: _Rows(checked.tables[name]) for name in changed_tables(net)}
        self._faults = ChangeFaults(project, file, net, checked)
        self._edits = {name: self._edit(name) for name in self._rows}
        self.report = ApplyReport(file.file)

    def _edit(self, name: str) -> _Edit:
        path = self._project.table_path(name)
        parsed = self._checked.tables[name]
        whole = [fault for fault in parsed.raw.faults if fault.severity == "fault" and fault.row is None]
        if whole:
            raise DataFaults(whole)
        return _Edit(name, parsed, path.read_bytes() if path.is_file() else None)

    def edits(self) -> list[_Edit]:
        """Return the edits of those tables that have any."""
        return [edit for edit in self._edits.values() if edit.records or edit.cells or edit.deleted]

    def resolve(self) -> None:
        """Compare every change with the tables and collect the edits; raise DataFaults with all faults, such as conflicts."""
        for change in self._net:
            known = [*self._rows[change.table].names]
            unknown = [name for name in [*change.old, *change.new] if name not in known]
            if unknown:
                self._faults.add(change, unknown[0], None, "change-column", allowed=known)
            elif change.added and not change.removed:
                self._add(change)
            else:
                self._change_or_delete(change)
        self._faults.add_references(change for change in self._net if change.removed and not change.added)
        self._faults.raise_any()

    def _add(self, change: NetChange) -> None:
        rows = self._rows[change.table]
        if not change.id or change.id not in rows.index:
            self._put(change)
            return
        different = [name for name, cell in change.new.items() if not rows.has(change.id, name, cell)]
        if not different:
            self._skip(change, already=True)
        elif self._prefer == "table":
            self._skip(change)
            self._keep(change, {name: change.new[name] for name in different})
        elif self._prefer == "file":
            self._replace(change, {name: change.new[name] for name in different})
        else:
            params = {"id": change.id, "name": rows.title(change.id), "columns": different}
            self._faults.add(change, "id", change.id, "change-id-taken", **params)

    def _change_or_delete(self, change: NetChange) -> None:
        rows = self._rows[change.table]
        if change.id not in rows.index:
            if change.removed:
                self._skip(change, already=True)
                if change.added:
                    self._put(change)
            elif self._prefer == "table":
                self._skip(change)
                self.report.kept.append(self._faults.of_change(change, "id", change.id, "change-kept-gone"))
            else:
                self._faults.add(change, "id", change.id, "change-row-gone", id=change.id)
            return
        skipped = self._conflicts(change)
        if change.removed:
            if skipped:
                self._skip(change)
                self._keep(change, {name: cell for name, cell in change.old.items() if name in skipped})
                return
            self._edits[change.table].deleted.append(rows.number(change.id))
            self._note(change, "delete", {name: (rows.typed(change.id, name), "") for name in change.old})
            if change.added:
                self._put(change)
            return
        cells = {
            name: cell
            for name, cell in change.new.items()
            if name not in skipped and rows.typed(change.id, name) != clean(cell)
        }
        if cells:
            self._replace(change, cells)
        else:
            self._skip(change, already=not skipped)
        self._keep(change, {name: cell for name, cell in change.new.items() if name in skipped})

    def _conflicts(self, change: NetChange) -> set[str]:
        """Return the columns in which the table's cells are kept because `prefer` is "table"; add a fault for each conflict if it is ""."""
        rows = self._rows[change.table]
        skipped = set[str]()
        for name, old in change.old.items():
            is_new = not change.removed and name in change.new and rows.has(change.id, name, change.new[name])
            if rows.has(change.id, name, old) or is_new or self._prefer == "file":
                continue
            if self._prefer == "table":
                skipped.add(name)
                continue
            params = {"id": change.id, "name": rows.title(change.id), "old": old, "now": rows.typed(change.id, name)}
            code = "change-conflict-delete" if change.removed else "change-conflict"
            self._faults.add(change, name, change.new.get(name), code, **params)
        return skipped

    def _put(self, change: NetChange) -> None:
        """Add a row to the edits of its table, and the change to the report."""
        order = self._rows[change.table].names
        cells = {"id": change.id, **change.new}
        self._edits[change.table].records.append({name: cells[name] for name in order if cells.get(name)})
        self._note(change, "add", {name: ("", cell) for name, cell in change.new.items() if cell})

    def _replace(self, change: NetChange, cells: Mapping[str, str]) -> None:
        """Add the new cells of a row to the edits of its table, and the change to the report.

        An id that was generated from the row's cells is written to the table too, so that it stays the same. Empty cells in columns of the
        schema that the file lacks are not written.
        """
        rows = self._rows[change.table]
        order = rows.names
        written = {name: cells[name] for name in order if name in cells}
        edit = self._edits[change.table]
        has_file = bool(edit.before) and bool(edit.parsed.raw.header)
        missing = {
            name for name in written if has_file and name not in edit.parsed.raw.typed and name in TABLES[edit.name]
        }
        written = {name: cell for name, cell in written.items() if cell or name not in missing}
        if not rows.typed(change.id, "id"):
            written = {"id": change.id, **written}
        edit.cells[rows.number(change.id)] = written
        self._note(change, "change", {name: (rows.typed(change.id, name), cell) for name, cell in cells.items()})

    def _skip(self, change: NetChange, *, already: bool = False) -> None:
        (self.report.already if already else self.report.skipped).extend(change.numbers)

    def _keep(self, change: NetChange, wanted: Mapping[str, str]) -> None:
        """Put a warning into the report for each cell that the table keeps.

        Parameters
        ----------
        wanted : column -> cell of the change file; of a row to delete, the cell before the deletion.
        """
        rows = self._rows[change.table]
        code = "change-kept-delete" if change.removed else "change-kept"
        for name, cell in wanted.items():
            params = {"id": change.id, "name": rows.title(change.id), "now": rows.typed(change.id, name)}
            self.report.kept.append(self._faults.of_change(change, name, cell, code, **params))

    def _note(
        self, change: NetChange, op: Literal["add", "change", "delete"], cells: Mapping[str, tuple[str, str]]
    ) -> None:
        rows = self._rows[change.table]
        title = rows.parsed.title
        name = rows.title(change.id) if op != "add" else change.new.get(title, "")
        self.report.applied.append(AppliedChange(op, change.table, change.id, name, dict(cells), tuple(change.numbers)))

    def check_result(self, edits: Sequence[_Edit]) -> None:
        """Check the tables as they will be, and put their new warnings into the report.

        Added rows without an id get the one that the check generates.

        Raises
        ------
        DataFaults : the tables will have faults that the present tables do not have.
        """
        if not edits:
            return
        with tempfile.TemporaryDirectory() as folder:
            files = {}
            for edit in edits:
                files[edit.name] = Path(folder) / f"{edit.name}.csv"
                files[edit.name].write_bytes(edit.after)
            after = check(self._project, files=files)
        for edit in edits:
            self._fill_ids(edit, after.tables[edit.name])
        self.report.faults = self._faults.of_result(after, self._changes_by_row())

    def _fill_ids(self, edit: _Edit, after: Parsed) -> None:
        """Give added rows without an id the ids that the check has generated; the added rows are the last ones of the checked table."""
        ids = cols.to_objects(cols.column(after.frame, "id")).tolist()[-len(edit.records) :] if edit.records else []
        added = [at for at, one in enumerate(self.report.applied) if one.table == edit.name and one.op == "add"]
        for identifier, record, at in zip(ids, edit.records, added, strict=True):
            if not record.get("id"):
                record["id"] = identifier
                self.report.applied[at] = self.report.applied[at].with_id(identifier)

    def _changes_by_row(self) -> dict[tuple[str, str], NetChange]:
        """Return (table, id) of each changed row -> its change."""
        by_number = {number: change for change in self._net for number in change.numbers}
        return {(one.table, one.id): by_number[one.numbers[0]] for one in self.report.applied}
