"""The rows of a file that is to be added, with ids and with references to rows of the file and of the project resolved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from qjmap.errors import Fault
from qjmap.project import Project
from qjmap.tables import ROW, Parsed, ids
from qjmap.tables.columns import operations as cols
from qjmap.tables.isolate_rows import some_rows
from qjmap.validation.check_project import ids_in_use, with_faults
from qjmap.validation.checks import Facts, run_checks
from qjmap.validation.duplicates import DuplicateIndex, Entry, name_column
from qjmap.validation.places_from_gazetteer import look_up_names
from qjmap.validation.plausibility import known_positions
from qjmap.validation.references import resolve_references
from qjmap.validation.row_index import GazetteerNames, ReferencedTexts, RowIndex, references_by_column
from qjmap.validation.row_records import records_of

Duplicates = Literal["refuse", "skip", "update", "add"]
"""What to do with a row with other content than the row of the table with the same id, or without an id the same name: refuse it, skip it,
update the row of the table, or add it as a new row (without an id only).
"""


class ResolvedRows:
    """The rows of a file with ids and resolved references, and the data that checks of them need.

    Parameters
    ----------
    foreign : foreign ids of the file; a reference to one is a fault.

    Attributes
    ----------
    raw : the file as typed.
    parsed : the rows, with the faults that keep some of them out.
    tables, project, policy : name -> table of the project; the project, or None; see `Duplicates`.
    table, name_column : name of the table of the rows, and its column that names them.
    row_index : index of the rows of `tables`.
    facts : data that checks need; its index also has the rows of the file.
    has_id : mask of the rows that have an id in the file.
    file_ids : ids of all rows of the file.
    gazetteer : what the gazetteer says about references that name no row.
    """

    def __init__(
        self, parsed: Parsed, tables: Mapping[str, Parsed], project: Project | None, foreign: frozenset[str],
        policy: Duplicates,
    ) -> None:  # fmt: skip
        self.raw, self.tables, self.project, self.policy = parsed.raw, tables, project, policy
        self.table = self.raw.table.name
        self.name_column = name_column(self.table)
        self.row_index = RowIndex(referenced=ReferencedTexts.of([parsed, *tables.values()]))
        for table in tables.values():
            self.row_index.add(table)
        self.parsed = self._with_ids(parsed, foreign)

    def _with_ids(self, parsed: Parsed, foreign: frozenset[str]) -> Parsed:
        """Fill missing ids, resolve references (also to rows of this file), and run the checks that keep rows out.

        Parameters
        ----------
        foreign : foreign ids of the file; a reference to one is a fault.
        """
        file_ids = cols.column(parsed.frame, "id")
        self.has_id = ~cols.is_empty(file_ids)
        taken: set[str] = set()
        if not self.has_id.all():
            for table in self.tables.values():
                taken.update(cols.to_objects(cols.column(table.frame, "id")))
        filled = ids(self.raw, {"id": file_ids}, taken)
        parsed = parsed.with_columns({"id": filled})
        resolved = self._resolve(parsed, foreign, parsed.bad_rows)
        if resolved.bad_rows > parsed.bad_rows:  # a name may have been resolved to a row that is refused now
            resolved = self._resolve(parsed, foreign, resolved.bad_rows)
        return resolved

    def _resolve(self, parsed: Parsed, foreign: frozenset[str], refused: Collection[int]) -> Parsed:
        """Resolve references, preferring rows of this file that are not `refused`, and run the checks that keep rows out."""
        file_index = self._index_of_file(parsed, refused)
        merged = RowIndex(
            {**file_index.rows, **self.row_index.rows}, {name: dict(ids) for name, ids in self.row_index.names.items()},
            long=self.row_index.long, foreign_ids=foreign, included=self.row_index.included,
        )  # fmt: skip
        self.file_ids = frozenset(file_index.rows)
        # Rows of the project take precedence over rows of the file.
        merged.names[self.table] = {**file_index.names.get(self.table, {}), **merged.names.get(self.table, {})}
        self.gazetteer = merged.gazetteer = self._gazetteer_names(parsed, merged)
        places = replace(self.tables["places"], implied=self.gazetteer.implied) if self.project else None
        self.facts = Facts(self.project, merged, known_positions(self.tables.values(), [parsed]), places)
        faults: list[Fault] = []
        if self.project is not None:
            parsed, faults = resolve_references(parsed, merged)
        candidates = self._candidates(parsed, file_index)
        return with_faults(parsed, [*faults, *run_checks(candidates, self.facts, severity="fault")])

    def _gazetteer_names(self, parsed: Parsed, row_index: RowIndex) -> GazetteerNames:
        """Look up the references in the file that name no row; a place that the project's tables imply keeps its id."""
        if self.project is None:
            return GazetteerNames()
        implied = [row for row in self.tables["places"].implied if row["id"] not in row_index.rows]
        names = look_up_names(
            row_index, references_by_column(parsed), self.tables["places"],
            lambda: ids_in_use(self.tables.values()) | set(self.file_ids),
            {row["position_locator"]: row["id"] for row in implied}, home=self.project.settings.home,
        )  # fmt: skip
        in_file = {row["id"] for row in names.implied}
        others = tuple(row for row in implied if row["id"] not in in_file)
        labels = {row["id"]: row["name"] for row in others} | dict(names.labels)
        return replace(names, implied=(*names.implied, *others), labels=labels)

    def _candidates(self, parsed: Parsed, file_index: RowIndex) -> Parsed:
        """Return the rows to check for faults: of several rows of the file with one id only the one in `file_index`.

        Rows with an id that the project has are left out, unless `policy` is "update".
        """
        mask = np.isin(parsed.frame[ROW].to_numpy(), [row for _, _, row, _ in file_index.rows.values()])
        if self.policy != "update":
            mask &= ~(self.has_id & cols.isin(cols.column(parsed.frame, "id"), list(self.row_index.rows)))
        return parsed if mask.all() else replace(parsed, frame=parsed.frame[mask])

    def _index_of_file(self, parsed: Parsed, refused: Collection[int]) -> RowIndex:
        """Return the index of the file's rows. An id or name means the first row with it that is not `refused`, else the first of all."""
        rows = parsed.frame[ROW].to_numpy()
        is_refused = np.isin(rows, list(refused))
        preferred = ~is_refused
        index = DuplicateIndex(self.table)
        doubtful = np.flatnonzero(~is_refused & self.may_repeat_name(parsed))
        for position, record in zip(doubtful.tolist(), records_of(some_rows(parsed, doubtful)), strict=True):
            if not self.has_id[position] and index.namesakes(record):
                preferred[position] = False
            else:
                index.add(Entry(record, parsed.raw.file, int(rows[position]), ""))
        all_rows = RowIndex()
        all_rows.add(parsed)
        if preferred.all():
            return all_rows
        row_index = RowIndex()
        row_index.add(replace(parsed, frame=parsed.frame[preferred]))
        row_index.rows = {**all_rows.rows, **row_index.rows}
        names = row_index.names.setdefault(self.table, {})
        for key, ids_of_name in all_rows.names.get(self.table, {}).items():
            names.setdefault(key, ids_of_name)
        return row_index

    def may_repeat_name(self, parsed: Parsed) -> cols.Mask:
        """Return a mask of the rows that may have the name of another row of the file; all rows of tables that have no single name."""
        if parsed.title != self.name_column or self.table == "indicators":
            return np.ones(len(parsed.frame), dtype=bool)
        return parsed.shared_keys | cols.is_empty(parsed.keys)

    def may_be_duplicate(self) -> cols.Mask:
        """Return a mask of the rows that may have the id or name of another row, of the file or of the project."""
        parsed = self.parsed
        by_id = parsed.shared_ids | cols.isin(cols.column(parsed.frame, "id"), list(self.row_index.rows))
        by_name = self.may_repeat_name(parsed) | cols.isin(parsed.keys, cols.unique(self.tables[self.table].keys))
        return by_name | by_id
