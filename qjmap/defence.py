"""The last line of defence around a step that is done row by row.

An exception that nobody foresaw in one row becomes that row's fault, with a reference to a log; the other rows go on.
Around a step:

    try:
        ...
    except MemoryError:
        raise
    except Exception as error:
        faults.append(row_failed(error, file, row, value))
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

from qjmap.errors import Fault

LOG = "QJMAP_LOG"
"""The environment variable that names the log file; without it `qjmap-errors.log` in the system's temporary folder."""

_FULL = 8 << 20
"""Bytes of a log that nothing more is written to."""
_FRAMES = 50
"""Innermost frames that are written: a deep recursion has thousands, all alike."""
_ABOUT = 200
_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_logged: set[tuple[Path, str]] = set()


def log_unexpected(error: Exception, about: str, *, hidden: str = "") -> str:
    """Writes the traceback of an unexpected exception to the log; what happens again is written once a process.

    Parameters
    ----------
    about : what was worked on, such as a file and a row.
    hidden : a key, which is not written.

    Returns
    -------
    the reference and the path of the log (the reference alone where no log can be written), as ``3f2a91bc, /tmp/…``.
    """
    reference, log = _log(error, about, hidden)
    return f"{reference}, {log}" if log else reference


def row_failed(error: Exception, file: str, row: int | None, value: str | None) -> Fault:
    """The fault of a row that an unexpected exception ended, which is written to the log.

    Parameters
    ----------
    file, row, value : as in `Fault`.
    """
    return row_fault(log_unexpected(error, f"{file}, row {row}: {value!r}"), file, row, value)


def row_fault(logged: str, file: str, row: int | None, value: str | None) -> Fault:
    """The fault of a row whose exception is in the log already, under what `log_unexpected` returned.

    Parameters
    ----------
    file, row, value : as in `Fault`.
    """
    reference, _, log = logged.partition(", ")
    named = {"zh": log or "（日志写不进去）", "en": log or "(no log could be written)"}
    return Fault(file, row, None, value, "row-failed", {"reference": reference, "log": named})


def _log(error: Exception, about: str, hidden: str) -> tuple[str, str]:
    """The reference, and the path of the log; "" where it cannot be written."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{Path(one.filename).name}:{one.name}:{one.lineno}" for one in frames]
    if isinstance(error, RecursionError):  # how deep the stack was before differs from call to call
        places = sorted(set(places))
    told = "|".join([type(error).__name__, *places])
    reference = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    try:
        log = _path()
        if (log, reference) not in _logged:
            lines = traceback.format_exception_only(error)
            text = "".join([*traceback.format_list(frames), *lines])
            when = datetime.now(UTC).isoformat(timespec="seconds")
            told = f"[{reference}] {when} {_line(about)}\n{text}\n"
            for key in {hidden, quote(hidden), quote_plus(hidden)} - {""}:
                told = told.replace(key, "***")
            _append(log, told)
            _logged.add((log, reference))
    except Exception:  # a log that cannot be written must not stop what it is there to keep going
        return reference, ""
    return reference, str(log)


def _path() -> Path:
    told = os.environ.get(LOG, "")
    if told:
        return Path(told)
    folder = Path(tempfile.gettempdir())
    if folder.resolve() == Path.cwd():  # what Python falls back to where no temporary folder can be written
        raise OSError("no temporary folder")
    return folder / "qjmap-errors.log"


def _line(about: str) -> str:
    return "".join(one if one.isprintable() else " " for one in about)[:_ABOUT]


def _append(path: Path, text: str) -> None:
    """Appends to a regular file of the user's own: no link that somebody laid in a shared folder is followed."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NOFOLLOW, 0o600)
    with os.fdopen(handle, "ab") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError("not a regular file")
        if found.st_size < _FULL:
            file.write(text.encode("utf-8", "replace"))


__all__ = ["LOG", "log_unexpected", "row_failed", "row_fault"]
