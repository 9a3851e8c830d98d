"""What `add` does: rows of any file into a table of the project, all of them or named, never half of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from qjmap import tables
from qjmap.checks import Step, check, table_called, with_faults
from qjmap.checks.doubts import known_positions, suspects, warnings
from qjmap.checks.outside import locator_of, outside
from qjmap.checks.references import Asked, Register, referred
from qjmap.edit.duplicates import Entry, Index, differing, name_column, records
from qjmap.edit.journal import locked, unusable_notes, write_table
from qjmap.edit.ledger import Ledger, sheet_csv
from qjmap.edit.reports import AddReport
from qjmap.errors import DataFaults, Fault, QjmapError, UsageError
from qjmap.files import write_all
from qjmap.project import Project, shown_path
from qjmap.schema import FAULT_COLUMN, fold
from qjmap.tables import ROW, Parsed, cells, order_of_fault, parse, read_table
from qjmap.tables import columns as cols
from qjmap.tables.frames import with_columns
from qjmap.tables.headers import header
from qjmap.targets import keep_off

Duplicates = Literal["refuse", "skip", "update", "add"]


def add(
    project: Project,
    file: Path | str,
    *,
    table: str = "sites",
    datum: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    update: bool = False,
    duplicates: Duplicates = "refuse",
    dry_run: bool = False,
    lang: str = "zh",
    step: Step | None = None,
) -> AddReport:
    """Add the rows of any table file to `data/<table>.csv`.

    Good rows are added, bad ones are kept in `<file>.refused.csv`. A row that the table holds already is passed over, so
    that adding a file twice is the same as adding it once. The table keeps its columns' order, its encoding, its line ends
    and every byte of the rows that stay.

    Parameters
    ----------
    datum : for rows that name none; any word for a datum that the tables take.
    duplicates : what to do with a row whose id, or whose name within its radius, the table has with other content.
        "refuse" it, "skip" it, "update" the row there with its filled cells, or "add" it as another one (same name only).
    update : the same as `duplicates="update"`.
    lang : of the remarks in the file of refused rows.
    step : as in `checks.check`.

    Raises
    ------
    UsageError : the file cannot be read, or table, datum, sheet or encoding are not known.
    DataFaults : the table itself is in no state to be added to.
    QjmapError : another program is changing the tables, or the table cannot be written; nothing is changed then.
    """
    definition = table_called(table)
    told = _told_datum(datum)
    path = Path(file)
    raw = read_table(path, definition, sheet=sheet, encoding=encoding, datum=told)
    with locked(project):
        return _Addition(project, path, raw, "update" if update else duplicates, dry_run, lang).run(step)


def _told_datum(word: str | None) -> str | None:
    if word is None:
        return None
    try:
        return cells.read_vocab(word, "datum")
    except cells.CellError:
        raise UsageError("datum-unknown", datum=word) from None


class _Addition:
    """One addition, step by step; the lock is held."""

    def __init__(
        self, project: Project, path: Path, raw: tables.TableFrame, policy: Duplicates, dry_run: bool, lang: str
    ) -> None:
        self.project, self.path, self.raw, self.policy, self.lang = project, path, raw, policy, lang
        self.name = raw.table.name
        self.named_by = name_column(self.name)
        self.target = project.table_path(self.name)
        self.report = AddReport(self.name, raw.file, project.shown(self.target), dry_run, notes=list(raw.notes))

    def run(self, step: Step | None = None) -> AddReport:
        report = self.report
        there, _ = check(self.project, step=step)
        self.there = there[self.name]
        if any(fault.row is None and fault.severity == "fault" for fault in self.there.raw.faults):
            raise DataFaults([fault for fault in self.there.raw.faults if fault.severity == "fault"])
        parsed = parse(self.raw, fill_ids=False)
        register = Register(asked=Asked.by([parsed, *there.values()]))
        for one in there.values():
            register.enter(one)
        parsed = self._named(parsed, register, there)
        self.parsed, self.found = parsed, list[Fault]()
        before = self.target.read_bytes() if self.target.is_file() else None
        chosen = self._choose(register)
        self._drop_dangling(register, chosen)
        good = replace(parsed, frame=parsed.frame[parsed.frame[ROW].isin(report.added + report.updated)])
        doubtful = suspects(parsed, known_positions(there.values(), [parsed]))
        doubtful += outside(good, locator_of(there["places"], self.project))
        refused = set(report.refused)
        quiet = [
            fault for fault in parsed.faults if fault.severity == "warning" or fault.row is None or fault.row in refused
        ]
        report.faults = sorted([*quiet, *self.found, *warnings(good, self.project), *doubtful], key=order_of_fault)
        if not report.dry_run:
            if report.refused:  # first of all: what is refused must be somewhere before anything else happens
                report.refused_file = self._keep_refused()
            if chosen.rows or chosen.changes:
                self._write(before, chosen)
        elif chosen.rows:
            self._lay_out(before, chosen)
        return report

    def _named(self, parsed: Parsed, register: Register, there: Mapping[str, Parsed]) -> Parsed:
        """Fill the ids as far as they can be, and settle references, to rows of this very file too."""
        own_ids = cols.column(parsed.frame, "id")
        self.given = ~cols.empty(own_ids)
        taken = (
            set()
            if self.given.all()
            else {own for one in there.values() for own in cols.objects(cols.column(one.frame, "id"))}
        )
        filled = tables.ids(self.raw, {"id": own_ids}, taken)
        parsed = replace(parsed, frame=with_columns(parsed.frame, {"id": filled}))
        both = Register(
            {**register.rows}, {name: dict(ways) for name, ways in register.names.items()}, long=register.long
        )
        own = self._own(parsed)
        both.rows = {**own.rows, **both.rows}
        self.own_ids = frozenset(own.rows)
        ways = both.names.setdefault(self.name, {})
        for key, owners in own.names.get(self.name, {}).items():
            ways.setdefault(key, owners)  # a name that the project knows means the row that is there
        parsed, found = referred(parsed, both)
        return with_faults(parsed, found)

    def _own(self, parsed: Parsed) -> Register:
        """Who is who in the file itself. A name means the row that will be added: the first good one that says it."""
        index, first = Index(self.name), list[int]()
        for at, (record, own, row) in enumerate(
            zip(records(parsed), parsed.frame["id"], parsed.frame[ROW], strict=True)
        ):
            if int(row) not in parsed.bad_rows and (self.given[at] or not index.alike(record)):
                first.append(at)
                index.enter(Entry(record, parsed.raw.file, int(row), own))
        register, rest = Register(), Register()
        register.enter(replace(parsed, frame=parsed.frame.iloc[first]))
        rest.enter(parsed)
        register.rows = {**rest.rows, **register.rows}
        names = register.names.setdefault(self.name, {})
        for key, owners in rest.names.get(self.name, {}).items():
            names.setdefault(key, owners)
        return register

    def _choose(self, register: Register) -> _Chosen:
        """Sort every row into added, updated, already there and refused."""
        report, chosen = self.report, _Chosen()
        there = Index(self.name, self.there, self.parsed)
        frame = self.parsed.frame
        said = records(self.parsed)
        for at, row in enumerate(int(number) for number in frame[ROW]):
            record, own = said[at], str(frame["id"].iat[at])
            if row in self.parsed.bad_rows:
                report.refused.append(row)
                continue
            twin = there.twin(record, own, bool(self.given[at]))
            elsewhere = register.rows.get(own) if self.given[at] else None
            if twin is None and elsewhere and elsewhere[0] != self.name:
                _, file, first, whose = elsewhere
                self._refuse(
                    row,
                    self.raw.fault(row, "id", own, "id-duplicate", id=own, file_of=file, row_of=first, name_of=whose),
                )
                continue
            changed = [] if twin is None else differing(record, twin.record)
            if twin is None or (self.policy == "add" and changed and not self.given[at]):
                entry = Entry({**record, "id": own}, self.raw.file, row, own)
                chosen.rows.append(entry.record)
                report.added.append(row)
                report.ids.append(own)
                if self.given[at]:
                    self._remark(entry, there)
                there.enter(entry)
            elif not changed or self.policy == "skip":
                report.already.append(row)
            elif self.policy == "update" and twin.file == self.there.raw.file:
                chosen.changes.setdefault(twin.row, {}).update({name: record[name] for name in changed})
                twin.record |= {name: record[name] for name in changed}
                report.updated.append(row)
            else:
                code = "row-differs" if self.given[at] and twin.id == own else "name-duplicate"
                column = "id" if code == "row-differs" else self.named_by
                self._refuse(
                    row,
                    self.raw.fault(
                        row, column, record.get(column, ""), code, id=twin.id, name=record.get(self.named_by, ""),
                        file_of=twin.file, row_of=twin.row, columns=changed,
                    ),
                )  # fmt: skip
        return chosen

    def _drop_dangling(self, register: Register, chosen: _Chosen) -> None:
        """Refuse rows that name a row of this file that was refused itself, and the rows that name those, to the end."""
        columns = [
            column for column in self.raw.table.columns if column.type in ("id", "ids", "roles") and column.name != "id"
        ]
        report = self.report
        while True:
            known = {*register.rows, *report.ids}
            loose = []
            for row, record in zip(report.added, chosen.rows, strict=True):
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
            kept = [at for at, row in enumerate(report.added) if row not in gone]
            report.added[:] = [report.added[at] for at in kept]
            report.ids[:] = [report.ids[at] for at in kept]
            chosen.rows[:] = [chosen.rows[at] for at in kept]

    def _refuse(self, row: int, fault: Fault) -> None:
        self.report.refused.append(row)
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

    def _keep_refused(self) -> Path:
        """The refused rows as they were, with a column that says why."""
        why: dict[int, list[str]] = {}
        whole: list[str] = []
        for fault in self.report.faults:
            if fault.severity == "fault":
                place = (
                    f"{fault.column}："
                    if fault.column and self.lang == "zh"
                    else f"{fault.column}: "
                    if fault.column
                    else ""
                )
                remark = f"{place}{fault.message(self.lang)}{'' if self.lang == 'zh' else ' '}{fault.cure(self.lang)}"
                (whole if fault.row is None else why.setdefault(fault.row, [])).append(remark)
        numbers = self.raw.frame[ROW].to_numpy()
        refused = set(self.report.refused)
        rows = [
            [*(str(column[at]) for column in self.raw.cells), " ".join(whole + why.get(int(row), []))]
            for at, row in enumerate(numbers)
            if int(row) in refused
        ]
        data = sheet_csv([*self.raw.header, FAULT_COLUMN], rows)
        name = f"{self.path.name}.refused.csv"
        refusal: Exception | None = None
        for folder in (self.path.parent, Path.cwd(), self.project.root):
            kept = folder / name
            try:
                keep_off([kept], project=self.project.root)
                if kept.is_file() and (former := kept.read_bytes()) != data:
                    # Someone may have begun to correct the former one.
                    write_all({kept.with_name(f"{name}.bak"): former})
                write_all({kept: data})
            except (OSError, UsageError) as error:
                refusal = refusal or error
                continue
            return kept
        raise refusal or OSError(name)

    def _lay_out(self, before: bytes | None, chosen: _Chosen) -> Ledger:
        """The table with the chosen rows in it."""
        target = self.there.raw
        heads = list(target.header) if before and target.header else list(target.table.names)
        try:
            ledger = Ledger(before or b"", heads, target.delimiter)
        except ValueError as error:
            raise QjmapError("table-not-writable", file=self.report.target, detail=str(error)) from None
        places: dict[str, int] = {}
        for at, head in enumerate(heads):
            places.setdefault(header(head, target.table).column or head.strip(), at)
        wanted = [name for record in chosen.rows for name in record] + [
            name for cells_ in chosen.changes.values() for name in cells_
        ]
        missing = [
            name
            for name in dict.fromkeys(wanted)
            if name not in places and not ("lonlat" in places and name in ("lon", "lat"))
        ]
        if missing:
            self.report.new_columns = missing
            ledger.add_columns(missing, target.header_row)
            places |= {name: len(heads) + at for at, name in enumerate(missing)}
            heads += missing
        rows = []
        for record in chosen.rows:
            row = [""] * len(heads)
            for name, value in record.items():
                if name in places:
                    row[places[name]] = value
            if "lonlat" in places and record.get("lon"):
                order = (
                    ("lat", "lon")
                    if "lat" in fold(target.header[places["lonlat"]]).partition("lon")[0]
                    else ("lon", "lat")
                )
                row[places["lonlat"]] = ", ".join(record[name] for name in order)
            rows.append(row)
        ledger.replace(
            {
                row: {places[name]: value for name, value in values.items() if name in places}
                for row, values in chosen.changes.items()
            }
        )
        ledger.append(rows)
        return ledger

    def _write(self, before: bytes | None, chosen: _Chosen) -> None:
        after = self._lay_out(before, chosen).bytes
        unusable = write_table(self.project, self.target, before, after, source=self.raw.file, ids=self.report.ids)
        self.report.notes += unusable_notes([self.project.shown(path) for path in unusable])
        root = shown_path(self.project.root)
        self.report.undo = "qjmap undo" + ("" if root in (".", "") else f' "{root}"')


@dataclass
class _Chosen:
    """What is to be written: new rows, and row number -> column -> new cell."""

    rows: list[dict[str, str]] = field(default_factory=list)
    changes: dict[int, dict[str, str]] = field(default_factory=dict)
