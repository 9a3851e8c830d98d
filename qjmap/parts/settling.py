"""All parts together: ids for all rows, whose id or name is there twice, and the few rows that somebody asks for.

Nothing here holds a row of text for every row of the table: numbers tell which parts have a row that matters, and these
parts are asked for it. What comes of it is what `checks.check` finds in one table.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from qjmap.checks.doubts import Known, known_positions, same_names, suspects, warnings
from qjmap.checks.gather import setting_faults, with_faults
from qjmap.checks.outside import locator_of, outside
from qjmap.checks.references import Register, cycles, legs, references_of, referred
from qjmap.engine import Engine
from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.parts.hashing import Hashes, among, hash_set, hashes, in_order, repeated
from qjmap.parts.joining import find, joined
from qjmap.parts.looking import KNOWN, OPEN, Item, Looked, look, read
from qjmap.parts.numbering import Numbering, told
from qjmap.parts.slugged import chosen, settled
from qjmap.project import Project
from qjmap.schema import TABLES, fold
from qjmap.tables import Parsed, empty_table, ids, order_of_fault, parse, read_table
from qjmap.tables import columns as cols
from qjmap.tables.byrow import FAILED, by_row
from qjmap.tables.frames import with_columns
from qjmap.tables.parts import cut, table_parts

TABLE = "sites"
"""The table that may be longer than memory is wide; the others are read as wholes."""
SHARED = 20_000
"""Rows that share an id or a name and are named one by one."""

Step = Callable[..., None]


@dataclass
class Settled:
    """What is known of a project when every part has been looked at.

    Attributes
    ----------
    items, counts : the parts of the sites with the forms of their ids, and their rows.
    tables : the other tables, their references turned into ids; under "sites" the few rows that somebody asks for.
    faults : those that are known by now; of rows that are counted on where `numberings` says so.
    shown : the table of sites as messages show it.
    ids : of each part the numbers of its ids.
    """

    project: Project
    items: list[Item]
    looked: list[Looked]
    tables: dict[str, Parsed]
    faults: list[Fault]
    numberings: dict[str, Numbering]
    register: Register
    known: Known
    shown: str
    ids: list[Hashes] = field(default_factory=list)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns of the sites that their table does not know, of all parts, by the first part that has them."""
        return tuple(dict.fromkeys(name for one in self.looked for name in one.unknown))

    def base(self, item: Item) -> int:
        """What is added to the row numbers of a part so that all rows count on."""
        numbering = self.numberings[self.shown]
        return numbering.bases[numbering.files.index(item.part.shown)]

    @property
    def rows(self) -> int:
        """Rows of the sites."""
        return sum(one.rows for one in self.looked)

    def told(self, faults: Iterable[Fault]) -> list[Fault]:
        """Faults with the files and rows that a reader finds."""
        return [told(fault, self.numberings) for fault in faults]


def settle(project: Project, engine: Engine, *, whole: bool = False, step: Step | None = None) -> Settled:
    """Look at all parts, and at the other tables, and settle what concerns them together.

    Parameters
    ----------
    whole : also find out how coordinates as typed leave (see `look`).
    step : told "look" with how many parts of how many are looked at.

    Raises
    ------
    DataFaults : see `table_parts`; also when the program fails on rows.
    UsageError : a part cannot be read; without pyarrow.
    """
    if not cols.has_arrow():
        raise UsageError("parts-extra")
    numberings: dict[str, Numbering] = {}
    faults: list[Fault] = []
    others = {name: _whole(project, name, numberings, faults) for name in TABLES if name != TABLE}
    shown, items = _items(project)
    looked: list[Looked] = []
    for one in engine.map(look, items, whole):
        looked.append(one)
        if step:
            step("look", len(looked), len(items))
    numberings[shown] = _numbering(shown, items, looked)
    for one in looked:
        faults += one.faults
    if unlisted := sum(one.unlisted for one in looked):
        faults.append(Fault(shown, None, None, None, "faults-unlisted", {"count": unlisted}))
    found = Settled(project, items, looked, others, faults, numberings, Register(), {}, shown)
    if any(fault.code == FAILED for fault in faults):  # of such rows too little is known to hold others against them
        raise DataFaults(sorted(found.told(faults), key=order_of_fault))
    _settle_ids(found)
    _settle_names(found, engine)
    return found


