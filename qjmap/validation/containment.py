"""Check that each row's point lies inside the administrative units that the row names: a row of 自贡 with a point in 内江.

The units are taken from `adcode`, `parent`, `place`, the address, and columns of a province, city or district. For a place without
a polygon of its own (a development zone) the county, city or province is used in which it lies. A point may be outside by the
row's uncertainty radius plus the margin of the polygons. If an address begins with the name of a county in which its point lies, it
is accepted at once; only other addresses are parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.errors import Fault
from qjmap.geocoding.china_gazetteer import ChinaGazetteer, load_china_gazetteer
from qjmap.geocoding.county_polygons import (
    adcodes_of_points,
    admin_unit,
    make_county_polygons,
    outside_beyond_margin,
)
from qjmap.geocoding.county_prefixes import counties_named
from qjmap.geocoding.exact_names import exact_names
from qjmap.geocoding.geocode_file import AREA_HEADERS
from qjmap.geocoding.locate_many import locate_many
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.geocoding.project_gazetteer import ProjectGazetteer
from qjmap.project import Project
from qjmap.schema import PRECISION_RADIUS_M, fold
from qjmap.tables.columns import operations as cols
from qjmap.tables.coordinates import wgs84_of
from qjmap.tables.table_frame import ROW, Parsed, with_rows

_SURE = 0.9  # minimum score (0 to 1) with which an address must be matched for its unit to count
_SAME_POINT = 1e-4
"""Difference in degrees, some 10 m, up to which two positions are the same point."""
_NUMBER = r"\d.*"
_PLACE_COLUMNS = (
    "id",
    "name",
    "name_en",
    "aliases",
    "kind",
    "parent",
    "members",
    "adcode",
    "precision",
    "position_source",
)
Units = npt.NDArray[np.int64]
"""Array of administrative units (provinces, cities, counties) as their rows in the gazetteer; -1 for none."""


@dataclass
class _Points:
    """Positions of rows in WGS 84 degrees, and the uncertainty of each in metres."""

    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    radius_m: npt.NDArray[np.float64]

    def outside(self, unit: int, rows: npt.NDArray[np.int64]) -> cols.Mask:
        """Return a mask of the given rows: whether each lies outside a unit by more than its margin and the row's radius.

        `unit` is a row of the gazetteer, `rows` are indices.
        """
        return outside_beyond_margin(unit, self.lon[rows], self.lat[rows], self.radius_m[rows])


def area_locator(places: Parsed | None, project: Project | None, *, suggests: bool = False) -> OfflineLocator:
    """Return a locator for the areas that rows name. It searches the gazetteer and, if `places` is given, the places of a project.

    Parameters
    ----------
    places : the project's places, with implied and included ones; None without a project.
    suggests : whether the locator suggests similar names for unknown ones.
    """
    if places is None:
        return OfflineLocator(suggests=suggests)
    frame = with_rows(places.good, (*places.implied, *places.included.named))
    lon, lat = wgs84_of(frame)
    columns = zip(*(frame[name] for name in _PLACE_COLUMNS), lon.tolist(), lat.tolist(), strict=True)
    rows = (dict(zip((*_PLACE_COLUMNS, "lon", "lat"), row, strict=True)) for row in columns)
    return OfflineLocator(ProjectGazetteer(rows), home=project.settings.home if project else "", suggests=suggests)


def misplaced_rows(parsed: Parsed, locator: OfflineLocator) -> list[Fault]:
    """Warn of points outside the units that their rows name: one warning for all rows that name the same unit and lie in the same county.

    Each row is reported once, for the first of its columns that the point contradicts.
    """
    if "lon" not in parsed.raw.table or not len(parsed.frame):
        return []
    frame = parsed.frame
    lon, lat = wgs84_of(frame)
    precision = cols.column(frame, "precision")
    placed = np.isfinite(lon) & np.isfinite(lat) & ~cols.isin(precision, ["unresolved"])
    at = np.flatnonzero(placed & ~_at_their_seats(parsed, lon, lat))
    if not at.size:
        return []
    lon, lat = lon[at], lat[at]
    codes, levels = cols.factorize(cols.take(precision, at))
    radius = np.array([PRECISION_RADIUS_M.get(level or "site", np.inf) for level in levels])[codes]
    open_ = np.ones(len(at), dtype=bool)
    found: list[Fault] = []
    points = _Points(lon, lat, radius)
    for column, said, rows in _named_units(parsed, locator, at, points):
        wrong = np.zeros(len(at), dtype=bool)
        for unit, here in _groups(np.where(open_, rows, -1)):
            wrong[here] = points.outside(unit, here)
        open_ &= ~wrong
        found += _warnings(parsed, locator, column, said, rows, at, np.flatnonzero(wrong), lon, lat)
    return found


def _at_their_seats(parsed: Parsed, lon: Any, lat: Any) -> cols.Mask:
    """Return a mask of the rows whose position (WGS 84 degrees) is the gazetteer's own point for their adcode.

    They are exempt from the check: the seat of 加格达奇区 lies inside the boundary of another province.
    """
    mask = np.zeros(len(parsed.frame), dtype=bool)
    if "adcode" not in parsed.raw.table:
        return mask
    china = load_china_gazetteer()
    codes = cols.column(parsed.frame, "adcode")
    for at in np.flatnonzero(~cols.is_empty(codes)).tolist():
        row = china.row_by_id.get(str(codes[at]))
        point = None if row is None else china.point(row)
        mask[at] = point is not None and abs(point[0] - lon[at]) < _SAME_POINT and abs(point[1] - lat[at]) < _SAME_POINT
    return mask


def _named_units(
    parsed: Parsed, locator: OfflineLocator, at: npt.NDArray[np.int64], points: _Points
) -> Iterator[tuple[str, Any, Units]]:
    """Yield for each column that names units: its name, its cells, and the unit that each cell names.

    Columns of a province, city or district count as one: their cells are joined, under the name of the last of them. `at` are the
    indices of the rows that are looked at, `points` their positions.
    """
    frame, table = parsed.frame, parsed.raw.table
    whole = len(at) == len(frame)

    def cells_of(name: str) -> Any:
        return cols.column(frame, name) if whole else cols.take(cols.column(frame, name), at)

    for column in ("adcode", "parent", "place"):
        if column in table:
            yield column, cells_of(column), _units_of_ids(locator, cells_of(column))
    areas = [name for name in parsed.raw.unknown if fold(name) in AREA_HEADERS]
    if areas:
        texts = np.empty(len(at), dtype=object)
        texts[:] = ["".join(row) for row in zip(*(cols.to_objects(cells_of(name)) for name in areas), strict=True)]
        yield areas[-1], texts, _units_of_addresses(locator, texts, points)
    if "address" in table:
        addresses = cells_of("address")
        if not cols.is_empty(addresses).all():
            yield "address", addresses, _units_of_addresses(locator, addresses, points)


def _units_of_ids(locator: OfflineLocator, said: Any) -> Units:
    """Return the unit that each cell means, or in which its place lies. Cells are ids of places, adcodes, or names of only one place."""
    which, words = cols.factorize(said)
    units = np.full(len(words), -1, dtype=np.int64)
    for at, word in enumerate(words):
        if word:
            match = exact_names().find(word).place if word not in locator else None
            units[at] = _unit(locator, match.code if match is not None else word)
    return units[which]


def _units_of_addresses(locator: OfflineLocator, texts: Any, points: _Points | None = None) -> Units:
    """Return the unit in which the place that each address names lies, -1 for none or an uncertain one.

    Addresses are cut at the first digit, so that equal beginnings are parsed only once.

    Parameters
    ----------
    points : positions of the rows. An address that begins with the name of a county in which its point lies is not parsed; its unit
        is -1.
    """
    which, heads = cols.factorize_without(texts, _NUMBER)
    is_open = np.ones(len(which), dtype=bool) if points is None else ~_lie_in_named_county(which, heads, points)
    read = np.unique(which[is_open])
    found = locate_many(locator, heads[read].tolist())
    units = {one: _unit(locator, one) for one in dict.fromkeys(found["place_id"])}
    of_head = np.full(len(heads), -1, dtype=np.int64)
    of_head[read] = [
        units[one] if score >= _SURE and reason != "typo" else -1
        for one, score, reason in zip(found["place_id"], found["score"], found["reason"], strict=True)
    ]
    return np.where(is_open, of_head[which], -1)


def _lie_in_named_county(which: npt.NDArray[Any], heads: Any, points: _Points) -> cols.Mask:
    """Return a mask of the rows whose point lies in a county that their text begins with, or within the margin of its edge.

    Parameters
    ----------
    which, heads : index of each row's text in `heads`, and the distinct texts.
    """
    named = [counties_named(head) for head in heads.tolist()]
    make_county_polygons({unit for units in named for unit in units})
    inside = np.zeros(len(which), dtype=bool)
    for at in range(max(map(len, named), default=0)):  # several counties may have one name: try one after the other
        unit_of_head = np.array([units[at] if at < len(units) else -1 for units in named], dtype=np.int64)
        for unit, rows in _groups(np.where(inside, -1, unit_of_head[which])):
            inside[rows] = ~points.outside(unit, rows)
    return inside


def _groups(units: Units) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Yield each unit with the indices of its rows; rows with -1 are left out."""
    order = np.argsort(units, kind="stable")
    order = order[np.searchsorted(units[order], 0) :]
    starts = np.flatnonzero(np.diff(units[order], prepend=-1))
    for rows in np.split(order, starts[1:]) if len(order) else ():
        yield int(units[rows[0]]), rows


