"""A point is told by the units that hold it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.locators.everywhere import everyone
from qjmap.locators.reverse import Surroundings, reverse


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (106.65, 29.03, "重庆市 綦江区"),
        (104.777, 29.342, "四川省 自贡市 自流井区"),
        (105.06, 29.58, "四川省 内江市 市中区"),
        (121.5, 25.04, "台湾省 台北市"),
        (113.54, 22.19, "澳门特别行政区"),
        (103.85, 1.29, ""),
        (110.0, 10.0, ""),
    ],
)
def test_a_point_is_told_by_the_units_that_hold_it(lon: float, lat: float, name: str) -> None:
    assert reverse(lon, lat).name == name


def test_the_nearest_town_is_told_with_its_distance() -> None:
    found = reverse(106.667, 28.596)
    assert found.town == "打通镇"
    assert found.town_m is not None
    assert found.town_m < 1_000


def test_nearly_every_seat_is_held_by_its_own_county() -> None:
    national = everyone()
    wrong = total = 0
    for row, code in enumerate(national.ids):
        point = national.point(row)
        if national.kind(row) != "district" or point is None or national.until(row):
            continue
        total += 1
        wrong += reverse(point[0], point[1]).adcode != code
    assert total > 2_850
    assert wrong < 0.01 * total


@given(st.floats(), st.floats())
def test_any_point_is_answered(lon: float, lat: float) -> None:
    assert isinstance(reverse(lon, lat), Surroundings)
