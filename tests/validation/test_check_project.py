"""Every fault of a project at once, always in the same order; names that stand for rows; what is doubtful."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from qjmap.datum import from_wgs84
from qjmap.errors import Fault, UsageError
from qjmap.project import Project, load_project
from qjmap.schema import TABLES
from qjmap.validation import check, check_file

PLACES = "id,name,aliases,kind,parent,source\nqijiang,綦江区,綦江|綦江县,district,cq,s1\ncq,重庆市,重庆,province,,s1\n"
SOURCES = "id,title\ns1,报道\n"


def made(folder: Path, settings: str = "", **tables: str) -> Project:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "project.toml").write_text('id = "t"\ntitle = "测试"\n' + settings, encoding="utf-8")
    for name, text in ({"places": PLACES, "sources": SOURCES} | tables).items():
        (folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    return load_project(folder)


def found(project: Project, code: str) -> list[Fault]:
    return [fault for fault in check(project)[1] if fault.code == code]


def test_the_first_atlas_has_no_fault(repository: Path) -> None:
    tables, faults, _ = check(load_project(repository))
    assert [fault.line("en") for fault in faults if fault.severity == "fault"] == []
    assert list(tables) == list(TABLES)
    assert all(own for one in tables.values() for own in one.frame["id"])


def test_a_project_without_tables_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "project.toml").write_text('id = "t"\ntitle = "t"\n')
    tables, faults, _ = check(load_project(tmp_path))
    assert faults == []
    assert all(len(one.frame) == 0 for one in tables.values())
    assert list(tables["sites"].frame.columns)[:2] == ["id", "name"]


def test_ids_are_unique_across_tables(tmp_path: Path) -> None:
    project = made(tmp_path, sites="id,name,source\nqijiang,甲,s1\na,乙,s1\na,丙,s1\n")
    faults = found(project, "id-duplicate")
    assert [(fault.file, fault.row, fault.params["file_of"], fault.params["row_of"]) for fault in faults] == [
        ("data/sites.csv", 2, "data/places.csv", 2),
        ("data/sites.csv", 4, "data/sites.csv", 3),
    ]
    assert check(project)[0]["sites"].bad_rows == {2, 4}


def test_slugs_made_in_two_tables_do_not_meet(tmp_path: Path) -> None:
    project = made(tmp_path, places="name,source\n綦江工业园区,s1\n", sites="name,source\n綦江工业园区,s1\n")
    tables, faults, _ = check(project)
    assert faults == []
    assert tables["places"].frame["id"][0] != tables["sites"].frame["id"][0]


def test_references_lead_somewhere(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        sites="id,name,place,part_of,source\na,甲,qijang,,s1\nb,乙,綦江县,a|不存在,s1\nc,丙,,c,s1\n",
        partnerships="id,name,parties,roles,source\np,协议,qijiang|a,qijiang:host|cq:signatory,s1\n",
    )
    tables, faults, _ = check(project)
    unknown = [fault for fault in faults if fault.code == "reference-unknown"]
    assert [(fault.row, fault.column, fault.value) for fault in unknown] == [
        (2, "place", "qijang"),
        (3, "part_of", "不存在"),
    ]
    assert "qijiang" in unknown[0].message("zh")
    assert tables["sites"].frame["place"][1] == "qijiang"
    assert [fault.code for fault in faults if fault.row == 4] == ["reference-self"]
    assert [fault.code for fault in faults if fault.file.endswith("partnerships.csv")] == ["role-not-party"]
    named = next(fault for fault in faults if fault.code == "reference-named")
    assert named.severity == "warning" and named.params["rows"] == [3]


def test_a_name_that_two_rows_have_is_ambiguous(tmp_path: Path) -> None:
    project = made(tmp_path, sites="id,name,part_of,source\na,中心,,s1\nb,中心,,s1\nc,丙,中心,s1\n")
    assert found(project, "reference-ambiguous")[0].params["ids"] == ["a", "b"]
    assert found(project, "name-twice")[0].params["rows"] == [2, 3]


def test_a_cycle_of_part_of_is_reported_once(tmp_path: Path) -> None:
    sites = "id,name,part_of,source\na,甲,b,s1\nb,乙,c,s1\nc,丙,a,s1\nd,丁,a,s1\n"
    faults = found(made(tmp_path, sites=sites), "part-cycle")
    assert [(fault.row, fault.params["chain"]) for fault in faults] == [(2, "a → b → c → a")]


def test_legs_lead_from_one_place_to_another(tmp_path: Path) -> None:
    legs = "corridor,seq,from,to,mode,source\nk,1,cq,cq,rail,s1\nk,2,cq,qijiang,公路,s1\n"
    project = made(tmp_path, corridors="id,name,source\nk,通道,s1\n", corridor_legs=legs)
    tables, faults, _ = check(project)
    assert [(fault.code, fault.row) for fault in faults] == [("leg-same-ends", 2)]
    assert list(tables["corridor_legs"].frame["mode"]) == ["rail", "road"]


def test_doubts_are_grouped_and_no_faults(tmp_path: Path) -> None:
    project = made(
        tmp_path,
        "region = [100, 20, 110, 32]\n",
        sites="id,name,lon,lat,datum,precision,source\na,甲,106.6,29,,exact,s1\nb,乙,116.4,39.9,wgs84,,s1\nc,丙,,,,site,\nd,丁,106.61,29.01,,unresolved,某报\n",
    )
    faults = check(project)[1]
    assert {fault.severity for fault in faults} == {"warning"}
    rows = {fault.code: fault.params["rows"] for fault in faults}
    assert rows == {
        "no-datum": [2, 5], "outside-region": [3], "precision-alone": [4], "no-source": [4], "precision-contradicts": [5],
        "precision-decimals": [2], "source-unlisted": [5],
    }  # fmt: skip
    assert check(project)[0]["sites"].bad_rows == frozenset()


@pytest.mark.parametrize("name", ["gcj02", "bd09"])
def test_a_missing_datum_is_suspected_from_a_known_place(tmp_path: Path, name: str) -> None:
    lon, lat = from_wgs84([106.65], [29.03], name)
    places = "id,name,lon,lat,datum,source\nx,綦江南站,106.65,29.03,wgs84,s1\ny,远处,105,29,wgs84,s1\n"
    sites = f"name,lon,lat,datum,source\n綦江南站,{lon[0]:.6f},{lat[0]:.6f},,s1\n远处,106,29,,s1\n"
    faults = found(made(tmp_path, places=places, sites=sites), "datum-suspect")
    assert [(fault.params["rows"], fault.params["datum"], fault.severity) for fault in faults] == [
        ([2], name, "warning")
    ]


def test_a_site_given_as_place_is_what_the_row_is_part_of(tmp_path: Path) -> None:
    project = made(tmp_path, sites="id,name,place,source\na,工业园,綦江区,s1\nb,厂,工业园,s1\n")
    tables, faults, _ = check(project)
    assert {fault.code for fault in faults} == {"reference-named", "place-is-site"}
    assert (tables["sites"].frame["place"][1], tables["sites"].frame["part_of"][1]) == ("", ("a",))


def test_settings_name_places(tmp_path: Path) -> None:
    project = made(tmp_path, 'home = "qijiang"\nopening = ["cq", "zigong"]\n')
    assert [(fault.column, fault.value) for fault in found(project, "setting-reference")] == [("opening", "zigong")]


def test_the_order_of_faults_is_that_of_file_row_and_column(tmp_path: Path) -> None:
    rows = [f"{i},哪类{i},290,{1000 + i}" for i in range(20)]
    project = made(tmp_path, sites="name,category,lat,lon\n" + "\n".join(rows) + "\n")
    faults = check(project)[1]
    assert faults == check(project)[1]
    keys = [(fault.file, fault.row or 0, fault.letter or "") for fault in faults]
    assert keys == sorted(keys)
    assert len(faults) == 41  # the unknown categories are one


def test_ids_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = [f"企业{i % 7},{i}号" for i in range(30)]

    def by_address(folder: str) -> dict[str, str]:
        frame = check(made(tmp_path / folder, sites="name,address\n" + "\n".join(rows) + "\n"))[0]["sites"].frame
        return dict(zip(frame["address"], frame["id"], strict=True))

    first = by_address("a")
    random.Random(1).shuffle(rows)
    assert by_address("b") == first
    assert len(set(first.values())) == 30


def test_a_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes("名称,经度,纬度,所在地\n甲,106.6,29.0,綦江\n乙,106.6,290.3,哪里\n".encode("gb18030"))
    assert {fault.code for fault in check_file(path)} == {"no-source", "no-datum", "lat-range"}
    with_project = check_file(path, project=made(tmp_path / "p"))
    assert {fault.code for fault in with_project} >= {"lat-range", "place-unknown"}
    with pytest.raises(UsageError):
        check_file(path, "nothing")
