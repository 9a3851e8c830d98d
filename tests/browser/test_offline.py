"""Anybody's folium map as one closed file: opened without a network it says nothing and asks for nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import folium
import pytest
from playwright.sync_api import expect

import qjmap
from qjmap.page import offline_html
from tests.browser.conftest import Opened
from tests.region import make_region

Open = Callable[..., Opened]


def everything_allowed() -> folium.Map:
    m = folium.Map(tiles=None, location=[30, 101], zoom_start=7, control_scale=True)
    group = folium.FeatureGroup(name="${window.ran = 1}</script>").add_to(m)
    folium.PolyLine([[30, 100], [31, 101]], color="red").add_to(group)
    folium.Polygon([[30, 100], [31, 101], [30, 102]], fill=True).add_to(group)
    folium.Rectangle([[30, 100], [30.5, 100.5]]).add_to(m)
    folium.Circle([30, 101], radius=9000).add_to(m)
    folium.CircleMarker([30.4, 101.4], radius=9).add_to(m)
    m.fit_bounds([[29.5, 99.5], [31.5, 102.5]])
    return m


def test_a_map_without_our_layers(open_file: Open, tmp_path: Path) -> None:
    page = tmp_path / "own.html"
    page.write_text(offline_html(everything_allowed()), encoding="utf-8")
    opened = open_file(page)
    expect(opened.page.locator("path.leaflet-interactive")).to_have_count(5)
    expect(opened.page.locator(".leaflet-control-scale")).to_be_visible()
    assert opened.page.evaluate("window.ran") is None


@pytest.mark.parametrize("shown", [False, True], ids=["new", "shown before"])
def test_the_folium_map_of_an_atlas(open_file: Open, tmp_path: Path, shown: bool) -> None:
    m = qjmap.open_project(make_region(tmp_path / "region")).atlas().map()
    folium.CircleMarker([30.4, 101.4], radius=9).add_to(m)
    if shown:
        m._repr_html_()
    page = tmp_path / "atlas.html"
    page.write_text(offline_html(m), encoding="utf-8")
    opened = open_file(page)
    expect(opened.page.locator("path.leaflet-interactive")).to_have_count(1)
    opened.page.locator("canvas").nth(1).wait_for(state="attached")


def test_an_atlas_in_a_notebook(open_file: Open, tmp_path: Path) -> None:
    """The frame that a notebook shows, in a document like a notebook's."""
    frame = qjmap.open_project(make_region(tmp_path / "region")).atlas()._repr_html_()
    page = tmp_path / "notebook.html"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>x</title>{frame}", encoding="utf-8")
    opened = open_file(page)
    opened.page.frame_locator("iframe").locator("html[data-qjmap=ready]").wait_for(state="attached")
