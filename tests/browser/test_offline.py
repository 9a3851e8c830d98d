"""Anybody's folium map as one closed file: opened without a network it says nothing and asks for nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import folium
import pytest
from playwright.sync_api import Browser, expect

import qjmap
from qjmap.page import offline_html
from tests.browser.conftest import DESKTOP, PHONE, Opened
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


NEWER = (
    "DecompressionStream", "structuredClone", "Object.hasOwn", "Array.prototype.at", "Array.prototype.findLast", "HTMLElement.prototype.inert",
    "CanvasRenderingContext2D.prototype.roundRect", "Uint8Array.fromBase64", "OffscreenCanvas", "scheduler", "Array.prototype.toSorted",
)  # fmt: skip
"""What Chromium 88 or Firefox 91 lack, the oldest browsers that pages are made for."""
OLDER = ("ResizeObserver", "String.prototype.replaceAll")
"""What both have."""


def without(names: tuple[str, ...]) -> str:
    return "".join(f"delete {name if '.' in name else 'window.' + name};" for name in names)


def test_the_oldest_browsers_show_the_page(browser: Browser, atlas_page: Path) -> None:
    page = browser.new_page(viewport=DESKTOP)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.add_init_script(without(NEWER))
    page.goto(atlas_page.resolve().as_uri())
    page.wait_for_selector("html[data-qjmap=ready]", state="attached")
    assert page.evaluate("qjmap.select('zigong')")
    expect(page.locator("#qj-panel-title")).to_have_text("自贡市")
    page.locator("#qj-list-button").click()
    expect(page.locator("#qj-side")).to_be_hidden()  # what the list covers cannot be reached
    assert wrong == []
    page.close()


@pytest.mark.parametrize("missing", OLDER)
@pytest.mark.parametrize("which", ["page", "plain"])
def test_an_older_browser_is_told_which_it_needs(
    browser: Browser, region_page: Path, tmp_path: Path, which: str, missing: str
) -> None:
    if which == "plain":
        m = qjmap.open_project(make_region(tmp_path / "region")).atlas().map()
        region_page = tmp_path / "plain.html"
        region_page.write_text(offline_html(m), encoding="utf-8")
    page = browser.new_page(viewport=PHONE)
    page.add_init_script(without((missing,)))
    page.goto(region_page.resolve().as_uri())
    said = page.locator(".qj-unable")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Firefox 91")
    assert said.bounding_box() == {"x": 0, "y": 0, **PHONE}
    atlas = qjmap.open_project(make_region(tmp_path / "again")).atlas()
    expect(said.locator("tbody tr")).to_have_count(len(atlas.partnerships) if which == "page" else 0)
    page.close()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts run", "scripts do not run"])
def test_who_can_use_the_page_is_not_told(browser: Browser, region_page: Path, javascript: bool) -> None:
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    page.goto(region_page.resolve().as_uri())
    expect(page.locator(".qj-unable")).to_be_visible(visible=not javascript)
    context.close()
