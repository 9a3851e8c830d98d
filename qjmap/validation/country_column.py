"""Check that a row lies in the country that it names: its coordinates, its place and its address."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.errors import Fault
from qjmap.geocoding.answer_scores import LEAST_SCORE
from qjmap.geocoding.country_columns import country_column, rows_of_countries
from qjmap.geocoding.county_polygons import adcodes_of_points, outside_beyond_margin
from qjmap.geocoding.county_prefixes import counties_named
from qjmap.geocoding.exact_names import exact_names
from qjmap.geocoding.locate_many import locate_many
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.schema import PRECISION_RADIUS_M
from qjmap.tables.columns import operations as cols
from qjmap.tables.coordinates import wgs84_of
from qjmap.tables.table_frame import ROW, Parsed

Rows = npt.NDArray[np.intp]
_NUMBER = r"\d.*"


def other_countries(parsed: Parsed, locator: OfflineLocator) -> list[Fault]:
    """Warn of rows whose coordinates, place or address lie outside the country that they name.

    There is one warning for all rows with the same column, country and area in which they lie. Rows without a known country are skipped.
    """
    column = country_column(parsed.raw.unknown)
    if not column or not len(parsed.frame):
        return []
    countries = rows_of_countries(cols.column(parsed.frame, column), locator.places.countries)
    rows = np.flatnonzero(countries >= 0)
    found = _Found(parsed, locator.places, countries)
    if "lon" in parsed.raw.table:
        _judge_points(parsed, rows, found)
    if "place" in parsed.raw.table:
        _judge_places(parsed, rows, found)
    if "address" in parsed.raw.table:
        _judge_addresses(parsed, rows, locator, found)
    return found.faults()


def places_elsewhere(parsed: Parsed) -> dict[int, str]:
    """Return index of a row -> name and areas of its `place`, for rows whose place, by the gazetteer, is not in the country they name."""
    column, typed = country_column(parsed.raw.unknown), "place" in parsed.raw.typed
    if not column or not typed or not len(parsed.frame):
        return {}
    places, names = exact_names().places, exact_names()
    countries = rows_of_countries(cols.column(parsed.frame, column), places.countries)
    said, found, judged = cols.to_objects(cols.column(parsed.frame, "place")), dict[int, str](), dict[Any, str]()
    for at in np.flatnonzero((countries >= 0) & ~cols.is_empty(said)).tolist():
        key = str(said[at]), int(countries[at])
        if key not in judged:
            match = names.find(key[0]).place
            judged[key] = match.label if match is not None and places.contradicts(match.key, key[1]) else ""
        if judged[key]:
            found[at] = judged[key]
    return found


class _Found:
    """Collects rows that contradict their country, by column, country and the area in which they lie.

    Attributes
    ----------
    countries : for each row the country that it names, as its key in the gazetteer (`places`); -1 for none.
    """

    def __init__(self, parsed: Parsed, places: MergedGazetteer, countries: npt.NDArray[np.int64]) -> None:
        self._parsed, self.places, self.countries = parsed, places, countries
        self._numbers = parsed.frame[ROW].to_numpy()
        self._rows: dict[tuple[str, int, str], list[int]] = {}

    def add(self, column: str, at: int, lies: str) -> None:
        """Add the row at an index; `lies` names the area in which it lies, "" for abroad or at sea."""
        self._rows.setdefault((column, int(self.countries[at]), lies), []).append(int(self._numbers[at]))

    def faults(self) -> list[Fault]:
        """Return one warning for all rows with the same contradiction."""
        found = []
        for (column, country, lies), rows in self._rows.items():
            there = {"zh": lies or "境外或海上", "en": lies or "abroad or at sea"}
            params = {"rows": rows, "country": self.places.name(country), "lies": there, "severity": "warning"}
            alone = rows[0] if len(rows) == 1 else None
            code = "country-misplaced" if column == "lon" else "country-differs"
            found.append(self._parsed.raw.fault(alone, column, None, code, **params))
        return found


def _judge_points(parsed: Parsed, rows: Rows, found: _Found) -> None:
    """Add rows whose points contradict their country to `found`.

    If the country is China, or a part of it with a country code of its own (Hong Kong), points outside its boundary do. No boundaries of
    other countries are known: there, points in China do, unless their radius is that of a province or more.
    """
    lon, lat = (axis[rows] for axis in wgs84_of(parsed.frame))
    placed = np.isfinite(lon) & np.isfinite(lat)
    rows, lon, lat = rows[placed], lon[placed], lat[placed]
    if not rows.size:
        return
    precision = cols.to_objects(cols.column(parsed.frame, "precision"))[rows]
    radius = np.array([PRECISION_RADIUS_M.get(level or "site", np.inf) for level in precision])
    adcodes = adcodes_of_points(lon, lat)
    in_china = np.array([bool(code) for code in adcodes])
    wrong = np.zeros(len(rows), dtype=bool)
    for country in np.unique(found.countries[rows]).tolist():
        here = np.flatnonzero(found.countries[rows] == country)
        if found.places.countries.is_abroad(country):
            wrong[here] = in_china[here] & (radius[here] < PRECISION_RADIUS_M["province"])
            continue
        if found.places.kind(country) == "country":  # China: points in one of its counties need no further test
            here = here[~in_china[here]]
        wrong[here] = outside_beyond_margin(country, lon[here], lat[here], radius[here])
    for at in np.flatnonzero(wrong).tolist():
        found.add("lon", int(rows[at]), _area(found.places, adcodes[at]))


def _judge_places(parsed: Parsed, rows: Rows, found: _Found) -> None:
    said = cols.to_objects(cols.column(parsed.frame, "place"))
    _judge(said, rows, {word: word for word in dict.fromkeys(said[rows])}, "place", found)


def _judge_addresses(parsed: Parsed, rows: Rows, locator: OfflineLocator, found: _Found) -> None:
    """Add rows whose addresses contradict their country to `found`.

    An address that begins with the name of a county of China lies in China; if the row says China, it is not parsed.
    """
    said, china = cols.to_objects(cols.column(parsed.frame, "address"))[rows], found.places.china.row_by_id["100000"]
    which, heads = cols.factorize_without(said, _NUMBER)
    is_open = np.array([bool(head) and not counties_named(head) for head in heads.tolist()], dtype=bool)
    is_open[which[found.countries[rows] != china]] = True
    is_open &= np.array([bool(head) for head in heads.tolist()], dtype=bool)
    read = np.flatnonzero(is_open)
    answers = locate_many(locator, heads[read].tolist())
    place_of = {
        str(heads[at]): place
        for at, place, score in zip(read.tolist(), answers["place_id"], answers["score"], strict=True)
        if place and score >= LEAST_SCORE
    }
    texts = np.full(len(parsed.frame), "", dtype=object)
    texts[rows] = heads[which]
    _judge(texts, rows, place_of, "address", found)


def _judge(said: Any, rows: Rows, place_of: dict[str, str], column: str, found: _Found) -> None:
    """Add the rows whose cell in a column names a place outside their country to `found`.

    Parameters
    ----------
    said, rows : cells of all rows, and the indices of the rows to judge.
    place_of : cell -> id of the place that it names.
    """
    places = found.places
    known = {word: place for word, own in place_of.items() if own and (place := places.place_by_id(own)) is not None}
    judged: dict[tuple[str, int], bool] = {}
    for at in rows.tolist():
        word, country = str(said[at]), int(found.countries[at])
        place = known.get(word)
        if place is None:
            continue
        if (word, country) not in judged:
            judged[word, country] = places.contradicts(place, country)
        if judged[word, country]:
            found.add(column, at, f"{places.area_names(place)} {places.name(place)}".strip())


def _area(places: MergedGazetteer, adcode: str) -> str:
    """Return the name of a county after those of the areas that contain it: 四川省 内江市 市中区. "" without an adcode."""
    place = places.place_by_id(adcode) if adcode else None
    return "" if place is None else f"{places.area_names(place)} {places.name(place)}".strip()
