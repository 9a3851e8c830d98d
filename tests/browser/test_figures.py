"""The view of the figures: the numbers of the report as charts and tables that sort, are saved and printed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

import qjmap
from qjmap.schema import TABLES
from tests.browser.conftest import PHONE, Opened
from tests.region import make_region, write_table

Open = Callable[..., Opened]


def show(opened: Opened) -> Page:
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-list-button").click()
    page.locator("#qj-figures-button").click()
    expect(page.locator("#qj-figures")).to_be_visible()
    return page


def cells(page: Page, group: int) -> list[list[str]]:
    rows = page.locator(".qj-figures-table").nth(group).locator("tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def test_partners_are_those_of_the_report(open_file: Open, atlas_page: Path, repository: Path) -> None:
    told = json.loads(qjmap.open_project(repository).report().to_json())
    expected = [
        [row["partner_name"], str(row["links"]), str(row["within_links"]), str(row["joint_projects"])]
        for row in told["partners"]
        if row["id"] == "qijiang"
    ]
    page = show(open_file(atlas_page))
    assert [row[:4] for row in cells(page, 0)] == expected
    assert page.locator(".qj-chart").count() == 3
    total = sum(row["rows"] for row in told["status"] if row["table"] == "partnerships")
    for group in (1, 2):  # every partnership is of one year, or of none, and of one kind
        assert sum(int(row[1]) for row in cells(page, group)) == total


def test_a_head_sorts_its_column_and_keeps_the_focus(open_file: Open, region_page: Path) -> None:
    page = show(open_file(region_page))
    before = [row[0] for row in cells(page, 0)]
    head = page.locator(".qj-figures-table").first.locator("thead th").nth(3)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    joint = [int(row[3]) for row in cells(page, 0)]
    assert joint == sorted(joint, reverse=True)
    assert page.evaluate("document.activeElement.closest('th').cellIndex") == 3
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert sorted(row[0] for row in cells(page, 0)) == sorted(before)


def test_figures_follow_the_filter_and_the_language(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page, fragment="#f=status:signed")
    page = show(opened)
    assert "按当前筛选计" in page.locator("#qj-figures-body").inner_text()
    assert sum(int(row[1]) for row in cells(page, 2)) == 1
    page.keyboard.press("Escape")
    assert page.locator("#qj-figures").is_hidden()
    assert page.evaluate("document.activeElement.id") == "qj-figures-button"


def test_a_table_and_a_chart_are_saved(open_file: Open, region_page: Path) -> None:
    page = show(open_file(region_page))
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出 CSV：按伙伴").click()
    raw = Path(saved.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0][:3] == ["伙伴", "合作", "其中下级"]
    assert rows[1:] == cells(page, 0)
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出 CSV：谁与谁合作").click()
    matrix = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text(encoding="utf-8-sig"))))
    assert matrix == [list(column) for column in zip(*matrix, strict=True)]  # the same from both sides
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出 SVG：按种类").click()
    chart = ElementTree.fromstring(Path(saved.value.path()).read_text(encoding="utf-8"))
    texts = [node for node in chart.iter() if node.tag.endswith("}text")]
    assert len(texts) == 4 + 2 * len(cells(page, 2))  # title, key of two and unit over it
    assert all(text.get("fill", "").startswith("rgb") for text in texts)  # it needs no style of the page


def test_on_paper_it_stands_by_itself(open_file: Open, region_page: Path) -> None:
    page = show(open_file(region_page))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#qj-figures").is_visible()
    assert page.locator("#qj-main").is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#qj-stage > #qj-figures").count() == 1


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE, {"width": 320, "height": 640}])
def test_nothing_is_wider_than_the_window(open_file: Open, atlas_page: Path, viewport: dict[str, int]) -> None:
    page = show(open_file(atlas_page, viewport=viewport))
    assert page.locator("#qj-figures").evaluate("node => node.scrollWidth <= node.clientWidth + 1")


def test_a_page_without_partnerships_has_no_figures(open_file: Open, tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    for table in ("partnerships", "indicators"):  # the indicators are of partnerships
        write_table(region / "data" / f"{table}.csv", TABLES[table].names, [])
    opened = open_file(qjmap.open_project(region).build().page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-list-button").click()
    assert page.locator("#qj-matrix-button").is_hidden()
    assert page.locator("#qj-figures").count() == 0