def _items(project: Project) -> tuple[str, list[Item]]:
    parts = table_parts(project, TABLE)
    if parts is not None:
        return project.shown(project.data / TABLE), [Item(part) for part in parts]
    path = project.table_path(TABLE)
    return project.shown(path), [Item(part) for part in cut(path, project.shown(path))] if path.is_file() else []


def _numbering(shown: str, items: Sequence[Item], looked: Sequence[Looked]) -> Numbering:
    """A count for the rows of all files; stretches of one file go on counting."""
    files: list[str] = []
    bases: list[int] = []
    last = 0
    for item, one in zip(items, looked, strict=True):
        if not files or files[-1] != item.part.shown:
            files.append(item.part.shown)
            bases.append(last)
        last = max(last, bases[-1] + one.last)
    return Numbering(shown, files, bases)


def _whole(project: Project, name: str, numberings: dict[str, Numbering], faults: list[Fault]) -> Parsed:
    """Another table, read as a whole, in one file or many; its rows without an id have none yet."""
    table, path = TABLES[name], project.table_path(name)
    parts = table_parts(project, name)
    if parts is None:
        shown = project.shown(path)
        raw = read_table(path, table, shown=shown) if path.is_file() else empty_table(table, shown)
        return parse(raw if raw.header else empty_table(table, shown), fill_ids=False)
    shown = project.shown(project.data / name)
    read_parts, files, bases, last = [], [], [], 0
    for part in parts:
        parsed = read(Item(part, name))
        faults += parsed.faults
        files.append(part.shown)
        bases.append(last)
        read_parts.append(find(Item(part, name), last, None, np.empty(0, dtype=np.uint64)))
        last = max([last, *read_parts[-1].frame["_row"]])
    numberings[shown] = Numbering(shown, files, bases)
    return joined(read_parts, name, shown)


@dataclass(frozen=True)
class _Taken(Container[str]):
    texts: set[str]
    numbers: Hashes

    def __contains__(self, text: object) -> bool:
        return text in self.texts or bool(among(hash_set([str(text)]), self.numbers).any())


def _settle_ids(found: Settled) -> None:
    """Ids for the rows that have none, in the order of the tables; none that another row has."""
    given = {own for one in found.tables.values() for own in cols.objects(cols.column(one.frame, "id")) if own}
    sites = in_order(one.ids for one in found.looked)
    for name in TABLES:
        if name == TABLE:
            forms = settled([one.unnamed for one in found.looked], in_order([sites, hash_set(given)]))
            found.items = [replace(item, forms=form) for item, form in zip(found.items, forms, strict=True)]
            for one, form in zip(found.looked, forms, strict=True):
                numbers = one.ids
                if form is not None and one.unnamed is not None:
                    numbers = numbers.copy()
                    numbers[one.unnamed.at] = chosen(one.unnamed, form)
                found.ids.append(numbers)
            sites = in_order(found.ids) if any(form is not None for form in forms) else sites
            continue
        parsed = found.tables[name]
        own = cols.column(parsed.frame, "id")
        if cols.empty(own).any():
            filled = ids(parsed.raw, {"id": own}, _Taken(given - set(cols.objects(own)), sites))
            given.update(cols.objects(filled))
            found.tables[name] = replace(parsed, frame=with_columns(parsed.frame, {"id": filled}))


