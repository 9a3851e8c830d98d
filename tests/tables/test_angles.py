"""Angles and pairs of angles in every usual writing."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from qjmap.tables.angles import Angle, read_angle, read_pair


@pytest.mark.parametrize(
    "text",
    [
        "29°1′40″N", "北纬29度1分40秒", "29 01 40", "29:01:40", "29°01'40\"", "２９°０１′４０″", "N 29° 1' 40\"", "29º1’40”", "29°1.6666667′",
        "29度01分40秒", "lat: 29.0277778", "29.0277778°", "29,0277778", "+29.0277778", "29.0277778 N", "北纬29.0277778°",
    ],
)  # fmt: skip
def test_angles(text: str) -> None:
    angle = read_angle(text)
    assert angle is not None
    assert angle.degrees == pytest.approx(29 + 1 / 60 + 40 / 3600, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("33°S", Angle(-33.0, "lat")), ("-33.5", Angle(-33.5)), ("西经122度24分", Angle(-122.4, "lon"))],
)
def test_hemispheres(text: str, expected: Angle) -> None:
    assert read_angle(text) == expected


@pytest.mark.parametrize(
    "text", ["", "abc", "29.5 30", "29°61′", "29°1′75″", "1e5", "29.03x", "N29N", "nan", "inf", "29.1.2", "綦江区"]
)
def test_what_is_no_angle(text: str) -> None:
    assert read_angle(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "106.65,29.03", "29.03, 106.65", "106.65 29.03", "106.65；29.03", "（106.65，29.03）", "POINT(106.65 29.03)", "N29.03 E106.65",
        "29°1′48″N 106°39′0″E", "北纬29度1分48秒，东经106度39分", "东经106.65° 北纬29.03°", "29 01 48 106 39 00", "106.65/29.03", "[106.65, 29.03]",
    ],
)  # fmt: skip
def test_pairs(text: str) -> None:
    assert read_pair(text) == pytest.approx((106.65, 29.03))


def test_pairs_in_doubt_follow_their_header() -> None:
    assert read_pair("10.5, 51.2") == (10.5, 51.2)
    assert read_pair("51.2, 10.5", "latlon") == (10.5, 51.2)
    assert read_pair("51.2N 10.5N") is None
    assert read_pair("綦江区通惠大道1号") is None


@given(st.text(max_size=40))
def test_any_text_is_an_angle_or_none(text: str) -> None:
    angle, pair = read_angle(text), read_pair(text)
    assert angle is None or math.isfinite(angle.degrees)
    assert pair is None or all(map(math.isfinite, pair))


_DEGREES = st.decimals(min_value=-90, max_value=90, places=6).map(float)


@given(_DEGREES, _DEGREES, st.sampled_from([None, 12.5]))
def test_a_point_in_any_format_of_geometry_is_its_position(x: float, y: float, z: float | None) -> None:
    point = shapely.Point(x, y) if z is None else shapely.Point(x, y, z)
    multipoint = shapely.MultiPoint([point])
    texts = [
        shapely.to_wkt(point, rounding_precision=6),
        shapely.to_wkt(multipoint, rounding_precision=6),
        shapely.to_wkt(point, rounding_precision=6).lower(),
        "SRID=4326;" + shapely.to_wkt(point, rounding_precision=6),
        shapely.to_geojson(point),
        shapely.to_geojson(point, indent=2),
        *(shapely.to_wkb(point, hex=True, byte_order=order, flavor=flavor) for order in (0, 1) for flavor in ("extended", "iso")),
        shapely.to_wkb(shapely.set_srid(point, 4326), hex=True, include_srid=True),
    ]  # fmt: skip
    for text in texts:
        assert read_pair(text) == pytest.approx((x, y), abs=1e-9), text


@pytest.mark.parametrize(
    "wkt", ["LINESTRING (1 2, 3 4)", "MULTIPOINT (1 2, 3 4)", "POLYGON ((0 0, 1 0, 1 1, 0 0))", "POINT EMPTY"]
)
def test_other_geometries_are_no_position(wkt: str) -> None:
    geometry = shapely.from_wkt(wkt)
    for text in (wkt, shapely.to_geojson(geometry), shapely.to_wkb(geometry, hex=True)):
        assert read_pair(text) is None, text


@given(st.floats(0.01, 89), st.sampled_from(["S", "°S", "南纬", "W"]))
def test_a_southern_or_western_position_is_negative_with_or_without_its_sign(degrees: float, hemisphere: str) -> None:
    number = f"{degrees:.4f}"
    for text in (f"{number}{hemisphere}", f"-{number}{hemisphere}"):
        angle = read_angle(text)
        assert angle is not None, text
        assert angle.degrees == pytest.approx(-float(number)), text


@pytest.mark.parametrize("text", ["-33.9°N", "N-33.9", "东经-106", "北纬 -29°1′"])
def test_a_minus_sign_before_north_or_east_is_a_contradiction(text: str) -> None:
    assert read_angle(text) is None
