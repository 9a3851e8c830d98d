"""Rows that name other rows: who is who, references that lead nowhere, circles."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd

from qjmap.errors import Fault
from qjmap.schema import TABLES, Column, fold
from qjmap.tables import columns as cols
from qjmap.tables.frames import ROW, Parsed, with_columns

_TABLE_WORDS = {
    "places": {"zh": "地点表（places）", "en": "places"},
    "sites": {"zh": "设施与机构表（sites）", "en": "sites"},
    "partnerships": {"zh": "合作表（partnerships）", "en": "partnerships"},
    "corridors": {"zh": "通道表（corridors）", "en": "corridors"},
    "corridor_legs": {"zh": "通道分段表（corridor_legs）", "en": "corridor legs"},
    "indicators": {"zh": "数据表（indicators）", "en": "indicators"},
    "sources": {"zh": "来源表（sources）", "en": "sources"},
}


@dataclass(frozen=True)
class Asked:
    """The texts under which rows are looked for. A long table tells the register of these rows alone.

    Attributes
    ----------
    texts : references as typed and in lower case, and ids that more than one row has.
    keys : references as comparisons see them.
    """

    texts: frozenset[str]
    keys: frozenset[str]
    sharing: Mapping[str, int] = field(default_factory=dict)
    """Table -> its rows whose id another row of it has too; long tables only."""

    @classmethod
    def by(cls, tables: Iterable[Parsed], *more: str) -> Asked:
        """All that the rows of the tables ask for, and what else is asked."""
        told = set(more)
        tables = list(tables)
        for parsed in tables:
            told |= references_of(parsed)
        texts = told | {typed.lower() for typed in told}
        sharing: dict[str, int] = {}
        long: list[Any] = []
        for parsed in tables:
            ids = cols.column(parsed.frame, "id")
            if len(ids) <= cols.LONG:
                texts.update(ids)
                continue
            shared = parsed.shared_ids
            name = parsed.raw.table.name
            sharing[name] = max(int(shared.sum()), sharing.get(name, 0))
            for other in long:
                shared = shared | cols.among(ids, cols.distinct(other))
            texts.update(cols.objects(ids[shared]))
            long.append(ids)
        return cls(frozenset(texts), frozenset(map(fold, told)), sharing)


def references_of(parsed: Parsed) -> set[str]:
    """Every text by which the rows of a table name others."""
    return {typed for name in _referring(parsed) for typed in _typed(parsed.frame, name)}


def _referring(parsed: Parsed) -> list[str]:
    """The columns in which rows name others."""
    return [
        column.name
        for column in parsed.raw.table.columns
        if column.type in ("id", "ids", "roles") and column.name != "id" and column.name in parsed.raw.typed
    ]


def _typed(frame: pd.DataFrame, name: str) -> Iterator[str]:
    """Every text by which a column names a row."""
    for value in cols.distinct(cols.column(frame, name)):
        if isinstance(value, str):
            yield value
        else:
            for item in value:
                yield item if isinstance(item, str) else item[0]


@dataclass
class Register:
    """Who is who across the tables: which row has an id, and which ids go by a name.

    With ``asked``, of a table of more than `columns.LONG` rows only those are entered that somebody asks for.
    """

    rows: dict[str, tuple[str, str, int, str]] = field(default_factory=dict)
    """id -> (table, file, row, name)"""
    names: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """table -> folded name or alias -> ids"""
    asked: Asked | None = None
    long: set[str] = field(default_factory=set)
    """The tables of which only some rows were entered."""

    def enter(self, parsed: Parsed) -> list[Fault]:
        """Take in the rows of a table; the ids that were taken already come back as faults."""
        faults: list[Fault] = []
        table = parsed.raw.table.name
        frame = parsed.frame[[name for name in dict.fromkeys((ROW, "id", parsed.title, "aliases")) if name in parsed.frame]]
        aliases: Iterable[Sequence[str]] = frame["aliases"] if "aliases" in frame else ((),) * len(frame)
        known = self.names.setdefault(table, {})
        if self.asked and len(frame) > cols.LONG:
            here = self._asked_for(parsed, self.asked)
            if here is not None:
                self.long.add(table)
                frame = frame[here]
                aliases = frame["aliases"] if "aliases" in frame else ((),) * len(frame)
        file, rows, ids, names = (
            parsed.raw.file,
            frame[ROW].tolist(),
            frame["id"].tolist(),
            frame[parsed.title].tolist(),
        )
        if (
            table not in self.long
            and len(set(ids)) == len(ids)
            and self.rows.keys().isdisjoint(ids)
            and not any(aliases)
        ):
            keys = cols.objects(parsed.keys).tolist()
            different = set(keys)
            if len(different) == len(keys) and known.keys().isdisjoint(
                different
            ):  # nobody shares anything: all at once
                self.rows.update(zip(ids, zip(repeat(table), repeat(file), rows, names, strict=False), strict=True))
                known.update(zip(keys, zip(ids, strict=True), strict=True))
                known.pop("", None)
                return faults
        for own, name, row, others in zip(ids, names, rows, aliases, strict=True):
            if own in self.rows:
                _, where, first, whose = self.rows[own]
                params = {"id": own, "file_of": where, "row_of": first, "name_of": whose}
                faults.append(parsed.raw.fault(row, "id", own, "id-duplicate", **params))
                continue
            self.rows[own] = (table, file, row, name)
            for word in (name, *others):
                key = fold(word)
                if key in known:
                    if own not in known[key]:
                        known[key] = (*known[key], own)
                elif key:
                    known[key] = (own,)
        return faults

    def _asked_for(self, parsed: Parsed, asked: Asked) -> cols.Mask | None:
        """The rows that somebody may look for; None when so many rows share an id that all are wanted."""
        ids = cols.column(parsed.frame, "id")
        if len(ids) - asked.sharing.get(parsed.raw.table.name, len(ids)) <= cols.LONG:
            return None
        here = cols.among(ids, asked.texts) | cols.among(parsed.keys, asked.keys)
        if "aliases" in parsed.frame and "aliases" in parsed.raw.typed:
            here |= np.fromiter(
                (any(fold(word) in asked.keys for word in words) for words in parsed.frame["aliases"]),
                dtype=bool,
                count=len(ids),
            )
        return here

    def find(self, typed: str, tables: Sequence[str]) -> tuple[str, ...]:
        """The ids that a reference may mean: itself when it is one, else those of the rows with that name or alias."""
        own = self.rows.get(typed)
        if own and (not tables or own[0] in tables):
            return (typed,)
        lowered = self.rows.get(typed.lower())
        if lowered and (not tables or lowered[0] in tables):
            return (typed.lower(),)
        key = fold(typed)
        found: list[str] = []
        for table in tables or TABLES:
            found += self.names.get(table, {}).get(key, ())
        return tuple(dict.fromkeys(found))

    def near(self, typed: str, tables: Sequence[str]) -> list[str]:
        """Up to three names or ids that are spelt like `typed`, for the cure only."""
        if self.long.intersection(tables or self.long):
            return []  # more rows than anybody can mean one of
        words = {own: own for own, entry in self.rows.items() if not tables or entry[0] in tables}
        words |= {entry[3]: own for own, entry in self.rows.items() if not tables or entry[0] in tables}
        if len(words) > 20_000:
            return []
        return [
            f"{word}（{words[word]}）" if word != words[word] else word
            for word in difflib.get_close_matches(typed, sorted(words), 3, 0.6)
        ]


def referred(parsed: Parsed, register: Register) -> tuple[Parsed, list[Fault]]:
    """Turn names into ids where a row names another, and find the references that lead nowhere."""
    faults: list[Fault] = []
    changed: dict[str, Any] = {}
    if parsed.raw.table.name == "sites":
        parsed = _lying_in_sites(parsed, register, faults)
    for column in parsed.raw.table.columns:
        if column.name == "id" or column.type not in ("id", "ids", "roles"):
            continue
        values = cols.column(parsed.frame, column.name)
        if len(values) and column.name in parsed.raw.typed:
            changed[column.name] = _references(parsed, column, values, register, faults)
    parsed = replace(parsed, frame=with_columns(parsed.frame, changed))
    if "roles" in changed:
        faults += _roles(parsed, parsed.frame["parties"], parsed.frame["roles"])
    return parsed, faults


def named_by_number(parsed: Parsed, foreign: frozenset[str]) -> list[Fault]:
    """References by what the file's own column of numbers or codes holds: they name no row of ours, even where one has that id."""
    if not foreign:
        return []
    faults = []
    rows = parsed.frame[ROW].to_numpy()
    for name in _referring(parsed):
        for at, value in enumerate(cols.objects(cols.column(parsed.frame, name))):
            typed = [value] if isinstance(value, str) else [one if isinstance(one, str) else one[0] for one in value]
            faults += [parsed.raw.fault(int(rows[at]), name, one, "reference-number") for one in typed if one in foreign]
    return faults


