"""Make the background of the maps: districts, provinces, borders, land, coast, rivers, areas, lettering.

    python geo/make_background.py [FOLDER]

writes the GeoJSON files into FOLDER (this one by default) from the packages in the extra `geo` and the lists
rivers.csv and names.csv. The same packages and lists give the same bytes. Units: degrees, WGS 84.

One coverage holds everything that is a boundary: the districts of Chongqing, the prefecture-level units of Sichuan
and Guizhou, the other 31 provincial units, and the rest of the window as its last member. Every boundary that is
written comes from this one coverage, so an outline can never stand beside itself.
"""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import _packages as packages
import numpy as np
import shapely
from _coverage import clean, graded, lines_of, polygons_of, rounded, shared_border
from _packages import Geometry, Town, Unit
from _places import english, province_english

HERE: Final = Path(__file__).resolve().parent
WINDOW: Final = shapely.box(60.0, -12.0, 150.0, 56.0)
#: Decimals of every coordinate: 1e-4 degrees is 11 m, a fifth of a pixel at zoom 10.
DECIMALS: Final = 4
#: What is shown by district and what by prefecture-level unit (first two figures of the adcode).
BY_DISTRICT: Final = ("50",)
BY_CITY: Final = ("51", "52")
#: Tolerances (degrees: the root of the area of the triangles left out), finest first.
DISTRICTS, CITIES, COUNTRY, ABROAD = 0.003, 0.008, 0.03, 0.05
#: Provincial units that need more than COUNTRY: Guangxi, for the coast where the land-sea corridor meets the sea.
CLOSER: Final = {"45": 0.012}
#: The Strait of Singapore keeps its shape: its tolerance and its least island (square degrees); the least elsewhere.
STRAIT: Final = shapely.box(103.3, 1.0, 104.4, 1.7)
STRAIT_TOLERANCE, STRAIT_ISLAND, ISLAND = 0.004, 2e-4, 1e-2
#: Two surveys of one coast differ by less than this (degrees); what is narrower beside China's coast is no land.
SLIVER: Final = 0.08
#: Tolerances of lines (degrees, Douglas-Peucker): rivers by rank, the national dashes.
RIVER_TOLERANCE: Final = {1: 0.0015, 2: 0.003, 3: 0.015}
#: A river that ends nearer than this (degrees) to another is drawn on to it: bank or midstream, it is the mouth.
MOUTH: Final = 0.03
DASH_TOLERANCE: Final = 0.002
#: Rivers are lettered where the region is, not at their middle.
LETTERING: Final = shapely.box(100.0, 23.0, 111.0, 33.0)
#: The seat and the seven further towns of 万盛 that GeoNames has (万东镇 and 东林街道 are not in it), inside 500110.
WANSHENG: Final = ("万盛", "南桐镇", "青年镇", "关坝镇", "丛林镇", "石林镇", "金桥镇", "黑山镇")
WANSHENG_DISTRICT: Final = "500110"


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature to be written."""

    id: str
    properties: Mapping[str, object]
    geometry: Geometry


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The simplified coverage: districts and cities, all 34 provincial units, and the whole country dissolved."""

    districts: tuple[Unit, ...]
    provinces: tuple[Unit, ...]
    country: Geometry


def boundaries() -> Boundaries:
    """Read, clean and simplify everything administrative as one coverage."""
    districts = [unit for unit in packages.units("district") if unit.adcode.startswith(BY_DISTRICT)]
    cities = [unit for unit in packages.units("city") if unit.adcode.startswith(BY_CITY)]
    provinces = packages.units("province")
    others = [unit for unit in provinces if not unit.adcode.startswith(BY_DISTRICT + BY_CITY)]
    members = districts + cities + others
    shapes = clean([unit.geometry for unit in members], DECIMALS)
    # The rest of the window stands in the coverage too: so the coast and the national border are borders like others.
    shapes.append(shapely.difference(WINDOW, shapely.coverage_union_all(shapes)))
    tolerances = [DISTRICTS] * len(districts) + [CITIES] * len(cities)
    tolerances += [CLOSER.get(unit.adcode[:2], COUNTRY) for unit in others] + [COUNTRY]
    simple = graded(shapes, tolerances)[:-1]
    made = [Unit(unit.adcode, unit.name, shape) for unit, shape in zip(members, simple, strict=True)]
    fine = made[: len(districts) + len(cities)]
    whole = [
        Unit(
            one.adcode,
            one.name,
            shapely.coverage_union_all([unit.geometry for unit in made if unit.adcode[:2] == one.adcode[:2]]),
        )
        for one in provinces
    ]
    return Boundaries(
        tuple(sorted(fine, key=lambda unit: unit.adcode)), tuple(whole), shapely.coverage_union_all(simple)
    )


