"""The places of a project and the gazetteer of China as one set: forms, containment, positions.

A project's place that is found in the gazetteer (by its adcode, else by its name and kind within its parent) is *linked* to the place
there, and both count as one: it has the forms of both, the name of the project, and the point of the project, else of the gazetteer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qjmap.geocoding.china_gazetteer import (
    ALIAS,
    EXACT,
    FIRST_CITY,
    FIRST_TOWN_CODE,
    FORMER,
    SHORT,
    TOWN_SUFFIXES,
    ChinaGazetteer,
    Hit,
    Place,
)
from qjmap.geocoding.cities_abroad import FAR_MORE_POPULOUS, is_latin, latin_key
from qjmap.geocoding.countries import Countries
from qjmap.geocoding.project_gazetteer import Position, ProjectGazetteer, fold_name

_FORM_KINDS = {"exact": EXACT, "short-name": SHORT, "alias": ALIAS}
_UNITS = ("district", "city")
_TRAFFIC = ("port", "airport", "station")
_ANY_KIND = (("country", "province", "city", "district", "development-zone", *_TRAFFIC),)
_SAME_KINDS = {
    "": _ANY_KIND, "other": _ANY_KIND, "country": (("country",), ("province",)), "province": (("province",), ("city",)),
    "city": (("city", "district"), ("province", "country")), "district": (_UNITS,),
    "development-zone": (("development-zone",),), "port": (_TRAFFIC, _UNITS), "station": (("airport", "station"), _UNITS),
}  # fmt: skip
"""Kind of a project's place -> groups of kinds that it may have in the gazetteer. A group counts if no place of the groups before it has
the name: 义乌市, a city in a project, is a district in the gazetteer, and 重庆市 a province."""
_KINDS_ABROAD = ("", "other", "city", "port", "station")
"""Kinds of a project's place that may be a city abroad."""
_NEAR_A_CITY_M = 60_000.0
"""Assumed radius in metres of a place abroad that has no point and is located at the nearest city."""


