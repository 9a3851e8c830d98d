"""Every answer that a provider gave, kept in one SQLite file, and whose turn it is to ask; safe with several processes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from qjmap.errors import QjmapError
from qjmap.locators.online.provider import sound

FILE = "online.sqlite3"
NEGATIVE_DAYS = 30
"""How long "nothing found" holds: maps grow. An answer with a place holds until the file is deleted."""
LONGEST_HOLD_S = 3_600.0
"""How far ahead the next turn may lie; one further ahead was written by a clock that was wrong."""

_VERSION = 1
_WAIT_S = 30.0  # for another process that is writing
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    provider TEXT NOT NULL, question TEXT NOT NULL, parameters TEXT NOT NULL,
    asked_on TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (provider, question, parameters)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS turns (provider TEXT PRIMARY KEY, next REAL NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a provider answered, and on which day (ISO 8601, UTC)."""

    results: list[Any]
    asked_on: str


class Cache:
    """The answers kept in a folder.

    Raises
    ------
    QjmapError : the file cannot be read or written, or was made by a later version.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds the addresses of a user's tables
        except OSError:
            raise QjmapError("online-cache", path=str(folder)) from None
        with self._open() as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise QjmapError("online-cache", path=str(self.path))
            database.executescript(f"{_TABLES}PRAGMA user_version = {_VERSION};")

    def get(self, provider: str, question: str, parameters: str, today: date) -> Stored | None:
        """What was answered before; None where it was not, or only "nothing found", and that too long ago."""
        with self._open() as database:
            row = database.execute(
                "SELECT answer, asked_on FROM answers WHERE provider = ? AND question = ? AND parameters = ?",
                (provider, question, parameters),
            ).fetchone()
        stored = None if row is None else _stored(*row)
        old = (today - timedelta(days=NEGATIVE_DAYS)).isoformat()
        return None if stored is None or (not stored.results and stored.asked_on < old) else stored

    def put(self, provider: str, question: str, parameters: str, today: date, results: list[Any]) -> Stored:
        """Keep an answer."""
        stored = Stored(results, today.isoformat())
        answer = json.dumps(results, ensure_ascii=False, sort_keys=True)
        with self._open() as database:
            database.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
                (provider, question, parameters, stored.asked_on, answer),
            )
        return stored

    def turn(self, provider: str, interval_s: float, now: float) -> float:
        """Take the next turn to ask, for all processes that use this file; the seconds until then.

        Parameters
        ----------
        now : seconds since 1970, the same for all processes.
        """
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            row = database.execute("SELECT next FROM turns WHERE provider = ?", (provider,)).fetchone()
            at = max(now, row[0]) if row and isinstance(row[0], float) and row[0] <= now + LONGEST_HOLD_S else now
            database.execute("INSERT OR REPLACE INTO turns VALUES (?, ?)", (provider, at + interval_s))
        return at - now

    def hold(self, provider: str, until: float) -> None:
        """Let nobody ask before a moment (seconds since 1970): the provider said so."""
        with self._open() as database:
            database.execute(
                "INSERT INTO turns VALUES (?, ?) ON CONFLICT (provider) DO UPDATE SET next = max(next, excluded.next)",
                (provider, until),
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The database for one step. Opened each time: a question costs a thousand times as much."""
        try:
            database = sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)
            try:
                yield database
                if database.in_transaction:
                    database.execute("COMMIT")
            finally:
                database.close()
        except (sqlite3.Error, OSError):
            raise QjmapError("online-cache", path=str(self.path)) from None


def _stored(answer: Any, asked_on: Any) -> Stored | None:
    """An answer as it was kept; None for a row that somebody else wrote, which is then asked for and written anew."""
    try:
        results = json.loads(answer)
        date.fromisoformat(asked_on)
    except (TypeError, ValueError, RecursionError):
        return None
    return Stored(results, asked_on) if isinstance(results, list) and sound(results) else None
