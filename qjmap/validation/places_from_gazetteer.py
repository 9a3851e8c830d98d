"""Look up in the gazetteer the references that name no row. What an unambiguous name means becomes an implied place of the project.

Which references are looked up:

- columns that refer to places (`place`, `parent`, `area`), and the ends and `via` of legs: any name;
- `parties`, `roles`, `about`, `members` and `subject` refer to rows of any kind. A county's short name of two characters (平安) is
  also an ordinary word, so there it counts only if at least half of the column's other references are places;
- `part_of`, `corridor` and columns of sources are not looked up.

If several places have a name, the one that lies in the project's home is meant, as for addresses.

An unknown or ambiguous text stays as it is in `place`, `parent`, `area`, `parties`, `roles` and `about`, with a warning; in other
columns it is a fault. A text that looks like an id (`zigogn`) is a fault in all of them. (In columns of sources a text that names no row
gets a warning, see `references`.) Each text is looked up once.

The page (`web/src/import-worker/references.js`) has no gazetteer, only codes of units and names of provinces, since all names would
double its size. So it accepts every name that is looked up here, with the warning `place-unchecked`, even names that the program
does not find and refuses; and it splits several names in one cell only if it knows all of them. `qjmap check` reports the rest for
a row that the page has saved. What the page refuses, the program refuses too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from functools import cache, partial

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.exact_names import ExactNames, GazetteerPlace, NameMatch, exact_names, place_row
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.project_gazetteer import ProjectGazetteer
from qjmap.grammar import grammar
from qjmap.schema import LIST_SEPARATOR, TABLES, Column
from qjmap.tables import generate_ids
from qjmap.tables.columns import operations as cols
from qjmap.tables.table_frame import Parsed, TableFrame
from qjmap.validation.row_index import GazetteerNames, References, RowIndex, governed_place
from qjmap.validation.several_names import is_split, split_names

_GRAMMAR = grammar("references")
_LINK_COLUMNS = ("id", "name", "kind", "adcode", "parent")
_DIGITS = re.compile(r"\d+")


def is_looked_up(column: Column) -> bool:
    """Whether references in a column may be names in the gazetteer."""
    is_reference = column.type in ("id", "ids", "roles") and column.name not in _GRAMMAR["not_looked_up"]
    return is_reference and (not column.refers or "places" in column.refers)


def is_kept(column: Column, typed: str) -> bool:
    """Whether a text in a column that means no row and no place is kept as it is, with a warning instead of a fault."""
    kept = column.refers == ("places",) or column.name in _GRAMMAR["kept"]
    return kept and not looks_like_id(typed)


def looks_like_id(typed: str) -> bool:
    """Whether a text has the form of an id. A text of digits does not count, since it may be a code in the gazetteer."""
    return bool(generate_ids.ID.fullmatch(typed)) and not _DIGITS.fullmatch(typed)


def look_up_names(
    row_index: RowIndex, references: References, places: Parsed, taken: Callable[[], Container[str]],
    ids: Mapping[str, str] | None = None, *, home: str = "",
) -> GazetteerNames:  # fmt: skip
    """Look up in the gazetteer the references that name no row of the index.

    Parameters
    ----------
    row_index : index of all rows.
    references : the distinct references by table and column.
    places : the project's places.
    taken : function that returns the ids in use, which implied places do not get.
    ids : code in the gazetteer -> id that the place has already.
    home : id, name or adcode of the project's home; "" for none.
    """
    search = _Search(row_index, cache(partial(_key_of_home, row_index, places, home)))
    for (table, name), texts in sorted(references.items()):
        column = TABLES[table].column(name)
        if is_looked_up(column):
            search.look_up(column, texts)
    if not search.places and not search.candidates:
        return GazetteerNames(parts=search.parts)
    own = project_ids(places)
    new = {place.key: place for place in search.places.values() if place.key not in own}
    implied = [new[key] for key in sorted(new)]
    own |= dict(zip(sorted(new), implied_ids(implied, taken, ids or {}), strict=True))
    return GazetteerNames(
        {typed: own[place.key] for typed, place in search.places.items()},
        tuple(place_row(place, own) for place in implied),
        {own[place.key]: place.label for place in implied},
        search.candidates,
        search.parts,
    )


class _Search:
    """Looks up in the gazetteer the references that name no row of the project, column by column, and collects what they mean.

    Attributes
    ----------
    places : reference as typed -> the one place that it means.
    candidates : ambiguous or doubtful reference -> the places that it may mean, each as "label code" for messages.
    parts : reference that is a list of names -> these names.
    """

    def __init__(self, row_index: RowIndex, home: Callable[[], int | None]) -> None:
        self._row_index, self._home = row_index, home
        self.places: dict[str, GazetteerPlace] = {}
        self.candidates: dict[str, tuple[str, ...]] = {}
        self.parts: dict[str, tuple[str, ...]] = {}

    def look_up(self, column: Column, texts: Collection[str]) -> None:
        """Look up the references of a column that name no row."""
        rows = {typed: self._find(column, typed) for typed in texts}
        unknown = sorted(typed for typed, found in rows.items() if not found and not looks_like_id(typed))
        if not unknown:
            return
        names = exact_names()
        matches = {typed: _match(names, typed) for typed in unknown}
        others = [typed for typed in texts if typed not in matches or not matches[typed].is_word]
        takes_words = bool(column.refers) or self._are_mostly_places(rows, matches, others)
        for typed, match in matches.items():
            if match.place is not None and (takes_words or not match.is_word):
                self.places[typed] = match.place
            elif match.candidates and (at_home := self._at_home(typed, names)) is not None:
                self.places[typed] = at_home
            elif match.place is not None or match.candidates:
                possible = filter(None, match.candidates or [match.place])
                self.candidates[typed] = tuple(f"{place.label} {place.code}" for place in possible)
            elif is_split(column) and (parts := self._split(column, typed, names)):
                self.parts[typed] = parts

    def _at_home(self, typed: str, names: ExactNames) -> GazetteerPlace | None:
        """Return the one place of that name that lies in the project's home; None for none or several, or if the home is unknown."""
        home = self._home()
        return None if home is None else names.find_within(typed, home)

    def _find(self, column: Column, typed: str) -> tuple[str, ...]:
        """Return the ids of the rows that a text in a column names; () for none. A `place` may also be a site."""
        found = self._row_index.find(typed, column.refers)
        if not found and column.name == "place":  # a park is a site; `references` moves it to `part_of`
            found = self._row_index.find(typed, ("sites",))
        return found

    def _are_mostly_places(
        self, rows: Mapping[str, tuple[str, ...]], matches: Mapping[str, NameMatch], others: Iterable[str]
    ) -> bool:
        """Whether at least half of the references in `others` are places.

        Parameters
        ----------
        rows : reference of the column -> ids of the rows that it names.
        matches : reference that names no row -> what it means in the gazetteer.
        """
        are = [
            matches[typed].place is not None if typed in matches
            else any(self._row_index.entry(own)[0] == "places" for own in rows[typed])
            for typed in others
        ]  # fmt: skip
        return 2 * sum(are) >= len(are)

    def _split(self, column: Column, typed: str, names: ExactNames) -> tuple[str, ...]:
        """Split a text into several names that are all known, and record the places that they mean; return () if that is impossible."""

        def is_known(part: str) -> bool:
            return bool(self._row_index.find(part, column.refers)) or names.find(part).place is not None

        parts = split_names(typed, is_known)
        for part in parts:
            place = names.find(part).place
            if place is not None and not self._row_index.find(part, column.refers):
                self.places[part] = place
        return parts


