"""The guide to tables, columns and settings, in Chinese or English. Its lists of columns and words are made from the schema."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from string import Template

from qjmap.i18n import text
from qjmap.scaffold.template_columns import TemplateColumn, template_columns
from qjmap.schema import TABLES

_SIGNS = frozenset("、,=<>")
"""Characters that a reader could take for separators of a list. A word that has one is set as code."""
_MOST_WORDS = 16
"""Maximum number of words listed in a cell of the guide; a longer vocabulary has a line of its own below the table."""


def guide(lang: str) -> str:
    """Return the guide in a language ("zh" or "en") as Markdown."""
    path = files("qjmap") / "assets" / "scaffold" / f"guide.{lang}.md"
    return Template(path.read_text(encoding="utf-8")).substitute(columns=_columns(lang))


def _columns(lang: str) -> str:
    """Return a section for each table: its columns with their meaning and the form of their cells, then the long vocabularies."""
    sections = []
    for table in TABLES:
        columns = template_columns(table, lang, full=True)
        lines = [f"### {text(f'template.sheet.{table}', lang)} `{table}.csv`", "", *_rows(table, columns, lang), ""]
        for name, column in zip(TABLES[table].names, columns, strict=True):
            if len(column.words) > _MOST_WORDS:
                lines += [text("guide.words", lang, name=name, words=_words(column, lang)), ""]
        sections.append("\n".join(lines))
    return "\n".join(sections)


def _rows(table: str, columns: list[TemplateColumn], lang: str) -> Iterator[str]:
    """Yield the lines of the Markdown table of the columns."""
    yield f"| {text('guide.head', lang)} |"
    yield "|---|---|---|"
    for name, column in zip(TABLES[table].columns, columns, strict=True):
        title = f"{name.label} `{name.name}`" if lang == "zh" and name.label != name.name else f"`{name.name}`"
        about = column.about + (text("guide.required", lang) if column.required else "")
        yield f"| {title} | {about} | {_form(column, lang)} |".replace("“|”", "竖线").replace(" by |", " by a bar")


def _form(column: TemplateColumn, lang: str) -> str:
    """Return the form of the cells of a column, with the words to choose from if they are few."""
    if not column.words:
        return column.form
    if len(column.words) > _MOST_WORDS:
        return text("guide.list", lang)
    return text("guide.open" if column.is_open else "guide.closed", lang, words=_words(column, lang))


def _words(column: TemplateColumn, lang: str) -> str:
    return text("guide.joint", lang).join(f"`{word}`" if _SIGNS.intersection(word) else word for word in column.words)
