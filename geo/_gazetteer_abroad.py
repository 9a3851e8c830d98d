"""Cities abroad of the gazetteer: populated places of GeoNames with their names in Chinese and Latin letters.

`cities_abroad.csv` adds Chinese names that GeoNames lacks (a name is a fact; the point stays GeoNames'), places of fewer people
that trains and ships call at, and Chinese names of regions.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import _gazetteer_names as names
import _gazetteer_sources as sources
from _gazetteer_units import ALIAS, EXACT, Row
from _source_packages import Town

LIST: Final = Path(__file__).resolve().parent / "cities_abroad.csv"
MIN_POPULATION: Final = 15_000
#: From here on a city has its names of all languages that write Latin letters, not only its main one.
MIN_POPULATION_OTHER_NAMES: Final = 100_000
MIN_LATIN_LETTERS: Final = 4  # of a name besides the main one: shorter ones are codes of airports
HOME: Final = frozenset(("CN", "TW", "HK", "MO"))
#: Countries that write, or wrote, their cities' names in Chinese characters.
CHARACTER_COUNTRIES: Final = frozenset(("JP", "KR", "KP", "VN"))
#: People from which a city is meant by two characters alone; a smaller one needs 市, for 伊利, 欧拉, 丰田 and 和平 are words first.
MIN_POPULATION_BARE, MIN_POPULATION_BARE_CHARACTERS = 100_000, 500_000
#: People from which a city bars the short name of a Chinese county: 西贡 is Saigon, and 西贡区.
MIN_POPULATION_RIVAL: Final = 350_000
_OF_CITIES: Final = ("广域市", "広域市", "特别市", "市")
_OF_LANGUAGES: Final = ("语", "文")  # names of languages that stand among those of places


@dataclass(slots=True)
class City:
    """One city, or a place in one.

    Attributes
    ----------
    geonameid : 0 for a place that GeoNames does not have.
    name : main name.
    country, region : ISO code, GeoNames code ("DE.07").
    lon, lat : WGS 84 degrees, the city's for a place in it.
    chinese, transliterated : forms in Chinese characters; those of them that only Chinese has, not the country itself.
    latin : keys of its names in Latin letters.
    inside : geonameid of the city that a place without a point of its own answers at.
    """

    geonameid: int
    name: str
    country: str
    region: str
    lon: float
    lat: float
    population: int
    chinese: list[str] = field(default_factory=list)
    transliterated: set[str] = field(default_factory=set)
    latin: set[str] = field(default_factory=set)
    inside: int = 0


def compact(name: str) -> str:
    """Return a name in Latin letters as a key: ASCII letters and digits in lower case; "" for another script."""
    return names.ascii_letters(names.plain_letters(name.lower())) if names.is_latin(name.lower()) else ""


def cities_abroad(towns: Iterable[Town], simplified: Mapping[int, str]) -> list[City]:
    """Return the cities by GeoNames id, and the list's places with fewer people, places in cities last."""
    lines = listed("city")
    named: dict[tuple[str, str], Town] = {}
    wanted = {(line["name"], line["country"]) for kind in ("city", "place") for line in listed(kind)}
    wanted |= {(line["inside"], line["country"]) for line in listed("place")}
    found = {}
    for town in towns:
        key = town.name, town.country
        if key in wanted and (key not in named or named[key].population < town.population):
            named[key] = town
        if town.country not in HOME and town.population >= MIN_POPULATION:
            found[town.geonameid] = town
    found.update((town.geonameid, town) for town in named.values())
    cities = {
        number: City(number, town.name, town.country, town.region, town.lon, town.lat, town.population,
                     list(dict.fromkeys(_chinese_forms(town, simplified))), latin=set(_latin_forms(town)))
        for number, town in sorted(found.items())
    }  # fmt: skip
    for city in cities.values():
        city.transliterated.update(() if city.country in CHARACTER_COUNTRIES else city.chinese)
    for line in lines:
        city = cities[named[line["name"], line["country"]].geonameid]
        forms = line["chinese"].split("|")
        city.chinese = list(dict.fromkeys((*forms, *city.chinese)))
        city.transliterated.update(forms)
    return [*cities.values(), *_places_in_cities(cities, named)]


