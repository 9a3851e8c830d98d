"""Fronts of addresses: the names that many begin with, parsed once; 重庆市綦江区古南街道.

A front is known when it occurs for the second time. How a text is parsed does not depend on which ones are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from qjmap.geocoding.answers import AnswerRow
from qjmap.geocoding.china_gazetteer import Place
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.name_boundaries import stands_alone

NOTHING, PERHAPS_A_NAME, A_LONGER_NAME = range(3)
"""What two characters behind a front begin: no name, perhaps another one, perhaps a longer one of the front's."""

INNER_DISTRICTS = ("北区", "南区", "中区")
"""After 市 these may be the rest of 市北区, 市南区, 市中区: 青岛市北区."""

_MAX_FRONTS = 50_000


class ParsedAddress(NamedTuple):
    """The part of an address that names places.

    Attributes
    ----------
    state : the places that it may mean.
    form : the last name, as it is written.
    end : index in the text behind that name.
    rivals : places named right behind it that lie elsewhere; empty where nothing contradicts it.
    wider : a zone or other area named before the last name, if any.
    skipped : whether an unknown word stands between the names.
    """

    state: State
    form: str
    end: int
    rivals: State = ()
    wider: Place | None = None
    skipped: bool = False


class FrontRow(NamedTuple):
    """The row of addresses that go on with no name behind a front.

    Attributes
    ----------
    is_plain : whether the front is read as it is parsed; the other attributes count for such a one only.
    row : without what follows the front; None where that decides.
    branch_of : the place, if the front may be part of the name of a body with branches elsewhere.
    is_wide : whether the front names a province or city, inside which a county may be named behind other words.
    is_abbreviated : whether the front may begin with a province of one character.
    """

    is_plain: bool
    row: AnswerRow | None
    branch_of: Place | None
    is_wide: bool
    is_abbreviated: bool


@dataclass(slots=True, eq=False)
class Front:
    """The names that addresses begin with, parsed the same whatever follows them, but for what `holds` looks at.

    Attributes
    ----------
    last_name : the last name, as it is written; `parsed.form` may be an earlier one.
    is_short : whether the last name is a short one, which may be the head of another.
    has_town : whether the last name is a town's.
    continued : characters that continue the front's names to longer ones.
    begin : what two characters behind the front begin, as far as it was asked.
    row : made when it is first asked for.
    """

    parsed: ParsedAddress
    last_name: str
    is_short: bool
    has_town: bool
    continued: frozenset[str]
    begin: dict[str, int]
    row: FrontRow | None = None

    def holds(self, text: str) -> bool:
        """Whether what follows the front in a text does not change its names."""
        end = self.parsed.end
        if text[end : end + 1] in self.continued:
            return False
        if self.is_short:
            return stands_alone(self.last_name, text, end)
        return self.last_name[-1] != "市" or not text.startswith(INNER_DISTRICTS, end)


class KnownFronts:
    """Cache of fronts.

    Parameters
    ----------
    parse : parses a front; None for one that is parsed otherwise where something follows.
    """

    def __init__(self, parse: Callable[[str], Front | None]) -> None:
        self._parse = parse
        self._seen = set[str]()
        self._fronts: dict[str, Front | None] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}

    def find(self, text: str) -> Front | None:
        """Return the longest known front that a text begins with."""
        for length in self._lengths.get(text[:2], ()):
            front = self._fronts.get(text[:length])
            if front is not None:
                return front
        return None

    def learn(self, text: str) -> None:
        """Parse a front when it occurs for the second time."""
        if text not in self._seen:
            if len(self._seen) >= _MAX_FRONTS:
                for cached in (self._seen, self._fronts, self._lengths):
                    cached.clear()
            self._seen.add(text)
        elif text not in self._fronts:
            front = self._fronts[text] = self._parse(text)
            if front is not None:
                self._lengths[text[:2]] = tuple(sorted({len(text), *self._lengths.get(text[:2], ())}, reverse=True))
