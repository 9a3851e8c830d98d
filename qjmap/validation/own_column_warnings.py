"""Warnings about own columns: those that are hidden because they look personal, filters with too many values, settings for no column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qjmap.errors import Fault
from qjmap.i18n import Note
from qjmap.project import SETTINGS_FILE, Project
from qjmap.schema import TABLES
from qjmap.tables import Parsed
from qjmap.tables.own_columns import MOST_FILTER_VALUES, OwnColumn, decide

OwnColumns = Mapping[str, tuple[OwnColumn, ...]]


def decide_own_columns(project: Project | None, tables: Mapping[str, Parsed]) -> dict[str, tuple[OwnColumn, ...]]:
    """Return table -> its own columns, each with the kind of its values and whether it is hidden; without a project, by defaults."""
    settings = project.settings.columns if project else None
    return {name: decide(TABLES[name], parsed.own_facts, settings) for name, parsed in tables.items()}


def own_column_faults(project: Project, own: OwnColumns, shown: Mapping[str, str] | None = None) -> list[Fault]:
    """Warn of columns that are hidden because they look personal, of filters with too many values, and of settings for missing columns.

    Parameters
    ----------
    shown : table -> its name in messages; by default its file.
    """
    faults = []
    for name, columns in own.items():
        file = (shown or {}).get(name) or project.display_path(project.table_path(name))
        if guessed := _guessed(columns):
            faults.append(Fault(file, None, None, None, "columns-personal", _params(guessed), "warning"))
        if crowded := [column.name for column in columns if column.crowded]:
            params = {"columns": crowded, "most": MOST_FILTER_VALUES}
            faults.append(Fault(file, None, None, None, "filter-crowded", params, "warning"))
    names = {name: tuple(column.name for column in columns) for name, columns in own.items()}
    if unused := project.settings.columns.unused(names):
        file = project.display_path(project.data / SETTINGS_FILE)
        faults.append(Fault(file, None, "columns", None, "setting-columns-unused", {"columns": unused}, "warning"))
    return faults


def held_back_notes(project: Project | None, parsed: Parsed) -> list[Note]:
    """Return a list with one note that names the columns of a file that would be hidden because they look personal; [] if none would."""
    guessed = _guessed(decide_own_columns(project, {parsed.raw.table.name: parsed})[parsed.raw.table.name])
    return [Note("note-columns-personal", _params(guessed))] if guessed else []


def _guessed(columns: Sequence[OwnColumn]) -> list[str]:
    """Return the names of the columns that are hidden only because they look personal, not because the settings hide them."""
    return [column.name for column in columns if column.guessed]


def _params(columns: Sequence[str]) -> dict[str, object]:
    return {"columns": list(columns), "first": columns[0]}
