"""Columns of a template in one language: the header, explanation, form of the cells, words to choose from and examples.

Explanations and examples are in `assets/template.json`; the forms of cells are the texts ``template.form.*``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qjmap.i18n import text
from qjmap.schema import OPEN_VOCABULARIES, TABLES, Column
from qjmap.vocabulary import BUILT_IN, Vocabularies

TEMPLATES = (*TABLES, "all")
"""Names of templates: the names of the tables, and "all" for the workbook with a sheet for each table."""
EXAMPLES = 3
"""Number of rows of examples."""

_FORMS = {
    "lon": "lon", "lat": "lat", "date": "date", "number": "number", "integer": "integer", "url": "url", "texts": "list",
    "roles": "roles", "id": "reference", "ids": "references", "vocab": "vocab", "text": "text",
}  # fmt: skip
_NUMBERS = ("lon", "lat", "number", "integer")


@dataclass(frozen=True)
class TemplateColumn:
    """A column of a template.

    Attributes
    ----------
    header : the Chinese label of the column, or its canonical name in English.
    about : what the column means.
    form : how its cells are written.
    required : whether its cells must not be empty.
    is_text : whether a spreadsheet is to keep its cells as they are typed: True for all columns but numbers.
    vocabulary : name of its vocabulary; "" if it has none.
    words : labels of the vocabulary to choose from; () if it has none.
    is_open : whether its cells may have words that are not in the vocabulary.
    examples : its cell in each row of examples, "" if empty; `EXAMPLES` texts.
    """

    header: str
    about: str
    form: str
    required: bool
    is_text: bool
    vocabulary: str
    words: tuple[str, ...]
    is_open: bool
    examples: tuple[str, ...]


def template_columns(
    table: str, lang: str, *, full: bool = False, vocabularies: Vocabularies = BUILT_IN
) -> list[TemplateColumn]:
    """Return the columns of the template of a table.

    Parameters
    ----------
    lang : "zh" or "en".
    full : return all columns of the table; by default only those that people usually fill in.
    vocabularies : the words to choose from, including those of a project.
    """
    names = TABLES[table].names if full else _data()["basic"][table]
    return [_column(table, TABLES[table].column(name), lang, vocabularies) for name in names]


def _column(table: str, column: Column, lang: str, vocabularies: Vocabularies) -> TemplateColumn:
    about = _data()["columns"].get(f"{table}.{column.name}") or _data()["columns"][column.name]
    form = "id" if column.name == "id" else "open-vocab" if column.vocab in OPEN_VOCABULARIES else _FORMS[column.type]
    labels = {
        value: vocabularies.label(column.vocab or "", value, lang) or value
        for value in vocabularies.entries(column.vocab or "")
    }
    examples = [_example(row.get(column.name, ""), labels, lang) for row in _data()["examples"][table]]
    return TemplateColumn(
        header=column.label if lang == "zh" else column.name,
        about=about[lang],
        form=text(f"template.form.{form}", lang),
        required=column.required,
        is_text=column.type not in _NUMBERS,
        vocabulary=column.vocab or "",
        words=tuple(labels.values()),
        is_open=column.vocab in OPEN_VOCABULARIES,
        examples=tuple(examples),
    )


def _example(cell: str | Mapping[str, str], labels: Mapping[str, str], lang: str) -> str:
    """Return the text of an example in one language.

    Parameters
    ----------
    cell : as in `assets/template.json`: a text for all languages, {"zh": text, "en": text}, or {"value": value of the vocabulary}.
    labels : value of the vocabulary -> label.
    """
    if isinstance(cell, str):
        return cell
    return labels[cell["value"]] if "value" in cell else cell[lang]


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((files("qjmap") / "assets" / "template.json").read_text(encoding="utf-8"))
    return loaded
