"""Rows whose coordinates lie in another province, city or county than the row says: 自贡 is written, 内江 is where it lies.

What a row says: its place, its parent, its adcode, its address, its columns of a province, city and district. A place that
has no outline of its own (a development zone) stands for the county, city or province that it lies in. A point is taken
at its word within its uncertainty radius and the margin of the outlines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.errors import Fault
from qjmap.locators.batch import locate_many
from qjmap.locators.everywhere import Everywhere
from qjmap.locators.gazetteer import Gazetteer
from qjmap.locators.national import National
from qjmap.locators.of_table import AREAS
from qjmap.locators.outlines import holding, surely_outside, unit_of
from qjmap.project import Project
from qjmap.schema import PRECISION_RADIUS_M, fold
from qjmap.tables import columns as cols
from qjmap.tables.frames import ROW, Parsed
from qjmap.tables.positions import wgs84_of

_SURE = 0.9  # score below which an address is no statement of place
_NUMBER = r"\d.*"
_PLACE_COLUMNS = ("id", "name", "name_en", "aliases", "kind", "parent", "members", "adcode", "precision")
Units = npt.NDArray[np.int64]
"""Rows of the gazetteer: provinces, cities, counties; -1 for none."""


def locator_of(places: Parsed | None, project: Project | None) -> Everywhere:
    """What reads the statements of rows: the places of a project, if any, then all of China."""
    if places is None:
        return Everywhere(suggests=False)
    frame = places.good
    lon, lat = wgs84_of(frame)
    columns = zip(*(frame[name] for name in _PLACE_COLUMNS), lon.tolist(), lat.tolist(), strict=True)
    rows = (dict(zip((*_PLACE_COLUMNS, "lon", "lat"), row, strict=True)) for row in columns)
    return Everywhere(Gazetteer(rows), home=project.settings.home if project else "", suggests=False)


def outside(parsed: Parsed, locator: Everywhere) -> list[Fault]:
    """One warning for the rows that say the same and lie in the same other unit."""
    if "lon" not in parsed.raw.table or not len(parsed.frame):
        return []
    frame = parsed.frame
    lon, lat = wgs84_of(frame)
    precision = cols.column(frame, "precision")
    at = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & ~cols.among(precision, ["unresolved"]))
    if not at.size:
        return []
    lon, lat = lon[at], lat[at]
    codes, levels = cols.factorized(cols.taken(precision, at))
    radius = np.array([PRECISION_RADIUS_M.get(level or "site", np.inf) for level in levels])[codes]
    open_ = np.ones(len(at), dtype=bool)
    found: list[Fault] = []
    for column, said, rows in _claims(parsed, locator, at):
        wrong = np.zeros(len(at), dtype=bool)
        for unit in np.unique(rows[(rows >= 0) & open_]):
            here = np.flatnonzero((rows == unit) & open_)
            wrong[here] = surely_outside(int(unit), lon[here], lat[here], radius[here])
        open_ &= ~wrong
        found += _told(parsed, locator, column, said, rows, at, np.flatnonzero(wrong), lon, lat)
    return found


def _claims(parsed: Parsed, locator: Everywhere, at: npt.NDArray[np.int64]) -> Iterator[tuple[str, Any, Units]]:
    """A column, what the rows say in it, and the units that this means; one column after the other."""
    frame, table = parsed.frame, parsed.raw.table
    whole = len(at) == len(frame)

    def said(name: str) -> Any:
        return cols.column(frame, name) if whole else cols.taken(cols.column(frame, name), at)

    for column in ("adcode", "parent", "place"):
        if column in table:
            yield column, said(column), _meant(locator, said(column))
    areas = [name for name in parsed.raw.unknown if fold(name) in AREAS]
    if areas:
        texts = np.empty(len(at), dtype=object)
        texts[:] = ["".join(row) for row in zip(*(cols.objects(said(name)) for name in areas), strict=True)]
        yield areas[-1], texts, _read(locator, texts)
    if "address" in table:
        addresses = said("address")
        if not cols.empty(addresses).all():
            yield "address", addresses, _read(locator, addresses)


def _meant(locator: Everywhere, said: Any) -> Units:
    """The units of a place's id, of a code, or of an unmistakable name."""
    which, words = cols.factorized(said)
    units = np.full(len(words), -1, dtype=np.int64)
    for at, word in enumerate(words):
        if word:
            place = locator.places.place(word)
            best = locator.locate(word).best if place is None else None
            units[at] = _unit(locator, word if place is not None else best.id if best else "")
    return units[which]


def _read(locator: Everywhere, texts: Any) -> Units:
    """The units that addresses begin with; house numbers are left out, so that what repeats is read once."""
    which, heads = cols.factorized_without(texts, _NUMBER)
    found = locate_many(locator, heads.tolist())
    units = {one: _unit(locator, one) for one in dict.fromkeys(found["place_id"])}
    rows = [
        units[one] if score >= _SURE and reason != "typo" else -1
        for one, score, reason in zip(found["place_id"], found["score"], found["reason"], strict=True)
    ]
    return np.array(rows, dtype=np.int64)[which]


def _unit(locator: Everywhere, identifier: str) -> int:
    """The province, city or county that a place is or lies in, as a row of the gazetteer; -1 for none."""
    places = locator.places
    place = places.place(identifier) if identifier else None
    if isinstance(place, str):
        chain = (place, *places.project.ancestors(place))
        place = next((row for one in chain if (row := places.unit(one)) is not None), None)
    return -1 if place is None else unit_of(place)


def _told(
    parsed: Parsed, locator: Everywhere, column: str, said: Any, units: Units,
    at: npt.NDArray[np.int64], wrong: npt.NDArray[np.int64], lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64],
) -> list[Fault]:  # fmt: skip
    if not wrong.size:
        return []
    national = locator.places.national
    numbers = parsed.frame[ROW].to_numpy()
    groups: dict[tuple[int, str], list[int]] = {}
    for one, code in zip(wrong.tolist(), holding(lon[wrong], lat[wrong]), strict=True):
        groups.setdefault((int(units[one]), code), []).append(one)
    found = []
    for (unit, code), held in groups.items():
        lies = _chain(national, national.number[code]) if code else ""
        there = {"zh": lies or "境外或海上", "en": lies or "abroad or at sea"}
        rows = [int(numbers[at[one]]) for one in held]
        params = {"rows": rows, "said": _chain(national, unit), "lies": there, "severity": "warning"}
        alone = rows[0] if len(rows) == 1 else None
        found.append(parsed.raw.fault(alone, column, str(said[held[0]]), "misplaced", **params))
    return found


def _chain(national: National, row: int) -> str:
    """A unit after those that hold it: 四川省 内江市 市中区."""
    names: list[str] = []
    while row >= 0 and national.kind(row) != "country":
        names.insert(0, national.name(row))
        row = national.parent(row)
    return " ".join(names)
