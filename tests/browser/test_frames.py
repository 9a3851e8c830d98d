"""Pages of frames in a real browser: nothing is asked for, no cell runs, and what is clicked, typed and dragged filters."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image
from playwright.sync_api import Page, expect

import qjmap
from qjmap.page import offline_html
from tests.browser.conftest import PHONE, Opened, download
from tests.frames.odd_frames import SCRIPT, odd_frames
from tests.frames.test_explore import block

ODD = odd_frames()


def squares() -> gpd.GeoDataFrame:
    """A hundred squares in a grid, with columns of many kinds."""
    x, y = 106.5 + (np.arange(100) % 10) * 0.02, 29.0 + (np.arange(100) // 10) * 0.02
    return gpd.GeoDataFrame(
        {
            "name": [f"square {number}" for number in range(100)],
            "size": np.arange(100) * 10,
            "use": pd.Categorical(np.where(np.arange(100) % 4, "home", "shop"), categories=["shop", "home"], ordered=True),
            "built": pd.to_datetime("2000-01-01") + pd.to_timedelta(np.arange(100) * 100, unit="D"),
            "big": np.arange(100) + 2**53,
            "note": [SCRIPT, "", None, "x"] * 25,
        },
        geometry=shapely.box(x, y, x + 0.015, y + 0.015),
        crs="EPSG:4326",
    )  # fmt: skip


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("frames") / "map.html"
    qjmap.explore(squares(), "use", title="Squares").save(path)
    return path


@pytest.fixture
def page(page_file: Path, open_file: Callable[..., Opened]) -> Page:
    opened = open_file(page_file)
    opened.wait_ready()
    return opened.page


def shown(page: Page) -> Any:
    return page.locator("#qj-layers .qj-count").first


def facet(page: Page, name: str) -> Any:
    """The facet of a column, unfolded."""
    if page.locator("#qj-filters-body").is_hidden():
        page.locator("#qj-filters-button").click()
    section = page.locator(".qj-facet", has=page.get_by_text(name, exact=True))
    section.locator("button.qj-facet-head").click()
    return section


def test_no_cell_runs_and_every_row_is_there(page: Page) -> None:
    assert page.evaluate("window.BOOM") is None
    assert page.evaluate("window.qjmap.counts()") == {"t0": 100}
    page.evaluate("window.qjmap.select('0-00')")
    expect(page.locator("#qj-panel-body")).to_contain_text("window.BOOM")
    expect(page.locator("#qj-panel-body")).to_contain_text("9,007,199,254,740,992")
    assert page.evaluate("window.BOOM") is None


def test_an_empty_text_is_told_from_a_missing_one(page: Page) -> None:
    page.evaluate("window.qjmap.select('0-01')")
    expect(page.locator("#qj-panel-body")).to_contain_text("(empty text)")
    page.evaluate("window.qjmap.select('0-02')")
    expect(page.locator("#qj-panel-title")).to_have_text("square 2")
    expect(page.locator("#qj-panel-body")).not_to_contain_text("note")


def test_the_legend_filters_and_is_in_the_order_of_the_categories(page: Page) -> None:
    keys = page.locator("#qj-legend .qj-key")
    expect(keys).to_have_text(["shop", "home"])
    keys.first.click()
    expect(shown(page)).to_have_text("25 of 100")
    expect(keys.first).to_have_attribute("aria-pressed", "true")
    keys.first.click()
    expect(shown(page)).to_have_text("100")


def test_a_range_is_dragged_over_the_histogram(page: Page) -> None:
    bars = facet(page, "size").locator(".qj-bars")
    box = bars.bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5 - 2, box["y"] + 20)
    page.mouse.up()
    expect(shown(page)).to_have_text("50 of 100")
    expect(page.locator("#qj-shown .qj-chip")).to_have_text("size: 0 – 500×")


def test_a_range_is_set_with_the_keyboard(page: Page) -> None:
    to = facet(page, "size").locator("input[type=range]").nth(1)
    to.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(shown(page)).to_have_text("50 of 100")


def test_dates_are_filtered_by_year(page: Page) -> None:
    expect(facet(page, "built").locator(".qj-bar")).to_have_count(28)


def test_the_time_bar_shows_what_is_there_at_a_quarter(tmp_path: Path, open_file: Callable[..., Opened]) -> None:
    frame = squares()
    frame["gone"] = [pd.Timestamp("2010-06-30"), pd.NaT] * 50
    frame.loc[99, "built"] = pd.NaT
    qjmap.explore(frame, time=["built", "gone"], ground=False).save(tmp_path / "time.html")
    opened = open_file(tmp_path / "time.html", fragment="#t=2010-Q3")
    opened.wait_ready()
    page = opened.page
    expect(page.locator("#qj-when")).to_contain_text("Q3 2010")
    begun = frame["built"] < "2010-10-01"
    there = (begun & (frame["gone"].isna() | (frame["gone"] >= "2010-07-01"))) | (
        frame["built"].isna() & frame["gone"].isna()
    )
    expect(shown(page)).to_have_text(f"{there.sum()} of 100")


def test_rows_all_over_the_world_fit_on_a_phone(tmp_path: Path, open_file: Callable[..., Opened]) -> None:
    frame = gpd.GeoDataFrame(geometry=shapely.points([[-122, 37], [151, -33], [2, 48]]), crs=4326)
    qjmap.explore(frame).save(tmp_path / "world.html")
    opened = open_file(tmp_path / "world.html", viewport=PHONE)
    opened.wait_ready()
    assert len(opened.page.evaluate("window.qjmap.visible().t0")) == 3


def test_texts_are_found_and_listed(page: Page) -> None:
    page.locator("#qj-search").fill("square 42")
    page.locator("#qj-results [role=option]").first.click()
    expect(page.locator("#qj-panel-title")).to_have_text("square 42")
    page.locator("#qj-list-button").click()
    page.get_by_role("button", name="size").click()
    page.get_by_role("button", name="size").click()
    expect(page.locator("#qj-list tbody tr[data-index='0'] th")).to_have_text("square 99")


def test_the_pointer_gets_a_tooltip_and_a_click_the_panel(page: Page) -> None:
    middle = page.locator("#qj-main").bounding_box()
    centre = (middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    found = None
    for step in range(0, 200, 8):
        page.mouse.move(centre[0] - 100 + step, centre[1] - 60 + step / 3)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        if page.locator(".qj-tip").is_visible():
            found = (centre[0] - 100 + step, centre[1] - 60 + step / 3)
            break
    assert found
    expect(page.locator(".qj-tip strong")).to_contain_text("square")
    page.mouse.click(*found)
    expect(page.locator("#qj-panel-title")).to_contain_text("square")


def test_the_shown_rows_are_saved_as_they_came(page: Page) -> None:
    page.locator("#qj-legend .qj-key").first.click()
    page.locator("#qj-take-button").click()
    saved = json.loads(download(page, page.get_by_role("button", name="Save the data")))
    assert len(saved["features"]) == 25
    frame = squares()
    first = saved["features"][0]
    assert first["geometry"]["type"] == "Polygon"
    assert shapely.geometry.shape(first["geometry"]).hausdorff_distance(frame.geometry[0]) < 1e-6
    assert {"name", "size", "use", "built", "big", "note"} <= set(first["properties"])
    assert first["properties"]["big"] == str(2**53)


def test_areas_that_share_edges_are_taken_along_as_they_came(tmp_path: Path, open_file: Callable[..., Opened]) -> None:
    cells = shapely.voronoi_polygons(shapely.MultiPoint(np.random.default_rng(1).uniform(100, 110, (60, 2)) - [0, 70]))
    areas = [
        shapely.segmentize(cell, 0.3) for cell in shapely.intersection(list(cells.geoms), shapely.box(99, 29, 111, 41))
    ]
    frame = gpd.GeoDataFrame({"n": range(len(areas))}, geometry=areas, crs=4326)
    qjmap.explore(frame, ground=False).save(tmp_path / "shared.html")
    assert "runs" in block((tmp_path / "shared.html").read_text(encoding="utf-8"))
    opened = open_file(tmp_path / "shared.html")
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-take-button").click()
    saved = json.loads(download(page, page.get_by_role("button", name="Save the data")))
    assert len(saved["features"]) == len(areas)
    for feature, area in zip(saved["features"], areas, strict=True):
        drawn = shapely.geometry.shape(feature["geometry"])
        assert shapely.get_num_coordinates(drawn) == shapely.get_num_coordinates(area)
        assert drawn.hausdorff_distance(area) < 2e-5
        assert shapely.equals_exact(drawn, area, 2e-5)


def test_a_layer_alone_answers_on_a_plain_map(tmp_path: Path, open_file: Callable[..., Opened]) -> None:
    m = folium.Map(tiles=None, location=[29.1, 106.6], zoom_start=11)
    qjmap.explore(squares(), "size", m=folium.FeatureGroup().add_to(m))
    path = tmp_path / "map.html"
    path.write_text(offline_html(m), encoding="utf-8")
    page = open_file(path).page
    page.wait_for_selector("canvas")
    x, y = page.evaluate("() => [innerWidth / 2 - 60, innerHeight / 2 - 12]")  # in a row of squares
    for step in range(60):  # until the layer is drawn and the pointer on one of its rows
        page.mouse.move(x + 2 * step, y)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        if page.evaluate("() => document.querySelector('.leaflet-container').style.cursor") == "pointer":
            page.mouse.click(x + 2 * step, y)
            break
    expect(page.locator(".leaflet-popup-content").first).to_contain_text("square")


@pytest.mark.parametrize("name", [
    "collection", "multipoint", "mixture", "antimeridian", "odd_columns", "html_cells", "wide", "nested", "all_none", "no_rows", "layers",
    "nothing", "pole", "control_characters", "many_words", "world",
])  # fmt: skip
def test_an_odd_frame_opens(name: str, tmp_path: Path, open_file: Callable[..., Opened]) -> None:
    qjmap.explore(ODD[name]).save(tmp_path / "map.html")
    opened = open_file(tmp_path / "map.html")
    opened.wait_ready()
    opened.page.locator("#qj-list-button").click()
    opened.page.keyboard.press("Escape")
    assert opened.page.evaluate("window.BOOM") is None


def colour_at(page: Page, x: float, y: float) -> tuple[int, ...]:
    """The colour of the page at a point in CSS pixels."""
    shot = page.screenshot(clip={"x": round(x), "y": round(y), "width": 1, "height": 1})
    with Image.open(io.BytesIO(shot)) as image:
        colour: tuple[int, ...] = image.convert("RGB").getpixel((0, 0))
    return colour


def test_first_view_highlight_and_weight_are_those_of_the_arguments(
    tmp_path: Path, open_file: Callable[..., Opened]
) -> None:
    places = [shapely.box(106, 29, 106.1, 29.1), shapely.Point(106.15, 29.05), shapely.Point(120, 40)]
    frame = gpd.GeoDataFrame({"name": ["area", "point", "far"]}, geometry=places, crs=4326)
    qjmap.explore(
        frame,
        ground=False,
        map_kwds={"location": [29.05, 106.1], "zoom_start": 12},
        style_kwds={"fillColor": "#0000ff", "color": "#ffff00", "fillOpacity": 1, "weight": 12},
        highlight_kwds={"fillColor": "#00ff00", "fillOpacity": 1},
    ).save(tmp_path / "map.html")
    opened = open_file(tmp_path / "map.html")
    opened.wait_ready()
    page = opened.page
    lon_px = 256 * 2**12 / 360
    box = page.locator(".leaflet-container").bounding_box()
    assert box is not None
    x, y = (
        box["x"] + box["width"] / 2,
        box["y"] + box["height"] / 2,
    )  # of longitude 106.1, the area's edge, and latitude 29.05
    area, rim = (x - 0.03 * lon_px, y), (x + 0.05 * lon_px + 7, y)
    assert colour_at(page, *area) == (0, 0, 255)
    assert colour_at(page, *rim) == (255, 255, 0)
    page.mouse.move(area[0] + 1, area[1] + 1)
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    assert colour_at(page, area[0] - 40, area[1] - 40) == (0, 255, 0)
