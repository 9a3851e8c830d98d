"""The grid of the editor: a table as in a spreadsheet, by keyboard; pasted rows with faults are mended in place."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qjmap.pipeline.build import build
from qjmap.project import load_project
from tests.browser.conftest import PHONE, Opened
from tests.browser.test_editor import act, changes, opened_editor
from tests.region import make_region

Open = Callable[..., Opened]

_PASTE = """text => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
_COPIED = """kind => {
    const clipboardData = new DataTransfer();
    document.activeElement.dispatchEvent(new ClipboardEvent(kind, { clipboardData, bubbles: true, cancelable: true }));
    return clipboardData.getData("text/plain");
}"""


_SCROLL = """async by => {
    document.getElementById("qj-grid").scrollTop += by;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
}"""


_MARK = """() => {
    for (const row of document.querySelectorAll("#qj-grid tr[data-index]")) row.marked = row.dataset.index;
}"""
_MARKED = """() => Array.from(document.querySelectorAll("#qj-grid tr[data-index]"))
    .filter(row => row.marked === row.dataset.index).map(row => Number(row.dataset.index))"""
_SHOWN = """() => Array.from(document.querySelectorAll("#qj-grid tr[data-index]"), row => Number(row.dataset.index))"""


def paste(page: Page, rows: Sequence[Sequence[str]]) -> None:
    """Paste cells as Excel puts them on the clipboard."""
    quoted = [
        [f'"{cell.replace(chr(34), 2 * chr(34))}"' if set(cell) & set('\t\n"') else cell for cell in row]
        for row in rows
    ]
    page.evaluate(_PASTE, "\r\n".join("\t".join(row) for row in quoted) + "\r\n")


def opened_grid(opened: Opened, table: str = "sites") -> Page:
    page = opened_editor(opened)
    if table != "sites":
        page.locator("#qj-editor-table").select_option(table)
    act(page, "grid")
    expect(page.locator("#qj-grid input, #qj-grid textarea")).to_be_focused()
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def active(page: Page) -> str:
    return str(page.evaluate("document.activeElement.value"))


def faults(page: Page, count: int) -> None:
    expect(page.locator("#qj-grid-count")).to_have_attribute("data-faults", str(count))


