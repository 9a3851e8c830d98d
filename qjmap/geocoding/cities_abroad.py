"""Cities abroad: names in Chinese and in Latin letters, points, numbers of inhabitants; read on first use.

The points are those of GeoNames; assets/gazetteer/README.md describes the files and how they are made. Each script has an index of
its own, so that a name is looked up without reading the other index or the cities.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import accumulate
from typing import Any

from qjmap.geocoding.read_asset import read_asset

_LINEAR_SEARCHES = 12
"""Number of searches in the joined text of all names before a dictionary is built, which takes as long as a few dozen searches."""
_RADII_M = ((1_000, 40_000.0), (100, 20_000.0), (0, 10_000.0))
"""(least number of inhabitants in thousands, radius of the city in metres) in descending order; the radii are assumed."""
_FIRST_OTHER_SCRIPT = "\u2e80"
"""First code point of Chinese characters and their radicals; Latin letters and common punctuation lie below."""
MUCH_MORE_POPULOUS = 3
"""A name means the city that has at least this many times the inhabitants of every other city of that name."""
FAR_MORE_POPULOUS = 10
"""From this ratio on the name practically never means the smaller city (London in Ontario)."""
_LETTERS = str.maketrans({
    "ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ə": "e", "ɛ": "e", "ɔ": "o",
    "ŋ": "n", "ɖ": "d", "ɗ": "d", "ɓ": "b", "ƙ": "k", "ŧ": "t", "ƒ": "f", "ɣ": "g", "ʋ": "v",
    **dict.fromkeys("ʻʼʽʾʿʹ", ""),  # apostrophes that count as letters: Nukuʻalofa
})  # fmt: skip
"""Latin letter that has no decomposition -> ASCII letters."""


def plain_letters(text: str) -> str:
    """Return a text in lower case without accents: São Paulo -> sao paulo."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def is_latin(text: str) -> bool:
    """Whether every letter of a text is an ASCII letter or becomes one in `plain_letters` (é, ø, ə)."""
    if text[:1] >= _FIRST_OTHER_SCRIPT:
        return False
    if text.isascii():
        return True
    return max(text) < _FIRST_OTHER_SCRIPT and all(one.isascii() or not one.isalpha() for one in plain_letters(text))


def latin_key(text: str) -> str:
    """Return a name in Latin letters as ASCII letters and digits: São Paulo -> saopaulo; "" for another script."""
    letters = "".join(one for one in plain_letters(text) if one.isalnum())
    return letters if letters.isascii() else ""


@cache
def load_cities_abroad() -> CitiesAbroad:
    """Return the cities of the package, which are made once."""
    return CitiesAbroad()


class CityNames:
    """Index of names in one script: name -> numbers of the cities that have it.

    The first `_LINEAR_SEARCHES` names are searched for in the joined text of all names; then a dictionary is built.

    Parameters
    ----------
    file : name of the index, as `read_asset` takes it.
    """

    def __init__(self, file: str) -> None:
        data = read_asset(file)
        self._joined: str = f"|{data['forms']}|"
        self._hits: list[int | list[int]] = data["hits"]
        self._usual: dict[str, int] = data["usual"]
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._searches = 0

    def usual(self, form: str) -> int | None:
        """Return the number of the city that a name of several cities usually means (Barcelona in Spain); None if the index states none."""
        return self._usual.get(form)

    def find(self, form: str) -> tuple[int, ...]:
        """Return the numbers of the cities that have a name; () for an unknown name."""
        if not form or "|" in form:
            return ()
        if self._searches < _LINEAR_SEARCHES:
            self._searches += 1
            at = self._joined.find(f"|{form}|")
            hits = self._hits[self._joined.count("|", 0, at)] if at >= 0 else []
        else:
            hits = self._dictionary.get(form, [])
        return (hits,) if isinstance(hits, int) else tuple(hits)

    def lengths(self, beginning: str) -> Sequence[int]:
        """Return the lengths of the names that begin with the two characters `beginning`, longest first; () for none."""
        if self._searches < _LINEAR_SEARCHES and f"|{beginning}" not in self._joined:
            return ()
        lengths = self._lengths.get(beginning)
        if lengths is None:
            bits = self._length_bits.get(beginning, 0)
            lengths = tuple(length for length in range(bits.bit_length() - 1, 0, -1) if bits >> length & 1)
            if bits:  # other beginnings are not cached, since their number is unlimited
                self._lengths[beginning] = lengths
        return lengths

    @cached_property
    def _length_bits(self) -> dict[str, int]:
        """First two characters -> lengths of the names that begin with them, as a bit mask: bit n is set if a name has n characters."""
        found: dict[str, int] = {}
        known = found.get
        for form in self._dictionary:
            beginning = form[:2]
            found[beginning] = known(beginning, 0) | 1 << len(form)
        return found

    @cached_property
    def _dictionary(self) -> dict[str, int | list[int]]:
        return dict(zip(self._joined[1:-1].split("|"), self._hits, strict=True))


