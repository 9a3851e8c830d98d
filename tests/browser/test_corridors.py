"""Corridors as a reader meets them: modes and grades told apart without colour, a leg's lengths in words, who is named."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.waiting import wait_until_still

Open = Callable[..., Opened]


def greys(opened: Opened, group: str) -> list[tuple[str, bytes]]:
    """Name and symbol, in shades of grey, of each line of a group of the legend."""
    lines = opened.page.locator(f'.qj-legend-group[data-group="{group}"] li')
    found = []
    for line in lines.all():
        picture = Image.open(io.BytesIO(line.locator("svg").screenshot()))
        found.append((line.inner_text().strip(), picture.convert("L").resize((34, 20)).tobytes()))
    return found


def test_modes_and_what_is_schematic_are_told_apart_in_greyscale(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    samples = greys(opened, "mode")
    assert {"铁路", "铁路（规划）", "海运", "合作轴带", "示意（非实际线位）"} <= {name for name, _ in samples}
    for (name, first), (other, second) in combinations(samples, 2):
        differing = sum(abs(a - b) > 20 for a, b in zip(first, second, strict=True))
        assert differing >= 20, (name, other)


def test_the_legs_of_a_corridor_are_told_route_by_route(open_file: Open, atlas_page: Path) -> None:
    """A leg that does not begin where the one before it ends begins a new route; a corridor of one route has no headings."""
    opened = open_file(atlas_page)
    opened.wait_ready()
    section = opened.page.locator("#qj-panel section").filter(
        has=opened.page.get_by_role("heading", name="分段", exact=True)
    )
    opened.page.evaluate("window.qjmap.select('land-sea-corridor')")
    expect(section.locator("h4")).to_have_text(
        ["重庆市 → 新加坡 7", "重庆市 → 钦州市 3", "成都市 → 南宁市 6", "成都市 → 百色市 2"]
    )
    expect(section.locator("ul").nth(1).locator("a")).to_have_text(
        ["重庆市 — 怀化市", "怀化市 — 柳州市", "柳州市 — 钦州市"]
    )
    opened.page.evaluate("window.qjmap.select('land-sea-15')")
    opened.page.evaluate("window.qjmap.select('yuqian-cooperation')")
    expect(section.locator("li")).to_have_count(1)
    expect(section.locator("h4")).to_have_count(0)


def test_a_leg_tells_its_lengths_its_grade_and_on_whose_word(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    panel = opened.page.locator("#qj-panel")

    def told(leg: str) -> str:
        assert opened.page.evaluate("id => window.qjmap.select(id)", leg)
        panel.get_by_text(leg, exact=True).wait_for()
        return panel.inner_text()

    rail = told("land-sea-3")
    assert "公布 489 km" in rail
    assert "黔桂铁路扩能改造工程竣工通车" in rail
    assert "按图上线条量得约 454 km（按路网概括）" in rail
    assert "OpenStreetMap" in rail
    assert "都匀市" in rail  # on its way
    sea = told("land-sea-5")
    assert "海运" in sea
    assert "其中约 22 km 为示意直线" in sea
    plan = told("land-sea-15")
    assert "规划" in plan
    assert "示意" in plan
    whole = told("land-sea-corridor")
    assert "有分支，不计全长" in whole
    assert "海运 · 运行中 · 约 2,499 km" in whole  # a leg's own


def test_openstreetmap_is_named_where_its_lines_are_and_only_there(
    open_file: Open, atlas_page: Path, region_page: Path
) -> None:
    for path, there in ((atlas_page, True), (region_page, False)):
        opened = open_file(path)
        opened.wait_ready()
        assert ("© OpenStreetMap contributors" in opened.page.locator("body").inner_text()) == there


def test_a_leg_that_is_clicked_on_the_map_is_marked_in_the_panel(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, viewport={"width": 1440, "height": 700})
    opened.wait_ready()
    page = opened.page
    page.evaluate("window.qjmap.select('land-sea-3')")  # Guiyang to Liuzhou, the third of eighteen
    wait_until_still(page)
    title, here = page.locator("#qj-panel-title"), page.locator("#qj-panel .qj-here")
    for x in range(640, 1000, 40):  # up and down the map until the line is met
        for y in range(120, 620, 6):
            page.mouse.move(x, y)
            wait_until_still(page, frames=1)
            if page.evaluate("document.querySelector('.leaflet-container').style.cursor") != "pointer":
                continue
            page.mouse.click(x, y)
            if title.inner_text() == "西部陆海新通道" and "贵阳市 — 柳州市" in here.inner_text():
                break
        else:
            continue
        break
    expect(here).to_have_count(1)
    expect(here).to_have_attribute("aria-current", "true")
    expect(here).to_contain_text("贵阳市 — 柳州市")
    expect(here).to_be_in_viewport()
    expect(page.locator("#qj-said")).to_have_text("点中的路段：贵阳市 — 柳州市（西部陆海新通道）")
    page.locator("#qj-language").click()
    expect(here).to_contain_text("Guiyang — Liuzhou")
