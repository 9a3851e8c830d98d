"""Colours that users give: names of CSS, hexadecimal, tuples, lists of any length; what is no colour is refused by name."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

import qjmap
from qjmap.errors import UsageError
from qjmap.frames.colours import Scale, paint
from qjmap.frames.convert_columns import Cells
from qjmap.frames.palettes import checked, palette


@pytest.mark.parametrize(
    "colour", ["red", "RebeccaPurple", "grey", "gray", "#abc", "#a1b2c3", "rgb(1, 2, 3)", "Transparent", "#a1b2c3d4"]
)
def test_a_colour_of_css_is_taken(colour: str) -> None:
    assert checked(colour) == colour


@pytest.mark.parametrize("colour", ["foo", "", "#12", "#12345", "rgb(", 7, None])
def test_what_is_no_colour_is_refused(colour: object) -> None:
    with pytest.raises(UsageError):
        checked(colour)


def test_a_list_of_names_is_blended() -> None:
    assert palette(["red", "blue"], 3) == ["#ff0000", "#800080", "#0000ff"]


def test_a_long_list_of_colours_reaches_its_last() -> None:
    colours = [f"#0000{number:02x}" for number in range(100)]
    numbers = np.arange(100.0)
    painting = paint(Cells("number", numbers, numbers), "n", Scale(cmap=colours))
    assert [painting.colours[code] for code in painting.codes.tolist()] == colours


def test_a_wrong_colour_of_a_frame_is_named() -> None:
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(106, 29)], crs=4326)
    with pytest.raises(UsageError, match="foo"):
        qjmap.explore(frame, color="foo")
