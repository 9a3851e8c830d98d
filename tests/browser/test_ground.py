"""The ground of a project that has none of its own: drawn, as far as its data go, shaded by adcode, honest near by."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.browser.conftest import Opened
from tests.region import write_table

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Open = Callable[..., Opened]

PLACES = [
    {"id": "yiwu", "name": "义乌市", "kind": "district", "adcode": "330782", "lon": "120.07", "lat": "29.31"},
    {"id": "dongyang", "name": "东阳市", "kind": "district", "adcode": "330783", "lon": "120.24", "lat": "29.29"},
    {"id": "qijiang", "name": "綦江区", "kind": "district", "adcode": "500110", "lon": "106.65", "lat": "29.03"},
    {"id": "madrid", "name": "马德里", "kind": "city", "lon": "-3.70", "lat": "40.42"},
]
PARTNER_TINT = (240, 232, 215)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of invented agreements of Yiwu, from a folder without `geo`."""
    root = tmp_path_factory.mktemp("yiwu")
    (root / "data").mkdir()
    rows = {key: list[dict[str, str]]() for key in TABLES}
    rows["places"] = [{"datum": "wgs84", "precision": "district"} | place for place in PLACES]
    rows["partnerships"] = [
        {"id": f"p-{place['id']}", "name": "协议", "kind": "agreement", "parties": f"yiwu|{place['id']}"}
        for place in PLACES[1:]
    ]
    for name in TABLES:
        write_table(root / "data" / f"{name}.csv", TABLES[name].names, rows[name])
    settings = 'id = "m"\ntitle = "试"\nlanguage = "zh"\nhome = "yiwu"\nopening = ["yiwu", "dongyang"]\n'
    (root / "data" / "project.toml").write_text(settings, encoding="utf-8")
    return build(load_project(root)).page


def colours(opened: Opened) -> set[tuple[int, ...]]:
    """Return the colours of many pixels of the background."""
    found = opened.page.evaluate(
        """() => {
            const canvas = document.querySelector(".leaflet-qjmap-background-pane canvas");
            if (getComputedStyle(canvas).visibility === "hidden") return [];
            const { width, height } = canvas, copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const data = copy.getImageData(0, 0, width, height).data, out = new Set();
            for (let k = 0; k < data.length; k += 4 * 97) out.add(data.slice(k, k + 3).join());
            return Array.from(out);
        }"""
    )
    return {tuple(map(int, one.split(","))) for one in found}


def show(opened: Opened, lat: float, lon: float, zoom: float) -> None:
    opened.page.evaluate(
        """([lat, lon, zoom]) => { const name = Object.keys(window).find((one) => one.startsWith("map_"));
            window[name].setView([lat, lon], zoom, { animate: false }); }""",
        [lat, lon, zoom],
    )
    opened.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_home_and_partners_far_and_near_are_shaded(open_file: Open, page: Path) -> None:
    opened = open_file(page)
    opened.wait_ready()
    show(opened, 29.31, 120.07, 9)
    near = colours(opened)
    assert len(near) > 5
    show(opened, 29.0, 106.65, 9)
    partner = {c for c in colours(opened) if max(abs(a - b) for a, b in zip(c, PARTNER_TINT, strict=True)) < 6}
    assert partner & near


def test_a_partner_abroad_is_pointed_at_and_can_be_reached(open_file: Open, page: Path) -> None:
    opened = open_file(page)
    opened.wait_ready()
    pointer = opened.page.get_by_role("button", name=re.compile("马德里"))
    expect(pointer).to_be_visible()
    pointer.click()
    expect(opened.page.locator("#qj-back")).to_be_visible()
    meta = json.loads(opened.page.locator("#qjmap-meta").text_content() or "")
    west, _, east, _ = meta["extent"]
    assert west < -3.7 - 2 and east == 150


def test_near_by_the_page_says_how_coarse_boundaries_are(open_file: Open, page: Path) -> None:
    opened = open_file(page)
    opened.wait_ready()
    note = opened.page.locator("#qj-coarse")
    show(opened, 29.31, 120.07, 11)
    expect(note).to_be_hidden()
    show(opened, 29.31, 120.07, 12)
    expect(note).to_have_text("境界概略，折点相距约 1.5 km")
    opened.page.locator("#qj-language").click()
    expect(note).to_contain_text("1.5 km apart")


def test_what_the_ground_is_made_of_stands_on_the_page(open_file: Open, page: Path) -> None:
    opened = open_file(page)
    opened.wait_ready()
    lines = opened.page.locator("#qj-attribution li").all_text_contents()
    assert [word for word in ("天地图", "LGPL", "GeoNames") if not any(word in line for line in lines)] == []
    assert len(lines) == len(set(lines))
