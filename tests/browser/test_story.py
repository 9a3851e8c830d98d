"""The opening card, its chapters, the card at the pointer and the link, as a reader meets them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Opened
from tests.browser.waiting import wait_for

Open = Callable[..., Opened]


def opened_at(open_file: Open, path: Path, fragment: str = "", **options: object) -> Page:
    opened = open_file(path, fragment=fragment, **options)
    opened.wait_ready()
    return opened.page


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_opens_with_its_numbers_and_is_closed_for_good(
    open_file: Open, atlas_page: Path, viewport: dict[str, int]
) -> None:
    page = opened_at(open_file, atlas_page, greeted=False, alone=True, viewport=viewport)
    card = page.locator("#qj-story")
    expect(card).to_be_visible()
    counts = page.evaluate("qjmap.counts()")
    numbers = [int(one) for one in card.locator("dd").all_inner_texts()]
    assert [numbers[0], numbers[3]] == [counts["partnerships"], counts["sites"]]
    assert "綦江区" in card.inner_text() and "2021年4月" in card.inner_text()
    page.get_by_role("button", name="关闭导览").click()
    expect(card).to_be_hidden()
    page.reload()
    page.wait_for_selector("html[data-qjmap=ready]", state="attached")
    expect(card).to_be_hidden()
    page.get_by_role("button", name="导览").click()
    expect(card).to_be_visible()


def test_chapters_are_views_with_a_link_each(open_file: Open, atlas_page: Path) -> None:
    page = opened_at(open_file, atlas_page)
    page.get_by_role("button", name="导览").click()
    card, title = page.locator("#qj-story"), page.locator("#qj-story-title")
    chapters = card.locator("ol a").all_inner_texts()
    assert chapters == ["自贡方向", "成渝", "渝黔", "中新", "西部陆海新通道", "区内园区"]
    card.get_by_role("button", name="开始导览").click()
    assert title.inner_text() == chapters[0]
    assert "c=zigong" in page.url
    assert len(wait_for(page, lambda: page.evaluate("qjmap.visible().partnerships"), lambda ids: len(ids) == 10)) == 10
    page.keyboard.press("ArrowRight")
    assert title.inner_text() == chapters[1]
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowLeft")
    assert title.inner_text() == chapters[1]
    page.go_back()
    expect(title).to_have_text(chapters[2])
    card.get_by_role("button", name="关闭导览").click()
    expect(card).to_be_hidden()
    assert len(page.evaluate("qjmap.visible().partnerships")) > 10
    assert "c=" not in page.url and "f=" not in page.url


def test_a_link_opens_chapter_view_layers_and_language(open_file: Open, atlas_page: Path) -> None:
    page = opened_at(open_file, atlas_page, "#c=land-sea&lang=en")
    expect(page.locator("#qj-story-title")).to_have_text("Western Land-Sea Corridor")
    assert page.evaluate("qjmap.visible().partnerships") == []
    page = opened_at(open_file, atlas_page, "#map=9/29.35/104.78&layers=places")
    visible = page.evaluate("qjmap.visible()")
    assert "zigong" in visible["places"] and "guiyang" not in visible["places"]
    assert visible["sites"] == visible["partnerships"] == []
    page.locator(".leaflet-control-zoom-in").click()
    wait_for(page, lambda: page.url, lambda url: "map=9.5" in url)
    assert "map=9.5" in page.url
    page.get_by_role("button", name="回到全图").click()
    wait_for(page, lambda: page.evaluate("qjmap.visible().places"), lambda ids: "guiyang" in ids)
    assert "guiyang" in page.evaluate("qjmap.visible().places")


POINTED = """(id) => {
  const box = document.querySelector('.leaflet-container').getBoundingClientRect();
  return [box.left, box.top, box.width, box.height];
}"""


def test_the_map_answers_the_pointer(open_file: Open, atlas_page: Path) -> None:
    page = opened_at(open_file, atlas_page, "#map=9/29.3392/104.7734")
    left, top, width, height = page.evaluate(POINTED)
    x, y = left + width / 2, top + height / 2
    page.mouse.move(x - 4, y)
    page.mouse.move(x, y)
    card = page.locator("#qj-point")
    expect(card).to_contain_text("自贡市")
    expect(card).to_contain_text("10 项合作 · 其中共建 5 项")
    page.mouse.click(x, y)
    expect(page.locator("#qj-panel-title")).to_have_text("自贡市")  # the city, before its zone
    expect(page.locator(".qj-also")).to_have_text("也在此处：自贡高新区")
    expect(card).to_be_hidden()


def test_legend_lines_isolate_and_bring_back(open_file: Open, atlas_page: Path) -> None:
    page = opened_at(open_file, atlas_page)
    line = page.locator("#qj-legend").get_by_role("button", name="工业园区")
    line.click()
    assert line.get_attribute("aria-pressed") == "true"
    assert "f=category%3Aindustrial-park" in page.url
    line.click()
    assert line.get_attribute("aria-pressed") == "false"
    assert "f=" not in page.url
