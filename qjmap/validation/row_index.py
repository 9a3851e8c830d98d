"""Index of the rows of all tables by id and by name, with what the gazetteer says about names that no row has."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd

from qjmap.errors import Fault
from qjmap.grammar import grammar
from qjmap.schema import TABLES, fold
from qjmap.tables.cell_values import clean
from qjmap.tables.columns import operations as cols
from qjmap.tables.table_frame import ROW, IncludedRows, Parsed
from qjmap.validation.country_column import places_elsewhere
from qjmap.validation.long_tables import is_long
from qjmap.validation.several_names import is_split, possible_parts

TABLE_WORDS = {
    "places": {"zh": "地点表（places）", "en": "places"},
    "sites": {"zh": "点位表（sites）", "en": "sites"},
    "partnerships": {"zh": "合作表（partnerships）", "en": "partnerships"},
    "corridors": {"zh": "通道表（corridors）", "en": "corridors"},
    "corridor_legs": {"zh": "通道分段表（corridor_legs）", "en": "corridor legs"},
    "indicators": {"zh": "数据表（indicators）", "en": "indicators"},
    "sources": {"zh": "来源表（sources）", "en": "sources"},
}
"""Names of the tables in messages, by language; the page's import worker gets them too."""


References = Mapping[tuple[str, str], Collection[str]]
"""(table, column) -> the distinct references in the column, as typed."""


@dataclass(frozen=True)
class ReferencedTexts:
    """The references in all tables. Of a long table only the rows that have an id in `texts` or a name in `keys` are indexed.

    Attributes
    ----------
    texts : references, and possible parts of those that may hold several names, as typed and in lower case; also the ids of all short
        tables, and those ids of long tables that more than one row has, since duplicate ids are found in the index.
    keys : folded references, and their possible parts.
    duplicate_counts : table -> number of its rows whose id another of its rows has too; long tables only.
    references : distinct references by table and column.
    """

    texts: frozenset[str]
    keys: frozenset[str]
    duplicate_counts: Mapping[str, int] = field(default_factory=dict)
    references: References = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Iterable[Parsed], *others: str) -> ReferencedTexts:
        """Collect the references in all tables, and further ones (`others`), such as names in the settings."""
        tables = list(tables)
        by_column = references_by_column(*tables)
        references = {*others, *with_parts(by_column)}
        texts = references | {typed.lower() for typed in references}
        duplicate_counts: dict[str, int] = {}
        long: list[Any] = []
        for parsed in tables:
            ids = cols.column(parsed.frame, "id")
            if not is_long(len(ids)):
                texts.update(cols.to_objects(ids))
                continue
            shared = parsed.shared_ids
            name = parsed.raw.table.name
            duplicate_counts[name] = max(int(shared.sum()), duplicate_counts.get(name, 0))
            for other_ids in long:
                shared = shared | cols.isin(ids, cols.unique(other_ids))
            texts.update(cols.to_objects(ids[shared]))
            long.append(ids)
        return cls(frozenset(texts), frozenset(map(fold, references)), duplicate_counts, by_column)


def references_by_column(*tables: Parsed) -> dict[tuple[str, str], frozenset[str]]:
    """Return (table, column) -> the distinct references in it.

    A `place` that lies in another country than its row says is left out.
    """
    found: dict[tuple[str, str], frozenset[str]] = {}
    for parsed in tables:
        elsewhere = [*places_elsewhere(parsed)]
        for name in reference_columns(parsed):
            key, frame = (parsed.raw.table.name, name), parsed.frame
            if name == "place" and elsewhere:  # not resolved, see `references`
                frame = frame.drop(frame.index[elsewhere])
            found[key] = found.get(key, frozenset()) | (frozenset(_distinct_references(frame, name)) - {""})
    return found


def with_parts(references: References) -> set[str]:
    """Return all references, and in columns whose items may hold several names also every possible part of an item."""
    texts = {typed for of_column in references.values() for typed in of_column}
    for (table, name), of_column in references.items():
        if is_split(TABLES[table].column(name)):
            texts.update(part for typed in of_column for part in possible_parts(typed))
    return texts