def _unit(locator: OfflineLocator, identifier: str) -> int:
    """Return the province, city or county that a place is or lies in, as its row in the gazetteer; -1 for none."""
    places = locator.places
    place = places.place_by_id(identifier) if identifier else None
    if isinstance(place, str):
        chain = (place, *places.project.ancestors(place))
        place = next((row for one in chain if (row := places.china_row(one)) is not None), None)
    return -1 if place is None else admin_unit(place)


def _warnings(
    parsed: Parsed, locator: OfflineLocator, column: str, said: Any, units: Units,
    at: npt.NDArray[np.int64], wrong: npt.NDArray[np.int64], lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64],
) -> list[Fault]:  # fmt: skip
    """Return the warnings for misplaced rows: one for all rows that name the same unit and lie in the same county.

    Parameters
    ----------
    column, said, units : the column that names units, its cells, and the unit that each names.
    at : indices in the table of the rows that are looked at; `said`, `units`, `lon` and `lat` (WGS 84 degrees) have an item for each.
    wrong : indices in `at` of the misplaced rows.
    """
    if not wrong.size:
        return []
    china = locator.places.china
    numbers = parsed.frame[ROW].to_numpy()
    groups: dict[tuple[int, str], list[int]] = {}
    for one, code in zip(wrong.tolist(), adcodes_of_points(lon[wrong], lat[wrong]), strict=True):
        groups.setdefault((int(units[one]), code), []).append(one)
    found = []
    for (unit, code), held in groups.items():
        lies = _chain(china, china.row_by_id[code]) if code else ""
        there = {"zh": lies or "境外或海上", "en": lies or "abroad or at sea"}
        rows = [int(numbers[at[one]]) for one in held]
        params = {"rows": rows, "said": _chain(china, unit), "lies": there, "severity": "warning"}
        alone = rows[0] if len(rows) == 1 else None
        found.append(parsed.raw.fault(alone, column, str(said[held[0]]), "misplaced", **params))
    return found


