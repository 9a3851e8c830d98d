"""Divides the contents of a report into slides: texts are measured, and what does not fit goes on to the next slide.

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
"""Sizes of type: titles, tables and sentences, sources and slide numbers."""
LINE = 1.3
"""Height of a line in em."""
CELL = (6.0, 3.0)
"""Margins of a cell: left and right, above and below."""
_WIDEST = 0.3
"""Share of a table's width from which a longer word makes its column no wider: it is divided."""
_ENOUGH = 24.0
"""Width in em from which a longer text makes its column no wider: it is wrapped."""
_SHORT = 6.0
"""Width in em up to which a cell is not wrapped."""
_SENTENCE_GAP = 6.0

Lines = list[str]


@dataclass(frozen=True)
class Table:
    """A part of a table: widths of columns, rows of cells of lines, the head first, and the columns of numbers."""

    widths: Sequence[float]
    rows: Sequence[Sequence[Lines]]
    numeric: Collection[int]


@dataclass(frozen=True)
class Slide:
    """A slide after the cover.

    Attributes
    ----------
    picture : key of the picture; "" for none.
    facts : (label, value) beside the picture.
    lines : sentences, each of them wrapped.
    notes : paragraphs at the foot: the sources.
    """

    title: str
    picture: str = ""
    facts: Sequence[tuple[str, str]] = ()
    table: Table | None = None
    lines: Sequence[Lines] = ()
    notes: Sequence[str] = ()


def slides(said: Contents, pictures: set[str], width: float, height: float) -> list[Slide]:
    """Return the slides of a report.

    Parameters
    ----------
    pictures : keys of the pictures that there are.
    width, height : of the room beneath the title.
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
    """Return the height of the notes at the foot of a slide, with the gap above them."""
    return lines_height(notes, width, NOTE) + 6 if notes else 0.0


def fitted(
    words: str, width: float, height: float, sizes: Sequence[float], *, is_bold: bool = False
) -> tuple[float, str]:
    """Return the largest of several sizes at which a text fits, and the text; it is cut with … where the smallest is too large.

    Parameters
    ----------
    width, height : of the room.
    sizes : of type, the largest first.
    """
    for size in sizes:
        if lines_height([words], width, size, is_bold=is_bold) <= height:
            return size, words
    size = sizes[-1]
    kept = wrap(words, width / size)[: max(1, int(height / (size * LINE)))]
    return size, "".join(kept)[:-1] + "…"


def lines_height(said: Sequence[str], width: float, size: float, *, is_bold: bool = False) -> float:
    """Return the height of paragraphs of a size in a width."""
    return sum(len(wrap(words, width / size, is_bold=is_bold)) for words in said) * size * LINE


def one_line(words: str) -> str:
    """Return a text without line breaks."""
    return " ".join(words.split())


def _figure(section: Section, said: Contents, pictures: set[str]) -> Iterator[Slide]:
    """A slide with the picture of a section and what stands beside it, if it has any; its foot tells the sources of both."""
    has_picture = section.picture in pictures
    if not has_picture and not section.facts:
        return
    joined = ("　" if said.lang == "zh" else "  ").join(said.credits)
    notes = [text("document.map_of", said.lang, credits=joined)] if has_picture else []
    notes += [text("document.origin", said.lang)] if section.facts else []
    yield Slide(section.title, section.picture if has_picture else "", tuple(section.facts), notes=notes)


def _sentences(section: Section, width: float, height: float) -> Iterator[Slide]:
    """Slides with the sentences of a section."""
    notes = [section.origin] if section.origin else []
    room = height - notes_height(notes, width)
    each = max(1, int((room - _SENTENCE_GAP) / (BODY * LINE)))
    wrapped = [wrap(one_line(sentence), width / BODY) for sentence in section.lines]
    parts = [lines[at : at + each] for lines in wrapped for at in range(0, len(lines), each)]
    for page in _balanced(parts, lambda lines: len(lines) * BODY * LINE + _SENTENCE_GAP, room):
        yield Slide(section.title, lines=page, notes=notes)


def _tables(section: Section, lang: str, width: float, height: float) -> Iterator[Slide]:
    """Slides with the table of a section, whose head stands on each; one that says so if it has no rows."""
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
    """Divide parts into as few slides as hold them, each about as full as the others.

    Parameters
    ----------
    height_of : returns the height of a part, which is no more than the room.
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
    """Yield a row, or the parts of one that is higher than a slide."""
    most = max(1, int((room - 2 * CELL[1]) / (BODY * LINE)))
    for at in range(0, max(map(len, row)), most):
        yield [lines[at : at + most] for lines in row]


def _undivided(cell: str) -> float:
    """Return the width in em that a column should have for a cell: for all of a short one, else for its longest word."""
    width = text_width(cell)
    return width if width <= _SHORT else widest_word(cell)


def row_height(row: Sequence[Lines]) -> float:
    """Return the height of a row of a table."""
    return max(map(len, row)) * BODY * LINE + 2 * CELL[1]


def table_widths(rows: Rows, whole: float) -> list[float]:
    """Return the widths of columns, which add up to the whole: each has room for its longest word, the longer texts have the rest.

    `table_layout.column_widths` only counts characters, since the programs that open documents wrap and paginate them.
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
