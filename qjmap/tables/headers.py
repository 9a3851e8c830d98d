"""Header as typed -> the canonical column that it means, with the unit and datum in it.

Three stages; each is tried only if the one before finds nothing:

a. canonical: the column's own name, as the tables of a project have it (`name`, `lon`);
b. listed: a synonym from a list (名称, 经度（GCJ-02）); `parse_header` tries only the stages a and b;
c. family: the ending of the header (医院名称, station_name, 项目开工时间). The longest ending wins; endings that mean no column
   (文件名, 起点经度) are listed too.

Words that many tables use for something else (`state`, 单位, 日期) are weak at every stage: there the cells decide
(`choose_columns`). All words are in `assets/grammar/headers.json`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from types import MappingProxyType

from qjmap.grammar import grammar
from qjmap.schema import PAIR_HEADERS, SIMPLER, TABLES, Table, fold


@dataclass(frozen=True, slots=True)
class Header:
    """Meaning of a header as typed: column, datum and unit.

    Attributes
    ----------
    column : canonical column; "lonlat" for a pair of coordinates; None if the header means no column of the table.
    datum : the datum that the header names (`lng_gcj02`), else None.
    unit : the text in brackets at the end, which is mostly a unit (`投资额（万元）`), else "".
    """

    column: str | None
    datum: str | None = None
    unit: str = ""


_WORDS = grammar("headers")
_OPENING, _CLOSING = _WORDS["brackets"]
_POSITIONS = ("lon", "lat", "lonlat")
_DATUM_SUFFIX = re.compile(_WORDS["datum_suffix"])


def parse_header(typed: str, table: Table) -> Header:
    """Parse a header of `table` as a canonical name or listed synonym; width, case, spaces, units and datums are understood."""
    return _parse_header(typed, table.name)


@lru_cache(maxsize=2048)  # the search for the header row parses the same cells several times
def _parse_header(typed: str, table_name: str) -> Header:
    """Parse a header as a canonical name or listed synonym, with the datum and unit in it."""
    columns = _column_by_header(table_name)
    folded = fold(typed)
    if folded in columns:
        return Header(columns[folded])
    plain, unit = _split_brackets(unicodedata.normalize("NFKC", typed).strip())
    folded = fold(plain)
    if folded in columns:
        return Header(columns[folded], _datum_in(fold(unit)) if unit else None, unit)
    suffix = _DATUM_SUFFIX.search(folded)
    if suffix and columns.get(folded[: suffix.start()]) in _POSITIONS:
        return Header(columns[folded[: suffix.start()]], _datum_in(suffix[0]))
    for prefix in _WORDS["datum_prefixes"]:
        rest = folded.removeprefix(prefix)
        if rest != folded and columns.get(rest) in _POSITIONS:
            return Header(columns[rest], _datum_in(prefix))
    return Header(None, None, unit)


def _split_brackets(text: str) -> tuple[str, str]:
    """Return a text, already in NFKC, without the brackets at its end, and the content of the first of these brackets; "" without any.

    Brackets that contain brackets are not removed.
    """
    end, content = len(text), ""
    while end:
        index, opening = end - 2, -1
        if text[end - 1] in _CLOSING:
            while index >= 0 and text[index] not in _CLOSING:
                opening = index if text[index] in _OPENING else opening
                index -= 1
        if opening < 0:
            break
        content, end = text[opening + 1 : end - 1].strip(), opening
        while end and text[end - 1].isspace():
            end -= 1
    return text[:end], content


def _datum_in(folded: str) -> str | None:
    """Return the datum that a folded text names; None if it names none."""
    return next(
        (datum for datum, words in _WORDS["datum_names"].items() if any(word in folded for word in words)), None
    )


@cache
def _column_by_header(table_name: str) -> Mapping[str, str]:
    """Map folded headers to columns of a table: a column's own name wins over synonyms, then the earlier column wins."""
    table = TABLES[table_name]
    columns = {fold(name): name for name in table.names}
    for column in table.columns:
        for synonym in column.headers:
            columns.setdefault(fold(synonym), column.name)
    if "lon" in table:
        for synonym in PAIR_HEADERS:
            columns.setdefault(fold(synonym), "lonlat")
    return MappingProxyType(columns)


