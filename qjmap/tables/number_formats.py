"""Number formats of spreadsheets -> what a cell shows where that is more, or less, than the number it holds.

A format code (`0.0%`, `yyyy"年"m"月"`, `0!.0,"万"`) becomes a `Format`. What it shows is given as text only where the plain number
or date would say something else:

    percent            0.203 is 20.3%; also ‰
    dates              only the parts that are shown: 2020-09, 2020, 08:30, elapsed hours as 26:00
    scaled numbers     560000000 under `0.00,,"百万元"` is 560百万元; 12345 under `0!.0,"万"` is 1.2345万
    words              5600 under `0"万元"` is 5600万元; 1 under `[=1]"是";"否"` is 是
    divided digits     20200909 under `0000-00-00` is 2020-09-09
    foreign money      5 under `[$€-407]0` is €5; yuan stay a number

Numbers are not rounded to the decimals that are shown: what the cell holds beyond them would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-m-d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'AM/PMh"时"mm"分"', 35: 'AM/PMh"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: 'AM/PMh"时"mm"分"', 56: 'AM/PMh"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""The formats that files name by their number alone; 27 to 36 and 50 to 58 as Chinese Excel has them."""

_LONGEST = 1000  # characters of a format code; Excel takes 255
_MOST_PARTS = 400_000  # texts that one format keeps ready
_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?)|(?P<escaped>[\\!].)|(?P<pad>[_*].)|(?P<bracket>\[[^\]]*\]?)|(?P<general>general|g/通用格式)
    |(?P<half>am/pm|a/p|上午/下午)|(?P<power>e[+-](?=[0#?]))|(?P<date>y+|m+|d+|h+|s+|e+|b+|g+|a{3,4})|(?P<digit>[0#?]+)|(?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_YUAN = frozenset(("¥", "￥", "元", "RMB", "CNY", "人民币"))
_PLAIN_UNITS = frozenset("%‰°℃℉㎡²³")


@dataclass(frozen=True, slots=True)
class Format:
    """What a format shows of the numbers in its cells.

    Attributes
    ----------
    zeros : digits that are shown at the least, of a format that is nothing but zeros; else 0.
    yearless : it shows a day or month of dates, and no year.
    show : value and whether day counts begin in 1904 -> the text shown; None where the plain value says it.
    """

    zeros: int = 0
    yearless: bool = False
    show: Callable[[float, bool], str | None] | None = None


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four parts of a code: for which numbers it is, and its tokens (kind, text)."""

    condition: tuple[str, float] | None
    tokens: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def format_of(code: str) -> Format | None:
    """The format of a code; None where cells show what they hold."""
    if len(code) > _LONGEST or code.strip().lower() in ("", "general", "@"):
        return None
    sections = _sections(code)
    first = sections[0].tokens
    if len(sections) <= 4 and (digits := _only_zeros(first)):
        return Format(zeros=digits)
    shown = [_shower(section) for section in sections]
    if not any(shown):
        return None
    kept: dict[tuple[float, bool], str | None] = {}

    def show(value: float, since_1904: bool) -> str | None:
        key = (value, since_1904)
        if key not in kept:
            if len(kept) > _MOST_PARTS:
                kept.clear()
            at = _chosen(sections, value)
            maker = shown[at] if at is not None else None
            kept[key] = maker(value, since_1904) if maker else None
        return kept[key]

    parts = _date_parts(first)
    return Format(yearless="y" not in parts and bool({"m", "d"} & parts), show=show)


def format_number(number: int) -> Format | None:
    """The format that files name by its number alone."""
    return format_of(BUILT_IN[number]) if number in BUILT_IN else None


def _sections(code: str) -> list[_Section]:
    sections: list[_Section] = []
    tokens: list[tuple[str, str]] = []
    condition: tuple[str, float] | None = None

    def close() -> None:
        nonlocal tokens, condition
        sections.append(_Section(condition, tuple(tokens)))
        tokens, condition = [], None

    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "other", match[0]
        if kind == "other" and text == ";":
            close()
        elif kind == "quoted":
            tokens.append(("text", text.strip('"')))
        elif kind == "escaped":
            tokens.append(("text", text[1]))
        elif kind == "bracket":
            if found := _CONDITION.fullmatch(text):
                condition = (found[1], float(found[2]))
            elif found := _ELAPSED.fullmatch(text):
                tokens.append(("elapsed", found[1][0].lower()))
            elif text.startswith("[$"):  # money, or the language of a date
                tokens.append(("money", text[2:-1].partition("-")[0]))
        elif kind == "date":
            tokens.append(("date", text.lower()))
        elif kind != "pad":
            tokens.append((kind, text))
    close()
    return sections


def _chosen(sections: list[_Section], value: float) -> int | None:
    """Which section a number is shown by: the first whose condition holds; without any, for above, below and at zero."""
    if any(section.condition for section in sections):
        for at, section in enumerate(sections):
            if section.condition is None or _holds(section.condition, value):
                return at
        return None
    count = len(sections)
    if value < 0 and count > 1:
        return 1
    return 2 if value == 0 and count > 2 else 0


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, bound = condition
    return {
        "<": value < bound, ">": value > bound, "=": value == bound, "<=": value <= bound, ">=": value >= bound, "<>": value != bound,
    }[sign]  # fmt: skip


def _only_zeros(tokens: tuple[tuple[str, str], ...]) -> int:
    """How many zeros a section is made of, two at the least, and nothing else."""
    said = [(kind, text) for kind, text in tokens if text.strip()]
    if len(said) != 1 or said[0][0] not in ("digit", "text") or len(said[0][1]) < 2:
        return 0
    return len(said[0][1]) if set(said[0][1]) == {"0"} else 0


def _shower(section: _Section) -> Callable[[float, bool], str | None] | None:
    if _date_parts(section.tokens):
        return _dates(section.tokens)
    return _numbers(section.tokens)


# Dates

def _date_parts(tokens: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """What of a date is shown: y, m, d, h, n (minutes), s; and x where it is hours, minutes or seconds gone by."""
    marks = [(kind, text[0]) for kind, text in tokens if kind in ("date", "elapsed")]
    if any(kind in ("digit", "general") and not _is_fraction(tokens) for kind, _ in tokens):
        return frozenset()
    found: set[str] = set()
    for at, (kind, mark) in enumerate(marks):
        if kind == "elapsed":
            found |= {"x", "n" if mark == "m" else mark}
        elif mark == "m":
            before = at and marks[at - 1][1] == "h"
            after = at + 1 < len(marks) and marks[at + 1][1] == "s"
            found.add("n" if before or after else "m")
        elif mark in "yeb":
            found.add("y")
        elif mark in "dhs":
            found.add(mark)
    # dddd and aaaa name the day of the week
    if "d" in found and all(len(text) > 2 for kind, text in tokens if kind == "date" and text[0] == "d"):
        found.discard("d")
    if not found and any(kind == "date" and text[0] in "da" for kind, text in tokens):
        return frozenset("w")
    return frozenset(found)


def _is_fraction(tokens: tuple[tuple[str, str], ...]) -> bool:
    """Whether the digits of a format of times are tenths of seconds: ss.00."""
    for at, (kind, _) in enumerate(tokens):
        if kind in ("digit", "general") and (at < 2 or tokens[at - 1][1] != "." or tokens[at - 2][1][0].lower() != "s"):
            return False
    return True


def _dates(tokens: tuple[tuple[str, str], ...]) -> Callable[[float, bool], str | None]:
    parts = _date_parts(tokens)

    def show(value: float, since_1904: bool) -> str | None:
        if "x" in parts:
            return _gone_by(value, parts)
        when = day_of(value, since_1904)
        if when is None:
            return None
        time = when.strftime("%H:%M:%S" if "s" in parts else "%H:%M") if parts & {"h", "n", "s"} else ""
        if not parts & {"y", "m", "d", "w"}:
            return time if "h" in parts else when.strftime("%H:%M:%S")
        date = f"{when:%Y-%m-%d}" if len(f"{when:%Y}") == 4 else when.date().isoformat()
        if "d" not in parts and "w" not in parts:
            date = date[:7] if "m" in parts else date[:4]
        return f"{date} {when:%H:%M:%S}" if time and len(date) == 10 and (when.hour or when.minute or when.second) else date

    return show


def _gone_by(value: float, parts: frozenset[str]) -> str | None:
    if not abs(value) < 1e7:
        return None
    seconds = round(abs(value) * 86_400)
    sign = "-" if value < 0 else ""
    if "h" in parts:
        return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if "s" in parts else "")
    if "n" in parts:
        return f"{sign}{seconds // 60:02}" + (f":{seconds % 60:02}" if "s" in parts else "")
    return f"{sign}{seconds}"


def day_of(value: float, since_1904: bool = False) -> datetime | None:
    """The date and time of a day count; None where there is none, as of negative numbers."""
    if not 0 <= value < 2_958_466:
        return None
    # 29 February 1900, which there never was, is day 60
    first = datetime(1899, 12, 30) if value >= 60 or value < 1 else datetime(1899, 12, 31)
    start = datetime(1904, 1, 1) if since_1904 else first
    try:
        return start + timedelta(seconds=round(value * 86_400))
    except OverflowError:
        return None


# Numbers

def _numbers(tokens: tuple[tuple[str, str], ...]) -> Callable[[float, bool], str | None] | None:
    """What shows a number together with the words around it; None where these say nothing."""
    kinds = [kind for kind, _ in tokens]
    if "power" in kinds or any(kind == "other" and text in "/@" for kind, text in tokens):
        return None
    places = [at for at, kind in enumerate(kinds) if kind in ("digit", "general")]
    if not places:
        words = "".join(text for kind, text in tokens if kind in ("text", "other"))
        return (lambda _value, _epoch: words) if _says_something(words) else None
    first, last = places[0], places[-1]
    before, after = _words(tokens[:first]), _words(tokens[last + 1 :])
    percent = 2 * sum(text.count("%") for kind, text in tokens if kind == "other")
    percent += 3 * sum(text.count("‰") for kind, text in tokens if kind == "other")
    inside = tokens[first : last + 1]
    commas = 0
    for kind, text in tokens[last + 1 :]:
        if kind != "other" or text != ",":
            break
        commas += 1
    between = "".join(text for kind, text in inside if kind == "text" or (kind == "other" and text not in ".,%‰"))
    point = any(kind == "other" and text == "." for kind, text in inside)
    shift = 3 * commas - percent
    if between == "." and not point:  # 0!.0, : the digits behind the written point are decimals
        at = next(at for at, (kind, _) in enumerate(inside) if kind == "text")
        shift += sum(len(text) for kind, text in inside[at:] if kind == "digit")
    elif between.strip() and not point and not shift:
        return _divided(inside, before, after)
    elif between.strip():
        return None
    if not shift and not (_says_something(before) or _says_something(after)):
        return None
    zeros = sum(text.count("0") for kind, text in inside if kind == "digit") if not point and not shift else 0
    before, after = before if _says_something(before) else "", after if _says_something(after) else ""

    def show(value: float, _: bool) -> str | None:
        if not abs(value) < 1e21:
            return None
        number = abs(Decimal(repr(float(value)))).scaleb(-shift)
        digits = format(number.normalize(), "f") if number else "0"
        if zeros > 1 and "." not in digits:
            digits = digits.zfill(zeros)
        return f"{'-' if value < 0 else ''}{before}{digits}{after}"

    return show


def _divided(inside: tuple[tuple[str, str], ...], before: str, after: str) -> Callable[[float, bool], str | None]:
    """Digits of a whole number with signs between them, from the right: 0000-00-00, 000-0000-0000."""

    def show(value: float, _: bool) -> str | None:
        if value < 0 or value != int(value) or value >= 1e15:
            return None
        left = str(int(value))
        made: list[str] = []
        for at in range(len(inside) - 1, -1, -1):
            kind, text = inside[at]
            if kind == "digit":
                for sign in reversed(text):
                    if left:
                        made.insert(0, left[-1])
                        left = left[:-1]
                    elif sign == "0":
                        made.insert(0, "0")
            elif kind in ("text", "other"):
                made.insert(0, text)
        return f"{before}{left}{''.join(made)}{after}"

    return show


def _words(tokens: tuple[tuple[str, str], ...]) -> str:
    """The words beside the digits; money of this country and signs of no meaning left out."""
    found = []
    for kind, text in tokens:
        if (kind == "money" and text.strip() in _YUAN) or (kind == "text" and text.strip() in ("¥", "￥")):
            continue
        if kind in ("text", "money") or (kind == "other" and text in "%‰$€£°℃"):
            found.append(text)
    return "".join(found).strip()


def _says_something(words: str) -> bool:
    return any(sign.isalnum() or sign in _PLAIN_UNITS or sign in "$€£" for sign in words)
