"""Columns of the user's own in the page: panel, list, filter and files, in both languages, on a desk and a phone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qjmap.pipeline.build import build
from qjmap.pipeline.export import export
from qjmap.project import load_project
from qjmap.schema import COMPANIONS
from tests.browser.conftest import PHONE, Opened, download, dropped
from tests.browser.test_filter import left, listed, unfold
from tests.own_tables import COLUMNS, HELD_BACK, SECRETS, make_own_region

Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def own_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(load_project(make_own_region(tmp_path_factory.mktemp("own") / "region"))).page


@pytest.fixture(scope="module")
def long_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(load_project(make_own_region(tmp_path_factory.mktemp("own") / "region", repeat=400))).page


def facts(page: Page) -> dict[str, str]:
    labels, values = (page.locator(f"#qj-panel .qj-facts {name}").all_inner_texts() for name in ("dt", "dd"))
    return dict(zip(labels, values, strict=True))


@pytest.mark.parametrize("pages", ["own_page", "long_page"])
def test_the_panel_shows_labels_and_values(open_file: Open, pages: str, request: pytest.FixtureRequest) -> None:
    opened = open_file(request.getfixturevalue(pages), fragment="#id=park")
    opened.wait_ready()
    page = opened.page
    expect(page.locator("#qj-panel .qj-facts")).to_contain_text("在岗职工")
    found = facts(page)
    assert found["在岗职工"] == "1,234人"
    assert found["占地面积（亩）"] == "12.5"
    assert found["获批日期"] == "2019年5月6日"
    assert found["投资额"] == "500万元"
    assert found["统一代码"] == "0012"
    assert found["编外人员"] == "0"
    assert "空列" not in found
    assert not {*HELD_BACK} & {*found}
    link = page.locator("#qj-panel .qj-facts a", has_text="https://example.cn/a?b=1")
    assert link.get_attribute("href") == "https://example.cn/a?b=1"
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.get_by_role("button", name="English").click()
    found = facts(page)
    assert found["Staff"] == "1,234人"
    assert found["Rating"] == "A"
    assert found["获批日期"] == "6 May 2019"
    assert found["投资额"] == "500万元"


def test_markup_and_other_protocols_stay_texts(open_file: Open, own_page: Path) -> None:
    opened = open_file(own_page, fragment="#id=by-address")
    opened.wait_ready()
    expect(opened.page.locator("#qj-panel .qj-facts")).to_contain_text("<b>压铸件</b>")
    opened.page.evaluate("qjmap.select('park')")
    expect(opened.page.locator("#qj-panel .qj-facts")).to_contain_text("ftp://example.cn")
    assert opened.page.locator("#qj-panel .qj-facts a[href^=ftp]").count() == 0


def heads(page: Page) -> list[str]:
    return [text.strip(" ▲▼\n") for text in page.locator("#qj-list-scroll thead th").all_inner_texts()]


def open_list(page: Page) -> None:
    page.locator("#qj-list-button").click()
    page.locator("#qj-tab-sites").click()
    expect(page.locator("#qj-list-scroll table")).to_have_attribute(
        "data-table", "sites"
    )  # rows are sorted in a worker


def expect_last_heads(page: Page, *words: str) -> None:
    for back, word in enumerate(reversed(words), 1):
        head = re.compile(rf"^\s*{re.escape(word)}\s*[▲▼]?\s*$")
        expect(page.locator("#qj-list-scroll thead th").nth(-back)).to_have_text(head)


@pytest.mark.parametrize("pages", ["own_page", "long_page"])
def test_the_reader_chooses_the_columns_of_the_list(
    open_file: Open, pages: str, request: pytest.FixtureRequest
) -> None:
    opened = open_file(request.getfixturevalue(pages))
    opened.wait_ready()
    page = opened.page
    open_list(page)
    expect_last_heads(page, "在岗职工", "占地面积（亩）")
    page.locator("#qj-list-columns summary").click()
    page.locator("#qj-list-columns").get_by_label("投资额").check()
    page.locator("#qj-list-columns").get_by_label("占地面积（亩）").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("#qj-list-columns > div")).to_be_hidden()
    expect_last_heads(page, "在岗职工", "投资额")
    page.get_by_role("button", name="投资额").click()
    first = page.locator("#qj-list-scroll tbody tr[data-index='0'] td").last
    expect(first).to_have_text("1万元")
    page.get_by_role("button", name="投资额").click()
    expect(first).to_have_text("3,000,000,000万元")
    page.locator("#qj-tab-places").click()
    page.locator("#qj-tab-sites").click()
    expect(page.locator("#qj-list-scroll table")).to_have_attribute("data-table", "sites")
    expect_last_heads(page, "投资额")


def test_a_phone_begins_with_none_of_them(open_file: Open, own_page: Path) -> None:
    opened = open_file(own_page, viewport=PHONE)
    opened.wait_ready()
    open_list(opened.page)
    assert not {*COLUMNS, "在岗职工"} & {*heads(opened.page)}
    opened.page.locator("#qj-list-columns summary").click()
    opened.page.locator("#qj-list-columns").get_by_label("在岗职工").check()
    expect_last_heads(opened.page, "在岗职工")


@pytest.mark.parametrize("pages", ["own_page", "long_page"])
def test_facets_of_texts_numbers_and_dates(open_file: Open, pages: str, request: pytest.FixtureRequest) -> None:
    opened = open_file(request.getfixturevalue(pages))
    opened.wait_ready()
    page = opened.page
    unfold(page, "own.评级", "own.职工人数", "own.获批日期")
    assert page.locator(".qj-facet[data-facet='own.产品']").count() == 0
    promised = left(page, "own.评级", "A")
    page.locator('input[data-facet="own.评级"][data-value="A"]').check()
    assert "f=own." in page.evaluate("decodeURIComponent(location.hash)")
    if pages == "own_page":
        assert len(listed(page, "sites")) == promised == 3
    labels = page.locator(".qj-facet[data-facet='own.职工人数'] .qj-switch-name").all_inner_texts()
    assert labels[1:] == ["12人", "56人", "345人", "1,234人", "7,890人", "未注明"]
    years = page.locator(".qj-facet[data-facet='own.获批日期'] .qj-switch-name").all_inner_texts()
    assert years[1:] == ["2018年", "2019年", "2020年", "2021年", "未注明"]
    again = open_file(request.getfixturevalue(pages), fragment="#" + page.url.partition("#")[2])
    again.wait_ready()
    unfold(again.page, "own.评级")
    expect(again.page.locator('input[data-facet="own.评级"][data-value="A"]')).to_be_checked()


def test_search_finds_their_texts(open_file: Open, own_page: Path) -> None:
    opened = open_file(own_page)
    opened.wait_ready()
    opened.page.locator("#qj-search").fill("同步器")
    expect(opened.page.locator("#qj-results li").first).to_contain_text("海湾工业园")


@pytest.mark.parametrize("form", ["geojson", "csv"])
def test_files_of_the_page_are_those_of_the_program(open_file: Open, own_page: Path, tmp_path: Path, form: str) -> None:
    opened = open_file(own_page)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-language").click()  # a table for Excel has the tables' names and codes in English
    page.locator("#qj-take-button").click()
    page.locator(f"input[name=qj-take-format][value={form}]").check()
    page.locator("input[name=qj-take-layer][value=sites]").check()
    text = download(page, page.locator("[data-act=save_data]")).decode("utf-8-sig")
    project = load_project(own_page.parent.parent)
    path = export(project, tmp_path / f"s.{form}", layer="sites", form=form)[0]
    rows = [json.loads(one)["features"] if form == "geojson" else list(csv.reader(io.StringIO(one)))
            for one in (text, path.read_text(encoding="utf-8-sig"))]  # fmt: skip
    if form == "csv":  # the program's file has names beside ids and dates beside partial ones too
        columns = [at for at, name in enumerate(rows[1][0]) if name not in COMPANIONS["sites"]]
        assert len(rows[1][0]) == len(columns) + len(COMPANIONS["sites"])
        rows[1] = [[row[at] for at in columns] for row in rows[1]]
    assert rows[0] == rows[1]
    assert not any(secret in text for secret in SECRETS)


def test_a_saved_page_has_the_columns_of_its_tables_alone(open_file: Open, own_page: Path, tmp_path: Path) -> None:
    opened = open_file(own_page)
    opened.wait_ready()
    page = opened.page
    dropped(
        page, "新增.csv", "名称,经度,纬度,坐标系,职工人数,联系电话\n新厂,100.5,30.5,wgs84,4321,023-55554444\n".encode()
    )
    page.locator("#qj-drop-summary").wait_for()

    def saved(act: str) -> str:
        return download(page, page.locator(f'#qj-drop [data-act="{act}"]')).decode("utf-8-sig")

    assert "023-55554444" in saved("save_csv"), "the table itself keeps it"
    for act in ("save_html", "save_geojson"):
        text = saved(act)
        assert "4321" in text
        assert "023-55554444" not in text
    copy = tmp_path / "copy.html"
    copy.write_text(saved("save_html"), encoding="utf-8")
    again = open_file(copy)
    again.wait_ready()
    again.page.locator("#qj-search").fill("新厂")
    again.page.locator("#qj-results li").first.click()
    expect(again.page.locator("#qj-panel .qj-facts")).to_contain_text("4,321人")


def test_a_file_whose_personal_columns_the_page_does_not_have_is_already_there(open_file: Open, own_page: Path) -> None:
    opened = open_file(own_page)
    opened.wait_ready()
    page = opened.page
    table = (own_page.parent.parent / "data" / "sites.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(table))
    kept = [at for at, name in enumerate(header) if name != "内部"]
    text = io.StringIO()
    csv.writer(text).writerows([[row[at] for at in kept] for row in (header, *rows)])
    dropped(page, "sites.csv", text.getvalue().encode())
    page.locator("#qj-drop-summary").wait_for()
    assert f"已有 {len(rows)} 行" in page.locator("#qj-drop-summary").inner_text()
