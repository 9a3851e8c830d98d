"""A template as an .xlsx workbook: sheets to fill in, with examples and drop-down lists, and a sheet of explanations.

The same template always has the same bytes: it contains no time and no name of a person or computer.
"""

from __future__ import annotations

import datetime
import io
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qjmap.i18n import text
from qjmap.scaffold.template_columns import EXAMPLES, TemplateColumn, template_columns
from qjmap.schema import TABLES
from qjmap.vocabulary import BUILT_IN, Vocabularies

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_ROWS = 5_000
"""Number of rows whose cells have drop-down lists and hints."""
_WIDTHS = (10, 40)
"""Minimum and maximum width of a column to fill in. Excel measures widths in digits."""
_HELP_WIDTHS = (16, 46, 42, 28, 8)
"""Widths in digits of the columns in the sheet of explanations."""
_LINE_POINTS = 16
"""Height of a line of text in points."""
_TITLE_CHARACTERS, _MESSAGE_CHARACTERS = 32, 255
"""Maximum length of the title and of the message of a hint at a cell, set by Excel."""
_ANY: Mapping[str, Any] = {"validate": "any"}
"""Validation rule of cells that may have any content."""
_MADE = datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
"""Date in the properties of the document, which need one; fixed, so that the bytes do not depend on the clock."""
_COLORS = {"head": "#1F4E5F", "required": "#A5401B", "example": "#F2F2F2", "grid": "#BFBFBF", "grey": "#595959"}


def template_workbook(table: str, lang: str, *, full: bool = False, vocabularies: Vocabularies = BUILT_IN) -> bytes:
    """Return the bytes of a template as an .xlsx workbook.

    Parameters
    ----------
    table : name of a table, or "all" for a workbook with a sheet for each table.
    lang : language of headers and explanations, "zh" or "en".
    full : with all columns; by default only with those that people usually fill in.
    vocabularies : the words to choose from, including those of a project.
    """
    from xlsxwriter import Workbook  # imported here to save start-up time: only this command writes workbooks

    names = list(TABLES) if table == "all" else [table]
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"title": text("template.title", lang), "created": _MADE, "comments": "qjmap"})
    styles = _styles(book)
    columns = {name: template_columns(name, lang, full=full, vocabularies=vocabularies) for name in names}
    sheets = {name: book.add_worksheet(text(f"template.sheet.{name}", lang)) for name in names}
    _explain(book.add_worksheet(text("template.sheet.help", lang)), columns, styles, lang)
    lists = _list_words(book.add_worksheet(text("template.sheet.words", lang)), columns, styles, lang)
    for name, sheet in sheets.items():
        _fill_in(sheet, columns[name], lists, styles, lang)
    book.close()
    return out.getvalue()


@dataclass(frozen=True)
class _Styles:
    """Cell formats of the workbook, by use."""

    head: Any
    required: Any
    text: Any
    number: Any
    example: Any
    wrapped: Any
    plain_head: Any
    title: Any


def _styles(book: Workbook) -> _Styles:
    border = {"border": 1, "border_color": _COLORS["grid"], "valign": "top"}
    head = {
        **border, "bold": True, "font_color": "white", "align": "center", "valign": "vcenter", "text_wrap": True,
        "num_format": "@",
    }  # fmt: skip
    return _Styles(
        head=book.add_format({**head, "bg_color": _COLORS["head"]}),
        required=book.add_format({**head, "bg_color": _COLORS["required"]}),
        text=book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
        number=book.add_format({"valign": "top"}),
        example=book.add_format(
            {**border, "num_format": "@", "italic": True, "font_color": _COLORS["grey"], "bg_color": _COLORS["example"],
             "text_wrap": True}
        ),
        wrapped=book.add_format({**border, "text_wrap": True, "num_format": "@"}),
        plain_head=book.add_format({**head, "bg_color": _COLORS["head"], "align": "left"}),
        title=book.add_format({"bold": True, "font_size": 13}),
    )  # fmt: skip


