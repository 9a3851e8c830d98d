"""The offline locator: a project's own places first, then all of China; never a guess.

A text is folded (full width, case, traditional characters), parsed name by name, and decided: one place, or unresolved
with the reason. `PlaceChooser` has the rules that decide between equal names; where none applies, the answer is
``ambiguous``. A place whose score is below `LEAST_SCORE` is suggested, never answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qjmap.geocoding import answer_scores
from qjmap.geocoding.address_parser import AddressParser, ParsedAddress
from qjmap.geocoding.address_text import MAX_LENGTH, AddressNormalizer, is_plain, may_be_address
from qjmap.geocoding.answer_scores import LEAST_SCORE, WHOLE_TEXT, AnswerScores
from qjmap.geocoding.answers import Answer, Candidate, Reason, failed_answer
from qjmap.geocoding.candidates import CandidateMaker
from qjmap.geocoding.china_gazetteer import (
    ALIAS,
    EXACT,
    FORMER,
    SHORT,
    ChinaGazetteer,
    Hit,
    Place,
    load_china_gazetteer,
)
from qjmap.geocoding.cities_abroad import is_latin
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.fuzzy_match import Correction, NameCorrector
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.name_boundaries import ends_as_unit, skip_gap, unknown_unit
from qjmap.geocoding.name_suggestions import NameSuggester
from qjmap.geocoding.place_choice import Areas, PlaceChooser
from qjmap.geocoding.project_gazetteer import Position, ProjectGazetteer
from qjmap.geocoding.text_reader import STARTS_OF_PARTS, TextReader

_MAX_REST_LENGTH = 100
_WIDE_AREAS = ("country", "province")
_REASONS: dict[int, Reason] = {EXACT: "exact", SHORT: "short-name", FORMER: "former-name", ALIAS: "alias"}
_CONJUNCTIONS = frozenset("到至和与及以同往、~～—-")
_LISTED = frozenset("到至和与及以同往、~～/")
_TO_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")

AnswerRow = tuple[str, str, float | None, float | None, str, float | None, float | None, str, str, Reason, str, str]
"""id, name, lon, lat, level, radius_m, score, matched, rest, reason, position_of, note."""


class OfflineLocator:
    """Locator over the places of one project and the gazetteer of China.

    Parameters
    ----------
    project : the project's own places; they come first.
    home : id of the place whose project it is; between equal names the one inside it is meant.
    china : the gazetteer of the package, unless another one is given.
    suggests : suggest similar names for unknown texts; that takes longer than any answer.

    Attributes
    ----------
    places : the merged gazetteer.
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
        self.parser = AddressParser(self.places)
        self._suggests = suggests
        self._normalize = AddressNormalizer(self.places.china.simplified).normalize
        self._scores = AnswerScores(self.parser, home)
        self._read = TextReader(self.parser, self._scores)
        self._choose = PlaceChooser(self.places, self._read.abroad, home)
        self._make = CandidateMaker(self.places)
        self._corrector, self._suggester = NameCorrector(self.parser), NameSuggester(self.places)

    def __contains__(self, identifier: str) -> bool:
        return self.places.place_by_id(identifier) is not None

    def knows(self, word: str) -> bool:
        """Whether a word is the id or a name of any place, as `within` takes it."""
        return any(self.parse_areas([word]))

    def position(self, identifier: str) -> Position | None:
        """Return the position of the place with an id; None for an unknown id and a place without a position."""
        place = self.places.place_by_id(identifier)
        return None if place is None else self.places.position(place)

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """Return the ids of the areas that a place lies in, sorted."""
        place = self.places.place_by_id(identifier)
        areas = self.places.containing(place) if place is not None else frozenset()
        return tuple(sorted({self.places.id(area) for area in areas} - {identifier}))

    def locate(self, text: str, *, within: Sequence[str] = ()) -> Answer:
        """Return the candidates for a name or an address.

        A text on which the program itself fails is unresolved, with the reason ``internal-error``.

        Parameters
        ----------
        within : names or ids of areas that contain the place.
        """
        try:
            return self.locate_in_areas(text, self.parse_areas(within))
        except MemoryError:
            raise
        except Exception as error:
            return failed_answer(text, error)

    def parse_areas(self, within: Iterable[str]) -> Areas:
        """Return the places that each word may mean; an unknown word means none, and nothing lies in it."""
        areas: list[frozenset[Place]] = []
        for word in within:
            folded = self._normalize(word)
            if not folded:
                continue
            place = self.places.place_by_id(folded)
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
        """Return the candidates for a text inside areas from `parse_areas`; raises what the program itself fails with."""
        folded = self._normalize(text) if len(text) <= MAX_LENGTH else ""
        if folded and may_be_address(folded):
            answer = self._locate_folded(text, folded, self._read.names(folded), areas)
            if self._suggests and answer.reason == "unknown" and not answer.suggestions:
                return replace(answer, suggestions=self._suggester.suggest(folded))
            return answer
        return Answer(text, None, (), "empty" if len(text) <= MAX_LENGTH and not folded else "unknown")

    def _locate_folded(self, text: str, folded: str, parsed: ParsedAddress | None, areas: Areas) -> Answer:
        if parsed is not None and parsed.end == len(folded):
            return self._decide(text, parsed, folded, areas)
        if is_latin(folded):
            latin = self._read.abroad.parse_latin(folded)
            return (
                Answer(text, None, (), "unknown")
                if latin is None
                else self._decide(text, latin[0], folded, areas, rest=latin[1])
            )
        if (station := self._read.station(folded)) is not None:
            return self._decide(text, station, folded, areas, reason="address", score=answer_scores.STATION)
        if parsed is None:
            parsed = self._read.with_numerals(folded)
        if (parsed is None or self._read.abroad.goes_on(parsed, folded)) and (
            abroad := self._read.abroad.parse(folded)
        ) is not None:
            if not abroad.rest:
                return self._decide(text, abroad.parsed, folded, areas, rest="")
            score = answer_scores.ABROAD if abroad.confirmed else answer_scores.ABROAD_ALONE
            return self._decide(text, abroad.parsed, folded, areas, rest=abroad.rest, reason="address", score=score)
        if parsed is None:
            return self._locate_unparsed(text, folded, areas)
        if parsed.rivals:
            return self._decide(text, parsed, folded, areas)
        return self._locate_with_rest(text, parsed, folded, areas)

    def parse_name(self, text: str) -> tuple[State, Hit | None, float] | None:
        """Return the places that a whole text names, the one that is meant, if any, and the limit of its score.

        None for a text that is no name, or that something follows.
        """
        folded = self._normalize(text) if len(text) <= MAX_LENGTH else ""
        if not folded or not may_be_address(folded):
            return None
        parsed = self._read.whole_name(folded)
        if parsed is None:
            return None
        hit, _, limit = self._choose.choose(parsed.state, ())
        return parsed.state, hit, limit

    def locate_row(self, text: str, areas: Areas = ()) -> AnswerRow:
        """Return what `locate_in_areas` answers, as bare values without candidates and suggestions; for many texts at once."""
        folded = self._normalize(text) if len(text) <= MAX_LENGTH else ""
        if not folded or not (is_plain(folded) or may_be_address(folded)):
            return row_of(Answer(text, None, (), "empty" if len(text) <= MAX_LENGTH and not folded else "unknown"))
        parsed = self._read.names(folded)
        plain = parsed is not None and not parsed.rivals and not self._read.abroad.goes_on(parsed, folded)
        row = self._plain_row(parsed, folded, areas) if plain and parsed is not None else None
        return row or row_of(self._locate_folded(text, folded, parsed, areas))

    def _plain_row(self, parsed: ParsedAddress, folded: str, areas: Areas) -> AnswerRow | None:
        """Return the answer to a plain address; None where it takes another look. Most rows are answered here."""
        state, form, end, _, wider, _ = parsed
        rest = folded[skip_gap(folded, end) :]
        if rest:
            if rest[0].isdigit() or len(rest) > _MAX_REST_LENGTH or folded[end] in _CONJUNCTIONS or rest[-1] == "站":
                return None
            if unknown_unit(rest) or self.parser.parse_on(folded, parsed) is not None:
                return None
        if len(state) == 1 and not areas:  # what `PlaceChooser` returns for one place without areas
            hit, limit = state[0], 1.0
        else:
            chosen, _, limit = self._choose.choose(state, areas)
            if chosen is None:
                return None
            hit = chosen
        identifier, name, level, lon, lat, radius, position_of, note = self._make.fields(hit, form, wider)
        reason: Reason = "address" if rest else _REASONS[hit[1]]
        score = self._score(hit, parsed, folded, rest, areas, limit)
        if lon is None or score < LEAST_SCORE:
            return None
        return identifier, name, lon, lat, level, radius, score, folded[:end], rest, reason, position_of, note

    def _score(self, hit: Hit, parsed: ParsedAddress, folded: str, rest: str, areas: Areas, limit: float) -> float:
        kind = self.places.kind
        in_areas = bool(areas) and any(kind(area) not in _WIDE_AREAS for group in areas for area in group)
        score = self._scores.score(hit, parsed, folded, rest, in_areas)
        return min(limit, score) if rest else min(limit, score, WHOLE_TEXT[_REASONS[hit[1]]])

    def _locate_unparsed(self, text: str, folded: str, areas: Areas) -> Answer:
        """Locate an address that begins with no known name: reversed, misspelt, labelled, a village, or unknown."""
        in_parts = STARTS_OF_PARTS.search(folded) is not None
        if in_parts and (reverse := self._read.reversed(folded)) is not None:
            return self._decide(text, *reverse, areas, score=answer_scores.REVERSED)
        correction = self._corrector.correct_first_name(folded)
        if correction is not None:
            return self._corrected(text, folded, areas, correction)
        if in_parts and (embedded := self._read.embedded(folded)) is not None:
            return self._decide(text, *embedded, areas, score=answer_scores.EMBEDDED)
        return self._ambiguous_village(text, folded) or Answer(text, None, (), "unknown")

    def _locate_with_rest(self, text: str, parsed: ParsedAddress, folded: str, areas: Areas) -> Answer:
        """Locate an address that goes on behind the parsed names, perhaps with a name written in digits or misspelt."""
        start = skip_gap(folded, parsed.end)
        if folded[start : start + 1].isdigit():  # 7星关区
            again = self.parser.parse(folded[:start] + folded[start:].translate(_TO_CHINESE_DIGITS))
            if again is not None and not again.rivals and again.end > start:
                return self._decide(text, again, folded, areas)
        unit = unknown_unit(folded[start:])
        if unit and self._may_contain(parsed.state, unit):
            correction = self._corrector.correct_next_name(parsed.state, folded, start)
            if correction is not None:
                return self._corrected(text, folded, areas, correction)
        if (inside := self.parser.parse_on(folded, parsed)) is not None:
            return self._decide(text, inside, folded, areas)
        if unit and self._may_contain(parsed.state, unit):
            limit = self._scores.limit_of_unread(parsed.state, unit)
            return self._decide(text, parsed, folded, areas, score=limit)
        return self._decide(text, parsed, folded, areas)

    def _may_contain(self, state: State, unit: str) -> bool:
        """Whether a unit that is not in the gazetteer would be smaller than the places of a state."""
        kinds = {self.places.kind(place) for place, _ in state}
        return bool(kinds & {"province", "city"}) or (unit[-1] in "镇乡道" and "district" in kinds)

    def _corrected(self, text: str, folded: str, areas: Areas, correction: Correction) -> Answer:
        parsed, note, score = correction
        return self._decide(text, parsed, folded, areas, reason="typo", note=note, score=score)

    def _decide(
        self, text: str, parsed: ParsedAddress, folded: str, areas: Areas, *,
        rest: str | None = None, reason: Reason | None = None, note: str = "", score: float | None = None,
    ) -> Answer:  # fmt: skip
        """Return the answer to a parsed address; `rest`, `reason`, `note` override those that follow from it, `score` limits it."""
        state, form, end = parsed.state, parsed.form, parsed.end
        if rest is None:
            rest = folded[skip_gap(folded, end) :]
        if len(rest) > _MAX_REST_LENGTH:
            return Answer(text, None, (), "unknown")
        matched = folded[:end].strip()
        if parsed.rivals:
            return self._contradicted(text, parsed, folded, areas, rest)
        second = self.parser.parse_second_place(folded, end) if folded[end : end + 1] in _CONJUNCTIONS else None
        if second is not None and not set(second.state) <= set(state):
            return self._undecided(text, (*state, *second.state), form, matched, rest, "ambiguous")
        hit, undecided, limit = self._choose.choose(state, areas)
        if hit is None:
            return self._undecided(text, state, form, matched, rest, undecided)
        if reason is None:
            reason = "address" if rest else _REASONS[hit[1]]
            limit = self._score(hit, parsed, folded, rest, areas, limit)
        best = self._make.candidate(
            hit, form, reason, min(limit, 1.0 if score is None else score), matched, rest, note=note, wider=parsed.wider
        )
        if best.score is not None and best.score < LEAST_SCORE:
            return Answer(text, None, (best,), "unknown", (f"{best.within} {best.name}".strip(),))
        others: tuple[Candidate, ...] = ()
        if len(state) > 1:
            rivals = tuple(rival for rival in state if rival[0] != hit[0])
            others = self._make.candidates(rivals, form, "ambiguous", answer_scores.UNDECIDED, matched, rest)
        return Answer(text, best, (best, *others), best.reason if best.lon is not None else "no-position")

    def _contradicted(self, text: str, parsed: ParsedAddress, folded: str, areas: Areas, rest: str) -> Answer:
        """Answer a text whose names contradict each other: a unit that holds them, at its own precision, with a warning."""
        state, form, matched = parsed.state, parsed.form, folded[: parsed.end].strip()
        candidates = self._make.candidates(
            (*state, *parsed.rivals), form, "conflict", answer_scores.UNDECIDED, matched, rest
        )
        if folded[parsed.end : parsed.end + 1] in _LISTED:
            return Answer(text, None, candidates, "ambiguous")
        correction = self._corrector.correct_next_name(state, folded, skip_gap(folded, parsed.end))
        if correction is not None and correction.score == answer_scores.CORRECTED:  # 南平市蒲城县: 浦城县
            return self._corrected(text, folded, areas, correction)
        hit, score = self._contradicted_area(parsed, areas)
        if hit is None or any(not any(self.places.lies_in(hit[0], one) for one in group) for group in areas):
            return Answer(text, None, candidates, "conflict")
        others = " / ".join(dict.fromkeys(self.places.name(place) for place, _ in (*state, *parsed.rivals)))
        best = self._make.candidate(hit, form, "conflict", score, matched, rest, note=others)
        return Answer(text, best, (best, *candidates), "conflict" if best.lon is not None else "no-position")

    def _contradicted_area(self, parsed: ParsedAddress, areas: Areas) -> tuple[Hit | None, float]:
        """Return the unit to answer where names contradict each other, if any, and the score of the answer.

        The smallest unit below a country that holds all of them. A county behind a prefecture that is named with its
        province, or that no other unit holds, counts as one that the prefecture has or had too: 东莞市东城区, 河北省石家庄市桥东区.
        """
        state, form = parsed.state, parsed.form
        front, _, _ = self._choose.choose(state, areas)
        county = {self.places.kind(place) for place, _ in parsed.rivals} == {"district"}
        if county and front is not None and self.places.kind(front[0]) == "city" and parsed.end > len(form):
            return front, answer_scores.COUNTY_NOT_READ
        area = self._choose.common_area(state, parsed.rivals)
        if area is not None:
            return (area, EXACT), answer_scores.CONTRADICTED
        if county and front is not None and ends_as_unit(form) and self.places.kind(front[0]) in ("city", "district"):
            return front, answer_scores.CONTRADICTED_FRONT
        return None, 0.0

    def _undecided(self, text: str, state: State, form: str, matched: str, rest: str, reason: Reason) -> Answer:
        candidates = self._make.candidates(state, form, reason, answer_scores.UNDECIDED, matched, rest)
        return Answer(text, None, candidates, reason)

    def _ambiguous_village(self, text: str, folded: str) -> Answer | None:
        """The answer to a name that many villages have: ambiguous, with some of the towns that have one."""
        if not folded.endswith(("村", "社区")) or len(folded) > 6:
            return None
        village = self.places.china.common_villages.get(folded)
        if village is None:
            return None
        state = tuple((int(code), ALIAS) for code in village[1:])
        towns = self._make.candidates(state, "", "ambiguous", answer_scores.VILLAGE, "", folded)
        return Answer(text, None, towns, "ambiguous")


def row_of(answer: Answer) -> AnswerRow:
    """Return an answer as bare values."""
    best = answer.best
    if best is None:
        return "", "", None, None, "unresolved", None, 0.0, "", "", answer.reason, "", answer.note
    return (
        best.id, best.name, best.lon, best.lat, best.level, best.radius_m, best.score, best.matched, best.rest,
        answer.reason, best.position_of, best.note,
    )  # fmt: skip
