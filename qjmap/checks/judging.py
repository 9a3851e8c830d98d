"""What becomes of each row of a file that is to be added to a table: added, taken for a row that is there, or refused and why.

`qjmap check FILE` shows this and `qjmap add FILE` does it; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from qjmap.checks.doubts import known_positions, suspects, warnings
from qjmap.checks.duplicates import Entry, Index, differing, name_column, names_of, records, same_name
from qjmap.checks.gather import Step, check, locate, table_called, with_faults
from qjmap.checks.outside import locator_of, outside
from qjmap.checks.ownids import with_own_ids
from qjmap.checks.references import Asked, Register, named_by_number, referred
from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.messages import Note
from qjmap.project import Project
from qjmap.schema import TABLES
from qjmap.tables import ROW, Parsed, TableFrame, cells, empty_table, ids, order_of_fault, parse, read_table
from qjmap.tables import columns as cols
from qjmap.tables.byrow import by_row, one_fault_each, some_rows
from qjmap.tables.frames import with_columns

Duplicates = Literal["refuse", "skip", "update", "add"]


@dataclass
class Judgement:
    """What becomes of the rows of a file; each is in exactly one of the four lists.

    Attributes
    ----------
    raw : the file.
    there : the table that it is to be added to.
    added, updated, already, refused : row numbers.
    ids : of the rows added.
    rows : the rows added, as the table is to hold them: column -> cell.
    changes : row number in the table -> column -> new cell.
    renamed : of the rows updated those that had another name: row number in the table, old name, new name.
    faults, notes : of the file and its rows, warnings among them.
    """

    raw: TableFrame
    there: Parsed
    added: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    already: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    changes: dict[int, dict[str, str]] = field(default_factory=dict)
    renamed: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_file(
    path: Path | str,
    table: str | None = None,
    *,
    datum: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> TableFrame:
    """A file as rows of a table.

    Parameters
    ----------
    table : when not told, that of the file's name if it lies in a folder `data`, else sites.
    datum : for rows that name none; any word for a datum that the tables take.

    Raises
    ------
    UsageError : the file cannot be read, or table, datum, sheet or encoding are not known.
    """
    path = Path(path)
    if table is None:
        table = path.stem if path.stem in TABLES and path.absolute().parent.name == "data" else "sites"
    definition = table_called(table)
    try:
        told = None if datum is None else cells.read_vocab(datum, "datum")
    except cells.CellError:
        raise UsageError("datum-unknown", datum=datum) from None
    return read_table(path, definition, sheet=sheet, encoding=encoding, datum=told)


def judge(
    raw: TableFrame, project: Project | None, *, policy: Duplicates = "refuse", yes: bool = False, step: Step | None = None
) -> Judgement:
    """What becomes of the rows of a file in a project; without one its references are not looked at, as a note says.

    Parameters
    ----------
    policy : what is done with a row whose id, or whose name within its radius, the table has with other content.
    yes : also update rows of another name.
    step : as in `check`.

    Raises
    ------
    DataFaults : the table itself is in no state to be added to.
    """
    name = raw.table.name
    if project is None:
        there = {one: parse(empty_table(table, one)) for one, table in TABLES.items()}
    else:
        there, _ = check(project, step=step)
    stopping = [fault for fault in there[name].raw.faults if fault.severity == "fault"]
    if any(fault.row is None for fault in stopping):
        raise DataFaults(stopping)
    raw, foreign = with_own_ids(raw, there[name])
    parsed = parse(raw, fill_ids=False)

    def judged(rows: Parsed) -> Judgement:
        return _Judging(rows, there, project, foreign, policy, yes).run()

    return by_row(parsed, judged)[1]


class _Judging:
    """One judgement, step by step."""

    def __init__(
        self, parsed: Parsed, there: Mapping[str, Parsed], project: Project | None, foreign: frozenset[str],
        policy: Duplicates, yes: bool,
    ) -> None:  # fmt: skip
        self.raw, self.all_there, self.project, self.policy, self.yes = parsed.raw, there, project, policy, yes
        self.name = self.raw.table.name
        self.named_by = name_column(self.name)
        self.there = there[self.name]
        self.made = Judgement(self.raw, self.there, notes=list(self.raw.notes))
        self.found = list[Fault]()
        self.register = Register(asked=Asked.by([parsed, *there.values()]))
        for one in there.values():
            self.register.enter(one)
        self.parsed = self._named(parsed, foreign)

    def run(self) -> Judgement:
        made, parsed, there = self.made, self.parsed, self.all_there
        self._choose()
        if self.project is None:
            made.notes.append(Note("note-no-project"))
        else:
            self._drop_dangling()
        good = replace(parsed, frame=parsed.frame[parsed.frame[ROW].isin(made.added + made.updated)])
        doubtful = suspects(parsed, known_positions(there.values(), [parsed]))
        locator = locator_of(there["places"] if self.project else None, self.project)
        doubtful += outside(good, locator)
        if self.name == "sites":
            locate(good, locator)
        refused = set(made.refused)
        kept = [one for one in parsed.faults if one.severity == "warning" or one.row is None or one.row in refused]
        every = [*kept, *self.found, *warnings(good, self.project), *doubtful]
        made.faults = sorted(one_fault_each(every), key=order_of_fault)
        return made

    def _named(self, parsed: Parsed, foreign: frozenset[str]) -> Parsed:
        """Fill the ids as far as they can be, and settle references, to rows of this very file too."""
        own_ids = cols.column(parsed.frame, "id")
        self.given = ~cols.empty(own_ids)
        taken: set[str] = set()
        if not self.given.all():
            taken = {own for one in self.all_there.values() for own in cols.objects(cols.column(one.frame, "id"))}
        filled = ids(self.raw, {"id": own_ids}, taken)
        parsed = replace(parsed, frame=with_columns(parsed.frame, {"id": filled}))
        register = self.register
        both = Register(
            {**register.rows}, {name: dict(ways) for name, ways in register.names.items()}, long=register.long
        )
        own = self._own(parsed)
        both.rows = {**own.rows, **both.rows}
        self.own_ids = frozenset(own.rows)
        ways = both.names.setdefault(self.name, {})
        for key, owners in own.names.get(self.name, {}).items():
            ways.setdefault(key, owners)  # a name that the project knows means the row that is there
        if self.project is None:
            return parsed
        numbered = named_by_number(parsed, foreign)
        parsed, found = referred(parsed, both)
        return with_faults(parsed, [*found, *numbered])

    def _own(self, parsed: Parsed) -> Register:
        """Who is who in the file itself. A name means the row that will be added: the first good one that says it."""
        rows = parsed.frame[ROW].to_numpy()
        bad = np.isin(rows, list(parsed.bad_rows))
        first = ~bad
        index = Index(self.name)
        several = np.flatnonzero(~bad & self._like_others(parsed))
        for at, record in zip(several.tolist(), records(some_rows(parsed, several)), strict=True):
            if not self.given[at] and index.alike(record):
                first[at] = False
            else:
                index.enter(Entry(record, parsed.raw.file, int(rows[at]), ""))
        register, rest = Register(), Register()
        register.enter(replace(parsed, frame=parsed.frame[first]))
        rest.enter(parsed)
        register.rows = {**rest.rows, **register.rows}
        names = register.names.setdefault(self.name, {})
        for key, owners in rest.names.get(self.name, {}).items():
            names.setdefault(key, owners)
        return register

    def _like_others(self, parsed: Parsed) -> cols.Mask:
        """The rows of the file that may be called as another of its rows is."""
        if parsed.title != self.named_by or self.name == "indicators":
            return np.ones(len(parsed.frame), dtype=bool)
        return parsed.shared_keys | cols.empty(parsed.keys)

    def _like_any(self) -> cols.Mask:
        """The rows of the file that may be another row of it or one that is there, by their id or their name."""
        parsed, own = self.parsed, cols.column(self.parsed.frame, "id")
        by_id = parsed.shared_ids | cols.among(own, list(self.register.rows))
        by_name = self._like_others(parsed) | cols.among(parsed.keys, cols.distinct(self.there.keys))
        return by_name | by_id

    def _choose(self) -> None:
        """Sort every row into added, updated, already there and refused."""
        made, parsed = self.made, self.parsed
        there = Index(self.name, self.there, parsed)
        rows, ids, said = parsed.frame[ROW].tolist(), cols.objects(cols.column(parsed.frame, "id")).tolist(), records(parsed)
        like = self._like_any()
        for at, (row, own, record) in enumerate(zip(rows, ids, said, strict=True)):
            given = bool(self.given[at])
            if row in parsed.bad_rows:
                made.refused.append(row)
                continue
            twin = there.twin(record, own, given) if like[at] else None
            elsewhere = self.register.rows.get(own) if given and like[at] else None
            if twin is None and elsewhere and elsewhere[0] != self.name:
                _, file, first, whose = elsewhere
                params = {"id": own, "file_of": file, "row_of": first, "name_of": whose}
                self._refuse(row, self.raw.fault(row, "id", own, "id-duplicate", **params))
                continue
            changed = [] if twin is None else differing(record, twin.record)
            if twin is None or (self.policy == "add" and changed and not given):
                entry = Entry({**record, "id": own}, self.raw.file, row, own)
                made.rows.append(entry.record)
                made.added.append(row)
                made.ids.append(own)
                if like[at]:
                    if given:
                        self._remark(entry, there)
                    there.enter(entry)
            elif not changed or self.policy == "skip":
                made.already.append(row)
            elif self.policy == "update" and twin.file == self.there.raw.file:
                self._update(row, record, twin, changed)
            else:
                self._refuse(row, self._differs(row, record, twin, changed, given=given))

    def _update(self, row: int, record: dict[str, str], twin: Entry, changed: list[str]) -> None:
        """Update the row there; one of another name only when that is told."""
        (old, aliases), (new, others) = names_of(twin.record), names_of(record)
        if not same_name(new, others, old, aliases):
            if not self.yes:
                params = {"id": twin.id, "old": old, "new": new, "file_of": twin.file, "row_of": twin.row}
                self._refuse(row, self.raw.fault(row, self.named_by, new, "update-renames", **params))
                return
            self.made.renamed.append((twin.row, old, new))
        self.made.changes.setdefault(twin.row, {}).update({name: record[name] for name in changed})
        twin.record |= {name: record[name] for name in changed}
        self.made.updated.append(row)

    def _differs(self, row: int, record: dict[str, str], twin: Entry, changed: list[str], *, given: bool) -> Fault:
        code = "row-differs" if given and twin.id == record.get("id") else "name-duplicate"
        column = "id" if code == "row-differs" else self.named_by
        params = {"id": twin.id, "name": record.get(self.named_by, ""), "file_of": twin.file, "row_of": twin.row}
        return self.raw.fault(row, column, record.get(column, ""), code, columns=changed, **params)

    def _drop_dangling(self) -> None:
        """Refuse rows that name a row of this file that was refused itself, and the rows that name those, to the end."""
        columns = [
            column for column in self.raw.table.columns if column.type in ("id", "ids", "roles") and column.name != "id"
        ]
        made = self.made
        while True:
            known = {*self.register.rows, *made.ids}
            loose = []
            for row, record in zip(made.added, made.rows, strict=True):
                for column in columns:
                    named = [
                        item.rpartition(":")[0] if column.type == "roles" else item
                        for item in record.get(column.name, "").split("|")
                    ]
                    lost = [item for item in named if item in self.own_ids and item not in known]
                    if lost:
                        loose.append(row)
                        self._refuse(row, self.raw.fault(row, column.name, lost[0], "reference-refused"))
                        break
            if not loose:
                return
            gone = set(loose)
            kept = [at for at, row in enumerate(made.added) if row not in gone]
            made.added[:] = [made.added[at] for at in kept]
            made.ids[:] = [made.ids[at] for at in kept]
            made.rows[:] = [made.rows[at] for at in kept]

    def _refuse(self, row: int, fault: Fault) -> None:
        self.made.refused.append(row)
        self.found.append(fault)

    def _remark(self, entry: Entry, there: Index) -> None:
        """Say so when a row with an id of its own has the name of another."""
        for other in there.alike(entry.record)[:1]:
            self.found.append(
                self.raw.fault(
                    entry.row, self.named_by, entry.record.get(self.named_by, ""), "name-also", id=other.id, own=entry.id,
                    name=entry.record.get(self.named_by, ""), file_of=other.file, row_of=other.row, severity="warning",
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
    """Every fault that adding a file to a project would find; parameters as in `read_file` and `judge`."""
    return judge(read_file(path, table, datum=datum, sheet=sheet, encoding=encoding), project).faults
