"""Reverse geocoding."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.project_gazetteer import distance_m
from qjmap.geocoding.reverse import Surroundings, reverse


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
def test_units_of_a_point(lon: float, lat: float, name: str) -> None:
    assert reverse(lon, lat).name == name


def test_nearest_town() -> None:
    found = reverse(106.667, 28.596)
    assert found.town == "打通镇"
    assert found.town_m is not None
    assert found.town_m < 1_000


@given(st.floats(75, 134), st.floats(18.5, 53.5))
def test_no_town_within_60_km_is_nearer(lon: float, lat: float) -> None:
    found = reverse(lon, lat)
    assume(found.county)
    points = load_china_gazetteer().town_points()
    least = min(distance_m(lon, lat, x / 1e5, y / 1e5) for x, y in points.values())
    assert found.town_m == (least if least < 60_000 else None)


@pytest.mark.parametrize(
    ("east", "north", "direction"),
    [
        (0, -0.003, "N"),
        (-0.003, -0.003, "NE"),
        (-0.003, 0, "E"),
        (0.003, 0, "W"),
        (0.003, 0.003, "SW"),
        (0, 0.003, "S"),
    ],
)
def test_direction_to_the_nearest_town(east: float, north: float, direction: str) -> None:
    china = load_china_gazetteer()
    code = next(code for name, code in china.towns_of(china.row_by_id["500110"]) if name == "打通镇")
    x, y = china.town_points()[code]
    found = reverse(x / 1e5 + east, y / 1e5 + north)
    assert (found.town, found.town_direction) == ("打通镇", direction)


@pytest.mark.parametrize(
    ("lon", "lat", "today", "former"),
    [
        (106.65, 29.03, "重庆市 綦江区", {"綦江县", "万盛区"}),
        (106.55, 29.60, "重庆市 两江新区", {"江北区", "渝北区"}),
        (107.80, 30.67, "重庆市 梁平区", {"梁平县"}),
    ],
)
def test_units_of_today_with_what_they_were(lon: float, lat: float, today: str, former: set[str]) -> None:
    found = reverse(lon, lat)
    assert found.name == today
    assert former <= {*found.former}
    assert found.county not in found.former


@pytest.mark.slow
def test_seats_lie_in_their_county() -> None:
    china = load_china_gazetteer()
    wrong = total = 0
    for row, code in enumerate(china.ids):
        point = china.point(row)
        if china.kind(row) != "district" or point is None or china.abolished_in(row) or china.bounding_box(row) is None:
            continue
        total += 1
        wrong += reverse(point[0], point[1]).adcode != code
    assert total > 2_850
    assert wrong < 0.01 * total


@given(st.floats(), st.floats())
def test_any_point_is_answered(lon: float, lat: float) -> None:
    assert isinstance(reverse(lon, lat), Surroundings)