def district_features(found: Boundaries) -> list[Feature]:
    """Write the districts of Chongqing and the prefecture-level units of Sichuan and Guizhou."""
    return [
        Feature(
            f"district-{unit.adcode}",
            {
                "adcode": unit.adcode,
                "name": unit.name,
                "name_en": english(unit.name),
                "level": "district" if unit.adcode.startswith(BY_DISTRICT) else "city",
            },
            unit.geometry,
        )
        for unit in found.districts
    ]


def province_features(found: Boundaries) -> list[Feature]:
    """Write the 34 provincial units."""
    return [
        Feature(
            f"province-{unit.adcode}",
            {"adcode": unit.adcode, "name": unit.name, "name_en": province_english(unit.name)},
            unit.geometry,
        )
        for unit in found.provinces
    ]


def simplified_foreign_land() -> Geometry:
    """Simplify GSHHG's land in the window: hard, but for the strait."""
    whole = rounded(shapely.union_all(packages.land(WINDOW, ISLAND) + packages.land(STRAIT, STRAIT_ISLAND)), DECIMALS)
    whole = shapely.make_valid(whole, method="structure")
    kept = [part for part in polygons_of(whole) if part.area >= (STRAIT_ISLAND if part.intersects(STRAIT) else ISLAND)]
    whole = shapely.union_all(kept)
    zones = [STRAIT, shapely.difference(WINDOW, STRAIT)]
    # Land and sea of each zone are one coverage, so the coast has no step where the zones meet.
    cut = [part for zone in zones for part in (zone & whole, zone - whole)]
    shapes = [shapely.multipolygons(polygons_of(part)) for part in cut]
    simple = graded(clean(shapes, DECIMALS), [STRAIT_TOLERANCE] * 2 + [ABROAD] * 2)
    return shapely.coverage_union_all([simple[0], simple[2]])


def all_land(country: Geometry) -> list[Geometry]:
    """Join foreign land and China's into land without land borders; along China's coast China's own data hold."""
    rest = shapely.difference(simplified_foreign_land(), country)
    beside = shapely.buffer(country.boundary, 3 * SLIVER)
    # Grown by more than it was shrunk: the last narrow stretch of a neighbour before the border stays land.
    opened = shapely.buffer(shapely.buffer(rest, -SLIVER), 2.5 * SLIVER)
    foreign = shapely.union(shapely.difference(rest, beside), shapely.intersection(rest, opened))
    joined = polygons_of(shapely.union_all([country, *(part for part in polygons_of(foreign) if part.area > 1e-4)]))
    # Level 1 of GSHHG has no lakes, so a hole in the land is a place where the two data sets did not meet.
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in joined])
    return polygons_of(shapely.make_valid(rounded(filled, DECIMALS), method="structure"))


def numbered(kind: str, shapes: Iterable[Geometry], properties: Mapping[str, object]) -> list[Feature]:
    """Make a feature of each shape, the largest first, numbered in that order."""
    order = sorted(shapes, key=lambda shape: (-max(shape.area, shape.length), shapely.bounds(shape).tolist()))
    return [Feature(f"{kind}-{number}", properties, shape) for number, shape in enumerate(order, 1)]


def coast_lines(land: Geometry) -> list[Geometry]:
    """Give the edges of the land without those that only the window cuts."""
    frame = shapely.buffer(WINDOW.boundary, 1e-6)
    return list(shapely.get_parts(lines_of(shapely.difference(land.boundary, frame))))


def border_features(found: Boundaries, land: Geometry, undefined: Geometry) -> list[Feature]:
    """Give every border once: between provincial units, and between China and its neighbours on land."""
    made = []
    for k, first in enumerate(found.provinces):
        for second in found.provinces[k + 1 :]:
            border = shared_border(first.geometry, second.geometry)
            if border.length > 0:
                properties = {"class": "province", "between": f"{first.adcode}|{second.adcode}"}
                made.append(Feature(f"border-{first.adcode}-{second.adcode}", properties, border))
    coast = shapely.buffer(land.boundary, 5e-4)
    # Where the national boundary is drawn as undefined, the plain line would contradict it.
    inland = lines_of(shapely.difference(found.country.boundary, shapely.union(coast, undefined.buffer(0.04))))
    national = [line for line in shapely.get_parts(inland) if line.length > 0.02]
    return made + numbered("border-national", national, {"class": "national"})


