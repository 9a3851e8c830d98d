"""The entries of the undo journal: for each change of a table a note in JSON, and beside it the table as it was before.

What lies in the folder is input like any table: it may come from another program, a later version or another person. An
entry counts only when all of it is what it should be; anything else is named and left alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from qjmap.schema import TABLES

Change = Literal["added", "filled"]
"""Rows that were added, or cells that were filled in."""

VERSION = 1
"""Of the notes that are written; a note without a version is of the first."""

_NAME = re.compile(rf"([0-9]{{6,18}})-({'|'.join(TABLES)})\.(?:json|before)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LARGEST = 1 << 26
"""Bytes of a note that is read: the ids of some million rows."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change of a table.

    Attributes
    ----------
    path : the file of the note, `<number>-<table>.json`.
    source : what was added, or who filled the cells in.
    ids : of the rows.
    new : there was no table before.
    before, after : SHA-256 of the table's bytes; of no bytes when there was no table.
    """

    path: Path
    source: str
    what: Change
    ids: tuple[str, ...]
    new: bool
    before: str
    after: str

    @property
    def number(self) -> int:
        """Counts the changes of all tables."""
        return int(self.path.stem.partition("-")[0])

    @property
    def table(self) -> str:
        """The table that was changed."""
        return self.path.stem.partition("-")[2]

    @property
    def backup(self) -> Path:
        """The file that holds the table as it was before."""
        return self.path.with_suffix(".before")

    def note(self) -> bytes:
        """The note as it is written: ASCII, whatever names files and rows have."""
        about = {
            "version": VERSION, "table": self.table, "source": self.source, "what": self.what, "ids": self.ids,
            "new": self.new, "before": self.before, "after": self.after,
        }  # fmt: skip
        return json.dumps(about, indent=1).encode("ascii")

    def former(self) -> bytes | None:
        """The table as it was before; None when the backup is missing or is not what the note says."""
        data = _plain_bytes(self.backup)
        return data if data is not None and digest(data) == self.before else None

    def drop(self) -> None:
        """Forget the change. The note goes last: a program that is stopped in between can drop the entry again."""
        self.backup.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


def read_entries(folder: Path) -> tuple[list[JournalEntry], list[Path]]:
    """The entries, oldest first, and the notes that this version cannot use. Files of other names are passed over."""
    entries, unusable = [], []
    for path in _named(folder, "json"):
        entry = _read(path)
        if entry is None:
            unusable.append(path)
        else:
            entries.append(entry)
    return sorted(entries, key=lambda entry: entry.number), unusable


def next_number(folder: Path) -> int:
    """A number after those of all notes that are there, usable or not."""
    return max([0, *(int(path.stem.partition("-")[0]) for path in _named(folder, "json"))]) + 1


def drop_orphans(folder: Path) -> None:
    """Delete former tables that have no note: a program was stopped while it wrote or dropped an entry."""
    for path in _named(folder, "before"):
        if not path.with_suffix(".json").exists():
            path.unlink(missing_ok=True)


def digest(data: bytes) -> str:
    """SHA-256 of a table's bytes."""
    return hashlib.sha256(data).hexdigest()


def _named(folder: Path, kind: str) -> Iterable[Path]:
    return [path for path in sorted(folder.glob(f"*.{kind}")) if _NAME.fullmatch(path.name)]


def _read(path: Path) -> JournalEntry | None:
    """The entry that a note tells of; None when anything in it is not what it should be."""
    data = _plain_bytes(path, _LARGEST)
    try:
        about: Any = json.loads(data or b"")
    except (ValueError, RecursionError):
        return None
    if not isinstance(about, dict) or about.get("table") != path.stem.partition("-")[2]:
        return None
    version, ids, what = about.get("version", VERSION), about.get("ids"), about.get("what", "added")
    texts = [about.get("source"), *(ids if isinstance(ids, list) else [None])]
    digests: list[Any] = [about.get("before"), about.get("after")]
    if (
        type(version) is not int
        or version != VERSION
        or what not in ("added", "filled")
        or not isinstance(about.get("new"), bool)
        or not all(isinstance(one, str) for one in (*texts, *digests))
        or not all(_DIGEST.fullmatch(one) for one in digests)
    ):
        return None
    return JournalEntry(path, about["source"], what, tuple(about["ids"]), about["new"], *digests)


def _plain_bytes(path: Path, largest: int | None = None) -> bytes | None:
    """The bytes of a regular file of at most `largest` bytes; None for links, pipes and what cannot be read."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or (largest is not None and found.st_size > largest):
            return None
        return path.read_bytes()
    except OSError:
        return None
