"""Text of a cell -> ISO 8601 date, as precise as the cell: year, month or day."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

from qjmap.grammar import grammar
from qjmap.tables.cell_values import CellError, clean
from qjmap.tables.digits import holds_odd_numeral, plain_digits

_WORDS = grammar("dates")
_DIGITS = str.maketrans(_WORDS["digits"])
_TENS = str.maketrans(_WORDS["tens"])
_ISO, _YEAR_FIRST, _COMPACT, _YEAR_LAST, _CHINESE, _ENGLISH = (
    re.compile(_WORDS["patterns"][name]) for name in ("iso", "year_first", "compact", "year_last", "chinese", "english")
)
_TIME = re.compile(_WORDS["patterns"]["time"], re.IGNORECASE)
_MONTHS = {name: number for number, name in enumerate(_WORDS["months"], 1)}
_SERIAL_DAYS = _WORDS["serial_days"]
"""First and last bare number that is taken as a serial date of a spreadsheet (1954-10-03, 2119-01-11); no year lies between them."""


def read_date(text: str) -> str:
    """Return a date in ISO 8601 that is as precise as the cell: 2020, 2020-09 or 2020-09-09.

    Understands 2020-09-09, 2020/9/9, 2020.9, 2020年9月9日, 二〇二〇年九月, 20200909, 202009, 9 September 2020, 25/12/2020 and serial dates
    of spreadsheets. A time of day is dropped.

    Raises
    ------
    CellError : `date-form`, no date; `date-none`, a day or month that does not exist; `date-order`, day and month cannot be told apart
        (3/4/2020).
    """
    if len(text) == 10 and text.isascii() and text[4] == text[7] == "-":  # the usual form, by the fastest parser
        with suppress(ValueError):
            return date.fromisoformat(text).isoformat()
    if holds_odd_numeral(text):
        raise CellError("date-form")
    plain = _TIME.sub("", plain_digits(clean(text)).strip())
    if match := _ISO.match(plain) or _YEAR_FIRST.match(plain) or _COMPACT.match(plain):
        return _iso(match[1], match[2], match[3])
    if match := _CHINESE.match(plain):
        return _iso(match[1].translate(_DIGITS), _chinese_number(match[2]), _chinese_number(match[3]))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain) and _SERIAL_DAYS[0] <= float(plain) <= _SERIAL_DAYS[1]:
        return (date(1899, 12, 30) + timedelta(days=int(float(plain)))).isoformat()
    if match := _ENGLISH.match(plain.lower()):
        day_before, month, day_after, year = match.groups()
        if month in _MONTHS:
            return _iso(year, str(_MONTHS[month]), day_before or day_after)
    if match := _YEAR_LAST.match(plain):
        return _year_last(*match.groups())
    raise CellError("date-form")


def _year_last(first: str, second: str, year: str) -> str:
    """Return the date of day, month and year in either order of day and month: a number above 12 is the day.

    Raises
    ------
    CellError : `date-order`, both numbers may be the month and they differ; `date-none`, no such day.
    """
    if first == second or int(first) > 12 or int(second) > 12:
        day, month = (first, second) if int(first) > 12 else (second, first)
        return _iso(year, month, day)
    raise CellError(
        "date-order",
        first=f"{year}-{int(first):02}-{int(second):02}",
        second=f"{year}-{int(second):02}-{int(first):02}",
    )


def _iso(year: str, month: str | None, day: str | None) -> str:
    """Return a date in ISO 8601, without the month or day that is None; raise CellError (`date-none`) for a day that does not exist."""
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise CellError("date-none") from None
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def _chinese_number(numeral: str | None) -> str | None:
    """Convert a Chinese numeral (九, 十二, 廿五) to ASCII digits; None for an empty one."""
    if not numeral:
        return None
    tens, ten, ones = numeral.translate(_TENS).rpartition("十")
    value = int((tens or "1").translate(_DIGITS)) * 10 if ten else 0
    return str(value + (int(ones.translate(_DIGITS)) if ones else 0))
