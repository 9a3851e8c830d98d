"""The offline gazetteer of a project: the places it knows, where they lie, and how their names are read.

An answer is never guessed: a text that names nothing known, or several things, stays unresolved with the reason.
Pure Python on purpose: one name is answered before pandas could be imported.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from qjmap.locators.protocol import Answer, Candidate, Reason
from qjmap.schema import PRECISION_RADIUS_M

LEVELS = tuple(PRECISION_RADIUS_M)
"""Precision levels, finest first."""

_KIND_LEVEL = {"country": "country", "province": "province", "city": "city", "district": "district", "town": "town"}
_SUFFIXES = {"city": ("市",), "district": ("区", "县"), "province": ("省", "市"), "town": ("镇", "乡", "街道")}
_EN_SUFFIXES = (" district", " city", " county", " province", " municipality", " town")
_ROADS = ("路", "街", "大道", "巷", "弄", "桥")
_UNITS = ("镇", "乡", "村", "街道", "县", "区", "市", "省", "州")
_GAP = re.compile(r"[\s,，、;；·•\-—–/|()（）]*")
_EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius


@dataclass(frozen=True, slots=True)
class Position:
    """Where a place is drawn: WGS 84 degrees, the level that is really known, its radius, and whose point it is."""

    lon: float
    lat: float
    level: str
    radius_m: float
    position_of: str


@dataclass(slots=True)
class _Place:
    id: str
    name: str
    kind: str
    parent: str
    members: tuple[str, ...]
    own: tuple[float, float] | None
    precision: str
    adcode: str = ""
    forms: dict[str, Reason] = field(default_factory=dict)


def fold(text: str) -> str:
    """A name as it is compared: NFKC (full-width forms), case folded, runs of white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def coarser(first: str, second: str) -> str:
    """The less precise of two levels."""
    return max(first, second, key=LEVELS.index)


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance in metres of two WGS 84 points (sphere of the mean radius; within 0.6 %)."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def own_level(kind: str, precision: str) -> str:
    """The level of a place's own coordinates: as stated, else its administrative level, else ``site``."""
    return precision or _KIND_LEVEL.get(kind, "site")


