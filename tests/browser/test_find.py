"""Finding by what people type: characters, pinyin whole or as initials, English, aliases, addresses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Opened
from tests.browser.waiting import wait_until_still
from tests.web_modules import web_modules

Open = Callable[..., Opened]


def found(page: Page, query: str) -> list[str]:
    page.get_by_role("combobox").fill(query)
    wait_until_still(page)
    return page.locator("#qj-results .qj-result-name").all_inner_texts()


def test_the_home_district_comes_first_however_it_is_typed(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    for query in (
        "qijiang", "qj", "qjq", "qi jiang", "qijiangqu", "qjiang", "綦江", "綦jiang", "Qijiang District", "ＱＩＪＩＡＮＧ", "500110",
    ):  # fmt: skip
        assert found(opened.page, query)[0] == "綦江区", query


def test_heteronyms_and_the_letter_v_are_understood(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    for query, name in {
        "chongqing": "重庆市", "cq": "重庆市", "zigong": "自贡市", "panzhihua": "攀枝花市", "lvye": "远程铝业", "lüye": "远程铝业",
        "sbsq": "S变速器", "beidu": "北渡铝铜专业物流园",
    }.items():  # fmt: skip
        assert name in found(opened.page, query)[:4], query
    # Through a bracket that nobody types.
    assert "中新（重庆）战略性互联互通示范项目" in found(opened.page, "zxcq")


def test_what_was_found_is_marked_and_pinyin_marks_its_characters(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    found(opened.page, "qj")
    first = opened.page.get_by_role("option").first
    assert first.locator(".qj-result-name mark").all_inner_texts() == ["綦江"]
    found(opened.page, "gearcentre")
    found(opened.page, "gear centre")
    assert set(opened.page.locator("#qj-results mark").all_inner_texts()) >= {"gear", "centre"}


def test_the_keyboard_alone_goes_there(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.get_by_role("combobox").focus()
    page.keyboard.insert_text("zigong")
    page.locator("#qj-results .qj-result-name").nth(1).wait_for()
    names = page.locator("#qj-results .qj-result-name").all_inner_texts()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#qj-panel-title").wait_for()
    assert page.locator("#qj-panel-title").inner_text() == names[1]
    page.get_by_role("combobox").fill("zigong")
    page.keyboard.press("Enter")
    expect(page.locator("#qj-panel-title")).to_have_text("自贡市")
    assert page.evaluate("location.hash").startswith("#id=zigong&map=")


def test_nothing_that_was_typed_is_kept(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    found(opened.page, "zigong")
    assert opened.page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    assert opened.page.evaluate("location.hash") == ""


def test_on_a_phone_the_sheet_makes_room_for_the_results(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, viewport=PHONE, has_touch=True)
    opened.wait_ready()
    opened.page.locator("#qj-layers-button").tap()
    opened.page.locator("#qj-search").tap()
    assert opened.page.locator("#qj-layers").is_hidden()
    assert found(opened.page, "qj")[0] == "綦江区"


def test_the_readings_of_the_atlas_take_little_room(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    size = opened.page.evaluate(
        "new TextEncoder().encode(JSON.stringify(JSON.parse(document.getElementById('qjmap-meta').textContent).pinyin)).length"
    )
    assert size < 15_000


def test_the_worker_answers_as_the_index_does(open_file: Open, region_page: Path) -> None:
    """The index is searched in a worker: the same rows, the same order."""
    opened = open_file(region_page)
    opened.wait_ready()
    opened.page.evaluate(
        web_modules("app/search/search-client.js", "app/search/search-index.js", "app/search/pinyin-matcher.js")
    )
    answers = opened.page.evaluate(
        """async () => {
          const readings = JSON.parse(document.getElementById("qjmap-meta").textContent).pinyin;
          const words = ["海湾", "齿轮", "工业园", "仓库", "山城", "Lake", "湖畔"];
          const count = 9000, names = [], aliases = [], ROW = "\\u0000";
          const joined = (texts, from, to) => ROW + texts.slice(from, to).join(ROW) + ROW;
          for (let row = 0; row < count; row++) {
            names.push(words[row % 7] + words[(row * 5 + 3) % 7] + row);
            aliases.push(row % 3 ? "" : words[(row + 1) % 7] + "\\u0001" + row);
          }
          const finish = (steps) => { for (;;) { const { done, value } = steps.next(); if (done) return value; } };
          const index = new modules.SearchIndex(modules.makePinyin(readings));
          const direct = { add: (...values) => index.add(...values) };
          for (const what of ["find", "masks", "order"]) direct[what] = async (...values) => finish(index[what](...values));
          const places = [direct, modules.startSearch(readings)];
          for (const index of places) {
            for (let from = 0; from < count; from += 4096) {
              const to = Math.min(count, from + 4096);
              index.add("sites", count, from, to, [
                { name: "name", main: true, text: joined(names, from, to) }, { name: "aliases", main: false, text: joined(aliases, from, to) },
              ]);
            }
          }
          const out = [];
          for (const query of ["海湾", "haiwan", "hwck", "lake 8", "gyy", "仓库 77", "nothing", "shan cheng"]) {
            const [here, there] = await Promise.all(places.map((index) => index.find(query, 20)));
            const [mask, same] = await Promise.all(places.map((index) => index.masks(query)));
            const rows = Array.from(mask.get("sites").entries()).filter(([, yes]) => yes).map(([row]) => row);
            out.push([query, here.total, rows.length, JSON.stringify(here) === JSON.stringify(there),
              String(mask.get("sites")) === String(same.get("sites"))]);
          }
          const [here, there] = await Promise.all(places.map((index) => index.order("sites", ["name"])));
          const first = Array.from(here.rows.slice(0, 1), (row) => names[row]);
          return [out, String(here.rows) === String(there.rows), first];
        }"""
    )
    out, same_order, first = answers
    assert same_order
    assert first[0].startswith("Lake")
    totals = {}
    for query, total, masked, same_hits, same_mask in out:
        assert (total, same_hits, same_mask) == (masked, True, True), query
        totals[query] = total
    assert totals["nothing"] == 0
    assert totals["海湾"] == totals["haiwan"] > 0
    assert 0 < totals["hwck"] < totals["haiwan"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Jingjiang", "重庆荆江汽车半轴股份有限公司"),  # the firm, before its workshops, supplies and namesakes
        ("港口", "北部湾港"),  # by kind
        ("綦江 物流", "渝南冷链物流港"),  # by place and category
        ("陆港", "重庆（綦江）国际陆港"),
        ("4000万", "数字化车间升级投入"),  # by value
        ("4,000万元", "数字化车间升级投入"),
        ("铁路", "西部陆海新通道"),  # by mode, before legs and sources
        ("无水港", "重庆（綦江）国际陆港"),  # by a synonym of its category
    ],
)
def test_the_first_atlas_is_searched_by_what_things_are(
    open_file: Open, atlas_page: Path, query: str, first: str
) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-search").fill(query)
    expect(page.locator("#qj-results li").first).to_be_visible()
    expect(page.locator("#qj-results .qj-result-name").first).to_have_text(first)


def test_a_family_of_categories_is_found_after_what_bears_its_name(open_file: Open, atlas_page: Path) -> None:
    """Logistics are the two parks and the platform that say so, and then the dry port, the bonded warehouse and the service area."""
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-search").fill("物流")
    expect(page.locator("#qj-results li")).to_have_count(6)
    names = page.locator("#qj-results .qj-result-name").all_inner_texts()
    assert {"渝南冷链物流港", "北渡铝铜专业物流园", "智慧物流公共信息平台"} == set(names[:3])
    assert {"重庆（綦江）国际陆港", "综合保税仓", "西部陆海新通道（綦江）综合服务区"} == set(names[3:])
    page.locator("#qj-search").fill("logistics")
    expect(page.locator("#qj-results li").filter(has_text="综合保税仓")).to_have_count(1)


def test_an_id_is_found_but_never_shown(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-search").fill("half-shaft-upgrade-cost")
    expect(page.locator("#qj-results .qj-result-name")).to_have_text("数字化车间升级投入")
    assert "half-shaft" not in page.locator("#qj-results").inner_text()
