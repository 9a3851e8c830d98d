"""Rows of places and of sources from the gazetteer of the package, for the tables of a new project."""

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
"""Source of names and codes."""
_TYPED = {"lon": "orig_lon", "lat": "orig_lat"}
_POSITION = ("lon", "lat", "datum", "precision", "position_source", "position_locator")
_WORDS = {"kind": "place_kind", "precision": "precision"}


@cache
def origins() -> Mapping[str, Mapping[str, str]]:
    """Return the origins of the gazetteer by id: title, publisher, licence, note, and url and date where there are any."""
    path = files("qjmap") / "assets" / "gazetteer" / "origins.json"
    loaded: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def place_rows(places: Sequence[GazetteerPlace]) -> list[Row]:
    """Return rows of places with Chinese words: ids, codes, and points with their precision, origin and locator."""
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
    else:  # it answers at what it lies in, whose row has the point
        row |= dict.fromkeys(_POSITION, "")
    return row | {name: label(words, row[name], "zh") for name, words in _WORDS.items() if row[name]}


def has_point(place: GazetteerPlace) -> bool:
    """Whether the gazetteer has a point of a place itself."""
    return load_china_gazetteer().point(place.key) is not None


def _origin(key: int) -> str:
    points = load_china_gazetteer().origins
    return points[key] if key < len(points) else "geonames"


def source_rows(rows: Iterable[Row]) -> list[Row]:
    """Return rows of sources for what rows of places rest on."""
    named = {row[column] for row in rows for column in ("source", "position_source")}
    return [{"id": name, **origin} for name, origin in origins().items() if name in named]
