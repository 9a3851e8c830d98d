"""`qjmap route` on the invented region and a small network: file, stale lines, faults, command."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import geojson_validator
import numpy as np
import pytest

from qjmap.cli.main import main
from qjmap.errors import DataFaults, UsageError
from qjmap.model.leg_line_file import read_lines
from qjmap.pipeline.build import build
from qjmap.pipeline.export import geojson_texts
from qjmap.pipeline.load import load_atlas
from qjmap.pipeline.map import page_html
from qjmap.project import load_project
from qjmap.routing import free_memory, leg_reports, route, route_legs
from qjmap.routing.network_worker import answer, sea_path
from tests.geodesy import length_km
from tests.routing.test_networks import small

pytestmark = pytest.mark.slow

HARBOUR, HILL = (100.5, 30.5), (102.0, 30.8)
TRACK = [HARBOUR, (100.9, 30.8), (101.4, 30.7), (101.95, 30.79)]


def find(network: str, legs: dict[str, Any]) -> dict[str, Any]:
    """A railway from the harbour to the hills, and the real shipping lanes."""
    if network == "sea":
        return {leg: answer(sea_path, np.array(stops)) for leg, stops in legs.items()}
    rails = small(TRACK, [(0, 1), (1, 2), (2, 3)])
    return {leg: answer(rails.path, np.array(stops)) for leg, stops in legs.items()}


def edit(root: Path, old: str, new: str) -> None:
    path = root / "data" / "corridor_legs.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def routed(region: Path) -> Path:
    route(load_project(region), find=find)
    return region


def leg(root: Path, identifier: str) -> Any:
    frame = load_atlas(load_project(root))[0].corridor_legs
    return frame[frame["id"] == identifier].iloc[0]


@pytest.mark.slow
def test_the_file_is_sound_geojson_with_licence_and_lengths(routed: Path) -> None:
    text = (routed / "geo" / "corridor_legs.geojson").read_text("utf-8")
    collection = json.loads(text)
    assert collection["licence"] == "ODbL 1.0"
    assert "© OpenStreetMap contributors" in collection["attribution"]
    assert geojson_validator.validate_structure(collection) == {}
    result = geojson_validator.validate_geometries(collection)
    assert (result["invalid"], result["problematic"]) == ({}, {})
    assert text.count("\n") == len(collection["features"]) + 2
    for feature in collection["features"]:
        assert feature["properties"]["length_km"] == pytest.approx(length_km(feature["geometry"]), rel=1e-3)


@pytest.mark.slow
def test_the_same_tables_give_the_same_bytes_in_any_order_of_rows(routed: Path, tmp_path: Path) -> None:
    from tests.region import make_region

    other = make_region(tmp_path / "other", shuffle=7)
    route(load_project(other), find=find)
    first, second = ((root / "geo" / "corridor_legs.geojson").read_bytes() for root in (routed, other))
    assert first == second
    route(load_project(other), find=find)
    assert (other / "geo" / "corridor_legs.geojson").read_bytes() == first


@pytest.mark.slow
def test_a_build_takes_the_lines_and_never_looks_for_any(routed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a build started a process"))
    built = build(load_project(routed))
    assert built.warnings == () or all(item.code != "lines-stale" for item in built.warnings)
    rail, sea = leg(routed, "rail-1"), leg(routed, "rail-2")
    assert rail["grade"] == "surveyed"
    assert rail["line_source"].startswith("OpenStreetMap")
    assert rail["schematic_km"] == pytest.approx(0, abs=6)
    assert sea["grade"] == "generalised"
    assert sea["schematic_km"] > 5
    corridors = json.loads((routed / "geo" / "export" / "corridors.geojson").read_text("utf-8"))
    told = next(item["properties"] for item in corridors["features"] if item["id"] == "rail")
    assert told["length_km"] == pytest.approx(rail["length_km"] + sea["length_km"], abs=0.01)
    assert (told["modes"], told["grades"], told["legs"]) == ("rail|sea", "surveyed|generalised", "rail-1|rail-2")


@pytest.mark.slow
def test_exported_lengths_are_those_of_the_exported_lines(routed: Path) -> None:
    texts = geojson_texts(load_atlas(load_project(routed))[0])
    for layer in ("corridors", "corridor_legs"):
        for feature in json.loads(texts[layer])["features"]:
            expected = feature["properties"]["length_km"] or 0
            assert expected == pytest.approx(length_km(feature["geometry"]), rel=1e-3), feature["id"]


@pytest.mark.slow
def test_openstreetmap_is_named_on_the_page_and_the_exports_that_hold_its_lines(routed: Path, tmp_path: Path) -> None:
    from tests.region import make_region

    atlas = load_atlas(load_project(routed))[0]
    texts = geojson_texts(atlas)
    named = {layer: "OpenStreetMap" in str(json.loads(text)["attribution"]) for layer, text in texts.items()}
    assert {layer for layer, there in named.items() if there} == {"corridors", "corridor_legs"}
    assert "© OpenStreetMap contributors" in page_html(atlas)
    plain = load_atlas(load_project(make_region(tmp_path / "plain")))[0]
    assert "© OpenStreetMap contributors" not in page_html(plain)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (",harbour,hill,,rail,", ",harbour,lake,,rail,"),  # to elsewhere
        (",harbour,hill,,rail,", ",harbour,hill,lake,rail,"),  # by another path
        (",harbour,hill,,rail,", ",harbour,hill,,road,"),  # by other means
        (",harbour,hill,,rail,,", ",harbour,hill,,rail,sea,"),  # along another network
    ],
)
def test_a_line_that_no_longer_fits_its_leg_is_not_drawn_and_the_build_says_so(
    routed: Path, old: str, new: str
) -> None:
    edit(routed, old, new)
    atlas, faults = load_atlas(load_project(routed))
    (stale,) = [fault for fault in faults if fault.code == "lines-stale"]
    assert stale.severity == "warning"
    assert "rail-1" in stale.message("en")
    assert "qjmap route" in stale.cure("en")
    assert atlas.stale_legs == ("rail-1",)
    assert leg(routed, "rail-1")["grade"] == "schematic"
    assert leg(routed, "rail-2")["grade"] == "generalised"
    with pytest.raises(DataFaults):
        load_atlas(load_project(routed), strict=True)


@pytest.mark.slow
def test_a_place_that_moved_makes_its_lines_stale(routed: Path) -> None:
    places = routed / "data" / "places.csv"
    places.write_text(places.read_text("utf-8").replace("100.50,30.50", "100.55,30.50"), encoding="utf-8")
    assert load_atlas(load_project(routed))[0].stale_legs == ("rail-1", "rail-2")


@pytest.mark.slow
def test_a_leg_that_follows_nothing_stays_schematic_without_a_warning(routed: Path) -> None:
    edit(routed, ",harbour,hill,,rail,,", ",harbour,hill,,rail,none,")
    atlas, faults = load_atlas(load_project(routed))
    assert not [fault for fault in faults if fault.code == "lines-stale"]
    assert atlas.corridor_legs.set_index("id").loc["rail-1", "grade"] == "schematic"


def test_a_project_without_the_file_is_all_schematic_and_sound(region: Path) -> None:
    atlas, faults = load_atlas(load_project(region))
    assert not [fault for fault in faults if fault.code == "lines-stale"]
    assert set(atlas.corridor_legs["grade"]) == {"schematic"}
    assert list(atlas.corridor_legs["schematic_km"]) == list(atlas.corridor_legs["length_km"])


@pytest.mark.slow
def test_a_schematic_leg_goes_past_the_places_on_its_way(region: Path) -> None:
    direct = leg(region, "rail-1")["length_km"]
    edit(region, ",harbour,hill,,rail,", ",harbour,hill,lake,rail,")
    assert leg(region, "rail-1")["length_km"] > direct + 100


@pytest.mark.slow
def test_check_lists_stale_lines_too(routed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(routed, ",harbour,hill,,rail,", ",harbour,lake,,rail,")
    for strict, code in ((), 0), (("--strict",), 1):
        with pytest.raises(SystemExit) as done:
            main(["check", str(routed), "--json", *strict])
        assert done.value.code == code
        assert "lines-stale" in capsys.readouterr().out
    (routed / "geo" / "corridor_legs.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        main(["check", str(routed), "--json"])
    assert done.value.code == 1
    assert "lines-form" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"features": [{}]}', '{"features": [{"id": "a", "properties": 3, "geometry": 1}]}']
)
def test_a_damaged_file_is_a_fault_with_a_cure(region: Path, text: str) -> None:
    (region / "geo" / "corridor_legs.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(DataFaults) as error:
        load_atlas(load_project(region))
    (fault,) = error.value.faults
    assert (fault.file, fault.code) == ("geo/corridor_legs.geojson", "lines-form")
    assert "qjmap route" in fault.cure("en")


@pytest.mark.slow
def test_all_legs_that_cannot_be_routed_are_named_and_the_file_stays(routed: Path) -> None:
    path = routed / "geo" / "corridor_legs.geojson"
    before = path.read_bytes()
    edit(routed, ",harbour,hill,,rail,", ",harbour,island,,rail,")

    def lost(network: str, legs: dict[str, Any]) -> dict[str, Any]:
        if network == "sea":  # thrice to and fro
            return {
                item: {"points": [*stops, *stops, *stops], "gap_steps": [], "network_km": 1.0}
                for item, stops in legs.items()
            }
        return find(network, legs)

    with pytest.raises(DataFaults) as error:
        route(load_project(routed), find=lost)
    assert [(fault.code, fault.value) for fault in error.value.faults] == [
        ("route-none", "rail-1"),
        ("route-absurd", "rail-2"),
    ]
    assert "island" in error.value.faults[0].message("en")
    assert path.read_bytes() == before


@pytest.mark.slow
def test_without_the_extra_the_command_says_what_to_install(
    region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name.startswith("scgraph_data") else known(name, *more)
    )
    with pytest.raises(SystemExit) as done:
        main(["route", str(region), "--lang", "en"])
    assert done.value.code == 2
    told = capsys.readouterr().err
    assert "scgraph_data" in told
    assert 'pip install "qjmap[route]"' in told
    assert not (region / "geo" / "corridor_legs.geojson").exists()


def test_too_little_memory_is_told_before_anything_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  16000000 kB\nMemAvailable:   900000 kB\n", encoding="ascii")
    assert free_memory.free_gigabytes(meminfo) == pytest.approx(0.9216)
    assert free_memory.free_gigabytes(tmp_path / "none") is None
    monkeypatch.setattr(free_memory, "free_gigabytes", lambda: 0.9216)
    with pytest.raises(UsageError) as error:
        route_legs._find_in_process("road", {})
    assert (error.value.code, error.value.exit_code) == ("route-memory", 2)
    assert "0.9" in error.value.message("en")
    assert error.value.cure("en")


@pytest.mark.slow
def test_a_worker_process_finds_a_path_in_the_sea_network() -> None:
    result = route_legs._find_in_process("sea", {"s": ((108.647, 21.68317), (103.85007, 1.28967))})["s"]
    assert len(result["points"]) > 5
    assert 2000 < result["network_km"] < 3000


@pytest.mark.slow
def test_a_worker_that_fails_is_an_error_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    from qjmap.errors import QjmapError

    monkeypatch.setitem(route_legs.MODULES, "rail", "no_such_network")
    monkeypatch.setattr(route_legs, "check_memory", lambda *_: None)
    with pytest.raises(QjmapError) as error:
        route_legs._find_in_process("by-balloon", {})
    assert error.value.code == "route-failed"
    assert "qjmap[route]" in error.value.cure("en")


@pytest.mark.slow
def test_the_list_tells_every_leg_with_and_without_a_published_length(
    routed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(routed, ",harbour,hill,,rail,,operating,,", ",harbour,hill,,rail,,operating,150,survey")
    legs = {item.id: item for item in leg_reports(load_atlas(load_project(routed))[0])}
    assert legs["rail-1"].deviation == pytest.approx(legs["rail-1"].length_km / 150 - 1)
    assert legs["rail-2"].deviation is None
    for arguments in (["--lang", "en"], ["--json"]):
        with pytest.raises(SystemExit) as done:
            main(["route", str(routed), "--list", *arguments])
        assert done.value.code == 0
        out = capsys.readouterr().out
        assert "rail-1" in out
        assert "rail-2" in out
    assert {item["id"] for item in json.loads(out)} == {"rail-1", "rail-2"}


@pytest.mark.slow
def test_reading_needs_none_of_the_extra(routed: Path) -> None:
    code = f"import sys\nfrom qjmap.cli.main import main\ntry:\n    main(['check', {str(routed)!r}])\nexcept SystemExit: pass\n"
    code += "import qjmap.pipeline.build\nprint(sorted({'scgraph', 'scgraph_data', 'searoute', 'networkx'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert read_lines(routed / "geo", "x").lines
