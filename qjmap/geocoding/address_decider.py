"""Decide which place a folded text means: one place, a place that is only suggested, or none, with the reason.

`AddressDecider.decide` reads a text in several ways, one after the other: as a name, a text in Latin letters, a station, a city abroad, an
address; then as an address that is reversed, misspelt or preceded by a label. `decide_in_areas` compares the result with the country and
areas that a row of a table states.
"""

from __future__ import annotations

from typing import NamedTuple

from qjmap.geocoding import answer_scores
from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.answer_scores import LEAST_SCORE, WHOLE_TEXT, AnswerScores
from qjmap.geocoding.answers import Reason
from qjmap.geocoding.china_gazetteer import ALIAS, EXACT, FORMER, SHORT, Hit, Place
from qjmap.geocoding.cities_abroad import is_latin
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.fuzzy_match import Correction, NameCorrector
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.name_boundaries import ends_as_unit, skip_gap, unknown_unit
from qjmap.geocoding.parsed_address import ParsedAddress
from qjmap.geocoding.place_choice import Areas, PlaceChooser
from qjmap.geocoding.text_reader import STARTS_OF_PARTS, TextReader

MAX_REST_LENGTH = 100
"""Maximum length in characters of the text after the names of an address. A text with a longer one counts as a paragraph: unknown."""
_WIDE_AREAS = ("country", "province")
_REASONS: dict[int, Reason] = {EXACT: "exact", SHORT: "short-name", FORMER: "former-name", ALIAS: "alias"}
CONJUNCTIONS = frozenset("到至和与及以同往、~～—-")
"""Characters that may precede a second place."""
_LISTED = frozenset("到至和与及以同往、~～/")
"""Characters between two names that contradict each other which make the text a list of several places."""
_TO_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


class Decision(NamedTuple):
    """The place that a text means, or the reason why it means none.

    Attributes
    ----------
    reason : why the place was chosen, or why none was.
    hit : the place, and the kind of the form that names it; None for no place.
    score : probability that the place is correct; below `LEAST_SCORE` it is only suggested.
    form, matched, rest : the last name, all names, and the text after them.
    note : what was corrected, or which names contradict each other; "" for neither.
    wider : a zone or site that the text names before the place, see `ParsedAddress`; None if there is none.
    others : the other places that the text may mean.
    others_reason, others_score : reason and score of these places as candidates.
    """

    reason: Reason
    hit: Hit | None = None
    score: float = 0.0
    form: str = ""
    matched: str = ""
    rest: str = ""
    note: str = ""
    wider: Place | None = None
    others: State = ()
    others_reason: Reason = "ambiguous"
    others_score: float = answer_scores.UNDECIDED

    @property
    def is_suggestion(self) -> bool:
        """Whether the place is only suggested."""
        return self.hit is not None and self.score < LEAST_SCORE


UNKNOWN = Decision("unknown")


