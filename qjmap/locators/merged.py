"""A project's places and all of China as one set of places: names, what lies in what, positions.

A project's place that is a unit of China (by its adcode, else by its full name and level) is that unit: it answers for
all of the unit's names, in its own words and, where it has one, at its own point.
"""

from __future__ import annotations

from collections.abc import Iterable

from qjmap.locators.gazetteer import Gazetteer, Position, fold
from qjmap.locators.national import ALIAS, EXACT, SHORT, TOWN, Hit, National, Place

_KINDS = {"exact": EXACT, "short-name": SHORT, "alias": ALIAS}
_ADMINISTRATIVE = ("province", "city", "district")


class Merged:
    """Places by project id (text) or national number, whichever comes first."""

    def __init__(self, national: National, project: Gazetteer) -> None:
        self.national = national
        self.project = project
        self.row_of: dict[str, int] = {}
        self.owner: dict[int, str] = {}
        for identifier, row in self._links():
            self.row_of[identifier] = row
            self.owner.setdefault(row, identifier)
        self._hits: dict[str, tuple[Hit, ...]] = {}
        self._closure: dict[Place, frozenset[Place]] = {}
        self._positions: dict[Place, Position | None] = {}
        self._lent: dict[int, Position | None] = {}  # what a unit gives to places in it that have no point

    def _links(self) -> list[tuple[str, int]]:
        national, found = self.national, []
        for identifier, name, kind, adcode in self.project.units():
            row = national.number.get(adcode, -1) if adcode else -1
            if row < 0 and not adcode and kind in _ADMINISTRATIVE:
                same = [r for r, k in national.hits(fold(name)) if k == EXACT and national.kind(r) == kind]
                row = same[0] if len(same) == 1 else -1
            elif row < 0 and kind == "country" and name == "中国":
                row = national.number["100000"]
            if row >= 0:
                found.append((identifier, row))
        return found

    def hits(self, form: str) -> tuple[Hit, ...]:
        """What a name may mean, the project's places first; nothing for a name that nobody bears."""
        known = self._hits.get(form)
        if known is None:
            best: dict[Place, int] = {one: _KINDS[reason] for one, reason in self.project.named(form)}
            named = bool(best)
            for row, kind in self.national.hits(form):
                # What the project itself calls so is meant, not what its other places were once called.
                if not named or row not in self.owner:
                    best.setdefault(self.owner.get(row, row), kind)
            known = tuple(best.items())
            if known:  # texts that name nothing are without number
                self._hits[form] = known
        return known

    def knows(self, form: str) -> bool:
        """Whether any place but a town has this name."""
        return form in self.national.forms or self.project.knows(form)

    def closure(self, place: Place) -> frozenset[Place]:
        """The place and all it lies in, under every name of theirs."""
        known = self._closure.get(place)
        if known is None:
            held, ahead = {place}, [place]
            while ahead:
                for one in self._above(ahead.pop()):
                    if one not in held:
                        held.add(one)
                        ahead.append(one)
            before = [row for one in held if isinstance(one, int) for row in self.national.was_in(one)]
            held.update(before, (self.owner.get(row, row) for row in before))
            known = self._closure[place] = frozenset(held)
        return known

    def _above(self, place: Place) -> list[Place]:
        """What a place lies in directly, and what it is by another name."""
        if isinstance(place, str):
            row = self.row_of.get(place)
            return [*self.project.ancestors(place), *([] if row is None else [row])]
        owner, parent = self.owner.get(place), self.national.parent(place)
        return [*([] if owner is None else [owner]), *([] if parent < 0 else [parent])]

    def lies_in(self, inner: Place, outer: Place) -> bool:
        """Whether a place is another or lies in it."""
        return outer in self.closure(inner)

    def id(self, place: Place) -> str:
        """The id by which a place is given out."""
        return place if isinstance(place, str) else self.national.id(place)

    def name(self, place: Place) -> str:
        """The name of today."""
        return self.project.name(place) if isinstance(place, str) else self.national.name(place)

    def kind(self, place: Place) -> str:
        """A place's kind."""
        return self.project.kind(place) if isinstance(place, str) else self.national.kind(place)

    def unit(self, place: Place) -> int | None:
        """The unit of China that a place is, or None."""
        return self.row_of.get(place) if isinstance(place, str) else place

    def place(self, identifier: str) -> Place | None:
        """The place of an id that was given out; None for an unknown one."""
        if identifier in self.project:
            return identifier
        row = self.national.number.get(identifier)
        if row is not None:
            return self.owner.get(row, row)
        return int(identifier) if len(identifier) == 9 and self.national.has_town(identifier) else None

    def position(self, place: Place) -> Position | None:
        """Where a place lies: its own point, else the unit's that it is, else that of the area it lies in."""
        if isinstance(place, int) and place >= TOWN:
            return self._find(place)
        if place not in self._positions:
            self._positions[place] = self._find(place)
        return self._positions[place]

    def _find(self, place: Place) -> Position | None:
        if isinstance(place, str):
            if (own := self._own(place)) is not None:
                return own
            for area in self.project.ancestors(place):
                if (above := self._own(area)) is not None:
                    return _taken(above, area)
            return None
        if (point := self.national.point(place)) is not None:
            return Position(*point, "")
        parent = self.national.parent(place)
        if parent < 0:
            return None
        if parent not in self._lent:
            outer = self.owner.get(parent, parent)
            above = self.position(outer)
            self._lent[parent] = None if above is None else _taken(above, self.id(outer))
        return self._lent[parent]

    def _own(self, place: str) -> Position | None:
        """The position of a project's place: in the project's own words, else that of the unit that it is."""
        own = self.project.position(place)
        row = self.row_of.get(place)
        if (own is None or own.position_of) and row is not None and (point := self.national.point(row)):
            return Position(*point, self.national.id(row))
        return own

    def within(self, place: Place) -> str:
        """The units that hold a place, widest first: 重庆市 綦江区."""
        names: list[str] = []
        at = self.unit(place)
        if isinstance(place, str) and at is None:
            above = [one for one in reversed(self.project.ancestors(place)) if self.project.kind(one) != "country"]
            return " ".join(map(self.project.name, above))
        while at is not None and (at := self.national.parent(at)) >= 0 and self.national.kind(at) != "country":
            names.insert(0, self.national.name(at))
        return " ".join(names)

    def counties(self, places: Iterable[Place]) -> list[int] | None:
        """The counties that places are or lie in, None where one of them is wider."""
        found: list[int] = []
        for place in places:
            rows = [one for one in self.closure(place) if isinstance(one, int) and one < TOWN]
            held = [one for one in rows if self.national.holds_towns(one)]
            if not held:
                return None
            # 江北区 of before 2025 lies in 两江新区, which has its towns; else the nearest.
            found.append(max(held, key=lambda row: (not self.national.until(row), len(self.closure(row)), row)))
        return found


def _taken(above: Position, of: str) -> Position:
    return Position(above.lon, above.lat, above.level, above.radius_m, above.position_of or of)
