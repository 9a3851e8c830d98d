"""Correct misspelt names in addresses, if only one place has a similar name there, or the rest of the address confirms it.

Names are similar if one character differs; whether two characters sound or look alike: see `similar_characters`.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.answer_scores import CORRECTED, CORRECTED_OTHERWISE
from qjmap.geocoding.china_gazetteer import EXACT, Place
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.name_boundaries import UNIT_SUFFIXES
from qjmap.geocoding.parsed_address import ParsedAddress
from qjmap.geocoding.similar_characters import are_similar

_MAX_ADDRESS_LENGTH = 40
_LAST_CHARACTERS = frozenset(UNIT_SUFFIXES + "镇乡道木")


class Correction(NamedTuple):
    """An address of which one name was misspelt.

    Attributes
    ----------
    parsed : the parsed address with that name corrected; its `end` is an index in the text as written.
    note : the name as written and as corrected: 蒲城县 → 浦城县.
    score : upper limit of the score of the answer.
    """

    parsed: ParsedAddress
    note: str
    score: float


class NameCorrector:
    """Corrector of names in addresses, over the places of one parser."""

    def __init__(self, parser: AddressParser) -> None:
        self._parser, self._places = parser, parser.places
        self._names: dict[Place, list[tuple[str, Place]]] = {}

    def correct_next_name(self, state: State, text: str, start: int) -> Correction | None:
        """Correct the name at an index to the full name of the only place inside the state that differs from it by one character.

        If the two characters neither sound nor look alike, or several places fit, the name of a place inside the corrected one must follow.
        None if no place fits, or several do all the same.
        """
        names = self._names_inside(state)
        for similar, score in ((True, CORRECTED), (False, CORRECTED_OTHERWISE)):
            matches = {}
            for name, place in names:
                written = text[start : start + len(name)]
                if len(name) >= 3 and _differs_by_one_character(written, name, similar=similar):
                    matches[place] = (name, written)
            parses = [self._parse_corrected(place, *match, text, start) for place, match in matches.items()]
            confirmed = [parse for parse in parses if parse[2]]
            if len(confirmed) == 1 or (len(parses) == 1 and similar):
                parsed, note, _ = (confirmed or parses)[0]
                return Correction(parsed, note, score)
            if len(parses) > 1 and similar:
                return None
        return None

    def _parse_corrected(
        self, place: Place, name: str, written: str, text: str, start: int
    ) -> tuple[ParsedAddress, str, bool]:
        """Parse a text from a corrected name on.

        Parameters
        ----------
        place, name : the corrected place and its name.
        written : the name as written, which begins at the index `start` of the text.

        Returns
        -------
        The parsed address, the note of the correction, and whether the name of a place inside the corrected one follows.
        """
        end, note = start + len(name), f"{written} → {name}"
        parsed = self._parser.parse(name + text[end:])
        if parsed is not None and not parsed.rivals and parsed.end > len(name):
            inside = tuple(hit for hit in parsed.state if self._places.lies_in(hit[0], place))
            if inside:
                return ParsedAddress(inside, parsed.form, start + parsed.end), note, True
        return ParsedAddress(((place, EXACT),), name, end), note, False

    def correct_first_name(self, text: str) -> Correction | None:
        """Correct a misspelt first name by the unit or town that is named right after it.

        Exactly one place of that second name must lie in an area whose name differs by one character from the first as written; else None.
        """
        if len(text) > _MAX_ADDRESS_LENGTH or _LAST_CHARACTERS.isdisjoint(text[1:6]):
            return None
        places = self._places
        for start in range(2, min(7, len(text) - 1)):
            if text[:start].rstrip()[-1:] not in _LAST_CHARACTERS:
                continue
            parsed = self._parser.parse(text[start:])
            if parsed is None or parsed.rivals or len(parsed.form) < 3:
                continue
            written = text[:start].strip()
            matches = {}
            for hit in parsed.state:
                for area in places.containing(hit[0]) - {hit[0]}:
                    name = places.name(area)
                    if _differs_by_one_character(written, name, similar=False) and places.kind(area) != "country":
                        matches[hit[0]] = (hit, name)
            if len(matches) == 1:
                ((hit, name),) = matches.values()
                corrected = ParsedAddress((hit,), parsed.form, start + parsed.end)
                return Correction(corrected, f"{written} → {name}", CORRECTED_OTHERWISE)
        return None

    def _names_inside(self, state: State) -> list[tuple[str, Place]]:
        """Return (full name, place) of each prefecture and county that lies in the only place of a state.

        If that place is a county or lies in one, return the county's towns instead. [] for a state of several places.
        """
        if len(state) != 1:
            return []
        area = state[0][0]
        names = self._names.get(area)
        if names is None:
            names = self._names[area] = self._find_names_inside(area)
        return names

    def _find_names_inside(self, area: Place) -> list[tuple[str, Place]]:
        """Return what `_names_inside` caches by place."""
        places, china = self._places, self._places.china
        if counties := places.counties([area]):
            return list(china.towns_of(counties[0]))
        row = places.china_row(area)
        found: list[tuple[str, Place]] = []
        stack = [] if row is None else list(self._rows_inside.get(row, ()))
        while stack:
            inner = stack.pop()
            stack += self._rows_inside.get(inner, ())
            if china.kind(inner) in ("city", "district") and not china.abolished_in(inner):
                found.append((china.name(inner), places.merged(inner)))
        return found

    @cached_property
    def _rows_inside(self) -> dict[int, list[int]]:
        """Row of a unit -> rows of the units that lie in it directly."""
        china, rows = self._places.china, dict[int, list[int]]()
        for row in range(len(china.ids)):
            rows.setdefault(china.parent(row), []).append(row)
        return rows


def _differs_by_one_character(written: str, name: str, *, similar: bool) -> bool:
    """Whether exactly one character of two names differs, and not the last one (区, 县, 镇).

    With `similar` the two characters must sound or look alike; otherwise the names must have at least three characters.
    """
    if len(written) != len(name) or len(name) < 2 or written[-1] != name[-1]:
        return False
    differences = [(a, b) for a, b in zip(written, name, strict=True) if a != b]
    if len(differences) != 1:
        return False
    return are_similar(*differences[0]) if similar else len(name) >= 3
