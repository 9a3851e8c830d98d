"""Relations between partners: for each place and site its partnerships, its partners and the distances to them.

A place takes part in the partnerships of everything that lies within it: its zones, towns and sites; a site in those of its
parts. A country takes part only in those that name it, or a site whose `place` it is. `partner_pairs` defines who is a partner of whom.
The page's panel, matrix, filter and figures use these results, and `qjmap report` prints them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from qjmap.geodesy import distances_km
from qjmap.model.atlas import Atlas, points_by_id
from qjmap.model.corridor_distances import CorridorNetwork
from qjmap.model.partner_pairs import Shared, partner_pairs, taking_part
from qjmap.tables.columns import operations as cols

NEVER_CONTAINER = "country"
"""Kind of place that does not take part in the partnerships of what lies within it, except of the sites whose `place` it is."""

JOINT_KINDS = frozenset({"joint-project", "joint-park"})
"""Kinds of partnership that count as joint projects."""

_WIDE = frozenset({"province", "country"})
"""Precisions of a position so coarse that a distance from it is only approximate."""


@dataclass(frozen=True, slots=True)
class Distance:
    """Distance between two partners.

    Attributes
    ----------
    km : geodesic kilometres on the WGS 84 ellipsoid, to 0.1; None if a position is unknown, or if both are less than 50 m
        apart.
    about : whether the distance is approximate: the position of either partner is only that of a province or country.
    corridor_km : kilometres of the shortest path along the drawn legs of the corridors, to 0.1; None without a path.
    legs : rows of the atlas's corridor_legs on that path, from the first partner to the second.
    via : ids of the places on that path between the two, in the same order.
    """

    km: float | None
    corridor_km: float | None = None
    legs: tuple[int, ...] = ()
    via: tuple[str, ...] = ()
    about: bool = False


class Relations:
    """Partners, shared partnerships and distances of every party and of the places that contain it."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._parties: list[tuple[str, ...]] = [tuple(dict.fromkeys(row)) for row in atlas.partnership_rows["parties"]]
        places = atlas.places
        self._parent = dict(zip(places["id"], places["parent"], strict=True))
        self._kind = dict(zip(places["id"], places["kind"], strict=True))

    def _site_parents(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return id -> (id of its place, ids of the rows that it is part of), for the sites that are parties and the sites that these are
        part of, directly or through others.
        """
        sites = self._atlas.site_rows
        parents: dict[str, tuple[str, tuple[str, ...]]] = {}
        missing = {party for row in self._parties for party in row}
        while missing:
            rows = sites[cols.isin(cols.column(sites, "id"), missing)]
            new = dict(zip(rows["id"], zip(rows["place"], rows["part_of"], strict=True), strict=True))
            parents |= new
            missing = {whole for _, wholes in new.values() for whole in wholes} - set(parents)
        return parents

    @cached_property
    def _containers(self) -> dict[str, frozenset[str]]:
        """For each party the ids of itself, of the sites that it is part of, of its place, and of the places that contain its place.

        Countries are left out (`NEVER_CONTAINER`), unless they are the party itself or the `place` of its site.
        """
        parents = self._site_parents()
        containers = {}
        for party in {party for row in self._parties for party in row}:
            wholes = _wholes(party, parents)
            home = next((place for site in wholes if (place := parents[site][0])), "")
            containing, visited = {party, *wholes}, {party}
            place = home or self._parent.get(party, "")
            while place and place not in visited:
                visited.add(place)
                if place == home or self._kind.get(place) != NEVER_CONTAINER:
                    containing.add(place)
                place = self._parent.get(place, "")
            containers[party] = frozenset(containing)
        return containers

    @cached_property
    def links(self) -> dict[str, Shared]:
        """For each id the partnerships in which it, or something that lies within it, takes part; sorted by id."""
        return taking_part(self._parties, self._containers)

    @cached_property
    def pairs(self) -> dict[tuple[str, str], Shared]:
        """For each pair of partners, as two ids in ascending order, their partnerships."""
        return partner_pairs(self._parties, self._containers)

    @cached_property
    def _partners(self) -> dict[str, list[tuple[str, Shared]]]:
        partners: dict[str, list[tuple[str, Shared]]] = {}
        for (first, second), shared in self.pairs.items():
            partners.setdefault(first, []).append((second, shared))
            partners.setdefault(second, []).append((first, shared))
        return {
            subject: sorted(shared_with, key=lambda item: (-len(item[1]), -len(item[1].own), item[0]))
            for subject, shared_with in partners.items()
        }

    def partners(self, subject: str) -> list[tuple[str, Shared]]:
        """Return the ids of the partners of an id, each with the partnerships that the two share.

        Partners are parties, and the places and sites that contain them. Those with most shared partnerships come first; among
        equals, those with most own partnerships (`Shared.own`).
        """
        return self._partners.get(subject, [])

    def named_partners(self, subject: str) -> int:
        """Return the number of partners of an id that are parties themselves; places that only contain parties are not counted."""
        return sum(
            any(partner in self._parties[row] for row in shared.rows) for partner, shared in self.partners(subject)
        )

    @cached_property
    def distances(self) -> dict[tuple[str, str], Distance]:
        """Distances between partners, by their two ids in ascending order; no entry if nothing is known."""
        pairs = list(self.pairs)
        kilometres = self._geodesic_km(pairs)
        paths = self._corridor_paths(pairs)
        wide = {
            identifier
            for frame in self._rows_of({identifier for pair in pairs for identifier in pair})
            for identifier, level in zip(frame["id"], frame["level"], strict=True)
            if level in _WIDE
        }
        distances = {}
        for pair, km in zip(pairs, kilometres, strict=True):
            corridor_km, legs, via = paths.get(pair, (None, (), ()))
            if km is not None or corridor_km is not None:
                distances[pair] = Distance(km, corridor_km, legs, via, bool(wide & {*pair}))
        return distances

    def distance(self, start: str, end: str) -> Distance:
        """Return the distance between two partners, with the corridor legs in the order from ``start`` to ``end``.

        For ids that are no partners, or of which nothing is known, all distances are None.
        """
        distance = self.distances.get(_ordered(start, end), Distance(None))
        if start <= end:
            return distance
        return Distance(distance.km, distance.corridor_km, distance.legs[::-1], distance.via[::-1], distance.about)

    def _geodesic_km(self, pairs: Sequence[tuple[str, str]]) -> list[float | None]:
        """Return the geodesic kilometres between each pair; None if a position is unknown, or if both are less than 50 m apart."""
        points = self._points({identifier for pair in pairs for identifier in pair})
        nowhere = (np.nan, np.nan)
        ends = np.array([[*points.get(a, nowhere), *points.get(b, nowhere)] for a, b in pairs]).reshape(-1, 4)
        kilometres = distances_km(ends[:, :2], ends[:, 2:])
        return [(round(float(km), 1) or None) if np.isfinite(km) else None for km in kilometres]

    def _rows_of(self, ids: set[str]) -> list[pd.DataFrame]:
        """Return the rows of places, and the rows of sites, that have these ids."""
        frames = (self._atlas.places, self._atlas.site_rows)
        return [frame[cols.isin(cols.column(frame, "id"), ids)] for frame in frames]

    def _points(self, ids: set[str]) -> dict[str, tuple[float, float]]:
        return points_by_id(ids, self._atlas.places, self._atlas.site_rows)

    def _corridor_paths(
        self, pairs: Sequence[tuple[str, str]]
    ) -> Mapping[tuple[str, str], tuple[float, tuple[int, ...], tuple[str, ...]]]:
        """Return pair -> its shortest path along the corridors, if there is one: km, rows of legs, ids of places between."""
        legs = self._atlas.corridor_legs
        network = CorridorNetwork(legs, self._points({stop for stops in legs["via"] for stop in stops}))
        nodes: dict[str, str] = {}
        for frame in self._rows_of({identifier for pair in pairs for identifier in pair}):
            for identifier, place in zip(frame["id"], frame["position_of"], strict=True):
                # For a row that is not a stop itself, take the place from which it has its position.
                node = identifier if identifier in network else place
                if node in network:
                    nodes[identifier] = node
        paths = {}
        for start, end in pairs:
            if start in nodes and end in nodes and (path := network.path(nodes[start], nodes[end])):
                paths[start, end] = path
        return paths


def _ordered(start: str, end: str) -> tuple[str, str]:
    return (start, end) if start <= end else (end, start)


def _wholes(site: str, parents: Mapping[str, tuple[str, tuple[str, ...]]]) -> list[str]:
    """Return the site and the sites that it is part of, directly or indirectly, nearest first; [] if the id is not a site's."""
    sites = [site] if site in parents else []
    for whole in sites:  # the loop body appends to the list
        sites += [other for other in parents[whole][1] if other in parents and other not in sites]
    return sites


def key_numbers(atlas: Atlas, relations: Relations) -> dict[str, int]:
    """Return name of a number -> number, of an atlas: partnerships, partners, joint (joint projects) and sites.

    Partners are those of the home that are parties themselves. If there is no home, or it takes part in no partnership, all places and
    sites that take part in one are counted.
    """
    home, rows = atlas.project.settings.home, atlas.partnership_rows
    return {
        "partnerships": len(rows),
        "partners": relations.named_partners(home) if home in relations.links else len(relations.links),
        "joint": len(joint_rows(atlas, range(len(rows)))),
        "sites": atlas.all_sites.rows if atlas.all_sites else len(atlas.site_rows),
    }


def joint_rows(atlas: Atlas, rows: Sequence[int]) -> list[int]:
    """Return those of the given rows of partnerships (indices) that are joint projects."""
    kinds = atlas.partnership_rows["kind"].to_numpy()
    likes = atlas.project.settings.vocabularies.likes("partnership_kind")
    return [row for row in rows if likes.get(kinds[row], kinds[row]) in JOINT_KINDS]


def relations_metadata(relations: Relations) -> dict[str, Any]:
    """Return the relations as the page reads them, in JSON types.

    ``links`` has for each id that takes part [id, number of own partnerships, rows of partnerships], ``pairs`` for each pair of partners
    [first id, second id, number of own partnerships, rows of partnerships, km, 1 if km is approximate, corridor km, rows of the legs].
    Ids are indices into ``ids``; rows of own partnerships come first; an unknown distance is 0. ``joint`` lists `JOINT_KINDS`.
    """
    ids = list(relations.links)
    number = {identifier: index for index, identifier in enumerate(ids)}
    pairs = []
    for (first, second), shared in relations.pairs.items():
        distance = relations.distance(first, second)
        rows = [*shared.own, *shared.within]
        pairs.append([
            number[first], number[second], len(shared.own), rows, distance.km or 0, int(distance.about), distance.corridor_km or 0,
            list(distance.legs),
        ])  # fmt: skip
    links = [[number[id_], len(shared.own), [*shared.own, *shared.within]] for id_, shared in relations.links.items()]
    return {"ids": ids, "links": links, "pairs": pairs, "joint": sorted(JOINT_KINDS)}
