"""The result of adding rows, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qjmap.errors import Fault
from qjmap.i18n import Note, text
from qjmap.project import display_path

_MOST_NOTES = 8
_MOST_RENAMED = 3
_MOST_SHEETS = 12
_MOST_DETAILS = 6


@dataclass
class AddReport:
    """Result of adding a file. Each row of the file is in exactly one of the lists `added`, `updated`, `already` and `refused`.

    Attributes
    ----------
    table : name of the table.
    file, target : the file that was added, and the table's file, as named in messages.
    dry_run : whether nothing was written because it was a trial run.
    added, updated, already, refused : row numbers in the file. `already` has the rows that repeat a row with the same content, and with
        `duplicates="skip"` also those with other content.
    ids : ids of the added rows.
    faults : faults and warnings of the file and its rows.
    notes : notes on how the file was read.
    refused_file : path of the file to which refused rows were written; None if none was written.
    new_columns : columns added to the table.
    renamed : updated rows that had another name: row number in the table, old name, new name.
    undo : command that undoes the addition; "" if nothing was written.
    sheet : name of the worksheet, if the file was added by `add_sheets`; None otherwise, and for a file that is no workbook.
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
    renamed: list[tuple[int, str, str]] = field(default_factory=list)
    undo: str = ""
    sheet: str | None = None

    def summary(self, lang: str, *, every: bool = False) -> str:
        """Return the result as lines of text: how the file was read, what was done, what to do next.

        Parameters
        ----------
        every : list all notes and renamed rows, however many there are.
        """
        lines = note_lines(self.notes, lang, every=every)
        lines.append(self.counts(lang))
        lines += self.changes(lang, every=every)
        if self.undo:
            lines.append(_next_line(self.undo, lang))
        return "\n".join(lines)

    def counts(self, lang: str) -> str:
        """Return a sentence with the numbers of rows that were added, already there, updated and refused."""
        counts = {name: len(getattr(self, name)) for name in ("added", "already", "updated", "refused")}
        if self.sheet is not None:
            return Note("add-sheet", {"sheet": self.sheet, "table": self.target, **counts}).text(lang)
        return text("add-dry" if self.dry_run else "add-done", lang, table=self.target, **counts)

    def changes(self, lang: str, *, every: bool = False) -> list[str]:
        """Return lines on renamed rows, new columns and the file of refused rows; `every` is as in `summary`."""
        lines = []
        renamed = self.renamed if every else self.renamed[:_MOST_RENAMED]
        for row, old, new in renamed:
            lines.append(Note("add-renamed", {"file": self.target, "row": row, "old": old, "new": new}).text(lang))
        if len(renamed) < len(self.renamed):
            lines.append(text("add-renamed-left", lang, count=len(self.renamed) - len(renamed)))
        named = {column for note in self.notes for column in _columns_of(note)}
        if columns := [column for column in self.new_columns if column not in named]:
            lines.append(Note("add-columns", {"file": self.target, "columns": columns}).text(lang))
        if self.refused_file:
            lines.append(text("add-refused-file", lang, file=display_path(self.refused_file)))
        return lines

    def as_dict(self, lang: str) -> dict[str, object]:
        """Return the result as values for JSON."""
        return {
            "table": self.table,
            "sheet": self.sheet,
            "file": self.file,
            "dry_run": self.dry_run,
            "added": self.added,
            "updated": self.updated,
            "already": self.already,
            "refused": self.refused,
            "ids": self.ids,
            "new_columns": self.new_columns,
            "renamed": [{"row": row, "old": old, "new": new} for row, old, new in self.renamed],
            "refused_file": display_path(self.refused_file) if self.refused_file else None,
            "undo": self.undo,
            "notes": [note.text(lang) for note in self.notes],
            "faults": [fault.as_dict(lang) for fault in self.faults],
        }


@dataclass
class SheetsReport:
    """Result of adding several worksheets.

    Attributes
    ----------
    reports : result of each worksheet.
    notes : notes on worksheets that were not read, and on ignored journal files.
    dry_run : whether nothing was written because it was a trial run.
    undo : command that undoes the addition of all of them; "" if nothing was written.
    """

    reports: list[AddReport]
    notes: list[Note] = field(default_factory=list)
    dry_run: bool = False
    undo: str = ""

    @property
    def faults(self) -> list[Fault]:
        """Return the faults and warnings of all worksheets."""
        return [fault for report in self.reports for fault in report.faults]

    @property
    def refused(self) -> list[tuple[str | None, int]]:
        """Return worksheet and number of each refused row."""
        return [(report.sheet, row) for report in self.reports for row in report.refused]

    def summary(self, lang: str, *, every: bool = False) -> str:
        """Return the result as text: how the file was read, one line for each worksheet, the totals, what to do next.

        Parameters
        ----------
        every : list all notes, worksheets and changes, however many there are.
        """
        notes = [note for report in self.reports for note in report.notes]
        notes = list({note.text(lang): note for note in [*notes, *self.notes]}.values())
        lines = note_lines(notes, lang, every=every)
        shown = self.reports if every else self.reports[:_MOST_SHEETS]
        lines += [report.counts(lang) for report in shown]
        if len(shown) < len(self.reports):
            lines.append(text("add-sheets-left", lang, count=len(self.reports) - len(shown)))
        details = list(dict.fromkeys(line for report in self.reports for line in report.changes(lang, every=every)))
        if len(details) > _MOST_DETAILS and not every:
            details[_MOST_DETAILS:] = [text("add-notes-left", lang, count=len(details) - _MOST_DETAILS)]
        lines += details
        counts = {
            name: sum(len(getattr(report, name)) for report in self.reports)
            for name in ("added", "already", "updated", "refused")
        }
        if len(self.reports) > 1 or self.dry_run:
            table = text("add-sheets", lang, count=len(self.reports))
            lines.append(text("add-dry" if self.dry_run else "add-done", lang, table=table, **counts))
        if self.undo:
            lines.append(_next_line(self.undo, lang))
        return "\n".join(lines)

    def as_dict(self, lang: str) -> dict[str, object]:
        """Return the result as values for JSON."""
        return {
            "dry_run": self.dry_run,
            "undo": self.undo,
            "notes": [note.text(lang) for note in self.notes],
            "sheets": [report.as_dict(lang) for report in self.reports],
        }


def _columns_of(note: Note) -> list[str]:
    """Return the columns that a note lists as kept without being known to the table; [] for any other note."""
    columns = note.params.get("columns") if note.key == "note-unknown-columns" else None
    return columns if isinstance(columns, list) else []


def _next_line(undo: str, lang: str) -> str:
    """Return the line on what to do after rows were added: build the map, or undo. `undo` is the command that undoes the addition."""
    return text("add-next", lang, build=undo.replace("undo", "build", 1), undo=undo)


def note_lines(notes: Sequence[Note], lang: str, *, every: bool = False) -> list[str]:
    """Return notes as lines of text: all of them if `every`, else the first `_MOST_NOTES` and a line with the number of the others."""
    lines = [note.text(lang) for note in notes]
    if len(lines) > _MOST_NOTES and not every:
        lines[_MOST_NOTES:] = [text("add-notes-left", lang, count=len(lines) - _MOST_NOTES)]
    return lines
