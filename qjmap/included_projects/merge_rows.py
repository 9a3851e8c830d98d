"""Combine several rows about one thing into one row, and warn where their cells differ.

An empty cell is filled from the other rows. Where cells differ, the first row counts; the row of the including project comes first.
Cells that belong together, such as a value and its unit, are taken from one row. Other names become aliases, lists are united, of
two dates the more precise is taken, and all sources are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from qjmap.errors import Fault
from qjmap.included_projects.project_tables import is_filled
from qjmap.schema import LIST_SEPARATOR, TABLES, fold
from qjmap.tables.table_frame import ROW

Row = Mapping[str, Any]
"""Column -> parsed value."""
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "orig_lon": ("orig_lat", "orig_datum", "lon", "lat", "datum", "precision", "position_source", "position_locator"),
    "value_cny": ("value_qualifier", "value_kind", "value_kind_word"),
    "value": ("qualifier", "unit"),
    "status": ("status_word", "status_note"),
    "kind": ("kind_word",),
    "category": ("category_word",),
    "mode": ("mode_word",),
    "published_km": ("length_source",),
}
"""Column -> the columns whose cells are taken from the same row as its own."""
_FOLLOWING = frozenset(name for names in _TOGETHER.values() for name in names)
_COMPARED = ("vocab", "date", "number", "integer", "id")
"""Types of columns in which a difference causes a warning, as in positions and adcodes. Texts may have the same meaning if they differ."""
_NOT_COMPARED = ("as_of", "accessed", "precision", "datum", "source", "position_source", "length_source")
_NAMES = ("name", "title")
Comparison = Literal["same", "finer", "differs"]
"""How a cell relates to the cell of the first row: it has the same meaning, is more precise, or contradicts it."""
Compare = Callable[[str, Any, Any], Comparison]
"""Function that compares two different cells. It takes the name of the column and the two cells; for the column `orig_lon`, which
represents the whole position, it takes the two rows."""


@dataclass(frozen=True)
class FileRow:
    """A row with parsed values, and the name of its file in messages."""

    row: Row
    file: str

    @property
    def number(self) -> int:
        """Number of the row in its file; 0 for a place that was taken from the gazetteer and so is in no file."""
        return int(self.row[ROW])


def merge_rows(table: str, rows: Sequence[FileRow], compare: Compare) -> tuple[dict[str, Any], list[Fault]]:
    """Return the combined row, and a warning for each cell in which the rows differ.

    Parameters
    ----------
    rows : rows of the same thing. A cell is taken from the first row in which it is filled, rows from files before a row that was taken from
        the gazetteer; lists are united, and a more precise cell (of dates, or as `compare` finds) replaces a less precise one.
    compare : compares two different cells; see `Comparison`.
    """
    rows = [*sorted(rows, key=lambda one: one.number == 0)] if rows[0].number == 0 else rows
    made = dict(rows[0].row)
    faults: list[Fault] = []
    for other in rows[1:]:
        for name, cell in other.row.items():
            if name in ("id", ROW) or name in _FOLLOWING or not is_filled(cell):
                continue
            faults += _take(table, made, name, rows[0], other, compare)
    if "source" in made:
        made["source"], made["locator"] = _sources([one.row for one in rows])
    return made, faults


def _take(
    table: str, made: dict[str, Any], name: str, first: FileRow, other: FileRow, compare: Compare
) -> Iterator[Fault]:
    """Merge one cell of another row into the combined row (`made`), or yield a warning if the two cells contradict each other.

    Parameters
    ----------
    name : name of the column.
    first : row that counts where cells differ, to which the warning is attached.
    """
    cell = other.row[name]
    kind = TABLES[table].column(name).type if name in TABLES[table] else "lon" if name == "orig_lon" else "text"
    if name in _NAMES and "aliases" in made:
        known = {fold(word) for word in (made[name], *made["aliases"])}
        if fold(cell) not in known:
            made["aliases"] = (*made["aliases"], cell)
    elif not is_filled(made.get(name, "")):
        for one in (name, *_TOGETHER.get(name, ())):
            if one in other.row:
                made[one] = other.row[one]
    elif kind in ("texts", "ids", "roles"):
        made[name] = _united(name, made[name], cell, made)
    elif kind == "date" and name not in _NOT_COMPARED and str(cell).startswith(made[name]):
        made[name] = cell
    elif _differs(name, kind, made[name], cell):
        found = compare(name, _typed(made, name), _typed(other.row, name))
        if found == "finer":
            made[name] = cell
        elif found == "differs" and first.number and other.number:
            yield _difference(table, name, first, made, other)


def _united(name: str, first: tuple[Any, ...], second: tuple[Any, ...], made: Row) -> tuple[Any, ...]:
    known = {fold(word) for word in first if isinstance(word, str)}
    known |= {fold(str(made["name"]))} if name == "aliases" else set()
    return (*first, *(one for one in second if one not in first and not (isinstance(one, str) and fold(one) in known)))


def _differs(name: str, kind: str, first: Any, second: Any) -> bool:
    if first == second or name in _NOT_COMPARED or (kind == "vocab" and "other" in (first, second)):
        return False
    if kind == "date":
        return not first.startswith(second)
    return kind in _COMPARED or name in ("orig_lon", "adcode")


def _typed(row: Row, name: str) -> Any:
    """Return the argument for `Compare`: the cell of a row, or for a position the whole row."""
    return row if name == "orig_lon" else row[name]


def _difference(table: str, name: str, first: FileRow, made: Row, other: FileRow) -> Fault:
    header = {"orig_lon": "lon"}.get(name, name)
    value, theirs = (_shown(row, name) for row in (made, other.row))
    params = {
        "name": str(made.get("name") or made.get("title") or made["id"]),
        "label": {"zh": TABLES[table].column(header).label, "en": header},
        "file_of": other.file, "row_of": other.number, "other": theirs,
    }  # fmt: skip
    return Fault(first.file, first.number, header, value, "include-differs", params, "warning")


def _shown(row: Row, name: str) -> str:
    if name == "orig_lon":
        return f"{row['orig_lon']}, {row['orig_lat']}"
    return f"{row[name]:.15g}" if isinstance(row[name], float) else str(row[name])


def _sources(rows: Sequence[Row]) -> tuple[str, str]:
    """Return the cells `source` and `locator` of the combined row: the sources of all rows, each once, and the locator in each."""
    found: dict[str, str] = {}
    for row in rows:
        if row["source"] and not found.get(row["source"]):
            found[row["source"]] = row["locator"]
    if len(found) < 2:
        return next(iter(found.items()), ("", next((row["locator"] for row in rows if row["locator"]), "")))
    locators = [locator.replace(LIST_SEPARATOR, "/") for locator in found.values()]
    return LIST_SEPARATOR.join(found), LIST_SEPARATOR.join(locators) if any(locators) else ""
