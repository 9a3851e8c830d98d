"""Adding in the page: a dropped table is judged as the program would judge it, shown, and saved; positions are corrected."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qjmap.edit import add
from qjmap.project import load_project
from tests.browser.conftest import PHONE, Opened, download, dropped
from tests.browser.waiting import wait_until_still
from tests.region import make_region

Open = Callable[..., Opened]


def saved(page: Page, act: str) -> bytes:
    return download(page, page.locator(f'#qj-drop [data-act="{act}"]'))


@pytest.fixture
def gbk() -> bytes:
    return (
        "名称,类别,经度,纬度,坐标系\r\n新厂,企业,100.5,30.5,gcj02\r\n坏厂,企业,100.5,290.3,wgs84\r\n新站,物流园,100.6,30.6,wgs84\r\n"
    ).encode("gb18030")


def test_a_gbk_table_with_one_bad_row_is_shown_and_saved(
    open_file: Open, region_page: Path, gbk: bytes, tmp_path: Path
) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    before = page.evaluate("window.qjmap.counts()")
    dropped(page, "新增.csv", gbk)
    summary = page.locator("#qj-drop-summary")
    summary.wait_for()
    assert "可以加入 2 行" in summary.inner_text()
    assert "退回 1 行" in summary.inner_text()
    fault = page.locator('#qj-drop .qj-fault[data-severity="fault"]').inner_text()
    for word in ("第3行", "D 纬度", "290.3", "29.03"):
        assert word in fault, word
    assert page.evaluate("window.qjmap.counts()") == before, "drafts are no rows of the map"

    refused = saved(page, "save_refused").decode("utf-8-sig")
    assert refused.splitlines()[0] == "名称,类别,经度,纬度,坐标系,错误"
    assert refused.splitlines()[1].startswith("坏厂,企业,100.5,290.3,wgs84,")

    for_add = tmp_path / "for-add.csv"
    for_add.write_bytes(saved(page, "save_csv"))
    project = load_project(make_region(tmp_path / "region"))
    report = add(project, for_add)
    assert (len(report.added), report.refused) == (2, [])

    drafts = json.loads(saved(page, "save_geojson"))
    assert [one["properties"]["name"] for one in drafts["features"]] == ["新厂", "新站"]
    lon, lat = drafts["features"][0]["geometry"]["coordinates"]
    assert 100.49 < lon < 100.5
    assert 30.5 < lat < 30.51

    copy = tmp_path / "copy.html"
    copy.write_bytes(saved(page, "save_html"))
    again = open_file(copy)
    again.wait_ready()
    assert again.page.evaluate("window.qjmap.counts()") == before
    again.page.locator("#qj-drop-button").click()
    assert "新厂" in again.page.locator("#qj-drop").inner_text()
    assert "坏厂" not in again.page.locator("#qj-drop").inner_text()


def test_pasted_rows_are_read_too(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    opened.page.locator("#qj-drop-button").click()
    opened.page.locator("#qj-drop-paste").fill("名称\t经度\t纬度\n贴来的\t100.5\t30.5\n")
    opened.page.locator('[data-act="read_paste"]').click()
    opened.page.locator("#qj-drop-summary").wait_for()
    assert "可以加入 1 行" in opened.page.locator("#qj-drop-summary").inner_text()


def test_what_a_cell_says_runs_nothing(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    nasty = '<img src=x onerror="window.ran=1">'
    dropped(
        opened.page,
        "x.csv",
        f"名称,类别\n{nasty.replace(chr(34), chr(39))},{nasty.replace(chr(34), chr(39))}\n".encode(),
    )
    opened.page.locator("#qj-drop-summary").wait_for()
    assert opened.page.evaluate("window.ran") is None


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_a_position_is_corrected_by_keyboard_and_handed_to_the_program(
    open_file: Open, region_page: Path, tmp_path: Path, viewport: dict[str, int] | None
) -> None:
    opened = open_file(region_page, **({"viewport": viewport} if viewport else {}))
    opened.wait_ready()
    page = opened.page
    page.evaluate("window.qjmap.select('works')")
    page.get_by_role("button", name="更正位置").press("Enter")
    # Pressed while the map still moves to the place: the step is made from there all the same.
    page.keyboard.press("ArrowRight")
    numbers = page.locator("#qj-correct .qj-numbers")
    expect(numbers).to_have_text(re.compile(r"^100\.50[1-9]"))
    moved = numbers.inner_text()
    page.keyboard.press("Enter")
    rows = list(csv.DictReader(io.StringIO(saved(page, "save_csv").decode("utf-8-sig"))))
    assert [(row["id"], row["datum"]) for row in rows] == [("works", "wgs84")]
    assert f"{float(rows[0]['lon']):.5f}, {float(rows[0]['lat']):.5f}" == moved

    project = load_project(make_region(tmp_path / "region"))
    file = tmp_path / "moves.csv"
    file.write_text("\n".join([",".join(rows[0]), ",".join(rows[0].values())]), encoding="utf-8")
    assert add(project, file, update=True).updated == [2]


@pytest.fixture
def with_drafts(open_file: Open, region_page: Path) -> Page:
    """Three sites dropped on the invented region: one in a place and on the ground, one nowhere, one faulty."""
    opened = open_file(region_page)
    opened.wait_ready()
    table = (
        "名称,别名,类别,状态,所在地,经度,纬度,坐标系\n碧螺春物流园,茶园,物流园,运营,湖畔市,101.02,29.22,gcj02\n"
        "无名站,,企业,规划,,,,\n坏厂,,企业,,,100.5,290.3,wgs84\n"
    )
    dropped(opened.page, "茶.csv", table.encode())
    opened.page.locator("#qj-drop-summary").wait_for()
    opened.page.locator("#qj-drop-close").click()
    return opened.page


def test_drafts_have_the_palette_of_the_map(open_file: Open, region_page: Path) -> None:
    """In the dark, names stay light: a layer of another palette would give it to all names of the map."""
    opened = open_file(region_page, color_scheme="dark")
    opened.wait_ready()
    dropped(opened.page, "dark.csv", "名称,经度,纬度,坐标系\n夜间仓库,100.9,30.0,wgs84\n".encode())
    opened.page.locator("#qj-drop-summary").wait_for()
    wait_until_still(opened.page)
    # Whole pixels of what the light palette writes with: none on any of the map's pictures.
    counted = opened.page.evaluate(
        """() => {
            const probe = document.createElement("canvas"), ctx = probe.getContext("2d", { willReadFrequently: true });
            const sample = (colour) => {
                ctx.fillStyle = colour;
                ctx.fillRect(0, 0, 1, 1);
                return Array.from(ctx.getImageData(0, 0, 1, 1).data).slice(0, 3).join();
            };
            const inks = ["light", "dark"].map((name) => sample(QJMap.palettes[name].ink)), found = [0, 0];
            for (const canvas of document.querySelectorAll("#qj-main canvas")) {
                Object.assign(probe, { width: canvas.width, height: canvas.height });
                ctx.drawImage(canvas, 0, 0);
                const { data } = ctx.getImageData(0, 0, probe.width, probe.height);
                for (let i = 0; i < data.length; i += 4) {
                    const at = inks.indexOf(`${data[i]},${data[i + 1]},${data[i + 2]}`);
                    if (data[i + 3] === 255 && at >= 0) found[at]++;
                }
            }
            return found;
        }"""
    )
    assert counted[0] == 0
    assert counted[1] > 50


@pytest.mark.parametrize("query", ["碧螺", "biluochun", "blc", "茶园"])
def test_a_draft_is_found_like_any_row_and_opens_its_panel(with_drafts: Page, query: str) -> None:
    """By pinyin too, though no row of the map has its characters."""
    page = with_drafts
    page.locator("#qj-search").fill(query)
    option = page.locator("#qj-results [role=option]").first
    expect(option).to_contain_text("碧螺春物流园")
    expect(option.locator(".qj-draft")).to_have_text("草稿")
    page.locator("#qj-search").press("Enter")
    panel = page.locator("#qj-panel")
    expect(panel.locator("h2")).to_have_text("碧螺春物流园")
    expect(panel.locator(".qj-draft")).to_have_text("草稿")
    expect(panel).to_contain_text("湖畔市")
    page.locator("#qj-language").click()
    expect(panel.locator(".qj-draft")).to_have_text("draft")
    panel.get_by_role("button", name="Remove the draft").click()
    expect(panel).to_be_hidden()
    page.locator("#qj-search").fill(query)
    expect(page.locator("#qj-results")).to_contain_text("Nothing found")


def test_drafts_are_listed_and_counted_beside_the_rows_and_follow_filters(with_drafts: Page) -> None:
    page = with_drafts
    rows = page.evaluate("window.qjmap.counts().sites")
    count = page.locator("#qj-layers-body [data-group=sites] .qj-count")
    expect(count).to_have_text(f"{rows} + 2 草稿")
    page.locator("#qj-list-button").click()
    page.locator("#qj-tab-sites").click()
    drafts = page.locator('#qj-list tbody tr[data-draft=""] th')
    expect(drafts).to_have_text(["草稿碧螺春物流园", "草稿无名站"])
    expect(page.locator("#qj-list-count")).to_have_text(f"{rows} / {rows} + 2 草稿")
    page.get_by_role("button", name="名称").click()
    page.get_by_role("button", name="名称").click()
    expect(drafts).to_have_text(["草稿无名站", "草稿碧螺春物流园"])
    page.locator("#qj-list-filter").fill("biluo")
    expect(drafts).to_have_text(["草稿碧螺春物流园"])
    page.locator("#qj-list-filter").fill("")
    page.locator("#qj-list-close").click()

    for fragment, left in (
        ("category:logistics-park", ["碧螺春物流园"]),
        ("status:planned", ["无名站"]),
        ("partner:lake", ["碧螺春物流园"]),
        ("precision:site", ["碧螺春物流园"]),
        ("kind:agreement", ["碧螺春物流园", "无名站"]),
    ):
        page.evaluate("f => { window.location.hash = 'f=' + encodeURIComponent(f) }", fragment)
        expect(count).to_have_text(re.compile(rf"\+ {len(left)} 草稿$"))
        page.locator("#qj-list-button").click()
        page.locator("#qj-tab-sites").click()
        expect(drafts).to_have_text(["草稿" + name for name in left])
        page.locator("#qj-list-close").click()


@pytest.mark.parametrize("form", ["geojson", "csv", "kml"])
def test_exports_hold_drafts_and_say_which_they_are(with_drafts: Page, form: str) -> None:
    page = with_drafts
    page.locator("#qj-take-button").click()
    for value in ("sites", form):
        page.locator(f'#qj-take input[value="{value}"]').check()
    with page.expect_download() as waiting:
        page.locator('#qj-take [data-act="save_data"]').click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    counted = page.evaluate("window.qjmap.counts().sites")
    if form == "kml":
        assert text.count('<Data name="draft"><value>true</value></Data>') == 2
        assert text.count("<Placemark") == counted + 2
        return
    if form == "csv":
        rows = [(row["名称"], row["编号"], row["draft"]) for row in csv.DictReader(io.StringIO(text))]
        marks = {"true": True, "false": False}
        rows = [(name, own, marks[draft]) for name, own, draft in rows]
    else:
        features = [one["properties"] | {"id": one.get("id", "")} for one in json.loads(text)["features"]]
        rows = [(one["name"], one["id"], one["draft"]) for one in features]
    assert len(rows) == counted + 2
    assert [row for row in rows if row[2]] == [("碧螺春物流园", "", True), ("无名站", "", True)]


def test_what_was_read_before_stays_until_the_same_file_comes_again(
    with_drafts: Page, tmp_path: Path, open_file: Open
) -> None:
    page = with_drafts
    names = page.locator("#qj-drop .qj-drafts li > :first-child")
    dropped(page, "more.csv", "名称\n第三站\n".encode())
    expect(names).to_have_text(["碧螺春物流园", "无名站", "第三站"])
    dropped(page, "茶.csv", "名称\n只此一家\n".encode())
    expect(names).to_have_text(["第三站", "只此一家"])

    names.last.click()
    panel = page.locator("#qj-panel")
    expect(panel.locator("h2")).to_have_text("只此一家")
    expect(panel).to_contain_text("位置未知")
    panel.get_by_role("button", name="更正位置").click()
    page.get_by_role("button", name="确定位置").click()
    expect(panel).to_contain_text("精确到厂区（院落）")
    copy = tmp_path / "copy.html"
    copy.write_bytes(saved(page, "save_html"))
    again = open_file(copy, fragment=page.evaluate("window.location.hash"))
    again.wait_ready()
    expect(again.page.locator("#qj-panel h2")).to_have_text("只此一家")
    again.page.locator("#qj-search").fill("dsz")
    expect(again.page.locator("#qj-results [role=option]").first).to_contain_text("第三站")
