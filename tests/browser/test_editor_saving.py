"""What the editor saves: into a folder, as a workbook; and that no edit that it has kept is lost when the tab is killed."""

from __future__ import annotations

import base64
import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from qjmap.edit import apply_changes
from qjmap.project import load_project
from qjmap.schema import TABLES
from qjmap.tables.readers.choose_reader import read_grid
from tests.browser.conftest import Opened, download
from tests.browser.test_editor import act, changes, choose, keep, opened_editor
from tests.browser.test_editor_grid import press
from tests.region import make_region

Open = Callable[..., Opened]

_FOLDER = """files => {
    // A folder of the File System Access API in memory: the browser's own dialog cannot be driven without a screen.
    const stored = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Uint8Array.from(atob(text), sign => sign.charCodeAt(0))]));
    const missing = () => { throw new DOMException("no such entry", "NotFoundError"); };
    const handle = name => ({
        name,
        getFile: async () => new File([stored[name]], name),
        createWritable: async () => {
            const parts = [];
            const close = async () => { stored[name] = new Uint8Array(await new Blob(parts).arrayBuffer()); };
            return { write: async data => { parts.push(data); }, close };
        },
    });
    const data = { getDirectoryHandle: async () => missing(), getFileHandle: async name => (name in stored ? handle(name) : missing()) };
    const root = { getDirectoryHandle: async name => (name === "data" ? data : missing()), getFileHandle: async () => missing() };
    window.showDirectoryPicker = async () => root;
    const base64 = bytes => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
    window.savedIn = () => Object.fromEntries(Object.entries(stored).map(([name, bytes]) => [name, base64(bytes)]));
}"""


def give_folder(page: Page, files: dict[str, bytes]) -> None:
    page.evaluate(_FOLDER, {name: base64.b64encode(data).decode() for name, data in files.items()})


def test_a_folder_gets_the_bytes_that_apply_writes(open_file: Open, region_page: Path, tmp_path: Path) -> None:
    page = opened_editor(open_file(region_page, alone=True, accept_downloads=True))
    choose(page, "depot")
    page.locator("#qj-edit-name").fill("新仓库")
    keep(page)
    page.locator("#qj-editor-table").select_option("sources")
    act(page, "add")
    page.locator("#qj-edit-title").fill("新来源")
    keep(page)
    project = load_project(make_region(tmp_path / "region"))
    before = {path.name: path.read_bytes() for path in project.data.glob("*.csv")}
    give_folder(page, before)
    act(page, "save-folder")
    expect(page.locator("#qj-editor .qj-editor-told").first).to_contain_text("sites.csv、sources.csv")
    saved = {name: base64.b64decode(text) for name, text in page.evaluate("savedIn()").items()}
    file = tmp_path / "changes.json"
    file.write_bytes(download(page, page.locator("[data-act=save-changes]")))
    apply_changes(project, file)
    assert saved == {path.name: path.read_bytes() for path in project.data.glob("*.csv")}
    assert saved != before


def test_a_folder_that_lacks_a_table_or_has_another_row_is_left_as_it_is(
    open_file: Open, region_page: Path, tmp_path: Path
) -> None:
    page = opened_editor(open_file(region_page, alone=True))
    choose(page, "depot")
    page.locator("#qj-edit-name").fill("新仓库")
    keep(page)
    give_folder(page, {"places.csv": b"id,name\n"})
    act(page, "save-folder")
    told = page.locator("#qj-editor .qj-editor-told").first
    expect(told).to_contain_text("sites.csv")
    other = "id,name\ndepot,别人改过的名\n".encode()
    give_folder(page, {"sites.csv": other})
    act(page, "save-folder")
    expect(told.locator(".qj-fault")).to_contain_text("别人改过的名")
    assert base64.b64decode(page.evaluate("savedIn()")["sites.csv"]) == other


def test_all_tables_are_saved_as_one_workbook(open_file: Open, region_page: Path, tmp_path: Path) -> None:
    page = opened_editor(open_file(region_page, alone=True, accept_downloads=True))
    choose(page, "depot")
    page.locator("#qj-edit-name").fill('新仓库 <&> "引号"')
    keep(page)
    file = tmp_path / "tables.xlsx"
    file.write_bytes(download(page, page.locator("[data-act=save-workbook]")))
    for table in ("places", "sites", "partnerships", "corridors", "corridor_legs", "indicators", "sources"):
        assert "id" in read_grid(file, TABLES[table], shown=file.name, sheet=table).header
    grid = read_grid(file, TABLES["sites"], shown=file.name, sheet="sites")
    rows = [dict(zip(grid.header, row, strict=True)) for row in grid.rows]
    depot = next(row for row in rows if row["id"] == "depot")
    assert depot["name"] == '新仓库 <&> "引号"'
    assert depot["lon"] == "101.0100"


def opened_again(context: BrowserContext, address: str) -> Page:
    """Open the map in a new tab, again if its process has been killed with the one before."""
    for attempt in range(3):
        try:
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector("html[data-qjmap=ready]", state="attached")
        except Error as error:
            if attempt == 2 or "crashed" not in str(error):
                raise
        else:
            return page
    raise AssertionError


@pytest.mark.parametrize("seed", range(12))
def test_no_kept_edit_is_lost_when_the_tab_is_killed(browser: Browser, region_page: Path, seed: int) -> None:
    """An edit is kept once the editor says how many it has kept; the renderer dies at a random moment after that."""
    draw = random.Random(seed)
    system = browser.new_browser_cdp_session()

    def renderers() -> dict[int, float]:
        """Processor time of each renderer."""
        found = system.send("SystemInfo.getProcessInfo")["processInfo"]
        return {one["id"]: one["cpuTime"] for one in found if one["type"] == "renderer"}

    others = renderers()
    context = browser.new_context()
    context.add_init_script("Storage.prototype.getItem = () => '1';")
    page = context.new_page()
    address = region_page.resolve().as_uri()
    page.goto(address)
    page.wait_for_selector("html[data-qjmap=ready]", state="attached")
    page.locator("#qj-editor-button").click()
    act(page, "grid")
    expect(page.locator("#qj-grid input")).to_be_focused()
    press(page, "ArrowRight", "ArrowRight")
    kept: list[str] = []
    count = draw.randrange(1, 6)
    for number in range(count):
        page.keyboard.type(f"edit {seed}-{number}")
        press(page, "Enter")
        if count == 1 or number < count - 1 or draw.random() < 0.5:  # one at least is kept: there is something to offer
            expect(page.locator("#qj-editor-kept")).to_have_attribute("data-count", str(number + 1))
            kept.append(f"edit {seed}-{number}")
    if draw.random() < 0.5:
        page.keyboard.type("not entered yet")
    page.wait_for_timeout(draw.random() * 40)
    with page.expect_event("crash", timeout=10_000):
        own = {process: spent for process, spent in renderers().items() if process not in others}
        os.kill(
            max(own, key=lambda process: own[process]), signal.SIGKILL
        )  # not the one kept in reserve, which has done nothing
    again = opened_again(context, address)
    again.locator("#qj-editor-offer [data-act=restore]").click()
    found = [cell for one in changes(again) for cell in one["new"].values()]
    assert found[: len(kept)] == kept
    assert len(found) in (len(kept), count)
    context.close()
