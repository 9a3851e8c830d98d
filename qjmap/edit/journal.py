"""Who may change a project's tables now, and how the last change is taken back.

Everything lies in `data/.qjmap/`: the lock, and for each addition the table as it was before with a note beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from qjmap.errors import QjmapError, UsageError
from qjmap.files import write_all
from qjmap.messages import text
from qjmap.project import Project

Change = Literal["added", "filled"]
"""Rows that were added, or cells that were filled in."""

_KEPT = 20  # additions that can be taken back; older ones are dropped


@contextmanager
def locked(project: Project, wait_s: float = 10.0) -> Iterator[None]:
    """Hold the project's tables for one writer. The system lets go of the lock when the program ends, however it ends.

    Raises
    ------
    QjmapError : another program has held the lock for `wait_s` seconds.
    UsageError : the folder may not be written to.
    """
    try:
        project.state.mkdir(parents=True, exist_ok=True)
        file = (project.state / "lock").open("a+b")
    except PermissionError:
        raise UsageError("file-in-use", path=project.shown(project.state)) from None
    with file:
        deadline = time.monotonic() + wait_s
        while not _take(file):
            if time.monotonic() > deadline:
                raise QjmapError("locked")
            time.sleep(0.05)
        try:
            for left in project.data.glob(
                ".*.csv.*.new"
            ):  # of a program that was stopped; nobody else can be writing now
                left.unlink(missing_ok=True)
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


def write_table(
    project: Project, path: Path, before: bytes | None, after: bytes, *, source: str, ids: Sequence[str],
    what: Change = "added",
) -> None:  # fmt: skip
    """Change a table, first noting how to take the change back. Stopped at any moment, the table is the old one or the new.

    Parameters
    ----------
    before : the file as it is; None when there is none.
    source : what was added, for the message of the undo.
    ids : of the rows added, or filled in.
    """
    entries = _entries(project)
    number = int(entries[-1].stem.partition("-")[0]) + 1 if entries else 1
    note = project.state / f"{number:06}-{path.stem}.json"
    about = {
        "table": path.stem,
        "source": source,
        "what": what,
        "ids": list(ids),
        "new": before is None,
        "before": _digest(before or b""),
        "after": _digest(after),
    }
    try:
        write_all(
            {note.with_suffix(".before"): before or b"", note: json.dumps(about, ensure_ascii=False, indent=1).encode()}
        )
        write_all({path.resolve(): after})
    except OSError as error:
        note.unlink(missing_ok=True)
        note.with_suffix(".before").unlink(missing_ok=True)
        if isinstance(error, PermissionError):
            raise UsageError("file-in-use", path=project.shown(path)) from None
        raise
    for old in _entries(project)[:-_KEPT]:
        old.with_suffix(".before").unlink(missing_ok=True)
        old.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo did."""

    file: str
    source: str
    ids: tuple[str, ...]
    what: Change = "added"

    def summary(self, lang: str) -> str:
        """One line for the reader."""
        return text("undo-filled" if self.what == "filled" else "undo-done", lang, file=self.file, source=self.source, count=len(self.ids))


def undo(project: Project) -> UndoReport:
    """Take back the last addition that this folder remembers.

    Raises
    ------
    UsageError : there is none.
    QjmapError : the table was changed since; nothing is done, and the message says where the former table is.
    """
    with locked(project):
        for note in reversed(_entries(project)):
            backup = note.with_suffix(".before")
            about: dict[str, Any] = json.loads(note.read_text("utf-8"))
            path = project.table_path(about["table"])
            now = path.read_bytes() if path.is_file() else b""
            if _digest(now) == about["before"]:  # stopped before it was done, or taken back by hand
                note.unlink()
                backup.unlink(missing_ok=True)
                continue
            if _digest(now) != about["after"]:
                code = "undo-filled-changed" if about.get("what") == "filled" else "undo-changed"
                raise QjmapError(code, file=project.shown(path), ids=about["ids"], backup=project.shown(backup))
            try:
                if about["new"]:
                    path.unlink()
                else:
                    write_all({path.resolve(): backup.read_bytes()})
            except PermissionError:
                raise UsageError("file-in-use", path=project.shown(path)) from None
            note.unlink()
            backup.unlink(missing_ok=True)
            return UndoReport(project.shown(path), about["source"], tuple(about["ids"]), about.get("what", "added"))
        raise UsageError("undo-nothing")


def _entries(project: Project) -> list[Path]:
    return sorted(path for path in project.state.glob("[0-9]*-*.json"))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
