"""Make candidates of answers from places: id, name, level, position, radius, and a note on what became of a former unit."""

from __future__ import annotations

from qjmap.geocoding.answers import Candidate, Reason
from qjmap.geocoding.china_gazetteer import FIRST_TOWN_CODE, FORMER, Hit, Place
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.merged_gazetteer import MergedGazetteer

_MAX_CANDIDATES = 12

PlaceFields = tuple[str, str, str, float | None, float | None, float | None, str, str]
"""id, name, level, lon, lat, radius_m, position_of, note: fields of `Candidate`."""


class CandidateMaker:
    """Turns hits of the gazetteers into `Candidate`s, the places of an answer with position, level and note.

    The fields that depend only on the hit, the form and the wider place (see `fields`) are cached.
    """

    def __init__(self, places: MergedGazetteer) -> None:
        self._places = places
        self._fields: dict[tuple[Hit, str, Place | None], PlaceFields] = {}

    def fields(self, hit: Hit, form: str, wider: Place | None = None) -> PlaceFields:
        """Return the fields of a place that was found by a form, cached.

        Parameters
        ----------
        form : the name by which the text names the place; the note tells what became of a former one.
        wider : a zone or site that the text names before the place. A place without a point of its own gets its position, if the place
            lies in a county of the zone (or its counties are not known) and that position is at least as precise as the inherited one.
        """
        fields = self._fields.get((hit, form, wider))
        if fields is None:
            fields = self._fields[hit, form, wider] = self._make_fields(hit, form, wider)
        return fields

    def _make_fields(self, hit: Hit, form: str, wider: Place | None) -> PlaceFields:
        """Return what `fields` caches."""
        place, places = hit[0], self._places
        position, note = places.position(place), self._note(*hit, form)
        identifier, name = places.id(place), places.name(place)
        has_own = position is not None and not position.position_of
        area = None if wider is None or has_own or not self._is_near(place, wider) else places.position(wider)
        if area is not None and wider is not None and (position is None or area.radius_m <= position.radius_m):
            source = area.position_of or places.id(wider)
            return identifier, name, area.level, area.lon, area.lat, area.radius_m, source, note
        if position is None:
            return identifier, name, "unresolved", None, None, None, "", note
        lon, lat, level, radius = position.lon, position.lat, position.level, position.radius_m
        return identifier, name, level, lon, lat, radius, position.position_of, note

    def _is_near(self, place: Place, zone: Place) -> bool:
        """Whether the position of a zone may be used for a place: it lies in one of the zone's counties, or these are not known.

        浦口区 may be named after 江北新区, whose point lies in another county.
        """
        places = self._places
        counties = [area for area in places.containing(zone) if places.kind(area) == "district"]
        return not counties or any(places.lies_in(place, county) for county in counties)

    def candidate(
        self, hit: Hit, form: str, reason: Reason, score: float, matched: str, rest: str, *,
        note: str = "", wider: Place | None = None,
    ) -> Candidate:  # fmt: skip
        """Return a place as a candidate; parameters as in `fields` and `Candidate`. A `note` replaces that on a former unit."""
        identifier, name, level, lon, lat, radius, position_of, place_note = self.fields(hit, form, wider)
        within = self._places.area_names(hit[0])
        return Candidate(
            identifier, name, level, lon, lat, radius, score, matched, rest, reason, position_of, note or place_note,
            within,
        )  # fmt: skip

    def candidates(
        self, state: State, form: str, reason: Reason, score: float, matched: str, rest: str
    ) -> tuple[Candidate, ...]:
        """Return at most `_MAX_CANDIDATES` places as candidates, sorted by id, the project's first; parameters as in `candidate`."""
        made = [
            (isinstance(hit[0], int), self.candidate(hit, form, reason, score, matched, rest))
            for hit in dict.fromkeys(state)
        ]
        made.sort(key=lambda one: (one[0], one[1].id))
        return tuple(candidate for _, candidate in made[:_MAX_CANDIDATES])

    def _note(self, place: Place, kind: int, form: str) -> str:
        """Return what became of an abolished or renamed unit: 綦江县 → 綦江区 (2011). "" for a unit of today under its name of today."""
        if isinstance(place, int) and place >= FIRST_TOWN_CODE:
            return ""
        row = self._places.china_row(place)
        if row is None:
            return ""
        china = self._places.china
        if year := china.abolished_in(row):
            return f"{china.name(row)} → {china.name(china.parent(row))} ({year})"
        if kind != FORMER and not any(hit == (row, FORMER) for hit in china.hits(form)):
            return ""
        year = china.renamed_in(form, row)
        return f"{form} → {self._places.name(place)}" + (f" ({year})" if year else "")
