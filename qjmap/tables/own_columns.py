"""Own columns: columns of the user's tables that the schema does not define. What they hold, and which of them are hidden.

The header and all cells decide what a column holds. The facts about the partitions of a table are added up, so that the decision is the
same whether the table is read whole or in partitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qjmap.column_settings import ColumnSettings, OwnColumnSettings, without_brackets
from qjmap.grammar import grammar
from qjmap.schema import ORIGINAL, Table, fold
from qjmap.tables.cell_values import CellError
from qjmap.tables.columns import operations as cols
from qjmap.tables.dates import read_date

Kind = Literal["number", "date", "link", "text"]

_NUMBER = r"(?:0|-?[1-9][0-9]{0,14})(?:\.[0-9]+)?|-0\.[0-9]*[1-9][0-9]*"
_ZERO = r".*\.[0-9]*0"
"""Pattern of numbers that a program would write back differently: decimals that end in zeros."""
_DIGITS = 15
"""Number of significant digits that float64 always keeps."""
_LONGEST = 24
"""Maximum number of characters of a number that float64 may keep unchanged; Python writes no float with more."""
_DATE = r"[0-9]{4}(?:[-/][0-9]{1,2}(?:[-/][0-9]{1,2})?|年(?:[0-9]{1,2}月(?:[0-9]{1,2}[日号])?)?)"
_DATE_BY_HEADER = rf"{_DATE}|[0-9]{{4}}|[0-9]{{4}}\.[0-9]{{1,2}}(?:\.[0-9]{{1,2}})?"
"""Pattern of dates under a header for dates: also those that could be numbers (2019, 2019.6)."""
_YEARS = (1600, 2100)
_LINK = r"(?:https?://|www\.)[^\s<>\"]+"
_SHORTEST_EMAIL, _SHORTEST_MOBILE = 6, 11
"""Size in bytes of the shortest text, and of the shortest number, that may be personal."""
MOST_FILTER_VALUES = 50
"""Maximum number of distinct texts of a column that is a filter; a longer list is too long to choose from."""
_FULL_WIDTH = "[！-～]"
_FEW_CELLS = 64
_SHORT_WORD = 3
"""Maximum length, in letters, of the English words of the grammar that must be a whole word of a header (id, no); longer ones may also end
another word (typecode).
"""


@dataclass(frozen=True)
class ColumnFacts:
    """Facts about the filled cells of a column. The facts about parts of a column can be added.

    Attributes
    ----------
    filled : number of filled cells.
    numbers : whether all are plain numbers that float64 keeps: without leading zeros, separators or a plus sign.
    zeros : whether some number has a decimal that ends in zeros (2.50).
    decimals : the distinct numbers of decimals: 1.5 and 2.25 give {1, 2}; empty if not all cells are numbers.
    dates, links : whether all are dates from 1600 to 2100; whether all are web addresses.
    personal : number of cells with a telephone number, an identity number or an e-mail address.
    values : the first distinct texts in code-point order, at most `MOST_FILTER_VALUES` + 1.
    """

    filled: int = 0
    numbers: bool = True
    zeros: bool = False
    decimals: frozenset[int] = frozenset()
    dates: bool = True
    links: bool = True
    personal: int = 0
    values: frozenset[str] = frozenset()

    def __add__(self, other: ColumnFacts) -> ColumnFacts:
        return ColumnFacts(
            self.filled + other.filled, self.numbers and other.numbers, self.zeros or other.zeros,
            self.decimals | other.decimals, self.dates and other.dates, self.links and other.links,
            self.personal + other.personal, _first_values(self.values | other.values),
        )  # fmt: skip


@dataclass(frozen=True)
class OwnColumn:
    """Decisions about an own column: its kind, and whether it is shown.

    Attributes
    ----------
    name : header.
    kind : what its cells hold: numbers, dates, web addresses, or other texts.
    hidden : whether maps and exports leave the column out.
    guessed : whether it is hidden because it looks personal, without the settings saying so.
    crowded : whether the settings make it a filter although it has more than `MOST_FILTER_VALUES` distinct texts.
    settings : what the project says about the column.
    """

    name: str
    kind: Kind
    hidden: bool = False
    guessed: bool = False
    crowded: bool = False
    settings: ColumnSettings = field(default_factory=ColumnSettings)


def _first_values(values: Iterable[str]) -> frozenset[str]:
    """Return the first values in code-point order, at most one more than a filter may list."""
    return frozenset(sorted(values)[: MOST_FILTER_VALUES + 1])


def own_names(table: Table, names: Iterable[object]) -> tuple[str, ...]:
    """Return the names, in their order, of those columns of a frame that are own columns of the table."""
    known = {*table.names, *table.word_columns, "_row", *(ORIGINAL if "lon" in table else ())}
    return tuple(str(name) for name in names if name not in known)


def facts_of(name: str, values: Any) -> ColumnFacts:
    """Return the facts about a column of texts; `name` is its header."""
    texts, counts = _texts_and_counts(cols.strip(cols.as_texts(values)))
    filled = _count(pc.greater(pc.binary_length(texts), 0), counts)
    if not filled:
        return ColumnFacts()
    longest = pc.max(pc.binary_length(texts)).as_py()
    numbers = longest <= _LONGEST and _all_match(texts, _NUMBER) and (longest <= _DIGITS or _digits_fit(texts))
    fractions = numbers and cols.any_contains(values, ".")
    shortest_personal = _SHORTEST_MOBILE if numbers else _SHORTEST_EMAIL
    return ColumnFacts(
        filled, numbers, fractions and _any_match(texts, _ZERO),
        frozenset(_decimals(texts) if fractions else [0] if numbers else ()),
        _all_dates(name, texts), _all_match(texts, _LINK),
        _personal_cells(texts, counts) if longest >= shortest_personal else 0,
        _first_values({*pc.unique(texts).to_pylist()} - {""}),
    )  # fmt: skip


def decide(
    table: Table, facts: Mapping[str, ColumnFacts], settings: OwnColumnSettings | None = None
) -> tuple[OwnColumn, ...]:
    """Decide what own columns hold and which are hidden.

    Parameters
    ----------
    facts : header -> facts about all rows of the table.
    settings : what the project says about its own columns; None if it says nothing.
    """
    decided = []
    for name, found in facts.items():
        given = settings.of(table.name, name) if settings else ColumnSettings()
        personal = is_personal(name) or found.personal * 2 > found.filled
        hidden = personal if given.hidden is None else given.hidden
        guessed = personal and given.hidden is None and found.filled > 0
        kind = _kind(name, found, personal)
        crowded = given.filter and not hidden and kind in ("text", "link") and len(found.values) > MOST_FILTER_VALUES
        decided.append(OwnColumn(name, kind, hidden, guessed, crowded, given))
    return tuple(decided)


def typed_columns(columns: Mapping[str, Any], own: Sequence[OwnColumn]) -> dict[str, Any]:
    """Return name -> column of a frame without the hidden columns: first the columns of the schema, then the own columns.

    Own columns of numbers become float64. Dates and links stay as typed, so that exported files hold the same texts.
    """
    names = {column.name for column in own}
    shown = {
        column.name: cols.parse_floats(cols.strip(cols.as_texts(columns[column.name])))
        if column.kind == "number"
        else columns[column.name]
        for column in own
        if not column.hidden and column.name in columns
    }
    return {**{name: values for name, values in columns.items() if name not in names}, **shown}


def is_personal(header: str) -> bool:
    """Whether a header names something that identifies a person or is used to reach one."""
    words = grammar("personal_columns")
    plain = _plain(header)
    if any(plain.endswith(word) for word in words["not_at_end"]):
        return False
    return any(word in plain for word in words["within"]) or not {*_ascii_words(header)}.isdisjoint(words["words"])


def _kind(name: str, facts: ColumnFacts, personal: bool) -> Kind:
    """Return the kind of an own column by its header and what its cells hold."""
    if not facts.filled:
        return "text"
    dated = _header_means(name, "dates")
    if facts.dates and dated:
        return "date"
    numbers = facts.numbers and not (facts.zeros and len(facts.decimals) > 1)
    no_number = (
        personal or _header_means(name, "codes") or (dated and without_brackets(name) == name)
    )  # 200603 under 批准时间 is meant as a date, and is not a number
    if numbers and not no_number:
        return "number"
    return "date" if facts.dates else "link" if facts.links else "text"


def _header_means(header: str, meaning: str) -> bool:
    """Whether a header ends with a word of the list `meaning` of the grammar: "dates" or "codes"."""
    words = grammar("own_columns")[meaning]
    plain, last = _plain(header), ["", *_ascii_words(header)[:-1]][-1]
    return any(plain.endswith(word) for word in words["last"]) or any(
        last == word or (len(word) > _SHORT_WORD and last.endswith(word)) for word in words["words"]
    )


def _plain(header: str) -> str:
    """Fold a header without the brackets at its end, which hold a unit or a remark."""
    return fold(without_brackets(header))


def _ascii_words(header: str) -> list[str]:
    """Return the English words of a header in lower case, and then all of them joined: e, mail and email for E-mail."""
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", header)]
    return [*words, "".join(words)]


def _texts_and_counts(values: Any) -> tuple[Any, Any]:
    """Return the texts of a column and how often each occurs. The counts are None for a column that is not coded: each text is one row."""
    if cols.categorical_or_none(values) is not None:
        codes, texts = cols.dictionary_encode(values)
        return pa.chunked_array([pa.array(texts, pa.large_string())]), np.bincount(codes, minlength=len(texts))
    return cols.to_arrow(values), None


def _count(mask: Any, counts: Any) -> int:
    """Count the texts for which the mask is true; `counts` says how often each occurs, None for once."""
    if counts is None:
        return int(pc.sum(mask).as_py() or 0)
    return int(counts[mask.to_numpy().astype(bool)].sum())


def _all_match(texts: Any, pattern: str) -> bool:
    """Whether every filled text matches a pattern as a whole; the first few are tried before the rest, since they mostly decide."""
    anchored = f"^(?:(?:{pattern})|)$"
    return all(
        bool(pc.all(pc.match_substring_regex(some, anchored), min_count=0).as_py())
        for some in (texts.slice(0, _FEW_CELLS), texts)
    )


def _any_match(texts: Any, pattern: str) -> bool:
    """Whether any text as a whole matches a pattern."""
    return bool(pc.any(pc.match_substring_regex(texts, f"^(?:{pattern})$"), min_count=0).as_py())


def _digits_fit(texts: Any) -> bool:
    """Whether float64 keeps every number: it has at most 15 digits, or is a decimal that `repr` writes unchanged (33.33333333333334)."""
    digits = pc.binary_length(pc.replace_substring_regex(texts, r"[-.]", ""))
    long = pc.unique(pc.filter(texts, pc.greater(digits, _DIGITS))).to_pylist()
    return all("." in text and repr(float(text)) == text for text in long)


def _decimals(texts: Any) -> list[int]:
    """Return the distinct numbers of decimals of the filled texts."""
    filled = pc.filter(texts, pc.greater(pc.binary_length(texts), 0))
    fractions = pc.replace_substring_regex(filled, r"^[^.]*\.?", "")
    return pc.unique(pc.binary_length(fractions)).to_pylist()  # type: ignore[no-any-return]


def _all_dates(name: str, texts: Any) -> bool:
    """Whether all texts are dates from 1600 to 2100, or empty. Under a header for dates 2006 and 2006.3 are dates too."""
    by_header = _header_means(name, "dates")
    if not _all_match(texts, _DATE_BY_HEADER if by_header else _DATE):
        return False
    return all(not text or _is_date(text) for text in pc.unique(texts).to_pylist())


def _is_date(text: str) -> bool:
    try:
        return _YEARS[0] <= int(read_date(text)[:4]) <= _YEARS[1]
    except CellError:
        return False


@cache
def personal_pattern() -> str:
    """Return the pattern (RE2) of telephone numbers, identity numbers and e-mail addresses."""
    return "|".join(f"(?:{pattern})" for pattern in grammar("personal_columns")["patterns"].values())


def _personal_cells(texts: Any, counts: Any) -> int:
    """Count the cells with a telephone number, an identity number or an e-mail address; `counts` is as in `_count`."""
    if pc.any(pc.match_substring_regex(texts, _FULL_WIDTH), min_count=0).as_py():
        texts = pc.utf8_normalize(texts, "NFKC")
    return _count(pc.match_substring_regex(texts, personal_pattern()), counts)
