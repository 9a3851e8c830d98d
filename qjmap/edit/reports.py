"""What an addition did, for people and for machines."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from qjmap.errors import Fault
from qjmap.messages import Note, text
from qjmap.project import shown_path


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
    renamed : of the rows updated those that had another name: row number in the table, old name, new name.
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
    renamed: list[tuple[int, str, str]] = field(default_factory=list)
    undo: str = ""

    def summary(self, lang: str) -> str:
        """What was found and done, a line for each."""
        lines = [note.text(lang) for note in self.notes]
        counts = {name: len(getattr(self, name)) for name in ("added", "already", "updated", "refused")}
        lines.append(text("add-dry" if self.dry_run else "add-done", lang, table=self.target, **counts))
        for row, old, new in self.renamed:
            lines.append(Note("add-renamed", {"file": self.target, "row": row, "old": old, "new": new}).text(lang))
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
            "renamed": [{"row": row, "old": old, "new": new} for row, old, new in self.renamed],
            "refused_file": shown_path(self.refused_file) if self.refused_file else None,
            "undo": self.undo,
            "notes": [note.text(lang) for note in self.notes],
            "faults": [fault.as_dict(lang) for fault in self.faults],
        }