def _match(names: ExactNames, typed: str) -> NameMatch:
    """Look up a text in the gazetteer; if it is unknown there, look up the place whose government it names."""
    match = names.find(typed)
    place = "" if match.place or match.candidates else governed_place(typed)
    return names.find(place) if place else match


def with_typed_names(
    record: Mapping[str, str], raw: TableFrame, at: int, names: GazetteerNames
) -> dict[str, str]:  # fmt: skip
    """Return column -> cell for the cells of a record that refer to implied places, with the names as typed instead of the ids.

    Parameters
    ----------
    record : cells of a row, with references as ids.
    raw : the file as typed.
    at : index of the row in the file.
    names : the implied places, and the texts that mean them.
    """
    typed_as: dict[str, list[str]] = {}
    for typed, own in names.ids.items():
        typed_as.setdefault(own, []).append(typed)
    named = {row["id"]: row["name"] for row in names.implied}
    changed = {}
    for name in record:
        if name not in raw.table or raw.table.column(name).type not in ("id", "ids", "roles") or name == "id":
            continue
        cell = str(cols.column(raw.frame, name)[at])
        items = []
        for item in record[name].split(LIST_SEPARATOR):
            own, colon, role = item.rpartition(":") if raw.table.column(name).type == "roles" else (item, "", "")
            if own in named:
                typed = max((text for text in typed_as.get(own, ()) if text in cell), key=len, default=named[own])
                item = f"{typed}{colon}{role}"
            items.append(item)
        if (joined := LIST_SEPARATOR.join(items)) != record[name]:
            changed[name] = joined
    return changed


def _key_of_home(row_index: RowIndex, places: Parsed, home: str) -> int | None:
    """Return the key in the gazetteer of the project's home (id, name or adcode); None without a home, or if the gazetteer lacks it."""
    rows = row_index.find(home, ("places",)) if home else ()
    of_row = (key for key, own in project_ids(places).items() if own in rows)
    named = exact_names().find(home).place if home and not rows else None
    return next(of_row, named.key if named is not None else None)


def project_ids(places: Parsed) -> dict[int, str]:
    """Return key in the gazetteer -> id, for the project's places that the gazetteer has too."""
    frame = places.frame
    columns = {name: cols.to_objects(cols.column(frame, name)).tolist() for name in _LINK_COLUMNS}
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return dict(MergedGazetteer(load_china_gazetteer(), ProjectGazetteer(rows)).project_id_of)


def implied_ids(
    implied: list[GazetteerPlace], taken: Callable[[], Container[str]], ids: Mapping[str, str]
) -> list[str]:
    """Return the ids of implied places in their order: the ones they have already, else slugs of their names, as rows without an id get.

    Parameters
    ----------
    taken : function that returns the ids in use.
    ids : code in the gazetteer -> id that the place has already.
    """
    given = [ids.get(place.code, "") for place in implied]
    if all(given):
        return given
    names = [place.name for place in implied]
    return generate_ids.fill(names, lambda rows: [implied[at].code for at in rows], given, taken())
