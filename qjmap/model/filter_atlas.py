"""Filter an atlas: the rows that meet conditions, and the rows to which these refer, as a new atlas.

Conditions apply to sites, partnerships and corridors, each to those of them that have its column. Rows to which others refer are included
too: parties, places and the places that contain them, sources, ends of legs; also the legs of included corridors, indicators about included
rows, and the places that the settings name. Of the rows to which ``part_of`` and ``about`` refer, only places, and sites that meet the
conditions on sites, are included. References to rows that are left out are removed, so that every id in the result refers to a row in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.errors import UsageError
from qjmap.geocoding import OfflineLocator
from qjmap.model.atlas import Atlas
from qjmap.model.relations import Relations
from qjmap.schema import LIST_SEPARATOR, TABLES, fold
from qjmap.tables import with_columns
from qjmap.tables.cell_values import CellError
from qjmap.tables.columns import operations as cols
from qjmap.tables.dates import read_date

Names = str | Iterable[str]
"""One name, id or term of a vocabulary, or several."""
Date = str | int | dt.date
"""A year, month or day: 2020, "2020-09", "2020年9月", datetime.date."""
Mask = npt.NDArray[np.bool_]

_LOOSE = ("part_of", "about")
"""Columns of optional references: the rows to which they refer are included only if they meet the conditions."""
_DATED = ("sites", "partnerships", "corridors")
"""Tables with a status and a start, to which conditions apply."""


@dataclass(frozen=True)
class Conditions:
    """Conditions on rows; every row meets an empty one.

    Attributes
    ----------
    partners : ids of places and sites. At least one of them, or something within it, takes part in a partnership.
    kinds, categories, statuses : accepted values of ``kind`` of partnerships, ``category`` of sites, and ``status`` of sites,
        partnerships and corridors.
    since, until : earliest and latest ``start``, in ISO 8601; may be only a year or a month. Two dates are compared to the precision
        that both have; a row without a ``start`` does not meet them.
    """

    partners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


def read_conditions(
    atlas: Atlas, *, partners: Names | None = None, kind: Names | None = None, category: Names | None = None,
    status: Names | None = None, since: Date | None = None, until: Date | None = None,
) -> Conditions:  # fmt: skip
    """Return conditions from arguments of the API, which may have names instead of ids, and labels or synonyms instead of values.

    Parameters
    ----------
    partners : ids, names or aliases of places and sites.
    kind, category, status : values of the vocabularies, or their labels or synonyms in Chinese or English.
    since, until : earliest and latest start.

    Raises
    ------
    UsageError : a name, word or date is unknown, or a name means several rows.
    """
    return Conditions(
        tuple(dict.fromkeys(_partner(atlas, name) for name in _several(partners))),
        _values(atlas, "kind", "partnership_kind", kind),
        _values(atlas, "category", "category", category),
        _values(atlas, "status", "status", status),
        _date("since", since),
        _date("until", until),
    )


def filter_atlas(atlas: Atlas, conditions: Conditions) -> Atlas:
    """Return an atlas of the rows that meet conditions and of those to which they refer, in their order.

    Without conditions it is the atlas itself.
    """
    if conditions == Conditions():
        return atlas
    selection = _Selection(atlas, conditions)
    selected_ids = selection.close()
    frames = {name: _rows(name, frame, selected_ids) for name, frame in atlas.table_rows().items()}
    return replace(
        atlas,
        places=frames["places"], site_rows=frames["sites"], partnership_rows=frames["partnerships"],
        corridors=frames["corridors"], corridor_legs=frames["corridor_legs"], indicators=frames["indicators"],
        sources=frames["sources"],
        lines={leg: line for leg, line in atlas.lines.items() if leg in selected_ids},
        stale_legs=tuple(leg for leg in atlas.stale_legs if leg in selected_ids),
    )  # fmt: skip


@dataclass
class _Selection:
    """Selection of ids: those of rows that meet the conditions, and those to which these refer.

    Attributes
    ----------
    atlas, conditions : the atlas to filter, and the conditions.
    frames : tables of the atlas by name.
    """

    atlas: Atlas
    conditions: Conditions
    frames: Mapping[str, pd.DataFrame] = field(init=False)

    def __post_init__(self) -> None:
        self.frames = self.atlas.table_rows()
        self._ids = {name: cols.to_objects(cols.column(frame, "id")) for name, frame in self.frames.items()}
        self._filtered = {one for name in _DATED for one in self._ids[name]}

    def close(self) -> set[str]:
        """Return the ids of all rows of the filtered atlas: references are followed until no new row is found."""
        fit = {name: {*self._ids[name][self._meets(name)]} for name in _DATED}
        chosen = self._chosen(fit)
        legs = self.frames["corridor_legs"]
        chosen |= {*self._ids["corridor_legs"][cols.isin(cols.column(legs, "corridor"), chosen)]}
        settings = self.atlas.project.settings
        chosen |= {place for of in settings.places_named().values() for place in of} | {*settings.homes}
        selected = set[str]()
        while new := chosen - selected:
            selected |= new
            chosen = self._needed(new)
            chosen |= {one for one in self._wanted(new) if one in fit["sites"] or one not in self._filtered}
        figures = self.frames["indicators"]
        about = cols.isin(cols.column(figures, "subject"), selected)
        figures_kept = {*self._ids["indicators"][about]}
        return selected | figures_kept | self._needed(figures_kept)

    def _meets(self, name: str) -> Mask:
        """Return a mask of the rows of a table that meet the conditions on its columns."""
        frame, wanted = self.frames[name], self.conditions
        mask = np.ones(len(frame), dtype=bool)
        of_column = {"status": wanted.statuses}
        of_column |= {"category": wanted.categories} if name == "sites" else {}
        of_column |= {"kind": wanted.kinds} if name == "partnerships" else {}
        for column, values in of_column.items():
            if values:
                mask &= cols.isin(cols.column(frame, column), values)
        if wanted.since or wanted.until:
            start = cols.column(frame, "start")
            mask &= cols.isin(start, [date for date in cols.unique(start) if date and _is_between(date, wanted)])
        return mask

    def _chosen(self, fit: Mapping[str, set[str]]) -> set[str]:
        """Return the ids of the rows that meet all conditions.

        If there are conditions on partners or kinds, only those sites and corridors are chosen that belong to the chosen partnerships
        (as parties, as their subject, or as parts of them), and corridors through the partners.
        """
        wanted, partnerships = self.conditions, fit["partnerships"]
        if wanted.partners:
            links = Relations(self.atlas).links
            rows = sorted({row for partner in wanted.partners if partner in links for row in links[partner].rows})
            partnerships = partnerships & {*self._ids["partnerships"][rows]}
        if not (wanted.partners or wanted.kinds):
            return partnerships | fit["sites"] | fit["corridors"]
        named = self._references("partnerships", partnerships, ("parties", "about"))
        named |= self._parts("sites", partnerships) | self._parts("corridors", partnerships)
        named |= self._corridors_through({*wanted.partners})
        return partnerships | {*wanted.partners} | (named & (fit["sites"] | fit["corridors"]))

    def _parts(self, name: str, wholes: set[str]) -> set[str]:
        """Return the ids of the rows of a table that are part of any of ``wholes``."""
        several = self.frames[name]["part_of"].to_numpy()
        mask = np.fromiter((not wholes.isdisjoint(row) for row in several), dtype=bool, count=len(several))
        return {*self._ids[name][mask]}

    def _corridors_through(self, places: set[str]) -> set[str]:
        """Return the ids of the corridors with a leg that ends at one of the places or passes it."""
        legs = self.frames["corridor_legs"]
        columns = zip(legs["corridor"], legs["from"], legs["to"], legs["via"], strict=True)
        return {corridor for corridor, start, end, via in columns if not places.isdisjoint((start, end, *via))}

    def _needed(self, ids: set[str]) -> set[str]:
        """Return the ids to which rows refer and which must be included: parties, places, sources, ends of legs, ``position_of``."""
        return {
            one
            for name in self.frames
            for one in self._references(name, ids, [column for column in _reference_columns(name) if column not in _LOOSE])
        }  # fmt: skip

    def _wanted(self, ids: set[str]) -> set[str]:
        """Return the ids to which rows refer in columns of optional references."""
        return {one for name in self.frames for one in self._references(name, ids, _LOOSE)}

    def _references(self, name: str, ids: set[str], columns: Iterable[str]) -> set[str]:
        frame = self.frames[name]
        rows = np.flatnonzero(cols.isin(self._ids[name], ids))
        if not len(rows):
            return set()
        referring = frame.iloc[rows]
        return {one for column in columns if column in referring for cell in referring[column] for one in _ids_in(cell)}


def _reference_columns(name: str) -> list[str]:
    """Return the names of a table's columns that hold ids of other rows."""
    columns = [column.name for column in TABLES[name].columns if column.type in ("id", "ids", "roles")]
    return [column for column in [*columns, "position_of"] if column != "id"]


