"""Boundaries of administrative units: closed rings, symmetric neighbours, larger units that are their counties, no county left out."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from qjmap import ground
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.ground.boundaries import level_of, load_boundaries
from qjmap.ground.polygons import polygons
from tests.properties import examples

BOUNDARIES = load_boundaries()
NATIONAL = load_china_gazetteer()
COUNTIES = range(len(BOUNDARIES.counties))
UNITS = [sorted({BOUNDARIES.unit_of(county, level) for county in COUNTIES} - {""}) for level in range(3)]
WITHOUT_OUTLINE = {
    "653132", "653228", "653229", "659013",  # 岑岭县, 和康县, 和安县, 草湖市: younger than the boundaries
    "232761", "232762", "232763", "232764",  # 大兴安岭's districts, which lie in 内蒙古 in part
}  # fmt: skip


def areas(level: int) -> dict[str, object]:
    return dict(zip(UNITS[level], polygons([BOUNDARIES.members(adcode) for adcode in UNITS[level]]), strict=True))


def test_every_county_of_the_gazetteer_has_an_outline_or_is_known_to_have_none() -> None:
    counties = {
        adcode
        for adcode, row in NATIONAL.row_by_id.items()
        if NATIONAL.kind(row) == "district" and adcode.isdigit() and not NATIONAL.abolished_in(row)
    }
    without = {adcode for adcode in counties if not BOUNDARIES.members(adcode)}
    assert without == WITHOUT_OUTLINE
    assert all(ground.outline(adcode) is None and ground.bounds(adcode) is None for adcode in without)


@pytest.mark.parametrize("level", [0, 1])
def test_every_prefecture_and_province_has_an_outline(level: int) -> None:
    kind = ("province", "city")[level]
    units = {
        a for a, row in NATIONAL.row_by_id.items() if NATIONAL.kind(row) == kind and not NATIONAL.abolished_in(row)
    }
    assert {adcode for adcode in units if not BOUNDARIES.members(adcode)} == set()
    assert set(UNITS[level]) <= units


def test_units_of_the_ground_are_units_of_today() -> None:
    for adcode in UNITS[2]:
        row = NATIONAL.row_by_id[adcode]
        assert NATIONAL.kind(row) == "district" and not NATIONAL.abolished_in(row), adcode


@pytest.mark.slow
@pytest.mark.parametrize("level", range(3))
def test_outlines_are_valid_and_lie_side_by_side(level: int) -> None:
    shapes = list(areas(level).values())
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.slow
@pytest.mark.parametrize("level", [0, 1])
def test_a_larger_unit_is_the_union_of_its_counties(level: int) -> None:
    counties = polygons([[county] for county in COUNTIES])
    for adcode, area in areas(level).items():
        union = shapely.coverage_union_all([counties[county] for county in BOUNDARIES.members(adcode)])
        assert shapely.symmetric_difference(union, area).area < 1e-9, adcode


@pytest.mark.parametrize("level", range(3))
def test_neighbours_are_of_the_same_level_and_symmetric(level: int) -> None:
    beside = {adcode: ground.neighbours(adcode) for adcode in UNITS[level]}
    for adcode, others in beside.items():
        assert adcode not in others and others == sorted(set(others))
        for other in others:
            assert level_of(other) == level
            assert adcode in beside[other]


def test_neighbours_of_known_units() -> None:
    assert ground.neighbours("500110") == ["500113", "500116", "500119", "520322", "520330"]
    assert ground.neighbours("510300") == ["510500", "511000", "511100", "511400", "511500"]
    assert ground.neighbours("460000") == []  # an island
    assert ground.neighbours("990101") == []


@pytest.mark.parametrize(
    ("adcode", "parts"),
    [
        ("500157", ["500105", "500112"]),
        ("540422", ["540481"]),
        ("540530", ["540581"]),
        ("460300", ["460302", "460303"]),
    ],
)
def test_units_that_the_source_has_under_other_codes(adcode: str, parts: list[str]) -> None:
    union = shapely.union_all([ground.outline(part) for part in parts])
    assert shapely.symmetric_difference(union, ground.outline(adcode)).area < 1e-12


@pytest.mark.parametrize("adcode", ["710000", "810000", "820000", "441900", "442000", "460400", "620200"])
def test_provinces_and_cities_without_counties_of_the_mainland_have_outlines(adcode: str) -> None:
    outline = ground.outline(adcode)
    assert outline is not None and ground.bounds(adcode) == outline.bounds


def test_the_islands_of_the_south_china_sea_are_all_there() -> None:
    sansha = ground.outline("460300")
    assert len(sansha.geoms) > 320
    assert sansha.bounds[1] < 4.1


@examples(100)
@given(st.sampled_from(COUNTIES))
def test_a_county_read_alone_is_the_one_read_with_all(county: int) -> None:
    rings = [BOUNDARIES.ring(walk) for walk in BOUNDARIES.rings([county])]
    assert all(len(ring) >= 3 for ring in rings)
    alone = sorted(point for ring in rings for point in ring)
    together = polygons([[county], [0]])[0]
    inner = [ring.coords[:-1] for part in shapely.get_parts(together) for ring in shapely.get_rings(part)]
    assert alone == sorted(point for ring in inner for point in ring)
    box = shapely.box(*BOUNDARIES.boxes[county])
    assert box.covers(together) and np.allclose(together.bounds, box.bounds, atol=0.01)
