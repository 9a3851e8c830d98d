"""Shapes that share their borders, simplified so that they still do."""

from collections.abc import Sequence

import numpy as np
import shapely
from _source_packages import Geometry


def rounded(shape: Geometry, decimals: int) -> Geometry:
    """Round every coordinate; vertices shared by neighbours stay shared."""
    # Adding 0.0 turns -0.0 into 0.0, which would be written with its sign.
    return shapely.transform(shape, lambda xy: np.round(xy, decimals) + 0.0)


def clean(shapes: Sequence[Geometry], decimals: int) -> list[Geometry]:
    """Round shapes and make them a valid coverage; an area claimed twice goes to the larger claimant."""
    made = list(shapely.coverage_clean([rounded(s, decimals) for s in shapes], merge_strategy="max_area"))
    if not shapely.coverage_is_valid(made):
        raise ValueError("the shapes cannot be made a coverage")
    return made


def graded(shapes: Sequence[Geometry], tolerances: Sequence[float]) -> list[Geometry]:
    """Simplify a coverage whose members have tolerances of their own, in degrees.

    A border takes the finer tolerance of its two sides: each pass simplifies, among the members that still may be
    coarser, only what lies between them. The outer edge of the whole is left as it is.
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
    """Give the border of two members of a coverage as joined lines (empty where they do not touch)."""
    return lines_of(shapely.intersection(first.boundary, second.boundary))


def lines_of(shape: Geometry) -> Geometry:
    """Keep the lines of a geometry, joined end to end; crossing points fall away."""
    lines = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    return shapely.normalize(shapely.line_merge(shapely.multilinestrings(lines)))


def polygons_of(shape: Geometry) -> list[Geometry]:
    """Keep the polygons of a geometry."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
