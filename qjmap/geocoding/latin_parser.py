"""Parse addresses in Latin letters, as English and pinyin write them: Qijiang District, Chongqing; Zigong; Qi Jiang Qu."""

from __future__ import annotations

import re

from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.china_gazetteer import EXACT, SHORT, Hit
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.parsed_address import ParsedAddress

_WORD = re.compile(r"[a-z0-9]+")
_STOP_WORDS = frozenset(("china", "pr", "prc", "people", "republic", "of", "the", "municipality"))
_MAX_WORDS = 6  # in one name


def parse_latin(parser: AddressParser, text: str) -> tuple[ParsedAddress, str] | None:
    """Parse a folded ASCII text; return the parsed address and the parts that name no place, joined by commas. None if no part is a name.

    The parts between commas are ordered from the smallest unit to the largest, as in English, or the other way round. The first name that
    neither lies in the places of the others nor contains them ends the parsing; its places are the `rivals` of the result.
    """
    state: State = ()
    form, unknown = "", []
    for part in filter(None, map(str.strip, text.split(","))):
        names = _split_names(parser, part)
        if not names:
            unknown.append(part)
            continue
        for name, hits in names:
            narrowed = _narrow(parser, state, hits)
            if narrowed is None:
                return ParsedAddress(state, form, len(text), hits), ", ".join(unknown)
            if set(narrowed) - set(state):
                form = name
            state = narrowed
    return (ParsedAddress(state, form, len(text)), ", ".join(unknown)) if state else None


def _narrow(parser: AddressParser, state: State, hits: State) -> State | None:
    """Return the state after one more name, whose places may lie in or around those of the state; None if none of them does."""
    if not state:
        return hits
    lies_in = parser.places.lies_in
    inner = tuple(hit for hit in hits if any(lies_in(hit[0], outer) for outer, _ in state))
    outer = tuple(hit for hit in state if any(lies_in(hit[0], area) for area, _ in hits))
    return inner if inner and not outer else outer or None


def _split_names(parser: AddressParser, part: str) -> list[tuple[str, State]]:
    """Split a part into (name, its hits), at each word by the longest name; [] unless every word belongs to a name or is a stop word."""
    if hits := parser.places.hits(part):
        return [(part, hits)]
    words = _WORD.findall(re.sub(r"['’\-]", "", part))
    names: list[tuple[str, State]] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + _MAX_WORDS), start, -1):
            hits = _hits(parser, words[start:end])
            if hits:
                names.append((" ".join(words[start:end]), hits))
                start = end
                break
        else:
            if words[start] not in _STOP_WORDS:
                return []
            start += 1
    return names


def _hits(parser: AddressParser, words: list[str]) -> State:
    """Return the places that words name together: as they are, joined, or joined except for the last ("qi jiang qu": qijiang qu)."""
    places = parser.places
    spaced = " ".join(words)
    if in_project := tuple((place, kind) for place, kind in places.hits(spaced) if isinstance(place, str)):
        return in_project
    for form in dict.fromkeys((spaced, "".join(words), "".join(words[:-1]) + " " + words[-1])):
        rows = places.china.rows_by_latin_form.get(form)
        if rows:
            kind = EXACT if " " in form else SHORT
            return tuple(dict[Hit, None].fromkeys((places.merged(row), kind) for row in rows))
    return ()
