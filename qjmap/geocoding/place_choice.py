"""Rules that decide between the places that a text may mean; if none applies, the text is ambiguous."""

from __future__ import annotations

from qjmap.geocoding.abroad_parser import AbroadParser
from qjmap.geocoding.answer_scores import CHOSEN, CHOSEN_AT_HOME, SHARED_FORMER
from qjmap.geocoding.answers import Reason
from qjmap.geocoding.china_gazetteer import ALIAS, EXACT, FORMER, SHORT, Hit, Place
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.merged_gazetteer import MergedGazetteer

Areas = tuple[frozenset[Place], ...]
"""For each area (country, province, city ...) that a caller or a table's row states around a place: the places that its name may mean."""

Choice = tuple[Hit | None, Reason, float]
"""The chosen place or None; "exact", or the reason why none is chosen ("ambiguous", "conflict"); the upper limit of the answer's score."""

_MUNICIPALITIES = ("11", "12", "31", "50")


class PlaceChooser:
    """Chooser between places of one name; choices are cached.

    Parameters
    ----------
    home : id of the place that the project is about, "" for none.
    """

    def __init__(self, places: MergedGazetteer, abroad: AbroadParser, home: str) -> None:
        self._places, self._abroad, self._home = places, abroad, home
        self._choices: dict[tuple[State, Areas], Choice] = {}

    def choose(self, state: State, areas: Areas) -> Choice:
        """Return the place that is meant, if a rule decides.

        Rules in order: only places inside all areas count; the project's own place comes first, by its own name before an alias; a
        full name before a short name or alias before a former name; an area before what lies in it (长沙 is 长沙市, not 长沙县); of
        cities abroad alone the much more populous one; a province before anything else; a prefecture before counties of that short
        name, unless one of these is a district of a municipality; the only place inside the project's home.
        """
        key = (state, areas)
        choice = self._choices.get(key)
        if choice is None:
            choice = self._choices[key] = self._choose(state, areas)
        return choice

    def _choose(self, state: State, areas: Areas) -> Choice:
        """Apply the rules of `choose`, down to the kinds of names; the rest is left to `_choose_between`."""
        lies_in = self._places.lies_in
        left = [hit for hit in state if all(any(lies_in(hit[0], area) for area in group) for group in areas)]
        if not left:
            return None, "conflict", 0.0
        if in_project := [hit for hit in left if isinstance(hit[0], str)]:
            by_name = [hit for hit in in_project if hit[1] == EXACT]
            left = by_name if len(by_name) == 1 else in_project
            return (left[0], "exact", 1.0) if len(left) == 1 else (None, "ambiguous", 0.0)
        limit = 1.0
        for tier in ((EXACT,), (SHORT, ALIAS), (FORMER,)):
            if of_tier := [hit for hit in left if hit[1] in tier]:
                # A former name of another place makes the answer less sure: 山西省矿区 is in 阳泉; until 2018 one in 大同 had this name too.
                if tier == (EXACT,) and any(hit[1] == FORMER for hit in left):
                    limit = SHARED_FORMER
                if len(left) > len(of_tier) and self._abroad.is_abroad(of_tier[0][0]):
                    limit = self._abroad.limit(left)
                left = of_tier
                break
        if len(left) == 1:  # the gazetteer has all towns of the mainland, so no unlisted town can have the name
            return left[0], "exact", limit
        return self._choose_between(left)

    def _choose_between(self, left: list[Hit]) -> Choice:
        """Choose between several places that are named by the same kind of name (all full, all short, all former)."""
        places, lies_in = self._places, self._places.lies_in
        outer = [hit for hit in left if all(lies_in(other[0], hit[0]) for other in left)]
        if len(outer) == 1:
            return outer[0], "exact", 1.0
        if all(self._abroad.is_abroad(hit[0]) for hit in left):
            city, _ = self._abroad.most_populous(left)
            return city, "ambiguous" if city is None else "exact", self._abroad.limit(left)
        for kind in ("province", "city"):
            wide = [hit for hit in left if places.kind(hit[0]) == kind and not self._abroad.is_abroad(hit[0])]
            urban = any(
                places.kind(hit[0]) == "district" and places.id(hit[0]).startswith(_MUNICIPALITIES) for hit in left
            )
            if len(wide) == 1 and (kind == "province" or not urban) and left[0][1] != FORMER:
                return wide[0], "exact", CHOSEN if kind == "city" else 1.0
        at_home = [hit for hit in left if self._home and lies_in(hit[0], self._home)]
        if len(at_home) == 1:
            return at_home[0], "exact", CHOSEN_AT_HOME
        return None, "ambiguous", 0.0

    def common_area(self, state: State, rivals: State) -> Place | None:
        """Return the smallest unit below a country that contains both a place of a state and one of its rivals; None if there is none."""
        places, common = self._places, set[Place]()
        for place, _ in state:
            for rival, _ in rivals:
                common |= places.containing(place) & places.containing(rival)
        rows = [area for area in common if places.kind(area) in ("province", "city", "district")]
        return max(
            rows, key=lambda area: (len(places.containing(area)), isinstance(area, str), places.id(area)), default=None
        )
