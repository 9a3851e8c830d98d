"""The offline locator: finds the places of a project first, then those of China, countries, and cities abroad.

A text is folded (full width, case, traditional characters), parsed name by name, and decided: one place, or unresolved
with the reason. `PlaceChooser` has the rules that decide between places of one name; if none applies, the answer is
``ambiguous``. A place whose score is below `LEAST_SCORE` is suggested, never answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qjmap.geocoding.address_decider import AddressDecider, Decision
from qjmap.geocoding.address_text import AddressNormalizer
from qjmap.geocoding.answers import Answer, AnswerRow, Candidate, Reason, failed_answer
from qjmap.geocoding.candidates import CandidateMaker
from qjmap.geocoding.china_gazetteer import ChinaGazetteer, Hit, Place, load_china_gazetteer
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.name_suggestions import NameSuggester
from qjmap.geocoding.place_choice import Areas
from qjmap.geocoding.prefix_rows import PrefixRows
from qjmap.geocoding.project_gazetteer import Position, ProjectGazetteer


class OfflineLocator:
    """Locator over the places of one project and the gazetteer of the package: China, countries, cities abroad.

    Parameters
    ----------
    project : the project's own places, which come first; None for no project.
    home : id of the place that the project is about, "" for none; of several places with one name the one inside it is meant.
    china : another gazetteer than that of the package; None for that of the package.
    suggests : whether to suggest similar names for unknown texts, which takes longer than any answer.

    Attributes
    ----------
    places : the merged gazetteer.
    parser : the parser of addresses.
    """

    def __init__(
        self,
        project: ProjectGazetteer | None = None,
        *,
        home: str = "",
        china: ChinaGazetteer | None = None,
        suggests: bool = True,
    ) -> None:
        self.places = MergedGazetteer(china or load_china_gazetteer(), project or ProjectGazetteer(()))
        self._suggests = suggests
        normalizer = AddressNormalizer(self.places.china.simplified)
        self._normalize, self._address = normalizer.normalize, normalizer.address
        self._decider = AddressDecider(self.places, home)
        self.parser, self._read = self._decider.parser, self._decider.read
        self._make, self._suggester = CandidateMaker(self.places), NameSuggester(self.places)
        self._prefix_rows = PrefixRows(self._decider, self._row)

    def __contains__(self, identifier: str) -> bool:
        return self.places.place_by_id(identifier) is not None

    def knows(self, word: str) -> bool:
        """Whether a word is valid in `within`: id or name of an area (of most cities abroad only the id), or name or code of a country."""
        return any(self.parse_areas([word]))

    def position(self, identifier: str) -> Position | None:
        """Return the position of the place with an id; None for an unknown id and a place without a position."""
        place = self.places.place_by_id(identifier)
        return None if place is None else self.places.position(place)

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """Return the ids of all areas that contain the place with an id, the country included, sorted; () for an unknown id."""
        place = self.places.place_by_id(identifier)
        areas = self.places.containing(place) if place is not None else frozenset()
        return tuple(sorted({self.places.id(area) for area in areas} - {identifier}))

    def locate(self, text: str, *, within: Sequence[str] = ()) -> Answer:
        """Return the answer to a name or an address.

        A text on which the program itself fails is unresolved, with the reason ``internal-error``.

        Parameters
        ----------
        within : names or ids of areas that contain the place, and the name or code (ISO 3166-1) of its country. The place must lie in all
            of them; no place lies in an unknown area.
        """
        try:
            return self.locate_in_areas(text, self.parse_areas(within))
        except MemoryError:
            raise
        except Exception as error:
            return failed_answer(text, error)

    def parse_areas(self, within: Iterable[str]) -> Areas:
        """Return for each word (name or id of an area, name or code of a country) the places that it may mean.

        Of a longer text only the names at its beginning count. The set is empty for an unknown word and for contradictory names: no place
        lies in it. Most cities abroad are known by their ids only. Blank words are left out.
        """
        areas: list[frozenset[Place]] = []
        for word in within:
            folded = self._normalize(word)
            if not folded:
                continue
            place = self.places.place_by_id(folded)
            if (
                place is None
                and not self.places.has_form(folded)
                and (country := self.places.countries.find(word)) >= 0
            ):
                place = country
            if place is not None:
                areas.append(frozenset((place,)))
                continue
            if self.places.has_form(folded):
                areas.append(frozenset(place for place, _ in self.places.hits(folded)))
                continue
            parsed = self.parser.parse(folded)
            state = () if parsed is None or parsed.rivals else parsed.state
            areas.append(frozenset(place for place, _ in state))
        return tuple(areas)

    def locate_in_areas(self, text: str, areas: Areas = ()) -> Answer:
        """Return the answer to a text inside areas from `parse_areas`. Other than `locate`, it catches no exception."""
        folded = self._address(text)
        if not folded:
            return Answer(text, None, (), "unknown" if folded is None else "empty")
        answer = self._answer(text, self._decider.decide_in_areas(folded, areas))
        if self._suggests and answer.reason == "unknown" and not answer.suggestions:
            return replace(answer, suggestions=self._suggester.suggest(folded))
        return answer

    def _answer(self, text: str, decision: Decision) -> Answer:
        reason, hit, score, form, matched, rest, note, wider, others, *_ = decision
        if hit is not None:
            best = self._make.candidate(hit, form, reason, score, matched, rest, note=note, wider=wider)
            if decision.is_suggestion:
                return Answer(text, None, (best,), "unknown", (f"{best.within} {best.name}".strip(),))
        candidates: tuple[Candidate, ...] = ()
        if others:
            how = decision.others_reason, decision.others_score
            candidates = self._make.candidates(others, form, *how, matched, rest)
        if hit is None:
            return Answer(text, None, candidates, reason)
        return Answer(text, best, (best, *candidates), reason if best.lon is not None else "no-position")

    def parse_name(self, text: str, areas: Areas = ()) -> tuple[State, Hit | None, float] | None:
        """Find the places that a text means if it is a name and nothing else; return None for any other text.

        Parameters
        ----------
        areas : areas in which the place must lie, from `parse_areas`.

        Returns
        -------
        state : all places that the name may mean, inside the areas or not, each with the kind of the name.
        hit : the one that is meant; None if the name is ambiguous or none of the places lies in all areas.
        limit : maximum score, 0 to 1, of an answer with that place; 0 without one.
        """
        folded = self._address(text)
        parsed = self._read.whole_name(folded) if folded else None
        if parsed is None:
            return None
        hit, _, limit = self._decider.choose.choose(parsed.state, areas)
        return parsed.state, hit, limit

    def locate_row(self, text: str, areas: Areas = ()) -> AnswerRow:
        """Return the answer of `locate_in_areas` as bare values, without candidates and suggestions, which is faster for many texts."""
        folded = self._address(text)
        if not folded:
            return _unresolved("unknown" if folded is None else "empty")
        country, others = self._decider.split_areas(areas) if areas else (-1, ())
        row = None if others else self._prefix_rows.find(folded)
        if row is not None and (country < 0 or (row[0] and self._may_lie_in(row[0], country))):
            return row
        if self._read.names_nothing(folded):
            return _UNKNOWN
        return self._row(self._decider.decide_in_areas(folded, areas))

    def _may_lie_in(self, identifier: str, country: int) -> bool:
        place = self.places.place_by_id(identifier)
        return place is not None and not self.places.contradicts(place, country)

    def _row(self, decision: Decision) -> AnswerRow:
        reason, hit, score, form, matched, rest, corrected, wider, *_ = decision
        if hit is None or decision.is_suggestion:
            return _unresolved(reason if hit is None else "unknown")
        identifier, name, level, lon, lat, radius, position_of, note = self._make.fields(hit, form, wider)
        reason = reason if lon is not None else "no-position"
        note = corrected or note
        return identifier, name, lon, lat, level, radius, score, matched, rest, reason, position_of, note


def row_of(answer: Answer) -> AnswerRow:
    """Return an answer as bare values, see `AnswerRow`."""
    best = answer.best
    if best is None:
        return _unresolved(answer.reason, answer.note)
    return (
        best.id, best.name, best.lon, best.lat, best.level, best.radius_m, best.score, best.matched, best.rest,
        answer.reason, best.position_of, best.note,
    )  # fmt: skip


def _unresolved(reason: Reason, note: str = "") -> AnswerRow:
    return "", "", None, None, "unresolved", None, 0.0, "", "", reason, "", note


_UNKNOWN = _unresolved("unknown")
