"""Read words that a project adds to vocabularies: `[categories]`, `[kinds]`, `[statuses]`, `[modes]`, `[units]` of `project.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qjmap.i18n import vocab
from qjmap.schema import fold_value
from qjmap.vocabulary import SETTING_OF, UNIT, Vocabularies, Word

VOCABULARY_SETTINGS = tuple(dict.fromkeys(setting.partition(".")[0] for setting in SETTING_OF.values()))
"""Names of the tables of `project.toml` that add words."""
SHAPES = ("circle", "circle-small", "square", "diamond", "triangle", "triangle-down", "pentagon", "hexagon", "house", "cross", "bolt", "flag",
          "chevron", "star", "drop", "boat", "dart")  # fmt: skip
"""Outlines of symbols: the circles, and the outlines of `assets/shapes.json`."""
MARKS = ("dot", "bar", "bars")
"""Marks that may be drawn inside an outline, as in "square+dot"."""
_TEXTS = ("zh", "en", "like", "symbol", "color", "color_dark")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_EXAMPLE = {UNIT: "mu", "status": "suspended", "mode": "pipeline", "category": "dry-dock"}
"""Vocabulary -> value that messages show as an example."""

Problem = tuple[str, str | None, str, Mapping[str, object]]
"""A fault: the path of the setting, the value (None for none), the code of its text (see `errors`), and the parameters of the text."""


def read_vocabulary_settings(document: Mapping[str, Any]) -> tuple[Vocabularies, list[Problem]]:
    """Return the vocabularies of a project, and all faults in the words that it adds.

    Parameters
    ----------
    document : content of `project.toml`.
    """
    reading = _Reading()
    for setting in VOCABULARY_SETTINGS:
        if setting in document and not isinstance(document[setting], Mapping):
            reading.report(setting, str(document[setting]), "setting-words", example=f"{setting}.dry-dock")
    kinds = document.get("kinds")
    if isinstance(kinds, Mapping):
        allowed = [setting.partition(".")[2] for setting in SETTING_OF.values() if setting.startswith("kinds.")]
        for table in kinds:
            if table not in allowed:
                reading.report("kinds", str(table), "setting-word-field", allowed=allowed)
    for vocabulary, setting in SETTING_OF.items():
        reading.read(vocabulary, setting, _table(document, setting))
    reading.report_shared_words()
    return Vocabularies(tuple(reading.words)), reading.problems


def _table(document: Mapping[str, Any], setting: str) -> Any:
    """Return the value of a setting, given by its path such as "kinds.places"; {} if it is missing."""
    table: Any = document
    for key in setting.split("."):
        table = table.get(key, {}) if isinstance(table, Mapping) else {}
    return table


@dataclass
class _Reading:
    """Reader of the words of a project, with the words and faults found so far."""

    words: list[Word] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, setting: str, value: str | None, code: str, **params: object) -> None:
        """Add a fault."""
        self.problems.append((setting, value, code, params))

    def read(self, vocabulary: str, setting: str, table: Any) -> None:
        """Read the words of one vocabulary; `setting` is the path of its setting, such as "kinds.places", and `table` the value of that."""
        if not isinstance(table, Mapping):
            if setting not in VOCABULARY_SETTINGS:
                self.report(
                    setting, str(table), "setting-words", example=f"{setting}.{_EXAMPLE.get(vocabulary, 'new-kind')}"
                )
            return
        for value, entry in table.items():
            name = f"{setting}.{value}"
            if not isinstance(entry, Mapping):
                self.report(name, str(entry), "setting-words", example=name)
            elif vocabulary != UNIT and not _KEY.fullmatch(value):
                self.report(setting, value, "setting-word-key")
            else:
                self._read_word(vocabulary, value, name, entry)

    def _read_word(self, vocabulary: str, value: str, name: str, entry: Mapping[str, Any]) -> None:
        allowed = [
            *_TEXTS[:2],
            "synonyms",
            *([] if vocabulary == UNIT else _TEXTS[2:3]),
            *(_TEXTS[3:] if vocabulary == "category" else ()),
        ]
        before = len(self.problems)
        texts: dict[str, str] = {}
        synonyms: tuple[str, ...] = ()
        for key, content in entry.items():
            if key not in allowed:
                self.report(name, key, "setting-word-field", allowed=allowed)
            elif key == "synonyms":
                if not isinstance(content, list) or not all(isinstance(word, str) for word in content):
                    self.report(name, str(content), "setting-word-text")
                else:
                    synonyms = tuple(word.strip() for word in content if word.strip())
            elif not isinstance(content, str):
                self.report(name, str(content), "setting-word-text")
            else:
                texts[key] = content.strip()
        for text, code, params in self._invalid(vocabulary, value, texts):
            self.report(name, text, code, **params)
        if len(self.problems) == before:
            self.words.append(Word(vocabulary, value, synonyms=synonyms, **texts))

    def _invalid(
        self, vocabulary: str, value: str, texts: Mapping[str, str]
    ) -> Iterator[tuple[str | None, str, dict[str, object]]]:
        """Yield the last three items of `Problem` for each fault in the texts of a word (setting -> text, see `_TEXTS`)."""
        known = vocab().get(vocabulary, {})
        if value not in known and vocabulary != UNIT and not (texts.get("zh") or texts.get("en")):
            yield None, "setting-word-label", {}
        if texts.get("like") and texts["like"] not in known:
            yield texts["like"], "setting-word-choice", {"allowed": list(known)}
        outline, plus, mark = texts.get("symbol", "").partition("+")
        if texts.get("symbol") and (outline not in SHAPES or (plus and mark not in MARKS)):
            yield texts["symbol"], "setting-word-choice", {"allowed": [*SHAPES, *(f"square+{mark}" for mark in MARKS)]}
        for key in ("color", "color_dark"):
            if texts.get(key) and not _COLOR.fullmatch(texts[key]):
                yield texts[key], "setting-word-color", {}

    def report_shared_words(self) -> None:
        """Report words that two values of a vocabulary share.

        A project may use a built-in label or synonym for another value, but not the name of a built-in value.
        """
        owners = {(name, fold_value(value)): value for name, entries in vocab().items() for value in entries}
        owners |= {(word.vocabulary, fold_value(word.value)): word.value for word in self.words}
        for word in self.words:
            setting = SETTING_OF[word.vocabulary]
            for text in dict.fromkeys((word.zh, word.en, *word.synonyms)):
                owner = owners.setdefault((word.vocabulary, fold_value(text)), word.value) if text else word.value
                if owner != word.value:
                    self.report(f"{setting}.{word.value}", text, "setting-word-twice", other=f"{setting}.{owner}")
