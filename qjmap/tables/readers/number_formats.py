"""Number formats of spreadsheets -> the text that a cell shows, if it says more than the number in the cell.

A format code (`0.0%`, `yyyy"年"m"月"`, `0!.0,"万"`) is parsed into a `Format`, which gives a text only if the plain number or date
would say something else:

    percent            0.203 is 20.3%; also ‰
    dates              only the parts that are shown: 2020-09, 2020, 08:30, elapsed hours as 26:00
    scaled numbers     560000000 under `0.00,,"百万元"` is 560百万元; 12345 under `0!.0,"万"` is 1.2345万
    words              5600 under `0"万元"` is 5600万元; 1 under `[=1]"是";"否"` is 是
    divided digits     20200909 under `0000-00-00` is 2020-09-09
    foreign money      5 under `[$€-407]0` is €5; yuan stay a number

Numbers keep all their decimals, though the cell may show fewer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite

from qjmap.grammar import grammar

_WORDS = grammar("number_formats")
_BUILT_IN = {int(number): code for number, code in _WORDS["built_in"].items()}

_MAX_CODE = 1000  # maximum length of a format code in characters; Excel allows 255
_MAX_CACHED = 400_000  # maximum number of texts that one format caches
_TOKEN = re.compile(_WORDS["patterns"]["token"], re.IGNORECASE | re.DOTALL)
_TOKEN_KINDS = _WORDS["tokens"]
"""Kind of token for each group of `_TOKEN`."""
_CONDITION = re.compile(_WORDS["patterns"]["condition"])
_ELAPSED = re.compile(_WORDS["patterns"]["elapsed"], re.IGNORECASE)
_YUAN = frozenset(_WORDS["yuan"])
_FOREIGN_SIGNS, _UNIT_SIGNS = frozenset(_WORDS["foreign_signs"]), frozenset(_WORDS["unit_signs"])


Token = tuple[str, str]
"""A token of a format code: its kind (text, digit, general, date, elapsed, money, power, other), and its text."""
Display = Callable[[float, bool], str | None]
"""Function of a value, and of whether serial dates count from 1904, that returns the text shown; None for the plain value."""


@dataclass(frozen=True, slots=True)
class Format:
    """A parsed number format: what it shows of a number.

    Attributes
    ----------
    zeros : minimum number of digits that a format of zeros only shows (0000: 4); 0 for any other format.
    yearless : whether its first section shows a day or month but no year.
    display : function that returns the text shown; None for a format with `zeros`.
    """

    zeros: int = 0
    yearless: bool = False
    display: Display | None = None


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four sections of a format code: the condition of its numbers as (operator, bound) or None, and its tokens."""

    condition: tuple[str, float] | None
    tokens: tuple[Token, ...]


@lru_cache(maxsize=4096)
def parse_format(code: str) -> Format | None:
    """Parse a format code; None if cells show their plain value."""
    if len(code) > _MAX_CODE or code.strip().lower() in ("", "general", "@"):
        return None
    sections = _split_sections(code)
    first = sections[0].tokens
    if len(sections) <= 4 and (digits := _zeros_only(first)):
        return Format(zeros=digits)
    displays = [_section_display(section.tokens) for section in sections]
    if not any(displays):
        return None
    cache: dict[tuple[float, bool], str | None] = {}

    def display(value: float, since_1904: bool) -> str | None:
        if not isfinite(value):  # only in a damaged workbook: spreadsheets have no such numbers
            return None
        key = (value, since_1904)
        if key not in cache:
            if len(cache) > _MAX_CACHED:
                cache.clear()
            index = _section_of(sections, value)
            show = displays[index] if index is not None else None
            cache[key] = show(value, since_1904) if show else None
        return cache[key]

    parts = _date_parts(first)
    return Format(yearless="y" not in parts and bool({"m", "d"} & parts), display=display)


def builtin_format(number: int) -> Format | None:
    """Return the format that Excel has built in under a number; None if it shows the plain value or is unknown."""
    return parse_format(_BUILT_IN[number]) if number in _BUILT_IN else None


def _split_sections(code: str) -> list[_Section]:
    """Split a format code into its sections."""
    sections: list[_Section] = []
    tokens: list[Token] = []
    condition: tuple[str, float] | None = None
    for match in _TOKEN.finditer(code):
        kind, text = _TOKEN_KINDS[(match.lastindex or 0) - 1], match[0]
        if kind == "other" and text == ";":
            sections.append(_Section(condition, tuple(tokens)))
            tokens, condition = [], None
        elif kind == "bracket" and (bound := _CONDITION.fullmatch(text)):
            condition = (bound[1], float(bound[2]))
        elif token := _token(kind, text):
            tokens.append(token)
    return [*sections, _Section(condition, tuple(tokens))]


