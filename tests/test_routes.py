"""Geodesics, bows and lengths against an independent measure (pyproj) and by their properties."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from qjmap import routes

QIJIANG, ZIGONG, SINGAPORE = (106.648, 29.0231), (104.77689, 29.34162), (103.85007, 1.28967)
lonlat = st.tuples(st.floats(-179, 179), st.floats(-80, 80))


def ways(*pairs: tuple[tuple[float, float], tuple[float, float]]) -> np.ndarray:
    start, end = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    return routes.great_circles(start, end)


@given(lonlat, lonlat)
def test_a_way_starts_and_ends_where_it_should(start: tuple[float, float], end: tuple[float, float]) -> None:
    way = ways((start, end))[0]
    assert way[0] == pytest.approx(start, abs=1e-9)
    assert way[-1, 1] == pytest.approx(end[1], abs=1e-9)
    assert (way[-1, 0] - end[0]) / 360 == pytest.approx(round((way[-1, 0] - end[0]) / 360), abs=1e-9)
    assert np.abs(np.diff(way[:, 0])).max() <= 180


def test_a_way_keeps_to_the_geodesic() -> None:
    way = ways((QIJIANG, SINGAPORE))[0]
    expected = Geod(ellps="WGS84").npts(*QIJIANG, *SINGAPORE, routes.VERTICES - 2)
    _, _, apart = Geod(ellps="WGS84").inv(way[1:-1, 0], way[1:-1, 1], *np.array(expected).T)
    assert np.max(apart) < 0.003 * 3_000_000


def test_distances_are_those_of_the_ellipsoid_and_unknown_where_an_end_is() -> None:
    start = np.array([QIJIANG, QIJIANG])
    end = np.array([SINGAPORE, (np.nan, np.nan)])
    found = routes.distances_km(start, end)
    assert found[0] == pytest.approx(Geod(ellps="WGS84").inv(*QIJIANG, *SINGAPORE)[2] / 1000)
    assert np.isnan(found[1])


def test_lengths_add_up_the_parts_of_each_line() -> None:
    first, second = shapely.LineString([QIJIANG, ZIGONG]), shapely.LineString([ZIGONG, SINGAPORE])
    found = routes.lengths_km(np.array([first, None, shapely.MultiLineString([first, second])], dtype=object))
    geod = Geod(ellps="WGS84")
    assert found[0] == pytest.approx(geod.geometry_length(first) / 1000)
    assert np.isnan(found[1])
    assert found[2] == pytest.approx((geod.geometry_length(first) + geod.geometry_length(second)) / 1000)


def test_arcs_of_one_pair_and_direction_bend_ever_further_and_never_too_far() -> None:
    start, end = np.array([QIJIANG] * 30), np.array([ZIGONG] * 30)
    bow = routes.bows(start, end)
    assert (np.diff(bow) > 0).all()
    assert bow.max() < 0.7


def test_opposite_directions_lie_on_opposite_sides() -> None:
    there_and_back = ways((QIJIANG, ZIGONG), (ZIGONG, QIJIANG))
    bent = routes.bend(there_and_back, routes.bows(there_and_back[:, 0], there_and_back[:, -1]))
    straight = there_and_back[0, :, 1]
    assert (bent[0, 1:-1, 1] < straight[1:-1]).all()  # westward, left is south
    assert (bent[1, 1:-1, 1][::-1] > straight[1:-1]).all()


def test_bending_leaves_the_ends_where_they_are() -> None:
    way = ways((QIJIANG, SINGAPORE))
    bent = routes.bend(way, np.array([0.3]))
    assert bent[0, 0] == pytest.approx(QIJIANG)
    assert bent[0, -1] == pytest.approx(SINGAPORE)


def test_rows_without_ways_have_no_line_and_several_ways_make_one_multiline() -> None:
    found = routes.as_lines(ways((QIJIANG, ZIGONG), (QIJIANG, SINGAPORE)), np.array([1, 1]), 3)
    assert [None if one is None else one.geom_type for one in found] == [None, "MultiLineString", None]
