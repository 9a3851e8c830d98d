"""Resolve an ambiguous `place` by other cells of its row: the country, the province or other areas, and the point.

There are four districts 鼓楼区; in a row of 江苏省 with a point in 南京, only one of them is possible. Its cell is replaced by the full name
(江苏省南京市鼓楼区) before names are looked up, so that all later steps, and the table to which the row is added, have the right place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache

import numpy as np

from qjmap.geocoding.country_columns import country_column, country_ids
from qjmap.geocoding.county_polygons import adcodes_of_points
from qjmap.geocoding.exact_names import exact_names
from qjmap.geocoding.geocode_file import area_columns
from qjmap.schema import fold
from qjmap.tables.columns import operations as cols
from qjmap.tables.coordinates import wgs84_of
from qjmap.tables.table_frame import Parsed, with_columns


def settle_places(parsed: Parsed, places: Parsed | None) -> Parsed:
    """Return a table in which each ambiguous `place` that the other cells of its row resolve is replaced by its full name.

    Parameters
    ----------
    places : the project's places; None without a project. A text that is an id, name or alias of one of them is not ambiguous.
    """
    if "place" not in parsed.raw.typed or not len(parsed.frame):
        return parsed
    said = cols.to_objects(cols.column(parsed.frame, "place"))
    own = _own_names(places)
    names = exact_names()
    doubtful = [
        typed for typed in cols.unique(said) if typed and fold(typed) not in own and names.find(typed).candidates
    ]
    if not doubtful:
        return parsed
    rows = np.flatnonzero(cols.isin(said, doubtful))
    words, adcodes = _words_of_areas(parsed, rows), _adcodes(parsed, rows)
    in_full = cache(names.name_in_full)
    settled = said.copy()
    for at, around, adcode in zip(rows.tolist(), words, adcodes, strict=True):
        settled[at] = in_full(str(said[at]), around, adcode) or said[at]
    if (settled == said).all():
        return parsed
    raw = replace(parsed.raw, frame=with_columns(parsed.raw.frame, {"place": settled}))
    return replace(parsed.with_columns({"place": settled}), raw=raw)


def _own_names(places: Parsed | None) -> Collection[str]:
    """Return the folded ids, names and aliases of the project's places, and of those of included projects."""
    if places is None:
        return frozenset()
    frame = places.frame
    texts = [name for column in ("id", "name", "name_en") for name in cols.unique(cols.column(frame, column))]
    aliases = (alias for held in frame["aliases"] for alias in held)
    included = [*places.included.ids, *places.included.names.get("places", ())]
    return frozenset(map(fold, [*texts, *aliases, *included]))


def _words_of_areas(parsed: Parsed, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[tuple[str, ...]]:
    """Return for each of the rows at some indices the areas that it names in other columns, preceded by the id of its country."""
    names = [name for name in area_columns(parsed.raw) if name != "place"]
    columns = [cols.to_objects(cols.column(parsed.frame, name))[rows].tolist() for name in names]
    if country := country_column(parsed.raw.unknown):
        said = cols.to_objects(cols.column(parsed.frame, country))[rows]
        columns.insert(0, country_ids(said, exact_names().places.countries))
    return [tuple(filter(None, row)) for row in zip(*columns, strict=True)] if columns else [()] * len(rows)


def _adcodes(parsed: Parsed, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[str]:
    """Return the adcode of the county of China that contains the point of each of the rows at some indices, "" for none."""
    if "lon" not in parsed.raw.table:
        return [""] * len(rows)
    lon, lat = (axis[rows] for axis in wgs84_of(parsed.frame))
    return adcodes_of_points(lon, lat)
