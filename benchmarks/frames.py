"""Compare `qjmap.explore` with `GeoDataFrame.explore`, in one run on the same frames.

    python benchmarks/frames.py [--rows 0.1] [--only polygons]

Each of the two runs in a process of its own. Measured are the CPU time of the call (user and system, of all threads), the size of the
file, and the peak memory of the process; only the ratios mean anything. `GeoDataFrame.explore` needs matplotlib and mapclassify
(`benchmarks/rivals.txt`). The frames are invented, from a fixed seed: rectangles like buildings, random walks like roads, and points.
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
SIDES = ("qjmap", "explore")


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


def measured(kind: str, side: str, rows: int) -> dict[str, float]:
    """Make the page of a frame in this process, and return name -> figure. `side` is one of `SIDES`."""
    frame = frame_of(kind, rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        if side == "qjmap":
            from qjmap.frames import explore  # the import is the same for both: geopandas and folium

            begun = time.process_time()
            explore(frame, COLUMN[kind]).save(path)
        else:
            begun = time.process_time()
            frame.explore(COLUMN[kind], tiles=None).save(path)
        return {
            "CPU s": time.process_time() - begun,
            "MB": path.stat().st_size / 1e6,
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=list(ROWS), action="append")
    parser.add_argument("--rows", type=float, default=1.0, help="share of the rows")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    for kind in options.only or ROWS:
        rows = int(ROWS[kind] * options.rows)
        if options.side:
            print(json.dumps(measured(kind, options.side, rows)))
            continue
        figures = {}
        for side in SIDES:
            command = [sys.executable, __file__, "--only", kind, "--rows", str(options.rows), "--side", side]
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}
            )
            figures[side] = json.loads(done.stdout)
        ours, theirs = (figures[side] for side in SIDES)
        for what, value in ours.items():
            print(f"{kind:9} {rows:7,} {what:8} {value:8.2f}  1/{theirs[what] / value:.1f} of {theirs[what]:.2f}")


if __name__ == "__main__":
    main()
