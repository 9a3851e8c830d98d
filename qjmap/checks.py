"""Every fault of a project: of each cell, of each table, and between the tables. All at once, always in the same order."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap import datum
from qjmap.cells import clean
from qjmap.errors import Fault, UsageError
from qjmap.frames import with_columns
from qjmap.project import Project
from qjmap.schema import TABLES, Column, Table, fold
from qjmap.tables import ROW, Parsed, empty_table, ids, order_of_fault, parse, read_table

_TITLE = {"sources": "title"}
_TABLE_WORDS = {
    "places": {"zh": "地点表", "en": "places"},
    "sites": {"zh": "场地表", "en": "sites"},
    "partnerships": {"zh": "合作表", "en": "partnerships"},
    "corridors": {"zh": "通道表", "en": "corridors"},
    "corridor_legs": {"zh": "通道分段表", "en": "corridor legs"},
    "indicators": {"zh": "指标表", "en": "indicators"},
    "sources": {"zh": "来源表", "en": "sources"},
}
_DECIMALS = {"exact": 4, "site": 3}
"""Decimals of a degree without which a position cannot be as precise as it says: 4 are 11 m, 3 are 110 m."""


@dataclass
class Register:
    """Who is who across the tables: which row has an id, and which ids go by a name."""

    rows: dict[str, tuple[str, str, int, str]] = field(default_factory=dict)
    """id -> (table, file, row, name)"""
    names: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """table -> folded name or alias -> ids"""

    def enter(self, parsed: Parsed) -> list[Fault]:
        """Take in the rows of a table; the ids that were taken already come back as faults."""
        faults = []
        table = parsed.raw.table.name
        frame = parsed.frame
        title = _TITLE.get(table, "name" if "name" in parsed.raw.table else "id")
        aliases: Iterable[Sequence[str]] = frame["aliases"] if "aliases" in frame else ((),) * len(frame)
        known = self.names.setdefault(table, {})
        columns = (frame["id"], frame[title], frame[ROW], aliases)
        for own, name, row, others in zip(*columns, strict=True):
            if own in self.rows:
                _, file, first, whose = self.rows[own]
                same = parsed.raw.fault(
                    int(row), "id", own, "id-duplicate", id=own, file_of=file, row_of=first, name_of=whose
                )
                faults.append(same)
                continue
            self.rows[own] = (table, parsed.raw.file, int(row), name)
            for word in (name, *others):
                key = fold(word)
                if key and own not in known.get(key, ()):
                    known[key] = (*known.get(key, ()), own)
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


def check(project: Project) -> tuple[dict[str, Parsed], list[Fault]]:
    """Read all tables of a project and find every fault.

    Returns
    -------
    tables : table name -> what its cells mean, all ids filled, references turned into ids where a name stood.
        `bad_rows` holds the rows that a fault keeps out.
    faults : of all files, by file, row and column.
    """
    raw = {}
    for name, table in TABLES.items():
        path = project.table_path(name)
        shown = project.shown(path)
        raw[name] = read_table(path, table, shown=shown) if path.is_file() else empty_table(table, shown)
        if not raw[name].header:  # a file with nothing in it is a table with nothing in it
            raw[name] = empty_table(table, shown)
    parsed = {name: parse(frame, fill_ids=False) for name, frame in raw.items()}
    given = {own for one in parsed.values() for own in one.frame["id"] if own}
    for name, one in parsed.items():
        filled = ids(one.raw, {"id": one.frame["id"].to_numpy()}, given - set(one.frame["id"]))
        given.update(filled)
        parsed[name] = replace(one, frame=with_columns(one.frame, {"id": filled}))
    register = Register()
    faults: dict[str, list[Fault]] = {name: register.enter(one) for name, one in parsed.items()}
    for name in parsed:
        parsed[name], found = referred(parsed[name], register)
        faults[name] += found
    for name, one in parsed.items():
        faults[name] += cycles(one, "part_of") + cycles(one, "parent") + legs(one)
        faults[name] += warnings(one, project) + same_names(one)
        parsed[name] = with_faults(one, faults[name])
    settled = [fault for one in parsed.values() for fault in one.faults] + _settings(project, register)
    return parsed, sorted(settled, key=order_of_fault)


def check_file(
    path: Path | str,
    table: str = "sites",
    *,
    project: Project | None = None,
    datum: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> list[Fault]:
    """Every fault of one file, read as if it were to be added to `table`; its references only when a project is given."""
    parsed = parse(read_table(path, table_called(table), sheet=sheet, encoding=encoding, datum=datum))
    register = Register()
    found = register.enter(parsed) + warnings(parsed, project) + same_names(parsed)
    if project:
        for one in check(project)[0].values():
            register.enter(one)
        parsed, more = referred(parsed, register)
        found += more
    return list(with_faults(parsed, found).faults)


def table_called(name: str) -> Table:
    """The table of that name; UsageError when there is none."""
    if name not in TABLES:
        raise UsageError("table-unknown", table=name, allowed=list(TABLES))
    return TABLES[name]


def with_faults(parsed: Parsed, found: Sequence[Fault]) -> Parsed:
    """`parsed` with more faults, and with the rows that these keep out."""
    rows = {fault.row for fault in found if fault.row is not None and fault.severity == "fault"}
    faults = tuple(sorted((*parsed.faults, *found), key=order_of_fault))
    return replace(parsed, faults=faults, bad_rows=parsed.bad_rows | rows)


def referred(parsed: Parsed, register: Register) -> tuple[Parsed, list[Fault]]:
    """Turn names into ids where a row names another, and find the references that lead nowhere."""
    faults: list[Fault] = []
    changed: dict[str, Any] = {}
    for column in parsed.raw.table.columns:
        if column.name == "id" or column.type not in ("id", "ids", "roles"):
            continue
        values = parsed.frame[column.name].to_numpy()
        if len(values):
            changed[column.name] = _references(parsed, column, values, register, faults)
    if "roles" in changed:
        faults += _roles(parsed, changed["parties"], changed["roles"])
    return replace(parsed, frame=with_columns(parsed.frame, changed)), faults


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


def warnings(parsed: Parsed, project: Project | None) -> list[Fault]:
    """What is doubtful rather than wrong, one warning for all rows of a kind."""
    frame, tf = parsed.frame, parsed.raw
    rows = frame[ROW].to_numpy()
    found: list[Fault] = []

    def warn(here: npt.NDArray[np.bool_], column: str, code: str, **params: object) -> None:
        if here.any():
            found.append(
                tf.fault(None, column, None, code, rows=[int(row) for row in rows[here]], severity="warning", **params)
            )

    good = ~np.isin(rows, list(parsed.bad_rows)) if parsed.bad_rows else np.ones(len(rows), dtype=bool)
    if "source" in tf.table:
        warn(good & (frame["source"].to_numpy() == ""), "source", "no-source")
    if "lon" in tf.table:
        lon, lat = frame["lon"].to_numpy(), frame["lat"].to_numpy()
        precision, named = frame["precision"].to_numpy(), frame["datum"].to_numpy()
        placed = ~np.isnan(lon) & ~np.isnan(lat)
        warn(placed & (named == ""), "datum", "no-datum")
        warn(placed & (precision == "unresolved"), "precision", "precision-contradicts")
        warn(good & ~placed & np.isin(precision, list(_DECIMALS)), "precision", "precision-alone")
        short = np.zeros(len(rows), dtype=bool)
        typed = [frame[name].to_numpy(dtype=object) for name in ("orig_lon", "orig_lat")]
        for at in np.flatnonzero(placed & np.isin(precision, list(_DECIMALS))):
            cells = [clean(column[at]) for column in typed]
            decimals = [len(cell.partition(".")[2]) for cell in cells if cell.replace(".", "", 1).lstrip("-").isdigit()]
            short[at] = len(decimals) == 2 and max(decimals) < _DECIMALS[precision[at]]
        warn(short, "precision", "precision-decimals")
        region = project.settings.region if project else None
        if region and tf.table.name == "sites":
            west, south, east, north = region
            x, y = datum.to_wgs84(lon, lat, named)
            with np.errstate(invalid="ignore"):
                warn(placed & ((x < west) | (x > east) | (y < south) | (y > north)), "lon", "outside-region")
    return found


def same_names(parsed: Parsed) -> list[Fault]:
    """Rows of one table that go by the same name."""
    if "name" not in parsed.raw.table or parsed.raw.table.name == "indicators":
        return []
    where: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for name, row in zip(parsed.frame["name"], parsed.frame[ROW], strict=True):
        key = fold(name)
        if key:
            where.setdefault(key, []).append(int(row))
            names.setdefault(key, name)
    return [
        parsed.raw.fault(None, "name", None, "name-twice", name=names[key], rows=rows, severity="warning")
        for key, rows in where.items()
        if len(rows) > 1
    ]


def _settings(project: Project, register: Register) -> list[Fault]:
    shown = project.shown(project.data / "project.toml")
    wanted: Mapping[str, Sequence[str]] = {
        "home": [project.settings.home] if project.settings.home else [],
        "opening": project.settings.opening,
    }
    return [
        Fault(shown, None, key, item, "setting-reference")
        for key, items in wanted.items()
        for item in items
        if register.rows.get(item, ("",))[0] != "places"
    ]
