"""Files that are whole or not there: everything is written beside its place, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

Part = bytes | memoryview
"""Bytes, or a view of them where they stand already."""
Content = Part | Iterable[Part]
"""What a file holds: its bytes, or its parts one after the other, so that no file need be in memory as a whole."""

_STRETCH = 1 << 24
"""Bytes of a large file that the system holds before they go to the disk."""


def write_all(contents: Mapping[Path, Content]) -> list[Path]:
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


def _write_beside(path: Path, content: Content) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            held = 0
            for part in (content,) if isinstance(content, Part) else content:
                held += file.write(part)
                if held >= _STRETCH:
                    _settle(file)
                    held = 0
            file.flush()
            os.fsync(file.fileno())
        new.chmod(_mode(path))
    except BaseException:  # a part that cannot be made, a full disk, an interrupt
        new.unlink(missing_ok=True)
        raise
    return new


def _settle(file: BinaryIO) -> None:
    """Puts on the disk what is written so far, and lets the system forget it, where the system can be told so.

    A file of a gigabyte else takes as much of the memory that others use, and all of it is waited for at the end.
    """
    if hasattr(os, "posix_fadvise"):
        file.flush()
        os.fdatasync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def parts_of(path: Path) -> Iterator[bytes]:
    """A file's bytes in parts, for `write_all`."""
    with path.open("rb") as file:
        while part := file.read(1 << 23):
            yield part


def _keep(path: Path) -> Path | None:
    """What a file that is about to be replaced holds, under another name; None when there is none."""
    if not path.exists():
        return None
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".old")
    os.close(handle)
    kept = Path(name)
    kept.unlink()
    try:
        kept.hardlink_to(path)  # another name for the same bytes: nothing is copied
    except OSError:
        return _write_beside(path, parts_of(path))
    return kept


def _mode(path: Path) -> int:
    """The mode the file has, else what a new file gets: a temporary file is the owner's alone."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
