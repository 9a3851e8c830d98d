"""`Atlas` can be filtered, drawn and made of frames; `Project` has a method for every command."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import qjmap
from qjmap.cli.main import COMMANDS
from qjmap.errors import DataFaults, UsageError
from qjmap.page import PageMap
from qjmap.schema import TABLES
from tests.properties import examples

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
STATUSES = ["operating", "under-construction", "signed", "planned", "proposed", "ended"]
REFERENCES = {
    name: [column.name for column in table.columns if column.type in ("id", "ids", "roles") and column.name != "id"]
    for name, table in TABLES.items()
}


@cache
def first_atlas() -> qjmap.Atlas:
    return qjmap.open_project(ROOT).atlas()


@cache
def ids_of_first_atlas() -> dict[str, set[str]]:
    return {name: {*frame["id"]} for name, frame in first_atlas().tables().items()}


def dangling(atlas: qjmap.Atlas) -> set[tuple[str, str, str]]:
    """References to rows that an atlas does not have."""
    tables = atlas.tables()
    ids = {one for frame in tables.values() for one in frame["id"]} | {"", "gazetteer"}
    found = set()
    for name, columns in REFERENCES.items():
        for column in columns:
            for cell in tables[name][column]:
                texts = (
                    [one[0] if isinstance(one, tuple) else one for one in cell] if isinstance(cell, tuple) else [cell]
                )
                found |= {(name, column, text) for text in texts if text not in ids}
    return found


def test_a_planner_asks_for_one_partner_one_status_and_a_year() -> None:
    atlas = first_atlas()
    asked = atlas.filter(partners="zigong", status="signed", since="2020")
    whole = atlas.partnerships
    wanted = whole[(whole["status"] == "signed") & (whole["start"].str[:4] >= "2020")]
    wanted = wanted[[any("zigong" in party for party in row) for row in wanted["parties"]]]
    assert asked.partnerships["id"].tolist() == wanted["id"].tolist() != []
    parties = {party for row in asked.partnerships["parties"] for party in row}
    assert parties <= {*asked.places["id"], *asked.sites["id"]}
    assert "gear-cutting-centre" in {*asked.sites["id"]}
    assert len(asked.places) < len(atlas.places)


@pytest.mark.parametrize("name", ["zigong", "自贡", "自贡市", "Zigong"])
def test_a_partner_is_named_by_id_name_or_alias(name: str) -> None:
    atlas = first_atlas()
    assert len(atlas.filter(partners=name).partnerships) == len(atlas.filter(partners=["zigong"]).partnerships) > 1


@pytest.mark.parametrize("status", ["operating", "运营", ["operating"]])
def test_a_status_is_named_by_value_or_label(status: Any) -> None:
    assert {*first_atlas().filter(status=status).partnerships["status"]} == {"operating"}


@pytest.mark.parametrize("since", [2020, "2020", "2020年", dt.date(2020, 1, 1)])
def test_a_start_is_compared_as_far_as_both_dates_go(since: Any) -> None:
    atlas = first_atlas()
    starts = atlas.filter(since=since).partnerships["start"]
    assert {"2020", "2020-09-09"} <= {*starts}
    assert (starts.str[:4] >= "2020").all()
    assert (atlas.filter(until="2019").partnerships["start"].str[:4] <= "2019").all()


def test_the_categories_of_sites_leave_other_tables_alone() -> None:
    atlas = first_atlas()
    asked = atlas.filter(category="enterprise")
    assert len(asked.partnerships) == len(atlas.partnerships)
    parties = {party for row in atlas.partnerships["parties"] for party in row}
    assert {*asked.sites.loc[~asked.sites["id"].isin(parties), "category"]} == {"enterprise"}


def test_no_condition_is_the_whole_atlas() -> None:
    assert first_atlas().filter()._model is first_atlas()._model


@pytest.mark.parametrize(("conditions", "named"), [
    ({"partners": "atlantis"}, "atlantis"), ({"status": "finished-ish"}, "operating"), ({"since": "lately"}, "2020-09"),
    ({"kind": "friendship-ish"}, "agreement"), ({"category": "x-ish"}, "enterprise"),
])  # fmt: skip
def test_an_unknown_condition_is_refused_with_the_cure(conditions: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        first_atlas().filter(**conditions)


@pytest.mark.slow
@given(
    partners=st.none() | st.sampled_from(["zigong", "guiyang", "sichuan", "qijiang", "wansheng"]),
    status=st.none() | st.lists(st.sampled_from(STATUSES), min_size=1, max_size=2),
    since=st.none() | st.integers(2015, 2022),
    kind=st.none() | st.sampled_from(["agreement", "joint-project", "platform"]),
    category=st.none() | st.sampled_from(["enterprise", "research-centre"]),
)
@examples(25)
def test_any_filter_is_consistent(**conditions: Any) -> None:
    atlas = first_atlas()
    asked = atlas.filter(**conditions)
    assert dangling(asked) == set()
    for name, frame in asked.tables().items():
        assert {*frame["id"]} <= ids_of_first_atlas()[name]
    if conditions["status"]:
        assert {*asked.partnerships["status"], *asked.corridors["status"]} <= {*conditions["status"]}
    if conditions["kind"]:
        assert {*asked.partnerships["kind"]} <= {conditions["kind"]}
    again = asked.filter(**conditions)
    assert again.partnerships["id"].tolist() == asked.partnerships["id"].tolist()


@pytest.mark.slow
@pytest.mark.parametrize("conditions", [{}, {"partners": "zigong"}, {"since": 2020, "category": "enterprise"}])
def test_the_frames_of_an_atlas_make_the_same_page(conditions: dict[str, Any]) -> None:
    atlas = first_atlas().filter(**conditions)
    assert qjmap.Atlas.from_frames(**atlas.tables(), like=atlas).to_html() == atlas.to_html()


@pytest.mark.slow
def test_the_frames_of_a_project_make_its_page_again(region: Path) -> None:
    project = qjmap.open_project(region)
    atlas = project.atlas()
    assert qjmap.Atlas.from_frames(**atlas.tables(), like=project).to_html() == atlas.to_html()


def test_frames_of_ones_own_make_an_atlas() -> None:
    points = gpd.GeoSeries([shapely.Point(106.65, 29.03)], crs=4326).to_crs(4544)
    sites = gpd.GeoDataFrame({"名称": ["甲厂"], "类别": ["企业"], "start": [dt.date(2020, 5, 1)]}, geometry=points)
    links = pd.DataFrame({"name": ["协议"], "parties": [("綦江区", "自贡市")], "value_cny": [1e8]})
    atlas = qjmap.Atlas.from_frames(sites=sites, partnerships=links, home="綦江区", title="试图", language="en")
    where = atlas.sites.geometry.iloc[0]
    assert (where.x, where.y) == pytest.approx((106.65, 29.03), abs=1e-5)
    assert atlas.partnerships["located"].tolist() == [2]
    assert atlas.sites["start"].tolist() == ["2020-05-01"]
    assert "试图" in atlas.to_html()


def test_frames_are_checked_as_tables_are() -> None:
    with pytest.raises(DataFaults) as caught:
        qjmap.Atlas.from_frames(
            sites=pd.DataFrame({"name": ["a", "b"], "lon": [106.0, 500.0], "lat": [29.0, 29.0]}),
            partnerships=pd.DataFrame({"name": ["p"], "parties": ["nobody-at-all|綦江区"]}),
        )
    faults = {(fault.file, fault.row, fault.column) for fault in caught.value.faults}
    assert faults == {("sites", 2, "lon"), ("partnerships", 1, "parties")}


def test_what_is_no_frame_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="sites"):
        qjmap.Atlas.from_frames(sites=[1, 2])  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="fr"):
        qjmap.Atlas.from_frames(language="fr")


@pytest.mark.slow
def test_an_atlas_is_a_folium_map_that_saves_its_page(region: Path, tmp_path: Path) -> None:
    atlas = qjmap.open_project(region).atlas()
    m = atlas.explore()
    assert isinstance(m, PageMap)
    assert m.to_html() == atlas.to_html()
    m.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == atlas.to_html()
    with pytest.raises(UsageError, match="explore"):
        qjmap.explore(atlas.sites, m=m)


@pytest.mark.slow
def test_reprs_are_short(region: Path, tmp_path: Path) -> None:
    project = qjmap.open_project(region)
    atlas = project.atlas()
    shown = [
        project,
        atlas,
        atlas.report(),
        project.build(tmp_path / "out"),
        project.locate("山城"),
        project.locate("无此处"),
    ]
    assert [text for text in map(repr, shown) if len(text) > 250 or "\n" in text] == []
    assert not hasattr(atlas.report(), "_repr_html_")
    assert "海口湾区" in str(atlas.report())


def test_locate_and_geocode_keep_the_index_of_a_series(region: Path) -> None:
    names = pd.Series(["山城", None, "山城"], index=["x", "y", "x"], name="where")
    answers = qjmap.locate(names, project=region)
    assert answers.index.equals(names.index)
    assert [answer.reason for answer in answers] == ["short-name", "empty", "short-name"]
    found = qjmap.open_project(region).geocode(names)
    assert found.index.equals(names.index)
    assert len(qjmap.geocode("自贡")) == 1
    with pytest.raises(TypeError, match="geocode"):
        qjmap.locate(["山城"])  # type: ignore[call-overload]


def test_a_project_has_every_verb_of_the_command_line() -> None:
    elsewhere = {
        "guide",
        "new",
        "serve",
        "view",
    }  # qjmap.new_project and qjmap.explore; the guide is the docstrings; a server has no value
    assert {*COMMANDS} - elsewhere <= {name for name in dir(qjmap.open_project(ROOT)) if name[0] != "_"}


@pytest.mark.slow
def test_the_verbs_of_a_project_work(region: Path, tmp_path: Path) -> None:
    project = qjmap.open_project(region)
    file = tmp_path / "new.csv"
    file.write_text("名称,经度,纬度,坐标系\n新厂,101.0,29.3,wgs84\n坏厂,500,29.3,wgs84\n", encoding="utf-8")
    assert {fault.column for fault in project.check(file) if fault.severity == "fault"} == {"经度"}
    assert len(project.add(file).added) == 1
    assert len(project.atlas().sites) == 16
    project.undo()
    assert len(project.atlas().sites) == 15
    written = project.export(tmp_path / "sites.gpkg", layer="sites")
    assert len(gpd.read_file(written[0])) == 15
    assert project.template(tmp_path / "fill").suffix == ".xlsx"
    names = tmp_path / "names.csv"
    names.write_text("名称\n山城\n", encoding="utf-8")
    assert project.locate_file(names, tmp_path / "located.csv") == (1, 1)
