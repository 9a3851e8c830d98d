"""Measure how smoothly a map with very many partnerships pans and zooms, in headless Chromium.

    python benchmarks/arcs.py                # 1,000 and 10,000 arcs
    python benchmarks/arcs.py 1000           # only 1,000 arcs
    python benchmarks/arcs.py 1000 --profile # and the functions that take the most time while panning

A page of an invented project is built, with partnerships between invented towns on the background of this repository. A mouse drags the
map for some seconds, while the page records the time of each frame. The output is the percentiles of the time between frames, and the
time from a change of zoom until the arcs are drawn again.
"""

from __future__ import annotations

import argparse
import math
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.region import write_table

KINDS = ["agreement", "joint-project", "development", "platform", "programme", "plan", "supply", "alliance"]
SETTINGS = 'id = "arcs"\ntitle = "许多合作"\nlanguage = "zh"\nhome = "p0"\nregion = [95.0, 15.0, 125.0, 40.0]\nopening = ["p1", "p2", "p3"]\n'
FRAMES = """() => {
  window.frames_ = [];
  let last = performance.now();
  const tick = (now) => { window.frames_.push(now - last); last = now; window.ticking_ = requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
STOP = "() => { cancelAnimationFrame(window.ticking_); return window.frames_; }"


def make_project(folder: Path, arcs: int) -> Path:
    """Write a project of ``arcs`` partnerships between 300 invented towns, and return its folder.

    One partnership in twenty has three to six parties; the others have two.
    """
    draw = random.Random(1)
    data = folder / "data"
    data.mkdir(parents=True)
    (data / "project.toml").write_text(SETTINGS, encoding="utf-8")
    shutil.copytree(
        Path(__file__).resolve().parents[1] / "geo", folder / "geo", ignore=shutil.ignore_patterns("export")
    )
    towns = [
        (102.0, 34.0),
        (97.5, 37.5),
        (112.0, 25.0),
        *((draw.uniform(98, 118), draw.uniform(22, 37)) for _ in range(297)),
    ]
    places = [
        {
            "id": f"p{n}",
            "name": f"某镇{n}",
            "kind": "town",
            "lon": f"{lon:.4f}",
            "lat": f"{lat:.4f}",
            "datum": "wgs84",
            "precision": "town",
        }
        for n, (lon, lat) in enumerate(towns)
    ]
    links = []
    for n in range(arcs):
        parties = draw.sample(range(300), draw.randint(3, 6) if n % 20 == 0 else 2)
        links.append({
            "id": f"a{n}", "name": f"合作{n}", "kind": draw.choice(KINDS), "parties": "|".join(f"p{one}" for one in parties),
            "direction": draw.choice(["forward", "mutual"]), "status": draw.choice(["signed", "operating", "planned"]),
            "value_cny": f"{10 ** draw.uniform(6, 10):.0f}" if n % 3 else "",
        })  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = {"places": places, "partnerships": links}
    for name, table in TABLES.items():
        write_table(data / f"{name}.csv", table.names, rows.get(name, []))
    return folder


def drag(page: Page, seconds: float = 4.0) -> list[float]:
    """Drag the map along a figure of eight, and return the times between frames in milliseconds."""
    page.mouse.move(720, 450)
    page.mouse.down()
    page.evaluate(FRAMES)
    steps = int(seconds * 60)
    for k in range(steps):
        turn = 2 * math.pi * k / 90
        page.mouse.move(720 + 420 * math.sin(turn), 450 + 260 * math.sin(2 * turn))
        page.wait_for_timeout(1000 / 60)
    frames: list[float] = page.evaluate(STOP)
    page.mouse.up()
    return frames[2:]


def zooms(page: Page) -> list[float]:
    """Return for several changes of zoom the time in milliseconds until the arcs are drawn again."""
    anew = """(zoom) => new Promise((done) => {
    const map = Object.values(window).find((one) => one instanceof L.Map);
    const arcs = Object.values(window).find((one) => one && one.layerName === "partnerships");
    const start = performance.now();
    map.setZoom(zoom, {animate: false});
    const look = () => (arcs.isPainted() ? done(performance.now() - start) : requestAnimationFrame(look));
    requestAnimationFrame(look);
  })"""
    return [page.evaluate(anew, zoom) for zoom in (6, 7, 5.5)]


def hot(session: CDPSession, work: Any, most: int = 14) -> list[tuple[float, str]]:
    """Return (share of the profiler's samples in per cent, function) of the functions that take the most time during `work`."""
    session.send("Profiler.enable")
    session.send("Profiler.start")
    work()
    profile = session.send("Profiler.stop")["profile"]
    counts: dict[str, int] = {}
    for node in profile["nodes"]:
        name = node["callFrame"]["functionName"] or "(anonymous)"
        counts[name] = counts.get(name, 0) + node.get("hitCount", 0)
    total = sum(counts.values()) or 1
    return sorted(((100 * n / total, name) for name, n in counts.items()), reverse=True)[:most]


def measure(arcs: int, *, profile: bool) -> None:
    """Build a page with this number of arcs, and print the figures; with `profile` also the busiest functions."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        built = build(load_project(make_project(Path(folder) / "project", arcs)))
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(built.page.as_uri())
        page.wait_for_selector("html[data-qjmap=ready]", state="attached", timeout=60_000)
        page.wait_for_timeout(500)
        if profile:
            for share, name in hot(page.context.new_cdp_session(page), lambda: drag(page)):
                print(f"    {share:5.1f} % {name}")
        frames = sorted(drag(page))
        at = {share: frames[min(len(frames) - 1, int(share * len(frames)))] for share in (0.5, 0.95, 0.99)}
        under = 100 * sum(one < 50 for one in frames) / len(frames)
        print(
            f"{arcs:>7,} arcs, {built.page.stat().st_size / 1e6:.1f} MB: frames while panning median {at[0.5]:.0f} ms, "
            f"95 % under {at[0.95]:.0f} ms, 99 % under {at[0.99]:.0f} ms, {under:.1f} % under 50 ms ({len(frames)} frames); "
            f"anew after a zoom {statistics.median(zooms(page)):.0f} ms"
        )
        browser.close()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Frames while panning a map of many arcs.")
    parser.add_argument("arcs", nargs="*", type=int, default=[1000, 10_000])
    parser.add_argument("--profile", action="store_true", help="print the busiest functions")
    options = parser.parse_args()
    for arcs in options.arcs or [1000, 10_000]:
        measure(arcs, profile=options.profile)


if __name__ == "__main__":
    main()
