"""Datums agree with known values and invert to the millimetre."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.datum import from_wgs84, to_wgs84

KNOWN = {
    "wgs84": (106.65, 29.03),
    "cgcs2000": (106.65, 29.03),
    "gcj02": (106.653746, 29.026819),
    "bd09": (106.660217, 29.032878),
}
METRES = 111_320.0


def apart(item: tuple[float, float], other: tuple[float, float]) -> float:
    return METRES * math.hypot((item[0] - other[0]) * math.cos(math.radians(item[1])), item[1] - other[1])


@pytest.mark.parametrize("datum", KNOWN)
def test_known_values_agree_within_two_metres(datum: str) -> None:
    x, y = to_wgs84([KNOWN[datum][0]], [KNOWN[datum][1]], datum)
    assert apart((x[0], y[0]), KNOWN["wgs84"]) < 0.2
    x, y = from_wgs84([106.65], [29.03], datum)
    assert apart((x[0], y[0]), KNOWN[datum]) < 0.2


@given(st.floats(73.0, 135.0), st.floats(3.5, 54.0), st.sampled_from(sorted(KNOWN)))
def test_converting_there_and_back_gives_the_same_point(lon: float, lat: float, datum: str) -> None:
    bent = from_wgs84([lon], [lat], datum)
    x, y = to_wgs84(*bent, datum)
    # Along the edge of the area that is bent, two positions can have the same image; anywhere else there is one.
    edge = lat < 18.02 and lon < 108.02
    assert edge or apart((x[0], y[0]), (lon, lat)) < 0.01


@given(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0), st.sampled_from(sorted(KNOWN)))
def test_every_position_converts_to_a_finite_position_nearby(lon: float, lat: float, datum: str) -> None:
    for x, y in (to_wgs84([lon], [lat], datum), from_wgs84([lon], [lat], datum)):
        assert np.isfinite([x[0], y[0]]).all()
        assert apart((x[0], y[0]), (lon, lat)) < 3_000.0


def test_positions_outside_china_are_not_shifted() -> None:
    for place in ((103.82, 1.35), (100.5, 13.7), (8.7, 50.1), (-122.4, 37.8)):
        x, y = from_wgs84([place[0]], [place[1]], "gcj02")
        assert (x[0], y[0]) == place
        x, y = to_wgs84([place[0]], [place[1]], "bd09")
        assert (x[0], y[0]) == place


def test_arrays_of_any_shape_and_mixed_datums() -> None:
    names = np.array([*KNOWN, ""], dtype=object)
    lon = np.array([*(KNOWN[name][0] for name in KNOWN), np.nan])
    lat = np.array([*(KNOWN[name][1] for name in KNOWN), np.nan])
    x, y = to_wgs84(lon, lat, names)
    assert np.allclose(x[:-1], 106.65, atol=2e-6)
    assert np.isnan(x[-1]) and np.isnan(y[-1])
    many = np.full((300, 200), 106.653746), np.full((300, 200), 29.026819)
    x, y = to_wgs84(*many, "gcj02")
    assert x.shape == (300, 200)
    assert np.ptp(x) == 0.0
    assert to_wgs84([], [], "gcj02")[0].shape == (0,)


def test_inputs_stay_as_they_are() -> None:
    lon, lat = np.array([106.653746]), np.array([29.026819])
    to_wgs84(lon, lat, "gcj02")
    to_wgs84(lon, lat)[0][0] = 0.0
    assert lon[0] == 106.653746


def test_unknown_datums_are_refused() -> None:
    for call in (to_wgs84, from_wgs84):
        with pytest.raises(ValueError, match="beijing54"):
            call([106.0], [29.0], "beijing54")
