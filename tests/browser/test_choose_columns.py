"""The dialog before a dropped table is read: its first rows, and a list over each column to choose which of ours it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Opened, download, dropped
from tests.browser.test_axe import AXE, RUN

Open = Callable[..., Opened]
PLAIN = "名称,类别,经度,纬度,坐标系\n新厂,企业,100.5,30.5,gcj02\n"
UNCLEAR = "甲,乙,经度,纬度,产值\n" + "".join(f"甲{k},第{k}厂房,100.{k},30.5,{k}00\n" for k in range(1, 8))
NAMELESS = "甲,乙,经度,纬度,产值\n" + "".join(f"{k},A00{k},100.{k},30.5,{k}00\n" for k in range(1, 8))


def drop(opened: Opened, text: str, name: str = "名录.csv") -> Page:
    dropped(opened.page, name, text.encode())
    return opened.page


@pytest.fixture
def opened(open_file: Open, region_page: Path) -> Opened:
    opened = open_file(region_page)
    opened.wait_ready()
    return opened


def choices(page: Page) -> list[str]:
    return [str(one.evaluate("node => node.value")) for one in page.locator(".qj-columns select").all()]


def test_a_table_that_is_clear_is_read_at_once_and_can_be_checked(opened: Opened) -> None:
    page = drop(opened, PLAIN)
    expect(page.locator("#qj-drop-summary")).to_contain_text("可以加入 1 行")
    expect(page.locator("#qj-columns")).to_be_hidden()
    page.get_by_role("button", name="核对各列").click()
    expect(page.get_by_role("dialog", name="核对各列")).to_be_visible()
    assert choices(page) == ["name", "category", "lon", "lat", "datum"]
    page.locator("#qj-column-1").select_option("description")
    page.get_by_role("button", name="读取", exact=True).click()
    expect(page.locator("#qj-drop-summary")).to_contain_text("可以加入 1 行")
    row = json.loads(download(page, page.locator('[data-act="save_geojson"]')))["features"][0]["properties"]
    assert (row["name"], row["description"], "category" in row) == ("新厂", "企业", False)


def test_a_name_that_only_the_contents_tell_is_asked_for_first(opened: Opened) -> None:
    page = drop(opened, UNCLEAR)
    dialog = page.get_by_role("dialog", name="核对各列")
    columns = dialog.locator(".qj-columns > li")
    expect(columns).to_have_count(5)
    expect(columns.nth(0)).to_contain_text("按内容推测，请核对")
    expect(columns.nth(1).locator("ol li")).to_have_text([f"第{k}厂房" for k in range(1, 6)])
    assert choices(page) == ["name", "", "lon", "lat", ""]
    expect(page.locator("#qj-drop .qj-drafts")).to_have_count(0)
    page.get_by_label("乙", exact=True).select_option(label="名称")
    expect(page.get_by_label("乙", exact=True)).to_be_focused()
    page.get_by_label("产值").select_option(label="（不读入）")
    dialog.get_by_role("button", name="读取", exact=True).click()
    expect(page.locator("#qj-drop-summary")).to_contain_text("可以加入 7 行")
    row = json.loads(download(page, page.locator('[data-act="save_geojson"]')))["features"][0]["properties"]
    assert (row["name"], "产值" in row) == ("第1厂房", False)

    drop(opened, UNCLEAR.replace("第1厂房", "新一厂"), "名录二.csv")
    expect(page.locator("#qj-drop .qj-drafts")).to_contain_text("新一厂")
    expect(dialog, "the same headers mean the same").to_be_hidden()


def test_a_table_without_a_name_is_not_read_before_one_is_chosen(opened: Opened) -> None:
    page = drop(opened, NAMELESS)
    dialog = page.get_by_role("dialog", name="核对各列")
    expect(dialog).to_contain_text("还没有选定：名称")
    dialog.get_by_role("button", name="读取", exact=True).click()
    expect(dialog.get_by_text("还没有选定")).to_be_focused()
    page.get_by_label("乙", exact=True).select_option(label="名称")
    expect(dialog.get_by_text("还没有选定")).to_be_hidden()


def test_a_meaning_moves_to_the_column_that_gets_it(opened: Opened) -> None:
    page = drop(opened, UNCLEAR)
    page.locator("#qj-column-1").select_option("name")
    assert choices(page) == ["", "name", "lon", "lat", ""]
    expect(page.locator("#qj-said")).to_have_text("“甲”列改为自有列。")


def test_another_table_offers_other_columns(opened: Opened) -> None:
    page = drop(opened, UNCLEAR)
    page.locator("#qj-columns-table").select_option("partnerships")
    expect(page.locator("#qj-column-1 option[value=parties]")).to_have_count(1)
    expect(page.locator("#qj-columns-table")).to_be_focused()
    expect(page.locator("#qj-drop-table")).to_have_value("partnerships")


def test_the_datum_chosen_in_the_dialog_counts(opened: Opened) -> None:
    page = drop(opened, UNCLEAR)
    page.locator("#qj-columns-datum").select_option("gcj02")
    page.locator("#qj-column-1").select_option("name")
    page.get_by_role("button", name="读取", exact=True).click()
    page.locator("#qj-drop-summary").wait_for()
    feature = json.loads(download(page, page.locator('[data-act="save_geojson"]')))["features"][0]
    assert feature["properties"]["datum"] == "gcj02"
    assert 100.09 < feature["geometry"]["coordinates"][0] < 100.1


def test_escape_leaves_the_table_unread(opened: Opened) -> None:
    page = drop(opened, UNCLEAR)
    expect(page.locator("#qj-columns-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#qj-columns")).to_be_hidden()
    expect(page.locator("#qj-drop-title")).to_be_focused()
    expect(page.locator("#qj-drop-summary")).to_have_count(0)
    page.locator("#qj-search").focus()
    expect(page.locator("#qj-search")).to_be_focused()


def test_the_keyboard_alone_reaches_every_choice_and_nothing_beneath(opened: Opened) -> None:
    page = drop(opened, UNCLEAR)
    expect(page.locator("#qj-columns-title")).to_be_focused()
    reached = []
    for _ in range(10):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    chosen = [f"qj-column-{k}" for k in range(5)]
    assert reached == ["qj-columns-close", "qj-columns-table", "qj-columns-datum", *chosen, "读取", "取消"]


def test_cells_and_headers_are_no_markup(opened: Opened) -> None:
    page = drop(opened, "<img src=x onerror=window.ran=1>,b\n<b onclick=1>x</b>,<script>window.ran=1</script>\n")
    expect(page.locator(".qj-columns label").first).to_have_text("<img src=x onerror=window.ran=1>")
    assert page.locator(".qj-columns img, .qj-columns b").count() == 0
    assert page.evaluate("window.ran") is None


def test_a_large_table_is_previewed_within_a_blink(opened: Opened) -> None:
    """100,000 rows take no longer than few: only the begin of the file is read. The best of five runs counts, on a busy machine too."""
    took = opened.page.evaluate(
        """async () => {
            const rows = Array.from({ length: 100000 }, (_, k) => `甲${k},第${k}厂房,100.${k % 100},30.5,${k}`);
            const file = new File(["甲,乙,经度,纬度,产值\\n" + rows.join("\\n")], "大表.csv"), view = document.querySelector("#qj-columns");
            const transfer = new DataTransfer(), took = [];
            transfer.items.add(file);
            for (let run = 0; run < 5; run++) {
                const shown = new Promise((resolve) => new MutationObserver(() => view.hidden || resolve()).observe(view, { attributes: true }));
                const began = performance.now();
                document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
                await shown;
                took.push(performance.now() - began);
                document.querySelector("#qj-columns-close").click();
            }
            return Math.min(...took);
        }"""
    )
    assert took < 400


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_thirty_columns_fit_any_screen(
    open_file: Open, region_page: Path, viewport: dict[str, int], scheme: str
) -> None:
    """Nothing sticks out, a thumb hits every list, and axe has nothing to object to."""
    opened = open_file(region_page, viewport=viewport, color_scheme=scheme)
    opened.wait_ready()
    heads = ["一列很长很长的表头" * 4, *(f"第{k}列（万元）" for k in range(2, 31))]
    page = drop(opened, "\n".join([",".join(heads), *(",".join(["很长的单元格" * 20] * 30) for _ in range(6))]))
    page.locator("#qj-columns").wait_for()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for language in ("zh", "en"):
        assert [f"{language}: {one}" for one in page.evaluate(RUN)] == []
        stage, dialog = (page.locator(name).bounding_box() for name in ("#qj-stage", "#qj-columns"))
        assert stage and dialog
        assert dialog["x"] >= 0 and dialog["x"] + dialog["width"] <= viewport["width"]
        assert dialog["y"] + dialog["height"] <= stage["y"] + stage["height"]
        button = page.locator('[data-act="read_columns"]').bounding_box()
        select = page.locator("#qj-column-29").bounding_box()
        assert button and select and min(button["height"], select["height"]) >= 40
        assert button["y"] + button["height"] <= dialog["y"] + dialog["height"]
        page.keyboard.press("Escape")
        page.locator("#qj-drop-close").click()
        page.locator("#qj-language").click()
        drop(opened, ",".join(heads) + "\n" + ",".join("x" * 30))
        page.locator("#qj-columns").wait_for()