def _token(kind: str, text: str) -> Token | None:
    """Return the token for a match of `_TOKEN`; None for padding, colors and other brackets, which say nothing here."""
    if kind == "quoted":
        return "text", text.strip('"')
    if kind == "escaped":
        return "text", text[1]
    if kind == "bracket":
        if elapsed := _ELAPSED.fullmatch(text):
            return "elapsed", elapsed[1][0].lower()
        # [$...] holds a currency sign, or the locale of a date
        return ("money", text[2:-1].partition("-")[0]) if text.startswith("[$") else None
    if kind == "date":
        return "date", text.lower()
    return None if kind == "pad" else (kind, text)


def _section_of(sections: list[_Section], value: float) -> int | None:
    """Return the index of the section for a number: the first one whose condition holds or that has none; if no section has a condition,
    by the sign of the number. None if no condition holds.
    """
    if any(section.condition for section in sections):
        for index, section in enumerate(sections):
            if section.condition is None or _holds(section.condition, value):
                return index
        return None
    if value < 0 and len(sections) > 1:
        return 1
    return 2 if value == 0 and len(sections) > 2 else 0


def _holds(condition: tuple[str, float], value: float) -> bool:
    """Whether a value meets a condition, given as operator and bound."""
    operator, bound = condition
    return {
        "<": value < bound, ">": value > bound, "=": value == bound, "<=": value <= bound, ">=": value >= bound, "<>": value != bound,
    }[operator]  # fmt: skip


def _zeros_only(tokens: tuple[Token, ...]) -> int:
    """Return the number of zeros in a section of at least two zeros and nothing else visible; 0 for any other section."""
    visible = [(kind, text) for kind, text in tokens if text.strip()]
    if len(visible) != 1 or visible[0][0] not in ("digit", "text"):
        return 0
    text = visible[0][1]
    return len(text) if len(text) >= 2 and set(text) == {"0"} else 0


def _section_display(tokens: tuple[Token, ...]) -> Display | None:
    """Return the display of a section: as a date if it shows one, else as a number."""
    return _date_display(tokens) if _date_parts(tokens) else _number_display(tokens)


# Dates


def _date_parts(tokens: tuple[Token, ...]) -> frozenset[str]:
    """Return the parts of a date that are shown: y, m, d, w (weekday only), h, n (minutes), s; x means that the time is elapsed.

    Empty for a section that is not a date.
    """
    if any(kind in ("digit", "general") for kind, _ in tokens) and not _digits_are_fractions(tokens):
        return frozenset()
    letters = [(kind, text[0]) for kind, text in tokens if kind in ("date", "elapsed")]
    parts: set[str] = set()
    for index, (kind, letter) in enumerate(letters):
        if kind == "elapsed":
            parts |= {"x", "n" if letter == "m" else letter}
        elif letter == "m":  # minutes after hours or before seconds, else months
            after_hours = index and letters[index - 1][1] == "h"
            before_seconds = index + 1 < len(letters) and letters[index + 1][1] == "s"
            parts.add("n" if after_hours or before_seconds else "m")
        elif letter in "yeb":
            parts.add("y")
        elif letter in "dhs":
            parts.add(letter)
    days = [text for kind, text in tokens if kind == "date" and text[0] == "d"]
    if all(len(text) > 2 for text in days):  # ddd and dddd name the weekday
        parts.discard("d")
    if not parts and any(kind == "date" and text[0] in "da" for kind, text in tokens):
        return frozenset("w")
    return frozenset(parts)


def _digits_are_fractions(tokens: tuple[Token, ...]) -> bool:
    """Whether all digits of a format are fractions of seconds, as in ss.00."""
    for index, (kind, _) in enumerate(tokens):
        if kind in ("digit", "general") and (
            index < 2 or tokens[index - 1][1] != "." or tokens[index - 2][1][:1].lower() != "s"
        ):
            return False
    return True


def _date_display(tokens: tuple[Token, ...]) -> Display:
    """Return the display of a date with the parts that the tokens show."""
    parts = _date_parts(tokens)

    def display(value: float, since_1904: bool) -> str | None:
        if "x" in parts:
            return _elapsed(value, parts)
        moment = moment_of(value, since_1904)
        if moment is None:
            return None
        time = moment.strftime("%H:%M:%S" if "s" in parts else "%H:%M") if parts & {"h", "n", "s"} else ""
        if not parts & {"y", "m", "d", "w"}:
            return time if "h" in parts else moment.strftime("%H:%M:%S")
        day = moment.date().isoformat()
        if "d" not in parts and "w" not in parts:
            return day[:7] if "m" in parts else day[:4]
        return f"{day} {moment:%H:%M:%S}" if time and (moment.hour or moment.minute or moment.second) else day

    return display


def _elapsed(days: float, parts: frozenset[str]) -> str | None:
    """Format a time in days as elapsed hours, minutes or seconds; None if it is too long."""
    if not abs(days) < 1e7:
        return None
    seconds = round(abs(days) * 86_400)
    sign = "-" if days < 0 else ""
    if "h" in parts:
        return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if "s" in parts else "")
    if "n" in parts:
        return f"{sign}{seconds // 60:02}" + (f":{seconds % 60:02}" if "s" in parts else "")
    return f"{sign}{seconds}"


