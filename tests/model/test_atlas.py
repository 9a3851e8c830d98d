"""Atlas of the invented region: positions, partnerships, corridors, order of rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyproj import Geod

from qjmap.export.feature_columns import property_names
from qjmap.model.atlas import Atlas
from qjmap.model.corridor_lines import is_one_way
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.region import ROWS, make_region, write_table


@pytest.fixture
def atlas(region: Path) -> Atlas:
    return load_atlas(load_project(region))[0]


def row(frame, identifier):  # type: ignore[no-untyped-def]
    return frame[frame["id"] == identifier].iloc[0]


@pytest.mark.slow
def test_every_row_of_every_table_is_there_in_the_order_of_its_id(atlas: Atlas) -> None:
    for frame in (atlas.places, atlas.sites, atlas.partnerships, atlas.corridors, atlas.sources):
        assert list(frame["id"]) == sorted(frame["id"])
    assert all(frame.crs == "EPSG:4326" for frame in atlas.layers().values())


def test_a_gcj02_point_is_moved_and_its_typed_position_kept(atlas: Atlas) -> None:
    hill = row(atlas.places, "hill")
    _, _, metres = Geod(ellps="WGS84").inv(102.0, 30.8, hill.geometry.x, hill.geometry.y)
    assert 100 < metres < 900
    assert (hill.orig_lon, hill.orig_lat, hill.orig_datum) == ("102.00", "30.80", "gcj02")


def test_a_site_takes_the_finest_place_it_is_known_to_lie_in(atlas: Atlas) -> None:
    line, harbour = row(atlas.sites, "line"), row(atlas.places, "harbour")
    assert line.geometry == harbour.geometry  # through its plant and the plant's park
    assert (line.level, line.position_of) == ("district", "harbour")


@pytest.mark.slow
def test_an_address_alone_places_a_site_at_the_level_it_names(atlas: Atlas) -> None:
    result = row(atlas.sites, "by-address")
    assert (result.level, result.position_of) == ("city", "hill")


@pytest.mark.slow
def test_a_site_that_nobody_placed_has_no_geometry_and_still_counts(atlas: Atlas) -> None:
    client = row(atlas.sites, "client")
    assert client.geometry is None
    assert client.level == "unresolved"


def test_a_partnership_of_two_is_the_geodesic_from_the_first_party(atlas: Atlas) -> None:
    assert row(atlas.partnerships, "pact").geometry.geom_type == "LineString"
    centre = row(atlas.partnerships, "centre")
    hill = row(atlas.places, "hill").geometry
    assert centre.geometry.coords[0] == pytest.approx((hill.x, hill.y))  # forward: from the first party


def test_a_partnership_of_three_joins_each_to_one_junction_that_is_none_of_them(atlas: Atlas) -> None:
    parts = row(atlas.partnerships, "three").geometry.geoms
    parties = [row(atlas.places, item).geometry.coords[0] for item in ("harbour", "hill-zone", "lake")]
    assert [part.coords[-1] for part in parts] == [pytest.approx(item) for item in parties]
    (junction,) = {part.coords[0] for part in parts}
    assert min(Geod(ellps="WGS84").inv(*junction, *item)[2] for item in parties) > 5_000


def test_fewer_than_two_located_parties_or_one_spot_make_no_arc(atlas: Atlas) -> None:
    supply, inner = row(atlas.partnerships, "supply"), row(atlas.partnerships, "inner")
    assert supply.geometry is None
    assert supply.located == 1
    assert inner.geometry is None
    assert inner.located == 2


def test_a_corridor_is_the_lines_of_its_legs(atlas: Atlas) -> None:
    rail = row(atlas.corridors, "rail")
    assert rail.geometry.geom_type == "MultiLineString"
    assert rail.modes == ("rail", "sea")
    assert rail.length_km == pytest.approx(atlas.corridor_legs["length_km"].sum(), abs=0.01)
    assert set(atlas.corridor_legs["grade"]) == {"schematic"}
    assert row(atlas.corridors, "idea").geometry is None


@pytest.mark.slow
def test_coordinates_that_the_table_itself_calls_unresolved_are_not_used(region: Path) -> None:
    table = region / "data" / "sites.csv"
    row_text = "u,未定厂,,,enterprise,,,harbour,,,,101.5,30.1,wgs84,unresolved,,,,,,,,,survey,\n"
    table.write_text(table.read_text("utf-8") + row_text, encoding="utf-8")
    result = row(load_atlas(load_project(region))[0].sites, "u")
    assert (result.level, result.position_of) == ("district", "harbour")


def test_own_columns_with_names_of_the_model_are_exported(region: Path) -> None:
    table = region / "data" / "partnerships.csv"
    header, *lines = table.read_text("utf-8").splitlines()
    text = "\n".join([f"{header},_spots,_junction,lon", *(f"{line},s{n},j{n},l{n}" for n, line in enumerate(lines))])
    table.write_text(text + "\n", encoding="utf-8")
    frame = load_atlas(load_project(region))[0].partnerships
    assert {"_spots_2", "_junction_2", "lon"} <= {*property_names("partnerships", frame)}
    assert sorted(frame["_spots_2"]) == [f"s{n}" for n in range(len(lines))]
    assert frame.geometry.notna().any()


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        ([("a", "b")], True),
        ([("b", "c"), ("a", "b"), ("d", "c")], True),
        ([("a", "b"), ("b", "c"), ("b", "d")], False),  # a branch
        ([("a", "b"), ("c", "d")], False),  # a gap
        ([("a", "b"), ("b", "c"), ("c", "a")], False),  # a ring has no end
        ([("a", "b"), ("c", "d"), ("d", "e"), ("e", "c")], False),
        ([], False),
    ],
)
def test_only_a_single_way_has_a_length(legs: list[tuple[str, str]], expected: bool) -> None:
    assert is_one_way(legs) is expected


def test_a_position_without_a_datum_says_so_and_may_be_farther_off(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    more = [
        {"id": "bare", "name": "无坐标系", "lon": "106.65", "lat": "29.02", "precision": "site"},
        {"id": "told", "name": "有坐标系", "lon": "106.65", "lat": "29.02", "precision": "site", "datum": "wgs84"},
    ]
    write_table(region / "data" / "sites.csv", TABLES["sites"].names, [*ROWS["sites"], *more])
    sites = load_atlas(load_project(region))[0].sites.set_index("id")
    assert (sites.orig_datum["bare"], sites.radius_m["bare"]) == ("unknown", 850.0)
    assert (sites.orig_datum["told"], sites.radius_m["told"]) == ("wgs84", 150.0)
