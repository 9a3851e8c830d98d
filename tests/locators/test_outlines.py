"""Whether a point lies outside a unit is asked in one place, for the checks and for a provider's answers alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qjmap.locators import Everywhere, Gazetteer
from qjmap.locators.everywhere import everyone
from qjmap.locators.gazetteer import distance_m
from qjmap.locators.merged import Merged
from qjmap.locators.online.areas import holds
from qjmap.locators.outlines import has_outline, margin_m, surely_outside, unit_of
from qjmap.locators.reverse import reverse

NATIONAL = everyone()
CHINA = Merged(NATIONAL, Gazetteer(()))
UNITS = [row for row in range(len(NATIONAL.ids)) if has_outline(row)]
QIJIANG = NATIONAL.number["500110"]
TOWNS = sorted(NATIONAL.town_points().items())


def held(row: int, lon: float, lat: float) -> bool | None:
    return holds(CHINA, row, lon, lat, 150.0)


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
def test_a_unit_holds_a_point_or_does_not_or_nobody_knows(code: str, lon: float, lat: float, inside: bool | None) -> None:
    assert held(NATIONAL.number[code], lon, lat) is inside


def test_a_capital_abroad_is_judged_by_its_distance() -> None:
    (place, _), *_ = Everywhere().places.hits("维也纳") or ((NATIONAL.number["AT-capital"], 0),)
    at = CHINA.position(place)
    assert at is not None
    assert held(NATIONAL.number["AT-capital"], at.lon, at.lat) is True
    assert held(NATIONAL.number["AT-capital"], 106.65, 29.03) is False


def test_no_town_far_away_passes_for_one_of_qijiang() -> None:
    points = [(x / 1e5, y / 1e5) for _, (x, y) in TOWNS]
    far = [one for one in points if distance_m(*one, 106.65, 29.03) > 150_000]
    lon, lat = np.array(far).T
    assert len(far) > 10_000
    assert surely_outside(QIJIANG, lon, lat, np.zeros(len(far))).all()


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(UNITS), st.sampled_from(TOWNS), st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_a_providers_point_and_a_rows_are_judged_alike(row: int, town: tuple[int, tuple[int, int]], x: float, y: float) -> None:
    lon, lat = town[1][0] / 1e5 + x, town[1][1] / 1e5 + y
    outside = bool(surely_outside(unit_of(row), np.array([lon]), np.array([lat]), np.zeros(1))[0])
    assert held(row, lon, lat) is not outside


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TOWNS))
def test_what_holds_a_point_is_never_held_against_it_and_its_far_end_is(town: tuple[int, tuple[int, int]]) -> None:
    lon, lat = town[1][0] / 1e5, town[1][1] / 1e5
    code = reverse(lon, lat).adcode
    row = NATIONAL.number.get(code, -1)
    while row >= 0 and NATIONAL.id(row) != "100000":
        assert held(row, lon, lat) is True
        _, south, east, _ = NATIONAL.extent(row) or (lon, lat, lon, lat)
        away = (margin_m(row) * 2 + 50_000) / 111_195 / 0.5
        assert held(row, east + away, lat) is False
        assert held(row, lon, south - away) is False
        row = NATIONAL.parent(row)
