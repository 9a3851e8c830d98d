"""Changes show in the page before a program takes them into the tables: panel, list and map mark them as drafts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.test_editor import act, changes, choose, keep, opened_editor

Open = Callable[..., Opened]


def shown_in_list(page: Page, table: str) -> None:
    page.locator("#qj-list-button").click()
    page.locator(f"#qj-tab-{table}").click()


def test_what_was_changed_added_and_deleted_is_marked_in_panel_and_list(open_file: Open, region_page: Path) -> None:
    page = opened_editor(open_file(region_page))
    choose(page, "depot")
    page.locator("#qj-edit-name").fill("新仓库")
    page.locator("#qj-edit-status").select_option("operating")
    keep(page)
    choose(page, "by-address")
    act(page, "delete")
    expect(page.locator("#qj-editor .qj-editor-form")).to_be_hidden()
    act(page, "add")
    page.locator("#qj-edit-name").fill("新厂")
    page.locator("#qj-edit-place").fill("harbour")
    keep(page)

    page.locator(".qj-editor-changes [data-id=depot] [data-act=show]").click()
    panel = page.locator("#qj-panel")
    expect(panel.locator("h2")).to_have_text("新仓库")
    expect(panel.locator(".qj-edited-cells[data-op=change]")).to_contain_text("湖畔仓库 → 新仓库")
    page.locator(".qj-editor-changes [data-id=by-address] [data-act=show]").click()
    expect(panel.locator(".qj-edited-cells[data-op=delete]")).to_be_visible()

    page.keyboard.press("Escape")
    shown_in_list(page, "sites")
    rows = page.locator("#qj-list tbody tr")
    expect(rows.filter(has_text="新仓库").locator(".qj-edited[data-op=change]")).to_have_count(1)
    expect(rows.filter(has_text="只有地址的厂").locator(".qj-edited[data-op=delete]")).to_have_count(1)
    expect(rows.filter(has_text="新厂").locator(".qj-draft")).to_have_count(1)
    page.locator("#qj-list-close").click()

    page.locator("#qj-editor-button").click()
    for _ in range(3):
        act(page, "undo")
    assert changes(page) == []
    page.keyboard.press("Escape")
    shown_in_list(page, "sites")
    expect(page.locator("#qj-list .qj-draft")).to_have_count(0)
    expect(rows.filter(has_text="湖畔仓库")).to_have_count(1)
    page.locator("#qj-list-close").click()


def test_a_draft_that_is_dropped_takes_its_change_back(open_file: Open, region_page: Path) -> None:
    page = opened_editor(open_file(region_page))
    act(page, "add")
    page.locator("#qj-edit-name").fill("新厂")
    page.locator("#qj-edit-place").fill("harbour")
    keep(page)
    page.locator(".qj-editor-changes [data-act=show]").click()
    expect(page.locator("#qj-panel h2")).to_have_text("新厂")
    page.locator("#qj-panel .qj-actions button").last.click()
    expect(page.locator(".qj-editor-changes > li")).to_have_count(0)
    act(page, "undo")
    expect(page.locator(".qj-editor-changes")).to_contain_text("新厂")
    act(page, "undo")
    assert changes(page) == []
