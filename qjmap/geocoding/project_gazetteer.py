"""The gazetteer of a project: its places, the forms of their names, the areas that contain them, and their positions.

Pure Python, since one name is located faster than pandas is imported.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from qjmap.geocoding.answers import Reason
from qjmap.schema import PRECISION_RADIUS_M

LEVELS = tuple(PRECISION_RADIUS_M)
"""Precision levels, finest first; "unresolved" is the last."""

_ADMINISTRATIVE_LEVELS = frozenset(("country", "province", "city", "district", "town"))
_SUFFIXES = {"city": ("市",), "district": ("区", "县"), "province": ("省", "市"), "town": ("镇", "乡", "街道")}
_EN_SUFFIXES = (" district", " city", " county", " province", " municipality", " town")
_UNITS = ("镇", "乡", "村", "街道", "县", "区", "市", "省", "州")
_EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius


@dataclass(frozen=True, slots=True)
class Position:
    """The position of a place.

    Attributes
    ----------
    lon, lat : WGS 84 degrees.
    level : precision level of the point.
    radius_m : uncertainty radius in metres.
    position_of : id of the place whose point it is, "" for the place's own.
    """

    lon: float
    lat: float
    level: str
    radius_m: float
    position_of: str


@dataclass(slots=True)
class _Place:
    """A row of the table `places`, with its `point` (longitude and latitude in WGS 84 degrees), and its forms: form -> kind of the form."""

    id: str
    name: str
    kind: str
    parent: str
    members: tuple[str, ...]
    point: tuple[float, float] | None
    precision: str
    adcode: str = ""
    position_source: str = ""
    forms: dict[str, Reason] = field(default_factory=dict)


def fold_name(text: str) -> str:
    """Return a name normalised for comparison: NFKC (full-width forms), case folded, runs of white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the great-circle distance in metres of two points in degrees, on a sphere; within 0.6 % of the distance on the ellipsoid."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def box_around(lon: float, lat: float, radius_m: float) -> tuple[float, float, float, float]:
    """Return west, south, east and north of the bounding box of a circle in WGS 84 degrees; they may exceed ±180 and ±90.

    Parameters
    ----------
    lon, lat : centre of the circle in WGS 84 degrees.
    radius_m : radius in metres.
    """
    dy = math.degrees(radius_m / _EARTH_RADIUS_M)
    dx = dy / max(math.cos(math.radians(lat)), 0.01)
    return lon - dx, lat - dy, lon + dx, lat + dy


class ProjectGazetteer:
    """Names and positions of a project's places.

    Parameters
    ----------
    rows : one mapping per place, with the columns of the places table; ``aliases`` and ``members`` as tuples, ``lon`` and
        ``lat`` in WGS 84 degrees or None.
    """

    def __init__(self, rows: Iterable[Mapping[str, object]]) -> None:
        self._places = {place.id: place for place in map(_place, rows)}
        self._found: Mapping[str, Position] = {}
        self._positions: dict[str, Position | None] = {}
        self._direct_positions: dict[str, Position | None] = {}
        self._stated_positions: dict[str, Position | None] = {}
        self._all_members: dict[str, frozenset[str]] = {}
        self._ids_by_form: dict[str, list[str]] = {}
        for identifier in sorted(self._places):
            for form in self._places[identifier].forms:
                self._ids_by_form.setdefault(form, []).append(identifier)

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._places

    def position_source(self, identifier: str) -> str:
        """Return the cell `position_source` of a place; "" if it is empty. Raise KeyError for an unknown id."""
        return self._places[identifier].position_source

    def set_found(self, positions: Mapping[str, Position]) -> None:
        """Set the positions that were found elsewhere for places without a point of their own: id -> position."""
        self._found = positions
        self._positions, self._direct_positions, self._stated_positions = {}, {}, {}

    def has_point(self, identifier: str) -> bool:
        """Whether the project states the point of a place, or by the precision "unresolved" that it has none, so that none is looked up."""
        place = self._places[identifier]
        return place.point is not None or place.precision == "unresolved"

    def position(self, identifier: str) -> Position | None:
        """Return the position of a place: its own, else the centre of its members, else that of the nearest area around it that has one.

        None if there is none. Of places that are members of each other, none gets a position from another.
        """
        if identifier not in self._positions:
            self._positions[identifier] = self._find_position(identifier)
        return self._positions[identifier]

    def _find_position(self, identifier: str) -> Position | None:
        if (position := self._direct_position(identifier)) is not None:
            return position
        for area in self.ancestors(identifier):
            if (position := self._direct_position(area)) is not None:
                return Position(position.lon, position.lat, position.level, position.radius_m, area)
        return None

    def _direct_position(self, identifier: str) -> Position | None:
        """Return the stated position of a place, else the centre of its members (see `_member_position`); None without either."""
        if identifier not in self._direct_positions:
            position = self._stated_position(identifier)
            if position is None and identifier in self._places:
                # A member that only took its parent's point says little about where the members lie.
                members = [p for one in self._members(identifier) if (p := self._member_position(one, identifier))]
                position = _centre(members) if members else None
            self._direct_positions[identifier] = position
        return self._direct_positions[identifier]

    def _stated_position(self, identifier: str) -> Position | None:
        """Return the position of a place by its own point, else as it was set, else the centre of its members' positions of these kinds.

        None if there is none of these, or the id is unknown.
        """
        place = self._places.get(identifier)
        if place is None:
            return None
        if place.point is not None:
            level = place.precision or (place.kind if place.kind in _ADMINISTRATIVE_LEVELS else "site")
            return Position(*place.point, level, PRECISION_RADIUS_M[level], "")
        if identifier in self._found:
            return self._found[identifier]
        if identifier not in self._stated_positions:
            members = [p for one in self._members(identifier) if (p := self._stated_position(one))]
            self._stated_positions[identifier] = _centre(members) if members else None
        return self._stated_positions[identifier]

    def _member_position(self, member: str, area: str) -> Position | None:
        """Return the position of a member of an area: its own, else that of the nearest area around it but below `area`; else None."""
        if (position := self._direct_position(member)) is not None:
            return position
        for ancestor in self.ancestors(member):
            if ancestor == area:
                return None
            if (position := self._stated_position(ancestor)) is not None:
                return position
        return None

    def _members(self, identifier: str) -> list[str]:
        """Return the members of a place, without those that contain the place themselves."""
        return [
            member for member in self._places[identifier].members
            if member != identifier and identifier not in self._descendants(member)
        ]  # fmt: skip

    def _descendants(self, identifier: str) -> frozenset[str]:
        """Return the members of a place, their members, and so on."""
        if identifier not in self._all_members:
            reached: set[str] = set()
            stack = [identifier]
            while stack:
                place = self._places.get(stack.pop())
                new = set(place.members) - reached if place is not None else set()
                reached |= new
                stack += new
            self._all_members[identifier] = frozenset(reached)
        return self._all_members[identifier]

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """Return the ids of the areas that a place lies in, nearest first."""
        chain: list[str] = []
        place = self._places.get(identifier)
        while place is not None and place.parent in self._places and place.parent not in chain:
            chain.append(place.parent)
            place = self._places.get(place.parent)
        return tuple(chain)

    def units(self) -> Iterator[tuple[str, str, str, str]]:
        """Iterate over all places as (id, name, kind, adcode)."""
        return ((place.id, place.name, place.kind, place.adcode) for place in self._places.values())

    def has_form(self, form: str) -> bool:
        """Whether any place has a form."""
        return form in self._ids_by_form

    def named(self, form: str) -> list[tuple[str, Reason]]:
        """Return (id, kind of the form) of each place that has a form: "exact", "short-name" or "alias"; [] for an unknown form."""
        return [(identifier, self._places[identifier].forms[form]) for identifier in self._ids_by_form.get(form, ())]

    def forms(self) -> Iterator[str]:
        """Iterate over all forms."""
        return iter(self._ids_by_form)

    def name(self, identifier: str) -> str:
        """Return the name of a place. Raise KeyError for an unknown id."""
        return self._places[identifier].name

    def kind(self, identifier: str) -> str:
        """Return the kind of a place as in the table, "" if it is empty. Raise KeyError for an unknown id."""
        return self._places[identifier].kind


