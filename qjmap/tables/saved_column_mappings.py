"""Mappings of columns that were told with `qjmap add` and worked: `data/.qjmap/columns.json`, by table and header.

A file that cannot be read is as good as none: the next mapping that is remembered replaces it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjmap.atomic_write import write_all
from qjmap.i18n import Note
from qjmap.schema import Table
from qjmap.tables.columns_option import ToldColumns, find_told, header_signature, told_text
from qjmap.tables.readers.grid import Grid

FILE = "columns.json"
_MOST = 200
"""Mappings of one table; the oldest is forgotten."""
_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class ColumnSource:
    """Where it is told which columns of a file are which: by the user, else by what a project remembers.

    Attributes
    ----------
    told : canonical column -> header, letter or number of a column, "" for none; None where the user tells nothing.
    state : folder `data/.qjmap` of the project; None without one.
    """

    told: Mapping[str, str] | None = None
    state: Path | None = None

    def find(self, grid: Grid, table: Table) -> ToldColumns | None:
        """Find the columns of a file; what is remembered is noted in the grid.

        Raises
        ------
        UsageError : as `find_told`.
        """
        columns = self.told
        if columns is None and self.state is not None and grid.header_row:
            columns = recall_columns(self.state, table.name, grid.header)
            if columns:
                grid.notes.append(Note("note-columns-recalled", {"columns": told_text(columns, table)}))
        return find_told(columns, grid.header) if columns else None


def recall_columns(state: Path, table: str, header: Sequence[str]) -> dict[str, str]:
    """Return the mapping of the files with this header; an empty one where there is none.

    Parameters
    ----------
    state : folder `data/.qjmap` of the project.
    """
    known = _load(state).get(table, {}).get(header_signature(header), {})
    return {ours: theirs for ours, theirs in known.items() if isinstance(ours, str) and isinstance(theirs, str)}


def remember_columns(state: Path, table: str, header: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Remember a mapping for the files with this header, or forget it where it is empty; the caller holds the lock.

    Returns
    -------
    whether anything was changed.
    """
    tables = _load(state)
    of_table, key = dict(tables.get(table, {})), header_signature(header)
    if of_table.get(key, {}) == dict(columns):
        return False
    of_table.pop(key, None)
    if columns:
        of_table[key] = dict(columns)
    tables[table] = dict([*of_table.items()][-_MOST:])
    text = json.dumps({"version": 1, "tables": tables}, ensure_ascii=False, indent=1)
    state.mkdir(parents=True, exist_ok=True)
    write_all({state / FILE: text.encode()})
    return True


def _load(state: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The mappings by table and signature; an empty dictionary where the file is missing or damaged."""
    path = state / FILE
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        tables = json.loads(path.read_bytes())["tables"]
        return {
            str(name): {str(key): dict(columns) for key, columns in known.items() if isinstance(columns, dict)}
            for name, known in tables.items()
            if isinstance(known, dict)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