def forms_among_units(
    cities: list[City], rows: Iterable[Row], usual: Mapping[str, int]
) -> dict[str, list[tuple[int, int]]]:
    """Return {form: (number of a city, kind of the form)} of the names abroad that the index of China's names has to know.

    They are the names that begin like a unit's, which would be read in their place (吉隆坡 is not 吉隆县), and short and former
    names of counties by which a large city is called in Chinese (西贡, 泗水): neither of the two is meant alone.
    """
    units: dict[str, set[bool]] = {}
    for row in rows:
        for form, (kind, _) in row.forms.items():
            units.setdefault(form, set()).add(row.level == "district" and kind != EXACT)
    found: dict[str, list[tuple[int, int]]] = {}
    for number, city in enumerate(cities):
        for form in city.chinese:
            rival = (
                form in city.transliterated and city.population >= MIN_POPULATION_RIVAL and units.get(form) == {True}
            )
            longer = form not in units and any(form[:end] in units for end in range(2, len(form)))
            if rival or longer:
                kind = ALIAS if rival or usual.get(form, number) != number else EXACT
                found.setdefault(form, []).append((number, kind))
    return dict(sorted(found.items()))


def usual_bearers(cities: list[City]) -> dict[str, int]:
    """Return {form: number of a city} of the names that several cities bear, where the most populous one is in the list by it.

    The list says so of its names in Chinese, and of the main name that it gives: 巴塞罗那 and Barcelona are in Spain.
    """
    bearers: dict[str, list[int]] = {}
    for number, city in enumerate(cities):
        for form in (*city.chinese, *city.latin):
            bearers.setdefault(form, []).append(number)
    by_name = {(city.name, city.country): city for city in sorted(cities, key=lambda city: city.population)}
    found = {}
    for line in listed("city"):
        city = by_name[line["name"], line["country"]]
        for form in (*line["chinese"].split("|"), compact(city.name)):
            numbers = sorted(bearers[form], key=lambda number: (-cities[number].population, number))
            if len(numbers) > 1 and cities[numbers[0]] is city:
                found[form] = numbers[0]
    return dict(sorted(found.items()))


def _places_in_cities(cities: Mapping[int, City], named: Mapping[tuple[str, str], Town]) -> Iterator[City]:
    for line in listed("place"):
        around = cities[named[line["inside"], line["country"]].geonameid]
        forms = line["chinese"].split("|")
        yield City(0, line["name"], around.country, around.region, around.lon, around.lat, 0, forms, set(forms),
                   {compact(line["name"])}, around.geonameid)  # fmt: skip


def _chinese_forms(town: Town, simplified: Mapping[int, str]) -> Iterator[str]:
    for name in sorted({name.translate(simplified) for name in town.chinese}):
        if name.endswith(_OF_LANGUAGES):
            continue
        bare = _without_city(name, town)
        needed = MIN_POPULATION_BARE_CHARACTERS if town.country in CHARACTER_COUNTRIES else MIN_POPULATION_BARE
        if len(bare) > 2 or town.population >= needed:
            yield bare
        yield bare if bare.endswith("市") else bare + "市"


def _without_city(name: str, town: Town) -> str:
    """Return a name without 市, 广域市 or 特别市; itself where 市 belongs to it (自由市)."""
    end = next((one for one in _OF_CITIES if name.endswith(one)), "")
    short = name.removesuffix(end)
    return short if len(short) > 2 or (len(short) == 2 and town.country in CHARACTER_COUNTRIES) else name


def _latin_forms(town: Town) -> Iterator[str]:
    yield compact(town.name)
    if town.population >= MIN_POPULATION_OTHER_NAMES:
        for name in sorted(town.names):
            key = compact(name)
            if name[:1].isupper() and len(key) >= MIN_LATIN_LETTERS and not name.isupper():
                yield key


def listed(kind: str) -> list[dict[str, str]]:
    """Return the lines of one kind of the list: city, place or region."""
    with LIST.open(encoding="utf-8") as file:
        return [line for line in csv.DictReader(file) if line["kind"] == kind]


def region_names() -> dict[str, list[str]]:
    """Return the names of regions (first-level units) by their GeoNames code: the one that is shown, then those that are searched for.

    These are keys of names in Latin letters, and Chinese names of the list; the Chinese one is shown where there is one.
    """
    chinese = {f"{line['country']}.{line['name']}": line["chinese"].split("|") for line in listed("region")}
    found = {}
    for code, listed_as in sources.region_names().items():
        own = chinese.get(code, [])
        found[code] = [(own or listed_as)[0], *dict.fromkeys((*filter(None, map(compact, listed_as)), *own))]
    return found
