"""What a reader sees of the page: nothing is cut off, overlaps or stands in an order that only ids explain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Opened
from tests.browser.waiting import wait_for, wait_until_still

Open = Callable[..., Opened]

_MAP = "Object.values(window).find((one) => one instanceof L.Map)"
_SHEET_WIDTHS = {"a4-landscape": 1047, "a4-portrait": 718, "a3-landscape": 1512, "a3-portrait": 1047}
"""Px between the margins of a paper."""


@pytest.mark.parametrize("width", [719, 768, 800, 1024])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tool_is_inside_the_window_as_it_opens(
    open_file: Open, atlas_page: Path, width: int, language: str
) -> None:
    opened = open_file(atlas_page, viewport={"width": width, "height": 900}, fragment=f"#lang={language}")
    opened.wait_ready()
    beyond = "[...document.querySelectorAll('.qj-tool, #qj-zoom a')].filter((one) => one.getBoundingClientRect().right > innerWidth).length"
    assert opened.page.evaluate(beyond) == 0


def test_counts_stand_beside_the_names_of_layers(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, fragment="#lang=en")
    opened.wait_ready()
    opened.page.locator("#qj-time-button").click()
    expect(opened.page.locator("[data-group=partnerships] .qj-count")).to_have_text("64 of 66")
    crossing = """() => [...document.querySelectorAll("#qj-layers-body .qj-switch")].filter((row) => {
      const range = document.createRange();
      range.selectNodeContents(row.querySelector(".qj-switch-name"));
      const name = range.getBoundingClientRect(), count = row.querySelector(".qj-count").getBoundingClientRect();
      return name.left < count.right && name.right > count.left && name.top < count.bottom - 2 && name.bottom - 2 > count.top;
    }).length"""
    assert opened.page.evaluate(crossing) == 0


def test_a_list_begins_in_the_order_of_names(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-list-button").click()
    for table in ("places", "sites", "partnerships"):
        page.locator(f"#qj-tab-{table}").click()
        wait_until_still(page)
        names = page.locator("#qj-list-scroll tbody th").all_inner_texts()
        assert len(names) > 10
        page.locator("#qj-list-scroll thead button").first.click()
        wait_until_still(page)
        assert names == page.locator("#qj-list-scroll tbody th").all_inner_texts()


def test_the_close_button_of_the_list_is_in_its_first_row_on_a_phone(open_file: Open, atlas_page: Path) -> None:
    for language in ("zh", "en"):
        opened = open_file(atlas_page, viewport=PHONE, fragment=f"#lang={language}")
        opened.wait_ready()
        opened.page.locator("#qj-list-button").click()
        title, close = (opened.page.locator(name).bounding_box() for name in ("#qj-list-title", "#qj-list-close"))
        assert title and close
        assert close["y"] <= title["y"] <= close["y"] + close["height"]
        assert close["x"] + close["width"] > PHONE["width"] - 30


def test_lines_are_not_said_to_lie_at_one_spot(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    choose = f"(ids) => {_MAP}.fire('qjmap:choose', {{ layer: 'corridors', ids, total: ids.length }})"
    page.evaluate(choose, ["land-sea-corridor", "yuqian-cooperation"])
    expect(page.locator("#qj-panel")).to_contain_text("此处有 2 项")
    expect(page.locator("#qj-panel")).not_to_contain_text("同一处")
    page.evaluate(choose, ["qijiang-industrial-park", "iot-park"])
    expect(page.locator("#qj-panel")).to_contain_text("同一处")


@pytest.mark.parametrize("paper", list(_SHEET_WIDTHS))
def test_the_map_fills_its_frame_on_paper_and_is_not_distorted(open_file: Open, atlas_page: Path, paper: str) -> None:
    opened = open_file(atlas_page, viewport={"width": _SHEET_WIDTHS[paper], "height": 900})
    opened.wait_ready()
    page = opened.page
    page.evaluate("window.print = () => {}")
    page.locator("#qj-take-button").click()
    page.locator(f'#qj-take input[value="{paper}"]').check()
    page.locator('[data-act="print"]').click()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    short, sheets = page.evaluate(
        """() => {
          const box = (name) => document.querySelector(name).getBoundingClientRect(), map = box(".leaflet-container"), frame = box("#qj-main");
          const sheets = [...document.querySelectorAll("canvas[data-sheet]")].map(({ width, height, style }) =>
            [width / parseFloat(style.width), height / parseFloat(style.height)]);
          return [Math.max(map.left - frame.left, frame.right - map.right, map.top - frame.top, frame.bottom - map.bottom), sheets];
        }"""
    )
    assert short <= 2  # the frame's own line
    assert len(sheets) > 3
    assert all(abs(across - along) < 0.01 for across, along in sheets)


def test_a_phone_gives_the_map_the_room_of_the_closed_card(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, viewport=PHONE, greeted=False, alone=True)
    opened.wait_ready()
    page = opened.page
    height = "document.querySelector('#qj-main').getBoundingClientRect().height"
    home = f"{_MAP}.latLngToContainerPoint([29.0289, 106.6511]).y / {height}"
    assert page.evaluate(home) < 0.35
    page.locator(".qj-story-close").click()
    assert wait_for(page, lambda: page.evaluate(home), lambda share: share > 0.4) > 0.4


def test_nothing_lies_over_a_pair_that_is_chosen_on_a_phone(open_file: Open, atlas_page: Path) -> None:
    spots = {"gear-cutting-project": [29.34, 104.78], "qijiang-panzhihua-agreement": [26.586, 101.715]}
    for chosen, spot in spots.items():
        opened = open_file(atlas_page, viewport=PHONE, fragment=f"#id={chosen}")
        opened.wait_ready()
        wait_until_still(opened.page)
        covered = f"""(spots) => spots.filter((spot) => {{
          const map = {_MAP}, stage = map.getContainer(), frame = stage.getBoundingClientRect(), {{ x, y }} = map.latLngToContainerPoint(spot);
          return !stage.contains(document.elementFromPoint(frame.left + x, frame.top + y));
        }})"""
        assert opened.page.evaluate(covered, [[29.0231, 106.648], spot]) == [], chosen


def test_licences_are_english_in_english(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, fragment="#lang=en&id=zigong")
    opened.wait_ready()
    expect(opened.page.locator("#qj-panel")).to_contain_text("Rights stay with the authors")
    assert "版权" not in opened.page.locator("#qj-panel").inner_text()


def test_what_is_said_of_a_whole_is_not_said_of_each_part(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, fragment="#id=jingjiang-half-shaft")
    opened.wait_ready()
    panel = opened.page.locator("#qj-panel")
    expect(panel.locator(".qj-sums")).to_contain_text("金额未说明")
    assert "金额未说明" not in "".join(panel.locator(".qj-partner").all_inner_texts())
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    sources = opened.page.locator("#qj-print-sources").text_content() or ""
    assert "GeoNames" in sources
    assert "GeoNames · GeoNames" not in sources
