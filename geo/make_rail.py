"""Make the railways of the package `qjmap-rail`: lines in China and around it, for zooms 5 to 12.

    python geo/make_rail.py [FOLDER]

writes railways.z into geo/rail/qjmap_rail (or FOLDER) from the package scgraph_data, a simplified extract of OpenStreetMap under the
ODbL 1.0. Its module is read as text, since an import takes 12 s and 2.4 GB. The two tracks of a line are merged if they are nearer to
each other than a step of the lattice. The same package gives the same bytes.
"""

import re
import sys
from importlib import metadata, util
from pathlib import Path
from typing import Final

import _ground_boundaries as boundaries
import _ground_files as files
import numpy as np
import shapely
from _source_packages import Geometry
from numpy.typing import NDArray

OUT: Final = Path(__file__).resolve().parent / "rail" / "qjmap_rail"
PINNED: Final = "2.0.0"
#: Number of steps of the lattice in a degree (a step is 110 m), tolerance (degrees, Douglas-Peucker), minimum length of a line (degrees).
PER_DEGREE, TOLERANCE, LEAST = 1000, 0.003, 0.01
#: Distance in degrees from China within which lines are kept.
BEYOND: Final = 0.5
#: Maximum length of an edge in degrees. Longer edges are straight bridges over gaps of the extract, and are left out.
LONGEST: Final = 1.0
CREDIT: Final = {
    "zh": "铁路：© OpenStreetMap contributors（ODbL 1.0），经 scgraph_data 简化",
    "en": "Railways: © OpenStreetMap contributors (ODbL 1.0), simplified by scgraph_data",
}
_LINKS = re.compile(r"\{([^}]*)\}")
_LINK = re.compile(r"(\d+):")
_PAIR = re.compile(r"\[(-?[\d.e-]+), (-?[\d.e-]+)\]")


def source() -> str:
    """Return the source text of the module with the network of railways."""
    if metadata.version("scgraph_data") != PINNED:
        raise SystemExit(f"needs scgraph_data {PINNED}")
    spec = util.find_spec("scgraph_data")
    folders = spec.submodule_search_locations if spec is not None else None
    return (Path(next(iter(folders or ()))) / "world_railways.py").read_text(encoding="utf-8")


def edges(text: str) -> NDArray[np.float64]:
    """Return the edges of the network, each once: longitude and latitude of the first and of the second end, shape (n, 4)."""
    graph, _, nodes = text.partition("nodes=")
    pairs = [(start, int(end)) for start, links in enumerate(_LINKS.findall(graph)) for end in _LINK.findall(links)]
    ends = np.unique(np.sort(np.array(pairs), axis=1), axis=0)
    points = np.array(_PAIR.findall(nodes), dtype=np.float64)[:, ::-1]
    ends = ends[ends[:, 0] != ends[:, 1]]
    return np.hstack([points[ends[:, 0]], points[ends[:, 1]]])


def lines(found: NDArray[np.float64], area: Geometry) -> list[Geometry]:
    """Return the edges that intersect an area, merged to lines between junctions and simplified; sorted."""
    west, south, east, north = area.bounds
    x, y = found[:, ::2], found[:, 1::2]
    near = (x.max(axis=1) >= west) & (x.min(axis=1) <= east) & (y.max(axis=1) >= south) & (y.min(axis=1) <= north)
    near &= np.hypot(*(found[:, :2] - found[:, 2:]).T) <= LONGEST
    steps = np.unique(np.round(found[near] * PER_DEGREE), axis=0).reshape(-1, 2, 2)
    first, last = steps[:, 0], steps[:, 1]
    swapped = (first[:, 0] > last[:, 0]) | ((first[:, 0] == last[:, 0]) & (first[:, 1] > last[:, 1]))
    steps[swapped] = steps[swapped][:, ::-1]
    steps = np.unique(steps.reshape(-1, 4), axis=0).reshape(-1, 2, 2)
    pieces = shapely.linestrings(steps / PER_DEGREE)
    shapely.prepare(area)
    kept = pieces[shapely.intersects(area, pieces) & (shapely.length(pieces) > 0)]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(kept)))
    simple = shapely.simplify(merged, TOLERANCE)
    long = simple[shapely.length(simple) >= LEAST]
    return sorted(long, key=lambda line: shapely.get_coordinates(line).tolist())


def main(out: Path = OUT) -> None:
    """Write the file and print its size."""
    area = shapely.buffer(shapely.coverage_union_all([unit.geometry for unit in boundaries.counties()]), BEYOND)
    found = lines(edges(source()), shapely.simplify(area, BEYOND / 5))
    content = files.lines_file(found, PER_DEGREE, credit=CREDIT, origin=f"scgraph_data {PINNED} world_railways")
    out.mkdir(parents=True, exist_ok=True)
    (out / "railways.z").write_bytes(content)
    vertices = sum(len(shapely.get_coordinates(line)) for line in found)
    print(f"railways.z {len(content):,} bytes, {len(found):,} lines, {vertices:,} vertices")


if __name__ == "__main__":
    main(*(Path(one).resolve() for one in sys.argv[1:]))
