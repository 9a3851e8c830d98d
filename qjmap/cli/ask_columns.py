"""Ask on a terminal whether a column with a similar header is the name, address or coordinate that a file lacks."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qjmap.i18n import text

if TYPE_CHECKING:
    from qjmap.project import Project


def ask_columns(file: Path, project: Project | None, lang: str, options: Mapping[str, Any]) -> dict[str, str] | None:
    """Ask about each column whose header or cells are similar to those of a missing name, address or coordinate.

    Parameters
    ----------
    project : project whose saved mappings of columns are used; None without one.
    options : the options table, datum, sheet and encoding, as `validation.read_file` takes them.

    Returns
    -------
    Canonical column -> header, of the confirmed columns and of those that the project has stored for files with this header. None if no
    column is confirmed, or standard input or output is no terminal.

    Raises
    ------
    UsageError : the file cannot be read, or an option is invalid.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    from qjmap.tables.saved_column_mappings import recall_columns
    from qjmap.validation import read_file

    names = ("table", "datum", "sheet", "encoding")
    raw = read_file(file, project=project, **{name: options.get(name) for name in names})
    known = recall_columns(project.state, raw.table.name, raw.header) if project else {}
    confirmed = {}
    for header, column in raw.near.items():
        label = raw.table.column(column).label if lang == "zh" else column
        if click.confirm(text("ask.column", lang, header=header, column=label), default=True):
            confirmed[column] = header
    return {**known, **confirmed} if confirmed else None
