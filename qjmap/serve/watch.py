"""Keep the page of a project up to date: rebuild it when a file of the project changes."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qjmap.errors import QjmapError
from qjmap.included_projects import included_projects, walk
from qjmap.pipeline.load import load
from qjmap.pipeline.map import page_bytes
from qjmap.project import SETTINGS_FILE, Project, load_project
from qjmap.schema import TABLES

_PERIOD_S = 0.1
"""Seconds between two checks of the files' modification times and sizes; a check takes about 0.1 ms for each project."""

Stamp = tuple[tuple[str, int, int], ...]
"""Path, modification time in nanoseconds and size in bytes of each file; changes when a file changes."""


@dataclass(frozen=True)
class Made:
    """Result of building the page.

    Attributes
    ----------
    version : number of the build, from 1.
    page : HTML of this build; if it failed, of the last one that succeeded, b"" if none has.
    error : error for which the build failed; None if it succeeded.
    """

    version: int
    page: bytes
    error: QjmapError | None


class Watch:
    """Builds the page when it is created, and again whenever a file changes while `run` runs.

    The files are ``data/project.toml``, the tables ``data/<table>.csv`` or the files in their folders ``data/<table>``, and
    ``geo/*.geojson``, of the project and of all projects that it includes.

    Parameters
    ----------
    root : folder of the project.

    Attributes
    ----------
    made : the latest build.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._roots = [root]  # of the project and of those that it includes
        self._changed = threading.Condition()
        self._making = threading.Lock()
        self._ended = threading.Event()
        self._follow_includes()
        self._stamp = self._look()
        self.made = self._make(Made(0, b"", None))

    def _follow_includes(self) -> None:
        """Find the folders of all projects; they stay as they are while the settings have a fault."""
        with suppress(QjmapError, OSError):
            self._roots = list(_project_folders(load_project(self._root)))

    def _files(self) -> Iterator[Path]:
        for root in self._roots:
            data, geo = root / "data", root / "geo"
            yield data / SETTINGS_FILE
            yield from (data / f"{name}.csv" for name in TABLES)
            yield from (part for name in TABLES for part in (data / name).glob("*"))
            yield from geo.glob("*.geojson")

    def _look(self) -> Stamp:
        stamp = []
        for path in self._files():
            try:
                status = path.stat()
            except OSError:
                continue
            stamp.append((str(path), status.st_mtime_ns, status.st_size))
        return tuple(sorted(stamp))

    def _make(self, former: Made) -> Made:
        version = former.version + 1
        try:
            project = load_project(self._root)
            with load(project) as loaded:
                return Made(version, b"".join(page_bytes(loaded.atlas)), None)
        except QjmapError as error:
            return Made(version, former.page, error)
        except OSError as error:  # a program such as Excel is locking or replacing a table
            return Made(version, former.page, QjmapError("serve-file", detail=str(error)))

    def run(self) -> None:
        """Check the files every `_PERIOD_S` seconds until `end` is called."""
        while not self._ended.wait(_PERIOD_S):
            self.refresh()

    def refresh(self) -> None:
        """Rebuild the page if a file has changed."""
        with self._making:
            if self._look() == self._stamp:
                return
            self._follow_includes()
            stamp = self._look()  # before the tables are read, so that a change meanwhile is seen by the next check
            made = self._make(self.made)
            if made.error is not None and made.error.code == "serve-file":
                stamp = ()  # whatever holds the file lets it go without changing it, so the next check tries again
                if str(made.error) == str(self.made.error):
                    return
            with self._changed:
                self._stamp, self.made = stamp, made
                self._changed.notify_all()

    def wait(self, version: int, timeout_s: float) -> Made:
        """Return the latest build as soon as its version exceeds `version`; in any case after `timeout_s` seconds or a call of `end`."""
        with self._changed:
            self._changed.wait_for(lambda: self.made.version > version or self._ended.is_set(), timeout_s)
            return self.made

    def end(self) -> None:
        """End `run`, and make every call of `wait` return."""
        self._ended.set()
        with self._changed:
            self._changed.notify_all()


def _project_folders(project: Project) -> Collection[Path]:
    """Return the folders of a project and of all projects that it includes, also of those that cannot be opened; each folder once."""
    top, _ = included_projects(project)
    folders = [
        folder
        for node in walk(top)
        for folder in (node.project.root, *(node.project.root / one for one in node.project.settings.include.values()))
    ]
    return {os.path.realpath(folder): folder for folder in folders}.values()
