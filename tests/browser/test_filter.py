"""One filter: the map, its legend, the list, the numbers and what is taken along show the same rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Opened
from tests.browser.waiting import wait_until_still

Open = Callable[..., Opened]


def unfold(page: Page, *facets: str) -> None:
    if page.locator("#qj-layers").is_hidden():
        page.locator("#qj-layers-button").click()
    if page.locator("#qj-filters-body").is_hidden():
        page.locator("#qj-filters-button").click()
    for facet in facets:
        page.locator(f'.qj-facet[data-facet="{facet}"] .qj-facet-head').click()


def box(page: Page, facet: str, value: str):  # type: ignore[no-untyped-def]
    return page.locator(f'input[data-facet="{facet}"][data-value="{value}"]')


def left(page: Page, facet: str, value: str) -> int:
    text = page.locator("label", has=box(page, facet, value)).locator(".qj-count").inner_text()
    return int(text.replace(",", ""))


def listed(page: Page, table: str) -> set[str]:
    page.locator("#qj-list-button").click()
    page.locator(f"#qj-tab-{table}").click()
    wait_until_still(page)
    names = set(page.locator("#qj-list-scroll tbody th").all_inner_texts())
    page.locator("#qj-list-close").click()
    return names


def test_logistics_alone_is_on_the_map_in_the_list_the_legend_and_the_numbers(
    open_file: Open, atlas_page: Path
) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    unfold(page, "category")
    promised = left(page, "category", "logistics-park") + left(page, "category", "dry-port")
    box(page, "category", "logistics-park").check()
    box(page, "category", "dry-port").check()
    names = listed(page, "sites")
    assert len(names) == promised == 3
    assert "北渡铝铜专业物流园" in names
    assert page.locator("[data-group=sites] .qj-count").inner_text() == "3 / 78"
    legend = page.locator('#qj-legend [data-group="category"]')
    counts = {
        one.inner_text().split("\n")[0].strip(): "qj-away" in (one.get_attribute("class") or "")
        for one in legend.locator("li").all()
    }
    assert {name for name, away in counts.items() if not away} == {"物流园区", "陆港"}
    shown = page.locator("#qj-shown-count").inner_text()
    rows = dict(re.findall(r"(\S+) (\d+) / \d+", shown))
    assert rows["点位"] == "3"
    # Partnerships about them, places of these: what else there is steps back.
    assert listed(page, "partnerships") and int(rows["合作"]) == len(listed(page, "partnerships")) < page.evaluate(
        "qjmap.counts().partnerships"
    )
    assert "綦江区" in listed(page, "places") and "成都市" not in listed(page, "places")
    assert page.locator("#qj-said").inner_text() == page.locator("#qj-shown-count").inner_text()
    # What is taken along is what is shown.
    page.locator("#qj-take-button").click()
    assert "3" in page.locator("#qj-take label", has=page.locator('input[value="sites"]')).inner_text()


def test_facets_hold_together_their_values_are_alternatives_and_one_click_resets(
    open_file: Open, atlas_page: Path
) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    unfold(page, "category", "status")
    every = page.locator("[data-group=sites] .qj-count").inner_text()
    box(page, "category", "product-line").check()
    lines = listed(page, "sites")
    operating = left(page, "status", "operating")
    box(page, "status", "operating").check()
    both = listed(page, "sites")
    assert both < lines
    # The numbers of a facet are those that its own choice leaves open.
    assert left(page, "category", "product-line") == len(both)
    assert left(page, "status", "operating") == operating
    box(page, "category", "enterprise").check()
    assert listed(page, "sites") > both
    assert page.locator("#qj-shown .qj-chip").count() == 3
    page.locator("#qj-shown .qj-reset").click()
    assert page.locator("#qj-shown").is_hidden()
    assert page.locator("[data-group=sites] .qj-count").inner_text() == every
    assert page.evaluate("location.hash") == ""


def test_a_partner_brings_its_partnerships_and_what_they_concern(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    unfold(page, "partner")
    # Hill City counts for its high-tech zone too.
    assert left(page, "partner", "hill") == 3
    box(page, "partner", "hill").check()
    assert listed(page, "partnerships") == {"湾区—山城协议", "联合中心", "三方联盟"}
    assert listed(page, "places") == {"海口湾区", "山城市", "山城高新区", "湖畔市"}
    assert "海湾工业园" not in listed(page, "sites")
    assert set(page.evaluate("window.qjmap.visible().partnerships")) <= {"pact", "centre", "three"}


def test_free_text_filters_by_pinyin_everywhere(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    unfold(page)
    page.locator("#qj-filter-text").fill("hwcl")
    wait_until_still(page)
    assert listed(page, "sites") == {"海湾齿轮厂"}
    page.locator("#qj-list-button").click()
    assert page.locator("#qj-list-filter").input_value() == "hwcl"
    page.locator("#qj-list-filter").fill("")
    wait_until_still(page)
    page.locator("#qj-list-close").click()
    assert page.locator("#qj-shown").is_hidden()


def test_a_link_carries_the_filter_and_back_takes_it_away(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, fragment="#id=zigong&f=category:logistics-park;status:planned,-&q=beidu")
    opened.wait_ready()
    page = opened.page
    assert page.locator("#qj-panel-title").inner_text() == "自贡市"
    assert page.locator("#qj-shown .qj-chip").count() == 4
    assert listed(page, "sites") == {"北渡铝铜专业物流园"}
    unfold(page, "category")
    box(page, "category", "dry-port").check()
    assert "dry-port" in page.evaluate("decodeURIComponent(location.hash)")
    page.go_back()
    expect(box(page, "category", "dry-port")).not_to_be_checked()
    assert box(page, "category", "logistics-park").is_checked()
    assert page.locator("#qj-panel-title").inner_text() == "自贡市"


@pytest.mark.parametrize("fragment", ["#f=category:nonsense;what:ever", "#f=;;;:::", "#f=category", "#q=%00&f=%"])
def test_a_link_that_makes_no_sense_shows_everything(open_file: Open, region_page: Path, fragment: str) -> None:
    opened = open_file(region_page, fragment=fragment)
    opened.wait_ready()
    assert opened.page.locator("#qj-shown .qj-chip").count() == 0 or "q=" in fragment


def test_going_to_what_a_filter_hides_drops_that_filter(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    unfold(page, "category")
    box(page, "category", "hotel").check()
    page.get_by_role("combobox").fill("beidu")
    wait_until_still(page)
    page.keyboard.press("Enter")
    assert page.locator("#qj-panel-title").inner_text() == "北渡铝铜专业物流园"
    assert page.locator("#qj-shown").is_hidden()


def test_filters_are_reached_by_touch_in_a_sheet(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, viewport=PHONE, has_touch=True)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-layers-button").tap()
    page.locator("#qj-filters-button").tap()
    page.locator(".qj-facet[data-facet=status] .qj-facet-head").tap()
    page.locator("label", has=box(page, "status", "planned")).tap()
    page.locator("#qj-layers-close").tap()
    assert page.locator("#qj-layers").is_hidden()
    assert page.locator("#qj-shown .qj-chip").inner_text().startswith("规划")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_legend_tells_a_layer_that_is_off_and_widths_that_do_not_occur(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    width = page.locator('#qj-legend [data-group="weight"] li')
    classes = width.count()
    assert classes >= 3
    unfold(page, "kind")
    box(page, "kind", "planned-link").check()  # all are plans, few in a bundle
    expect(width.filter(visible=True)).to_have_text(["1–2", "3–5"])
    box(page, "kind", "planned-link").uncheck()
    expect(width.filter(visible=True)).to_have_count(classes)

    page.locator("#qj-layers input[data-group=partnerships]:not([data-value])").uncheck()
    page.locator("#qj-layers input[data-group=corridors]:not([data-value])").uncheck()
    heads = page.locator("#qj-legend h2", has=page.locator(".qj-off:not([hidden])")).filter(visible=True)
    expect(heads).to_have_text(["合作（图层已关闭）", "通道（图层已关闭）"])
    for group in ("arc_family", "weight", "mode"):
        expect(page.locator(f'#qj-legend [data-group="{group}"] ul')).to_be_hidden()
    page.locator("#qj-language").click()
    expect(heads).to_have_text(["Partnerships (layer is off)", "Corridors (layer is off)"])


def test_joint_projects_alone_make_a_map_of_joint_projects(open_file: Open, atlas_page: Path) -> None:
    opened = open_file(atlas_page, fragment="#f=kind:joint-project,joint-park")
    opened.wait_ready()
    page = opened.page
    joint = listed(page, "partnerships")
    assert len(joint) == 8
    assert listed(page, "places") == {"綦江区", "自贡市", "重庆市", "四川省", "贵州省"}
    sites = listed(page, "sites")
    assert {"自贡綦江川渝产业合作示范园区", "川渝黔页岩气交易中心"} <= sites
    assert len(sites) == 8  # what the eight build
    assert listed(page, "corridors") == {"渝黔区域合作"}
    # What is chosen elsewhere is shown, and the filter that hid it is dropped.
    assert page.evaluate("qjmap.select('panzhihua')")
    expect(page.locator("#qj-shown")).to_be_hidden()