def _lying_in_sites(parsed: Parsed, register: Register, faults: list[Fault]) -> Parsed:
    """People give a park as the place of a factory. Where the park is a site and no place, the factory is part of it."""
    typed_places = cols.column(parsed.frame, "place")
    lost = {
        typed: found[0]
        for typed in cols.distinct(typed_places)
        if typed and not register.find(typed, ("places",)) and len(found := register.find(typed, ("sites",))) == 1
    }
    if not lost:
        return parsed
    places, wholes = cols.objects(typed_places).copy(), parsed.frame["part_of"].to_numpy().copy()
    own_ids, rows = cols.column(parsed.frame, "id"), parsed.frame[ROW].to_numpy()
    moved: dict[str, str] = {}
    moved_rows = []
    for at in np.flatnonzero(cols.among(places, lost)):
        typed = places[at]
        if lost[typed] != own_ids[at]:
            places[at], wholes[at] = "", tuple(dict.fromkeys((*wholes[at], lost[typed])))
            moved[typed] = lost[typed]
            moved_rows.append(int(rows[at]))
    if not moved:
        return parsed
    pairs = [f"{typed} → {own}" for typed, own in moved.items()]
    faults.append(
        parsed.raw.fault(None, "place", None, "place-is-site", rows=moved_rows, pairs=pairs, severity="warning")
    )
    return replace(parsed, frame=with_columns(parsed.frame, {"place": places, "part_of": wholes}))


