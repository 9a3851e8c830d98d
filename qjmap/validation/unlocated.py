"""Find what has no position: places that are located only by their names or not at all, and tables of which no row is drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, cached_property, partial

import numpy as np

from qjmap.errors import Fault
from qjmap.geocoding import OfflineLocator, ProjectGazetteer
from qjmap.i18n import LANGS, text
from qjmap.model.resolve_positions import SiteParents, any_located, parents_of, site_positions
from qjmap.tables.columns import operations as cols
from qjmap.tables.table_frame import ROW, Parsed

_WITHOUT_POINT = ("area", "country")
"""Kinds of places that need no point; a missing position is reported only if other rows need it to be drawn."""


def places_located_by_name(places: Parsed, locator: OfflineLocator) -> list[Fault]:
    """Return a list with one warning about the places that have neither coordinates nor adcode nor kind, and that the gazetteer locates by
    their names; [] if there are none.

    A name together with the kind of the place is as unambiguous as a code, and gets no warning.
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


def unlocated_rows(tables: Mapping[str, Parsed], locator: OfflineLocator) -> dict[str, list[Fault]]:
    """Return table -> faults: a warning about the places without a position, and a fault for each table of which no row is drawn.

    A place whose precision is ``unresolved`` has no position on purpose. A table without rows that need to be drawn has no fault. Sites
    are not judged here; see `sites_to_draw`.

    Parameters
    ----------
    tables : name -> table with references resolved; the sites may be only those that other rows name.
    locator : locator that finds the project's places.
    """
    places = tables["places"]
    frame, gazetteer = places.good, locator.places.project
    columns = zip(frame["id"], frame["name"], frame["kind"], frame["precision"], frame[ROW], strict=True)
    stated = [(own, name, kind, int(row)) for own, name, kind, precision, row in columns if precision != "unresolved"]
    lost = {own: (name, row) for own, name, _, row in stated if gazetteer.position(own) is None}
    drawn = _Drawn(tables, locator)
    faults = {name: drawn.undrawn_table(name) for name in ("partnerships", "corridor_legs")}
    expected = [own for own, _, kind, _ in stated if own not in lost or kind not in _WITHOUT_POINT]
    if expected and all(own in lost for own in expected):
        return {**faults, "places": [undrawn(places, len(expected))]}
    kinds = {own: kind for own, _, kind, _ in stated}
    lost = {own: said for own, said in lost.items() if kinds[own] not in _WITHOUT_POINT or own in drawn.named}
    if not lost:
        return faults
    names, rows = ([pair[at] for pair in lost.values()] for at in (0, 1))
    told = {"places": names, "rows": rows, "count": len(lost), "total": len(stated), "undrawn": drawn.told(lost)}
    return {
        **faults, "places": [places.raw.fault(None, "name", None, "place-unlocated", severity="warning", **told)]
    }  # fmt: skip


def undrawn(parsed: Parsed, rows: int) -> Fault:
    """Return the fault of a table of which no row is drawn; `rows` is the number of rows that should be."""
    name = parsed.raw.table.name
    return parsed.raw.fault(None, None, None, "table-undrawn", count=rows, how=_in_both(f"undrawn.how.{name}"))


def sites_to_draw(
    sites: Parsed, locator: OfflineLocator, site_parents: Callable[[], SiteParents] | None = None
) -> tuple[int, bool]:
    """Return the number of sites that must have a position, and whether any of them has one.

    These are the sites whose rows have coordinates, a place or an address. On a map without any located place they are all sites. Sites
    whose precision is ``unresolved`` never count. If no site must have a position, return (0, False).

    Parameters
    ----------
    sites : table of sites with references resolved.
    locator : locator that finds the project's places.
    site_parents : as in `any_located`.
    """
    frame, gazetteer = sites.frame, locator.places.project
    to_draw = ~cols.isin(cols.column(frame, "precision"), ["unresolved"])
    if _has_located_place(gazetteer):
        says_where = np.isfinite(frame["lon"].to_numpy())
        for name in ("place", "address"):
            says_where |= ~cols.is_empty(cols.column(frame, name))
        to_draw &= says_where
    if not to_draw.any():
        return 0, False
    parents = site_parents or partial(parents_of, frame)
    return int(to_draw.sum()), any_located(frame[to_draw], gazetteer, lambda: locator, parents)


