"""What `add` does: rows of any file into a table of the project, all of them or named, never half of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from qjmap import cells, datum, tables
from qjmap.checks import Register, check, referred, table_called, warnings, with_faults
from qjmap.errors import DataFaults, Fault, QjmapError, UsageError
from qjmap.files import write_all
from qjmap.journal import UndoReport, locked, undo, write_table
from qjmap.ledger import Ledger, sheet_csv
from qjmap.messages import Note, text
from qjmap.project import Project, shown_path
from qjmap.schema import FAULT_COLUMN, LIST_SEPARATOR, PRECISION_RADIUS_M, fold, header
from qjmap.tables import ROW, Parsed, order_of_fault, parse, read_table

__all__ = ["AddReport", "Duplicates", "UndoReport", "add", "undo"]

Duplicates = Literal["refuse", "skip", "update", "add"]

_METRES_PER_DEGREE = 111_320.0


@dataclass
class AddReport:
    """What an addition did; every row of the file is in exactly one of the four counts.

    Attributes
    ----------
    added, updated, already, refused : row numbers in the file that was added. `already`: the table holds the same already.
    ids : of the rows added.
    faults : of the file and its rows, warnings among them.
    refused_file : where the refused rows are; None when there are none, or on a dry run.
    new_columns : columns that the table did not have.
    undo : the command that takes the addition back; "" when nothing was written.
    """

    table: str
    file: str
    target: str
    dry_run: bool = False
    added: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    already: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    refused_file: Path | None = None
    new_columns: list[str] = field(default_factory=list)
    undo: str = ""

    def summary(self, lang: str) -> str:
        """What was found and done, a line for each."""
        lines = [note.text(lang) for note in self.notes]
        counts = {name: len(getattr(self, name)) for name in ("added", "already", "updated", "refused")}
        lines.append(text("add-dry" if self.dry_run else "add-done", lang, table=self.target, **counts))
        if self.new_columns:
            lines.append(Note("add-columns", {"file": self.target, "columns": self.new_columns}).text(lang))
        if self.refused_file:
            lines.append(text("add-refused-file", lang, file=shown_path(self.refused_file)))
        if self.undo:
            lines.append(Note("add-undo", {"command": {"zh": self.undo, "en": self.undo}, "ids": self.ids}).text(lang))
        return "\n".join(lines)

    def as_dict(self, lang: str) -> dict[str, object]:
        """The report for machines."""
        return {
            "table": self.table,
            "file": self.file,
            "dry_run": self.dry_run,
            "added": self.added,
            "updated": self.updated,
            "already": self.already,
            "refused": self.refused,
            "ids": self.ids,
            "new_columns": self.new_columns,
            "refused_file": shown_path(self.refused_file) if self.refused_file else None,
            "undo": self.undo,
            "notes": [note.text(lang) for note in self.notes],
            "faults": [fault.as_dict(lang) for fault in self.faults],
        }


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
        return _Addition(project, path, raw, "update" if update else duplicates, dry_run, lang).run()


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
        self.target = project.table_path(self.name)
        self.report = AddReport(self.name, raw.file, project.shown(self.target), dry_run, notes=list(raw.notes))

    def run(self) -> AddReport:
        report = self.report
        there, _ = check(self.project)
        self.there = there[self.name]
        if any(fault.row is None and fault.severity == "fault" for fault in self.there.raw.faults):
            raise DataFaults([fault for fault in self.there.raw.faults if fault.severity == "fault"])
        register = Register()
        for one in there.values():
            register.enter(one)
        parsed = parse(self.raw, fill_ids=False)
        parsed = self._named(parsed, register)
        self.parsed, self.found = parsed, list[Fault]()
        before = self.target.read_bytes() if self.target.is_file() else None
        chosen = self._choose(register)
        good = replace(parsed, frame=parsed.frame[parsed.frame[ROW].isin(report.added + report.updated)])
        quiet = [fault for fault in parsed.faults if fault.severity == "warning" or fault.row is None or fault.row in report.refused]
        report.faults = sorted([*quiet, *self.found, *warnings(good, self.project)], key=order_of_fault)
        if not report.dry_run:
            if report.refused:  # first of all: what is refused must be somewhere before anything else happens
                report.refused_file = self._keep_refused()
            if chosen.rows or chosen.changes:
                self._write(before, chosen)
        elif chosen.rows:
            self._lay_out(before, chosen)
        return report

    def _named(self, parsed: Parsed, register: Register) -> Parsed:
        """Fill the ids as far as they can be, and settle references, to rows of this very file too."""
        filled = tables.ids(self.raw, {"id": parsed.frame["id"].to_numpy()}, register.rows)
        self.given = parsed.frame["id"].to_numpy() != ""
        parsed = replace(parsed, frame=parsed.frame.assign(id=filled))
        both = Register({**register.rows}, {name: dict(ways) for name, ways in register.names.items()})
        own = Register()
        own.enter(parsed)
        both.rows = {**own.rows, **both.rows}
        ways = both.names.setdefault(self.name, {})
        for key, owners in own.names.get(self.name, {}).items():
            ways.setdefault(key, owners)  # a name that the project knows means the row that is there
        parsed, found = referred(parsed, both)
        return with_faults(parsed, found)

    def _choose(self, register: Register) -> _Chosen:
        """Sort every row into added, updated, already there and refused."""
        report, chosen = self.report, _Chosen()
        there = _Index(self.there)
        frame = self.parsed.frame
        records = _records(self.parsed)
        for at, row in enumerate(int(number) for number in frame[ROW]):
            record, own = records[at], str(frame["id"].iat[at])
            if row in self.parsed.bad_rows:
                report.refused.append(row)
                continue
            twin = there.twin(record, own, bool(self.given[at]))
            elsewhere = register.rows.get(own) if self.given[at] else None
            if twin is None and elsewhere and elsewhere[0] != self.name:
                _, file, first, whose = elsewhere
                self._refuse(row, self.raw.fault(row, "id", own, "id-duplicate", id=own, file_of=file, row_of=first, name_of=whose))
                continue
            differing = [] if twin is None else _differing(record, twin.record)
            if twin is None or (self.policy == "add" and differing and not self.given[at]):
                entry = _Entry({**record, "id": own}, self.raw.file, row, own)
                there.enter(entry)
                chosen.rows.append(entry.record)
                report.added.append(row)
                report.ids.append(own)
            elif not differing:
                report.already.append(row)
            elif self.policy == "skip":
                report.already.append(row)
            elif self.policy == "update" and twin.file == self.there.raw.file:
                chosen.changes.setdefault(twin.row, {}).update({name: record[name] for name in differing})
                twin.record |= {name: record[name] for name in differing}
                report.updated.append(row)
            else:
                code = "row-differs" if self.given[at] and twin.id == own else "name-duplicate"
                column = "id" if code == "row-differs" else self.name_column
                self._refuse(
                    row,
                    self.raw.fault(
                        row, column, record.get(column, ""), code, id=twin.id, name=record.get(self.name_column, ""),
                        file_of=twin.file, row_of=twin.row, columns=differing,
                    ),
                )  # fmt: skip
        return chosen

    @property
    def name_column(self) -> str:
        return _name_column(self.name)

    def _refuse(self, row: int, fault: Fault) -> None:
        self.report.refused.append(row)
        self.found.append(fault)

    def _keep_refused(self) -> Path:
        """The refused rows as they were, with a column that says why."""
        why: dict[int, list[str]] = {}
        whole: list[str] = []
        for fault in self.report.faults:
            if fault.severity == "fault":
                place = f"{fault.column}：" if fault.column and self.lang == "zh" else f"{fault.column}: " if fault.column else ""
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
        for folder in (self.path.parent, Path.cwd()):
            kept = folder / name
            try:
                if kept.is_file() and (former := kept.read_bytes()) != data:
                    # Someone may have begun to correct the former one.
                    write_all({kept.with_name(f"{name}.bak"): former})
                write_all({kept: data})
            except OSError:
                continue
            return kept
        raise QjmapError("file-in-use", path=shown_path(Path.cwd() / name))

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
        wanted = [name for record in chosen.rows for name in record] + [name for cells_ in chosen.changes.values() for name in cells_]
        missing = [name for name in dict.fromkeys(wanted) if name not in places and not ("lonlat" in places and name in ("lon", "lat"))]
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
                order = ("lat", "lon") if "lat" in fold(target.header[places["lonlat"]]).partition("lon")[0] else ("lon", "lat")
                row[places["lonlat"]] = ", ".join(record[name] for name in order)
            rows.append(row)
        ledger.replace(
            {row: {places[name]: value for name, value in values.items() if name in places} for row, values in chosen.changes.items()}
        )
        ledger.append(rows)
        return ledger

    def _write(self, before: bytes | None, chosen: _Chosen) -> None:
        after = self._lay_out(before, chosen).bytes
        write_table(self.project, self.target, before, after, source=self.raw.file, ids=self.report.ids)
        root = shown_path(self.project.root)
        self.report.undo = "qjmap undo" + ("" if root in (".", "") else f' "{root}"')


@dataclass
class _Chosen:
    """What is to be written: new rows, and row number -> column -> new cell."""

    rows: list[dict[str, str]] = field(default_factory=list)
    changes: dict[int, dict[str, str]] = field(default_factory=dict)


@dataclass
class _Entry:
    record: dict[str, str]
    file: str
    row: int
    id: str


class _Index:
    """The rows of the table by id and by name; rows that are added join it, so that a file is held against itself too."""

    def __init__(self, parsed: Parsed) -> None:
        self._by_id: dict[str, _Entry] = {}
        self._by_name: dict[str, list[_Entry]] = {}
        self._table = parsed.raw.table.name
        for record, own, row in zip(_records(parsed), parsed.frame["id"], parsed.frame[ROW], strict=True):
            self.enter(_Entry(record, parsed.raw.file, int(row), own))

    def enter(self, entry: _Entry) -> None:
        self._by_id.setdefault(entry.id, entry)
        key = self._key(entry.record)
        if key:
            self._by_name.setdefault(key, []).append(entry)

    def _key(self, record: dict[str, str]) -> str:
        names = {"indicators": ("subject", "name", "period", "kind"), "corridor_legs": ("corridor", "seq", "from", "to")}
        return "\x1f".join(fold(record.get(name, "")) for name in names.get(self._table, (_name_column(self._table),))).strip("\x1f")

    def twin(self, record: dict[str, str], own: str, given: bool) -> _Entry | None:
        """The row that this one is, or may be taken for: by its id, else by its name within its radius, the most alike first."""
        if given:  # a row that brings an id of its own is a thing of its own, whatever its name
            return self._by_id.get(own)
        key = self._key(record)
        alike = [entry for entry in self._by_name.get(key, ()) if _near(record, entry.record)] if key else []
        return min(alike, key=lambda entry: len(_differing(record, entry.record)), default=None)


def _name_column(table: str) -> str:
    return {"sources": "title", "corridor_legs": "corridor"}.get(table, "name")


def _near(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two rows of one name may be one thing: they are, unless both have positions further apart than these may be off."""
    points = []
    for record in (one, other):
        pair = [angle.degrees if (angle := datum.read_angle(record.get(name, ""))) else math.nan for name in ("lon", "lat")]
        if any(math.isnan(value) for value in pair):
            return True
        x, y = datum.to_wgs84([pair[0]], [pair[1]], record.get("datum", ""))
        points.append((float(x[0]), float(y[0])))
    (x1, y1), (x2, y2) = points
    apart = math.hypot((x1 - x2) * math.cos(math.radians((y1 + y2) / 2)), y1 - y2) * _METRES_PER_DEGREE
    # 1,200 m besides: a datum that is missing on one side puts the same thing that far off.
    return apart <= 1_200.0 + sum(PRECISION_RADIUS_M[record.get("precision") or "site"] for record in (one, other))