def _references(parsed: Parsed, column: Column, values: Any, register: Register, faults: list[Fault]) -> Any:
    rows, own_ids = parsed.frame[ROW].to_numpy(), cols.column(parsed.frame, "id")
    cited = column.refers == ("sources",)
    unlisted: dict[str, list[int]] = {}
    named: dict[str, str] = {}
    named_rows: list[int] = []
    seen: dict[str, tuple[str, ...]] = {}
    if column.type == "id":  # an id that is there and not the row's own needs no second look
        seen = {typed: register.find(typed, column.refers) for typed in cols.distinct(values) if typed}
        settled = [typed for typed, found in seen.items() if found == (typed,)]
        doubtful = ~cols.among(values, settled) & ~cols.empty(values)
        for own in np.flatnonzero(cols.among(own_ids, list(seen))):
            doubtful[own] |= values[own] == own_ids[own]
        open_ = np.flatnonzero(doubtful)
    else:
        open_ = np.flatnonzero(values.astype(bool))
    if not open_.size:
        return values
    out = cols.objects(values).copy()

    def meant(at: int, typed: str) -> str:
        if typed not in seen:
            seen[typed] = register.find(typed, column.refers)
        found = seen[typed]
        if len(found) > 1:
            found = tuple(own for own in found if own != own_ids[at]) if len(found) == 2 else found
        if len(found) == 1:
            if found[0] != typed:
                named[typed] = found[0]
                named_rows.append(int(rows[at]))
            if found[0] == own_ids[at] and own_ids[at]:
                faults.append(parsed.raw.fault(int(rows[at]), column.name, typed, "reference-self"))
            return found[0]
        if found:
            faults.append(parsed.raw.fault(int(rows[at]), column.name, typed, "reference-ambiguous", ids=list(found)))
        elif cited:
            unlisted.setdefault(typed, []).append(int(rows[at]))
        else:
            near = register.near(typed, column.refers)
            hint = {
                "zh": f"；相近的有：{'、'.join(near)}" if near else "",
                "en": f"; the nearest: {', '.join(near)}" if near else "",
            }
            tables = {
                lang: ("、" if lang == "zh" else ", ").join(_TABLE_WORDS[name][lang] for name in column.refers)
                or {"zh": "任何表", "en": "any table"}[lang]
                for lang in ("zh", "en")
            }
            faults.append(
                parsed.raw.fault(int(rows[at]), column.name, typed, "reference-unknown", tables=tables, near=hint)
            )
        return typed

    for row in open_.tolist():
        at, value = int(row), out[row]
        if column.type == "id":
            out[at] = meant(at, value)
        elif column.type == "ids":
            out[at] = tuple(dict.fromkeys(meant(at, item) for item in value))
        else:
            out[at] = tuple((meant(at, item), role) for item, role in value)
    if unlisted:
        where = sorted({row for found in unlisted.values() for row in found})
        faults.append(
            parsed.raw.fault(
                None, column.name, None, "source-unlisted", rows=where, values=list(unlisted), severity="warning"
            )
        )
    if named:
        pairs = [f"{typed} → {own}" for typed, own in named.items()]
        faults.append(
            parsed.raw.fault(
                None,
                column.name,
                None,
                "reference-named",
                rows=sorted(set(named_rows)),
                pairs=pairs,
                severity="warning",
            )
        )
    return out


