"""Great circles, junctions and lengths against pyproj and by their properties."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from qjmap import geodesy

QIJIANG, ZIGONG, SINGAPORE = (106.648, 29.0231), (104.77689, 29.34162), (103.85007, 1.28967)
lonlat = st.tuples(st.floats(-179, 179), st.floats(-80, 80))


def ways(*pairs: tuple[tuple[float, float], tuple[float, float]]) -> np.ndarray:
    start, end = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    return geodesy.great_circles(start, end)


@given(lonlat, lonlat)
def test_a_great_circle_starts_and_ends_at_its_given_points(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    way = ways((start, end))[0]
    assert way[0] == pytest.approx(start, abs=1e-9)
    assert way[-1, 1] == pytest.approx(end[1], abs=1e-9)
    assert (way[-1, 0] - end[0]) / 360 == pytest.approx(round((way[-1, 0] - end[0]) / 360), abs=1e-9)
    assert np.abs(np.diff(way[:, 0])).max() <= 180


def test_a_great_circle_stays_close_to_the_geodesic() -> None:
    way = ways((QIJIANG, SINGAPORE))[0]
    expected = Geod(ellps="WGS84").npts(*QIJIANG, *SINGAPORE, geodesy.VERTICES - 2)
    _, _, apart = Geod(ellps="WGS84").inv(way[1:-1, 0], way[1:-1, 1], *np.array(expected).T)
    assert np.max(apart) < 0.003 * 3_000_000


def test_distances_are_those_of_the_ellipsoid_and_unknown_where_an_end_is() -> None:
    start = np.array([QIJIANG, QIJIANG])
    end = np.array([SINGAPORE, (np.nan, np.nan)])
    result = geodesy.distances_km(start, end)
    assert result[0] == pytest.approx(Geod(ellps="WGS84").inv(*QIJIANG, *SINGAPORE)[2] / 1000)
    assert np.isnan(result[1])


def test_lengths_add_up_the_parts_of_each_line() -> None:
    first, second = shapely.LineString([QIJIANG, ZIGONG]), shapely.LineString([ZIGONG, SINGAPORE])
    result = geodesy.lengths_km(np.array([first, None, shapely.MultiLineString([first, second])], dtype=object))
    geod = Geod(ellps="WGS84")
    assert result[0] == pytest.approx(geod.geometry_length(first) / 1000)
    assert np.isnan(result[1])
    assert result[2] == pytest.approx((geod.geometry_length(first) + geod.geometry_length(second)) / 1000)


def km(item: tuple[float, float], other: tuple[float, float]) -> float:
    return float(Geod(ellps="WGS84").inv(*item, *other)[2]) / 1000


@given(st.lists(st.tuples(st.floats(95, 125), st.floats(-5, 45)), min_size=3, max_size=12, unique=True))
def test_a_junction_is_about_as_near_to_all_as_any_point_can_be(points: list[tuple[float, float]]) -> None:
    result = tuple(geodesy.junctions(np.array(points), np.zeros(len(points), dtype=np.int64))[0])
    total = sum(km(result, item) for item in points)
    # No party's own place would be much nearer to all; moving aside from one costs at most its share of the mean.
    assert total <= 1.35 * min(sum(km(item, other) for other in points) for item in points) + 1e-6


def test_three_points_of_a_wide_triangle_meet_at_their_median() -> None:
    corners = np.array([(100.0, 30.0), (104.0, 30.0), (102.0, 33.0)])
    result = geodesy.junctions(corners, np.zeros(3, dtype=np.int64))[0]
    total = sum(km(tuple(result), tuple(item)) for item in corners)
    for step in ((0.05, 0), (-0.05, 0), (0, 0.05), (0, -0.05)):
        assert sum(km(tuple(result + step), tuple(item)) for item in corners) >= total - 0.3


def test_a_junction_on_a_line_of_three_stands_aside_where_the_map_has_room() -> None:
    line = np.array([(100.0, 30.0), (102.0, 30.0), (104.0, 30.0)])
    sets = np.zeros(3, dtype=np.int64)
    south = geodesy.junctions(line, sets, np.array([*line, (102.0, 30.4)]))[0]
    north = geodesy.junctions(line, sets, np.array([*line, (102.0, 29.6)]))[0]
    assert south[1] < 29.8
    assert north[1] > 30.2
    assert min(km(tuple(south), tuple(item)) for item in line) > 25


def test_junctions_of_several_sets_do_not_mix_and_cross_the_antimeridian() -> None:
    sets = [[(100.0, 30.0), (104.0, 30.0), (102.0, 33.0)], [(178.0, -17.0), (-178.0, -17.0), (180.0, -20.0)]]
    together = geodesy.junctions(np.array([*sets[0], *sets[1]]), np.repeat([0, 1], 3))
    assert together[0] == pytest.approx(geodesy.junctions(np.array(sets[0]), np.zeros(3, dtype=np.int64))[0])
    assert abs(together[1][0]) > 178
    assert geodesy.junctions(np.zeros((0, 2)), np.zeros(0, dtype=np.int64)).shape == (0, 2)


def test_rows_without_ways_have_no_line_and_several_ways_make_one_multiline() -> None:
    result = geodesy.as_lines(ways((QIJIANG, ZIGONG), (QIJIANG, SINGAPORE)), np.array([1, 1]), 3)
    assert [None if item is None else item.geom_type for item in result] == [None, "MultiLineString", None]
