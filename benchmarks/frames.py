"""Compare `qjmap.explore` with `GeoDataFrame.explore` and lonboard, and its pages with those of folium, in one run on the same frames.

    python benchmarks/frames.py [--rows 0.1] [--only polygons] [--pages] [--rivals build/rivals/bin/python]

Each tool runs in a process of its own. Measured are the CPU time of the call (user and system, of all threads), the size of the
file, and the peak memory of the process; only the ratios mean anything. `GeoDataFrame.explore` and lonboard run in the environment of the
other tools (`benchmarks/rivals.txt`), which `make bench` makes. With ``--pages`` the pages of `qjmap.explore` and of `folium.GeoJson` on a
canvas are opened in Chromium, except those of points, which `benchmarks/all.py` opens: the time until the first shape is drawn, and the
longest task while the map is dragged, and while it is dragged and zoomed. The frames are invented, from a fixed seed: rectangles like
buildings, random walks like roads, and points.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ROWS = {"polygons": 100_000, "lines": 200_000, "points": 100_000}
COLUMN = {"polygons": "area", "lines": "class", "points": "area"}
SIDES = ("qjmap", "explore", "lonboard", "geojson")
"""The tools; folium's GeoJson is used for its page only."""


def polygons(rows: int, rng: np.random.Generator) -> Any:
    """Return rotated rectangles of 10 to 30 m in an irregular grid."""
    across = int(rows**0.5) or 1
    x = 106 + (np.arange(rows) % across) * 6e-4 + rng.random(rows) * 2e-4
    y = 29 + (np.arange(rows) // across) * 6e-4 + rng.random(rows) * 2e-4
    turn, wide, high = rng.random(rows) * np.pi, 5e-5 + rng.random(rows) * 1e-4, 5e-5 + rng.random(rows) * 1e-4
    corners = [
        np.stack(
            [
                x + a * wide * np.cos(turn) - b * high * np.sin(turn),
                y + a * wide * np.sin(turn) + b * high * np.cos(turn),
            ],
            axis=1,
        )
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ]
    return shapely.polygons(np.stack(corners, axis=1))


def lines(rows: int, rng: np.random.Generator) -> Any:
    """Return random walks with five vertices."""
    start = np.stack([106 + 2 * rng.random(rows), 29 + 2 * rng.random(rows)], axis=1)[:, None]
    return shapely.linestrings(start + np.cumsum(rng.normal(0, 4e-4, (rows, 5, 2)), axis=1))


def points(rows: int, rng: np.random.Generator) -> Any:
    """Return random points in a square of two degrees."""
    return shapely.points(106 + 2 * rng.random(rows), 29 + 2 * rng.random(rows))


def frame_of(kind: str, rows: int) -> gpd.GeoDataFrame:
    """Return a frame with five columns and one kind of geometry: "polygons", "lines" or "points"."""
    rng = np.random.default_rng(1)
    return gpd.GeoDataFrame(
        {
            "name": [f"object {number}" for number in range(rows)],
            "storeys": rng.integers(1, 40, rows),
            "area": rng.lognormal(5, 1, rows),
            "class": rng.choice(["main", "side", "path", "track"], rows),
            "year": rng.integers(1950, 2024, rows),
        },
        geometry={"polygons": polygons, "lines": lines, "points": points}[kind](rows, rng),
        crs="EPSG:4326",
    )


def write_page(frame: gpd.GeoDataFrame, column: str, side: str, path: Path) -> float:
    """Write the page of a frame, coloured by a column, and return the CPU seconds of the call. `side` is one of `SIDES`."""
    if side == "qjmap":
        from qjmap.frames import explore  # the import is the same as for `GeoDataFrame.explore`: geopandas and folium

        begun = time.process_time()
        explore(frame, column).save(path)
    elif side == "explore":
        begun = time.process_time()
        frame.explore(column, tiles=None).save(path)
    elif side == "lonboard":
        import lonboard

        begun = time.process_time()
        lonboard.viz(frame).to_html(path)
    else:
        import folium

        begun = time.process_time()
        page = folium.Map(tiles=None, prefer_canvas=True)
        folium.GeoJson(frame).add_to(page)
        page.fit_bounds(page.get_bounds())
        page.save(path)
    return time.process_time() - begun


def measured(kind: str, side: str, rows: int) -> dict[str, float]:
    """Make the page of a frame in this process, and return name -> figure. `side` is one of `SIDES`."""
    frame = frame_of(kind, rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        seconds = write_page(frame, COLUMN[kind], side, path)
        return {
            "CPU s": seconds,
            "MB": path.stat().st_size / 1e6,
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def seen(kind: str, rows: int) -> dict[str, dict[str, float | None]]:
    """Open the pages of both sides, and return side -> name -> milliseconds; None for a page that draws nothing within three minutes."""
    from playwright.sync_api import sync_playwright

    from benchmarks.page import MARK, drag, move, opened, started
    from benchmarks.rival_pages import first_marker

    frame = frame_of(kind, rows)
    found: dict[str, dict[str, float | None]] = {}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        for side in ("qjmap", "geojson"):
            path = Path(name) / f"{side}.html"
            write_page(frame, COLUMN[kind], side, path)
            with started(playwright) as browser:
                if side == "qjmap":
                    page = opened(browser, path)
                    first: float | None = page.evaluate(MARK, "qjmap-first")
                else:
                    page, first = first_marker(browser, path, Path(name) / "assets")
                found[side] = {
                    "first paint ms": first,
                    "longest task, dragged ms": None if first is None else drag(page),
                    "longest task, zoomed ms": None if first is None else move(page),
                }
    return found


def in_own_process(python: str, kind: str, side: str, share: float) -> dict[str, float]:
    """Return `measured` of a process of another Python."""
    command = [python, __file__, "--only", kind, "--rows", str(share), "--side", side]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=list(ROWS), action="append")
    parser.add_argument("--rows", type=float, default=1.0, help="share of the rows")
    parser.add_argument("--pages", action="store_true", help="open the pages too")
    parser.add_argument("--rivals", default=sys.executable, help="Python of an environment with the other tools")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    for kind in options.only or ROWS:
        rows = int(ROWS[kind] * options.rows)
        if options.side:
            print(json.dumps(measured(kind, options.side, rows)))
            continue
        ours = in_own_process(sys.executable, kind, "qjmap", options.rows)
        for side in ("explore", "lonboard"):
            for what, value in in_own_process(options.rivals, kind, side, options.rows).items():
                print(
                    f"{kind:9} {rows:7,} {what:8} {ours[what]:8.2f}  1/{value / ours[what]:.1f} of {value:.2f}, {side}"
                )
    for kind in (
        options.only or ROWS if options.pages else ()
    ):  # afterwards: the peak of a process counts what its parent takes
        if kind != "points":
            pages = seen(kind, int(ROWS[kind] * options.rows))
            for what, own in pages["qjmap"].items():
                print(f"{kind:9} {what}: {own:.0f} beside {pages['geojson'][what]} of folium's GeoJson")


if __name__ == "__main__":
    main()
