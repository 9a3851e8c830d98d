"""Time in the page: the slider and the year filter as a reader works them, and the dates behind them."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

import qjmap
from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.browser.conftest import PHONE, Opened
from tests.browser.waiting import wait_for
from tests.properties import examples
from tests.region import ROWS, make_region, write_table
from tests.web_modules import web_modules

Open = Callable[..., Opened]
DATED = [
    ("built", "operating", "2018", ""),
    ("closed", "ended", "2018-02", "2018-05"),
    ("autumn", "operating", "2019-09-09", ""),
    ("yard", "under-construction", "2019-10", ""),
    ("paper", "signed", "2019-12-31", ""),
    ("month", "signed", "2020-02", ""),
    ("hope", "planned", "2021-06", ""),
    ("late", "operating", "2020-07-01", ""),
    ("until", "operating", "", "2019"),
]
"""Invented sites: id, status, start, end. With the region's one dated agreement they are ten; facts hold for June 2020."""


@pytest.fixture(scope="module")
def dated_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    region = make_region(tmp_path_factory.mktemp("dated") / "region")
    sites = [
        {
            "id": one,
            "name": f"厂{one}",
            "category": "enterprise",
            "status": status,
            "place": "lake",
            "start": start,
            "end": end,
            "source": "survey",
        }
        for one, status, start, end in DATED
    ]
    write_table(region / "data" / "sites.csv", TABLES["sites"].names, [*ROWS["sites"], *sites])
    return build(load_project(region)).page


def shown(page: Page) -> set[str]:
    """Which of the dated things the map shows."""
    dated = {one for one, *_ in DATED} | {"pact"}
    visible = page.evaluate("qjmap.visible()")
    return dated & {*visible["sites"], *visible["partnerships"]}


def without_view(page: Page) -> str:
    """The page's address without the view of the map."""
    return re.sub("&map=[^&]*", "", page.url)


def opened_at(open_file: Open, path: Path, fragment: str = "", **options: object) -> Page:
    opened = open_file(path, fragment=fragment, **options)
    opened.wait_ready()
    return opened.page


AT = {
    "2018-Q1": {"closed", "until"},  # what was built in 2018 may have been built late in it
    "2018-Q3": {"until"},
    "2018-Q4": {"built", "until"},
    "2019-Q2": {"built", "until", "pact"},  # the agreement of May 2019
    "2019-Q3": {"built", "until", "pact", "autumn"},
    "2019-Q4": {"built", "until", "pact", "autumn", "yard", "paper"},
    "2020-Q1": {"built", "pact", "autumn", "yard", "paper", "month"},
    # From the quarter that the facts hold for on, what is still to come is a plan that is known of.
    "2020-Q2": {"built", "pact", "autumn", "yard", "paper", "month", "hope", "late"},
    "2021-Q4": {"built", "pact", "autumn", "yard", "paper", "month", "hope", "late"},
    "2019": {"built", "until", "pact", "autumn", "yard", "paper"},
}


def test_a_period_shows_what_there_was(open_file: Open, dated_page: Path) -> None:
    page = opened_at(open_file, dated_page)
    assert shown(page) == {one for one, *_ in DATED} | {"pact"}  # off at first: everything
    assert page.locator("#qj-time").is_hidden()
    for period, expected in AT.items():
        page.goto(page.url.partition("#")[0] + "#t=" + period)
        assert wait_for(page, lambda: shown(page), expected.__eq__) == expected, period
    page.go_back()
    assert wait_for(page, lambda: shown(page), AT["2021-Q4"].__eq__) == AT["2021-Q4"]


def test_the_slider_says_the_period_and_how_many(open_file: Open, dated_page: Path) -> None:
    page = opened_at(open_file, dated_page)
    page.get_by_role("button", name="时间").click()
    slider = page.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext") == "2020年第2季度：已建成或实施 3 · 已签约 3 · 计划 2"
    page.keyboard.press("ArrowLeft")  # the slider has the focus
    assert slider.get_attribute("aria-valuetext") == "2020年第1季度：已建成或实施 3 · 已签约 3 · 计划 0"
    assert "t=2020-Q1" in page.url
    page.keyboard.press("Home")
    assert shown(page) == AT["2018-Q1"]
    page.locator("#qj-language").click()
    assert slider.get_attribute("aria-valuetext") == "Q1 2018: 2 existing · 0 signed · 0 planned"
    page.get_by_label("Step").select_option("year")
    assert slider.get_attribute("aria-valuetext") == "2018: 3 existing · 0 signed · 0 planned"
    assert slider.get_attribute("max") == "3"
    page.get_by_role("button", name="Close and show all of time").click()
    assert shown(page) == {one for one, *_ in DATED} | {"pact"}
    assert "t=" not in page.url


