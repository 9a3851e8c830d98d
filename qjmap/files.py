"""Files that are whole or not there: everything is written beside its place, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_all(contents: Mapping[Path, bytes]) -> list[Path]:
    """Writes several files; when one cannot be written, none is changed.

    Returns the paths in the order given. OSError as the system raises it, with nothing left behind.
    """
    beside: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
            beside.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(_mode(path))
        for new, path in beside:
            new.replace(path)
    finally:
        for new, _ in beside:
            new.unlink(missing_ok=True)
    return list(contents)


def _mode(path: Path) -> int:
    """The mode the file has, else what a new file gets: a temporary file is the owner's alone."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
