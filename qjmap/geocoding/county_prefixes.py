"""Find the county that an address begins with: 綦江区 in 重庆市綦江区…, 重庆綦江区… and 綦江区石佛路8号.

If the point of a table's row lies in that county, its address need not be parsed as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import product

from qjmap.geocoding.china_gazetteer import EXACT, SHORT, load_china_gazetteer
from qjmap.geocoding.county_rings import load_county_rings


def counties_named(text: str) -> tuple[int, ...]:
    """Return the rows in the gazetteer of the counties whose name an address begins with: one, several of one name (朝阳区), or none.

    The longest prefix of the text that names a county counts.
    """
    counties_by_prefix, lengths = _counties_by_prefix()
    for length in lengths.get(text[:2], ()):
        counties = counties_by_prefix.get(text[:length])
        if counties is not None:
            return counties
    return ()


@cache
def _counties_by_prefix() -> tuple[dict[str, tuple[int, ...]], dict[str, list[int]]]:
    """Return prefix -> rows of the counties that it names, and first two characters -> lengths of prefixes, longest first.

    Counties without a boundary are left out.
    """
    china = load_china_gazetteer()
    counties: dict[str, tuple[int, ...]] = {}
    for adcode in load_county_rings().adcodes:
        for prefix in _prefixes(adcode):
            counties[prefix] = (*counties.get(prefix, ()), china.row_by_id[adcode])
    lengths: dict[str, set[int]] = defaultdict(set)
    for prefix in counties:
        lengths[prefix[:2]].add(len(prefix))
    return counties, {two: sorted(held, reverse=True) for two, held in lengths.items()}


def _prefixes(adcode: str) -> tuple[str, ...]:
    """Return the prefixes by which addresses name a county: its full name, alone or after full or short names of its province and city."""
    china = load_china_gazetteer()
    county = china.row_by_id[adcode]
    around: list[tuple[str, ...]] = []
    row = china.parent(county)
    while row >= 0 and china.kind(row) != "country":
        around.insert(0, ("", *_names()[row]))
        row = china.parent(row)
    return tuple("".join(names) for names in product(*around, [china.name(county)]))


@cache
def _names() -> dict[int, list[str]]:
    """Return row of a unit -> its full and short names."""
    names: dict[int, list[str]] = defaultdict(list)
    china = load_china_gazetteer()
    for form in china.forms:
        for row, kind in china.hits(form):
            if kind in (EXACT, SHORT):
                names[row].append(form)
    return names
