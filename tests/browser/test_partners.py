"""The panel's numbers, the matrix, the figures: what a place shows of its partners, against the report of the same tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

import qjmap
from qjmap.model.relations import Relations
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.browser.conftest import PHONE, Opened
from tests.browser.test_filter import left, unfold
from tests.region import ROWS, make_region, write_table

Open = Callable[..., Opened]
NAMES = {"joint": "joint_projects", "committed": "committed_cny", "intended": "intended_cny", "no_value": "no_value",
         "km": "distance_km", "corridor_km": "corridor_km", "within": "within_links"}  # fmt: skip

READ = """ids => ids.map((id) => {
  qjmap.select(id);
  const more = Array.from(document.querySelectorAll("#qj-panel .qj-partner")).length
    && document.querySelector("#qj-panel .qj-partner").parentElement.querySelector("button.qj-more");
  if (more) more.click();
  const data = (node) => Object.fromEntries(Array.from(node.querySelectorAll("data")).map((one) => [one.dataset.name, Number(one.value)]));
  return {
    id,
    sums: data(document.querySelector("#qj-panel .qj-sums")),
    partners: Array.from(document.querySelectorAll("#qj-panel .qj-partner")).map((node) =>
      ({ partner: node.dataset.id, links: Number(node.querySelector(".qj-count").textContent.replace(/,/g, "")), ...data(node) })),
  };
})"""


def as_read(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the report with the names under which the page shows it; the page leaves out zeros and what is unknown.

    That no partnership with a partner states a value is said once, of the place, and not of each partner again.
    """
    shown = {name: row[column] for name, column in NAMES.items() if row.get(column)}
    if "partner" in row and shown.get("no_value") == row["links"]:
        del shown["no_value"]
    return shown


def compare(page: Page, report: qjmap.report.Report) -> int:
    told = json.loads(report.to_json())
    read = page.evaluate(READ, [row["id"] for row in told["places"]])
    for place, row in zip(read, told["places"], strict=True):
        assert place["sums"] == as_read(row), place["id"]
        partners = [one for one in told["partners"] if one["id"] == place["id"]]
        assert place["partners"] == [
            {"partner": one["partner"], "links": one["links"], **as_read(one)} for one in partners
        ]
    return sum(len(place["partners"]) for place in read)


