"""Points inside and outside administrative units, for the checks of tables and of providers' answers alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.geocoding import ProjectGazetteer
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.county_polygons import admin_unit, has_boundary, outside_beyond_margin
from qjmap.geocoding.county_rings import margin_m
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.geocoding.online.area_check import may_contain
from qjmap.geocoding.project_gazetteer import distance_m
from qjmap.geocoding.reverse import reverse
from tests.properties import examples

NATIONAL = load_china_gazetteer()
CHINA = MergedGazetteer(NATIONAL, ProjectGazetteer(()))
UNITS = [row for row in range(len(NATIONAL.ids)) if has_boundary(row)]
QIJIANG = NATIONAL.row_by_id["500110"]
TOWNS = sorted(NATIONAL.town_points().items())


def contains(row: int, lon: float, lat: float) -> bool | None:
    return may_contain(CHINA, row, lon, lat, 150.0)


@pytest.mark.parametrize(
    ("code", "lon", "lat", "inside"),
    [
        ("510300", 105.07, 29.60, False),  # 内江
        ("510300", 104.777, 29.342, True),
        ("510000", 104.777, 29.342, True),
        ("510302", 104.777, 29.342, True),
        ("500110", 116.397, 39.913, False),  # 东城区, near the border of 西城区
        ("500110", 106.65, 29.03, True),
        ("500105", 106.57, 29.60, True),  # 江北区 as it was, in 两江新区 as it is
        ("500105", 106.65, 29.03, False),
        ("653229", 79.9, 37.1, None),  # 和安县 of 2024 has no outline: in its prefecture it may lie anywhere
        ("653229", 106.65, 29.03, False),
        ("100000", 106.65, 29.03, True),
        ("100000", 103.85, 1.29, False),
        ("500110", 103.85, 1.29, False),
    ],
)
def test_may_contain(code: str, lon: float, lat: float, inside: bool | None) -> None:
    assert contains(NATIONAL.row_by_id[code], lon, lat) is inside


def test_foreign_capital_is_checked_by_distance() -> None:
    vienna = NATIONAL.place_by_id("geonames-2761369")
    assert vienna is not None
    at = CHINA.position(vienna)
    assert at is not None
    assert contains(vienna, at.lon, at.lat) is True
    assert contains(vienna, 106.65, 29.03) is False


def test_far_towns_are_outside_qijiang() -> None:
    points = [(x / 1e5, y / 1e5) for _, (x, y) in TOWNS]
    far = [one for one in points if distance_m(*one, 106.65, 29.03) > 150_000]
    lon, lat = np.array(far).T
    assert len(far) > 10_000
    assert outside_beyond_margin(QIJIANG, lon, lat, np.zeros(len(far))).all()


@examples(200)
@given(st.sampled_from(UNITS), st.sampled_from(TOWNS), st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_area_check_equals_outside_mask(row: int, town: tuple[int, tuple[int, int]], x: float, y: float) -> None:
    lon, lat = town[1][0] / 1e5 + x, town[1][1] / 1e5 + y
    outside = bool(outside_beyond_margin(admin_unit(row), np.array([lon]), np.array([lat]), np.zeros(1))[0])
    assert contains(row, lon, lat) is not outside


@examples(200)
@given(st.sampled_from(TOWNS))
def test_units_contain_their_points_and_no_far_ones(town: tuple[int, tuple[int, int]]) -> None:
    lon, lat = town[1][0] / 1e5, town[1][1] / 1e5
    code = reverse(lon, lat).adcode
    row = NATIONAL.row_by_id.get(code, -1)
    while row >= 0 and NATIONAL.id(row) != "100000":
        assert contains(row, lon, lat) is True
        _, south, east, _ = NATIONAL.bounding_box(row) or (lon, lat, lon, lat)
        away = (margin_m(NATIONAL.ids[row]) * 2 + 50_000) / 111_195 / 0.5
        assert contains(row, east + away, lat) is False
        assert contains(row, lon, south - away) is False
        row = NATIONAL.parent(row)
