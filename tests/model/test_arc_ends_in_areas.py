"""Arcs that lead to an area end inside it, not at the dot of a city."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from qjmap.api import open_project
from qjmap.ground.boundaries import load_boundaries
from qjmap.ground.polygons import polygons
from qjmap.model.arc_ends_in_areas import area_ends


def places(*rows: tuple[str, str, str, tuple[str, ...], str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["id", "kind", "adcode", "members", "position_of"])


def is_inside(point: tuple[float, float], *adcodes: str) -> bool:
    members = frozenset[int]().union(*(load_boundaries().members(adcode) for adcode in adcodes))
    return bool(shapely.contains(polygons([members])[0], shapely.Point(point)))


@pytest.mark.parametrize("adcode", ["510000", "520000", "450000", "150000", "650000", "620000"])
def test_a_province_ends_inside_its_boundary(adcode: str) -> None:
    ends = area_ends(places(("p", "province", adcode, (), "")), {"p"}, {})
    assert is_inside(ends["p"], adcode)


def test_a_zone_ends_in_the_city_whose_point_it_has_and_a_region_among_its_members() -> None:
    frame = places(
        ("city", "city", "510300", (), ""),
        ("zone", "development-zone", "", (), "city"),
        ("two", "area", "", ("city", "other"), ""),
        ("other", "city", "510400", (), ""),
        ("own", "own-kind", "520000", (), ""),
    )
    ends = area_ends(frame, {*frame["id"]}, {"own-kind": "province"})
    assert {*ends} == {"zone", "two", "own"}  # a city's own point stands for it
    assert is_inside(ends["zone"], "510300")
    assert is_inside(ends["two"], "510300", "510400")
    assert is_inside(ends["own"], "520000")


def test_a_municipality_is_a_city_and_what_has_no_boundary_keeps_its_point() -> None:
    frame = places(
        ("chongqing", "province", "500000", (), ""),
        ("nowhere", "area", "", ("gone",), ""),
        ("circle", "area", "", ("circle",), "circle"),
        ("park", "park", "", (), ""),
    )
    assert area_ends(frame, {*frame["id"], "unknown"}, {}) == {}


def test_no_arc_of_the_first_atlas_to_an_area_ends_at_the_point_of_a_city(repository: object) -> None:
    atlas = open_project(str(repository)).atlas()._model
    index = {row.id: row for row in atlas.places.itertuples()}
    dots = {
        (row.geometry.x, row.geometry.y) for row in index.values() if row.kind == "city" and row.geometry is not None
    }
    for parties, spots in zip(atlas.partnership_rows["parties"], atlas.partnership_rows["_spots"], strict=True):
        kinds = {index[party].kind if party in index else "site" for party in parties}
        if kinds & {"city", "district", "site"}:  # a firm stands at the city of its seat
            continue
        assert not {*spots} & dots, parties
