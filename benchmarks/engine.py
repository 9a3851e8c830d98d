"""Measure the export of a table in partitions, in one process and on Dask: time, memory of client and workers, equal bytes.

    python benchmarks/engine.py                          # 1, 3 and 10 million sites; at 10 million a worker is killed during the run
    python benchmarks/engine.py 1000000 --workers 2
    python benchmarks/engine.py --polygons               # find the county of points, in several ways

Each run is `qjmap export --layer sites --districts` of invented enterprises (12 columns, see invented_enterprises.py) in partitions of
250,000 rows: every row is read, checked, located, assigned to its county by the polygons, and written as GeoJSON. Memory is the greatest
resident size of a process, sampled twenty times a second (Linux only).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from invented_enterprises import make
from processes import QJMAP

PART = 250_000
"""Number of rows of a partition."""
_EVERY_SECONDS = 0.05
"""Time in seconds between two samples of memory."""


@dataclass(frozen=True)
class Run:
    """Figures of an export.

    Attributes
    ----------
    seconds, busy : wall time and processor time in seconds.
    client, worker : greatest resident size in bytes of the client and of any worker.
    killed : number of workers that were killed.
    digest : SHA-256 of the file.
    """

    seconds: float
    busy: float
    client: int
    worker: int
    killed: int
    digest: str


def partitioned_tables(project: Path, part: int = PART) -> Path:
    """Split the sites of a project into a folder of files with `part` rows each; return the project."""
    whole, folder = project / "data" / "sites.csv", project / "data" / "sites"
    folder.mkdir()
    with whole.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        head = next(rows)
        number = 0
        while some := [row for row, _ in zip(rows, range(part), strict=False)]:
            with (folder / f"part-{number:05}.csv").open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, lineterminator="\n").writerows([head, *some])
            number += 1
    whole.unlink()
    return project


def export(project: Path, out: Path, *options: str, kill_after: float | None = None) -> Run:
    """Run the export and return its figures.

    Parameters
    ----------
    kill_after : time in seconds after which a worker is killed; None to kill none.
    """
    out.unlink(missing_ok=True)
    command = ["export", str(project), "--layer", "sites", "--districts", "-o", str(out), *options]
    start = time.perf_counter()
    client = worker = killed = 0
    with subprocess.Popen([*QJMAP, *command], stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            client = max(client, _resident(process.pid))
            workers = _workers(process.pid)
            worker = max([worker, *map(_resident, workers)])
            if kill_after is not None and not killed and workers and time.perf_counter() - start > kill_after:
                os.kill(workers[0], signal.SIGKILL)
                killed += 1
            time.sleep(_EVERY_SECONDS)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"the export ended with {process.returncode}")
    return Run(seconds, _busy() - _before[0], client, worker, killed, _digest(out))


_before = [0.0]
"""Processor seconds of all child processes before the present run, as its only item."""


def _busy() -> float:
    """Return the processor seconds of all child processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _resident(pid: int) -> int:
    """Return the resident size of a process in bytes; 0 if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _workers(pid: int) -> list[int]:
    """Return the process ids of the workers that a process has spawned, without the tracker of shared memory."""
    try:
        threads = [one / "children" for one in Path(f"/proc/{pid}/task").iterdir()]
        children = [child for one in threads for child in one.read_text(encoding="ascii").split()]
        return sorted(int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes())
    except OSError:
        return []


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measure(sizes: list[int], workers: int, folder: Path) -> None:
    """Print the figures of all runs, the growth between the smallest and the greatest size, and an estimate for 100 million rows.

    Exits with 1 if the two engines write different bytes.
    """
    slow = ["--engine", "dask", "--workers", str(workers)]
    every: dict[str, list[tuple[int, Run]]] = {"here": [], "dask": []}
    for rows in sizes:
        project = partitioned_tables(make(rows, folder / str(rows), addresses="mixed"))
        out = folder / "sites.geojson"
        here = _once(project, out)
        kill = here.seconds * 0.35 if rows == max(sizes) else None
        dask = _once(project, out, *slow, kill_after=kill)
        every["here"].append((rows, here))
        every["dask"].append((rows, dask))
        for name, run in (("here", here), (f"dask, {workers} workers", dask)):
            line = f"{rows:>11,} rows  {name:<16} {run.seconds:7.1f} s  {run.busy:7.1f} cpu s  {rows / run.seconds:9,.0f} rows/s"
            line += f"  client {run.client / 1e9:.2f} GB  worker {run.worker / 1e9:.2f} GB"
            print(line + (f"  workers killed: {run.killed}" if run.killed else ""), flush=True)
        print(f"{'':>17}same bytes: {here.digest == dask.digest}", flush=True)
        if here.digest != dask.digest:
            raise SystemExit(1)
        shutil.rmtree(project)
    for name, runs in every.items():
        if len(runs) > 1:
            (few, first), (many, last) = runs[0], runs[-1]
            seconds, client = (last.seconds - first.seconds) / (many - few), (last.client - first.client) / (many - few)
            busy = (last.busy - first.busy) / (many - few)
            print(f"{name}: {1 / busy:,.0f} rows a second and a core, {client:.0f} bytes of the client a row; "
                  f"100 million rows: {(last.seconds + (1e8 - many) * seconds) / 60:.0f} minutes, "
                  f"client {(last.client + (1e8 - many) * client) / 1e9:.1f} GB, worker {last.worker / 1e9:.1f} GB")  # fmt: skip


def _once(project: Path, out: Path, *options: str, kill_after: float | None = None) -> Run:
    _before[0] = _busy()
    return export(project, out, *options, kill_after=kill_after)


def polygons(points: int = 250_000) -> None:
    """Print the median times of several ways to find the county of each of many points."""
    import geopandas as gpd
    import shapely

    from qjmap.geocoding.county_polygons import county_indices, county_polygon
    from qjmap.geocoding.county_rings import load_county_rings

    draw = np.random.default_rng(1)
    half = points // 2
    lon = np.concatenate([draw.uniform(103, 111, half), draw.uniform(75, 134, half)])
    lat = np.concatenate([draw.uniform(26, 33, half), draw.uniform(20, 52, half)])
    outlines = np.array([county_polygon(number) for number in range(len(load_county_rings().adcodes))])
    places = shapely.points(lon, lat)
    left, right = gpd.GeoDataFrame(geometry=places, crs=4326), gpd.GeoDataFrame(geometry=outlines, crs=4326)
    ways: dict[str, Callable[[], object]] = {
        "STRtree of outlines, points within": lambda: shapely.STRtree(outlines).query(places, predicate="within"),
        "STRtree of points, outlines contain": lambda: shapely.STRtree(places).query(outlines, predicate="contains"),
        "geopandas.sjoin": lambda: gpd.sjoin(left, right, predicate="within"),
        "county_indices": lambda: county_indices(lon, lat),
    }
    for name, way in ways.items():
        took = []
        for _ in range(3):
            start = time.perf_counter()
            way()
            took.append(time.perf_counter() - start)
        print(f"{name:<40} {sorted(took)[1]:.2f} s for {len(lon):,} points and {len(outlines):,} outlines")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=[1_000_000, 3_000_000, 10_000_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--polygons", action="store_true")
    options = parser.parse_args()
    if options.polygons:
        polygons()
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(sorted(options.rows), options.workers, Path(folder))


if __name__ == "__main__":
    main()
