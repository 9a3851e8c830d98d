"""Going back, what the list opens with, and the panel's close button."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

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


def _inert(page: Page) -> list[str]:
    return list(page.evaluate("Array.from(document.querySelectorAll('#qj-stage > [inert]'), (part) => part.id)"))


def test_views_over_the_map_close_from_the_last_opened_and_leave_nothing_inert(
    open_file: Open, atlas_page: Path
) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.keyboard.press("Escape")
    open_by = {
        "list": "#qj-list-button",
        "board": "#qj-board-button",
        "matrix": "#qj-matrix-button",
        "figures": "#qj-figures-button",
    }
    for order in itertools.permutations(open_by, 3):
        for view in order:
            page.evaluate("(selector) => document.querySelector(selector).click()", open_by[view])
            expect(page.locator(f"#qj-{view}")).to_be_visible()
        for view in reversed(order):
            assert f"qj-{view}" not in _inert(page)
            assert "qj-header" in _inert(page)
            page.keyboard.press("Escape")
            expect(page.locator(f"#qj-{view}")).to_be_hidden()
        assert _inert(page) == []


def test_a_view_that_closes_beneath_another_leaves_that_one_on_top(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    for button, close in (("#qj-list-button", "#qj-list-close"), ("#qj-matrix-button", "#qj-matrix-close")):
        page.evaluate("(selector) => document.querySelector(selector).click()", button)
        expect(page.locator(close)).to_be_visible()
    page.evaluate("document.querySelector('#qj-list-close').click()")
    assert "qj-matrix" not in _inert(page)
    assert {"qj-header", "qj-list"} <= set(_inert(page))
    page.keyboard.press("Escape")
    assert _inert(page) == []


def test_the_editor_opens_over_the_map_and_not_beneath_a_board(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-editor-button").click()
    expect(page.locator("#qj-editor-title")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("#qj-board-button").click()
    page.locator(".qj-board-page a").first.click()
    page.locator("#qj-panel").get_by_role("button", name="编辑").click()
    expect(page.locator("#qj-edit-name")).to_be_visible()
    expect(page.locator("#qj-board")).to_be_hidden()
    assert _inert(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#qj-editor")).to_be_hidden()
    expect(page.locator("#qj-editor-button")).to_be_focused()
