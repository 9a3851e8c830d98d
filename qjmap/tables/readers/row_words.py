"""Words and patterns by which cells tell the kind of their row. The functions expect cells made `compact`, unless they say otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from string import ascii_letters

from qjmap.grammar import grammar
from qjmap.schema import SIMPLER

_BLANKS = re.compile(r"[\s\u200b-\u200f\ufeff]+")


@lru_cache(maxsize=8192)
def compact(text: str) -> str:
    """Normalise a text for the patterns: half-width forms, lower case, simplified characters, no blanks."""
    if text.isascii():
        return "".join(text.lower().split())
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text).casefold()).translate(SIMPLER)


def is_unit(cell: str) -> bool:
    """Whether a `compact` text is a unit: any short text in brackets, else only a known unit."""
    return bool(pattern("bracketed_unit").match(cell)) or cell.strip("()[]") in words("units")


def distinct(row: Sequence[str]) -> int:
    """Count the different filled texts of a row."""
    return len({*filter(None, row)})


def is_mark_header(head: str) -> bool:
    """Whether a header as typed is that of the column in our templates that marks rows as examples."""
    return compact(head) in words("mark_headers")


def is_word(cell: str) -> bool:
    """Whether a cell holds letters and no digit."""
    return any(map(str.isalpha, cell)) and not any(map(str.isdecimal, cell))


def is_total(cell: str) -> bool:
    """Whether a cell is a word for totals, alone, after other words or before a count: 合计, 工业小计, 合计：12家."""
    word = cell.rstrip(":.")
    return word in words("totals") or bool(_total().fullmatch(word))


def is_chinese_total(cell: str) -> bool:
    """Whether a cell is a Chinese word for totals and nothing else."""
    word = cell.rstrip(":.")
    return not word.isascii() and word in words("totals")


def is_figure(cell: str) -> bool:
    """Whether a `compact` cell may be in a row of totals.

    Such cells are a number, a count, a percentage, a unit, signs only, a word for totals or for an empty cell.
    """
    return (
        bool(pattern("count").match(cell) or pattern("share").match(cell))
        or cell in words("units")
        or not any(map(str.isalnum, cell))
        or cell.rstrip(":") in words("totals")
        or cell in ("n/a", "na", "无", "null", "none", "暂无")
    )


def is_label(cell: str) -> bool:
    """Whether a cell begins with the label of a note: 注：, 填表人."""
    return bool(_label().match(cell))


def is_labelled(words: Sequence[str]) -> bool:
    """Whether the filled cells of a row are labels of notes, each with its value in the same cell or in the next one. Figures and repeated
    cells between them are ignored.
    """
    open_label = False
    seen: set[str] = set()
    for word in words:
        if is_label(word):
            open_label = bool(_label_alone().fullmatch(word))
        elif word in seen or is_figure(word):
            continue
        elif not open_label:
            return False
        else:
            open_label = False
        seen.add(word)
    return True


def section_style(text: str) -> str | None:
    """Return the style of a numbered heading: "chinese" for 一、工业, "brackets" for （一）工业, "letter" for A. Industry, and others; None for
    any other text.
    """
    return next((style for style, form in _patterns("sections").items() if form.match(text)), None)


def counter_style(text: str) -> str | None:
    """Return the style of a running number: "chinese" for 一, "brackets" for （一）, "number" for 1, (1) and 1.2 ...; None for other texts."""
    return next((style for style, form in _patterns("counter_styles").items() if form.match(text)), None)


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list of the grammar (`non_data_rows.json`), each made `compact`."""
    return frozenset(map(compact, grammar("non_data_rows")[name]))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return the compiled regular expression that the grammar (`non_data_rows.json`) has under a name."""
    return re.compile(grammar("non_data_rows")[name])


@cache
def _patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    return {key: re.compile(form) for key, form in grammar("non_data_rows")[name].items()}


@cache
def _total() -> re.Pattern[str]:
    """Return the pattern of a word for totals, perhaps after a few other characters, and perhaps before a count."""
    endings = "|".join(sorted(map(compact, grammar("non_data_rows")["total_endings"]), key=len, reverse=True))
    return re.compile(rf"[^0-9:]{{0,10}}(?:{endings})(?:[(][^()]{{0,12}}[)])?(?::?(?:共|为)?[约]?[0-9].{{0,12}})?")


@cache
def _label() -> re.Pattern[str]:
    """Return the pattern of the label of a note at the start of a cell: 注：, 填表人."""
    notes, signers = (_alternatives(name) for name in ("notes", "signers"))
    return re.compile(rf"[(\[*※·—-]*(?:(?:{notes})(?:[(].{{0,12}}[)]|[0-9一二三四五六七八九十]{{1,2}})?:|{signers})")


@cache
def _label_alone() -> re.Pattern[str]:
    """Return the pattern of such a label without a value after it."""
    return re.compile(rf"(?:{_label().pattern})(?:[(].*[)])?:?")


def _alternatives(name: str) -> str:
    """Return the pattern of any word of a list of the grammar."""
    return "|".join(sorted(map(re.escape, words(name)), key=lambda word: (-len(word), word)))


_LATIN = re.compile(r"[a-z]{2,}")
_MARKS = "*※△☆★†‡#【"
_COMPATIBLE = (
    *range(0x2100, 0x2150), *range(0x2160, 0x2180), *range(0x2460, 0x2500), *range(0x2E80, 0x2FE0), *range(0x3200, 0x3400),
    *range(0xF900, 0xFB00), *range(0xFE10, 0xFE70), *range(0xFF01, 0xFFF0),
)  # fmt: skip
"""Code points of characters that NFKC may change into others."""
SIGNS = "计計。:："
"""Signs in the middle of a cell that make a row worth examining; the others are at its start (`beginnings`)."""


def beginnings(heads: Iterable[str]) -> tuple[str, re.Pattern[str]]:
    """Return all possible first characters, and a pattern of the start, of those cells as typed that make a row worth examining.

    The pattern is valid for `re` and RE2.

    Parameters
    ----------
    heads : headers; a cell that repeats one makes its row worth examining too.
    """
    own = (word for name in ("totals", "notes", "signers", "openings", "examples") for word in words(name))
    begun = [word.lstrip("([") for word in (*own, *map(compact, heads), *"一二三四五六七八九十百第")]
    first = {word[:1] for word in begun} - {""}
    latin = {match[0][:3] for word in begun if (match := _LATIN.match(word))}
    signs = {sign for sign in first if not sign.isascii()}
    signs |= {chr(old) for old, new in SIMPLER.items() if chr(new) in first} | {*_MARKS}
    signs |= {sign for sign in first if sign.isascii() and not sign.isalpha()}
    blank, wide = _blanks(), "".join(map(chr, _COMPATIBLE))
    skipped = _class(f"{blank}'([（［〔*※·—-")
    latin_words = rf"(?i:{'|'.join(sorted(map(re.escape, latin)))})|[A-Za-z](?:{_class(blank + '、.')}|$)|(?i:i{{1,3}}|iv|vi{{0,3}}|ix)[、.]"
    pattern = re.compile(rf"^{skipped}*(?:{_class(''.join(signs) + wide)}|{latin_words})")
    return "".join(sorted({*signs, *wide, *blank, *"'([（［〔*※·—-", *ascii_letters})), pattern


@cache
def _blanks() -> str:
    """Return the characters that `_BLANKS` matches."""
    return "".join(filter(_BLANKS.match, map(chr, range(0x10000))))


def _class(characters: str) -> str:
    """Return a pattern that matches one of these characters."""
    return f"[{re.escape(''.join(sorted(characters)))}]"
