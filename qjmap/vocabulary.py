"""Vocabularies of the tables: the built-in words and those that a project adds.

A vocabulary maps canonical values to labels and synonyms in Chinese and English. A cell of an open vocabulary may have any word. A word
that is not in the vocabulary has the value `other` and is kept as typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from qjmap.grammar import grammar
from qjmap.i18n import vocab
from qjmap.schema import fold, fold_value

OTHER = "other"
"""Value of a word that is not in an open vocabulary."""
UNIT = "unit"
"""Name of the vocabulary of units of measurement. A cell keeps its unit as typed, and words for the same unit count as equal."""
SETTING_OF: Mapping[str, str] = MappingProxyType(
    {
        "category": "categories",
        "status": "statuses",
        "place_kind": "kinds.places",
        "partnership_kind": "kinds.partnerships",
        "indicator_kind": "kinds.indicators",
        "mode": "modes",
        UNIT: "units",
    }
)
"""Vocabulary -> table of `project.toml` that adds words to it."""

Entries = Mapping[str, Mapping[str, Any]]
"""Canonical value -> {"zh": label, "en": label, "synonyms": [...]}; a value that a project has added also has "like"."""


@dataclass(frozen=True, slots=True)
class Word:
    """A value that a project adds to a vocabulary, or a built-in value that it adds words to.

    Attributes
    ----------
    vocabulary, value : name of the vocabulary, and canonical value in it.
    zh, en : labels; "" if not given.
    synonyms : further words for the value.
    like : built-in value that an added value is treated and drawn like; "" if not given.
    symbol : shape of a category on the map, an outline such as "square" or one with a mark such as "square+dot"; "" for that of `like`.
    color, color_dark : colour `#rrggbb` on the light and on the dark map; "" for those of `like`. If only `color` is given, a lighter
        shade of it is drawn on the dark map.
    """

    vocabulary: str
    value: str
    zh: str = ""
    en: str = ""
    synonyms: tuple[str, ...] = ()
    like: str = ""
    symbol: str = ""
    color: str = ""
    color_dark: str = ""


@dataclass(frozen=True)
class Vocabularies:
    """The vocabularies of a project: the built-in ones with the words that it adds.

    Attributes
    ----------
    added : the words that the project adds; () for the built-in vocabularies alone.
    """

    added: tuple[Word, ...] = field(default=())

    def __reduce__(self) -> tuple[Any, ...]:
        return Vocabularies, (self.added,)

    @cached_property
    def _entries(self) -> Mapping[str, Entries]:
        if not self.added:
            return vocab()
        vocabularies = {name: dict(entries) for name, entries in vocab().items()}
        for word in self.added:
            entries = vocabularies.setdefault(word.vocabulary, {})
            entries[word.value] = _entry(word, entries.get(word.value))
            if OTHER in entries:  # stays the last one
                entries[OTHER] = entries.pop(OTHER)
        return vocabularies

    @cached_property
    def _values(self) -> dict[str, Mapping[str, str]]:
        return {}

    def all(self) -> Mapping[str, Entries]:
        """Return all vocabularies: name -> entries, with values in display order."""
        return self._entries

    def entries(self, vocabulary: str) -> Entries:
        """Return the entries of a vocabulary in display order; {} if there is no vocabulary of that name."""
        return self._entries.get(vocabulary, {})

    def find(self, text: str, vocabulary: str) -> str | None:
        """Return the value that a text means: a value itself, or a label or synonym in either language; None for any other text."""
        values = self._values.get(vocabulary)
        if values is None:
            values = self._values[vocabulary] = self._value_by_word(vocabulary)
        return values.get(fold_value(text))

    def _value_by_word(self, vocabulary: str) -> Mapping[str, str]:
        """Return folded word -> value. A value counts before labels and synonyms, and a word of the project before a built-in one."""
        entries = self.entries(vocabulary)
        values = {fold_value(value): value for value in entries}
        added = [(word, value) for value, words in self.added_words().get(vocabulary, {}).items() for word in words]
        built_in = [
            (word, value)
            for value, entry in entries.items()
            for word in (entry["zh"], entry["en"], *entry["synonyms"])
            if word
        ]
        for word, value in (*added, *built_in):
            values.setdefault(fold_value(word), value)
        return values

    def added_words(self) -> dict[str, dict[str, list[str]]]:
        """Return the words that the project adds: vocabulary -> value -> labels and synonyms."""
        words: dict[str, dict[str, list[str]]] = {}
        for word in self.added:
            texts = [text for text in (word.zh, word.en, *word.synonyms) if text]
            words.setdefault(word.vocabulary, {})[word.value] = texts
        return words

    @cached_property
    def equal_units(self) -> tuple[frozenset[str], ...]:
        """For each unit of measurement that the project adds, the folded words for it, with the built-in words for the same unit."""
        groups = []
        for value, words in self.added_words().get(UNIT, {}).items():
            group = {fold(word) for word in (value, *words)}
            known = [other for other in grammar("numbers")["equal_units"] if not group.isdisjoint(other)]
            groups.append(frozenset(group.union(*known)))
        return tuple(groups)

    def label(self, vocabulary: str, value: str, lang: str) -> str:
        """Return the label of a value in a language; the value itself if the vocabulary lacks it."""
        entry = self.entries(vocabulary).get(value)
        return str(entry["zh" if lang == "zh" else "en"]) if entry else value

    def likes(self, vocabulary: str) -> dict[str, str]:
        """Return value that the project adds to a vocabulary -> built-in value that it is treated like, `OTHER` if none is given."""
        own = [
            word
            for word in self.added
            if word.vocabulary == vocabulary and word.value not in vocab().get(vocabulary, {})
        ]
        return {word.value: word.like or OTHER for word in own}


def _entry(word: Word, there: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the entry of a word of a project, merged with the entry `there` that the value already has, if any."""
    before = there or {"zh": "", "en": "", "synonyms": []}
    zh, en = word.zh or before["zh"] or word.en, word.en or before["en"] or word.zh
    labels = [before[lang] for lang in ("zh", "en") if before[lang] not in ("", zh, en)]
    entry = {**before, "zh": zh, "en": en, "synonyms": [*before["synonyms"], *labels, *word.synonyms]}
    return entry if there else {**entry, "like": word.like or OTHER}


BUILT_IN = Vocabularies()
"""The built-in vocabularies, without words of a project."""