def _roles(parsed: Parsed, parties: Any, roles: Any) -> list[Fault]:
    faults = []
    for row, who, said in zip(parsed.frame[ROW], parties, roles, strict=True):
        strangers = [item for item, _ in said if item not in who]
        if strangers:
            faults.append(
                parsed.raw.fault(int(row), "roles", None, "role-not-party", items=strangers, severity="warning")
            )
    return faults


def cycles(parsed: Parsed, column: str) -> list[Fault]:
    """Rows that are part of one another in a circle; each circle once, at the first of its rows."""
    if column not in parsed.raw.table:
        return []
    up: dict[str, tuple[str, ...]] = {}
    rows: dict[str, int] = {}
    which, said = cols.factorized(cols.column(parsed.frame, column))
    linked = parsed.frame[["id", column, ROW]][said.astype(bool)[which]]  # a row that names none is in no circle
    for own, value, row in zip(linked["id"], linked[column], linked[ROW], strict=True):
        up[own] = tuple(item for item in ((value,) if isinstance(value, str) else value) if item and item != own)
        rows[own] = int(row)
    faults, done = [], set[str]()
    for start in up:
        path: list[str] = []
        stack = [iter((start,))]
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                if path:
                    done.add(path.pop())
            elif step in path:
                ring = path[path.index(step) :]
                first = min(ring, key=lambda own: rows[own])
                turned = ring[ring.index(first) :] + ring[: ring.index(first)]
                chain = " → ".join([*turned, first])
                faults.append(parsed.raw.fault(rows[first], column, None, "part-cycle", chain=chain))
            elif step in up and step not in done:
                path.append(step)
                stack.append(iter(up[step]))
    return faults


def legs(parsed: Parsed) -> list[Fault]:
    """Legs of a corridor that go nowhere."""
    if parsed.raw.table.name != "corridor_legs":
        return []
    frame = parsed.frame
    same = frame[(frame["from"] == frame["to"]) & (frame["from"] != "")]
    return [
        parsed.raw.fault(int(row), "to", end, "leg-same-ends") for row, end in zip(same[ROW], same["to"], strict=True)
    ]
