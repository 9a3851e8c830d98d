"""Choose the columns of coordinates of a file: a pair of longitude and latitude, a column of pairs, or degrees in three columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Literal

from qjmap.grammar import grammar
from qjmap.schema import TABLES, fold
from qjmap.tables.cell_values import clean
from qjmap.tables.column_samples import MOST, Sample, degrees_of, is_position
from qjmap.tables.header_matches import Claim
from qjmap.tables.headers import LISTED, are_letters, header_words, match_header

_DATUMS = ("wgs84", "cgcs2000", None, "gcj02", "bd09")
"""Datums in the order in which they are preferred if a file has coordinates in several; None: the header names none."""
_AXES = ("lon", "lat")


@dataclass
class Coordinates:
    """Columns of coordinates of a file.

    Attributes
    ----------
    columns : index -> "lon", "lat" or "lonlat".
    degrees : "lon", "lat" -> the columns of degrees, minutes and perhaps seconds.
    clash : (taken, other) for two columns of one axis that are equally good but hold different cells, so that only the order of the
        columns decided.
    """

    columns: dict[int, str] = field(default_factory=dict)
    degrees: dict[str, tuple[int, ...]] = field(default_factory=dict)
    clash: tuple[tuple[int, int], ...] = ()


def choose_coordinates(
    header: Sequence[str],
    samples: Sequence[Sample],
    claims: Sequence[Claim],
    known: Mapping[str, int],
    open_: Sequence[int],
) -> Coordinates:
    """Choose the columns of coordinates.

    Parameters
    ----------
    claims : claims of the columns that have no meaning yet, also those of other columns than coordinates.
    known : "lon", "lat", "lonlat" -> index, for columns of coordinates that are chosen already.
    open_ : indices of all columns that have no meaning yet. Texts that can be nothing but positions are coordinates under any
        header.

    Returns
    -------
    The chosen columns, without those in `known`; empty if there are none.
    """
    found = Coordinates()
    holding = [claim for claim in claims if claim.holds and claim.index not in known.values()]
    if not {*_AXES} & {*known}:
        parts = {axis: degree_columns(header, samples, axis) for axis in _AXES}
        if all(parts.values()):
            found.degrees = {axis: parts[axis] for axis in _AXES}
            return found
        _choose_pair(claims, holding, samples, found)
    elif not {*_AXES} <= {*known}:
        missing = "lat" if "lon" in known else "lon"
        halves = [claim for claim in holding if claim.column == missing]
        if halves:
            found.columns[min(halves, key=_order).index] = missing
    _choose_joined(holding, known, found)
    if not known and not found.columns:
        positions = [at for at in open_ if samples[at].share(is_position) > MOST]
        found.columns |= dict.fromkeys(positions[:1], "lonlat")
    return found


def _order(claim: Claim) -> tuple[float, ...]:
    """Sort key of a claim of an axis or of pairs: the best one first."""
    return (-claim.level, _DATUMS.index(claim.match.datum), claim.match.rank, claim.index)


def _choose_pair(
    claims: Sequence[Claim], holding: Sequence[Claim], samples: Sequence[Sample], found: Coordinates
) -> None:
    """Add the best pair of longitude and latitude to `found`: of one datum if possible, then by fit of the cells, preference of the datum,
    rank of the headers, distance between the columns, and order. If there is no pair, `_choose_half` decides.

    Set `found.clash` too, if another pair fits as well but has other cells.
    """
    lons, lats = ([claim for claim in holding if claim.column == axis] for axis in _AXES)
    every = [*product(lons, lats)]
    if not every:
        _choose_half(claims, holding, found)
        return
    pairs = [(lon, lat) for lon, lat in every if lon.match.datum == lat.match.datum]
    pairs = pairs or [(lon, lat) for lon, lat in every if None in (lon.match.datum, lat.match.datum)] or every
    order = {pair: _pair_order(*pair) for pair in pairs}
    lon, lat = min(pairs, key=lambda pair: (order[pair], abs(pair[0].index - pair[1].index), pair[0].index))
    found.columns |= {lon.index: "lon", lat.index: "lat"}
    for pair in pairs:
        apart = not {pair[0].index, pair[1].index} & {lon.index, lat.index}
        differs = any(
            samples[one.index].texts != samples[two.index].texts for one, two in zip(pair, (lon, lat), strict=True)
        )
        if apart and differs and order[pair] == order[lon, lat]:
            found.clash = ((lon.index, pair[0].index), (lat.index, pair[1].index))
            return


def _pair_order(lon: Claim, lat: Claim) -> tuple[float, ...]:
    """Sort key of a pair of claims: the best pair first."""
    return (-min(lon.level, lat.level), _DATUMS.index(lon.match.datum), lon.match.rank + lat.match.rank)


def _choose_half(claims: Sequence[Claim], holding: Sequence[Claim], found: Coordinates) -> None:
    """Add a column of one axis with a listed header to `found` if no column claims the other axis, which is then a fault of every row."""
    alone = [claim for claim in holding if claim.column in _AXES and claim.match.rank == LISTED]
    if alone and len({claim.column for claim in claims} & {*_AXES}) == 1:
        found.columns[min(alone, key=_order).index] = alone[0].column


def _choose_joined(holding: Sequence[Claim], known: Mapping[str, int], found: Coordinates) -> None:
    """Add the best column of pairs to `found`. Beside columns of longitude and latitude, whose gaps it fills, it must be in their datum."""
    joined = [claim for claim in holding if claim.column == "lonlat" and claim.index not in found.columns]
    if "lonlat" in known or not joined:
        return
    best = min(joined, key=_order)
    datums = {claim.match.datum for claim in holding if claim.index in found.columns}
    if not datums or datums == {best.match.datum}:
        found.columns[best.index] = "lonlat"


def degree_columns(header: Sequence[str], samples: Sequence[Sample], axis: str) -> tuple[int, ...]:
    """Return the columns of degrees, minutes and perhaps seconds of an axis (经度 度, 经度 分, 经度 秒; lon_d, lon_m, lon_s).

    Empty if there are not at least degrees and minutes.
    """
    parts: list[int] = []
    for unit in range(3):
        named = [at for at, head in enumerate(header) if _part_of(head) == (axis, unit)]
        if not named and unit == 0:
            named = [at for at, head in enumerate(header) if match_header(head, TABLES["sites"]).column == axis]
        if not named or not _are_parts(samples[named[0]], unit):
            break
        parts.append(named[0])
    return tuple(parts) if len(parts) > 1 else ()


def _are_parts(sample: Sample, unit: int) -> bool:
    """Whether all cells are numbers, for minutes and seconds (`unit` 1 and 2) from 0 to below 60."""
    values = [degrees_of(text) for text in sample.texts]
    return all(value is not None and (unit == 0 or 0.0 <= value < 60.0) for value in values)


@cache
def _part_of(typed: str) -> tuple[str, int] | None:
    """Return the axis that a header names, and its unit: 0 degrees, 1 minutes, 2 seconds. None if it names no part of an angle."""
    text = header_words(typed)
    for unit, words in enumerate(grammar("headers")["degree_parts"]):
        for word in words:
            stem = text.removesuffix(word).strip()
            if stem in ("", text, "经", "纬") or are_letters(text[: -len(word)][-1], word[0]):
                continue
            column = match_header(stem, TABLES["sites"]).column
            if column in _AXES:
                return column, unit
    return None


def compose_angle(parts: Sequence[str]) -> str:
    """Compose degrees, minutes and seconds into one text such as 29°1′40″, without those that are empty; "" without degrees."""
    filled = [clean(part) for part in parts]
    return "".join(f"{part}{mark}" for part, mark in zip(filled, "°′″", strict=False) if part) if filled[0] else ""


def axis_order(label: str) -> Literal["lonlat", "latlon"] | None:
    """Return the order of a coordinate pair that its header states (经纬度, lnglat, latlon); None if it states none."""
    plain = fold(label)
    for latitude, longitude in (("纬", "经"), ("lat", "lon"), ("lat", "lng")):
        if latitude in plain and longitude in plain:
            return "latlon" if plain.index(latitude) < plain.index(longitude) else "lonlat"
    return None
