"""A page that holds only some of the sites: totals by district first, from all rows, and the sites that it holds when near."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from benchmarks.invented_enterprises import make
from qjmap.pipeline.build import build
from qjmap.project import load_project
from tests.browser.conftest import DESKTOP, PHONE, Opened
from tests.browser.test_axe import AXE, RUN
from tests.browser.waiting import wait_for, wait_until_still
from tests.partitioned.cutting import cut_up

ROWS, KEPT = 900, 60
_TAB = "#qj-list [role=tab][data-table=districts]"
_ROW = "#qj-list tbody tr[data-index]"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented register in three parts, of whose sites the page holds some."""
    folder = tmp_path_factory.mktemp("districts")
    project = cut_up(make(ROWS, folder / "one", seed=5), folder / "cut", [300, 600])
    return build(load_project(project), rows=KEPT).page


@pytest.fixture
def opened(open_file: Callable[..., Opened], page_file: Path) -> Opened:
    one = open_file(page_file)
    one.wait_ready()
    return one


def shown(page: Page) -> list[str]:
    return json.loads(page.evaluate("JSON.stringify(window.qjmap.visible().sites)"))  # type: ignore[no-any-return]


def listed(page: Page) -> dict[str, int]:
    """The totals as the list has them, by district."""
    if not page.locator("#qj-list").is_visible():
        page.locator("#qj-list-button").click()
    page.locator(_TAB).click()
    page.locator("#qj-list table[data-table=districts] tbody th").first.wait_for()
    found: dict[str, int] = {}
    count = int(page.locator(f"{_TAB} .qj-count").inner_text())
    for _ in range(count):
        for cells in page.locator(_ROW).evaluate_all(
            "rows => rows.map(row => [...row.children].map(cell => cell.innerText))"
        ):
            found[cells[0]] = int(cells[1].replace(",", ""))
        if len(found) == count:
            break
        page.locator("#qj-list-scroll").evaluate(
            "box => { box.scrollTop += 300; }"
        )  # only rows in sight are in the document
        wait_until_still(page)
    page.locator("#qj-list-scroll").evaluate("box => { box.scrollTop = 0; }")
    wait_until_still(page)  # the rows in sight are drawn again
    return found


def test_totals_are_of_all_rows_and_the_page_says_how_many_it_holds(opened: Opened) -> None:
    counts = opened.page.evaluate("window.qjmap.counts()")
    assert KEPT <= counts["sites"] < ROWS
    assert f"{counts['sites']} / {ROWS}" in opened.page.locator("#qj-footer").inner_text()
    totals = listed(opened.page)
    assert sum(totals.values()) == ROWS
    assert list(totals.values()) == sorted(totals.values(), reverse=True)


def test_sites_are_drawn_when_near_and_totals_when_far(opened: Opened) -> None:
    assert shown(opened.page) == []
    opened.page.locator("#qj-list-button").click()
    opened.page.locator("#qj-list [role=tab][data-table=sites]").click()
    opened.page.locator("#qj-list table[data-table=sites] tbody th").first.click()
    opened.page.locator("#qj-panel").wait_for()
    assert wait_for(opened.page, lambda: shown(opened.page)) != []


def test_a_disc_tells_its_district_and_total(opened: Opened) -> None:
    name, total = next(iter(listed(opened.page).items()))
    opened.page.locator(_ROW).first.locator("th").click()
    panel = opened.page.locator("#qj-panel")
    panel.wait_for()
    assert name in panel.inner_text()
    assert re.search(rf"点位\s+{total}\b", panel.inner_text())


def test_discs_are_switched_off_with_the_sites(opened: Opened) -> None:
    off = opened.page.locator("[data-group=total] .qj-off")
    box = opened.page.locator("input[data-group=sites]")
    assert off.is_hidden()
    box.uncheck()
    assert off.is_visible()
    box.check()
    assert off.is_hidden()


def test_on_a_phone_every_total_is_in_sight(open_file: Callable[..., Opened], page_file: Path) -> None:
    one = open_file(page_file, viewport=PHONE)
    one.wait_ready()
    listed(one.page)
    right = one.page.locator(_ROW).first.locator("td").last.bounding_box()
    assert right is not None
    assert right["x"] + right["width"] <= PHONE["width"]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_reports_nothing(
    open_file: Callable[..., Opened], page_file: Path, scheme: str, viewport: dict[str, int]
) -> None:
    one = open_file(page_file, viewport=viewport, color_scheme=scheme)
    one.wait_ready()
    one.page.evaluate(AXE.read_text(encoding="utf-8"))
    objections = one.page.evaluate(RUN)
    listed(one.page)
    objections += one.page.evaluate(RUN)
    one.page.locator(_ROW).first.locator("th").click()
    one.page.locator("#qj-panel").wait_for()
    objections += one.page.evaluate(RUN)
    assert objections == []
