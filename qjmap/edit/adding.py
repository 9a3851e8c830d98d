"""What `add` does: rows of any file into a table of the project, all of them or named, never half of it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from qjmap.checks import Duplicates, Judgement, Step, judge, read_file
from qjmap.edit.journal import locked, unusable_notes, write_table
from qjmap.edit.ledger import Ledger, sheet_csv
from qjmap.edit.reports import AddReport
from qjmap.errors import QjmapError, UsageError
from qjmap.files import write_all
from qjmap.project import Project, shown_path
from qjmap.schema import FAULT_COLUMN, fold
from qjmap.tables import ROW
from qjmap.targets import keep_off


def add(
    project: Project,
    file: Path | str,
    *,
    table: str | None = None,
    datum: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    update: bool = False,
    duplicates: Duplicates = "refuse",
    yes: bool = False,
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
    table : when not told, that of the file's name if it lies in a folder `data`, else sites.
    datum : for rows that name none; any word for a datum that the tables take.
    duplicates : what to do with a row whose id, or whose name within its radius, the table has with other content.
        "refuse" it, "skip" it, "update" the row there with its filled cells, or "add" it as another one (same name only).
    update : the same as `duplicates="update"`.
    yes : also update rows that have another name in the table; without it these are refused.
    lang : of the remarks in the file of refused rows.
    step : as in `checks.check`.

    Raises
    ------
    UsageError : the file cannot be read, or table, datum, sheet or encoding are not known.
    DataFaults : the table itself is in no state to be added to.
    QjmapError : another program is changing the tables, or the table cannot be written; nothing is changed then.
    """
    path = Path(file)
    raw = read_file(path, table, datum=datum, sheet=sheet, encoding=encoding)
    policy: Duplicates = "update" if update else duplicates
    with nullcontext() if dry_run else locked(project):
        made = judge(raw, project, policy=policy, yes=yes, step=step)
        return _Addition(project, path, made, dry_run, lang).run()


class _Addition:
    """What was judged, written down; the lock is held, but for a dry run."""

    def __init__(self, project: Project, path: Path, made: Judgement, dry_run: bool, lang: str) -> None:
        self.project, self.path, self.made, self.lang = project, path, made, lang
        self.raw, self.there = made.raw, made.there
        self.target = project.table_path(self.raw.table.name)
        self.report = AddReport(
            self.raw.table.name, self.raw.file, project.shown(self.target), dry_run, added=made.added, updated=made.updated,
            already=made.already, refused=made.refused, ids=made.ids, faults=made.faults, notes=made.notes, renamed=made.renamed,
        )  # fmt: skip

    def run(self) -> AddReport:
        before = self.target.read_bytes() if self.target.is_file() else None
        if self.report.dry_run:
            if self.made.rows:
                self._lay_out(before)
            return self.report
        if self.report.refused:  # first of all: what is refused must be somewhere before anything else happens
            self.report.refused_file = self._keep_refused()
        if self.made.rows or self.made.changes:
            self._write(before)
        return self.report

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

    def _lay_out(self, before: bytes | None) -> Ledger:
        """The table with the chosen rows in it."""
        target, made = self.there.raw, self.made
        has_header = bool(before and target.header)
        heads = list(target.header) if has_header else list(target.table.names)
        places = dict(target.places) if has_header else {name: at for at, name in enumerate(heads)}
        try:
            ledger = Ledger(before or b"", heads, target.delimiter)
        except ValueError as error:
            raise QjmapError("table-not-writable", file=self.report.target, detail=str(error)) from None
        wanted = [name for cells in (*made.rows, *made.changes.values()) for name in cells]
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
        for record in made.rows:
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
                for row, values in made.changes.items()
            }
        )
        ledger.append(rows)
        return ledger

    def _write(self, before: bytes | None) -> None:
        after = self._lay_out(before).bytes
        unusable = write_table(self.project, self.target, before, after, source=self.raw.file, ids=self.report.ids)
        self.report.notes += unusable_notes([self.project.shown(path) for path in unusable])
        root = shown_path(self.project.root)
        self.report.undo = "qjmap undo" + ("" if root in (".", "") else f' "{root}"')
