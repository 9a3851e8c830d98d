"""Measure qjmap and the tools that one would use instead, in one run.

    python benchmarks/all.py --rivals build/rivals/bin/python [--sizes 100 1000 10000 100000] [--times 3] [--only build pages]
    python benchmarks/all.py --sizes 1000000 --only build pages export --rivals ...   # about two hours: `explore()` needs four minutes
    python benchmarks/all.py --table                                                  # tables and plot from the results again

Whole processes run in turn from the same CSV file (invented_enterprises.py: 12 columns, 40 to 120 characters of text), so that other
load on the machine affects all of them; medians are taken. A run that takes over a minute is made once, and one that exceeds a limit
(processes.py) is stopped and marked as such. A tool is not tried at sizes at which it would exceed a limit (`MOST`). Each result is
added to results.json as soon as it is known. The tables in docs/benchmarks.md and cost.svg are made from that file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from benchmarks import result_tables  # noqa: E402
from benchmarks.invented_enterprises import make  # noqa: E402
from benchmarks.page import MARK, filtered, move, opened, saved, searched, started  # noqa: E402
from benchmarks.processes import QJMAP, Cost, cost  # noqa: E402
from benchmarks.rival_pages import SEEN, first_marker  # noqa: E402

RESULTS = HERE / "results.json"
RIVAL_MAPS = HERE / "rival_maps.py"
ASSETS = HERE.parent / "build" / "rival-pages"

MOST = {
    "marker": 10_000, "marker-cluster": 100_000, "fast-marker-cluster": 1_000_000, "geojson-canvas": 100_000,
    "pyecharts": 100_000, "kepler": 100_000, "lonboard": 1_000_000, "explore": 1_000_000,
}  # fmt: skip
"""Tool -> maximum number of sites at which it is tried: `folium.Marker` takes four minutes and 170 MB at 100,000."""
LONG = 60.0
"""Time in seconds above which a run is made only once."""


class Results:
    """The results in a JSON file: {"group/tool/rows": figures}, and the machine."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def keep(self, group: str, tool: str, rows: int, figures: dict[str, Any]) -> None:
        """Write figures to the file and print them."""
        self.known[f"{group}/{tool}/{rows}"] = figures
        self.known["machine"] = machine()
        ordered = dict(sorted(self.known.items()))
        self.path.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"{group} {tool} {rows:,}: {figures}", flush=True)


