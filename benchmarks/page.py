"""Measure the page in Chromium, with a hundred to a million invented sites: how soon it paints and how smoothly it moves.

    python benchmarks/page.py 100 10000 100000 1000000 [--random] [--runs 3]

For each number of sites a page is made and opened from its file. The table has the seconds to make the page from located frames and its
size; and as medians over the runs: milliseconds from navigation until real sites are painted (``qjmap-first``) and until everything is
ready (``qjmap-ready``), the longest task while panning and zooming, milliseconds until the map shows a filter, and until the panel shows a
site that the address names, and the size of the script heap and of its buffers.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from qjmap.pipeline.load import load_atlas
from qjmap.pipeline.map import page_bytes
from qjmap.project import load_project
from tests.crowd import invented_sites
from tests.region import make_region

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
REST_MS = 3000
"""Time in milliseconds after which a browser was observed to have finished its own start."""
TASKS = """() => {
  window.__longest = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.__longest = Math.max(window.__longest, one.duration);
  }).observe({ type: "longtask" });
}"""
MARK = "(name) => Math.round(performance.getEntriesByName(name)[0].startTime)"


def chromium() -> str:
    """Return the path of the Chromium or Chrome that is installed."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))


@contextmanager
def started(playwright: Playwright, *, rest: bool = True) -> Iterator[Browser]:
    """Context manager that starts a Chromium; with ``rest`` it waits until the browser has finished its own start."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    try:
        if rest:
            blank = browser.new_page()
            blank.wait_for_timeout(REST_MS)
            blank.close()
        yield browser
    finally:
        browser.close()


def make_page(folder: Path, count: int, *, random: bool) -> tuple[Path, float]:
    """Make the page of the invented region with ``count`` sites; return its path and the seconds, without making the sites."""
    atlas, _ = load_atlas(load_project(make_region(folder / f"region-{count}")))
    atlas = replace(atlas, site_rows=invented_sites(count, random=random))
    started = time.perf_counter()
    data = b"".join(page_bytes(atlas))
    seconds = time.perf_counter() - started
    path = folder / f"{count}.html"
    path.write_bytes(data)
    return path, seconds


def opened(browser: Browser, path: Path, fragment: str = "") -> Page:
    """Open a page file, wait until the page is ready, and return it. `fragment` is added to its address."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(path.as_uri() + fragment, wait_until="commit")
    page.wait_for_selector("html[data-qjmap=ready]", state="attached", timeout=120_000)
    return page


def _drag_thrice(page: Page) -> None:
    mouse = page.mouse
    for dx, dy in ((260, 120), (-300, -160), (180, -220)):
        mouse.move(700, 450)
        mouse.down()
        for step in range(1, 9):
            mouse.move(700 + dx * step / 8, 450 + dy * step / 8)
        mouse.up()
        page.wait_for_timeout(250)


def drag(page: Page) -> float:
    """Drag the map at the zoom at which it opens; return the longest task in milliseconds, 0 if none took 50 ms."""
    page.wait_for_timeout(500)
    page.evaluate(TASKS)
    _drag_thrice(page)
    return float(page.evaluate("() => Math.round(window.__longest)"))


def move(page: Page) -> float:
    """Drag and zoom as a reader does; return the longest task in milliseconds, 0 if none took 50 ms."""
    page.wait_for_timeout(500)
    page.evaluate(TASKS)
    mouse = page.mouse
    for zoom in range(6):
        _drag_thrice(page)
        mouse.move(640 + 10 * zoom, 430)
        mouse.wheel(0, -240)
        page.wait_for_timeout(700)
    for _ in range(6):
        mouse.wheel(0, 240)
        page.wait_for_timeout(500)
    return float(page.evaluate("() => Math.round(window.__longest)"))


