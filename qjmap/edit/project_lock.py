"""The lock on a project's tables, `data/.qjmap/lock`: one program writes at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from qjmap.atomic_write import remove_leftovers
from qjmap.errors import QjmapError, UsageError
from qjmap.project import Project
from qjmap.schema import TABLES


@contextmanager
def locked(project: Project, wait_s: float = 10.0) -> Iterator[None]:
    """Context manager that holds the lock on the project's tables. The operating system releases it when the program ends or is killed.

    Parameters
    ----------
    wait_s : seconds to wait for another holder of the lock.

    Raises
    ------
    QjmapError : another program has held the lock for `wait_s` seconds, or `data/.qjmap` is a link out of the project.
    UsageError : `data/.qjmap` is not writable.
    """
    path = project.state / "lock"
    inside(project, path)
    try:
        project.state.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=wait_s).acquire()
    except PermissionError:
        raise UsageError("file-in-use", path=project.display_path(project.state)) from None
    except Timeout:
        raise QjmapError("locked") from None
    with lock:
        _tidy(project)
        yield


def _tidy(project: Project) -> None:
    """Remove temporary files that killed programs left, whatever their age: only the holder of the lock has temporary files in use."""
    remove_leftovers(project.state, older_than=0)
    for name in TABLES:
        for file in project.data.glob(f".{name}.csv.*.new"):
            file.unlink(missing_ok=True)


def inside(project: Project, path: Path) -> Path:
    """Return a path in the project with symbolic links resolved.

    Raises
    ------
    QjmapError : the path leads out of the project, where no command may write.
    """
    real, root = Path(os.path.realpath(path)), Path(os.path.realpath(project.root))
    if not real.is_relative_to(root):
        raise QjmapError("file-outside", file=project.display_path(path), target=str(real))
    return real
