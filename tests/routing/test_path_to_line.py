"""Lines of legs from network paths: connected, graded by part, cut at the antimeridian."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.model.leg_line_file import DECIMALS, LegLine, LegRequest, collection_text, part_km, read_lines
from qjmap.routing.networks import NetworkPath
from qjmap.routing.path_to_line import CONNECTED_KM, MAX_DETOUR, MAX_SHORTENING, TOLERANCE, detour_fault, leg_line
from tests.geodesy import length_km

CREDIT = {"origin": "invented net 1", "attribution": "© Nobody", "licence": "CC0-1.0"}


def line_of(stops, points, *, gap_steps=(), network_km: float = math.nan, along: str = "rail") -> LegLine:  # type: ignore[no-untyped-def]
    stops = tuple((round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in stops)
    request = LegRequest("leg", tuple(f"p{n}" for n in range(len(stops))), stops, along)
    path = NetworkPath(np.array(points, dtype=float), tuple(gap_steps), network_km)
    if math.isnan(network_km):
        path = NetworkPath(path.points, path.gap_steps, part_km(path.points))
    return leg_line(request, path, **CREDIT)


NEAR = (100.0 + (CONNECTED_KM - 1) / 97, 30.0)
FAR = (100.0 + (CONNECTED_KM + 1) / 96, 30.0)
TRACK = [(100.0, 30.0), (99.5, 30.2), (99.0, 30.0)]


def test_a_line_that_ends_near_its_place_gets_no_schematic_part() -> None:
    line = line_of([NEAR, TRACK[-1]], TRACK)
    assert line.grades == ("surveyed",)
    assert line.schematic_km == 0
    assert line.geometry.geom_type == "LineString"


def test_an_end_far_from_its_place_is_joined_by_a_schematic_part_that_is_told_apart() -> None:
    line = line_of([FAR, TRACK[-1]], TRACK)
    assert line.grades == ("schematic", "surveyed")
    assert tuple(line.parts[0][0]) == pytest.approx(FAR, abs=1e-5)
    assert line.schematic_km == pytest.approx(CONNECTED_KM + 1, rel=0.02)
    assert line.grade == "surveyed"
    last = line_of([TRACK[0], (98.9, 30.0)], TRACK)
    assert last.grades == ("surveyed", "schematic")


def test_a_wide_break_is_a_schematic_part_and_a_narrow_one_is_closed() -> None:
    points = [(100.0, 30.0), (99.8, 30.0), (99.785, 30.0), (99.5, 30.0)]
    ends, stated = [points[0], points[-1]], part_km(np.array(points)) - 1.4
    assert line_of(ends, points, gap_steps=[1], network_km=stated).grades == ("surveyed", "schematic", "surveyed")
    points[2] = (99.799, 30.0)
    assert line_of(ends, points, gap_steps=[1], network_km=stated).grades == ("surveyed",)


@pytest.mark.parametrize(("longer", "grade"), [(1.0, "surveyed"), (1.019, "surveyed"), (1.03, "generalised")])
def test_a_line_that_lost_much_of_the_network_s_length_is_generalised(longer: float, grade: str) -> None:
    stated = longer * part_km(np.array(TRACK))
    assert line_of([TRACK[0], TRACK[-1]], TRACK, network_km=stated).grade == grade


def test_a_lane_at_sea_is_generalised() -> None:
    assert line_of([TRACK[0], TRACK[-1]], TRACK, along="sea").grade == "generalised"


def test_a_detour_is_refused_with_a_fault_that_names_the_leg_and_the_way_out() -> None:
    away = 99.0 - MAX_DETOUR
    detour = [(100.0, 30.0), (away, 30.0), (99.0, 30.0)]
    fault = detour_fault(line_of([detour[0], detour[-1]], detour), "data/corridor_legs.csv")
    assert fault is not None
    assert (fault.file, fault.value, fault.severity) == ("data/corridor_legs.csv", "leg", "fault")
    assert "via" in fault.cure("en")
    assert detour_fault(line_of([detour[0], (away, 30.0), detour[-1]], detour), "x") is None  # it is meant to go there
    assert detour_fault(line_of([TRACK[0], TRACK[-1]], TRACK), "x") is None


def test_bends_finer_than_the_tolerance_go_and_the_length_stays() -> None:
    lon = np.linspace(100, 99, 2001)
    wavy = np.stack([lon, 30 + 0.3 * np.sin(3 * lon) + TOLERANCE / 2 * np.sin(40 * lon)], axis=-1)
    line = line_of([wavy[0], wavy[-1]], wavy)
    assert len(line.parts[0]) < 200
    assert (1 - MAX_SHORTENING) * part_km(wavy) <= line.length_km <= part_km(wavy)


def test_a_line_of_small_bends_keeps_its_length_rather_than_its_tolerance() -> None:
    lon = np.linspace(100, 99.9, 801)
    zigzag = np.stack([lon, 30 + np.where(np.arange(801) % 2, 0.0008, 0.0)], axis=-1)
    assert line_of([zigzag[0], zigzag[-1]], zigzag).length_km >= (1 - MAX_SHORTENING) * part_km(zigzag) * 0.999


step = st.tuples(st.floats(-4, 4), st.floats(-3, 3))


@given(st.floats(165, 195), st.floats(-60, 60), st.lists(step, min_size=2, max_size=12), st.booleans())
def test_lines_across_the_antimeridian_are_cut_there_and_lose_nothing(
    lon: float, lat: float, steps: list[tuple[float, float]], leap: bool
) -> None:
    points = np.cumsum([(lon, lat), *steps], axis=0)
    points[:, 1] = np.clip(points[:, 1], -80, 80)
    stops = [((point[0] + 180) % 360 - 180, point[1]) for point in (points[0], points[-1])]
    if part_km(points) < 20:
        return
    line = line_of(stops, points, gap_steps=[1] if leap else [])
    collection = json.loads(collection_text([line]))
    feature = collection["features"][0]
    geometry = feature["geometry"]
    lines = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
    assert len(lines) == len(feature["properties"]["grades"])
    for piece in lines:
        longitudes = [point[0] for point in piece]
        assert all(-180 <= item <= 180 for item in longitudes)
        assert max(longitudes) - min(longitudes) < 180
    assert feature["properties"]["length_km"] == pytest.approx(length_km(geometry), rel=1e-3, abs=0.01)
    assert length_km(geometry) == pytest.approx(part_km(points), rel=MAX_SHORTENING + 0.003, abs=0.2)


def test_what_is_written_is_read_again(tmp_path) -> None:  # type: ignore[no-untyped-def]
    line = line_of([FAR, TRACK[-1]], TRACK)
    text = collection_text([line])
    (tmp_path / "corridor_legs.geojson").write_text(text, encoding="utf-8")
    back = read_lines(tmp_path, "geo/corridor_legs.geojson").lines["leg"]
    assert back.request == line.request
    assert back.grades == line.grades
    assert back.length_km == pytest.approx(line.length_km)
    assert collection_text([back]) == text
