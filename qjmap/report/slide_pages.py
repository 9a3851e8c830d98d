"""Divide the contents of a report into slides: texts are measured, and parts that do not fit are moved to the next slide.

Lengths are in points.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from qjmap.i18n import text
from qjmap.report.contents import MAP, Contents, Rows, Section
from qjmap.report.table_layout import numeric_columns
from qjmap.report.text_measure import text_width, widest_word, wrap

TITLE, BODY, NOTE = 28.0, 14.0, 12.0
"""Font sizes of titles, of tables and sentences, and of notes."""
LINE = 1.3
"""Height of a line in em."""
CELL = (6.0, 3.0)
"""Margins of a cell: at the left and at the right, and at the top and at the bottom."""
_WIDEST = 0.3
"""Maximum width that a column gets for its longest word, as a share of the table's width; a longer word is divided."""
_ENOUGH = 24.0
"""Maximum width in em that a text counts for its column; a longer text is wrapped."""
_SHORT = 6.0
"""Maximum width in em of a cell for all of which its column should have room; a wider cell is wrapped between words."""
_SENTENCE_GAP = 6.0

Lines = list[str]
"""A text as the lines into which it is wrapped."""


@dataclass(frozen=True)
class Table:
    """A part of a table that fits on a slide.

    Attributes
    ----------
    widths : widths of the columns.
    rows : rows of wrapped cells, the header row first.
    numeric : indices of the columns that hold numbers.
    """

    widths: Sequence[float]
    rows: Sequence[Sequence[Lines]]
    numeric: Collection[int]


@dataclass(frozen=True)
class Slide:
    """A slide after the cover.

    Attributes
    ----------
    title : title of the section, with the number of the slide if the section has several.
    picture : key of the picture; "" for none.
    facts : (label, value) of the figures beside the picture.
    table : table or part of one; None for none.
    lines : sentences, each as its lines.
    notes : paragraphs at the foot: attributions of the map, and the source of the data.
    """

    title: str
    picture: str = ""
    facts: Sequence[tuple[str, str]] = ()
    table: Table | None = None
    lines: Sequence[Lines] = ()
    notes: Sequence[str] = ()


def slides(said: Contents, pictures: set[str], width: float, height: float) -> list[Slide]:
    """Return the slides of a report after the cover: an overview with the map, then those of each section.

    Parameters
    ----------
    said : contents of the report.
    pictures : keys of the available pictures.
    width, height : size of the area below the title.
    """
    overview = Section(text("document.overview", said.lang), picture=MAP, facts=said.numbers)
    made: list[Slide] = []
    for section in (overview, *said.sections):
        parts = [*_figure(section, said, pictures), *_tables(section, said.lang, width, height)]
        parts += _sentences(section, width, height)
        for at, part in enumerate(parts, 1):
            numbers = {"title": part.title, "at": at, "of": len(parts)}
            title = part.title if len(parts) == 1 else text("document.continued", said.lang, **numbers)
            made.append(Slide(title, part.picture, part.facts, part.table, part.lines, part.notes))
    return made


def notes_height(notes: Sequence[str], width: float) -> float:
    """Return the height of the notes at the foot of a slide in a width, including the gap above them; 0 without notes."""
    return lines_height(notes, width, NOTE) + 6 if notes else 0.0


def fitted(
    words: str, width: float, height: float, sizes: Sequence[float], *, is_bold: bool = False
) -> tuple[float, str]:
    """Return the largest of several font sizes at which a text fits into a box, and the text.

    If it does not fit at the smallest size, return that size, and the text cut, with … at its end.

    Parameters
    ----------
    width, height : size of the box.
    sizes : font sizes, the largest first.
    """
    for size in sizes:
        if lines_height([words], width, size, is_bold=is_bold) <= height:
            return size, words
    size = sizes[-1]
    kept = wrap(words, width / size)[: max(1, int(height / (size * LINE)))]
    return size, "".join(kept)[:-1] + "…"


def lines_height(said: Sequence[str], width: float, size: float, *, is_bold: bool = False) -> float:
    """Return the height of paragraphs (`said`) in a font size, wrapped to a width."""
    return sum(len(wrap(words, width / size, is_bold=is_bold)) for words in said) * size * LINE


def one_line(words: str) -> str:
    """Return a text on one line, with single blanks between words."""
    return " ".join(words.split())


def _figure(section: Section, said: Contents, pictures: set[str]) -> Iterator[Slide]:
    """Yield a slide with the picture and the facts of a section, and the sources of both as notes; nothing if it has neither."""
    has_picture = section.picture in pictures
    if not has_picture and not section.facts:
        return
    joined = ("　" if said.lang == "zh" else "  ").join(said.credits)
    notes = [text("document.map_of", said.lang, credits=joined)] if has_picture else []
    notes += [text("document.origin", said.lang)] if section.facts else []
    yield Slide(section.title, section.picture if has_picture else "", tuple(section.facts), notes=notes)


