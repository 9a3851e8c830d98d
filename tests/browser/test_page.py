"""The page as a reader meets it: one file, opened by a double click, with no network anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, TimeoutError

from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.browser.conftest import DESKTOP, PHONE, Opened
from tests.browser.waiting import wait_until_still
from tests.region import HOSTILE, make_region


@pytest.fixture(scope="module")
def rows(repository: Path) -> dict[str, list[dict[str, str]]]:
    import csv

    found = {}
    for name in TABLES:
        with (repository / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found[name] = list(csv.DictReader(file))
    return found


Open = Callable[..., Opened]


def test_it_opens_alone_and_every_layer_is_drawn(
    open_file: Open, atlas_page: Path, rows: dict[str, list[dict[str, str]]]
) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    counts = opened.page.evaluate("window.qjmap.counts()")
    assert counts == {name: len(rows[name]) for name in ("places", "sites", "partnerships", "corridors")}
    visible = opened.page.evaluate("window.qjmap.visible()")
    assert all(visible[name] for name in counts), {name: len(ids) for name, ids in visible.items()}
    marks = opened.page.evaluate("performance.getEntriesByType('mark').map(m => m.name)")
    assert {"qjmap-first", "qjmap-ready"} <= set(marks)


def test_every_row_of_every_table_can_be_selected(
    open_file: Open, atlas_page: Path, rows: dict[str, list[dict[str, str]]]
) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    ids = [row["id"] for table in rows.values() for row in table]
    missed = opened.page.evaluate("ids => ids.filter(id => window.qjmap.select(id) !== true)", ids)
    assert missed == []
    assert opened.page.evaluate("window.qjmap.select('no-such-id')") is False


def test_every_row_of_every_table_is_found_by_its_name(
    open_file: Open, atlas_page: Path, rows: dict[str, list[dict[str, str]]]
) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    box = opened.page.get_by_role("combobox")
    missed = []
    for table in ("sites", "places", "partnerships", "corridors", "indicators", "sources"):
        for row in rows[table]:
            name = row.get("name") or row["title"]
            box.fill(name)
            options = opened.page.get_by_role("option")
            try:
                options.filter(has_text=name).first.wait_for(timeout=5000)
            except TimeoutError:
                missed.append((table, row["id"], name, options.all_inner_texts()[:3]))
    assert missed == []


def test_the_page_s_public_object_is_frozen(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    assert opened.page.evaluate("Object.isFrozen(window.qjmap)")
    assert sorted(opened.page.evaluate("Object.keys(window.qjmap)")) == ["counts", "select", "version", "visible"]


def test_choosing_a_thing_shows_its_facts_figures_and_sources(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    opened.page.evaluate("window.qjmap.select('works')")
    panel = opened.page.locator("#qj-panel").inner_text()
    for word in ("海湾齿轮厂", "Bay Gear Works", "企业", "年产值", "湾区调查", "湾区统计站", "§1"):
        assert word in panel, word


def test_the_language_changes_in_place(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    opened.page.evaluate("window.qjmap.select('pact')")
    opened.page.locator("#qj-language").click()
    assert opened.page.evaluate("document.documentElement.lang").startswith("en")
    assert opened.page.title() == "Bay cooperation map"
    panel = opened.page.locator("#qj-panel").inner_text()
    assert "Harbour–Hill pact" in panel
    assert "Harbour District" in panel
    opened.page.locator("#qj-language").click()
    assert "湾区—山城协议" in opened.page.locator("#qj-panel").inner_text()


def test_cell_text_appears_as_written_and_runs_nothing(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    for number, name in enumerate(HOSTILE):
        assert opened.page.evaluate(f"window.qjmap.select('hostile-{number}')")
        shown = opened.page.locator("#qj-panel").evaluate("node => node.textContent")
        assert name in shown, name
    opened.page.get_by_role("combobox").fill("onerror")
    opened.page.get_by_role("option").first.wait_for()
    opened.page.locator("#qj-list-button").click()
    wait_until_still(opened.page)
    assert opened.page.evaluate("typeof window.HIT") == "undefined"
    assert opened.page.locator("img, svg[onload]").count() == 0


def test_hiding_a_layer_hides_all_of_it(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    assert opened.page.evaluate("window.qjmap.visible().partnerships.length") > 0
    button = opened.page.locator("#qj-layers-button")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    opened.page.locator("#qj-side input[data-group=partnerships]").uncheck()
    assert opened.page.evaluate("window.qjmap.visible().partnerships") == []


def test_it_works_on_a_phone(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, viewport=PHONE, has_touch=True)
    opened.wait_ready()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    opened.page.evaluate("window.qjmap.select('qijiang')")
    box = opened.page.locator("#qj-panel").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_title_panel_and_tools_stand_clear_of_each_other_at_any_width(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.evaluate("qjmap.select('zigong')")
    for _ in ("zh", "en"):
        for width in (720, 768, 900, 1024, 1059, 1060, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(
                "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )  # it has been arranged anew
            found = {
                name: page.locator(name).bounding_box() for name in ("#qj-header", "#qj-panel", "#qj-tools", "#qj-zoom")
            }
            boxes = {
                name: box for name, box in found.items() if box
            }  # a sheet over the map takes the place of the tools
            assert {"#qj-header", "#qj-panel"} <= boxes.keys(), width
            for one, other in combinations(boxes, 2):
                assert not overlap(boxes[one], boxes[other]), (width, one, other)
            assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes.values()), width
        page.locator("#qj-language").click()


def overlap(one: Any, other: Any) -> bool:
    """Whether two boxes {x, y, width, height} cover any point together."""
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


def test_a_link_with_an_id_opens_it(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page, fragment="#id=works")
    opened.wait_ready()
    assert "海湾齿轮厂" in opened.page.locator("#qj-panel").inner_text()


def test_the_page_says_until_when_and_on_what_terms(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    foot = opened.page.locator("#qj-footer").inner_text()
    assert "现状截至2021年4月" in foot
    assert "示意图，未经地图审核，不得公开使用" in foot
    assert "GeoNames" in foot


def test_a_layer_alone_works_on_a_plain_folium_map(open_file: Open, tmp_path: Path) -> None:
    import folium

    from qjmap.layers import Partnerships, Sites
    from qjmap.page import offline_html
    from qjmap.pipeline.load import load_atlas

    atlas = load_atlas(load_project(make_region(tmp_path / "region")))[0]
    m = folium.Map(tiles=None, location=[30.5, 101], zoom_start=7)
    Partnerships(atlas.partnerships).add_to(m)
    Sites(atlas.sites).add_to(m)
    page = tmp_path / "plain.html"
    page.write_text(offline_html(m), encoding="utf-8")
    opened = open_file(page)
    opened.page.locator("canvas").nth(1).wait_for(state="attached")
    wait_until_still(opened.page)
    inked = opened.page.evaluate(
        """() => Array.from(document.querySelectorAll('canvas')).map(c => {
             if (!c.width) return false;
             const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
             return d.some((v, i) => i % 4 === 3 && v > 0); })"""
    )
    assert sum(inked) >= 2


def test_the_page_and_its_background_are_small(atlas_page: Path, region_page: Path) -> None:
    def carried(text: str) -> int:
        return sum(len(block) for block in re.findall(r'id="qjmap_background_\d+_\w+">([^<]*)<', text))

    text = atlas_page.read_text(encoding="utf-8")
    assert len(text.encode("utf-8")) < 1_300_000
    assert 0 < carried(region_page.read_text(encoding="utf-8")) < 280_000
    assert 280_000 < carried(text) < 340_000  # its coasts reach from Stuttgart to Palo Alto
    assert json.loads(re.search(r'id="qjmap-meta">(.*?)</script>', text, re.S)[1])["id"] == "qijiang"  # type: ignore[index]


def test_sites_added_from_a_table_are_on_the_rebuilt_map(open_file: Open, tmp_path: Path) -> None:
    from qjmap.edit import add

    project = load_project(make_region(tmp_path / "region"))
    table = tmp_path / "新地点.csv"
    table.write_bytes(
        "名称,类别,所在地,经度,纬度,坐标系\n甲厂,企业,,100.51,30.51,WGS84\n乙厂,企业,山城市,,,\n丙库,物流园区,,100.6,30.6,GCJ02\n".encode(
            "gb18030"
        )
    )
    report = add(project, table)
    assert (len(report.added), len(report.refused)) == (3, 0)
    opened = open_file(build(project).page)
    opened.wait_ready()
    assert opened.page.evaluate("window.qjmap.counts().sites") == 18
    assert set(report.ids) <= set(opened.page.evaluate("window.qjmap.visible().sites"))
    for identifier in report.ids:
        assert opened.page.evaluate("id => window.qjmap.select(id)", identifier)


def test_an_online_background_fails_visibly_and_harmlessly(browser: Browser, tmp_path: Path) -> None:
    """The one page that may ask for something, and only when it is told to."""
    page_file = build(load_project(make_region(tmp_path / "region")), tiles=["osm"]).page
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    page.goto(page_file.as_uri())
    page.wait_for_selector("html[data-qjmap=ready]", state="attached")
    assert asked == []
    page.get_by_label("在线底图").check()
    page.get_by_text("在线底图打不开").wait_for()
    assert asked
    assert page.evaluate("window.qjmap.select('works')")
    context.close()


def test_it_prints_with_title_legend_notes_and_a_picture_of_the_map(
    open_file: Open, atlas_page: Path, tmp_path: Path
) -> None:
    import pypdfium2

    opened = open_file(atlas_page)
    opened.wait_ready()
    paper = tmp_path / "map.pdf"
    opened.page.pdf(path=paper, prefer_css_page_size=True, print_background=True)
    with pypdfium2.PdfDocument(paper) as document:
        assert len(document) == 1
        sheet = document[0]
        text = sheet.get_textpage().get_text_bounded()
        for word in ("綦江区产业合作地图", "企业", "铁路", "km", "现状截至2021年4月", "示意图", "GeoNames", "来源"):
            assert word in text, word
        picture = sheet.render(scale=1).to_pil().convert("RGB")
    width, height = picture.size
    map_part = picture.crop((width // 20, height // 5, width * 7 // 10, height * 6 // 10))
    colours = map_part.getcolors(maxcolors=1 << 20)
    assert colours is not None
    assert len(colours) > 500  # boundaries, rivers, arcs and names; a blank frame has two or three
    assert opened.page.evaluate("document.querySelectorAll('canvas[data-sheet]').length") == 0