def _ids_in(cell: Any) -> Iterator[str]:
    if isinstance(cell, tuple):
        yield from (one[0] if isinstance(one, tuple) else one for one in cell)
    elif cell:
        yield from str(cell).split(LIST_SEPARATOR)


def _rows(name: str, frame: pd.DataFrame, kept: set[str]) -> Any:
    """Return the rows of a table whose ids are in ``kept``; optional references (`_LOOSE`) to all other rows are removed."""
    rows = frame[cols.isin(cols.column(frame, "id"), kept)].reset_index(drop=True)
    cut: dict[str, Any] = {}
    for column in _LOOSE:
        if column in rows and any(not kept.issuperset(cell) for cell in rows[column]):
            cells = np.empty(len(rows), dtype=object)
            cells[:] = [tuple(one for one in cell if one in kept) for cell in rows[column]]
            cut[column] = cells
    return with_columns(rows, cut) if cut else rows


def _is_between(date: str, wanted: Conditions) -> bool:
    """Return whether a date lies between ``since`` and ``until``, compared to the precision that both have: 2020 fits 2020-09."""
    return all(
        not bound or (date[: len(bound)] >= bound[: len(date)] if first else date[: len(bound)] <= bound[: len(date)])
        for bound, first in ((wanted.since, True), (wanted.until, False))
    )


