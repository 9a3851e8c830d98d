"""Text -> longitude and latitude in decimal degrees, from any usual writing of angles and pairs of angles."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qjmap.grammar import grammar
from qjmap.tables.digits import holds_odd_numeral, plain_digits

Axis = Literal["lon", "lat"]


@dataclass(frozen=True, slots=True)
class Angle:
    """An angle in decimal degrees, negative for south and west, and its axis, None if no hemisphere (N, 东经) or label (经度) states it."""

    degrees: float
    axis: Axis | None = None


_WORDS = grammar("angles")
_PLAIN_MARKS = str.maketrans({sign: mark for mark, signs in _WORDS["marks"].items() for sign in signs})
_HEMISPHERES: Mapping[str, tuple[Axis, int]] = _WORDS["hemispheres"]
_HEMISPHERE = "|".join(_HEMISPHERES)
_LABELS: Mapping[str, Axis] = {label.translate(_PLAIN_MARKS): axis for label, axis in _WORDS["labels"].items()}
_LABEL = re.compile(rf"^({'|'.join(_LABELS)})\s*[:=]?\s*")
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
    """Parse an angle in any usual notation; None if the text is no angle, or names two axes (经度 29°N).

    Understands decimal degrees, with a point or a comma; degrees, minutes and seconds with symbols, Chinese words, colons or spaces
    (29°1′40″N, 北纬29度1分40秒, 29:01:40, 29 01 40); full-width digits; a hemisphere before or after; a label before (经度: 106.65).
    South and west are negative, with or without a minus sign. The range of the degrees is not checked.

    None also for a minus sign with a northern or eastern hemisphere (-33.9°N), for minutes or seconds of 60 and more, and if a part other
    than the last has decimals (29.5 30).
    """
    if holds_odd_numeral(text.translate(_PLAIN_MARKS)):
        return None
    # Translate marks first: NFKC would decompose a lone ´ or ˚ into a space and a combining mark.
    digits = plain_digits(text.translate(_PLAIN_MARKS))
    plain = _single_spaced(digits.translate(_PLAIN_MARKS).upper().replace("′′", "″"))
    label = _LABEL.match(plain)
    match = _ANGLE.match(plain[label.end() :] if label else plain)
    if match is None or (match["before"] and match["after"]):
        return None
    if _has_fraction(match["degrees"]) and match["minutes"]:
        return None  # 29.5 30: two numbers, not an angle
    if _has_fraction(match["minutes"]) and match["seconds"]:
        return None
    parts = (match["degrees"], match["minutes"], match["seconds"])
    degrees, minutes, seconds = (float(part.replace(",", ".")) if part else 0.0 for part in parts)
    if minutes >= 60.0 or seconds >= 60.0:
        return None
    hemisphere = match["before"] or match["after"]
    labelled = _LABELS[label[1]] if label else None
    axis, sign = _HEMISPHERES[hemisphere] if hemisphere else (labelled, 1)
    if labelled and labelled != axis:
        return None
    if match["sign"] == "-":
        if hemisphere and sign > 0:
            return None  # -33.9°N: north or south
        sign = -1  # as -33.9°S is south too
    return Angle(sign * (degrees + minutes / 60.0 + seconds / 3600.0), axis)


def _has_fraction(number: str | None) -> bool:
    """Whether a number has decimals."""
    return number is not None and ("." in number or "," in number)


def _single_spaced(text: str) -> str:
    """Replace runs of blanks by one space: on longer runs the patterns would take quadratic time."""
    return " ".join(text.split())


_IN_PAIR = re.compile(_WORDS["patterns"]["hemisphere"], re.IGNORECASE)
_AXES = re.compile("|".join((*_WORDS["labels"], *_HEMISPHERES)))
_POINT = re.compile(_WORDS["patterns"]["point"], re.IGNORECASE)
_POINTS = [re.compile(pattern, re.IGNORECASE) for pattern in _WORDS["points"]]
_WKB = re.compile(_WORDS["patterns"]["wkb"], re.IGNORECASE)
_WKB_POINT, _WKB_SRID = 1, 0x20000000
"""Type of a point, and the flag of EWKB that an SRID of four bytes follows the type."""


def names_axes(text: str) -> bool:
    """Whether a text holds at least two hemispheres (29°N 106°E, 北纬29 东经106) or labels of an axis (lat:29, lng:106).

    Letters of other words (N, S, E, W) count as hemispheres too: use it only together with `read_pair`.
    """
    return len(_AXES.findall(text.upper())) > 1


def read_point(text: str) -> tuple[float, float] | None:
    """Return x and y of a point in a format of geometry: WKT, EWKT, hexadecimal WKB or EWKB, GeoJSON; None for any other text.

    A MULTIPOINT in WKT with a single point counts as a point. Heights, measures and the reference system (SRID) are ignored.
    """
    plain = _single_spaced(text)
    if _WKB.match(plain):
        return _read_wkb(bytes.fromhex(plain))
    found = next((match for pattern in _POINTS if (match := pattern.match(plain))), None)
    return None if found is None else (float(found[1]), float(found[2]))


def _read_wkb(data: bytes) -> tuple[float, float] | None:
    """Return x and y of a point in WKB (OGC 06-103r4, 8.2) or EWKB (PostGIS); None for another geometry and for an empty point."""
    order = "<" if data[0] else ">"
    (kind,) = struct.unpack_from(order + "I", data, 1)
    start = 9 if kind & _WKB_SRID else 5
    if (kind & 0xFFFF) % 1000 != _WKB_POINT or len(data) < start + 16:
        return None
    x, y = struct.unpack_from(order + "2d", data, start)
    return (x, y) if math.isfinite(x + y) else None


def read_pair(text: str, order: Literal["lonlat", "latlon"] | None = None) -> tuple[float, float] | None:
    """Parse longitude and latitude, in degrees and in this order, from one cell; None if it holds no pair of angles or two of one axis.

    Hemispheres and labels decide which angle is the longitude; without them it is the only one beyond ±90. If there is no such value
    either, `order` decides, and without `order` the longitude comes first. In a point in a format of geometry x is the longitude,
    unless only y is beyond ±90.
    """
    if point := read_point(text):
        x, y = point
        return (y, x) if abs(y) > 90.0 >= abs(x) else (x, y)
    plain = _single_spaced(text.translate(_PLAIN_MARKS))
    if match := _POINT.match(plain):
        plain, order = match[1], "lonlat"
    plain = plain.strip(_WORDS["brackets"])
    for halves in _halves(plain):
        first, second = read_angle(halves[0]), read_angle(halves[1])
        if first is None or second is None:
            continue
        if first.axis and first.axis == second.axis:
            return None
        if _is_latitude_first(first, second, order):
            return second.degrees, first.degrees
        return first.degrees, second.degrees
    return None


def _is_latitude_first(first: Angle, second: Angle, order: str | None) -> bool:
    if first.axis or second.axis:
        return first.axis == "lat" or second.axis == "lon"
    if abs(first.degrees) > 90.0 >= abs(second.degrees):
        return False
    return abs(second.degrees) > 90.0 >= abs(first.degrees) or order == "latlon"


def _halves(text: str) -> list[tuple[str, str]]:
    """Return the possible ways to split a cell into two angles, the likeliest first: at a separator that occurs once, before its second
    hemisphere, after its first one, at its middle space.
    """
    halves: list[tuple[str, str]] = []
    for separator in _WORDS["pair_separators"]:
        parts = [part for part in text.split(separator) if part.strip()]
        if len(parts) == 2:
            halves.append((parts[0], parts[1]))
    hemispheres = [match.start() for match in _IN_PAIR.finditer(text)]
    if len(hemispheres) == 2:
        first, second = hemispheres
        halves.append((text[:second].rstrip(" ,"), text[second:]))
        halves.append((text[: first + 1], text[first + 1 :].lstrip(" ,")))
    words = text.split()
    if len(words) % 2 == 0 and len(words) >= 2:
        halves.append((" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])))
    return halves
