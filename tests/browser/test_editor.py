"""The editor of an atlas's page: rows in a form, judged by the program's grammar; nothing is lost; saved as files that `apply` takes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qjmap.edit import apply_changes
from qjmap.pipeline.build import build
from qjmap.project import load_project
from tests.browser.conftest import PHONE, Opened, download
from tests.browser.test_filter import box, unfold
from tests.region import make_region

Open = Callable[..., Opened]


def opened_editor(opened: Opened) -> Page:
    opened.wait_ready()
    opened.page.locator("#qj-editor-button").click()
    expect(opened.page.locator("#qj-editor .qj-editor-row").first).to_be_visible()
    return opened.page


def choose(page: Page, word: str) -> None:
    """Open the row that a word finds."""
    page.locator("#qj-editor-search").fill(word)
    expect(page.locator("#qj-editor .qj-editor-row")).to_have_count(1)
    page.locator("#qj-editor .qj-editor-row").click()
    expect(page.locator("#qj-edit-name")).to_be_visible()


def act(page: Page, name: str) -> None:
    page.locator(f"#qj-editor [data-act={name}], #qj-editor-offer [data-act={name}]").first.click()


def keep(page: Page) -> None:
    act(page, "keep")
    expect(page.locator("#qj-editor .qj-editor-form")).to_be_hidden()
    expect(page.locator("#qj-editor-kept")).to_have_attribute(
        "data-count", re.compile(r"\d")
    )  # it is in the browser's storage


def changes(page: Page) -> list[dict[str, Any]]:
    return list(json.loads(page.locator("#qjmap-drafts").get_attribute("data-changes") or "[]"))


def test_a_row_is_added_changed_and_deleted_by_keyboard_and_the_file_is_applied(
    open_file: Open, region_page: Path, tmp_path: Path
) -> None:
    opened = open_file(region_page, alone=True, accept_downloads=True)
    opened.wait_ready()
    page = opened.page
    page.locator("#qj-editor-button").focus()
    page.keyboard.press("Enter")
    choose(page, "depot")
    expect(page.locator("#qj-edit-name")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("新仓库")
    page.keyboard.press("Enter")
    expect(page.locator("#qj-editor .qj-editor-form")).to_be_hidden()
    act(page, "add")
    page.locator("#qj-edit-name").fill("新厂")
    page.locator("#qj-edit-place").fill("harbour")
    page.locator("#qj-edit-lon").fill("东经100°30′")
    page.locator("#qj-edit-lat").fill("30.5")
    page.locator("#qj-edit-lat").press("Enter")
    expect(page.locator(".qj-editor-changes")).to_contain_text("新厂")
    choose(page, "client")
    act(page, "delete")
    expect(page.locator("#qj-editor .qj-editor-told").first).to_contain_text("supply")
    page.keyboard.press("Escape")
    choose(page, "by-address")
    act(page, "delete")
    assert [(one["op"], one["table"]) for one in changes(page)] == [
        ("change", "sites"),
        ("add", "sites"),
        ("delete", "sites"),
    ]
    file = tmp_path / "changes.json"
    file.write_bytes(download(page, page.locator("[data-act=save-changes]")))
    project = load_project(make_region(tmp_path / "region"))
    before = {path.name: path.read_bytes() for path in project.data.glob("*.csv")}
    report = apply_changes(project, file)
    assert [(one.op, one.name) for one in report.applied] == [
        ("change", "湖畔仓库"),
        ("add", "新厂"),
        ("delete", "只有地址的厂"),
    ]
    with page.expect_download() as waiting:
        page.locator("#qj-editor-files").set_input_files(
            [{"name": "sites.csv", "mimeType": "text/csv", "buffer": before["sites.csv"]}]
        )
    with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as archive:
        assert archive.read("sites.csv") == project.table_path("sites").read_bytes()
    page.goto("about:blank")


def test_a_fault_stands_beside_its_cell_with_its_cure_and_keeps_the_row_out(open_file: Open, region_page: Path) -> None:
    page = opened_editor(open_file(region_page))
    choose(page, "depot")
    page.locator("#qj-edit-lon").fill("abc")
    told = page.locator("#qj-edit-lon-told .qj-fault")
    expect(told).to_be_visible()
    assert page.locator("#qj-edit-lon").get_attribute("aria-invalid") == "true"
    act(page, "keep")
    expect(page.locator("#qj-edit-lon")).to_be_focused()
    assert changes(page) == []
    page.locator("#qj-edit-lon").fill("101.02")
    expect(told).to_have_count(0)
    keep(page)
    assert [one["new"] for one in changes(page)] == [{"lon": "101.02"}]
    act(page, "undo")
    assert changes(page) == []
    act(page, "redo")
    assert len(changes(page)) == 1
    act(page, "undo")


def test_a_position_is_taken_from_the_map(open_file: Open, region_page: Path) -> None:
    page = opened_editor(open_file(region_page))
    choose(page, "depot")
    act(page, "pick")
    expect(page.locator("#qj-editor")).to_be_hidden()
    page.locator("#map, .leaflet-container").first.click(position={"x": 500, "y": 450})
    expect(page.locator("#qj-edit-datum")).to_have_value("wgs84")
    assert page.locator("#qj-edit-lon").input_value() != "101.0100"
    page.keyboard.press("Escape")


def test_a_position_goes_into_the_row_for_which_it_is_picked_and_no_other(open_file: Open, region_page: Path) -> None:
    page = opened_editor(open_file(region_page))
    choose(page, "depot")
    act(page, "pick")
    page.evaluate("qjmap.select('park')")  # another row, from the map
    page.locator("#qj-panel [data-act=edit]").click()
    expect(page.locator("#qj-edit-name")).to_be_visible()
    before = {name: page.locator(f"#qj-edit-{name}").input_value() for name in ("name", "lon", "lat", "datum")}
    page.locator("#qj-editor-pick button").first.click()  # the middle of the map
    expect(page.locator("#qj-editor-pick")).to_have_count(0)
    assert {name: page.locator(f"#qj-edit-{name}").input_value() for name in before} == before


def test_what_was_entered_is_offered_again_and_travels_with_a_saved_page(
    open_file: Open, region_page: Path, tmp_path: Path
) -> None:
    page = opened_editor(open_file(region_page, alone=True, accept_downloads=True))
    choose(page, "depot")
    page.locator("#qj-edit-name").fill("新仓库")
    keep(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    page.wait_for_selector("html[data-qjmap=ready]", state="attached")
    assert asked == ["beforeunload"]
    act(page, "restore")
    expect(page.locator(".qj-editor-changes")).to_contain_text("新仓库")
    saved = tmp_path / "saved.html"
    saved.write_bytes(download(page, page.locator("[data-act=save-page]")))
    page.reload()
    page.wait_for_selector("html[data-qjmap=ready]", state="attached")
    act(page, "discard")
    other = opened_editor(open_file(saved))
    expect(other.locator(".qj-editor-changes")).to_contain_text("新仓库")


def test_two_windows_of_a_map_share_their_changes(open_file: Open, region_page: Path) -> None:
    first = opened_editor(open_file(region_page, alone=True))
    second = first.context.new_page()
    second.goto(region_page.resolve().as_uri())
    second.wait_for_selector("html[data-qjmap=ready]", state="attached")
    second.locator("#qj-editor-button").click()
    expect(first.locator("#qj-editor .qj-editor-told").first).not_to_be_empty()
    choose(first, "depot")
    first.locator("#qj-edit-name").fill("新仓库")
    keep(first)
    expect(second.locator(".qj-editor-changes")).to_contain_text("新仓库")


@pytest.mark.parametrize("table", ["places", "partnerships", "corridors", "corridor_legs", "indicators", "sources"])
def test_every_table_has_its_form(open_file: Open, region_page: Path, table: str) -> None:
    page = opened_editor(open_file(region_page, viewport=PHONE))
    page.locator("#qj-editor-table").select_option(table)
    page.locator("#qj-editor .qj-editor-row").first.click()
    expect(page.locator("#qj-editor .qj-editor-form")).to_be_visible()
    page.wait_for_timeout(0)
    act(page, "keep")  # nothing was changed
    expect(page.locator("#qj-editor .qj-editor-form")).to_be_hidden()
    assert changes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_datum_of_a_position_that_states_none_can_be_given(open_file: Open, region: Path, tmp_path: Path) -> None:
    """The page knows such positions as of an unknown datum; the change file says that the cell was empty, as it is."""
    sites = region / "data" / "sites.csv"
    rows = sites.read_text("utf-8").split("\n")
    at = rows[0].split(",").index("datum")
    cells = next(row for row in rows if row.startswith("depot,")).split(",")
    assert cells[at] == "gcj02"
    bare = ",".join([*cells[:at], "", *cells[at + 1 :]])
    sites.write_text("\n".join(bare if row.startswith("depot,") else row for row in rows), "utf-8")
    page = opened_editor(open_file(build(load_project(region)).page, alone=True, accept_downloads=True))
    choose(page, "depot")
    expect(page.locator("#qj-edit-datum")).to_have_value("")
    page.locator("#qj-edit-datum").select_option("gcj02")
    keep(page)
    file = tmp_path / "changes.json"
    file.write_bytes(download(page, page.locator("[data-act=save-changes]")))
    apply_changes(load_project(region), file)
    assert next(row for row in sites.read_text("utf-8").split("\n") if row.startswith("depot,")) == ",".join(cells)


def test_search_filter_and_list_follow_changed_cells(open_file: Open, region_page: Path) -> None:
    """A renamed site is found by its new name, and one that is finished is among those that operate; undone, all is as before."""
    page = opened_editor(open_file(region_page, alone=True))

    def expect_found(word: str, names: list[str]) -> None:
        page.locator("#qj-search").fill(word)
        expect(page.locator("#qj-results .qj-result-name")).to_have_text(names)

    choose(page, "depot")
    page.locator("#qj-edit-name").fill("新码头")
    page.locator("#qj-edit-status").select_option("operating")
    keep(page)
    page.locator("#qj-editor-button").click()
    expect_found("新码头", ["新码头"])
    expect_found("湖畔仓库", [])
    page.locator("#qj-search").fill("")
    unfold(page, "status")
    operating, shown = box(page, "status", "operating"), page.locator("#qj-list-scroll tr[data-id=depot]")
    page.locator("#qj-list-button").click()
    page.get_by_role("tab", name=re.compile("^点位")).click()
    expect(shown).to_contain_text("新码头")
    page.keyboard.press("Escape")
    operating.check()
    page.locator("#qj-list-button").click()
    expect(shown).to_contain_text("新码头")
    page.keyboard.press("Escape")

    page.locator("#qj-editor-button").click()
    act(page, "undo")
    page.locator("#qj-editor-button").click()
    expect_found("湖畔仓库", ["湖畔仓库"])
    page.locator("#qj-search").fill("")
    page.locator("#qj-list-button").click()
    expect(page.locator("#qj-list-scroll tr[data-id=works]")).to_be_visible()
    expect(shown).to_have_count(0)
