"""What large tables cost, against what one would use instead: whole processes, medians of three, ratios of one run.

    python benchmarks/large.py                 # 100,000 sites
    python benchmarks/large.py 1000000         # takes an hour: `explore()` needs four minutes and 10 GB each time

`qjmap build` of an invented register (12 columns, see register.py) against `GeoDataFrame.explore()` of the same CSV file, and
`qjmap export` of all its sites as GeoJSON and GeoParquet against `GeoDataFrame.to_file` and `to_parquet`: wall time, peak
memory, size of what is written. Both sides read the CSV file and write to the same disk.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from register import make

_READ = (
    "import sys, geopandas as gpd, pandas as pd\nt = pd.read_csv(sys.argv[1])\n"
    "g = gpd.GeoDataFrame(t, geometry=gpd.points_from_xy(t.lon, t.lat), crs=4326)\n"
)
_EXPLORE = _READ + "g.explore().save(sys.argv[2])\n"
_TO_FILE = _READ + "g.to_file(sys.argv[2], driver='GeoJSON')\n"
_TO_PARQUET = _READ + "g.to_parquet(sys.argv[2])\n"


@dataclass(frozen=True)
class Cost:
    """Of one whole process: wall seconds, peak resident memory in bytes, bytes of the file that it wrote."""

    seconds: float
    memory: int
    size: int


def cost(command: Sequence[str], written: Path) -> Cost:
    """Run a command once. Its peak memory is the system's own account of that process."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{command[:3]} ended with {process.returncode}")
    return Cost(seconds, usage.ru_maxrss * 1024, written.stat().st_size)


def paired(ours: Sequence[str], ours_written: Path, theirs: Sequence[str], theirs_written: Path, times: int = 3) -> tuple[Cost, Cost]:
    """Medians of both commands, run in turn, so that what else the machine does is shared fairly."""
    runs = [(cost(ours, ours_written), cost(theirs, theirs_written)) for _ in range(times)]

    def median(side: int) -> Cost:
        one = [run[side] for run in runs]
        return Cost(
            statistics.median(each.seconds for each in one),
            int(statistics.median(each.memory for each in one)),
            int(statistics.median(each.size for each in one)),
        )

    return median(0), median(1)


def building(rows: int, folder: Path, *, text: str = "templates", times: int = 3) -> tuple[Cost, Cost]:
    """`qjmap build` against `explore()`."""
    project = make(rows, folder / f"{rows}-{text}", text="random" if text == "random" else "templates")
    theirs = folder / "explore.html"
    return paired(
        [sys.executable, "-m", "qjmap", "build", str(project)], project / "maps" / "register.html",
        [sys.executable, "-c", _EXPLORE, str(project / "data" / "sites.csv"), str(theirs)], theirs, times,
    )  # fmt: skip


def exporting(rows: int, folder: Path, form: str = "geojson", *, times: int = 3) -> tuple[Cost, Cost]:
    """`qjmap export --layer sites` against `to_file` or `to_parquet`."""
    project = make(rows, folder / f"{rows}-templates")
    ours, theirs = folder / f"ours.{form}", folder / f"theirs.{form}"
    return paired(
        [sys.executable, "-m", "qjmap", "export", str(project), "--layer", "sites", "--format", form, "-o", str(ours)], ours,
        [sys.executable, "-c", _TO_FILE if form == "geojson" else _TO_PARQUET, str(project / "data" / "sites.csv"), str(theirs)], theirs, times,
    )  # fmt: skip


def told(what: str, rows: int, ours: Cost, theirs: Cost) -> str:
    """One line of ratios."""
    return (
        f"{what} of {rows:,} sites: {ours.seconds:.2f} s against {theirs.seconds:.2f} s, {theirs.seconds / ours.seconds:.1f} times as fast; "
        f"{ours.memory / 1e9:.2f} GB against {theirs.memory / 1e9:.2f} GB, 1/{theirs.memory / ours.memory:.1f}; "
        f"{ours.size / 1e6:.1f} MB against {theirs.size / 1e6:.1f} MB, 1/{theirs.size / ours.size:.1f}"
    )


def main() -> None:
    """The command line."""
    with tempfile.TemporaryDirectory() as folder:
        for rows in [int(word) for word in sys.argv[1:]] or [100_000]:
            print(told("build against explore()", rows, *building(rows, Path(folder))), flush=True)
            print(told("GeoJSON against to_file", rows, *exporting(rows, Path(folder))), flush=True)
            print(told("GeoParquet against to_parquet", rows, *exporting(rows, Path(folder), "parquet")), flush=True)


if __name__ == "__main__":
    main()