def reference_columns(parsed: Parsed) -> list[str]:
    """Return the names of the columns of references (all but the row's own `id`) that the file has."""
    return [
        column.name
        for column in parsed.raw.table.columns
        if column.type in ("id", "ids", "roles") and column.name != "id" and column.name in parsed.raw.typed
    ]


def _distinct_references(frame: pd.DataFrame, name: str) -> Iterator[str]:
    """Yield the references in the distinct cells of a column; one that is in several cells may come several times."""
    for value in cols.unique(cols.column(frame, name)):
        yield from references_in(value)


def references_in(value: str | Sequence[Any]) -> list[str]:
    """Return the references in a typed cell: an id or name ("" too), a sequence of them, or a sequence of roles (reference, role)."""
    return [value] if isinstance(value, str) else [item if isinstance(item, str) else item[0] for item in value]


@dataclass(frozen=True)
class GazetteerNames:
    """What the gazetteer says about references that name no row.

    Attributes
    ----------
    ids : reference -> id of the place that it means: a row of the table places, or an implied place.
    implied : typed rows of the implied places, as column -> value.
    labels : id of an implied place -> its name and areas: 自贡市（四川省）.
    candidates : ambiguous or doubtful reference -> the places that it may mean, each as name, areas and code in one text.
    parts : reference that holds several names -> these names.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    implied: tuple[Mapping[str, Any], ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def governed_place(typed: str) -> str:
    """Return the name of the place whose government or administration a text names (自贡市人民政府); "" for any other text."""
    endings = (ending for ending in grammar("references")["governments"] if typed.endswith(ending))
    return clean(typed.removesuffix(next(endings, typed)))


def _add_names(ids_of_names: dict[str, tuple[str, ...]], keys: Sequence[str], ids: Sequence[str]) -> None:
    """Add rows without aliases to an index by name. It is quick for names that only one row has.

    Parameters
    ----------
    ids_of_names : the index: folded name -> ids.
    keys, ids : folded name and id of each row; rows without a name ("") are left out.
    """
    shared = {key for key, count in Counter(keys).items() if count > 1 or key in ids_of_names}
    former = {key: ids_of_names[key] for key in shared if key in ids_of_names}
    ids_of_names.update(zip(keys, zip(ids, strict=True), strict=True))
    if shared:
        ids_of_names.update({key: former.get(key, ()) for key in shared})
        for key, identifier in zip(keys, ids, strict=True):
            if key in shared:
                ids_of_names[key] = (*ids_of_names[key], identifier)
    ids_of_names.pop("", None)


@dataclass
class RowIndex:
    """Index of the rows of all tables by id and by name.

    Attributes
    ----------
    rows : id -> (table, file, row number, name).
    names : table -> folded name or alias -> ids.
    referenced : texts of references; of a long table only rows with these are indexed. None to index all rows.
    long : tables of which only some rows are indexed.
    foreign_ids : ids in a file that are not of this program. A reference to one is a fault, even if a row here has that id.
    gazetteer : what the gazetteer says about references that name no row.
    included : rows of included projects. A name means one of them only if no row of the project itself has it.
    """

    rows: dict[str, tuple[str, str, int, str]] = field(default_factory=dict)
    names: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    referenced: ReferencedTexts | None = None
    long: set[str] = field(default_factory=set)
    foreign_ids: frozenset[str] = frozenset()
    gazetteer: GazetteerNames = field(default_factory=GazetteerNames)
    included: IncludedRows = field(default_factory=IncludedRows)

    def add(self, parsed: Parsed) -> list[Fault]:
        """Index the rows of a table; return a fault for each row whose id another row has already, and which is not indexed."""
        faults: list[Fault] = []
        table = parsed.raw.table.name
        if parsed.included.rows:
            self.included = parsed.included
        frame = parsed.frame[
            [name for name in dict.fromkeys((ROW, "id", parsed.title, "aliases")) if name in parsed.frame]
        ]
        ids_of_names = self.names.setdefault(table, {})
        if self.referenced and is_long(len(frame)):
            mask = self._referenced_rows(parsed, self.referenced)
            if mask is not None:
                self.long.add(table)
                frame = frame[mask]
        aliases: Iterable[Sequence[str]] = frame["aliases"] if "aliases" in frame else ((),) * len(frame)
        ids, names = (cols.to_objects(cols.column(frame, name)).tolist() for name in ("id", parsed.title))
        file, rows = parsed.raw.file, frame[ROW].tolist()
        if (
            table not in self.long
            and len(set(ids)) == len(ids)
            and self.rows.keys().isdisjoint(ids)
            and self.included.ids.keys().isdisjoint(ids)
            and not any(aliases)
        ):
            self.rows.update(zip(ids, zip(repeat(table), repeat(file), rows, names, strict=False), strict=True))
            _add_names(ids_of_names, cols.to_objects(parsed.keys).tolist(), ids)
            return faults
        for identifier, name, row, others in zip(ids, names, rows, aliases, strict=True):
            if self.has(identifier):
                _, first_file, first_row, first_name = self.entry(identifier)
                params = {"id": identifier, "file_of": first_file, "row_of": first_row, "name_of": first_name}
                faults.append(parsed.raw.fault(row, "id", identifier, "id-duplicate", **params))
                continue
            self.rows[identifier] = (table, file, row, name)
            for key in map(fold, (name, *others)):
                known = ids_of_names.get(key, ())
                if key and identifier not in known:
                    ids_of_names[key] = (*known, identifier)
        return faults

    def _referenced_rows(self, parsed: Parsed, referenced: ReferencedTexts) -> cols.Mask | None:
        """Return a mask of the rows of a long table to index: those that references may mean, and those whose id another row has too.

        None if all rows are to be indexed: if so many share an id that leaving out the others would save little, or if their number is unknown.
        """
        ids = cols.column(parsed.frame, "id")
        if not is_long(len(ids) - referenced.duplicate_counts.get(parsed.raw.table.name, len(ids))):
            return None
        mask = cols.isin(ids, referenced.texts) | cols.isin(parsed.keys, referenced.keys)
        if "aliases" in parsed.frame and "aliases" in parsed.raw.typed:
            mask |= np.fromiter(
                (any(fold(alias) in referenced.keys for alias in aliases) for aliases in parsed.frame["aliases"]),
                dtype=bool,
                count=len(ids),
            )
        return mask

    def has(self, identifier: str) -> bool:
        """Whether a row of the project, or of an included project, has an id."""
        return identifier in self.rows or identifier in self.included.ids

    def entry(self, identifier: str) -> tuple[str, str, int, str]:
        """Return table, file, number and name of the row with an id. Raise KeyError for an unknown id."""
        own = self.rows.get(identifier)
        return own if own is not None else self.included.rows[self.included.ids[identifier]]

    def find(self, typed: str, tables: Sequence[str]) -> tuple[str, ...]:
        """Return the ids that a reference may mean in `tables` (empty: in all tables); empty for none.

        These are the reference itself, or in lower case, if it is an id; else the ids of the rows with that name or alias; else those of
        included rows; else, if places are searched, the id of the implied place, or of the place whose government the reference names.
        """
        for identifier in (typed, typed.lower()):
            entry = self.rows.get(identifier)
            if entry and (not tables or entry[0] in tables):
                return (identifier,)
        key = fold(typed)
        found: list[str] = []
        for table in tables or TABLES:
            found += self.names.get(table, {}).get(key, ())
        if not found and self.included.rows:
            found += self.included.find(typed, tables)
        if not found and (not tables or "places" in tables):
            implied = typed if typed in self.gazetteer.labels else self.gazetteer.ids.get(typed)
            if implied:
                return (implied,)
            place = governed_place(typed)
            return self.find(place, ("places",)) if place else ()
        return tuple(dict.fromkeys(found))

    def suggestions(self, typed: str, tables: Sequence[str]) -> list[str]:
        """Return up to three ids or names of rows in `tables` (empty: all) that are spelt like `typed`, a name with its id: 綦江（qijiang）.

        [] for long tables, see `long_tables`.
        """
        if self.long.intersection(tables or self.long):
            return []
        entries = [(key, entry) for key, entry in self.rows.items() if not tables or entry[0] in tables]
        ids = {key: key for key, _ in entries} | {name: key for key, (_, _, _, name) in entries}
        if is_long(len(ids)):
            return []
        return [
            f"{word}（{ids[word]}）" if word != ids[word] else word
            for word in difflib.get_close_matches(typed, sorted(ids), 3, 0.6)
        ]