def moment_of(serial: float, since_1904: bool = False) -> datetime | None:
    """Return the date and time of a serial date, a number of days with the time as its fraction; None if it is negative or after the year
    9999.
    """
    if not 0 <= serial < 2_958_466:
        return None
    # Spreadsheets count 29 February 1900, which never existed, as day 60; so earlier days are counted from another start.
    first = datetime(1899, 12, 30) if serial >= 60 or serial < 1 else datetime(1899, 12, 31)
    start = datetime(1904, 1, 1) if since_1904 else first
    try:
        return start + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return None


# Numbers


def _number_display(tokens: tuple[Token, ...]) -> Display | None:
    """Return the display of a section of numbers: scaled, with words around or characters between the digits; None for the plain value."""
    kinds = [kind for kind, _ in tokens]
    if "power" in kinds or any(kind == "other" and text in "/@" for kind, text in tokens):
        return None
    digits = [index for index, kind in enumerate(kinds) if kind in ("digit", "general")]
    if not digits:
        words = "".join(text for kind, text in tokens if kind in ("text", "other"))
        return (lambda _value, _since_1904: words) if _is_informative(words) else None
    first, last = digits[0], digits[-1]
    prefix, number, suffix = _words(tokens[:first]), tokens[first : last + 1], _words(tokens[last + 1 :])
    shift = 3 * _trailing_commas(tokens[last + 1 :]) - _percent_digits(tokens)
    between = "".join(text for kind, text in number if kind == "text" or (kind == "other" and text not in ".,%‰"))
    has_point = any(kind == "other" and text == "." for kind, text in number)
    if between == "." and not has_point:  # in 0!.0, the point is a literal, and the digits after it are decimals
        point = next(index for index, (kind, _) in enumerate(number) if kind == "text")
        shift += sum(len(text) for kind, text in number[point:] if kind == "digit")
    elif between.strip():
        return None if has_point or shift else _divided_display(number, prefix, suffix)
    if not shift and not (_is_informative(prefix) or _is_informative(suffix)):
        return None
    zeros = sum(text.count("0") for kind, text in number if kind == "digit") if not has_point and not shift else 0
    return _scaled_display(
        shift, zeros, prefix if _is_informative(prefix) else "", suffix if _is_informative(suffix) else ""
    )


def _percent_digits(tokens: tuple[Token, ...]) -> int:
    """Return the number of decimal places by which % and ‰ move the point."""
    return sum(2 * text.count("%") + 3 * text.count("‰") for kind, text in tokens if kind == "other")


def _trailing_commas(tokens: tuple[Token, ...]) -> int:
    """Return the number of commas right after the digits, each of which divides by 1000."""
    return next((index for index, token in enumerate(tokens) if token != ("other", ",")), len(tokens))


def _scaled_display(shift: int, zeros: int, prefix: str, suffix: str) -> Display:
    """Return the display of a number divided by 10 ** `shift`, between words, with at least `zeros` digits if it is whole.

    It returns None for numbers of 1e21 and more.
    """

    def display(value: float, _: bool) -> str | None:
        if not abs(value) < 1e21:
            return None
        number = abs(Decimal(repr(float(value)))).scaleb(-shift)
        digits = format(number.normalize(), "f") if number else "0"
        if zeros > 1 and "." not in digits:
            digits = digits.zfill(zeros)
        return f"{'-' if value < 0 else ''}{prefix}{digits}{suffix}"

    return display


def _divided_display(number: tuple[Token, ...], prefix: str, suffix: str) -> Display:
    """Return the display of a whole number with characters between its digits, placed from the right: 0000-00-00, 000-0000-0000.

    It returns None for fractions, negative numbers, and numbers of 1e15 and more.
    """

    def display(value: float, _: bool) -> str | None:
        if value < 0 or value != int(value) or value >= 1e15:
            return None
        left = str(int(value))
        characters: list[str] = []  # in reverse order
        for kind, text in reversed(number):
            if kind == "digit":
                for placeholder in reversed(text):
                    if left:
                        characters.append(left[-1])
                        left = left[:-1]
                    elif placeholder == "0":
                        characters.append("0")
            elif kind in ("text", "other"):
                characters.append(text)
        return f"{prefix}{left}{''.join(reversed(characters))}{suffix}"

    return display


def _words(tokens: tuple[Token, ...]) -> str:
    """Return the words beside the digits, without yuan signs and signs that say nothing."""
    words = []
    for kind, text in tokens:
        if (kind == "money" and text.strip() in _YUAN) or (kind == "text" and text.strip() in ("¥", "￥")):
            continue
        if kind in ("text", "money") or (kind == "other" and (text in _FOREIGN_SIGNS or text in _UNIT_SIGNS)):
            words.append(text)
    return "".join(words).strip()


def _is_informative(words: str) -> bool:
    """Whether words hold a letter, a digit, or a sign of a unit or foreign currency."""
    return any(character.isalnum() or character in _UNIT_SIGNS or character in _FOREIGN_SIGNS for character in words)
