"""A page of two editions tells what is gone, new, moved and changed apart, on map, legend, list and panel, in words and symbols."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import qjmap
from tests.browser.conftest import DESKTOP, PHONE, Opened
from tests.browser.test_axe import AXE, RUN
from tests.browser.test_filter import left, unfold
from tests.browser.test_take import taken
from tests.region import ROWS
from tests.two_editions import make_two_editions

Open = Callable[..., Opened]
GREY = {"light": "#7a7468", "dark": "#a39d90"}
"""Colour of withdrawn lines and symbols, `ring` of the palettes."""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    old, new = make_two_editions(tmp_path_factory.mktemp("editions"))
    out = tmp_path_factory.mktemp("page") / "changes.html"
    return qjmap.open_project(new).compare(old).save(out)


def ready(open_file: Open, page_file: Path, **options: object) -> Page:
    opened = open_file(page_file, **options)
    opened.wait_ready()
    return opened.page


def test_withdrawn_rows_are_drawn_grey_and_dashed_where_they_were(open_file: Open, page_file: Path) -> None:
    page = ready(open_file, page_file)
    shown = page.evaluate("qjmap.visible()")
    assert {"crane", "notes-2", "port"} <= {*shown["sites"]}
    assert "yard" in shown["places"]
    assert "yard-pact" in shown["partnerships"]
    drawn = taken(page, "save_svg").decode("utf-8")
    grey = [tag for tag in re.findall(r"<path[^>]*>", drawn) if f'stroke="{GREY["light"]}"' in tag]
    assert sum("stroke-dasharray" in tag for tag in grey) >= 4  # the sites, the pact and the leg
    for word in ("新增", "撤下", "变更"):
        assert f">{word}<" in drawn, word


def test_a_line_of_the_legend_isolates_what_became_of_rows(open_file: Open, page_file: Path) -> None:
    page = ready(open_file, page_file)
    group = page.locator('#qj-legend [data-group="edition_change"]')
    expect(group.locator("h2")).to_contain_text("本版变化")
    assert group.locator("button").all_inner_texts() == ["新增", "撤下", "移位", "变更"]
    for word, places, sites, partnerships in (
        ("撤下", ["yard"], ["crane", "notes-2"], ["yard-pact"]),
        ("新增", [], ["port"], []),
        ("移位", ["lake"], ["depot"], []),
        ("变更", [], ["depot"], ["far"]),
    ):
        button = group.get_by_role("button", name=word)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        page.wait_for_function(
            "([places, sites, pacts]) => { const now = qjmap.visible();"
            "return String(now.places) === places && String(now.sites.sort()) === sites && String(now.partnerships) === pacts; }",
            arg=[",".join(places), ",".join(sites), ",".join(partnerships)],
        )
        button.click()
    expect(page.locator("#qj-shown")).to_be_hidden()


def test_filter_and_list_have_the_column(open_file: Open, page_file: Path) -> None:
    page = ready(open_file, page_file, fragment="#f=edition_change:withdrawn")
    expect(page.locator("#qj-shown")).to_contain_text("撤下")
    page.locator("#qj-list-button").click()
    page.locator("#qj-tab-sites").click()
    table = page.locator("#qj-list table")
    expect(table.locator("thead th").nth(1)).to_have_text("本版变化")
    expect(table.locator("tbody tr:has(th)")).to_have_count(2)
    assert table.locator("tbody tr:has(th) td:nth-child(2)").all_inner_texts() == ["撤下", "撤下"]
    expect(table.locator("tbody th").first).to_contain_text("（撤下）")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_panel_shows_old_and_new(open_file: Open, page_file: Path, viewport: dict[str, int]) -> None:
    page = ready(open_file, page_file, fragment="#id=depot", viewport=viewport)
    note = page.locator(".qj-edition")
    expect(note.locator("h3")).to_have_text("本版变化：移位、变更")
    expect(note.get_by_role("row").nth(1)).to_have_text(re.compile(r"名称.*湖畔仓库.*湖畔大仓库"))
    expect(note.get_by_role("row", name=re.compile("位置"))).to_contain_text("移动 18.5 km")
    page.evaluate("qjmap.select('yard-pact')")
    expect(note.locator("h3")).to_have_text("本版变化：撤下")
    expect(page.locator("#qj-panel-title")).to_have_text("堆场协议（撤下）")
    expect(page.locator("#qj-panel-body")).to_contain_text("旧堆场（撤下）")
    page.evaluate("qjmap.select('rail')")
    expect(note).to_contain_text("所含各段有变化")
    page.evaluate("qjmap.select('pact')")
    expect(note).to_have_count(0)


_AT = """async position => {
    const map = Object.values(window).find(one => one instanceof L.Map);
    const at = () => {
        const { x, y } = map.latLngToContainerPoint(position), { left, top } = map.getContainer().getBoundingClientRect();
        return [x + left, y + top];
    };
    let before, now = at();
    do {
        before = now;
        await new Promise(resolve => setTimeout(resolve, 200));
        now = at();
    } while (String(now) !== String(before));
    return now;
}"""
"""Returns where a position (latitude, longitude) is in the window, once the map rests."""


def test_a_mark_on_the_map_shows_its_row(open_file: Open, page_file: Path) -> None:
    page = ready(open_file, page_file, fragment="#f=edition_change:added")
    page.evaluate("qjmap.select('port')")
    expect(page.locator("#qj-panel-title")).to_have_text("新港")
    page.keyboard.press("Escape")
    expect(page.locator("#qj-panel")).to_be_hidden()
    x, y = page.evaluate(_AT, [29.6, 100.2])
    page.mouse.move(x + 20, y - 12)  # the mark is above the port and to the right of it
    page.mouse.click(x + 20, y - 12)
    expect(page.locator("#qj-panel-title")).to_have_text("新港")


def test_it_speaks_english_and_counts_the_new_edition_only(open_file: Open, page_file: Path) -> None:
    page = ready(open_file, page_file, fragment="#lang=en&id=far", greeted=False)
    expect(page.locator(".qj-edition h3")).to_have_text("What changed: changed")
    expect(page.locator(".qj-edition tbody tr")).to_have_text(re.compile(r"Status.*proposed.*planned"))
    assert page.locator('#qj-legend [data-group="edition_change"] button').all_inner_texts() == [
        "added",
        "withdrawn",
        "moved",
        "changed",
    ]
    expect(page).to_have_title("Bay cooperation map · what changed")
    page.locator("#qj-story-button").click()
    numbers = page.locator("#qj-story").inner_text()
    assert "7" not in re.findall(
        r"\d+", numbers.split("What")[0]
    )  # 6 partnerships; with the withdrawn one there would be 7


@pytest.mark.parametrize(("lang", "viewport"), [("zh", DESKTOP), ("en", PHONE)], ids=["zh desktop", "en phone"])
def test_counts_are_of_the_new_edition_with_the_withdrawn_apart(
    open_file: Open, page_file: Path, lang: str, viewport: dict[str, int]
) -> None:
    page = ready(open_file, page_file, fragment=f"#lang={lang}", viewport=viewport)
    sites, pacts = len(ROWS["sites"]) + 1, len(ROWS["partnerships"])
    counts = page.evaluate("qjmap.counts()")
    assert (counts["sites"], counts["partnerships"]) == (sites, pacts)
    if viewport == PHONE:
        page.locator("#qj-layers-button").click()
    words = "撤下 {}" if lang == "zh" else "{} withdrawn"
    layers = page.locator("#qj-layers-body")
    expect(layers.locator("[data-group=sites] .qj-count")).to_have_text(f"{sites} · {words.format(2)}")
    expect(layers.locator("[data-group=partnerships] .qj-count")).to_have_text(f"{pacts} · {words.format(1)}")
    unfold(page, "category", "edition_change")
    assert left(page, "category", "enterprise") == sum(row["category"] == "enterprise" for row in ROWS["sites"])
    assert left(page, "edition_change", "withdrawn") == 5  # a place, two sites, a pact and a leg
    page.locator("#qj-list-button").click()
    expect(page.locator("#qj-tab-sites .qj-count")).to_have_text(f"{sites} · {words.format(2)}")


def test_two_editions_are_compared_not_edited(open_file: Open, page_file: Path) -> None:
    page = ready(open_file, page_file)
    expect(page.locator("#qj-editor-button")).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_reports_nothing(open_file: Open, page_file: Path, scheme: str, viewport: dict[str, int]) -> None:
    page = ready(open_file, page_file, viewport=viewport, color_scheme=scheme, fragment="#id=depot")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    objections = page.evaluate(RUN)
    page.keyboard.press("Escape")
    page.locator("#qj-list-button").click()
    objections += page.evaluate(RUN)
    page.keyboard.press("Escape")
    if page.locator("#qj-legend-body").is_hidden():
        page.locator("#qj-legend-button").click()
    objections += page.evaluate(RUN)
    assert objections == []
