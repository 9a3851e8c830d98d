"""A workbook dropped on the page: read, previewed and judged as the program would; what cannot be read is told by name."""

from __future__ import annotations

import base64
import datetime
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from qjmap.i18n import texts
from qjmap.project import load_project
from tests.browser.conftest import Opened, dropped
from tests.browser.test_agreement import in_page, in_program, told
from tests.region import make_region
from tests.tables.readers.test_workbook import an_ods
from tests.tables.table_files import ods

Open = Callable[..., Opened]


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def made(*rows: list[object], formats: dict[str, str] | None = None) -> openpyxl.Workbook:
    """A workbook of one worksheet, with number formats by cell."""
    book = openpyxl.Workbook()
    book.active.title = "点位"
    for row in rows:
        book.active.append(row)
    for cell, code in (formats or {}).items():
        book.active[cell].number_format = code
    return book


@pytest.fixture
def several() -> bytes:
    """A title, a merged cell, a formatted date, a bad row; a second filled worksheet and a hidden one."""
    book = made(
        ["新增点位一览"],
        ["名称", "类别", "经度", "纬度", "坐标系", "开始日期"],
        ["新厂", "企业", 100.5, 30.5, "gcj02", datetime.datetime(2020, 9, 1)],
        ["新站", None, 100.6, 30.6, "wgs84", None],
        ["坏厂", "企业", 100.5, 290.3, "wgs84", None],
        formats={"F3": 'yyyy"年"m"月"'},
    )
    book.active.merge_cells("A1:F1")
    book.active.merge_cells("B3:B4")
    for name, state in (("副表", "visible"), ("旧表", "hidden")):
        sheet = book.create_sheet(name)
        sheet.append(["名称"])
        sheet.append([f"{name}厂"])
        sheet.sheet_state = state
    return saved(book)


def test_a_workbook_is_read_with_its_faults_and_worksheets(open_file: Open, region_page: Path, several: bytes) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    dropped(page, "新增.xlsx", several)
    summary = page.locator("#qj-drop-summary")
    expect(summary).to_contain_text("可以加入 2 行")
    expect(summary).to_contain_text("退回 1 行")
    expect(summary).to_contain_text("点位")
    fault = page.locator('#qj-drop .qj-fault[data-severity="fault"]').inner_text()
    for word in ("第5行", "D 纬度", "290.3", "29.03"):
        assert word in fault, word
    warnings = page.locator('#qj-drop .qj-fault[data-severity="warning"]').all_inner_texts()
    assert any("副表" in text for text in warnings)
    assert any("旧表" in text for text in warnings)
    expect(page.locator("#qj-drop .qj-drafts")).to_contain_text("新站")
    page.locator('[data-act="check_columns"]').click()
    expect(page.locator('#qj-columns li:has(> label[title="开始日期"]) ol li').first).to_have_text("2020-09")
    expect(page.locator('#qj-columns li:has(> label[title="类别"]) ol li')).to_have_text(["企业"] * 3)


def test_a_workbook_larger_than_a_preview_is_previewed_whole(open_file: Open, region_page: Path) -> None:
    rows: list[list[object]] = [
        [f"第{number}厂", hashlib.sha256(str(number).encode()).hexdigest()] for number in range(25_000)
    ]
    data = saved(made(["名称", "说明"], *rows))
    assert len(data) > 1024 * 1024
    opened = open_file(region_page)
    opened.wait_ready()
    dropped(opened.page, "大.xlsx", data)
    expect(opened.page.locator("#qj-drop-summary, #qj-columns:not([hidden])").first).to_be_visible(timeout=60_000)
    expect(opened.page.locator("#qj-drop .qj-drop-wrong")).to_have_count(0)


def test_of_many_rows_that_cover_each_other_one_is_drawn_and_all_are_found(open_file: Open, region_page: Path) -> None:
    rows: list[list[object]] = [[f"第{number}厂", 100.5 + number % 2 / 10, 30.5, "wgs84"] for number in range(1200)]
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    dropped(page, "许多.xlsx", saved(made(["名称", "经度", "纬度", "坐标系"], *rows)))
    expect(page.locator("#qj-drop-summary")).to_contain_text("可以加入 1200 行", timeout=60_000)
    drawn, found = page.evaluate(
        """() => {
            const map = Object.values(window).find(one => one instanceof L.Map);
            let layer;
            map.eachLayer(one => { if (one.layerName === "drafts") layer = one; });
            const view = layer.view(), { x, y } = layer.at[0];
            return [layer.drawn(view).length, layer.hit(L.point(view.px(x), view.py(y)), 2).length];
        }"""
    )
    assert (drawn, found) == (2, 600)


