"""Who may change a project's tables now, and how the last change is taken back.

Everything lies in `data/.qjmap/`: the lock, and the `entries`, one for each change.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from qjmap.edit.entries import Change, JournalEntry, digest, drop_orphans, next_number, read_entries
from qjmap.errors import QjmapError, UsageError
from qjmap.files import sweep, write_all
from qjmap.messages import Note, text
from qjmap.project import Project
from qjmap.schema import TABLES

_KEPT = 20
"""Changes that can be taken back; older ones are dropped."""


@contextmanager
def locked(project: Project, wait_s: float = 10.0) -> Iterator[None]:
    """Hold the project's tables for one writer. The system lets go of the lock when the program ends, however it ends.

    Raises
    ------
    QjmapError : another program has held the lock for `wait_s` seconds, or the folder is a link to one outside the project.
    UsageError : the folder may not be written to.
    """
    _inside(project, project.state / "lock")
    try:
        project.state.mkdir(parents=True, exist_ok=True)
        file = open(project.state / "lock", "a+b", opener=_no_link)  # noqa: SIM115
    except PermissionError:
        raise UsageError("file-in-use", path=project.shown(project.state)) from None
    with file:
        deadline = time.monotonic() + wait_s
        while not _take(file):
            if time.monotonic() > deadline:
                raise QjmapError("locked")
            time.sleep(0.05)
        try:
            _tidy(project)
            yield
        finally:
            _release(file)


if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _take(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _release(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _take(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


def _tidy(project: Project) -> None:
    """Remove what programs left that were stopped, however young: only who holds the lock writes tables and the journal."""
    sweep(project.state, older_than=0)
    for name in TABLES:
        for left in project.data.glob(f".{name}.csv.*.new"):
            left.unlink(missing_ok=True)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _inside(project: Project, path: Path) -> Path:
    """Where a file of the project really is.

    Raises
    ------
    QjmapError : it is a link to something outside the project's folder, which no command changes.
    """
    real, root = (Path(os.path.realpath(one)) for one in (path, project.root))
    if not real.is_relative_to(root):
        raise QjmapError("file-outside", file=project.shown(path), target=str(real))
    return real


def write_table(
    project: Project, path: Path, before: bytes | None, after: bytes, *, source: str, ids: Sequence[str],
    what: Change = "added",
) -> list[Path]:  # fmt: skip
    """Change a table, first noting how to take the change back. Stopped at any moment, the table is the old one or the new.

    Parameters
    ----------
    before : the file as it is; None when there is none.
    source : what was added, for the message of the undo.
    ids : of the rows added, or filled in.

    Returns
    -------
    the notes in the journal that cannot be used; they are passed over.
    """
    folder = project.state
    target = _inside(project, path)
    entries, unusable = read_entries(folder)
    former, latter = digest(before or b""), digest(after)
    note = folder / f"{next_number(folder):06}-{path.stem}.json"
    entry = JournalEntry(note, source, what, tuple(ids), before is None, former, latter)
    try:
        for old in reversed([one for one in entries if one.table == path.stem]):
            if old.after == former or old.before != former:
                break
            old.drop()  # never done, or taken back since: not for an undo to stumble upon
            entries.remove(old)
        write_all({entry.backup: before or b"", entry.path: entry.note()})
        write_all({target: after})
    except OSError as error:
        with suppress(OSError):
            entry.drop()
        if isinstance(error, PermissionError):
            raise UsageError("file-in-use", path=project.shown(path)) from None
        raise
    with suppress(OSError):  # the table is changed: what can be tidied up another time stops nobody
        for old in entries[: -_KEPT + 1]:
            old.drop()
        drop_orphans(folder)
    return unusable


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo did.

    Attributes
    ----------
    file, source, ids, what : of the change that was taken back.
    done : the table was put back; False when it was already as it had been before the change, and nothing was done.
    unusable : notes in the journal that were passed over.
    """

    file: str
    source: str
    ids: tuple[str, ...]
    what: Change = "added"
    done: bool = True
    unusable: tuple[str, ...] = ()

    def summary(self, lang: str) -> str:
        """One line for the reader, after one for notes that cannot be used."""
        key = ("undo-filled" if self.what == "filled" else "undo-done") if self.done else "undo-already"
        source = "".join(sign if sign.isprintable() else " " for sign in self.source)
        line = text(key, lang, file=self.file, source=source, count=len(self.ids))
        return "\n".join([*(note.text(lang) for note in unusable_notes(self.unusable)), line])


def unusable_notes(files: Sequence[str]) -> list[Note]:
    """The line that names notes of the journal which this version cannot use."""
    return [Note("journal-unusable", {"files": files})] if files else []


def undo(project: Project) -> UndoReport:
    """Take back the last change that this folder remembers.

    Where the table is already as it was before that change (an undo or an addition was stopped in the middle, or the table
    was put back by hand), nothing more is taken back: the change is forgotten, and the report says so.

    Raises
    ------
    UsageError : there is none.
    QjmapError : the table was changed since; nothing is done, and the message says where the former table is.
    """
    with locked(project):
        entries, paths = read_entries(project.state)
        unusable = [project.shown(path) for path in paths]
        for entry in reversed(entries):
            path = project.table_path(entry.table)
            target = _inside(project, path)
            now = digest(path.read_bytes() if path.is_file() else b"")
            what = project.shown(path), entry.source, entry.ids, entry.what
            former = entry.former()
            if now == entry.before:
                entry.drop()
                return UndoReport(*what, done=False, unusable=tuple(unusable))
            if former is None:
                unusable.append(project.shown(entry.path))
                continue
            if now != entry.after:
                code = "undo-filled-changed" if entry.what == "filled" else "undo-changed"
                raise QjmapError(code, file=project.shown(path), ids=entry.ids, backup=project.shown(entry.backup))
            try:
                if entry.new:
                    path.unlink()
                else:
                    write_all({target: former})
            except PermissionError:
                raise UsageError("file-in-use", path=project.shown(path)) from None
            with suppress(OSError):  # else the next undo forgets it
                entry.drop()
            return UndoReport(*what, unusable=tuple(unusable))
        raise UsageError("undo-nothing-usable", files=unusable) if unusable else UsageError("undo-nothing")
