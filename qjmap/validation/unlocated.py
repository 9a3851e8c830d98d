"""Places without coordinates: those that the gazetteer locates by name, and those that keep others off the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from qjmap.errors import Fault
from qjmap.geocoding import OfflineLocator
from qjmap.schema import TABLES
from qjmap.tables.frame import ROW, Parsed
from qjmap.validation.gazetteer_names import is_looked_up
from qjmap.validation.register import References, Register


def places_located_by_name(places: Parsed, locator: OfflineLocator) -> list[Fault]:
    """Return one warning of the places without coordinates, adcode and kind that the gazetteer has by their name.

    A full name with its kind is as plain as a code.
    """
    frame, merged = places.good, locator.places
    columns = zip(frame["id"], frame["adcode"], frame["kind"], frame["name"], frame[ROW], strict=True)
    found = {
        int(row): f"{name}（{merged.area_names(own).replace(' ', '')}）".replace("（）", "")
        for own, adcode, kind, name, row in columns
        if not adcode and not kind and own in merged.row_of and not merged.project.has_point(own)
        if merged.china.point(merged.row_of[own]) is not None
    }
    if not found:
        return []
    params = {"rows": list(found), "pairs": list(found.values()), "severity": "warning"}
    return [places.raw.fault(None, "name", None, "place-located", **params)]


def unlocated_places(
    tables: Mapping[str, Parsed], references: References, register: Register, locator: OfflineLocator
) -> list[Fault]:
    """Return one warning of the places that rows of other tables name and that have no position, in the gazetteer either.

    A place whose precision is ``unresolved`` has no position on purpose.

    Parameters
    ----------
    tables : with references resolved.
    references : distinct references of all rows.
    locator : knows the places.
    """
    places = tables["places"]
    frame, named = places.good, _named(references, register)
    columns = zip(frame["id"], frame["name"], frame["precision"], frame[ROW], strict=True)
    lost = {
        own: (name, int(row))
        for own, name, precision, row in columns
        if own in named
        and precision != "unresolved"
        and own not in locator.places.row_of
        and locator.position(own) is None
    }
    if not lost:
        return []
    drawn_by = Counter(party for parties in tables["partnerships"].frame["parties"] for party in parties)
    told = [f"{name}（{drawn_by[own]}）" if drawn_by[own] else name for own, (name, _) in lost.items()]
    rows = [row for _, row in lost.values()]
    return [places.raw.fault(None, "name", None, "place-unlocated", rows=rows, places=told, severity="warning")]


def _named(references: References, register: Register) -> set[str]:
    """Return the ids that rows of other tables than the places may mean."""
    named: set[str] = set()
    for (table, name), texts in references.items():
        column = TABLES[table].column(name)
        if table != "places" and is_looked_up(column):
            for typed in texts:
                for part in register.gazetteer.parts.get(typed, (typed,)):
                    named.update(register.find(part, column.refers))
    return named
