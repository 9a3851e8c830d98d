"""Online backgrounds in the page: laid where the data lie, whatever their datum."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route
from pyproj import Geod

from qjmap import datum
from qjmap.pipeline.build import build
from qjmap.project import load_project
from tests.browser.conftest import DESKTOP
from tests.browser.waiting import wait_until_still
from tests.region import make_region

_ONE_PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00"
    b"\x01\x00\x00\x02\x02D\x01\x00;"
)
_TILES_ON_SCREEN = """() => {
    const map = window[Object.keys(window).find(key => /^map_/.test(key))];
    const frame = map.getContainer().getBoundingClientRect();
    return Array.from(document.querySelectorAll(".leaflet-tile-pane img"), tile => {
        const box = tile.getBoundingClientRect();
        const at = (x, y) => { const p = map.containerPointToLatLng([x - frame.left, y - frame.top]); return [p.lng, p.lat]; };
        return [tile.src, at(box.left, box.top), at(box.right, box.bottom)];
    });
}"""


def tile_corner(x: int, y: int, zoom: int) -> tuple[float, float]:
    """North-west corner of a Web Mercator tile in degrees."""
    side = 2.0**zoom
    return x / side * 360 - 180, float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / side)))))


@pytest.fixture
def amap(browser: Browser, tmp_path: Path) -> Page:
    """The invented region's page with Amap's background on, its tiles served here."""
    page_file = build(load_project(make_region(tmp_path / "region")), tiles=["amap"]).page
    page = browser.new_context(viewport=DESKTOP).new_page()

    def serve(route: Route) -> None:
        route.fulfill(body=_ONE_PIXEL, content_type="image/gif")

    page.route(re.compile("^https://"), serve)
    page.goto(page_file.as_uri())
    page.wait_for_selector("html[data-qjmap=ready]", state="attached")
    page.get_by_label("在线底图").check()
    return page


@pytest.mark.parametrize("zoom", [15, 16, 18])
@pytest.mark.parametrize("centre", [(106.65, 29.03), (104.77, 29.35), (113.5, 22.2), (87.6, 43.8)])
def test_the_tiles_of_a_bent_datum_meet_the_data_within_five_metres(
    amap: Page, zoom: int, centre: tuple[float, float]
) -> None:
    lon, lat = centre
    amap.evaluate(
        """([lon, lat, zoom]) => {
            const map = window[Object.keys(window).find(key => /^map_/.test(key))];
            map.setMaxBounds(null);
            map.setMaxZoom(18);
            map.setView([lat, lon], zoom, { animate: false });
        }""",
        [lon, lat, zoom],
    )
    wait_until_still(amap)
    tiles = [one for one in amap.evaluate(_TILES_ON_SCREEN) if f"z={zoom}" in one[0]]
    assert len(tiles) >= 12
    geod = Geod(ellps="WGS84")
    for url, north_west, south_east in tiles:
        x, y = (int(re.search(rf"[?&]{key}=(\d+)", url).group(1)) for key in "xy")  # type: ignore[union-attr]
        for corner, shown in ((tile_corner(x, y, zoom), north_west), (tile_corner(x + 1, y + 1, zoom), south_east)):
            true_lon, true_lat = datum.to_wgs84([corner[0]], [corner[1]], "gcj02")
            _, _, metres = geod.inv(true_lon[0], true_lat[0], *shown)
            assert metres < 5, (url, metres)


def test_the_pages_datums_are_those_of_the_program(amap: Page) -> None:
    random = np.random.default_rng(5)
    lon = np.concatenate([random.uniform(70, 140, 3000), random.uniform(-180, 180, 200)])
    lat = np.concatenate([random.uniform(2, 56, 3000), random.uniform(-80, 80, 200)])
    points = np.column_stack([lon, lat]).tolist()
    for name in ("wgs84", "cgcs2000", "gcj02", "bd09"):
        for verb, ours in (("toWgs84", datum.to_wgs84), ("fromWgs84", datum.from_wgs84)):
            theirs = amap.evaluate(
                "([points, verb, name]) => points.map(point => QJMap[verb](point, name))", [points, verb, name]
            )
            there = np.column_stack(ours(lon, lat, name))
            assert np.abs(np.array(theirs) - there).max() < 1e-8, (name, verb)
