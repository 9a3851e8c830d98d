"""Vocabularies of the tables: the built-in words and those that a project adds.

A vocabulary maps canonical values to labels and synonyms in Chinese and English. Cells of an open vocabulary may hold any word: one
outside the vocabulary has the value `other` and is kept as typed.
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
"""Value of a word that an open vocabulary does not have."""
UNIT = "unit"
"""Vocabulary of the units of indicators: a cell keeps its unit as typed, words of one unit are equal."""
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
"""Canonical value -> {"zh": label, "en": label, "synonyms": [...]}, and for a project's own values "like"."""


@dataclass(frozen=True, slots=True)
class Word:
    """A value that a project adds to a vocabulary, or adds words to.

    Attributes
    ----------
    zh, en : labels.
    synonyms : further words for the value.
    like : built-in value that it is treated and drawn like; "" for none.
    symbol : shape of a category on the map; "" for that of `like`.
    color, color_dark : `#rrggbb` on the light and on the dark map; "" for those of `like`.
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
    """The vocabularies of one project; `BUILT_IN` without one."""

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
        """Return every vocabulary by name, values in display order, as `vocab.json` has them."""
        return self._entries

    def entries(self, vocabulary: str) -> Entries:
        """Return the values of a vocabulary in display order; none where there is no such vocabulary."""
        return self._entries.get(vocabulary, {})

    def find(self, text: str, vocabulary: str) -> str | None:
        """Return the value for a value, label or synonym in either language; None for any other word."""
        values = self._values.get(vocabulary)
        if values is None:
            values = self._values[vocabulary] = self._value_by_word(vocabulary)
        return values.get(fold_value(text))

    def _value_by_word(self, vocabulary: str) -> Mapping[str, str]:
        """Folded word -> value; a value's own name wins over labels and synonyms, and a project's word over a built-in one."""
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
        """Return the words that a project adds: vocabulary -> value -> labels and synonyms."""
        words: dict[str, dict[str, list[str]]] = {}
        for word in self.added:
            texts = [text for text in (word.zh, word.en, *word.synonyms) if text]
            words.setdefault(word.vocabulary, {})[word.value] = texts
        return words

    @cached_property
    def equal_units(self) -> tuple[frozenset[str], ...]:
        """Folded spellings of each unit that a project adds, with the built-in ones of the same unit."""
        groups = []
        for value, words in self.added_words().get(UNIT, {}).items():
            group = {fold(word) for word in (value, *words)}
            known = [other for other in grammar("numbers")["equal_units"] if not group.isdisjoint(other)]
            groups.append(frozenset(group.union(*known)))
        return tuple(groups)

    def label(self, vocabulary: str, value: str, lang: str) -> str:
        """Return the label of a value; the value itself where the vocabulary lacks it."""
        entry = self.entries(vocabulary).get(value)
        return str(entry["zh" if lang == "zh" else "en"]) if entry else value

    def likes(self, vocabulary: str) -> dict[str, str]:
        """Return the project's own values -> built-in value that each is treated like, or `other`."""
        own = [
            word
            for word in self.added
            if word.vocabulary == vocabulary and word.value not in vocab().get(vocabulary, {})
        ]
        return {word.value: word.like or OTHER for word in own}


def _entry(word: Word, there: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the entry of an added word, merged with that of a built-in value."""
    before = there or {"zh": "", "en": "", "synonyms": []}
    zh, en = word.zh or before["zh"] or word.en, word.en or before["en"] or word.zh
    labels = [before[lang] for lang in ("zh", "en") if before[lang] not in ("", zh, en)]
    entry = {**before, "zh": zh, "en": en, "synonyms": [*before["synonyms"], *labels, *word.synonyms]}
    return entry if there else {**entry, "like": word.like or OTHER}


BUILT_IN = Vocabularies()
"""The vocabularies without a project."""
