"""Parse names and addresses abroad: a city, with its country and region before or after it, in Chinese or in Latin letters.

A name in Chinese is read as a city only if it is the whole text, if its country or region is named before or after it, if it has four
characters or more and ends in 市, or if the text after it is a word for a city or a part of one (港, 市, 机场). 汉堡店 and 曼谷路 name no city.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.china_gazetteer import ALIAS, EXACT, FIRST_CITY, Hit, Place
from qjmap.geocoding.cities_abroad import FAR_MORE_POPULOUS, is_latin, latin_key, plain_letters
from qjmap.geocoding.countries import CHINA
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.latin_parser import parse_latin
from qjmap.geocoding.name_boundaries import skip_gap
from qjmap.geocoding.parsed_address import ParsedAddress

_POPULOUS_SCORE = 0.8  # upper limit of the score of the most populous of several cities of one name
_MAX_WORDS = 5
_OF_A_CITY = re.compile("(?:市|港|站|市区|市中心|港口|机场|国际机场|火车站|中央车站|都会区|地区|州|府|郡|大区)+$")
_RUN_ON = re.compile("[一-龥]")
_ZIP_CODE = re.compile(r"^[a-z]{0,2}-?\d{3,6}(?:-\d{3,4})?\s+|\s+\d{4,6}$")
_SEPARATORS = re.compile("[,;|]")
_WORDS = re.compile(r"[\s()/]+|(?<!\S)[-–—](?!\S)")
"""What separates words: Hamburg (Germany), Hamburg/Germany, Hamburg - Germany."""
_LONGEST_CODE = 3  # letters of a code of a country


class AbroadAddress(NamedTuple):
    """An address abroad.

    Attributes
    ----------
    parsed : the name of the city, and the cities that it may mean.
    rest : the text after the names of the city, its country and its region; in Latin letters the parts that name nothing known.
    confirmed : whether the country or region of the city is known, from the text or from the caller.
    """

    parsed: ParsedAddress
    rest: str
    confirmed: bool


class _Word(NamedTuple):
    """A word in Latin letters. `written`: lower case without accents; `plain`: also without full stops; `key`: as `latin_key` writes it."""

    written: str
    plain: str
    key: str


_AreasFrom = dict[int, tuple[frozenset[str], ...]]
"""n -> the areas that the first (or last) n words of a text name one after the other, each as `AbroadParser._areas` returns it."""


class AbroadParser:
    """Parser of names and addresses abroad."""

    def __init__(self, parser: AddressParser) -> None:
        self._parser, self._places = parser, parser.places
        self._china, self._cities = parser.places.china, parser.places.china.abroad

    def is_abroad(self, place: Place) -> bool:
        """Whether a place is a city abroad."""
        return isinstance(place, int) and self._china.is_city_abroad(place)

    def goes_on(self, parsed: ParsedAddress, folded: str) -> bool:
        """Whether a text begins with the name of a country, and names that are not parsed yet may follow it: 德国杜伊斯堡.

        It must neither end after the parsed names nor continue with a name that contradicts them (`parsed.rivals`).
        """
        return parsed.end < len(folded) and not parsed.rivals and self._places.kind(parsed.state[0][0]) == "country"

    def parse_name(self, folded: str) -> ParsedAddress | None:
        """Parse a text in Chinese that names a city abroad, alone or with its country and region; return None for any other text."""
        abroad = self.parse(folded)
        return abroad.parsed if abroad is not None and not abroad.rest else None

    def parse_latin(self, folded: str) -> tuple[ParsedAddress, str] | None:
        """Parse a text in Latin letters; return the parsed address and the rest of the text, or None if it names no place.

        A text that as a whole names a place in China means that place. If only a part of it does, a city abroad takes precedence whose
        country or region is named too, or whose name is the whole text.
        """
        latin = parse_latin(self._parser, plain_letters(folded))
        if latin is None or latin[1] or latin[0].rivals:
            abroad = self._parse_latin(folded)
            if abroad is not None and (latin is None or abroad.confirmed or not abroad.rest):
                return abroad.parsed, abroad.rest
        return latin

    def limit(self, state: Sequence[Hit]) -> float:
        """Return the upper limit of the score of the most populous of several cities of one name.

        It is 1 if that city has at least `FAR_MORE_POPULOUS` times the inhabitants of the next one or is the only one, else
        `_POPULOUS_SCORE`.
        """
        return 1.0 if self.most_populous(state)[1] >= FAR_MORE_POPULOUS else _POPULOUS_SCORE

    def most_populous(self, state: Sequence[Hit]) -> tuple[Hit | None, float]:
        """Return, of the cities abroad among some hits, the one that `CitiesAbroad.most_populous` determines, and its ratio to the next one.

        Parameters
        ----------
        state : the candidate places; those that are no cities abroad are ignored.
        """
        hits = {city: (place, kind) for place, kind in state if (city := self._city(place)) >= 0}
        most, times = self._cities.most_populous(hits)
        return (None if most is None else hits[most]), times

    def _city(self, place: Place) -> int:
        """Return the number in `CitiesAbroad` of a city abroad; -1 for any other place."""
        key = self._places.china_row(place)
        return key - FIRST_CITY if key is not None and self._china.is_city_abroad(key) else -1

    def _cities_named(self, form: str) -> State:
        """Return the hits of the cities that a name in Chinese characters may mean; () for an unknown name."""
        names = self._cities.chinese_names
        usual = names.usual(form)
        return tuple(self._hit(city, is_usual=usual in (None, city)) for city in names.find(form))

    def _latin_state(self, key: str) -> State:
        """Return the hits of the cities that a name in Latin letters may mean; () for an unknown name.

        If the index states which of several cities the name usually means, the others have the kind `ALIAS`. Otherwise that is the kind
        of each city whose main name is another (Chittagong was called Islamabad), or of which the largest has more than
        `FAR_MORE_POPULOUS` times the inhabitants.

        Parameters
        ----------
        key : the name as `latin_key` writes it.
        """
        names = self._cities.latin_names
        found, usual = names.find(key), names.usual(key)
        if len(found) == 1 or usual is not None:
            return tuple(self._hit(city, is_usual=usual in (None, city)) for city in found)
        most = max(map(self._cities.people, found), default=0)
        return tuple(
            self._hit(
                city,
                is_usual=latin_key(self._cities.latin_name(city)) == key
                and FAR_MORE_POPULOUS * self._cities.people(city) >= most,
            )
            for city in found
        )

    def _hit(self, city: int, *, is_usual: bool) -> Hit:
        return self._places.merged(city + FIRST_CITY), EXACT if is_usual else ALIAS

    def _narrow(self, state: State, countries: frozenset[str], regions: frozenset[str] = frozenset()) -> State:
        """Return the cities abroad of a state that lie in one of the countries and one of the regions; an empty set admits all."""
        kept = []
        for place, kind in state:
            city = self._city(place)
            if city < 0 or (countries and self._cities.country(city) not in countries):
                continue
            if regions and self._cities.region(city) not in regions:
                continue
            kept.append((place, kind))
        return tuple(kept)

    def _country(self, form: str) -> str:
        """Return the code (ISO 3166-1, two letters) of the country abroad that a name in Chinese means; "" if it means none, or China."""
        rows = [row for row, _ in self._china.hits(form)]
        return next(
            (self._china.ids[row] for row in rows if self._china.parent(row) < 0 and self._china.ids[row].isalpha()), ""
        )

    def _country_at(self, text: str, start: int) -> str:
        """Return the longest Chinese name of a country abroad that begins at an index of a text; "" if there is none."""
        for length in self._china.lengths_by_bigram.get(text[start : start + 2], ()):
            form = text[start : start + length]
            if len(form) == length and self._country(form):
                return form
        return ""

    def _city_at(
        self, text: str, start: int, countries: frozenset[str], regions: frozenset[str]
    ) -> tuple[State, str] | None:
        """Return the hits of the cities that are named at an index of a text, and their name; None if no city is named there.

        Only cities in one of the countries and one of the regions count; an empty set admits all. The longest name counts.
        """
        for length in self._cities.chinese_names.lengths(text[start : start + 2]):
            form = text[start : start + length]
            if len(form) == length and (cities := self._narrow(self._cities_named(form), countries, regions)):
                return cities, form
        return None

    def may_begin(self, two: str) -> bool:
        """Whether any Chinese name of a city or region abroad begins with the two characters `two`."""
        return bool(self._cities.chinese_names.lengths(two)) or self._cities.begins_region(two)

    def parse_in_country(self, folded: str, country: int) -> AbroadAddress | None:
        """Parse a text in any script in a known country abroad; return None if it names no city there.

        A text in Latin letters that names another country is parsed in that country (see `_parse_latin`).

        Parameters
        ----------
        country : row of the country in the gazetteer.
        """
        countries = frozenset((self._china.id(country),))
        return self._parse_latin(folded, countries) if is_latin(folded) else self.parse(folded, countries)

    def parse(self, text: str, countries: frozenset[str] = frozenset()) -> AbroadAddress | None:
        """Parse a folded text in Chinese; return None if it names no city abroad, or the text after the name shows that it is no city's.

        Parameters
        ----------
        countries : codes of the countries in which the city may lie, empty if that is not known. If the text names another country or
            a region of one, the result is None.
        """
        known = countries
        countries = frozenset()
        regions: frozenset[str] = frozenset()
        found: tuple[State, str] | None = None
        start = end = skip_gap(text, 0)
        while start < len(text):
            if not countries and (name := self._country_at(text, start)):
                countries = frozenset((self._country(name),))
            elif not regions and (name := self._region_next(text, start, end, () if found is None else found[0])):
                regions = self._cities.regions_named(name)
            elif found is None and (city := self._city_at(text, start, countries, regions)) is not None:
                found, name = city, city[1]
            else:
                break
            end = start + len(name)
            start = skip_gap(text, end)
        if found is None:
            return None
        state = self._narrow(self._narrow(found[0], known), countries, regions)
        if not state:
            return None
        rest, confirmed = text[start:], bool(countries or known or regions)
        if rest and self._means_china(rest):
            return None
        if rest and not self._may_follow(text, end, rest, found[1], confirmed=confirmed):
            return None
        return AbroadAddress(ParsedAddress(state, found[1], end), rest, confirmed)

    def _region_next(self, text: str, start: int, end: int, cities: State) -> str:
        """Return the longest Chinese name of a region abroad that begins at an index; "" if there is none.

        After the name of a city, the name of the region must be separated by gaps (波特兰，俄勒冈州，美国), and the city must lie in the
        region: in 大阪市中央区 the region 中央 is not named.

        Parameters
        ----------
        end : index after the names before it.
        cities : the cities that the text has named; () for none.
        """
        name = self._cities.region_at(text, start)
        if not name or not cities:
            return name
        after = start + len(name)
        stands_apart = start > end and (after == len(text) or skip_gap(text, after) > after)
        return name if stands_apart and self._narrow(cities, frozenset(), self._cities.regions_named(name)) else ""

    def _means_china(self, form: str) -> bool:
        """Whether a text as a whole is a name of China or of one of its provinces, and no abbreviation: 汉堡港 is not in Hong Kong."""
        rows = (row for row, _ in self._china.hits(form)) if len(form) > 1 else ()
        return any(self._china.kind(row) == "province" or self._china.id(row) == CHINA for row in rows)

    def _may_follow(self, text: str, end: int, rest: str, form: str, *, confirmed: bool) -> bool:
        """Whether a name can be that of a city, given the text after it: in 汉堡港 it can, in 汉堡店 it cannot.

        Parameters
        ----------
        text : the whole text.
        end : index after the last name that was read, of the city or of its country or region.
        rest : the text after that name and a gap.
        form : the name of the city.
        confirmed : as in `AbroadAddress`.
        """
        if _OF_A_CITY.match(rest):
            return True
        run_on = skip_gap(text, end) == end and bool(_RUN_ON.match(rest))
        if confirmed:
            return not run_on or (form.endswith("市") or len(form) > 2)
        return form.endswith("市") and len(form) > 3 and not rest.startswith(("路", "街", "道"))

    def _parse_latin(self, text: str, known: frozenset[str] = frozenset()) -> AbroadAddress | None:
        """Parse an address in Latin letters whose parts between commas are a city and areas around it, in any order.

        Of several parts that name cities, that one counts with which the fewest parts stay unknown. None if no part names a city, if the
        text names a country in which the city does not lie, and if the city lies in none of the known countries.

        A code of a country (Barcelona, ES) counts only if the city lies there, since it may be an abbreviation.

        Parameters
        ----------
        known : codes of the countries in which the city may lie, empty if that is not known.
        """
        text = plain_letters(text)
        parts = [part for one in _SEPARATORS.split(text) if (part := _ZIP_CODE.sub("", one.strip()).strip())]
        runs = [
            [_Word(word, word.replace(".", ""), latin_key(word)) for word in _WORDS.split(part) if word]
            for part in parts
        ]
        begins = [self._areas_from(words) for words in runs]
        areas = [found.get(len(words), ()) for words, found in zip(runs, begins, strict=True)]
        coded = [self._with_code(part, named) for part, named in zip(parts, areas, strict=True)]
        best: AbroadAddress | None = None
        unread = len(parts)
        for at, words in enumerate(runs):
            for state, form, confirmed in self._latin_cities(words, begins[at]):
                unknown = []
                for other in (*range(at), *range(at + 1, len(parts))):
                    if coded[other] and (inside := self._inside(state, coded[other])):
                        state, confirmed = inside, True
                    elif any("." not in code for codes in areas[other] for code in codes):  # another country
                        break
                    else:
                        unknown.append(parts[other])
                else:
                    here = self._narrow(state, known)
                    if len(unknown) < unread or (best is None and len(unknown) == unread and here):
                        unread, rest = len(unknown), ", ".join(unknown)
                        parsed = ParsedAddress(here, form, len(text))
                        best = AbroadAddress(parsed, rest, confirmed or bool(known)) if here else None
        return best

    def _latin_cities(self, words: Sequence[_Word], before: _AreasFrom) -> Iterator[tuple[State, str, bool]]:
        """Yield each way to read words as a city with areas before and after it, the longest names of cities first.

        Parameters
        ----------
        before : what `_areas_from` returns for the words.

        Yields
        ------
        The cities that lie in all of the areas, their name, and whether the words name an area: Hamburg Germany, Portland Oregon USA. The
        name of a city that is also that of its country (Singapore) names both.
        """
        after = {len(words) - length: areas for length, areas in self._areas_from(words, backwards=True).items()}
        for start in before:
            for end in range(min(len(words), start + _MAX_WORDS), start, -1):
                if end not in after:
                    continue
                name, around = words[start:end], (*before[start], *after[end])
                if cities := self._inside(self._latin_state("".join([word.key for word in name])), around):
                    own = frozenset(code for code in self._areas(name) if "." not in code)
                    confirmed = bool(around or (own and self._narrow(cities, own)))
                    yield cities, " ".join([word.written for word in name]), confirmed

    def _areas_from(self, words: Sequence[_Word], *, backwards: bool = False) -> _AreasFrom:
        """Return n -> the areas, as `_areas` returns them, that the first n words name one after the other; () for n = 0.

        Parameters
        ----------
        backwards : whether to begin at the last word.
        """
        found: _AreasFrom = {0: ()}
        for start in range(len(words)):
            if start in found:
                for end in range(start + 1, min(len(words), start + _MAX_WORDS) + 1):
                    run = words[len(words) - end : len(words) - start] if backwards else words[start:end]
                    if codes := self._areas(run):
                        found.setdefault(end, (*found[start], codes))
        return found

    def _areas(self, name: Sequence[_Word]) -> frozenset[str]:
        """Return the codes of the regions abroad and the ids of the countries that the words of a name mean together.

        A name may mean several: Georgia is a country and a region. China counts, and its provinces unless a region has their name: a city
        abroad lies in none of them.
        """
        china, forms = self._china, self._china.rows_by_latin_form
        plain = [word.plain for word in name]
        regions = self._cities.regions_named("".join([word.key for word in name]))
        rows = forms.get(" ".join(plain)) or forms.get("".join(plain))
        if not rows:
            return regions
        kinds = ("country",) if regions else ("country", "province")
        return regions.union(china.ids[row] for row in rows if china.kind(row) in kinds)

    def _with_code(self, part: str, areas: tuple[frozenset[str], ...]) -> tuple[frozenset[str], ...]:
        """Return the areas that a part names, with the country added whose code (ISO 3166-1) the part may be: OR, DE."""
        countries = self._places.countries
        if len(part) > _LONGEST_CODE or not (country := countries.id(countries.find(part))):
            return areas
        return (frozenset((country,)).union(*areas),)

    def _inside(self, state: State, areas: Iterable[frozenset[str]]) -> State:
        """Return the hits (candidate places) that are cities abroad and lie in all of the areas, each given as `_areas` returns it."""
        for codes in areas:
            state = tuple(
                hit
                for hit in state
                if (city := self._city(hit[0])) >= 0
                and (self._cities.country(city) in codes or self._cities.region(city) in codes)
            )
        return state
