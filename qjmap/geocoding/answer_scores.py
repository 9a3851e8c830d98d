"""Scores of answers: the share of right ones among answers of the same kind, as counted on labelled addresses and names.

Each constant stands for a kind of evidence: a full name, a short one before a public body, a unit in which another one was not
found. It is the share of right answers of the kind on one half of the lists that docs/locate.md names, and was held against the other
half; kinds of few answers there were counted on 7,979 addresses and 36,241 names of universities and schools, each with its county, and
on 14,927 addresses with labelled parts (origin: assets/addresses/README.md). An answer is right that holds the county or lies in it. A
kind of answers that is right less often than `LEAST_SCORE` says is no answer: its place is only suggested. `benchmarks/calibration.py`
holds the scores against any list.
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
"""Scores of texts that are one name, by how it was found."""

CHOSEN: Final = 0.985
"""Limit of a score where a rule has decided between equal names."""
CHOSEN_AT_HOME: Final = 0.9
"""Limit of a score where the project's home has decided between equal names."""
SHARED_FORMER: Final = 0.98
"""Limit of the score of a county of today by whose name another one was known."""
CORRECTED: Final = 0.98
"""Score of a name corrected by one character that sounds or looks alike."""
CORRECTED_OTHERWISE: Final = 0.96
STATION: Final = 0.9
ABROAD: Final = 0.95
"""Score of a city abroad in an address, beside its country or region."""
ABROAD_ALONE: Final = 0.85
REVERSED: Final = 0.9
EMBEDDED: Final = 0.9
CONTRADICTED: Final = 0.9
"""Score of the area that holds all of the places of a text that contradicts itself."""
CONTRADICTED_CITY: Final = 0.96
"""Score of a city behind which a county of another city is named: 东莞市东城区."""
COUNTY_NOT_READ: Final = 0.7
"""Limit of the score where a county inside the place is named and not known."""
UNIT_NOT_READ: Final = 0.8
"""Limit of the score where another unit inside the place is named and not known."""
TOWN_NOT_READ: Final = 0.99
"""Limit of the score of a county inside which a town is named and not known."""
UNDECIDED: Final = 0.3
VILLAGE: Final = 0.1

