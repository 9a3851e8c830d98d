"""The public verbs in Python, as an analyst calls them in a notebook."""

from __future__ import annotations

import json
from pathlib import Path

import folium
import pandas as pd
import pytest

import qjmap


@pytest.mark.slow
def test_an_open_project_gives_an_atlas_of_geodataframes(region: Path) -> None:
    project = qjmap.open_project(region)
    atlas = project.atlas()
    assert atlas.sites.crs == "EPSG:4326"
    assert len(atlas.indicators) == 2
    assert "7 places" in repr(atlas)
    assert project.check() == []


def test_changing_a_frame_does_not_change_the_atlas(region: Path) -> None:
    atlas = qjmap.open_project(region).atlas()
    atlas.sites["name"] = "x"
    assert set(atlas.sites["name"]) != {"x"}


@pytest.mark.slow
def test_frames_have_no_internal_columns(region: Path) -> None:
    atlas = qjmap.open_project(region).atlas()
    frames = {**atlas.tables(), "legs of a part": atlas.filter(partners="harbour").corridor_legs}
    for name, frame in frames.items():
        assert [column for column in frame if column.startswith("_")] == [], name
    assert "grade" in atlas.corridor_legs


@pytest.mark.slow
def test_an_atlas_shows_itself_as_a_map_in_a_notebook(region: Path) -> None:
    shown = qjmap.open_project(region).atlas()._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "window.HIT" not in shown


@pytest.mark.slow
def test_the_map_is_a_folium_map_to_go_on_with(region: Path) -> None:
    m = qjmap.open_project(region).atlas().map()
    assert isinstance(m, folium.Map)
    folium.LayerControl().add_to(m)
    text = m.get_root().render()
    assert "QJMap.page" not in text  # it needs nothing that only the page has
    assert "QJMap.layers.sites(" in text


def test_geojson_of_one_layer_or_of_all(region: Path) -> None:
    atlas = qjmap.open_project(region).atlas()
    assert json.loads(atlas.to_geojson("sites"))["type"] == "FeatureCollection"
    assert set(atlas.to_geojson()) == {"places", "sites", "partnerships", "corridors", "corridor_legs"}


def test_build_says_what_it_wrote(region: Path, tmp_path: Path) -> None:
    built = qjmap.open_project(region).build(tmp_path / "out")
    assert built.page == tmp_path / "out" / "bay.html"
    assert built.counts["sites"] == 15


def test_geocode_keeps_the_index_and_leaves_the_unknown_empty(region: Path) -> None:
    names = pd.Series(["山城", "不知何处"], index=["a", "b"])
    found = qjmap.geocode(names, project=region)
    assert list(found.index) == ["a", "b"]
    assert found.loc["a", "address"] == "山城市"
    assert found.loc["b", "geometry"] is None
    assert found.crs == "EPSG:4326"


def test_locate_gives_ranked_candidates(region: Path) -> None:
    best = qjmap.locate("湾县", project=region).best
    assert best is not None
    assert (best.name, best.reason) == ("海口湾区", "alias")


def test_reverse_tells_what_holds_a_point() -> None:
    assert qjmap.reverse(106.65, 29.03).name == "重庆市 綦江区"
    assert qjmap.reverse(103.85, 1.29).adcode == ""


def test_a_new_project_is_opened(tmp_path: Path) -> None:
    project = qjmap.new_project("鼓楼区", tmp_path / "p", within="福建省", example=True)
    assert project.settings.home == "gulouqu"
    assert project.check() == []
    assert len(project.atlas().sites) == 8


def test_geocode_takes_one_text(region: Path) -> None:
    assert qjmap.geocode("重庆", project=region)["place_id"].tolist() == ["500000"]


@pytest.mark.slow
def test_an_atlas_saves_its_page(region: Path, tmp_path: Path) -> None:
    atlas = qjmap.open_project(region).atlas()
    atlas.save(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == atlas.to_html()


@pytest.mark.slow
def test_a_frame_of_an_atlas_is_explored(region: Path) -> None:
    page = qjmap.explore(qjmap.open_project(region).atlas().sites, "category")
    assert page.to_html().count('data-table="t0"') == 1
