"""Find the towns of given counties in a text, by their full names, by names without a suffix, and by names with a former suffix."""

from __future__ import annotations

import re
from functools import cached_property

from qjmap.geocoding.china_gazetteer import ALIAS, EXACT, SHORT, TOWN_SUFFIXES, ChinaGazetteer, Hit, town_stem
from qjmap.geocoding.name_boundaries import GAP

State = tuple[Hit, ...]
"""State of the parser: candidate places for the names read so far; empty before the first name."""

TOWN_LAST_CHARACTERS = "镇乡道木"
TOWN_END = re.compile(f"[{TOWN_LAST_CHARACTERS}]")


class CountyTowns:
    """Towns of some counties.

    Parameters
    ----------
    counties : rows of the counties.
    """

    def __init__(self, china: ChinaGazetteer, counties: tuple[int, ...]) -> None:
        self._china, self._counties = china, counties
        self._joined = "".join(f"|{china.joined_town_names(county)}" for county in counties)

    @cached_property
    def _numbers(self) -> list[tuple[int, dict[str, int]]]:
        """Row of each county, and its towns as `ChinaGazetteer.numbers_of_towns` returns them."""
        return [(county, self._china.numbers_of_towns(county)) for county in self._counties]

    @cached_property
    def _longest(self) -> int:
        return max((len(name) for _, names in self._numbers for name in names), default=0)

    def may_begin(self, two: str) -> bool:
        """Whether the name of any of the towns begins with the two characters `two`."""
        return f"|{two}" in self._joined

    def _named(self, name: str) -> State:
        """Return the hits of the towns whose full name is `name`."""
        return tuple(
            (self._china.town_code(county, names[name]), EXACT) for county, names in self._numbers if name in names
        )

    def _with_stem(self, stem: str) -> tuple[int, ...]:
        """Return the codes of the towns whose name without its suffix is `stem`; () for none."""
        return tuple(
            self._china.town_code(county, names[name])
            for county, names in self._numbers
            for suffix in TOWN_SUFFIXES
            if (name := stem + suffix) in names and town_stem(name) == stem
        )

    def match(self, text: str, start: int) -> tuple[State, str] | None:
        """Return the hits of the towns with the longest name at an index, and that name as written; None if no town is named there.

        The suffix may be a former one: 通惠镇 has become 通惠街道. A name without suffix counts only if no text directly follows: in
        綦江三江 it counts, in 綦江三江水泥厂 it does not.
        """
        if not self.may_begin(text[start : start + 2]):
            return None
        limit = min(len(text), start + self._longest + 2)
        ends = [end.end() for end in TOWN_END.finditer(text, start + 1, limit)]
        best: tuple[State, str] | None = None
        for end in reversed(ends):
            form = text[start:end]
            if hits := self._named(form):
                best = hits, form
                break
        length = self._bare_length(text, start, limit)
        if (not ends and not length) or (
            best is not None and length <= len(best[1]) and ends[-1] == start + len(best[1])
        ):
            return best
        return self._longer_stem(text, start, [end - start for end in ends], length, best)

    def begin(self, text: str, start: int) -> bool:
        """Whether the name of a town, with or without its suffix, begins at an index."""
        if not self.may_begin(text[start : start + 2]):
            return False
        return any(self._with_stem(text[start : start + length]) for length in range(2, self._longest + 1))

    def _bare_length(self, text: str, start: int, limit: int) -> int:
        """Return the length of the text from `start` to the next gap or the end of the text; 0 if neither is reached by `limit`.

        Parameters
        ----------
        limit : the last index at which the name of a town can end.
        """
        gap = GAP.search(text, start, limit)
        if gap is not None:
            return gap.start() - start
        return limit - start if limit == len(text) else 0

    def _longer_stem(
        self, text: str, start: int, ends: list[int], bare: int, best: tuple[State, str] | None
    ) -> tuple[State, str] | None:
        """Return the towns, and the name as written, that match without a suffix or with another one, if that name is longer than `best`.

        Parameters
        ----------
        ends : lengths of the texts from `start` that end like a town's full name, ascending.
        bare : what `_bare_length` returns.
        best : the match by full name, or None; it is returned if no longer one is found.
        """
        longest = len(best[1]) if best is not None else 1
        found, best_stem = best, longest
        if bare > longest and (codes := self._with_stem(text[start : start + bare])):
            found, best_stem = (tuple((code, SHORT) for code in codes), text[start : start + bare]), bare
        for length in ends:
            form = text[start : start + length]
            suffix = next((one for one in TOWN_SUFFIXES if form.endswith(one)), "")
            stem = length - len(suffix)
            if suffix and stem > best_stem and (codes := self._with_stem(form[:stem])):
                found, best_stem = (tuple((code, ALIAS) for code in codes), form), stem
        return found