def line_class(row: list[Geometry]) -> tuple[str, str, str]:
    """Tell what a 境界线 row is, by where it lies; found by looking at each."""
    west, south, east, _ = shapely.total_bounds(row)
    if south < 10:
        return "dash", "南海断续线", "South China Sea dashes"
    if east < 80:
        return "undefined", "未定国界", "undefined national boundary"
    if west > 113 and east < 115:
        return "region-sea", "香港特别行政区海上界线", "sea boundary of Hong Kong"
    return "province-sea", "省级海上界线", "provincial boundary at sea"


def national_line_features(rows: list[list[Geometry]]) -> list[Feature]:
    """Write each segment of the 境界线 rows as a feature of its own, so that a lost one would be missed."""
    made = []
    for number, row in enumerate(rows, 1):
        kind, name, name_en = line_class(row)
        for place, segment in enumerate(row, 1):
            properties = {"class": kind, "name": name, "name_en": name_en}
            line = rounded(shapely.simplify(segment, DASH_TOLERANCE), DECIMALS)
            made.append(Feature(f"{kind}-{number}-{place}", properties, line))
    return made


def river_features() -> list[Feature]:
    """Follow each river of rivers.csv through its reaches, upstream to downstream.

    A reach is `piece:first-last`, vertices counted from 0, both ends kept; first > last means against the order of
    the data. Where the data draw both banks of a wide river, the list follows one.
    """
    pieces = packages.river_pieces()
    made = []
    for row in read_list("rivers.csv"):
        reaches = []
        for reach in row["reaches"].split("|"):
            number, _, ends = reach.partition(":")
            first, last = (int(end) for end in ends.split("-"))
            xy = pieces[int(number)][min(first, last) : max(first, last) + 1]
            reaches.append(xy if first < last else xy[::-1])
        rank = int(row["rank"])
        line = rounded(shapely.simplify(shapely.LineString(np.vstack(reaches)), RIVER_TOLERANCE[rank]), DECIMALS)
        properties = {"name": row["name"], "name_en": row["name_en"], "rank": rank}
        made.append(Feature(f"river-{row['name_en'].split()[0].lower()}", properties, line))
    return made


def with_mouths(rivers: list[Feature]) -> list[Feature]:
    """Draw each river on to the nearest point of the one it ends beside."""
    made = []
    for river in rivers:
        end = shapely.get_point(river.geometry, -1)
        other = shapely.union_all([one.geometry for one in rivers if one.id != river.id])
        line = river.geometry
        if 0 < other.distance(end) < MOUTH:
            mouth = shapely.shortest_line(end, other).coords[-1]
            line = rounded(shapely.LineString([*line.coords, mouth]), DECIMALS)
        made.append(Feature(river.id, river.properties, line))
    return made


def area_features(found: Boundaries, towns: list[Town]) -> list[Feature]:
    """Derive the approximate area of 万盛: what lies nearer to one of its towns than to any other town of 綦江区."""
    district = next(unit.geometry for unit in found.districts if unit.adcode == WANSHENG_DISTRICT)
    within = [town for town in towns if town.country == "CN" and district.contains(shapely.Point(town.lon, town.lat))]
    # Distances are compared in a plane where a degree of longitude is shortened as it is at this latitude.
    squeeze = float(np.cos(np.radians(district.centroid.y)))
    points = [shapely.Point(town.lon * squeeze, town.lat) for town in within]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(105, 28, 108, 30))
    own = [point for point, town in zip(points, within, strict=True) if town.names & set(WANSHENG)]
    if len(own) != len(WANSHENG):
        raise ValueError(f"{len(own)} towns of 万盛 found, {len(WANSHENG)} expected")
    joined = shapely.union_all([cell for cell in shapely.get_parts(cells) if any(cell.contains(p) for p in own)])
    joined = shapely.transform(joined, lambda xy: xy / [squeeze, 1.0])
    area = max(polygons_of(shapely.intersection(joined, district)), key=lambda part: float(part.area))
    properties = {
        "place": "wansheng",
        "name": "万盛（约略范围）",
        "name_en": "Wansheng (approximate area)",
        "precision": "approximate",
        "method": "nearest-town cells (Voronoi) of the GeoNames towns of 万盛 among all GeoNames towns in 500110, "
        "cut to the boundary of 500110",
    }
    return [Feature("area-wansheng", properties, rounded(area, DECIMALS))]


