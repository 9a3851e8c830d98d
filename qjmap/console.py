"""What all commands share of the terminal: its encoding, the line of progress, faults and errors as text or JSON, the engine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from qjmap.errors import DataFaults, Fault, QjmapError, UsageError
from qjmap.messages import text

if TYPE_CHECKING:
    from pathlib import Path

    from qjmap.engine import Engine
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


def report_error(error: QjmapError, lang: str, *, as_json: bool) -> int:
    """Says what stopped the command, and gives its exit code."""
    if as_json:
        faults = error.faults if isinstance(error, DataFaults) else ()
        plain = {"file": None, "row": None, "column": None, "value": None, "code": error.code}
        more = {"message": error.message(lang), "cure": error.cure(lang), "severity": "fault"}
        listed = [fault.as_dict(lang) for fault in faults] or [{**plain, **more}]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        click.echo(error.line(lang), err=True)
        if isinstance(error, DataFaults):
            click.echo(text("done.nothing", lang), err=True)
    return error.exit_code
