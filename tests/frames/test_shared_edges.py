"""Shared edges are kept once, and every vertex is found again in its place."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from qjmap.frames.geometry_arrays import SHELL, flatten
from qjmap.frames.shared_edges import Runs, shared_runs
from tests.properties import examples


def expanded(runs: Runs, kept: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The vertices of all parts, by the description of `Runs` alone."""
    whole: list[list[tuple[int, int]]] = []  # of each run, its last vertex included
    vertices: list[tuple[int, int]] = []
    run, taken = 0, 0
    for count in runs.counts.tolist():
        rows = []
        for one in range(run, run + count):
            of = int(runs.of[one])
            if of == 0:
                rows.append(kept[taken : taken + int(runs.lengths[one])])
                taken += int(runs.lengths[one])
            else:
                source = whole[abs(of) - 1]
                rows.append((source if of > 0 else source[::-1])[:-1])
        for at, row in enumerate(rows):
            whole.append([*row, rows[(at + 1) % count][0]])
            vertices += row
        run += count
    assert taken == len(kept)
    return vertices


def packed(shapes: list[shapely.Geometry]) -> tuple[int, int]:
    """Check that shapes are found again; return how many of how many vertices are kept."""
    flat = flatten(np.array(shapes, dtype=object))
    x, y = (np.round(axis * 1000).astype(np.int64) for axis in (flat.lon, flat.lat))
    runs = shared_runs(x, y, flat.size, flat.kind >= SHELL)
    vertices = list(zip(x.tolist(), y.tolist(), strict=True))
    if runs is None:
        return len(vertices), len(vertices)
    kept = list(zip(x[runs.kept].tolist(), y[runs.kept].tolist(), strict=True))
    assert expanded(runs, kept) == vertices
    return len(kept), len(vertices)


def squares(columns: int, rows: int, steps: int = 8) -> list[shapely.Geometry]:
    """A coverage of squares with vertices along their edges."""
    return [shapely.segmentize(shapely.box(x, y, x + 1, y + 1), 1 / steps) for x in range(columns) for y in range(rows)]


def test_a_coverage_keeps_about_half_of_its_vertices() -> None:
    kept, whole = packed(squares(10, 10))
    assert kept / whole < 0.6


def test_areas_that_share_nothing_are_left_alone() -> None:
    assert (
        shared_runs(
            np.array([0, 9, 9, 0, 20, 29, 29]), np.array([0, 0, 9, 9, 0, 0, 9]), np.array([4, 3]), np.ones(2, bool)
        )
        is None
    )


@pytest.mark.parametrize("shapes", [
    [*squares(3, 3), shapely.Point(1, 1), shapely.LineString([[0, 0], [1, 0], [1, 1]])],
    [shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2), shapely.box(1, 1, 2, 2), *squares(2, 2)],
    [shapely.box(0, 0, 1, 1)] * 5,
    [shapely.box(0, 0, 1, 1).reverse(), shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1)],
    [shapely.Polygon([[0, 0], [2, 0], [1, 0], [0, 0]]), shapely.Polygon([[0, 0], [2, 0], [1, 0], [0, 0]])] * 3,
    [shapely.MultiPolygon(squares(2, 2)), shapely.MultiPolygon(squares(2, 2)), shapely.box(0, 0, 2, 2)],
    [shapely.Polygon([[0, 0], [1, 1], [1, 0], [0, 1]]), *squares(1, 2), *squares(1, 2)],
])  # fmt: skip
def test_odd_coverages_are_found_again(shapes: list[shapely.Geometry]) -> None:
    kept, whole = packed(shapes)
    assert kept < whole


@given(seed=st.integers(0, 2**32), count=st.integers(3, 30), turned=st.booleans(), coarse=st.sampled_from([1, 3, 50]))
@examples(150)
def test_any_coverage_is_found_again(seed: int, count: int, turned: bool, coarse: int) -> None:
    random = np.random.default_rng(seed)
    points = shapely.MultiPoint(random.uniform(0, 2, (count, 2)))
    cells = list(shapely.voronoi_polygons(points).geoms)
    shapes = [
        shapely.set_precision(shapely.segmentize(cell, 0.2), 1 / coarse) if coarse > 1 else cell for cell in cells
    ]
    if turned:
        shapes = [shape.reverse() if random.integers(2) else shape for shape in shapes]
    packed([shape for shape in shapes if not shape.is_empty])
