"""Find the places that several projects have.

Two rows are one place where they are the same unit of the gazetteer (by adcode, or by name within its parent), or where they have a
name in common, no different kinds, parents that are the same, and positions no further apart than their uncertainty. Rows of one
project are never one place, nor are rows of different units. What would make them one is left apart. The order of the projects
does not matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from qjmap.geocoding.project_gazetteer import Position, distance_m
from qjmap.schema import fold

_ANY_KIND = ("", "other")


@dataclass(frozen=True)
class PlaceFacts:
    """What tells whether two rows are one place.

    Attributes
    ----------
    part : index of the project.
    names : folded name and aliases.
    code : of the unit in the gazetteer, else the adcode as typed; "" for none.
    parent : id of the place that it lies in; "" for none.
    position : None where it is not known.
    """

    id: str
    part: int
    names: frozenset[str]
    kind: str = ""
    code: str = ""
    parent: str = ""
    position: Position | None = None


def names_of(name: str, aliases: Iterable[str]) -> frozenset[str]:
    """Return the names of a place as they are compared."""
    return frozenset(map(fold, (name, *aliases))) - {""}


class Groups:
    """Rows that are one: a forest of ids, in which no group holds two rows of a project."""

    def __init__(self, part_of: Mapping[str, int]) -> None:
        self._part_of = part_of
        self._members: dict[str, frozenset[str]] = {}

    def members(self, identifier: str) -> frozenset[str]:
        """Return the ids of a group."""
        return self._members.get(identifier, frozenset((identifier,)))

    def join(self, pairs: Iterable[tuple[str, str]], allows: Callable[[frozenset[str]], bool] = lambda _: True) -> bool:
        """Join what pairs connect; leave apart what would hold two rows of a project or is not allowed -> whether any was joined."""
        reached: dict[str, set[str]] = {}
        for first, second in pairs:
            both = {*reached.get(first, self.members(first)), *reached.get(second, self.members(second))}
            for one in both:
                reached[one] = both
        joined = False
        for some in {frozenset(group) for group in reached.values()}:
            parts = [self._part_of[one] for one in some]
            if len(set(parts)) == len(parts) and allows(some) and len(some) > len(self.members(next(iter(some)))):
                self._members.update(dict.fromkeys(some, some))
                joined = True
        return joined

    def of(self, identifiers: Iterable[str]) -> list[frozenset[str]]:
        """Return the groups of several rows among some."""
        return [*dict.fromkeys(group for one in identifiers if len(group := self.members(one)) > 1)]


def same_places(places: Sequence[PlaceFacts]) -> Groups:
    """Return the groups of rows that are one place."""
    of = {place.id: place for place in places}
    groups = Groups({place.id: place.part for place in places})
    groups.join(_same_code(places))
    by_name: dict[str, list[PlaceFacts]] = {}
    for place in places:
        for name in place.names:
            by_name.setdefault(name, []).append(place)
    pairs = {
        (first.id, second.id)
        for some in by_name.values()
        for first, second in itertools.combinations(sorted(some, key=lambda place: place.id), 2)
        if first.part != second.part and _may_be_one(first, second)
    }

    def one_code(group: frozenset[str]) -> bool:
        return len({of[one].code for one in group} - {""}) <= 1

    while groups.join([pair for pair in pairs if _lie_in_one(of, groups, *pair)], one_code):
        pass
    return groups


def _same_code(places: Iterable[PlaceFacts]) -> list[tuple[str, str]]:
    """Pairs of rows of one unit; of several in a project the one with the first id."""
    of_code: dict[str, dict[int, str]] = {}
    for place in sorted(places, key=lambda place: place.id):
        if place.code:
            of_code.setdefault(place.code, {}).setdefault(place.part, place.id)
    return [pair for some in of_code.values() for pair in itertools.pairwise(some.values())]


def _may_be_one(first: PlaceFacts, second: PlaceFacts) -> bool:
    if first.code and second.code and first.code != second.code:
        return False
    if first.kind != second.kind and first.kind not in _ANY_KIND and second.kind not in _ANY_KIND:
        return False
    return first.position is None or second.position is None or _are_near(first.position, second.position)


def _are_near(first: Position, second: Position) -> bool:
    return distance_m(first.lon, first.lat, second.lon, second.lat) <= first.radius_m + second.radius_m


def _lie_in_one(of: Mapping[str, PlaceFacts], groups: Groups, first: str, second: str) -> bool:
    """Whether two rows lie in the same place; where one says less of it than the other, their own points must tell."""
    parents = [of[one].parent for one in (first, second)]
    if not any(parents) or groups.members(parents[0]) == groups.members(parents[1]):
        return True
    if all(parents) and not _lies_in(of, groups, *parents) and not _lies_in(of, groups, *reversed(parents)):
        return False
    return all(_has_own_point(of[one].position) for one in (first, second))


def _lies_in(of: Mapping[str, PlaceFacts], groups: Groups, inner: str, outer: str) -> bool:
    """Whether a place lies in another, as any of its rows says."""
    seen, open_, sought = set[str](), {*groups.members(inner)}, groups.members(outer)
    while open_:
        one = open_.pop()
        if one in sought:
            return True
        if one not in seen and one in of:
            seen.add(one)
            open_ |= groups.members(of[one].parent)
    return False


def _has_own_point(position: Position | None) -> bool:
    return position is not None and not position.position_of
