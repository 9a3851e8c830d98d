"""Measure the editor of a page in headless Chromium: frames of the grid of a long table, and a workbook that is dropped on the page.

    python benchmarks/editor.py                         # a grid of 10,000 sites, and a workbook of 100,000 rows
    python benchmarks/editor.py --sites 100000 --rows 20000

The grid is scrolled by the wheel, then by the key Page Down, then five cells a second are typed into; the output is the percentiles of
the time between frames of each. The workbook has eight columns as registers have them. Its time runs from the choice of the file to the
summary of the preview; the longest time between two frames tells for how long the page did not answer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.arcs import FRAMES, STOP
from benchmarks.invented_enterprises import make
from benchmarks.page import opened, started
from qjmap.pipeline.build import build
from qjmap.project import load_project

SECONDS = 4.0
"""Duration of each action in the grid."""


def frames_of(page: Page, act: Callable[[], None]) -> list[float]:
    """Return the times between frames, in milliseconds, while an action is repeated for `SECONDS`."""
    page.evaluate(FRAMES)
    until = time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        act()
    frames: list[float] = page.evaluate(STOP)
    return sorted(frames[2:])


def told(frames: list[float]) -> str:
    """Return median, percentiles and the share of frames under 50 ms as words; `frames` is sorted."""
    at = {share: frames[min(len(frames) - 1, int(share * len(frames)))] for share in (0.5, 0.95, 0.99)}
    under = 100 * sum(one < 50 for one in frames) / len(frames)
    return (
        f"median {at[0.5]:.0f} ms, 95 % under {at[0.95]:.0f} ms, 99 % under {at[0.99]:.0f} ms, {under:.1f} % under 50 ms "
        f"({len(frames)} frames)"
    )


def measure_grid(page: Page) -> dict[str, list[float]]:
    """Open the grid of sites, and return the times between frames of each action."""
    page.locator("#qj-editor-button").click()
    page.locator("#qj-editor [data-act=grid]").click()
    page.locator("#qj-grid input").first.wait_for()
    page.locator("#qj-grid").hover()

    def wheel() -> None:
        page.mouse.wheel(0, 240)
        page.wait_for_timeout(1000 / 60)

    def page_down() -> None:
        page.keyboard.press("PageDown")
        page.wait_for_timeout(50)

    def typing() -> None:
        page.keyboard.type("厂")
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)

    found = {"wheel": frames_of(page, wheel)}
    page.keyboard.press("ArrowRight")
    return found | {"Page Down": frames_of(page, page_down), "typing": frames_of(page, typing)}


def write_workbook(path: Path, rows: int) -> None:
    """Write a workbook of eight columns, with numbers, words and dates, and this number of rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "点位"
    sheet.append(["名称", "类别", "经度", "纬度", "坐标系", "开始日期", "地址", "说明"])
    for n in range(rows):
        at = (100 + n % 977 / 100, 25 + n % 613 / 100)
        sheet.append(
            [
                f"第{n}号厂",
                "企业",
                *at,
                "wgs84",
                f"20{n % 20:02}-0{1 + n % 9}",
                f"某路{n % 997}号",
                f"说明{n}，年产{n % 89}万吨",
            ]
        )
    book.save(path)


def measure_workbook(page: Page, path: Path) -> tuple[float, float]:
    """Choose a workbook in the page's file input; return the seconds until the preview, and the longest time between frames in ms."""
    page.locator("#qj-drop-button").click()
    page.evaluate(FRAMES)
    start = time.perf_counter()
    page.locator("#qj-drop-file").set_input_files(path)
    page.locator("#qj-drop-summary, #qj-columns:not([hidden])").first.wait_for(timeout=120_000)
    seconds = time.perf_counter() - start
    return seconds, max(page.evaluate(STOP))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Frames of the grid, and the time to read a workbook in the page.")
    parser.add_argument("--sites", type=int, default=10_000, help="rows of the grid")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the workbook")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        make(options.sites, folder / "project")
        built = build(load_project(folder / "project"))
        workbook = folder / "rows.xlsx"
        write_workbook(workbook, options.rows)
        with started(playwright) as browser:
            for action, frames in measure_grid(opened(browser, built.page)).items():
                print(f"grid of {options.sites:,} rows, {action}: {told(frames)}")
            seconds, longest = measure_workbook(opened(browser, built.page), workbook)
            size = workbook.stat().st_size / 1e6
            print(
                f"workbook of {options.rows:,} rows, {size:.1f} MB: {seconds:.2f} s to the preview, longest frame {longest:.0f} ms"
            )


if __name__ == "__main__":
    main()
