"""Find rows below a header that are not data: examples, totals, headings, notes, the header again, units, column numbers.

One function decides for every way in which a table is read. It looks at a row, its neighbours, and the kind of the row before, so
that a part of a table gives the same result as the whole. A doubtful row counts as data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from qjmap.grammar import grammar
from qjmap.schema import Table, fold
from qjmap.tables.headers import WEAK, match_header
from qjmap.tables.readers.row_words import (
    SIGNS,
    beginnings,
    compact,
    counter_style,
    distinct,
    is_chinese_total,
    is_figure,
    is_label,
    is_labelled,
    is_mark_header,
    is_total,
    is_unit,
    is_word,
    pattern,
    section_style,
    words,
)

_HAN = re.compile("[\u4e00-\u9fff]")

NOTES = {
    "example": "note-examples",
    "total": "note-totals",
    "section": "note-sections",
    "note": "note-notes",
    "header": "note-headers-again",
    "units": "note-units",
    "numbers": "note-column-numbers",
    "counter": "note-counters",
}
"""Kind of a row that is not data -> key of the note that names such rows."""
TAKEN_AS_MERGED = 3
"""Minimum number of equal cells of a row that counts as one merged cell."""

Row = Sequence[str]
Beside = Callable[[int], Row | None]
"""Function of an offset in rows (1: next row, -1: previous row) that returns the `compact` cells of that row; None beyond the table."""


class RowKinds:
    """The kinds of the rows below one header.

    Parameters
    ----------
    header : the header, one text per column.
    originals : the rows of the file that the header was made from.

    Attributes
    ----------
    lead : indices of the columns that may hold the words which tell the kind of a row: the first ones, up to the name.
    names : indices of the columns that name the row.
    merged : indices of two neighbouring columns. If a row is one merged cell, both hold its text.
    initials, beginning : first characters, and a pattern of the start, of cells in `lead` that make a row worth examining. Other rows
        worth examining are found by `may_be_none`.
    """

    def __init__(self, header: Row, originals: Sequence[Row], table: Table) -> None:
        self._table, self.header = table, header
        matches = [match_header(head, table) for head in header]
        self._columns = columns = [match.column for match in matches]
        self._originals = [[compact(cell) for cell in row] for row in originals]
        self._counter = bool(header) and compact(header[0]) in words("counters")
        self._id = next((index for index, head in enumerate(header) if fold(head) == "id"), None)
        names = [index for index, column in enumerate(columns) if column in ("name", "title")]
        self.names = [index for index in names if matches[index].rank < WEAK] or names
        if not self.names:
            self.names = [1 if self._counter and len(header) > 1 else 0]
        self._marks = [index for index, head in enumerate(header) if is_mark_header(head)]
        self._axes = [index for index, column in enumerate(columns) if column in ("lon", "lat")]
        self._pairs = [index for index, column in enumerate(columns) if column == "lonlat"]
        self._width = len(header)
        self.merged = (
            (self.names[0], self.names[0] + (1 if self.names[0] + 1 < len(header) else -1)) if header else (0, 0)
        )
        self.lead = sorted({*range(min(self.names[0], 3) + 1), *self.names}) if header else []
        heads = [row[index] for row in (header, *originals) for index in self.lead if index < len(row)]
        self.initials, self.beginning = beginnings(heads)

    def find(self, count: int, row_at: Callable[[int], Row], candidates: Iterable[int]) -> dict[int, str]:
        """Return index -> kind for those of `count` filled rows below the header that are not data.

        Parameters
        ----------
        row_at : returns the cells of a row by its index.
        candidates : indices, in ascending order, of all rows for which `may_be_none` holds; it may include other rows.
        """
        kinds: dict[int, str] = {}
        done = -1
        for candidate in chain((0,), candidates):
            index = candidate
            while done < index < count and (kind := self._kind_at(index, count, row_at, kinds)):
                kinds[index] = kind
                done = index
                index += 1  # the kind of a row may depend on the kind of the row before
            done = max(done, index)
        return kinds

    def may_be_none(self, row: Row) -> bool:
        """Whether a row may be something other than data, whatever the rows before and after it are. A fast test with false alarms."""
        return (
            any(
                self.beginning.match(cell) or any(sign in cell for sign in SIGNS)
                for cell in map(row.__getitem__, self.lead)
            )
            or not any(row[index].strip() for index in self.names)
            or self._is_merged(row)
        )

    def positions_of_data(self) -> Sequence[int]:
        """Return the indices of the columns of longitude and latitude, if plain degrees in both prove that a row is data.

        Empty if such a row may still be an example or a repeated header, or if one of the two columns is missing.
        """
        degrees = pattern("degrees")
        doubtful = self._marks or any(
            degrees.match(row[index]) for row in self._originals for index in self._axes if index < len(row)
        )
        return () if doubtful or len(self._axes) < 2 else self._axes

    def _kind_at(self, index: int, count: int, row_at: Callable[[int], Row], kinds: Mapping[int, str]) -> str | None:
        """Return the kind of a row, a key of `NOTES`; None for data. `kinds` is index -> kind of the rows before it that are not data."""
        cells = _compact_row(row_at(index))
        filled = [column for column, cell in enumerate(cells) if cell]
        if not filled:
            return None
        if filled[0] in self._marks and cells[filled[0]] in words("examples"):
            return "example"
        if self._is_header(cells, filled) or (not index and self._translates_header(cells, filled)):
            return "header"
        if self._has_position(cells) or self._has_id(cells, filled):
            return None
        if self._is_total(cells, filled):
            return "total"

        def beside(step: int) -> Row | None:
            return _compact_row(row_at(index + step)) if 0 <= index + step < count else None

        above = kinds.get(index - 1)
        if above in ("header", "units", "numbers") or (not index and self._originals):
            if self._is_units(cells, filled):
                return "units"
            if self._is_numbers(cells, filled, beside):
                return "numbers"
        if self._is_note(cells, filled, above):
            return "note"
        if self._width > 1 and self._is_counter_alone(cells, filled):
            return "counter"
        if self._width > 1 and self._is_section(cells, filled, beside):
            return "section"
        return None

    def _is_merged(self, row: Row) -> bool:
        """Whether a row holds the same text, with a letter, in all its filled cells and in at least three, as a merged range does."""
        name, beside = self.merged
        text = row[name]
        return (
            row[beside] == text != ""
            and row.count(text) >= TAKEN_AS_MERGED
            and row.count(text) + row.count("") == len(row)
            and any(map(str.isalpha, text))
        )

    def _single(self, cells: Row, filled: Sequence[int]) -> bool:
        """Whether a row holds only one text: in at least three cells, or in the column of the name or before it."""
        return len({cells[index] for index in filled}) == 1 and (
            len(filled) >= TAKEN_AS_MERGED or filled[0] in self.lead or filled[0] < self.names[0]
        )

    def _is_header(self, cells: Row, filled: Sequence[int]) -> bool:
        """Whether a row repeats the header."""
        if self._width > 1 and len(filled) < 2:
            return False
        return any(
            all(index < len(original) and cells[index] == original[index] for index in filled)
            for original in self._originals
        )

    def _translates_header(self, cells: Row, filled: Sequence[int]) -> bool:
        """Whether a row repeats the header in other words, mostly in another language: 名称, 经度 below name, lon."""
        named = [index for index in filled if self._columns[index]]
        same = [index for index in named if match_header(cells[index], self._table).column == self._columns[index]]
        return len(same) > 1 and len(same) == len(named) and not any(map(str.isdecimal, "".join(cells)))

    def _has_position(self, cells: Row) -> bool:
        """Whether a row has degrees in both columns of coordinates, or a text that starts with degrees in a column of pairs."""
        degrees = pattern("degrees")
        axes = [bool(degrees.match(cells[index])) for index in self._axes]
        return (len(axes) > 1 and all(axes)) or any(degrees.match(cells[index]) for index in self._pairs)

    def _has_id(self, cells: Row, filled: Sequence[int]) -> bool:
        """Whether a row has an id and a word in another column. It is then data even if the id is "total"."""
        return (
            self._id is not None
            and bool(cells[self._id])
            and any(is_word(cells[index]) for index in filled if index != self._id)
        )

    def _is_total(self, cells: Row, filled: Sequence[int]) -> bool:
        """Whether a row is one of totals: after running numbers a word for totals (合计), then only figures."""
        start = next((index for index in filled if counter_style(cells[index]) != "number"), None)
        if start is None:
            return False
        position = filled.index(start)
        if not is_total(cells[start]):
            names = [index for index in self.names if cells[index]]
            if not names or names[0] <= start or not is_chinese_total(cells[names[0]]):
                return False
            position = filled.index(names[0])
        others = [cells[index] for index in filled[position + 1 :]]
        if not all(is_figure(cell) for cell in others):
            return False
        exact = cells[filled[position]].rstrip(":") in words("totals")
        return exact or any(map(str.isdecimal, "".join([cells[filled[position]], *others])))

    def _is_units(self, cells: Row, filled: Sequence[int]) -> bool:
        """Whether a row holds only units, except for words such as 单位, and none in a column that names the row."""
        units = [index for index in filled if cells[index].strip("()[]:") not in words("unit_words")]
        return bool(units) and all(is_unit(cells[index]) and index not in self.names for index in units)

    def _is_numbers(self, cells: Row, filled: Sequence[int], beside: Beside) -> bool:
        """Whether a row numbers the columns of a Chinese form (1 2 3 4; 甲 乙 1 2 3; (1) (2) (3)) and a row with a name follows."""
        labels = [cells[index] for index in filled]
        if len(labels) != self._width or len(labels) < 3 or not _HAN.search("".join(self.header)):
            return False
        if not (after := beside(1)) or not any(map(str.isalpha, "".join(after[index] for index in self.names))):
            return False
        if labels[0] in words("counters"):
            labels = labels[1:]
        order = grammar("non_data_rows")["stems"]
        stems = 0
        while stems < len(labels) and labels[stems] == order[stems : stems + 1]:
            stems += 1
        if stems == len(labels):
            return True
        matches = [pattern("column_number").match(label) for label in labels[stems:]]
        numbers = [int(match[1]) if match else -1 for match in matches]
        return (stems != 1 or len(labels) > 3) and numbers in (
            [*range(1, len(numbers) + 1)],
            [*range(stems + 1, stems + len(numbers) + 1)],
        )

    def _is_note(self, cells: Row, filled: Sequence[int], before_kind: str | None) -> bool:
        """Whether a row is a note or a signature; `before_kind` is the kind of the row before, None for data."""
        first, single = cells[filled[0]], self._single(cells, filled)
        if is_label(first):
            return is_labelled([cells[index] for index in filled])
        if self._width == 1 or not single:
            return False
        if first.startswith(tuple(words("openings"))) and len(first) > 2:
            return True
        if pattern("marked").match(first) or pattern("numbered_notes").match(first):
            return True
        if self._width > 2 and pattern("sentence").search(first):
            return True
        return before_kind == "note" and bool(pattern("numbered").match(first))

    def _is_counter_alone(self, cells: Row, filled: Sequence[int]) -> bool:
        """Whether a row holds nothing but a running number."""
        return self._counter and filled == [0] and counter_style(cells[0]) == "number"

    def _is_section(self, cells: Row, filled: Sequence[int], beside: Beside) -> bool:
        """Whether a row is the heading of a section, such as 一、工业企业 alone in its row."""
        if self._is_numbered_section(cells, filled, beside):
            return True
        if not self._single(cells, filled):
            return False
        if self._is_merged(cells):
            return True
        if not any(cells[index] for index in self.names):  # every row of data has a name
            return any(map(str.isalpha, cells[filled[0]]))
        before, after = beside(-1), beside(1)
        if after is not None and self._is_header(after, [index for index, cell in enumerate(after) if cell]):
            return True
        style = section_style(cells[filled[0]])
        if style is None:
            return False
        neighbours = [row for row in (before, after) if row is not None]
        if not neighbours or (style in ("letter", "roman", "colon") and (after is None or distinct(after) < 2)):
            return False
        return all(distinct(row) > 1 or _single_style(row) not in (style, None) for row in neighbours)

    def _is_numbered_section(self, cells: Row, filled: Sequence[int], beside: Beside) -> bool:
        """Whether a row is a heading with its number in the column of running numbers (一 | 工业企业), and the numbers of the rows next to
        it are of another style.
        """
        if not self._counter or filled[:2] != [0, self.names[0]]:
            return False
        style = counter_style(cells[0])
        if style in (None, "number") or not all(is_figure(cells[index]) for index in filled[2:]):
            return False
        before, after = beside(-1), beside(1)
        if after is None or counter_style(after[0]) in (None, style):
            return False
        return before is None or counter_style(before[0]) != style


def _compact_row(row: Row) -> list[str]:
    return [compact(cell) for cell in row]


def _single_style(row: Row) -> str | None:
    """Return the style of the first filled cell of a row as a heading; "other" for a total or the label of a note, None for data."""
    word = next(filter(None, row), "")
    return section_style(word) or ("other" if is_total(word) or is_label(word) else None)
