"""Make one row of several that are one: what one does not say the others do; what they say differently is told.

The first row counts where they differ, that of the including project before those of included ones. Cells that belong together
are taken together. Names in other wording become aliases, lists are united, of two dates the finer is taken, all sources are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from qjmap.errors import Fault
from qjmap.including.parts import is_filled
from qjmap.schema import LIST_SEPARATOR, TABLES, fold
from qjmap.tables.frame import ROW

Row = Mapping[str, Any]
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
"""Cell -> the cells that are taken with it."""
_FOLLOWING = frozenset(name for names in _TOGETHER.values() for name in names)
_COMPARED = ("vocab", "date", "number", "integer", "id")
"""Types of the cells of which different ones are told: texts may be worded in many ways."""
_NOT_COMPARED = ("as_of", "accessed", "precision", "datum", "source", "position_source", "length_source")
_NAMES = ("name", "title")
Comparison = Literal["same", "finer", "differs"]
"""What a cell is beside that of the first row."""
Compare = Callable[[str, Any, Any], Comparison]
"""Called with a column and two different cells; of a position with two rows."""


@dataclass(frozen=True)
class Told:
    """A row, and where it stands: file as messages name it and row number, 0 for a place of the gazetteer without a row."""

    row: Row
    file: str

    @property
    def number(self) -> int:
        """Its row number."""
        return int(self.row[ROW])


def combine_rows(table: str, told: Sequence[Told], compare: Compare) -> tuple[dict[str, Any], list[Fault]]:
    """Return one row, and a warning for each cell that differs.

    Parameters
    ----------
    told : the rows, that which gives the id first.
    """
    told = [*sorted(told, key=lambda one: one.number == 0)] if told[0].number == 0 else told
    made = dict(told[0].row)
    faults: list[Fault] = []
    for other in told[1:]:
        for name, cell in other.row.items():
            if name in ("id", ROW) or name in _FOLLOWING or not is_filled(cell):
                continue
            faults += _take(table, made, name, told[0], other, compare)
    if "source" in made:
        made["source"], made["locator"] = _sources([one.row for one in told])
    return made, faults


def _take(table: str, made: dict[str, Any], name: str, first: Told, other: Told, compare: Compare) -> Iterator[Fault]:
    """Take a cell of another row into the one that is made, or yield that it differs."""
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
    """Return a cell, of a position the row."""
    return row if name == "orig_lon" else row[name]


def _difference(table: str, name: str, first: Told, made: Row, other: Told) -> Fault:
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
    """Return the sources of all rows, each once, and where in each the fact stands."""
    found: dict[str, str] = {}
    for row in rows:
        if row["source"] and not found.get(row["source"]):
            found[row["source"]] = row["locator"]
    if len(found) < 2:
        return next(iter(found.items()), ("", next((row["locator"] for row in rows if row["locator"]), "")))
    locators = [locator.replace(LIST_SEPARATOR, "/") for locator in found.values()]
    return LIST_SEPARATOR.join(found), LIST_SEPARATOR.join(locators) if any(locators) else ""
