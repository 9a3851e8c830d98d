"""Going back, what the list opens with, and the panel's close button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Opened

Open = Callable[..., Opened]


def test_back_restores_the_view_of_the_opening(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    scale = page.locator("#qj-scale")
    before = scale.inner_text()
    page.locator("#qj-search").fill("南宁")
    expect(page.locator("#qj-results li").first).to_be_visible()
    page.locator("#qj-search").press("Enter")
    expect(scale).not_to_have_text(before)
    page.keyboard.press("Escape")
    page.go_back()
    page.go_back()
    expect(scale).to_have_text(before)
    expect(page.locator("#qj-panel")).to_be_hidden()


def test_the_list_opens_with_what_is_filtered(open_file: Open, atlas_page: Path) -> None:
    for fragment, table in (
        ("#f=category:logistics-park", "sites"),
        ("#f=kind:agreement", "partnerships"),
        ("", "places"),
    ):
        opened = open_file(atlas_page, fragment=fragment)
        opened.wait_ready()
        opened.page.locator("#qj-list-button").click()
        expect(opened.page.locator(f"#qj-tab-{table}")).to_have_attribute("aria-selected", "true")


def test_no_text_of_the_panel_lies_under_its_close_button(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, fragment="#id=jingjiang-half-shaft")
    opened.wait_ready()
    expect(opened.page.locator("#qj-panel")).to_be_visible()
    under = """() => {
      const body = document.getElementById("qj-panel-body"), box = document.getElementById("qj-panel-close").getBoundingClientRect(), found = [];
      for (let y = 0; y < body.scrollHeight; y += 20) {
        body.scrollTop = y;
        const parts = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2).filter((one) => body.contains(one));
        if (parts[0] !== body && parts[0] !== body.firstElementChild) found.push(parts[0].textContent);
      }
      return found;
    }"""
    assert opened.page.evaluate(under) == []