def _chain(china: ChinaGazetteer, row: int) -> str:
    """Join the names of a unit and of the units that contain it: 四川省 内江市 市中区."""
    names: list[str] = []
    while row >= 0 and china.kind(row) != "country":
        names.insert(0, china.name(row))
        row = china.parent(row)
    return " ".join(names)


def addresses_outside(parsed: Parsed, locator: OfflineLocator) -> list[Fault]:
    """Warn of sites without coordinates whose address lies in another unit than their `place`, at which the map draws them.

    Units of which one contains the other do not count as different. There is one warning for all sites with the same place and unit of the
    address.
    """
    if parsed.raw.table.name != "sites" or not len(parsed.frame):
        return []
    frame = parsed.frame
    said, addresses = (cols.column(frame, name) for name in ("place", "address"))
    at = np.flatnonzero(np.isnan(frame["lon"].to_numpy()) & ~cols.is_empty(said) & ~cols.is_empty(addresses))
    if not at.size:
        return []
    said, rows = cols.to_objects(cols.take(said, at)), frame[ROW].to_numpy()[at]
    units, found = _units_of_ids(locator, said), _units_of_addresses(locator, cols.take(addresses, at))
    china = locator.places.china
    groups: dict[tuple[str, int], list[int]] = {}
    for place, unit, other, row in zip(said, units.tolist(), found.tolist(), rows.tolist(), strict=True):
        if unit >= 0 and other >= 0 and not (_lies_in(china, unit, other) or _lies_in(china, other, unit)):
            groups.setdefault((place, other), []).append(int(row))
    return [
        parsed.raw.fault(
            numbers[0] if len(numbers) == 1 else None, "address", None, "address-outside", rows=numbers,
            lies=_chain(china, other), place=_name(locator, place), severity="warning",
        )
        for (place, other), numbers in groups.items()
    ]  # fmt: skip


def _lies_in(china: ChinaGazetteer, inner: int, outer: int) -> bool:
    """Whether the unit `inner` is the unit `outer` or lies in it."""
    while inner >= 0 and inner != outer:
        inner = china.parent(inner)
    return inner == outer


def _name(locator: OfflineLocator, identifier: str) -> str:
    place = locator.places.place_by_id(identifier)
    return identifier if place is None else locator.places.name(place)
