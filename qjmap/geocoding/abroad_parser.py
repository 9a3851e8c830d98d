"""Parse names and addresses abroad: a city, with its country and region before or after it, in Chinese or in Latin letters.

A name in Chinese is read as a city only if it is the whole text, if its country or region is named before or after it, if it ends in 市
itself, or if the text after it is a word for a city or for a part of one (港, 市, 机场). 汉堡店 and 曼谷路 name no city.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.china_gazetteer import ALIAS, EXACT, FIRST_CITY, Hit, Place
from qjmap.geocoding.cities_abroad import FAR_MORE_POPULOUS, is_latin, latin_key, plain_letters
from qjmap.geocoding.county_towns import State
from qjmap.geocoding.latin_parser import parse_latin
from qjmap.geocoding.name_boundaries import skip_gap
from qjmap.geocoding.parsed_address import ParsedAddress

_POPULOUS_SCORE = 0.8  # upper limit of the score of the most populous of several cities of one name
_MAX_WORDS = 5
_OF_A_CITY = re.compile("(?:市|港|站|市区|市中心|港口|机场|国际机场|火车站|中央车站|都会区|地区|州|府|郡|大区)+$")
_RUN_ON = re.compile("[一-龥]")
_ZIP_CODE = re.compile(r"^[a-z]{0,2}-?\d{3,6}(?:-\d{3,4})?\s+|\s+\d{4,6}$")
_SEPARATORS = re.compile("[,;]")


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


class AbroadParser:
    """Parser of names and addresses abroad."""

    def __init__(self, parser: AddressParser) -> None:
        self._parser, self._places = parser, parser.places
        self._china, self._cities = parser.places.china, parser.places.china.abroad

    def is_abroad(self, place: Place) -> bool:
        """Whether a place is a city abroad."""
        return isinstance(place, int) and self._china.is_city_abroad(place)

    def goes_on(self, parsed: ParsedAddress, folded: str) -> bool:
        """Whether a text begins with the name of a country, and names that are not parsed yet may follow it: 德国杜伊斯堡."""
        return parsed.end < len(folded) and not parsed.rivals and self._places.kind(parsed.state[0][0]) == "country"

    def parse_name(self, folded: str) -> ParsedAddress | None:
        """Parse a text in Chinese that names a city abroad, alone or with its country and region; return None for any other text."""
        abroad = self.parse(folded)
        return abroad.parsed if abroad is not None and not abroad.rest else None

    def parse_latin(self, folded: str) -> tuple[ParsedAddress, str] | None:
        """Parse a text in Latin letters; return the parsed address and the rest of the text, or None if it names no place.

        A text that as a whole names a place in China is read so. If only a part of it does, a city abroad comes first whose country or
        region is named too, or whose name is the whole text.
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
        """Return the result of `CitiesAbroad.most_populous` for the cities abroad in a state, with the hit in place of the city."""
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

        If the index states which of several cities the name usually means, the others have the kind `ALIAS`. If it states none, those
        have it that bear the name beside another main name (Chittagong was called Islamabad) or have far fewer inhabitants than the
        largest.

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

    def _country(self, form: str, *, latin: bool = False) -> str:
        """Return the code (ISO 3166-1, two letters) of the country abroad that a name means; "" if it means none, or China.

        Parameters
        ----------
        form : the name in Chinese; with `latin`, in Latin letters.
        """
        rows = self._china.rows_by_latin_form.get(form, ()) if latin else [row for row, _ in self._china.hits(form)]
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
        countries : codes of the countries in which the city may lie, empty if that is not known. If the text names another country,
            the result is None.
        """
        known = countries
        countries = frozenset()
        regions: frozenset[str] = frozenset()
        found: tuple[State, str] | None = None
        start = end = skip_gap(text, 0)
        while start < len(text):
            if not countries and (name := self._country_at(text, start)):
                countries = frozenset((self._country(name),))
            elif found is None and not regions and (name := self._cities.region_at(text, start)):
                regions = self._cities.regions_named(name)
            elif found is None and (city := self._city_at(text, start, countries or known, regions)) is not None:
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
        if rest and not self._may_follow(text, end, rest, found[1], confirmed=confirmed):
            return None
        return AbroadAddress(ParsedAddress(state, found[1], end), rest, confirmed)

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
        """Parse an address in Latin letters whose parts between commas are a city, regions and a country, in any order.

        Of several parts that name cities, that one counts with which the fewest parts stay unknown. None if no part names a city.

        Parameters
        ----------
        known : codes of the countries in which the city may lie, empty if that is not known. A country that the text names, in one of
            several parts, replaces them.
        """
        text = plain_letters(text)
        parts = [part for one in _SEPARATORS.split(text) if (part := _ZIP_CODE.sub("", one.strip()).strip())]
        country = next((code for part in reversed(parts) if (code := self._country(_spaced(part), latin=True))), "")
        countries = frozenset((country,)) if country and len(parts) > 1 else known
        best: AbroadAddress | None = None
        unread = len(parts)
        for at, part in enumerate(parts):
            city = self._latin_city(part, countries)
            if city is None:
                continue
            state, form, beside = city
            confirmed, unknown = bool(countries or beside), []
            for other in (*parts[:at], *parts[at + 1 :]):
                inside = self._narrow(state, countries, codes) if (codes := self._regions(other, countries)) else ()
                if inside:
                    state, confirmed = inside, True
                elif not countries or self._country(_spaced(other), latin=True) != country:
                    unknown.append(other)
            if len(unknown) < unread:
                unread = len(unknown)
                best = AbroadAddress(ParsedAddress(state, form, len(text)), ", ".join(unknown), confirmed)
        return best

    def _regions(self, part: str, countries: frozenset[str]) -> frozenset[str]:
        codes = self._cities.regions_named(latin_key(part))
        return frozenset(code for code in codes if not countries or code.partition(".")[0] in countries)

    def _latin_city(self, part: str, countries: frozenset[str]) -> tuple[State, str, frozenset[str]] | None:
        """Return the hits of the cities that a part names, their name, and the codes of the countries named after it; None for no city.

        After the city the part may name a country or a region without a comma: Hamburg Germany, Portland Oregon. The set of codes is empty
        without such a name; for a region it has the countries of the regions of that name.
        """
        words = part.split()
        for size in range(min(len(words), _MAX_WORDS), 0, -1):
            name = " ".join(words[:size])
            cities = self._narrow(self._latin_state(latin_key(name)), countries)
            if not cities:
                continue
            if size == len(words):
                return cities, name, frozenset()
            area = " ".join(words[size:])
            if country := self._country(_spaced(area), latin=True):
                inside = self._narrow(cities, frozenset((country,)))
                return (inside, name, frozenset((country,))) if inside else None
            if (codes := self._regions(area, countries)) and (inside := self._narrow(cities, countries, codes)):
                return inside, name, frozenset(code.partition(".")[0] for code in codes)
        return None


def _spaced(part: str) -> str:
    """Return a part as the names of countries are written in the index: in lower case, without full stops, with single spaces."""
    return " ".join(part.lower().replace(".", "").split())
