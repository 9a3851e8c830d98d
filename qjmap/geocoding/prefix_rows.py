"""Make answer rows from cached address prefixes, which answers most rows of a long table.

Two addresses with the same prefix (重庆市綦江区) have the same answer, except for the texts in it, unless a further name, a number or a
list follows the prefix. A few look-ups tell that, most of them by the two characters after the prefix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qjmap.geocoding.address_decider import CONJUNCTIONS, MAX_REST_LENGTH, AddressDecider, Decision
from qjmap.geocoding.answers import AnswerRow
from qjmap.geocoding.county_towns import TOWN_END
from qjmap.geocoding.name_boundaries import FIRST_IDEOGRAPH, GAP_STARTS, stands_alone, unknown_unit
from qjmap.geocoding.prefix_cache import LONGER_NAME, NO_NAME, AddressPrefix, PrefixRow

_MAX_TOWN_END = 13
"""Index in the text up to which a town's name may end after a province of one character."""
_READ: Final = CONJUNCTIONS | GAP_STARTS
"""Characters directly after a prefix, after which the parser looks for a further name."""


class PrefixRows:
    """Maker of answer rows by address prefix.

    Parameters
    ----------
    decider : decides on addresses; the cache of prefixes is that of its parser.
    row_of : function that returns the answer row of a decision.
    """

    def __init__(self, decider: AddressDecider, row_of: Callable[[Decision], AnswerRow]) -> None:
        self._decider, self._parser, self._row_of = decider, decider.parser, row_of
        self._find = decider.parser.prefixes.find

    def find(self, folded: str) -> AnswerRow | None:
        """Return the answer row of a folded address; None if no cached prefix answers it, so that it must be read in full."""
        prefix = self._find(folded)
        if prefix is None:
            return None
        known, end = prefix.row or self._make(prefix, folded), prefix.parsed.end
        if not known.is_plain:
            return None
        two = folded[end : end + 2]
        begins = prefix.begins.get(two)
        if begins is None:
            begins = prefix.begins[two] = self._begins(prefix, two)
        if begins != NO_NAME and (begins == LONGER_NAME or self._parser.is_named_behind(prefix, folded)):
            return None
        rest = folded[end:]
        if rest[-1] == "站" or len(rest) > MAX_REST_LENGTH or unknown_unit(rest):
            return None
        if prefix.is_short and not stands_alone(prefix.last_name, folded, end):
            return None
        if known.is_wide and self._parser.parse_on(folded, prefix.parsed) is not None:
            return None
        if known.is_abbreviated and TOWN_END.search(folded, 3, _MAX_TOWN_END):
            return None
        row = known.row
        if row is None or (known.branch_of is not None and self._decider.scores.names_branch(rest, known.branch_of)):
            return self._row_of(self._decider.decide_names(prefix.parsed, folded, (), folded[:end], rest))
        return (*row[:7], folded[:end], rest, *row[9:]) if row[0] else row

    def _begins(self, prefix: AddressPrefix, two: str) -> int:
        """Return what two characters after a prefix begin; `LONGER_NAME` also stands for a gap, a conjunction, a digit or the end."""
        if len(two) < 2 or two[0] in _READ or two[0].isdigit():
            return LONGER_NAME
        return self._parser.begins_behind(prefix, two)

    def _make(self, prefix: AddressPrefix, folded: str) -> PrefixRow:
        """Make the part that the rows of a prefix have in common, store it in the prefix, and return it.

        Parameters
        ----------
        folded : any address that begins with the prefix.
        """
        text, parsed = folded[: prefix.parsed.end], prefix.parsed
        decision, branch_of = self._decider.decide_prefix(text, parsed)
        row = None if decision is None else self._row_of(decision)
        is_plain = text[0] >= FIRST_IDEOGRAPH and self._decider.is_plain(parsed)
        is_wide, is_abbreviated = self._parser.is_wide(parsed.state), self._parser.is_abbreviated(text)
        prefix.row = PrefixRow(is_plain, row, branch_of, is_wide, is_abbreviated)
        return prefix.row
