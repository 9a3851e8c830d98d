"""Towns are lettered where the gazetteer knows where nearly all of a county's towns are, else none of them."""

from __future__ import annotations

import pytest

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.pipeline.town_names import LEAST_SHARE, town_names


@pytest.mark.parametrize(
    ("adcode", "shown"), [("320583", True), ("500240", True), ("330782", False), ("510000", False), ("no", False)]
)
def test_towns_of_a_county_are_shown_only_if_nearly_all_are_known(adcode: str, shown: bool) -> None:
    assert bool(town_names([adcode])) is shown


def test_every_county_shows_nearly_all_of_its_towns_or_none() -> None:
    china = load_china_gazetteer()
    for row, adcode in list(enumerate(china.ids))[::25]:
        if china.kind(row) != "district":
            continue
        towns = china.towns_of(row)
        placed = [name for name, code in towns if china.point(code) is not None]
        found = [name.name for name in town_names([adcode])]
        assert found == (placed if towns and len(placed) >= LEAST_SHARE * len(towns) else [])


def test_towns_that_the_map_shows_already_are_left_out() -> None:
    names = [one.name for one in town_names(["320583"])]
    assert [one.name for one in town_names(["320583"], without={names[0]})] == names[1:]