def _differing(new: dict[str, str], there: dict[str, str]) -> list[str]:
    """The columns in which the new row says something that the row there does not."""
    return [name for name, value in new.items() if name != "id" and value and not _same(value, there.get(name, ""))]


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _records(parsed: Parsed) -> list[dict[str, str]]:
    """Each row as the table would hold it: column -> cell, empty cells left out, the id only where it was given.

    Vocabulary, dates, numbers, lists and references are written in their canonical form; names, texts and positions as
    typed, without the blanks around them. The datum is the one that holds for the row.
    """
    columns: dict[str, list[str]] = {}
    frame, raw = parsed.frame, parsed.raw.frame
    for column in parsed.raw.table.columns:
        values = frame[column.name].to_numpy()
        if column.type in ("lon", "lat"):
            columns[column.name] = [cells.clean(value) for value in frame[f"orig_{column.name}"]]
        elif column.type in ("texts", "ids"):
            columns[column.name] = [LIST_SEPARATOR.join(value) for value in values]
        elif column.type == "roles":
            columns[column.name] = [LIST_SEPARATOR.join(f"{who}:{role}" for who, role in value) for value in values]
        elif column.type in ("number", "integer"):
            columns[column.name] = ["" if np.isnan(value) else cells.plain_number(value) for value in values.astype(np.float64)]
        elif column.name == "id":
            columns[column.name] = [cells.clean(value).lower() for value in raw["id"]]
        else:
            columns[column.name] = [str(value) for value in values]
    for name in parsed.raw.unknown:
        columns[name] = [str(value) for value in raw[name]]
    names = list(columns)
    return [
        {name: value for name, value in zip(names, values, strict=True) if value}
        for values in zip(*columns.values(), strict=True)
    ]