CANONICAL, LISTED, FAMILY, WEAK = range(4)
"""Ranks of a match from the surest to the least sure: the column's own name, a listed synonym, a family, a weak word."""
_CASES = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""The positions between words that capitals separate: StationName, POIType."""
_JOINTS = re.compile(r"[\s_\-‐-―·*:#'\"./,()\[\]{}\u200b-\u200f\ufeff]+")
_WIDE = "\u1100"
"""Characters from this one on (Hangul, kana, Chinese) are of scripts that do not put spaces between all words."""
_SPACE_BESIDE_WIDE = re.compile(f"(?<=[{_WIDE}-\U0010ffff]) | (?=[{_WIDE}-\U0010ffff])")
_LAST_NUMBER = re.compile(r"(?<=.) ?\d{1,2}$")


@dataclass(frozen=True, slots=True)
class Match:
    """Meaning of a header, with the rank of the match.

    Attributes
    ----------
    column, datum, unit : as in `Header`; `unit` is also a known unit at the end without brackets (`投资额万元`).
    rank : CANONICAL, LISTED, FAMILY or WEAK; WEAK if there is no column.
    """

    column: str | None
    datum: str | None = None
    unit: str = ""
    rank: int = WEAK


def match_header(typed: str, table: Table) -> Match:
    """Match a header with a column of `table` by all three stages."""
    return _match_header(typed, table.name)


def match_headers(header: Sequence[str], table: Table) -> dict[int, Match]:
    """Match all headers of a file: index -> match.

    If most headers are the Chinese labels of our columns (`our_labels` of the grammar: two thirds, and at least six), as in our templates
    and in the tables of a new project, such a label gets the rank CANONICAL, whatever the cells hold.
    """
    matches = {at: match_header(typed, table) for at, typed in enumerate(header)}
    labels = {fold(column.label): column.name for column in table.columns if column.name != "id"}
    labelled = {at: labels[fold(typed)] for at, typed in enumerate(header) if fold(typed) in labels}
    canonical = {match.column for match in matches.values() if match.rank == CANONICAL}
    least = grammar("headers")["our_labels"]
    if len(labelled) >= max(least["least"], least["share"] * len(header)):
        matches |= {
            at: replace(matches[at], rank=CANONICAL)
            for at, name in labelled.items()
            if matches[at].column == name and name not in canonical
        }
    return matches


@lru_cache(maxsize=2048)
def _match_header(typed: str, table_name: str) -> Match:
    """Do what `match_header` does, cached by header and name of the table."""
    exact = _parse_header(typed, table_name)
    if exact.column is None:
        return _match_family(typed, table_name)
    plain = fold(_split_brackets(unicodedata.normalize("NFKC", typed).strip())[0])
    rank = CANONICAL if typed.strip() == exact.column else WEAK if plain in _folded("weak") else LISTED
    return Match(exact.column, exact.datum, exact.unit, rank)


def _match_family(typed: str, table_name: str) -> Match:
    """Match a header by its family.

    A header of areas (所属区县) means the place. For any other header the longest listed ending of all its variants decides, of equal
    lengths that of the first variant. A variant without the unit at its end may only mean a column of numbers.
    """
    plain, bracketed = _split_brackets(unicodedata.normalize("NFKC", typed).strip())
    if "place" in TABLES[table_name] and area_level(typed):
        return Match("place", None, bracketed, FAMILY)
    best, longest = Match(None, None, bracketed), 0
    for text, datum, unit in _texts_to_try(plain, bracketed):
        ending = _ending_of(text, table_name)
        if ending is None or ending.length <= longest:
            continue
        if unit != bracketed and ending.column not in _number_columns(table_name):
            continue
        longest = ending.length
        datum = (datum or _datum_in(fold(bracketed))) if ending.column in _POSITIONS else None
        best = Match(ending.column, datum, unit, ending.rank)
    return best


def _texts_to_try(plain: str, bracketed: str) -> Iterator[tuple[str, str | None, str]]:
    """Yield variants of a header as (text, datum, unit), in this order: without a word for a datum, with the content of the
    brackets, without brackets, without a number at the end, without a unit at the end.
    """
    text = header_words(plain)
    bare, datum = _without_datum(text)
    if datum:
        yield bare, datum, bracketed
    if bracketed:
        yield header_words(f"{plain} {bracketed}"), None, bracketed
    yield text, None, bracketed
    if _LAST_NUMBER.search(text):
        yield _LAST_NUMBER.sub("", text), None, bracketed
    if not bracketed:
        yield from ((text.removesuffix(unit).strip(), None, unit) for unit in _words("units") if text.endswith(unit))


def header_words(text: str) -> str:
    """Normalise a header for the families: lower-case words with one space between them, no space beside Chinese characters."""
    plain = _CASES.sub(" ", unicodedata.normalize("NFKC", text)).casefold().translate(SIMPLER)
    return _SPACE_BESIDE_WIDE.sub("", _JOINTS.sub(" ", plain).strip())


@dataclass(frozen=True, slots=True)
class _Ending:
    """The ending of a header: the column that it means or None, its length in characters, and its rank."""

    column: str | None
    length: int
    rank: int


def _ending_of(text: str, table_name: str) -> _Ending | None:
    """Return the longest listed ending of a text; None without one. It starts where a word starts, unless it is listed with a hyphen."""
    endings, inner, longest = _endings(table_name)
    for start in range(max(0, len(text) - longest), len(text)):
        tail = text[start:]
        within_word = start and are_letters(text[start - 1], tail[0])
        ending = (inner if within_word else endings).get(tail)
        if ending is not None:
            return ending
    return None


def are_letters(first: str, second: str) -> bool:
    """Whether both characters are letters of a script with spaces between words."""
    return first.isalpha() and first < _WIDE and second.isalpha() and second < _WIDE


@cache
def _endings(table_name: str) -> tuple[Mapping[str, _Ending], Mapping[str, _Ending], int]:
    """Return the endings of all families of a table, those of them that may begin within a word (written with a hyphen: -strasse),
    and the length of the longest in characters.
    """
    table = TABLES[table_name]
    endings: dict[str, _Ending] = {}
    inner: dict[str, _Ending] = {}
    for family in _WORDS["families"]:
        known = not family["column"] or family["column"] in (*table.names, "lonlat")
        if not known or table_name not in family.get("tables", (table_name,)):
            continue
        rank = WEAK if family.get("weak") else FAMILY
        for tail in family["tails"]:
            for head in family.get("after", ("",)):
                words = header_words(f"{head} {tail}")
                ending = _Ending(family["column"] or None, len(words), rank if family["column"] else WEAK)
                endings.setdefault(words, ending)
                if tail.startswith("-"):
                    inner.setdefault(words, ending)
    return MappingProxyType(endings), MappingProxyType(inner), max(map(len, endings))


def _without_datum(text: str) -> tuple[str, str | None]:
    """Return a text without a word for a datum at its start or end, and that datum; the same text and None if it has none."""
    for datum, words in _WORDS["datum_words"].items():
        for word in words:
            head, tail = text[len(word) :], text[: -len(word)]
            if text.startswith(word) and head and not are_letters(word[-1], head[0]):
                return head.strip(), datum
            if text.endswith(word) and tail and not are_letters(tail[-1], word[0]):
                return tail.strip(), datum
    return text, None


@cache
def _number_columns(table_name: str) -> frozenset[str]:
    return frozenset(column.name for column in TABLES[table_name].columns if column.type == "number")


@cache
def _words(key: str) -> tuple[str, ...]:
    return tuple(map(header_words, _WORDS[key]))


@cache
def _folded_in_order(key: str) -> tuple[str, ...]:
    return tuple(map(fold, _WORDS[key]))


@cache
def _folded(key: str) -> frozenset[str]:
    return frozenset(_folded_in_order(key))


def area_level(typed: str) -> str | None:
    """Return "province", "city", "county" or "town" for the header of a column of such areas (所属区县, cityname); else None."""
    plain, bracketed = _split_brackets(unicodedata.normalize("NFKC", typed).strip())
    return _area_level(fold(plain + bracketed)) or _area_level(fold(plain))


def is_country_header(typed: str) -> bool:
    """Whether a header is that of a column of countries (国家, 所在国家/地区, country_code, Land). Its cells are not looked at."""
    plain, bracketed = _split_brackets(unicodedata.normalize("NFKC", typed).strip())
    return any(_middle(folded, _folded("countries")) for folded in (fold(plain + bracketed), fold(plain)))


def _area_level(folded: str) -> str | None:
    return _area_levels().get(_middle(folded, _area_levels()))


def _middle(folded: str, words: Collection[str]) -> str:
    """Return what is left of a folded header after removing at most one listed prefix (`area_heads`: 所属) and one listed suffix
    (`area_tails`: 名称), if that is one of `words`; else "".
    """
    for head in ("", *_folded_in_order("area_heads")):
        for tail in ("", *_folded_in_order("area_tails")):
            if folded.startswith(head) and folded.endswith(tail):
                middle = folded[len(head) : len(folded) - len(tail)]
                if middle in words:
                    return middle
    return ""


@cache
def _area_levels() -> Mapping[str, str]:
    """Map folded words for areas to their levels."""
    return MappingProxyType({fold(word): level for level, words in _WORDS["areas"].items() for word in words})
