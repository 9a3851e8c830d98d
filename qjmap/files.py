"""Files that are whole or not there: everything is written beside its place, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event
from typing import BinaryIO

Part = bytes | memoryview
"""Bytes, or a view of them where they stand already."""
Content = Part | Iterable[Part]
"""What a file holds: its bytes, or its parts one after the other, so that no file need be in memory as a whole."""

_STRETCH = 1 << 24
"""Bytes of a large file that the system holds before they go to the disk."""


def write_all(contents: Mapping[Path, Content], *, lasting: bool = True) -> list[Path]:
    """Writes several files, two at a time; when one cannot be written, none is changed.

    A file that is there is kept under another name until all are in place, so that a refusal in the middle (a file that
    Excel holds open) can be taken back.

    Parameters
    ----------
    lasting : wait until the disk holds them, as for tables that people edit; without it a loss of power may take what was
        just written, which is no loss where one command makes it again.

    Returns the paths in the order given. OSError as the system raises it, with nothing left behind.
    """
    beside: list[tuple[Path, Path]] = []
    placed: list[tuple[Path, Path | None]] = []
    try:
        _write_all_beside(contents, beside, lasting)
        for new, path in beside:
            new.chmod(_mode(path))
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


class _Stopped(Exception):
    """Another file cannot be written, so this one need not be."""


def _write_all_beside(contents: Mapping[Path, Content], beside: list[tuple[Path, Path]], lasting: bool) -> None:
    """Writes every file beside its place and notes where; the parts of a file are made in the thread that writes it."""
    for path in contents:
        path.parent.mkdir(parents=True, exist_ok=True)
    stop = Event()
    pool = ThreadPoolExecutor(2)
    waiting = [(path, pool.submit(_write_beside, path, content, stop, lasting)) for path, content in contents.items()]
    try:
        wait([one for _, one in waiting], return_when=FIRST_EXCEPTION)
    finally:  # all are done, or one has failed, or somebody interrupts
        stop.set()
        pool.shutdown()
        beside += [(one.result(), path) for path, one in waiting if one.exception() is None]
    errors = [error for _, one in waiting if (error := one.exception()) is not None]
    for error in sorted(errors, key=lambda error: isinstance(error, _Stopped)):
        raise error


def _write_beside(path: Path, content: Content, stop: Event, lasting: bool) -> Path:
    if stop.is_set():
        raise _Stopped
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            held = 0
            for part in (content,) if isinstance(content, Part) else content:
                if stop.is_set():
                    raise _Stopped
                held += file.write(part)
                if lasting and held >= _STRETCH:
                    _settle(file)
                    held = 0
            file.flush()
            if lasting:
                os.fsync(file.fileno())
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
        kept = _write_beside(path, parts_of(path), Event(), lasting=True)
        kept.chmod(_mode(path))
    return kept


def _mode(path: Path) -> int:
    """The mode the file has, else what a new file gets: a temporary file is the owner's alone."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
