"""Options and arguments that several commands share, and the engine that they choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qjmap.cli.click_classes import Argument, Choice, Command, Count, Option
from qjmap.errors import UsageError
from qjmap.schema import TABLES

if TYPE_CHECKING:
    from qjmap.engine import Engine

PATH: Any = click.Path(path_type=Path)
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")

argument = partial(click.argument, cls=Argument)
option = partial(click.option, cls=Option)

project_argument = argument("project", type=PATH, default=".", metavar_key="project")
project_option = option("--project", type=PATH, default=".", text_key="add.project")
json_option = option("--json", "as_json", is_flag=True, text_key="json")
all_option = option("--all", "every", is_flag=True, text_key="all")
strict_option = option("--strict", is_flag=True, text_key="strict")
table_option = option("--table", type=Choice(list(TABLES)), text_key="table")
datum_option = option("--datum", type=Choice(DATUMS, case_sensitive=False), text_key="add.datum")


all_sheets_option = option("--all-sheets", is_flag=True, text_key="add.sheets")


columns_option = option("--columns", metavar_key="columns", text_key="columns")


def sheet_and_encoding_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator that adds the options ``--sheet`` and ``--encoding``, which determine how a table file is read."""
    return option("--sheet", text_key="add.sheet")(option("--encoding", text_key="encoding")(function))


def engine_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator that adds the options ``--engine`` and ``--workers``; see `open_engine`."""
    workers = option("--workers", type=Count(1), text_key="workers")
    return option("--engine", metavar_key="name", text_key="engine")(workers(function))


def command(function: Callable[..., int]) -> click.Command:
    """Decorator that turns a function into the command of its name.

    The function takes the language of messages as its first argument, then the options, and returns the exit code.
    """
    return click.command(function.__name__, cls=Command)(click.pass_obj(function))


@contextmanager
def open_engine(name: str | None, workers: int | None) -> Iterator[Engine | None]:
    """Context manager that opens the engine that ``--engine`` names and yields it; None if the option is not given.

    Raises
    ------
    UsageError : ``--workers`` is given without ``--engine dask``, or `qjmap.engine.open_engine` refuses the name.
    """
    if workers is not None and name != "dask":
        raise UsageError("engine-workers")
    if name is None:
        yield None
        return
    from qjmap.engine import open_engine as open_named  # imported here to save start-up time

    with open_named(name, workers=workers) as engine:
        yield engine