def _several(names: Names | None) -> tuple[str, ...]:
    return () if names is None else (names,) if isinstance(names, str) else tuple(names)


def _values(atlas: Atlas, argument: str, vocabulary: str, words: Names | None) -> tuple[str, ...]:
    """Return the distinct values of a vocabulary for words, which may be values, labels or synonyms; UsageError for an unknown word.

    Parameters
    ----------
    argument : name of the argument of the API, for the message.
    """
    values = []
    vocabularies = atlas.project.settings.vocabularies
    for word in _several(words):
        value = vocabularies.find(str(word), vocabulary)
        if value is None:
            allowed = list(vocabularies.entries(vocabulary))
            raise UsageError("frame-argument", name=argument, value=str(word), allowed=allowed)
        values.append(value)
    return tuple(dict.fromkeys(values))


def _date(argument: str, given: Date | None) -> str:
    if given is None:
        return ""
    try:
        return str(read_date(given.isoformat()[:10] if isinstance(given, dt.date) else str(given).strip()))
    except CellError:
        raise UsageError(
            "frame-argument", name=argument, value=str(given), allowed="2020, 2020-09, 2020-09-09"
        ) from None


def _partner(atlas: Atlas, name: str) -> str:
    """Return the id of the place or site that a text names: by id, name or alias, else by a name in the gazetteer of China.

    Raises
    ------
    UsageError : the text names no row, or several.
    """
    ids: list[str] = []
    for frame in (atlas.places, atlas.site_rows):
        if cols.isin(cols.column(frame, "id"), [name]).any():
            return name
        ids = ids or _named(frame, fold(name))
    if not ids:
        best = OfflineLocator(suggests=False).locate(name).best
        places = atlas.places
        ids = places["id"][places["adcode"] == best.id].tolist() if best is not None else []
    if len(ids) == 1:
        return str(ids[0])
    if ids:
        raise UsageError("filter-several", name=name, ids=ids)
    raise UsageError("filter-unknown", name=name)


def _named(frame: pd.DataFrame, key: str) -> list[str]:
    """Return the ids of the rows that have a name or alias whose folded form is ``key``."""
    columns = zip(frame["id"], frame["name"], frame["name_en"], frame["aliases"], strict=True)
    return [one for one, zh, en, others in columns if any(fold(text) == key for text in (zh, en, *others) if text)]
