"""Print the output of commands: bytes, faults, notes and errors, as text or JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from qjmap.cli.fault_groups import fault_lines
from qjmap.errors import DamagedFile, DataFaults, Fault, QjmapError
from qjmap.i18n import Note, text


def escape_unencodable() -> None:
    """Make standard output and error write characters that their encoding (such as GBK) lacks as escapes, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def flush_or_discard() -> None:
    """Flush standard output and error. If that fails, redirect the stream to the null device.

    The interpreter flushes again when it exits and would print the error once more.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class StandardOutput:
    """Standard output for bytes. Its errors are raised in this module, so that `system_errors` can tell them from those of files."""

    def write(self, data: bytes | memoryview) -> int:
        """Write bytes and return their number."""
        return sys.stdout.buffer.write(data)

    def flush(self) -> None:
        """Flush the buffer."""
        sys.stdout.flush()


def print_faults(faults: Sequence[Fault], lang: str, as_json: bool, *, every: bool = False) -> None:
    """Print faults as JSON, or as text: grouped in few lines (see `fault_groups`), or with `every` each in a line of its own."""
    if as_json:
        print_json(faults, lang)
    else:
        for line in fault_lines(faults, lang, every=every):
            click.echo(line)


def print_json(faults: Sequence[Fault], lang: str) -> None:
    """Print faults as a JSON list of objects."""
    click.echo(json.dumps([fault.as_dict(lang) for fault in faults], ensure_ascii=False, indent=1))


def print_notes(notes: Sequence[Note], lang: str, as_json: bool) -> None:
    """Print notes, as text or JSON. Each must have the file that it is about as its parameter ``path``."""
    messages = [(note.key.replace(".", "-"), str(note.params["path"]), note.text(lang)) for note in notes]
    print_messages(messages, as_json)


def print_messages(messages: Sequence[tuple[str, str, str]], as_json: bool) -> None:
    """Print messages, given as (code, file, text): one in each line, or as JSON with the same fields as faults."""
    if not as_json:
        for _, _, message in messages:
            click.echo(message)
        return
    rows = [
        {"file": file, **_NO_CELL, "code": code, "message": message, "cure": "", "severity": "note"}
        for code, file, message in messages
    ]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


def report_error(error: QjmapError, lang: str, *, as_json: bool, every: bool = False) -> int:
    """Print the error that stopped a command, and return its exit code; 1 if the reader of a pipe has closed it.

    If the error cannot be printed as JSON, it is printed as text; if that fails too, as its code and parameters, with exit code 2.

    Parameters
    ----------
    every : print each fault of the error in a line of its own.
    """
    try:
        code = _print_error(error, lang, as_json=as_json, every=every)
        if as_json:
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        return 1
    except Exception as failure:
        if as_json:
            return report_error(error, lang, as_json=False, every=every)
        with suppress(OSError):
            sys.stderr.write(f"qjmap: {error.code} {dict(error.params)} ({type(failure).__name__}: {failure})\n")
        return 2


def _print_error(error: QjmapError, lang: str, *, as_json: bool, every: bool) -> int:
    """Print an error, as JSON to standard output or as text to standard error, and return its exit code."""
    faults = error.faults if isinstance(error, DataFaults) else ()
    if as_json:
        place = {"file": error.params.get("path"), **_NO_CELL, "code": error.code}
        words = {"message": error.message(lang), "cure": error.cure(lang), "severity": "fault"}
        rows = [fault.as_dict(lang) for fault in faults] or [{**place, **words}]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
        return error.exit_code
    if usage := getattr(error, "usage", ""):
        click.echo(f"{usage}\n", err=True)
    lines = fault_lines(faults, lang, every=every) or [error.line(lang)]
    if faults and not isinstance(error, DamagedFile):
        lines.insert(0, error.message(lang))
    for line in lines:
        click.echo(line, err=True)
    if faults and error.exit_code == 1:
        click.echo(text("done.nothing", lang), err=True)
    return error.exit_code


_NO_CELL = {"row": None, "column": None, "value": None}
"""Fields of a message that is about no cell."""
