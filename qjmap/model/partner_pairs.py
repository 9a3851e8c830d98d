"""Who works with whom: the one definition of taking part, of partners, and of what lies within them.

An id *takes part* in a partnership if a party is this id or lies within it. Two ids *work together* in a partnership if they
are represented by two different parties, neither of which represents both: the party of one lies within the other only where that
other is named as a party itself. So 自贡市 works with 綦江区 in what its high-tech zone has agreed with 綦江区, but 重庆市 does
not work with 綦江区 in what 綦江区 has agreed with others. The relation is symmetric.

A partnership is *own* to an id, or to a pair, that the parties name; the others are those of what lies within.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shared:
    """Rows of the partnerships of an id or of a pair of ids, ascending.

    Attributes
    ----------
    own : partnerships that name the id, or both ids of the pair.
    within : partnerships in which something takes part that lies within it, or within either of the two.
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
"""For each party the ids that contain it, itself among them."""


def taking_part(parties: Sequence[Sequence[str]], containers: Containers) -> dict[str, Shared]:
    """Partnerships by the id that takes part in them; sorted by id.

    Parameters
    ----------
    parties : parties of each partnership, each once
    """
    found: dict[str, tuple[list[int], list[int]]] = {}
    for row, names in enumerate(parties):
        for identifier in {container for party in names for container in containers[party]}:
            found.setdefault(identifier, ([], []))[identifier not in names].append(row)
    return {identifier: _shared(found[identifier]) for identifier in sorted(found)}


def partner_pairs(parties: Sequence[Sequence[str]], containers: Containers) -> dict[tuple[str, str], Shared]:
    """Partnerships by the two ids that work together in them, in ascending order; sorted by the two.

    Parameters
    ----------
    parties : parties of each partnership, each once
    """
    found: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for row, names in enumerate(parties):
        for pair in _pairs_of(names, containers):
            is_own = pair[0] in names and pair[1] in names
            found.setdefault(pair, ([], []))[not is_own].append(row)
    return {pair: _shared(found[pair]) for pair in sorted(found)}


def _pairs_of(names: Sequence[str], containers: Containers) -> set[tuple[str, str]]:
    """Pairs of ids that work together in a partnership, each in ascending order."""
    pairs = set()
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            ours, theirs = containers[first], containers[second]
            # What contains both parties stands for one of them only where it is that party itself.
            left = [one for one in ours if one == first or one not in theirs]
            right = [other for other in theirs if other == second or other not in ours]
            pairs |= {(min(one, other), max(one, other)) for one in left for other in right}
    return pairs


def _shared(rows: tuple[list[int], list[int]]) -> Shared:
    own, within = rows
    return Shared(tuple(own), tuple(within))
