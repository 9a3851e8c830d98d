"""Words and marks that people write into empty cells: 无, -, N/A. In columns that do not hold free text such a cell counts as empty."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from typing import Any

from qjmap.grammar import grammar
from qjmap.i18n import Note
from qjmap.schema import SIMPLER, Column, Table
from qjmap.tables.cell_values import clean
from qjmap.tables.columns import operations as cols
from qjmap.vocabulary import Vocabularies

_MOST_BYTES = 48
"""Maximum size in UTF-8 of a cell that is looked up: 16 full-width or Chinese characters, or 48 ASCII characters. For required
texts, such as names, it is an eighth of this: they are emptied only if they consist of marks (——).
"""


@dataclass
class EmptyWords:
    """The cells of a table that were taken as empty.

    Attributes
    ----------
    words : the words as typed, in the order of their first occurrence.
    columns : canonical columns that have such cells.
    count : number of such cells.
    """

    words: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    count: int = 0

    def notes(self, typed: Mapping[str, str]) -> list[Note]:
        """Return a list with one note that names the words, cells and columns; an empty list if there are none.

        Parameters
        ----------
        typed : canonical column -> its header as typed.
        """
        if not self.count:
            return []
        columns = [typed.get(name, name) for name in self.columns]
        return [Note("note-empty-words", {"words": self.words, "count": self.count, "columns": columns})]


def is_empty_word(text: str) -> bool:
    """Whether a text is a word or mark for an empty cell."""
    return _is_mark(text) or _normalised(text) in _words()


def clear_empty_words(columns: dict[str, Any], table: Table, vocabularies: Vocabularies) -> EmptyWords:
    """Empty the cells that hold a word or mark for an empty cell; return what was found.

    Columns of the type text keep such cells, with two exceptions: columns in which such a word says nothing (address 无; the list `texts`
    of the grammar) are treated like other types, and a required text, such as a name, is emptied if it consists of marks alone.

    Parameters
    ----------
    columns : the cells by canonical column, and pairs of coordinates as "lonlat"; changed in place.
    """
    empty = EmptyWords()
    for name in columns:
        column = Column(name, "lon") if name == "lonlat" else table.column(name)
        is_text = column.type == "text" and name not in grammar("empty")["texts"]
        if is_text and not column.required:
            continue
        words = cols.unique_words(columns[name], _MOST_BYTES // 8 if is_text else _MOST_BYTES)
        found = {text for text in words if _means_empty(text, column, vocabularies)}
        if not found:
            continue
        empty.count += int(cols.isin(columns[name], found).sum())
        empty.columns.append(name)
        seen = [text for text in cols.unique(columns[name]) if text in found]
        empty.words += [word for word in dict.fromkeys(map(clean, seen)) if word not in empty.words]
        columns[name] = cols.map_unique(columns[name], partial(_without, found))
    return empty


def _without(found: Collection[str], texts: Sequence[str]) -> list[str]:
    return ["" if text in found else text for text in texts]


def _means_empty(text: str, column: Column, vocabularies: Vocabularies) -> bool:
    """Whether a text in a column means an empty cell. A word of the column's vocabulary does not, and an ASCII id only if it is a mark."""
    if not _may_begin(text[:1]):
        return False
    if column.type == "text" and column.name not in grammar("empty")["texts"]:
        return _is_mark(text)
    if column.name == "id" and clean(text).isascii():
        return _is_mark(text)
    return is_empty_word(text) and not (column.vocab and vocabularies.find(text, column.vocab))


def _is_mark(text: str) -> bool:
    plain = _normalised(text).replace(" ", "")
    return bool(plain) and not plain.strip(grammar("empty")["marks"])


def _normalised(text: str) -> str:
    return clean(unicodedata.normalize("NFKC", text)).casefold().translate(SIMPLER)


@lru_cache(10_000)
def _may_begin(character: str) -> bool:
    """Whether a word or mark for an empty cell may start with a character. If not, the text need not be normalised."""
    first = _normalised(character)[:1]
    return not first or first in grammar("empty")["marks"] or any(word.startswith(first) for word in _words())


@cache
def _words() -> frozenset[str]:
    return frozenset(map(_normalised, grammar("empty")["words"]))
