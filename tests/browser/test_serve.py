"""`qjmap serve` in a browser: the page follows the tables where the reader is; its edits and dropped files go into them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from qjmap.project import Project, load_project
from qjmap.serve import LocalServer
from tests.browser.conftest import dropped
from tests.browser.waiting import wait_for
from tests.region import make_region


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return load_project(make_region(tmp_path / "region"))


@pytest.fixture
def served(project: Project) -> Iterator[LocalServer]:
    server = LocalServer(project)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server
    server.close()
    thread.join(10)


def shown(page: Page, rows: int) -> FrameLocator:
    """The page in its frame, ready, with so many sites."""
    frame = page.frame_locator("#map")
    expect(frame.locator("html[data-qjmap=ready]")).to_be_attached(timeout=30_000)
    counted = "document.querySelector('#map').contentWindow.qjmap?.counts().sites"
    assert wait_for(page, lambda: page.evaluate(counted), lambda found: found == rows, tries=1500) == rows
    return frame


def test_edits_and_files_go_into_the_tables_and_the_page_stays_where_it_was(
    new_page: Callable[..., Page], served: LocalServer, project: Project
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(served.address)
    rows = project.table_path("sites").read_text("utf-8").count("\n") - 1
    frame = shown(page, rows)
    page.evaluate("document.querySelector('#map').contentWindow.qjmap.select('depot')")
    frame.locator("#qj-panel [data-act=edit]").click()
    frame.locator("#qj-edit-name").fill("新仓库")
    frame.locator("#qj-editor [data-act=keep]").click()
    page.locator("#apply").click()
    expect(page.locator("#map")).to_have_attribute("src", re.compile(r"map\.html\?2"), timeout=30_000)
    frame = shown(page, rows)
    assert "新仓库" in project.table_path("sites").read_text("utf-8")
    assert "id=depot" in page.evaluate("document.querySelector('#map').contentWindow.location.hash")
    expect(frame.locator("#qj-panel")).to_contain_text("新仓库")
    expect(page.locator("#apply")).to_be_disabled()
    page.locator("#file").set_input_files(
        [{"name": "new.csv", "mimeType": "text/csv", "buffer": "name,place\n新厂,湖畔市\n".encode()}]
    )
    shown(page, rows + 1)
    page.locator("#undo").click()
    shown(page, rows)
    inner = next(one for one in page.frames if "map.html" in one.url)
    dropped(inner, "more.csv", "name,place\n再一厂,湖畔市\n".encode())  # type: ignore[arg-type]
    shown(page, rows + 1)
    assert messages == []
    page.goto("about:blank")


def test_what_became_of_each_dropped_file_stays_on_the_screen(
    new_page: Callable[..., Page], served: LocalServer, project: Project
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    page.goto(served.address)
    rows = project.table_path("sites").read_text("utf-8").count("\n") - 1
    shown(page, rows)
    files = {"bad.csv": "名称,经度,纬度\n好厂,101.2,30.1\n坏厂,东边,北边\n", "good.csv": "name,place\n新厂,湖畔市\n"}
    give = """(files) => {
      const data = new DataTransfer();
      for (const [name, text] of Object.entries(files)) data.items.add(new File([text], name));
      window.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    next(one for one in page.frames if "map.html" in one.url).evaluate(give, files)
    shown(page, rows + 2)
    said = page.locator("#said")
    for text in ("bad.csv", "good.csv", "bad.csv.refused.csv", "东边"):
        expect(said).to_contain_text(text)
    assert "坏厂" in (project.root / "bad.csv.refused.csv").read_text("utf-8-sig")
    page.goto("about:blank")


def test_a_file_that_is_too_large_is_told_so_and_not_as_a_program_that_is_gone(
    new_page: Callable[..., Page], served: LocalServer, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QJMAP_MAX_FILE_MB", "1")
    page = new_page(viewport={"width": 1440, "height": 900})
    page.goto(served.address)
    page.locator("#file").set_input_files(
        {"name": "large.csv", "mimeType": "text/csv", "buffer": b"name\n" + b"x" * (1 << 20)}
    )
    expect(page.locator("#said")).to_contain_text("1 MB")
    expect(page.locator("#said")).to_contain_text("qjmap add")
    page.goto("about:blank")
