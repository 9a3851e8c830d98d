"""Make the tables in docs/benchmarks.md and the plot cost.svg from the results: aims and whether they are met, and cost by size."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

Known = Mapping[str, Any]
"""The results: "group/tool/rows" -> figures, and "machine". Figures marked "busy" are of a machine with much other work: their wall time
compares with figures of the same run only, so it is not plotted."""

NAMES = {
    "qjmap": "qjmap", "explore": "`explore()`", "marker": "folium `Marker`", "marker-cluster": "folium `MarkerCluster`",
    "fast-marker-cluster": "folium `FastMarkerCluster`", "geojson-canvas": "folium `GeoJson`, canvas", "pyecharts": "pyecharts `Geo`",
    "kepler": "kepler.gl", "lonboard": "lonboard", "qjmap-invented": "qjmap, no address known", "to-file": "`to_file`", "to-parquet": "`to_parquet`",
}  # fmt: skip
"""Tool -> its name in the tables."""
SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
"""Numbers of sites in the tables."""
BEGIN, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"
"""Marks in docs/benchmarks.md between which the tables stand."""


@dataclass(frozen=True)
class Asked:
    """An aim: a figure of qjmap should be at most a share of that of another tool, or at most a number.

    Attributes
    ----------
    what : name of the figure in the table.
    rows : number of sites.
    group, figure : group and name of the figure in the results.
    rival : the other tool; "" if the limit is a number.
    at_most : the greatest share of the other tool's figure, or the number in the unit of the figure.
    """

    what: str
    rows: int
    group: str
    figure: str
    rival: str = ""
    at_most: float = 1.0


def _asked() -> Iterator[Asked]:
    """Yield all aims."""
    for rows, faster, memory, export in ((100_000, 10, 3, 2), (1_000_000, 25, 6, 3)):
        yield Asked("`qjmap build`, wall", rows, "build", "seconds", "explore", 1 / faster)
        yield Asked("`qjmap build`, peak memory", rows, "build", "memory", "explore", 1 / memory)
        yield Asked("page, text from templates", rows, "build", "size", "explore", 1 / 12)
        yield Asked("page, text of random characters", rows, "build-random", "size", "explore", 1 / 4)
        yield Asked("GeoJSON of all sites, wall", rows, "export-geojson", "seconds", "to-file", 1 / export)
        if rows == 100_000:
            yield Asked("first sites painted", rows, "page", "first", "fast-marker-cluster", 1 / 15)
            yield Asked("longest task, panning and zooming", rows, "page", "task", at_most=60)
        else:
            yield Asked("page, text from templates", rows, "build", "size", at_most=80e6)
            yield Asked("GeoJSON of all sites, peak memory", rows, "export-geojson", "memory", "to-file", 1 / 3)
            yield Asked("first sites painted", rows, "page", "first", at_most=600)
            yield Asked("page ready", rows, "page", "ready", at_most=2500)
            yield Asked("longest task, panning and zooming", rows, "page", "task", at_most=120)
            yield Asked("search answers", rows, "page", "search", at_most=300)
            yield Asked("filter shows", rows, "page", "filter", at_most=300)
            yield Asked("all sites saved from the page as GeoJSON", rows, "page", "saved", at_most=10_000)


ASKED = tuple(_asked())
"""All aims, in the order of the table."""


def shown(figure: str, value: float | None) -> str:
    """Return a figure as a text with its unit; "none seen" for None."""
    if value is None:
        return "none seen"
    if figure == "seconds":
        return f"{value:.2f} s" if value < 10 else f"{value:,.0f} s"
    if figure in ("memory", "size"):
        return f"{value / 1e6:,.1f} MB" if value < 10e6 else f"{value / 1e6:,.0f} MB"
    return (
        "none of 50 ms" if figure == "task" and value < 50 else f"{value:,.0f} ms"
    )  # the browser reports no shorter tasks


def verdict(asked: Asked, known: Known) -> tuple[str, str, str, str] | None:
    """Return the cells of an aim in the table: the figure of qjmap, its ratio to the other tool's, the aim, and whether it is met.

    None if the figure of qjmap was not measured. The ratio is "" if the limit is a number.
    """
    ours = known.get(f"{asked.group}/qjmap/{asked.rows}", {}).get(asked.figure)
    if ours is None:
        return None
    if not asked.rival:
        return (
            shown(asked.figure, ours),
            "",
            f"at most {shown(asked.figure, asked.at_most)}",
            "yes" if ours <= asked.at_most else "**no**",
        )
    other = known.get(f"{asked.group}/{asked.rival}/{asked.rows}")
    if other is None:
        return shown(asked.figure, ours), "not measured", f"1/{1 / asked.at_most:.0f}", "open"
    theirs = other.get(asked.figure)
    if theirs is None:
        return shown(asked.figure, ours), f"{NAMES[asked.rival]} none seen", f"1/{1 / asked.at_most:.0f}", "yes"
    at_least = "over " if other.get("stopped") else ""
    # For a process that was stopped only a lower bound is known. An aim that it meets is met; otherwise nothing is known.
    met = "yes" if ours <= theirs * asked.at_most else ("open" if at_least else "**no**")
    ratio = (
        f"{at_least}1/{theirs / max(ours, 1e-9):.1f} of {at_least}{shown(asked.figure, theirs)}, {NAMES[asked.rival]}"
    )
    return shown(asked.figure, ours), ratio, f"1/{1 / asked.at_most:.0f}", met


def ratios(known: Known) -> list[str]:
    """Return the lines of the table of aims."""
    lines = ["| what | sites | qjmap | against | aim | met |", "|---|---:|---:|---|---|---|"]
    for one in ASKED:
        found = verdict(one, known)
        if found:
            ours, theirs, limit, met = found
            lines.append(f"| {one.what} | {one.rows:,} | {ours} | {theirs} | {limit} | {met} |")
    return lines


def cell(known: Known, group: str, tool: str, rows: int) -> str:
    """Return the cell of a tool and size: wall time and size of the file; "" if it was not measured."""
    found = known.get(f"{group}/{tool}/{rows}")
    if found is None:
        return ""
    if found.get("stopped"):
        return f"stopped at {shown('seconds', found['seconds'])} ({found['stopped']})"
    busy = " (busy)" if found.get("busy") else ""
    return f"{shown('seconds', found['seconds'])}{busy}, {shown('size', found['size'])}"


def costs(known: Known) -> list[str]:
    """Return the lines of the table of building by size. Its last column has the growth of the time (`growth`)."""
    sizes = [rows for rows in SIZES if f"build/qjmap/{rows}" in known]
    lines = [
        "| sites | " + " | ".join(f"{rows:,}" for rows in sizes) + " | time grows as |",
        "|---|" + "---:|" * len(sizes) + "---|",
    ]
    for tool in NAMES:
        cells = [cell(known, "build", tool, rows) for rows in sizes]
        if any(cells):
            lines.append(f"| {NAMES[tool]} | " + " | ".join(cells) + f" | {growth(series(known, tool, 'seconds'))} |")
    return lines


def series(known: Known, tool: str, figure: str) -> list[tuple[int, float]]:
    """Return (number of sites, figure) of the builds of a tool that were not stopped; no wall times of a busy machine."""
    found = [(rows, known.get(f"build/{tool}/{rows}", {})) for rows in SIZES]
    return [
        (rows, float(one[figure]))
        for rows, one in found
        if one.get(figure) and not one.get("stopped") and not (figure == "seconds" and one.get("busy"))
    ]


def growth(points: list[tuple[int, float]]) -> str:
    """Return the growth of a figure with the number n of sites between the last two sizes, as "n^k"; "" for fewer than two."""
    if len(points) < 2:
        return ""
    (a, x), (b, y) = points[-2:]
    return f"n^{math.log(y / x) / math.log(b / a):.2f}"


def text(known: Known) -> str:
    """Return the tables, with an introduction, as Markdown."""
    machine = known["machine"]
    lines = [
        "Measured with `make bench` on {cores} cores and {memory} (Python {python}; {versions}):".format_map(machine),
        "whole processes in turn from the same CSV file, and pages opened in Chromium; medians of three, one run of what takes over a",
        "minute. Parts of it may be of different runs (`--only`), never the two sides of a line.",
        "",
        *ratios(known),
        "",
        "What it costs to make the map, wall time and size of the file:",
        "",
        *costs(known),
        "",
        "![Wall time and size of the file by number of sites](../benchmarks/cost.svg)",
    ]
    return "\n".join(lines)


def plot(known: Known) -> str:
    """Return the plot of wall time and file size by number of sites, with logarithmic axes, as SVG."""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1190 420" font-family="sans-serif" font-size="12">',
        '<rect width="1190" height="420" fill="#fff"/>',
    ]
    for left, figure, title, unit in ((60, "seconds", "Wall time, s", 1.0), (620, "size", "Size of the file, MB", 1e6)):
        parts += _panel(known, left, figure, title, unit)
    return "\n".join([*parts, "</svg>", ""])


COLOURS = ("#b03a10", "#1f6f9f", "#4d4d4d", "#7a4b9a", "#2f7d4f", "#a37c00", "#c2517d", "#5a6acf", "#00808a")


def _panel(known: Known, left: int, figure: str, title: str, unit: float) -> list[str]:
    lines = {tool: [(rows, value / unit) for rows, value in series(known, tool, figure)] for tool in NAMES}
    lines = {tool: points for tool, points in lines.items() if points}
    values = [value for points in lines.values() for _, value in points] or [1.0]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    top, height, width = 40, 330, 330
    high = max(high, low + 1)

    def at(rows: float, value: float) -> tuple[float, float]:
        return left + (math.log10(rows) - 2) / 4 * width, top + height - (math.log10(value) - low) / (
            high - low
        ) * height

    out = [f'<text x="{left}" y="24" font-size="14" font-weight="600">{title}</text>']
    for power in range(low, high + 1):
        _, y = at(100, 10.0**power)
        out.append(f'<path d="M{left} {y:.1f}H{left + width}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{10.0**power:g}</text>')
    for rows in SIZES:
        x, _ = at(rows, 10.0**low)
        out.append(f'<text x="{x:.1f}" y="{top + height + 18}" text-anchor="middle" fill="#555">{rows:,}</text>')
    out.append(f'<text x="{left + width / 2}" y="{top + height + 38}" text-anchor="middle" fill="#555">sites</text>')
    ends: list[float] = []
    for number, (tool, points) in enumerate(sorted(lines.items(), key=lambda item: at(*item[1][-1])[1])):
        colour = COLOURS[list(NAMES).index(tool) % len(COLOURS)]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (at(*one) for one in points))
        thick = 3 if tool == "qjmap" else 1.5
        x, y = at(*points[-1])
        label = max([y, *(end + 15 for end in ends[-1:])]) if number else y
        ends.append(label)
        name = escape(NAMES[tool].replace("`", ""))
        out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick}"/>')
        out += [
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in (at(*one) for one in points)
        ]
        out.append(
            f'<path d="M{x + 4:.1f} {y:.1f}L{left + width + 10} {label:.1f}" stroke="{colour}" stroke-width="0.6" stroke-dasharray="2 2"/>'
        )
        out.append(f'<text x="{left + width + 12}" y="{label + 4:.1f}" fill="{colour}">{name} {growth(points)}</text>')
    return out


def write(known: Known, document: Path, picture: Path) -> None:
    """Write the tables between their marks in the document, and the plot. Exit if the document lacks the marks."""
    before = document.read_text(encoding="utf-8")
    if BEGIN not in before or END not in before:
        raise SystemExit(f"{document} has no lines {BEGIN} and {END}")
    inside = f"{BEGIN}\n{text(known)}\n{END}"
    document.write_text(
        re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: inside, before, flags=re.DOTALL), encoding="utf-8"
    )
    picture.write_text(plot(known), encoding="utf-8")