def _fill_in(
    sheet: Worksheet, columns: Sequence[TemplateColumn], lists: dict[str, str], styles: _Styles, lang: str
) -> None:
    """Write a sheet to fill in: headers, rows of examples (marked in the first column), drop-down lists and hints.

    Parameters
    ----------
    lists : name of a vocabulary -> range of its words in the workbook.
    """
    mark = text("template.mark", lang)
    widths = [_width(column) for column in columns]
    sheet.write_string(0, 0, mark, styles.head)
    sheet.set_column(0, 0, 7, styles.text)
    for row in range(1, EXAMPLES + 1):
        sheet.write_string(row, 0, text("template.example", lang), styles.example)
        sheet.set_row(row, _height([column.examples[row - 1] for column in columns], widths))
    _hint(sheet, 0, mark, text("template.mark.about", lang))
    for at, column in enumerate(columns, 1):
        sheet.set_column(at, at, widths[at - 1], styles.text if column.is_text else styles.number)
        sheet.write_string(0, at, column.header, styles.required if column.required else styles.head)
        for row, cell in enumerate(column.examples, 1):
            sheet.write_string(row, at, cell, styles.example)
        gap = "" if lang == "zh" else " "
        rule = _rule(column, lists.get(column.vocabulary), lang)
        _hint(sheet, at, column.header, f"{column.about}{gap}{column.form}", rule)
    sheet.set_row(0, 30)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _hint(sheet: Worksheet, at: int, title: str, message: str, rule: Mapping[str, Any] = _ANY) -> None:
    """Set a hint that the cells of a column show when they are selected, and the rule by which a spreadsheet checks what is typed."""
    hint = {"input_title": title[:_TITLE_CHARACTERS], "input_message": message[:_MESSAGE_CHARACTERS]}
    sheet.data_validation(1, at, _ROWS, at, {**rule, **hint})


def _rule(column: TemplateColumn, words: str | None, lang: str) -> Mapping[str, Any]:
    """Return the rule for the cells of a column: a drop-down list if it has words.

    A spreadsheet asks for confirmation before it accepts a word that is not in the list of a closed vocabulary.

    Parameters
    ----------
    words : range of the words in the workbook; None if the column has no vocabulary.
    """
    if words is None:
        return _ANY
    if column.is_open:
        return {"validate": "list", "source": words, "show_error": False}
    message = text("template.closed", lang)
    return {
        "validate": "list",
        "source": words,
        "error_type": "warning",
        "error_title": column.header,
        "error_message": message,
    }


def _explain(sheet: Worksheet, columns: dict[str, list[TemplateColumn]], styles: _Styles, lang: str) -> None:
    """Write the sheet of explanations."""
    lines = text("template.help", lang).split("\n")
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, styles.title if row == 0 else None)
    top = len(lines) + 1
    heads = [text(f"template.help.{name}", lang) for name in ("column", "about", "form", "example", "required")]
    several = len(columns) > 1
    row = top
    for name, here in columns.items():
        if several:
            sheet.write_string(row, 0, text(f"template.sheet.{name}", lang), styles.title)
            row += 1
        for at, head in enumerate(heads):
            sheet.write_string(row, at, head, styles.plain_head)
        for column in here:
            row += 1
            example = next((cell for cell in column.examples if cell), "")
            required = text("template.required" if column.required else "template.optional", lang)
            cells = (column.header, column.about, column.form, example, required)
            for at, cell in enumerate(cells):
                sheet.write_string(row, at, cell, styles.wrapped)
            sheet.set_row(row, _height(cells, _HELP_WIDTHS))
        row += 2
    for at, width in enumerate(_HELP_WIDTHS):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(top + (0 if several else 1), 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _list_words(
    sheet: Worksheet, columns: dict[str, list[TemplateColumn]], styles: _Styles, lang: str
) -> dict[str, str]:
    """Write the words of each vocabulary as a column of a sheet, and return name of the vocabulary -> range of its words."""
    from xlsxwriter.utility import xl_range_abs

    ranges: dict[str, str] = {}
    named = [(name, column) for name, here in columns.items() for column in here]
    headers = Counter(header for header, _ in {(column.header, column.vocabulary) for _, column in named})
    for name, column in named:
        if column.vocabulary in ("", *ranges):
            continue
        at = len(ranges)
        table = f"（{text(f'template.sheet.{name}', lang)}）" if headers[column.header] > 1 else ""
        sheet.write_string(0, at, column.header + table, styles.plain_head)
        for row, word in enumerate(column.words, 1):
            sheet.write_string(row, at, word, styles.wrapped)
        sheet.set_column(at, at, 2 + max(map(_text_width, (column.header + table, *column.words))))
        ranges[column.vocabulary] = f"='{sheet.get_name()}'!{xl_range_abs(1, at, len(column.words), at)}"
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return ranges


def _width(column: TemplateColumn) -> int:
    """Return the width in digits of a column that shows its header in one line and its examples in at most two."""
    least, most = _WIDTHS
    widest = max((_text_width(cell) for cell in column.examples), default=0)
    return min(
        most, max(least, _text_width(column.header) + 3, (widest + 1) // 2 + 4 if widest > most // 2 else widest + 2)
    )


def _height(cells: Sequence[str], widths: Sequence[int]) -> int:
    """Return the height in points of a row that shows all wrapped cells in columns of these widths (in digits)."""
    lines = [-(-_text_width(cell) // (width - 1)) for cell, width in zip(cells, widths, strict=True)]
    return _LINE_POINTS * max(1, *lines)


def _text_width(cell: str) -> int:
    """Return the width of a text in digits; a Chinese character counts as two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in cell)
