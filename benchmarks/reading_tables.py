"""Compare the time of reading and checking with simpler work that it cannot undercut. All figures are medians of three.

    python benchmarks/reading_tables.py            # 100,000 and 1,000,000 rows
    python benchmarks/reading_tables.py 100000     # only 100,000 rows

Reading a CSV file with all checks is compared with `pandas.read_csv` of the same file; the inverse of GCJ-02 and BD-09 of a million points
with the forward formulas in plain NumPy. The peak memory is that of a process that only checks the file.
"""

from __future__ import annotations

import csv
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from qjmap.datum import from_wgs84, to_wgs84
from qjmap.validation import check_file

HEADER = ["编号", "名称", "类别", "状态", "地址", "经度", "纬度", "坐标系", "来源", "说明", "开始日期", "网址"]


def make_file(path: Path, rows: int) -> None:
    """Write a CSV file of invented sites with 12 columns, as a large office would list them."""
    draw = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for at in range(rows):
            lon, lat = round(105 + draw.random() * 4, 6), round(27 + draw.random() * 4, 6)
            address = f"重庆市綦江区古南街道某某路{at % 999}号"
            writer.writerow(
                [f"s{at}", f"重庆某某{at}机械制造有限公司", "企业", "运营", address, lon, lat, "WGS84", "article", "一段说明文字" * 5,
                 "2020-09-09", f"https://example.org/{at}"]
            )  # fmt: skip


def median(work: Callable[[], object], times: int = 3) -> float:
    """Return the median time of several calls in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def peak_memory_gb(path: Path) -> float:
    """Return the peak memory in gigabytes (2**30 bytes) of a process that checks a file."""
    code = (
        "import resource, sys\nfrom qjmap.validation import check_file\ncheck_file(sys.argv[1])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024**2


def reading(rows: int, folder: Path) -> None:
    """Print the figures of a file with this number of rows."""
    path = folder / f"{rows}.csv"
    make_file(path, rows)
    floor, ours = median(lambda: pd.read_csv(path)), median(lambda: check_file(path))
    size = path.stat().st_size / 1e6
    print(
        f"{rows:>9,} rows, {size:.0f} MB: read_csv {floor:.2f} s, read and checked {ours:.2f} s, ratio {ours / floor:.1f}, "
        f"peak {peak_memory_gb(path):.2f} GB"
    )
    path.unlink()


def forward_pass(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Convert WGS 84 to GCJ-02 (degrees) by the commonly published formula, in plain NumPy."""
    x, y, pi = lon - 105.0, lat - 35.0, np.pi
    wave = (20 * np.sin(6 * x * pi) + 20 * np.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave
    north += (20 * np.sin(y * pi) + 40 * np.sin(y / 3 * pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * pi) + 320 * np.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave
    east += (20 * np.sin(x * pi) + 40 * np.sin(x / 3 * pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * pi) + 300 * np.sin(x / 30 * pi)) * 2 / 3
    radians = lat / 180 * pi
    magic = 1 - 0.00669342162296594323 * np.sin(radians) ** 2
    root = np.sqrt(magic)
    north = north * 180 / (6378245.0 * (1 - 0.00669342162296594323) / (magic * root) * pi)
    east = east * 180 / (6378245.0 / root * np.cos(radians) * pi)
    return lon + east, lat + north


def forward_pass_of_baidu(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Convert GCJ-02 to BD-09 (degrees) by the commonly published formula, in plain NumPy."""
    turn = np.pi * 3000 / 180
    length = np.sqrt(lon * lon + lat * lat) + 0.00002 * np.sin(lat * turn)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * turn)
    return length * np.cos(angle) + 0.0065, length * np.sin(angle) + 0.006


def datums(count: int = 1_000_000) -> None:
    """Print the time of converting positions from GCJ-02 and BD-09 to WGS 84, and the error of the result."""
    draw = np.random.default_rng(1)
    lon, lat = draw.uniform(97, 110, count), draw.uniform(26, 34, count)
    for name, forward in (("gcj02", forward_pass), ("bd09", lambda x, y: forward_pass_of_baidu(*forward_pass(x, y)))):
        floor = median(lambda forward=forward: forward(lon, lat))  # type: ignore[misc]
        x, y = from_wgs84(lon, lat, name)
        ours = median(lambda x=x, y=y, name=name: to_wgs84(x, y, name))  # type: ignore[misc]
        back = to_wgs84(x, y, name)
        off = 111_320 * np.hypot((back[0] - lon) * np.cos(np.radians(lat)), back[1] - lat).max()
        print(
            f"{count:>9,} positions from {name}: {ours:.2f} s, one forward pass {floor:.2f} s, ratio {ours / floor:.1f}, off by {off:.1e} m"
        )


def main() -> None:
    """Run the command line."""
    with tempfile.TemporaryDirectory() as folder:
        for rows in [int(word) for word in sys.argv[1:]] or [100_000, 1_000_000]:
            reading(rows, Path(folder))
    datums()


if __name__ == "__main__":
    main()
