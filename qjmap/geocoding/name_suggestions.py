"""Suggest names that are similar to an unknown text: first those that sound like it, then those that look like it.

Names that differ by one character are found through an index of all names with a hole in place of each character in turn.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import islice, product

from qjmap.geocoding.china_gazetteer import EXACT, FORMER
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.name_boundaries import unknown_unit
from qjmap.geocoding.similar_characters import look_alike, sound_alike, syllables

_SUGGESTIONS = 3
_MAX_NAME_LENGTH = 20
_MAX_READINGS = 8
_SIMILARITY_CUTOFF = 0.6
_HOLE = "\0"


class NameSuggester:
    """Suggester of today's names of units, zones and the project's places; suggestions are never answers."""

    def __init__(self, places: MergedGazetteer) -> None:
        self._places = places

    def suggest(self, folded: str) -> tuple[str, ...]:
        """Return up to `_SUGGESTIONS` names of today that are most like a text, or like the unknown unit that it begins with."""
        if not 2 <= len(folded) <= _MAX_NAME_LENGTH:
            unit = unknown_unit(folded)
            return self.suggest(unit) if 2 <= len(unit) < len(folded) else ()
        if folded.isascii():
            return self._named(self._latin_forms_like(folded))
        found = self._named(self._forms_like(folded))
        unit = unknown_unit(folded)
        return found or (self.suggest(unit) if 2 <= len(unit) < len(folded) else ())

    def _named(self, forms: Iterable[str]) -> tuple[str, ...]:
        places, names = self._places, []
        for form in forms:
            hits = places.hits(form) or [(row, EXACT) for row in places.china.rows_by_latin_form.get(form, ())]
            names += [places.name(place if isinstance(place, str) else places.merged(place)) for place, _ in hits]
        return tuple(islice(dict.fromkeys(names), _SUGGESTIONS))

    def _forms_like(self, text: str) -> list[str]:
        """Return the forms that sound like a text, or differ from it by one character replaced or left out, the most alike first."""
        near = {form for key in _reading_keys(text) for form in self._forms_by_reading.get(key, ())}
        for hole in _with_holes(text):
            near.update(self._forms_by_hole.get(hole, ()))
        near.update(form for shorter in _shortened(text) for form in self._forms_by_hole.get(shorter, ()))
        near.discard(text)
        return sorted(near, key=lambda form: (_distance(text, form), form))

    @cached_property
    def _forms(self) -> list[str]:
        """All forms of two characters and more, except those that are only former names."""
        china = self._places.china
        forms = [form for form in china.forms if any(kind != FORMER for _, kind in china.hits(form))]
        return [form for form in dict.fromkeys((*self._places.project.forms(), *forms)) if len(form) > 1]

    @cached_property
    def _forms_by_hole(self) -> dict[str, list[str]]:
        """Form, and each spelling of it with a hole in place of one character -> forms that are spelled so."""
        index: dict[str, list[str]] = {}
        for form in self._forms:
            for hole in (form, *_with_holes(form)):
                index.setdefault(hole, []).append(form)
        return index

    @cached_property
    def _forms_by_reading(self) -> dict[tuple[str, ...], list[str]]:
        index: dict[tuple[str, ...], list[str]] = {}
        for form in self._forms:
            for key in _reading_keys(form):
                index.setdefault(key, []).append(form)
        return index

    @cached_property
    def _latin_forms(self) -> dict[tuple[str, int], list[str]]:
        """(First letter, length) -> forms in Latin letters."""
        forms: dict[tuple[str, int], list[str]] = {}
        for form in (*self._places.project.forms(), *self._places.china.rows_by_latin_form):
            if form.isascii() and form:
                forms.setdefault((form[0], len(form)), []).append(form)
        return forms

    def _latin_forms_like(self, text: str) -> list[str]:
        lengths = range(len(text) - 1, len(text) + 2)
        near = [form for length in lengths for form in self._latin_forms.get((text[0], length), ())]
        letters = set(text)
        near = [form for form in near if 2 * len(letters.intersection(form)) > len(letters)]
        return difflib.get_close_matches(text, near, n=2 * _SUGGESTIONS, cutoff=_SIMILARITY_CUTOFF)


def _with_holes(text: str) -> Iterator[str]:
    return (text[:index] + _HOLE + text[index + 1 :] for index in range(len(text)))


def _shortened(text: str) -> Iterator[str]:
    """Yield a text of four characters and more without each of its characters in turn."""
    return (text[:index] + text[index + 1 :] for index in range(len(text)) if len(text) > 3)


def _reading_keys(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the readings (pinyin without tones) of a text, at most eight where its characters have several."""
    return islice(product(*map(_readings, text)), _MAX_READINGS)


@cache
def _readings(character: str) -> list[str]:
    """Return the readings of a character (pinyin without tones), sorted; the character itself where none is known."""
    return sorted(syllables(character)) or [character]


def _distance(text: str, form: str) -> tuple[int, int, int]:
    """Return how unlike two texts are, as a key for sorting.

    The key has three numbers: of characters that neither sound nor look alike; of those that do not sound alike, plus one if the last
    character differs; of those that differ. It is (1, 1, 1) for texts of different lengths.
    """
    if len(text) != len(form):
        return 1, 1, 1
    pairs = [(a, b) for a, b in zip(text, form, strict=True) if a != b]
    silent = [pair for pair in pairs if not sound_alike(*pair)]
    last = bool(pairs) and text[-1] != form[-1]
    return sum(not look_alike(*pair) for pair in silent), len(silent) + last, len(pairs)
