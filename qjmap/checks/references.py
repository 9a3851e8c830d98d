"""Rows that name other rows: who is who, references that lead nowhere, circles."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any

import numpy as np

from qjmap.errors import Fault
from qjmap.schema import TABLES, Column, fold
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


@dataclass
class Register:
    """Who is who across the tables: which row has an id, and which ids go by a name."""

    rows: dict[str, tuple[str, str, int, str]] = field(default_factory=dict)
    """id -> (table, file, row, name)"""
    names: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """table -> folded name or alias -> ids"""

    def enter(self, parsed: Parsed) -> list[Fault]:
        """Take in the rows of a table; the ids that were taken already come back as faults."""
        faults: list[Fault] = []
        table = parsed.raw.table.name
        frame = parsed.frame
        title = next(name for name in ("name", "title", "id") if name in parsed.raw.table)
        aliases: Iterable[Sequence[str]] = frame["aliases"] if "aliases" in frame else ((),) * len(frame)
        known = self.names.setdefault(table, {})
        file, rows, ids, names = parsed.raw.file, frame[ROW].tolist(), frame["id"].tolist(), frame[title].tolist()
        keys = parsed.keys
        if len(set(ids)) == len(ids) and self.rows.keys().isdisjoint(ids) and not any(aliases):
            different = set(keys)
            if len(different) == len(keys) and known.keys().isdisjoint(different):  # nobody shares anything: all at once
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
        values = parsed.frame[column.name].to_numpy()
        if len(values):
            changed[column.name] = _references(parsed, column, values, register, faults)
    if "roles" in changed:
        faults += _roles(parsed, changed["parties"], changed["roles"])
    return replace(parsed, frame=with_columns(parsed.frame, changed)), faults


def _lying_in_sites(parsed: Parsed, register: Register, faults: list[Fault]) -> Parsed:
    """People give a park as the place of a factory. Where the park is a site and no place, the factory is part of it."""
    places, wholes = parsed.frame["place"].to_numpy().copy(), parsed.frame["part_of"].to_numpy().copy()
    own_ids, rows = parsed.frame["id"].to_numpy(), parsed.frame[ROW].tolist()
    moved: dict[str, str] = {}
    moved_rows = []
    for at, typed in enumerate(places):
        if typed and not register.find(typed, ("places",)):
            found = register.find(typed, ("sites",))
            if len(found) == 1 and found[0] != own_ids[at]:
                places[at], wholes[at] = "", tuple(dict.fromkeys((*wholes[at], found[0])))
                moved[typed] = found[0]
                moved_rows.append(rows[at])
    if not moved:
        return parsed
    pairs = [f"{typed} → {own}" for typed, own in moved.items()]
    faults.append(
        parsed.raw.fault(None, "place", None, "place-is-site", rows=moved_rows, pairs=pairs, severity="warning")
    )
    return replace(parsed, frame=with_columns(parsed.frame, {"place": places, "part_of": wholes}))


def _references(parsed: Parsed, column: Column, values: Any, register: Register, faults: list[Fault]) -> Any:
    rows, own_ids = parsed.frame[ROW].to_numpy(), parsed.frame["id"].to_numpy()
    cited = column.refers == ("sources",)
    unlisted: dict[str, list[int]] = {}
    named: dict[str, str] = {}
    named_rows: list[int] = []
    seen: dict[str, tuple[str, ...]] = {}
    out = np.empty(len(values), dtype=object)

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

    for at, value in enumerate(values):
        if not value:
            out[at] = value
        elif column.type == "id":
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
    for own, value, row in zip(parsed.frame["id"], parsed.frame[column], parsed.frame[ROW], strict=True):
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
