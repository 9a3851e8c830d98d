"""Find the town that an address names at an index, among those that lie in the places named before it.

After the name of a county its towns are found by every form of their names (`CountyTowns`); elsewhere only by their full names.
"""

from __future__ import annotations

from qjmap.geocoding.china_gazetteer import EXACT
from qjmap.geocoding.county_towns import TOWN_END, CountyTowns, State
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.name_boundaries import UNIT_SUFFIXES


class NamedTowns:
    """Finder of towns in addresses, for any `State` of the parser; the towns of a state's counties are cached.

    Parameters
    ----------
    places : the gazetteer whose towns are found.
    """

    def __init__(self, places: MergedGazetteer) -> None:
        self._places = places
        self._by_state: dict[State, CountyTowns | None] = {}
        self._by_counties: dict[tuple[int, ...], CountyTowns] = {}

    def of_state(self, state: State) -> CountyTowns | None:
        """Return the towns of the counties that are or contain the places of a state; None if one of these lies in no county (a city)."""
        try:
            return self._by_state[state]
        except KeyError:
            pass
        counties = self._places.counties([place for place, _ in state])
        if counties is None:
            self._by_state[state] = None
            return None
        key = tuple(dict.fromkeys(counties))
        if key not in self._by_counties:
            self._by_counties[key] = CountyTowns(self._places.china, key)
        found = self._by_state[state] = self._by_counties[key]
        return found

    def match(self, text: str, start: int, state: State) -> tuple[State, str] | None:
        """Return the hits of the towns named at an index, and the name as written; None if no town is named there.

        The towns of counties are found by any form; those inside other places, and all towns for an empty state, by the full name.
        """
        if state:
            towns = self.of_state(state)
            if towns is not None:
                return towns.match(text, start)
        china = self._places.china
        for last in reversed([*TOWN_END.finditer(text, start + 2, start + china.longest_town)]):
            form = text[start : last.end()]
            if not (codes := china.towns_named(form)):
                continue
            if not state:
                return tuple((code, EXACT) for code in codes), form
            lies_in = self._places.lies_in
            inside = tuple((code, EXACT) for code in codes if any(lies_in(code, area) for area, _ in state))
            if inside:
                return inside, form
        return None

    def begin(self, state: State, text: str, start: int) -> bool:
        """Whether a town of the state's counties is named at an index, with its suffix or without; False if they are not known."""
        towns = self.of_state(state)
        return towns is not None and towns.begin(text, start)


def is_town_meant(town: str, form: str, narrowed: State | None) -> bool:
    """Whether an address means the name of a town, and not the name of a larger unit that begins at the same index.

    Parameters
    ----------
    town : the town's name.
    form : the unit's name, "" for none.
    narrowed : the state after the unit's name; None if that contradicts the names before it.
    """
    return not form or len(town) > len(form) or (narrowed is None and form[-1] not in UNIT_SUFFIXES)
