"""Write a project's tables, with entries in the journal of `data/.qjmap/`, by which `undo_changes` takes a change back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qjmap.atomic_write import write_all
from qjmap.edit.journal_entries import Change, JournalEntry, delete_orphans, digest, next_number, read_entries
from qjmap.edit.project_lock import inside
from qjmap.errors import UsageError
from qjmap.project import Project

_UNDO_LEVELS = 20
"""Number of changes that can be undone; older journal entries are deleted."""


@dataclass(frozen=True, slots=True)
class TableChange:
    """A change of one table.

    Attributes
    ----------
    path : path of the table's file.
    before : the present bytes of the file; None for a new file.
    after : the new bytes of the file.
    ids : ids of the rows that are added or filled in.
    updated : number of existing rows that are changed, or deleted by a change file.
    what : kind of change.
    """

    path: Path
    before: bytes | None
    after: bytes
    ids: Sequence[str]
    updated: int = 0
    what: Change = "added"


def write_tables(project: Project, changes: Sequence[TableChange], *, source: str) -> list[Path]:
    """Write several tables, all or none, after adding entries to the journal, so that one undo takes all of these changes back.

    The caller must hold the lock. If the program is killed during the call, each table has either its old or its new contents.

    Parameters
    ----------
    source : origin of the rows or cells, for the message of the undo.

    Returns
    -------
    Paths of journal files that are damaged or of a later version; they are ignored.

    Raises
    ------
    UsageError : a table is not writable.
    QjmapError : a path leads out of the project.
    OSError : writing fails for another reason, such as a full disk.
    """
    folder = project.state
    targets = [inside(project, change.path) for change in changes]
    entries, unusable = read_entries(folder)
    number = next_number(folder)
    new = []
    for offset, change in enumerate(changes):
        file = folder / f"{number + offset:06}-{change.path.stem}.json"
        before, after = digest(change.before or b""), digest(change.after)
        new.append(
            JournalEntry(
                file,
                source,
                change.what,
                tuple(change.ids),
                change.before is None,
                before,
                after,
                change.updated,
                number,
            )
        )
    try:
        for entry in new:
            _delete_undone(entries, entry)
        backups = {entry.backup: change.before or b"" for entry, change in zip(new, changes, strict=True)}
        write_all({**backups, **{entry.path: entry.serialize() for entry in new}})
        write_all({target: change.after for target, change in zip(targets, changes, strict=True)})
    except OSError as error:
        with suppress(OSError):
            for entry in new:
                entry.delete()
        if isinstance(error, PermissionError):
            raise UsageError(
                "file-in-use", path=project.display_path(Path(error.filename or changes[0].path))
            ) from None
        raise
    with suppress(OSError):  # the tables are already written; the next change deletes these files
        groups = list(dict.fromkeys(entry.group for entry in entries))
        old = {*groups[: -_UNDO_LEVELS + 1]}
        for entry in [entry for entry in entries if entry.group in old]:
            entry.delete()
        delete_orphans(folder)
    return unusable


def _delete_undone(entries: list[JournalEntry], new: JournalEntry) -> None:
    """Delete the latest entries for a table whose changes are not in it: they were never written, or were undone by hand.

    Otherwise an undo after that of the new change would find nothing to take back. Deleted entries are removed from `entries` too.
    """
    for old in reversed([entry for entry in entries if entry.table == new.table]):
        if old.after == new.before or old.before != new.before:
            break
        old.delete()
        entries.remove(old)
