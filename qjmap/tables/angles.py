"""Angles and pairs of angles as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qjmap.tables.digits import holds_odd_numeral, plain_digits

Axis = Literal["lon", "lat"]


@dataclass(frozen=True, slots=True)
class Angle:
    """An angle that was read: decimal degrees, and the axis when a hemisphere was written with it."""

    degrees: float
    axis: Axis | None = None


_MARKS = str.maketrans(
    {
        **dict.fromkeys("度º˚゜○", "°"),
        **dict.fromkeys("分'’‘′´`＇", "′"),
        **dict.fromkeys('秒"”“″〃＂', "″"),
        **dict.fromkeys("−–—‐‑‒﹣－", "-"),
        "：": ":",
        "，": ",",
    }
)
_HEMISPHERES = {
    "北纬": ("lat", 1), "南纬": ("lat", -1), "东经": ("lon", 1), "西经": ("lon", -1),
    "N": ("lat", 1), "S": ("lat", -1), "E": ("lon", 1), "W": ("lon", -1),
    "NORTH": ("lat", 1), "SOUTH": ("lat", -1), "EAST": ("lon", 1), "WEST": ("lon", -1),
}  # fmt: skip
_HEMISPHERE = "北纬|南纬|东经|西经|NORTH|SOUTH|EAST|WEST|N|S|E|W"
_LABEL = re.compile(r"^(?:经度|纬度|LONGITUDE|LATITUDE|LNG|LON|LAT)\s*[:=]?\s*")
_ANGLE = re.compile(
    rf"""^\s*(?P<before>{_HEMISPHERE})?\s*:?\s*
    (?P<sign>[-+])?\s*
    (?P<degrees>\d+(?:[.,]\d+)?)\s*
    (?:
        (?:°|:|\s|\bDEG\b)\s*
        (?:(?P<minutes>\d+(?:[.,]\d+)?)\s*
            (?:(?:′|:|\s|\bMIN\b)\s*
                (?:(?P<seconds>\d+(?:[.,]\d+)?)\s*(?:″|′′|\bSEC\b)?)?
            )?
        )?
    )?
    \s*(?P<after>{_HEMISPHERE})?\s*$""",
    re.VERBOSE,
)


def read_angle(text: str) -> Angle | None:
    """An angle in any usual writing, or None.

    Decimal degrees (with a decimal comma too); degrees, minutes, seconds with signs, Chinese words, colons or spaces
    (29°1′40″N, 北纬29度1分40秒, 29:01:40, 29 01 40); full-width digits; a hemisphere before or after.
    """
    if holds_odd_numeral(text.translate(_MARKS)):
        return None
    # Marks first: NFKC would take a lone ´ or ˚ apart into a space and a combining mark.
    plain = _single_spaced(plain_digits(text.translate(_MARKS)).translate(_MARKS).upper().replace("′′", "″"))
    plain = _LABEL.sub("", plain)
    match = _ANGLE.match(plain)
    if match is None:
        return None
    number = {part: match[part] for part in ("degrees", "minutes", "seconds")}
    if number["minutes"] and re.search("[.,]", number["degrees"]):
        return None  # 29.5 30: two numbers, not an angle
    if number["seconds"] and number["minutes"] and re.search("[.,]", number["minutes"]):
        return None
    degrees, minutes, seconds = (float(value.replace(",", ".")) if value else 0.0 for value in number.values())
    if minutes >= 60.0 or seconds >= 60.0:
        return None
    before, after = match["before"], match["after"]
    if before and after:
        return None
    axis, sense = _HEMISPHERES[before or after] if before or after else (None, 1)
    if match["sign"] == "-":
        sense = -sense
    return Angle(sense * (degrees + minutes / 60.0 + seconds / 3600.0), axis)  # type: ignore[arg-type]


def _single_spaced(text: str) -> str:
    """A text with one space where there are several blanks; in longer runs the patterns would try every way to part them."""
    return " ".join(text.split())


_POINT = re.compile(r"^(?:SRID=\d+;)?POINT ?Z? ?\((.*)\)$", re.IGNORECASE)


def read_pair(text: str, order: Literal["lonlat", "latlon"] | None = None) -> tuple[float, float] | None:
    """Longitude and latitude from one cell, or None.

    The hemispheres decide which is which; without them a value above 90 is the longitude; without that `order`; and
    without that the longitude stands first.
    """
    plain = _single_spaced(text.translate(_MARKS))
    if match := _POINT.match(plain):
        plain, order = match[1], "lonlat"
    plain = plain.strip("()[]（）【】 ")
    for parts in _halves(plain):
        first, second = read_angle(parts[0]), read_angle(parts[1])
        if first is None or second is None:
            continue
        if first.axis and first.axis == second.axis:
            return None
        if "lat" in (first.axis,) or second.axis == "lon":
            return second.degrees, first.degrees
        if "lon" in (first.axis,) or second.axis == "lat":
            return first.degrees, second.degrees
        if abs(first.degrees) > 90.0 >= abs(second.degrees):
            return first.degrees, second.degrees
        if abs(second.degrees) > 90.0 >= abs(first.degrees) or order == "latlon":
            return second.degrees, first.degrees
        return first.degrees, second.degrees
    return None


def _halves(text: str) -> list[tuple[str, str]]:
    """Ways to cut a cell in two: at its one separator, before its second hemisphere, after its first, in its middle space."""
    ways: list[tuple[str, str]] = []
    for separator in (";", "；", "|", "、", "/", ", ", ","):
        parts = [part for part in text.split(separator) if part.strip()]
        if len(parts) == 2:
            ways.append((parts[0], parts[1]))
    marks = [match.start() for match in re.finditer(r"(?i)北纬|南纬|东经|西经|[NSEW]", text)]
    if len(marks) == 2:
        ways.append((text[: marks[1]].rstrip(" ,"), text[marks[1] :]))
        ways.append((text[: marks[0] + 1], text[marks[0] + 1 :].lstrip(" ,")))
    words = text.split()
    if len(words) % 2 == 0 and len(words) >= 2:
        ways.append((" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])))
    return ways
