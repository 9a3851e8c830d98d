"""Take the last change of a project's tables back, by the entries of its journal."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qjmap.atomic_write import write_all
from qjmap.edit.journal_entries import Change, JournalEntry, digest, read_entries
from qjmap.edit.project_lock import inside, locked
from qjmap.errors import QjmapError, UsageError
from qjmap.i18n import Note, text
from qjmap.project import Project, display_path


@dataclass(frozen=True, slots=True)
class UndoReport:
    """Result of an undo.

    Attributes
    ----------
    file : files of the tables that were changed, as shown in messages, joined by 、.
    source, ids, what, updated : details of the change that was undone, as in `write_tables` and `TableChange`; of several tables `what`
        is that of the first.
    filled : number of the rows in `ids` whose positions were taken out; the other rows in `ids` were removed.
    done : whether a table was restored; False if all were already as before the change.
    unusable : paths, as shown in messages, of the journal files that were ignored.
    """

    file: str
    source: str
    ids: tuple[str, ...]
    what: Change = "added"
    updated: int = 0
    filled: int = 0
    done: bool = True
    unusable: tuple[str, ...] = ()

    def summary(self, lang: str) -> str:
        """Return the result as one line of text, after a line that names the ignored journal files if there are any."""
        done = {"added": "undo-done", "filled": "undo-filled", "edited": "undo-edited"}
        key = done[self.what] if self.done else "undo-already"
        line = text(key, lang, file=self.file, source=self.source, rows=self._rows(lang))
        return "\n".join([*(note.text(lang) for note in unusable_notes(self.unusable)), line])

    def _rows(self, lang: str) -> str:
        """Return a phrase with the number of rows that lost their position, were removed, and were changed back."""
        removed = len(self.ids) - self.filled
        counts = {"undo-positions": self.filled, "undo-added": removed, "undo-updated": self.updated}
        phrases = [text(key, lang, count=count) for key, count in counts.items() if count]
        return ("，" if lang == "zh" else ", ").join(phrases or [text("undo-added", lang, count=0)])


def unusable_notes(files: Sequence[str]) -> list[Note]:
    """Return a note that names ignored journal files, as a list; [] if there are none."""
    return [Note("journal-unusable", {"files": files})] if files else []


def undo_command(project: Project) -> str:
    """Return the command that undoes the last change, as the user types it in the current folder."""
    root = display_path(project.root)
    return "qjmap undo" + ("" if root in (".", "") else f' "{root}"')


def undo(project: Project) -> UndoReport:
    """Undo the last change in the journal, of one table or of several that were changed together.

    If every table is already as before that change (a command was killed, or the table was restored by hand), only the journal's entries
    are deleted, and `UndoReport.done` is False. A change whose backup is missing or damaged is skipped, and the one before it is undone.

    Raises
    ------
    UsageError : there is nothing to undo, or a table is not writable.
    QjmapError : a table was changed after the change to undo, and nothing is done: the message names the backup. Or another program is
        changing the tables, or the path of a table leads out of the project.
    OSError : a table cannot be written for another reason, such as a full disk.
    """
    with locked(project):
        entries, paths = read_entries(project.state)
        unusable = [project.display_path(path) for path in paths]
        for group in reversed(list(dict.fromkeys(entry.group for entry in entries))):
            together = [entry for entry in entries if entry.group == group]
            changed = [entry for entry in together if _digest_now(project, entry) != entry.before]
            lost = [entry for entry in changed if entry.former_table() is None]
            if lost:
                unusable += [project.display_path(entry.path) for entry in lost]
                continue
            for entry in changed:
                _refuse_edited(project, entry)
            _restore(project, changed)
            with suppress(OSError):  # the next undo deletes them
                for entry in together:
                    entry.delete()
            return UndoReport(
                file="、".join(project.display_path(project.table_path(entry.table)) for entry in together),
                source=together[0].source,
                ids=tuple(identifier for entry in together for identifier in entry.ids),
                what=together[0].what,
                updated=sum(entry.updated for entry in together),
                filled=sum(len(entry.ids) for entry in together if entry.what == "filled"),
                done=bool(changed),
                unusable=tuple(unusable),
            )
        raise UsageError("undo-nothing-usable", files=unusable) if unusable else UsageError("undo-nothing")


def _digest_now(project: Project, entry: JournalEntry) -> str:
    path = project.table_path(entry.table)
    inside(project, path)
    return digest(path.read_bytes() if path.is_file() else b"")


def _refuse_edited(project: Project, entry: JournalEntry) -> None:
    """Raise QjmapError if the bytes of a table are not those that the change of the entry wrote."""
    if _digest_now(project, entry) != entry.after:
        code = {"added": "undo-changed", "filled": "undo-filled-changed", "edited": "undo-edited-changed"}[entry.what]
        path, backup = project.table_path(entry.table), project.display_path(entry.backup)
        raise QjmapError(code, file=project.display_path(path), ids=entry.ids, backup=backup)


def _restore(project: Project, entries: Sequence[JournalEntry]) -> None:
    """Restore the bytes that the tables had before the changes; delete tables that the changes created."""
    former = {
        inside(project, project.table_path(entry.table)): entry.former_table() for entry in entries if not entry.new
    }
    path = project.data
    try:
        write_all({path: data for path, data in former.items() if data is not None})
        for entry in entries:
            if entry.new:
                path = project.table_path(entry.table)
                path.unlink()
    except PermissionError as error:
        raise UsageError("file-in-use", path=project.display_path(Path(error.filename or path))) from None
