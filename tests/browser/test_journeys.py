"""Whole ways of a person through the atlas: opened by a double click, no host to be reached, not a word in the console.

What `open_file` hands out fails its test when the page asked for anything but `blob:` and `data:`, or wrote to the console.
What the parts of the page do in detail is held beside this file; here one thing leads to the next.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page, expect

from qjmap.edit import add
from qjmap.project import load_project
from tests.browser.conftest import PHONE, Opened, download, dropped
from tests.browser.waiting import wait_until_still
from tests.region import make_region

Open = Callable[..., Opened]
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def tables(repository: Path) -> dict[str, Rows]:
    """The tables as people edit them."""
    found = {}
    for name in ("places", "sites", "partnerships", "sources"):
        with (repository / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found[name] = list(csv.DictReader(file))
    return found


@pytest.fixture
def atlas(open_file: Open, atlas_page: Path) -> Page:
    opened = open_file(atlas_page)
    opened.wait_ready()
    return opened.page


def search(page: Page, text: str) -> None:
    """What a person types, letter by letter, and Enter once there is something to go to."""
    box = page.get_by_role("combobox")
    if page.locator("#qj-search-clear").is_visible():
        page.locator("#qj-search-clear").click()
    box.click()
    box.press_sequentially(text)
    expect(page.locator("#qj-results [role=option]").first).to_be_visible()
    box.press("Enter")
    expect(page.locator("#qj-panel")).to_be_visible()


def title(page: Page) -> Locator:
    return page.locator("#qj-panel-title")


def choose(page: Page, facet: str, *values: str) -> None:
    """Filters by ticking boxes, unfolding what has to be."""
    for fold in ("#qj-layers-button", "#qj-filters-button", f'.qj-facet[data-facet="{facet}"] .qj-facet-head'):
        if page.locator(fold).get_attribute("aria-expanded") == "false":
            page.locator(fold).click()
    for value in values:
        page.locator(f'input[data-facet="{facet}"][data-value="{value}"]').check()


def test_find_a_partner_by_pinyin_and_stand_before_it(atlas: Page) -> None:
    search(atlas, "pzh")
    expect(title(atlas)).to_have_text("攀枝花市")
    assert "panzhihua" in atlas.evaluate("window.qjmap.visible().places"), "and it is on the map"
    # The view follows in the address when the flight there has ended.
    assert atlas.evaluate("location.hash").split("&")[0] == "#id=panzhihua", "and in the address, to be sent on"


def test_take_logistics_alone_along(atlas: Page, tables: dict[str, Rows]) -> None:
    wanted = {row["id"]: row["name"] for row in tables["sites"] if row["category"] in ("logistics-park", "dry-port")}
    choose(atlas, "category", "logistics-park", "dry-port")
    atlas.locator("#qj-take-button").click()
    for value in ("sites", "geojson"):
        atlas.locator(f'#qj-take input[value="{value}"]').check()
    collection = json.loads(download(atlas, atlas.locator('#qj-take [data-act="save_data"]')))
    assert collection["type"] == "FeatureCollection"
    assert {one["id"]: one["properties"]["name"] for one in collection["features"]} == wanted
    for one in collection["features"]:
        assert one["properties"]["source"]
        if one["geometry"]:
            lon, lat = one["geometry"]["coordinates"]
            assert 97 < lon < 111, "longitude first"
            assert 24 < lat < 35


def test_read_who_works_with_whom_and_on_whose_word(atlas: Page, tables: dict[str, Rows]) -> None:
    search(atlas, "綦江区")
    panel = atlas.locator("#qj-panel")
    panel.locator('.qj-partner[data-id="zigong"] a').first.click()
    expect(title(atlas)).to_have_text("自贡市")
    panel.get_by_role("link", name="綦江·自贡共建齿轮切削加工技术应用服务中心", exact=True).first.click()
    expect(title(atlas)).to_have_text("綦江·自贡共建齿轮切削加工技术应用服务中心")
    # The parties, each with what it does, then the word of whom.
    for words in ("綦江区", "自贡市", "2020年9月9日", "500万元", "第32段"):
        expect(panel).to_contain_text(words)
    cited = panel.locator(".qj-section").filter(has=atlas.get_by_role("heading", name="来源", exact=True))
    by_id = {row["id"]: row for row in tables["sources"]}
    article = by_id[next(row["source"] for row in tables["partnerships"] if row["id"] == "gear-cutting-project")]
    expect(cited).to_contain_text(article["title"])
    expect(cited).to_contain_text(article["publisher"] or "发布者未载明")
    cited.get_by_role("link", name=article["title"]).click()
    expect(title(atlas)).to_have_text(article["title"])
    atlas.go_back()
    expect(title(atlas)).to_have_text("綦江·自贡共建齿轮切削加工技术应用服务中心")

    # A corridor's leg rests on documents that say who published them, when and where they are to be read.
    search(atlas, "西部陆海新通道")
    panel.locator('a[href="#id=land-sea-2"]').first.click()
    plan = by_id["southern-corridor-2017"]
    year, month, *_ = plan["published"].split("-")
    for words in (plan["title"], plan["publisher"], f"{year}年{int(month)}月"):
        expect(cited).to_contain_text(words)
    link = cited.locator(f'a[href="{plan["url"]}"]')
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))


def test_everything_about_zigong_stands_in_one_panel(atlas: Page, tables: dict[str, Rows]) -> None:
    """自贡, Enter: every link by its status, each with its date, its value or that none is stated, and its source."""
    within = {"zigong"} | {row["id"] for row in tables["places"] if row["parent"] == "zigong"}
    links = {row["name"]: row for row in tables["partnerships"] if within & set(row["parties"].split("|"))}
    titles = {row["id"]: row["title"] for row in tables["sources"]}
    search(atlas, "自贡")
    expect(title(atlas)).to_have_text("自贡市")
    read: list[dict[str, Any]] = atlas.evaluate(
        """() => Array.from(document.querySelectorAll("#qj-panel h4.qj-status")).flatMap((head) =>
            Array.from(head.nextElementSibling.querySelectorAll(".qj-deal"), (deal) => ({
                status: head.dataset.status, said: head.textContent,
                name: deal.querySelector("a").textContent, text: deal.innerText,
                sources: Array.from(deal.querySelectorAll(".qj-source-name a"), (one) => one.textContent),
            })))"""
    )
    assert {one["name"] for one in read} == set(links)
    groups = [one["status"] for one in read]
    assert sorted(groups, key=groups.index) == groups, "each status is one group"
    for one in read:
        row = links[one["name"]]
        assert one["status"] == row["status"]
        assert one["said"].endswith(f" {groups.count(row['status'])}")
        assert (f"{row['start'][:4]}年" if row["start"] else "时间未说明") in one["text"], one
        assert ("万元" in one["text"]) if row["value_cny"] else ("金额未说明" in one["text"]), one
        assert one["sources"] == [titles[source] for source in row["source"].split("|")], one


def test_open_a_link_that_somebody_sent(open_file: Open, atlas_page: Path, atlas: Page) -> None:
    choose(atlas, "status", "signed")
    search(atlas, "攀枝花")
    atlas.locator("#qj-take-button").click()
    sent = atlas.locator("#qj-take-link").input_value()
    seen = atlas.evaluate("window.qjmap.visible().partnerships")

    other = open_file(atlas_page, fragment="#" + sent.partition("#")[2])
    other.wait_ready()
    expect(title(other.page)).to_have_text("攀枝花市")
    expect(other.page.locator("#qj-shown .qj-chip")).to_have_count(1)
    assert other.page.evaluate("window.qjmap.visible().partnerships") == seen


def test_list_and_sort_by_keyboard_alone(atlas: Page) -> None:
    def tab_to(test: str) -> None:
        for _ in range(80):
            atlas.keyboard.press("Tab")
            if atlas.evaluate(f"(() => {{ const at = document.activeElement; return {test}; }})()"):
                return
        pytest.fail(f"Tab never comes to {test}")

    def names() -> list[str]:
        return atlas.locator("#qj-list-scroll tbody th").all_inner_texts()

    tab_to("at.id === 'qj-list-button'")
    atlas.keyboard.press("Enter")
    expect(atlas.locator("#qj-tab-places")).to_be_focused()
    for _ in range(2):
        atlas.keyboard.press("ArrowRight")
    expect(atlas.locator("#qj-tab-partnerships")).to_be_focused()
    tab_to("at.closest('thead') && at.textContent.includes('金额')")
    for way in ("ascending", "descending"):
        atlas.keyboard.press("Enter")
        expect(atlas.locator(f'#qj-list-scroll th[aria-sort="{way}"]')).to_contain_text("金额")
    first = names()[0]
    expect(atlas.locator("#qj-list-scroll tbody tr[data-index]").first).to_contain_text("万元")
    tab_to("at.tagName === 'TR'")
    atlas.keyboard.press("Home")
    atlas.keyboard.press("Enter")
    expect(title(atlas)).to_have_text(first)
    expect(title(atlas)).to_be_focused()
    atlas.keyboard.press("Escape")
    expect(atlas.locator("#qj-panel")).to_be_hidden()


def test_change_the_language_half_way(atlas: Page) -> None:
    choose(atlas, "category", "enterprise", "industrial-park")
    search(atlas, "自贡")
    state = """() => ({
        hash: location.hash.replace(/&(map|lang)=[^&]*/g, ""), shown: window.qjmap.visible(),
        chips: document.querySelectorAll("#qj-shown .qj-chip").length,
        ticked: Array.from(document.querySelectorAll("#qj-filters input:checked"), (one) => one.dataset.value),
    })"""
    wait_until_still(atlas)
    before = atlas.evaluate(state)
    atlas.locator("#qj-language").click()
    expect(title(atlas)).to_have_text("Zigong")
    assert atlas.evaluate(state) == before
    atlas.locator("#qj-search").fill("panzhihua")
    expect(atlas.locator("#qj-results [role=option]").first).to_contain_text("Panzhihua")
    atlas.locator("#qj-language").click()
    expect(atlas.locator("#qj-search")).to_have_value("panzhihua")
    expect(title(atlas)).to_have_text("自贡市")
    assert atlas.evaluate(state) == before


def test_add_rows_of_excel_and_save_a_new_page(open_file: Open, atlas_page: Path, tmp_path: Path) -> None:
    table = (
        "名称,类别,所在地,经度,纬度,坐标系,来源\r\n古剑物流仓,物流园区,綦江区,106.655,29.031,GCJ-02,article\r\n"
        "坏坐标厂,企业,綦江区,106.65,290.3,GCJ-02,article\r\n自贡齿轮仓,企业,自贡市,104.78,29.34,WGS84,article\r\n"
    )
    before = atlas_page.read_bytes()
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    counts = page.evaluate("window.qjmap.counts()")
    dropped(page, "新增地点.csv", table.encode("gb18030"))
    card = page.locator("#qj-drop")
    expect(card.locator("#qj-drop-summary")).to_contain_text("退回 1 行")
    fault = card.locator('.qj-fault[data-severity="fault"]')
    expect(fault).to_have_count(1)
    for words in ("第3行", "E 纬度", "290.3", "29.03", "请"):  # row, column, value, the likely value, the cure
        expect(fault).to_contain_text(words)
    kept = tmp_path / "new.html"
    kept.write_bytes(download(page, card.locator('[data-act="save_html"]')))
    refused = download(page, card.locator('[data-act="save_refused"]')).decode("utf-8-sig")
    assert [line.split(",")[0] for line in refused.splitlines()] == ["名称", "坏坐标厂"]
    assert atlas_page.read_bytes() == before, "the opened file is what it was"

    again = open_file(kept)
    again.wait_ready()
    assert again.page.evaluate("window.qjmap.counts()") == counts, "drafts are no rows of the tables"
    for typed, name in (("gjwlc", "古剑物流仓"), ("自贡齿轮仓", "自贡齿轮仓")):
        search(again.page, typed)
        expect(title(again.page)).to_have_text(name)
        expect(again.page.locator("#qj-panel .qj-draft")).to_have_text("草稿")
    again.page.get_by_role("combobox").fill("坏坐标厂")
    expect(again.page.locator("#qj-results")).to_contain_text("没有找到")


def test_correct_a_place_and_save_it(open_file: Open, region_page: Path, tmp_path: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    search(page, "湖畔仓库")
    page.locator("#qj-panel").get_by_role("button", name="更正位置").click()
    numbers = page.locator("#qj-correct .qj-numbers")
    expect(numbers).to_have_text(re.compile(r"^101\.0"))
    wait_until_still(page)
    there = numbers.inner_text()
    # The map is taken by the hand and drawn to the west: the cross comes to stand further east.
    page.mouse.move(900, 600)
    page.mouse.down()
    page.mouse.move(820, 600, steps=8)
    page.mouse.up()
    expect(numbers).not_to_have_text(there)
    wait_until_still(page)
    lon, lat = (float(one) for one in numbers.inner_text().split(", "))
    assert lon > float(there.split(", ")[0])
    page.get_by_role("button", name="确定位置").click()
    card = page.locator("#qj-drop")
    expect(card).to_contain_text("湖畔仓库")
    saved = download(page, card.locator('[data-act="save_html"]'))
    moves = tmp_path / "moves.csv"
    moves.write_bytes(download(page, card.locator('[data-act="save_csv"]')))

    copy = tmp_path / "copy.html"
    copy.write_bytes(saved)
    again = open_file(copy)
    again.wait_ready()
    again.page.locator("#qj-drop-button").click()
    expect(again.page.locator("#qj-drop .qj-drafts")).to_contain_text("更正位置")

    row = next(csv.DictReader(io.StringIO(moves.read_text(encoding="utf-8-sig"))))
    assert (row["id"], row["datum"]) == ("depot", "wgs84")
    assert (float(row["lon"]), float(row["lat"])) == (pytest.approx(lon, abs=1e-5), pytest.approx(lat, abs=1e-5))
    assert add(load_project(make_region(tmp_path / "region")), moves, update=True).updated == [2]


def test_print_it_with_all_that_makes_a_map_a_document(atlas: Page, tables: dict[str, Rows], tmp_path: Path) -> None:
    search(atlas, "自贡")
    atlas.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True, print_background=True)
    document = pypdfium2.PdfDocument(tmp_path / "map.pdf")
    assert len(document) == 1
    text = re.sub(r"\s+", " ", document[0].get_textpage().get_text_range())
    said = ("现状截至2021年4月", "示意图，未经地图审核，不得公开使用", "GeoNames")
    for words in ("綦江区产业合作地图", "线宽", "点位", "企业", "通道", "铁路（规划）", *said):
        assert words in text, words
    assert re.search(r"\d+ km", text), "the scale bar"
    cited = [row["title"] for row in tables["sources"] if row["id"] == "article"]
    for words in ("来源", *cited):
        assert re.sub(r"\s", "", words) in text.replace(" ", ""), words


def test_the_picture_shows_what_the_screen_shows(atlas: Page, tmp_path: Path) -> None:
    """After a filter and a choice, at the screen's size: 0.2 % of the pixels may differ by more than 40 of 255 levels (edges of
    letters and lines that the browser's own scaling has touched)."""
    choose(atlas, "status", "signed", "operating")
    search(atlas, "自贡")
    atlas.locator("#qj-layers-button").click()
    wait_until_still(atlas)
    screen = Image.open(io.BytesIO(atlas.screenshot())).convert("RGB")
    atlas.locator("#qj-take-button").click()
    atlas.locator('#qj-take input[value="1"]').check()
    picture = Image.open(io.BytesIO(download(atlas, atlas.locator('#qj-take [data-act="save_png"]')))).convert("RGB")
    panel = atlas.locator("#qj-panel").bounding_box()
    assert panel is not None
    left, top, right, bottom = int(panel["x"] + panel["width"]) + 20, 150, 1040, 700  # where no card lies over the map
    offset = next(
        at for at in range(20, 200) if sum(picture.getpixel((600, at))) - sum(picture.getpixel((600, at + 1))) > 60
    )
    part = picture.crop((left + 24, top + offset + 1, right + 24, bottom + offset + 1))
    difference = ImageChops.difference(screen.crop((left, top, right, bottom)), part).convert("L")
    share = difference.point(lambda value: 255 if value > 40 else 0).histogram()[255] / (part.width * part.height)
    assert share < 0.002, share
    assert len(part.getcolors(1 << 20) or []) > 200, "and it is no empty sheet"


