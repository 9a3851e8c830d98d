"""Convert a coverage to arcs: each piece of boundary between two members once, with the numbers of the members on its sides."""

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
    """A piece of boundary with the same members on its sides. It ends where another member begins, or is closed.

    Attributes
    ----------
    left, right : number of the member on that side, seen in the direction of the vertices; negative outside of the coverage.
    vertices : longitude and latitude in whole steps of the lattice, shape (n, 2).
    """

    left: int
    right: int
    vertices: Lattice


def lattice(shape: Geometry, per_degree: int) -> Geometry:
    """Return a shape with every coordinate rounded to whole steps of 1 / `per_degree` degrees.

    A part that would vanish is replaced by the cells of the lattice that it touches.
    """
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
    """Return shapes as a valid coverage whose vertices all lie on the lattice.

    Where two shapes overlap, the area goes to the larger one. Cleaning may move a vertex off the lattice, and rounding may make two edges
    cross. Both are therefore repeated until the result is on the lattice and valid; ValueError if that does not happen.

    Parameters
    ----------
    gap : width in degrees up to which gaps between shapes are closed.
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
    """Return directed edge -> number of the member on its left, of a coverage."""
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
    """Return the arcs of a coverage on the lattice, sorted by the members on their sides.

    The member with the lower number is on the left of an arc; on an outer edge the coverage is.

    Parameters
    ----------
    outside : function that takes the outer edges, directed with the coverage on their left, and returns a negative number for each,
        which says what lies on its right; by default -1 for all.
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
    """Yield the vertices of each arc: first the arcs between ends, then the closed ones, which begin with their lowest vertex.

    Parameters
    ----------
    sides : directed edge -> members on its left and right; each edge once.
    after : vertex -> ends of the edges that begin there.
    ends : vertices at which arcs end.
    """
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
