"""Answer rows by cached address prefix: the way in which most rows of a long table are answered.

Two addresses with the same prefix (重庆市綦江区) have the same answer but for its texts, as long as what follows the prefix holds no
further name, number or list that would be read. A few look-ups tell that, most of them by the two characters behind the prefix.
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
"""Index in the text down to which a town's name may end behind a province of one character."""
_READ: Final = CONJUNCTIONS | GAP_STARTS
"""Characters behind a prefix that the parser reads on behind."""


class PrefixRows:
    """Maker of answer rows by address prefix.

    Parameters
    ----------
    decider : its parser's cache of prefixes is used.
    row_of : function that returns the answer row of a decision.
    """

    def __init__(self, decider: AddressDecider, row_of: Callable[[Decision], AnswerRow]) -> None:
        self._decider, self._parser, self._row_of = decider, decider.parser, row_of
        self._find = decider.parser.prefixes.find

    def find(self, folded: str) -> AnswerRow | None:
        """Return the answer row of a folded address, None where no cached prefix answers it and it has to be read in full."""
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
        """Return what two characters behind a prefix begin; `LONGER_NAME` also stands for a gap or number, which are read."""
        if len(two) < 2 or two[0] in _READ or two[0].isdigit():
            return LONGER_NAME
        return self._parser.begins_behind(prefix, two)

    def _make(self, prefix: AddressPrefix, folded: str) -> PrefixRow:
        """Make, keep and return what the rows of a prefix have in common.

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
