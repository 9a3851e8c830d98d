"""The list is the map without seeing it: the same rows, sorted, reached by the keyboard, at any length."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.waiting import wait_for, wait_until_still
from tests.web_modules import web_modules

Open = Callable[..., Opened]


def names(page: Page) -> list[str]:
    wait_until_still(page)
    return page.locator("#qj-list-scroll tbody th").all_inner_texts()


def test_list_and_sort_by_keyboard_alone(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-list-button").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "qj-tab-places"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "qj-tab-sites"
    wait_until_still(page)
    page.keyboard.press("Tab")
    wait_until_still(page)
    page.keyboard.press("Enter")
    grid = page.get_by_role("grid")
    expect(grid.locator("th[scope=col]").first).to_have_attribute("aria-sort", "ascending")
    expect(grid).to_have_attribute("aria-rowcount", "79")
    up = names(page)
    page.keyboard.press("Enter")
    expect(grid.locator("th[scope=col]").first).to_have_attribute("aria-sort", "descending")
    assert names(page)[0] != up[0]
    # Tab leaves the heads for the rows; arrows go from row to row, End to the last, Enter to the thing itself.
    for _ in range(30):
        if page.evaluate("document.activeElement.tagName") == "TR":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert wait_for(page, lambda: page.evaluate("document.activeElement.getAttribute('aria-rowindex') === '79'"))
    assert page.evaluate("document.activeElement.querySelector('th').textContent") == up[0]
    page.keyboard.press("ArrowUp")
    assert wait_for(page, lambda: page.evaluate("document.activeElement.getAttribute('aria-rowindex') === '78'"))
    chosen = page.evaluate("document.activeElement.querySelector('th').textContent")
    page.keyboard.press("Enter")
    assert page.locator("#qj-list").is_hidden()
    assert page.locator("#qj-panel-title").inner_text() == chosen


def test_chinese_names_stand_in_the_order_of_pinyin(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-list-button").click()
    page.locator("#qj-list-scroll thead button").first.click()
    order = names(page)
    known = [
        "巴南区",
        "北碚区",
        "成都市",
        "重庆市",
        "大渡口区",
        "贵州省",
        "两江新区",
        "泸州市",
        "綦江区",
        "自贡市",
        "遵义市",
    ]
    assert [name for name in order if name in known] == [name for name in known if name in order]


def test_empty_cells_stay_at_the_end_whichever_way(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-list-button").click()
    page.locator("#qj-tab-partnerships").click()
    value = page.locator("#qj-list-scroll thead button", has_text="金额")
    value.click()
    up = names(page)
    value.click()
    down = names(page)
    assert up[:2] == ["联合中心", "远岛计划"]
    assert down[:2] == ["远岛计划", "联合中心"]


def test_a_million_rows_scroll_and_are_reached_to_the_last(open_file: Open, region_page: Path) -> None:
    """The window on the rows with as many as a province registers: taller than a browser lets an element be."""
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    page.evaluate(web_modules("app/base/dom.js", "app/list/virtual-rows.js"))
    page.evaluate(
        """() => {
          const scroll = document.createElement("div");
          scroll.id = "tall";
          scroll.style.cssText = "position: fixed; inset: 0; z-index: 5000; overflow: auto; background: white; overflow-anchor: none";
          const table = document.createElement("table"), body = document.createElement("tbody");
          table.className = "qj-table";
          const head = document.createElement("thead");
          head.append(modules.el("tr", {}, modules.el("th", {}, "head")));
          table.append(head, body);
          scroll.append(table);
          document.body.append(scroll);
          const line = (index, there, current) => modules.el("tr", { "data-index": index, tabindex: current ? "0" : "-1" },
            modules.el("th", {}, "row " + index));
          window.__rows = modules.makeVirtualRows(scroll, { line, need: () => null, width: () => 1 });
          window.__rows.set(body, 1000000, false);
        }"""
    )
    seen = """() => { const box = document.getElementById("tall").getBoundingClientRect();
      return Array.from(document.querySelectorAll("#tall tr[data-index]")).filter((row) => {
        const { top, bottom } = row.getBoundingClientRect(); return top >= box.top && bottom <= box.bottom;
      }).map((row) => Number(row.dataset.index)); }"""

    def shown() -> list[int]:
        wait_until_still(page, frames=20)  # longer than the bar rests
        rows: list[int] = page.evaluate(seen)
        assert rows == list(range(rows[0], rows[0] + len(rows))), "rows follow each other without a gap"
        assert len(rows) >= 20
        return rows

    assert shown()[0] == 0
    assert page.locator("#tall tr").count() < 80
    for index in (500_000, 999_999, 0, 123_456):
        page.evaluate("(index) => window.__rows.moveTo(index)", index)
        assert index in shown()
    before = shown()[0]
    # A turn of the wheel moves by what it turns, in the middle of a million as in a short list.
    page.mouse.move(700, 400)
    for _ in range(5):
        page.mouse.wheel(0, 400)
        wait_until_still(page, frames=2)
    assert shown()[0] == before + 50
    for _ in range(5):
        page.mouse.wheel(0, -400)
        wait_until_still(page, frames=2)
    assert shown()[0] == before
    # The bar reaches both ends.
    page.evaluate("const node = document.getElementById('tall'); node.scrollTop = node.scrollHeight")
    assert shown()[-1] == 999_999
    page.evaluate("document.getElementById('tall').scrollTop = 0")
    assert shown()[0] == 0
