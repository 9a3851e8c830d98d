"""Scores of answers: the share of correct answers among those of the same kind, as measured on labelled addresses and names.

Each constant stands for a kind of evidence: a full name, a short name before a public body, a unit inside which another one was not
found. It is the share of correct answers of this kind on one half of the lists that docs/locate.md names, validated on the other half.
Kinds with few answers there were counted on 7,979 addresses and 36,241 names of universities and schools, each with its county, and on
14,927 addresses with labelled parts (origin: assets/addresses/README.md). An answer is correct if it contains the county or lies in it.
A place whose score is below `LEAST_SCORE` is only suggested. `benchmarks/calibration.py` compares the scores with any list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.answers import Reason
from qjmap.geocoding.china_gazetteer import EXACT, FIRST_CITY, FORMER, SHORT, Hit, Place
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.name_boundaries import WORDS, ends_as_unit, skip_gap
from qjmap.geocoding.parsed_address import ParsedAddress

LEAST_SCORE: Final = 0.5
"""Score below which a place is a suggestion, never a position."""

WHOLE_TEXT: Final[Mapping[Reason, float]] = {"exact": 1.0, "alias": 0.98, "short-name": 0.98, "former-name": 0.97}
"""Scores of texts that consist of one name, by how the name was found."""

CHOSEN: Final = 0.985
"""Upper limit of the score of a prefecture that was preferred to counties of the same name."""
CHOSEN_AT_HOME: Final = 0.9
"""Upper limit of a score if the project's home has decided between equal names."""
SHARED_FORMER: Final = 0.98
"""Upper limit of the score of a county whose name another county had formerly."""
CORRECTED: Final = 0.98
"""Score of a name corrected by one character that sounds or looks alike."""
CORRECTED_OTHERWISE: Final = 0.96
"""Score of a name with one wrong character that the name after it confirms."""
STATION: Final = 0.9
"""Upper limit of the score of the place at which a railway station is located."""
ABROAD: Final = 0.95
"""Score of a city abroad in an address that also names its country or region."""
ABROAD_ALONE: Final = 0.85
"""Score of a city abroad in an address that names neither its country nor its region."""
REVERSED: Final = 0.9
"""Upper limit of the score of an address that begins with its smallest part."""
EMBEDDED: Final = 0.9
"""Upper limit of the score of an address after a label or of a name in brackets."""
CONTRADICTED: Final = 0.9
"""Score of the smallest area that contains places of both names that contradict each other."""
CONTRADICTED_CITY: Final = 0.96
"""Score of a city that is followed by the name of a county of another city: 东莞市东城区."""
COUNTY_NOT_READ: Final = 0.7
"""Upper limit of the score of a place if the text names an unknown county inside it."""
UNIT_NOT_READ: Final = 0.8
"""Upper limit of the score of a place if the text names another unknown unit inside it."""
TOWN_NOT_READ: Final = 0.99
"""Upper limit of the score of a county if the text names an unknown town inside it."""
UNDECIDED: Final = 0.3
"""Score of each of several places that a text may mean, if none of them is chosen."""
VILLAGE: Final = 0.1
"""Score of each town in which a village may lie whose name many villages share."""

_CHINA = "100000"
_FULL_CHAIN, _FULL_NAME, _TOWN_ALONE, _SHORT_CHAIN, _SKIPPED_WORD = 0.999, 0.997, 0.93, 0.99, 0.97
_WORD_CHAIN = 0.989
_ZONE = 0.985  # a zone may extend beyond the county under which it is listed
_FORMER_ALONE = 0.99
_BRANCH = 0.96
_NO_NAME = 0.3  # the short name is the beginning of another name
# The whole text is the short name of a county. Names of other places begin with it (平安), or none does (綦江). Assumed: the lists have few.
_BARE_WORD, _BARE_NAME = 0.8, 0.95
_SEPARATED, _SEPARATED_WORD = 0.9, 0.6
_LITTLE_KNOWN = 0.8  # a city abroad of less than a million people, whose name may mean something else: 泰勒, 派拉蒙
_MANY_PEOPLE = 1_000  # inhabitants of a well-known city abroad, in thousands
_FEATURE = 0.65  # the prefecture or province after which a lake is named: 青海湖
# Short names directly followed by other text. Triples: the names of no, one, or several other places begin with the short name.
_COUNTRY = 0.8
_PROVINCE = (0.99, 0.99, 0.988)
_CITY_BODY, _CITY_ADDRESS = (0.994, 0.992, 0.992), (0.99, 0.985, 0.985)
_COUNTY_BODY, _COUNTY_ADDRESS = 0.99, 0.99

