"""Rows of places and sources for the tables of a new project, from the gazetteer of the package."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.exact_names import GazetteerPlace, place_row
from qjmap.i18n import label
from qjmap.schema import TABLES
from qjmap.tables.slugs import slugs

Row = dict[str, str]
UNITS = "units"
"""Id of the source of the names and codes."""
_TYPED = {"lon": "orig_lon", "lat": "orig_lat"}
_POSITION = ("lon", "lat", "datum", "precision", "position_source", "position_locator")
_WORDS = {"kind": "place_kind", "precision": "precision"}


@cache
def origins() -> Mapping[str, Mapping[str, str]]:
    """Return the origins of the data in the gazetteer: id -> title, publisher, licence, note, and url and date if there are any."""
    path = files("qjmap") / "assets" / "gazetteer" / "origins.json"
    loaded: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def place_rows(places: Sequence[GazetteerPlace]) -> list[Row]:
    """Return a row of the table of places for each place, with an id, the adcode and, if the gazetteer has it, the point.

    Kinds and precisions are in Chinese. Ids are the pinyin of the names, with the adcode if several places have the same pinyin.
    """
    made = slugs([place.name for place in places])
    shared = Counter(made)
    ids = {
        place.key: f"{slug}-{place.code}" if shared[slug] > 1 else slug
        for place, slug in zip(places, made, strict=True)
    }
    return [_place_row(place, ids) for place in places]


def _place_row(place: GazetteerPlace, ids: Mapping[int, str]) -> Row:
    found = place_row(place, ids)
    row = {name: str(found[_TYPED.get(name, name)]) for name in TABLES["places"].names if name in found}
    row |= {"aliases": "", "members": "", "source": UNITS, "locator": place.code, "as_of": origins()[UNITS]["as_of"]}
    if has_point(place):
        row["position_source"] = _origin(place.key)
    else:  # without coordinates, the row gets the point of the place that contains it, which has its own row
        row |= dict.fromkeys(_POSITION, "")
    return row | {name: label(words, row[name], "zh") for name, words in _WORDS.items() if row[name]}


def has_point(place: GazetteerPlace) -> bool:
    """Return whether the gazetteer has a point for the place itself, and not only for a place around it."""
    return load_china_gazetteer().point(place.key) is not None


def _origin(key: int) -> str:
    points = load_china_gazetteer().origins
    return points[key] if key < len(points) else "geonames"


def source_rows(rows: Iterable[Row]) -> list[Row]:
    """Return the rows of the table of sources for those of `origins` that rows of places name in `source` or `position_source`."""
    named = {row[column] for row in rows for column in ("source", "position_source")}
    return [{"id": name, **origin} for name, origin in origins().items() if name in named]
