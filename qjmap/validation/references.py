"""Resolve references between rows; find dangling and ambiguous references, and cycles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.errors import Fault
from qjmap.schema import GAZETTEER_SOURCE, Column
from qjmap.tables.columns import operations as cols
from qjmap.tables.table_frame import ROW, Parsed
from qjmap.validation.country_column import places_elsewhere
from qjmap.validation.places_from_gazetteer import is_kept, is_looked_up
from qjmap.validation.row_index import TABLE_WORDS, RowIndex, reference_columns, references_in
from qjmap.validation.several_names import has_separator, is_split

_GROUPED = {
    "source-unlisted": "values",
    "place-implied": "pairs",
    "place-ambiguous": "pairs",
    "place-unknown": "values",
    "party-unknown": "values",
    "reference-named": "pairs",
    "place-elsewhere": "pairs",
}
"""Code of a warning that is given once for all rows of a column -> the parameter of its text that lists the references."""


@dataclass
class _Grouped:
    """Content of one warning: row numbers, and the distinct texts about the references, in the order in which they were added."""

    rows: set[int] = field(default_factory=set)
    words: dict[str, None] = field(default_factory=dict)

    def add(self, row: int, words: str) -> None:
        """Add a row number and the text about its reference, such as 自贡 → zigong."""
        self.rows.add(row)
        self.words[words] = None


def resolve_references(parsed: Parsed, row_index: RowIndex) -> tuple[Parsed, list[Fault]]:
    """Replace names by ids in the columns that refer to other rows; return the table, and the faults and warnings about its references."""
    faults = _foreign_references(parsed, row_index.foreign_ids)
    changed: dict[str, Any] = {}
    if parsed.raw.table.name == "sites":
        parsed = _move_places_to_part_of(parsed, row_index, faults)
    for column in parsed.raw.table.columns:
        if column.name == "id" or column.type not in ("id", "ids", "roles"):
            continue
        values = cols.column(parsed.frame, column.name)
        if len(values) and column.name in parsed.raw.typed:
            changed[column.name] = _ColumnResolver(parsed, column, row_index, faults).run(values)
    parsed = parsed.with_columns(changed)
    if "roles" in changed:
        faults += _check_roles(parsed, parsed.frame["parties"], parsed.frame["roles"])
    return parsed, faults


def _foreign_references(parsed: Parsed, foreign: frozenset[str]) -> list[Fault]:
    """Return a fault for each reference that is a foreign id of the file (see `id_column`)."""
    if not foreign:
        return []
    faults = []
    rows = parsed.frame[ROW].tolist()
    for name in reference_columns(parsed):
        for row, value in zip(rows, cols.to_objects(cols.column(parsed.frame, name)), strict=True):
            faults += [
                parsed.raw.fault(row, name, typed, "reference-number")
                for typed in references_in(value)
                if typed in foreign
            ]
    return faults


def _move_places_to_part_of(parsed: Parsed, row_index: RowIndex, faults: list[Fault]) -> Parsed:
    """Return the sites with each `place` that names another site moved to `part_of`, and add a warning to `faults`.

    People enter a park, which is a site, as the place of a factory.
    """
    typed_places = cols.column(parsed.frame, "place")
    sites = {
        typed: found[0]
        for typed in cols.unique(typed_places)
        if typed and not row_index.find(typed, ("places",)) and len(found := row_index.find(typed, ("sites",))) == 1
    }
    if not sites:
        return parsed
    places, wholes = cols.to_objects(typed_places).copy(), parsed.frame["part_of"].to_numpy().copy()
    ids, rows = cols.column(parsed.frame, "id"), parsed.frame[ROW].to_numpy()
    moved: dict[str, str] = {}
    moved_rows = []
    for index in np.flatnonzero(cols.isin(places, sites)):
        typed = places[index]
        site = sites[typed]
        if site != ids[index]:
            places[index], wholes[index] = "", tuple(dict.fromkeys((*wholes[index], site)))
            moved[typed] = site
            moved_rows.append(int(rows[index]))
    if not moved:
        return parsed
    pairs = [f"{typed} → {site}" for typed, site in moved.items()]
    faults.append(
        parsed.raw.fault(None, "place", None, "place-is-site", rows=moved_rows, pairs=pairs, severity="warning")
    )
    return parsed.with_columns({"place": places, "part_of": wholes})


class _ColumnResolver:
    """Resolves the references of one column, and collects warnings about them."""

    def __init__(self, parsed: Parsed, column: Column, row_index: RowIndex, faults: list[Fault]) -> None:
        self._parsed, self._column, self._row_index, self._faults = parsed, column, row_index, faults
        self._rows = parsed.frame[ROW].to_numpy()
        self._own_ids = cols.column(parsed.frame, "id")
        self._is_cited = column.refers == ("sources",)
        self._elsewhere = places_elsewhere(parsed) if column.name == "place" else {}
        self._found: dict[str, tuple[str, ...]] = {}
        self._told = {code: _Grouped() for code in _GROUPED}

    def run(self, values: Any) -> Any:
        """Return the values of the column with ids instead of names; a reference that cannot be resolved stays as typed.

        Faults and warnings are added to the list given to the constructor.
        """
        open_ = self._open_rows(values)
        if not open_.size:
            return values
        out, kind = cols.to_objects(values).copy(), self._column.type
        for at in open_.tolist():
            value = out[at]
            if kind == "id":
                out[at] = self._meant(at, value)
            elif kind == "ids":
                out[at] = tuple(dict.fromkeys(self._meant(at, item) for typed in value for item in self._names(typed)))
            else:
                out[at] = tuple((self._meant(at, item), role) for item, role in value)
        for code, grouped in self._told.items():
            if grouped.words:
                words = {_GROUPED[code]: list(grouped.words)}
                self._faults.append(
                    self._parsed.raw.fault(
                        None, self._column.name, None, code, rows=sorted(grouped.rows), severity="warning", **words
                    )
                )
        return out

    def _open_rows(self, values: Any) -> npt.NDArray[np.intp]:
        """Return the indices of the rows to resolve: in a column of single references those whose cell is a name, an unknown text or the
        row's own id, not the id of another row; in a column of lists all rows with any reference.
        """
        if self._column.type != "id":
            return np.flatnonzero(values.astype(bool))
        self._found = {typed: self._find(typed) for typed in cols.unique(values) if typed}
        settled = [typed for typed, found in self._found.items() if found == (typed,)]
        doubtful = ~cols.isin(values, settled) & ~cols.is_empty(values)
        for own in np.flatnonzero(cols.isin(self._own_ids, list(self._found))):
            doubtful[own] |= values[own] == self._own_ids[own]
        return np.flatnonzero(doubtful)

    def _find(self, typed: str) -> tuple[str, ...]:
        return self._row_index.find(typed, self._column.refers)

    def _names(self, typed: str) -> tuple[str, ...]:
        """Return the names that an item of a list consists of: the item itself, unless it holds several names."""
        return self._row_index.gazetteer.parts.get(typed, (typed,)) if is_split(self._column) else (typed,)

    def _tell(self, code: str, at: int, words: str) -> None:
        """Add the row at an index, and the text about its reference (`words`), to the warning with a code."""
        self._told[code].add(int(self._rows[at]), words)

    def _meant(self, at: int, typed: str) -> str:
        """Return the id that the reference `typed` in the row at an index means, and record faults and warnings about it.

        A reference that means no row or several, or a place in another country than the row says, is returned as it is.
        """
        if typed not in self._found:
            self._found[typed] = self._find(typed)
        found = self._found[typed]
        is_row = found and found[0] not in self._row_index.gazetteer.labels
        if not is_row and at in self._elsewhere:  # the name lies in another country than the row says
            self._tell("place-elsewhere", at, f"{typed} → {self._elsewhere[at]}")
            return typed
        if len(found) == 2:
            found = tuple(own for own in found if own != self._own_ids[at])
        if len(found) != 1:
            self._tell_unresolved(at, typed, found)
            return typed
        if found[0] in self._row_index.gazetteer.labels:
            label = self._row_index.gazetteer.labels[found[0]]
            self._tell(
                "place-implied", at, label if typed == label or label.startswith(f"{typed}（") else f"{typed} → {label}"
            )
        elif found[0] != typed:
            self._tell("reference-named", at, f"{typed} → {found[0]}")
        if found[0] == self._own_ids[at] and self._own_ids[at]:
            self._fault(at, typed, "reference-self")
        return found[0]

    def _tell_unresolved(self, at: int, typed: str, found: tuple[str, ...]) -> None:
        """Report a reference that means no row, or several (the ids `found`): as a fault of its row, or in a warning for all such rows."""
        kept = is_kept(self._column, typed)
        candidates = self._row_index.gazetteer.candidates.get(typed) if is_looked_up(self._column) else None
        if found:
            self._fault(at, typed, "reference-ambiguous", ids=list(found))
        elif self._is_cited:
            if typed != GAZETTEER_SOURCE:
                self._tell("source-unlisted", at, typed)
        elif candidates:
            told = f"{typed} → {' / '.join(candidates)}"
            if kept:
                self._tell("place-ambiguous", at, told)
            else:
                self._fault(at, typed, "place-ambiguous", rows=[int(self._rows[at])], pairs=[told])
        elif kept:
            is_party = self._column.name in ("parties", "roles")
            self._tell("party-unknown" if is_party else "place-unknown", at, typed)
        else:
            self._fault(at, typed, "reference-unknown", **self._hints(typed))

    def _hints(self, typed: str) -> dict[str, dict[str, str]]:
        """Return the tables that were searched, and suggestions, in both languages, as parameters of a fault."""
        near = self._row_index.suggestions(typed, self._column.refers)
        hint = {
            "zh": f"；相近的有：{'、'.join(near)}" if near else "",
            "en": f"; the nearest: {', '.join(near)}" if near else "",
        }
        if self._column.type == "ids" and has_separator(typed):
            hint["zh"] += "；如果是几个名称，请用 | 隔开"
            hint["en"] += "; separate several names by |"
        tables = {
            lang: ("、" if lang == "zh" else ", ").join(TABLE_WORDS[name][lang] for name in self._column.refers)
            or {"zh": "任何表", "en": "any table"}[lang]
            for lang in ("zh", "en")
        }
        return {"tables": tables, "near": hint}

    def _fault(self, at: int, typed: str, code: str, **params: object) -> None:
        """Report a reference as a fault of its row."""
        self._faults.append(self._parsed.raw.fault(int(self._rows[at]), self._column.name, typed, code, **params))


def _check_roles(parsed: Parsed, parties: Any, roles: Any) -> list[Fault]:
    """Return a warning for each partnership whose `roles` name an id that is not among its `parties`.

    Parameters
    ----------
    parties : ids of the parties of each partnership.
    roles : (id, role) pairs of each partnership.
    """
    faults = []
    for row, party_ids, role_pairs in zip(parsed.frame[ROW], parties, roles, strict=True):
        others = [item for item, _ in role_pairs if item not in party_ids]
        if others:
            faults.append(parsed.raw.fault(int(row), "roles", None, "role-not-party", items=others, severity="warning"))
    return faults


def cycles(parsed: Parsed, column: str) -> list[Fault]:
    """Return a fault for each cycle of references in a column (`part_of` or `parent`), at the row of the cycle with the lowest number.

    They are found by depth-first search. A reference of a row to itself is not reported here.
    """
    if column not in parsed.raw.table:
        return []
    parents: dict[str, tuple[str, ...]] = {}
    rows: dict[str, int] = {}
    codes, distinct = cols.factorize(cols.column(parsed.frame, column))
    children = parsed.frame[["id", column, ROW]][distinct.astype(bool)[codes]]  # only rows with a reference
    for child, value, row in zip(children["id"], children[column], children[ROW], strict=True):
        items = (value,) if isinstance(value, str) else value
        parents[child] = tuple(item for item in items if item and item != child)
        rows[child] = int(row)
    faults, visited = [], set[str]()
    for start in parents:
        path: list[str] = []
        stack = [iter((start,))]
        while stack:
            node = next(stack[-1], None)
            if node is None:
                stack.pop()
                if path:
                    visited.add(path.pop())
            elif node in path:
                cycle = path[path.index(node) :]
                first = cycle.index(min(cycle, key=lambda identifier: rows[identifier]))
                chain = " → ".join([*cycle[first:], *cycle[: first + 1]])
                faults.append(parsed.raw.fault(rows[cycle[first]], column, None, "part-cycle", chain=chain))
            elif node in parents and node not in visited:
                path.append(node)
                stack.append(iter(parents[node]))
    return faults


def same_end_legs(parsed: Parsed) -> list[Fault]:
    """Return a fault for each leg of a corridor that ends where it begins."""
    if parsed.raw.table.name != "corridor_legs":
        return []
    frame = parsed.frame
    same = frame[(frame["from"] == frame["to"]) & (frame["from"] != "")]
    return [
        parsed.raw.fault(int(row), "to", end, "leg-same-ends") for row, end in zip(same[ROW], same["to"], strict=True)
    ]
