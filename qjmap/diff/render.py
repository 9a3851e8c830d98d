"""Render changes as sentences in Chinese or English: text for the terminal, Markdown for a report, JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from qjmap.diff.changes import KINDS, Change
from qjmap.diff.editions import Edition
from qjmap.export.companion_columns import names_by_id
from qjmap.export.legend import Legend
from qjmap.i18n import LANGS, text
from qjmap.schema import LIST_SEPARATOR, TABLES

FORMS = ("text", "json", "markdown")
_MOST_IN_PAGE = 300
"""Maximum number of changes that a page lists one by one."""
_MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>#|"})


def render(form: str, found: Sequence[Change], old: Edition, new: Edition, lang: str) -> str:
    """Return changes as a text that ends with a line break.

    Parameters
    ----------
    form : one of `FORMS`.
    found : the changes from `old` to `new`.
    lang : "zh" or "en"; JSON has the sentences in both languages.
    """
    words = Words(old, new, lang)
    if form == "json":
        return _json(found, old, new)
    return _lists(found, words, lang, is_markdown=form == "markdown")


def page_changes(found: Sequence[Change], old: Edition, new: Edition) -> dict[str, Any]:
    """Return changes for the metadata of a page, as values for JSON.

    They are ``title`` (language -> text), ``lines`` (a summary, and a note if not all changes are listed; each language -> text) and
    ``rows`` (the first `_MOST_IN_PAGE` changes: id and kind of each, and language -> sentence). Parameters are as in `render`.
    """
    words = {lang: Words(old, new, lang) for lang in LANGS}
    kept = found[:_MOST_IN_PAGE]
    return {
        "title": {lang: text("diff.page", lang, count=len(found)) for lang in LANGS},
        "lines": [
            {lang: text("diff.since", lang, name=old.name) + _summary(found, lang) for lang in LANGS},
            *([{lang: text("diff.more", lang, count=len(kept)) for lang in LANGS}] if len(found) > len(kept) else []),
        ],
        "rows": [
            {"id": one.id, "kind": one.kind, **{lang: _one_line(words[lang].sentence(one)) for lang in LANGS}}
            for one in kept
        ],
    }


def old_and_new(found: Sequence[Change], old: Edition, new: Edition) -> dict[str, dict[str, list[list[str]]]]:
    """Return the changed cells of each changed row, for a page: id -> language -> a list [column, label, old cell, new cell] for each
    changed column. The new position of a moved row is followed by the distance. Rows added or withdrawn are left out.
    """
    cells: dict[str, dict[str, list[list[str]]]] = {}
    for lang in LANGS:
        words = Words(old, new, lang)
        for change in found:
            if change.column:
                label, was, now = words.cells(change)
                if change.distance_m is not None:
                    now = text("diff.by", lang, now=now, distance=_distance(change.distance_m))
                cells.setdefault(change.id, {}).setdefault(lang, []).append([change.column, label, was, now])
    return cells


class Words:
    """Writes changes as sentences in one language, with names of rows and labels of columns and cells."""

    def __init__(self, old: Edition, new: Edition, lang: str) -> None:
        self._names = {**names_by_id(old.frames, all_rows=True), **names_by_id(new.frames, all_rows=True)}
        self._legend = Legend(lang=lang, vocabularies=new.vocabularies)
        self.lang = lang

    def table(self, name: str) -> str:
        """Return the title of a table in the language."""
        return self._legend.table(name)

    def sentence(self, change: Change) -> str:
        """Return a change as a sentence."""
        if change.column == "":
            return text(f"diff.{change.kind}", self.lang, name=change.name, id=change.id)
        column, was, now = self.cells(change)
        cells = {"old": was, "new": now}
        key = (
            f"diff.{change.kind}"
            if change.kind in ("renamed", "status") and change.column in ("name", "title", "status")
            else "diff.cell"
        )
        if change.distance_m is not None:
            return text(
                "diff.moved", self.lang, name=change.name, id=change.id, distance=_distance(change.distance_m), **cells
            )
        return text(key, self.lang, name=change.name, id=change.id, column=column, **cells)

    def cells(self, change: Change) -> tuple[str, str, str]:
        """Return the label of the column that changed, its old cell and its new one."""
        column = (
            text("diff.position", self.lang)
            if change.column == "position"
            else self._legend.column(change.table, change.column)
        )
        return column, self._cell(change, change.old), self._cell(change, change.new)

    def _cell(self, change: Change, value: object) -> str:
        if value is None:
            return text("diff.empty", self.lang)
        if not isinstance(value, str) or change.column not in TABLES[change.table]:
            return str(value)
        kind = TABLES[change.table].column(change.column).type
        if kind in ("id", "ids"):
            return text("diff.joint", self.lang).join(self._names.get(one, one) for one in value.split(LIST_SEPARATOR))
        return self._legend.word(change.table, change.column, value)


def _distance(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def _lists(found: Sequence[Change], words: Words, lang: str, *, is_markdown: bool) -> str:
    """Return a sentence with the numbers of changes, then a list of the changes of each table under its title."""
    escape: Callable[[str], str] = (lambda line: line.translate(_MARKDOWN)) if is_markdown else (lambda line: line)
    summary = _summary(found, lang)
    lines = [f"# {text('diff.title', lang)}", "", summary] if is_markdown else [summary]
    for table, several in groupby(found, key=lambda change: change.table):
        lines += ["", f"## {words.table(table)}" if is_markdown else words.table(table)]
        lines += [""] if is_markdown else []
        lines += [f"- {escape(_one_line(words.sentence(change)))}" for change in several]
    return "\n".join(lines) + "\n"


def _summary(found: Sequence[Change], lang: str) -> str:
    if not found:
        return text("diff.none", lang)
    counts = Counter(change.kind for change in found)
    parts = [text(f"diff.count.{kind}", lang, count=counts[kind]) for kind in KINDS if counts[kind]]
    return text("diff.summary", lang, count=len(found), parts=text("diff.joint", lang).join(parts))


def _one_line(sentence: str) -> str:
    return " ".join(sentence.split())


def _json(found: Iterable[Change], old: Edition, new: Edition) -> str:
    sentences = {lang: Words(old, new, lang) for lang in LANGS}
    rows: list[Mapping[str, object]] = [
        {**asdict(change), **{lang: _one_line(words.sentence(change)) for lang, words in sentences.items()}}
        for change in found
    ]
    return json.dumps({"old": old.name, "new": new.name, "changes": rows}, ensure_ascii=False, indent=1) + "\n"