def _place(row: Mapping[str, object]) -> _Place:
    """Return a row of the table `places` as a place; coordinates that are no finite numbers count as missing."""
    identifier, name, kind = str(row["id"]), str(row["name"]), str(row.get("kind") or "")
    lon, lat = row.get("lon"), row.get("lat")
    point = None
    stated = row.get("precision") != "unresolved" and isinstance(lon, (int, float)) and isinstance(lat, (int, float))
    if stated and math.isfinite(lon) and math.isfinite(lat):  # type: ignore[arg-type]
        point = (float(lon), float(lat))  # type: ignore[arg-type]
    place = _Place(
        identifier,
        name,
        kind,
        str(row.get("parent") or ""),
        cast("tuple[str, ...]", tuple(row.get("members") or ())),  # type: ignore[arg-type]
        point,
        str(row.get("precision") or ""),
        str(row.get("adcode") or ""),
        str(row.get("position_source") or ""),
    )
    _add_forms(place, str(row.get("name_en") or ""), cast("Sequence[str]", row.get("aliases") or ()))
    return place


def _add_forms(place: _Place, name_en: str, aliases: Sequence[str]) -> None:
    """Add the forms of a project's place: its name, English name, id and aliases, and both names without a suffix.

    The suffix is one of the kind of the place (綦江 for 綦江区) or an English one (qijiang for Qijiang District). To the Chinese name of a
    city without a suffix, 市 is appended as a further form.
    """
    forms = place.forms
    for form, reason in [
        (place.name, "exact"), (name_en, "exact"), (place.id, "alias"), *((alias, "alias") for alias in aliases)
    ]:  # fmt: skip
        if fold_name(form):
            forms.setdefault(fold_name(form), cast("Reason", reason))
    suffixes = _SUFFIXES.get(place.kind, ())
    for form in [fold_name(place.name), fold_name(name_en)]:
        for suffix in (*suffixes, *_EN_SUFFIXES):
            if form.endswith(suffix) and len(form) - len(suffix) >= 2:
                forms.setdefault(form.removesuffix(suffix), "short-name")
    if place.kind == "city" and not place.name.endswith(_UNITS) and not place.name.isascii():
        forms.setdefault(fold_name(place.name) + "市", "short-name")


def _centre(positions: Sequence[Position]) -> Position:
    """Return the mean of several positions, with a radius that contains them all and the finest level whose radius is at least as large.

    The level is at most "province", however large the radius is, unless one of the positions has the level "country".
    """
    lon = sum(one.lon for one in positions) / len(positions)
    lat = sum(one.lat for one in positions) / len(positions)
    radius_m = max(distance_m(lon, lat, one.lon, one.lat) + one.radius_m for one in positions)
    widest = max((one.level for one in positions), key=LEVELS.index)
    level = next((name for name, level_m in PRECISION_RADIUS_M.items() if level_m >= radius_m), widest)
    if LEVELS.index(level) > LEVELS.index("province"):
        level = max("province", widest, key=LEVELS.index)
    return Position(lon, lat, level, max(radius_m, 1.0), "")