def test_what_has_no_date_is_counted_and_can_be_hidden(open_file: Open, dated_page: Path) -> None:
    page = opened_at(open_file, dated_page, "#t=2020-Q2")
    undated = len(ROWS["sites"]) + len(ROWS["partnerships"]) - 1 + len(ROWS["corridors"])
    box = page.get_by_label(f"同时显示无日期的 {undated} 项")
    assert box.is_checked()
    before = page.evaluate("qjmap.visible()")
    assert "park" in before["sites"]
    box.uncheck()
    after = page.evaluate("qjmap.visible()")
    assert set(after["sites"]) | set(after["partnerships"]) == AT["2020-Q2"]
    assert after["corridors"] == []
    assert set(after["places"]) == set(before["places"])  # a place is no dated thing
    assert "nodate=hide" in page.url
    page.reload()
    page.wait_for_selector("html[data-qjmap=ready]", state="attached")
    assert set(page.evaluate("qjmap.visible()")["sites"]) | {"pact"} == AT["2020-Q2"]


def test_it_plays_to_the_end_and_stops_when_touched(open_file: Open, dated_page: Path) -> None:
    page = opened_at(open_file, dated_page, "#t=2021-Q2", alone=True)
    page.clock.install()
    play = page.locator("#qj-time-play")
    play.click()
    assert play.get_attribute("aria-label") == "暂停"
    page.wait_for_selector("#qj-time-range[aria-valuetext^='2021年第4季度']", timeout=8000)
    page.wait_for_selector("#qj-time-play[aria-label=播放]")
    play.click()  # at the end it begins again
    page.wait_for_selector("#qj-time-range[aria-valuetext^='2018年']", timeout=8000)
    page.keyboard.press("Shift")
    assert play.get_attribute("aria-label") == "播放"
    held = page.get_by_role("slider").input_value()
    page.clock.run_for(1600)
    assert page.get_by_role("slider").input_value() == held


def test_without_motion_it_steps(open_file: Open, dated_page: Path) -> None:
    page = opened_at(open_file, dated_page, "#t=2019-Q1", reduced_motion="reduce", alone=True)
    page.clock.install()
    step = page.get_by_role("button", name="下一期")
    step.click()
    assert "t=2019-Q2" in page.url
    page.clock.run_for(1500)
    assert "t=2019-Q2" in page.url


def test_the_time_bar_covers_nothing_and_moves_nothing_after_the_page_is_ready(
    open_file: Open, dated_page: Path
) -> None:
    for viewport in (PHONE, {"width": 320, "height": 640}, {"width": 1440, "height": 900}):
        opened = open_file(dated_page, viewport=viewport, fragment="#t=2019-Q4&id=lake")
        opened.wait_ready()
        page = opened.page
        stage, strip = (page.locator(one).bounding_box() for one in ("#qj-stage", "#qj-time"))
        assert stage and strip
        assert strip["y"] >= stage["y"] + stage["height"] - 1
        assert strip["x"] >= 0 and strip["x"] + strip["width"] <= viewport["width"] + 1
        assert stage["height"] > 300
        shifts = page.evaluate(
            """() => new Promise((done) => {
                 const ready = performance.getEntriesByName("qjmap-ready")[0].startTime;
                 new PerformanceObserver((list) => done(list.getEntries().filter((one) => one.startTime > ready && !one.hadRecentInput).length))
                   .observe({ type: "layout-shift", buffered: true });
                 setTimeout(() => done(0), 600);
               })"""
        )
        assert shifts == 0
        assert page.locator("#qj-panel").inner_text().startswith("地级市")


def test_few_dates_make_a_year_filter(open_file: Open, region_page: Path) -> None:
    page = opened_at(open_file, region_page)
    page.get_by_role("button", name="时间").click()
    assert page.get_by_role("slider").count() == 0
    years = page.get_by_label("时间").locator("option")
    assert years.all_inner_texts() == ["全部年份", "2019年"]
    page.locator("#qj-time-year").select_option("2019")
    page.get_by_label("同时显示无日期的").uncheck()
    assert page.evaluate("qjmap.visible()")["partnerships"] == ["pact"]
    page.locator("#qj-time-year").select_option("")
    assert len(page.evaluate("qjmap.visible()")["partnerships"]) > 1


