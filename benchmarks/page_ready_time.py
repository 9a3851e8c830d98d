"""Measure the time until a page is ready in Chromium, both right after the start of the browser and when the browser is at rest.

    python benchmarks/page_ready_time.py                              # maps/qijiang.html
    python benchmarks/page_ready_time.py FILE [--runs 9] [--size 390x844]

A browser is busy with its own start for some seconds, so that both states are measured. The output has, from the timing of the browser,
medians and ranges over the runs: milliseconds from navigation to ``qjmap-ready``, the longest task after that, and the sum of layout
shifts after that.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.page import started

WATCH = """
  window.seen_ = [];
  for (const type of ["longtask", "layout-shift"]) {
    new PerformanceObserver((list) => window.seen_.push(...list.getEntries().map((one) => [type, one.startTime, one.duration, one.value])))
      .observe({ type, buffered: true });
  }
"""
FIGURES = """() => {
  const ready = performance.getEntriesByName("qjmap-ready")[0].startTime;
  const after = (type) => window.seen_.filter((one) => one[0] === type && one[1] > ready);
  return [ready, Math.max(0, ...after("longtask").map((one) => one[2])), after("layout-shift").reduce((sum, one) => sum + one[3], 0)];
}"""


def looked(one: Browser, path: Path, size: tuple[int, int]) -> tuple[float, float, float]:
    """Open a page; return the milliseconds until it is ready, and after that the longest task in milliseconds and the sum of layout shifts.

    Parameters
    ----------
    size : width and height of the window in pixels.
    """
    page = one.new_page(viewport={"width": size[0], "height": size[1]})
    page.add_init_script(WATCH)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-qjmap=ready]", state="attached")
    page.wait_for_timeout(1500)
    ready, task, shift = page.evaluate(FIGURES)
    page.close()
    return ready, task, shift


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("page", nargs="?", type=Path, default=root / "maps" / "qijiang.html")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--size", default="1440x900", help="of the window, as 390x844")
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    runs: dict[str, list[tuple[float, float, float]]] = {"just started": [], "at rest": [], "at rest, opened again": []}
    with sync_playwright() as playwright:
        for _ in range(options.runs):
            for state in ("just started", "at rest"):
                with started(playwright, rest=state == "at rest") as one:
                    runs[state].append(looked(one, options.page.resolve(), (width, height)))
                    if state == "at rest":
                        runs["at rest, opened again"].append(looked(one, options.page.resolve(), (width, height)))
    for state, found in runs.items():
        ready, tasks = [one[0] for one in found], [one[1] for one in found]
        print(
            f"browser {state}: ready after {statistics.median(ready):.0f} ms ({min(ready):.0f} to {max(ready):.0f}), longest task after it "
            f"{statistics.median(tasks):.0f} ms (at most {max(tasks):.0f}), layout shift {max(one[2] for one in found):.3f}"
        )


if __name__ == "__main__":
    main()
