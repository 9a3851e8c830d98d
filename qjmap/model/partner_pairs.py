"""Find which places and sites (ids) take part in each partnership, and which of them are partners of each other.

An id *takes part* in a partnership if one of the parties is this id or lies within it: 自贡市 takes part in the partnerships of its
high-tech zone.

Two ids are *partners* in a partnership if two different parties represent them, that is, are the id or lie within it. A place that
contains both parties is not a partner of either, unless it is itself named as a party. So 自贡市 is a partner of 綦江区 in what its
high-tech zone has agreed with 綦江区, but 重庆市 is not a partner of 綦江区 in what 綦江区 has agreed with others. The relation is
symmetric.

A partnership is an id's *own*, or a pair's own, if its parties include the id, or both ids. In all others something that lies within
takes part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shared:
    """Rows of the partnerships of an id or of a pair of ids, ascending.

    Attributes
    ----------
    own : rows of the partnerships whose parties include the id, or both ids of the pair.
    within : rows of the other partnerships, in which something that lies within the id, or within one of the pair, takes part.
    """

    own: tuple[int, ...] = ()
    within: tuple[int, ...] = ()

    @property
    def rows(self) -> tuple[int, ...]:
        """All rows, ascending."""
        return tuple(sorted((*self.own, *self.within)))

    def __len__(self) -> int:
        return len(self.own) + len(self.within)


Containers = Mapping[str, Collection[str]]
"""For each party the ids of itself and of everything that contains it."""


def taking_part(parties: Sequence[Sequence[str]], containers: Containers) -> dict[str, Shared]:
    """Return for each id the partnerships in which it takes part; sorted by id.

    Parameters
    ----------
    parties : ids of the parties of each partnership, without duplicates.
    """
    rows: dict[str, tuple[list[int], list[int]]] = {}
    for row, names in enumerate(parties):
        for identifier in {container for party in names for container in containers[party]}:
            rows.setdefault(identifier, ([], []))[identifier not in names].append(row)
    return {identifier: _shared(rows[identifier]) for identifier in sorted(rows)}


def partner_pairs(parties: Sequence[Sequence[str]], containers: Containers) -> dict[tuple[str, str], Shared]:
    """Return for each pair of partners, as two ids in ascending order, their partnerships; sorted by pair.

    Parameters
    ----------
    parties : ids of the parties of each partnership, without duplicates.
    """
    rows: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for row, names in enumerate(parties):
        for pair in _pairs_of(names, containers):
            is_own = pair[0] in names and pair[1] in names
            rows.setdefault(pair, ([], []))[not is_own].append(row)
    return {pair: _shared(rows[pair]) for pair in sorted(rows)}


def _pairs_of(names: Sequence[str], containers: Containers) -> set[tuple[str, str]]:
    """Return the pairs of partners in one partnership, given its parties; the ids of a pair are in ascending order."""
    pairs = set()
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            ours, theirs = containers[first], containers[second]
            # An id that contains both parties is a partner only if it is one of the parties itself.
            left = [one for one in ours if one == first or one not in theirs]
            right = [other for other in theirs if other == second or other not in ours]
            pairs |= {(min(one, other), max(one, other)) for one in left for other in right}
    return pairs


def _shared(rows: tuple[list[int], list[int]]) -> Shared:
    own, within = rows
    return Shared(tuple(own), tuple(within))
