"""From a coverage to the arcs that its members share: each piece of boundary once, with what lies on its left and right."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from _source_packages import Geometry
from numpy.typing import NDArray

Lattice = NDArray[np.int64]
Edge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Arc:
    """A piece of boundary between two ends where a third member begins, or a closed one.

    Attributes
    ----------
    left, right : number of the member on either side, going along the vertices; negative outside of the coverage.
    vertices : whole steps of the lattice, shape (n, 2).
    """

    left: int
    right: int
    vertices: Lattice


def lattice(shape: Geometry, per_degree: int) -> Geometry:
    """Round every coordinate to whole steps of 1 / `per_degree` degrees; of a part too small for that its cells of the lattice remain."""
    parts = []
    for part in shapely.get_parts(shape):
        rounded = shapely.transform(part, lambda xy: np.round(xy * per_degree) / per_degree + 0.0)
        if rounded.area == 0:
            west, south, east, north = part.bounds
            low = np.floor(np.array([west, south]) * per_degree) / per_degree
            high = np.ceil(np.array([east, north]) * per_degree) / per_degree
            rounded = shapely.box(*low, *high)
        parts.append(rounded)
    return shapely.multipolygons(parts)


def clean_on_lattice(shapes: Sequence[Geometry], per_degree: int, gap: float) -> list[Geometry]:
    """Make shapes a valid coverage whose vertices all lie on the lattice; holes narrower than `gap` degrees are closed.

    An area claimed twice goes to the larger claimant. Cleaning may put a vertex beside the lattice and rounding may cross
    two edges, so both are repeated until neither changes anything.
    """
    made = list(shapes)
    for _ in range(8):
        rounded = [lattice(shape, per_degree) for shape in made]
        made = list(shapely.coverage_clean(rounded, merge_strategy="max_area", gap_width=gap))
        steps = shapely.get_coordinates(made) * per_degree
        if np.abs(steps - np.round(steps)).max() < 1e-6 and shapely.coverage_is_valid(made):
            return made
    raise ValueError("the shapes cannot be made a coverage on the lattice")


def _edges(shapes: Sequence[Geometry], per_degree: int) -> dict[Edge, int]:
    """Return the directed edges of a coverage, each with the member on its left."""
    edges: dict[Edge, int] = {}
    for number, shape in enumerate(shapely.orient_polygons(np.asarray(shapes, dtype=object), exterior_cw=False)):
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            steps = np.round(shapely.get_coordinates(ring) * per_degree).astype(np.int64).tolist()
            points = [(x, y) for x, y in steps]
            edges.update(((a, b), number) for a, b in itertools.pairwise(points) if a != b)
    return edges


def arcs_of(
    shapes: Sequence[Geometry], per_degree: int, outside: Callable[[Sequence[Edge]], Sequence[int]] | None = None
) -> list[Arc]:
    """Return the arcs of a coverage on the lattice, ordered by the members beside them.

    An arc keeps the member of the lower number on its left, and the coverage where nothing lies on the right.

    Parameters
    ----------
    outside : tells of the outer edges, the coverage on their left, what lies on their right: a negative number each;
        -1 of all by default.
    """
    edges = _edges(shapes, per_degree)
    outer = [edge for edge in edges if edge[::-1] not in edges]
    right = dict(zip(outer, outside(outer) if outside else [-1] * len(outer), strict=True))
    sides = {
        (a, b): (left, edges[b, a] if (b, a) in edges else right[a, b])
        for (a, b), left in edges.items()
        if (b, a) not in edges or left < edges[b, a]
    }
    after: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    meeting: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for (a, b), pair in sides.items():
        after[a].append(b)
        meeting[a].append(pair)
        meeting[b].append(pair)
    ends = {
        point for point, pairs in meeting.items() if len(pairs) != 2 or pairs[0] != pairs[1] or len(after[point]) != 1
    }
    arcs = [Arc(*sides[chain[0], chain[1]], np.array(chain, dtype=np.int64)) for chain in _chains(sides, after, ends)]
    return sorted(arcs, key=lambda arc: (arc.left, arc.right, arc.vertices.tolist()))


def _chains(
    sides: dict[Edge, tuple[int, int]], after: dict[tuple[int, int], list[tuple[int, int]]], ends: set[tuple[int, int]]
) -> Iterator[list[tuple[int, int]]]:
    """Yield the vertices of each arc: first those between ends, then the closed ones, from their lowest vertex."""
    used: set[Edge] = set()
    for starts in (sorted(ends), sorted(after)):
        for start in starts:
            for following in after.get(start, ()):
                if (start, following) in used:
                    continue
                chain = [start, following]
                while chain[-1] not in ends and chain[-1] != start:
                    chain.append(after[chain[-1]][0])
                used.update(itertools.pairwise(chain))
                yield chain
    if len(used) != len(sides):
        raise ValueError("some edges are in no arc")