def most_central(towns: list[Town]) -> Geometry:
    """Give the town whose distances to all the others add up to the least: always a place inside the country."""
    xy = np.array([(town.lon * np.cos(np.radians(town.lat)), town.lat) for town in towns])
    sums = [float(np.hypot(*(xy - one).T).sum()) for one in xy]
    best = towns[int(np.argmin(sums))]
    return shapely.Point(best.lon, best.lat)


def widest(shape: Geometry) -> Geometry:
    """Give the centre of the largest circle inside a shape, where lettering has most room."""
    largest = max(polygons_of(shape), key=lambda part: float(part.area))
    return shapely.Point(shapely.maximum_inscribed_circle(largest, tolerance=0.005).coords[0])


def name_features(found: Boundaries, land: Geometry, rivers: list[Feature], towns: list[Town]) -> list[Feature]:
    """Place the lettering: a design, computed from the geometry or from the towns of a country, not data."""
    made = []

    def add(kind: str, key: str, name: str, name_en: str, rank: int, point: Geometry) -> None:
        properties = {"class": kind, "name": name, "name_en": name_en, "rank": rank}
        made.append(Feature(f"name-{kind}-{key}", properties, rounded(point, 3)))

    for unit in found.provinces:
        rank = 1 if unit.geometry.area > 2 else 2
        add("province", unit.adcode, unit.name, province_english(unit.name), rank, widest(unit.geometry))
    for row in read_list("names.csv"):
        kind, key = row["class"], row["name_en"].lower().replace(" ", "-")
        if kind == "country":
            point = most_central([town for town in towns if town.country == row["key"] and town.population >= 15000])
        else:
            box = shapely.box(*(float(edge) for edge in row["key"].split()))
            if kind == "sea":
                point = widest(shapely.difference(box, land))
            else:
                islands = shapely.intersection(found.country, box)
                if islands.is_empty:
                    raise ValueError(f"no islands where {row['name']} is to stand")
                point = shapely.box(*islands.bounds).centroid
        add(kind, key, row["name"], row["name_en"], int(row["rank"]), point)
    for river in rivers:
        rank = int(str(river.properties["rank"]))
        inside = lines_of(shapely.intersection(river.geometry, LETTERING))
        if rank < 3 and not inside.is_empty:
            longest = max(shapely.get_parts(inside), key=lambda part: float(part.length))
            name, name_en = str(river.properties["name"]), str(river.properties["name_en"])
            add(
                "river", river.id.removeprefix("river-"), name, name_en, rank, longest.interpolate(0.5, normalized=True)
            )
    return made


def read_list(name: str) -> list[dict[str, str]]:
    """Read one of the lists beside this script."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, features: list[Feature]) -> None:
    """Write features as RFC 7946 GeoJSON, one a line: no crs member, outer rings counter-clockwise."""
    lines = []
    for feature in features:
        shape = shapely.orient_polygons(shapely.normalize(feature.geometry), exterior_cw=False)
        if feature.geometry.geom_type == "LineString":
            shape = feature.geometry  # a river keeps its direction
        shape = rounded(shape, DECIMALS)  # overlays leave noise in the last digits
        if len(shapely.get_parts(shape)) == 1:
            shape = shapely.get_parts(shape)[0]
        member = {
            "type": "Feature",
            "id": feature.id,
            "properties": dict(feature.properties),
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        lines.append(json.dumps(member, ensure_ascii=False, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(features)} features, {path.stat().st_size:,} bytes")


def main(folder: Path) -> None:
    """Make every file of the background."""
    found = boundaries()
    rows, towns = packages.boundary_lines(), packages.towns()
    land = all_land(found.country)
    joined = shapely.union_all(land)
    undefined = shapely.union_all([line for row in rows if line_class(row)[0] == "undefined" for line in row])
    rivers = with_mouths(river_features())
    write(folder / "districts.geojson", district_features(found))
    write(folder / "provinces.geojson", province_features(found))
    write(folder / "borders.geojson", border_features(found, joined, undefined))
    write(folder / "national_lines.geojson", national_line_features(rows))
    write(folder / "land.geojson", numbered("land", land, {"class": "land"}))
    write(folder / "coast.geojson", numbered("coast", coast_lines(joined), {"class": "coast"}))
    write(folder / "rivers.geojson", rivers)
    write(folder / "areas.geojson", area_features(found, towns))
    write(folder / "names.geojson", name_features(found, joined, rivers, towns))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE)