def _settle_names(found: Settled, engine: Engine) -> None:
    """The rows that matter to others, the register of all that can be named, and every fault but those of the sites' own rows."""
    project, settings = found.project, found.project.settings
    asked = {settings.home, *settings.opening} | {text for one in found.looked for text in one.references}
    for parsed in found.tables.values():
        asked |= references_of(parsed)
    theirs = {own for one in found.tables.values() for own in cols.objects(cols.column(one.frame, "id"))}
    names = [one.names for one in found.looked]
    twice_id, more_ids = _listed(found.ids, repeated(found.ids))
    twice_name, more_names = _listed(names, repeated(names))
    wanted = in_order([hash_set({*asked, *(text.lower() for text in asked), *theirs}), twice_id])
    keys = in_order([hash_set({fold(text) for text in asked}), twice_name, _held_against(found)])
    mini = _asked_for(found, engine, wanted, keys)
    tables = {name: mini if name == TABLE else found.tables[name] for name in TABLES}
    few = found.rows <= cols.LONG
    found.register = Register(
        long={name for name, one in tables.items() if len(one.frame) > cols.LONG} | (set() if few else {TABLE})
    )
    faults = {name: found.register.enter(one) for name, one in tables.items()}
    for name, one in tables.items():
        faults[name] += same_names(_only(one, twice_name) if name == TABLE and more_names else one)
    for count, code in ((more_ids, "ids-unlisted"), (more_names, "names-unlisted")):
        if count:
            severity: Any = "fault" if code == "ids-unlisted" else "warning"
            faults[TABLE].append(Fault(found.shown, None, None, None, code, {"count": count}, severity))
    found.known = known_positions(tables.values(), tables.values())
    for name, one in tables.items():
        if name != TABLE:
            faults[name] += suspects(one, found.known)
        rest, (tables[name], wrong) = by_row(one, lambda rows: referred(rows, found.register))
        faults[name] += wrong if name != TABLE else []
        found.faults += [fault for fault in rest.faults if fault.code == FAILED and name == TABLE]
    locator = locator_of(tables["places"], project)
    for name, one in tables.items():
        if name != TABLE:
            faults[name] += cycles(one, "part_of") + cycles(one, "parent") + legs(one) + warnings(one, project)
            faults[name] += outside(one, locator)
        tables[name] = with_faults(one, faults[name])
    found.tables = tables
    for one in tables.values():
        found.faults += one.faults
    found.faults += setting_faults(project, found.register)


def _listed(parts: Sequence[Hashes], twice: Hashes) -> tuple[Hashes, int]:
    """Of what is there twice, as much as has no more than `SHARED` rows, from the first row on; and how much is left out."""
    if not len(twice):
        return twice, 0
    shared = np.concatenate([part[among(part, twice)] for part in parts])
    codes, distinct = pd.factorize(shared)
    listed = np.cumsum(np.bincount(codes)) <= SHARED
    return np.sort(distinct[listed]), int((~listed).sum())


def _held_against(found: Settled) -> Hashes:
    """The names under which there is both a row without a datum and a row with one, in whatever tables."""
    kinds: dict[int, list[Hashes]] = {OPEN: [], KNOWN: []}
    for one in found.looked:
        for kind, numbers in kinds.items():
            numbers.append(one.names[one.positions == kind])
    for parsed in found.tables.values():
        if "lon" in parsed.raw.table:
            placed = ~np.isnan(parsed.frame["lon"].to_numpy())
            datum = parsed.frame["datum"].to_numpy() != ""
            keys = hashes(parsed.keys)
            kinds[OPEN].append(keys[placed & ~datum])
            kinds[KNOWN].append(keys[placed & datum])
    if not any(len(one) for one in kinds[OPEN]):
        return np.empty(0, dtype=np.uint64)
    known = in_order(kinds[KNOWN])
    return in_order([one[among(one, known)] for one in kinds[OPEN]], once=True)


def _asked_for(found: Settled, engine: Engine, wanted: Hashes, keys: Hashes) -> Parsed:
    """The rows of the sites that are wanted, in their order; of few rows all."""
    every = found.rows <= cols.LONG
    visited = [
        (item, found.base(item))
        for item, one, numbers in zip(found.items, found.looked, found.ids, strict=True)
        if every or among(numbers, wanted).any() or among(one.names, keys).any() or among(one.aliases, keys).any()
    ]
    shared = engine.share((None if every else wanted, keys))
    return joined([*engine.map(_find, visited, shared)], TABLE, found.shown, found.unknown)


def _find(visit: tuple[Item, int], shared: tuple[Hashes | None, Hashes]) -> Parsed:
    return find(*visit, *shared)


def _only(parsed: Parsed, names: Hashes) -> Parsed:
    return replace(parsed, frame=parsed.frame[among(hashes(parsed.keys), names)].reset_index(drop=True))
