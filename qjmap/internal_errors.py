"""Log unexpected exceptions, and make the fault of a row that has raised one.

Steps that process row after row catch any exception and report it as a fault of the row, with a reference to the log:

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
"""Environment variable with the path of the log; by default it is `qjmap-errors.log` in the temporary folder of the system."""

_MAX_BYTES = 8 << 20
"""Size in bytes from which nothing is added to the log."""
_FRAMES = 50
"""Number of innermost frames of a traceback that are written; a deep recursion has thousands."""
_MAX_SUBJECT = 200
"""Maximum length of a subject in the log, in characters."""
_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Flags to open the log without following a symbolic link, and without waiting if it is a pipe."""
_logged: set[tuple[Path, str]] = set()
"""(log, reference) of the exceptions that this process has written."""


def log_unexpected(error: Exception, subject: str, *, hidden: str = "") -> str:
    """Write the traceback of an unexpected exception to the log.

    Exceptions of one type that were raised along the same lines of code are written once in a process.

    Parameters
    ----------
    error : the exception.
    subject : what was processed, such as a file and a row.
    hidden : a secret, such as the key of a provider, that is masked in the log; "" for none.

    Returns
    -------
    The reference of the entry (a hash of type and traceback) and the path of the log, as in ``3f2a91bc, <folder>/qjmap-errors.log``;
    only the reference if the log cannot be written.
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
    """Return the fault of a row whose exception has been logged.

    Parameters
    ----------
    logged : what `log_unexpected` returned.
    file, row, value : as in `Fault`.
    """
    reference, _, log = logged.partition(", ")
    log_names = {"zh": log or "（日志写不进去）", "en": log or "(no log could be written)"}
    return Fault(file, row, None, value, "row-failed", {"reference": reference, "log": log_names})


def _log(error: Exception, subject: str, hidden: str) -> tuple[str, str]:
    """Write an exception to the log; return its reference and the path of the log, "" if it cannot be written."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.name}:{frame.lineno}" for frame in frames]
    if isinstance(error, RecursionError):  # at which frame the stack overflows differs from call to call
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
    if folder.resolve() == Path.cwd():  # what Python falls back to if no temporary folder is writable
        raise OSError("no temporary folder")
    return folder / "qjmap-errors.log"


def _one_line(subject: str) -> str:
    return printable(subject)[:_MAX_SUBJECT]


def _append(path: Path, text: str) -> None:
    """Append a text to a regular file, unless the file has reached `_MAX_BYTES`. Raise OSError if it is no regular file.

    A symbolic link, which somebody may have put into a shared folder, is not followed.
    """
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NOFOLLOW, 0o600)
    with os.fdopen(handle, "ab") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        if status.st_size < _MAX_BYTES:
            file.write(text.encode("utf-8", "replace"))


__all__ = ["LOG", "log_unexpected", "row_failed", "row_fault"]