_CHINA = "100000"
_FULL_CHAIN, _FULL_NAME, _TOWN_ALONE, _SHORT_CHAIN, _SKIPPED_WORD = 0.999, 0.997, 0.93, 0.99, 0.97
_WORD_CHAIN = 0.989
_ZONE = 0.985  # a zone may reach beyond the county that it is listed with
_FORMER_ALONE = 0.99
_BRANCH = 0.96
_NO_NAME = 0.3  # the short name is the beginning of another name
# A county's short name and nothing else, that other places begin with too, or none: 平安, 綦江. Not of the lists, which have few.
_BARE_WORD, _BARE_NAME = 0.8, 0.95
_SEPARATED, _SEPARATED_WORD = 0.9, 0.6
_LITTLE_KNOWN = 0.8  # a name that few think of as a city's: 泰勒, 派拉蒙
_MANY_PEOPLE = 1_000  # thousands
_FEATURE = 0.65  # 青海湖: the prefecture or province that a lake has its name from
# A short name that something follows directly; by whether none, one or several other places begin with it.
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
    home : id of the place whose project it is, "" for none: inside it a short name is no mere word.
    """

    def __init__(self, parser: AddressParser, home: str) -> None:
        self._parser, self._places, self._home = parser, parser.places, home
        self._others: dict[tuple[str, int], int] = {}

    def score(self, hit: Hit, parsed: ParsedAddress, folded: str, rest: str, in_areas: bool) -> float:
        """Return the score of a place for a text.

        Parameters
        ----------
        parsed : what the text names, of which the place is one.
        rest : what follows it in the text.
        in_areas : whether the row says in which prefecture or county its place lies, and the place lies there.
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
        """Return the score of a place by its full name that something follows, and whether a branch elsewhere lowers it.

        None for a short name: what follows decides.

        Parameters
        ----------
        prefix : the text down to the end of the name.
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
        """Whether an address ends with the short name of a county, behind what is as long as that of a province."""
        form = parsed.form
        return len(form) == 2 and parsed.end - 2 in (2, 3) and not parsed.rivals and len(parsed.state) == 1

    def is_word_behind_province(self, parsed: ParsedAddress, folded: str) -> bool:
        """Whether a county's short name behind a province's is only the head of another name: 海南东方水利 is not in 东方市."""
        form, end = parsed.form, parsed.end
        if not self.may_be_word_behind_province(parsed):
            return False
        hit, wider = parsed.state[0], self._places.hits(folded[: end - len(form)])
        if hit[1] != SHORT or not any(self._places.kind(place) == "province" for place, _ in wider):
            return False
        return self._chain(hit, form, folded, end, folded[end:]) == _WORD_CHAIN

    def _chain(self, hit: Hit, form: str, folded: str, end: int, rest: str) -> float:
        """Return the score of a short name behind wider ones (海南东方…): a county's may still be only a word.

        Parameters as in `score`; `end` is the index behind the name.
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
        """Return the score of a city abroad in an address; a port, station or airport that no list has is only called after it.

        Parameters
        ----------
        rest : what follows the city in the text.
        confirmed : whether a country or region beside the name confirms it.
        """
        if confirmed:
            return ABROAD
        return _NO_NAME if _SITES_ABROAD.fullmatch(rest) else ABROAD_ALONE

    def _is_unlisted_site_abroad(self, place: Place, rest: str) -> bool:
        """Whether a text goes on with a port, station or airport behind a country or city abroad: 巴黎港, 阿尔及利亚港."""
        if isinstance(place, str) or len(rest) > _MAX_SITE or _SITES_ABROAD.fullmatch(rest) is None:
            return False
        countries = self._places.countries
        return self._places.kind(place) in ("country", "city") and countries.is_abroad(countries.of(place))

    def limit_of_unread(self, state: State, unit: str) -> float:
        """Return the limit of the score of places inside which a unit is named that is not known."""
        if not self._parser.is_wide(state):
            return TOWN_NOT_READ
        return COUNTY_NOT_READ if unit[-1] in "区县市旗" else UNIT_NOT_READ

    def _is_at_home(self, place: Place) -> bool:
        """Whether a place is one of the project or lies in its home, where a short name is no mere word."""
        return isinstance(place, str) or bool(self._home and self._places.lies_in(place, self._home))

    def _bare(self, hit: Hit, form: str) -> float:
        """Return the score of a short name that is the whole text: a county's of two characters is often just a word (平安)."""
        place, kind = hit
        if kind not in (SHORT, FORMER) or len(form) > 2 or isinstance(place, str) or self._is_at_home(place):
            return 1.0
        if self._places.kind(place) != "district":
            return 1.0
        return _BARE_WORD if self.others(form, place) else _BARE_NAME

    def _run_on(self, hit: Hit, form: str, folded: str, end: int, rest: str) -> float:
        """Return the score of a short name at the beginning of a text that goes on: what follows tells whether it is a name.

        綦江一中 and 綦江人民路1号 are in 綦江区; 山西证券 is a brand.
        """
        place, kind = hit
        if isinstance(place, str):
            return _SHORT_CHAIN
        level = self._places.kind(place)
        if level not in ("country", "province", "city"):  # 万盛 is a zone, and a word as counties' short names are
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
        # 武汉粤汉码头; but 阿里车码头: no list has the site, and 阿里 may be a word
        is_address = is_address or (
            _SITES.search(rest) is not None and (level == "province" or not self.others(form, place))
        )
        if not is_body and not is_address:
            # 杭州叉车, 山西证券: a brand may have its name from a place and lie anywhere
            return _FEATURE if _SCENIC.match(rest) else _NO_NAME
        others = self.others(form, place)
        score = _PROVINCE[others] if level == "province" else (_CITY_BODY if is_body else _CITY_ADDRESS)[others]
        return min(score, self._limit_of_branch(rest, place))

    def _limit_of_branch(self, rest: str, place: Place) -> float:
        """Return the upper limit of a place's score, lower where a branch in another place is named behind it.

        A firm's branch (…有限公司长沙分公司) lies at the other place, a school's seldom does.
        """
        if not self.names_branch(rest, place):
            return 1.0
        return _NO_NAME if _FIRM in rest else _BRANCH

    def names_branch(self, rest: str, place: Place) -> bool:
        """Whether a text goes on with a part of the named body in another place: 哈尔滨工业大学(威海校区)."""
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
        """Whether a short name is the beginning of another name: of a road, a brand, what is called after a place abroad."""
        if kind == FORMER or folded.startswith(_NO_PLACES) or self._is_abroad(place, level):
            return True
        return level != "country" and _ROAD_NAME.match(rest) is not None

    def _is_little_known(self, place: Place) -> bool:
        """Whether a place is a city abroad of less than a million people."""
        china = self._places.china
        if not isinstance(place, int) or not china.is_city_abroad(place):
            return False
        return china.abroad.people(place - FIRST_CITY) < _MANY_PEOPLE

    def _is_abroad(self, place: int, level: str) -> bool:
        """Whether a place is a city abroad: 巴黎春天百货 is in China."""
        china, root = self._places.china, place
        while (parent := china.parent(root)) >= 0:
            root = parent
        return level != "country" and china.kind(root) == "country" and china.id(root) != _CHINA

    def is_distinctive(self, hit: Hit, form: str) -> bool:
        """Whether a name is that of a unit of China below a province, and no other place's name begins with it."""
        place, kind = hit
        if isinstance(place, str) or kind == FORMER or self._places.kind(place) not in ("city", "district"):
            return False
        return not self._is_abroad(place, "city") and not self.others(form, place)

    def others(self, form: str, place: int) -> int:
        """Return how many other places have names that begin with a short name: none, one, or two for more."""
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
    """Whether no wider name but 中国 stands before a name that ends at an index."""
    return end == len(form) or (end <= len(form) + 2 and folded.startswith("中国"))


def _is_full(form: str, kind: int) -> bool:
    """Whether a name is a full one, which cannot be an ordinary word."""
    return ends_as_unit(form) or (kind == EXACT and len(form) > 3)
