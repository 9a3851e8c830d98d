"""Units of China as rows: today's and former names, seat, extent and radius; what was abolished and is known by its outline."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import _gazetteer_names as names
import _gazetteer_sources as sources
import numpy as np
import shapely
from _packages import Town, Unit

EXACT, SHORT, FORMER, ALIAS = range(4)
#: A seat may lie this far (degrees) outside a generalised polygon.
BESIDE: Final = 0.01
#: Abolished units that are polygons still: what they are part of today, and the last year. 渝北区's five northern
#: towns went to 北碚区, so that the joint outline is that of the two districts as they were.
MERGED: Final = {"500105": ("500157", 2025), "500112": ("500157", 2025)}
RADIUS_M: Final = 6_371_008.8
MOVED_SINCE: Final = 2000  # prefectures of older addresses are left out


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
    towns: list[Town],
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
