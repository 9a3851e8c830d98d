"""Files that are whole or not there: everything is written beside its place, then renamed."""

from __future__ import annotations

import os
import re
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import BinaryIO

Part = bytes | memoryview
"""Bytes, or a view of them where they stand already."""
Content = Part | Iterable[Part]
"""What a file holds: its bytes, or its parts one after the other, so that no file need be in memory as a whole."""

_STRETCH = 1 << 24
"""Bytes of a large file that the system holds before they go to the disk."""
_TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}\.(?:new|old)", re.DOTALL)
"""What files are called while they are written, and while they are kept to be put back."""
_NAME_BYTES = 200
"""Of a file's name in that of its temporary file: names may have 255 bytes in all."""
LEFT_SECONDS = 3600.0
"""Age from which a temporary file was left by a program that was killed."""


def write_all(contents: Mapping[Path, Content], *, lasting: bool = True) -> list[Path]:
    """Writes several files, two at a time; when one cannot be written, none is changed.

    A file that is there is kept under another name until all are in place, so that a refusal in the middle (a file that
    Excel holds open) can be taken back.

    Parameters
    ----------
    lasting : wait until the disk holds them, as for tables that people edit; without it a loss of power may take what was
        just written, which is no loss where one command makes it again.

    What killed programs left in the folders is removed (see `sweep`).

    Returns the paths in the order given. OSError as the system raises it, of the path that was to be written, with nothing
    left behind, no folder either.
    """
    folders = list(dict.fromkeys(path.parent for path in contents))
    made: list[Path] = []
    beside: list[tuple[Path, Path]] = []
    placed: list[tuple[Path, Path | None]] = []
    done = False
    try:
        for folder in folders:
            _make_folder(folder, made)
            sweep(folder)
        _write_all_beside(contents, beside, lasting)
        for new, path in beside:
            with _blamed(path, new):
                new.chmod(_mode(path))
                kept = _keep(path) if len(beside) > 1 else None
                placed.append((path, kept))
                new.replace(path)
        done = True
    finally:
        if not done:
            _take_back(placed, several=len(beside) > 1)
        for left in (*(new for new, _ in beside), *(kept for _, kept in placed if kept is not None)):
            left.unlink(missing_ok=True)
        if not done:
            for folder in reversed(made):
                with suppress(OSError):  # somebody else has put something there
                    folder.rmdir()
    if lasting:
        for folder in folders:
            _settle_folder(folder)
    return list(contents)


def _take_back(placed: Iterable[tuple[Path, Path | None]], *, several: bool) -> None:
    """Puts back what was there before."""
    for path, kept in placed:
        if kept is not None:
            kept.replace(path)
        elif several:
            path.unlink(missing_ok=True)


def sweep(folder: Path, older_than: float = LEFT_SECONDS) -> list[Path]:
    """Removes the temporary files that killed programs left in a folder; returns those that were removed.

    Parameters
    ----------
    older_than : seconds since a file was last written or linked; what a running program writes is younger.
    """
    swept = []
    now = time.time()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not _TEMPORARY.fullmatch(entry.name):
                continue
            with suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(found.st_mode) and now - max(found.st_mtime, found.st_ctime) > older_than:
                    Path(entry.path).unlink()
                    swept.append(Path(entry.path))
    return swept


@contextmanager
def _blamed(path: Path, new: Path | None = None) -> Iterator[None]:
    """An OSError of no file, or of a temporary one, is one of the file that is to be written."""
    try:
        yield
    except OSError as error:
        if error.filename is None or (new is not None and str(error.filename) == str(new)):
            error.filename, error.filename2 = str(path), None
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Makes a folder and those that it lies in, and notes those that were not there."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    if not missing:
        folder.mkdir(exist_ok=True)  # FileExistsError where it is a file
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        made.append(one)


class _Stopped(Exception):
    """Another file cannot be written, so this one need not be."""


def _write_all_beside(contents: Mapping[Path, Content], beside: list[tuple[Path, Path]], lasting: bool) -> None:
    """Writes every file beside its place and notes where; the parts of a file are made in the thread that writes it."""
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
    handle, new = _temporary(path, ".new")
    try:
        with _blamed(path, new), os.fdopen(handle, "wb") as file:
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


def _temporary(path: Path, suffix: str) -> tuple[int, Path]:
    """An empty file beside its place, open, under a name that `sweep` knows."""
    short = path.name.encode("utf-8", "surrogateescape")[:_NAME_BYTES].decode("utf-8", "ignore")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{short}.", suffix=suffix)
    except OSError as error:
        error.filename = str(path)
        raise
    return handle, Path(name)


def _settle_folder(folder: Path) -> None:
    """Puts on the disk which file a name stands for, where the system can be told so."""
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):  # a file system that knows no such thing
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


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
    handle, kept = _temporary(path, ".old")
    os.close(handle)
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