def test_use_it_on_a_phone_by_touch(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page, viewport=PHONE, has_touch=True, is_mobile=True)
    opened.wait_ready()
    page = opened.page
    sheet = page.locator("#qj-panel")
    # Where the depot lies on the screen: the cross of a correction that is begun and left again stands on it.
    page.get_by_role("combobox").tap()
    page.get_by_role("combobox").press_sequentially("hpck")
    page.locator("#qj-results [role=option]").first.tap()
    expect(title(page)).to_have_text("湖畔仓库")
    wait_until_still(page)
    sheet.get_by_role("button", name="更正位置").tap()
    expect(sheet).to_be_hidden()
    wait_until_still(page)
    cross = page.locator("#qj-crosshair").bounding_box()
    assert cross is not None
    page.get_by_role("button", name="取消").tap()

    # A thumb on the site: the sheet comes up from below and leaves the map in sight.
    page.touchscreen.tap(cross["x"] + cross["width"] / 2, cross["y"] + cross["height"] / 2)
    expect(sheet).to_be_visible()
    expect(title(page)).to_have_text("湖畔仓库")
    box = sheet.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (pytest.approx(0, abs=12), pytest.approx(PHONE["width"], abs=24))
    assert box["y"] > PHONE["height"] / 3
    page.locator("#qj-panel-close").tap()
    expect(sheet).to_be_hidden()

    page.locator("#qj-search-clear").tap()
    page.get_by_role("combobox").tap()
    page.get_by_role("combobox").press_sequentially("hwcl")
    page.locator("#qj-results [role=option]").first.tap()
    expect(title(page)).to_have_text("海湾齿轮厂")
    page.locator("#qj-panel-close").tap()
    wait_until_still(page)
    page.locator("#qj-layers-button").tap()
    for state in (False, True):
        page.locator('#qj-layers input[data-group="corridors"]').tap()
        assert bool(page.evaluate("window.qjmap.visible().corridors.length")) is state
    page.locator("#qj-filters-button").tap()
    page.locator('.qj-facet[data-facet="category"] .qj-facet-head').tap()
    page.locator("label", has=page.locator('input[data-facet="category"][data-value="logistics-park"]')).tap()
    page.locator("#qj-layers-close").tap()
    expect(page.locator("#qj-shown .qj-chip")).to_have_count(1)
    assert page.evaluate("window.qjmap.visible().sites") == ["depot"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "nothing stands out to the side"