class MergedGazetteer:
    """Places of a project, by id (str), and of the gazetteer of the package, by key (int); see `Place`. The project's come first.

    Attributes
    ----------
    china, project : the two gazetteers.
    row_of : id of a linked place of the project -> its key in `china`: a row, a city abroad or a town code.
    project_id_of : key of a linked place -> id of the project's place; the first one if several are linked to it.
    countries : the countries of the gazetteer.
    """

    def __init__(self, china: ChinaGazetteer, project: ProjectGazetteer) -> None:
        self.china = china
        self.project = project
        self.countries = Countries(china)
        self.row_of: dict[str, int] = {}
        self.project_id_of: dict[int, str] = {}
        for identifier, row in self._links():
            self.row_of[identifier] = row
            self.project_id_of.setdefault(row, identifier)
        self._hits: dict[str, tuple[Hit, ...]] = {}
        self._containing: dict[Place, frozenset[Place]] = {}
        self._positions: dict[Place, Position | None] = {}
        self._inherited: dict[int, Position | None] = {}
        self._find_points()

    def _links(self) -> list[tuple[str, int]]:
        """Return the pairs of a linked place of the project and its key in `china`, in the order of the project's places."""
        rows: dict[str, int] = {}
        units = {identifier: (name, kind, adcode) for identifier, name, kind, adcode in self.project.units()}
        for identifier in units:
            for one in (*reversed(self.project.ancestors(identifier)), identifier):
                if one not in rows:
                    rows[one] = self._row(one, *units[one], self._parent_row(one, rows))
        return [(identifier, rows[identifier]) for identifier in units if rows[identifier] >= 0]

    def _parent_row(self, identifier: str, rows: Mapping[str, int]) -> int:
        """Return the key of the nearest area around a project's place that is linked; -1 for none.

        Parameters
        ----------
        rows : id of a place -> its key, -1 for a place that is not linked.
        """
        return next((row for area in self.project.ancestors(identifier) if (row := rows.get(area, -1)) >= 0), -1)

    def _row(self, identifier: str, name: str, kind: str, adcode: str, parent: int) -> int:
        """Return the key in `china` of a project's place; -1 if no place there is it, or several may be.

        It is found by adcode, else by name and kind inside `parent`. An adcode that the gazetteer lacks, such as a former one, still
        determines the province.

        Parameters
        ----------
        parent : key of the area around the place; -1 for none.
        """
        china, form = self.china, fold_name(name)
        row = china.row_by_id.get(adcode, -1) if adcode else -1
        if row >= 0 or (len(adcode) == 9 and china.is_town_code(adcode)):
            return row if row >= 0 else int(adcode)
        if adcode and parent < 0:
            parent = china.row_by_id.get(f"{adcode[:2]}0000", -1)
            if parent < 0:
                return -1
        if kind == "town" or (kind in ("", "other") and form.endswith(TOWN_SUFFIXES)):
            return self._only([(code, EXACT) for code in china.towns_named(form)], parent)
        for kinds in _SAME_KINDS.get(kind, ()):
            if hits := [(row, tier) for row, tier in china.hits(form) if china.kind(row) in kinds]:
                return self._only(hits, parent)
        is_abroad = kind in _KINDS_ABROAD and not adcode and not self.project.has_point(identifier)
        return self._city_abroad(name, form, parent) if is_abroad else -1

    def _only(self, hits: Sequence[tuple[int, int]], parent: int) -> int:
        """Return the key of the only hit inside a parent; -1 for none or several. Full names count first, former ones last.

        Of several hits one that contains all the others counts as the only one.

        Parameters
        ----------
        hits : (key, kind of the form).
        parent : key of the area; -1 for no limit.
        """
        inside = [(row, tier) for row, tier in hits if parent < 0 or self._is_in(row, parent)]
        for tiers in ((EXACT,), (SHORT, ALIAS), (FORMER,)):
            if rows := [row for row, tier in inside if tier in tiers]:
                widest = [row for row in rows if all(self._is_in(other, row) for other in rows)]
                return widest[0] if len(widest) == 1 else -1
        return -1

    def _city_abroad(self, name: str, form: str, parent: int) -> int:
        """Return the key of the city abroad with a name; -1 for none.

        -1 also if the largest of several has less than `FAR_MORE_POPULOUS` times the inhabitants of the next.

        Parameters
        ----------
        name, form : the name, which may be in Latin letters, and its folded form.
        parent : key of the area that must contain it; -1 for any.
        """
        abroad = self.china.abroad
        names, key = (abroad.latin_names, latin_key(name)) if is_latin(name) else (abroad.chinese_names, form)
        cities = [city for city in names.find(key) if parent < 0 or self._is_in(city + FIRST_CITY, parent)]
        city, times = abroad.most_populous(cities)
        return city + FIRST_CITY if city is not None and times >= FAR_MORE_POPULOUS else -1

    def _is_in(self, inner: int, outer: int) -> bool:
        """Whether a place of the gazetteer is `outer` or lies in it today."""
        while inner >= 0 and inner != outer:
            inner = self.china.parent(inner)
        return inner == outer

    def _find_points(self) -> None:
        """Give the linked places of the project that state no point the positions that they have in the gazetteer.

        A place that has no point there either, such as a development zone, gets the position of the unit that contains it there, if it
        has no position in the project itself.
        """
        found, without = dict[str, Position](), list[tuple[str, int]]()
        for identifier, row in self.row_of.items():
            point = None if self.project.has_point(identifier) else self.china.point(row)
            if point is not None:
                found[identifier] = Position(*point, self.china.id(row))
            elif not self.project.has_point(identifier):
                without.append((identifier, row))
        self.project.set_found(found)
        lost = [(own, row) for own, row in without if self.project.position(own) is None]
        if inherited := {own: position for own, row in lost if (position := self._find_position(row)) is not None}:
            self.project.set_found(found | inherited)

    def merged(self, row: int) -> Place:
        """Return the id of the project's place that is linked to the place of the gazetteer with the key `row`; `row` itself if none is."""
        return self.project_id_of.get(row, row)

    def hits(self, form: str) -> tuple[Hit, ...]:
        """Return the places that have a form, the project's places first; empty for an unknown form."""
        hits = self._hits.get(form)
        if hits is None:
            kinds: dict[Place, int] = {place: _FORM_KINDS[reason] for place, reason in self.project.named(form)}
            in_project = bool(kinds)
            for row, kind in self.china.hits(form):
                # A form that the project has does not also mean its other places by their names in the gazetteer.
                if not in_project or row not in self.project_id_of:
                    kinds.setdefault(self.merged(row), kind)
            hits = tuple(kinds.items())
            if hits:  # unknown texts are unlimited in number: they are not cached
                self._hits[form] = hits
        return hits

    def has_form(self, form: str) -> bool:
        """Whether any place has a form, except for towns and those cities abroad that `ChinaGazetteer.hits` does not find."""
        return form in self.china.forms or self.project.has_form(form)

    def containing(self, place: Place) -> frozenset[Place]:
        """Return a place and all places that contain it, each by its project id and by its key, if it has both.

        Prefectures that formerly contained it are among them.
        """
        places = self._containing.get(place)
        if places is None:
            reached, stack = {place}, [place]
            while stack:
                for parent in self._direct_parents(stack.pop()):
                    if parent not in reached:
                        reached.add(parent)
                        stack.append(parent)
            former = [row for one in reached if isinstance(one, int) for row in self.china.former_prefectures(one)]
            reached.update(former, map(self.merged, former))
            places = self._containing[place] = frozenset(reached)
        return places

    def _direct_parents(self, place: Place) -> list[Place]:
        """Return the places that directly contain a place (for a project's place all of its areas), and the place by its other key."""
        if isinstance(place, str):
            row = self.row_of.get(place)
            return [*self.project.ancestors(place), *([] if row is None else [row])]
        identifier, parent = self.project_id_of.get(place), self.china.parent(place)
        return [*([] if identifier is None else [identifier]), *([] if parent < 0 else [parent])]

    def lies_in(self, inner: Place, outer: Place) -> bool:
        """Whether `inner` equals `outer`, lies in it, or formerly lay in it if `outer` is a prefecture."""
        if isinstance(inner, int):
            if isinstance(outer, int) and self.china.lies_in(inner, outer):
                return True
            if not self.project_id_of:  # no unit lies in a place of the project
                return False
        return outer in self.containing(inner)

    def country(self, place: Place) -> int:
        """Return the row of the country that is or contains a place; -1 if it is not known."""
        if isinstance(place, int):
            return self.countries.of(place)
        rows = (self.countries.of(area) for area in self.containing(place) if isinstance(area, int))
        return next((row for row in rows if row >= 0), -1)

    def contradicts(self, place: Place, country: int) -> bool:
        """Whether a place is known to lie outside a country, or outside a provincial unit of China.

        Parameters
        ----------
        country : row of the country or unit, as `Countries.find` returns it.
        """
        return not self.lies_in(place, country) and self.country(place) >= 0

    def beside_zone(self, hits: Sequence[Hit], zones: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return the hits by full name that lie in the prefecture (else the province) of a development zone named before: 南京市江北新区浦口区.

        Parameters
        ----------
        zones : hits of the name before; the result is () unless all are development zones.
        """
        if any(self.kind(place) != "development-zone" for place, _ in zones):
            return ()
        around = [
            area for place, _ in zones for area in self.containing(place) if self.kind(area) in ("city", "province")
        ]
        cities = [area for area in around if self.kind(area) == "city"] or around
        return tuple(hit for hit in hits if hit[1] == EXACT and any(self.lies_in(hit[0], city) for city in cities))

    def id(self, place: Place) -> str:
        """Return the id by which answers name a place: that of the project, or the adcode, town code or id in the gazetteer."""
        return place if isinstance(place, str) else self.china.id(place)

    def name(self, place: Place) -> str:
        """Return the name of a place: that of the project, else its full name in the gazetteer; of an abolished unit its last one."""
        return self.project.name(place) if isinstance(place, str) else self.china.name(place)

    def kind(self, place: Place) -> str:
        """Return the kind of a place: as the project's table has it ("" if not stated), or as `ChinaGazetteer.kind` returns it."""
        return self.project.kind(place) if isinstance(place, str) else self.china.kind(place)

    def china_row(self, place: Place) -> int | None:
        """Return the key of a place in `china`; None for a place of the project that is not linked."""
        return self.row_of.get(place) if isinstance(place, str) else place

    def place_by_id(self, identifier: str) -> Place | None:
        """Return the place with an id as answers have it, None for an unknown id."""
        if identifier in self.project:
            return identifier
        place = self.china.place_by_id(identifier)
        return None if place is None else self.merged(place)

    def position(self, place: Place) -> Position | None:
        """Return the position of a place: its own, else that of the linked place, else that of the nearest area around it that has one.

        None if no area around it has one either.
        """
        if isinstance(place, int) and place >= FIRST_TOWN_CODE:  # towns are too many to be cached
            return self._find_position(place)
        if place not in self._positions:
            self._positions[place] = self._find_position(place)
        return self._positions[place]

    def _find_position(self, place: Place) -> Position | None:
        """Return what `position` caches."""
        if isinstance(place, str):
            if (stated := self._project_position(place)) is not None:
                return stated
            for area in self.project.ancestors(place):
                if (position := self._project_position(area)) is not None:
                    return _inherit(position, area)
            return None
        if (point := self.china.point(place)) is not None:
            return Position(*point, "")
        parent = self.china.parent(place)
        if parent < 0:
            return None
        if self.china.is_city_abroad(place):
            city = self.position(parent)
            return None if city is None else Position(city.lon, city.lat, city.level, _NEAR_A_CITY_M, self.id(parent))
        if parent not in self._inherited:
            unit = self.merged(parent)
            position = self.position(unit)
            self._inherited[parent] = None if position is None else _inherit(position, self.id(unit))
        return self._inherited[parent]

    def _project_position(self, place: str) -> Position | None:
        """Return the position of a project's place: by its own point or members, else the point of the linked place, else an inherited one.

        None if it has none of these.
        """
        stated = self.project.position(place)
        row = self.row_of.get(place)
        if (stated is None or stated.position_of) and row is not None and (point := self.china.point(row)):
            return Position(*point, self.china.id(row))
        return stated

    def area_names(self, place: Place) -> str:
        """Return the names of the areas that contain a place, without its country, widest first, separated by spaces: 重庆市 綦江区.

        Of a city abroad they are country and region. Of a linked place those of the gazetteer are taken.
        """
        row = self.china_row(place)
        if isinstance(place, str) and row is None:
            areas = [area for area in reversed(self.project.ancestors(place)) if self.project.kind(area) != "country"]
            return " ".join(map(self.project.name, areas))
        if row is not None and self.china.is_city_abroad(row):
            return self.china.area_names_abroad(row)
        names: list[str] = []
        while row is not None and (row := self.china.parent(row)) >= 0 and self.china.kind(row) != "country":
            names.insert(0, self.china.name(row))
        return " ".join(names)

    def counties(self, places: Iterable[Place]) -> list[int] | None:
        """Return for each place the row of the county that is or contains it; None if one of them lies in no county (a city, a country).

        Prefecture-level cities without counties count as counties.
        """
        counties: list[int] = []
        for place in places:
            rows = [row for row in self.containing(place) if isinstance(row, int) and row < FIRST_CITY]
            candidates = [row for row in rows if self.china.has_towns(row)]
            if not candidates:
                return None
            # A unit of today before an abolished one (江北区, now in 两江新区, which has its towns); then the innermost.
            counties.append(
                max(candidates, key=lambda row: (not self.china.abolished_in(row), len(self.containing(row)), row))
            )
        return counties


def _inherit(position: Position, area: str) -> Position:
    """Return the position of an area for a place inside it without a point; `position_of` is the id of the place whose point it is."""
    return Position(position.lon, position.lat, position.level, position.radius_m, position.position_of or area)
