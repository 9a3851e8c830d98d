"""Read change files: ordered lists of changes of rows, which the page's editor saves and `qjmap apply` applies.

    {"qjmap_changes": 1, "map": "qijiang", "changes": [
     {"op": "change", "table": "sites", "id": "a", "old": {"name": "旧名"}, "new": {"name": "新名"}},
     {"op": "add", "table": "sites", "id": "b", "new": {"name": "新厂", "place": "qijiang"}},
     {"op": "delete", "table": "sites", "id": "c", "old": {"name": "关闭的厂"}}]}

Cells are texts, as typed in a table; "" is an empty cell. `old` has the cells before the change as the page showed them, `new` the cells
to write. The file is untrusted input.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.project import display_path
from qjmap.schema import TABLES
from qjmap.tables.generate_ids import ID
from qjmap.tables.readers.limits import MB, check_limit

Op = Literal["add", "change", "delete"]
"""Kind of a change of a row."""

OPS: tuple[Op, ...] = ("add", "change", "delete")
VERSION = 1
"""Version of the format of change files."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A change of one row.

    Attributes
    ----------
    number : number of the change in its file, from 1.
    table, id : table and id of the row. The id of an added row may be empty; then one is generated.
    old : column -> cell before the change; empty for an added row.
    new : column -> cell to write; empty for a deleted row.
    """

    number: int
    op: Op
    table: str
    id: str
    old: Mapping[str, str]
    new: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChangeFile:
    """A file of changes.

    Attributes
    ----------
    file : name of the file in messages.
    map : id of the map whose page saved it; "" if it applies to any map.
    """

    file: str
    map: str
    changes: tuple[RowChange, ...]


def read_changes(path: Path | str) -> ChangeFile:
    """Read a change file.

    Raises
    ------
    UsageError : the file is missing or too large, is not a change file, or is of another version of the format.
    DataFaults : some changes are invalid; the row of a fault is the number of the change.
    """
    path = Path(path)
    shown = display_path(path)
    if not path.is_file():
        raise UsageError("file-missing", path=shown)
    data = path.read_bytes()
    check_limit("file_mb", len(data) / MB, shown=shown)
    return parse_changes(data, shown)


def parse_changes(data: bytes, shown: str) -> ChangeFile:
    """Parse the content of a change file, which messages call `shown`. Errors are as in `read_changes`."""
    try:
        document: Any = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UsageError("changes-form", path=shown) from None
    version = document.get("qjmap_changes") if isinstance(document, dict) else None
    rows = document.get("changes") if isinstance(document, dict) else None
    if type(version) is not int or not isinstance(rows, list) or not isinstance(document.get("map", ""), str):
        raise UsageError("changes-form", path=shown)
    if version != VERSION:
        raise UsageError("changes-version", path=shown, version=version, known=VERSION)
    faults: list[Fault] = []
    changes = []
    for number, row in enumerate(rows, start=1):
        if (fault := _fault(row, number, shown)) is not None:
            faults.append(fault)
            continue
        changes.append(
            RowChange(number, row["op"], row["table"], row.get("id", ""), row.get("old", {}), row.get("new", {}))
        )
    if faults:
        raise DataFaults(faults)
    return ChangeFile(shown, document.get("map", ""), tuple(changes))


def _fault(row: Any, number: int, shown: str) -> Fault | None:
    """Return the fault of a change that is not of the form in the module's docstring; None if it is."""
    if not isinstance(row, dict):
        return Fault(shown, number, None, None, "change-form")
    table, op, identifier = row.get("table"), row.get("op"), row.get("id", "")
    if table not in TABLES:
        return Fault(shown, number, "table", str(table), "change-table", {"allowed": list(TABLES)})
    if op not in OPS:
        return Fault(shown, number, "op", str(op), "change-op", {"allowed": list(OPS)})
    if (
        not isinstance(identifier, str)
        or (identifier and not ID.fullmatch(identifier))
        or (not identifier and op != "add")
    ):
        return Fault(shown, number, "id", str(identifier), "change-id")
    for key in ("old", "new"):
        cells = row.get(key, {})
        if not isinstance(cells, dict) or not all(isinstance(cell, str) for cell in cells.values()):
            return Fault(shown, number, key, None, "change-cells")
        if cells.get("id", identifier) != identifier:
            return Fault(shown, number, "id", str(cells["id"]), "change-renames-id", {"id": identifier})
    if (op != "delete") is not bool(row.get("new")):
        return Fault(shown, number, "new", None, "change-nothing" if op != "delete" else "change-form")
    return None


@dataclass
class NetChange:
    """All changes of one row, combined into one.

    Attributes
    ----------
    table, id : table and id of the row; an added row without an id has "".
    added : whether the row is added. If `removed` too, a row with this id is deleted first.
    removed : whether a row of the table is deleted.
    old : column -> cell of the table's row before the first of the changes.
    new : column -> cell to write.
    numbers : numbers of the changes in their file.
    """

    table: str
    id: str
    added: bool
    removed: bool
    old: dict[str, str]
    new: dict[str, str]
    numbers: list[int]


def net_changes(file: ChangeFile) -> list[NetChange]:
    """Combine the changes of each row into one.

    They are in the order of the first change of each row; a row that is deleted and added again is where it was added. A row that is
    added and then deleted has no change.

    Raises
    ------
    DataFaults : a change contradicts earlier ones: it changes a row that they deleted, for example.
    """
    rows: dict[tuple[str, str], NetChange] = {}
    faults: list[Fault] = []
    for change in file.changes:
        key = (change.table, change.id or f"+{change.number}")
        row = rows.get(key)
        gone = row is not None and row.removed and not row.added
        if (row is not None and change.op == "add" and not gone) or (gone and change.op != "add"):
            code = "change-again" if change.op == "add" else "change-of-deleted"
            faults.append(
                Fault(file.file, change.number, "id", change.id, code, {"before": row.numbers} if row else {})
            )
            continue
        _join(rows, key, change)
    if faults:
        raise DataFaults(faults)
    return list(rows.values())


def _join(rows: dict[tuple[str, str], NetChange], key: tuple[str, str], change: RowChange) -> None:
    """Combine a change with the earlier ones of its row, which are in `rows` under `key`."""
    row = rows.get(key)
    new = {name: cell for name, cell in change.new.items() if name != "id"}
    if row is None:
        added, removed = change.op == "add", change.op == "delete"
        rows[key] = NetChange(change.table, change.id, added, removed, dict(change.old), new, [change.number])
        return
    row.numbers.append(change.number)
    if change.op == "delete":
        if row.added and not row.removed:
            del rows[key]
            return
        row.added, row.removed, row.new = False, True, {}
    elif change.op == "add":
        row.added, row.new = True, new
        rows[key] = rows.pop(key)  # added rows are in the order in which they were added
    else:
        for name in new:
            if not row.added and name not in row.new and name in change.old:
                row.old.setdefault(name, change.old[name])
        row.new |= new


def changed_tables(changes: Sequence[NetChange]) -> list[str]:
    """Return the names of the tables that are changed, in the order of the schema."""
    touched = {change.table for change in changes}
    return [name for name in TABLES if name in touched]