class AddressDecider:
    """Decider over the places of one project, of China, and the cities abroad.

    Parameters
    ----------
    places : the gazetteer whose places are decided on.
    home : id of the place that the project is about, "" for none; of several places with one name the one inside it is meant.

    Attributes
    ----------
    parser : parser of names that follow each other.
    read : reader of all kinds of texts that name places.
    choose : chooser between several places of one name.
    scores : scorer of answers.
    """

    def __init__(self, places: MergedGazetteer, home: str) -> None:
        self.places = places
        self.parser = AddressParser(places)
        self.scores = AnswerScores(self.parser, home)
        self.read = TextReader(self.parser, self.scores)
        self.choose = PlaceChooser(places, self.read.abroad, home)
        self._corrector = NameCorrector(self.parser)
        self._split_areas: dict[Areas, tuple[int, Areas]] = {}

    def decide(self, folded: str, parsed: ParsedAddress | None, areas: Areas) -> Decision:
        """Decide what a text means.

        Parameters
        ----------
        parsed : what `read.names` returns for the text.
        areas : areas that contain the place, see `OfflineLocator.parse_areas`; () if none are known.
        """
        abroad = self.read.abroad
        if parsed is not None and parsed.end == len(folded):
            return self._decide(parsed, folded, areas)
        if is_latin(folded):
            latin = abroad.parse_latin(folded)
            return UNKNOWN if latin is None else self._decide(latin[0], folded, areas, rest=latin[1])
        if (station := self.read.station(folded)) is not None:
            return self._decide(station, folded, areas, reason="address", score=answer_scores.STATION)
        if parsed is None:
            parsed = self.read.with_numerals(folded)
        if (parsed is None or abroad.goes_on(parsed, folded)) and (city := abroad.parse(folded)) is not None:
            if not city.rest:
                return self._decide(city.parsed, folded, areas, rest="")
            score = self.scores.score_of_city_abroad(city.rest, city.confirmed)
            return self._decide(city.parsed, folded, areas, rest=city.rest, reason="address", score=score)
        if parsed is None:
            return self._decide_unparsed(folded, areas)
        if parsed.rivals:
            return self._decide(parsed, folded, areas)
        return self._decide_with_rest(parsed, folded, areas)

    def split_areas(self, areas: Areas) -> tuple[int, Areas]:
        """Separate the country from the other areas that a table's row states.

        Returns
        -------
        The country's row in the gazetteer, -1 if no area is a country, and the other areas.
        """
        if not areas:
            return -1, ()
        split = self._split_areas.get(areas)
        if split is None:
            one = (next(iter(group)) for group in areas if len(group) == 1)
            rows = (place for place in one if isinstance(place, int) and self.places.kind(place) == "country")
            country = next(rows, -1)
            split = country, tuple(group for group in areas if group != {country})
            self._split_areas[areas] = split
        return split

    def decide_in_areas(self, folded: str, areas: Areas) -> Decision:
        """Decide what a text means in a table's row that states in which country and areas its place lies.

        Without a stated country the result is that of `decide`, and so it is if the text means a place in that country. Otherwise the text
        is read as a city of the country, if that is abroad; then, if it is ambiguous or means a place in another country, as a place in the
        country. If neither results in a place, there is none, with the reason "conflict". But a text that means no place keeps its reason,
        and a place that is only suggested stays suggested, unless it lies in another country ("unknown").
        """
        country, others = self.split_areas(areas)
        parsed = self.read.names(folded)
        decision = self.decide(folded, parsed, others)
        if country < 0:
            return decision
        hit = decision.hit
        if hit is not None and not decision.is_suggestion and not self.places.contradicts(hit[0], country):
            return decision
        if self.places.countries.is_abroad(country):
            city = self.read.abroad.parse_in_country(folded, country)
            if city is not None:
                score = answer_scores.ABROAD if city.rest else 1.0
                reason: Reason | None = "address" if city.rest else None
                return self._decide(city.parsed, folded, others, rest=city.rest, reason=reason, score=score)
        if hit is None and decision.reason != "ambiguous":
            return decision
        if hit is not None and decision.is_suggestion:
            return UNKNOWN if self.places.contradicts(hit[0], country) else decision
        inside = self.decide(folded, parsed, areas)
        if inside.hit is not None and not inside.is_suggestion:
            return inside
        named = decision.others if hit is None else (hit, *decision.others)
        return decision._replace(
            reason="conflict", hit=None, score=0.0, wider=None, others=named, others_reason="conflict"
        )

    def decide_prefix(self, text: str, parsed: ParsedAddress) -> tuple[Decision | None, Place | None]:
        """Decide on all addresses that begin with a cached prefix and name no further place.

        Parameters
        ----------
        text : the prefix.
        parsed : the parsed names of the prefix.

        Returns
        -------
        decision : without `matched`, `rest` and `others`; None if the decision depends on the rest of the address.
        place : the decided place, if the rest of an address may name a branch that lies elsewhere (哈尔滨市…(威海校区)); else None.
        """
        hit, undecided, limit = self.choose.choose(parsed.state, ())
        if hit is None:
            return Decision(undecided), None
        known = self.scores.score_of_prefix(hit, parsed.form, text)
        if known is None:
            return None, None
        score, may_be_branch = known
        decision = Decision("address", hit, min(limit, score), parsed.form, wider=parsed.wider)
        return decision, hit[0] if may_be_branch else None

    def is_plain(self, parsed: ParsedAddress) -> bool:
        """Whether the parsed names decide on an address without another reading of it.

        They do not after a country, since a city abroad may follow, nor if the last name may be an ordinary word after a province.
        """
        return self.places.kind(parsed.state[0][0]) != "country" and not self.scores.may_be_word_behind_province(parsed)

    def _decide_unparsed(self, folded: str, areas: Areas) -> Decision:
        """Decide on an address that begins with no known name: its parts are reversed, its first name is misspelt, or a label
        precedes it; else it is a village name that many villages share, or unknown.
        """
        in_parts = STARTS_OF_PARTS.search(folded) is not None
        if in_parts and (reverse := self.read.reversed(folded)) is not None:
            return self._decide(*reverse, areas, score=answer_scores.REVERSED)
        correction = self._corrector.correct_first_name(folded)
        if correction is not None:
            return self._corrected(folded, areas, correction)
        if in_parts and (embedded := self.read.embedded(folded)) is not None:
            return self._decide(*embedded, areas, score=answer_scores.EMBEDDED)
        return self._common_village(folded) or UNKNOWN

    def _decide_with_rest(self, parsed: ParsedAddress, folded: str, areas: Areas) -> Decision:
        """Decide on an address with more text after the parsed names, such as a name with digits or a misspelt name."""
        start = skip_gap(folded, parsed.end)
        if folded[start : start + 1].isdigit():  # 7星关区 for 七星关区
            again = self.parser.parse(folded[:start] + folded[start:].translate(_TO_CHINESE_DIGITS))
            if again is not None and not again.rivals and again.end > start:
                return self._decide(again, folded, areas)
        unit = unknown_unit(folded[start:])
        if unit and self._may_contain(parsed.state, unit):
            correction = self._corrector.correct_next_name(parsed.state, folded, start)
            if correction is not None:
                return self._corrected(folded, areas, correction)
        if (inside := self.parser.parse_on(folded, parsed)) is not None:
            return self._decide(inside, folded, areas)
        if unit and self._may_contain(parsed.state, unit):
            limit = self.scores.limit_of_unread(parsed.state, unit)
            return self._decide(parsed, folded, areas, score=limit)
        return self._decide(parsed, folded, areas)

    def _may_contain(self, state: State, unit: str) -> bool:
        """Whether a unit that is not in the gazetteer, judged by its suffix, may lie in one of the places of a state."""
        kinds = {self.places.kind(place) for place, _ in state}
        return bool(kinds & {"province", "city"}) or (unit[-1] in "镇乡道" and "district" in kinds)

    def _corrected(self, folded: str, areas: Areas, correction: Correction) -> Decision:
        parsed, note, score = correction
        return self._decide(parsed, folded, areas, reason="typo", note=note, score=score)

    def _decide(
        self, parsed: ParsedAddress, folded: str, areas: Areas, *,
        rest: str | None = None, reason: Reason | None = None, note: str = "", score: float = 1.0,
    ) -> Decision:  # fmt: skip
        """Decide on a parsed address: contradictory names, a second place after a conjunction, else the places that its names may mean.

        Parameters
        ----------
        rest : text after the names; None for all of the text after them and a gap.
        reason : reason of the answer; None to derive the reason, and a further limit of the score, from the address.
        note : note of the answer.
        score : upper limit of the score.

        If the names contradict each other, `reason`, `note` and `score` are not used.
        """
        state, form, end = parsed.state, parsed.form, parsed.end
        if rest is None:
            rest = folded[skip_gap(folded, end) :]
        if len(rest) > MAX_REST_LENGTH:
            return UNKNOWN
        matched = folded[:end].strip()
        if parsed.rivals:
            return self._decide_contradicted(parsed, folded, areas, rest)
        second = self.parser.parse_second_place(folded, end) if folded[end : end + 1] in CONJUNCTIONS else None
        if second is not None and not set(second.state) <= set(state):
            return Decision("ambiguous", None, 0.0, form, matched, rest, others=(*state, *second.state))
        return self.decide_names(parsed, folded, areas, matched, rest, reason, note, score)

    def decide_names(
        self, parsed: ParsedAddress, folded: str, areas: Areas, matched: str, rest: str,
        reason: Reason | None = None, note: str = "", score: float = 1.0,
    ) -> Decision:  # fmt: skip
        """Decide between the places that the names of an address may mean.

        Parameters
        ----------
        folded : the whole text.
        areas : as in `decide`.
        matched, rest, note : as in `Decision`.
        reason, score : as in `_decide`.
        """
        state, form = parsed.state, parsed.form
        hit, undecided, limit = self.choose.choose(state, areas)
        if hit is None:
            return Decision(undecided, None, 0.0, form, matched, rest, others=state, others_reason=undecided)
        if reason is None:
            reason = "address" if rest else _REASONS[hit[1]]
            limit = self._score(hit, parsed, folded, rest, areas, limit)
        others = tuple(rival for rival in state if rival[0] != hit[0]) if len(state) > 1 else ()
        return Decision(reason, hit, min(limit, score), form, matched, rest, note, parsed.wider, others)

    def _score(self, hit: Hit, parsed: ParsedAddress, folded: str, rest: str, areas: Areas, limit: float) -> float:
        in_areas = bool(areas) and any(self.places.kind(area) not in _WIDE_AREAS for group in areas for area in group)
        score = self.scores.score(hit, parsed, folded, rest, in_areas)
        return min(limit, score) if rest else min(limit, score, WHOLE_TEXT[_REASONS[hit[1]]])

    def _decide_contradicted(self, parsed: ParsedAddress, folded: str, areas: Areas, rest: str) -> Decision:
        """Decide on a text whose next name contradicts the names before it (`parsed.rivals`). The first that applies:

        1. A character of `_LISTED` follows the parsed names: no place, reason "ambiguous", since the text lists several places.
        2. The next name differs by one character, which sounds or looks alike, from a place inside the state: the decision on the corrected
           text, normally with reason "typo".
        3. `_contradicted_area` returns a unit, which lies in an area of each group of `areas`: this unit, reason "conflict", with the names
           of the contradicting places in `note`.
        4. Else no place, reason "conflict".
        """
        state, form, matched = parsed.state, parsed.form, folded[: parsed.end].strip()
        named = Decision(
            "conflict", None, 0.0, form, matched, rest, others=(*state, *parsed.rivals), others_reason="conflict"
        )
        if folded[parsed.end : parsed.end + 1] in _LISTED:
            return named._replace(reason="ambiguous")
        correction = self._corrector.correct_next_name(state, folded, skip_gap(folded, parsed.end))
        if correction is not None and correction.score == answer_scores.CORRECTED:  # 南平市蒲城县 for 浦城县
            return self._corrected(folded, areas, correction)
        hit, score = self._contradicted_area(parsed, areas)
        if hit is None or any(not any(self.places.lies_in(hit[0], one) for one in group) for group in areas):
            return named
        others = " / ".join(dict.fromkeys(self.places.name(place) for place, _ in (*state, *parsed.rivals)))
        return named._replace(hit=hit, score=score, note=others)

    def _contradicted_area(self, parsed: ParsedAddress, areas: Areas) -> tuple[Hit | None, float]:
        """Return the hit and score of the unit that answers a text whose names contradict each other; None and 0 if there is none.

        It is the first of these: the prefecture named before a county, if more text precedes it, such as its province, since it may have
        or have had a county of that name (河北省石家庄市桥东区); the smallest unit below a country that contains places of both names; the
        prefecture or county named in full before a county (东莞市东城区).
        """
        state, form = parsed.state, parsed.form
        named, _, _ = self.choose.choose(state, areas)
        county = {self.places.kind(place) for place, _ in parsed.rivals} == {"district"}
        if county and named is not None and self.places.kind(named[0]) == "city" and parsed.end > len(form):
            return named, answer_scores.COUNTY_NOT_READ
        area = self.choose.common_area(state, parsed.rivals)
        if area is not None:
            return (area, EXACT), answer_scores.CONTRADICTED
        if county and named is not None and ends_as_unit(form) and self.places.kind(named[0]) in ("city", "district"):
            return named, answer_scores.CONTRADICTED_CITY
        return None, 0.0

    def _common_village(self, folded: str) -> Decision | None:
        """Decide on a village name that many villages share: ambiguous, with some of their towns as candidates. None for any other text."""
        if not folded.endswith(("村", "社区")) or len(folded) > 6:
            return None
        village = self.places.china.common_villages.get(folded)
        if village is None:
            return None
        towns = tuple((int(code), ALIAS) for code in village[1:])
        return Decision("ambiguous", rest=folded, others=towns, others_score=answer_scores.VILLAGE)