def test_cells_are_typed_edited_filled_and_cleared_by_keyboard(open_file: Open, region_page: Path) -> None:
    page = opened_grid(open_file(region_page))
    press(page, "ArrowRight")
    former = active(page)
    page.keyboard.type("甲厂")
    press(page, "Enter", "ArrowUp")
    assert active(page) == "甲厂"
    press(page, "F2")
    page.keyboard.type("乙")
    press(page, "Tab", "Shift+Tab")
    assert active(page) == "甲厂乙"
    press(page, "F2")
    page.keyboard.type("丢")
    press(page, "Escape")
    assert active(page) == "甲厂乙"
    press(page, "Tab", "Tab")  # aliases
    page.keyboard.type("别名")
    press(page, "Enter", "ArrowUp", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    assert [one["new"].get("aliases") for one in changes(page)[-2:]] == ["别名", "别名"]
    press(page, "Delete")
    assert [one["new"].get("aliases") for one in changes(page)[-3:]] == ["", "", ""]
    press(page, *["Control+z"] * 3)
    assert len(changes(page)) == 2
    press(page, "Control+y", "Control+z", "Control+z", "Control+z", "Control+Home", "ArrowRight")
    assert changes(page) == []
    assert active(page) == former


def test_a_block_is_copied_cut_and_pasted(open_file: Open, region_page: Path) -> None:
    page = opened_grid(open_file(region_page))
    press(page, "ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown")
    copied = page.evaluate(_COPIED, "copy")
    assert len(copied.split("\r\n")) == 2 and all("\t" in line for line in copied.split("\r\n"))
    assert page.evaluate(_COPIED, "cut") == copied
    assert {cell for one in changes(page) for cell in one["new"].values()} == {""}
    faults(page, 2)  # names are required
    page.evaluate(_PASTE, copied)
    faults(page, 0)
    press(page, "Control+z", "Control+z")
    assert changes(page) == []


def test_words_of_a_vocabulary_are_typed_in_either_language(open_file: Open, region_page: Path) -> None:
    page = opened_grid(open_file(region_page))
    press(page, *["ArrowRight"] * 4)
    for word in ("物流园区", "Logistics park", "logistics-park"):
        page.keyboard.type(word)
        press(page, "Enter", "ArrowUp")
        assert changes(page)[-1]["new"] == {"category": "logistics-park"}
        press(page, "Control+z")


def test_two_hundred_rows_with_five_faults_are_pasted_and_mended(
    open_file: Open, region_page: Path, tmp_path: Path
) -> None:
    page = opened_grid(open_file(region_page))
    header = ["名称", "类别", "所在地", "经度", "纬度", "坐标系", "说明"]
    rows = [
        [
            f"第{k}厂",
            "企业",
            "湖畔市",
            f"{101 + k / 1000:.3f}",
            "29.2",
            "WGS-84",
            'a "quoted"\ttext' if k % 50 == 0 else "",
        ]
        for k in range(200)
    ]
    for k, (column, cell) in enumerate([(3, "abc"), (4, "290.3"), (0, ""), (3, ""), (5, "月球")]):
        rows[20 * k + 7][column] = cell
    press(page, "Control+ArrowDown", "ArrowDown")
    paste(page, [header, *rows])
    faults(page, 5)
    assert len(changes(page)) == 200
    mended = {"lon": "101.5", "lat": "29.3", "name": "补名厂", "datum": "wgs84"}
    for left in range(4, -1, -1):
        page.locator("#qj-editor [data-act=fault]").first.focus()
        press(page, "Enter")
        expect(page.locator("#qj-grid-fault")).to_be_visible()
        assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
        column = page.evaluate("document.activeElement.closest('td').dataset.column")
        name = page.locator("#qj-grid thead th").nth(int(column)).get_attribute("title") or ""
        page.keyboard.type(mended[name])
        press(page, "Enter")
        faults(page, left)
    added = {one["new"].get("name", ""): one["new"] for one in changes(page) if one["op"] == "add"}
    assert len(added) == 200
    assert added["第0厂"]["description"] == 'a "quoted"\ttext'
    assert added["第0厂"]["category"] == "enterprise"
    press(page, *["Control+z"] * 6)
    assert changes(page) == []


def test_refused_rows_are_left_out_of_files_until_they_are_mended(open_file: Open, region_page: Path) -> None:
    page = opened_grid(open_file(region_page, alone=True, accept_downloads=True))
    press(page, "Control+ArrowDown", "ArrowDown")
    paste(page, [["名称", "经度", "纬度"], ["好厂", "101", "29.2"], ["坏厂", "abc", "29.2"]])
    faults(page, 1)
    for expected in (["好厂"], ["好厂", "坏厂"]):
        with page.expect_download() as waiting:
            act(page, "save-changes")
        saved = Path(waiting.value.path()).read_text("utf-8")
        assert [name for name in ("好厂", "坏厂") if name in saved] == expected
        if len(expected) == 1:
            expect(page.locator("#qj-editor .qj-editor-told").first).to_contain_text("1")
            act(page, "fault")
            page.keyboard.type("101.2")
            press(page, "Enter")
            faults(page, 0)


@pytest.mark.parametrize("table", ["places", "partnerships", "corridors", "corridor_legs", "indicators", "sources"])
def test_every_table_has_its_grid(open_file: Open, region_page: Path, table: str) -> None:
    page = opened_grid(open_file(region_page, viewport=PHONE), table)
    grid = page.locator("#qj-grid [role=grid]")
    assert int(grid.get_attribute("aria-rowcount") or 0) == page.locator("#qj-grid tbody tr[data-index]").count() + 1
    press(page, "Control+End")
    expect(page.locator("#qj-grid input, #qj-grid textarea")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_saved_page_carries_rows_with_faults_too_and_says_of_none_that_it_was_left_out(
    open_file: Open, region_page: Path, tmp_path: Path
) -> None:
    page = opened_grid(open_file(region_page, alone=True, accept_downloads=True))
    press(page, "Control+ArrowDown", "ArrowDown")
    paste(page, [["名称", "经度", "纬度"], ["好厂", "101", "29.2"], ["坏厂", "abc", "29.2"]])
    faults(page, 1)
    copy = tmp_path / "copy.html"
    with page.expect_download() as waiting:
        act(page, "save-page")
    copy.write_bytes(Path(waiting.value.path()).read_bytes())
    assert page.locator("#qj-editor .qj-editor-told").first.inner_text() == ""
    again = opened_grid(open_file(copy, alone=True))
    assert {"好厂", "坏厂"} <= {str(change.get("new", {}).get("name")) for change in changes(again)}
    faults(again, 1)


def test_the_focus_can_leave_the_grid(open_file: Open, region_page: Path) -> None:
    page = opened_grid(open_file(region_page))
    press(page, "Escape")
    expect(page.locator("#qj-editor [data-act=grid]")).to_be_focused()
    act(page, "grid")
    act(page, "grid")
    press(page, "Shift+Tab")
    assert not page.evaluate("document.getElementById('qj-grid').contains(document.activeElement)")


def test_of_ten_thousand_rows_only_those_in_sight_are_in_the_document(open_file: Open, tmp_path: Path) -> None:
    root = make_region(tmp_path / "region")
    with (root / "data" / "sites.csv").open(encoding="utf-8-sig", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    with (root / "data" / "sites.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        blank = dict.fromkeys(rows[0], "")
        writer.writerows(
            {
                **blank,
                "id": f"s{k}",
                "name": f"第{k}号厂",
                "category": "enterprise",
                "place": "lake",
                "description": f"说明{k}" * 5,
            }
            for k in range(10_000)
        )
    page = opened_grid(open_file(build(load_project(root)).page))
    grid = page.locator("#qj-grid [role=grid]")
    assert int(grid.get_attribute("aria-rowcount") or 0) > 10_000
    page.evaluate(_MARK)
    before = page.evaluate(_MARKED)
    page.evaluate(_SCROLL, 1000)  # rows that stay in sight are kept, others come in their places
    shown = page.evaluate(_SHOWN)
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert shown[-1] > before[-1]
    assert page.evaluate(_MARKED) == [index for index in before if index in shown]
    for step in range(60):  # only rows in sight are in the document, however far it has been scrolled
        page.evaluate(_SCROLL, 40_000 if step % 20 == 19 else 320)
        assert 0 < page.locator("#qj-grid tbody tr").count() < 100
    press(
        page, "Control+ArrowDown", "ArrowUp", "ArrowRight"
    )  # the name of the last row; the id of a row stays as it is
    page.keyboard.type("1")
    press(page, "Enter")
    expect(page.locator("#qj-editor-kept")).to_have_attribute("data-count", "1", timeout=60_000)
    shutil.rmtree(root)


def test_an_edit_draws_its_own_row_again_and_no_other(open_file: Open, region_page: Path) -> None:
    page = opened_grid(open_file(region_page))
    press(page, "ArrowRight", "ArrowDown")
    former = active(page)
    page.evaluate(_MARK)
    every = page.evaluate(_MARKED)
    page.keyboard.type("乙厂")
    press(page, "Enter", "ArrowUp")
    row = page.locator("#qj-grid tbody tr[data-index='1']")
    expect(row).to_have_attribute("data-op", "change")
    expect(page.locator("#qj-editor-kept")).to_have_attribute("data-count", "1")
    assert page.evaluate(_MARKED) == [index for index in every if index != 1]
    press(page, "Control+z")
    expect(row).not_to_have_attribute("data-op", "change")
    assert active(page) == former
    press(page, "ArrowDown")
    expect(row.locator("[data-column='1']")).to_have_text(former)
    assert page.evaluate(_MARKED) == [index for index in every if index != 1]