def machine() -> dict[str, str]:
    """Return the cores and memory of the machine, and the versions of Python and packages."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = ("qjmap", "geopandas", "pandas", "folium", "pyogrio", "pyarrow")
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "python": platform.python_version(),
        "versions": ", ".join(f"{name} {metadata.version(name)}" for name in names),
    }


def median(costs: Sequence[Cost]) -> dict[str, Any]:
    """Return the medians over runs of the same command, and the limit ("time" or "memory") that a run exceeded, if any."""
    stopped = next((one.stopped for one in costs if one.stopped), "")
    return {
        "seconds": round(statistics.median(one.seconds for one in costs), 3),
        "processor": round(statistics.median(one.processor for one in costs), 3),
        "memory": int(statistics.median(one.memory for one in costs)),
        "size": int(statistics.median(one.size for one in costs)),
        "times": len(costs),
        **({"stopped": stopped} if stopped else {}),
    }


def in_turn(commands: dict[str, tuple[list[str], Path]], times: int) -> dict[str, dict[str, Any]]:
    """Run commands in turn, `times` times each but long ones once; return the medians by name.

    Parameters
    ----------
    commands : name -> (words of the command, file that it writes).
    """
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(times):
        for name, (command, written) in commands.items():
            if runs[name] and (runs[name][-1].seconds > LONG or runs[name][-1].stopped):
                continue
            runs[name].append(cost(command, written))
    return {name: median(costs) for name, costs in runs.items()}


def building(results: Results, folder: Path, rows: int, times: int, rivals: str) -> None:
    """Measure `qjmap build` and the other tools on the same CSV file; with text of random characters only `explore()`.

    `qjmap build` is also measured on as many rows whose addresses lie in invented districts ("qjmap-invented"): none of them is
    known, so the difference is what reading addresses costs.
    """
    for text, group in (("templates", "build"), ("random", "build-random")):
        project = make(
            rows, folder / f"{rows}-{text}", text="random" if text == "random" else "templates", addresses="mixed"
        )
        table = str(project / "data" / "sites.csv")
        others = [tool for tool, most in MOST.items() if rows <= most and (text == "templates" or tool == "explore")]
        commands = {
            "qjmap": ([*QJMAP, "build", str(project)], project / "maps" / "register.html"),
            **(_with_invented_addresses(folder, rows) if text == "templates" else {}),
            **{
                tool: ([rivals, str(RIVAL_MAPS), tool, table, str(folder / f"{tool}-{rows}.html")], folder / f"{tool}-{rows}.html")
                for tool in others
                if rivals
            },
        }  # fmt: skip
        for tool, figures in in_turn(commands, times).items():
            results.keep(group, tool, rows, figures)


def _with_invented_addresses(folder: Path, rows: int) -> dict[str, tuple[list[str], Path]]:
    """Make a project with addresses in invented districts, and return its build as `in_turn` takes it."""
    project = make(rows, folder / f"{rows}-invented", addresses="invented")
    return {"qjmap-invented": ([*QJMAP, "build", str(project)], project / "maps" / "register.html")}


def exporting(results: Results, folder: Path, rows: int, times: int, rivals: str) -> None:
    """Measure the export of all sites as GeoJSON and GeoParquet, by qjmap and by geopandas."""
    project = make(rows, folder / f"{rows}-templates", addresses="mixed")
    for form, theirs in (("geojson", "to-file"), ("parquet", "to-parquet")):
        ours, other = folder / f"ours.{form}", folder / f"theirs.{form}"
        command = [
            sys.executable,
            "-m",
            "qjmap",
            "export",
            str(project),
            "--layer",
            "sites",
            "--format",
            form,
            "-o",
            str(ours),
        ]
        commands = {"qjmap": (command, ours)}
        if rivals:
            commands[theirs] = (
                [rivals, str(RIVAL_MAPS), theirs, str(project / "data" / "sites.csv"), str(other)],
                other,
            )
        for tool, figures in in_turn(commands, times).items():
            results.keep(f"export-{form}", tool, rows, figures)


def pages(results: Results, folder: Path, rows: int, times: int, rivals: str) -> None:
    """Measure the pages in a browser: first marker, longest task while panning and zooming, and more for the page of qjmap."""
    project = make(rows, folder / f"{rows}-templates", addresses="mixed")
    page = project / "maps" / "register.html"
    if not page.exists():
        cost([*QJMAP, "build", str(project)], page)
    table = str(project / "data" / "sites.csv")
    with sync_playwright() as playwright:

        def browse(act: Callable[[Browser], dict[str, float | None]]) -> dict[str, float | None]:
            with started(playwright) as browser:
                return act(browser)

        results.keep(
            "page", "qjmap", rows, middle([browse(lambda one: our_page(one, page, rows)) for _ in range(times)])
        )
        for tool in SEEN if rivals else ():
            if rows > MOST[tool]:
                continue
            path = folder / f"{tool}-{rows}.html"
            if not path.exists() and cost([rivals, str(RIVAL_MAPS), tool, table, str(path)], path).stopped:
                continue
            results.keep("page", tool, rows, middle(their_runs(browse, path, times)))


def our_page(browser: Browser, path: Path, rows: int) -> dict[str, float | None]:
    """Return name of a figure -> milliseconds, of the page of qjmap with `rows` sites."""
    page = opened(browser, path)
    found: dict[str, float | None] = {
        "first": page.evaluate(MARK, "qjmap-first"), "ready": page.evaluate(MARK, "qjmap-ready"),
        "task": move(page), "filter": filtered(page), "search": searched(page, f"{rows // 2}"),
    }  # fmt: skip
    found["saved"], _ = saved(page)
    return found


def their_runs(browse: Callable[..., dict[str, float | None]], path: Path, times: int) -> list[dict[str, float | None]]:
    """Return for each run the first marker and the longest task of another tool's page, in milliseconds; None without a marker.

    There is only one run if the marker takes over a minute or never comes.
    """

    def look(browser: Browser) -> dict[str, float | None]:
        page, first = first_marker(browser, path, ASSETS)
        return {"first": first, "task": None if first is None else move(page)}

    runs: list[dict[str, float | None]] = []
    for _ in range(times):
        runs.append(browse(look))
        if runs[-1]["first"] is None or runs[-1]["first"] > LONG * 1000:
            break
    return runs


def middle(runs: Sequence[dict[str, float | None]]) -> dict[str, Any]:
    """Return name of a figure -> median over the runs; None if a run lacks the figure."""
    found: dict[str, Any] = {"times": len(runs)}
    for name in runs[0]:
        values = [run[name] for run in runs]
        found[name] = (
            None if None in values else round(statistics.median([one for one in values if one is not None]), 1)
        )
    return found


GROUPS: dict[str, Callable[[Results, Path, int, int, str], None]] = {
    "build": building,
    "export": exporting,
    "pages": pages,
}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 1_000, 10_000, 100_000])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--tools", nargs="*", choices=MOST, default=list(MOST), help="other tools to measure")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS))
    parser.add_argument(
        "--rivals", default="", help="Python of an environment with the other tools; without it only ours"
    )
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--table", action="store_true", help="only write the tables and the plot from the results")
    options = parser.parse_args()
    for tool in MOST.keys() - set(options.tools):
        MOST[tool] = 0
    results = Results(options.results)
    if not options.table:
        for rows in options.sizes:
            with tempfile.TemporaryDirectory() as folder:
                for name in options.only:
                    GROUPS[name](results, Path(folder), rows, options.times, options.rivals)
    result_tables.write(results.known, HERE.parent / "docs" / "benchmarks.md", HERE / "cost.svg")


if __name__ == "__main__":
    main()
