"""Fixtures that open pages in Chromium on ``file://``, where no host can be resolved, and record requests and console messages."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from qjmap.pipeline.build import build
from qjmap.project import load_project
from tests.region import make_region

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # `qjmap serve`
]

_GREETED = "Storage.prototype.getItem = () => '1';"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass
class Opened:
    """A page, the requests that it made other than for its own file, and all messages it wrote to the console."""

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def wait_ready(self) -> None:
        # By selector: a polled function is evaluated in the page, which the page's policy forbids.
        self.page.wait_for_selector("html[data-qjmap=ready]", state="attached", timeout=30_000)

    def open_import(self) -> Page:
        """Return the page, ready, with its import panel open."""
        self.wait_ready()
        self.page.locator("#qj-drop-button").click()
        return self.page

    def assert_quiet(self) -> None:
        assert self.requests == []
        assert self.messages == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for name in _CHROMIUMS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("no Chromium on this machine: run `make browser` first; browser tests are never skipped")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def atlas_page(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The first atlas's page alone in an empty folder."""
    copy = tmp_path_factory.mktemp("repository")
    for name in ("data", "geo"):
        shutil.copytree(repository / name, copy / name)
    built = build(load_project(copy))
    return Path(shutil.copy(built.page, tmp_path_factory.mktemp("empty") / built.page.name))


@pytest.fixture(scope="session")
def region_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(load_project(make_region(tmp_path_factory.mktemp("region") / "region"))).page


@pytest.fixture(scope="session")
def new_page(browser: Browser, region_page: Path) -> Callable[..., Page]:
    """Opens an empty page in the context of such options, where one page stays open.

    Beside it a page takes half of the processor time until it is ready: it finds a process, and the scripts compiled.
    """
    contexts: dict[str, BrowserContext] = {}
    kept = region_page.resolve().as_uri()

    def go(**options: Any) -> Page:
        key = json.dumps(options, sort_keys=True)
        if key not in contexts:
            contexts[key] = browser.new_context(**options)
            contexts[key].new_page().goto(kept)
        return contexts[key].new_page()

    return go


@pytest.fixture
def open_file(browser: Browser, new_page: Callable[..., Page]) -> Iterator[Callable[..., Opened]]:
    """Opens a file with a double click's URL; at the end the page must have asked for nothing and said nothing.

    `alone` opens it in a context of its own, for what a test changes of the whole context, such as its clock. `greeted` opens it as
    for a reader who has closed the opening card before.
    """
    opened: list[Opened] = []
    own: list[BrowserContext] = []

    def go(
        path: Path,
        *,
        viewport: dict[str, int] = DESKTOP,
        fragment: str = "",
        alone: bool = False,
        greeted: bool = True,
        **options: Any,
    ) -> Opened:
        options["viewport"] = viewport
        if alone:
            own.append(browser.new_context(**options))
        one = Opened(own[-1].new_page() if alone else new_page(**options))
        if greeted:
            one.page.add_init_script(_GREETED)
        address = path.resolve().as_uri()

        def asked(url: str) -> None:
            if not url.startswith(("blob:", "data:")) and url.partition("#")[0].partition("?")[0] != address:
                one.requests.append(url)

        one.page.on("request", lambda request: asked(request.url))
        one.page.on("console", lambda message: one.messages.append(message.text))
        one.page.on("pageerror", lambda error: one.messages.append(str(error)))
        opened.append(one)
        if not alone:  # what another test has left
            one.page.add_init_script("indexedDB.deleteDatabase('qjmap')")
        one.page.goto(address + fragment)
        return one

    yield go
    for one in opened:
        one.assert_quiet()
        one.page.close()
    for context in own:
        context.close()


def dropped(page: Page, name: str, data: bytes) -> None:
    """Drop a file on the page."""
    page.evaluate(
        """([name, packed]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(atob(packed), sign => sign.charCodeAt(0))], name));
            for (const kind of ["dragover", "drop"]) {
                document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
            }
        }""",
        [name, base64.b64encode(data).decode()],
    )


def download(page: Page, button: Locator) -> bytes:
    """Click a button and return the bytes of the file that the page offers for download."""
    with page.expect_download() as waiting:
        button.click()
    return Path(waiting.value.path()).read_bytes()
