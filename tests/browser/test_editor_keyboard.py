"""Twelve tasks in the editor with the keyboard alone: Tab, arrows, Enter, Escape and typing; the focus is never lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qjmap.edit import apply_changes
from qjmap.project import load_project
from tests.browser.conftest import Opened
from tests.browser.test_editor import changes
from tests.browser.test_editor_grid import active, press
from tests.region import make_region

Open = Callable[..., Opened]

_FOCUSED = """() => {
    const { activeElement: node } = document;
    return [node.id, node.dataset.act, node.dataset.id].filter(Boolean).map(String);
}"""
_MOST_STOPS = 60


def focused(page: Page) -> list[str]:
    """Id, action and row of the element that has the focus."""
    return list(page.evaluate(_FOCUSED))


def go(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until the element with an id or action has the focus, as a reader without a pointer does."""
    for _ in range(_MOST_STOPS):
        if name in focused(page):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} is not reached within {_MOST_STOPS} stops; the focus is at {focused(page)}")


@pytest.fixture
def page(open_file: Open, region_page: Path) -> Page:
    """A page whose editor was opened by keyboard."""
    opened = open_file(region_page)
    opened.wait_ready()
    go(opened.page, "qj-editor-button")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("#qj-editor-title")).to_be_focused()
    expect(opened.page.locator("#qj-editor .qj-editor-row").first).to_be_visible()
    return opened.page


@contextmanager
def new_row(page: Page, name: str) -> Iterator[None]:
    """Fill in the form of a new row, and keep it."""
    go(page, "add")
    page.keyboard.press("Enter")
    expect(page.locator("#qj-edit-name")).to_be_focused()
    page.keyboard.type(name)
    yield
    go(page, "keep")
    page.keyboard.press("Enter")
    expect(page.locator("#qj-editor-search")).to_be_focused()


def opened_row(page: Page, word: str) -> None:
    go(page, "qj-editor-search")
    page.keyboard.type(word)
    expect(page.locator("#qj-editor .qj-editor-row")).to_have_count(1)
    press(page, "ArrowDown", "Enter")
    expect(page.locator("#qj-edit-name")).to_be_focused()


def grid(page: Page) -> None:
    go(page, "grid")
    page.keyboard.press("Enter")
    expect(page.locator("#qj-grid input")).to_be_focused()


