"""Log of unexpected exceptions, and the fault of a row that raised one.

Row-by-row steps catch any exception of a row and report it as that row's fault, with a reference to the log:

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

from qjmap.errors import Fault, printable

LOG = "QJMAP_LOG"
"""Environment variable with the path of the log; by default `qjmap-errors.log` in the system's temporary folder."""

_MAX_BYTES = 8 << 20
"""Size at which the log is full."""
_FRAMES = 50
"""Innermost frames written; a deep recursion has thousands."""
_MAX_SUBJECT = 200
"""Characters of a subject in the log."""
_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_logged: set[tuple[Path, str]] = set()


def log_unexpected(error: Exception, subject: str, *, hidden: str = "") -> str:
    """Write the traceback of an unexpected exception to the log, once a process for the same place and type.

    Parameters
    ----------
    subject : what was processed, such as a file and a row.
    hidden : a secret (the key of a provider) to be masked.

    Returns
    -------
    Reference and path of the log, as ``3f2a91bc, qjmap-errors.log``; the reference alone where no log can be written.
    """
    reference, log = _log(error, subject, hidden)
    return f"{reference}, {log}" if log else reference


def row_failed(error: Exception, file: str, row: int | None, value: str | None) -> Fault:
    """Log the unexpected exception of a row and return the row's fault.

    Parameters
    ----------
    file, row, value : as in `Fault`.
    """
    return row_fault(log_unexpected(error, f"{file}, row {row}: {value!r}"), file, row, value)


def row_fault(logged: str, file: str, row: int | None, value: str | None) -> Fault:
    """The fault of a row whose exception is logged already, as `log_unexpected` returned it.

    Parameters
    ----------
    file, row, value : as in `Fault`.
    """
    reference, _, log = logged.partition(", ")
    log_names = {"zh": log or "（日志写不进去）", "en": log or "(no log could be written)"}
    return Fault(file, row, None, value, "row-failed", {"reference": reference, "log": log_names})


def _log(error: Exception, subject: str, hidden: str) -> tuple[str, str]:
    """Write an exception to the log; return its reference and the log's path, "" where it cannot be written."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.name}:{frame.lineno}" for frame in frames]
    if isinstance(error, RecursionError):  # the depth of the stack differs from call to call
        places = sorted(set(places))
    signature = "|".join([type(error).__name__, *places])
    reference = hashlib.sha256(signature.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    try:
        log = _path()
        if (log, reference) not in _logged:
            lines = traceback.format_exception_only(error)
            text = "".join([*traceback.format_list(frames), *lines])
            when = datetime.now(UTC).isoformat(timespec="seconds")
            entry = f"[{reference}] {when} {_one_line(subject)}\n{text}\n"
            for key in {hidden, quote(hidden), quote_plus(hidden)} - {""}:
                entry = entry.replace(key, "***")
            _append(log, entry)
            _logged.add((log, reference))
    except Exception:  # a failing log must not stop the other rows
        return reference, ""
    return reference, str(log)


def _path() -> Path:
    if path := os.environ.get(LOG, ""):
        return Path(path)
    folder = Path(tempfile.gettempdir())
    if folder.resolve() == Path.cwd():  # Python's fallback where no temporary folder is writable
        raise OSError("no temporary folder")
    return folder / "qjmap-errors.log"


def _one_line(subject: str) -> str:
    return printable(subject)[:_MAX_SUBJECT]


def _append(path: Path, text: str) -> None:
    """Append to a regular file, without following a link that somebody may have put into a shared folder."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NOFOLLOW, 0o600)
    with os.fdopen(handle, "ab") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        if status.st_size < _MAX_BYTES:
            file.write(text.encode("utf-8", "replace"))


__all__ = ["LOG", "log_unexpected", "row_failed", "row_fault"]
