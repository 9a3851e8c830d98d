"""Find the partnerships of several projects that are one: each of its parties tells of it.

They have the same parties, in whatever order; no different kinds; dates that agree as far as both go; and are about the same
(`agreement_names`). Where one name says more than the other, the dates must agree to the month. One that fits several of another
project equally well is left apart, as are rows of one project. The order of the projects does not matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qjmap.including.agreement_names import Topic, is_part, marks, short_forms, topic
from qjmap.including.same_places import Groups
from qjmap.schema import fold

_ANY_KIND = ("", "other")
_MONTH = len("2020-09")
Fit = tuple[int, int, int]
"""How well two rows fit, the greater the better: names, digits of dates that agree, equal amounts."""


@dataclass(frozen=True)
class Agreement:
    """What tells whether two rows are one partnership.

    Attributes
    ----------
    part : index of the project.
    names : its names in any language and aliases, as typed.
    parties : ids of the joined parties, in their order; texts of those that are no row.
    party_names : names of the parties and of what they lie in.
    is_directed : whether the order of the parties counts.
    start, end : dates, ISO 8601, may stop at year or month.
    value : yuan, NaN for none.
    """

    id: str
    part: int
    names: tuple[str, ...]
    parties: tuple[str, ...]
    party_names: frozenset[str] = frozenset()
    kind: str = ""
    is_directed: bool = False
    start: str = ""
    end: str = ""
    value: float = float("nan")

    @property
    def key(self) -> frozenset[str]:
        """The parties without their order."""
        return frozenset(self.parties)


@dataclass(frozen=True)
class _Said:
    agreement: Agreement
    topics: frozenset[Topic]
    marks: frozenset[str]
    names: frozenset[str]


def same_agreements(agreements: Sequence[Agreement]) -> Groups:
    """Return the groups of rows that are one partnership."""
    groups = Groups({one.id: one.part for one in agreements})
    by_parties: dict[frozenset[str], list[Agreement]] = {}
    for one in agreements:
        if one.key:
            by_parties.setdefault(one.key, []).append(one)
    for some in by_parties.values():
        if len({one.part for one in some}) > 1:
            groups.join(_best_pairs(some))
    return groups


def _best_pairs(agreements: Iterable[Agreement]) -> list[tuple[str, str]]:
    """Pairs of rows of two projects that fit each other better than any other row there."""
    told = [_said(one) for one in sorted(agreements, key=lambda one: one.id)]
    fits: dict[str, dict[int, list[tuple[Fit, str]]]] = {one.agreement.id: {} for one in told}
    for first, second in itertools.combinations(told, 2):
        a, b = first.agreement, second.agreement
        if a.part != b.part and (fit := _fit(first, second)) is not None:
            fits[a.id].setdefault(b.part, []).append((fit, b.id))
            fits[b.id].setdefault(a.part, []).append((fit, a.id))
    best = {own: {part: _only_best(some) for part, some in of_part.items()} for own, of_part in fits.items()}
    part_of = {one.agreement.id: one.agreement.part for one in told}
    return [
        (own, other)
        for own, of_part in best.items()
        for other in of_part.values()
        if other and own < other and best[other].get(part_of[own]) == own
    ]


def _only_best(fits: Sequence[tuple[Fit, str]]) -> str:
    most = max(fit for fit, _ in fits)
    found = [other for fit, other in fits if fit == most]
    return found[0] if len(found) == 1 else ""


def _said(agreement: Agreement) -> _Said:
    parties = short_forms(agreement.party_names)
    names = tuple(filter(None, agreement.names))
    return _Said(
        agreement,
        frozenset(topic(name, parties) for name in names),
        frozenset().union(*map(marks, names)),
        frozenset(map(fold, names)),
    )


def _fit(first: _Said, second: _Said) -> Fit | None:
    """How well two rows fit; None where they are two partnerships."""
    a, b = first.agreement, second.agreement
    if a.kind != b.kind and a.kind not in _ANY_KIND and b.kind not in _ANY_KIND:
        return None
    if a.is_directed and b.is_directed and a.parties[0] != b.parties[0]:
        return None
    if not _agree(a.start, b.start) or not _agree(a.end, b.end) or first.marks != second.marks:
        return None
    digits = min(len(a.start), len(b.start))
    is_equal = not first.names.isdisjoint(second.names) or not first.topics.isdisjoint(second.topics)
    if not is_equal and (digits < _MONTH or not _is_more(first.topics, second.topics)):
        return None
    return 1 + is_equal, digits, int(a.value == b.value)


def _agree(first: str, second: str) -> bool:
    """Whether two dates agree as far as both go."""
    return first.startswith(second) or second.startswith(first)


def _is_more(first: Iterable[Topic], second: Iterable[Topic]) -> bool:
    return any(is_part(one, other) or is_part(other, one) for one in first for other in second)


def ancestors(parent_of: Mapping[str, str], identifier: str) -> list[str]:
    """Return a place and what it lies in, nearest first."""
    chain: list[str] = []
    while identifier and identifier not in chain:
        chain.append(identifier)
        identifier = parent_of.get(identifier, "")
    return chain