def test_the_editor_is_opened_and_closed_with_the_focus_back_on_its_button(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#qj-editor")).to_be_hidden()
    expect(page.locator("#qj-editor-button")).to_be_focused()


def test_a_table_is_chosen(page: Page) -> None:
    go(page, "qj-editor-table")
    press(page, "Home")
    expect(page.locator("#qj-editor-table")).to_have_value("places")
    expect(page.locator("#qj-editor .qj-editor-rows")).to_contain_text("海口湾区")
    assert focused(page) == ["qj-editor-table"]


def test_rows_are_one_stop_and_walked_with_the_arrows(page: Page) -> None:
    go(page, "qj-editor-search")
    press(page, "ArrowDown")
    first = focused(page)
    press(page, "ArrowDown")
    second = focused(page)
    assert first != second
    press(page, "Tab", "Shift+Tab")
    assert focused(page) == second
    press(page, "Home")
    assert focused(page) == first
    press(page, "ArrowUp")
    assert focused(page) == ["qj-editor-search"]


def test_a_row_is_added_with_a_word_of_a_vocabulary(page: Page) -> None:
    with new_row(page, "新厂"):
        go(page, "qj-edit-category")
        press(page, "ArrowDown")
        chosen = page.locator("#qj-edit-category").input_value()
        assert chosen
    assert [(one["op"], one["new"]) for one in changes(page)] == [("add", {"name": "新厂", "category": chosen})]


def test_a_reference_is_filled_by_search(page: Page) -> None:
    with new_row(page, "新厂"):
        go(page, "qj-edit-place")
        page.keyboard.type("湾")
        options = page.locator("#qj-edit-place-list [role=option]")
        expect(options.first).to_contain_text("海口湾区")
        press(page, "ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        assert page.locator("#qj-edit-place").get_attribute("aria-activedescendant") == options.first.get_attribute(
            "id"
        )
        press(page, "Enter")
        expect(page.locator("#qj-edit-place")).to_have_value("harbour")
        expect(options).to_have_count(0)
        expect(page.locator(".qj-editor-field:has(#qj-edit-place) .qj-editor-meant")).to_have_text("海口湾区")
    assert changes(page)[0]["new"]["place"] == "harbour"


def test_several_references_are_filled_and_one_is_taken_out(page: Page) -> None:
    go(page, "qj-editor-table")
    press(page, "Home", "ArrowDown", "ArrowDown")
    expect(page.locator("#qj-editor-table")).to_have_value("partnerships")
    with new_row(page, "新协议"):
        go(page, "qj-edit-parties")
        for word, party in (("山城市", "hill"), ("海湾齿轮", "works"), ("Lakeside", "lake")):
            page.keyboard.type(word)
            expect(page.locator(f"#qj-edit-parties-list [data-id={party}]")).to_be_visible()
            press(page, "ArrowDown", "Enter")
            assert focused(page) == ["qj-edit-parties"]
        press(page, "Shift+Tab", "Enter")
        assert focused(page) == ["qj-edit-parties"]
    assert changes(page)[0]["new"]["parties"] == "hill|works"


def test_the_list_of_rows_is_left_without_leaving_the_form(page: Page) -> None:
    go(page, "add")
    press(page, "Enter")
    go(page, "qj-edit-place")
    page.keyboard.type("湾")
    expect(page.locator("#qj-edit-place-list")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#qj-edit-place-list")).to_be_hidden()
    assert focused(page) == ["qj-edit-place"]
    press(page, "Escape")
    expect(page.locator("#qj-editor .qj-editor-form")).to_be_hidden()
    expect(page.locator("#qj-editor-search")).to_be_focused()
    assert changes(page) == []


def test_a_fault_is_seen_beside_its_cell_and_mended(page: Page) -> None:
    opened_row(page, "depot")
    go(page, "qj-edit-lon")
    press(page, "Control+A")
    page.keyboard.type("abc")
    press(page, "Enter")
    told = page.locator("#qj-edit-lon-told .qj-fault")
    expect(told).to_contain_text("abc")
    expect(page.locator("#qj-edit-lon")).to_be_focused()
    expect(page.locator("#qj-edit-lon")).to_have_attribute("aria-describedby", "qj-edit-lon-told")
    expect(page.locator("#qj-edit-lon")).to_have_css("border-top-width", "2px")
    press(page, "Control+A")
    page.keyboard.type("101.02")
    press(page, "Enter")
    expect(page.locator("#qj-editor-search")).to_be_focused()
    assert [one["new"] for one in changes(page)] == [{"lon": "101.02"}]


def test_a_step_is_undone_and_redone(page: Page) -> None:
    with new_row(page, "新厂"):
        pass
    go(page, "undo", "Shift+Tab")
    press(page, "Enter")
    assert changes(page) == []
    assert focused(page) == ["redo"]
    press(page, "Enter")
    assert len(changes(page)) == 1
    assert focused(page) == ["undo"]
    press(page, "Control+z")
    assert changes(page) == []
    press(page, "Control+y")
    assert len(changes(page)) == 1


def test_a_row_is_deleted(page: Page) -> None:
    opened_row(page, "by-address")
    go(page, "delete", "Shift+Tab")
    press(page, "Enter")
    expect(page.locator("#qj-editor-search")).to_be_focused()
    assert [(one["op"], one["id"]) for one in changes(page)] == [("delete", "by-address")]


def test_cells_of_the_grid_are_typed_filled_copied_and_pasted(page: Page) -> None:
    grid(page)
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    page.keyboard.type("别名")
    press(page, "Enter", "ArrowUp", "Shift+ArrowDown", "Control+d")
    assert [one["new"]["aliases"] for one in changes(page)] == ["别名", "别名"]
    press(
        page,
        "Control+Home",
        "ArrowRight",
        "ArrowRight",
        "ArrowRight",
        "Control+c",
        "ArrowDown",
        "ArrowDown",
        "Control+v",
    )
    assert active(page) == "别名"
    assert len(changes(page)) == 3
    press(page, "Escape")
    assert focused(page) == ["grid"]


def test_the_changes_are_saved_as_a_file_that_is_applied(page: Page, tmp_path: Path) -> None:
    with new_row(page, "新厂"):
        go(page, "qj-edit-place")
        page.keyboard.type("harbour")
    go(page, "save-changes")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert focused(page) == ["save-changes"]
    file = Path(waiting.value.path())
    assert [one["op"] for one in json.loads(file.read_text(encoding="utf-8"))["changes"]] == ["add"]
    report = apply_changes(load_project(make_region(tmp_path / "region")), file)
    assert [(one.op, one.name) for one in report.applied] == [("add", "新厂")]
    press(page, "Escape")
    expect(page.locator("#qj-editor-button")).to_be_focused()


def test_every_way_to_save_is_reached(page: Page) -> None:
    with new_row(page, "新厂"):
        pass
    for name in ("qj-editor-files", "save-changes", "save-page", "save-workbook"):
        go(page, name)
