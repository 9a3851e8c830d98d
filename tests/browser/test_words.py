"""Words that no vocabulary has, and words of the project, in the page: panel, list, search, legend, filter, dropped tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qjmap.pipeline.build import build
from qjmap.project import load_project
from tests.browser.conftest import Opened, dropped
from tests.browser.test_filter import left, unfold
from tests.region import HOSTILE
from tests.word_tables import make_word_region

Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def word_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(load_project(make_word_region(tmp_path_factory.mktemp("words") / "region"))).page


def opened(open_file: Open, path: Path, row: str = "") -> Page:
    page = open_file(path, fragment=f"#id={row}" if row else "")
    page.wait_ready()
    return page.page


@pytest.mark.parametrize(
    ("row", "kind", "status"),
    [
        ("pad", "无人机起降点", "停摆"),
        ("middle", "学校（科教文化服务;学校;中学）", ""),
        ("dock", "干船坞", "缓建"),
        ("plain", "企业", "运营"),
        ("talks", "非正式磋商", "搁置"),
        ("twins", "友好交往", "缓建"),
    ],
)
def test_the_panel_shows_the_word(open_file: Open, word_page: Path, row: str, kind: str, status: str) -> None:
    page = opened(open_file, word_page, row)
    expect(page.locator("#qj-panel .qj-badge").first).to_have_text(kind)
    if status:
        expect(page.locator("#qj-panel .qj-status").first).to_contain_text(status)


def test_an_unknown_status_is_marked_like_none_and_one_of_the_project_like_its_kin(
    open_file: Open, word_page: Path
) -> None:
    for row, look in (("pad", "other"), ("dock", "planned")):
        page = opened(open_file, word_page, row)
        expect(page.locator("#qj-panel .qj-status").first).to_have_attribute("data-status", look)


def test_list_and_search_have_the_words(open_file: Open, word_page: Path) -> None:
    page = opened(open_file, word_page)
    page.get_by_role("combobox").first.fill("wurenji")
    expect(page.locator("[role=option]")).to_contain_text(["甲起降点"])
    page.keyboard.press("Escape")
    page.locator("#qj-list-button").click()
    page.locator("#qj-tab-sites").click()
    expect(page.locator("#qj-list-scroll tbody")).to_contain_text("无人机起降点")
    expect(page.locator("#qj-list-scroll tbody")).to_contain_text("停摆")


def test_legend_and_filter_count_unknown_words_as_other_and_name_those_of_the_project(
    open_file: Open, word_page: Path
) -> None:
    page = opened(open_file, word_page)
    legend = page.locator('[data-group="category"]')
    expect(legend).to_contain_text("干船坞")
    expect(legend).to_contain_text("其他")
    unfold(page, "category", "status")
    assert left(page, "category", "other") == len(HOSTILE) + 1  # those of the region itself, and the pad
    assert left(page, "category", "dry-dock") == 1
    assert left(page, "status", "suspended") == 2
    page.get_by_role("button", name="English").click()
    expect(legend).to_contain_text("Dry dock")


def test_a_figure_of_an_unknown_kind_is_shown_with_its_word_and_unit(open_file: Open, word_page: Path) -> None:
    page = opened(open_file, word_page, "park")
    expect(page.locator("#qj-panel")).to_contain_text("批复数")
    expect(page.locator("#qj-panel")).to_contain_text("500亩")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#qj-panel")).to_contain_text("500\u00a0mu")


def test_a_dropped_table_is_read_with_the_words_of_the_project(open_file: Open, word_page: Path) -> None:
    page = opened(open_file, word_page)
    page.locator("#qj-drop-button").click()
    dropped(page, "new.csv", "名称,类别,状态,来源\n戊,船坞,缓建,survey\n己,温室,在建,survey\n".encode())
    faults = page.locator("#qj-drop .qj-fault")
    expect(faults).to_have_count(1)
    expect(faults).to_contain_text("温室")
    expect(faults).to_contain_text("[categories]")
