"""Find rows of different projects that are one place.

Two rows are one place if the gazetteer has them as the same unit (by adcode, or by name within the parent). They are also one place
if they share a name, their kinds do not differ, their parents are one place (or compatible, see `_lie_in_one`), and their positions
are no farther apart than the sum of their radii. Rows of one project are never one place, nor are rows of different units: groups that
would join such rows are not formed. The result does not depend on the order of the projects.
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
    """The facts of a row of places by which two rows are compared.

    Attributes
    ----------
    id : id of the row in the atlas, with the prefix of its project.
    project : index of the project.
    names : folded name and aliases.
    kind : kind of place; "" if unknown.
    code : key of the unit in the gazetteer, else the adcode as typed; "" if there is neither.
    parent : id of the place that it lies in; "" if unknown.
    position : position, which may be that of a place around it (`Position.position_of`); None if unknown.
    """

    id: str
    project: int
    names: frozenset[str]
    kind: str = ""
    code: str = ""
    parent: str = ""
    position: Position | None = None


def names_of(name: str, aliases: Iterable[str]) -> frozenset[str]:
    """Return the name and aliases of a place, folded for comparison, without empty ones."""
    return frozenset(map(fold, (name, *aliases))) - {""}


class Groups:
    """Disjoint groups of ids of rows that describe the same thing. No group has two rows of the same project.

    Parameters
    ----------
    project_of : id -> index of the project.
    """

    def __init__(self, project_of: Mapping[str, int]) -> None:
        self._project_of = project_of
        self._members: dict[str, frozenset[str]] = {}

    def members(self, identifier: str) -> frozenset[str]:
        """Return the ids of the group that a row belongs to; of a row without a group, its own id."""
        return self._members.get(identifier, frozenset((identifier,)))

    def join(self, pairs: Iterable[tuple[str, str]], allows: Callable[[frozenset[str]], bool] = lambda _: True) -> bool:
        """Join groups that are connected by pairs of ids, and return whether any group grew.

        A group that would have two rows of the same project, or for which `allows` returns False, is not formed.
        """
        reached: dict[str, set[str]] = {}
        for first, second in pairs:
            both = {*reached.get(first, self.members(first)), *reached.get(second, self.members(second))}
            for one in both:
                reached[one] = both
        joined = False
        for some in {frozenset(group) for group in reached.values()}:
            projects = [self._project_of[one] for one in some]
            if len(set(projects)) == len(projects) and allows(some) and len(some) > len(self.members(next(iter(some)))):
                self._members.update(dict.fromkeys(some, some))
                joined = True
        return joined

    def of(self, identifiers: Iterable[str]) -> list[frozenset[str]]:
        """Return the groups of at least two rows that contain any of these ids, each once."""
        return [*dict.fromkeys(group for one in identifiers if len(group := self.members(one)) > 1)]


def same_places(places: Sequence[PlaceFacts]) -> Groups:
    """Return the groups of rows that are one place (see the module)."""
    of = {place.id: place for place in places}
    groups = Groups({place.id: place.project for place in places})
    groups.join(_same_code(places))
    by_name: dict[str, list[PlaceFacts]] = {}
    for place in places:
        for name in place.names:
            by_name.setdefault(name, []).append(place)
    pairs = {
        (first.id, second.id)
        for some in by_name.values()
        for first, second in itertools.combinations(sorted(some, key=lambda place: place.id), 2)
        if first.project != second.project and _may_be_one(first, second)
    }

    def one_code(group: frozenset[str]) -> bool:
        return len({of[one].code for one in group} - {""}) <= 1

    while groups.join([pair for pair in pairs if _lie_in_one(of, groups, *pair)], one_code):
        pass
    return groups


def _same_code(places: Iterable[PlaceFacts]) -> list[tuple[str, str]]:
    """Return pairs of rows of different projects with the same code; of several such rows of a project only the one with the first id."""
    of_code: dict[str, dict[int, str]] = {}
    for place in sorted(places, key=lambda place: place.id):
        if place.code:
            of_code.setdefault(place.code, {}).setdefault(place.project, place.id)
    return [pair for some in of_code.values() for pair in itertools.pairwise(some.values())]


def _may_be_one(first: PlaceFacts, second: PlaceFacts) -> bool:
    """Return whether two rows may be the same place: their codes, kinds and positions do not differ, as far as they are known."""
    if first.code and second.code and first.code != second.code:
        return False
    if first.kind != second.kind and first.kind not in _ANY_KIND and second.kind not in _ANY_KIND:
        return False
    return first.position is None or second.position is None or _are_near(first.position, second.position)


def _are_near(first: Position, second: Position) -> bool:
    return distance_m(first.lon, first.lat, second.lon, second.lat) <= first.radius_m + second.radius_m


def _lie_in_one(of: Mapping[str, PlaceFacts], groups: Groups, first: str, second: str) -> bool:
    """Return whether two rows lie in the same place: their parents are one place, or neither has a parent.

    If only one row has a parent, or the parent of one lies in that of the other, both rows must have points of their own, which
    `_may_be_one` has compared.
    """
    parents = [of[one].parent for one in (first, second)]
    if not any(parents) or groups.members(parents[0]) == groups.members(parents[1]):
        return True
    if all(parents) and not _lies_in(of, groups, *parents) and not _lies_in(of, groups, *reversed(parents)):
        return False
    return all(_has_own_point(of[one].position) for one in (first, second))


def _lies_in(of: Mapping[str, PlaceFacts], groups: Groups, inner: str, outer: str) -> bool:
    """Return whether a place lies in another, directly or through others, according to any row of its group."""
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
    """Return whether a position is known and not taken from a place around it."""
    return position is not None and not position.position_of
