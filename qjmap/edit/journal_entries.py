"""Undo journal: for each change of a table a JSON file, and beside it a backup of the former table.

The files are untrusted input: another program, a later version or another person may have written them. Entries with any invalid field
are reported and ignored.
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

Change = Literal["added", "filled", "edited"]
"""Kind of change: rows were added, cells were filled in, or a change file edited rows."""

VERSION = 1
"""Version of the format of entries; an entry that states none is of version 1."""

_NAME = re.compile(rf"([0-9]{{6,18}})-({'|'.join(TABLES)})\.(?:json|before)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAX_BYTES = 1 << 26
"""Maximum size of an entry in bytes, enough for the ids of millions of rows."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change of a table.

    Attributes
    ----------
    path : path of the JSON file, `<number>-<table>.json`.
    source : file that was added or applied, or command that wrote the change.
    what : kind of change.
    ids : ids of the rows that were added or filled in.
    new : whether the change created the table.
    before, after : SHA-256 of the table's bytes before and after, in hexadecimal; for a created table, `before` is that of no bytes.
    updated : number of existing rows that were changed or deleted.
    group : number of the first of the entries that are undone together.
    """

    path: Path
    source: str
    what: Change
    ids: tuple[str, ...]
    new: bool
    before: str
    after: str
    updated: int
    group: int

    @property
    def number(self) -> int:
        """Return the serial number of the entry, which counts the changes of all tables."""
        return int(self.path.stem.partition("-")[0])

    @property
    def table(self) -> str:
        """Return the name of the table."""
        return self.path.stem.partition("-")[2]

    @property
    def backup(self) -> Path:
        """Return the path of the backup of the former table."""
        return self.path.with_suffix(".before")

    def serialize(self) -> bytes:
        """Return the content of the JSON file, in ASCII: file names and ids may contain surrogates, which UTF-8 cannot encode."""
        fields = {
            "version": VERSION, "table": self.table, "source": self.source, "what": self.what, "ids": self.ids,
            "new": self.new, "before": self.before, "after": self.after,
            "updated": self.updated, "group": self.group,
        }  # fmt: skip
        return json.dumps(fields, indent=1).encode("ascii")

    def former_table(self) -> bytes | None:
        """Return the bytes of the former table; None if the backup is missing or has another digest."""
        data = _read_regular(self.backup)
        return data if data is not None and digest(data) == self.before else None

    def delete(self) -> None:
        """Delete the backup, then the entry: if the program is killed in between, the entry is left and can be deleted again."""
        self.backup.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


def read_entries(folder: Path) -> tuple[list[JournalEntry], list[Path]]:
    """Return the valid entries in a folder, oldest first, and the paths of invalid ones. Files with names of other forms are ignored."""
    entries, unusable = [], []
    for path in _named(folder, "json"):
        entry = _parse(path)
        if entry is None:
            unusable.append(path)
        else:
            entries.append(entry)
    return sorted(entries, key=lambda entry: entry.number), unusable


def next_number(folder: Path) -> int:
    """Return the number for a new entry: one more than that of any entry, valid or not."""
    return max([0, *(int(path.stem.partition("-")[0]) for path in _named(folder, "json"))]) + 1


def delete_orphans(folder: Path) -> None:
    """Delete backups without an entry. A program that is killed before it has written the entry leaves such a backup."""
    for path in _named(folder, "before"):
        if not path.with_suffix(".json").exists():
            path.unlink(missing_ok=True)


def digest(data: bytes) -> str:
    """Return the SHA-256 of a table's bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _named(folder: Path, kind: str) -> Iterable[Path]:
    return [path for path in sorted(folder.glob(f"*.{kind}")) if _NAME.fullmatch(path.name)]


def _parse(path: Path) -> JournalEntry | None:
    """Read and validate an entry; return None if any field is invalid."""
    data = _read_regular(path, _MAX_BYTES)
    try:
        fields: Any = json.loads(data or b"")
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or fields.get("table") != path.stem.partition("-")[2]:
        return None
    updated, group = fields.get("updated", 0), fields.get("group", int(path.stem.partition("-")[0]))
    version, ids, what = fields.get("version", VERSION), fields.get("ids"), fields.get("what", "added")
    texts = [fields.get("source"), *(ids if isinstance(ids, list) else [None])]
    digests: list[Any] = [fields.get("before"), fields.get("after")]
    if (
        type(version) is not int
        or version != VERSION
        or type(updated) is not int
        or type(group) is not int
        or what not in ("added", "filled", "edited")
        or not isinstance(fields.get("new"), bool)
        or not all(isinstance(item, str) for item in (*texts, *digests))
        or not all(_DIGEST.fullmatch(item) for item in digests)
    ):
        return None
    return JournalEntry(
        path, fields["source"], what, tuple(fields["ids"]), fields["new"], digests[0], digests[1], updated, group
    )


def _read_regular(path: Path, max_bytes: int | None = None) -> bytes | None:
    """Read a regular file of at most `max_bytes` bytes; return None for links, pipes, larger and unreadable files."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or (max_bytes is not None and status.st_size > max_bytes):
            return None
        return path.read_bytes()
    except OSError:
        return None
