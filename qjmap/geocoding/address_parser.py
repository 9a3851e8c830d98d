"""Parse Chinese addresses: names one after the other, in any order, each inside or around the ones before it.

The state of the parser is the tuple of places that the names read so far may mean; the next name narrows it to those inside (or
around) its own places. A step depends on the state and the next name alone, so it is computed once for all addresses that share
them. All caches hold values of pure functions of their keys: how a text is parsed never depends on texts parsed before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from qjmap.geocoding.china_gazetteer import EXACT, FORMER, Place, form_lengths, group_by_bigram
from qjmap.geocoding.county_towns import TOWN_END, State
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.name_boundaries import UNIT_END, UNIT_SUFFIXES, WORDS, ends_as_unit, skip_gap, stands_alone
from qjmap.geocoding.named_towns import NamedTowns, is_town_meant
from qjmap.geocoding.parsed_address import ParsedAddress
from qjmap.geocoding.prefix_cache import (
    INNER_DISTRICTS,
    LONGER_NAME,
    MAYBE_NAME,
    NO_NAME,
    AddressPrefix,
    PrefixCache,
)

_COMMON_DISTRICTS = ("城区", "郊区", "矿区", "港口")
"""Names of districts that are also common nouns for a part of any town: 綦江城区, 吉隆坡港口."""
_NOUNS = frozenset(WORDS["nouns"])
"""Ordinary words that are also short names of counties."""
_CONJUNCTION = re.compile(WORDS["conjunction"])
_MAX_SKIPPED = 10
"""Maximum length of an unknown word after which `parse_on` looks for a further name."""
_WIDE_KINDS = ("province", "city")
_UNIT_KINDS = ("country", "province", "city", "district", "town")
_AFTER_PORT = re.compile(
    "[^一-龥]|区|站|口岸|码头|保税|综合|物流|集装箱|货|海关|作业|国际|铁路|新区|开发|经济|工业|第|号|[东西南北]港"
)
"""Pattern of the text that may follow the name of a port."""


class AddressParser:
    """Parser of addresses as `AddressNormalizer` folds them, over the places of a project and of China.

    Attributes
    ----------
    places : the gazetteer whose names are read.
    prefixes : the cache of names that many addresses begin with.
    """

    def __init__(self, places: MergedGazetteer) -> None:
        self.places = places
        china = places.china
        self._province_bigrams, self._port_words = china.province_bigrams, china.port_words
        self._abbreviations = frozenset(form for form in (*china.forms, *places.project.forms()) if len(form) == 1)
        self._forms: Collection[str] = china.forms
        self._forms_by_bigram, self._lengths_by_bigram = china.forms_by_bigram, china.lengths_by_bigram
        if groups := group_by_bigram(places.project.forms()):
            self._forms = {*china.forms, *places.project.forms()}
            groups = {two: [*self._forms_by_bigram.get(two, ()), *forms] for two, forms in groups.items()}
            self._forms_by_bigram = {**self._forms_by_bigram, **groups}
            self._lengths_by_bigram = {**self._lengths_by_bigram, **form_lengths(groups)}
        self._longest_town = china.longest_town
        self._narrowed: dict[tuple[State, str], State | None] = {}
        self._towns = NamedTowns(places)
        self.prefixes = PrefixCache(self._parse_prefix)
        self._wide: dict[State, bool] = {}

    def parse(self, text: str) -> ParsedAddress | None:
        """Parse names from the start of a text; return None if it does not begin with a name."""
        start, parsed = skip_gap(text, 0), None
        if text[start : start + 2] in self._lengths_by_bigram or TOWN_END.search(
            text, start, start + self._longest_town
        ):
            parsed = self._parse(text, start, ())
        if self.is_abbreviated(text) and (
            text[1:3] in self._lengths_by_bigram or TOWN_END.search(text, 3, 1 + self._longest_town)
        ):
            # 渝綦江: one character may stand for a province before a place in it; taken if more of the text is parsed so (渝 + 北碚).
            inside = self._parse(text, 1, self.places.hits(text[0]))
            if inside and not inside.rivals and inside.end > (0 if parsed is None or parsed.rivals else parsed.end):
                return inside
        return parsed

    def _parse(self, text: str, start: int, state: State) -> ParsedAddress | None:
        """Parse names from an index on, inside a state (empty for any place); return None if no name begins there.

        At each index the longest name of a unit is read, or the name of a town if that is longer or no unit is named. Parsing ends at
        the first text that is no name, or that names places in contradiction to the state, which become the `rivals` of the result.
        """
        last, end, town_found = "", 0, False
        wider: Place | None = None
        is_whole = not (start or state)
        prefix = self.prefixes.find(text) if is_whole else None
        if prefix is not None and not prefix.holds(text):
            prefix = None
        if prefix is not None:
            state, last, end, _, wider, _ = prefix.parsed
            start, town_found = skip_gap(text, end), prefix.has_town
        known = names = end
        if town_found and start == end:  # after a town, a further name must be separated by a gap
            return None if prefix is None else prefix.parsed
        while start < len(text):
            form = self._next_form(text, start, state) if text[start : start + 2] in self._lengths_by_bigram else None
            narrowed = None if form is None else self.narrow(state, form)
            if not town_found and (narrowed is None or form is None or self._may_begin_town(form, text, start, state)):
                town = self._towns.match(text, start, state)
                if town is not None and is_town_meant(town[1], form or "", narrowed):
                    wider = self._wider(state, wider)
                    state, last = town
                    end = start + len(last)
                    start, town_found = skip_gap(text, end), True
                    if start == end:
                        names = end
                        break
                    continue  # the units that contain the town may still follow: 打通镇，綦江区，重庆市
            if form is None:
                break
            after = start + len(form)
            if narrowed is None:
                rivals = self._rivals(form, text, start, end, state) if end else ()
                if rivals:
                    return ParsedAddress(state, last, end, rivals, wider)
                break
            if not end or not set(narrowed) <= set(state):
                wider = self._wider(state, wider)
                last = form
            state, end = narrowed, after
            start = skip_gap(text, after)
            names = names if town_found else end
        if prefix is not None and end == known:
            return prefix.parsed
        if is_whole and names:
            self.prefixes.add(text[:names])
        return ParsedAddress(state, last, end, (), wider) if end else None

    def _wider(self, state: State, wider: Place | None) -> Place | None:
        """Return the place of a state if it is a zone or site and the only one, or the only one of the project; else return `wider`.

        A place named after it that has no position takes that of the zone or site, which may be nearer to it than the seat of its county.
        """
        places: Sequence[Place] = [place for place, _ in state]
        if len(places) > 1:
            places = [place for place in places if isinstance(place, str)]
        return places[0] if len(places) == 1 and self.places.kind(places[0]) not in _UNIT_KINDS else wider

    def is_wide(self, state: State) -> bool:
        """Whether all places of a state are provinces or prefectures, which contain counties."""
        wide = self._wide.get(state)
        if wide is None:
            wide = self._wide[state] = all(self.places.kind(place) in _WIDE_KINDS for place, _ in state)
        return wide

    def parse_on(self, text: str, parsed: ParsedAddress) -> ParsedAddress | None:
        """Continue after an unknown word with a unit inside the state that is named in full: 牙克石市 in 内蒙古呼伦贝尔盟牙克石市.

        None if there is none within `_MAX_SKIPPED` characters, or a place of the state is no province or prefecture.
        """
        if not self.is_wide(parsed.state):
            return None
        first = skip_gap(text, parsed.end) + 1
        if UNIT_END.search(text, first + 2) is None:
            return None
        for start in range(first, min(first + _MAX_SKIPPED, len(text) - 2)):
            if text[start : start + 2] not in self._lengths_by_bigram:
                continue
            form = self._next_form(text, start, parsed.state)
            if form is None or not ends_as_unit(form):
                continue
            narrowed = self.narrow(parsed.state, form)
            named = {hit for hit in self.places.hits(form) if hit[1] == EXACT}
            if narrowed and set(narrowed) <= named - set(parsed.state):
                inside = self._parse(text, start, parsed.state)
                return None if inside is None else inside._replace(skipped=True)
        return None

    def _may_begin_town(self, form: str, text: str, start: int, state: State) -> bool:
        """Whether a short name may be the beginning of the name of a town: 双桥子街道 is not 双桥, 天河区天河南街道 not 天河."""
        if form[-1] in UNIT_SUFFIXES or (state and self._towns.of_state(state) is None):
            return False
        return TOWN_END.search(text, start + len(form), start + self._longest_town) is not None

    def is_abbreviated(self, text: str) -> bool:
        """Whether a text may begin with a name of one character, such as the abbreviation of a province: 渝綦江."""
        return len(text) > 2 and text[0] in self._abbreviations and text[:2] not in self._province_bigrams

    def may_begin(self, two: str) -> bool:
        """Whether any name of a unit begins with the two characters `two`, or the first alone is a name, such as 渝 for 重庆市."""
        return two in self._lengths_by_bigram or two[0] in self._abbreviations

    def begins_behind(self, prefix: AddressPrefix, two: str) -> int:
        """Return whether the two characters after a prefix begin a name: `NO_NAME`, `MAYBE_NAME` or `LONGER_NAME`."""
        if two[0] in prefix.continuing or (prefix.last_name[-1] == "市" and two in INNER_DISTRICTS):
            return LONGER_NAME
        if prefix.has_town:  # after a town no name is read without a gap
            return NO_NAME
        if two in self._lengths_by_bigram:
            return MAYBE_NAME
        towns = self._towns.of_state(prefix.parsed.state)
        return MAYBE_NAME if towns is None or towns.may_begin(two) else NO_NAME

    def is_named_behind(self, prefix: AddressPrefix, text: str) -> bool:
        """Whether the name of a unit or a town directly follows a prefix in a text."""
        start, state = prefix.parsed.end, prefix.parsed.state
        if text[start : start + 2] in self._lengths_by_bigram and self._next_form(text, start, state) is not None:
            return True
        return self._towns.match(text, start, state) is not None

    def _parse_prefix(self, text: str) -> AddressPrefix | None:
        """Parse an address prefix; return None if the text after it could change how it is parsed in a way that `holds` does not check.

        A valid prefix consists of names of units and zones, each the longest name that begins at its index, and possibly of the full name
        of a town at the end.
        """
        start, last, form = 0, "", ""
        state: State = ()
        wider: Place | None = None
        continued, has_town = set[str](), False
        while start < len(text):
            rest = text[start:]
            lengths = self._lengths_by_bigram.get(rest[:2], ())
            form = ""
            for length in lengths:
                if length <= len(rest) and rest[:length] in self._forms:
                    form = rest[:length]
                    break
            if lengths and lengths[0] > len(rest):
                longer = [one for one in self._forms_by_bigram[rest[:2]] if one.startswith(rest) and one != rest]
                continued.update(one[len(rest)] for one in longer)
            after, ending = start + len(form), form[-1:]
            if form and (ending == "港" or form in self._port_words or not stands_alone(form, text, after)):
                return None
            if (
                ending == "市"
                and text.startswith(INNER_DISTRICTS, after)
                and self._next_form(text, start, state) != form
            ):
                return None
            narrowed = self.narrow(state, form) if form else None
            if not form or ending not in UNIT_SUFFIXES:
                town = self._towns.match(text, start, state)
                continued |= self.places.china.next_in_town_names(rest)
                if town is not None:
                    after = start + len(town[1])
                    is_full = after == len(text) and all(kind == EXACT for _, kind in town[0])
                    if not is_full or not is_town_meant(town[1], form, narrowed):
                        return None
                    (narrowed, form), has_town = town, True
                elif state and self._towns.of_state(state) is not None:  # they are read by short names too
                    return None
            if narrowed is None:
                return None
            if has_town or not state or not set(narrowed) <= set(state):
                last, wider = form, self._wider(state, wider)
            state, start = narrowed, skip_gap(text, after)
        parsed = ParsedAddress(state, last, len(text), (), wider)
        return (
            AddressPrefix(parsed, form, not ends_as_unit(form), has_town, frozenset(continued), {}) if state else None
        )

    def _next_form(self, text: str, start: int, state: State) -> str | None:
        """Return the longest name of a unit that begins at an index and is not the beginning of another word; None for none."""
        forms = self._forms
        for length in self._lengths_by_bigram.get(text[start : start + 2], ()):
            form, after = text[start : start + length], start + length
            if form not in forms:
                continue
            if (form[-1] == "港" or form in self._port_words) and self._is_no_port(form, text, after):
                continue
            if not stands_alone(form, text, after) and not self._place_inside_follows(form, text, after, state):
                continue
            if form[-1] == "市" and text[after : after + 2] in INNER_DISTRICTS and self.places.has_form(form[:-1]):
                outer = self.narrow(state, form[:-1])
                district = text[after - 1 : after + 2]
                inner = outer and self.narrow(outer, district)
                if inner and set(inner) <= set(self.places.hits(district)):
                    return form[:-1]  # 青岛市北区: 青岛 and 市北区
            return form
        return None

    def _is_no_port(self, form: str, text: str, after: int) -> bool:
        """Whether what looks like the name of a port is only a part of other words: 青岛港华燃气, 防城港港口区, 蛇口南海大道."""
        if after >= len(text) or self.places.kind(self.places.hits(form)[0][0]) != "port":
            return False
        return skip_gap(text, after) == after and not _AFTER_PORT.match(text, after)

    def _place_inside_follows(self, form: str, text: str, after: int, state: State) -> bool:
        """Whether the name of a place inside `form` follows it, and its first character only looks like a suffix: 山东市南, 河北路南."""
        narrowed = self.narrow(state, form)
        if narrowed is None:
            return False
        for length in self._lengths_by_bigram.get(text[after : after + 2], ()):
            name = text[after : after + length]
            if self.places.has_form(name) and stands_alone(name, text, after + length):
                inner = self.narrow(narrowed, name)
                if inner and set(inner) <= set(self.places.hits(name)):
                    return True
        towns = self._towns.of_state(narrowed)
        return towns is not None and towns.match(text, after) is not None

    def narrow(self, state: State, form: str) -> State | None:
        """Return the state after one more name, cached by state and name.

        It has the places of the name that lie in a place of the state, else the places of the state that lie in a place of the name, else
        those of `MergedGazetteer.beside_zone`; None if there are none. For an empty state it has all places of the name.
        """
        key = (state, form)
        try:
            return self._narrowed[key]
        except KeyError:
            hits = self.places.hits(form)
            if self._is_noun_behind_country(state, form):
                hits = tuple(hit for hit in hits if isinstance(hit[0], str))  # 中国港口 is not 港口区
            if state and form[-1] not in UNIT_SUFFIXES:  # 新乡北站: a former 北站区 counts only in full here
                hits = tuple(hit for hit in hits if hit[1] != FORMER)
            self._narrowed[key] = self._narrow(state, hits)
        return self._narrowed[key]

    def _is_noun_behind_country(self, state: State, form: str) -> bool:
        """Whether a name is also an ordinary word and only a country is named before it: then it means no county (中国港口)."""
        return form in _NOUNS and bool(state) and all(self.places.kind(place) == "country" for place, _ in state)

    def _narrow(self, state: State, hits: State) -> State | None:
        if not state:
            return hits
        lies_in = self.places.lies_in
        inner = tuple(hit for hit in hits if any(lies_in(hit[0], outer) for outer, _ in state))
        if inner:
            return inner
        # The name of a larger unit after that of a smaller one (朝阳区, 北京) decides which of its namesakes is meant.
        outer = tuple(hit for hit in state if any(lies_in(hit[0], outer) for outer, _ in hits))
        return outer or self.places.beside_zone(hits, state) or None

    def _rivals(self, form: str, text: str, start: int, end: int, state: State) -> State:
        """Return the places of a name that contradicts the names before it; () if it does not count, as in 朝阳区四川大厦 (a building).

        A full name counts. A short name counts only between gaps, at the end of the text (after a gap, or a province or prefecture), or
        before a name inside it; a former name only in full after a province.

        Parameters
        ----------
        form : the name.
        start : its index in the text.
        end : index after the names before it, whose places are `state`.
        """
        after, wide = start + len(form), self.is_wide(state)
        is_abroad = self.places.china.is_city_abroad
        hits = tuple(hit for hit in self.places.hits(form) if isinstance(hit[0], str) or not is_abroad(hit[0]))
        if form in _COMMON_DISTRICTS or self._is_noun_behind_country(state, form) or text[start - 1] in "([【":
            return ()
        if ends_as_unit(form):
            former = wide and all(self.places.kind(place) == "province" for place, _ in state)
            return tuple(hit for hit in hits if hit[1] == EXACT or (former and hit[1] == FORMER))
        hits = tuple(hit for hit in hits if hit[1] != FORMER)
        gap = skip_gap(text, after)
        if not hits or (start > end and gap > after) or (gap >= len(text) and (start > end or wide)):
            return hits
        follows = self._next_form(text, gap, hits)
        inner = self.narrow(hits, follows) if follows else None
        return hits if inner and follows and set(inner) <= set(self.places.hits(follows)) - set(hits) else ()

    def names_town(self, state: State, text: str, start: int) -> bool:
        """Whether a town of a state's counties is named at an index, with its suffix or without: 三江 in 綦江三江水泥厂."""
        return self._towns.begin(state, text, start)

    def parse_second_place(self, text: str, start: int) -> ParsedAddress | None:
        """Parse the place after a conjunction at an index (重庆到綦江, 自贡与泸州交界); None without either, or if names contradict each other."""
        conjunction = _CONJUNCTION.match(text, start)
        second = None if conjunction is None else self.parse(text[conjunction.end() :])
        return None if second is None or second.rivals else second
