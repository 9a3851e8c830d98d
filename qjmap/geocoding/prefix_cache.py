"""A cache of address prefixes: the names that many addresses of a table begin with (重庆市綦江区古南街道), each parsed once.

A prefix is cached at its second occurrence, since most prefixes occur only once. The contents of the cache never change how an address
is parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from qjmap.geocoding.answers import AnswerRow
from qjmap.geocoding.china_gazetteer import Place
from qjmap.geocoding.name_boundaries import stands_alone
from qjmap.geocoding.parsed_address import ParsedAddress

NO_NAME, MAYBE_NAME, LONGER_NAME = range(3)
"""What the two characters after a prefix begin: no name; perhaps a further name; perhaps the rest of a longer name than its last one."""

INNER_DISTRICTS = ("北区", "南区", "中区")
"""Texts that after 市 may be the rest of 市北区, 市南区 or 市中区: 青岛市北区 is 市北区 of 青岛."""

_MAX_PREFIXES = 50_000


class PrefixRow(NamedTuple):
    """The part of the answer row that is the same for all addresses that begin with a prefix and name no place after it.

    Attributes
    ----------
    is_plain : whether such addresses can be answered by their prefix; if not, the other attributes are not used.
    row : the answer row, without the texts of the address (`matched`, `rest`); None if the answer depends on the rest of the address.
    branch_of : the place, if the rest of the address may name a branch that lies elsewhere (哈尔滨市…(威海校区)); else None.
    is_wide : whether the prefix names a province or prefecture; the rest of the address may name a county of it after other words.
    is_abbreviated : whether the prefix may begin with a province of one character (渝綦江).
    """

    is_plain: bool
    row: AnswerRow | None
    branch_of: Place | None
    is_wide: bool
    is_abbreviated: bool


@dataclass(slots=True, eq=False)
class AddressPrefix:
    """Names at the beginning of addresses. The text after them changes how they are parsed only in the cases that `holds` checks.

    Attributes
    ----------
    parsed : the parsed names.
    last_name : the last name in the text; `parsed.form` is an earlier name if the last one repeats it or is that of a larger unit.
    is_short : whether the last name is a short one, which may be the beginning of a longer word.
    has_town : whether the last name is a town's.
    continuing : characters that directly after the prefix would make one of its names a longer name of the gazetteer.
    begins : two characters after the prefix -> `NO_NAME`, `MAYBE_NAME` or `LONGER_NAME`; computed on demand.
    row : the common part of its answer rows; computed on demand.
    """

    parsed: ParsedAddress
    last_name: str
    is_short: bool
    has_town: bool
    continuing: frozenset[str]
    begins: dict[str, int]
    row: PrefixRow | None = None

    def holds(self, text: str) -> bool:
        """Whether the prefix of a text, which begins with it, is parsed as the prefix alone is, so that no longer name begins there."""
        end = self.parsed.end
        if text[end : end + 1] in self.continuing:
            return False
        if self.is_short:
            return stands_alone(self.last_name, text, end)
        return self.last_name[-1] != "市" or not text.startswith(INNER_DISTRICTS, end)


class PrefixCache:
    """Cache of address prefixes. It remembers at most `_MAX_PREFIXES` prefixes and is emptied when it is full.

    Parameters
    ----------
    parse : function that parses a prefix; it returns None for a text that might be parsed differently if other text follows.
    """

    def __init__(self, parse: Callable[[str], AddressPrefix | None]) -> None:
        self._parse = parse
        self._seen = set[str]()
        self._prefixes: dict[str, AddressPrefix | None] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}

    def find(self, text: str) -> AddressPrefix | None:
        """Return the longest cached prefix that a text begins with, None for none."""
        for length in self._lengths.get(text[:2], ()):
            prefix = self._prefixes.get(text[:length])
            if prefix is not None:
                return prefix
        return None

    def add(self, text: str) -> None:
        """Record that an address begins with a prefix; at its second occurrence, parse and cache it."""
        if text not in self._seen:
            if len(self._seen) >= _MAX_PREFIXES:
                for cached in (self._seen, self._prefixes, self._lengths):
                    cached.clear()
            self._seen.add(text)
        elif text not in self._prefixes:
            prefix = self._prefixes[text] = self._parse(text)
            if prefix is not None:
                self._lengths[text[:2]] = tuple(sorted({len(text), *self._lengths.get(text[:2], ())}, reverse=True))
