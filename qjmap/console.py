"""What all commands share of the terminal: its encoding, the line of progress, faults and errors as text or JSON, the engine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from qjmap.errors import DataFaults, Fault, QjmapError, UsageError
from qjmap.messages import text

if TYPE_CHECKING:
    from pathlib import Path

    from qjmap.engine import Engine
    from qjmap.messages import Note
    from qjmap.progress import Bar


def begin_reading(project: Path) -> None:
    """Begins to read a project's largest table while the libraries for it are loaded."""
    from qjmap.schema import TABLES
    from qjmap.tables.scanning import begin

    begin(project / "data" / "sites.csv", TABLES["sites"])


def speak_any_console() -> None:
    """A console of another code page (GBK) shows what it cannot write as an escape, and never fails on it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def flag(arguments: Sequence[str], name: str) -> bool:
    """Whether a flag is given, before click has parsed: what click refuses must be said as was asked, too."""
    return name in arguments[: arguments.index("--") if "--" in arguments else None]


def option(arguments: Sequence[str], name: str) -> str | None:
    """An option's value before click has parsed: the help itself must be in the right language."""
    for number, word in enumerate(arguments):
        if word == name and number + 1 < len(arguments):
            return arguments[number + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return None


@contextmanager
def progress(lang: str, *, silent: bool = False) -> Iterator[Bar]:
    """A line on a terminal that says how far the command is, once it has taken long enough to wonder."""
    from qjmap.progress import Bar

    bar = Bar(sys.stderr, lang, silent=silent)
    try:
        yield bar
    finally:
        bar.close()


@contextmanager
def engine_of(name: str | None, workers: int | None) -> Iterator[Engine | None]:
    """The engine that was asked for; None where none was.

    Raises
    ------
    UsageError : as `open_engine`; a number of workers for anything but the cluster that is started here.
    """
    if workers is not None and name != "dask":
        raise UsageError("engine-workers")
    if name is None:
        yield None
        return
    from qjmap.engine import open_engine

    with open_engine(name, workers=workers) as engine:
        yield engine


class Screen:
    """Standard output for bytes."""

    def write(self, data: bytes | memoryview) -> int:
        """Puts them out."""
        return sys.stdout.buffer.write(data)

    def flush(self) -> None:
        """Puts out what waits."""
        sys.stdout.flush()


def print_faults(faults: Sequence[Fault], lang: str, as_json: bool) -> None:
    """Each on a line of its own, or all as JSON."""
    if as_json:
        print_json(faults, lang)
    else:
        for fault in faults:
            click.echo(fault.line(lang))


def print_json(faults: Sequence[Fault], lang: str) -> None:
    """All as JSON, for machines."""
    click.echo(json.dumps([fault.as_dict(lang) for fault in faults], ensure_ascii=False, indent=1))


def print_done(done: Sequence[tuple[str, str, str]], as_json: bool) -> None:
    """What was done, as (code, file, message): each message on a line of its own, or all as JSON in the form of faults."""
    if not as_json:
        for _, _, message in done:
            click.echo(message)
        return
    listed = [
        {"file": file, "row": None, "column": None, "value": None, "code": code, "message": message, "cure": "", "severity": "note"}
        for code, file, message in done
    ]
    click.echo(json.dumps(listed, ensure_ascii=False, indent=1))


def said(note: Note, lang: str) -> tuple[str, str, str]:
    """A note of what was done with a file (its ``path``) as `print_done` takes it."""
    return note.key.replace(".", "-"), str(note.params["path"]), note.text(lang)


def report_error(error: QjmapError, lang: str, *, as_json: bool) -> int:
    """Says what stopped the command, and gives its exit code."""
    faults = error.faults if isinstance(error, DataFaults) else ()
    if as_json:
        plain = {"file": error.params.get("path"), "row": None, "column": None, "value": None, "code": error.code}
        more = {"message": error.message(lang), "cure": error.cure(lang), "severity": "fault"}
        listed = [fault.as_dict(lang) for fault in faults] or [{**plain, **more}]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1, default=str))
        return error.exit_code
    if usage := getattr(error, "usage", ""):
        click.echo(f"{usage}\n", err=True)
    click.echo(error.line(lang), err=True)
    if faults and error.exit_code == 1:
        click.echo(text("done.nothing", lang), err=True)
    return error.exit_code


def report_any(error: QjmapError, lang: str, *, as_json: bool) -> int:
    """As `report_error`; in words where JSON cannot be put out, and where our texts cannot be read, in a few fixed ones."""
    try:
        code = report_error(error, lang, as_json=as_json)
        if as_json:
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        return 1
    except Exception as more:
        if as_json:
            return report_any(error, lang, as_json=False)
        with suppress(OSError):
            sys.stderr.write(f"qjmap: {error.code} {dict(error.params)} ({type(more).__name__}: {more})\n")
        return 2
