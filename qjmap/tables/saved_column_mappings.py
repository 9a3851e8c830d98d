"""Column mappings that a project keeps in `data/.qjmap/columns.json`, by table and header.

A successful `qjmap add --columns` saves its mapping, which is used for later files with the same header. If `columns.json` cannot be
read, it counts as missing, and the next saved mapping replaces it.
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
from qjmap.tables.columns_option import GivenColumns, find_given_columns, format_columns_option, header_signature
from qjmap.tables.readers.grid import Grid

FILE = "columns.json"
_MOST = 200
"""Maximum number of mappings kept for a table; the oldest are dropped."""
_MOST_BYTES = 1 << 20
"""Maximum size of the file in bytes; a larger one counts as damaged."""


@dataclass(frozen=True)
class ColumnSource:
    """Where to look for the meaning of a file's columns: what the user says, else the mapping that the project saved.

    Attributes
    ----------
    told : canonical column -> header, letter or number of a column, "" for a column that the file lacks; None if the user says nothing.
    state : folder `data/.qjmap` of the project; None without a project.
    """

    told: Mapping[str, str] | None = None
    state: Path | None = None

    def find(self, grid: Grid, table: Table) -> GivenColumns | None:
        """Find the columns of a file; None if neither the user nor the project says anything. A note in the grid tells of a saved mapping.

        Raises
        ------
        UsageError : as in `find_given_columns`.
        """
        columns = self.told
        if columns is None and self.state is not None and grid.header_row:
            columns = recall_columns(self.state, table.name, grid.header)
            if columns:
                grid.notes.append(Note("note-columns-recalled", {"columns": format_columns_option(columns, table)}))
        return find_given_columns(columns, grid.header) if columns else None


def recall_columns(state: Path, table: str, header: Sequence[str]) -> dict[str, str]:
    """Return the mapping saved for files with this header: canonical column -> header, letter or number; empty if there is none.

    Parameters
    ----------
    state : folder `data/.qjmap` of the project.
    """
    known = _load(state).get(table, {}).get(header_signature(header), {})
    return {ours: theirs for ours, theirs in known.items() if isinstance(ours, str) and isinstance(theirs, str)}


def remember_columns(state: Path, table: str, header: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Save the mapping for files with this header, or delete the saved one if `columns` is empty; return whether anything changed.

    Of more than `_MOST` mappings of a table, or if the file would exceed `_MOST_BYTES`, the oldest are dropped. The caller holds the project's lock.

    Parameters
    ----------
    state : folder `data/.qjmap` of the project.
    columns : canonical column -> header, letter or number, as `recall_columns` returns it.

    Raises
    ------
    OSError : the file cannot be written.
    """
    tables = _load(state)
    of_table, key = dict(tables.get(table, {})), header_signature(header)
    if of_table.get(key, {}) == dict(columns):
        return False
    of_table.pop(key, None)
    if columns:
        of_table[key] = dict(columns)
    kept = [*of_table.items()][-_MOST:]
    content = _serialize(tables | {table: dict(kept)})
    while len(content) > _MOST_BYTES and len(kept) > 1:
        kept = kept[len(kept) // 2 :]
        content = _serialize(tables | {table: dict(kept)})
    state.mkdir(parents=True, exist_ok=True)
    write_all({state / FILE: content})
    return True


def _serialize(tables: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> bytes:
    return json.dumps({"version": 1, "tables": tables}, ensure_ascii=False, indent=1).encode()


def _load(state: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Load the mappings by table and by signature of the header; an empty dictionary if the file is missing or damaged."""
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
