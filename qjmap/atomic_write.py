"""Write files atomically: to temporary files in the same folder, which are then renamed, so that no file is ever half-written."""

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

from qjmap.interrupts import raise_if_received

Chunk = bytes | memoryview
Content = Chunk | Iterable[Chunk]
"""Content of a file: its bytes, or chunks of them in order, so that a large file need not be in memory as a whole."""

_TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}\.(?:new|old)", re.DOTALL)
"""Pattern of the names of temporary files (.new) and backups (.old)."""
_NAME_BYTES = 200
"""Maximum length in bytes to which the name of a file is cut in the name of its temporary file. File systems allow 255 bytes."""
LEFTOVER_SECONDS = 3600.0
"""Age in seconds from which a temporary file is considered the leftover of a killed program."""


def write_all(contents: Mapping[Path, Content], *, durable: bool = True) -> list[Path]:
    """Write several files, two at a time: all of them or none. Missing folders are made, and leftovers in the folders are removed.

    If there are several files, existing ones are backed up until all are in place, so that a failure halfway (Excel holds a file open)
    can be rolled back.

    Parameters
    ----------
    contents : path -> content.
    durable : sync to disk before returning, as for tables that people edit; False for files that a command can make again.

    Returns
    -------
    The paths in the given order.

    Raises
    ------
    OSError : from the system, with the path that cannot be written.
    Exception : any exception that was raised while a chunk was computed.

    After an exception, files and folders are as before.
    """
    folders = list(dict.fromkeys(path.parent for path in contents))
    new_folders: list[Path] = []
    temporary: list[tuple[Path, Path]] = []
    placed: list[tuple[Path, Path | None]] = []
    complete = False
    try:
        for folder in folders:
            _make_folder(folder, new_folders)
            remove_leftovers(folder)
        _write_temporary_files(contents, temporary, durable)
        raise_if_received()
        for new, path in temporary:
            with _naming_path(path, new):
                new.chmod(_mode(path))
                backup = _back_up(path) if len(temporary) > 1 else None
                placed.append((path, backup))
                new.replace(path)
        complete = True
    finally:
        if not complete:
            _roll_back(placed, several=len(temporary) > 1)
        for file in (*(new for new, _ in temporary), *(backup for _, backup in placed if backup is not None)):
            file.unlink(missing_ok=True)
        if not complete:
            for folder in reversed(new_folders):
                with suppress(OSError):  # not empty: another program uses it
                    folder.rmdir()
    if durable:
        for folder in folders:
            _sync_folder(folder)
    return list(contents)


def _roll_back(placed: Iterable[tuple[Path, Path | None]], *, several: bool) -> None:
    """Undo the replacements: move each backup to its place, and remove files that did not exist before.

    Parameters
    ----------
    placed : (path, backup) of each replaced file; the backup is None if no file existed before, or if only one file is written.
    several : whether several files are written. A single one needs no undoing: if its replacement failed, nothing has changed.
    """
    for path, backup in placed:
        if backup is not None:
            backup.replace(path)
        elif several:
            path.unlink(missing_ok=True)


def remove_leftovers(folder: Path, older_than: float = LEFTOVER_SECONDS) -> list[Path]:
    """Remove the temporary files of killed programs from a folder, and return their paths.

    Parameters
    ----------
    older_than : age in seconds, since a file was last written or linked, from which it is removed. Files of running programs are younger.
    """
    removed = []
    now = time.time()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not _TEMPORARY.fullmatch(entry.name):
                continue
            with suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) and now - max(status.st_mtime, status.st_ctime) > older_than:
                    Path(entry.path).unlink()
                    removed.append(Path(entry.path))
    return removed


@contextmanager
def _naming_path(path: Path, new: Path | None = None) -> Iterator[None]:
    """Context manager that sets `path` in an OSError that has no path, or that of the temporary file `new`."""
    try:
        yield
    except OSError as error:
        if error.filename is None or (new is not None and str(error.filename) == str(new)):
            error.filename, error.filename2 = str(path), None
        raise


def _make_folder(folder: Path, new_folders: list[Path]) -> None:
    """Make a folder and its missing parents, and append those that were missing to `new_folders`. Raise FileExistsError for a file."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    if not missing:
        folder.mkdir(exist_ok=True)  # raises FileExistsError if it is a file
    for parent in reversed(missing):
        parent.mkdir(exist_ok=True)
        new_folders.append(parent)


class _Stopped(Exception):
    """Cancels a write after another file of the same call could not be written."""


def _write_temporary_files(contents: Mapping[Path, Content], temporary: list[tuple[Path, Path]], durable: bool) -> None:
    """Write the contents to temporary files in two threads, which also compute the chunks.

    Parameters
    ----------
    temporary : (temporary file, path) of each written file is appended, also if others fail.
    """
    stop = Event()
    pool = ThreadPoolExecutor(2)
    futures = [
        (path, pool.submit(_write_temporary, path, content, stop, durable)) for path, content in contents.items()
    ]
    try:
        wait([future for _, future in futures], return_when=FIRST_EXCEPTION)
    finally:  # all files are written, one has failed, or the user has interrupted
        stop.set()
        pool.shutdown()
        temporary += [(future.result(), path) for path, future in futures if future.exception() is None]
    errors = [error for _, future in futures if (error := future.exception()) is not None]
    for error in sorted(errors, key=lambda error: isinstance(error, _Stopped)):
        raise error


def _write_temporary(path: Path, content: Content, stop: Event, durable: bool) -> Path:
    if stop.is_set():
        raise _Stopped
    handle, new = _make_temporary(path, ".new")
    try:
        with _naming_path(path, new), os.fdopen(handle, "wb") as file:
            for chunk in (content,) if isinstance(content, Chunk) else content:
                if stop.is_set():
                    raise _Stopped
                file.write(chunk)
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except BaseException:  # a chunk could not be computed, the disk is full, or the user has interrupted
        new.unlink(missing_ok=True)
        raise
    return new


def _make_temporary(path: Path, suffix: str) -> tuple[int, Path]:
    """Create an empty file in the folder of `path`, with a name that `remove_leftovers` recognises; return its file descriptor and path."""
    short = path.name.encode("utf-8", "surrogateescape")[:_NAME_BYTES].decode("utf-8", "ignore")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{short}.", suffix=suffix)
    except OSError as error:
        error.filename = str(path)
        raise
    return handle, Path(name)


def _sync_folder(folder: Path) -> None:
    """Sync the entries of a folder to disk, if the system supports it."""
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):  # not every file system supports it
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def file_chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in chunks of 8 MiB, as content for `write_all`."""
    with path.open("rb") as file:
        while chunk := file.read(1 << 23):
            yield chunk


def _back_up(path: Path) -> Path | None:
    """Back up a file that is about to be replaced, by a hard link or a copy. Return the backup; None if the file does not exist."""
    if not path.exists():
        return None
    handle, backup = _make_temporary(path, ".old")
    os.close(handle)
    backup.unlink()
    try:
        backup.hardlink_to(path)
    except OSError:  # no hard links on this file system
        backup = _write_temporary(path, file_chunks(path), Event(), durable=True)
        backup.chmod(_mode(path))
    return backup


def _mode(path: Path) -> int:
    """Return the permissions for a written file, whose temporary file is private: those of the existing file, else those of a new one."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
