"""Coverages: shapes that share their borders without gaps and overlaps. They are cleaned and simplified so that they stay coverages."""

from collections.abc import Sequence

import numpy as np
import shapely
from _source_packages import Geometry


def rounded(shape: Geometry, decimals: int) -> Geometry:
    """Return a shape with every coordinate rounded; vertices that neighbours share stay shared."""
    # Adding 0.0 turns -0.0, which would be written with its sign, into 0.0.
    return shapely.transform(shape, lambda xy: np.round(xy, decimals) + 0.0)


def clean(shapes: Sequence[Geometry], decimals: int) -> list[Geometry]:
    """Return rounded shapes as a valid coverage. Where two shapes overlap, the area goes to the larger one.

    Raises ValueError if the result is not a valid coverage.
    """
    made = list(shapely.coverage_clean([rounded(s, decimals) for s in shapes], merge_strategy="max_area"))
    if not shapely.coverage_is_valid(made):
        raise ValueError("the shapes cannot be made a coverage")
    return made


def graded(shapes: Sequence[Geometry], tolerances: Sequence[float]) -> list[Geometry]:
    """Return a coverage simplified with a tolerance (degrees) for each member.

    A border is simplified with the smaller tolerance of the members on its two sides. There is a pass for each tolerance, ascending: it
    simplifies the borders between the members that have at least this tolerance. The outer edge of the coverage is not changed.

    Raises ValueError if the result is not a valid coverage.
    """
    done = list(shapes)
    for tolerance in sorted(set(tolerances)):
        which = [k for k, own in enumerate(tolerances) if own >= tolerance]
        simpler = shapely.coverage_simplify([done[k] for k in which], tolerance, simplify_boundary=False)
        for k, shape in zip(which, simpler, strict=True):
            done[k] = shape
    if not shapely.coverage_is_valid(done):
        raise ValueError("simplifying broke the coverage")
    return done


def shared_border(first: Geometry, second: Geometry) -> Geometry:
    """Return the border between two members of a coverage as joined lines; empty if they do not touch."""
    return lines_of(shapely.intersection(first.boundary, second.boundary))


def lines_of(shape: Geometry) -> Geometry:
    """Return the lines of a geometry, joined end to end; points and polygons in it are dropped."""
    lines = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    return shapely.normalize(shapely.line_merge(shapely.multilinestrings(lines)))


def polygons_of(shape: Geometry) -> list[Geometry]:
    """Return the polygons of a geometry that have an area."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