def test_the_file_chooser_offers_workbooks(open_file: Open, region_page: Path, several: bytes, tmp_path: Path) -> None:
    opened = open_file(region_page)
    opened.open_import()
    chooser = opened.page.locator("#qj-drop-file")
    assert {".xlsx", ".xlsm", ".ods", ".csv"} <= set((chooser.get_attribute("accept") or "").split(","))
    file = tmp_path / "新增.xlsx"
    file.write_bytes(several)
    chooser.set_input_files(file)
    expect(opened.page.locator("#qj-drop-summary")).to_contain_text("可以加入 2 行")


def test_both_judge_workbooks_alike(
    open_file: Open, region_page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = load_project(make_region(tmp_path / "region"))
    monkeypatch.chdir(tmp_path)  # a file is called by its name, as in the page
    opened = open_file(region_page)
    opened.open_import()
    moment = datetime.datetime(2020, 9, 9)
    workbooks = {
        "月份": made(["名称", "类别", "开始日期"], ["甲厂", "企业", moment], ["乙厂", "企业", moment], formats={"C2": "mmm-yy", "C3": "yyyy"}),
        "编码": made(["名称", "行政区划代码", "邮编"], ["丙厂", 999901, 40142], formats={"C2": "000000"}),
        "错误": made(["名称", "经度", "纬度"], ["丁厂", "#DIV/0!", 30.5], ["戊厂", "=1+1", 30.5], ["己厂", True, None]),
        "月日": made(["名称", "开始日期"], ["庚厂", moment], formats={"B2": 'm"月"d"日"'}),
        "没有表头": made(["辛厂", 100.5, 30.5], ["壬厂", 100.6, 30.6]),
        "空的": made(),
    }  # fmt: skip
    for name, book in workbooks.items():
        Path(f"{name}.xlsx").write_bytes(saved(book))
    Path("文档.ods").write_bytes(an_ods())
    Path("新旧.ods").write_bytes(
        ods(
            [
                ["名称", "类别", "经度", "纬度", "坐标系"],
                ["癸厂", "企业", "100.5", "290.3", "wgs84"],
                ["子厂", "无此类", "100.5", "30.5", "gcj02"],
            ]
        )
    )
    for file in [*sorted(Path().glob("*.xlsx")), *sorted(Path().glob("*.ods"))]:
        counts, faults = in_program(project, file, "sites", None)
        page = in_page(opened.page, file, "sites", None)
        if page is None:
            assert counts[0] == 0, file
            continue
        assert page[0] == counts, file
        assert told(page[1]) == told(faults), file


def test_an_opendocument_file_is_read_dropped_and_pasted(open_file: Open, region_page: Path) -> None:
    data = ods([["名称", "类别", "经度", "纬度", "坐标系"], ["新厂", "企业", "100.5", "30.5", "gcj02"]])
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    dropped(page, "新增.ods", data)
    summary = page.locator("#qj-drop-summary")
    expect(summary).to_contain_text("可以加入 1 行")
    expect(summary).to_contain_text("OpenDocument · Sheet1")
    page.locator("#qj-drop-paste").evaluate(
        """(area, packed) => {
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([Uint8Array.from(atob(packed), sign => sign.charCodeAt(0))], "粘贴.ods"));
            area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        base64.b64encode(data).decode(),
    )
    expect(page.locator("#qj-drop h3", has_text="粘贴.ods")).to_be_visible()
    expect(summary).to_contain_text("可以加入 1 行")


def test_a_workbook_that_is_none_is_told_in_both_languages(open_file: Open, region_page: Path, several: bytes) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    dropped(opened.page, "半个.xlsx", several[: len(several) // 2])
    said = opened.page.locator("#qj-drop .qj-drop-wrong")
    expect(said).to_have_text(texts("page")["drop.kind.damaged"]["zh"])
    opened.page.locator("#qj-language").click()
    expect(said).to_have_text(texts("page")["drop.kind.damaged"]["en"])


def test_another_worksheet_can_be_chosen_and_both_are_kept(open_file: Open, region_page: Path, several: bytes) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    dropped(page, "多表.xlsx", several)
    expect(page.locator("#qj-drop-summary")).to_contain_text("可以加入 2 行")
    page.get_by_role("button", name="核对各列").click()
    sheet = page.get_by_label("工作表")
    expect(sheet.locator("option")).to_have_text(["点位", "副表"])
    expect(sheet).to_have_value("点位")
    sheet.select_option("副表")
    expect(page.get_by_label("工作表")).to_be_focused()
    expect(page.locator(".qj-columns > li")).to_have_count(1)
    page.get_by_role("button", name="读取", exact=True).click()
    expect(page.locator("#qj-drop .qj-drafts")).to_contain_text("副表厂")
    expect(page.locator("#qj-drop .qj-drafts")).to_contain_text("新厂")