def filtered(page: Page) -> float:
    """Return the milliseconds from a click on a category until the map shows the filter."""
    if page.locator("#qj-layers").is_hidden():
        page.locator("#qj-layers-button").click()
    page.locator("#qj-filters-button").click()
    page.locator('.qj-facet[data-facet="category"] .qj-facet-head').click()
    took = page.evaluate(
        """async () => {
          const box = document.querySelector('input[data-facet="category"]'), started = performance.now();
          box.click();
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const took = performance.now() - started;
          box.click();
          return Math.round(took);
        }"""
    )
    page.wait_for_timeout(300)
    return float(took)


def searched(page: Page, text: str) -> float:
    """Return the milliseconds from typing a text until the list shows results. Before that, a search starts the search worker."""
    box = page.locator("#qj-search")
    took = 0.0
    for typed in (text[:1], text):
        box.fill("")
        took = page.evaluate(
            """(text) => new Promise((done) => {
              const box = document.querySelector("#qj-search"), list = document.querySelector("#qj-results"), started = performance.now();
              const seen = new MutationObserver(() => {
                if (list.hidden || !list.children.length) return;
                seen.disconnect();
                requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
              });
              seen.observe(list, { childList: true, attributes: true });
              box.focus();
              box.value = text;
              box.dispatchEvent(new Event("input", { bubbles: true }));
            })""",
            typed,
        )
        page.wait_for_timeout(300)
    box.fill("")
    return float(round(took))


def saved(page: Page) -> tuple[float, int]:
    """Save all sites as GeoJSON; return the milliseconds from the click until the file is saved, and its size in bytes."""
    page.locator("#qj-take-button").click()
    for choice in ("sites", "geojson"):
        page.locator(f'#qj-take input[value="{choice}"]').check()
    started = time.perf_counter()
    with page.expect_download(timeout=120_000) as waiting:
        page.locator('[data-act="save_data"]').click()
    path = waiting.value.path()
    return round((time.perf_counter() - started) * 1000), path.stat().st_size


def chosen(browser: Browser, path: Path, identifier: str) -> float:
    """Return the milliseconds from ready until the panel shows a site that the address names."""
    page = opened(browser, path, f"#id={identifier}")
    page.wait_for_selector("#qj-panel-title")
    took = page.evaluate(
        "() => Math.max(0, Math.round(performance.now() - performance.getEntriesByName('qjmap-ready')[0].startTime))"
    )
    page.context.close()
    return float(took)


def measure(browser: Browser, path: Path, count: int) -> dict[str, float]:
    """Return name -> figure of one run, in milliseconds and megabytes."""
    page = opened(browser, path)
    found: dict[str, float] = {"first": page.evaluate(MARK, "qjmap-first"), "ready": page.evaluate(MARK, "qjmap-ready")}
    session = page.context.new_cdp_session(page)
    heap: dict[str, Any] = session.send("Runtime.getHeapUsage")
    found["heap"] = round(heap["usedSize"] / 1e6, 1)
    found["buffers"] = round(heap.get("backingStorageSize", 0) / 1e6, 1)
    found["task"] = move(page)
    found["filter"] = filtered(page)
    page.context.close()
    found["link"] = chosen(browser, path, f"s-{count // 2:07d}")
    return found


def main() -> None:
    """Print the table, each line as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", nargs="*", type=int, default=[100, 10_000, 100_000, 1_000_000])
    parser.add_argument("--random", action="store_true", help="text of random characters in place of templates")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    columns = ("first", "ready", "task", "filter", "link", "heap", "buffers")
    print("sites | made s | MB | " + " | ".join(f"{name} {'MB' if name in columns[-2:] else 'ms'}" for name in columns))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for count in options.counts:
            path, seconds = make_page(Path(folder), count, random=options.random)
            runs = []
            for _ in range(options.runs):
                with started(playwright) as browser:
                    runs.append(measure(browser, path, count))
            middle = [statistics.median(run[name] for run in runs) for name in columns]
            size = path.stat().st_size / 1e6
            print(f"{count} | {seconds:.2f} | {size:.2f} | " + " | ".join(f"{one:g}" for one in middle), flush=True)


if __name__ == "__main__":
    main()
