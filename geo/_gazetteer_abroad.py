"""Cities abroad in the gazetteer: populated places of GeoNames with their names in Chinese characters and in Latin letters.

`cities_abroad.csv` adds Chinese names that GeoNames lacks (the point is that of GeoNames), places with fewer people that trains and
ships call at, and Chinese names of regions.
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
#: Minimum population of a city in the gazetteer.
MIN_POPULATION: Final = 15_000
#: Population from which a city has its names in all languages with Latin letters, and not only its main name.
MIN_POPULATION_OTHER_NAMES: Final = 100_000
#: Minimum length of a Latin name besides the main one. Shorter ones are codes of airports.
MIN_LATIN_LETTERS: Final = 4
#: Codes that GeoNames has for China, whose places are not abroad.
HOME: Final = frozenset(("CN", "TW", "HK", "MO"))
#: Countries that write, or wrote, the names of their cities in Chinese characters.
CHARACTER_COUNTRIES: Final = frozenset(("JP", "KR", "KP", "VN"))
#: Population from which a name of two characters alone means a city; the second number is for `CHARACTER_COUNTRIES`. The name of a
#: smaller city needs 市, since 伊利, 欧拉, 丰田 and 和平 are usually other words.
MIN_POPULATION_BARE, MIN_POPULATION_BARE_CHARACTERS = 100_000, 500_000
#: Population from which a city makes the short name of a Chinese county ambiguous: 西贡 may be Saigon or 西贡区.
MIN_POPULATION_RIVAL: Final = 350_000
_OF_CITIES: Final = ("广域市", "広域市", "特别市", "市")
_OF_LANGUAGES: Final = ("语", "文")  # ends of names of languages, which GeoNames lists among the names of places


@dataclass(slots=True)
class City:
    """A city abroad, or a place in one.

    Attributes
    ----------
    geonameid : id in GeoNames; 0 for a place that GeoNames lacks.
    name : main name.
    country, region : code of ISO 3166-1, and code of the region in GeoNames ("DE.07").
    lon, lat : WGS 84 degrees; of the city for a place in it.
    chinese : forms of the name in Chinese characters.
    transliterated : those of the forms that are Chinese transliterations, and not the spelling of the country itself.
    latin : keys of its names in Latin letters (see `compact`).
    inside : geonameid of the city whose point a place in it takes; 0 for a city.
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
    """Return the key of a name in Latin letters: its ASCII letters and digits in lower case; "" for a name in another script."""
    return names.ascii_letters(names.plain_letters(name.lower())) if names.is_latin(name.lower()) else ""


def cities_abroad(towns: Iterable[Town], simplified: Mapping[int, str]) -> list[City]:
    """Return the cities, sorted by GeoNames id, and after them the places in cities that `cities_abroad.csv` lists.

    Cities are the places of at least `MIN_POPULATION` people and those that the list names.

    Parameters
    ----------
    simplified : code point of a traditional character -> simplified character.
    """
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
    """Return form -> [(number of a city, kind of the form)], for the names abroad that the index of Chinese units must contain.

    A name abroad that begins with the name of a unit would otherwise be read as that unit: 吉隆坡 is not 吉隆县. If a large city and a
    county (by a short or former name) share a form, such as 西贡 or 泗水, the form alone means neither of them.

    Parameters
    ----------
    usual : as `usual_bearers` returns it.
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
    """Return form -> number of the city that is usually meant by it, for forms that several cities have.

    It is the most populous of them, provided that `cities_abroad.csv` lists it with this Chinese name or main name: 巴塞罗那 and
    Barcelona usually mean the city in Spain.
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
    """Return a name without 市, 广域市 or 特别市 at its end; the name itself if 市 is a part of it, as in 自由市."""
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
    """Return the rows of `cities_abroad.csv` of one kind: "city", "place" or "region"."""
    with LIST.open(encoding="utf-8") as file:
        return [line for line in csv.DictReader(file) if line["kind"] == kind]


def region_names() -> dict[str, list[str]]:
    """Return code in GeoNames -> [name that is shown, keys by which it is found …], for the first-level units abroad.

    The shown name is Chinese if `cities_abroad.csv` has one. Keys are those of names in Latin letters, and the Chinese names.
    """
    chinese = {f"{line['country']}.{line['name']}": line["chinese"].split("|") for line in listed("region")}
    found = {}
    for code, listed_as in sources.region_names().items():
        own = chinese.get(code, [])
        found[code] = [(own or listed_as)[0], *dict.fromkeys((*filter(None, map(compact, listed_as)), *own))]
    return found
