"""Cache of providers' answers in one SQLite file, and the rate limit that all processes share; safe with several processes."""

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
from qjmap.geocoding.online.providers import is_storable_json

FILE = "online.sqlite3"
NEGATIVE_DAYS = 30
"""Days for which "nothing found" is cached: maps grow. An answer with a place never expires."""
MAX_WAIT_S = 3_600.0
"""Maximum seconds from now to the next query in the file; a later time was written by a wrong clock and is ignored."""

_VERSION = 1
_LOCK_TIMEOUT_S = 30.0  # while another process writes
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    provider TEXT NOT NULL, question TEXT NOT NULL, parameters TEXT NOT NULL,
    asked_on TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (provider, question, parameters)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS turns (provider TEXT PRIMARY KEY, next REAL NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """The places of a provider's answer as plain JSON, and the day of the query (ISO 8601, UTC)."""

    results: list[Any]
    asked_on: str


class Cache:
    """Providers' answers and the time of the next query, in an SQLite file.

    Parameters
    ----------
    folder : folder of the file; it is made if it is missing.

    Raises
    ------
    QjmapError : the file cannot be read or written (also raised by every method), or was made by a later version.
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

    def get(self, provider: str, query: str, parameters: str, today: date) -> CachedAnswer | None:
        """Return a cached answer; None if there is none, or it is "nothing found" and has expired.

        Parameters
        ----------
        query : the text as it was sent.
        parameters : everything else that the answer depends on, see `ProviderApi`.
        today : date in UTC.
        """
        with self._open() as database:
            row = database.execute(
                "SELECT answer, asked_on FROM answers WHERE provider = ? AND question = ? AND parameters = ?",
                (provider, query, parameters),
            ).fetchone()
        answer = None if row is None else _parse_row(*row)
        old = (today - timedelta(days=NEGATIVE_DAYS)).isoformat()
        return None if answer is None or (not answer.results and answer.asked_on < old) else answer

    def put(self, provider: str, query: str, parameters: str, today: date, results: list[Any]) -> CachedAnswer:
        """Store the results of a query as plain JSON, replacing older ones, and return them as an answer; parameters as in `get`."""
        answer = CachedAnswer(results, today.isoformat())
        encoded = json.dumps(results, ensure_ascii=False, sort_keys=True)
        with self._open() as database:
            database.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
                (provider, query, parameters, answer.asked_on, encoded),
            )
        return answer

    def reserve_slot(self, provider: str, interval_s: float, now: float) -> float:
        """Reserve the next time for a query among all processes that use this file; return the seconds from now until then.

        Parameters
        ----------
        interval_s : minimum time between two queries of the provider in seconds.
        now : current time in seconds since 1970.
        """
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            row = database.execute("SELECT next FROM turns WHERE provider = ?", (provider,)).fetchone()
            slot = max(now, row[0]) if row and isinstance(row[0], float) and row[0] <= now + MAX_WAIT_S else now
            database.execute("INSERT OR REPLACE INTO turns VALUES (?, ?)", (provider, slot + interval_s))
        return slot - now

    def defer(self, provider: str, until: float) -> None:
        """Postpone the next query of all processes to a provider until a time (seconds since 1970)."""
        with self._open() as database:
            database.execute(
                "INSERT INTO turns VALUES (?, ?) ON CONFLICT (provider) DO UPDATE SET next = max(next, excluded.next)",
                (provider, until),
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Context manager that opens the database for one transaction and commits it. Raise QjmapError if it cannot be used.

        To open it each time takes a thousandth of the time of a query.
        """
        try:
            database = sqlite3.connect(self.path, timeout=_LOCK_TIMEOUT_S, isolation_level=None)
            try:
                yield database
                if database.in_transaction:
                    database.execute("COMMIT")
            finally:
                database.close()
        except (sqlite3.Error, OSError):
            raise QjmapError("online-cache", path=str(self.path)) from None


def _parse_row(answer: Any, asked_on: Any) -> CachedAnswer | None:
    """Return a row of the database as an answer; None for an invalid row, which is then queried and written anew."""
    try:
        results = json.loads(answer)
        date.fromisoformat(asked_on)
    except (TypeError, ValueError, RecursionError):
        return None
    return CachedAnswer(results, asked_on) if isinstance(results, list) and is_storable_json(results) else None
