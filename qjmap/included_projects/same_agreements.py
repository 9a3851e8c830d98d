"""Find rows of different projects that are one partnership, which each of its parties has entered in its own project.

Such rows have the same parties in any order (if both are directed, also the same first party), kinds and dates that do not contradict each
other, and the same topic and marks (`agreement_names`). If the topic of one name is only part of that of the other, both dates of start
must be known at least to the month. A row that fits several rows of another project equally well is joined to none of them, and rows of
one project are never joined. The result does not depend on the order of the projects.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qjmap.included_projects.agreement_names import Topic, is_part, marks, short_forms, topic
from qjmap.included_projects.same_places import Groups
from qjmap.schema import fold

_ANY_KIND = ("", "other")
_MONTH = len("2020-09")
Fit = tuple[int, int, int]
"""How well two rows fit: 2 for an equal name or topic, else 1; length of the shorter date of start in characters (10 for a day, 0 if one is
unknown); 1 for equal values, else 0. Compared as tuples; the greatest is the best."""


@dataclass(frozen=True)
class Agreement:
    """The facts of a row of partnerships by which two rows are compared.

    Attributes
    ----------
    id : id of the row in the atlas, with the prefix of its project.
    project : index of the project.
    names : names in any language and aliases, as typed.
    parties : parties in their order: the id in the atlas, or the folded text of a party that has no row.
    party_names : names of the parties and of the places that contain them.
    kind : kind of partnership; "" if unknown.
    is_directed : whether the direction is `forward`, so that the first party matters.
    start, end : dates in ISO 8601, which may stop at the year or month; "" if unknown.
    value : value in yuan; NaN if unknown.
    """

    id: str
    project: int
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
        """The set of the parties, which is equal for rows that may be one."""
        return frozenset(self.parties)


@dataclass(frozen=True)
class _Said:
    agreement: Agreement
    topics: frozenset[Topic]
    marks: frozenset[str]
    names: frozenset[str]


def same_agreements(agreements: Sequence[Agreement]) -> Groups:
    """Return the groups of rows that are one partnership (see the module)."""
    groups = Groups({one.id: one.project for one in agreements})
    by_parties: dict[frozenset[str], list[Agreement]] = {}
    for one in agreements:
        if one.key:
            by_parties.setdefault(one.key, []).append(one)
    for some in by_parties.values():
        if len({one.project for one in some}) > 1:
            groups.join(_best_pairs(some))
    return groups


def _best_pairs(agreements: Iterable[Agreement]) -> list[tuple[str, str]]:
    """Return pairs of ids of rows of different projects: each row is, within its project, the only best match of the other (see `Fit`)."""
    told = [_said(one) for one in sorted(agreements, key=lambda one: one.id)]
    fits: dict[str, dict[int, list[tuple[Fit, str]]]] = {one.agreement.id: {} for one in told}
    for first, second in itertools.combinations(told, 2):
        a, b = first.agreement, second.agreement
        if a.project != b.project and (fit := _fit(first, second)) is not None:
            fits[a.id].setdefault(b.project, []).append((fit, b.id))
            fits[b.id].setdefault(a.project, []).append((fit, a.id))
    best = {
        own: {project: _only_best(some) for project, some in of_project.items()} for own, of_project in fits.items()
    }
    project_of = {one.agreement.id: one.agreement.project for one in told}
    return [
        (own, other)
        for own, of_project in best.items()
        for other in of_project.values()
        if other and own < other and best[other].get(project_of[own]) == own
    ]


def _only_best(fits: Sequence[tuple[Fit, str]]) -> str:
    """Return the id with the best fit; "" if several share it."""
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
    """Return how well two rows fit; None if they are different partnerships."""
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
    """Return whether two dates do not contradict: one is the start of the other ("2020" of "2020-09") or unknown ("")."""
    return first.startswith(second) or second.startswith(first)


def _is_more(first: Iterable[Topic], second: Iterable[Topic]) -> bool:
    return any(is_part(one, other) or is_part(other, one) for one in first for other in second)


def ancestors(parent_of: Mapping[str, str], identifier: str) -> list[str]:
    """Return the ids of a place and of the places that contain it, the smallest first.

    Parameters
    ----------
    parent_of : id -> id of the place that directly contains it; "" or no entry if there is none. A cycle is followed once.
    """
    chain: list[str] = []
    while identifier and identifier not in chain:
        chain.append(identifier)
        identifier = parent_of.get(identifier, "")
    return chain
