"""A cache of address prefixes: the names that many addresses of a table begin with (重庆市綦江区古南街道), each parsed once.

A prefix is cached when it occurs for the second time, since most that occur once never come again. How an address is parsed
does not depend on what is in the cache.
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
"""What the two characters behind a prefix begin: no name; perhaps another name; perhaps a longer name than the prefix's last."""

INNER_DISTRICTS = ("北区", "南区", "中区")
"""Behind 市 these may be the rest of 市北区, 市南区 or 市中区: 青岛市北区 is 市北区 of 青岛."""

_MAX_PREFIXES = 50_000


class PrefixRow(NamedTuple):
    """What the answer rows of all addresses have in common that begin with a prefix and name nothing behind it.

    Attributes
    ----------
    is_plain : whether such addresses are read by their prefix at all; if not, the other attributes mean nothing.
    row : the answer row, without the texts of the address (`matched`, `rest`); None where the rest of the address decides.
    branch_of : the place, if a branch that the rest of the address names may lie elsewhere; None if that cannot be.
    is_wide : whether the prefix names a province or prefecture, of which a county may be named behind other words.
    is_abbreviated : whether the prefix may begin with a province of one character (渝綦江).
    """

    is_plain: bool
    row: AnswerRow | None
    branch_of: Place | None
    is_wide: bool
    is_abbreviated: bool


@dataclass(slots=True, eq=False)
class AddressPrefix:
    """Names at the beginning of addresses, which are parsed the same whatever follows them, except for what `holds` looks at.

    Attributes
    ----------
    parsed : the parsed names.
    last_name : the last name in the text; `parsed.form` is an earlier one where the last only repeats or widens it.
    is_short : whether the last name is a short one, which may be the beginning of a longer word.
    has_town : whether the last name is a town's.
    continuing : characters that, right behind the prefix, continue one of its names to a longer name of the gazetteer.
    begins : two characters behind the prefix -> `NO_NAME`, `MAYBE_NAME` or `LONGER_NAME`; filled when first asked for.
    row : what its answer rows have in common; filled when first asked for.
    """

    parsed: ParsedAddress
    last_name: str
    is_short: bool
    has_town: bool
    continuing: frozenset[str]
    begins: dict[str, int]
    row: PrefixRow | None = None

    def holds(self, text: str) -> bool:
        """Whether a text that begins with the prefix has its names there, not longer ones."""
        end = self.parsed.end
        if text[end : end + 1] in self.continuing:
            return False
        if self.is_short:
            return stands_alone(self.last_name, text, end)
        return self.last_name[-1] != "市" or not text.startswith(INNER_DISTRICTS, end)


class PrefixCache:
    """Cache of address prefixes; holds at most 50,000, and starts again when it is full.

    Parameters
    ----------
    parse : function that parses a prefix; it returns None for a text that is parsed otherwise where something follows.
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
        """Note that an address begins with a prefix; the second time, parse and keep it."""
        if text not in self._seen:
            if len(self._seen) >= _MAX_PREFIXES:
                for cached in (self._seen, self._prefixes, self._lengths):
                    cached.clear()
            self._seen.add(text)
        elif text not in self._prefixes:
            prefix = self._prefixes[text] = self._parse(text)
            if prefix is not None:
                self._lengths[text[:2]] = tuple(sorted({len(text), *self._lengths.get(text[:2], ())}, reverse=True))
