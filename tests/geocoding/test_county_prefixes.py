"""Counties by the way in which addresses begin."""

from __future__ import annotations

import pytest

from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.geocoding.county_prefixes import counties_named


@pytest.mark.parametrize(
    ("text", "counties"),
    [
        ("重庆市綦江区石佛路8号", {"500110"}),
        ("重庆綦江区石佛路", {"500110"}),
        ("綦江区", {"500110"}),
        ("四川省自贡市自流井区", {"510302"}),
        ("四川自贡自流井区", {"510302"}),
        ("长春市朝阳区", {"220104"}),
        ("朝阳区建国路", {"110105", "220104"}),
        ("石佛路8号", set()),
        ("綦江石佛路", set()),
        ("Hafenstraße", set()),
        ("", set()),
    ],
)
def test_counties_that_a_text_begins_with(text: str, counties: set[str]) -> None:
    china = load_china_gazetteer()
    assert {china.ids[row] for row in counties_named(text)} == counties