def test_the_panel_and_the_report_have_the_same_numbers(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    assert compare(opened.page, qjmap.open_project(region_page.parents[1]).report()) == 26


def test_panel_and_report_agree_for_the_first_atlas(open_file: Open, atlas_page: Path, repository: Path) -> None:
    opened = open_file(atlas_page)
    opened.wait_ready()
    assert compare(opened.page, qjmap.open_project(repository).report()) > 80


MATRIX = """() => {
  document.getElementById("qj-list-button").click();
  document.getElementById("qj-matrix-button").click();
  document.querySelector(".qj-matrix-all")?.click();
  return Array.from(document.querySelectorAll("#qj-matrix td button"), (node) => [node.dataset.one, node.dataset.other, Number(node.textContent)]);
}"""


def test_panel_matrix_filter_and_report_agree_in_every_pair(
    open_file: Open, atlas_page: Path, repository: Path
) -> None:
    told = json.loads(qjmap.open_project(repository).report().to_json())
    links = {(row["id"], row["partner"]): row["links"] for row in told["partners"]}
    assert all(links[partner, subject] == count for (subject, partner), count in links.items())
    opened = open_file(atlas_page)
    opened.wait_ready()
    page = opened.page
    ids = [row["id"] for row in told["places"]]
    panel = {(row["id"], one["partner"]): one["links"] for row in page.evaluate(READ, ids) for one in row["partners"]}
    assert panel == links
    page.keyboard.press("Escape")
    unfold(page, "partner")
    relations = Relations(load_atlas(load_project(repository))[0])
    home = {*relations.links["qijiang"].rows}
    shown = page.locator('input[data-facet="partner"]').evaluate_all("nodes => nodes.map((node) => node.dataset.value)")
    assert {"zigong", "sichuan", "guizhou"} <= {*shown}
    for partner in {*shown} & {partner for partner, _ in relations.partners("qijiang")}:
        elsewhere = {*relations.links[partner].rows} - home  # in which the home takes no part
        assert left(page, "partner", partner) == links["qijiang", partner] + len(elsewhere), partner
    matrix = {(one, other): count for one, other, count in page.evaluate(MATRIX)}
    places = {row["id"] for row in told["places"] if row["table"] == "places"}
    assert matrix == {pair: count for pair, count in links.items() if {*pair} <= places}


def test_values_of_every_kind_add_up_the_same(open_file: Open, tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    given = [
        ("a", "10", ">=", "", ""),
        ("b", "2.5", "about", "a", ""),
        ("c", "7", "<", "", "actual"),
        ("d", "1", "=", "c|b", ""),
        ("e", "", "", "a", ""),
        ("f", "3", "", "f2", ""),
        ("g", "40", "", "", "forecast"),
    ]
    more = [
        {"id": one, "name": f"项目{one}", "kind": "joint-park", "parties": "hill|lake", "status": status, "value_cny": value,
         "value_qualifier": qualifier, "value_kind": kind, "part_of": whole.replace("f2", "e"), "source": "survey"}
        for (one, value, qualifier, whole, kind), status in zip(
            given, ["signed", "planned", "ended", "proposed", "operating", "", "signed"], strict=True
        )
    ]  # fmt: skip
    write_table(region / "data" / "partnerships.csv", TABLES["partnerships"].names, [*ROWS["partnerships"], *more])
    project = qjmap.open_project(region)
    opened = open_file(project.build().page)
    opened.wait_ready()
    compare(opened.page, project.report())
    hill = project.report().partners.query("id == 'hill' and partner == 'lake'").to_dict("records")[0]
    assert (hill["committed_cny"], hill["committed_qualifier"], hill["intended_cny"]) == (17.0, "about", 43.0)


def test_one_panel_groups_all_links_of_a_place(open_file: Open, atlas_page: Path) -> None:
    """Each with its date, its value or that none is stated, and its source."""
    opened = open_file(atlas_page)
    opened.wait_ready()
    box = opened.page.get_by_role("combobox")
    box.fill("自贡")
    opened.page.get_by_role("option").first.wait_for()
    box.press("Enter")
    assert opened.page.locator("#qj-panel-title").inner_text() == "自贡市"
    groups = opened.page.locator("#qj-panel h4.qj-status").all_inner_texts()
    assert groups == ["已签约 8", "规划 1", "已结束 1"]
    deals = opened.page.locator("#qj-panel .qj-deal").all_inner_texts()
    assert len(deals) == 10
    for deal in deals:
        assert ("年" in deal or "时间未说明" in deal) and ("万元" in deal or "未说明" in deal), deal
        assert "来源：" in deal or "无来源" in deal, deal


def test_what_the_filter_holds_back_is_not_counted_but_said(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    page.evaluate("qjmap.select('harbour')")
    page.locator("#qj-time-button").click()
    page.locator("#qj-time-year").select_option("2019")
    page.get_by_label("同时显示无日期的").uncheck()
    panel = page.locator("#qj-panel")
    assert "按当前筛选：1 / 6 项合作" in panel.inner_text()
    assert panel.locator(".qj-partner").count() == 1
    assert panel.locator(".qj-deal").count() == 1


def test_the_matrix_counts_both_ways_and_lists_a_cell(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    page.evaluate("qjmap.select('harbour')")
    page.locator("#qj-panel").get_by_role("button", name="谁与谁合作").click()
    table = page.locator("#qj-matrix table")
    heads = table.locator("thead th").all_inner_texts()[2:]
    assert (
        heads
        == table.locator("tbody th").all_inner_texts()
        == ["海口湾区", "山城市", "山城高新区", "远岛", "湖畔市", "海岸省"]
    )
    grid = [[cell.strip() for cell in row.locator("td").all_inner_texts()] for row in table.locator("tbody tr").all()]
    assert grid == [
        ["6", "", "3", "1", "1", "1", ""],
        ["3", "3", "", "", "", "1", ""],
        ["1", "1", "", "", "", "1", ""],
        ["1", "1", "", "", "", "", "1"],
        ["1", "1", "1", "1", "", "", "1"],
        ["6", "", "", "", "1", "1", ""],
    ]
    assert (
        "另有 2 项合作" in page.locator("#qj-matrix-note").inner_text()
    )  # the supply to nobody knows where, the park's platform
    page.get_by_role("button", name="海口湾区与山城市：3 项合作，其中下级 1 项").click()
    assert page.locator("#qj-matrix-deals li a[href='#id=pact']").is_visible()
    assert "金额未说明" in page.locator("#qj-matrix-deals").inner_text()
    page.locator("#qj-matrix-deals").get_by_role("link", name="联合中心").click()
    assert page.locator("#qj-matrix").is_hidden()
    assert page.locator("#qj-panel-title").inner_text() == "联合中心"


def test_the_matrix_by_keyboard(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page, viewport=PHONE)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-list-button").focus()
    page.keyboard.press("Enter")
    page.locator("#qj-matrix-button").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "qj-matrix-title"
    for _ in range(8):  # close, three files, the table, its heads, its numbers
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#qj-matrix td button')"):
            break
    label = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(label) == "海口湾区与山城市：3 项合作，其中下级 1 项"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(label) == "海口湾区与山城高新区：1 项合作"
    page.keyboard.press("ArrowDown")  # the next cell below with a number in it
    assert page.evaluate(label) == "湖畔市与山城高新区：1 项合作"
    page.keyboard.press("Enter")
    assert "三方联盟" in page.locator("#qj-matrix-deals").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#qj-matrix").is_hidden()
    assert page.locator("#qj-list").is_visible()
    assert page.evaluate("document.activeElement.id") == "qj-matrix-button"


def test_figures_of_one_unit_have_bars_and_a_course(open_file: Open, tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    years = [("2018", "1"), ("2019", "2"), ("2020", "4")]
    more = [
        {"id": f"staff-{year}", "subject": "works", "name": "职工", "kind": "actual", "value": value, "unit": "人",
         "period": year, "source": "survey"}
        for year, value in years
    ]  # fmt: skip
    write_table(region / "data" / "indicators.csv", TABLES["indicators"].names, [*ROWS["indicators"], *more])
    opened = open_file(qjmap.open_project(region).build().page)
    opened.wait_ready()
    page = opened.page
    page.evaluate("qjmap.select('works')")
    assert page.locator("#qj-panel .qj-figure").count() == 4
    widths = page.locator("#qj-panel .qj-bar-value").evaluate_all(
        "nodes => nodes.map((node) => node.getAttribute('width'))"
    )
    assert widths == ["25.00", "50.00", "100.00"]  # the one figure in yuan has none
    assert page.locator("#qj-panel .qj-course").count() == 1
    assert page.locator("#qj-panel svg:not([aria-hidden])").count() == 0
    texts = page.locator("#qj-panel .qj-value").all_inner_texts()
    assert sorted(texts)[:3] == ["1人", "2人", "4人"]


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 640}])
def test_nothing_of_it_is_wider_than_a_phone(open_file: Open, atlas_page: Path, viewport: dict[str, int]) -> None:
    opened = open_file(atlas_page, viewport=viewport)
    opened.wait_ready()
    page = opened.page
    page.evaluate("qjmap.select('qijiang')")
    assert page.locator("#qj-panel-body").evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    page.locator("#qj-panel .qj-matrix-open").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#qj-matrix-scroll").evaluate("node => node.clientWidth") > 250


def test_the_matrix_sorts_by_its_heads(open_file: Open, region_page: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    page.evaluate(MATRIX)
    columns = [head.get_attribute("data-sort") or "" for head in page.locator(".qj-matrix-sort").all()][2:]
    for key in (columns[1], "", "name"):
        head = page.locator(f'.qj-matrix-sort[data-sort="{key}"]')
        head.click()
        expect(head).to_be_focused()
        assert page.locator(f'th:has([data-sort="{key}"])').get_attribute("aria-sort") in {"ascending", "descending"}
        rows = [row.locator("th, td").all_inner_texts() for row in page.locator(".qj-matrix tbody tr").all()]
        assert len(rows) == len(columns)
        if key in columns:
            numbers = [int(row[2 + columns.index(key)] or 0) for row in rows]
            assert numbers == sorted(numbers, reverse=True)
        if key == "":
            numbers = [int(row[1]) for row in rows]
            assert numbers == sorted(numbers, reverse=True)


def test_the_matrix_is_saved_and_printed_as_it_is_shown(open_file: Open, region_page: Path, tmp_path: Path) -> None:
    opened = open_file(region_page)
    opened.wait_ready()
    page = opened.page
    page.evaluate(MATRIX)
    rows = [row.locator("th, td").all_inner_texts() for row in page.locator(".qj-matrix tbody tr").all()]
    shown = [text for row in rows for text in row if text]
    with page.expect_download() as saved:
        page.locator('#qj-matrix [data-act="svg"]').click()
    saved.value.save_as(tmp_path / "matrix.svg")
    drawn = [
        node.text for node in ElementTree.parse(tmp_path / "matrix.svg").getroot().iter() if node.tag.endswith("text")
    ]
    for text in shown:
        drawn.remove(text)  # each as often as on the screen
    with page.expect_download() as saved:
        page.locator('#qj-matrix [data-act="png"]').click()
    saved.value.save_as(tmp_path / "matrix.png")
    assert (tmp_path / "matrix.png").read_bytes().startswith(b"\x89PNG")
    page.pdf(path=tmp_path / "matrix.pdf", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "matrix.pdf") as document:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_range()
    assert "谁与谁合作" in text
    assert "图例" not in text
    assert page.locator("#qj-matrix-paper").count() == 0
