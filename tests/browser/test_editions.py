"""What a page says of changes since the edition before, and its look within another page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qjmap.pipeline.build import build
from qjmap.project import load_project
from tests.browser.conftest import DESKTOP, PHONE, Opened
from tests.region import make_region

Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def changed_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The region after a partnership has begun to operate and a site was withdrawn."""
    folder = tmp_path_factory.mktemp("editions")
    old, new = make_region(folder / "old"), make_region(folder / "new")
    for name, before, after in (
        ("partnerships", ",signed,", ",operating,"),
        ("sites", "by-address,", "moved-in,"),
    ):
        path = new / "data" / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    return build(load_project(new), since=str(old)).page


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_changes_stand_in_the_opening_card_and_show_their_rows(
    open_file: Open, changed_page: Path, viewport: dict[str, int]
) -> None:
    opened = open_file(changed_page, greeted=False, alone=True, viewport=viewport)
    opened.wait_ready()
    page, changes = opened.page, opened.page.locator(".qj-changes")
    expect(changes.locator("summary")).to_have_text("本版变化（3）")
    expect(changes.locator("li").first).to_be_hidden()
    changes.locator("summary").click()
    sentences = changes.locator("li").all_inner_texts()
    assert sentences[-1] == "“湾区—山城协议”（pact）的状态由“已签约”变为“运营中”。"
    assert [text for text in sentences if "撤下" in text] == ["撤下“只有地址的厂”（by-address）。"]
    expect(changes.locator("li", has_text="撤下").locator("button")).to_have_count(0)
    changes.get_by_role("button", name="湾区—山城协议").click()
    expect(page.locator("#qj-panel")).to_be_visible()
    assert "id=pact" in page.url


def test_changes_speak_both_languages(open_file: Open, changed_page: Path) -> None:
    opened = open_file(changed_page, fragment="#lang=en")
    opened.wait_ready()
    opened.page.locator("#qj-story-button").click()
    expect(opened.page.locator(".qj-changes summary")).to_have_text("Changes of this edition (3)")


def test_a_page_without_an_edition_before_says_nothing(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    opened.page.locator("#qj-story-button").click()
    expect(opened.page.locator(".qj-changes")).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_page_within_another_keeps_map_notes_and_attribution(
    open_file: Open, region_page: Path, viewport: dict[str, int]
) -> None:
    opened = open_file(region_page, fragment="?embed", greeted=False, alone=True, viewport=viewport)
    opened.wait_ready()
    page = opened.page
    for gone in ("#qj-header", "#qj-tools", "#qj-layers", "#qj-story", "#qj-legend-body"):
        expect(page.locator(gone)).to_be_hidden()
    for kept in ("#qj-review", "#qj-attribution", "#qj-zoom", "#qj-legend-button"):
        expect(page.locator(kept)).to_be_visible()
    assert page.evaluate("qjmap.select('pact')") is not False
    expect(page.locator("#qj-panel")).to_be_visible()


def test_as_a_picture_a_page_has_no_controls(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page, fragment="?embed=picture")
    opened.wait_ready()
    for gone in ("#qj-header", "#qj-side", "#qj-legend", "#qj-far"):
        expect(opened.page.locator(gone)).to_be_hidden()
    expect(opened.page.locator("#qj-review")).to_be_visible()
    expect(opened.page.locator("#qj-attribution")).to_be_visible()
