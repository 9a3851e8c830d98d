"""Files that are whole or not there: everything is written beside its place, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_all(contents: Mapping[Path, bytes]) -> list[Path]:
    """Writes several files; when one cannot be written, none is changed.

    A file that is there is kept under another name until all are in place, so that a refusal in the middle (a file that
    Excel holds open) can be taken back.

    Returns the paths in the order given. OSError as the system raises it, with nothing left behind.
    """
    beside: list[tuple[Path, Path]] = []
    placed: list[tuple[Path, Path | None]] = []
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.append((_write_beside(path, content), path))
        for new, path in beside:
            kept = _keep(path) if len(beside) > 1 else None
            placed.append((path, kept))
            new.replace(path)
    except BaseException:
        for path, kept in placed:
            if kept is not None:
                kept.replace(path)
            elif len(beside) > 1:
                path.unlink(missing_ok=True)
        raise
    finally:
        for new, _ in beside:
            new.unlink(missing_ok=True)
        for _, kept in placed:
            if kept is not None:
                kept.unlink(missing_ok=True)
    return list(contents)


def _write_beside(path: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new = Path(name)
    new.chmod(_mode(path))
    return new


def _keep(path: Path) -> Path | None:
    """A second copy of a file that is about to be replaced; None when there is none."""
    return _write_beside(path, path.read_bytes()) if path.exists() else None


def _mode(path: Path) -> int:
    """The mode the file has, else what a new file gets: a temporary file is the owner's alone."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