class Gazetteer:
    """Names and positions of places.

    Parameters
    ----------
    rows
        One mapping a place with the columns of the places table; ``aliases`` and ``members`` as tuples, ``lon`` and
        ``lat`` in WGS 84 degrees or None.
    """

    def __init__(self, rows: Iterable[Mapping[str, object]]) -> None:
        self._places: dict[str, _Place] = {}
        for row in rows:
            place = _place(row)
            self._places[place.id] = place
        self._positions: dict[str, Position | None] = {}
        self._itself: dict[str, Position | None] = {}
        self._stated: dict[str, Position | None] = {}
        self._members: dict[str, frozenset[str]] = {}
        self._forms: dict[str, list[str]] = {}
        for identifier in sorted(self._places):
            for form in self._places[identifier].forms:
                self._forms.setdefault(form, []).append(identifier)
        self._longest = max(map(len, self._forms), default=0)

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._places

    def position(self, identifier: str) -> Position | None:
        """The position of a place: its own, else that of its members together, else that of the area it lies in.

        In a circle (members whose parent is the area, areas that hold each other) a place says nothing of itself.
        """
        if identifier not in self._positions:
            self._positions[identifier] = self._find_position(identifier)
        return self._positions[identifier]

    def _find_position(self, identifier: str) -> Position | None:
        if (own := self._of_itself(identifier)) is not None:
            return own
        for area in self.ancestors(identifier):
            if (above := self._of_itself(area)) is not None:
                return Position(above.lon, above.lat, above.level, above.radius_m, area)
        return None

    def _of_itself(self, identifier: str) -> Position | None:
        """The position of a place by its own point or its members."""
        if identifier not in self._itself:
            known = self._stated_by(identifier)
            if known is None and identifier in self._places:
                # A member that only took its parent's point says little about where the members lie.
                held = [found for member in self._below(identifier) if (found := self._lent(member, identifier))]
                known = _middle(held) if held else None
            self._itself[identifier] = known
        return self._itself[identifier]

    def _stated_by(self, identifier: str) -> Position | None:
        """The position of a place by its own point, else by those of its members that have one."""
        place = self._places.get(identifier)
        if place is None:
            return None
        if place.own is not None:
            level = own_level(place.kind, place.precision)
            return Position(*place.own, level, PRECISION_RADIUS_M[level], "")
        if identifier not in self._stated:
            held = [found for member in self._below(identifier) if (found := self._stated_by(member))]
            self._stated[identifier] = _middle(held) if held else None
        return self._stated[identifier]

    def _lent(self, member: str, to: str) -> Position | None:
        """The position of a member without a point of its own: its members', else that of an area it lies in but `to`."""
        if (own := self._of_itself(member)) is not None:
            return own
        for area in self.ancestors(member):
            if area == to:
                return None
            if (above := self._stated_by(area)) is not None:
                return above
        return None

    def _below(self, identifier: str) -> list[str]:
        """The members of a place that do not hold it themselves."""
        return [one for one in self._places[identifier].members if one != identifier and identifier not in self._held(one)]

    def _held(self, identifier: str) -> frozenset[str]:
        """The members of a place, their members, and so on."""
        if identifier not in self._members:
            held: set[str] = set()
            ahead = [identifier]
            while ahead:
                place = self._places.get(ahead.pop())
                new = set(place.members) - held if place is not None else set()
                held |= new
                ahead += new
            self._members[identifier] = frozenset(held)
        return self._members[identifier]

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """The areas a place lies in, nearest first, the place itself left out."""
        chain: list[str] = []
        place = self._places.get(identifier)
        while place is not None and place.parent and place.parent not in chain:
            chain.append(place.parent)
            place = self._places.get(place.parent)
        return tuple(chain)

    def units(self) -> Iterator[tuple[str, str, str, str]]:
        """Every place as (id, name, kind, adcode)."""
        return ((one.id, one.name, one.kind, one.adcode) for one in self._places.values())

    def knows(self, form: str) -> bool:
        """Whether a folded name is that of a place."""
        return form in self._forms

    def named(self, form: str) -> list[tuple[str, Reason]]:
        """The places that bear a folded name, each with how the name is its own."""
        return [(one, self._places[one].forms[form]) for one in self._forms.get(form, ())]

    def forms(self) -> Iterator[str]:
        """All folded names."""
        return iter(self._forms)

    def name(self, identifier: str) -> str:
        """The name of a place."""
        return self._places[identifier].name

    def kind(self, identifier: str) -> str:
        """The kind of a place."""
        return self._places[identifier].kind

    def _lies_in(self, inner: str, outer: str) -> bool:
        return inner == outer or outer in self.ancestors(inner)

    def locate(self, text: str, *, within: Sequence[str] = ()) -> Answer:
        """Candidates for a name or an address; ``within`` are names or ids of areas that hold it."""
        folded = fold(text)
        if not folded:
            return Answer(text, None, (), "empty")
        areas = self._areas(within)
        known = self._forms.get(folded)
        if known:
            return self._decide(text, [(one, folded, "") for one in known], areas)
        chain = self._english(folded) if folded.isascii() else self._chain(folded)
        if chain is None:
            near = difflib.get_close_matches(folded, self._forms, n=3, cutoff=0.6)
            names = dict.fromkeys(self._places[self._forms[form][0]].name for form in near)
            return Answer(text, None, (), "unknown", tuple(names))
        found, matched, rest, conflict = chain
        if conflict:
            both = tuple(self._candidate(one, matched, rest, "conflict", 0.3) for one in found)
            return Answer(text, None, both, "conflict")
        return self._decide(text, [(one, matched, rest) for one in found], areas)

    def _areas(self, within: Sequence[str]) -> list[set[str]]:
        """The places that each word of the row may mean; none for a word that is not known, and nothing lies in that."""
        areas = []
        for name in filter(None, map(fold, within)):
            ids = {name} if name in self._places else set(self._forms.get(name, ()))
            if not ids and (chain := self._chain(name)) is not None and not chain[3]:
                ids = set(chain[0])
            areas.append(ids)
        return areas

    def _decide(self, text: str, found: list[tuple[str, str, str]], areas: list[set[str]]) -> Answer:
        inside = [one for one in found if all(any(self._lies_in(one[0], area) for area in group) for group in areas)]
        ranked = sorted(
            (self._candidate(one, matched, rest, self._reason(one, matched, rest)) for one, matched, rest in found),
            key=lambda candidate: (-(candidate.score or 0.0), candidate.id),
        )
        if not inside:
            return Answer(text, None, tuple(ranked), "conflict")
        if len(inside) > 1:
            # One of them holding the others' name as its own name, not as an alias, decides; else nobody does.
            named = [one for one in inside if self._reason(one[0], one[1], "") == "exact"]
            if len(named) != 1:
                return Answer(text, None, tuple(ranked), "ambiguous")
            inside = named
        one, matched, rest = inside[0]
        best = self._candidate(one, matched, rest, self._reason(one, matched, rest))
        others = tuple(candidate for candidate in ranked if candidate.id != one)
        return Answer(text, best, (best, *others), best.reason if best.lon is not None else "no-position")

    def _reason(self, identifier: str, matched: str, rest: str) -> Reason:
        return "address" if rest else self._places[identifier].forms.get(matched, "address")

    def _candidate(
        self, identifier: str, matched: str, rest: str, reason: Reason, score: float | None = None
    ) -> Candidate:
        place = self._places[identifier]
        at = self.position(identifier)
        if score is None:
            score = {"exact": 1.0, "alias": 0.97, "short-name": 0.94}.get(reason, 0.85)
        if at is None:
            return Candidate(identifier, place.name, "unresolved", None, None, None, score, matched, rest, reason)
        return Candidate(
            identifier, place.name, at.level, at.lon, at.lat, at.radius_m, score, matched, rest, reason, at.position_of
        )

    def _chain(self, text: str) -> tuple[list[str], str, str, bool] | None:
        """Reads names one after the other from the start: areas, then ever smaller places in them."""
        start, end = 0, 0
        found: list[str] = []
        while (step := self._step(text, start)) is not None:
            form, after = step
            here = self._forms[form]
            narrower = [one for one in here if any(self._lies_in(one, outer) for outer in found)] if found else here
            if not narrower:
                # The same area said again in a wider word is no news; anything else contradicts what came before.
                if any(self._lies_in(inner, one) for inner in found for one in here):
                    start = end = after
                    continue
                return [*found, *here], text[:after].strip(), text[after:].strip(), True
            found, start, end = narrower, after, after
        if not found:
            return None
        return found, text[:end].strip(), _GAP.sub("", text[end:], count=1), False

    def _step(self, text: str, start: int) -> tuple[str, int] | None:
        gap = _GAP.match(text, start)
        start = gap.end() if gap else start
        for length in range(min(self._longest, len(text) - start), 1, -1):
            form = text[start : start + length]
            if form in self._forms and _stands_alone(form, text[start + length :]):
                return form, start + length
        return None

    def _english(self, text: str) -> tuple[list[str], str, str, bool] | None:
        """Comma-separated parts, the smallest first, as English writes addresses."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        known = [(part, self._forms[part]) for part in parts if part in self._forms]
        if len(parts) < 2 or not known:
            return None
        part, found = known[0]
        for _, outer in known[1:]:
            found = [one for one in found if any(self._lies_in(one, area) for area in outer)]
        rest = ", ".join(other for other in parts if other not in dict(known))
        if not found:
            return [one for _, ids in known for one in ids], text, rest, True
        return found, part, rest, False


def _stands_alone(form: str, after: str) -> bool:
    """Whether a name really ends there: 重庆路 is a road, 西湖镇 is not 西湖."""
    if after.startswith(_ROADS):
        return False
    return form.endswith(_UNITS) or not after.startswith(_UNITS) or after.startswith("市区")


def _place(row: Mapping[str, object]) -> _Place:
    identifier, name, kind = str(row["id"]), str(row["name"]), str(row.get("kind") or "")
    lon, lat = row.get("lon"), row.get("lat")
    own = None
    stated = row.get("precision") != "unresolved" and isinstance(lon, (int, float)) and isinstance(lat, (int, float))
    if stated and math.isfinite(lon) and math.isfinite(lat):  # type: ignore[arg-type]
        own = (float(lon), float(lat))  # type: ignore[arg-type]
    place = _Place(
        identifier,
        name,
        kind,
        str(row.get("parent") or ""),
        cast("tuple[str, ...]", tuple(row.get("members") or ())),  # type: ignore[arg-type]
        own,
        str(row.get("precision") or ""),
        str(row.get("adcode") or ""),
    )
    _add_forms(place, str(row.get("name_en") or ""), cast("Sequence[str]", row.get("aliases") or ()))
    return place


def _add_forms(place: _Place, name_en: str, aliases: Sequence[str]) -> None:
    forms = place.forms
    for form, reason in [
        (place.name, "exact"), (name_en, "exact"), (place.id, "alias"), *((alias, "alias") for alias in aliases)
    ]:  # fmt: skip
        if fold(form):
            forms.setdefault(fold(form), cast("Reason", reason))
    suffixes = _SUFFIXES.get(place.kind, ())
    for form in [fold(place.name), fold(name_en)]:
        for suffix in (*suffixes, *_EN_SUFFIXES):
            if form.endswith(suffix) and len(form) - len(suffix) >= 2:
                forms.setdefault(form.removesuffix(suffix), "short-name")
    if place.kind == "city" and not place.name.endswith(_UNITS) and not place.name.isascii():
        forms.setdefault(fold(place.name) + "市", "short-name")


def _middle(held: Sequence[Position]) -> Position:
    """The mean of the members' points; its radius holds all of them, its level is the finest that is as wide.

    An area of several places is no country, however wide it is, unless a country is one of them.
    """
    lon = sum(one.lon for one in held) / len(held)
    lat = sum(one.lat for one in held) / len(held)
    reach = max(distance_m(lon, lat, one.lon, one.lat) + one.radius_m for one in held)
    widest = max((one.level for one in held), key=LEVELS.index)
    level = next((name for name, radius in PRECISION_RADIUS_M.items() if radius >= reach), widest)
    if LEVELS.index(level) > LEVELS.index("province"):
        level = coarser("province", widest)
    return Position(lon, lat, level, max(reach, 1.0), "")