def test_a_project_without_dates_has_no_time(open_file: Open, tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    rows = [{**row, "start": ""} for row in ROWS["partnerships"]]
    write_table(region / "data" / "partnerships.csv", TABLES["partnerships"].names, rows)
    page = opened_at(open_file, qjmap.open_project(region).build().page, "#t=2019")
    assert page.locator("#qj-time-button").is_hidden()
    assert page.locator("#qj-time").is_hidden()


def test_the_address_keeps_what_it_does_not_know(open_file: Open, dated_page: Path) -> None:
    page = opened_at(open_file, dated_page, "#later=kept%26so&id=hill&t=2019-Q4")
    page.locator("#qj-panel").get_by_role("link", name="海岸省").first.click()
    assert without_view(page).endswith("#later=kept%26so&id=coast&t=2019-Q4")
    page.go_back()
    expect(page.locator("#qj-panel-title")).to_contain_text("山城市")
    page.locator("#qj-panel-close").click()
    assert without_view(page).endswith("#later=kept%26so&t=2019-Q4")
    assert shown(page) == AT["2019-Q4"]


@pytest.fixture(scope="module")
def dates(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.add_script_tag(content=web_modules("app/base/date-spans.js"))
    yield page
    page.close()


def partial(year: int, month: int | None, day: int | None) -> tuple[str, int, int]:
    """An ISO date cut off somewhere, with the days since 1970 that it spans, as Python's calendar has them."""
    epoch = datetime.date(1970, 1, 1)
    if month is None:
        return f"{year:04}", (datetime.date(year, 1, 1) - epoch).days, (datetime.date(year, 12, 31) - epoch).days
    length = calendar.monthrange(year, month)[1]
    if day is None:
        first, last = datetime.date(year, month, 1), datetime.date(year, month, length)
        return f"{year:04}-{month:02}", (first - epoch).days, (last - epoch).days
    one = datetime.date(year, month, min(day, length))
    return one.isoformat(), (one - epoch).days, (one - epoch).days


PARTIAL = st.one_of(
    st.builds(partial, st.integers(1, 9999), st.none(), st.none()),
    st.builds(partial, st.integers(1, 9999), st.integers(1, 12), st.none()),
    st.builds(partial, st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31)),
)
SLOWLY = examples(40)


@SLOWLY
@given(given_dates=st.lists(PARTIAL, min_size=1, max_size=60))
def test_a_partial_date_means_all_of_its_days(dates: Page, given_dates: list[tuple[str, int, int]]) -> None:
    found = dates.evaluate("texts => texts.map(modules.span)", [text for text, *_ in given_dates])
    assert found == [[first, last] for _, first, last in given_dates]


def test_what_is_no_date_spans_nothing(dates: Page) -> None:
    wrong = ["", "2020-13", "2020-02-30", "2020-0", "20", "2020-01-01T00:00", "去年", "2020-00", "2020-01-00"]
    assert dates.evaluate("texts => texts.map(modules.span)", wrong) == [None] * len(wrong)


@SLOWLY
@given(
    first=st.integers(1000, 9990),
    more=st.integers(0, 9),
    unit=st.sampled_from(["year", "quarter"]),
    share=st.floats(0, 1),
)
def test_periods_follow_each_other_without_a_gap(dates: Page, first: int, more: int, unit: str, share: float) -> None:
    names = dates.evaluate("([a, b, unit]) => modules.periods(a, b, unit)", [first, first + more, unit])
    spans = dates.evaluate("names => names.map(modules.period)", names)
    assert all(after[0] == before[1] + 1 for before, after in pairwise(spans))
    day = spans[0][0] + int(share * (spans[-1][1] - spans[0][0]))
    holding = dates.evaluate("([day, unit]) => modules.holding(day, unit)", [day, unit])
    inside = spans[names.index(holding)]
    assert inside[0] <= day <= inside[1]


@SLOWLY
@given(
    start=st.none() | PARTIAL, end=st.none() | PARTIAL, known=st.none() | PARTIAL, year=st.integers(1, 9999),
    status=st.sampled_from(["operating", "signed", "planned", "proposed", "under-construction", "ended", ""]),
)  # fmt: skip
def test_a_thing_is_there_from_its_first_possible_day_to_its_last(
    dates: Page, start: tuple[str, int, int] | None, end: tuple[str, int, int] | None, known: tuple[str, int, int] | None,
    year: int, status: str,
) -> None:  # fmt: skip
    period = [partial(year, None, None)[1], partial(year, None, None)[2]]
    thing = {
        "start": start and list(start[1:]),
        "end": end and list(end[1:]),
        "known": known and list(known[1:]),
        "status": status,
    }
    state = dates.evaluate("([period, thing]) => modules.stateAt(period, thing)", [period, thing])
    if start is None and end is None:
        assert state == "undated"
        return
    if end is not None and period[0] > end[2]:
        assert state == ""
    elif status in ("planned", "proposed"):
        assert state in ("", "planned")
        assert state == "planned" or (
            start is not None and period[1] < start[1] and known is not None and period[1] < known[1]
        )
    elif start is None or period[1] >= start[1]:
        ahead = start is not None and known is not None and start[1] > known[2]
        assert state == ("planned" if ahead else "signed" if status == "signed" else "existing")
    else:
        assert state in ("", "planned")
