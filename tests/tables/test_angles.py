"""Angles and pairs of angles in every usual writing."""

from __future__ import annotations

import math

import pytest
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
