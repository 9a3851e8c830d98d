"""The ground of a page: detail where the map is about, every island and dash, water and names as far as the data go."""

from __future__ import annotations

from itertools import pairwise

import pytest
import shapely

from qjmap import ground
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.ground import water
from qjmap.ground.boundaries import level_of, load_boundaries
from qjmap.ground.page_boundaries import PageBoundaries, page_boundaries
from qjmap.ground.page_ground import WINDOW, ground_of
from qjmap.ground.polygons import country

pytestmark = pytest.mark.slow

NATIONAL = load_china_gazetteer()
HOMES = ["500110", "330782", "513200", "460000", "659001", "710001", "441900", "500157", "540424", ""]
SEGMENTS = {"dash": 10, "undefined": 1, "region-sea": 7, "province-sea": 13}
"""境界线 segments of the source, as the README beside the files lists them."""


def rings_of(edges: PageBoundaries, adcode: str) -> shapely.Geometry:
    """Return the area of a unit as the page makes it: of the arcs with one of its cells on one side alone."""
    cells = set(edges.units[adcode])
    sides = zip(edges.arcs, edges.left, edges.right, strict=True)
    edge = [arc for arc, left, right in sides if (left in cells) != (right in cells)]
    return shapely.build_area(shapely.multilinestrings(edge))


@pytest.mark.parametrize("home", HOMES)
def test_every_unit_of_a_page_is_its_outline_as_finely_as_it_is_drawn(home: str) -> None:
    named = {"510300", "520000", "371103"}
    edges = page_boundaries(home, named)
    assert named | {home} - {""} <= edges.units.keys()
    for adcode in (*named, *([home] if home else [])):
        whole = ground.outline(adcode)
        least = 0.999 if level_of(adcode) else 0.98
        made = rings_of(edges, adcode)
        assert shapely.intersection(made, whole).area / shapely.union(made, whole).area > least, adcode


def test_prefectures_of_the_whole_country_are_there_and_counties_near_home() -> None:
    edges = page_boundaries("500110", [])
    prefectures = {adcode for adcode, row in NATIONAL.row_by_id.items() if NATIONAL.kind(row) == "city"}
    assert {a for a in prefectures if load_boundaries().members(a)} <= edges.units.keys()
    counties = {adcode for adcode in edges.units if level_of(adcode) == 2}
    assert {"500110", "520322", "500243"} <= counties  # near it, or in its municipality
    assert not {"330782", "510107"} & counties


def test_around_data_in_a_narrow_space_counties_are_there_without_a_home() -> None:
    counties = {
        adcode for adcode in ground_of("", [], (120.0, 29.2, 120.2, 29.4)).boundaries.units if level_of(adcode) == 2
    }
    assert {"330782", "330783", "330726"} <= counties
    assert not {"500110", "510107"} & counties
    wide = ground_of("", [], (100.0, 25.0, 120.2, 29.4)).boundaries.units
    assert not {"330782", "500110"} & wide.keys()


def test_no_island_is_lost_however_coarse() -> None:
    edges = page_boundaries("", [])
    closed = [arc for arc, kind in zip(edges.arcs, edges.kinds, strict=True) if kind == "coast" and arc.is_closed]
    assert min(map(shapely.get_num_coordinates, closed)) >= 4
    south = [arc for arc in closed if arc.bounds[3] < 17.5]
    assert len(south) > 250


def test_no_boundary_edge_is_written_twice() -> None:
    edges = page_boundaries("500110", ["510300"])
    seen: set[frozenset[tuple[float, float]]] = set()
    total = 0
    for arc in edges.arcs:
        for edge in pairwise(arc.coords):
            seen.add(frozenset(edge))
            total += 1
    assert len(seen) >= total - 2  # a strip narrower than the tolerance may close


def test_all_lines_of_the_national_layer_are_there() -> None:
    lines = water.national_lines()
    counted = {kind: sum(line.kind == kind for line in lines) for kind in SEGMENTS}
    assert counted == SEGMENTS and len(lines) == sum(SEGMENTS.values())


def test_the_window_is_that_of_china_unless_the_data_reach_farther() -> None:
    assert ground_of("500110", [], (104.0, 22.0, 108.0, 31.0)).extent == WINDOW
    west, south, east, north = ground_of("330782", [], (-3.7, 29.0, 121.0, 51.4)).extent
    assert west < -5 and south == WINDOW[1] and east == WINDOW[2] and north > 56
    assert ground_of("330782", [], (-74.0, -33.0, 151.0, 40.0)).extent[0] < -80
    assert ground_of("", [], None).extent == WINDOW


@pytest.mark.parametrize(
    ("lon", "lat", "on_land"),
    [
        (6.76, 51.43, True),  # Duisburg
        (-3.70, 40.42, True),  # Madrid
        (51.0, 42.0, False),  # the Caspian Sea
        (103.82, 1.36, True),  # Singapore
        (104.9, 11.5, True),
        (106.5, 29.5, True),
        (110.0, 15.0, False),
        (-74.3, 40.9, True),
        (122.5, 30.0, False),
    ],
)
def test_land_and_water_of_the_world(lon: float, lat: float, on_land: bool) -> None:
    made = ground_of("500110", [], (lon, lat, lon, lat))
    point = shapely.Point(lon, lat)
    land = any(area.contains(point) for area in (*made.land_abroad, country()))
    assert (land and not any(lake.contains(point) for lake in made.lakes)) is on_land


def test_land_abroad_leaves_no_gap_at_the_border() -> None:
    abroad = shapely.union_all(water.land_abroad(WINDOW))
    for lon, lat in [(105.3, 23.3), (87.0, 27.9), (117.0, 49.7), (125.9, 41.3), (80.2, 42.2)]:
        near = shapely.box(lon - 1, lat - 1, lon + 1, lat + 1)
        assert shapely.difference(near, shapely.union(country(), abroad)).area < 1e-3, (lon, lat)


def test_names_stand_in_the_extent_and_no_province_is_missing() -> None:
    made = ground_of("500110", [], (6.76, 51.43, 6.76, 51.43))
    kinds = {
        kind: {one.name for one in made.names if one.kind == kind} for kind in ("province", "country", "sea", "river")
    }
    assert len(kinds["province"]) == 34
    assert {"德国", "俄罗斯", "波兰", "越南"} <= kinds["country"] and not {"台湾", "香港"} & kinds["country"]
    assert {"南海", "里海", "黄海"} <= kinds["sea"]
    assert {"长江", "黄河", "嘉陵江"} <= kinds["river"]
    west, south, east, north = made.extent
    assert all(west <= one.lon <= east and south <= one.lat <= north for one in made.names)


def test_what_the_ground_is_made_of_is_said() -> None:
    said = [zh for zh, _ in ground_of("", [], None).credits]
    assert len(said) == 3 and "天地图" in said[0] and "LGPL" in said[1] and "GeoNames" in said[2]
