"""The county that an address begins with: 重庆市綦江区, 重庆綦江区, 綦江区. With a point in it, nothing more has to be read."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import product

from qjmap.geocoding.china_gazetteer import EXACT, SHORT, load_china_gazetteer
from qjmap.geocoding.county_rings import load_county_rings


def counties_named(text: str) -> tuple[int, ...]:
    """Return the rows of the counties that the longest front of a text names; several share a name, few texts begin with one."""
    fronts, lengths = _counties_by_front()
    for length in lengths.get(text[:2], ()):
        counties = fronts.get(text[:length])
        if counties is not None:
            return counties
    return ()


@cache
def _counties_by_front() -> tuple[dict[str, tuple[int, ...]], dict[str, list[int]]]:
    """Return the counties with a boundary by every front of their addresses, and the lengths of fronts, longest first, by their
    first two characters.
    """
    china = load_china_gazetteer()
    counties: dict[str, tuple[int, ...]] = {}
    for adcode in load_county_rings().adcodes:
        for front in _fronts(adcode):
            counties[front] = (*counties.get(front, ()), china.row_by_id[adcode])
    lengths: dict[str, set[int]] = defaultdict(set)
    for front in counties:
        lengths[front[:2]].add(len(front))
    return counties, {two: sorted(held, reverse=True) for two, held in lengths.items()}


def _fronts(adcode: str) -> tuple[str, ...]:
    """Return the beginnings of addresses in a county that name it in full, behind its province and city or without them."""
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
    """The full and short names of units by row."""
    names: dict[int, list[str]] = defaultdict(list)
    china = load_china_gazetteer()
    for form in china.forms:
        for row, kind in china.hits(form):
            if kind in (EXACT, SHORT):
                names[row].append(form)
    return names
