"""The result of applying a change file, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from qjmap.edit.add_report import note_lines
from qjmap.edit.change_file import Op
from qjmap.errors import Fault, format_value
from qjmap.i18n import Note, text

_MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """The change of one row.

    Attributes
    ----------
    op : kind of change.
    table, id, name : table, id and name of the row.
    cells : column -> (old cell, new cell). The old cells of an added row and the new cells of a deleted row are "".
    numbers : numbers of the change file's changes that it combines.
    """

    op: Op
    table: str
    id: str
    name: str
    cells: Mapping[str, tuple[str, str]]
    numbers: tuple[int, ...]

    def with_id(self, identifier: str) -> AppliedChange:
        """Return the change with the id that an added row got."""
        return replace(self, id=identifier)

    def line(self, lang: str) -> str:
        """Return the row, its columns, and the old and new cells as one line."""
        changes = "；".join(
            text(
                "apply-cell",
                lang,
                column=column,
                old=format_value(old, lang) or "∅",
                new=format_value(new, lang) or "∅",
            )
            for column, (old, new) in self.cells.items()
            if self.op == "change"
        )
        shown = {"table": self.table, "id": self.id, "name": format_value(self.name, lang)}
        return text(f"apply-{self.op}", lang, changes=changes, **shown)


@dataclass
class ApplyReport:
    """Result of applying a change file: the changes that were made, and those that were not.

    Attributes
    ----------
    file : name of the change file in messages.
    dry_run : whether nothing was written because it was a trial run.
    applied : the changes that were made, one for each row.
    already : numbers of the changes that the tables contain already.
    skipped : numbers of the changes of which nothing was written: they conflict with the table, and `prefer` is "table".
    kept : a warning for each cell or row of the tables that is kept in a conflict; the row of a warning is the number of its change.
    faults : all warnings: those in `kept`, and those that the tables did not have before.
    notes : notes on ignored journal files.
    undo : command that undoes the changes; "" if nothing was written.
    """

    file: str
    dry_run: bool = False
    applied: list[AppliedChange] = field(default_factory=list)
    already: list[int] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    kept: list[Fault] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    undo: str = ""

    def summary(self, lang: str, *, every: bool = False) -> str:
        """Return the result as text: one line for each row, the counts, and what to do next.

        Parameters
        ----------
        every : list all rows, however many there are.
        """
        rows = self.applied if every else self.applied[:_MOST_ROWS]
        lines = [*note_lines(self.notes, lang, every=every), *(row.line(lang) for row in rows)]
        if len(rows) < len(self.applied):
            lines.append(text("apply-left", lang, count=len(self.applied) - len(rows)))
        counts = {op: sum(row.op == op for row in self.applied) for op in ("add", "change", "delete")}
        kept = {"already": len(self.already), "skipped": len(self.skipped)}
        lines.append(text("apply-dry" if self.dry_run else "apply-done", lang, file=self.file, **counts, **kept))
        if self.undo:
            lines.append(text("apply-next", lang, build=self.undo.replace("undo", "build", 1), undo=self.undo))
        return "\n".join(lines)

    def as_dict(self, lang: str) -> dict[str, object]:
        """Return the result as values for JSON."""
        return {
            "file": self.file,
            "dry_run": self.dry_run,
            "applied": [
                {
                    "op": row.op, "table": row.table, "id": row.id, "name": row.name, "changes": list(row.numbers),
                    "cells": {column: {"old": old, "new": new} for column, (old, new) in row.cells.items()},
                }
                for row in self.applied
            ],
            "already": self.already,
            "skipped": self.skipped,
            "undo": self.undo,
            "notes": [note.text(lang) for note in self.notes],
            "faults": [fault.as_dict(lang) for fault in self.faults],
        }  # fmt: skip
