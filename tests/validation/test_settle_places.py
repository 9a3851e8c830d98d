"""An ambiguous place is settled by what its row says: country, province or area beside it, or coordinates."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.edit import add
from qjmap.engine import Here
from qjmap.geocoding.china_gazetteer import EXACT, load_china_gazetteer
from qjmap.geocoding.exact_names import exact_names
from qjmap.partitioned.merge_facts import merge_facts
from qjmap.project import Project, load_project
from qjmap.validation import check

pytestmark = pytest.mark.slow

HEADER = "name,category,place,国家,省份,城市,lon,lat,datum,source\n"
CHINA = load_china_gazetteer()


def made(folder: Path, sites: str, places: str = "id,name,adcode\nqijiang,綦江区,500110\n") -> Project:
    (folder / "data").mkdir()
    (folder / "data" / "project.toml").write_text('id = "t"\ntitle = "t"\n', encoding="utf-8")
    (folder / "data" / "sources.csv").write_text("id,title\ns,报道\n", encoding="utf-8")
    (folder / "data" / "places.csv").write_text(places, encoding="utf-8")
    (folder / "data" / "sites.csv").write_text(HEADER + sites, encoding="utf-8")
    return load_project(folder)


def codes_of(project: Project) -> list[str]:
    """The adcode, or id in the gazetteer, of each site's place; what is typed where it is none."""
    tables = check(project).tables
    code_of = {row["id"]: row["position_locator"] for row in tables["places"].implied}
    return [code_of.get(str(own), str(own)) for own in tables["sites"].frame["place"]]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("鼓楼区,,河南省,,,,", "410204"),
        ("鼓楼区,,,福州市,,,", "350102"),
        ("鼓楼区,,,,118.77,32.07,wgs84", "320106"),
        ("鼓楼区,,江苏省,,117.19,34.29,wgs84", "320302"),
        ("鼓楼区,中国,江苏,徐州市,,,", "320302"),
        ("西贡,越南,,,,,", "geonames-1566083"),
        ("西贡,中国,,,,,", "810113"),
    ],
)
def test_a_row_settles_its_ambiguous_place(tmp_path: Path, row: str, code: str) -> None:
    assert exact_names().find(row.partition(",")[0]).place is None
    project = made(tmp_path, f"甲,企业,{row},s\n")
    (found,) = codes_of(project)
    place = exact_names().with_code(code)
    assert place is not None
    assert found == place.code
    assert not [fault for fault in check(project).faults if fault.code == "place-ambiguous"]


@pytest.mark.parametrize(
    "row", ["鼓楼区,,,,,,", "鼓楼区,,江苏省,,,,", "鼓楼区,,未知省,,,,", "鼓楼区,,,,106.65,29.03,wgs84"]
)
def test_a_row_that_does_not_decide_leaves_its_place_ambiguous(tmp_path: Path, row: str) -> None:
    project = made(tmp_path, f"甲,企业,{row},s\n")
    assert codes_of(project) == ["鼓楼区"]
    assert [fault.code for fault in check(project).faults if fault.code == "place-ambiguous"] == ["place-ambiguous"]


def test_every_county_of_a_shared_name_is_meant_in_a_row_of_its_province_and_point(tmp_path: Path) -> None:
    rows, codes = [], []
    for form in sorted(CHINA.forms):
        bearers = [row for row, kind in CHINA.hits(form) if kind == EXACT and CHINA.kind(row) == "district"]
        if len(bearers) < 2 or exact_names().find(form).place is not None:
            continue
        for row in bearers:
            point = CHINA.point(row)
            if point is not None and CHINA.id(row).isdigit() and not CHINA.abolished_in(row):
                rows.append(f"甲{len(rows)},企业,{form},,,,{point[0]},{point[1]},wgs84,s\n")
                codes.append(CHINA.id(row))
    assert len(codes) > 50
    found = codes_of(made(tmp_path, "".join(rows)))
    wrong = [
        (code, own)
        for code, own in zip(codes, found, strict=True)
        if own not in (code, exact_names().place(CHINA.row_by_id[code]).name)
    ]
    settled = sum(code == own for code, own in zip(codes, found, strict=True))
    assert wrong == []
    assert settled >= 0.97 * len(codes)  # a seat may stand in the district around it


def test_a_place_of_the_project_is_meant_by_its_own_name(tmp_path: Path) -> None:
    places = "id,name,adcode,lon,lat,datum\nqijiang,綦江区,500110,,,\nour-tower,鼓楼区,,106.65,29.03,wgs84\n"
    project = made(tmp_path, "甲,企业,鼓楼区,,河南省,,,,,s\n", places)
    assert codes_of(project) == ["our-tower"]


def test_an_added_row_has_its_place_written_in_full(tmp_path: Path) -> None:
    project = made(tmp_path, "甲,企业,綦江区,,,,,,,s\n")
    file = tmp_path / "new.csv"
    file.write_text("名称,类别,地点,省份,来源\n乙,企业,鼓楼区,河南省,s\n", encoding="utf-8")
    add(project, file)
    table = (project.data / "sites.csv").read_text(encoding="utf-8")
    assert "河南省开封市鼓楼区" in table


def test_a_table_in_partitions_has_the_same_places(tmp_path: Path) -> None:
    rows = "甲,企业,鼓楼区,,河南省,,,,,s\n乙,企业,鼓楼区,,,,118.77,32.07,wgs84,s\n丙,企业,鼓楼区,,,,,,,s\n"
    project = made(tmp_path, rows)
    merged = merge_facts(project, Here())
    assert {row["id"] for row in merged.tables["places"].implied} == {
        row["id"] for row in check(project).tables["places"].implied
    }
    assert {row["position_locator"] for row in merged.tables["places"].implied} == {"410204", "320106"}
