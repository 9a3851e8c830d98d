"""Invented firms, agreements and corridors around an administrative unit, for trying out the program. The places are real."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from qjmap.geocoding import distance_m
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.exact_names import GazetteerPlace, exact_names
from qjmap.scaffold.unit import Unit
from qjmap.scaffold.unit_rows import Row
from qjmap.schema import LIST_SEPARATOR, TABLES
from qjmap.vocabulary import BUILT_IN

_NEAR = 2
"""Number of partners in China."""


@dataclass(frozen=True)
class Example:
    """An invented example around a unit: the rows in `assets/scaffold/example.json` with real places filled in; by default no rows.

    Attributes
    ----------
    places : places that the example needs besides those of the unit.
    sources : rows to add to the table of sources.
    roles : placeholder in the rows, such as ``@home`` -> the place that replaces it.
    """

    places: tuple[GazetteerPlace, ...] = ()
    sources: tuple[Row, ...] = ()
    roles: Mapping[str, GazetteerPlace] = field(default_factory=dict)

    def rows(self, table: str, ids: Mapping[int, str]) -> list[Row]:
        """Return the rows of a table (column -> cell). Values of vocabularies are in Chinese; columns empty in all rows are left out.

        Parameters
        ----------
        ids : key of a place in the gazetteer -> its id in the project.
        """
        rows = _data()[table] if self.roles else []
        names = [name for name in TABLES[table].names if any(name in row for row in rows)]
        return [{name: self._cell(table, name, row.get(name, ""), ids) for name in names} for row in rows]

    def _cell(self, table: str, name: str, cell: str, ids: Mapping[int, str]) -> str:
        vocab = TABLES[table].column(name).vocab
        if vocab and cell:
            return BUILT_IN.label(vocab, cell, "zh")
        parts = cell.split(LIST_SEPARATOR) if "@" in cell else [cell]
        return LIST_SEPARATOR.join(ids[self.roles[part].key] if part in self.roles else part for part in parts)


def example_of(unit: Unit) -> Example:
    """Return the example for a unit.

    Its partners are neighbours of the unit, else the units around it, else the nearest provinces; and one city abroad.
    """
    abroad = exact_names().with_code(_data()["abroad"])
    near = list(dict.fromkeys((*unit.neighbours, *unit.areas)))[:_NEAR]
    near += _provinces_near(unit)[: _NEAR - len(near)]
    named = {"@home": unit.home, **{f"@near{number}": place for number, place in enumerate(near, 1)}}
    roles = {role: place for role, place in {**named, "@abroad": abroad}.items() if place is not None}
    places = tuple(place for place in roles.values() if place not in unit.places)
    return Example(places, tuple(_data()["sources"]), roles)


def _provinces_near(unit: Unit) -> list[GazetteerPlace]:
    """Return the provinces that are not among the places of a unit, the nearest first."""
    china, home = load_china_gazetteer(), unit.home
    keys = [row for row in range(len(china.ids)) if china.kind(row) == "province"]
    places = [place for place in map(exact_names().place, keys) if place not in unit.places]

    def distance(place: GazetteerPlace) -> float:
        return distance_m(home.lon or 0.0, home.lat or 0.0, place.lon or 0.0, place.lat or 0.0)

    return sorted(places, key=distance)


@cache
def _data() -> dict[str, Any]:
    path = files("qjmap") / "assets" / "scaffold" / "example.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
