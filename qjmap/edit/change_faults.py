"""Collect the faults of a change file. Each names the change by its number in the file, the table, the column, the value and the cure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from qjmap.edit.change_file import ChangeFile, NetChange
from qjmap.errors import DataFaults, Fault
from qjmap.project import Project
from qjmap.schema import TABLES
from qjmap.tables import ROW, Parsed
from qjmap.tables.columns import operations as cols
from qjmap.validation import Checked
from qjmap.validation.row_index import reference_columns, references_in

_Key = tuple[str, object, str | None, str, str | None]


class ChangeFaults:
    """Collects the faults of a change file that is compared with the tables of a project.

    Parameters
    ----------
    file, net : the change file, and its changes combined into one for each row.
    checked : the present tables.
    """

    def __init__(self, project: Project, file: ChangeFile, net: Sequence[NetChange], checked: Checked) -> None:
        self._file, self._net, self._checked = file.file, net, checked
        self._faults: list[Fault] = []
        self._tables = {project.display_path(project.table_path(name)): name for name in TABLES}

    def add(self, change: NetChange, column: str | None, value: str | None, code: str, **params: object) -> None:
        """Add a fault of a change. The fault's row is the number of the change in its file (of combined changes the last), its sheet the
        name of the table; the other arguments are as in `Fault`.
        """
        self._faults.append(replace(self.of_change(change, column, value, code, **params), severity="fault"))

    def of_change(self, change: NetChange, column: str | None, value: str | None, code: str, **params: object) -> Fault:
        """Return a warning about a change, with its row and sheet as in `add`."""
        number = change.numbers[-1]
        return Fault(self._file, number, column, value, code, params, "warning", sheet=change.table)

    def raise_any(self) -> None:
        """Raise DataFaults if there is any fault."""
        if self._faults:
            raise DataFaults(sorted(self._faults, key=lambda fault: (fault.row or 0, fault.column or "")))

    def add_references(self, deleted: Iterable[NetChange]) -> None:
        """Add a fault for each deleted row to which other rows still refer.

        References in rows that are deleted too, and in cells that the change file replaces, do not count.
        """
        removed = {change.id: change for change in deleted}
        if not removed:
            return
        edited = {(change.table, change.id): change for change in self._net}
        naming: dict[str, list[str]] = defaultdict(list)
        for name, parsed in self._checked.tables.items():
            for identifier, row, column, referred in _references(parsed):
                change = edited.get((name, identifier))
                if referred not in removed or identifier in removed or (change is not None and column in change.new):
                    continue
                naming[referred].append(f"{parsed.raw.file}:{row} {identifier}（{column}）")
        for identifier, rows in naming.items():
            self.add(
                removed[identifier],
                "id",
                identifier,
                "change-delete-named",
                id=identifier,
                rows=list(dict.fromkeys(rows)),
            )

    def of_result(self, after: Checked, changes: Mapping[tuple[str, str], NetChange]) -> list[Fault]:
        """Return the warnings that the changed tables have and the present tables do not.

        Parameters
        ----------
        after : the changed tables.
        changes : (table, id) of each changed row -> its change.

        Raises
        ------
        DataFaults : the changed tables have faults that the present tables do not.
        """
        ids_before, ids_after = _ids(self._checked.tables), _ids(after.tables)
        known = {key for fault in self._checked.faults for key in self._keys(fault, ids_before)}
        new = [
            self._located(fault, ids_after, changes)
            for fault in after.faults
            if any(key not in known for key in self._keys(fault, ids_after))
        ]
        stopping = [fault for fault in new if fault.severity == "fault"]
        if stopping:
            raise DataFaults(stopping)
        return new

    def _keys(self, fault: Fault, ids: Mapping[str, Mapping[int, str]]) -> Iterator[_Key]:
        """Yield, for each row of a fault, a key by which the same fault is recognised after the change; one key for a fault without rows.

        It is (file, id of the row, column, code, value): the ids stay when row numbers change. A row of a file that is no table of the
        project has its number in place of the id, a fault without rows has None.
        """
        of_table = ids.get(self._tables.get(fault.file, ""), {})
        rows = [fault.row] if fault.row is not None else fault.params.get("rows", ())
        numbers = [row for row in rows if isinstance(row, int)] if isinstance(rows, Iterable) else []
        owners: list[str | int | None] = [of_table.get(number, number) for number in numbers]
        for identifier in owners or [None]:
            yield fault.file, identifier, fault.column, fault.code, fault.value

    def _located(
        self, fault: Fault, ids: Mapping[str, Mapping[int, str]], changes: Mapping[tuple[str, str], NetChange]
    ) -> Fault:
        """Return a fault of a changed row with the change file and the number of the change as file and row; other faults unchanged."""
        table = self._tables.get(fault.file, "")
        change = changes.get((table, ids.get(table, {}).get(fault.row or 0, "")))
        if change is None:
            return fault
        return replace(fault, file=self._file, row=change.numbers[-1], letter=None, sheet=table)


def _ids(tables: Mapping[str, Parsed]) -> dict[str, dict[int, str]]:
    """Return table -> row number -> id of the row."""
    return {
        name: dict(
            zip(parsed.frame[ROW].tolist(), cols.to_objects(cols.column(parsed.frame, "id")).tolist(), strict=True)
        )
        for name, parsed in tables.items()
    }


def _references(parsed: Parsed) -> Iterator[tuple[str, int, str, str]]:
    """Yield for each reference in a table: id and number of its row, its column, and the id that it names."""
    ids, rows = cols.to_objects(cols.column(parsed.frame, "id")).tolist(), parsed.frame[ROW].tolist()
    for name in reference_columns(parsed):
        values = cols.to_objects(cols.column(parsed.frame, name))
        for identifier, row, value in zip(ids, rows, values, strict=True):
            for referred in references_in(value):
                if referred:
                    yield identifier, int(row), name, referred
