"""What has no position is told with what it keeps off the map; a table of which nothing is drawn is a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.errors import Fault
from qjmap.pipeline.load import find_faults, load_atlas
from qjmap.project import Project, load_project
from tests.validation.test_check_project import made

pytestmark = pytest.mark.slow

PLACES = "id,name,source\na,义乌市,s1\nb,某地某园,s1\nc,没人提到的地方,s1\n"
PARTNERSHIPS = "id,name,parties,source\np,一,a|b,s1\nq,二,a|某地某园,s1\nr,三,a|义乌市,s1\ns,四,a|昆山市,s1\n"
LEGS = "corridor,seq,from,to,source\nk,1,a,b,s1\nl,1,a,昆山市,s1\nl,2,昆山市,b,s1\n"


def told(project: Project, *codes: str) -> list[Fault]:
    return [fault for fault in find_faults(project) if fault.code in codes]


def in_parts(project: Project) -> Project:
    """The same project with its sites in a folder of two files."""
    folder = project.data / "sites"
    folder.mkdir()
    head, *rows = project.table_path("sites").read_text(encoding="utf-8").splitlines(keepends=True)
    for at, some in enumerate((rows[:1], rows[1:])):
        (folder / f"{at}.csv").write_text("".join((head, *some)), encoding="utf-8")
    project.table_path("sites").unlink()
    return load_project(project.root)


def test_places_without_position_are_told_with_what_they_keep_off_the_map(tmp_path: Path) -> None:
    corridors = "id,name,source\nk,一线,s1\nl,二线,s1\n"
    project = made(tmp_path, places=PLACES, partnerships=PARTNERSHIPS, corridors=corridors, corridor_legs=LEGS)
    (fault,) = told(project, "place-unlocated", "table-undrawn")
    assert (fault.params["places"], fault.params["rows"]) == (["某地某园", "没人提到的地方"], [3, 4])
    line = fault.line("en")
    assert "2 of 3 places" in line
    assert "2 arc(s), 1 corridor(s), 1 leg(s)" in line
    assert "2 项合作的连线、1 条通道、1 段通道" in fault.line("zh")
    atlas = load_atlas(project)[0]
    assert list(atlas.partnerships["located"]) == [1, 1, 1, 2]
    assert list(atlas.corridors.geometry.isna()) == [True, False]


def test_an_area_without_a_point_is_told_only_where_it_is_to_be_drawn(tmp_path: Path) -> None:
    places = "id,name,kind,source\na,义乌市,district,s1\nb,东南各地,area,s1\n"
    assert not told(made(tmp_path / "1", places=places), "place-unlocated")
    partnerships = "id,name,parties,source\np,一,a|b,s1\n"
    assert told(made(tmp_path / "2", places=places, partnerships=partnerships), "place-unlocated")


def test_a_party_that_is_a_site_counts_by_its_own_position(tmp_path: Path) -> None:
    sites = "id,name,place,part_of,source\nw,某厂,a,,s1\nx,车间,,w,s1\n"
    partnerships = "id,name,parties,source\np,一,x|b,s1\nq,二,x|昆山市|b,s1\n"
    (fault,) = told(made(tmp_path, places=PLACES, sites=sites, partnerships=partnerships), "place-unlocated")
    assert "1 arc(s)." in fault.line("en")


def test_no_position_on_purpose_is_none_that_is_missing(tmp_path: Path) -> None:
    places = "id,name,precision,source\na,义乌市,,s1\nb,某地某园,unresolved,s1\n"
    partnerships = "id,name,parties,source\np,一,b,s1\n"
    sites = "id,name,place,precision,source\nw,某厂,b,unresolved,s1\n"
    assert not told(
        made(tmp_path, places=places, partnerships=partnerships, sites=sites), "place-unlocated", "table-undrawn"
    )


@pytest.mark.parametrize(
    ("table", "text", "rows"),
    [
        ("places", "id,name,source\na,某地某园,s1\nb,另一处,s1\n", 2),
        ("sites", "id,name,place,source\nw,某厂,某地某园,s1\nx,另一厂,另一处,s1\n", 2),
        ("sites", "id,name,address,source\nw,某厂,某地某园某路,s1\n", 1),
        ("partnerships", "id,name,parties,source\np,一,off|某公司,s1\nq,二,某公司,s1\n", 1),
        ("corridor_legs", "corridor,seq,from,to,source\nk,1,qijiang,off,s1\n", 1),
    ],
)
def test_a_table_of_which_nothing_is_drawn_is_a_fault(tmp_path: Path, table: str, text: str, rows: int) -> None:
    places = "id,name,kind,source\nqijiang,綦江区,district,s1\noff,某地某园,,s1\n"
    project = made(tmp_path, **{"places": places, "corridors": "id,name,source\nk,一线,s1\n", table: text})
    (fault,) = told(project, "table-undrawn")
    assert (fault.file, fault.row, fault.params["count"]) == (f"data/{table}.csv", None, rows)
    assert fault.severity == "fault"


@pytest.mark.slow
@pytest.mark.parametrize("row", ["x,另一厂,昆山市,,s1", "x,另一厂,,江苏省昆山市,s1"])
def test_sites_in_parts_are_judged_as_those_in_one_file(tmp_path: Path, row: str) -> None:
    head = "id,name,place,address,source\nw,某厂,某地某园,,s1\n"
    assert told(in_parts(made(tmp_path / "1", sites=head)), "table-undrawn")
    for parts in (False, True):
        project = made(tmp_path / f"drawn {parts}", sites=f"{head}{row}\n")
        assert not told(in_parts(project) if parts else project, "table-undrawn")


def test_a_list_of_names_is_no_fault_on_a_map_that_shows_something(tmp_path: Path) -> None:
    sites = "id,name,source\nw,某厂,s1\n"
    partnerships = "id,name,parties,source\np,一,某公司|w,s1\n"
    assert not told(made(tmp_path / "1", sites=sites, partnerships=partnerships), "table-undrawn")
    blank = made(tmp_path / "2", places="id,name\n", sites=sites, partnerships=partnerships)
    assert {fault.file for fault in told(blank, "table-undrawn")} == {"data/partnerships.csv"}
    blank = made(tmp_path / "3", places="id,name\n", sites=sites)
    assert {fault.file for fault in told(blank, "table-undrawn")} == {"data/sites.csv"}


def test_no_rows_are_no_fault(tmp_path: Path) -> None:
    empty = dict.fromkeys(("places", "sites", "partnerships"), "id,name,source\n")
    assert find_faults(made(tmp_path, **empty)) == []


def test_what_the_gazetteer_located_has_it_as_source(tmp_path: Path) -> None:
    sites = "id,name,address,source\nw,某厂,江苏省昆山市玉山镇,s1\n"
    atlas = load_atlas(made(tmp_path, places="id,name,lon,lat,source\na,义乌市,,,s1\nb,某园,106,29,s1\n", sites=sites))[
        0
    ]
    assert list(atlas.places["position_source"]) == ["gazetteer", ""]
    assert list(atlas.places["position_locator"]) == ["330782", ""]
    assert list(atlas.sites["position_source"]) == ["gazetteer"]