def _sentences(section: Section, width: float, height: float) -> Iterator[Slide]:
    """Yield slides with the sentences of a section."""
    notes = [section.origin] if section.origin else []
    room = height - notes_height(notes, width)
    each = max(1, int((room - _SENTENCE_GAP) / (BODY * LINE)))
    wrapped = [wrap(one_line(sentence), width / BODY) for sentence in section.lines]
    parts = [lines[at : at + each] for lines in wrapped for at in range(0, len(lines), each)]
    for page in _balanced(parts, lambda lines: len(lines) * BODY * LINE + _SENTENCE_GAP, room):
        yield Slide(section.title, lines=page, notes=notes)


def _tables(section: Section, lang: str, width: float, height: float) -> Iterator[Slide]:
    """Yield slides with the table of a section and its header row on each; one slide with the sentence "None." if it has no other rows."""
    if section.rows is None:
        return
    if len(section.rows) < 2:
        yield Slide(section.title, lines=[[text("document.none", lang)]])
        return
    notes = [section.origin] if section.origin else []
    widths = table_widths(section.rows, width)
    head, *body = (
        [
            wrap(one_line(cell), (size - 2 * CELL[0]) / BODY, is_bold=number == 0)
            for cell, size in zip(row, widths, strict=True)
        ]
        for number, row in enumerate(section.rows)
    )
    room = height - notes_height(notes, width) - row_height(head)
    numeric = numeric_columns(section.rows)
    for page in _balanced([part for row in body for part in _parts(row, room)], row_height, room):
        yield Slide(section.title, table=Table(widths, [head, *page], numeric), notes=notes)


Part = TypeVar("Part")


def _balanced(parts: Sequence[Part], height_of: Callable[[Part], float], room: float) -> list[list[Part]]:
    """Divide parts, in their order, among as few slides as possible, so that all slides are about equally full.

    Parameters
    ----------
    height_of : returns the height of a part, at most `room`.
    room : height available on a slide.
    """
    fewest = _filled(parts, height_of, room)
    if not fewest:
        return []
    even = sum(map(height_of, parts)) / len(fewest)
    rooms = (even + step * max(map(height_of, parts)) / 4 for step in range(5))
    fitting = (_filled(parts, height_of, min(some, room)) for some in rooms)
    return next((pages for pages in fitting if len(pages) == len(fewest)), fewest)


def _filled(parts: Sequence[Part], height_of: Callable[[Part], float], room: float) -> list[list[Part]]:
    pages, used = list[list[Part]](), 0.0
    for part in parts:
        height = height_of(part)
        if not pages or used + height > room:
            pages, used = [*pages, []], 0.0
        pages[-1].append(part)
        used += height
    return pages


def _parts(row: Sequence[Lines], room: float) -> Iterator[Sequence[Lines]]:
    """Yield a row of a table; of a row higher than `room` parts that fit."""
    most = max(1, int((room - 2 * CELL[1]) / (BODY * LINE)))
    for at in range(0, max(map(len, row)), most):
        yield [lines[at : at + most] for lines in row]


def _undivided(cell: str) -> float:
    """Return the width in em of the part of a cell that should not be divided: all of a short cell (`_SHORT`), else its longest word."""
    width = text_width(cell)
    return width if width <= _SHORT else widest_word(cell)


def row_height(row: Sequence[Lines]) -> float:
    """Return the height of a row of a table, margins of cells included."""
    return max(map(len, row)) * BODY * LINE + 2 * CELL[1]


def table_widths(rows: Rows, whole: float) -> list[float]:
    """Return the widths of columns, which add up to `whole`: each has room for its longest word, if possible; the rest goes to columns with
    longer texts.

    For documents, `table_layout.column_widths` is enough, which only counts characters: the programs that open them wrap and paginate.

    Parameters
    ----------
    rows : the whole table, the header row first.
    """
    margins = 2 * CELL[0] + 2
    columns = list(zip(*rows, strict=True))
    words = [max([widest_word(head, is_bold=True), *map(_undivided, cells)]) for head, *cells in columns]
    whole_texts = [max([text_width(head, is_bold=True), *map(text_width, cells)]) for head, *cells in columns]
    least = [min(word * BODY + margins, _WIDEST * whole) for word in words]
    wanted = [min(words, _ENOUGH) * BODY + margins for words in whole_texts]
    more = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
    rest = whole - sum(least)
    if rest < 0:
        return [need * whole / sum(least) for need in least]
    if sum(more) > rest:
        return [need + rest * extra / sum(more) for need, extra in zip(least, more, strict=True)]
    taken = [need + extra for need, extra in zip(least, more, strict=True)]
    return [width * whole / sum(taken) for width in taken]