class CitiesAbroad:
    """Cities abroad as columns, indexed by the number of the city; the columns are read on first use.

    A region is a first-level administrative unit of a country, with a code such as "US.OR".
    """

    def __len__(self) -> int:
        return len(self._columns["name"])

    @cached_property
    def chinese_names(self) -> CityNames:
        """Names in Chinese characters."""
        return CityNames("cities_chinese")

    @cached_property
    def latin_names(self) -> CityNames:
        """Names in Latin letters, as `latin_key` writes them."""
        return CityNames("cities_latin")

    @cached_property
    def _columns(self) -> dict[str, Any]:
        columns: dict[str, Any] = read_asset("cities")
        columns["id"] = list(accumulate(columns["id"]))
        columns["name"] = columns["name"].split("|")
        columns["chinese"] = columns["chinese"].split("|")
        return columns

    @cached_property
    def _regions(self) -> list[list[str]]:
        """For each region a list: its code, the name that is shown, and the names by which it is found."""
        return [names.split("|") for names in read_asset("regions")]

    @cached_property
    def _regions_by_name(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for code, _, *names in self._regions:
            for name in names:
                found.setdefault(name, set()).add(code)
        return {name: frozenset(codes) for name, codes in found.items()}

    @cached_property
    def _regions_by_bigram(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for name in self._regions_by_name:
            if not name.isascii():
                found.setdefault(name[:2], []).append(name)
        return {prefix: tuple(sorted(names, key=len, reverse=True)) for prefix, names in found.items()}

    def regions_named(self, name: str) -> frozenset[str]:
        """Return the codes of the regions with a name, in Chinese or as `latin_key` writes it."""
        return self._regions_by_name.get(name, frozenset())

    def begins_region(self, two: str) -> bool:
        """Whether the Chinese name of any region abroad begins with the two characters `two`."""
        return two in self._regions_by_bigram

    def region_at(self, text: str, start: int) -> str:
        """Return the longest Chinese name of a region that begins at an index of a text; "" if there is none."""
        for name in self._regions_by_bigram.get(text[start : start + 2], ()):
            if text.startswith(name, start):
                return name
        return ""

    def with_id(self, identifier: str) -> int | None:
        """Return the number of the city with an id, see `id`; None for an unknown id."""
        source, _, number = identifier.partition("-")
        if source == "abroad":
            return next((int(city) for city in self._columns["inside"] if self.id(int(city)) == identifier), None)
        ids, end = self._columns["id"], len(self) - len(self._columns["inside"])
        city = bisect_left(ids, int(number), 0, end) if number.isdecimal() else end
        return city if city < end and self.id(city) == identifier else None

    def id(self, city: int) -> str:
        """Return a city's id: "geonames-" and its number there, or "abroad-" and its Latin name for a place that GeoNames does not have."""
        name: str = self._columns["name"][city]
        return (
            f"abroad-{latin_key(name)}"
            if str(city) in self._columns["inside"]
            else f"geonames-{self._columns['id'][city]}"
        )

    def name(self, city: int) -> str:
        """Return a city's Chinese name, else its name in Latin letters."""
        return str(self._columns["chinese"][city] or self._columns["name"][city])

    def latin_name(self, city: int) -> str:
        """Return a city's main name in Latin letters."""
        return str(self._columns["name"][city])

    def country(self, city: int) -> str:
        """Return the code (ISO 3166-1, two letters) of a city's country."""
        return str(self._columns["countries"][self._columns["country"][city]])

    def region(self, city: int) -> str:
        """Return the code of a city's region, "" where none is known."""
        number: int = self._columns["region"][city]
        return self._regions[number][0] if number >= 0 else ""

    def region_name(self, city: int) -> str:
        """Return the Chinese name of a city's region, "" where none is known."""
        number: int = self._columns["region"][city]
        name = self._regions[number][1] if number >= 0 else ""
        return "" if is_latin(name) else name

    def people(self, city: int) -> int:
        """Return the number of inhabitants of a city in thousands."""
        return int(self._columns["people"][city])

    def most_populous(self, cities: Iterable[int]) -> tuple[int | None, float]:
        """Return the city that has at least `MUCH_MORE_POPULOUS` times the inhabitants of the next one, else None; and that ratio.

        A single city is returned with the ratio `FAR_MORE_POPULOUS`; for no city the result is None with the same ratio.
        """
        ranked = sorted(cities, key=lambda city: -self.people(city))
        if len(ranked) < 2:
            return (ranked[0] if ranked else None), float(FAR_MORE_POPULOUS)
        times = (self.people(ranked[0]) or 1) / (self.people(ranked[1]) or 1)
        return (ranked[0] if times >= MUCH_MORE_POPULOUS else None), times

    def city_around(self, city: int) -> int | None:
        """Return the number of the city whose position is used for a place without a point of its own; None for a place with a point."""
        number: int | None = self._columns["inside"].get(str(city))
        return number

    def point(self, city: int) -> tuple[float, float, float] | None:
        """Return longitude, latitude (WGS 84 degrees) and radius (metres) of a city; None for a place without a point of its own."""
        if self.city_around(city) is not None:
            return None
        people = self.people(city)
        radius = next(metres for least, metres in _RADII_M if people >= least)
        return self._columns["lon"][city] / 1e3, self._columns["lat"][city] / 1e3, radius