_PUBLIC_BODIES = re.compile(WORDS["public_bodies"])
_REGISTERED = re.compile(WORDS["registered"])
_ADDRESS_PARTS = re.compile(WORDS["address_parts"])
_BRANCHES = re.compile(WORDS["branches"])
_ROAD_NAME = re.compile(WORDS["road_name"])
_FEATURES, _SCENIC = re.compile(WORDS["features"]), re.compile(WORDS["scenic"])
_FIRM = "公司"
_MAX_BRANCH_NAME, _MAX_WORD, _MAX_SITE = 5, 2, 10
_SITES, _SITES_ABROAD = re.compile(WORDS["sites"]), re.compile(WORDS["sites_abroad"])
_ABROAD_BODIES = re.compile(WORDS["abroad_bodies"])
_PLACES_ABROAD = re.compile(WORDS["places_abroad"])
_NO_PLACES = tuple(WORDS["no_places"])
_HOUSE = re.compile(r"(?:[路街道巷弄村镇]|社区|工业[区园]|开发区).*\d")


class AnswerScores:
    """Scorer of answers over the places of one parser.

    Parameters
    ----------
    home : id of the project's home place, "" for none; a short name of a place inside it always counts as a name.
    """

    def __init__(self, parser: AddressParser, home: str) -> None:
        self._parser, self._places, self._home = parser, parser.places, home
        self._others: dict[tuple[str, int], int] = {}

    def score(self, hit: Hit, parsed: ParsedAddress, folded: str, rest: str, in_areas: bool) -> float:
        """Return the score of a place for a text.

        Parameters
        ----------
        hit : one of the places that the text may mean, with the kind of its name.
        parsed : the parsed names of the text.
        folded : the whole text.
        rest : the text after the names.
        in_areas : whether the row states the prefecture or county of its place, and the place lies in it.
        """
        place, kind = hit
        form, end = parsed.form, parsed.end
        if parsed.skipped:
            return _SKIPPED_WORD
        alone = _is_alone(form, end, folded)
        if end == len(form) and self._is_unlisted_site_abroad(place, rest):
            return _NO_NAME
        if not rest:
            is_full = _is_full(form, kind)
            if alone and self._is_little_known(place):
                return _LITTLE_KNOWN
            if alone:
                return 1.0 if in_areas or is_full or kind == EXACT else self._bare(hit, form)
            return _FULL_CHAIN if is_full else self._chain(hit, form, folded, end, rest)
        if (known := self.score_of_prefix(hit, form, folded[:end], in_areas)) is not None:
            score, may_be_branch = known
            return min(score, self._limit_of_branch(rest, place)) if may_be_branch else score
        if not alone or in_areas or self._is_at_home(place):
            return self._chain(hit, form, folded, end, rest)
        return self._run_on(hit, form, folded, end, rest)

    def score_of_prefix(self, hit: Hit, form: str, prefix: str, in_areas: bool = False) -> tuple[float, bool] | None:
        """Return the score of a place that is named in full before other text; None for a short name.

        Parameters
        ----------
        form : the name.
        prefix : the text up to the end of the name.
        in_areas : as in `score`.

        Returns
        -------
        score : 0 to 1.
        may_be_branch : whether the score is lower if the text after the name names a branch elsewhere (`names_branch`).
        """
        place, kind = hit
        if not _is_full(form, kind):
            return None
        level = self._places.kind(place)
        if not _is_alone(form, len(prefix), prefix) or in_areas or self._is_at_home(place):
            return _ZONE if level == "development-zone" else _FULL_CHAIN, False
        if level in ("town", "development-zone"):
            return _TOWN_ALONE if level == "town" else _ZONE, False
        return (_FORMER_ALONE, False) if kind == FORMER else (_FULL_NAME, True)

    def may_be_word_behind_province(self, parsed: ParsedAddress) -> bool:
        """Whether a parsed address consists of two or three characters and a name of two characters, as 海南东方 does, and means one place.

        False if it may mean several places or the next name contradicts it. A quick test before `is_word_behind_province`: the first
        characters may be a province, the last ones a county.
        """
        form = parsed.form
        return len(form) == 2 and parsed.end - 2 in (2, 3) and not parsed.rivals and len(parsed.state) == 1

    def is_word_behind_province(self, parsed: ParsedAddress, folded: str) -> bool:
        """Whether the short name of a county after a province is only the beginning of another name: 海南东方水利 is not in 东方市."""
        form, end = parsed.form, parsed.end
        if not self.may_be_word_behind_province(parsed):
            return False
        hit, wider = parsed.state[0], self._places.hits(folded[: end - len(form)])
        if hit[1] != SHORT or not any(self._places.kind(place) == "province" for place, _ in wider):
            return False
        return self._chain(hit, form, folded, end, folded[end:]) == _WORD_CHAIN

    def _chain(self, hit: Hit, form: str, folded: str, end: int, rest: str) -> float:
        """Return the score of a short name that larger units before it, the row's areas or the project's home confirm (海南东方…).

        The short name of a county may still be an ordinary word. Parameters are as in `score`; `end` is the index after the name.
        """
        place = hit[0]
        if not rest or len(form) > 2 or self._is_at_home(place) or self._places.kind(place) != "district":
            return _SHORT_CHAIN
        if skip_gap(folded, end) > end or _PUBLIC_BODIES.match(rest) or _HOUSE.search(rest):
            return _SHORT_CHAIN
        if isinstance(place, str) or self.others(form, place) < 2 or self._parser.names_town((hit,), folded, end):
            return _SHORT_CHAIN
        return _WORD_CHAIN

    def score_of_city_abroad(self, rest: str, confirmed: bool) -> float:
        """Return the score of a city abroad in an address; low before a port, station or airport (not listed), unless confirmed.

        Parameters
        ----------
        rest : the text after the city.
        confirmed : whether a country or region beside the name confirms it.
        """
        if confirmed:
            return ABROAD
        return _NO_NAME if _SITES_ABROAD.fullmatch(rest) else ABROAD_ALONE

    def _is_unlisted_site_abroad(self, place: Place, rest: str) -> bool:
        """Whether a port, station or airport follows a country or city abroad: 巴黎港, 阿尔及利亚港."""
        if isinstance(place, str) or len(rest) > _MAX_SITE or _SITES_ABROAD.fullmatch(rest) is None:
            return False
        countries = self._places.countries
        return self._places.kind(place) in ("country", "city") and countries.is_abroad(countries.of(place))

    def limit_of_unread(self, state: State, unit: str) -> float:
        """Return the upper limit of the score of places inside which a text names an unknown unit.

        Parameters
        ----------
        unit : name of the unknown unit.
        """
        if not self._parser.is_wide(state):
            return TOWN_NOT_READ
        return COUNTY_NOT_READ if unit[-1] in "区县市旗" else UNIT_NOT_READ

    def _is_at_home(self, place: Place) -> bool:
        """Whether a place belongs to the project or lies in its home, so that its short name always counts as a name."""
        return isinstance(place, str) or bool(self._home and self._places.lies_in(place, self._home))

    def _bare(self, hit: Hit, form: str) -> float:
        """Return the score of a short name that is the whole text; that of a county with two characters is often an ordinary word (平安)."""
        place, kind = hit
        if kind not in (SHORT, FORMER) or len(form) > 2 or isinstance(place, str) or self._is_at_home(place):
            return 1.0
        if self._places.kind(place) != "district":
            return 1.0
        return _BARE_WORD if self.others(form, place) else _BARE_NAME

    def _run_on(self, hit: Hit, form: str, folded: str, end: int, rest: str) -> float:
        """Return the score of a short name at the beginning of a longer text; the text after it decides whether it is a place's name.

        綦江一中 and 綦江人民路1号 are in 綦江区; 山西证券 is a brand.
        """
        place, kind = hit
        if isinstance(place, str):
            return _SHORT_CHAIN
        level = self._places.kind(place)
        if level not in (
            "country",
            "province",
            "city",
        ):  # zones such as 万盛: their short names may be ordinary words, as those of counties
            if level != "district" and len(form) > _MAX_WORD:
                return _SHORT_CHAIN
            level = "district"
        if skip_gap(folded, end) > end:
            return _SEPARATED_WORD if self.others(form, place) > 1 else _SEPARATED
        if len(form) > 2 and self._is_abroad(place, level) and _ABROAD_BODIES.match(rest):
            return ABROAD_ALONE
        if self._is_no_name(place, kind, level, folded, rest):
            return _NO_NAME
        is_body, is_address = _PUBLIC_BODIES.match(rest) is not None, _HOUSE.search(rest) is not None
        if level == "country":
            is_island = (
                self._places.id(place) != _CHINA and _PLACES_ABROAD.search(rest) and not self.others(form, place)
            )
            return _COUNTRY if is_island else _NO_NAME
        if level == "district":
            if is_body:
                return _COUNTY_BODY
            if self._parser.names_town(((place, kind),), folded, end):
                return _COUNTY_ADDRESS
            is_address = is_address and not _FEATURES.match(rest) and not self.others(form, place)
            return _COUNTY_ADDRESS if is_address else _NO_NAME
        is_body = is_body or _REGISTERED.search(rest) is not None
        is_address = is_address or _ADDRESS_PARTS.search(rest) is not None
        # 武汉粤汉码头 is in 武汉; in 阿里车码头, 阿里 may be an ordinary word
        is_address = is_address or (
            _SITES.search(rest) is not None and (level == "province" or not self.others(form, place))
        )
        if not is_body and not is_address:
            # 杭州叉车, 山西证券: a firm may be named after a place and lie elsewhere
            return _FEATURE if _SCENIC.match(rest) else _NO_NAME
        others = self.others(form, place)
        score = _PROVINCE[others] if level == "province" else (_CITY_BODY if is_body else _CITY_ADDRESS)[others]
        return min(score, self._limit_of_branch(rest, place))

    def _limit_of_branch(self, rest: str, place: Place) -> float:
        """Return the upper limit of the score of a place, which is lower if the text names a branch in another place.

        A firm's branch (…有限公司长沙分公司) lies at the other place, a school's seldom does.
        """
        if not self.names_branch(rest, place):
            return 1.0
        return _NO_NAME if _FIRM in rest else _BRANCH

    def names_branch(self, rest: str, place: Place) -> bool:
        """Whether the text after a place names a branch of the organisation in another place: 哈尔滨工业大学(威海校区)."""
        for branch in _BRANCHES.finditer(rest):
            start, end = branch.span(1) if branch[1] else (max(0, branch.start() - _MAX_BRANCH_NAME), branch.start())
            for length in range(end - start, 1, -1):
                name = rest[start : start + length] if branch[1] else rest[end - length : end]
                if hits := [hit for hit in self._places.hits(name) if hit[1] != FORMER]:
                    if not any(self._places.lies_in(hit[0], place) for hit in hits):
                        return True
                    break
        return False

    def _is_no_name(self, place: int, kind: int, level: str, folded: str, rest: str) -> bool:
        """Whether a short name is the beginning of another name: of a road, a brand, or something named after a place abroad."""
        if kind == FORMER or folded.startswith(_NO_PLACES) or self._is_abroad(place, level):
            return True
        return level != "country" and _ROAD_NAME.match(rest) is not None

    def _is_little_known(self, place: Place) -> bool:
        """Whether a place is a city abroad with less than a million inhabitants."""
        china = self._places.china
        if not isinstance(place, int) or not china.is_city_abroad(place):
            return False
        return china.abroad.people(place - FIRST_CITY) < _MANY_PEOPLE

    def _is_abroad(self, place: int, level: str) -> bool:
        """Whether a place lies abroad and is no country; its name may be that of a shop in China (巴黎春天百货)."""
        china, root = self._places.china, place
        while (parent := china.parent(root)) >= 0:
            root = parent
        return level != "country" and china.kind(root) == "country" and china.id(root) != _CHINA

    def is_distinctive(self, hit: Hit, form: str) -> bool:
        """Whether a name is a present name of a prefecture or county of China, and no name of another place begins with it."""
        place, kind = hit
        if isinstance(place, str) or kind == FORMER or self._places.kind(place) not in ("city", "district"):
            return False
        return not self._is_abroad(place, "city") and not self.others(form, place)

    def others(self, form: str, place: int) -> int:
        """Return how many other places have a longer name that begins with a short name; 2 stands for two or more.

        All units together count as one, and every county with such a town as one.

        Parameters
        ----------
        form : the short name.
        place : the place that it means; places in or around it are not counted.
        """
        key = (form, place)
        if key not in self._others:
            self._others[key] = self._count_others(form, place)
        return self._others[key]

    def _count_others(self, form: str, place: int) -> int:
        china, lies_in = self._places.china, self._places.lies_in
        longer = 0
        for name in china.forms_by_bigram.get(form[:2], ()):
            if name.startswith(form) and len(name) > len(form):
                rows = [row for row, kind in china.hits(name) if kind != FORMER]
                if rows and not any(lies_in(row, place) or lies_in(place, row) for row in rows):
                    longer = 1
                    break
        return min(2, longer + sum(not lies_in(county, place) for county in china.counties_with_town(form)))


def _is_alone(form: str, end: int, folded: str) -> bool:
    """Whether nothing or only 中国 precedes the name that ends at an index."""
    return end == len(form) or (end <= len(form) + 2 and folded.startswith("中国"))


def _is_full(form: str, kind: int) -> bool:
    """Whether a name is a full name, which cannot be an ordinary word."""
    return ends_as_unit(form) or (kind == EXACT and len(form) > 3)
