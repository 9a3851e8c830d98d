"""Rows of addresses that begin with a front known from earlier ones and go on with no name: most rows of a long table.

Two addresses with one front differ in nothing but what follows it, as long as that holds no name, number or list that would be
read; which of the latter do is told by few look-ups, most of them by the two characters behind the front.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qjmap.geocoding.address_decider import CONJUNCTIONS, MAX_REST_LENGTH, AddressDecider, Decision
from qjmap.geocoding.answers import AnswerRow
from qjmap.geocoding.county_towns import TOWN_END
from qjmap.geocoding.known_fronts import A_LONGER_NAME, NOTHING, Front, FrontRow
from qjmap.geocoding.name_boundaries import FIRST_IDEOGRAPH, GAP_STARTS, stands_alone, unknown_unit

_MAX_TOWN_END = 13  # of a town behind a province of one character
_READ: Final = CONJUNCTIONS | GAP_STARTS


class FrontRows:
    """Rows by front.

    Parameters
    ----------
    row_of : returns the row of a decision.
    """

    def __init__(self, decider: AddressDecider, row_of: Callable[[Decision], AnswerRow]) -> None:
        self._decider, self._parser, self._row_of = decider, decider.parser, row_of
        self._find = decider.parser.fronts.find

    def find(self, folded: str) -> AnswerRow | None:
        """Return the row of an address, None where it has to be read."""
        front = self._find(folded)
        if front is None:
            return None
        known, end = front.row or self._make(front, folded), front.parsed.end
        if not known.is_plain:
            return None
        two = folded[end : end + 2]
        begin = front.begin.get(two)
        if begin is None:
            begin = front.begin[two] = self._begin(front, two)
        if begin != NOTHING and (begin == A_LONGER_NAME or self._parser.is_named_behind(front, folded)):
            return None
        rest = folded[end:]
        if rest[-1] == "站" or len(rest) > MAX_REST_LENGTH or unknown_unit(rest):
            return None
        if front.is_short and not stands_alone(front.last_name, folded, end):
            return None
        if known.is_wide and self._parser.parse_on(folded, front.parsed) is not None:
            return None
        if known.is_abbreviated and TOWN_END.search(folded, 3, _MAX_TOWN_END):
            return None
        row = known.row
        if row is None or (known.branch_of is not None and self._decider.scores.names_branch(rest, known.branch_of)):
            return self._row_of(self._decider.decide_names(front.parsed, folded, (), folded[:end], rest))
        return (*row[:7], folded[:end], rest, *row[9:]) if row[0] else row

    def _begin(self, front: Front, two: str) -> int:
        """Return what two characters behind a front begin."""
        if len(two) < 2 or two[0] in _READ or two[0].isdigit():
            return A_LONGER_NAME
        return self._parser.begin_of(front, two)

    def _make(self, front: Front, folded: str) -> FrontRow:
        """Make the row of a front; without one where what follows decides."""
        text, parsed = folded[: front.parsed.end], front.parsed
        decision, branch_of = self._decider.decide_front(text, parsed)
        row = None if decision is None else self._row_of(decision)
        is_plain = text[0] >= FIRST_IDEOGRAPH and self._decider.is_plain(parsed)
        is_wide, is_abbreviated = self._parser.is_wide(parsed.state), self._parser.is_abbreviated(text)
        front.row = FrontRow(is_plain, row, branch_of, is_wide, is_abbreviated)
        return front.row
