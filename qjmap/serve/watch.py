"""The page of a project's tables as they are, made anew when a file of the project changes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qjmap.errors import QjmapError
from qjmap.pipeline.load import load
from qjmap.pipeline.map import page_bytes
from qjmap.project import SETTINGS_FILE, load_project
from qjmap.schema import TABLES

_PERIOD_S = 0.1
"""Seconds between two looks at the files: their times and sizes, which cost less than a millisecond."""

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Made:
    """One state of the page.

    Attributes
    ----------
    version : counts the states, from 1.
    page : HTML; that of the last tables without faults, b"" where there were none yet.
    error : what keeps the tables from being drawn; None for nothing.
    """

    version: int
    page: bytes
    error: QjmapError | None


class Watch:
    """Makes the page, and makes it again whenever the tables, the settings or the geometry change.

    Parameters
    ----------
    root : folder of the project.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._changed = threading.Condition()
        self._making = threading.Lock()
        self._ended = threading.Event()
        self._stamp = self._look()
        self.made = self._make(Made(0, b"", None))

    def _files(self) -> Iterator[Path]:
        data, geo = self._root / "data", self._root / "geo"
        yield data / SETTINGS_FILE
        yield from (data / f"{name}.csv" for name in TABLES)
        yield from geo.glob("*.geojson")

    def _look(self) -> Stamp:
        stamp = []
        for path in self._files():
            try:
                status = path.stat()
            except OSError:
                continue
            stamp.append((path.name, status.st_mtime_ns, status.st_size))
        return tuple(sorted(stamp))

    def _make(self, former: Made) -> Made:
        version = former.version + 1
        try:
            project = load_project(self._root)
            with load(project) as loaded:
                return Made(version, b"".join(page_bytes(loaded.atlas)), None)
        except QjmapError as error:
            return Made(version, former.page, error)
        except OSError as error:  # a program such as Excel holds or replaces a table; the next look finds it
            return Made(version, former.page, QjmapError("serve-file", detail=str(error)))

    def run(self) -> None:
        """Look at the files until `end` is called."""
        while not self._ended.wait(_PERIOD_S):
            self.refresh()

    def refresh(self) -> None:
        """Make the page anew if a file has changed."""
        with self._making:
            stamp = self._look()
            if stamp == self._stamp:
                return
            made = self._make(self.made)
            with self._changed:
                self._stamp, self.made = stamp, made
                self._changed.notify_all()

    def wait(self, version: int, timeout_s: float) -> Made:
        """Return the page when it is newer than a version, or after some seconds as it is."""
        with self._changed:
            self._changed.wait_for(lambda: self.made.version > version or self._ended.is_set(), timeout_s)
            return self.made

    def end(self) -> None:
        """End `run`, and let go those who wait."""
        self._ended.set()
        with self._changed:
            self._changed.notify_all()