def _has_located_place(gazetteer: ProjectGazetteer) -> bool:
    """Whether any place of the project has a position."""
    return any(gazetteer.position(own) is not None for own, *_ in gazetteer.units())


class _Drawn:
    """Tells whether partnerships and legs are drawn, by the positions of the places and sites that they name."""

    def __init__(self, tables: Mapping[str, Parsed], locator: OfflineLocator) -> None:
        self._tables, self._locator, self._gazetteer = tables, locator, locator.places.project
        self._sites = cache(self._located_sites)

    def _has_position(self, identifier: str) -> bool:
        """Whether a place or site has a position; rows of included projects count as having one."""
        if identifier in self._gazetteer:
            return self._gazetteer.position(identifier) is not None
        return identifier in self._sites() or identifier in self._tables["places"].included.rows

    def _must_have_position(self, party: str) -> bool:
        """Whether a partnership should be drawn because of this party: not if the party is a place that has no position on purpose.

        A party that is no place (a site, or an unknown name) counts only on a map without any located place.
        """
        if party not in self._gazetteer:
            return not _has_located_place(self._gazetteer)
        return not self._gazetteer.has_point(party) or self._has_position(party)

    @cached_property
    def named(self) -> frozenset[str]:
        """Ids of the places and sites that partnerships and legs name."""
        parties = {one for parties in self._tables["partnerships"].frame["parties"] for one in parties}
        return frozenset(parties.union(end for _, *ends in self._legs() for end in ends))

    def _located_sites(self) -> frozenset[str]:
        """Return the ids of the sites that partnerships and legs name and that have a position."""
        sites = self._tables["sites"].frame
        rows = sites[cols.isin(cols.column(sites, "id"), self.named)]
        if not len(rows):
            return frozenset()
        positions = site_positions(rows, self._gazetteer, lambda: self._locator, partial(parents_of, sites))
        return frozenset(rows["id"][np.isfinite(positions.lon)])

    def _legs(self) -> Iterator[tuple[str, str, str]]:
        """Yield the ids of corridor, start and end of each leg without a fault."""
        frame = self._tables["corridor_legs"].good
        return zip(frame["corridor"], frame["from"], frame["to"], strict=True)

    def _ends(self, table: str) -> tuple[list[tuple[str, ...]], int]:
        """Return the ids of the ends or parties of each row that should be drawn, and how many of these must have a position."""
        if table == "corridor_legs":
            return [ends for _, *ends in self._legs()], 2  # type: ignore[misc]
        parties = self._tables[table].good["parties"]
        return [one for one in parties if any(map(self._must_have_position, one))], 1

    def undrawn_table(self, table: str) -> list[Fault]:
        """Return a list with the fault of a table that has rows that should be drawn, of which none is; else []."""
        rows, least = self._ends(table)
        if not rows or any(sum(map(self._has_position, ends)) >= least for ends in rows):
            return []
        return [undrawn(self._tables[table], len(rows))]

    def told(self, lost: Collection[str]) -> dict[str, str]:
        """Return language -> sentence on how many arcs, corridors and legs are not drawn because places have no position; "" if all are.

        Parameters
        ----------
        lost : ids of the places without a position.
        """
        arcs = sum(
            len(parties) > 1 and any(one in lost for one in parties) and sum(map(self._has_position, parties)) < 2
            for parties in self._tables["partnerships"].good["parties"]
        )
        legs: dict[str, list[bool]] = {}
        broken: dict[str, int] = {}
        for corridor, *ends in self._legs():
            legs.setdefault(corridor, []).append(all(map(self._has_position, ends)))
            broken[corridor] = broken.get(corridor, 0) + any(end in lost for end in ends)
        corridors = [corridor for corridor, missing in broken.items() if missing and not any(legs[corridor])]
        stretches = sum(missing for corridor, missing in broken.items() if corridor not in corridors)
        counts = {"arcs": arcs, "corridors": len(corridors), "legs": stretches}
        parts = {lang: [text(f"undrawn.{name}", lang, count=n) for name, n in counts.items() if n] for lang in LANGS}
        return {
            lang: text("undrawn.so", lang, parts=text("undrawn.joint", lang).join(parts[lang])) if parts[lang] else ""
            for lang in LANGS
        }


def _in_both(key: str) -> dict[str, str]:
    """Return language -> the text of a key."""
    return {lang: text(key, lang) for lang in LANGS}
